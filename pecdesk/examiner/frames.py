"""What goes over the helper's pipes.

To the helper: one frame with the anchors, then for each message a head with two lengths, a small JSON `Request`, and
the raw bytes. Back: one answer when it is ready, and one for each message, in order. Lengths are 8 bytes, big endian.
"""

from __future__ import annotations

import struct
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import BinaryIO

import msgspec

FRAME = struct.Struct(">Q")
HEAD = struct.Struct(">QQ")
"""Lengths of request and raw bytes."""
ANSWER = struct.Struct(">BQ")
"""An `Outcome` and the length of what follows."""

LONGEST_ANSWER = 1 << 30

_SECONDS_PER_BYTE = 1 / (10 << 20)


class Outcome(IntEnum):
    """What an answer holds."""

    DONE = 0x50
    """What was wanted, as JSON; nothing when the helper says that it is ready."""
    FAILED = 0x51
    """Where in the program an error that nobody expected was raised, as text without any of the message."""


class Want(StrEnum):
    """What is asked about a message."""

    EXAMINATION = "examination"
    READING = "reading"
    INSIDE = "inside"
    """The examination of the mail inside it, or `NOTHING` where there is none."""


_OUTCOMES = frozenset(Outcome)

NOTHING = b"null"


class Request(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is asked about a message beside its bytes."""

    at: datetime | None = None
    now: datetime | None = None
    want: Want = Want.EXAMINATION


encode_request = msgspec.json.Encoder().encode
decode_request = msgspec.json.Decoder(Request).decode


def time_for(size: int, budget_seconds: float) -> float:
    """Seconds a message of that size may take: the budget, and what honest work on so many bytes needs on slow
    machines (measured on a fast one: a quarter of that)."""
    return budget_seconds + size * _SECONDS_PER_BYTE


class BrokenAnswerError(Exception):
    """The helper died, or what it sent is no answer."""


def read_exactly(stream: BinaryIO, length: int) -> bytes | None:
    """So many bytes, or None when the stream ends before."""
    data = stream.read(length)
    return data if len(data) == length else None


def read_answer(stream: BinaryIO) -> tuple[Outcome, bytes]:
    """The next answer of a helper; BrokenAnswerError when there is none to come."""
    head = read_exactly(stream, ANSWER.size)
    if head is None:
        raise BrokenAnswerError
    code, length = ANSWER.unpack(head)
    if code not in _OUTCOMES or length > LONGEST_ANSWER:
        raise BrokenAnswerError
    body = read_exactly(stream, length)
    if body is None:
        raise BrokenAnswerError
    return Outcome(code), body
