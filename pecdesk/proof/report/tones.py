"""Which colour and which mark stand for what: green only for what is certified by an authority that nobody added."""

from __future__ import annotations

from pecdesk.pec.message import MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import RecipientState, Status
from pecdesk.proof.page import Mark, Tone
from pecdesk.trust import CheckStatus

TONES = {
    Status.DELIVERED: Tone.GOOD,
    Status.CERTIFIED: Tone.GOOD,
    Status.PARTLY_DELIVERED: Tone.CAUTION,
    Status.DELAYED: Tone.CAUTION,
    Status.UNCERTAIN: Tone.CAUTION,
    Status.FAILED: Tone.BAD,
    Status.REFUSED: Tone.BAD,
    Status.CONTRADICTORY: Tone.BAD,
    Status.ALTERED: Tone.BAD,
    Status.FORGED: Tone.BAD,
}
"""Every other status is neutral."""

MARKS_OF_RECIPIENT = {
    RecipientState.PENDING: Mark.WAITING,
    RecipientState.ACCEPTED: Mark.WAITING,
    RecipientState.NOT_PEC: Mark.ORDINARY,
    RecipientState.TAKEN_IN_CHARGE: Mark.TAKEN_IN_CHARGE,
    RecipientState.DELAYED: Mark.DELAYED,
    RecipientState.DELIVERED: Mark.DELIVERED,
    RecipientState.FAILED: Mark.FAILED,
    RecipientState.REFUSED: Mark.REFUSED,
    RecipientState.CONTRADICTORY: Mark.CONTRADICTORY,
}

MARKS_OF_CHECK = {
    CheckStatus.PASSED: Mark.CHECK_PASSED,
    CheckStatus.FAILED: Mark.CHECK_FAILED,
    CheckStatus.NOT_DONE: Mark.CHECK_NOT_DONE,
}

SAD_EVENTS = {
    MessageKind.NON_ACCEPTANCE: Mark.REFUSED,
    MessageKind.NON_DELIVERY: Mark.FAILED,
    MessageKind.VIRUS_DETECTED: Mark.FAILED,
    MessageKind.DELAY_NOTICE: Mark.DELAYED,
}
"""Evidence that is certified and yet no good news: marked by what it says, in the timeline."""


def seal(kind: MessageKind, standing: Standing, *, by_hand: bool) -> Mark:
    """The seal of one message; by hand: under an authority that the user added."""
    if standing.proves and by_hand:
        return Mark.TRUST_ADDED_BY_HAND
    pretends = kind.is_receipt or kind is MessageKind.TRANSPORT_ENVELOPE
    return {
        Standing.CERTIFIED: Mark.CERTIFIED,
        Standing.CERTIFIED_WITH_RESERVE: Mark.CERTIFIED_WITH_RESERVE,
        Standing.ALTERED: Mark.ALTERED,
        Standing.NOT_CERTIFIED: Mark.FORGED if pretends else Mark.ORDINARY,
        Standing.UNDETERMINED: Mark.UNDETERMINED,
    }[standing]
