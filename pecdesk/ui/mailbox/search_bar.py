"""The search field: words and operators, completed while they are typed, searched for as soon as one pauses."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.ui.desk import Desk
from pecdesk.ui.mailbox.completion_popup import CompletionPopup
from pecdesk.ui.mailbox.search_completion import Completion, complete, finished
from pecdesk.ui.name_question import ask_name
from pecdesk.ui.style.drawing import icon
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.theme import Theme
from pecdesk.ui.style.tokens import STEP

PAUSE = 120
"""Milliseconds without a keystroke before a search begins."""
PAUSE_AT_FIRST = 400
"""The same for one or two letters: they find nearly everything, take long, and are seldom all that is meant."""
LONGEST = 2000
"""Characters of a search."""
LONGEST_NAME = 60


class SearchField(QLineEdit):
    """A line that tells of the keys that mean something else here; those for the list of offers it leaves to that."""

    entered = Signal()
    left = Signal()
    went_down = Signal()
    focused = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.popup = CompletionPopup(theme, self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape if self.popup.candidates:
                event.ignore()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.popup.has_chosen:
                event.ignore()
            case Qt.Key.Key_Escape:
                self.left.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.entered.emit()
            case Qt.Key.Key_Down:
                self.went_down.emit()
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()


class SearchBar(QWidget):
    """The field, the button that keeps a search, and under them what is wrong with it."""

    searched = Signal(str)
    """What to search for; nothing: for no search any more."""
    left = Signal()
    """Escape: back to where one was."""
    went_down = Signal()
    """The arrow key that leads into the list."""
    save_asked = Signal(str, str)
    """Name and search."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._labels: tuple[str, ...] = ()
        self._completion = Completion(0, 0, ())
        self._searched = ""
        self.field = SearchField(desk.theme)
        self.field.setMaxLength(LONGEST)
        self._loupe = QAction(self)
        self.field.addAction(self._loupe, QLineEdit.ActionPosition.LeadingPosition)
        self.popup = self.field.popup
        self.save = QToolButton()
        self.save.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.error = label("", "wrong", wraps=True)
        self._row = QHBoxLayout()
        self._row.setSpacing(STEP)
        self._row.addWidget(self.field, 1)
        self.add_button(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * STEP, 3 * STEP, 2 * STEP, 2 * STEP)
        column.setSpacing(STEP)
        column.addLayout(self._row)
        column.addWidget(self.error)
        self.setFocusProxy(self.field)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._connect()
        self._draw()
        self.retranslate()
        self.show_error("")
        self.save.hide()

    def _connect(self) -> None:
        self.field.textEdited.connect(self._edited)
        self.field.entered.connect(self._search_now)
        self.field.left.connect(self._leave)
        self.field.went_down.connect(self._go_down)
        self.field.focused.connect(self._look_up_labels)
        self.popup.chosen.connect(self._complete)
        self._pause.timeout.connect(self._search)
        self.save.clicked.connect(self.ask_name)
        self._desk.theme.changed.connect(self._draw)
        self._desk.language_changed.connect(self.retranslate)

    def add_button(self, button: QToolButton) -> None:
        """Put a button beside the field; in the middle, since otherwise the field could be no higher than it."""
        self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            side = max(16, self.fontMetrics().height())
            for button in self.findChildren(QToolButton):
                button.setIconSize(QSize(side, side))

    def _draw(self) -> None:
        colours = self._desk.theme.palette
        self._loupe.setIcon(icon("search", colours.muted, colours.outline))
        self.save.setIcon(icon("star", colours.muted, colours.outline))

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        say = self._desk.say
        self.field.setPlaceholderText(say(N_("Search – try: from:comune state:waiting attachment:pdf")))
        self.field.setAccessibleName(say(N_("Search")))
        self._describe()
        self.save.setToolTip(say(N_("Save this search")))
        self.save.setAccessibleName(say(N_("Save this search")))

    # what is typed

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.field.text()

    def show_text(self, text: str) -> None:
        """Put a search there without beginning it."""
        self._pause.stop()
        self.popup.close()
        self.show_error("")
        self._searched = text
        self.field.setText(text)
        self.save.setVisible(bool(text.strip()))

    def show_error(self, sentence: str) -> None:
        """Say what is wrong with the search; nothing, when nothing is."""
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))
        self._describe()

    def _describe(self) -> None:
        how = self._desk.say(N_("Words, or operators such as from: and state:; they are completed."))
        self.field.setAccessibleDescription(self.error.text() or how)

    def _edited(self) -> None:
        self._completion = complete(self.text, self.field.cursorPosition(), self._desk.language, self._labels)
        is_word = self._completion.end > self._completion.start
        self.popup.offer(self._completion.candidates if is_word else ())
        self.save.setVisible(bool(self.text.strip()))
        self._pause.start(PAUSE if len(self.text.strip()) > 2 else PAUSE_AT_FIRST)

    def _search(self) -> None:
        self._tell(finished(self.text, self.field.cursorPosition(), self._desk.language))

    def _search_now(self) -> None:
        """Enter: what stands there is meant, as it is; a value that is only begun, and can end in one way, is ended."""
        offered = self.popup.candidates
        if len(offered) == 1 and finished(self.text, self.field.cursorPosition(), self._desk.language) != self.text:
            self._complete(offered[0].text)
        self._pause.stop()
        self.popup.close()
        self._tell(self.text)

    def _tell(self, text: str) -> None:
        if text.strip() != self._searched.strip():
            self._searched = text
            self.show_error("")
            self.searched.emit(text.strip())

    def _leave(self) -> None:
        self.show_text("")
        self.left.emit()

    def _go_down(self) -> None:
        if self.text:
            self.went_down.emit()
        else:
            self._completion = complete("", 0, self._desk.language, self._labels)
            self.popup.offer(self._completion.candidates)

    def _complete(self, chosen: str) -> None:
        text, where = self.text, self._completion
        chosen += "" if chosen.endswith(":") else " "
        self.field.setText(f"{text[: where.start]}{chosen}{text[where.end :].lstrip()}")
        self.field.setCursorPosition(where.start + len(chosen))
        self._edited()

    def _look_up_labels(self) -> None:
        """Those that `etichetta:` offers."""
        self._desk.background.query(
            self._desk.app.labels,
            self._take_labels,
            lambda _error: None,
            owner=self,
        )

    def _take_labels(self, labels: tuple[str, ...]) -> None:
        self._labels = labels

    # keeping a search

    def ask_name(self) -> None:
        """Ask what the search is to be called; the side bar has it from then on."""
        say, query = self._desk.say, self.text.strip()
        ask_name(
            self._desk,
            self,
            say(N_("Save this search")),
            say(N_("Name in the side bar:")),
            lambda name: self.save_asked.emit(" ".join(name.split())[:LONGEST_NAME], query),
            offered=query[:LONGEST_NAME],
        )
