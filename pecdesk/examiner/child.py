"""The helper's side: reads messages from standard input, answers on standard output, ends when the input does."""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import traceback
from collections.abc import Callable, Sequence
from typing import BinaryIO

from pecdesk.examiner.confinement import allow_cpu, confine
from pecdesk.examiner.frames import (
    ANSWER,
    FRAME,
    HEAD,
    NOTHING,
    Outcome,
    Request,
    Want,
    decode_request,
    read_exactly,
    time_for,
)

Target = Callable[[bytes, Request], bytes]
"""Raw bytes and what is asked about them to an answer as JSON."""

_READ_AHEAD = 1 << 16
"""Bytes taken from the pipe at once: most messages with their heads, and often the next one too."""

NO_MEMORY = 3
"""Exit status of a helper that ran out of memory."""


def prepare(anchors_json: bytes) -> Target:
    """The one target there is outside of tests: `examine` under these anchors, and `read_message`."""
    from pecdesk import examine, reading  # noqa: PLC0415 - a test's target need not wait for it
    from pecdesk.trust import anchors_from_json  # noqa: PLC0415

    anchors = anchors_from_json(anchors_json)

    def answer(raw: bytes, asked: Request) -> bytes:
        match asked.want:
            case Want.EXAMINATION:
                return examine.to_json(examine.examine(raw, anchors, at=asked.at, now=asked.now))
            case Want.READING:
                return reading.to_json(reading.read_message(raw))
            case Want.INSIDE:
                inside = examine.inside(raw)
                if inside is None:
                    return NOTHING
                return examine.to_json(examine.examine(inside, anchors, at=asked.at, now=asked.now))

    return answer


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer until the input ends."""
    parser = argparse.ArgumentParser(prog="pecdesk.examiner")
    parser.add_argument("--memory", type=int, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--target", default="pecdesk.examiner.child:prepare", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    inbox, outbox = _take_pipes()
    try:
        (length,) = FRAME.unpack(inbox.read(FRAME.size))
        module, _, name = options.target.partition(":")
        target: Target = getattr(importlib.import_module(module), name)(inbox.read(length))
        confine(options.memory)
    except Exception as error:  # noqa: BLE001 - told to the parent, which cannot do without a helper
        _answer(outbox, Outcome.FAILED, _whence(error))
        return 1
    _answer(outbox, Outcome.DONE, b"")
    try:
        while _answer_one(inbox, outbox, target, options.seconds):
            pass
    except MemoryError:
        return NO_MEMORY
    except BrokenPipeError:
        pass
    return 0


def _answer_one(inbox: BinaryIO, outbox: BinaryIO, target: Target, seconds: float) -> bool:
    head = read_exactly(inbox, HEAD.size)
    if head is None:
        return False
    request_length, raw_length = HEAD.unpack(head)
    request, raw = read_exactly(inbox, request_length), read_exactly(inbox, raw_length)
    if request is None or raw is None:
        return False
    asked = decode_request(request)
    allow_cpu(time_for(raw_length, seconds))
    try:
        outcome, body = Outcome.DONE, target(raw, asked)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a bug of ours, which must not cost the other messages
        outcome, body = Outcome.FAILED, _whence(error)
    _answer(outbox, outcome, body)
    return True


def _answer(outbox: BinaryIO, outcome: Outcome, body: bytes) -> None:
    # In one piece, so that the parent is woken once.
    outbox.write(ANSWER.pack(outcome, len(body)) + body)
    outbox.flush()


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes for us alone: whatever else prints or reads in this process meets the null device."""
    inbox, outbox = os.fdopen(os.dup(0), "rb", _READ_AHEAD), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.close(null)
    return inbox, outbox


def _whence(error: BaseException) -> bytes:
    """Kind of the error and the lines of the program it came through; its own words may quote the message."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in frames[-12:]]
    return f"{type(error).__name__} in {' > '.join(lines)}".encode(errors="replace")
