"""A transmission: one sending and all evidence about it, with what became of it per recipient.

Values only; how messages become transmissions is in `pecdesk.pec.linking`, what evidence means for a recipient in
`pecdesk.pec.outcome`, what the clock adds in `pecdesk.pec.deadlines`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pecdesk.pec.comparison import Agreement, Comparison
from pecdesk.pec.message import Completeness, MessageKind
from pecdesk.pec.sending import Failure, SendState
from pecdesk.pec.standing import Standing


class TransmissionKind(StrEnum):
    """What a row is. Closed (cli.md section 4)."""

    PEC = "pec"
    ANOMALY = "anomaly"
    ORDINARY = "ordinary"
    REM = "rem"
    UNMATCHED = "unmatched"
    CLAIM = "claim"


class Direction(StrEnum):
    """Whether the account sent it or got it. Closed."""

    SENT = "sent"
    RECEIVED = "received"


class OriginalSource(StrEnum):
    """Where the original of a row is from. Closed."""

    OWN = "own"
    FROM_RECEIPT = "from-receipt"
    NONE = "none"


class TimeSource(StrEnum):
    """Where a row's time is from. Closed."""

    ACCEPTANCE = "acceptance"
    DATE_HEADER = "date-header"
    NONE = "none"


class Role(StrEnum):
    """In which header of the original a recipient stands. Closed."""

    TO = "to"
    CC = "cc"


class RecipientState(StrEnum):
    """What became of a message for one recipient. Closed (cli.md section 4)."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    NOT_PEC = "not-pec"
    TAKEN_IN_CHARGE = "taken-in-charge"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    FAILED = "failed"
    REFUSED = "refused"
    CONTRADICTORY = "contradictory"


class State(StrEnum):
    """What became of a transmission. Closed (cli.md section 4)."""

    DRAFT = "draft"
    QUEUED = "queued"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    PENDING = "pending"
    ACCEPTED = "accepted"
    PARTLY_DELIVERED = "partly-delivered"
    DELIVERED = "delivered"
    DELAYED = "delayed"
    FAILED = "failed"
    REFUSED = "refused"
    CONTRADICTORY = "contradictory"
    RECEIVED = "received"


class Attention(StrEnum):
    """Why a row needs a person. Closed (cli.md section 4)."""

    FAILED = "failed"
    DELAYED = "delayed"
    WAITING = "waiting"
    OVERDUE = "overdue"
    NOT_PEC = "not-pec"
    CONTRADICTORY = "contradictory"
    FORGED = "forged"
    ALTERED = "altered"
    NO_ACCEPTANCE = "no-acceptance"
    CONTENT_DIFFERS = "content-differs"
    LOG_DEADLINE = "log-deadline"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


class Status(StrEnum):
    """The state of a row in one word, as `stato:` finds it; a badge is drawn from it. Closed (cli.md section 4)."""

    DRAFT = "bozza"
    QUEUED = "in-uscita"
    SENDING = "in-invio"
    UNCERTAIN = "incerto"
    WAITING = "in-attesa"
    PARTLY_DELIVERED = "parziale"
    DELIVERED = "consegnato"
    DELAYED = "in-ritardo"
    FAILED = "mancata"
    REFUSED = "rifiutato"
    CONTRADICTORY = "discordante"
    CERTIFIED = "certificata"
    ALTERED = "alterato"
    FORGED = "non-autentico"
    ORDINARY = "ordinaria"
    UNDETERMINED = "non-verificabile"


STATUS_OF_STATE = {
    State.DRAFT: Status.DRAFT,
    State.QUEUED: Status.QUEUED,
    State.SENDING: Status.SENDING,
    State.UNCERTAIN: Status.UNCERTAIN,
    State.PENDING: Status.WAITING,
    State.ACCEPTED: Status.WAITING,
    State.PARTLY_DELIVERED: Status.PARTLY_DELIVERED,
    State.DELIVERED: Status.DELIVERED,
    State.DELAYED: Status.DELAYED,
    State.FAILED: Status.FAILED,
    State.REFUSED: Status.REFUSED,
    State.CONTRADICTORY: Status.CONTRADICTORY,
}
"""For sent rows; a received row's status is that of its standing."""


def status_of_standing(standing: Standing, *, pretends: bool) -> Status:
    """The status of one message; `pretends` says whether it claims to be certified."""
    if standing.proves:
        return Status.CERTIFIED
    if standing is Standing.ALTERED:
        return Status.ALTERED
    if standing is Standing.UNDETERMINED:
        return Status.UNDETERMINED
    return Status.FORGED if pretends else Status.ORDINARY


@dataclass(frozen=True, slots=True)
class Evidence:
    """A receipt, notice or envelope as one line under a transmission; a message is named by its SHA-256."""

    sha256: str
    kind: MessageKind
    standing: Standing
    recipient: str | None
    """The one recipient it speaks of, as certified."""
    time: datetime | None
    """Certified time; of an unproven one nothing."""
    counts: bool
    completeness: Completeness | None = None
    error: str | None = None
    """`errore` and `errore-esteso` of a failure."""
    error_detail: str | None = None
    issuer: str | None = None
    by_hand: bool = False
    """Proven by an authority that was added by hand: never shown in green."""
    comparison: Comparison | None = None
    """Of the copy it brings back with our own, where both are here."""
    copies: tuple[str, ...] = ()
    """Other messages with the same signed part, by SHA-256."""


