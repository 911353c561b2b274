"""What only a wrong clock of this computer explains: something was certified at a time that has not come yet.

Providers certify the legal time, and IMAP has no way to ask a server what time it is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from pecdesk.errors import N_
from pecdesk.pec.transmission import TimeSource, Transmission

CLOCK_OFF = timedelta(minutes=10)
"""By how much the clock must contradict a certified time before that is told."""
TOO_SLOW = N_("This computer’s clock is probably wrong: here the time that a provider certified has not come yet.")
SET_THE_CLOCK = N_(
    "Set the clock of the computer right. Certified times do not depend on it, waiting times and deadlines shown here"
    " do."
)


def wrong_clock(row: Transmission, now: datetime) -> Iterator[str]:
    """What a row tells of the clock, as an English template; nothing where they agree.

    A clock that is fast cannot be told from a message that was accepted long before its sending ended.
    """
    certified = row.accepted_at or (row.sent_at if row.sent_at_source is TimeSource.ACCEPTANCE else None)
    if certified is not None and certified - now > CLOCK_OFF:
        yield TOO_SLOW
