"""What the user says of rows, written in turn; while another program writes it is kept in mind, and written then."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from pecdesk.errors import BusyError
from pecdesk.ui.background import Task
from pecdesk.ui.desk import Desk

AGAIN_EVERY = 2_000
"""Milliseconds until what had to wait is tried again."""

Work = Callable[[], object]


class Marks(QObject):
    """One after another, in the order in which they were made."""

    failed = Signal(Exception)
    waits = Signal(bool)
    """Whether something is not written because another program is writing."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._due: deque[Work] = deque()
        self._task: Task | None = None
        self._is_waiting = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_EVERY)
        self._again.timeout.connect(self._go_on)

    def write(self, work: Work) -> None:
        """Have this written; `work` takes its turn itself."""
        self._due.append(work)
        self._go_on()

    def stop(self) -> None:
        """The window closes: what only waits for its turn is still written, what waits for another program is not."""
        self._again.stop()
        if not self._is_waiting:
            for work in list(self._due)[1 if self._is_under_way else 0 :]:
                self._desk.background.errand(work, lambda _done: None, lambda _error: None, owner=self._desk)
        self._due.clear()

    @property
    def _is_under_way(self) -> bool:
        return self._task is not None and not self._task.is_done

    def _go_on(self) -> None:
        if not self._due or self._again.isActive() or self._is_under_way:
            return
        self._task = self._desk.background.errand(self._due[0], self._written, self._fail, owner=self)

    def _written(self, _result: object) -> None:
        self._end()

    def _fail(self, error: Exception) -> None:
        if isinstance(error, BusyError):
            self._tell_waiting(is_waiting=True)
            self._again.start()
        else:
            self._end()
            self.failed.emit(error)

    def _end(self) -> None:
        if self._due:
            self._due.popleft()
        if not self._due:
            self._tell_waiting(is_waiting=False)
        self._go_on()

    def _tell_waiting(self, *, is_waiting: bool) -> None:
        if is_waiting != self._is_waiting:
            self._is_waiting = is_waiting
            self.waits.emit(is_waiting)
