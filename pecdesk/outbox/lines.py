"""The bytes of a message on their way through SMTP: looked at before, dots doubled on the way (RFC 5321 §4.5.2); pure.

Only CRLF ends a line. With a bare CR or LF some servers see an end of the message where others see none, and what
follows becomes a message that nobody wrote (SMTP smuggling): such bytes are refused before anything is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

CHUNK = 1 << 16
CRLF = b"\r\n"
END = b"\r\n.\r\n"
"""What ends the data: the last line's own end is part of it."""

_NOT_CRLF = re.compile(rb"\r(?!\n)|(?<!\r)\n|\0")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


class LineError(ValueError):
    """These bytes cannot be handed over as they are."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What was found in a message."""

    size: int
    is_8bit: bool
    """Whether any byte is not ASCII (RFC 6152)."""


def scan(file: BinaryIO) -> Scanned:
    """Read all of it. `LineError` for a bare CR or LF, a NUL, or a last line without its end."""
    size, is_8bit, tail = 0, False, b""
    while chunk := file.read(CHUNK):
        size += len(chunk)
        is_8bit = is_8bit or _NOT_ASCII.search(chunk) is not None
        chunk = tail + chunk
        tail = b"\r" if chunk.endswith(b"\r") else b""
        if _NOT_CRLF.search(chunk, 0, len(chunk) - len(tail)):
            raise LineError("a line end is not CRLF, or there is a NUL")
        last = chunk[-2:]
    if not size or last != CRLF:
        raise LineError("the last line has no end")
    return Scanned(size, is_8bit)


def stuffed(file: BinaryIO) -> Iterator[bytes]:
    """Everything but the last CRLF, each dot that begins a line doubled. Of a file that `scan` took."""
    begins_line, held = True, b""
    while chunk := file.read(CHUNK):
        chunk = held + chunk
        chunk, held = chunk[:-2], chunk[-2:]
        if chunk:
            first = b"." if begins_line and chunk.startswith(b".") else b""
            begins_line = chunk.endswith(b"\n")
            yield first + chunk.replace(b"\n.", b"\n..")
    if held != CRLF:
        raise LineError("the file is no longer what it was")
