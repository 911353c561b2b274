"""The top of the reader: subject, from whom and when, on whose word. Plain, visible letters, all of them selectable."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain.byline import addressed, byline
from pecdesk.explain.visible import visible
from pecdesk.pec.transmission import Direction
from pecdesk.store import Row
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP

LONGEST_SUBJECT = 1_000
"""Letters; what is longer is no subject, and is cut with a mark."""


class Heading(QWidget):
    """Subject and byline of a row."""

    row_asked = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._other: int | None = None
        self.title = FlowText("", "title", selectable=True)
        self.title.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.byline = FlowText("", "muted", selectable=True)
        self.addressed = FlowText("", "muted", selectable=True)
        self.other_button = QPushButton()
        wear(self.other_button, "link")
        self.other_button.clicked.connect(self._ask_other)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP)
        for words in (self.title, self.byline, self.addressed):
            column.addWidget(words)
        column.addWidget(self.other_button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_row(self, row: Row) -> None:
        """Tell who, what and when."""
        say, language, found = self._desk.say, self._desk.language, row.transmission
        subject = visible(found.subject)
        if len(subject) > LONGEST_SUBJECT:
            subject = subject[:LONGEST_SUBJECT] + "…"
        self.title.set_text(subject or say(N_("(no subject)")))
        self.byline.set_text(visible(byline(found, language)))
        to = visible(addressed(found, language))
        self.addressed.set_text(to)
        self.addressed.setVisible(bool(to))
        self._other = row.linked[0] if row.linked else None
        is_sent = found.direction is Direction.SENT
        self.other_button.setText(say(N_("Show the side received") if is_sent else N_("Show the side sent")))
        self.other_button.setVisible(self._other is not None)

    def _ask_other(self) -> None:
        if self._other is not None:
            self.row_asked.emit(self._other)
