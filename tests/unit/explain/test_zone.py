"""Moments are told with the summer time they had, not with today's."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from pecdesk.explain import language
from pecdesk.explain.line import day_heading, short_time
from pecdesk.explain.zone import display_zone

JULY = datetime(2026, 7, 5, 22, 30, tzinfo=UTC)
"""Half past midnight of the 6th in Rome."""
NOVEMBER = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def rome(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("this system's zone cannot be changed for one process")
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
        time.tzset()
        yield
    time.tzset()


def test_a_summer_message_read_in_winter_stands_under_its_own_day() -> None:
    now = NOVEMBER.astimezone()

    assert JULY.astimezone(display_zone(now)).isoformat() == "2026-07-06T00:30:00+02:00"
    assert day_heading(JULY, now, language("it")) == "Lunedì 6 luglio"
    assert short_time(JULY, now, language("it")) == "6 lug"


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=1)), timezone(timedelta(hours=-5))])
def test_a_clock_that_is_not_the_systems_keeps_its_own_zone(zone: timezone) -> None:
    assert display_zone(NOVEMBER.astimezone(zone)) is zone
