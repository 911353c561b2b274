"""What a row asks of a person: each need in a sentence, with what to do next, for somebody with a deadline.

24 hours and 30 months: `pecdesk.pec.deadlines`. Public registers: CAD arts. 6-bis (INI-PEC), 6-ter (IPA), 6-quater
(INAD). What providers keep is a log of data, not the messages (RFC 6109 §2.3).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pecdesk.errors import N_
from pecdesk.explain.clock import SET_THE_CLOCK, wrong_clock
from pecdesk.explain.failures import what_helps
from pecdesk.explain.follow_up import AT_THE_DOOR, sending_failure
from pecdesk.explain.language import Language
from pecdesk.explain.lookalikes import WHAT_TO_DO, imitations_of
from pecdesk.explain.marks import decisive
from pecdesk.explain.sentences import REBUILD, RECORD_CHANGED
from pecdesk.explain.words import ATTENTION, NOTES
from pecdesk.pec.deadlines import attention, deadlines
from pecdesk.pec.sending import SendState
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import Attention, Direction, RecipientState, Transmission, TransmissionKind
from pecdesk.trust import Note

NAMED = 3
"""How many addresses are named in one sentence."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something that wants a person, and what that person does about it."""

    sentence: str
    what_to_do: str
    is_failure: bool = False
    """Told as loudly as can be, whatever else went well."""


STEPS: dict[Attention, str] = {
    Attention.FAILED: N_(
        "Not reached: {addresses}. Check the address in the public registers (INI-PEC, IPA, INAD) and send again to"
        " those alone who were not reached; the notice says why. If a deadline is running, do not rely on this sending."
    ),
    Attention.DELAYED: N_(
        "Wait for the final outcome, due by {due}: until then the provider goes on trying. If your deadline comes"
        " sooner, use another way as well."
    ),
    Attention.WAITING: N_(
        "The outcome is due by {due}. Look for it in the other folders of the mailbox too: some webmails move receipts."
        " Until it is here, do not take the delivery for done."
    ),
    Attention.OVERDUE: N_(
        "The outcome was due by {due}. Look for it in every folder of the mailbox and import it; if it is not there,"
        " ask your provider for the data of its log about this message, quoting the identifier {identifier}. Until"
        " then do not take the delivery for done."
    ),
    Attention.NOT_PEC: N_(
        "If you must prove the delivery, look for a PEC address in the public registers (INI-PEC, IPA, INAD) and send"
        " there again. Without PEC: {addresses}."
    ),
    Attention.CONTRADICTORY: N_(
        "Open the receipts and compare recipient and time, then ask your provider for the data of its log, kept for 30"
        " months, about this message, quoting the identifier {identifier}. Until this is cleared up, do not take the"
        " delivery for done."
    ),
    Attention.FORGED: N_(
        "It changes nothing about this message: only receipts signed by a provider count. Do not open its links or"
        " attachments and do not answer it. A genuine receipt that lost its signature on the way looks the same: in"
        " that case take it again from the mailbox as .eml."
    ),
    Attention.ALTERED: N_(
        "Take the receipt again from the mailbox as .eml, best from the webmail: a mail program, a filter or an"
        " antivirus may have changed this copy. If that one is altered too, ask your provider for the data of its log,"
        " kept for 30 months, quoting the identifier {identifier}."
    ),
    Attention.NO_ACCEPTANCE: N_(
        "Without an acceptance receipt the sending is not proven. Look in the webmail whether the message left, and in"
        " every folder for the receipt. Send again only when you are sure that it did not leave: else it arrives"
        " twice."
    ),
    Attention.CONTENT_DIFFERS: N_(
        "What the receipt certifies is the copy that stands in it: open the comparison to see what differs. If that is"
        " not what you meant to send, send again."
    ),
    Attention.LOG_DEADLINE: N_(
        "Ask your provider now, in writing, for the data of its log about this message, quoting the identifier"
        " {identifier}: it keeps the log for 30 months, so until about {kept}."
    ),
    Attention.REFUSED: N_(
        "The recipients got nothing. Correct what the notice names and send again. If a deadline is running, do not"
        " rely on this sending."
    ),
    Attention.UNCERTAIN: N_(
        "Do not send again yet: wait for the acceptance receipt, or look in the webmail whether the message left. Else"
        " it may arrive twice."
    ),
}
"""What to do about a sent message."""