@dataclass(frozen=True, slots=True)
class RecipientOutcome:
    """What became of a message for one recipient, and the evidence that shows it."""

    address: str
    role: Role | None
    type: str | None
    """certified, external, or nothing known."""
    state: RecipientState
    since: datetime | None = None
    evidence: tuple[str, ...] = ()
    """SHA-256 of each counting message about this recipient."""


@dataclass(frozen=True, slots=True)
class Transmission:
    """One row of the list."""

    key: str
    """Stable over rebuilds: direction, account, and what identifies the sending."""
    kind: TransmissionKind
    direction: Direction
    account: str | None
    subject: str
    sender: str
    identifier: str | None
    message_id: str | None
    sent_at: datetime | None
    sent_at_source: TimeSource
    state: State
    recipients: tuple[RecipientOutcome, ...]
    evidence: tuple[Evidence, ...]
    original: OriginalSource
    original_sha256: str | None
    """The message that is the original, or that holds it."""
    rivals: tuple[str, ...]
    """Other messages that could be the original."""
    sealed: Standing | None
    attention: tuple[Attention, ...]
    """What holds whatever the clock says, sorted."""
    accepted_at: datetime | None = None
    is_believed: bool = True
    """False where the database was changed by something else: then nothing here proves anything."""
    outbox: SendState | None = None
    """Where the outbox has it, as long as no receipt says more; None for what is not from the outbox."""
    not_before: datetime | None = None
    """Of a queued one: when its undo countdown ends, or for when its sending is planned."""
    next_try_at: datetime | None = None
    """Of a queued one that could not be handed over: when it is tried again by itself; None: when the user says so."""
    waits_for_user: bool = False
    """Of a queued one: it is not tried again before the user says so, as when the login was refused."""
    last_error: Failure | None = None
    """Why it did not leave, as long as no receipt says more."""
    is_said_unsent: bool = False
    """It was uncertain, and that it was not sent is the user's word alone."""
    handed_over_at: datetime | None = None
    """When the provider took it, by this program's own record."""
    repeats: str | None = None
    """SHA-256 of the message that it is sent again for."""

    @property
    def status(self) -> Status:
        """The state in one word."""
        if not self.is_believed:
            return Status.UNDETERMINED
        if self.direction is Direction.SENT:
            return STATUS_OF_STATE[self.state]
        return status_of_standing(self.sealed or Standing.UNDETERMINED, pretends=self.kind is TransmissionKind.CLAIM)

    @property
    def draft_id(self) -> str | None:
        """The draft that this row is."""
        return self.key.removeprefix("draft ") if self.state is State.DRAFT else None

    @property
    def is_unsent(self) -> bool:
        """Whether it was not sent: a draft, still to leave, refused while it was handed over, or the user says so."""
        return self.state is State.DRAFT or self.outbox in (SendState.QUEUED, SendState.SENDING, SendState.REFUSED)

    @property
    def comparison(self) -> Comparison | None:
        """The worst comparison of our copy with a delivered one."""
        found = [line.comparison for line in self.evidence if line.comparison is not None]
        different = [comparison for comparison in found if comparison.agreement is Agreement.DIFFERENT]
        return next(iter(different or found), None)

    @property
    def messages(self) -> tuple[str, ...]:
        """Every message of this row by SHA-256, the original first."""
        found = [self.original_sha256] if self.original_sha256 else []
        for line in self.evidence:
            found += [line.sha256, *line.copies]
        return tuple(dict.fromkeys([*found, *self.rivals]))


def unknown_row(direction: Direction, messages: Collection[str]) -> Transmission:
    """A row of which nothing can be told but which messages are in it."""
    is_sent = direction is Direction.SENT
    return Transmission(
        key="",
        kind=TransmissionKind.CLAIM,
        direction=direction,
        account=None,
        subject="",
        sender="",
        identifier=None,
        message_id=None,
        sent_at=None,
        sent_at_source=TimeSource.NONE,
        state=State.PENDING if is_sent else State.RECEIVED,
        recipients=(),
        evidence=(),
        original=OriginalSource.NONE,
        original_sha256=None,
        rivals=tuple(sorted(messages)),
        sealed=None if is_sent else Standing.UNDETERMINED,
        attention=(),
        is_believed=False,
    )


def disbelieved(row: Transmission, messages: Collection[str]) -> Transmission:
    """A row whose record was changed by something else: by what it names itself, and nothing in it proves anything."""
    nothing = unknown_row(row.direction, messages)
    return replace(
        nothing,
        key=row.key,
        account=row.account,
        subject=row.subject,
        sender=row.sender,
        identifier=row.identifier,
        message_id=row.message_id,
        recipients=tuple(
            RecipientOutcome(each.address, each.role, None, RecipientState.PENDING) for each in row.recipients
        ),
    )
