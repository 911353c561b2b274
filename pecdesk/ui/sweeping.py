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
from time import monotonic

from PySide6.QtCore import QObject, QTimer

EVERY = 500
"""Milliseconds between two looks at whether there is something to sweep."""
REST = 2.0
"""Seconds without sweeping after it has found something."""
LONG_REST = 10.0
"""Seconds without sweeping after it has found next to nothing, as while mail comes in: what the threads of the
background have in use then, tens of thousands of objects, goes by itself, but all of it is looked through each time."""
CALM = 3_500
"""New objects that are looked through in some milliseconds: where there are more, sweeping waits for a calmer moment,
for as long again as it rested."""
GROWN = 1.25
"""By how much what has been there for long must have grown until all of it is looked through, as Python has it, too."""


class Sweeper(QObject):
    """Sweeps while it lives; `stop` gives Python its habit back."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._swept_at, self._rest = monotonic(), REST
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.sweep)
        gc.disable()
        linecache.clearcache()
        gc.freeze()
        self._lasting = 0
        """Objects that were there for long after all of them had been looked through."""
        self._timer.start()

    def sweep(self) -> None:
        """Sweep the oldest generation that is due, in a calm moment."""
        counts = gc.get_count()
        rest = self._rest if counts[0] <= CALM else 2 * self._rest
        if counts[0] <= self._thresholds[0] or monotonic() - self._swept_at < rest:
            return
        found = self._sweep_generation(counts)
        self._rest = REST if found > self._thresholds[0] else LONG_REST
        self._swept_at = monotonic()

    def _sweep_generation(self, counts: tuple[int, int, int]) -> int:
        """How many objects were garbage."""
        if counts[1] <= self._thresholds[1]:
            return gc.collect(0)
        if counts[2] <= self._thresholds[2] or len(gc.get_objects(generation=2)) < GROWN * self._lasting:
            return gc.collect(1)
        found = gc.collect()
        self._lasting = len(gc.get_objects(generation=2))
        linecache.clearcache()
        return found

    def stop(self) -> None:
        """Sweep no longer."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
