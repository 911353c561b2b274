"""Italian legal time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pecdesk.demo.clock import italian, mail_date, spoken_date


@pytest.mark.parametrize(
    ("moment", "hours"),
    [
        (datetime(2026, 1, 15, tzinfo=UTC), 1),
        (datetime(2026, 7, 15, tzinfo=UTC), 2),
        (datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), 1),
        (datetime(2026, 3, 29, 1, tzinfo=UTC), 2),
        (datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC), 2),
        (datetime(2026, 10, 25, 1, tzinfo=UTC), 1),
        (datetime(2024, 3, 31, 1, tzinfo=UTC), 2),
    ],
)
def test_summer_time_begins_and_ends_on_the_last_sundays(moment: datetime, hours: int) -> None:
    assert italian(moment).utcoffset() == timedelta(hours=hours)
    assert italian(moment) == moment


def test_dates_are_written_as_mail_and_as_providers_write_them() -> None:
    moment = italian(datetime(2026, 11, 13, 15, 39, 26, 999, tzinfo=UTC))
    assert mail_date(moment) == "Fri, 13 Nov 2026 16:39:26 +0100"
    assert spoken_date(moment) == "Il giorno 13/11/2026 alle ore 16:39:26 (+0100)"
