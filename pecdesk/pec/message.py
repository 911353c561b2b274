"""The words every other part shares: kinds of PEC object, ids, and the summary of a message."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pecdesk.mime import Part, addresses_of, date_of, message_id_of, message_ids_of, text_of
from pecdesk.mime.headers import Address


class MessageKind(StrEnum):
    """What a message is. Closed (cli.md section 3)."""

    ACCEPTANCE = "acceptance"
    NON_ACCEPTANCE = "non-acceptance"
    TAKEN_IN_CHARGE = "taken-in-charge"
    DELIVERY = "delivery"
    NON_DELIVERY = "non-delivery"
    DELAY_NOTICE = "delay-notice"
    VIRUS_DETECTED = "virus-detected"
    TRANSPORT_ENVELOPE = "transport-envelope"
    ANOMALY_ENVELOPE = "anomaly-envelope"
    REM_DISPATCH = "rem-dispatch"
    REM_RECEIPT = "rem-receipt"
    DELIVERY_STATUS = "delivery-status"
    ORDINARY = "ordinary"
    UNKNOWN = "unknown"

    @property
    def is_receipt(self) -> bool:
        """One of the seven PEC receipts and notices."""
        return self in RECEIPTS

    @property
    def is_rem(self) -> bool:
        """An object of the European successor (ETSI EN 319 532)."""
        return self in (MessageKind.REM_DISPATCH, MessageKind.REM_RECEIPT)


RECEIPTS = frozenset(
    {
        MessageKind.ACCEPTANCE,
        MessageKind.NON_ACCEPTANCE,
        MessageKind.TAKEN_IN_CHARGE,
        MessageKind.DELIVERY,
        MessageKind.NON_DELIVERY,
        MessageKind.DELAY_NOTICE,
        MessageKind.VIRUS_DETECTED,
    }
)

KIND_OF_RECEIPT = {
    "accettazione": MessageKind.ACCEPTANCE,
    "non-accettazione": MessageKind.NON_ACCEPTANCE,
    "presa-in-carico": MessageKind.TAKEN_IN_CHARGE,
    "avvenuta-consegna": MessageKind.DELIVERY,
    "errore-consegna": MessageKind.NON_DELIVERY,
    "preavviso-errore-consegna": MessageKind.DELAY_NOTICE,
    "rilevazione-virus": MessageKind.VIRUS_DETECTED,
}
"""Values of X-Ricevuta, and of `postacert/@tipo` for receipts (RFC 6109 §4.4, appendix A)."""

KIND_OF_TRANSPORT = {
    "posta-certificata": MessageKind.TRANSPORT_ENVELOPE,
    "errore": MessageKind.ANOMALY_ENVELOPE,
}
"""Values of X-Trasporto (RFC 6109 appendix A)."""

KIND_OF_TYPE = {**KIND_OF_RECEIPT, "posta-certificata": MessageKind.TRANSPORT_ENVELOPE}
"""Values of `postacert/@tipo`; an anomaly envelope has no daticert (RFC 6109 §3.2.2)."""


class Completeness(StrEnum):
    """How much of the original a delivery receipt brings back (RFC 6109 §3.3.2)."""

    FULL = "full"
    BRIEF = "brief"
    SHORT = "short"


COMPLETENESS_OF = {"completa": Completeness.FULL, "breve": Completeness.BRIEF, "sintetica": Completeness.SHORT}


def normal_id(value: str | None) -> str | None:
    """An id as it is compared: trimmed, one pair of angle brackets stripped, the domain in lower case."""
    if value is None:
        return None
    value = value.strip()
    if value.startswith("<") and value.endswith(">"):
        value = value[1:-1].strip()
    local, at, domain = value.rpartition("@")
    return (f"{local}{at}{domain.lower()}" if at else value) or None


def normal_address(value: str) -> str:
    """An address as it is compared: no white space, lower case."""
    return "".join(value.split()).lower()


MAX_NORMALISED = 4000
"""Characters; NFKC takes the square of a row of combining marks, so longer texts are compared without it."""


def squeezed(text: str) -> str:
    """A text as subjects and names are compared: NFKC, no white space, no case, nothing invisible."""
    normal = unicodedata.normalize("NFKC", text) if len(text) <= MAX_NORMALISED else text
    folded = "".join(normal.casefold().split())
    return folded if folded.isprintable() else "".join(filter(str.isprintable, folded))


SINGLE_HEADERS = (
    "from",
    "subject",
    "date",
    "message-id",
    "x-ricevuta",
    "x-trasporto",
    "x-tiporicevuta",
    "x-riferimento-message-id",
)
"""Headers of which one value is read, so that a second one is what another program may show (RFC 5322 §3.6, RFC 6109
§4). To, Cc and Reply-To are read in full, however often they stand there."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What the headers of one message claim; nothing here is certified."""

    subject: str
    sender: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    date: datetime | None
    message_id: str | None
    reference: str | None
    """X-Riferimento-Message-ID; of REM its counterpart, REM-UAMessageIdentifier (EN 319 532-3)."""
    in_reply_to: str | None
    references: tuple[str, ...]
    reply_to: tuple[Address, ...] = ()
    repeated: tuple[str, ...] = ()
    """Which headers of `SINGLE_HEADERS` stand there more than once, in different words."""

    @property
    def sender_address(self) -> str:
        """The first From address, or nothing."""
        return self.sender[0].address if self.sender else ""


def summary_of(part: Part) -> Summary:
    """The summary of the message whose outermost part this is."""
    return Summary(
        subject=text_of(part.value("subject")),
        sender=addresses_of(part.value("from")),
        to=tuple(address for value in part.values("to") for address in addresses_of(value)),
        cc=tuple(address for value in part.values("cc") for address in addresses_of(value)),
        date=date_of(part.value("date")),
        message_id=message_id_of(part.value("message-id")),
        reference=message_id_of(part.value("x-riferimento-message-id")) or _rem_reference(part),
        in_reply_to=message_id_of(part.value("in-reply-to")),
        references=message_ids_of(part.value("references")),
        reply_to=tuple(address for value in part.values("reply-to") for address in addresses_of(value)),
        repeated=_repeated(part),
    )


def _repeated(part: Part) -> tuple[str, ...]:
    names = [header.name for header in part.headers]
    twice = [name for name in SINGLE_HEADERS if names.count(name) > 1]
    return tuple(name for name in twice if len({squeezed(text_of(value)) for value in part.values(name)}) > 1)


def _rem_reference(part: Part) -> str | None:
    return message_id_of(part.value("rem-uamessageidentifier")) if part.values("rem-messagetype") else None
