"""What the database notes of itself: how much of the journal is in it, and by which rules its rows were made."""

from __future__ import annotations

import sqlite3

from pecdesk.store.journal import Stretch

JOURNAL = "journal_bytes"


def noted(connection: sqlite3.Connection, name: str) -> str | None:
    """What was noted under that name."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else None


def note(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Note something in the place of what was noted before."""
    connection.execute(
        "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def note_journal(connection: sqlite3.Connection, stretch: Stretch) -> None:
    """This stretch is in the database; should one before it be missing, the next start reads on from there."""
    if int(noted(connection, JOURNAL) or 0) == stretch.start:
        note(connection, JOURNAL, str(stretch.end))
