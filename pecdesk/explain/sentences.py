"""Whole sentences about a message or a transmission, for terminal, window and paper alike."""

from __future__ import annotations

from datetime import datetime

from pecdesk.errors import N_
from pecdesk.explain.failures import failure
from pecdesk.explain.follow_up import sending_sentence
from pecdesk.explain.language import Language
from pecdesk.explain.lookalikes import imitations_of
from pecdesk.explain.words import ATTENTION, COMPLETENESS, KINDS, NOTES, REASONS, STANDINGS
from pecdesk.pec.comparison import Agreement
from pecdesk.pec.deadlines import attention
from pecdesk.pec.message import Completeness, MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import (
    Direction,
    Evidence,
    OriginalSource,
    RecipientOutcome,
    RecipientState,
    State,
    Transmission,
    TransmissionKind,
)
from pecdesk.pec.urgency import worst_first

RECORD_CHANGED = N_("The database was changed by something other than pecdesk: what it says here is not believed.")
REBUILD = N_(
    "Run `pecdesk doctor --rebuild`: it makes the database again from the messages themselves, which lie unchanged in"
    " the archive."
)


def headline(row: Transmission, language: Language, now: datetime | None = None) -> str:
    """What became of a transmission, in one sentence; with `now`, moments are told as short as they can be."""
    if not row.is_believed:
        return language.say(RECORD_CHANGED)
    if row.direction is Direction.RECEIVED:
        return _received(row, language)
    if said := sending_sentence(row, now, language):
        return said
    states = [recipient.state for recipient in row.recipients]
    total = len([state for state in states if state is not RecipientState.NOT_PEC])
    done = states.count(RecipientState.DELIVERED)
    failed = states.count(RecipientState.FAILED)
    delayed = states.count(RecipientState.DELAYED)
    external = states.count(RecipientState.NOT_PEC)
    say, counted = language.say, language.counted
    if row.state is State.DELIVERED and external:
        first = counted("Delivered to the one PEC recipient.", "Delivered to all {n} PEC recipients.", total)
    elif row.state is State.DELIVERED:
        first = counted("Delivered to the recipient.", "Delivered to all {n} recipients.", total)
    elif row.state is State.FAILED and failed == total:
        first = counted("Not delivered to the recipient.", "Not delivered to any of the {n} recipients.", total)
    elif row.state in (State.PARTLY_DELIVERED, State.FAILED):
        first = _counted_outcomes(done, failed, delayed, total, language)
    elif row.state is State.PENDING and row.evidence:
        first = say(_NOTHING_COUNTS)
    elif row.state is State.ACCEPTED and not total:
        first = say(N_("Accepted by the sender's provider."))
    else:
        first = say(_STATE_SENTENCES[row.state])
    if external:
        first += " " + counted(
            "One recipient has no PEC address: no delivery receipt will come from there.",
            "{n} recipients have no PEC address: no delivery receipt will come from there.",
            external,
        )
    return first


def _counted_outcomes(done: int, failed: int, delayed: int, total: int, language: Language) -> str:
    """How many were reached, how many were not, and how many are still to be heard of."""
    counted = language.counted
    parts = []
    if done:
        parts.append(
            counted("Delivered to one of {all} recipients", "Delivered to {n} of {all} recipients", done, all=total)
        )
    if failed:
        parts.append(
            counted("one was not reached", "{n} were not reached", failed)
            if done
            else counted(
                "Not delivered to one of {all} recipients",
                "Not delivered to {n} of {all} recipients",
                failed,
                all=total,
            )
        )
    if delayed:
        parts.append(counted("one has a notice of delay", "{n} have a notice of delay", delayed))
    if waiting := total - done - failed - delayed:
        parts.append(counted("one is still awaited", "{n} are still awaited", waiting))
    return "; ".join(parts) + "."


_NOTHING_COUNTS = N_("Sent; no receipt that counts has come yet.")
"""Where what came proves nothing."""

_STATE_SENTENCES = {
    State.DRAFT: N_("Not sent yet."),
    State.QUEUED: N_("Waiting to be sent."),
    State.SENDING: N_("Being sent."),
    State.UNCERTAIN: N_("The connection broke while sending: it is not known whether the message left."),
    State.PENDING: N_("Sent; no receipt has come yet."),
    State.ACCEPTED: N_("Accepted by the sender's provider; delivery is awaited."),
    State.DELAYED: N_("Not delivered in the first 12 hours; the provider goes on trying until 24."),
    State.REFUSED: N_("Not accepted by the sender's provider: nothing was sent."),
    State.CONTRADICTORY: N_("The receipts contradict one another: nothing can be said until this is cleared up."),
}


