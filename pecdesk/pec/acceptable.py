"""Whether the bytes of a message may be handed to an access point, and what may be added to them before; pure.

What an access point demands: RFC 6109 §3.1.1. Beyond that nothing is taken that two readers might read differently: who
gets a message must be the same for us, for the provider and for whoever compares To and Cc with the receipts later.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pecdesk.errors import N_, PecdeskError
from pecdesk.mime import Limit, Part, date_of, message_id_of, parse, strict_address
from pecdesk.mime.addresses import strict_addresses
from pecdesk.mime.header_fields import date_field, is_message_id
from pecdesk.pec.message import COMPLETENESS_OF, normal_address, normal_id

LONGEST_LINE = 998
"""Bytes of a line without its end (RFC 5322 §2.1.1); servers cut longer ones, and the signature over them breaks."""


class Objection(StrEnum):
    """Why a message is not handed over. Closed."""

    HEADERS = "headers"
    LINE_ENDS = "line-ends"
    LONG_LINE = "long-line"
    REPEATED_FIELD = "repeated-field"
    FROM_UNCLEAR = "from-unclear"
    FROM_OTHER = "from-other"
    NO_RECIPIENT = "no-recipient"
    RECIPIENTS_UNCLEAR = "recipients-unclear"
    BLIND_COPY = "blind-copy"
    FIELD_OF_PROVIDERS = "field-of-providers"
    FIELD_UNCLEAR = "field-unclear"
    RECEIPT_UNKNOWN = "receipt-unknown"
    RECEIPT_CONFLICT = "receipt-conflict"
    TOO_BIG = "too-big"
    TOO_MANY_RECIPIENTS = "too-many-recipients"
    KNOWN_MESSAGE_ID = "known-message-id"
    """A message with its Message-ID was sent from here already, or is about to be."""


OBJECTIONS: Mapping[Objection, str] = {
    Objection.HEADERS: N_("It does not begin with the header fields of a mail, or they are damaged."),
    Objection.LINE_ENDS: N_("Its lines end in different ways, or it holds a NUL: servers could read it differently."),
    Objection.LONG_LINE: N_("It has a line of more than {longest} bytes, which servers cut."),
    Objection.REPEATED_FIELD: N_("The field {name} stands there more than once."),
    Objection.FROM_UNCLEAR: N_("From does not name exactly one plain address."),
    Objection.FROM_OTHER: N_("From is {address}, and the account is {account}: the provider refuses that."),
    Objection.NO_RECIPIENT: N_("There is nobody in To: the provider refuses a message with only Cc."),
    Objection.RECIPIENTS_UNCLEAR: N_("The field {name} cannot be read without doubt."),
    Objection.BLIND_COPY: N_("It has a Bcc field: certified mail knows no blind copies."),
    Objection.FIELD_OF_PROVIDERS: N_(
        "It has the field {name}, which only providers write: a receipt or an envelope is sent on as an attachment."
    ),
    Objection.FIELD_UNCLEAR: N_("The field {name} is not written as it has to be."),
    Objection.RECEIPT_UNKNOWN: N_("It asks for a receipt of a kind that is not known: {value}."),
    Objection.RECEIPT_CONFLICT: N_("It asks for the receipt “{value}”, and you ask for “{wanted}”."),
    Objection.TOO_BIG: N_(
        "It has {size} bytes for {recipients} recipients; bytes times recipients may be {limit} at this provider."
    ),
    Objection.TOO_MANY_RECIPIENTS: N_("It has {recipients} recipients; this provider takes {limit} at most."),
    Objection.KNOWN_MESSAGE_ID: N_(
        "A message with the same Message-ID {message_id} was sent from here already, or is about to be."
    ),
}

_SINGLE = frozenset(
    {
        "from",
        "to",
        "cc",
        "subject",
        "date",
        "message-id",
        "reply-to",
        "sender",
        "in-reply-to",
        "references",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "x-tiporicevuta",
    }
)
"""Fields that may stand there once (RFC 5322 §3.6): of two, somebody else may read the other one."""

_OF_PROVIDERS = ("x-ricevuta", "x-trasporto", "x-verificasicurezza", "x-riferimento-message-id")
"""RFC 6109 appendix A."""

_BLOCK = re.compile(rb"(?>(?:[!-9;-~]++:[^\r\n]*+\r\n(?>(?:[ \t]++[^\r\n]++\r\n)*))+)(?=\r\n|\Z)")
"""Fields, each with its folded lines, none of which is blank; then the empty line, or nothing."""

_NOT_CRLF = re.compile(rb"\r(?!\n)|(?<!\r)\n|\0")
_LONG = re.compile(rb"(?m)^[^\r\n]{%d}" % (LONGEST_LINE + 1))
"""Looked for from the beginning of a line only: from each byte on it takes seconds in a large message."""


@dataclass(frozen=True, slots=True)
class Objected:
    """One thing that stands against a message."""

    kind: Objection
    fields: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """English template for `fields`."""
        return OBJECTIONS[self.kind]


class UnacceptableError(PecdeskError):
    """A message cannot be sent as it is; nothing was done."""

    def __init__(self, *, objections: tuple[Objected, ...]) -> None:
        self.objections = objections
        super().__init__(objections[0].sentence, N_("Nothing was sent."), **objections[0].fields)


@dataclass(frozen=True, slots=True)
class Addressed:
    """Who sends a message to whom, and its name."""

    sender: str
    recipients: tuple[str, ...]
    """Everybody in To and Cc, each once."""
    message_id: str
    """Comparable form."""


@dataclass(frozen=True, slots=True)
class Completed:
    """A message as it may leave, and what was done to it for that."""

    raw: bytes
    added: tuple[tuple[str, str], ...]
    """Fields that were not there, in front of all others."""
    line_ends_changed: bool


def completed(raw: bytes, *, message_id: str, date: datetime, receipt: str | None = None) -> Completed:
    """The message with CRLF for LF, if there is no CR in it at all, and with the fields that it lacks.

    `message_id` with its angle brackets; `receipt` is a value of X-TipoRicevuta. Nothing else is touched.
    """
    written = raw.replace(b"\n", b"\r\n") if b"\r" not in raw else raw
    written = written if written.endswith(b"\r\n") else written + b"\r\n"
    wanted = {"Message-ID": message_id, "Date": date_field(date)} | ({"X-TipoRicevuta": receipt} if receipt else {})
    there = {header.name for header in parse(written).headers}
    added = tuple((name, value) for name, value in wanted.items() if name.lower() not in there)
    lines = "".join(f"{name}: {value}\r\n" for name, value in added).encode("ascii")
    return Completed(lines + written, added, written != raw)


def objections(
    raw: bytes, account: str, *, receipt: str | None = None, size_limit: int = 0, recipients_limit: int = 0
) -> tuple[Objected, ...]:
    """All that stands against handing these bytes over from that account. Limits of 0 are not known."""
    if _NOT_CRLF.search(raw) or not raw.endswith(b"\r\n"):
        return (Objected(Objection.LINE_ENDS),)
    part = parse(raw)
    if _BLOCK.match(raw) is None or Limit.HEADERS in part.limits:
        return (Objected(Objection.HEADERS),)
    found = list(_objections(raw, part, account, receipt))
    if not found:
        recipients = len(_recipients(part))
        if recipients_limit and recipients > recipients_limit:
            fields = {"recipients": recipients, "limit": recipients_limit}
            found.append(Objected(Objection.TOO_MANY_RECIPIENTS, fields))
        if size_limit and len(raw) * recipients > size_limit:
            fields = {"size": len(raw), "recipients": recipients, "limit": size_limit}
            found.append(Objected(Objection.TOO_BIG, fields))
    return tuple(found)


def _objections(raw: bytes, part: Part, account: str, receipt: str | None) -> Iterator[Objected]:
    names = Counter(header.name for header in part.headers)
    if _LONG.search(raw):
        yield Objected(Objection.LONG_LINE, {"longest": LONGEST_LINE})
    for name, count in names.items():
        if name in _SINGLE and count > 1:
            yield Objected(Objection.REPEATED_FIELD, {"name": name})
    for name in _OF_PROVIDERS:
        if name in names:
            yield Objected(Objection.FIELD_OF_PROVIDERS, {"name": name})
    sender, _ = strict_address(part.values("from"))
    if sender is None:
        yield Objected(Objection.FROM_UNCLEAR)
    elif normal_address(sender) != normal_address(account):
        yield Objected(Objection.FROM_OTHER, {"address": sender, "account": account})
    yield from _about_recipients(part, names)
    message_id = part.value("message-id")
    if message_id is None or not is_message_id(message_id.decode("ascii", "replace")):
        yield Objected(Objection.FIELD_UNCLEAR, {"name": "message-id"})
    if date_of(part.value("date")) is None:
        yield Objected(Objection.FIELD_UNCLEAR, {"name": "date"})
    yield from _about_receipt(part, receipt)


def _about_recipients(part: Part, names: Mapping[str, int]) -> Iterator[Objected]:
    if "bcc" in names or "resent-bcc" in names:
        yield Objected(Objection.BLIND_COPY)
    if not (part.value("to") or b"").strip():
        yield Objected(Objection.NO_RECIPIENT)
    for name in ("to", "cc"):
        for value in part.values(name):
            if value.strip() and strict_addresses(value) is None:
                yield Objected(Objection.RECIPIENTS_UNCLEAR, {"name": name})


def _about_receipt(part: Part, receipt: str | None) -> Iterator[Objected]:
    value = part.value("x-tiporicevuta")
    if value is None:
        return
    asked = value.decode("ascii", "replace").strip().lower()
    if asked not in COMPLETENESS_OF:
        yield Objected(Objection.RECEIPT_UNKNOWN, {"value": asked})
    elif receipt is not None and receipt != asked:
        yield Objected(Objection.RECEIPT_CONFLICT, {"value": asked, "wanted": receipt})


def addressed(raw: bytes) -> Addressed:
    """Sender, recipients and id of a message against which nothing stands."""
    part = parse(raw)
    sender, _ = strict_address(part.values("from"))
    message_id = normal_id(message_id_of(part.value("message-id")))
    assert sender is not None
    assert message_id is not None
    return Addressed(sender, _recipients(part), message_id)


def _recipients(part: Part) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for name in ("to", "cc"):
        for value in part.values(name):
            for address in strict_addresses(value) or ():
                found.setdefault(normal_address(address), address)
    return tuple(found.values())
