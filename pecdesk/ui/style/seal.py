"""A mark of state as a widget: one that is only looked at, and one that opens the evidence behind it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from pecdesk.explain import Shape, Tone
from pecdesk.ui.style.drawing import paint_focus_ring, paint_mark
from pecdesk.ui.style.theme import Theme
from pecdesk.ui.style.tokens import MARK


class SealLabel(QWidget):
    """A mark, told in words to those who do not see it."""

    def __init__(self, theme: Theme, side: int = MARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._side = side
        self._shape, self._tone = Shape.OUTLINE, Tone.GREY
        self.paper = ""
        """Colour of what the mark lies on; the surface when nothing is said."""
        self.setFixedSize(side + 8, side + 8)
        theme.changed.connect(self.update)

    def show_mark(self, shape: Shape, tone: Tone, words: str) -> None:
        """Draw this mark; `words` say what it means."""
        self._shape, self._tone = shape, tone
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side + 8, self._side + 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        place = QRectF((self.width() - self._side) // 2, (self.height() - self._side) // 2, self._side, self._side)
        paint_mark(painter, place, self._shape, self._tone, self._theme.palette, self.paper)
        if self.hasFocus():
            paint_focus_ring(painter, self.rect(), self._theme.palette, 5)
        painter.end()


class SealButton(SealLabel):
    """A mark that opens what stands behind it: by double click, Enter or Space."""

    activated = Signal()

    def __init__(self, theme: Theme, side: int = MARK, parent: QWidget | None = None) -> None:
        super().__init__(theme, side, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.activated.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activated.emit()
        else:
            super().keyPressEvent(event)
