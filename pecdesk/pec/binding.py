"""What a provider certifies, held against everything else the message says.

The outer headers are signed by nobody; the mail inside is signed but was written by the user. Where one of them
contradicts daticert, daticert wins and the message carries a reserve; what is merely missing is a note
(cli.md section 3, row 8).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from pecdesk.mime.headers import Address
from pecdesk.pec.classify import Claimed
from pecdesk.pec.correspondents import date_header, provider_name, recipients, recipients_header, reply_header
from pecdesk.pec.daticert import CertificationData
from pecdesk.pec.lines import contradicts, missing, passed
from pecdesk.pec.message import (
    KIND_OF_RECEIPT,
    KIND_OF_TRANSPORT,
    MessageKind,
    Summary,
    normal_address,
    normal_id,
    squeezed,
)
from pecdesk.trust import Certificate, Check, CheckName, CheckStatus, Reason

MAX_TIME_DIFFERENCE = timedelta(minutes=5)
"""Between signingTime and daticert's time; measured on genuine mail: one second."""

SUBJECT_PREFIXES = {
    MessageKind.ACCEPTANCE: r"accettazione:",
    MessageKind.NON_ACCEPTANCE: r"avvisodinonaccettazione(?:pervirus)?:",
    MessageKind.TAKEN_IN_CHARGE: r"presaincarico:",
    MessageKind.DELIVERY: r"(?:avvenuta)?consegna:",
    MessageKind.NON_DELIVERY: r"avvisodimancataconsegna(?:pervirus|persup\.tempomassimo)?:",
    MessageKind.DELAY_NOTICE: r"avvisodimancataconsegnapersup\.tempomassimo:",
    MessageKind.VIRUS_DETECTED: r"problemadisicurezza:",
    MessageKind.TRANSPORT_ENVELOPE: r"postacertificata:",
}
"""What a provider puts before the original's subject (RFC 6109 §3), as `squeezed` leaves it."""

ON_BEHALF = "percontodi"
"""How the name in From begins where a provider speaks for the certified sender (RFC 6109 §3.1.5), squeezed."""

BETWEEN_WORDS = re.compile(r"[\s<>\"',;:()]+")


@dataclass(frozen=True, slots=True)
class Binding:
    """The checks of one message, and what follows from them."""

    checks: tuple[Check, ...]
    header_missing: bool
    inner_ids_agree: bool
    """False when the mail inside names another identificativo or msgid: such evidence counts for nothing."""

    @property
    def contradicted(self) -> bool:
        """At least one material disagreement."""
        return any(check.status is CheckStatus.FAILED for check in self.checks)


def bind(
    certification: CertificationData,
    outer: Summary,
    claimed: Claimed,
    original: Summary | None,
    signed_at: datetime | None,
    signer: Certificate | None = None,
) -> Binding:
    """Hold the certification data of one signed message against its headers, its signature and the mail inside."""
    headers = tuple(
        _said_once(check, outer)
        for check in (
            _kind_header(certification, claimed),
            _subject_header(certification, outer),
            _sender_header(certification, outer.sender),
            date_header(certification, outer),
            recipients_header(certification, outer, original),
            reply_header(certification, outer, original),
            _reference_header(certification, outer),
            _message_id_header(certification, outer),
        )
    )
    return Binding(
        checks=(
            _signing_time(certification, signed_at),
            provider_name(certification, signer),
            *headers,
            recipients(certification, original),
            _inner(certification, original),
        ),
        header_missing=any(check.status is CheckStatus.NOT_DONE for check in headers),
        inner_ids_agree=original is None or _ids_agree(certification, original),
    )


HEADERS_OF_CHECK = {
    CheckName.KIND_HEADER: ("x-ricevuta", "x-trasporto", "x-tiporicevuta"),
    CheckName.SUBJECT_HEADER: ("subject",),
    CheckName.DATE_HEADER: ("date",),
    CheckName.REFERENCE_HEADER: ("x-riferimento-message-id",),
    CheckName.MESSAGE_ID_HEADER: ("message-id",),
}
"""Where a check reads one value of a header. Of From there may be one only, or the signature counts for nothing."""

HEADERS_INSIDE = frozenset({"from", "subject", "message-id", "x-riferimento-message-id"})
"""What ties the mail inside to the certification data."""


def _said_once(check: Check, outer: Summary) -> Check:
    """The check, unless its header stands there twice and says two things: one of them is what other programs show."""
    if not outer.repeated:
        return check
    twice = [name for name in HEADERS_OF_CHECK.get(check.name, ()) if name in outer.repeated]
    if check.status is CheckStatus.FAILED or not twice:
        return check
    return contradicts(check.name, Reason.DUPLICATE_HEADER, f"{twice[0]} stands more than once, in different words")


def _signing_time(certification: CertificationData, signed_at: datetime | None) -> Check:
    name = CheckName.SIGNING_TIME
    if signed_at is None:
        return missing(name, "the signature states no time")
    difference = abs(signed_at - certification.time)
    detail = f"signed {int(difference.total_seconds())} s from the certified time"
    if difference > MAX_TIME_DIFFERENCE:
        return contradicts(name, Reason.TIME_MISMATCH, detail)
    return passed(name, detail)


