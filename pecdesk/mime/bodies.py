"""The bodies of a message as a reader sees them who prefers HTML: where `readable_text` takes the other alternative."""

from __future__ import annotations

from typing import NamedTuple

from pecdesk.mime.attachments import is_body_text
from pecdesk.mime.charset import decode_text
from pecdesk.mime.decode import decode_body
from pecdesk.mime.part import Part
from pecdesk.mime.text import is_html, leaf_text

_MAX_SOURCE = 8 * 1024 * 1024
"""Bytes of one encoded body of HTML that are looked at: what is behind them is beyond every limit of `safe_html`."""


class Body(NamedTuple):
    """One body."""

    text: str
    """The HTML, with line ends as the sender wrote them; or plain text as `readable_text` gives it."""
    is_html: bool


def bodies(raw: bytes, part: Part) -> tuple[Body, ...]:
    """Every body in order, of alternatives the HTML unless it is empty. Never raises."""
    found: list[Body] = []
    _collect(raw, part, found)
    return tuple(found)


def _collect(raw: bytes, part: Part, found: list[Body]) -> None:
    if part.media_type == "multipart/alternative":
        before = len(found)
        for child in sorted(part.children, key=is_html, reverse=True):
            _collect(raw, child, found)
            if len(found) > before:
                return
    elif part.children:
        for child in part.children:
            _collect(raw, child, found)
    elif is_body_text(part):
        body = _body(raw, part)
        if body.text.strip():
            found.append(body)


def _body(raw: bytes, part: Part) -> Body:
    if part.media_type == "text/html":
        encoded = raw[part.body.start : min(part.body.end, part.body.start + _MAX_SOURCE)]
        is_whole = part.body.end - part.body.start <= _MAX_SOURCE
        html = decode_text(decode_body(encoded, part), part.parameter("charset"), complete=is_whole)
        return Body(html, is_html=True)
    return Body(leaf_text(raw, part)[0], is_html=False)
