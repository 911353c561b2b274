"""Confronto: what was sent against the copy in the receipt, part by part, by SHA-256."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from pecdesk.errors import N_
from pecdesk.explain.comparisons import ComparisonLine
from pecdesk.explain.visible import visible
from pecdesk.ui.desk import Desk
from pecdesk.ui.evidence.facts import CopyButton
from pecdesk.ui.evidence.page import BESIDE_MARK, Line, Lines
from pecdesk.ui.evidence.tab import EvidenceTab, Shown
from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.seal import SealLabel
from pecdesk.ui.style.tokens import STEP


class ComparisonRow(Line):
    """One part: its name, whether it is the same, and both digests."""

    def __init__(self, desk: Desk, line: ComparisonLine) -> None:
        super().__init__(visible(f"{line.name}: {line.badge.word}. {line.sentence}"))
        mark = SealLabel(desk.theme)
        mark.show_mark(line.badge.shape, line.badge.tone, line.badge.word)
        words = QVBoxLayout()
        words.setContentsMargins(0, BESIDE_MARK, 0, 0)
        words.setSpacing(2)
        title = QHBoxLayout()
        title.addWidget(FlowText(visible(line.name), "strong"), 1)
        title.addWidget(label(line.badge.word, f"tone-{line.badge.tone}"), 0, Qt.AlignmentFlag.AlignTop)
        words.addLayout(title)
        words.addWidget(FlowText(visible(line.sentence)))
        digests = QGridLayout()
        digests.setHorizontalSpacing(3 * STEP)
        digests.setVerticalSpacing(0)
        digests.setColumnStretch(1, 1)
        shown = ((N_("Sent"), line.sent_sha256), (N_("Delivered"), line.delivered_sha256))
        for row, (whose, digest) in enumerate((desk.say(whose), digest) for whose, digest in shown if digest):
            digests.addWidget(label(whose, "small"), row, 0, Qt.AlignmentFlag.AlignTop)
            value = FlowText(digest, "code-small", selectable=True)
            value.setAccessibleName(f"{whose}: {digest}")
            digests.addWidget(value, row, 1)
            name = desk.say(N_("Copy: {what}"), what=f"{whose}, SHA-256")
            digests.addWidget(CopyButton(desk, name, digest), row, 2, Qt.AlignmentFlag.AlignTop)
        words.addLayout(digests)
        row_ = QHBoxLayout(self)
        row_.setContentsMargins(STEP, 2 * STEP, STEP, 2 * STEP)
        row_.setSpacing(2 * STEP)
        row_.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row_.addLayout(words, 1)


class ComparisonTab(EvidenceTab):
    """The parts that were compared, or why nothing was."""

    def content_of(self, shown: Shown) -> object:
        return shown.page.comparison, shown.page.comparison_caption

    def draw(self, shown: Shown) -> None:
        page = shown.page
        if not page.comparison:
            self.show_message("all", self.desk.say(N_("Nothing to compare")), visible(page.comparison_caption))
            return
        if page.comparison_caption:
            self.page.add(label(visible(page.comparison_caption), "muted", wraps=True))
        lines, name = page.comparison, self.desk.say(N_("Comparison"))
        self.page.add(Lines(name, len(lines), lambda at: ComparisonRow(self.desk, lines[at])))
        self.page.end()
        self.show_content()
