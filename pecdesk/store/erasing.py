"""Erasing for good: which messages go with a row, and what is lost with them.

A message that a row which stays also uses, stays.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pecdesk.pec.standing import Standing
from pecdesk.store.statements import chunks, placeholders

TABLES = (
    ("token", "message"),
    ("search", "rowid"),
    ("placement", "message"),
    ("label", "message"),
    ("unread", "message"),
    ("hidden", "message"),
    ("membership", "message"),
    ("pending", "message"),
    ("message", "id"),
)
"""Everything that is kept of a message, with the column that names it; the message itself last."""


@dataclass(frozen=True, slots=True)
class Losses:
    """What erasing for good takes away."""

    messages: int
    certified: int
    """Of these, proven ones, with or without reserve: evidence that nobody can make again."""
    rows: int
    """Rows that lose all their messages."""
    octets: int


@dataclass(frozen=True, slots=True)
class Doomed:
    """The messages that go."""

    ids: tuple[int, ...]
    sha256s: tuple[str, ...]
    losses: Losses


def doomed(connection: sqlite3.Connection, rows: Collection[int]) -> Doomed:
    """The messages that only these rows use."""
    chosen = set(rows)
    used: set[int] = set()
    for some in chunks(sorted(chosen)):
        used |= {
            row[0]
            for row in connection.execute(
                f"SELECT message FROM membership WHERE transmission IN ({placeholders(some)})",  # noqa: S608
                some,
            )
        }
    staying: set[int] = set()
    memberships: list[tuple[int, int]] = []
    for some in chunks(sorted(used)):
        for message, row in connection.execute(
            f"SELECT message, transmission FROM membership WHERE message IN ({placeholders(some)})",  # noqa: S608
            some,
        ):
            memberships.append((message, row))
            if row not in chosen:
                staying.add(message)
    holding = {row for message, row in memberships if message in staying}
    facts = [
        row
        for some in chunks(sorted(used - staying))
        for row in connection.execute(
            f"SELECT id, sha256, standing, size FROM message WHERE id IN ({placeholders(some)})",  # noqa: S608
            some,
        )
    ]
    losses = Losses(
        messages=len(facts),
        certified=sum(Standing(row[2]).proves for row in facts),
        rows=len({row for _, row in memberships} - holding),
        octets=sum(row[3] for row in facts),
    )
    return Doomed(tuple(row[0] for row in facts), tuple(row[1] for row in facts), losses)


def unsay(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Forget all that was said of messages that were erased and are here again: what still counts is said anew. Where
    they lie on a server stays as it was found, since nothing but the server can tell it again."""
    said = [(id_,) for id_ in ids]
    connection.executemany("DELETE FROM outbox WHERE sha256 = (SELECT sha256 FROM message WHERE id = ?)", said)
    for table in ("placement", "label", "unread", "hidden", "pending"):
        connection.executemany(f"DELETE FROM {table} WHERE message = ?", said)  # noqa: S608


def delete(connection: sqlite3.Connection, ids: Collection[int]) -> None:
    """Take messages out of every table; rows that held them must have been linked anew without them."""
    for id_ in ids:
        connection.execute("DELETE FROM copy WHERE message = ? AND state <> 'here'", (id_,))
        connection.execute("UPDATE copy SET message = NULL, state = 'erased' WHERE message = ?", (id_,))
    connection.executemany(
        "DELETE FROM outbox WHERE sha256 = (SELECT sha256 FROM message WHERE id = ?)", [(id_,) for id_ in ids]
    )
    for table, column in TABLES:
        connection.executemany(f"DELETE FROM {table} WHERE {column} = ?", [(id_,) for id_ in ids])  # noqa: S608
    if ids:
        # Until its pieces are merged, the index still holds the words of what was deleted.
        connection.execute("INSERT INTO search (search) VALUES ('optimize')")
