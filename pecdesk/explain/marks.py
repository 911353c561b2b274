"""The stages of a sending as marks: acceptance, taking in charge, delivery, each with the evidence behind it.

Only evidence that counts makes a mark: what is unproven under a transmission never appears here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pecdesk.errors import N_
from pecdesk.explain.badge import Badge, Shape, Tone, badge, evidence_badge
from pecdesk.explain.language import Language
from pecdesk.pec.message import MessageKind
from pecdesk.pec.outcome import FINAL_NOTICE_AGE, FINAL_NOTICE_CODE
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import (
    Direction,
    Evidence,
    RecipientOutcome,
    RecipientState,
    State,
    Transmission,
    TransmissionKind,
)


@dataclass(frozen=True, slots=True)
class Seal:
    """One stage in the list or in the card."""

    tone: Tone
    shape: Shape
    word: str
    """Stage and state, for those who do not see the mark."""
    sha256: str | None
    """The message behind it, or None where there is none."""


ACCEPTANCE = N_("Acceptance")
TAKING_IN_CHARGE = N_("Taking in charge")
DELIVERY = N_("Delivery")

_FAILURES = frozenset({MessageKind.NON_DELIVERY, MessageKind.VIRUS_DETECTED, MessageKind.DELAY_NOTICE})

_WEIGHT = {
    MessageKind.ACCEPTANCE: 1,
    MessageKind.TAKEN_IN_CHARGE: 2,
    MessageKind.DELAY_NOTICE: 3,
    MessageKind.NON_ACCEPTANCE: 4,
    MessageKind.VIRUS_DETECTED: 5,
    MessageKind.NON_DELIVERY: 6,
    MessageKind.DELIVERY: 7,
}


def counting(row: Transmission, recipient: RecipientOutcome | None = None) -> list[Evidence]:
    """The evidence that counts, of all recipients or of one, in certified order."""
    return [
        line
        for line in row.evidence
        if line.counts and line.kind.is_receipt and (recipient is None or line.sha256 in recipient.evidence)
    ]


def decisive(row: Transmission, recipient: RecipientOutcome) -> Evidence | None:
    """The evidence that gives a recipient's state: the one of that instant."""
    lines = counting(row, recipient)
    same = [line for line in lines if line.time == recipient.since]
    return max(same or lines, key=lambda line: _WEIGHT[line.kind], default=None)


def is_final(line: Evidence, row: Transmission) -> bool:
    """Whether a line is the notice of delay after 24 hours, which means failure (RFC 6109 §3.1.6)."""
    if line.kind is not MessageKind.DELAY_NOTICE or line.time is None:
        return False
    late = row.accepted_at is not None and line.time - row.accepted_at >= FINAL_NOTICE_AGE
    return late or FINAL_NOTICE_CODE.match(line.error_detail or "") is not None


def line_badge(line: Evidence, row: Transmission, language: Language) -> Badge:
    """The mark of one piece of evidence in a timeline."""
    return evidence_badge(line.kind, line.standing, language, by_hand=line.by_hand, final=is_final(line, row))


def seals(row: Transmission, language: Language) -> tuple[Seal, ...]:
    """The marks of a row in the list: two of a sending, one of what came in, none of ordinary mail."""
    if row.direction is Direction.RECEIVED or not row.is_believed:
        mark = badge(row, language)
        return () if mark.shape is Shape.NONE else (Seal(mark.tone, mark.shape, mark.word, row.original_sha256),)
    if row.kind is TransmissionKind.UNMATCHED:
        lines = [line for line in row.evidence if line.standing.proves]
        line = max(lines, key=lambda line: (line.counts, _WEIGHT[line.kind]), default=None)
        if line is None:
            return ()
        mark = line_badge(line, row, language)
        return (Seal(mark.tone, mark.shape, mark.word, line.sha256),)
    return acceptance_seal(row, language), _whole_delivery_seal(row, language)


def recipient_seals(row: Transmission, recipient: RecipientOutcome, language: Language) -> tuple[Seal, Seal, Seal]:
    """The three stages of one recipient."""
    return (
        acceptance_seal(row, language, recipient),
        _taking_in_charge_seal(row, recipient, language),
        _delivery_seal(row, recipient, language),
    )


def acceptance_seal(row: Transmission, language: Language, recipient: RecipientOutcome | None = None) -> Seal:
    """Whether the sender's provider took the message: for the whole of it, or as far as it concerns one recipient."""
    lines = counting(row, recipient)
    accepted, refused = _of(lines, MessageKind.ACCEPTANCE), _of(lines, MessageKind.NON_ACCEPTANCE)

    def seal(state: str, tone: Tone, shape: Shape, line: Evidence | None = None) -> Seal:
        return _seal(language, ACCEPTANCE, state, tone, shape, line)

    if refused and len(refused) < len(lines):
        return seal(N_("contradictory outcomes"), Tone.RED, Shape.QUESTION, refused[0])
    if refused:
        return seal(N_("refused"), Tone.RED, Shape.CROSS, refused[0])
    if accepted:
        return seal(N_("certified"), *proof_mark(accepted), accepted[0])
    if row.is_unsent:
        return _seal(language, ACCEPTANCE, *_NOT_SENT)
    if row.state is State.UNCERTAIN:
        return seal(N_("not known"), Tone.AMBER, Shape.QUESTION)
    if counting(row):
        return seal(N_("receipt missing"), Tone.GREY, Shape.OUTLINE)
    return seal(N_("no receipt yet"), Tone.BLUE, Shape.RING)


def proof_mark(lines: Collection[Evidence]) -> tuple[Tone, Shape]:
    """Colour and shape of what these prove together: never better than the worst of them."""
    if any(line.by_hand for line in lines):
        return Tone.BLUE, Shape.SQUARE_SEAL
    if any(line.standing is not Standing.CERTIFIED for line in lines):
        return Tone.GREEN, Shape.HOLLOW_SEAL
    return Tone.GREEN, Shape.SEAL


