"""The text of a message: plain letters that grow with their content, quotations muted, links that ask first.

A long text comes in slices, so that the window never halts for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, groupby
from math import ceil

from PySide6.QtCore import QSizeF, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain.visible import visible_lines
from pecdesk.mime import link_target
from pecdesk.ui.desk import Desk
from pecdesk.ui.reader.scrolling import keep_in_view, point
from pecdesk.ui.style.sheet import wear

SLICE = 12_000
"""Characters laid out in one go: some ten milliseconds."""
SLICE_LINES = 400
MANY_LINES = 6_000
"""Lines shown before the rest is asked for: laying out more of them again at every change of width would be felt."""
LONGEST_LINE = 4_000
LONGEST_WORD = 1_000
"""Qt needs the square of the length of a word to wrap it; a longer one is broken."""

LINK = re.compile(r"\bhttps?://[^\s<>\"\[\]]+", re.IGNORECASE)
_BEHIND_A_LINK = ".,;:!?)}'»”’"
_ENDLESS_WORD = re.compile(rf"\S{{{LONGEST_WORD}}}(?=\S)")

SCROLLING = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_Space,
)
"""Keys that are for the scroll around the text."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A piece of a text, short enough to be laid out in one go."""

    text: str
    lines: int
    begins_line: bool = True
    """False where it goes on with the line before."""


def slices(text: str, *, begins_line: bool = True) -> Iterator[Slice]:
    """A text in pieces."""
    lines: list[str] = []
    length = 0
    for line in _short_lines(text):
        if lines and (length + len(line) > SLICE or len(lines) == SLICE_LINES):
            yield Slice("\n".join(lines), len(lines), begins_line)
            lines, length, begins_line = [], 0, True
        lines.append(line)
        length += len(line) + 1
    yield Slice("\n".join(lines), len(lines), begins_line)


def _short_lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        rest = _ENDLESS_WORD.sub(lambda word: word[0] + "\n", line) if len(line) > LONGEST_WORD else line
        for short in rest.split("\n"):
            while len(short) > LONGEST_LINE:
                cut = short.rfind(" ", 0, LONGEST_LINE) + 1 or LONGEST_LINE
                yield short[:cut]
                short = short[cut:]  # noqa: PLW2901 - what is left of the line
            yield short


class GrowingText(QTextBrowser):
    """A text as high as its content: the page around it scrolls. It loads nothing and follows no link by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self.setFixedHeight(1)

    def _grow(self, size: QSizeF) -> None:
        self.setFixedHeight(max(1, ceil(size.height())))

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:
        """A blank: plain text needs nothing from outside, and what is missing Qt would look for as a file."""
        return " "

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in SCROLLING and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if event.buttons() & Qt.MouseButton.LeftButton:
            keep_in_view(self, point(event.position().toPoint()))


class MessageText(QWidget):
    """The plain text of a message."""

    link_asked = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.body = GrowingText()
        self.body.anchorClicked.connect(lambda target: self.link_asked.emit(target.toString()))
        self.rest_button = QPushButton()
        wear(self.rest_button, "link")
        self.rest_button.clicked.connect(self._show_rest)
        self.rest_button.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.body)
        column.addWidget(self.rest_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._text = ""
        self._slices: Iterator[Slice] = iter(())
        self._next: Slice | None = None
        self._lines = 0
        self._limit = MANY_LINES
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._add)
        desk.theme.changed.connect(self._again)
        desk.language_changed.connect(self.retranslate)
        self.retranslate()

    def retranslate(self) -> None:
        """Say it in the language in force."""
        self.body.setAccessibleName(self._desk.say(N_("Text of the message")))
        self.rest_button.setText(self._desk.say(N_("Show the rest of the text")))

    @property
    def is_whole(self) -> bool:
        """Whether all of the text is shown."""
        return self._next is None

    def show_text(self, text: str) -> None:
        """Show this text from its beginning; what is shown of it already stays where it is."""
        if self._text and text.startswith(self._text):
            rest = slices(text[len(self._text) :], begins_line=False)
            self._slices = chain([self._next] if self._next else [], self._slices, rest)
            self._text = text
            self._turn_to_next()
            return
        self._limit = MANY_LINES
        self._text = text
        self._again()

    def _again(self) -> None:
        self._timer.stop()
        self.body.clear()
        self._lines = 0
        self._slices = slices(self._text)
        self._next = next(self._slices)
        self._add()

    def _add(self) -> None:
        """Show one more slice, and see to the rest soon."""
        if self._next is not None:
            self._write(self._next)
            self._lines += self._next.lines
            self._turn_to_next()

    def _turn_to_next(self) -> None:
        self._next = next(self._slices, None)
        waits = self._next is not None and self._lines >= self._limit
        self.rest_button.setVisible(waits)
        if self._next is not None and not waits:
            self._timer.start(0)

    def _show_rest(self) -> None:
        self._limit = len(self._text) + 1
        self._add()

    def _write(self, piece: Slice) -> None:
        palette = self._desk.theme.palette
        plain, quoted, link = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
        quoted.setForeground(QColor(palette.muted))
        link.setForeground(QColor(palette.accent))
        link.setFontUnderline(True)
        link.setAnchor(True)
        cursor = QTextCursor(self.body.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        between = "\n" if piece.begins_line and self._lines else ""
        for is_quoted, run in groupby(visible_lines(piece.text).split("\n"), _is_quoted):
            letters = quoted if is_quoted else plain
            for words, target in _with_links(between + "\n".join(run)):
                link.setAnchorHref(target)
                cursor.insertText(words, link if target else letters)
            between = "\n"
        cursor.endEditBlock()


def _is_quoted(line: str) -> bool:
    return line.startswith(">")


def _with_links(text: str) -> Iterator[tuple[str, str]]:
    """Pieces of a text, each with where it leads, in plain ASCII, or nothing."""
    end = 0
    for found in LINK.finditer(text):
        written = found[0].rstrip(_BEHIND_A_LINK)
        target = link_target(written)
        yield text[end : found.start()], ""
        yield written, target.url if target else ""
        end = found.start() + len(written)
    yield text[end:], ""
