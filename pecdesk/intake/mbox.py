"""mbox: where the messages lie in a file of many, found without holding more than a piece of it.

RFC 4155 and four older customs (mboxo, mboxrd, mboxcl, mboxcl2) agree only on a line `From …` before each message and
a blank line after it. Writers leave out the blank line, the date (Thunderbird writes a bare `From `) and the quoting
of `From ` inside a message; so a separator is told by what it says and by the header fields that must follow it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from io import FileIO
from typing import NamedTuple

_CHUNK = 1 << 18
_CONTEXT = 2048
"""Bytes that decide whether a line is a separator: the line itself and the two that follow."""
_BEFORE = 3
_BEGINNING = b"\nFrom "

_WEEKDAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DATED = re.compile(
    rb"From [^\n]{0,500}?\b" + _WEEKDAY + rb",? +(?:" + _MONTH + rb" +\d{1,2}|\d{1,2}[ -]" + _MONTH + rb")\b"
    rb"(?=[^\n]*\b\d{1,2}:\d\d)(?=[^\n]*\b(?:19|20)\d\d\b)[^\n]{0,80}(?:\n|\Z)"
)
_BARE = re.compile(rb"From +-? *\r?\n")
_FIELD = re.compile(rb"(?:>From [^\n]*\n)?[!-9;-~]{1,100}[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*(?:\n|\Z)")
_BLANK = re.compile(rb"\r?\n|\Z")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_MOZILLA_STATUS = re.compile(rb"^X-Mozilla-Status: ([0-9A-Fa-f]{4})", re.MULTILINE)
_MOZILLA_FLAGS = ((0x0004, "F"), (0x1000, "P"), (0x0002, "R"), (0x0001, "S"), (0x0008, "T"))


class Extent(NamedTuple):
    """Where one message lies in the file, without its `From ` line and the blank line that follows it."""

    start: int
    end: int


def is_mbox(start: bytes) -> bool:
    """Whether a file that starts like this is an mbox: its first line is a separator."""
    return bool(_DATED.match(start)) or _has_bare_separator(start)


def extents(file: FileIO) -> Iterator[Extent]:
    """The messages of a file for which `is_mbox` holds, in order. Moves the file's position, and may find it moved."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    start = file.read(_CONTEXT).find(b"\n") + 1 or size
    for end, following in _separators(file):
        yield Extent(start, max(start, end))
        start = following
    file.seek(max(start, size - _BEFORE))
    tail = file.read(_BEFORE)
    blank = 2 if tail.endswith(b"\n\r\n") else 1 if tail.endswith(b"\n\n") else 0
    yield Extent(start, size - blank)


def unquoted(raw: bytes) -> bytes | None:
    """The message with one `>` less before each quoted `From `, as mboxrd reads it; None where there is none."""
    return _QUOTED.sub(rb"\1", raw) if b">From " in raw and _QUOTED.search(raw) else None


def mozilla_flags(raw: bytes) -> str | None:
    """Thunderbird's own marks, in the letters of Maildir; T is a message deleted there and not yet wiped out."""
    status = _MOZILLA_STATUS.search(raw, 0, _CONTEXT)
    if status is None:
        return None
    bits = int(status[1], 16)
    return "".join(letter for bit, letter in _MOZILLA_FLAGS if bits & bit)


def _separators(file: FileIO) -> Iterator[tuple[int, int]]:
    """Where one message ends and the next begins, for each separator but the first."""
    offset, search, at_end = 0, 0, False
    buffer = b""
    while True:
        hit = buffer.find(_BEGINNING, search)
        if hit >= 0 and (at_end or hit + _CONTEXT <= len(buffer)):
            following = _message_after(buffer, hit)
            if following is not None:
                yield offset + _end_before(buffer, hit), offset + following
            search = hit + 1
            continue
        if at_end:
            return
        keep = max((hit if hit >= 0 else len(buffer) - len(_BEGINNING)) - _BEFORE, 0)
        file.seek(offset + len(buffer))
        more = file.read(_CHUNK)
        at_end = not more
        buffer, offset, search = buffer[keep:] + more, offset + keep, max(search - keep, 0)


def _message_after(buffer: bytes, hit: int) -> int | None:
    """Where a message begins after a separator whose line starts behind `hit`; None if that is no separator."""
    line = hit + 1
    text = buffer[line : line + _CONTEXT]
    dated = _DATED.match(text)
    if dated:
        end = dated.end()
        follows = _FIELD.match(text, end) or (_is_blank_before(buffer, hit) and _BLANK.match(text, end))
        return line + end if follows else None
    return line + text.index(b"\n") + 1 if _has_bare_separator(text) else None


def _has_bare_separator(text: bytes) -> bool:
    bare = _BARE.match(text)
    field = _FIELD.match(text, bare.end()) if bare else None
    return bool(field and _FIELD.match(text, field.end()))


def _is_blank_before(buffer: bytes, hit: int) -> bool:
    return buffer[hit - 1 : hit] == b"\n" or buffer[max(hit - 2, 0) : hit] == b"\n\r"


def _end_before(buffer: bytes, hit: int) -> int:
    """Where the message before ends: the blank line belongs to the separator; without one, nothing does."""
    if buffer[max(hit - 2, 0) : hit] == b"\n\r":
        return hit - 1
    return hit if buffer[hit - 1 : hit] == b"\n" else hit + 1
