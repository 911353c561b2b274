"""What a list shows: the ids in their order, and where each day begins when that order is time, or each degree of need
when it is that."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from pecdesk.pec.urgency import Urgency
from pecdesk.store import Order


def _no_ids() -> array[int]:
    return array("q")


def _no_moments() -> array[float]:
    return array("d")


@dataclass(frozen=True, slots=True)
class Listing:
    """Ids, and the days they fall on. The arrays are never changed in place."""

    ids: array[int] = field(default_factory=_no_ids)
    day_rows: array[int] = field(default_factory=_no_ids)
    """The first row of each day, or of each urgency; empty when the order is neither that of time nor of need."""
    day_moments: array[float] = field(default_factory=_no_moments)
    """A moment of each of these days, in seconds since 1970."""
    guest: int | None = None
    """A row that stands here only because it is being read."""
    urgencies: tuple[Urgency, ...] = ()
    """What stands together from each of `day_rows` on, when the order is that of need."""

    def row_of(self, id_: int) -> int | None:
        """Where an id stands."""
        try:
            return self.ids.index(id_)
        except ValueError:
            return None


def listing_of(
    ids: array[int], moments: array[float], order: Order, zone: tzinfo | None, guest: int | None = None
) -> Listing:
    """Group by day, in that zone, what is ordered by time. `moments` are seconds since 1970, one for each id; when the
    order is that of need, urgencies by which it is grouped."""
    if order is Order.NEED:
        firsts = {Urgency(int(urgent)): bisect_left(moments, urgent) for urgent in sorted(set(moments))}
        return Listing(ids, array("q", firsts.values()), guest=guest, urgencies=tuple(firsts))
    if order not in (Order.NEWEST, Order.OLDEST):
        return Listing(ids, guest=guest)
    day_rows, day_moments, row = array("q"), array("d"), 0
    while row < len(ids):
        day_rows.append(row)
        day_moments.append(moments[row])
        first, last = _day_of(moments[row], zone)
        if order is Order.OLDEST:
            after = bisect_left(moments, last, row)
        else:
            after = bisect_right(moments, -first, row, key=lambda moment: -moment)
        row = max(after, row + 1)
    return Listing(ids, day_rows, day_moments, guest)


def with_guest(
    ids: array[int], moments: array[float], guest: tuple[int, float | None], listed: array[int]
) -> tuple[array[int], array[float]]:
    """The same with a row that no longer fits, left where it stands: below the row that was above it in `listed`.

    `guest` is its id and, where one is known, its moment.
    """
    id_, moment = guest
    staying = set(ids)
    above = next((other for other in reversed(listed[: listed.index(id_)]) if other in staying), None)
    row = ids.index(above) + 1 if above is not None else 0
    beside = sorted(moments[max(0, row - 1) : row + 1])
    if beside:  # the moments stay in their order, whatever the row itself claims
        moment = max(beside[0], min(beside[-1], moment)) if moment is not None and len(beside) == 2 else beside[0]
    return (
        ids[:row] + array("q", [id_]) + ids[row:],
        moments[:row] + array("d", [moment or 0.0]) + moments[row:],
    )


def moment_at(seconds: float, zone: tzinfo | None) -> datetime:
    """A moment in a zone, None for the system's own with the summer time of that moment.

    The end of the calendar for what lies beyond it, since headers may claim any year.
    """
    try:
        return datetime.fromtimestamp(seconds, UTC).astimezone(zone)
    except (OverflowError, ValueError, OSError):
        known = zone or UTC
        return datetime.max.replace(tzinfo=known) if seconds > 0 else datetime.min.replace(tzinfo=known)


def _day_of(seconds: float, zone: tzinfo | None) -> tuple[float, float]:
    """Midnight before and midnight after, in that zone; at the end of the calendar, what is left of it."""
    midnight = moment_at(seconds, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        return midnight.timestamp(), (midnight + timedelta(days=1)).timestamp()
    except OverflowError:
        return midnight.timestamp(), float("inf")
