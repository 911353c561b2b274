"""daticert.xml -> CertificationData (RFC 6109 §4.4).

Deviations seen in the wild are survived (pec-protocol reference: unescaped `<msgid>`, stray text, BOM, zones with a
colon); whatever would let two readers see two different documents is refused: DTDs, entities, repeated elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from pecdesk.pec.message import COMPLETENESS_OF, KIND_OF_TYPE, Completeness, MessageKind, normal_id

MAX_BYTES = 1024 * 1024
MAX_TAGS = 100_000
"""Opening and closing ones together; more than a genuine document of that size can hold."""


class RecipientType(StrEnum):
    """What the sender's provider says of a recipient's domain (`destinatari/@tipo`)."""

    CERTIFIED = "certified"
    EXTERNAL = "external"


@dataclass(frozen=True, slots=True)
class CertifiedRecipient:
    """One `destinatari` element."""

    address: str
    type: RecipientType


@dataclass(frozen=True, slots=True)
class CertificationData:
    """What a provider certifies about a message. Texts as written, trimmed."""

    type: str
    error: str
    extended_error: str | None
    sender: str
    recipients: tuple[CertifiedRecipient, ...]
    reply_to: str | None
    subject: str | None
    issuer: str
    time: datetime
    """Certified time with daticert's own zone."""
    identifier: str
    message_id: str | None
    receipt: str | None
    """Kind of delivery receipt as declared: completa, breve, sintetica."""
    delivered_to: str | None
    """`consegna`: the one recipient a notice is about."""
    taken_for: tuple[str, ...] = ()
    """`ricezione`: the recipients a provider took in charge."""

    @property
    def kind(self) -> MessageKind:
        """The kind that `tipo` names."""
        return KIND_OF_TYPE[self.type]

    @property
    def requested(self) -> Completeness | None:
        """The kind of receipt that was asked for."""
        return COMPLETENESS_OF.get(self.receipt or "")


class CertificationError(ValueError):
    """daticert.xml is not valid; the text says why, in English."""


AT_MOST_ONCE = frozenset(
    {
        "mittente",
        "risposte",
        "oggetto",
        "gestore-emittente",
        "data",
        "giorno",
        "ora",
        "identificativo",
        "msgid",
        "ricevuta",
        "consegna",
        "errore-esteso",
    }
)
LOCAL_TIME = re.compile(
    r"(3[01]|[12]\d|0[1-9]|[1-9])/(1[0-2]|0[1-9]|[1-9])/(\d{4}) (2[0-3]|[01]\d|\d):([0-5]\d|\d):([0-5]\d|\d)"
)
"""`giorno` and `ora`, as %d/%m/%Y and %H:%M:%S are read."""
ZONE = re.compile(r"([+-])(\d{2}):?(\d{2})")
UNESCAPED_MSGID = re.compile(rb"<msgid>\s*<([^<>]*)>\s*</msgid>")
XML_DECLARATION = re.compile(rb"^<\?xml[^>]*\?>")


def read_certification(data: bytes) -> CertificationData:
    """Read the decoded bytes of a daticert.xml. Raises `CertificationError`."""
    if len(data) > MAX_BYTES:
        raise CertificationError(f"larger than {MAX_BYTES} bytes")
    if data.count(b"<") > MAX_TAGS:
        raise CertificationError(f"more than {MAX_TAGS} tags")
    root = _parse(data)
    if root.tag != "postacert":
        raise CertificationError("the root element is not postacert")
    heading, facts = _only(root, "intestazione"), _only(root, "dati")
    for parent in (heading, facts, *facts.findall("data")):
        names = [child.tag for child in parent]
        for name in names:
            if name in AT_MOST_ONCE and names.count(name) > 1:
                raise CertificationError(f"{name} stands more than once")
    kind = (root.get("tipo") or "").strip().lower()
    if kind not in KIND_OF_TYPE:
        raise CertificationError(f"unknown tipo {kind[:40]!r}")
    recipients = tuple(_recipient(element) for element in heading.findall("destinatari"))
    if not recipients:
        raise CertificationError("no destinatari")
    receipt = facts.find("ricevuta")
    return CertificationData(
        type=kind,
        error=(root.get("errore") or "").strip().lower() or "nessuno",
        extended_error=_text(facts, "errore-esteso"),
        sender=_required(heading, "mittente"),
        recipients=recipients,
        reply_to=_text(heading, "risposte"),
        subject=_text(heading, "oggetto"),
        issuer=_required(facts, "gestore-emittente"),
        time=_time(_only(facts, "data")),
        identifier=_required(facts, "identificativo"),
        message_id=normal_id(_text(facts, "msgid")),
        receipt=(receipt.get("tipo") or "").strip().lower() or None if receipt is not None else None,
        delivered_to=_text(facts, "consegna"),
        taken_for=tuple(text for element in facts.findall("ricezione") if (text := _content(element))),
    )


