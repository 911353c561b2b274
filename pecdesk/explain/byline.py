"""The line under a subject: from whom, when, with what kind of receipt; and on whose word."""

from __future__ import annotations

from datetime import datetime

from pecdesk.errors import N_
from pecdesk.explain.language import Language
from pecdesk.explain.lookalikes import BYLINE, imitated
from pecdesk.explain.needs import named
from pecdesk.explain.words import ROLES
from pecdesk.pec.message import Completeness, MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import Direction, Role, State, TimeSource, Transmission, TransmissionKind

SEPARATOR = " · "

_RECEIPTS = {
    Completeness.FULL: N_("full delivery receipt"),
    Completeness.BRIEF: N_("brief delivery receipt"),
    Completeness.SHORT: N_("short delivery receipt"),
}


def byline(row: Transmission, language: Language) -> str:
    """The line. Addresses in it are plain text out of mail and may be hostile."""
    disguised = row.direction is Direction.RECEIVED and imitated(row.sender)
    imitation = language.say(BYLINE) if disguised else ""
    pieces = (_who(row, language), imitation, _when(row, language), _receipt(row, language))
    return SEPARATOR.join(piece for piece in pieces if piece)


def is_certified(row: Transmission) -> bool:
    """Whether sender, subject and time of a row are a provider's word and not the message's own."""
    if row.direction is Direction.SENT:
        return row.sent_at_source is TimeSource.ACCEPTANCE or any(line.counts for line in row.evidence)
    return row.sealed is not None and row.sealed.proves


def _who(row: Transmission, language: Language) -> str:
    sender = row.sender or language.say(N_("(no sender)"))
    if row.direction is Direction.SENT:
        sent = N_("To be sent from {sender}") if row.is_unsent else N_("Sent from {sender}")
        if row.is_unsent and row.state is State.REFUSED:
            sent = N_("Not sent, from {sender}")
        said = N_("Message of {sender}") if row.kind is TransmissionKind.UNMATCHED else sent
    elif not is_certified(row):
        unknown = row.sealed in (Standing.UNDETERMINED, None)
        said = N_("Stated sender: {sender}, cannot be verified") if unknown else _UNCERTIFIED
    elif any(line.by_hand for line in row.evidence if line.sha256 == row.original_sha256):
        said = N_("Sender: {sender}, vouched for by an authority added by hand")
    else:
        said = N_("Certified sender: {sender}")
    return language.say(said, sender=sender)


_UNCERTIFIED = N_("Stated sender: {sender}, not certified")


def _when(row: Transmission, language: Language) -> str:
    if row.sent_at is None:
        return language.say(N_("no date"))
    said = exact_time(row.sent_at, language)
    if row.state is State.DRAFT:
        return language.say(N_("last saved on {moment}"), moment=said)
    if row.is_unsent:
        return ""
    if row.sent_at_source is TimeSource.ACCEPTANCE:
        return said
    return language.say(N_("{moment}, as the message itself states"), moment=said)


def exact_time(moment: datetime, language: Language) -> str:
    """A moment with its day in words, to the second, with its offset: 22 novembre 2026, 09:15:02 (+0100)."""
    return f"{language.day(moment)}, {moment:%H:%M:%S} ({moment:%z})"


def _receipt(row: Transmission, language: Language) -> str:
    """The kind of delivery receipt, where all that came are of one kind."""
    kinds = {line.completeness for line in row.evidence if line.counts and line.kind is MessageKind.DELIVERY}
    kind = kinds.pop() if len(kinds) == 1 else None
    return language.say(_RECEIPTS[kind]) if kind is not None and row.direction is Direction.SENT else ""


def addressed(row: Transmission, language: Language) -> str:
    """To whom a received message was addressed, in one line; of a sent one its table of recipients tells."""
    if row.direction is Direction.SENT:
        return ""
    pieces = []
    for role, words in ((Role.TO, ROLES[Role.TO]), (Role.CC, ROLES[Role.CC]), (None, ROLES[Role.TO])):
        found = [recipient.address for recipient in row.recipients if recipient.role is role]
        if found:
            pieces.append(f"{language.say(words)}: {named(found, language)}")
    return SEPARATOR.join(pieces)
