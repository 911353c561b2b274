"""What a helper can be asked, seen from here: how its answer is read, and what is said when there is none."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pecdesk import examine, reading
from pecdesk.examine import Examination
from pecdesk.examiner.frames import NOTHING, Want
from pecdesk.reading import Reading
from pecdesk.trust import Reason

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Question(Generic[A]):
    """One sort of question."""

    want: Want
    read: Callable[[bytes], A]
    """The answer of a helper as a value; ValueError for what is none."""
    over: Callable[[bytes | Path, Reason, str], A]
    """What is said of a message over a limit, under anchors of that version."""


def _one_or_none(answer: bytes) -> Examination | None:
    return None if answer == NOTHING else examine.from_json(answer)


def _unexamined(raw: bytes | Path, reason: Reason, anchors_version: str) -> Examination:
    if isinstance(raw, bytes):
        return examine.over_limit(raw, reason, anchors_version)
    with raw.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return examine.unexamined(sha256, raw.stat().st_size, reason, anchors_version)


def _nothing_read(_raw: bytes | Path, _reason: Reason, _anchors_version: str) -> Reading:
    return reading.unread()


EXAMINATION: Question[Examination] = Question(Want.EXAMINATION, examine.from_json, _unexamined)
INSIDE: Question[Examination | None] = Question(Want.INSIDE, _one_or_none, _unexamined)
READING: Question[Reading] = Question(Want.READING, reading.from_json, _nothing_read)
