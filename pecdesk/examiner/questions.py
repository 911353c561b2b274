"""What a helper can be asked, seen from here: how its answer is read, and what is said when there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
    over: Callable[[bytes, Reason, str], A]
    """What is said of a message over a limit, under anchors of that version."""


def _one_or_none(answer: bytes) -> Examination | None:
    return None if answer == NOTHING else examine.from_json(answer)


def _nothing_read(_raw: bytes, _reason: Reason, _anchors_version: str) -> Reading:
    return reading.unread()


EXAMINATION: Question[Examination] = Question(Want.EXAMINATION, examine.from_json, examine.over_limit)
INSIDE: Question[Examination | None] = Question(Want.INSIDE, _one_or_none, examine.over_limit)
READING: Question[Reading] = Question(Want.READING, reading.from_json, _nothing_read)
