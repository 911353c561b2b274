"""How long to wait before the next attempt, and how to notice that this computer slept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

SHORTEST, LONGEST = 5.0, 900.0
"""Seconds before an attempt is repeated: after the first failure, and at most."""

JUMP = 60.0
"""Seconds by which the clock on the wall and the time that passed may differ."""


def backoff(failures: int, jitter: Callable[[], float]) -> float:
    """Seconds to wait after so many failures in a row: twice as long each time, and never all clients at once.

    `jitter` gives a number from 0 to 1.
    """
    base = min(LONGEST, SHORTEST * 2.0 ** min(max(failures, 1) - 1, 16))
    return min(LONGEST, max(SHORTEST, base * (0.75 + 0.5 * jitter())))


class JumpWatch:
    """Notices that more time went by than this program has lived through: the connections it had are dead."""

    def __init__(self, clock: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self.begin()

    def begin(self) -> None:
        """From now on."""
        # In UTC: two moments written in the same zone are subtracted as they are written, summer time or not.
        self._wall, self._passed = self._clock().astimezone(UTC), self._monotonic()

    def has_jumped(self, waited: float = 0.0) -> bool:
        """Whether there was a jump since the last call, which was a moment ago, or so many seconds."""
        wall, passed = self._wall, self._passed
        self.begin()
        on_the_wall = (self._wall - wall) / timedelta(seconds=1)
        lived = self._passed - passed
        return abs(on_the_wall - lived) > JUMP or lived > JUMP + waited
