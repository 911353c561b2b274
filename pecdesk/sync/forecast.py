"""When a mailbox will be full if it goes on filling as it did: a full one refuses mail, and deadlines with it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from pecdesk.profile.account_status import Quota

SHORTEST = timedelta(days=1)
"""Readings over less than that say nothing."""
FARTHEST = timedelta(days=3650)


def full_at(readings: Sequence[tuple[datetime, int]], quota: Quota) -> datetime | None:
    """The moment at which a straight line through the readings (when, bytes used) reaches the limit.

    None where the mailbox does not fill, or not within ten years, or too little is known.
    """
    if len(readings) < 2 or quota.limit <= 0:
        return None
    last = max(at for at, _ in readings)
    days = [(at - last) / timedelta(days=1) for at, _ in readings]
    used = [float(octets) for _, octets in readings]
    if -min(days) < SHORTEST / timedelta(days=1):
        return None
    middle, mean = sum(days) / len(days), sum(used) / len(used)
    spread = sum((day - middle) ** 2 for day in days)
    slope = sum((day - middle) * (octets - mean) for day, octets in zip(days, used, strict=True)) / spread
    if slope <= 0:
        return None
    left = (quota.limit - quota.used) / slope
    if left > FARTHEST / timedelta(days=1):
        return None
    return last + timedelta(days=max(0.0, left))
