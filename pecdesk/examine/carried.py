"""What a message carries for its reader: the mail inside it, the words of its writer and of its provider, the files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from pecdesk.examine.examination import Original
from pecdesk.mime import Attachment, Part, attachments, parse, readable_text
from pecdesk.pec.classify import Layout, layout_of
from pecdesk.pec.comparison import fingerprint_of
from pecdesk.pec.inside import Inside, mail_inside
from pecdesk.pec.message import Completeness, summary_of


def inside(raw: bytes) -> bytes | None:
    """The mail inside an envelope or a delivery receipt, as `original_bytes` gives it; None where there is none."""
    found = mail_inside(raw, layout_of(parse(raw)))
    return found.raw if found else None


def original_bytes(raw: bytes, original: Original) -> bytes:
    """The mail inside, byte for byte as it was before its transfer encoding."""
    if original.encoding == "identity":
        return raw[original.start : original.end]
    return inside(raw) or b""


def original_of(layout: Layout, found: Inside | None, content: Content) -> Original | None:
    """Where the mail inside lies and what it is; None where there is none. `content` is of that mail."""
    if layout.original is None or found is None:
        return None
    body = memoryview(found.data)[found.part.span.start : found.part.span.end]
    fingerprint = fingerprint_of(found.data, found.part, known=content.attachments)
    return Original(
        start=layout.original.body.start,
        end=layout.original.body.end,
        encoding=found.encoding,
        sha256=hashlib.sha256(body).hexdigest(),
        size=len(body),
        summary=summary_of(found.part),
        completeness=Completeness.BRIEF if fingerprint.is_hashed else Completeness.FULL,
        fingerprint=fingerprint,
    )


@dataclass(frozen=True, slots=True)
class Content:
    """What there is to read and to take out."""

    text: str
    notice: str
    attachments: tuple[Attachment, ...]


def content_of(raw: bytes, part: Part, layout: Layout, found: Inside | None) -> Content:
    """What a reader wants to see: the user's own words first, the provider's apart."""
    if found is not None:
        notice = readable_text(raw, layout.text).text if layout.text else ""
        return Content(readable_text(found.data, found.part).text, notice, attachments(found.data, found.part))
    text = readable_text(raw, layout.signed or part).text
    if layout.certification is not None:
        return Content("", text, ())
    return Content(text, "", attachments(raw, layout.signed or part))