RECEIVED_STEPS: dict[Attention, str] = {
    Attention.FORGED: N_(
        "Do not open its links or attachments and do not answer it. If you know who it seems to come from, ask whether"
        " it is theirs by another way: a telephone number or an address you had before. A genuine message that lost"
        " its signature on the way looks the same: in that case take it again from the mailbox as .eml."
    ),
    Attention.ALTERED: N_(
        "Do not rely on its content – amounts, bank details, addresses – and do not open its attachments. Take the"
        " message again from the mailbox as .eml, best from the webmail: a mail program, a filter or an antivirus may"
        " have changed this copy. If that one is altered too, ask the sender by another way."
    ),
    Attention.CONTRADICTORY: N_(
        "The certified data speak of another message than the one inside: do not rely on it, and ask the sender by"
        " another way."
    ),
}

ANOTHER_COPY = N_(
    "This is about another copy that is filed with this message, not about the certified one that is shown here: do not"
    " rely on that copy."
)
DELAYED_SINCE_WHEN = N_(
    "Wait for the final outcome, due within 24 hours of sending: until then the provider goes on trying. If your"
    " deadline comes sooner, use another way as well."
)
OVERDUE_AND_LOG_GONE = N_(
    "The outcome was due by {due}. Look for it in every folder of the mailbox and in older archives, and import it: the"
    " log from which the provider could attest it is kept for 30 months, which are over. Without that receipt do not"
    " take the delivery for done."
)
DELAYED_AND_OVERDUE = N_("The outcome was due by {due} and is not here: see what to do about that.")
CONTRADICTING_ITSELF = N_(
    "One receipt names another message than the one it brings back, so it was not counted: open it to see what"
    " disagrees, and rely on the others alone."
)


UNMATCHED = (
    N_("This receipt is about a message that none of the mailboxes here sent."),
    N_("It moves none of your messages. If it was sent from another mailbox of yours, import that one too."),
)
UNMATCHED_STEP = N_("It concerns whoever sent that message.")


def needs(row: Transmission, now: datetime, language: Language) -> tuple[Need, ...]:
    """Every need of a row at `now`, with what to do; of what was received also what its standing asks for."""
    say, present = language.say, tuple(sorted(attention(row, now), key=_urgency))
    if not row.is_believed:
        return (Need(say(RECORD_CHANGED), say(REBUILD)),)
    if row.kind is TransmissionKind.UNMATCHED:
        others = [Need(say(ATTENTION[need]), say(UNMATCHED_STEP)) for need in present]
        return (Need(say(UNMATCHED[0]), say(UNMATCHED[1])), *others)
    imitating = [Need(sentence, say(WHAT_TO_DO)) for sentence in imitations_of(row, language)]
    found = [Need(*said) for said in [sending_failure(row, now, language)] if said is not None]
    if found:
        # Why it did not leave says more than that it did not.
        present = tuple(need for need in present if need not in (Attention.REFUSED, Attention.UNCERTAIN))
    found += [
        Need(_sentence(need, row, language), _step(need, present, row, now, language), need in _FAILURES)
        for need in present
    ]
    found += [Need(say(clock), say(SET_THE_CLOCK)) for clock in wrong_clock(row, now)]
    return (*imitating, *found, *(_needs_of_standing(row, language) if row.direction is Direction.RECEIVED else ()))


_FAILURES = (Attention.REFUSED, Attention.FAILED)
_LOUDEST = (*_FAILURES, Attention.UNCERTAIN, Attention.CONTRADICTORY, Attention.OVERDUE)
"""What went wrong already, worst first; it is told before what may still turn out well."""


def _urgency(need: Attention) -> int:
    return _LOUDEST.index(need) if need in _LOUDEST else len(_LOUDEST)


_NOT_REACHED = N_("The recipient was not reached.")


def _sentence(need: Attention, row: Transmission, language: Language) -> str:
    if need is Attention.FAILED and len(row.recipients) == 1:
        return language.say(_NOT_REACHED)
    refused_at_the_door = need is Attention.REFUSED and row.outbox is SendState.REFUSED
    return language.say(AT_THE_DOOR if refused_at_the_door else ATTENTION[need])


