"""What a message carries besides its text, with the digests that make it comparable."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from pecdesk.mime.decode import decoded_pieces
from pecdesk.mime.parameters import file_name_of, parameters_of
from pecdesk.mime.parse import read_headers, walk
from pecdesk.mime.part import Part, Span
from pecdesk.mime.signed_documents import FormatFinder, SignedFormat
from pecdesk.mime.words import text_of

_BODY_TYPES = frozenset({"text/plain", "text/html"})
_MESSAGE_TYPES = frozenset({"message/rfc822", "message/global"})
_MAX_SUBJECT = 100
_EXTENSIONS = {
    "application/pdf": ".pdf",
    "application/pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-mime": ".p7m",
    "application/x-pkcs7-signature": ".p7s",
    "application/xml": ".xml",
    "application/zip": ".zip",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "message/delivery-status": ".txt",
    "text/calendar": ".ics",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/rfc822-headers": ".txt",
    "text/xml": ".xml",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A leaf that is not the text of the message."""

    name: str
    """The name the sender gave, decoded but not made safe; a made-up one where there is none."""
    media_type: str
    """As declared."""
    size: int
    """Bytes, with the transfer encoding undone."""
    sha256: str
    """Hexadecimal digest of those bytes."""
    span: Span
    """The encoded body in the message."""
    signed: SignedFormat | None
    """How it is signed, as its content says; nothing is verified."""


def is_body_text(part: Part) -> bool:
    """True for a leaf that is text for reading: plain or HTML, without a file name, not meant as an attachment."""
    return (
        part.media_type in _BODY_TYPES
        and parameters_of(part.value("content-disposition"))[0] != "attachment"
        and file_name_of(part) is None
    )


def attachments(raw: bytes, part: Part) -> tuple[Attachment, ...]:
    """Every leaf of `part` that is not body text, in order; an attached message counts as one attachment."""
    found = []
    for leaf in _leaves(part):
        if is_body_text(leaf):
            continue
        digest, finder, head, size = hashlib.sha256(), FormatFinder(), b"", 0
        for piece in decoded_pieces(raw, leaf):
            digest.update(piece)
            finder.feed(piece)
            head = head or piece
            size += len(piece)
        name = file_name_of(leaf) or _made_up_name(leaf.media_type, head)
        found.append(Attachment(name, leaf.media_type, size, digest.hexdigest(), leaf.body, finder.found()))
    return tuple(found)


def _leaves(part: Part) -> Iterator[Part]:
    return (leaf for leaf in walk(part) if not leaf.children)


def _made_up_name(media_type: str, content: bytes) -> str:
    """A name for a part that has none; an attached message is named after its subject, which the beginning tells."""
    if media_type in _MESSAGE_TYPES:
        for header in read_headers(content, Span(0, len(content))).headers:
            if header.name == "subject" and (subject := text_of(header.value)):
                return subject[:_MAX_SUBJECT] + ".eml"
        return "messaggio.eml"
    stem = "immagine" if media_type.startswith("image/") else "allegato"
    return stem + _EXTENSIONS.get(media_type, ".bin")
