"""What the end of an attempt means: which state follows, and when the message is tried again; pure.

The states and the table of their steps are `pecdesk.pec.sending`, since the store keeps to them as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pecdesk.errors import N_, LoginError, PecdeskError, UsageError
from pecdesk.outbox.transport import PostponedError, RefusedError, Taken, UncertainError
from pecdesk.pec.sending import Failure, SendState

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 30, 60))
"""Before the second attempt, the third, and so on; the last one goes on for ever."""

JITTER = 0.2
"""By how much of itself a pause may be longer, so that not all programs come back in the same second."""

INTERRUPTED = Failure(
    N_("The program was stopped while the message was being handed over: nothing was sent."),
    N_("It is sent as soon as possible."),
)
INTERRUPTED_AT_THE_END = Failure(
    N_("The program was stopped after the message was handed over and before the provider had answered."),
    N_("Wait for the acceptance receipt; if none comes, say yourself whether it was sent."),
)
FROM_A_BACKUP = Failure(
    N_("This message was waiting when the backup was made; it may have been sent since then."),
    N_("Look for its acceptance receipt; if there is none, say yourself whether it was sent."),
)
UNKNOWN = Failure(
    N_("Something in the program failed while the message was being handed over: nothing was sent."),
    N_("Report the problem, then try again."),
)
UNKNOWN_AT_THE_END = Failure(
    N_("Something in the program failed after the message was handed over and before the provider had answered."),
    N_("Wait for the acceptance receipt; if none comes, say yourself whether it was sent."),
)


@dataclass(frozen=True, slots=True)
class End:
    """How an attempt ended."""

    state: SendState
    error: Failure | None = None
    reply: str = ""
    next_try_at: datetime | None = None
    is_held: bool = False
    """It waits for the user."""
    holds_account: bool = False
    """So does everything else of its account."""


def end_of(outcome: Taken | Exception, *, was_closing: bool, attempt: int, now: datetime, jitter: float) -> End:
    """The end of the attempt of that number, from 1.

    `was_closing`: the end of the data was sent, or about to be, so that whatever is not an answer of the provider
    leaves it uncertain. `jitter`: 0 to 1.
    """
    if isinstance(outcome, Taken):
        return End(SendState.PENDING, reply=outcome.reply)
    if isinstance(outcome, RefusedError):
        return End(SendState.REFUSED, Failure.of(outcome))
    if isinstance(outcome, PostponedError):
        return End(SendState.QUEUED, Failure.of(outcome), next_try_at=now + pause(attempt, jitter))
    if isinstance(outcome, UncertainError) or was_closing:
        said = Failure.of(outcome) if isinstance(outcome, PecdeskError) else UNKNOWN_AT_THE_END
        return End(SendState.UNCERTAIN, said)
    if not isinstance(outcome, PecdeskError):
        return End(SendState.QUEUED, UNKNOWN, is_held=True)
    if isinstance(outcome, LoginError):
        return End(SendState.QUEUED, Failure.of(outcome), is_held=True, holds_account=True)
    if isinstance(outcome, UsageError):
        return End(SendState.QUEUED, Failure.of(outcome), is_held=True)
    return End(SendState.QUEUED, Failure.of(outcome), next_try_at=now + pause(attempt, jitter))


def pause(attempt: int, jitter: float) -> timedelta:
    """How long to wait after the attempt of that number."""
    return PAUSES[min(attempt, len(PAUSES)) - 1] * (1 + JITTER * jitter)
