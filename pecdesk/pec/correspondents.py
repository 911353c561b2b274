"""Who stands in Date, To, Cc and Reply-To, and who issued it, held against daticert.

What the rules fix for the headers of an envelope or a receipt contradicts daticert where it says otherwise (RFC 6109
§3.1.4, §3.1.5, §3.3.2). What a provider may write in its own way decides nothing where it differs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache

from pecdesk.mime import addresses_of
from pecdesk.mime.addresses import MAX_ADDRESSES, Address
from pecdesk.pec.daticert import CertificationData
from pecdesk.pec.lines import contradicts, differs, missing, passed
from pecdesk.pec.message import MessageKind, Summary, normal_address
from pecdesk.trust import Certificate, Check, CheckName, Reason

MAX_DATE_DIFFERENCE = timedelta(hours=3)
"""Between Date and daticert's time. On genuine mail they are the same second; one hour is what Thunderbird allows, and
by two more Italian time differs from UTC, as which a Date without its zone is read."""

BETWEEN_PROVIDERS = frozenset({MessageKind.TAKEN_IN_CHARGE, MessageKind.VIRUS_DETECTED})
"""Kinds that go to the service mailbox of the sender's provider (RFC 6109 §3.2.1, §3.2.3)."""

LEGAL_FORMS = frozenset({"spa", "srl", "srls", "sapa", "snc", "sas", "scarl", "scpa", "soc", "societa", "coop"})
COMMON_WORDS = frozenset(
    {"posta", "certificata", "pec", "gestore", "gruppo", "servizio", "servizi", "regione", "di", "del", "della", "e"}
)

LONGEST_NAME = 1000
"""Characters of a company's name that are looked at."""

_PROVIDER = re.compile(r"(?:^|[,+])(?:O|CN)=((?:\\.|[^,+\\])*)")
_WORD = re.compile(r"[^\W_]+")


def date_header(certification: CertificationData, outer: Summary) -> Check:
    """Date is the time of acceptance, of delivery or of the notice. That of the mail inside is its author's own."""
    name = CheckName.DATE_HEADER
    if outer.date is None:
        return missing(name, "no Date that can be read")
    difference = abs(outer.date - certification.time)
    detail = f"Date is {int(difference.total_seconds())} s from the certified time"
    return contradicts(name, Reason.DATE_MISMATCH, detail) if difference > MAX_DATE_DIFFERENCE else passed(name, detail)


def recipients_header(certification: CertificationData, outer: Summary, original: Summary | None) -> Check:
    """An envelope has To and Cc of the mail inside, a receipt goes to the sender of that mail."""
    name = CheckName.RECIPIENTS_HEADER
    if certification.kind in BETWEEN_PROVIDERS:
        return passed(name, "it goes to a provider's service mailbox")
    shown = _among(outer.to, outer.cc)
    if not shown:
        return missing(name, "neither To nor Cc names an address")
    certified = frozenset(normal_address(recipient.address) for recipient in certification.recipients)
    if certification.kind is not MessageKind.TRANSPORT_ENVELOPE:
        known, due = _senders(certification, original), frozenset[str]()
    elif original is not None:
        inside = _among(original.to, original.cc)
        known, due = certified | inside, certified & inside
    else:
        known, due = shown | certified, certified if _is_readable(outer) else frozenset()
    if shown - known:
        return contradicts(name, Reason.RECIPIENT_MISMATCH, "To or Cc names somebody it is not for")
    if due - shown:
        return contradicts(name, Reason.RECIPIENT_MISMATCH, "neither To nor Cc names every certified recipient")
    return passed(name, "To and Cc name whom they should")


def reply_header(certification: CertificationData, outer: Summary, original: Summary | None) -> Check:
    """Answers to an envelope go to its certified sender, or where that sender asked for them (RFC 6109 §3.1.5)."""
    name = CheckName.REPLY_HEADER
    if certification.kind is not MessageKind.TRANSPORT_ENVELOPE:
        return passed(name, "a receipt is not answered")
    known = _senders(certification, original) | _among(outer.sender, original.reply_to if original else ())
    if _among(outer.reply_to) - known:
        return contradicts(name, Reason.REPLY_MISMATCH, "Reply-To is neither the sender's nor the certified one")
    return passed(name, "Reply-To leads to the certified sender, or is not there")


def recipients(certification: CertificationData, original: Summary | None) -> Check:
    """Recipients against each other. A provider takes no message for whom it does not name (RFC 6109 §3.1.1); a box
    with a second name, or an odd To, is no forgery: all of it is signed by the same provider."""
    name = CheckName.RECIPIENTS
    certified = {normal_address(recipient.address) for recipient in certification.recipients}
    single = (certification.delivered_to or "", *certification.taken_for)
    if {normal_address(address) for address in single if address} - certified:
        return differs(name, Reason.RECIPIENT_MISMATCH, "it speaks of somebody who is not among destinatari")
    if original is not None and _is_readable(original) and certified - _among(original.to, original.cc):
        return differs(name, Reason.RECIPIENT_MISMATCH, "somebody among destinatari is not in To or Cc inside")
    return passed(name, "the certified recipients agree with each other and with the mail inside")


def provider_name(certification: CertificationData, signer: Certificate | None) -> Check:
    """`gestore-emittente` against organisation and name of the certificate. Companies are renamed and merged, and write
    themselves in many ways: what ties the signature to the sender is the address, so a difference decides nothing."""
    name = CheckName.PROVIDER_NAME
    certified = _distinctive(certification.issuer)
    owners = [_distinctive(found) for found in _PROVIDER.findall(signer.subject if signer else "")]
    if not certified or any(certified & owner for owner in owners):
        return passed(name, "the provider's name is that in its certificate")
    return differs(name, Reason.PROVIDER_MISMATCH, "the provider's name is not in its certificate")


def _among(*fields: Iterable[Address]) -> frozenset[str]:
    return frozenset(normal_address(each.address) for field in fields for each in field if "@" in each.address[1:-1])


def _senders(certification: CertificationData, original: Summary | None) -> frozenset[str]:
    """The certified sender, where it wants its answers, and what the mail inside calls its sender."""
    wanted = addresses_of((certification.reply_to or "").encode())
    inside = original.sender if original is not None else ()
    return _among(wanted, inside) | {normal_address(certification.sender)}


def _is_readable(summary: Summary) -> bool:
    """Whether To and Cc can be read in full, so that whoever is not found there does not stand there."""
    fields = (summary.to, summary.cc)
    found = [each.address for field in fields for each in field]
    written_plainly = all("@" in address[1:-1] and address.isascii() for address in found)
    return bool(found) and written_plainly and all(len(field) < MAX_ADDRESSES for field in fields)


def _distinctive(name: str) -> frozenset[str]:
    """What is left of a company's name without case, accents, points, legal form and words that many have."""
    return _words_of(name[:LONGEST_NAME])


@lru_cache(maxsize=256)  # providers are few
def _words_of(name: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", name.replace(".", "").replace("'", " ").casefold())
    words = _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))
    found = [word for word in words if word not in LEGAL_FORMS and word not in COMMON_WORDS]
    return frozenset({*found, "".join(found)} - {""})
