"""What every view shows when it has nothing to show, when it waits, when something failed: and the bar that tells."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from pecdesk.explain import Tone
from pecdesk.ui.style.drawing import icon_pixmap
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.theme import Theme
from pecdesk.ui.style.tokens import STEP

LOADING_AFTER = 150
"""Milliseconds before a view says that it is loading: sooner would be a flash."""


def label(text: str, look: str = "", *, wraps: bool = False, selectable: bool = False) -> QLabel:
    """A line of plain text: what comes from mail never becomes markup."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setWordWrap(wraps)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    if wraps:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    if look:
        wear(made, look)
    return made


def rule() -> QFrame:
    """A hairline between two things."""
    line = QFrame()
    wear(line, "rule")
    return line


class MessagePanel(QWidget):
    """An icon, what is to be said, what can be done: for empty views and for failures."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon_name = "message"
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = label("", "headline", wraps=True)
        self._text = label("", "muted", wraps=True)
        for words in (self._title, self._text):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            words.setMaximumWidth(460)
        self._buttons = QHBoxLayout()
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * STEP)
        layout.addStretch(2)
        layout.addWidget(self._picture)
        for words in (self._title, self._text):
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(words, 20)
            row.addStretch(1)
            layout.addLayout(row)
        layout.addLayout(self._buttons)
        layout.addStretch(3)
        theme.changed.connect(self._draw)

    def tell(
        self, icon: str, title: str, text: str = "", actions: tuple[tuple[str, Callable[[], object]], ...] = ()
    ) -> None:
        """Show this; each action is a button's words and what it does, the first one the usual."""
        self._icon_name = icon
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        while (item := self._buttons.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self._buttons.addStretch(1)
        for number, (words, action) in enumerate(actions):
            button = QPushButton(words)
            wear(button, "" if number else "primary")
            button.clicked.connect(lambda _checked=False, act=action: act())
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)
        self.setAccessibleName(f"{title} {text}".strip())
        self._draw()

    def _draw(self) -> None:
        colour = self._theme.palette.faint
        self._picture.setPixmap(icon_pixmap(self._icon_name, colour, 48, self.devicePixelRatioF()))


class View(QWidget):
    """A content that can also be empty, loading or failed; each says what it is and what to do."""

    def __init__(self, theme: Theme, content: QWidget, loading: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content = content
        self.panel = MessagePanel(theme)
        self._waiting = QWidget()
        column = QVBoxLayout(self._waiting)
        self._words = label(loading, "muted")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._busy = QProgressBar()
        self._busy.setRange(0, 1)
        self._busy.setMaximumWidth(160)
        column.addStretch(2)
        column.addWidget(self._words)
        column.addWidget(self._busy, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self._stack = QStackedLayout(self)
        for page in (content, self.panel, self._waiting):
            self._stack.addWidget(page)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LOADING_AFTER)
        self._timer.timeout.connect(self._show_loading)

    def set_loading(self, words: str) -> None:
        """What is said while it takes long."""
        self._words.setText(words)

    def show_content(self) -> None:
        """The content is there."""
        self._timer.stop()
        self._busy.setRange(0, 1)
        self._stack.setCurrentWidget(self.content)

    def show_loading(self) -> None:
        """It is on its way; said only if it takes long."""
        self._timer.start()

    def _show_loading(self) -> None:
        self._busy.setRange(0, 0)
        self._stack.setCurrentWidget(self._waiting)

    def show_message(
        self, icon: str, title: str, text: str = "", actions: tuple[tuple[str, Callable[[], object]], ...] = ()
    ) -> None:
        """There is nothing, or it failed."""
        self._timer.stop()
        self._busy.setRange(0, 1)
        self.panel.tell(icon, title, text, actions)
        self._stack.setCurrentWidget(self.panel)


class Notice(QFrame):
    """A bar with a sentence, drawn by us beside what it speaks of; hidden while there is nothing to say."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tone = Tone.BLUE
        self._icon_name = "information"
        self._picture = QLabel()
        self._words = label("", wraps=True, selectable=True)
        self._button = QPushButton()
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * STEP, 2 * STEP, 2 * STEP, 2 * STEP)
        row.setSpacing(2 * STEP)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignTop)
        self._action: Callable[[], object] | None = None
        self._button.clicked.connect(self._act)
        wear(self._button, "link")
        self.setObjectName("notice")
        theme.changed.connect(self._draw)
        self.hide()

    def say(
        self,
        tone: Tone,
        text: str,
        action: tuple[str, Callable[[], object]] | None = None,
        *,
        icon: str = "information",
    ) -> None:
        """Tell this; never in green, which is for certification."""
        self._tone = Tone.BLUE if tone is Tone.GREEN else tone
        self._icon_name = icon
        self._words.setText(text)
        self._action = action[1] if action else None
        self._button.setText(action[0] if action else "")
        self._button.setVisible(action is not None)
        self.setAccessibleName(text)
        self._draw()
        self.show()

    def take_keys(self) -> None:
        """Bring the keyboard to its button. No focus proxy: with one, Tab no longer leads past a hidden notice."""
        self._button.setFocus()

    @property
    def text(self) -> str:
        """What it says; nothing while it is hidden."""
        return self._words.text() if not self.isHidden() else ""

    def _act(self) -> None:
        if self._action is not None:
            self._action()

    def _draw(self) -> None:
        colours = self._theme.palette.tones[self._tone]
        self._picture.setPixmap(icon_pixmap(self._icon_name, colours.ink, 18, self.devicePixelRatioF()))
        self.setStyleSheet(f"#notice {{ background: {colours.tint}; border-radius: 6px; }}")
