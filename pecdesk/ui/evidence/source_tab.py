"""Sorgente: headers and raw bytes, a page at a time, copyable."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain.visible import visible
from pecdesk.ui.desk import Desk
from pecdesk.ui.evidence.find_bar import FindBar
from pecdesk.ui.evidence.tab import EvidenceTab, Shown
from pecdesk.ui.reader.source_view import SourceView
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.tokens import STEP


class SourceTab(EvidenceTab):
    """The bytes of one message, fetched when they are first looked at."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.source: SourceView | None = None
        self.find_bar: FindBar | None = None

    def content_of(self, shown: Shown) -> object:
        return shown.known.examination.sha256

    def draw(self, shown: Shown) -> None:
        self.show_loading()

        def work() -> tuple[bytes, list[tuple[str, int]]]:
            raw = shown.inspection.raw()
            return raw, line_ends(raw)

        shown.inspection.ask(work, self._show, lambda error: self._tell_failure(shown, error))

    def _tell_failure(self, shown: Shown, error: Exception) -> None:
        say = self.desk.say
        again = (say(N_("Try again")), lambda: self.draw(shown))
        self.show_message(
            "warning", say(N_("The message cannot be read")), visible(self.desk.sentence(error)), (again,)
        )

    def _show(self, found: tuple[bytes, list[tuple[str, int]]]) -> None:
        raw, ends = found
        self.source = SourceView(self.desk)
        self.find_bar = FindBar(self.desk, self.source.text)
        above = QHBoxLayout()
        above.addWidget(self.find_bar, 1)
        above.addWidget(label(self._told_ends(ends), "small"))
        ground = QWidget()
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(above)
        column.addWidget(self.source, 1)
        self.page.fill(ground, above=2 * STEP)
        self.source.show_source(raw)
        self.show_content()

    def _told_ends(self, ends: list[tuple[str, int]]) -> str:
        said = ", ".join(f"{name} × {self.desk.language.number(number)}" for name, number in ends)
        return self.desk.say(N_("Line ends: {ends}"), ends=said or "–")


def line_ends(raw: bytes) -> list[tuple[str, int]]:
    """Which line ends the bytes have, and how many of each: what is shown of them is the same for all."""
    both = raw.count(b"\r\n")
    found = (("CRLF", both), ("LF", raw.count(b"\n") - both), ("CR", raw.count(b"\r") - both))
    return [(name, number) for name, number in found if number]
