"""What a window looks at again and again: the clock, what other processes wrote, whether revocation lists are due."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from pecdesk.ui.desk import Desk

CLOCK_EVERY = 60_000
"""Milliseconds between two looks at the clock: what is waiting too long grows by itself."""
REVOCATION_EVERY = 3_600_000
"""Milliseconds between two looks at whether a revocation list is due, where the user allows asking for it."""
ELSEWHERE_EVERY = 1_000
"""Milliseconds between two looks at whether another process wrote."""

_log = logging.getLogger("ui")


class Rounds(QObject):
    """Looks, as long as the window is open."""

    clock_moved = Signal()
    """A minute went by."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._timers = (
            self._every(CLOCK_EVERY, self.clock_moved.emit),
            self._every(ELSEWHERE_EVERY, self._look_elsewhere),
            self._every(REVOCATION_EVERY, self._look_for_revocations),
        )
        self._look_for_revocations()

    def _every(self, interval: int, look: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval)
        timer.timeout.connect(look)
        timer.start()
        return timer

    def stop(self) -> None:
        """Look no more."""
        for timer in self._timers:
            timer.stop()

    def _look_elsewhere(self) -> None:
        """Others may write to the profile as well: what they change is told like our own changes."""
        background = self._desk.background
        if background.is_idle:
            background.query(self._desk.app.notice_others, lambda _noticed: None, lambda _error: None, owner=self)

    def _look_for_revocations(self) -> None:
        """Fetch what is due; what it changes is told like every change, and what fails is tried again another time."""
        now = self._desk.clock()
        self._desk.background.job(
            lambda task: self._desk.app.fetch_revocation(now, task.progress, task.is_cancelled),
            lambda _renewed: None,
            lambda error: _log.warning("revocation lists: %s", type(error).__name__),
            owner=self,
        )
