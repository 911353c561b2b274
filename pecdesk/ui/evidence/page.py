"""A tab's page: one column that scrolls, of sections and of lines that are walked with the arrow keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QScrollArea, QVBoxLayout, QWidget

from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP

STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 5, Qt.Key.Key_PageUp: -5}
"""How many lines a key goes."""

AT_ONCE = 8
"""Lines made in one go: some twenty milliseconds."""

BESIDE_MARK = 4
"""Device-independent pixels above words beside a mark of the usual size: their first line meets its middle."""


class Page(QScrollArea):
    """One column that scrolls up and down, never sideways."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.column = QVBoxLayout()
        self._start()

    def _start(self) -> None:
        ground = QWidget()
        self.column = QVBoxLayout(ground)
        self.column.setContentsMargins(0, 2 * STEP, 2 * STEP, 2 * STEP)
        self.column.setSpacing(2 * STEP)
        self.setWidget(ground)

    def clear(self) -> None:
        """Begin anew: what stood here is gone."""
        self._start()

    def add(self, widget: QWidget) -> None:
        """Put something under what is there."""
        self.column.addWidget(widget)

    def add_heading(self, words: str) -> QLabel:
        """Begin a section."""
        if self.column.count():
            self.column.addSpacing(2 * STEP)
        heading = label(words.upper(), "section")
        heading.setAccessibleName(words)
        self.column.addWidget(heading)
        return heading

    def fill(self, widget: QWidget, *, above: int) -> None:
        """Let one thing that scrolls by itself take the whole page."""
        self.clear()
        self.column.setContentsMargins(0, above, 0, 0)
        self.column.addWidget(widget, 1)

    def end(self) -> None:
        """What was added stays at the top."""
        self.column.addStretch(1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.settle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        handled = super().eventFilter(watched, event)
        if event.type() == QEvent.Type.LayoutRequest and watched is self.widget():
            self._measure()
        return handled

    def settle(self) -> None:
        """Look at everything anew: Qt forgets what changed in layouts that were not in sight."""
        for part in (*reversed(self._ground.findChildren(QLayout)), self._ground.layout()):
            if part is not None:
                part.invalidate()
        self._measure()  # at once: until the event comes, a column that has grown would be pressed into its old height
        QCoreApplication.postEvent(self._ground, QEvent(QEvent.Type.LayoutRequest))

    @property
    def _ground(self) -> QWidget:
        ground = self.widget()
        assert ground is not None  # every page begins with one
        return ground

    def _measure(self) -> None:
        """Give the column the height that its lines ask for at this width; less would cut them."""
        asked = self.column.totalHeightForWidth(self.viewport().width()) if self.column.hasHeightForWidth() else 0
        if asked != self._ground.minimumHeight():
            self._ground.setMinimumHeight(max(0, asked))


class Line(QFrame):
    """One line of a list of lines: reached by keyboard, spoken in one sentence, copied as such."""

    activated = Signal()

    def __init__(self, spoken: str) -> None:
        super().__init__()
        self.spoken = spoken
        self.setAccessibleName(spoken)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        wear(self, "line")

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            # Its words ask for another height at the same width: they got their letters only now.
            self._measure()
        return handled

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def _measure(self) -> None:
        """Say as a minimum what it asks for: a column that was measured too early would press its lines together."""
        layout = self.layout()
        asked = layout.totalHeightForWidth(self.width()) if layout is not None and layout.hasHeightForWidth() else 0
        if asked != self.minimumHeight():
            self.setMinimumHeight(asked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activated.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.spoken)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.activated.emit()


class Lines(QWidget):
    """Lines one under the other. Tab reaches the one that was looked at last, the arrow keys the others.

    The first are made at once, the others a few at a time, so that a long list never halts the window.
    """

    def __init__(self, name: str, number: int, make: Callable[[int], Line]) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self._number = number
        self._make = make
        self._current = 0
        self.setAccessibleName(name)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._timer = QTimer(self)
        self._timer.timeout.connect(lambda: self._grow_to(len(self.lines) + AT_ONCE))
        self._grow_to(AT_ONCE)
        if len(self.lines) < number:
            self._timer.start(0)

    def _grow_to(self, number: int) -> None:
        while len(self.lines) < min(number, self._number):
            line = self._make(len(self.lines))
            if len(self.lines) == self._current:
                line.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.lines.append(line)
            self._column.addWidget(line)
        if len(self.lines) == self._number:
            self._timer.stop()
        if (page := self._page()) is not None:
            page.settle()

    def _page(self) -> Page | None:
        around = self.parentWidget()
        while around is not None and not isinstance(around, Page):
            around = around.parentWidget()
        return around

    def keyPressEvent(self, event: QKeyEvent) -> None:
        here = next((place for place, line in enumerate(self.lines) if line.hasFocus()), None)
        last = self._number - 1
        if here is None:
            super().keyPressEvent(event)
        elif event.key() in STEPS:
            self.go_to(max(0, min(last, here + STEPS[Qt.Key(event.key())])))
        elif event.key() == Qt.Key.Key_Home:
            self.go_to(0)
        elif event.key() == Qt.Key.Key_End:
            self.go_to(last)
        else:
            super().keyPressEvent(event)

    def go_to(self, number: int) -> None:
        """Give a line the focus and bring it into view."""
        self._grow_to(number + 1)
        self.lines[self._current].setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._current = number
        line = self.lines[number]
        line.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        line.show()  # one that was made just now takes no focus before it is in sight
        line.setFocus(Qt.FocusReason.OtherFocusReason)
        page = self._page()
        if page is not None:
            page.column.activate()
            page.ensureWidgetVisible(line, 0, 3 * STEP)
