"""A transmission as a row of its table: the facts as JSON, and beside them the columns by which lists are made.

Everything here follows from the facts and from the marks of the messages, so rows written by older rules are simply
written again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from pecdesk.examine import Examination
from pecdesk.pec.deadlines import UNSETTLED, Deadlines, deadlines
from pecdesk.pec.sending import SendState
from pecdesk.pec.transmission import Attention, Direction, Transmission, TransmissionKind
from pecdesk.store.correspondence import Written, write_correspondence
from pecdesk.store.ordering import STATES, counterpart_key, subject_key
from pecdesk.store.statements import chunks, placeholders

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

_INSERT = f"INSERT INTO transmission ({', '.join(COLUMNS)}, seal) VALUES ({placeholders(COLUMNS)}, seal_of('row', ?))"  # noqa: S608
_UPDATE = f"UPDATE transmission SET {' = ?, '.join(COLUMNS[1:])} = ?, seal = seal_of('row', ?) WHERE id = ?"  # noqa: S608

IS_SEALED = "seal = seal_of('row', facts)"
"""Condition on `transmission`: its facts are those that were written."""

_ENCODE = msgspec.json.Encoder().encode
_DECODE = msgspec.json.Decoder(Transmission).decode


def decode_facts(facts: str) -> Transmission:
    """The transmission that a row holds."""
    return _DECODE(facts)


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a message is shown in its row."""

    attachments: int
    is_unread: bool
    is_hidden: bool


def shown_of(connection: sqlite3.Connection, messages: Iterable[int]) -> dict[int, Shown]:
    """The same of these messages, by their ids."""
    return {
        row[0]: Shown(row[1], bool(row[2]), bool(row[3]))
        for some in chunks(messages)
        for row in connection.execute(
            "SELECT id, attachments, id IN (SELECT message FROM unread), id IN (SELECT message FROM hidden)"  # noqa: S608
            f" FROM message WHERE id IN ({placeholders(some)})",
            some,
        )
    }


def write_rows(
    connection: sqlite3.Connection,
    rows: Collection[tuple[int | None, Transmission]],
    messages: Mapping[str, int],
    at_hand: Mapping[str, Examination],
) -> list[int]:
    """Write rows, each in the place of the one of that id or as a new one; `messages` has their ids by SHA-256.

    `at_hand` has examinations by SHA-256 that need not be read again. Returns the ids of the rows, in their order.
    """
    shown = shown_of(connection, messages.values())
    connection.executemany(
        "DELETE FROM membership WHERE transmission = ?", [(id_,) for id_, _ in rows if id_ is not None]
    )
    written: list[Written] = []
    members: list[tuple[int, int]] = []
    for id_, row in rows:
        mine = {messages[sha256] for sha256 in row.messages}
        values = row_values(connection, id_, row, messages, mine, shown)
        if id_ is None:
            found = connection.execute(_INSERT, (*values, values[-1])).lastrowid
            assert found is not None
        else:
            found = id_
            connection.execute(_UPDATE, (*values[1:], values[-1], id_))
        members += [(found, message) for message in sorted(mine)]
        written.append(Written(found, row, is_new=id_ is None))
    connection.executemany("INSERT INTO membership (transmission, message) VALUES (?, ?)", members)
    write_correspondence(connection, written, at_hand)
    return [one.id for one in written]


def row_values(
    connection: sqlite3.Connection,
    id_: int | None,
    row: Transmission,
    messages: Mapping[str, int],
    mine: set[int],
    shown: Mapping[int, Shown],
) -> tuple[object, ...]:
    """What stands in `COLUMNS`."""
    due = deadlines(row)
    # The message that the row is about; a draft has none.
    main = messages[row.original_sha256 or row.messages[0]] if row.messages else None
    about = shown[main] if main is not None else Shown(0, is_unread=False, is_hidden=False)
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
        about.is_unread and row.direction is Direction.RECEIVED,
        row.is_unsent,
        row.outbox not in (None, SendState.PENDING),
        bool(mine) and all(shown[message].is_hidden for message in mine),
        about.attachments if row.original_sha256 else 0,
        main,
        counterpart_key(row),
        subject_key(row.subject),
        STATES.index(row.status),
        _ENCODE(row).decode(),
    )


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


def rewrite_rows(connection: sqlite3.Connection) -> None:
    """Write every row anew from its facts; those that are not believed stay as they are."""
    for (id_,) in connection.execute(f"SELECT id FROM transmission WHERE {IS_SEALED} ORDER BY id").fetchall():  # noqa: S608
        facts = connection.execute("SELECT facts FROM transmission WHERE id = ?", (id_,)).fetchone()[0]
        members = connection.execute(
            "SELECT g.sha256, g.id FROM membership AS m JOIN message AS g ON g.id = m.message WHERE m.transmission = ?",
            (id_,),
        )
        write_rows(connection, [(id_, decode_facts(facts))], dict(members.fetchall()), {})
