"""Read, labelled, hidden: what the user says of messages, kept for each message by its SHA-256.

So the marks outlive every linking anew. Of a row they are read like this: it is unread when its main received message
is (a sent row never is); it carries a label when any of its messages does; it is hidden only when all of them are, so
that a new receipt brings it back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping

from pecdesk.errors import N_, UsageError
from pecdesk.store.ordering import comparable
from pecdesk.store.replay import ToldOfMessage
from pecdesk.store.statements import chunks, placeholders

LONGEST_LABEL = 60


def label_name(connection: sqlite3.Connection, written: str) -> str:
    """The name of a label as it is kept; one that differs only in case or accents from a known one is that one.

    Raises `UsageError` for what cannot be a name.
    """
    name = " ".join(written.split())
    if not comparable(name) or len(name) > LONGEST_LABEL or '"' in name or not name.isprintable():
        raise UsageError(
            N_("{name!r} cannot be the name of a label."),
            N_("A name has 1 to {longest} characters and no quotation marks."),
            name=written,
            longest=LONGEST_LABEL,
        )
    known = connection.execute("SELECT name FROM label WHERE key = ? LIMIT 1", (comparable(name),)).fetchone()
    return str(known[0]) if known else name


def received(connection: sqlite3.Connection, rows: Iterable[int], *, unread: bool) -> tuple[str, ...]:
    """The main messages of those rows that were received and are unread, or are read."""
    return _hashes(
        connection,
        "SELECT g.sha256 FROM transmission AS t JOIN message AS g ON g.id = t.main"
        " WHERE t.direction = 'received' AND (t.main IN (SELECT message FROM unread)) = ? AND t.id IN",
        (unread,),
        rows,
    )


def unlabelled(connection: sqlite3.Connection, rows: Iterable[int], name: str) -> tuple[str, ...]:
    """The message that is to carry the label of each row that has none of that name: the original, else the first."""
    return _hashes(
        connection,
        "SELECT g.sha256 FROM transmission AS t JOIN message AS g ON g.id = t.main"
        " WHERE NOT EXISTS (SELECT 1 FROM membership AS m JOIN label AS l ON l.message = m.message"
        " WHERE m.transmission = t.id AND l.name = ?) AND t.id IN",
        (name,),
        rows,
    )


def labelled(connection: sqlite3.Connection, rows: Iterable[int], name: str) -> tuple[str, ...]:
    """The messages of these rows that carry the label."""
    return _hashes(
        connection,
        "SELECT g.sha256 FROM membership AS m JOIN message AS g ON g.id = m.message"
        " JOIN label AS l ON l.message = m.message WHERE l.name = ? AND m.transmission IN",
        (name,),
        rows,
    )


def members(connection: sqlite3.Connection, rows: Iterable[int], *, hidden: bool) -> tuple[str, ...]:
    """The messages of these rows that are hidden, or are not."""
    return _hashes(
        connection,
        "SELECT g.sha256 FROM membership AS m JOIN message AS g ON g.id = m.message"
        " WHERE (m.message IN (SELECT message FROM hidden)) = ? AND m.transmission IN",
        (hidden,),
        rows,
    )


def _hashes(
    connection: sqlite3.Connection, statement: str, values: tuple[object, ...], rows: Iterable[int]
) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for some in chunks(rows):
        found |= dict.fromkeys(
            row[0] for row in connection.execute(f"{statement} ({placeholders(some)})", (*values, *some))
        )
    return tuple(found)


def write_marks(connection: sqlite3.Connection, told: Mapping[str, ToldOfMessage]) -> frozenset[int]:
    """Set what the journal tells of these messages; what is not here is passed over. Returns the rows it concerns."""
    touched = set()
    shown_otherwise = set()
    for sha256, one in told.items():
        row = connection.execute("SELECT id FROM message WHERE sha256 = ?", (sha256,)).fetchone()
        if row is None or not one.is_marked:
            continue
        message = int(row[0])
        touched.add(message)
        for table, on in (("unread", one.unread), ("hidden", one.hidden)):
            if on is not None:
                _set(connection, table, message, on=on)
                shown_otherwise.add(message)
        for name, on in one.labels.items():
            if on:
                connection.execute(
                    "INSERT OR IGNORE INTO label (name, message, key) VALUES (?, ?, ?)",
                    (name, message, comparable(name)),
                )
            else:
                connection.execute("DELETE FROM label WHERE name = ? AND message = ?", (name, message))
    _show(connection, _rows_of(connection, shown_otherwise))
    return _rows_of(connection, touched)


def mark_unread(connection: sqlite3.Connection, hashes: Iterable[str]) -> None:
    """Count new messages as unread, before they are linked."""
    for sha256 in hashes:
        connection.execute("INSERT OR IGNORE INTO unread SELECT id FROM message WHERE sha256 = ?", (sha256,))


def _set(connection: sqlite3.Connection, table: str, message: int, *, on: bool) -> None:
    statement = f"INSERT OR IGNORE INTO {table} VALUES (?)" if on else f"DELETE FROM {table} WHERE message = ?"  # noqa: S608
    connection.execute(statement, (message,))


def _rows_of(connection: sqlite3.Connection, messages: Collection[int]) -> frozenset[int]:
    """The rows that hold any of these messages."""
    return frozenset(
        row[0]
        for some in chunks(sorted(messages))
        for row in connection.execute(
            f"SELECT transmission FROM membership WHERE message IN ({placeholders(some)})",  # noqa: S608
            some,
        )
    )


def _show(connection: sqlite3.Connection, rows: Collection[int]) -> None:
    """Bring rows up to date with the marks of their messages."""
    for some in chunks(sorted(rows)):
        connection.execute(
            "UPDATE transmission SET"  # noqa: S608
            " is_unread = direction = 'received' AND main IN (SELECT message FROM unread),"
            " is_hidden = NOT EXISTS (SELECT 1 FROM membership AS m WHERE m.transmission = transmission.id"
            " AND m.message NOT IN (SELECT message FROM hidden))"
            f" WHERE id IN ({placeholders(some)})",
            some,
        )
