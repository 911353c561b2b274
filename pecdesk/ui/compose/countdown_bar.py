"""The seconds in which a message that was sent can still be taken back."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from time import monotonic

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import MARGIN, STEP

EVERY = 100
"""Milliseconds between two looks at the time."""
PARTS = 1000


class CountdownBar(QWidget):
    """Counts down; hidden while there is nothing to count."""

    undo_asked = Signal()
    ended = Signal()

    def __init__(
        self, desk: Desk, parent: QWidget | None = None, *, seconds_now: Callable[[], float] = monotonic
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._now = seconds_now
        self._end = self._length = 0.0
        self.words = label("", "headline", wraps=True)
        self.remark = label("", "muted", wraps=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, PARTS)
        self.bar.setTextVisible(False)
        self.undo_button = QPushButton()
        self.undo_button.setAutoDefault(True)
        wear(self.undo_button, "primary")
        self.undo_button.clicked.connect(self.undo_asked)
        told = QVBoxLayout()
        told.setSpacing(STEP)
        for part in (self.words, self.bar, self.remark):
            told.addWidget(part)
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, 4 * STEP, MARGIN, 2 * STEP)
        row.setSpacing(4 * STEP)
        row.addLayout(told, 1)
        row.addWidget(self.undo_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._look)
        desk.language_changed.connect(self.retranslate)
        self.retranslate()
        self.hide()

    @property
    def is_counting(self) -> bool:
        """Whether it can still be taken back."""
        return self._timer.isActive()

    def start(self, seconds: float) -> None:
        """Count from here."""
        self._length, self._end = seconds, self._now() + seconds
        self.undo_button.setEnabled(True)
        self._timer.start()
        self._look()
        self.show()
        self.undo_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def stop(self) -> None:
        """Count no longer."""
        self._timer.stop()
        self.hide()

    def retranslate(self) -> None:
        """Say it in the language in force."""
        self.undo_button.setText(self._desk.say(N_("&Undo sending")))
        self.remark.setText(
            self._desk.say(N_("Nothing has left yet. If you close this window the message leaves all the same."))
        )
        self._say(max(0.0, self._end - self._now()))

    def _look(self) -> None:
        left = self._end - self._now()
        self._say(max(left, 0.0))
        if left <= 0:
            self._timer.stop()
            self.undo_button.setEnabled(False)
            self.ended.emit()

    def _say(self, left: float) -> None:
        words = self._desk.language.counted("Leaves in one second", "Leaves in {n} seconds", max(1, ceil(left)))
        if words != self.words.text():
            self.words.setText(words)
            self.bar.setAccessibleName(words)
            self.setAccessibleName(words)
        self.bar.setValue(round(PARTS * left / self._length) if self._length else 0)