def _parse(data: bytes) -> Element:
    """The root element: as declared, else as UTF-8, else as windows-1252; each with the msgid escaped or not."""
    failure: Exception | None = None
    tried: set[bytes] = set()
    for reading in _readings(data.removeprefix(b"\xef\xbb\xbf").strip(b" \t\r\n\0")):
        if reading in tried:
            continue
        tried.add(reading)
        try:
            root: Element = fromstring(reading, forbid_dtd=True)
        except DefusedXmlException as error:
            raise CertificationError("holds a document type or an entity") from error
        except (ParseError, ValueError, LookupError) as error:
            failure = error
        else:
            return root
    raise CertificationError("not well-formed XML") from failure


def _readings(data: bytes) -> Iterator[bytes]:
    """The ways in which a document may be meant, each made when it is asked for: nearly always the first is right."""
    yield from _escaped_or_not(data)
    bare = XML_DECLARATION.sub(b"", data)
    yield from _escaped_or_not(bare)
    yield from _escaped_or_not(bare.decode("windows-1252", "replace").encode())


def _escaped_or_not(text: bytes) -> Iterator[bytes]:
    yield text
    yield UNESCAPED_MSGID.sub(rb"<msgid>&lt;\1&gt;</msgid>", text)


def _only(parent: Element, name: str) -> Element:
    found = parent.findall(name)
    if len(found) != 1:
        raise CertificationError(f"{name} stands {len(found)} times")
    return found[0]


def _content(element: Element) -> str:
    if len(element):
        raise CertificationError(f"{element.tag} holds other elements")
    return " ".join((element.text or "").split())


def _text(parent: Element, name: str) -> str | None:
    element = parent.find(name)
    return (_content(element) or None) if element is not None else None


def _required(parent: Element, name: str) -> str:
    text = _text(parent, name)
    if text is None:
        raise CertificationError(f"{name} is missing or empty")
    return text


def _recipient(element: Element) -> CertifiedRecipient:
    kind = (element.get("tipo") or "certificato").strip().lower()
    if kind not in ("certificato", "esterno"):
        raise CertificationError(f"unknown destinatari tipo {kind[:40]!r}")
    address = _content(element)
    if not address:
        raise CertificationError("destinatari is empty")
    return CertifiedRecipient(address, RecipientType.CERTIFIED if kind == "certificato" else RecipientType.EXTERNAL)


def _time(element: Element) -> datetime:
    zone = ZONE.fullmatch((element.get("zona") or "").strip())
    if zone is None:
        raise CertificationError("zona is missing or wrong")
    sign, hours, minutes = zone.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    if offset > timedelta(hours=14) or int(minutes) > 59:
        raise CertificationError("zona is out of range")
    written = f"{_required(element, 'giorno')} {_required(element, 'ora')}"
    local = LOCAL_TIME.fullmatch(written)
    if local is None:
        raise CertificationError("the date or the time cannot be read")
    day, month, year, hour, minute, second = map(int, local.groups())
    try:
        certified = datetime(
            year, month, day, hour, minute, second, tzinfo=timezone(offset if sign == "+" else -offset)
        )
        certified.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise CertificationError("the date or the time cannot be read") from error
    return certified
