"""A transmission as a row of its table: the facts as JSON, and beside them the columns by which lists are made.

Everything here follows from the facts and from the marks of the messages, so rows written by older rules are simply
written again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from pecdesk.pec.deadlines import UNSETTLED, Deadlines, deadlines
from pecdesk.pec.sending import SendState
from pecdesk.pec.transmission import Attention, Direction, Transmission, TransmissionKind
from pecdesk.store.correspondence import write_correspondence
from pecdesk.store.ordering import STATES, counterpart_key, subject_key
from pecdesk.store.statements import placeholders

ROWS_VERSION = "2"
"""Raised whenever the same facts may give other columns; rows of another version are written again."""

ANOMALIES = frozenset(
    {Attention.FAILED, Attention.REFUSED, Attention.CONTRADICTORY, Attention.FORGED, Attention.ALTERED}
)
"""Needs that make a row an anomaly."""

COLUMNS = (
    "id",
    "key",
    "kind",
    "direction",
    "account",
    "state",
    "status",
    "identifier",
    "message_id",
    "sent_at",
    "attention",
    "no_acceptance_at",
    "waiting_at",
    "overdue_at",
    "log_warning_at",
    "log_lost_at",
    "needs_at",
    "is_unsettled",
    "is_anomalous",
    "is_unread",
    "is_unsent",
    "is_outgoing",
    "is_hidden",
    "attachments",
    "main",
    "counterpart",
    "subject",
    "state_order",
    "facts",
)

_WRITE = (
    f"INSERT INTO transmission ({', '.join(COLUMNS)}, seal) VALUES ({placeholders(COLUMNS)}, seal_of('row', ?))"  # noqa: S608
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in (*COLUMNS[1:], 'seal'))}"
    " RETURNING id"
)

IS_SEALED = "seal = seal_of('row', facts)"
"""Condition on `transmission`: its facts are those that were written."""

_ENCODE = msgspec.json.Encoder().encode
_DECODE = msgspec.json.Decoder(Transmission).decode


def decode_facts(facts: str) -> Transmission:
    """The transmission that a row holds."""
    return _DECODE(facts)


def write_row(connection: sqlite3.Connection, id_: int | None, row: Transmission, messages: Mapping[str, int]) -> int:
    """Write a row, in the place of the one of that id or as a new one; `messages` has their ids by SHA-256."""
    mine = {messages[sha256] for sha256 in row.messages}
    if id_ is not None:
        connection.execute("DELETE FROM membership WHERE transmission = ?", (id_,))
    values = row_values(connection, id_, row, messages, mine)
    found = int(connection.execute(_WRITE, (*values, values[-1])).fetchone()[0])
    connection.executemany(
        "INSERT INTO membership (transmission, message) VALUES (?, ?)", [(found, message) for message in sorted(mine)]
    )
    write_correspondence(connection, found, row)
    return found


def row_values(
    connection: sqlite3.Connection,
    id_: int | None,
    row: Transmission,
    messages: Mapping[str, int],
    mine: set[int],
) -> tuple[object, ...]:
    """What stands in `COLUMNS`."""
    due = deadlines(row)
    main, unread, attachments = _main_message(connection, row, messages)
    return (
        id_,
        row.key,
        row.kind,
        row.direction,
        row.account,
        row.state,
        row.status,
        row.identifier,
        row.message_id,
        row.sent_at.timestamp() if row.sent_at else _first_seen(connection, mine),
        f" {' '.join(row.attention)} ",
        *(_seconds(moment) for moment in _moments(due)),
        0.0 if row.attention else _needs_at(due),
        row.direction is Direction.SENT
        and row.kind is TransmissionKind.PEC
        and not row.is_unsent
        and any(recipient.state in UNSETTLED for recipient in row.recipients),
        row.kind is TransmissionKind.ANOMALY or not ANOMALIES.isdisjoint(row.attention),
        unread and row.direction is Direction.RECEIVED,
        row.is_unsent,
        row.outbox not in (None, SendState.PENDING),
        _are_hidden(connection, mine),
        attachments if row.original_sha256 else 0,
        main,
        counterpart_key(row),
        subject_key(row.subject),
        STATES.index(row.status),
        _ENCODE(row).decode(),
    )


def _main_message(
    connection: sqlite3.Connection, row: Transmission, messages: Mapping[str, int]
) -> tuple[int | None, bool, int]:
    """The message that a row is about, whether it is unread, and how many attachments it has; a draft has none."""
    if not row.messages:
        return None, False, 0
    main = messages[row.original_sha256 or row.messages[0]]
    unread, attachments = connection.execute(
        "SELECT id IN (SELECT message FROM unread), attachments FROM message WHERE id = ?", (main,)
    ).fetchone()
    return main, bool(unread), attachments


def _moments(due: Deadlines) -> tuple[datetime | None, ...]:
    return due.no_acceptance_at, due.waiting_at, due.overdue_at, due.log_warning_at, due.log_lost_at


def _seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment is not None else None


def _needs_at(due: Deadlines) -> float | None:
    """When the clock begins to ask for a person, and does not cease to while nothing comes."""
    moments = (due.no_acceptance_at, due.waiting_at, due.overdue_at)
    return min((moment.timestamp() for moment in moments if moment is not None), default=None)


def _first_seen(connection: sqlite3.Connection, messages: set[int]) -> float:
    if not messages:
        return 0.0
    seen = connection.execute(
        f"SELECT min(first_seen) FROM message WHERE id IN ({placeholders(messages)})",  # noqa: S608
        sorted(messages),
    ).fetchone()[0]
    return datetime.fromisoformat(seen).astimezone(UTC).timestamp()


def _are_hidden(connection: sqlite3.Connection, messages: set[int]) -> bool:
    return bool(messages) and all(
        connection.execute("SELECT 1 FROM hidden WHERE message = ?", (message,)).fetchone() for message in messages
    )


def rewrite_rows(connection: sqlite3.Connection) -> None:
    """Write every row anew from its facts; those that are not believed stay as they are."""
    for (id_,) in connection.execute(f"SELECT id FROM transmission WHERE {IS_SEALED} ORDER BY id").fetchall():  # noqa: S608
        facts = connection.execute("SELECT facts FROM transmission WHERE id = ?", (id_,)).fetchone()[0]
        members = connection.execute(
            "SELECT g.sha256, g.id FROM membership AS m JOIN message AS g ON g.id = m.message WHERE m.transmission = ?",
            (id_,),
        )
        write_row(connection, id_, decode_facts(facts), dict(members.fetchall()))
