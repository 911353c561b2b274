"""A message on its way out: what the outbox knows of it, as a value, and which step may follow which; pure.

Names and meanings of the states: cli.md section 4. The record says what happened between this program and the provider;
receipts that count say more than it, and then they decide (`pecdesk.pec.rows`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pecdesk.errors import PecdeskError


class SendState(StrEnum):
    """Where a frozen message stands. Closed."""

    QUEUED = "queued"
    """Waits: for its time, for its turn, or to be tried again."""
    SENDING = "sending"
    """Being handed over. Found so at start, the program died in between."""
    PENDING = "pending"
    """The provider took it; receipts say what becomes of it."""
    REFUSED = "refused"
    """The provider refused it: nothing was sent."""
    UNCERTAIN = "uncertain"
    """Perhaps sent. Settled by a receipt or by the user, never repeated by itself."""
    WITHDRAWN = "withdrawn"
    """Taken back by the user before it left; a draft again."""


ALLOWED: dict[SendState, frozenset[SendState]] = {
    SendState.QUEUED: frozenset(
        {
            SendState.QUEUED,  # the user wants it now
            SendState.SENDING,
            SendState.WITHDRAWN,
            SendState.PENDING,  # a receipt shows that the provider has it
            SendState.UNCERTAIN,  # it stood so in a backup: perhaps it was sent since that was made
        }
    ),
    SendState.SENDING: frozenset(
        {SendState.SENDING, SendState.PENDING, SendState.REFUSED, SendState.QUEUED, SendState.UNCERTAIN}
    ),
    SendState.UNCERTAIN: frozenset({SendState.PENDING, SendState.REFUSED}),
    SendState.REFUSED: frozenset({SendState.WITHDRAWN, SendState.QUEUED}),
    SendState.PENDING: frozenset({SendState.PENDING}),  # its copy was put into the Sent folder
    SendState.WITHDRAWN: frozenset(),
}
"""What may follow what. From `UNCERTAIN` nothing leads back to where a message is handed over."""


def may_become(state: SendState, following: SendState) -> bool:
    """Whether that step is allowed."""
    return following in ALLOWED[state]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a message did not leave, kept so that it can be said in any language."""

    message: str
    """English template, as `PecdeskError` has it."""
    next_step: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    """What fills both; answers of a server among it, which are foreign text."""

    @classmethod
    def of(cls, error: PecdeskError) -> Failure:
        """What an exception says."""
        return cls(error.message, error.next_step, tuple((name, str(value)) for name, value in error.fields.items()))

    @property
    def error(self) -> PecdeskError:
        """The same for `Language.error`."""
        kind = PecdeskError
        return kind(self.message, self.next_step, **dict(self.fields))

    def __str__(self) -> str:
        """The sentence in English."""
        return str(self.error)


@dataclass(frozen=True, slots=True)
class Sending:
    """What the outbox knows of one frozen message."""

    sha256: str
    """Of its bytes, which lie in the archive."""
    account: str
    """Comparable form."""
    state: SendState
    since: datetime
    """When it came into that state."""
    message_id: str
    """Comparable form."""
    sender: str
    """MAIL FROM."""
    recipients: tuple[str, ...]
    """RCPT TO."""
    queued_at: datetime
    desk: str = ""
    """The profile folder it was queued in: in a restored backup it is another."""
    not_before: datetime | None = None
    """Undo countdown or scheduled sending."""
    draft: str | None = None
    """The draft it was frozen from, which stays beside it until the provider has taken it."""
    repeats: str | None = None
    """SHA-256 of the message it is sent again for, to those it failed for."""
    attempts: int = 0
    next_try_at: datetime | None = None
    """When it is tried again by itself."""
    is_held: bool = False
    """It is not tried again before the user says so."""
    holds_account: bool = False
    """Nor is anything else of its account: the login was refused, and more of them would lock the mailbox."""
    is_closing: bool = False
    """All but the end of the data was sent, or the end was about to be: from here on nobody knows but the provider."""
    was_uncertain: bool = False
    """Refused by nobody: the user says that it was not sent. These very bytes are never handed over again."""
    last_error: Failure | None = None
    reply: str = ""
    """What the provider answered when it took it."""
    handed_over_at: datetime | None = None
    """When the provider took it."""
    keeps_copy: bool = False
    """Whether a copy belongs into the Sent folder once it was taken."""
    is_copied: bool = False
    """And whether it is there."""

    def is_due(self, now: datetime) -> bool:
        """Whether it is to be handed over at `now`. A clock that was set back since makes nothing wait but what has a
        time of its own."""
        if self.due_at is None:
            return False
        is_set_back = now < self.since
        return (self.not_before is None or self.not_before <= now) and (
            self.next_try_at is None or self.next_try_at <= now or is_set_back
        )

    @property
    def due_at(self) -> datetime | None:
        """From when on it is to be handed over; None while it waits for the user or for nothing."""
        if self.state is not SendState.QUEUED or self.is_held:
            return None
        return max((moment for moment in (self.not_before, self.next_try_at) if moment), default=self.queued_at)
