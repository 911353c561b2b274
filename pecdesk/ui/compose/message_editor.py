"""The text of a message: plain, in the system's letters; files that are pasted become attachments."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Signal
from PySide6.QtGui import QImage, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from pecdesk.ui.file_drop import files_in
from pecdesk.ui.style.sheet import wear


class MessageEditor(QPlainTextEdit):
    """Tab goes on to the next field: there is nothing to indent in a letter."""

    files_given = Signal(list)
    """Paths."""
    picture_given = Signal(bytes)
    """A picture out of the clipboard, as PNG."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        wear(self, "letter")

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return bool(files_in(source)) or source.hasText() or source.hasImage()

    def insertFromMimeData(self, source: QMimeData) -> None:
        if files := files_in(source):
            self.files_given.emit(files)
        elif source.hasText():
            self.insertPlainText(source.text())
        elif source.hasImage():
            self.picture_given.emit(_png(source.imageData()))

    def show_text(self, text: str) -> None:
        """Show this text, the cursor at its beginning, and nothing to undo."""
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def replace_text(self, text: str) -> None:
        """The same as something the user does, that can be undone."""
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.endEditBlock()


def _png(picture: object) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if isinstance(picture, QImage):
        picture.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs know only of bytes
    buffer.close()
    return bytes(content.data())
