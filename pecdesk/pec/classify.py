"""What PEC object does a message claim to be, and where in it do its pieces lie?

The claim comes from headers that nobody signed; only a daticert under a passed signature confirms it
(`pecdesk.pec.evidence`). Subjects are written by users and never looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

from pecdesk.mime import Part, file_name_of, text_of
from pecdesk.pec.message import KIND_OF_RECEIPT, KIND_OF_TRANSPORT, MessageKind

SIGNATURE_TYPES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature"})


@dataclass(frozen=True, slots=True)
class Claimed:
    """What the unsigned headers say."""

    sender: str
    subject: str
    x_ricevuta: str | None
    x_trasporto: str | None
    x_tipo_ricevuta: str | None
    kind: MessageKind


@dataclass(frozen=True, slots=True)
class Layout:
    """The pieces of a PEC object at their fixed places; None where a place is empty (RFC 6109 §4.3)."""

    signed: Part | None = None
    """First part of a top-level multipart/signed."""
    signature: Part | None = None
    """Its second part, when its type is that of a detached PKCS#7 signature."""
    certification: Part | None = None
    """daticert.xml: a direct child of the signed multipart/mixed, never one found deeper."""
    original: Part | None = None
    """postacert.eml: likewise."""
    text: Part | None = None
    """The provider's own words."""


def _header(part: Part, name: str) -> str | None:
    value = part.value(name)
    return None if value is None else text_of(value).strip().lower()


def claimed_of(part: Part) -> Claimed:
    """What the headers of the outermost part claim."""
    return Claimed(
        sender=text_of(part.value("from")),
        subject=text_of(part.value("subject")),
        x_ricevuta=_header(part, "x-ricevuta"),
        x_trasporto=_header(part, "x-trasporto"),
        x_tipo_ricevuta=_header(part, "x-tiporicevuta"),
        kind=_claimed_kind(part),
    )


def _claimed_kind(part: Part) -> MessageKind:
    if not part.headers:
        return MessageKind.UNKNOWN
    receipt = _header(part, "x-ricevuta")
    if receipt is not None:
        return KIND_OF_RECEIPT.get(receipt, MessageKind.UNKNOWN)
    transport = _header(part, "x-trasporto")
    if transport is not None:
        return KIND_OF_TRANSPORT.get(transport, MessageKind.UNKNOWN)
    rem = _header(part, "rem-messagetype")
    if rem is not None:
        return MessageKind.REM_DISPATCH if rem.endswith("/dispatch") else MessageKind.REM_RECEIPT
    if part.media_type == "multipart/report" and (part.parameter("report-type") or "").lower() == "delivery-status":
        return MessageKind.DELIVERY_STATUS
    return MessageKind.ORDINARY


def layout_of(part: Part) -> Layout:
    """Where the pieces of a PEC object lie; of an unsigned one too, so that its claims can be shown."""
    if part.media_type != "multipart/signed":
        return _layout_of_content(None, None, part)
    signed = part.children[0] if part.children else None
    signature = next((child for child in part.children[1:2] if child.media_type in SIGNATURE_TYPES), None)
    return _layout_of_content(signed, signature, signed)


def _layout_of_content(signed: Part | None, signature: Part | None, content: Part | None) -> Layout:
    certification = original = text = None
    if content is not None and content.media_type == "multipart/mixed":
        for child in content.children:
            if certification is None and _is_certification(child):
                certification = child
            elif original is None and _is_original(child):
                original = child
            elif text is None and child.media_type in ("text/plain", "multipart/alternative"):
                text = child
    return Layout(signed, signature, certification, original, text)


def _is_certification(part: Part) -> bool:
    name = (file_name_of(part) or "").lower()
    return part.media_type in ("application/xml", "text/xml") or name == "daticert.xml"


def _is_original(part: Part) -> bool:
    if part.media_type == "message/rfc822":
        return True
    return (file_name_of(part) or "").lower() == "postacert.eml"
