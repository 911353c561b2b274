"""Watches the GUI thread: how long it was ever busy at one go, and in whose code."""

from __future__ import annotations

import sys
import threading
import traceback
from dataclasses import dataclass, field
from time import monotonic
from types import FrameType

from PySide6.QtCore import QObject, Qt, QTimer

TICK = 2
"""Milliseconds between two signs of life."""
STALL = 0.25
"""Seconds of silence that a person feels."""
SAMPLE_EVERY = 0.05
OURS = "pecdesk"


@dataclass
class Stall:
    """One time when the window did not answer."""

    samples: list[str] = field(default_factory=list)
    """Where our own code was, once for each look."""


class Watchdog(QObject):
    """Use with `with`, on the GUI thread, around what may not block; the event loop must run inside."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        """Seconds between two signs of life, at most."""
        self.pauses: list[float] = []
        self.stalls: list[Stall] = []
        self._last = monotonic()
        self._main = threading.get_ident()
        self._over = threading.Event()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._tick)
        self._thread = threading.Thread(target=self._look, name="watchdog", daemon=True)

    def __enter__(self) -> Watchdog:
        self._last = monotonic()
        self._timer.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._tick()
        self._timer.stop()
        self._over.set()
        self._thread.join()

    @property
    def faults(self) -> list[Stall]:
        """Stalls that two looks found in our own code."""
        return [stall for stall in self.stalls if len(stall.samples) >= 2]

    def forgive(self) -> None:
        """What was just done on the GUI thread was the observer's own work."""
        self._last = monotonic()

    def _tick(self) -> None:
        now = monotonic()
        self.pauses.append(now - self._last)
        self.longest = max(self.longest, now - self._last)
        self._last = now

    def _look(self) -> None:
        began = 0.0
        while not self._over.wait(SAMPLE_EVERY):
            last = self._last
            if monotonic() - last < STALL:
                continue
            if last != began:
                began = last
                self.stalls.append(Stall())
            frame = sys._current_frames().get(self._main)
            if frame is not None and _is_ours(frame):
                self.stalls[-1].samples.append("".join(traceback.format_stack(frame, 12)))


def _is_ours(frame: FrameType | None) -> bool:
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module == OURS or module.startswith(f"{OURS}."):
            return True
        frame = frame.f_back
    return False
