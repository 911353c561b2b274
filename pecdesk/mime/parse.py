"""Split a message into parts, as spans over its bytes.

One parser serves verification and display, so that both see the same parts: what was signed is a slice of the
original bytes, never something written again. A line ends with LF or CRLF; a lone CR is an ordinary byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from pecdesk.mime.decode import decoded
from pecdesk.mime.parameters import Parameters, parameters_of
from pecdesk.mime.part import Header, Limit, Part, Span

__all__ = ["MAX_DEPTH", "MAX_HEADER_BYTES", "MAX_HEADER_FIELDS", "MAX_PARTS", "decoded", "parse", "walk"]

MAX_HEADER_BYTES = 64 * 1024
"""Bytes of one header block."""
MAX_HEADER_FIELDS = 1000
"""Fields of one header block."""
MAX_DEPTH = 30
"""Multiparts around a part."""
MAX_PARTS = 5000
"""Parts of one message."""
_MAX_DELIMITERS = 4 * MAX_PARTS
"""Lines of one message that begin like a delimiter, whether they are one or not: bounds the work, not the result."""

# The empty line after the headers. A delimiter, where that line was forgotten, ends them too.
_HEADER_END = re.compile(rb"\n(?:\r?\n|(?=--))")
# RFC 5322 §2.2, with blanks before the colon (§4.5). Lines that are no field are skipped: mbox's "From ", rubbish.
_FIELD = re.compile(rb"^([!-9;-~]++)[ \t]*+:([^\n]*+(?>(?:\n[ \t][^\n]*+)*))", re.MULTILINE)
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}")  # RFC 6838 §4.2
# What may follow "--boundary" on its line (RFC 2046 §5.1.1).
_DELIMITER_REST = re.compile(rb"(--)?[ \t]*+\r?(?:\n|\Z)")

_CARRIAGE_RETURN = 0x0D
_NO_LIMITS: frozenset[Limit] = frozenset()


class HeaderBlock(NamedTuple):
    """The header fields of one entity and where its body begins."""

    headers: tuple[Header, ...]
    body_start: int
    is_over_limit: bool


class _Division(NamedTuple):
    """A multipart body cut at its delimiters."""

    spans: list[Span]
    is_closed: bool
    is_over_limit: bool


class _Budget:
    """What is left of the limits that count over a whole message."""

    def __init__(self) -> None:
        self.parts = MAX_PARTS - 1
        self.delimiters = _MAX_DELIMITERS


def parse(raw: bytes, span: Span | None = None) -> Part:
    """Parse `raw`, or the message in that range of it; all spans of the result are offsets into `raw`.

    Never raises and takes time linear in the size. Where a limit is hit the part is not divided any further, and the
    limit stands in it and in every part around it. `message/rfc822` is a leaf: to open one, parse its body.
    """
    start, end = span or (0, len(raw))
    end = max(0, min(end, len(raw)))
    start = max(0, min(start, end))
    return _entity(raw, Span(start, end), "text/plain", 0, _Budget())


def walk(part: Part) -> Iterator[Part]:
    """The part and everything below it, depth first."""
    waiting = [part]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(current.children))


def read_headers(raw: bytes, span: Span) -> HeaderBlock:
    """The header fields at the beginning of `span`; without any field the whole span is body."""
    start, end = span
    if raw.startswith((b"\n", b"\r\n"), start, end):
        return HeaderBlock((), raw.index(b"\n", start) + 1, False)
    if raw.startswith(b"--", start, end):
        return HeaderBlock((), start, False)
    cap = min(end, start + MAX_HEADER_BYTES)
    over_limit = False
    separator = _HEADER_END.search(raw, start, cap)
    if separator is not None:
        block = raw[start : separator.start()]
    else:
        block = raw[start:cap]
        over_limit = cap < end
        if over_limit:
            separator = _HEADER_END.search(raw, cap - 2, end)
    fields = _FIELD.findall(block)
    if not fields:
        return HeaderBlock((), start, False)
    headers = tuple([Header(name.decode("ascii").lower(), value.strip()) for name, value in fields[:MAX_HEADER_FIELDS]])
    over_limit = over_limit or len(fields) > MAX_HEADER_FIELDS
    return HeaderBlock(headers, separator.end() if separator else end, over_limit)


def _entity(raw: bytes, span: Span, default_type: str, depth: int, budget: _Budget) -> Part:
    headers, body_start, is_over_limit = read_headers(raw, span)
    body = Span(body_start, span.end)
    media_type, parameters = _content_type(headers, default_type)
    if not media_type.startswith("multipart/"):
        limits = frozenset({Limit.HEADERS}) if is_over_limit else _NO_LIMITS
        return Part(span, body, headers, media_type, parameters, limits=limits)

    limit: Limit | None = None
    division = _Division([], is_closed=False, is_over_limit=False)
    boundary = _boundary(parameters)
    if is_over_limit:
        limit = Limit.HEADERS
    elif depth == MAX_DEPTH:
        limit = Limit.DEPTH
    elif boundary:
        division = _divide(raw, body, boundary, budget)
        if division.is_over_limit:
            limit = Limit.PARTS
    child_type = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
    children = tuple([_entity(raw, child, child_type, depth + 1, budget) for child in division.spans])
    limits = _NO_LIMITS.union(*(child.limits for child in children), (limit,) if limit else ())
    return Part(span, body, headers, media_type, parameters, children, division.is_closed, limits)


def _content_type(headers: tuple[Header, ...], default_type: str) -> tuple[str, Parameters]:
    """The first Content-Type, since Python's and most parsers take that one; RFC 2045 §5.2 where it is broken."""
    for header in headers:
        if header.name == "content-type":
            media_type, parameters = parameters_of(header.value)
            return (media_type if _MEDIA_TYPE.fullmatch(media_type) else "text/plain"), parameters
    return default_type, ()


