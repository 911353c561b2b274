"""A long piece of work under way inside a dialog or a page: what it is, how far it is, and a button that stops it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.ui.background import Progress, Task
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.panels import LOADING_AFTER, label
from pecdesk.ui.style.tokens import STEP

T = TypeVar("T")

Work = Callable[[Progress, Callable[[], bool]], T]
"""What `App` is asked to do: it tells how far it is, and looks at whether to stop."""


class WorkBar(QWidget):
    """One job at a time; hidden while there is none.

    Work that was stopped still says what it did: `then` or `failed` is called, as always, once it has ended.
    """

    ended = Signal()
    """Before it is told what came of it."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._stop_wish = Event()
        self.is_busy = False
        self.can_stop = False
        self._words = label("", wraps=True)
        self._count = label("", "muted")
        self._bar = QProgressBar()
        self._bar.setRange(0, 1)
        self._bar.setTextVisible(False)
        self._stop = QPushButton()
        self._stop.setAutoDefault(False)
        self._stop.clicked.connect(self.stop)
        told = QHBoxLayout()
        told.addWidget(self._words, 1)
        told.addWidget(self._count)
        column = QVBoxLayout()
        column.setSpacing(STEP)
        column.addLayout(told)
        column.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3 * STEP)
        row.addLayout(column, 1)
        row.addWidget(self._stop)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(LOADING_AFTER)
        self._late.timeout.connect(self._say_late)
        self.hide()

    def run(
        self,
        words: str,
        work: Work[T],
        then: Callable[[T], None],
        failed: Callable[[Exception], None],
        *,
        can_stop: bool = True,
    ) -> None:
        """Do it in the background, under these words."""
        wish = Event()
        self._stop_wish = wish
        self.is_busy, self.can_stop = True, can_stop
        self._words.setText(words)
        self._late.start()
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(words)
        self._count.setText("")
        self._stop.setText(self._desk.say(N_("S&top")))
        self._stop.setEnabled(True)
        self._stop.setVisible(can_stop)
        self.show()

        def do(task: Task) -> T:
            task.progress(0, None)
            return work(task.progress, lambda: wish.is_set() or task.is_cancelled())

        def show(done: int, of: int | None) -> None:
            self._late.stop()
            if not wish.is_set():
                self._words.setText(words)
            self._show(done, of)

        self._desk.background.job(
            do,
            lambda result: self._end(lambda: then(result)),
            lambda error: self._end(lambda: failed(error)),
            show,
            owner=self,
        )

    def _say_late(self) -> None:
        """It has not begun: another job goes first."""
        if not self._stop_wish.is_set():
            self._words.setText(self._desk.say(N_("Waiting for other work to end…")))

    @property
    def was_stopped(self) -> bool:
        """Whether the work, or the last one, was asked to stop."""
        return self._stop_wish.is_set()

    def stop(self) -> None:
        """Ask the work to stop at its next step."""
        self._stop_wish.set()
        self._words.setText(self._desk.say(N_("Stopping…")))
        self._stop.setEnabled(False)

    def _show(self, done: int, of: int | None) -> None:
        number = self._desk.language.number
        if of:
            self._bar.setRange(0, of)
            self._bar.setValue(done)
            self._count.setText(self._desk.say(N_("{done} of {of}"), done=number(done), of=number(of)))
        elif done:
            self._count.setText(number(done))

    def _end(self, tell: Callable[[], None]) -> None:
        self.is_busy = False
        self._late.stop()
        self._bar.setRange(0, 1)
        self.hide()
        self.ended.emit()
        tell()
