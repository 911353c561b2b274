"""A letter to one's own provider: the data of its log about a message whose receipt is lost, ready to be sent.

Providers keep that log for 30 months (technical rules, d.m. 2 November 2005; RFC 6109 §2.3): the one source cited,
since it is the one that was read. The letter is in Italian, as are those it goes to, whatever the window speaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pecdesk.errors import N_
from pecdesk.explain.language import Language
from pecdesk.explain.visible import visible
from pecdesk.pec.deadlines import deadlines
from pecdesk.pec.message import MessageKind
from pecdesk.pec.transmission import RecipientState, Transmission

_ANSWERS = (MessageKind.ACCEPTANCE, MessageKind.NON_ACCEPTANCE)

OPEN = frozenset(
    {RecipientState.PENDING, RecipientState.ACCEPTED, RecipientState.TAKEN_IN_CHARGE, RecipientState.DELAYED}
)
"""States in which the receipt that settles it is missing."""

SUBJECT = N_("Request for log data of a PEC message: {identifier}")
# RFC 6109 §2.3: 30 months; message id, date and time, sender, recipients, subject, event, ids, provider.
BEGINNING = N_(
    "To the provider {provider}\n\nI ask for the data kept in your log about the message described below, of which I do"
    " not have the receipts named at the end. The log is kept for thirty months (technical rules annexed to the d.m. 2"
    " November 2005; RFC 6109, § 2.3)."
)
ENDING = N_(
    "Please send me the log data about these events in a form I can produce as evidence, and the receipts themselves if"
    " they can be issued again.\n\nYours faithfully"
)
UNTIL = N_(
    "By this calculation the log is kept until {day}: I ask you to answer, or to preserve the data, before then."
)


def log_request(row: Transmission, now: datetime, language: Language) -> tuple[str, str]:
    """Subject and text; an Italian `language` is meant. Until when the log is kept is told where that is near."""
    say, due = language.say, deadlines(row)
    subject = say(SUBJECT, identifier=visible(row.identifier or row.message_id or "–"))
    kept = due.log_lost_at if due.log_warning_at is not None and now >= due.log_warning_at else None
    paragraphs = [
        say(BEGINNING, provider=visible(_provider(row) or "…")),
        "\n".join(_facts(row, language)),
        "\n".join([say(N_("What is missing:")), *(f"- {each}" for each in missing_pieces(row, language))]),
        say(UNTIL, day=language.day(kept)) if kept is not None else "",
        say(ENDING),
    ]
    return subject, "\n\n".join(filter(None, paragraphs)) + "\n"


def missing_pieces(row: Transmission, language: Language) -> tuple[str, ...]:
    """Every receipt one could expect and does not have."""
    found = []
    if not any(line.kind in _ANSWERS and line.counts for line in row.evidence):
        found.append(language.say(N_("the acceptance receipt, or the notice of non-acceptance")))
    found += [
        language.say(N_("the delivery receipt, or the notice of non-delivery, for {address}"), address=each.address)
        for each in row.recipients
        if each.state in OPEN
    ]
    return tuple(visible(each) for each in found) or (language.say(N_("every receipt of this message")),)


def _provider(row: Transmission) -> str | None:
    """Who accepted the message: the sender's provider."""
    return next((line.issuer for line in row.evidence if line.kind in _ANSWERS and line.counts and line.issuer), None)


def _facts(row: Transmission, language: Language) -> Iterator[str]:
    when = N_("Accepted on") if row.accepted_at is not None else N_("Sent on")
    moment = row.accepted_at or row.handed_over_at or row.sent_at
    facts = (
        (N_("Identifier of the message"), row.identifier),
        ("Message-ID", f"<{row.message_id}>" if row.message_id else None),
        (when, language.instant(moment) if moment is not None else None),
        (N_("Sender"), row.sender),
        (N_("Recipients"), ", ".join(each.address for each in row.recipients)),
        (N_("Subject"), row.subject),
    )
    yield from (f"{language.say(name)}: {visible(value)}" for name, value in facts if value)