def _boundary(parameters: Parameters) -> bytes:
    """The boundary without the blanks it must not end with; empty if there is none that can stand in a line."""
    for name, value in parameters:
        if name == "boundary":
            return value.rstrip().encode() if value.isascii() else b""
    return b""


def _divide(raw: bytes, body: Span, boundary: bytes, budget: _Budget) -> _Division:
    """Cut a multipart body; the line end before a delimiter belongs to the delimiter (RFC 2046 §5.1.1)."""
    start, end = body
    delimiter = b"\n--" + boundary
    spans: list[Span] = []
    opened: int | None = None
    # `at` is the line feed before a delimiter; the first delimiter may stand at the very beginning of the body.
    at = start - 1 if raw.startswith(delimiter[1:], start, end) else _find(raw, delimiter, start, end)
    while at is not None:
        if budget.delimiters == 0:
            return _Division(spans, is_closed=False, is_over_limit=True)
        budget.delimiters -= 1
        rest = _DELIMITER_REST.match(raw, at + len(delimiter), end)
        if rest is None:
            at = _find(raw, delimiter, at + 1, end)
            continue
        if opened is not None:
            child_end = at - 1 if raw[at - 1] == _CARRIAGE_RETURN else at
            spans.append(Span(opened, max(opened, child_end)))
        if rest[1]:
            return _Division(spans, is_closed=True, is_over_limit=False)
        if budget.parts == 0:
            return _Division(spans, is_closed=False, is_over_limit=True)
        budget.parts -= 1
        opened = rest.end()
        # The line feed of this delimiter may be the one before the next.
        at = _find(raw, delimiter, opened - 1, end)
    if opened is not None:
        spans.append(Span(opened, end))
    return _Division(spans, is_closed=False, is_over_limit=False)


def _find(raw: bytes, wanted: bytes, start: int, end: int) -> int | None:
    position = raw.find(wanted, start, end)
    return None if position < 0 else position