def _taking_in_charge_seal(row: Transmission, recipient: RecipientOutcome, language: Language) -> Seal:
    taken = _of(counting(row, recipient), MessageKind.TAKEN_IN_CHARGE)
    if not taken:
        # It passes between providers and must not reach users (RFC 6109 §2.1.1.1.1): its absence means nothing.
        none = N_("no receipt (as a rule none comes)")
        return _seal(language, TAKING_IN_CHARGE, none, Tone.GREY, Shape.OUTLINE)
    return _seal(language, TAKING_IN_CHARGE, N_("certified"), *proof_mark(taken), taken[0])


_WAITING = (N_("awaited"), Tone.BLUE, Shape.RING)
_NOT_SENT = (N_("not sent yet"), Tone.GREY, Shape.OUTLINE)
_OTHER_STATES = {
    RecipientState.NOT_PEC: (N_("not certified (ordinary mailbox)"), Tone.GREY, Shape.NONE),
    RecipientState.REFUSED: (N_("none (message not accepted)"), Tone.GREY, Shape.OUTLINE),
    RecipientState.DELAYED: (N_("delayed"), Tone.AMBER, Shape.CLOCK),
    RecipientState.FAILED: (N_("did not take place"), Tone.RED, Shape.CROSS),
    RecipientState.CONTRADICTORY: (N_("contradictory outcomes"), Tone.RED, Shape.QUESTION),
}
"""Delivery where it is neither certified nor simply awaited: word, colour, shape."""

_WITH_EVIDENCE = (RecipientState.DELAYED, RecipientState.FAILED, RecipientState.CONTRADICTORY)


def _delivery_seal(row: Transmission, recipient: RecipientOutcome, language: Language) -> Seal:
    lines = counting(row, recipient)
    delivered = _of(lines, MessageKind.DELIVERY)
    if recipient.state is RecipientState.DELIVERED and delivered:
        return _seal(language, DELIVERY, N_("certified"), *proof_mark(delivered), decisive(row, recipient))
    if recipient.state is RecipientState.CONTRADICTORY and not (delivered or _of(lines, *_FAILURES)):
        # Accepted and refused: what contradicts itself is the acceptance, and of delivery nothing was said.
        return _seal(language, DELIVERY, N_("no receipt yet"), Tone.GREY, Shape.OUTLINE)
    mark = _NOT_SENT if row.is_unsent else _OTHER_STATES.get(recipient.state, _WAITING)
    line = decisive(row, recipient) if recipient.state in _WITH_EVIDENCE else None
    return _seal(language, DELIVERY, *mark, line)


_SPEAKER = {
    State.CONTRADICTORY: RecipientState.CONTRADICTORY,
    State.REFUSED: RecipientState.REFUSED,
    State.FAILED: RecipientState.FAILED,
    State.DELAYED: RecipientState.DELAYED,
}
"""In which state a recipient is who speaks for the delivery of the whole message."""


def _whole_delivery_seal(row: Transmission, language: Language) -> Seal:
    """The delivery to all recipients in one mark."""
    expected = [recipient for recipient in row.recipients if recipient.state is not RecipientState.NOT_PEC]
    reached = [recipient for recipient in expected if recipient.state is RecipientState.DELIVERED]
    lines = _of(counting(row), MessageKind.DELIVERY)
    if row.state is State.DELIVERED and len(expected) > 1 and lines:
        all_of_them = language.counted("certified for one recipient", "certified for all {n} recipients", len(expected))
        return _said_seal(language, DELIVERY, all_of_them, *proof_mark(lines), lines[-1].sha256)
    if row.state is State.PARTLY_DELIVERED:
        some = language.counted(
            "certified for one of {all} recipients",
            "certified for {n} of {all} recipients",
            len(reached),
            all=len(expected),
        )
        worst = sorted(expected, key=lambda recipient: _WORST_FIRST.get(recipient.state, len(_WORST_FIRST)))
        return _said_seal(
            language, DELIVERY, some, Tone.AMBER, Shape.PARTIAL, _delivery_seal(row, worst[0], language).sha256
        )
    wanted = _SPEAKER.get(row.state)
    speaking = [recipient for recipient in row.recipients if recipient.state is wanted]
    told = next(iter(speaking or reached or expected or row.recipients), None)
    if told is None:
        return _seal(language, DELIVERY, *(_NOT_SENT if row.is_unsent else _WAITING))
    return _delivery_seal(row, told, language)


_WORST_FIRST = {RecipientState.FAILED: 0, RecipientState.DELAYED: 1, RecipientState.DELIVERED: 2}
"""Whose evidence stands behind a delivery in part; those of whom nothing came have none."""


def _of(lines: Sequence[Evidence], *kinds: MessageKind) -> list[Evidence]:
    return [line for line in lines if line.kind in kinds]


_QUALITIES = {
    Shape.HOLLOW_SEAL: N_("{said}, with a reserve"),
    Shape.SQUARE_SEAL: N_("{said}, by an authority added by hand"),
}


def _seal(language: Language, stage: str, state: str, tone: Tone, shape: Shape, line: Evidence | None = None) -> Seal:
    return _said_seal(language, stage, language.say(state), tone, shape, line.sha256 if line else None)


def _said_seal(language: Language, stage: str, said: str, tone: Tone, shape: Shape, sha256: str | None) -> Seal:
    if shape in _QUALITIES:
        said = language.say(_QUALITIES[shape], said=said)
    return Seal(tone, shape, language.say(N_("{stage}: {state}"), stage=language.say(stage), state=said), sha256)
