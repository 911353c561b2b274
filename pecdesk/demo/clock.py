"""Italian legal time, as providers write it: a local time with its offset (RFC 6109 §4.2).

Computed from the rule of the European Union (directive 2000/84/EC: from the last Sunday of March to the last Sunday of
October, both at 01:00 UTC), because a machine need not have a time zone database.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def italian(moment: datetime) -> datetime:
    """The same instant in Italian legal time, whole seconds."""
    instant = moment.astimezone(UTC).replace(microsecond=0)
    summer = _last_sunday(instant.year, 3) <= instant < _last_sunday(instant.year, 10)
    return instant.astimezone(timezone(timedelta(hours=2 if summer else 1)))


def _last_sunday(year: int, month: int) -> datetime:
    """01:00 UTC of the last Sunday of a month of 31 days."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def mail_date(moment: datetime) -> str:
    """A date as mail headers write it (RFC 5322 §3.3), independent of the locale."""
    return f"{DAYS[moment.weekday()]}, {moment.day} {MONTHS[moment.month - 1]} {moment:%Y %H:%M:%S %z}"


def spoken_date(moment: datetime) -> str:
    """A date as the providers' texts write it: `Il giorno 13/11/2026 alle ore 16:39:26 (+0100)`."""
    return f"Il giorno {moment:%d/%m/%Y} alle ore {moment:%H:%M:%S} ({moment:%z})"
