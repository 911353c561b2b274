"""In which zone moments are told: where that is the system's own, with the summer time of the moment itself."""

from __future__ import annotations

import time
from datetime import datetime, tzinfo


def display_zone(now: datetime) -> tzinfo | None:
    """The zone to tell moments in at `now`, as `astimezone` takes it; None for the system's own.

    A `now` of the system's clock knows only today's offset: a July message told with that of November would stand an
    hour early, and under another day near midnight.
    """
    is_system = (
        now.tzinfo is not None and now.tzname() in time.tzname and now.utcoffset() == now.astimezone().utcoffset()
    )
    return None if is_system else now.tzinfo
