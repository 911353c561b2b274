"""Which actions a row offers at one moment, by their names in the table of actions. No Qt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pecdesk.pec.deadlines import attention, deadlines
from pecdesk.pec.sending import SendState
from pecdesk.pec.transmission import (
    Attention,
    Direction,
    OriginalSource,
    RecipientState,
    State,
    Transmission,
    TransmissionKind,
)

NOT_REACHED = (RecipientState.FAILED, RecipientState.REFUSED)


def offers(row: Transmission, now: datetime) -> tuple[str, ...]:
    """What can be done with it beyond looking at it, the most urgent first."""
    if not row.is_believed:
        return ()
    if row.direction is Direction.RECEIVED:
        return tuple(_offers_of_received(row))
    if row.state is State.DRAFT:
        return ("edit-draft",)
    if row.outbox in _WAITING_FOR_US:
        return _WAITING_FOR_US[row.outbox]
    found = []
    if row.kind is not TransmissionKind.PEC:
        return ("forward",) if row.original_sha256 else ()
    if row.original_sha256 and any(recipient.state in NOT_REACHED for recipient in row.recipients):
        found.append("resend")
    if _may_ask_for_log(row, now):
        found.append("request-log")
    if row.original is OriginalSource.FROM_RECEIPT:
        found.append("rebuild")
    if row.original_sha256:
        found.append("forward")
    return tuple(found)


def _offers_of_received(row: Transmission) -> Iterator[str]:
    """An answer only where somebody vouches for whom it goes to, or nobody pretends to."""
    if row.original_sha256 is None:
        return
    if row.kind not in (TransmissionKind.CLAIM, TransmissionKind.UNMATCHED):
        yield from ("reply", "reply-all")
    yield "forward"
    if row.sealed is not None and row.kind is TransmissionKind.PEC:
        yield "forward-whole"


def _may_ask_for_log(row: Transmission, now: datetime) -> bool:
    """Whether a receipt is missing that should be here, and the provider's log still has what it would say."""
    kept = deadlines(row).log_lost_at
    is_missing = not {Attention.OVERDUE, Attention.LOG_DEADLINE}.isdisjoint(attention(row, now))
    return is_missing and (kept is None or now < kept)


_WAITING_FOR_US: dict[SendState, tuple[str, ...]] = {
    SendState.QUEUED: ("withdraw", "send-again"),
    SendState.SENDING: (),
    SendState.UNCERTAIN: ("settle",),
    SendState.REFUSED: ("correct",),
}
"""What the outbox alone knows about."""


def is_provable(row: Transmission) -> bool:
    """Whether there is anything to prove: what was not sent has none."""
    return row.state is not State.DRAFT and not row.is_unsent
