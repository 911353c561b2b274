"""What in the database is not as the program wrote it: for the doctor, who looks at everything."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pecdesk.pec.transmission import State
from pecdesk.store.columns import COLUMNS, row_values, shown_of
from pecdesk.store.messages import read_messages
from pecdesk.store.statements import chunks, placeholders
from pecdesk.store.transmissions import Row, read_rows
from pecdesk.trust import Reason

_WITHOUT_A_ROW = (
    "SELECT sha256 FROM message WHERE id NOT IN"
    " (SELECT m.message FROM membership AS m JOIN transmission AS t ON t.id = m.transmission)"
)


@dataclass(frozen=True, slots=True)
class Changed:
    """Records that something other than the program has changed."""

    messages: tuple[str, ...]
    """SHA-256 of messages whose examination or text is not believed, or that were taken out of their row."""
    rows: tuple[int, ...]
    members: tuple[str, ...]
    """SHA-256 of the messages from which those rows are made again."""


def changed_records(connection: sqlite3.Connection) -> Changed:
    """Everything that is not believed, and every column by which lists are made that does not follow from the facts."""
    messages = tuple(dict.fromkeys(_messages(connection)))
    rows = tuple(_rows(connection))
    members: dict[str, None] = {}
    for some in chunks(rows):
        members |= dict.fromkeys(
            row[0]
            for row in connection.execute(
                "SELECT g.sha256 FROM membership AS m JOIN message AS g ON g.id = m.message"  # noqa: S608
                f" WHERE m.transmission IN ({placeholders(some)})",
                some,
            )
        )
    return Changed(messages, rows, tuple(members))


def _messages(connection: sqlite3.Connection) -> Iterator[str]:
    for some in chunks(row[0] for row in connection.execute("SELECT id FROM message ORDER BY id").fetchall()):
        for message in read_messages(connection, some):
            if Reason.RECORD_CHANGED in message.examination.reasons:
                yield message.examination.sha256
    # Every message stands in a row.
    for (sha256,) in connection.execute(_WITHOUT_A_ROW):
        yield sha256


def _rows(connection: sqlite3.Connection) -> Iterator[int]:
    for some in chunks(row[0] for row in connection.execute("SELECT id FROM transmission ORDER BY id").fetchall()):
        written = {
            row[0]: row
            for row in connection.execute(
                f"SELECT {', '.join(COLUMNS)} FROM transmission WHERE id IN ({placeholders(some)})",  # noqa: S608
                some,
            )
        }
        for row in read_rows(connection, some):
            mine = set(row.message_ids.values())
            shown = shown_of(connection, mine)
            follows = row_values(connection, row.id, row.transmission, row.message_ids, mine, shown)
            if not row.transmission.is_believed or _facts(row, written[row.id]) != _facts(row, follows):
                yield row.id


def _facts(row: Row, values: Sequence[object]) -> list[object]:
    """What the columns of a row hold, without what a draft's files tell and no message does."""
    is_draft = row.transmission.state is State.DRAFT
    return [value for name, value in zip(COLUMNS, values, strict=True) if not (is_draft and name == "attachments")]
