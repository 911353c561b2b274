"""What the journal tells of a message in the outbox, step by step, and the record that follows from the steps.

Each step is durable before what it tells of happens, or as soon as it has happened. It holds all that the record
becomes by it, so that a stretch of the journal may be read twice.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated

import msgspec

from pecdesk.pec.sending import Failure, Sending, SendState, may_become

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A point in time with its offset."""


class Freezing(msgspec.Struct, frozen=True, tag_field="kind", tag="freezing"):
    """A message that is not here yet is about to be put into the archive, to be sent: where nothing more is told of it,
    the program was stopped, and the bytes are nobody's."""

    sha256: str
    at: Moment


class Queued(msgspec.Struct, frozen=True, tag_field="kind", tag="queued", omit_defaults=True):
    """A message was frozen and is to be sent; its bytes are in the archive."""

    sha256: str
    at: Moment
    account: str
    """Comparable form."""
    message_id: str
    """Comparable form."""
    sender: str
    recipients: tuple[str, ...]
    desk: str = ""
    """See `Sending.desk`."""
    not_before: Moment | None = None
    draft: str | None = None
    repeats: str | None = None
    keeps_copy: bool = False


class SendingBegun(msgspec.Struct, frozen=True, tag_field="kind", tag="sending-begun"):
    """It is about to be handed over, for the `attempt`-th time."""

    sha256: str
    at: Moment
    attempt: int


class SendingClosing(msgspec.Struct, frozen=True, tag_field="kind", tag="sending-closing"):
    """All of it but the end of the data was sent; the end goes out next."""

    sha256: str
    at: Moment


class SendingEnded(msgspec.Struct, frozen=True, tag_field="kind", tag="sending-ended", omit_defaults=True):
    """The attempt ended, in one way or another."""

    sha256: str
    at: Moment
    state: SendState
    reply: str = ""
    error: Failure | None = None
    next_try_at: Moment | None = None
    is_held: bool = False
    holds_account: bool = False


class SendingResumed(msgspec.Struct, frozen=True, tag_field="kind", tag="sending-resumed"):
    """The user wants it sent now."""

    sha256: str
    at: Moment


class Settled(msgspec.Struct, frozen=True, tag_field="kind", tag="settled", omit_defaults=True):
    """It is known whether it was sent: a receipt shows it, or the user says so."""

    sha256: str
    at: Moment
    was_sent: bool
    error: Failure | None = None


class Withdrawn(msgspec.Struct, frozen=True, tag_field="kind", tag="withdrawn", omit_defaults=True):
    """The user took it back before it left."""

    sha256: str
    at: Moment
    erased: bool = False
    """Its bytes were nowhere else and are gone."""


class CopyKept(msgspec.Struct, frozen=True, tag_field="kind", tag="copy-kept"):
    """Its copy is in the Sent folder of the server."""

    sha256: str
    at: Moment


Step = Queued | SendingBegun | SendingClosing | SendingEnded | SendingResumed | Settled | Withdrawn | CopyKept


_TAKEN_FROM: dict[type[Step], frozenset[SendState]] = {
    Queued: frozenset(),
    SendingBegun: frozenset({SendState.QUEUED}),
    SendingClosing: frozenset({SendState.SENDING}),
    SendingEnded: frozenset({SendState.SENDING, SendState.QUEUED}),
    SendingResumed: frozenset({SendState.QUEUED, SendState.REFUSED}),
    Settled: frozenset({SendState.QUEUED, SendState.UNCERTAIN}),
    Withdrawn: frozenset({SendState.QUEUED, SendState.REFUSED}),
    CopyKept: frozenset({SendState.PENDING}),
}
"""In which states a step may be taken. While it is being handed over nobody else has a say: a user who still sees it
waiting comes too late."""


def may_follow(sending: Sending, step: Step) -> bool:
    """Whether that step may be taken now. What the journal tells was taken, and is not asked about again."""
    if sending.state not in _TAKEN_FROM[type(step)]:
        return False
    if sending.was_uncertain and isinstance(step, SendingResumed | Withdrawn):
        return False
    if isinstance(step, SendingEnded) and sending.state is SendState.QUEUED:
        return step.state is SendState.UNCERTAIN  # it stood so in a backup
    following = after(sending, step)
    return following is not None and may_become(sending.state, following.state)


def after(sending: Sending | None, step: Step) -> Sending | None:
    """The record as it is after a step; None where nothing is known of the message."""
    if isinstance(step, Queued):
        return _queued(step)
    if sending is None:
        return None
    match step:
        case SendingBegun():
            return replace(
                sending,
                state=SendState.SENDING,
                since=step.at,
                attempts=step.attempt,
                next_try_at=None,
                is_closing=False,
                last_error=None,
            )
        case SendingClosing():
            return replace(sending, state=SendState.SENDING, is_closing=True)
        case SendingEnded():
            return _ended(sending, step)
        case SendingResumed():
            return replace(
                sending,
                state=SendState.QUEUED,
                since=step.at,
                not_before=None,
                next_try_at=None,
                is_held=False,
                holds_account=False,
                last_error=None,
            )
        case Settled():
            return replace(
                sending,
                state=SendState.PENDING if step.was_sent else SendState.REFUSED,
                since=step.at,
                last_error=step.error,
                was_uncertain=not step.was_sent,
                handed_over_at=_handed_over_at(sending) if step.was_sent else None,
            )
        case Withdrawn():
            return replace(sending, state=SendState.WITHDRAWN, since=step.at)
        case CopyKept():
            return replace(sending, is_copied=True)


def _handed_over_at(sending: Sending) -> datetime:
    """Of a message that is settled as sent: the end of the last attempt, however often the journal is read."""
    return sending.handed_over_at or sending.since


def _queued(step: Queued) -> Sending:
    return Sending(
        sha256=step.sha256,
        account=step.account,
        state=SendState.QUEUED,
        since=step.at,
        message_id=step.message_id,
        sender=step.sender,
        recipients=step.recipients,
        queued_at=step.at,
        desk=step.desk,
        not_before=step.not_before,
        draft=step.draft,
        repeats=step.repeats,
        keeps_copy=step.keeps_copy,
    )


def _ended(sending: Sending, step: SendingEnded) -> Sending:
    return replace(
        sending,
        state=step.state,
        since=step.at,
        reply=step.reply,
        last_error=step.error,
        next_try_at=step.next_try_at,
        is_held=step.is_held,
        holds_account=step.holds_account,
        is_closing=False,
        not_before=None,
        handed_over_at=step.at if step.state is SendState.PENDING else None,
    )
