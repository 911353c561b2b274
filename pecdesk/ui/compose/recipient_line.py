"""The line in which the next recipient is typed: some keys finish it, some take the last chip up again."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

from pecdesk.ui.mailbox.completion_popup import CompletionPopup
from pecdesk.ui.style.theme import Theme

LONGEST = 100_000
"""Characters typed or pasted at once."""


_STILL_HERE = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
"""The cursor stays in the line while its offers open, or another window is looked at: nothing is finished by that."""


class RecipientLine(QLineEdit):
    """A line that tells of the keys that mean something else here; those for the offers it leaves to them."""

    finished = Signal()
    pasted = Signal(str)
    went_back = Signal(bool)
    """To the last chip; whether to take it up again."""
    focus_changed = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setMaxLength(LONGEST)
        self.popup = CompletionPopup(theme, self)

    def event(self, event: QEvent) -> bool:
        """Tab makes a chip before it goes on."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab:
            if self.popup.has_chosen:
                event.ignore()  # the list takes it
                return False
            if self.text().strip():
                self.finished.emit()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_alone = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        at_start = self.cursorPosition() == 0 and not self.hasSelectedText()
        match event.key():
            case Qt.Key.Key_Escape if self.popup.candidates:
                event.ignore()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if is_alone and self.popup.has_chosen:
                event.ignore()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if is_alone and self.text().strip():
                self.finished.emit()
            case Qt.Key.Key_Backspace if at_start and not self.text() and not event.isAutoRepeat():
                self.went_back.emit(True)
            case Qt.Key.Key_Left if at_start and is_alone:
                self.went_back.emit(False)
            case _ if event.matches(QKeySequence.StandardKey.Paste):
                self.pasted.emit(QGuiApplication.clipboard().text())
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _STILL_HERE:
            self.focus_changed.emit(False)
