"""Pauses between attempts, time that went by unnoticed, and a mailbox that fills."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pecdesk.profile.account_status import Quota
from pecdesk.sync.forecast import full_at
from pecdesk.sync.waiting import LONGEST, SHORTEST, JumpWatch, backoff

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


def test_pauses_double_from_five_seconds_to_a_quarter_of_an_hour() -> None:
    pauses = [backoff(failures, lambda: 0.5) for failures in range(1, 12)]
    assert pauses == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_no_pause_is_shorter_or_longer_than_that(failures: int, jitter: float) -> None:
    assert SHORTEST <= backoff(failures, lambda: jitter) <= LONGEST


def test_clients_that_failed_together_do_not_come_back_together() -> None:
    assert backoff(5, lambda: 0.0) < backoff(5, lambda: 0.5) < backoff(5, lambda: 1.0)


@pytest.mark.parametrize(
    ("wall", "lived", "waited", "expected"),
    [
        (1, 1, 0, False),
        (59, 0, 0, False),
        (3600, 1, 0, True),  # slept
        (-3600, 1, 0, True),  # the clock was set back
        (180, 180, 0, True),  # stopped and let go on
        (120, 120, 120, False),  # a wait that was meant
    ],
)
def test_time_that_went_by_unnoticed_is_noticed(wall: float, lived: float, waited: float, expected: bool) -> None:
    clock, passed = [NOW], [100.0]
    watch = JumpWatch(lambda: clock[0], lambda: passed[0])
    clock[0] += timedelta(seconds=wall)
    passed[0] += lived
    assert watch.has_jumped(waited) is expected
    assert not watch.has_jumped()


def reading(days: float, used: int) -> tuple[datetime, int]:
    return NOW + timedelta(days=days), used


def test_a_mailbox_that_fills_evenly_is_full_when_the_line_says_so() -> None:
    readings = [reading(day, 100 * day) for day in range(11)]
    assert full_at(readings, Quota(1000, 2000)) == NOW + timedelta(days=20)
    assert full_at(readings[::-1], Quota(1000, 2000)) == NOW + timedelta(days=20)


@pytest.mark.parametrize(
    "readings",
    [
        [],
        [reading(0, 10)],
        [reading(0, 10), reading(0.5, 500)],
        [reading(0, 500), reading(9, 500)],
        [reading(0, 500), reading(9, 100)],
        [reading(0, 500), reading(300, 501)],
    ],
)
def test_nothing_is_foretold_where_nothing_is_known(readings: list[tuple[datetime, int]]) -> None:
    assert full_at(readings, Quota(500, 2_000_000)) is None
    assert full_at(readings, Quota(500, 0)) is None


def test_a_mailbox_over_its_limit_is_full_now() -> None:
    assert full_at([reading(0, 10), reading(9, 100)], Quota(120, 100)) == NOW + timedelta(days=9)
