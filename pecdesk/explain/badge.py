"""The mark of a state: shape + colour + word, the same in list, reader, terminal and PDF (cli.md section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pecdesk.errors import N_
from pecdesk.explain.language import Language
from pecdesk.pec.message import MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import Direction, Evidence, RecipientState, Status, Transmission, status_of_standing


class Tone(StrEnum):
    """The colour family. Green is for certification and nothing else in the whole program."""

    GREEN = "green"
    BLUE = "blue"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"


class Shape(StrEnum):
    """The shape of a mark; no two states of one tone that must be told apart share it."""

    SEAL = "seal"
    HOLLOW_SEAL = "hollow-seal"
    BROKEN_SEAL = "broken-seal"
    CROSSED_SEAL = "crossed-seal"
    DOTTED_SEAL = "dotted-seal"
    SQUARE_SEAL = "square-seal"
    """Proven by an authority that was added by hand."""
    RING = "ring"
    CLOCK = "clock"
    CROSS = "cross"
    QUESTION = "question"
    PARTIAL = "partial"
    OUTLINE = "outline"
    """Nothing there yet, and perhaps never."""
    TICK = "tick"
    """One check that passed: no seal, since it certifies nothing by itself."""
    DASH = "dash"
    """One check that was not done."""
    NOTE = "note"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Badge:
    """A mark and its word."""

    word: str
    tone: Tone
    shape: Shape


_MARKS: dict[Status, tuple[str, Tone, Shape]] = {
    Status.DRAFT: (N_("Draft"), Tone.GREY, Shape.OUTLINE),
    Status.QUEUED: (N_("Queued"), Tone.GREY, Shape.OUTLINE),
    Status.SENDING: (N_("Sending"), Tone.GREY, Shape.OUTLINE),
    Status.UNCERTAIN: (N_("Sending uncertain"), Tone.AMBER, Shape.QUESTION),
    Status.WAITING: (N_("Waiting"), Tone.BLUE, Shape.RING),
    Status.PARTLY_DELIVERED: (N_("Delivered {done} of {all}"), Tone.AMBER, Shape.PARTIAL),
    Status.DELIVERED: (N_("Delivered"), Tone.GREEN, Shape.SEAL),
    Status.DELAYED: (N_("Delayed"), Tone.AMBER, Shape.CLOCK),
    Status.FAILED: (N_("Not delivered"), Tone.RED, Shape.CROSS),
    Status.REFUSED: (N_("Not accepted"), Tone.RED, Shape.CROSS),
    Status.CONTRADICTORY: (N_("Contradictory"), Tone.RED, Shape.QUESTION),
    Status.CERTIFIED: (N_("Certified"), Tone.GREEN, Shape.SEAL),
    Status.ALTERED: (N_("Altered"), Tone.RED, Shape.BROKEN_SEAL),
    Status.FORGED: (N_("Not authentic"), Tone.RED, Shape.CROSSED_SEAL),
    Status.ORDINARY: (N_("Ordinary mail"), Tone.GREY, Shape.NONE),
    Status.UNDETERMINED: (N_("Cannot be verified"), Tone.GREY, Shape.DOTTED_SEAL),
}


SAD_NEWS = {
    MessageKind.NON_ACCEPTANCE: Status.REFUSED,
    MessageKind.NON_DELIVERY: Status.FAILED,
    MessageKind.VIRUS_DETECTED: Status.FAILED,
    MessageKind.DELAY_NOTICE: Status.DELAYED,
}
"""Kinds that are certified and yet no good news: marked by what they say, lest a green seal be read as a delivery."""


def status_badge(status: Status, language: Language) -> Badge:
    """The mark of a status that counts nothing and rests on no single message."""
    word, tone, shape = _MARKS[status]
    return Badge(language.say(word), tone, shape)


def evidence_badge(
    kind: MessageKind, standing: Standing, language: Language, *, by_hand: bool = False, final: bool = False
) -> Badge:
    """The mark of one message: of what it says where it is proven and sad, else of what may be said of it.

    `final`: a notice of delay is the second one, which means failure.
    """
    if standing.proves and kind in SAD_NEWS:
        return status_badge(Status.FAILED if final else SAD_NEWS[kind], language)
    return standing_badge(standing, pretends=pretends(kind), language=language, by_hand=by_hand)


def badge(row: Transmission, language: Language) -> Badge:
    """The mark of a row."""
    done = sum(recipient.state is RecipientState.DELIVERED for recipient in row.recipients)
    expected = sum(recipient.state is not RecipientState.NOT_PEC for recipient in row.recipients)
    word, tone, shape = _MARKS[row.status]
    word = language.say(word).format(done=done, all=expected)
    shown = [line for line in row.evidence if _makes_green(line, row)]
    if tone is Tone.GREEN and any(line.by_hand for line in shown):
        return Badge(word, Tone.BLUE, Shape.SQUARE_SEAL)
    if tone is Tone.GREEN and any(line.standing is not Standing.CERTIFIED for line in shown):
        return Badge(word, tone, Shape.HOLLOW_SEAL)
    return Badge(word, tone, shape)


def _makes_green(line: Evidence, row: Transmission) -> bool:
    """Whether a row is green for this: a delivery that counts, or the sealed message that was received."""
    if row.direction is Direction.RECEIVED:
        return line.sha256 == row.original_sha256
    return line.counts and line.kind is MessageKind.DELIVERY


def standing_badge(standing: Standing, *, pretends: bool, language: Language, by_hand: bool = False) -> Badge:
    """The mark of one message; `pretends` says whether it claims to be certified."""
    word, tone, shape = _MARKS[status_of_standing(standing, pretends=pretends)]
    word = language.say(word)
    if standing.proves and by_hand:
        return Badge(word, Tone.BLUE, Shape.SQUARE_SEAL)
    return Badge(word, tone, Shape.HOLLOW_SEAL if standing is Standing.CERTIFIED_WITH_RESERVE else shape)


def pretends(kind: MessageKind) -> bool:
    """Whether a message of this kind claims a certification."""
    return kind.is_receipt or kind is MessageKind.TRANSPORT_ENVELOPE
