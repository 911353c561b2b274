"""Plain text that breaks anywhere and is as high as its lines, light enough to stand on a page a hundred times.

A `QLabel` breaks lines only between words: a SHA-256 or a hostile address of a thousand letters would push the window
apart or be cut off. A `QTextEdit` breaks them anywhere, and takes a millisecond and six widgets for each.
"""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from pecdesk.ui.style.sheet import wear

NARROWEST = 120
"""Device-independent pixels below which it is not squeezed."""
LONGEST = 3_000
"""Letters that are shown; Qt needs the square of the length of a word to break it."""


class FlowText(QWidget):
    """A text of as many lines as its width asks for. Never markup; text from mail comes in made visible.

    Where it is `selectable` the mouse selects, and Ctrl+C copies the selection, or all of it where nothing is selected.
    """

    def __init__(self, text: str = "", look: str = "", *, selectable: bool = False) -> None:
        super().__init__()
        self._text = ""
        self._is_selectable = selectable
        self._layout = QTextLayout()
        self._width = -1
        self._heights: dict[int, int] = {}
        self._anchor = self._position = 0
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if selectable:
            self.setCursor(Qt.CursorShape.IBeamCursor)
            self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        wear(self, f"flow-{look}" if look else "flow")
        self.set_text(text)

    @property
    def text(self) -> str:
        """All of it, though not all may be shown."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show this text."""
        self._text = text
        self._anchor = self._position = 0
        self.setAccessibleName(text)
        self._forget()

    @property
    def selected(self) -> str:
        """What is selected."""
        start, end = sorted((self._anchor, self._position))
        return self._shown()[start:end]

    def _shown(self) -> str:
        text = self._text if len(self._text) <= LONGEST else self._text[: LONGEST - 1] + "…"
        return text.replace("\n", "\u2028")

    def _forget(self) -> None:
        self._width = -1
        self._heights.clear()
        self.updateGeometry()
        self.update()

    # its size

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._lay_out(width)
        return self._heights[width]

    def _lay_out(self, width: int) -> None:
        self.ensurePolished()
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout = QTextLayout(self._shown(), self.font())
        self._layout.setTextOption(option)
        self._layout.beginLayout()
        y = 0.0
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(max(width, NARROWEST))
            line.setPosition(QPointF(0, y))
            y += line.height()
        self._layout.endLayout()
        self._width = width
        self._heights[width] = ceil(max(y, self.fontMetrics().height()))

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        width = max(self.fontMetrics().horizontalAdvance(self._shown()[:400]) + 2, NARROWEST)
        return QSize(width, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, self.fontMetrics().height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._forget()
        elif event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()

    # what is seen

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._width != self.width():
            self._lay_out(self.width())
        palette = self.palette()
        painter = QPainter(self)
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        self._layout.draw(painter, QPointF(0, 0), self._selections(palette))
        if self.hasFocus():
            painter.setPen(QPen(QColor(palette.color(QPalette.ColorRole.Highlight)), 2))
            painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()

    def _selections(self, palette: QPalette) -> list[QTextLayout.FormatRange]:
        start, end = sorted((self._anchor, self._position))
        if start == end:
            return []
        chosen = QTextLayout.FormatRange()
        looks = QTextCharFormat()
        looks.setBackground(palette.color(QPalette.ColorRole.Highlight))
        looks.setForeground(palette.color(QPalette.ColorRole.HighlightedText))
        chosen.start, chosen.length, chosen.format = start, end - start, looks
        return [chosen]

    # what the user does with it

    def select_all(self) -> None:
        """Select all that is shown."""
        self._anchor, self._position = 0, len(self._shown())
        self.update()

    def copy(self) -> None:
        """Copy the selection, or all of it where nothing is selected."""
        QGuiApplication.clipboard().setText((self.selected or self._text).replace("\u2028", "\n"))

    def _place(self, point: QPointF) -> int:
        if self._width != self.width():
            self._lay_out(self.width())
        last = self._layout.lineCount() - 1
        for number in range(last + 1):
            line = self._layout.lineAt(number)
            if number == last or point.y() < line.y() + line.height():
                return int(line.xToCursor(point.x()))
        return 0

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._is_selectable and event.button() == Qt.MouseButton.LeftButton:
            self._anchor = self._position = self._place(event.position())
            self.update()
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._is_selectable and event.buttons() & Qt.MouseButton.LeftButton:
            self._position = self._place(event.position())
            self.update()
        else:
            event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._is_selectable:
            event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._is_selectable:
            self.select_all()
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self._is_selectable:
            event.ignore()
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, act in (("&Copy", self.copy), ("Select All", self.select_all)):
            # In Qt's own words, as in every other field of text.
            menu.addAction(QCoreApplication.translate("QWidgetTextControl", words)).triggered.connect(act)
        menu.popup(event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._anchor = self._position
        self.update()
