"""A message into the outbox: looked at, frozen with its bytes, its Message-ID used once."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pecdesk.errors import N_, InputError, StoreError, UsageError
from pecdesk.outbox.recovery import desk_of
from pecdesk.pec.acceptable import Addressed, Objected, Objection, UnacceptableError, addressed
from pecdesk.pec.message import MessageKind, normal_address, normal_id
from pecdesk.pec.sending import Sending, SendState
from pecdesk.pec.transmission import Direction
from pecdesk.profile.providers import provider_named
from pecdesk.store import Store
from pecdesk.store.disk import reason
from pecdesk.store.steps import Queued

if TYPE_CHECKING:
    from pecdesk.app.app import App

LONGEST_FILE = 200_000_000
"""Bytes of a file to send."""

_SENDABLE = frozenset({MessageKind.ORDINARY, MessageKind.DELIVERY_STATUS, MessageKind.UNKNOWN})
"""What a message may be that is handed to an access point: receipts and envelopes are made by providers."""


def freeze(
    app: App,
    turn: AbstractContextManager[None],
    raw: bytes,
    account: str,
    at: datetime,
    *,
    not_before: datetime | None = None,
    draft: str | None = None,
    repeats: str | None = None,
) -> int:
    """Put bytes against which nothing stands into the outbox of an account, within a turn; the id of their row.

    Raises `UnacceptableError` where their Message-ID was used, `UsageError` for what only a provider sends,
    `StoreError` where they could not be examined.
    """
    to = addressed(raw)
    examination = app.examine_bytes(raw, at)
    summary = examination.summary
    if normal_id(summary.message_id) != to.message_id:
        raise StoreError(
            N_("The message could not be looked at before it was frozen: the computer was too busy."),
            N_("It stays a draft. Send it again."),
        )
    if examination.kind not in _SENDABLE:
        raise UsageError(
            N_("This message cannot be sent as it is: it looks like something that only a provider sends."),
            N_("Send it as an attachment of a new message."),
        )
    with turn:
        _make_way(app.store, to, account, at)
        return app.store.queue(
            raw,
            examination,
            Queued(
                sha256=examination.sha256,
                at=at,
                account=normal_address(account),
                message_id=to.message_id,
                sender=to.sender,
                recipients=to.recipients,
                desk=desk_of(app.profile, make=True),
                not_before=not_before,
                draft=draft or examination.sha256[:32],
                repeats=repeats,
                keeps_copy=_keeps_copy(app, account),
            ),
        )


def _make_way(store: Store, to: Addressed, account: str, at: datetime) -> None:
    """A Message-ID is used once. What the provider refused was not sent: that goes, and this takes its place."""
    own = normal_address(account)
    earlier = store.sendings_as(to.message_id)
    gone = {sending.sha256 for sending in earlier if _was_refused(store, sending)}
    rows = [
        row.transmission
        for row in store.rows_named(f"<{to.message_id}>")
        if row.transmission.direction is Direction.SENT and row.transmission.account == own
    ]
    if any(sending.sha256 not in gone for sending in earlier) or any(row.original_sha256 not in gone for row in rows):
        known = Objected(Objection.KNOWN_MESSAGE_ID, {"message_id": f"<{to.message_id}>"})
        raise UnacceptableError(objections=(known,))
    for sha256 in gone:
        store.withdraw(sha256, at)


def _keeps_copy(app: App, address: str) -> bool:
    """Whether a copy of what is sent is put into the Sent folder by this program."""
    account = app.servers.get(address)
    if account is None or account.is_read_only:
        return False
    if account.keeps_sent_copy is not None:
        return account.keeps_sent_copy
    provider = provider_named(account.provider)
    return provider is None or not provider.saves_sent_copy


def _was_refused(store: Store, sending: Sending) -> bool:
    """Whether the provider refused it while it was handed over, and nothing says otherwise."""
    if sending.state is not SendState.REFUSED or sending.was_uncertain:
        return False
    row = store.row_of_sending(sending)
    return row is not None and store.rows_by_id([row])[0].transmission.outbox is SendState.REFUSED


def read_file(path: Path) -> bytes:
    """The bytes of a file to send. Raises `InputError`."""
    try:
        if path.stat().st_size > LONGEST_FILE:
            raise InputError(N_("The file {path} is too big for a mail."), path=path)
        return path.read_bytes()
    except OSError as error:
        message = N_("The file {path} cannot be read: {reason}.")
        raise InputError(message, path=path, reason=reason(error)) from error
