"""Find in a page of plain text: letters as they stand there, forwards with Enter, backwards with Shift+Enter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QTextCursor, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from pecdesk.errors import N_
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.tokens import STEP

LONGEST = 200
"""Letters that can be looked for."""


class FindField(QLineEdit):
    """The field; it hands on the two keys that look for the next and the one before."""

    def __init__(self, bar: FindBar) -> None:
        super().__init__()
        self._bar = bar
        self.setMaxLength(LONGEST)
        self.setClearButtonEnabled(True)

    def event(self, event: QEvent) -> bool:
        """Escape empties the field first, and closes the window only then."""
        if not (event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)):
            return super().event(event)
        if event.key() == Qt.Key.Key_Escape and self.text():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._bar.look_for(backwards=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class FindBar(QWidget):
    """A field over a text; Ctrl+F reaches it, F3 goes on."""

    def __init__(self, desk: Desk, text: QPlainTextEdit) -> None:
        super().__init__()
        self._desk = desk
        self._text = text
        self.field = FindField(self)
        self.field.setPlaceholderText(desk.say(N_("Find in this page")))
        self.field.setAccessibleName(desk.say(N_("Find in this page")))
        self.field.textEdited.connect(self._find_from_here)
        self.told = label("", "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * STEP)
        row.addWidget(self.field, 1)
        row.addWidget(self.told, 1)
        QShortcut(QKeySequence.StandardKey.Find, self).activated.connect(self._reach)
        QShortcut(QKeySequence.StandardKey.FindNext, self).activated.connect(self.look_for)

    def _reach(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _find_from_here(self) -> None:
        """While it is being written: from where the last find begins."""
        cursor = self._text.textCursor()
        cursor.setPosition(cursor.selectionStart())
        self._text.setTextCursor(cursor)
        self.look_for()

    def look_for(self, *, backwards: bool = False) -> None:
        """Select the next place, or the one before; past the last one it begins again."""
        wanted = self.field.text()
        self.told.clear()
        if not wanted:
            return
        way = QTextDocument.FindFlag.FindBackward if backwards else QTextDocument.FindFlag(0)
        if self._text.find(wanted, way):
            return
        before = self._text.textCursor()
        end = QTextCursor.MoveOperation.End if backwards else QTextCursor.MoveOperation.Start
        self._text.moveCursor(end)
        if not self._text.find(wanted, way):
            self._text.setTextCursor(before)
            self.told.setText(self._desk.say(N_("Not in this page.")))
