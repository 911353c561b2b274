"""Stalls of the GUI thread, and what every thread did meanwhile: for benchmarks, which want to know it better than
`tests.kit.watchdog` tells.

The stacks are taken by a thread of Python's own. Where another one keeps Python's lock through a long call, it looks
only after that, and then sees the line of the call. (`faulthandler` needs no lock, but may read a stack while it
changes, and end the process.)
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic, thread_time
from types import FrameType

from PySide6.QtCore import QObject, Qt, QTimer

TICK = 4
"""Milliseconds between two signs of life."""
STALL = 0.05
"""Seconds of silence that are told of."""
LOOK_AFTER = 0.03
"""Seconds of silence after which the threads are looked at, each `LOOK_EVERY` seconds."""
LOOK_EVERY = 0.01
LINES = 14
"""Of each thread's stack."""


@dataclass(frozen=True, slots=True)
class Stall:
    """One time when the window did not answer."""

    at: float
    """Seconds since the watch began."""
    seconds: float
    own_seconds: float
    """What the GUI thread itself computed."""
    queued_seconds: float
    """At most how long one thread of this process was ready and the machine had no processor for it."""
    stacks: tuple[str, ...]
    """Of all threads that do something, once for each look, if they are wanted."""


class StallWatch(QObject):
    """Watches from `start` to `stop`, on the GUI thread, with the event loop running."""

    def __init__(self, *, stacks: bool) -> None:
        super().__init__()
        self._over = threading.Event()
        self._looking = threading.Thread(target=self._look, name="stalls", daemon=True) if stacks else None
        self._main = threading.get_ident()
        self._looks: list[str] = []
        self.pauses: list[float] = []
        """Seconds between two signs of life."""
        self.longest_with_processor = 0.0
        """The longest of them, in seconds, less what a thread of this process waited meanwhile for a processor: about
        what it would have been on an idle machine."""
        self.stalls: list[Stall] = []
        self._queues: dict[str, int] = {}
        self._queued: dict[str, int] = {}
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Watch from now on."""
        self._begun = self._last = monotonic()
        self._own = thread_time()
        self._look_at_queues()
        self._timer.start()
        if self._looking is not None:
            self._looking.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._tick()
        self._timer.stop()
        self._over.set()
        for descriptor in self._queues.values():
            os.close(descriptor)

    def _look(self) -> None:
        """On a thread of its own."""
        while not self._over.wait(LOOK_EVERY):
            if monotonic() - self._last < LOOK_AFTER:
                continue
            names = {thread.ident: thread.name for thread in threading.enumerate()}
            told = [
                f"Thread {names.get(ident, ident)}\n{''.join(traceback.format_stack(frame, LINES))}"
                for ident, frame in sys._current_frames().items()
                if ident == self._main or not _is_idle(frame)
            ]
            self._looks.append("".join(told))

    def _tick(self) -> None:
        now = monotonic()
        own, waited = thread_time(), self._look_at_queues()
        length = now - self._last
        self.pauses.append(length)
        self.longest_with_processor = max(self.longest_with_processor, length - waited)
        looks, self._looks = self._looks, []
        if length >= STALL:
            self.stalls.append(Stall(now - self._begun, length, own - self._own, waited, tuple(looks)))
        self._own = own
        self._last = monotonic()

    def _look_at_queues(self) -> float:
        """The longest that a thread has waited for a processor since the last look, in seconds."""
        for name in set(os.listdir("/proc/self/task")) - self._queues.keys():  # noqa: PTH208 - hundreds of times a second
            with suppress(OSError):
                self._queues[name] = os.open(f"/proc/self/task/{name}/schedstat", os.O_RDONLY)
        longest = 0
        for name, descriptor in list(self._queues.items()):
            try:
                waited = int(os.pread(descriptor, 100, 0).split()[1])
            except OSError:  # it has ended
                os.close(self._queues.pop(name))
                continue
            longest = max(longest, waited - self._queued.get(name, waited))
            self._queued[name] = waited
        return longest / 1e9


def _is_idle(frame: FrameType) -> bool:
    return frame.f_code.co_name in ("wait", "accept", "read_exactly", "select", "_await_end", "_look")