def _step(need: Attention, present: tuple[Attention, ...], row: Transmission, now: datetime, language: Language) -> str:
    text, due = STEPS[need], deadlines(row)
    if row.direction is Direction.RECEIVED and row.sealed is not None and row.sealed.proves:
        text = ANOTHER_COPY if need in (Attention.FORGED, Attention.ALTERED) else RECEIVED_STEPS.get(need, text)
    elif row.direction is Direction.RECEIVED:
        text = RECEIVED_STEPS.get(need, text)
    elif need is Attention.DELAYED and due.overdue_at is None:
        text = DELAYED_SINCE_WHEN
    elif need is Attention.DELAYED and Attention.OVERDUE in present:
        text = DELAYED_AND_OVERDUE
    elif need is Attention.OVERDUE and due.log_lost_at is not None and now >= due.log_lost_at:
        text = OVERDUE_AND_LOG_GONE
    elif need is Attention.CONTRADICTORY and not _in_state(row, RecipientState.CONTRADICTORY):
        text = CONTRADICTING_ITSELF
    concerned = _in_state(row, _CONCERNED[need]) if need in _CONCERNED else []
    said = language.say(
        text,
        addresses=named(concerned, language),
        identifier=row.identifier or row.message_id or "–",
        due=language.instant(due.overdue_at) if due.overdue_at else "–",
        kept=language.day(due.log_lost_at) if due.log_lost_at else "–",
    )
    return " ".join([said, *_helps(row, language)]) if need is Attention.FAILED else said


_CONCERNED = {Attention.FAILED: RecipientState.FAILED, Attention.NOT_PEC: RecipientState.NOT_PEC}
"""Needs whose recipients are named."""


def named(addresses: Iterable[str], language: Language) -> str:
    """Some addresses in a sentence: the first ones by name, the rest by number."""
    found = list(addresses)
    said, more = ", ".join(found[:NAMED]), len(found) - NAMED
    return language.counted("{names} and one more", "{names} and {n} more", more, names=said) if more > 0 else said


def _in_state(row: Transmission, state: RecipientState) -> list[str]:
    return [recipient.address for recipient in row.recipients if recipient.state is state]


def _helps(row: Transmission, language: Language) -> list[str]:
    """What helps against the causes of the failures, each once."""
    lines = [decisive(row, recipient) for recipient in row.recipients if recipient.state is RecipientState.FAILED]
    texts = dict.fromkeys(what_helps(line.error, line.error_detail) for line in lines if line is not None)
    return [language.say(text) for text in texts if text]


STANDING_NEEDS: dict[str, tuple[str, str]] = {
    "reserve": (
        N_("Something disagrees with the certified data, or was already weak at that date."),
        N_(
            "Rely on sender, subject and time as they stand here: they are the certified ones. Open the envelope to"
            " see what disagrees; if the message asks for something unusual, ask the sender by another way."
        ),
    ),
    "anomaly": (
        N_("An anomaly envelope only passes a message on: nobody vouches for its sender."),
        N_(
            "Treat it like any ordinary mail: if it asks for money, data or a click, first ask the sender by another"
            " way."
        ),
    ),
    "rem": (
        N_("It is a REM message, of the European successor of PEC, and no authority for REM is known here."),
        N_("Verify it with the service that delivered it; until then rely on nothing in it."),
    ),
    "undetermined": (
        N_("It was not possible to establish whether a provider signed this."),
        N_(
            "Take the message again from the mailbox as .eml: it may have been cut off. Until it is verified, rely on"
            " nothing in it and do not open its links or attachments."
        ),
    ),
    "by hand": (
        NOTES[Note.TRUST_ADDED_BY_HAND],
        N_("Rely on it no further than you trust that authority."),
    ),
}
"""What the standing of a received message asks for, whatever the clock says."""


def _needs_of_standing(row: Transmission, language: Language) -> tuple[Need, ...]:
    found = []
    if any(line.by_hand and line.sha256 == row.original_sha256 for line in row.evidence):
        found.append("by hand")
    if row.sealed is Standing.CERTIFIED_WITH_RESERVE:
        found.append("reserve")
    elif row.sealed is Standing.UNDETERMINED or row.sealed is None:
        found.append("rem" if row.kind is TransmissionKind.REM else "undetermined")
    elif row.kind is TransmissionKind.ANOMALY and row.sealed is Standing.NOT_CERTIFIED:
        found.append("anomaly")
    return tuple(Need(language.say(what), language.say(todo)) for what, todo in map(STANDING_NEEDS.__getitem__, found))
