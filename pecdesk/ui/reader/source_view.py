"""The bytes of a message as letters, a page at a time: headers first, nothing left out, nothing painted over."""

from __future__ import annotations

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain.visible import visible_lines
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP

PAGE = 48 * 1024
"""Octets on one page: shown at once, whatever is in them."""
LONGEST_LINE = 4_000
"""Letters in one line; a longer one is broken, which Qt could not lay out in time."""


def pages(raw: bytes) -> list[tuple[int, int]]:
    """Where each page begins and ends: at a line end where there is one in the page's second half."""
    found = []
    start = 0
    while start < len(raw):
        end = min(start + PAGE, len(raw))
        if end < len(raw):
            line_end = raw.rfind(b"\n", start + PAGE // 2, end)
            end = line_end + 1 if line_end >= 0 else end
        found.append((start, end))
        start = end
    return found or [(0, 0)]


def page_text(raw: bytes) -> str:
    """Octets as letters: what is no UTF-8 as an escape, what is invisible as a mark."""
    text = raw.replace(b"\r\n", b"\n").decode("utf-8", "backslashreplace")
    return "\n".join(_short(line) for line in visible_lines(text).split("\n"))


def _short(line: str) -> str:
    return "\n".join(line[at : at + LONGEST_LINE] for at in range(0, len(line), LONGEST_LINE)) or line


class SourceView(QWidget):
    """Reads from memory; whoever owns it brings the bytes."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._raw = b""
        self._pages = pages(b"")
        self._number = 0
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        wear(self.text, "source")
        self.before_button, self.after_button, self.copy_button = QPushButton(), QPushButton(), QPushButton()
        self._where = label("", "small")
        self.before_button.clicked.connect(lambda: self.turn_to(self._number - 1))
        self.after_button.clicked.connect(lambda: self.turn_to(self._number + 1))
        self.copy_button.clicked.connect(self._copy_page)
        row = QHBoxLayout()
        row.setSpacing(STEP)
        row.addWidget(self._where, 1)
        for button in (self.before_button, self.after_button, self.copy_button):
            wear(button, "flat")
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text, 1)
        column.addLayout(row)
        desk.language_changed.connect(self.retranslate)
        self.retranslate()

    def retranslate(self) -> None:
        """Say it in the language in force."""
        say = self._desk.say
        self.text.setAccessibleName(say(N_("Source of the message")))
        self.before_button.setText(say(N_("Previous page")))
        self.after_button.setText(say(N_("Next page")))
        self.copy_button.setText(say(N_("Copy this page")))
        self._tell()

    def show_source(self, raw: bytes) -> None:
        """Show these bytes from their beginning."""
        self._raw = raw
        self._pages = pages(raw)
        self.turn_to(0)

    def turn_to(self, number: int) -> None:
        """Show a page; the first is 0."""
        self._number = max(0, min(number, len(self._pages) - 1))
        start, end = self._pages[self._number]
        self.text.setPlainText(page_text(self._raw[start:end]))
        self.text.moveCursor(QTextCursor.MoveOperation.Start)
        self._tell()

    def _tell(self) -> None:
        size = self._desk.language.size(len(self._raw))
        page, of = self._number + 1, len(self._pages)
        self._where.setText(self._desk.say(N_("Page {page} of {pages} · {size}"), page=page, pages=of, size=size))
        for button in (self.before_button, self.after_button):
            button.setVisible(of > 1)
        self.before_button.setEnabled(self._number > 0)
        self.after_button.setEnabled(page < of)

    def _copy_page(self) -> None:
        QApplication.clipboard().setText(self.text.toPlainText())
