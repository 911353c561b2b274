"""What an import did, in numbers, and everything that could not be read with the reason."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain.visible import visible
from pecdesk.intake import ImportResult
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.listing import Entry, Listing
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.tokens import STEP

HIGHEST = 260
"""Device-independent pixels of the list of what could not be read; a longer one scrolls."""


class ImportOutcome(QWidget):
    """A headline, four counts, and the list of what could not be read, ready to be copied."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._result = ImportResult()
        self._account: str | None = None
        self._headline = label("", "headline", wraps=True)
        self._remark = label("", "muted", wraps=True)
        self._counts: list[tuple[QLabel, QLabel]] = []
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * STEP)
        grid.setVerticalSpacing(STEP)
        grid.setColumnStretch(1, 1)
        for number in range(4):
            count, words = label("", "headline"), label("", wraps=True)
            self._counts.append((count, words))
            grid.addWidget(count, number, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words, number, 1)
        self._unreadable_title = label("", "section")
        self.unreadable = Listing(desk.theme, HIGHEST)
        self.copy_button = QPushButton()
        self.copy_button.setAutoDefault(False)
        self.copy_button.clicked.connect(self._copy)
        row = QHBoxLayout()
        row.addWidget(self.copy_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * STEP)
        column.addWidget(self._headline)
        column.addWidget(self._remark)
        column.addSpacing(STEP)
        column.addLayout(grid)
        column.addSpacing(2 * STEP)
        column.addWidget(self._unreadable_title)
        column.addWidget(self.unreadable)
        column.addLayout(row)
        column.addStretch(1)

    def show_result(self, result: ImportResult, account: str | None) -> None:
        """Tell what this import did."""
        self._result, self._account = result, account
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything anew."""
        say, counted, result = self._desk.say, self._desk.language.counted, self._result
        if result.cancelled:
            self._headline.setText(say(N_("Import stopped")))
            self._remark.setText(say(N_("What was brought in stays. The same import, made again, goes on from here.")))
        else:
            self._headline.setText(say(N_("Import finished")))
            nothing = not (result.new or result.known or result.unreadable)
            self._remark.setText(say(N_("There was no mail in what was named.")) if nothing else "")
        self._remark.setVisible(bool(self._remark.text()))
        unreadable = len(result.unreadable)
        told = (
            (result.new, counted("new message", "new messages", result.new), True),
            (result.known, say(N_("here already; nothing was stored twice")), True),
            (unreadable, counted("item that could not be read", "items that could not be read", unreadable), False),
            (
                result.mismatched,
                counted(
                    "message neither comes from nor goes to {address}; brought in all the same",
                    "messages neither come from nor go to {address}; brought in all the same",
                    result.mismatched,
                    address=visible(self._account or ""),
                ),
                False,
            ),
        )
        for (count, words), (number, text, always) in zip(self._counts, told, strict=True):
            count.setText(self._desk.language.number(number))
            words.setText(text)
            count.setVisible(always or number > 0)
            words.setVisible(always or number > 0)
        self._unreadable_title.setText(say(N_("What could not be read")))
        self.unreadable.setAccessibleName(say(N_("What could not be read")))
        self.unreadable.show_entries(
            [Entry(lines=tuple(f"{what}\n{why}".replace("\n", "\N{LINE SEPARATOR}") for what, why in self._lines()))]
        )
        self.copy_button.setText(say(N_("Cop&y the list")))
        for widget in (self._unreadable_title, self.unreadable, self.copy_button):
            widget.setVisible(unreadable > 0)

    def _lines(self) -> list[tuple[str, str]]:
        """What could not be read, and why, ready to be shown."""
        say = self._desk.say
        return [
            (
                visible(found.label),
                f"{say(found.reason.sentence)} {visible(say(found.detail)) if found.detail else ''}".rstrip(),
            )
            for found in self._result.unreadable
            if found.reason is not None
        ]

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("".join(f"{what}\t{why}\n" for what, why in self._lines()))