def _received(row: Transmission, language: Language) -> str:
    if row.sealed is Standing.NOT_CERTIFIED and row.kind in REASONS_OF_KIND:
        return language.say(REASONS_OF_KIND[row.kind])
    return language.say(STANDINGS[row.sealed or Standing.UNDETERMINED])


REASONS_OF_KIND = {
    TransmissionKind.ANOMALY: N_("Ordinary mail in an anomaly envelope: the sender is not certified."),
    TransmissionKind.CLAIM: N_("It looks like a PEC message, but no provider signed it."),
    TransmissionKind.ORDINARY: N_("Ordinary mail: nothing about it is certified."),
}


def event(line: Evidence, language: Language) -> str:
    """What one piece of evidence says, in one sentence."""
    name = language.say(KINDS[line.kind])
    if not line.standing.proves:
        return f"{name} – {language.say(STANDINGS[line.standing])}"
    if line.kind is MessageKind.DELIVERY and line.completeness is not None:
        name = f"{name} ({language.say(COMPLETENESS[line.completeness])})"
    said = f"{name}: {line.recipient}" if line.recipient else name
    why = failure(line.error, line.error_detail)
    return f"{said} – {language.say(why)}" if why else said


def remarks(line: Evidence, row: Transmission, language: Language) -> list[str]:
    """What is added to an event in a timeline: how the copy compares, and whether proven evidence counts at all."""
    told = []
    if line.comparison is not None and line.comparison.agreement is not Agreement.NOT_COMPARABLE:
        same = line.comparison.agreement is Agreement.SAME
        told.append(N_("– the delivered copy is the message sent") if same else N_("– the delivered copy DIFFERS"))
    if not line.counts and line.standing.proves and row.direction is Direction.SENT:
        told.append(N_("– counts for nothing"))
    return [language.say(text) for text in told]


def weak_points(row: Transmission, now: datetime, language: Language) -> list[str]:
    """What weakens a proof of this transmission, the worst first; notes are said apart (`note_sentences`)."""
    say = language.say
    found = [*imitations_of(row, language), *(say(ATTENTION[need]) for need in worst_first(attention(row, now)))]
    if row.direction is Direction.SENT:
        answers = (MessageKind.ACCEPTANCE, MessageKind.NON_ACCEPTANCE)
        if row.evidence and not any(line.kind in answers and line.counts for line in row.evidence):
            found.append(say(N_("The acceptance receipt is missing.")))
        found += [_missing(recipient, language) for recipient in row.recipients if _is_missing(recipient)]
        found += [
            say(N_("The receipt for {address} does not hold the whole message."), address=line.recipient or "")
            for line in row.evidence
            if line.kind is MessageKind.DELIVERY and line.counts and line.completeness is not Completeness.FULL
        ]
        if row.original is not OriginalSource.OWN:
            found.append(
                say(N_("The sent message is not in this archive; it is read out of the delivery receipt."))
                if row.original is OriginalSource.FROM_RECEIPT
                else say(N_("The sent message is not in this archive."))
            )
        if row.comparison is not None and row.comparison.agreement is Agreement.DIFFERENT:
            other_subject = [say(N_("the subject"))] if row.comparison.other_subject else []
            names = ", ".join([*other_subject, *(name or say(N_("the text")) for name in row.comparison.different)])
            found.append(say(N_("Different from what was sent: {names}."), names=names))
    for line in row.evidence:
        if line.standing is Standing.CERTIFIED_WITH_RESERVE:
            found.append(say(N_("{kind}: certified with a reserve."), kind=say(KINDS[line.kind])))
    if row.direction is Direction.RECEIVED and row.sealed is not Standing.CERTIFIED:
        found.append(headline(row, language))
    return list(dict.fromkeys(found))


def _is_missing(recipient: RecipientOutcome) -> bool:
    return recipient.state in (
        RecipientState.PENDING,
        RecipientState.ACCEPTED,
        RecipientState.TAKEN_IN_CHARGE,
        RecipientState.DELAYED,
    )


def _missing(recipient: RecipientOutcome, language: Language) -> str:
    return language.say(N_("For {address} the final outcome is still missing."), address=recipient.address)


def note_sentences(notes: list[str], language: Language) -> list[str]:
    """The sentence of each note."""
    return [language.say(text) for note, text in NOTES.items() if note in notes]


def reason_sentences(reasons: tuple[str, ...], language: Language) -> list[str]:
    """The sentence of each reason, in their order."""
    words = {str(reason): text for reason, text in REASONS.items()}
    return [language.say(words[reason]) for reason in reasons]
