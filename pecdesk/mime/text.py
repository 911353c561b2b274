"""The text of a message as a reader and the search index need it; with `attachments`, all that a message holds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pecdesk.mime.attachments import (
    Attachment,
    attachments,
    is_body_text,
)
from pecdesk.mime.charset import decode_text, without_controls
from pecdesk.mime.decode import decode_body
from pecdesk.mime.html_text import text_of_html
from pecdesk.mime.parse import walk
from pecdesk.mime.part import Part, Span

__all__ = ["MAX_TEXT", "Attachment", "Text", "attachments", "readable_text"]

MAX_TEXT = 256 * 1024
"""Characters of text handed out."""
_MAX_SOURCE = 8 * MAX_TEXT
"""Bytes of one encoded body that are looked at, enough for three bytes a character in quoted-printable or for HTML."""

_QUOTE = re.compile(r">*")


@dataclass(frozen=True, slots=True)
class Text:
    """The readable text of a message: lines end with LF, control characters are replaced."""

    text: str
    from_html: bool = False
    """Some of it was HTML without a plain text beside it."""
    truncated: bool = False
    """There is more than `MAX_TEXT` characters, or than was looked at."""


def readable_text(raw: bytes, part: Part) -> Text:
    """The text a reader shows first.

    Of alternatives the first plain text that is not empty, else HTML reduced to text; several inline texts one after
    the other. Attachments and named parts are left out. Linear in the size, never raises.
    """
    found = _Collected()
    _collect(raw, part, found)
    text = "\n\n".join(found.texts)
    return Text(text[:MAX_TEXT], found.from_html, found.truncated or len(text) > MAX_TEXT)


class _Collected:
    """Texts gathered so far."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.length = 0
        self.from_html = False
        self.truncated = False


def _collect(raw: bytes, part: Part, found: _Collected) -> None:
    if part.media_type == "multipart/alternative":
        before = len(found.texts)
        for child in sorted(part.children, key=is_html):  # stable: the sender's order within each sort
            _collect(raw, child, found)
            if len(found.texts) > before:
                return
    elif part.children:
        for child in part.children:
            _collect(raw, child, found)
    elif is_body_text(part):
        if found.length > MAX_TEXT:
            found.truncated = True
            return
        text, is_whole = leaf_text(raw, part)
        found.truncated = found.truncated or not is_whole
        if text:
            found.texts.append(text)
            found.length += len(text)
            found.from_html = found.from_html or part.media_type == "text/html"


def is_html(part: Part) -> bool:
    """True if the first body text in `part` is HTML."""
    for leaf in walk(part):
        if is_body_text(leaf):
            return leaf.media_type == "text/html"
    return True


def leaf_text(raw: bytes, part: Part) -> tuple[str, bool]:
    """The text of one leaf without empty lines around it, and whether that is all of it."""
    body = Span(part.body.start, min(part.body.end, part.body.start + _MAX_SOURCE))
    is_whole = body == part.body
    source = decode_text(decode_body(body.of(raw), part), part.parameter("charset"), complete=is_whole)
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    if part.media_type == "text/html":
        text = text_of_html(source)
    elif (part.parameter("format") or "").lower() == "flowed":
        text = _unflow(source, deletes_blank=(part.parameter("delsp") or "").lower() == "yes")
    else:
        text = source
    return without_controls(text).strip("\n").rstrip(), is_whole


def _unflow(source: str, *, deletes_blank: bool) -> str:
    """Put the paragraphs of format=flowed text together again (RFC 3676 §4)."""
    lines: list[str] = []
    paragraph: list[str] = []
    depth = 0
    for line in source.split("\n"):
        marks = _QUOTE.match(line)
        assert marks is not None  # it may match nothing, but it matches
        content = line[marks.end() :].removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        if paragraph and (marks.end() != depth or content == "-- "):
            lines.append(_quoted(depth, paragraph))
            paragraph = []
        depth = marks.end()
        paragraph.append(content[:-1] if flows and deletes_blank else content)
        if not flows:
            lines.append(_quoted(depth, paragraph))
            paragraph = []
    if paragraph:
        lines.append(_quoted(depth, paragraph))
    return "\n".join(lines)


def _quoted(depth: int, paragraph: list[str]) -> str:
    prefix = ">" * depth + " " if depth else ""
    return prefix + "".join(paragraph)
