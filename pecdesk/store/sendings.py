"""Records of the outbox in the database: read and written."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable

import msgspec

from pecdesk.pec.sending import Sending, SendState
from pecdesk.store.statements import chunks, placeholders

_ENCODE = msgspec.json.Encoder().encode
_DECODE = msgspec.json.Decoder(Sending).decode


def write_sending(connection: sqlite3.Connection, sending: Sending) -> None:
    """Write a record in the place of what was there; nothing remains of what was withdrawn."""
    if sending.state is SendState.WITHDRAWN:
        connection.execute("DELETE FROM outbox WHERE sha256 = ?", (sending.sha256,))
        return
    connection.execute(
        "INSERT OR REPLACE INTO outbox (sha256, state, account, message_id, draft, repeats, wants_copy, record)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            sending.sha256,
            sending.state,
            sending.account,
            sending.message_id,
            sending.draft,
            sending.repeats,
            sending.state is SendState.PENDING and sending.keeps_copy and not sending.is_copied,
            _ENCODE(sending).decode(),
        ),
    )


def read_sending(connection: sqlite3.Connection, sha256: str) -> Sending | None:
    """The record of one message."""
    return next(iter(_read(connection, "sha256 = ?", (sha256,))), None)


def sendings_in(connection: sqlite3.Connection, states: Collection[SendState]) -> list[Sending]:
    """The records in these states, the oldest first."""
    found = _read(connection, f"state IN ({placeholders(states)})", tuple(states))
    return sorted(found, key=lambda sending: (sending.queued_at, sending.sha256))


def sendings_of(connection: sqlite3.Connection, messages: Iterable[int]) -> dict[int, Sending]:
    """The records of these messages, by the row id of the message."""
    return {
        row[0]: _DECODE(row[1])
        for some in chunks(sorted(messages))
        for row in connection.execute(
            "SELECT g.id, o.record FROM message AS g JOIN outbox AS o ON o.sha256 = g.sha256"  # noqa: S608
            f" WHERE g.id IN ({placeholders(some)})",
            some,
        )
    }


def wanted_copies(connection: sqlite3.Connection, account: str) -> list[Sending]:
    """The records of an account whose copy is not in its Sent folder yet, the oldest first."""
    found = _read(connection, "wants_copy = 1 AND account = ?", (account,))
    return sorted(found, key=lambda sending: (sending.queued_at, sending.sha256))


def sent_as(connection: sqlite3.Connection, message_id: str) -> list[Sending]:
    """The records with that Message-ID, in comparable form."""
    return _read(connection, "message_id = ?", (message_id,))


def is_frozen(connection: sqlite3.Connection, draft: str) -> bool:
    """Whether that draft was frozen and not taken back."""
    return connection.execute("SELECT 1 FROM outbox WHERE draft = ?", (draft,)).fetchone() is not None


def is_in_outbox(connection: sqlite3.Connection, sha256: str) -> bool:
    """Whether a message is still to be sent, or it is not known whether it was."""
    found = read_sending(connection, sha256)
    return found is not None and found.state not in (SendState.PENDING, SendState.REFUSED)


def frozen_drafts(connection: sqlite3.Connection) -> dict[str, SendState]:
    """The drafts that were frozen and not taken back, with where each message stands."""
    found = connection.execute("SELECT draft, state FROM outbox WHERE draft IS NOT NULL")
    return {draft: SendState(state) for draft, state in found}


def _read(connection: sqlite3.Connection, condition: str, values: tuple[object, ...]) -> list[Sending]:
    rows = connection.execute(f"SELECT record FROM outbox WHERE {condition}", values)  # noqa: S608
    return [_DECODE(row[0]) for row in rows]
