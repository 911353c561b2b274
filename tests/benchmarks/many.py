"""A profile with 100,000 transmissions, for measuring what reads: rows of the demo, multiplied in the database."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from pecdesk.store.seals import KEY_FILE, WORDS_SEAL, Seals

TABLES = ("message", "placement", "token", "search", "transmission", "membership")

SEALING = (
    "UPDATE message SET seal = seal_of('message', examination)",
    "UPDATE message SET words_seal = (SELECT "
    + WORDS_SEAL.format(sha256="message.sha256", text="s.text", notice="s.notice")
    + " FROM search AS s WHERE s.rowid = message.id)",
    "UPDATE transmission SET seal = seal_of('row', facts)",
)
"""What is copied is sealed like what the program wrote, or it would not be believed."""


def multiply(profile: Path, target: Path, wanted: int) -> int:
    """Copy a profile and multiply its rows until there are `wanted` transmissions; returns how many there are."""
    target.mkdir(mode=0o700)
    for name in ("pecdesk.db", "journal.jsonl", KEY_FILE, "DEMO"):
        shutil.copy(profile / name, target / name)
    shutil.copytree(profile / "trust", target / "trust")
    connection = sqlite3.connect(target / "pecdesk.db", isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.row_factory = sqlite3.Row
    rows = {name: connection.execute(f"SELECT {_columns(name)} FROM {name}").fetchall() for name in TABLES}
    messages = max(row[0] for row in rows["message"])
    transmissions = max(row[0] for row in rows["transmission"])
    connection.execute("BEGIN")
    number = 0
    while (number + 1) * len(rows["transmission"]) < wanted:
        number += 1
        _copy(connection, rows, number, messages * number, transmissions * number)
    Seals(target).teach(connection)
    for statement in SEALING:
        connection.execute(statement)
    connection.execute("COMMIT")
    connection.execute("INSERT INTO search (search) VALUES ('optimize')")
    connection.execute("ANALYZE")
    connection.close()
    return (number + 1) * len(rows["transmission"])


def _columns(table: str) -> str:
    return "rowid, *" if table == "search" else "*"


def _copy(connection: sqlite3.Connection, rows: dict[str, list[tuple]], number: int, m: int, t: int) -> None:
    mark = f"{number:08x}"
    hashes = {row[0]: row[1] for row in rows["message"]}
    members: dict[int, list[str]] = {}
    for transmission, message in rows["membership"]:
        members.setdefault(transmission, []).append(hashes[message])

    def other(text: str, known: list[str]) -> str:
        for sha256 in known:
            text = text.replace(sha256, sha256[:56] + mark)
        return text

    made = {
        "message": [
            tuple(
                {
                    **dict(row),
                    "id": row["id"] + m,
                    "sha256": row["sha256"][:56] + mark,
                    "examination": other(row["examination"], [row["sha256"]]),
                }.values()
            )
            for row in rows["message"]
        ],
        "placement": [(row[0] + m, *row[1:]) for row in rows["placement"]],
        "token": [(row[0] + mark, row[1] + m) for row in rows["token"]],
        "search": [(row[0] + m, *row[1:-2], f"{row[-2]} copia{number}", row[-1]) for row in rows["search"]],
        "transmission": [
            tuple(
                {
                    **dict(row),
                    "id": row["id"] + t,
                    "key": row["key"] + mark,
                    "identifier": row["identifier"] and row["identifier"] + mark,
                    "message_id": row["message_id"] and row["message_id"] + mark,
                    "sent_at": row["sent_at"] - 37 * number,
                    "main": row["main"] + m,
                    "facts": other(row["facts"], members.get(row["id"], [])),
                }.values()
            )
            for row in rows["transmission"]
        ],
        "membership": [(row[0] + t, row[1] + m) for row in rows["membership"]],
    }
    for name, values in made.items():
        columns = (
            "(rowid, subject, sender, recipients, provider, attachments, text, notice)" if name == "search" else ""
        )
        places = ",".join("?" * len(values[0]))
        connection.executemany(f"INSERT INTO {name} {columns} VALUES ({places})", values)
