"""A profile with 100,000 transmissions, for measuring what reads: rows of the demo, multiplied in the database."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

TABLES = ("message", "placement", "token", "search", "transmission", "membership")


def multiply(profile: Path, target: Path, wanted: int) -> int:
    """Copy a profile and multiply its rows until there are `wanted` transmissions; returns how many there are."""
    target.mkdir(mode=0o700)
    for name in ("pecdesk.db", "journal.jsonl", "DEMO"):
        shutil.copy(profile / name, target / name)
    shutil.copytree(profile / "trust", target / "trust")
    connection = sqlite3.connect(target / "pecdesk.db", isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    rows = {name: connection.execute(f"SELECT {_columns(name)} FROM {name}").fetchall() for name in TABLES}
    messages = max(row[0] for row in rows["message"])
    transmissions = max(row[0] for row in rows["transmission"])
    connection.execute("BEGIN")
    number = 0
    while (number + 1) * len(rows["transmission"]) < wanted:
        number += 1
        _copy(connection, rows, number, messages * number, transmissions * number)
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
        "message": [(row[0] + m, row[1][:56] + mark, *row[2:-1], other(row[-1], [row[1]])) for row in rows["message"]],
        "placement": [(row[0] + m, *row[1:]) for row in rows["placement"]],
        "token": [(row[0] + mark, row[1] + m) for row in rows["token"]],
        "search": [(row[0] + m, *row[1:-2], f"{row[-2]} copia{number}", row[-1]) for row in rows["search"]],
        "transmission": [
            (
                row[0] + t,
                row[1] + mark,
                *row[2:7],
                row[7] and row[7] + mark,
                row[8] and row[8] + mark,
                row[9] - 37 * number,
                *row[10:-1],
                other(row[-1], members.get(row[0], [])),
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
