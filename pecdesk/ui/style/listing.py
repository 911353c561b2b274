"""A list to be read and copied: entries with a heading, marked lines and remarks, as high as its text up to a limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from pecdesk.explain import Tone
from pecdesk.ui.style.drawing import icon_pixmap
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.theme import Theme
from pecdesk.ui.style.tokens import STEP

MARK = 14
"""Side of the mark before a line, in device-independent pixels."""
PADDING = 3 * STEP
BORDERS = 2
"""Above and below, drawn by the sheet."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; its texts are plain, and what comes from mail was made visible."""

    title: str = ""
    detail: str = ""
    """Beside the title, muted."""
    lines: tuple[str, ...] = ()
    tone: Tone = Tone.AMBER
    """Of the mark before each line; amber and red ones warn."""
    remarks: tuple[str, ...] = ()


class Listing(QTextEdit):
    """Read-only text that scrolls by itself once it is higher than `highest`; without a limit it takes the room there
    is. Never markup."""

    def __init__(self, theme: Theme, highest: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._highest = highest
        self._entries: list[Entry] = []
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(PADDING)
        grows = QSizePolicy.Policy.Expanding if highest is None else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Preferred, grows)
        wear(self, "card")
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self.updateGeometry())
        theme.changed.connect(self._draw)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these."""
        self._entries = list(entries)
        self._draw()

    def _draw(self) -> None:
        self.clear()
        for tone, name in ((Tone.AMBER, "warning"), (Tone.RED, "warning"), (Tone.BLUE, "information")):
            ink = self._theme.palette.tones[tone].ink
            picture = icon_pixmap(name, ink, MARK, self.devicePixelRatioF())
            self.document().addResource(QTextDocument.ResourceType.ImageResource, _picture(tone), picture)
        self._write(QTextCursor(self.document()), self._entries)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.verticalScrollBar().setValue(0)

    def _write(self, cursor: QTextCursor, entries: Sequence[Entry]) -> None:
        ink, muted = QTextCharFormat(), QTextCharFormat()
        ink.setForeground(QColor(self._theme.palette.ink))
        muted.setForeground(QColor(self._theme.palette.muted))
        strong = QTextCharFormat(ink)
        strong.setFontWeight(QFont.Weight.DemiBold)
        cursor.beginEditBlock()
        for entry in entries:
            above = 0 if cursor.atStart() else 2 * STEP
            if entry.title:
                self._begin(cursor, above, 0)
                cursor.insertText(entry.title, strong)
                if entry.detail:
                    cursor.insertText(f"  {entry.detail}", muted)
                above = STEP
            for line in entry.lines:
                self._begin(cursor, above, MARK + 2 * STEP)
                if entry.tone is not Tone.GREY:
                    self._mark(cursor, entry.tone)
                    cursor.insertText(f"\N{NO-BREAK SPACE}{line}", ink)
                else:
                    cursor.insertText(line, ink)
                above = STEP
            for remark in entry.remarks:
                self._begin(cursor, above, MARK + 2 * STEP)
                cursor.insertText(remark, muted)
                above = STEP
        cursor.endEditBlock()

    @staticmethod
    def _begin(cursor: QTextCursor, above: int, indent: int) -> None:
        block = QTextBlockFormat()
        block.setTopMargin(above)
        block.setLeftMargin(indent)
        if cursor.atStart():
            cursor.setBlockFormat(block)
        else:
            cursor.insertBlock(block)

    @staticmethod
    def _mark(cursor: QTextCursor, tone: Tone) -> None:
        block = cursor.blockFormat()
        block.setTextIndent(-(MARK + STEP))
        cursor.setBlockFormat(block)
        picture = QTextImageFormat()
        picture.setName(_picture(tone).toString())
        picture.setWidth(MARK)
        picture.setHeight(MARK)
        picture.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        cursor.insertImage(picture)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.textCursor().atStart():
            self.verticalScrollBar().setValue(0)

    def sizeHint(self) -> QSize:
        height = round(self.document().size().height() + 0.5) + 2 * self.frameWidth() + BORDERS
        return QSize(400, min(height, self._highest or height))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, min(self.sizeHint().height(), 3 * self.fontMetrics().lineSpacing()))


def _picture(tone: Tone) -> QUrl:
    return QUrl(f"mark:{tone}")
