"""Off the GUI thread and back: three lanes, so that a search never waits for an export, and a draft for neither.

*Queries* are short (ids, a search, one examination), *jobs* long (import, export, examining everything again);
*errands* are what somebody writes and sends: short, but they wait for the disk, or for another program that writes just
now. What a work returns, or raises, comes back to the GUI thread; nothing comes back once its task was cancelled or its
owner gone.

No QObject, and no connection, may end on a lane: Qt holds a lock then while it waits for Python's, and the GUI thread,
which has Python's, may be waiting for Qt's. So all that a task refers to is let go of on the GUI thread.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from time import monotonic
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

T = TypeVar("T")

PROGRESS_EVERY = 0.05
"""Seconds between two words of progress: more of them would flood the GUI thread."""

_log = logging.getLogger("ui")

Failed = Callable[[Exception], None]
Progress = Callable[[int, int | None], None]


class Task:
    """One piece of work on its way. `cancel` from the GUI thread; `progress` and `is_cancelled` are for the work."""

    def __init__(
        self,
        work: Callable[[Task], Any],
        then: Callable[[Any], None],
        failed: Failed | None,
        progress: Progress | None,
        owner: QObject,
    ) -> None:
        self._work = work
        self._then = then
        self._failed = failed
        self._progress = progress
        self.owner: QObject | None = owner
        self._cancelled = threading.Event()
        self._last = 0.0
        self._tell: Callable[[Task, str, object], None] | None = None
        self.is_done = False

    def cancel(self) -> None:
        """Stop at the next step; nothing more is told to the owner."""
        self._cancelled.set()

    def is_cancelled(self) -> bool:
        """For the work: whether to stop."""
        return self._cancelled.is_set()

    def progress(self, done: int, of: int | None) -> None:
        """For the work: how far it is; told on the GUI thread, not too often."""
        now = monotonic()
        if self._tell is not None and (now - self._last >= PROGRESS_EVERY or done == of):
            self._last = now
            self._tell(self, "progress", (done, of))

    def run(self, tell: Callable[[Task, str, object], None]) -> None:
        """Carry out, on the lane's thread."""
        self._tell = tell
        if self.is_cancelled():
            tell(self, "cancelled", None)
            return
        try:
            result = self._work(self)
        except Exception as error:  # noqa: BLE001 - handed to the GUI thread, which shows it
            tell(self, "failed", error)
        else:
            tell(self, "then", result)

    def deliver(self, how: str, value: Any) -> None:
        """Tell the owner, on the GUI thread."""
        then, failed, progress = self._then, self._failed, self._progress
        is_awaited = not self.is_cancelled() and shiboken6.isValid(self.owner)
        if how == "progress":
            if is_awaited and progress is not None:
                progress(*value)
            return
        self.is_done = True
        self._let_go()
        if not is_awaited:
            return
        if how == "then":
            then(value)
        elif failed is not None:
            failed(value)
        else:
            raise value

    def _let_go(self) -> None:
        """Refer to nothing any more: the lane may be the last to hold this."""
        self._work, self._then, self._failed, self._progress, self.owner = _nothing, _nothing, None, None, None


def _nothing(_: object) -> None:
    """Work that is done."""


class _Lane(threading.Thread):
    """One thread that takes work in turn."""

    def __init__(self, name: str, tell: Callable[[Task, str, object], None]) -> None:
        super().__init__(name=name, daemon=True)
        self._tell = tell
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self.current: Task | None = None

    def put(self, task: Task | None) -> None:
        """Have it done; None ends the thread."""
        self._tasks.put(task)

    def run(self) -> None:
        while (task := self._tasks.get()) is not None:
            self.current = task
            task.run(self._tell)
            self.current = None


class Background(QObject):
    """The lanes."""

    _told = Signal(object, str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_closed = False
        self._open = 0
        self._owned: dict[int, set[Task]] = {}
        """What is under way or waits, by the address of its owner."""
        self._told.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._queries = _Lane("queries", self._tell)
        self._jobs = _Lane("jobs", self._tell)
        self._errands = _Lane("errands", self._tell)
        self._lanes = (self._queries, self._jobs, self._errands)
        for lane in self._lanes:
            lane.start()

    def query(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Failed | None = None, *, owner: QObject
    ) -> Task:
        """Do something short. An error nobody takes is raised on the GUI thread."""
        return self._start(self._queries, Task(lambda _task: work(), then, failed, None, owner))

    def errand(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Failed | None = None, *, owner: QObject
    ) -> Task:
        """Keep or send what somebody writes, one after the other. An error nobody takes is raised on the GUI thread."""
        return self._start(self._errands, Task(lambda _task: work(), then, failed, None, owner))

    def job(
        self,
        work: Callable[[Task], T],
        then: Callable[[T], None],
        failed: Failed | None = None,
        progress: Progress | None = None,
        *,
        owner: QObject,
    ) -> Task:
        """Do something long, one after another; the work looks at `task.is_cancelled()` between its steps."""
        return self._start(self._jobs, Task(work, then, failed, progress, owner))

    def _start(self, lane: _Lane, task: Task) -> Task:
        self._own(task)
        self._open += 1
        lane.put(task)
        return task

    def _own(self, task: Task) -> None:
        """Cancel it when its owner goes: one connection for each owner."""
        assert task.owner is not None
        address = shiboken6.getCppPointer(task.owner)[0]
        if address not in self._owned:
            self._owned[address] = set()
            task.owner.destroyed.connect(lambda: self._owner_is_gone(address))
        self._owned[address].add(task)

    def _owner_is_gone(self, address: int) -> None:
        for task in self._owned.pop(address):
            task.cancel()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way or waits, and everything was told."""
        return self._open == 0

    def close(self, seconds: float = 10.0) -> None:
        """Stop taking work, cancel what is under way, and wait for the lanes, not for ever."""
        self._is_closed = True
        for lane in self._lanes:
            if (task := lane.current) is not None:
                task.cancel()
            lane.put(None)
        for lane in self._lanes:
            lane.join(seconds)
            if lane.is_alive():
                _log.error("%s did not end in time", lane.name)

    def _tell(self, task: Task, how: str, value: object) -> None:
        with suppress(RuntimeError):  # the window is gone: nobody to tell
            if not self._is_closed:
                self._told.emit(task, how, value)

    def _deliver(self, task: Task, how: str, value: object) -> None:
        if how != "progress":
            self._open -= 1
            for tasks in self._owned.values():
                tasks.discard(task)
        task.deliver(how, value)