def _kind_header(certification: CertificationData, claimed: Claimed) -> Check:
    name = CheckName.KIND_HEADER
    if claimed.x_ricevuta is None and claimed.x_trasporto is None:
        return missing(name, "neither X-Ricevuta nor X-Trasporto is there")
    said = KIND_OF_TRANSPORT.get(claimed.x_trasporto or "")
    if claimed.x_ricevuta is not None:  # wins where a receipt echoes both
        said = KIND_OF_RECEIPT.get(claimed.x_ricevuta)
    if said is not certification.kind:
        return contradicts(name, Reason.KIND_MISMATCH, f"the headers say another kind than tipo {certification.type}")
    return passed(name, f"the headers say {certification.kind}")


def _subject_header(certification: CertificationData, outer: Summary) -> Check:
    name = CheckName.SUBJECT_HEADER
    if not outer.subject:
        return missing(name, "no Subject")
    shown, certified = squeezed(outer.subject), squeezed(certification.subject or "")
    if certified in (shown, re.sub(f"^{SUBJECT_PREFIXES[certification.kind]}", "", shown)):
        return passed(name, "the Subject carries the certified one")
    return contradicts(name, Reason.SUBJECT_MISMATCH, "the Subject is not the certified one")


def _addresses_in(name: str) -> list[str]:
    """Words of a display name that look like addresses."""
    return [word for word in BETWEEN_WORDS.split(name) if "@" in word[1:-1]]


def _sender_header(certification: CertificationData, sender: tuple[Address, ...]) -> Check:
    """The display name of From may speak for the certified sender ("Per conto di: …") and for nobody else."""
    name = CheckName.SENDER_HEADER
    own = {normal_address(certification.sender), *(normal_address(address.address) for address in sender)}
    named = {normal_address(found) for address in sender for found in _addresses_in(address.name)}
    if named - own:
        return contradicts(name, Reason.SENDER_MISMATCH, "From names an address that is not the certified sender")
    spoken_for = {squeezed(address.name) for address in sender if squeezed(address.name).startswith(ON_BEHALF)}
    if any(normal_address(certification.sender) not in name_shown for name_shown in spoken_for):
        return contradicts(name, Reason.SENDER_MISMATCH, "From speaks for somebody who is not the certified sender")
    return passed(name, "From names nobody but the certified sender")


def _reference_header(certification: CertificationData, outer: Summary) -> Check:
    name = CheckName.REFERENCE_HEADER
    if certification.message_id is None:
        return passed(name, "the certification data names no message id")
    if outer.reference is None:
        return missing(name, "no X-Riferimento-Message-ID")
    if normal_id(outer.reference) != certification.message_id:
        return contradicts(name, Reason.REFERENCE_MISMATCH, "X-Riferimento-Message-ID is not the certified msgid")
    return passed(name, "X-Riferimento-Message-ID is the certified msgid")


def _message_id_header(certification: CertificationData, outer: Summary) -> Check:
    name = CheckName.MESSAGE_ID_HEADER
    if certification.kind is not MessageKind.TRANSPORT_ENVELOPE:
        return passed(name, "a receipt has a Message-ID of its own")
    if outer.message_id is None:
        return missing(name, "no Message-ID")
    if normal_id(outer.message_id) != normal_id(certification.identifier):
        return contradicts(name, Reason.MESSAGE_ID_MISMATCH, "Message-ID is not the identificativo (RFC 6109 §3.1.5)")
    return passed(name, "Message-ID is the identificativo")


def _ids_agree(certification: CertificationData, original: Summary) -> bool:
    """The mail inside carries the PEC id, and the client's id beside it (RFC 6109 §2.2.1), or none at all."""
    found, reference = normal_id(original.message_id), normal_id(original.reference)
    if found is not None and found != normal_id(certification.identifier):
        return False
    return reference is None or certification.message_id is None or reference == certification.message_id


def _inner(certification: CertificationData, original: Summary | None) -> Check:
    name = CheckName.INNER_MESSAGE
    if original is None:
        return passed(name, "no mail inside")
    if not _ids_agree(certification, original):
        return contradicts(name, Reason.INNER_MISMATCH, "the mail inside has another identificativo or msgid")
    if original.sender and normal_address(original.sender_address) != normal_address(certification.sender):
        return contradicts(name, Reason.INNER_MISMATCH, "the mail inside has another sender")
    if original.subject and squeezed(original.subject) != squeezed(certification.subject or ""):
        return contradicts(name, Reason.INNER_MISMATCH, "the mail inside has another subject")
    if twice := HEADERS_INSIDE.intersection(original.repeated):
        return contradicts(name, Reason.DUPLICATE_HEADER, f"inside, {min(twice)} stands more than once")
    return passed(name, "the mail inside agrees with the certification data")
