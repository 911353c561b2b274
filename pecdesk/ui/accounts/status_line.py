"""How each mailbox stands, at the foot of the side bar: a sentence to be clicked, and its progress."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QEnterEvent, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from pecdesk.explain import Tone
from pecdesk.explain.account_status import StatusWords, status_words
from pecdesk.explain.visible import visible
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.drawing import paint_focus_ring
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.theme import Theme
from pecdesk.ui.style.tokens import RADIUS, STEP

CLOCK_EVERY = 30_000
"""Milliseconds between two looks at the clock: "at 10:43" becomes "yesterday" by itself."""

LOUD = (Tone.AMBER, Tone.RED)
PRESSING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class StatusLine(QAbstractButton):
    """One mailbox: how it stands, its address, and what is not in order."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.sentence = label("", "small", wraps=True)
        self.warning = label("", "small-amber", wraps=True)
        self._address = ElidedLabel()
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP, STEP, 2 * STEP, STEP)
        column.setSpacing(STEP)
        for part in (self.sentence, self.bar, self.warning, self._address):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(part)
        theme.changed.connect(self.update)

    def show_words(self, address: str, words: StatusWords) -> None:
        """Say this of the mailbox."""
        self.sentence.setText(words.sentence)
        wear(self.sentence, f"small-{words.tone}" if words.tone in LOUD else "small")
        self.warning.setText("\n".join(words.warnings))
        self.warning.setVisible(bool(words.warnings))
        wear(self.warning, f"small-{words.warning_tone}")
        self._address.setText(visible(address))
        self.bar.setVisible(words.share is not None)
        self.bar.setValue(round((words.share or 0) * 1000))
        self.setAccessibleName(". ".join((words.sentence, *words.warnings, address)))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return self._column.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._column.minimumSize().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = self.rect().toRectF().adjusted(1, 1, -1, -1)
        if self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.hover))
            painter.drawRoundedRect(place, RADIUS, RADIUS)
        if self.hasFocus():
            paint_focus_ring(painter, self.rect(), colours, RADIUS)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Keys that press a button are its own here, whatever they do in the rest of the window."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in PRESSING:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in PRESSING:
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()


class ElidedLabel(QLabel):
    """One line of plain text, shortened in its middle where there is no room."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        wear(self, "small")

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()


class StatusLines(QWidget):
    """All mailboxes that have servers, one below the other; nothing where there is none."""

    asked = Signal(str)
    """The address of the mailbox of which more is wanted."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.lines: dict[str, StatusLine] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._clock = QTimer(self)
        self._clock.setInterval(CLOCK_EVERY)
        self._clock.timeout.connect(self.refresh)
        desk.accounts.changed.connect(self.refresh)
        desk.language_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say how everything stands now."""
        watch, now = self._desk.accounts, self._desk.clock()
        present = [account.address for account in watch.accounts]
        for address in [address for address in self.lines if address not in present]:
            gone = self.lines.pop(address)
            gone.hide()
            gone.deleteLater()
        for account in watch.accounts:
            if account.address not in self.lines:
                self.lines[account.address] = self._line(account.address)
            words = status_words(account, watch.status(account), now, self._desk.language, is_metered=watch.is_metered)
            self.lines[account.address].show_words(account.address, words)
        self.setVisible(bool(present))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def _line(self, address: str) -> StatusLine:
        line = StatusLine(self._desk.theme)
        line.clicked.connect(lambda: self.asked.emit(address))
        self._column.addWidget(line)
        return line
