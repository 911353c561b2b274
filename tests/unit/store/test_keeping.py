"""Parcels on their way into the archive and the database: in order, side by side, and none after one that failed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

import pytest

from pecdesk.store.keeping import Keeper

PATIENCE = 10.0


class DiskError(Exception):
    """What the disk says."""


class Shelf:
    """Where parcels are put: in two steps that can be made to fail, or to wait."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, int]] = []
        self.kept: list[tuple[int, str]] = []
        self.before: dict[tuple[str, int], Callable[[], None]] = {}

    def archive(self, raws: Sequence[bytes]) -> None:
        self._step("archive", int(raws[0]))

    def remember(self, parcel: int) -> None:
        self._step("remember", parcel)

    def is_kept(self, parcel: int) -> None:
        self.kept.append((parcel, threading.current_thread().name))

    def _step(self, name: str, parcel: int) -> None:
        self.before.get((name, parcel), lambda: None)()
        self.steps.append((name, parcel))

    def keeper(self) -> Keeper[int]:
        return Keeper(self.archive, self.remember, self.is_kept)

    def remembered(self) -> list[int]:
        return [parcel for step, parcel in self.steps if step == "remember"]


def hand_over(keeper: Keeper[int], *parcels: int) -> None:
    for parcel in parcels:
        keeper.hand_over([b"%d" % parcel], parcel)


def fail() -> None:
    raise DiskError


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def test_every_parcel_is_archived_before_it_is_remembered_and_remembered_in_its_turn(shelf: Shelf) -> None:
    with shelf.keeper() as keeper:
        hand_over(keeper, *range(8))
        keeper.finish()
    assert shelf.remembered() == list(range(8))
    assert all(shelf.steps.index(("archive", number)) < shelf.steps.index(("remember", number)) for number in range(8))


def test_one_parcel_is_archived_while_the_one_before_is_remembered(shelf: Shelf) -> None:
    archived = threading.Event()
    shelf.before["archive", 2] = archived.set
    shelf.before["remember", 1] = lambda: None if archived.wait(PATIENCE) else fail()
    with shelf.keeper() as keeper:
        hand_over(keeper, 1, 2)
        keeper.finish()
    assert shelf.remembered() == [1, 2]


def test_no_more_than_two_parcels_wait_in_memory(shelf: Shelf) -> None:
    waiting: list[int] = []

    def count(number: int) -> None:
        waiting.append(number - len(shelf.remembered()))

    with shelf.keeper() as keeper:
        for number in range(20):
            shelf.before["archive", number] = partial(count, number)
            hand_over(keeper, number)
        keeper.finish()
    assert len(waiting) == 20
    assert max(waiting) < 2


def test_what_is_kept_is_told_once_on_the_thread_of_who_asked(shelf: Shelf) -> None:
    with shelf.keeper() as keeper:
        assert not keeper.is_begun
        hand_over(keeper, 1, 2, 3)
        assert keeper.is_begun
        keeper.finish()
        keeper.look()
    mine = threading.current_thread().name
    assert shelf.kept == [(1, mine), (2, mine), (3, mine)]


@pytest.mark.parametrize("step", ["archive", "remember"])
def test_after_a_parcel_that_cannot_be_kept_no_other_is_remembered(shelf: Shelf, step: str) -> None:
    shelf.before[step, 2] = fail
    with shelf.keeper() as keeper:
        hand_over(keeper, 1, 2)
        with suppress(DiskError):
            hand_over(keeper, 3)
        for _ in range(2):
            with pytest.raises(DiskError):
                keeper.finish()
            with pytest.raises(DiskError):
                hand_over(keeper, 4)
    assert shelf.remembered() == [1]
    assert [parcel for parcel, _ in shelf.kept] == [1]


def test_whoever_leaves_in_the_middle_waits_for_what_is_under_way(shelf: Shelf) -> None:
    left = threading.Event()
    shelf.before["archive", 1] = lambda: None if left.wait(PATIENCE) else fail()

    def leave() -> None:
        with shelf.keeper() as keeper:
            hand_over(keeper, 1)
            left.set()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        leave()
    assert shelf.remembered() == [1]
