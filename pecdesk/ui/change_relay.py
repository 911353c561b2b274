"""From the store's changes, told on any thread, to one Qt signal, merged."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from pecdesk.store import ChangeFeed, Changes

EVERY = 50
"""Milliseconds over which changes are merged."""


class ChangeRelay(QObject):
    """Tells the window of every commit, at most once in `EVERY` milliseconds."""

    changed = Signal(Changes)
    _arrived = Signal()

    def __init__(self, feed: ChangeFeed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._pending = Changes()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._emit)
        self._arrived.connect(self._timer.start, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe: Callable[[], None] = feed.subscribe(self._take)

    def close(self) -> None:
        """Listen no longer."""
        self._unsubscribe()
        self._timer.stop()

    def _take(self, changes: Changes) -> None:
        """On the thread that committed: quick, and one signal however many changes come."""
        with self._lock:
            first = not self._pending
            self._pending |= changes
        if first:
            with suppress(RuntimeError):  # the window is gone: nobody to tell
                self._arrived.emit()

    def _emit(self) -> None:
        with self._lock:
            changes, self._pending = self._pending, Changes()
        if changes:
            self.changed.emit(changes)
