"""Labelled facts about one message: what its provider certifies, or what it merely claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pecdesk.errors import N_
from pecdesk.examine import Examination
from pecdesk.explain.failures import failure
from pecdesk.explain.language import Language
from pecdesk.explain.words import COMPLETENESS, KINDS, REQUESTED
from pecdesk.pec.daticert import CertificationData, RecipientType
from pecdesk.pec.message import Completeness, MessageKind


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value. Values out of mail are plain text and may be hostile."""

    label: str
    value: str
    is_code: bool = False
    """An identifier, a hash: fixed width, to be copied."""


def certified_facts(
    data: CertificationData, kind: MessageKind, language: Language, *, claimed: bool = False
) -> list[Fact]:
    """What certification data say, as paper and window show it; what they do not say is left out.

    `claimed`: no signature that holds covers them, so no label may say that anything is certified or delivered.
    """
    say = language.say
    facts = [
        Fact(say(N_("Provider")), data.issuer),
        Fact(say(N_("Time, as stated") if claimed else N_("Certified time")), language.instant(data.time)),
        Fact(say(N_("Sender")), data.sender),
        Fact(say(N_("Recipients")), ", ".join(recipient.address for recipient in data.recipients)),
    ]
    # The same element names whom it reached and, in a notice, whom it did not.
    delivered = kind is MessageKind.DELIVERY and not claimed
    delivery = N_("Delivered to") if delivered else N_("About the delivery to")
    optional = (
        (delivery, data.delivered_to),
        (N_("Taken in charge for"), ", ".join(data.taken_for)),
        (N_("Subject"), data.subject),
        (N_("Reply to"), data.reply_to),
        (N_("Error"), data.error if data.error != "nessuno" else None),
        (N_("Details"), data.extended_error),
    )
    facts += [Fact(say(label), value) for label, value in optional if value]
    facts.append(Fact(say(N_("Identifier")), data.identifier, is_code=True))
    if data.message_id:
        facts.append(Fact("Message-ID", f"<{data.message_id}>", is_code=True))
    return facts


def whole_certification(
    data: CertificationData,
    kind: MessageKind,
    actual: Completeness | None,
    language: Language,
    *,
    claimed: bool = False,
) -> tuple[Fact, ...]:
    """Every field of certification data; of a delivery receipt also what it really brings back."""
    say = language.say
    outside = [recipient.address for recipient in data.recipients if recipient.type is RecipientType.EXTERNAL]
    facts = [
        Fact(say(N_("Type")), f"{say(KINDS[data.kind])} ({data.type})"),
        *certified_facts(data, kind, language, claimed=claimed),
    ]
    if outside:
        facts.append(Fact(say(N_("Recipients without PEC")), ", ".join(outside)))
    if why := failure(data.error, data.extended_error):
        facts.append(Fact(say(N_("Reason")), say(why)))
    return (*facts, *_completeness(data.receipt, actual, language))


def _failure(data: CertificationData, language: Language) -> Iterator[Fact]:
    if why := failure(data.error, data.extended_error):
        yield Fact(language.say(N_("Reason")), language.say(why))
    if data.extended_error:
        yield Fact(language.say(N_("Details")), data.extended_error)


def _completeness(requested: str | None, actual: Completeness | None, language: Language) -> Iterator[Fact]:
    say = language.say
    if requested:
        yield Fact(say(N_("Receipt asked for")), say(REQUESTED.get(requested, requested)))
    if actual:
        yield Fact(say(N_("Receipt received")), say(COMPLETENESS[actual]))


def summary_facts(examination: Examination, language: Language) -> tuple[Fact, ...]:
    """What the message is about, certified where it is, and the file it stands in."""
    say, data = language.say, examination.certification
    if examination.standing.proves and data is not None:
        certified = [
            Fact(say(N_("Sender")), data.sender),
            Fact(say(N_("Recipients")), ", ".join(recipient.address for recipient in data.recipients)),
            Fact(say(N_("Subject")), data.subject or say(N_("(no subject)"))),
            Fact(say(N_("Certified time")), language.instant(data.time)),
            Fact(say(N_("Provider")), data.issuer),
            *_failure(data, language),
            *_completeness(data.receipt, examination.receipt_actual, language),
            Fact(say(N_("Identifier")), data.identifier, is_code=True),
        ]
        return (*certified, *_file_facts(examination, language))
    return (*_stated_facts(examination, language), *_file_facts(examination, language))


def _stated_facts(examination: Examination, language: Language) -> Iterator[Fact]:
    """What the headers say, marked as nobody's word but the message's own."""
    say = language.say
    shown = examination.summary
    if examination.kind is MessageKind.ANOMALY_ENVELOPE and examination.original is not None:
        shown = examination.original.summary
    addresses = ", ".join(address.address for address in (*shown.to, *shown.cc))
    stated = (
        (N_("Sender, as stated"), shown.sender_address),
        (N_("Recipients, as stated"), addresses),
        (N_("Subject, as stated"), shown.subject),
        (N_("Date, as stated"), language.instant(shown.date) if shown.date else ""),
    )
    yield from (Fact(say(label), value) for label, value in stated if value)
    if shown.message_id:
        yield Fact("Message-ID", f"<{shown.message_id}>", is_code=True)


def _file_facts(examination: Examination, language: Language) -> Iterator[Fact]:
    yield Fact(language.say(N_("Size of the file")), language.size(examination.size))
    yield Fact(language.say(N_("SHA-256 of the file")), examination.sha256, is_code=True)
