"""From the ids that are listed to those that should be: the steps a list goes through without losing its place.

Rows that stay keep their selection and their distance from the eye, so a list that goes on showing the same place is
never read anew as a whole.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MOST_STEPS = 60
"""More pieces than this are not taken out and put in one by one: each step costs the view some tenths of a ms."""


@dataclass(frozen=True, slots=True)
class Removed:
    """Rows `first` to `last` go."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Inserted:
    """These ids come in before row `first`."""

    first: int
    ids: array[int]


@dataclass(frozen=True, slots=True)
class Reordered:
    """The same ids, in this order."""

    ids: array[int]


Step = Removed | Inserted | Reordered


def difference(old: array[int], new: array[int]) -> tuple[Step, ...]:
    """What leads from `old` to `new`, in both of which every id stands once."""
    first = _alike(old, new)
    last = _alike(old[first:], new[first:], from_end=True)
    head, tail = old[:first], old[len(old) - last :]
    steps = _difference(old[first : len(old) - last], new[first : len(new) - last])
    return tuple(_within(step, head, tail) for step in steps)


def _alike(one: array[int], other: array[int], *, from_end: bool = False) -> int:
    """How many ids are the same at the beginning, or at the end. Compared in halves: whole arrays compare fast."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        mine, theirs = (
            (ids[len(ids) - middle : len(ids) - low] if from_end else ids[low:middle]) for ids in (one, other)
        )
        low, high = (middle, high) if mine == theirs else (low, middle - 1)
    return low


def _within(step: Step, head: array[int], tail: array[int]) -> Step:
    """A step of the middle, as one of the whole list."""
    match step:
        case Removed(first, last):
            return Removed(first + len(head), last + len(head))
        case Inserted(first, ids):
            return Inserted(first + len(head), ids)
        case Reordered(ids):
            return Reordered(head + ids + tail)


def _difference(old: array[int], new: array[int]) -> list[Step]:
    going = set(old).difference(new)
    coming = set(new).difference(old)
    kept = array("q", (id_ for id_ in old if id_ not in going)) if going else old
    wanted = array("q", (id_ for id_ in new if id_ not in coming)) if coming else new
    removed = list(_removed(old, going))
    inserted = list(_inserted(new, coming))
    if len(removed) + len(inserted) > MOST_STEPS:
        return list(_in_bulk(old, new, kept, going, coming))
    reordered = [Reordered(wanted)] if kept != wanted else []
    return [*reversed(removed), *reordered, *inserted]


def _removed(old: array[int], going: set[int]) -> Iterator[Removed]:
    """Runs of rows that go, by their places in `old`."""
    return (Removed(first, last) for first, last in runs(_places(old, going)))


def _inserted(new: array[int], coming: set[int]) -> Iterator[Inserted]:
    """Runs of rows that come, by their places in `new`: in this order each run's place is the one it has at the end."""
    return (Inserted(first, new[first : last + 1]) for first, last in runs(_places(new, coming)))


def runs(places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of places that follow one another; they are given in their order."""
    first = last = -1
    for place in places:
        if first >= 0 and place == last + 1:
            last = place
            continue
        if first >= 0:
            yield first, last
        first = last = place
    if first >= 0:
        yield first, last


def _places(ids: array[int], wanted: set[int]) -> Iterator[int]:
    return (place for place, id_ in enumerate(ids) if id_ in wanted) if wanted else iter(())


def _in_bulk(old: array[int], new: array[int], kept: array[int], going: set[int], coming: set[int]) -> Iterator[Step]:
    """Much scattered about: what goes is first moved to the end, what comes is put there and moved to its place."""
    if going:
        yield Reordered(kept + array("q", (id_ for id_ in old if id_ in going)))
        yield Removed(len(kept), len(old) - 1)
    if coming:
        tail = array("q", (id_ for id_ in new if id_ in coming))
        yield Inserted(len(kept), tail)
        kept = kept + tail
    if kept != new:
        yield Reordered(new)


def apply_step(ids: array[int], step: Step) -> array[int]:
    """The ids after a step."""
    match step:
        case Removed(first, last):
            return ids[:first] + ids[last + 1 :]
        case Inserted(first, coming):
            return ids[:first] + coming + ids[first:]
        case Reordered(ordered):
            return ordered
