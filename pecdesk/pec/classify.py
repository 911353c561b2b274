"""What PEC object does a message claim to be, and where in it do its pieces lie?

The claim comes from headers that nobody signed; only a daticert under a passed signature confirms it
(`pecdesk.examine`). Subjects are written by users and never looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pecdesk.mime import Part, file_name_of, text_of
from pecdesk.pec.message import KIND_OF_RECEIPT, KIND_OF_TRANSPORT, MessageKind

SIGNATURE_TYPES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature"})
CERTIFICATION_TYPES = frozenset({"application/xml", "text/xml"})
ORIGINAL_TYPES = frozenset({"message/rfc822"})

CLAIMING_NOTHING = frozenset({MessageKind.ORDINARY, MessageKind.DELIVERY_STATUS})
"""Kinds whose headers name no PEC object."""


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
    rem_evidence: Part | None = None
    """The evidence XML of a REM message, which says so in its own, signed headers (EN 319 532-3)."""


def _header(part: Part, name: str) -> str | None:
    """What a header says, in lower case; one that stands twice says all it says, and so nothing that is known."""
    values = part.values(name)
    if not values:
        return None
    return ", ".join(dict.fromkeys(text_of(value).strip().lower() for value in values))


def claimed_of(part: Part) -> Claimed:
    """What the headers of the outermost part claim."""
    receipt, transport = _header(part, "x-ricevuta"), _header(part, "x-trasporto")
    return Claimed(
        sender=text_of(part.value("from")),
        subject=text_of(part.value("subject")),
        x_ricevuta=receipt,
        x_trasporto=transport,
        x_tipo_ricevuta=_header(part, "x-tiporicevuta"),
        kind=_claimed_kind(part, receipt, transport),
    )


def _claimed_kind(part: Part, receipt: str | None, transport: str | None) -> MessageKind:
    if not part.headers:
        return MessageKind.UNKNOWN
    if receipt is not None:
        return KIND_OF_RECEIPT.get(receipt, MessageKind.UNKNOWN)
    if transport is not None:
        return KIND_OF_TRANSPORT.get(transport, MessageKind.UNKNOWN)
    rem = _header(part, "rem-messagetype")
    if rem is not None:
        return MessageKind.REM_DISPATCH if rem.endswith("/dispatch") else MessageKind.REM_RECEIPT
    if part.media_type == "multipart/report" and (part.parameter("report-type") or "").lower() == "delivery-status":
        return MessageKind.DELIVERY_STATUS
    return MessageKind.ORDINARY


def layout_of(part: Part, claimed: Claimed | None = None) -> Layout:
    """Where the pieces of a PEC object lie; of an unsigned one too, so that its claims can be shown.

    A message that is not signed and claims nothing has no such pieces, whatever its author attached to it. `claimed` is
    what it claims, where that is known already.
    """
    claims = (claimed or claimed_of(part)).kind not in CLAIMING_NOTHING
    if part.media_type != "multipart/signed":
        return _layout_of_content(None, None, part, claims=claims)
    signed = part.children[0] if part.children else None
    signature = next((child for child in part.children[1:2] if child.media_type in SIGNATURE_TYPES), None)
    return _layout_of_content(signed, signature, signed, claims=claims)


def _layout_of_content(signed: Part | None, signature: Part | None, content: Part | None, *, claims: bool) -> Layout:
    children = content.children if content is not None and content.media_type == "multipart/mixed" else ()
    text = next((child for child in children if child.media_type in ("text/plain", "multipart/alternative")), None)
    certification = _piece(children, "daticert.xml", CERTIFICATION_TYPES) if claims or signature is not None else None
    original = _piece(children, "postacert.eml", ORIGINAL_TYPES) if claims or certification is not None else None
    rem_evidence = next(filter(_is_rem_evidence, children), None)
    return Layout(signed, signature, certification, original, text, rem_evidence)


def _is_rem_evidence(part: Part) -> bool:
    return _header(part, "rem-section-type") == "rem_message/xml_evidence"


def _piece(children: Iterable[Part], name: str, media_types: frozenset[str]) -> Part | None:
    """The child of that file name; else, since some providers name nothing, the first of a fitting type."""
    named = (child for child in children if (file_name_of(child) or "").lower() == name)
    typed = (child for child in children if child.media_type in media_types)
    return next(named, None) or next(typed, None)
