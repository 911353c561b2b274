"""Whose turn it is to write: one process at a time, and in that process any number of threads together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from pecdesk.errors import BusyError
from pecdesk.profile import Profile

WRITE_LOCK = "write"

STEP = 0.05
"""Seconds between two attempts to get a turn that somebody else has."""


class Turn:
    """The profile's write lock, held once for all threads of this program for as long as one of them writes.

    So a message can be marked as read while an import of the same program runs. What must not meet anybody's writing,
    a backup or a rebuild, is done alone.
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._guard = threading.Lock()
        """Held for a moment; nobody waits inside."""
        self._writers = 0
        self._alone: int | None = None
        """The thread that writes alone."""
        self._held = ExitStack()

    @contextmanager
    def take(
        self, *, alone: bool = False, patience: float = 0.0, stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[None]:
        """Write inside the block; BusyError when another process, or somebody alone, is at it: at once, or when it
        still is after so many seconds, or when it was `stopped` meanwhile.

        A thread that has the turn already may take it again.
        """
        until = time.monotonic() + patience
        while True:
            try:
                self._enter(alone=alone)
                break
            except BusyError:
                if time.monotonic() >= until or stopped():
                    raise
            time.sleep(STEP)
        try:
            yield
        finally:
            self._leave()

    def _enter(self, *, alone: bool) -> None:
        mine = threading.get_ident()
        with self._guard:
            if self._alone not in (None, mine) or (alone and self._writers and self._alone is None):
                raise self._profile.in_use()
            if self._writers == 0:
                self._held.enter_context(self._profile.lock(WRITE_LOCK))
            self._writers += 1
            if alone:
                self._alone = mine

    def _leave(self) -> None:
        with self._guard:
            self._writers -= 1
            if self._writers == 0:
                self._alone = None
                self._held.close()
