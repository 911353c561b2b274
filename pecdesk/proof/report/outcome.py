"""What became of the message: the outcome for each recipient, and what happened in its order."""

from __future__ import annotations

from pecdesk.errors import N_
from pecdesk.explain import Language
from pecdesk.explain.failures import failure
from pecdesk.explain.marks import decisive
from pecdesk.explain.sentences import event, remarks
from pecdesk.explain.words import COMPLETENESS, RECIPIENTS, ROLES
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import Direction, Evidence, RecipientOutcome, RecipientState, Transmission
from pecdesk.proof import page
from pecdesk.proof.dossier import Dossier
from pecdesk.proof.page import Mark
from pecdesk.proof.report.tones import MARKS_OF_RECIPIENT, SAD_EVENTS, seal


def recipients(row: Transmission, language: Language) -> page.RecipientTable:
    """The table of recipients, with the evidence that decides for each."""
    say, is_sent = language.say, row.direction is Direction.SENT
    row_of = _outcome if is_sent else _named
    return page.RecipientTable(
        heading=say(N_("Outcome per recipient")) if is_sent else say(N_("Recipients")),
        columns=(say(N_("Recipient")), say(N_("State")), say(N_("Certified instant")), say(N_("Provider"))),
        rows=tuple(row_of(row, recipient, language) for recipient in row.recipients),
    )


def _named(_row: Transmission, recipient: RecipientOutcome, language: Language) -> page.RecipientRow:
    """Of a message that was received nothing is known of its other recipients but that they were named."""
    return page.RecipientRow(
        address=recipient.address,
        mark=Mark.NOTE,
        state=language.say(N_("named as recipient")),
        instant="–",
        provider="–",
        note=", ".join(_what_it_is(recipient, language)),
    )


def _outcome(row: Transmission, recipient: RecipientOutcome, language: Language) -> page.RecipientRow:
    say, line = language.say, decisive(row, recipient)
    notes = _what_it_is(recipient, language)
    if line is not None:
        if recipient.state is RecipientState.DELIVERED and line.completeness is not None:
            notes.append(say(N_("{kind} receipt"), kind=say(COMPLETENESS[line.completeness])))
        if why := say(failure(line.error, line.error_detail)):
            notes.append(why.rstrip("."))
        if line.error_detail:
            notes.append(line.error_detail)
    return page.RecipientRow(
        address=recipient.address,
        mark=_mark(recipient, line),
        state=say(RECIPIENTS[recipient.state]),
        instant=language.instant(recipient.since) if recipient.since else "–",
        provider=(line.issuer or "–") if line is not None else "–",
        note=" · ".join(notes),
    )


def _what_it_is(recipient: RecipientOutcome, language: Language) -> list[str]:
    notes = [language.say(ROLES[recipient.role])] if recipient.role else []
    if recipient.type == "external":
        notes.append(language.say(N_("ordinary mailbox")))
    return notes


def _mark(recipient: RecipientOutcome, line: Evidence | None) -> Mark:
    if recipient.state is RecipientState.DELIVERED and line is not None:
        if line.by_hand:
            return Mark.TRUST_ADDED_BY_HAND
        if line.standing is not Standing.CERTIFIED:
            return Mark.DELIVERED_WITH_RESERVE
    return MARKS_OF_RECIPIENT[recipient.state]


def timeline(dossier: Dossier, language: Language) -> page.Timeline:
    """Every piece of evidence as an event."""
    row, lines = dossier.row, [exhibit.line for exhibit in dossier.exhibits]
    return page.Timeline(
        language.say(N_("Timeline")), tuple(_event(row, line, language) for line in lines if line is not None)
    )


def _event(row: Transmission, line: Evidence, language: Language) -> page.Event:
    lead, _, rest = event(line, language).partition(": ")
    sentence = [f"– {rest.rstrip('.')}" if rest else "", f"– {line.issuer}" if line.issuer else ""]
    sentence += remarks(line, row, language)
    return page.Event(
        instant=language.instant(line.time) if line.time else "–",
        mark=SAD_EVENTS.get(line.kind) or seal(line.kind, line.standing, by_hand=line.by_hand),
        lead=lead,
        sentence=" ".join(part for part in sentence if part),
    )
