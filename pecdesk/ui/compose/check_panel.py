"""What is to be seen to before a message leaves: one list of plain sentences, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain import Shape, Tone
from pecdesk.explain.before_sending import Level
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Action, Content, scrolling
from pecdesk.ui.style.drawing import mark_pixmap
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import MARGIN, MARK, STEP

LOOKS = {
    Level.STOP: (Tone.RED, Shape.CROSS),
    Level.QUESTION: (Tone.AMBER, Shape.QUESTION),
    Level.HINT: (Tone.BLUE, Shape.NOTE),
}

SPOKEN = {
    Level.STOP: N_("Must be put right: {sentence}"),
    Level.QUESTION: N_("Question: {sentence}"),
    Level.HINT: N_("Note: {sentence}"),
}
"""The mark before a sentence, for those who do not see it."""


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One sentence of the list."""

    level: Level
    sentence: str
    """Safe to show."""
    advice: str = ""
    """What to do about it, or what it means."""
    action: Action | None = None
    """What can be done about it at once."""


class CheckPanel(QWidget):
    """Stands in the place of the text while there is something to see to."""

    went_on = Signal()
    """Send all the same."""
    went_back = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.lines: tuple[CheckLine, ...] = ()
        self.title = label("", "headline", wraps=True)
        ground = Content()
        self._list = QVBoxLayout(ground)
        self._list.setContentsMargins(MARGIN, 0, MARGIN, 0)
        self._list.setSpacing(3 * STEP)
        self._scroll = scrolling(ground)
        self.back_button, self.go_button = QPushButton(), QPushButton()
        wear(self.back_button, "primary")
        self.back_button.clicked.connect(self.went_back)
        self.go_button.clicked.connect(self.went_on)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(MARGIN, 0, MARGIN, 0)
        buttons.setSpacing(2 * STEP)
        buttons.addStretch(1)
        buttons.addWidget(self.go_button)
        buttons.addWidget(self.back_button)
        self.title.setContentsMargins(MARGIN, 0, MARGIN, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4 * STEP, 0, 3 * STEP)
        column.setSpacing(3 * STEP)
        column.addWidget(self.title)
        column.addWidget(self._scroll, 1)
        column.addLayout(buttons)
        desk.theme.changed.connect(self._again)

    @property
    def is_blocked(self) -> bool:
        """Whether something must be put right first."""
        return any(line.level is Level.STOP for line in self.lines)

    @property
    def asks(self) -> bool:
        """Whether there is something to answer."""
        return any(line.level is Level.QUESTION for line in self.lines)

    def show_lines(self, lines: Sequence[CheckLine]) -> None:
        """Show these, the gravest first; the focus goes to the safe answer, where there is something to answer."""
        order = list(Level)
        self.lines = tuple(sorted(lines, key=lambda line: order.index(line.level)))
        self._again()
        if self.is_blocked or self.asks:
            self.back_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _again(self) -> None:
        say = self._desk.say
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for line in self.lines:
            self._list.addWidget(self._line(line))
        self._list.addStretch(1)
        if self.is_blocked:
            title = say(N_("This message cannot leave as it is"))
        else:
            title = say(N_("Before it leaves")) if self.asks else say(N_("Good to know"))
        self.title.setText(title)
        self.title.setVisible(bool(self.lines))
        self.go_button.setText(say(N_("Send all th&e same")))
        self.back_button.setText(say(N_("&Back to the message")))
        self.go_button.setVisible(self.asks and not self.is_blocked)
        self.back_button.setVisible(self.asks or self.is_blocked)
        said = [say(SPOKEN[line.level], sentence=f"{line.sentence} {line.advice}".strip()) for line in self.lines]
        self.back_button.setAccessibleDescription(" ".join([title, *said]))

    def _line(self, line: CheckLine) -> QWidget:
        tone, shape = LOOKS[line.level]
        mark = QLabel()
        mark.setPixmap(mark_pixmap(shape, tone, MARK, self.devicePixelRatioF(), self._desk.theme.palette))
        words = label(line.sentence, wraps=True, selectable=True)
        words.setAccessibleName(self._desk.say(SPOKEN[line.level], sentence=line.sentence))
        said = QVBoxLayout()
        said.setSpacing(STEP // 2)
        said.addWidget(words)
        if line.advice:
            said.addWidget(label(line.advice, "muted", wraps=True, selectable=True))
        if line.action is not None:
            button = QPushButton(line.action[0])
            wear(button, "link")
            act = line.action[1]
            button.clicked.connect(lambda _checked=False: act())
            said.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3 * STEP)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(said, 1)
        return made
