"""Python's garbage is swept on the GUI thread alone.

Left to itself the collector runs on whichever thread allocates next; on one of the background it would destroy widgets
there, which Qt answers with a crash. What the program consists of is never garbage: to look through all of it takes
longer than a window may stand still.

Qt's bindings look into the source of every module that is imported, and Python keeps the lines for a traceback that may
come: 14 MB, which are swept away as well. A traceback reads them again.
"""

from __future__ import annotations

import gc
import linecache

from PySide6.QtCore import QObject, QTimer

EVERY = 500
"""Milliseconds between two looks at whether there is something to sweep."""


class Sweeper(QObject):
    """Sweeps while it lives; `stop` gives Python its habit back."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.sweep)
        gc.disable()
        linecache.clearcache()
        gc.freeze()
        self._timer.start()

    def sweep(self) -> None:
        """Sweep the oldest generation that is due, as Python would."""
        counted = zip(gc.get_count(), self._thresholds, strict=True)
        due = [generation for generation, (count, limit) in enumerate(counted) if count > limit]
        if due:
            gc.collect(max(due))
        if len(due) == len(self._thresholds):
            linecache.clearcache()

    def stop(self) -> None:
        """Sweep no longer."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
