"""The verdict: mark, kind, word, headline, what it means. Drawn by us, above whatever the message itself can show."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from pecdesk.explain.evidence_page import EvidencePage
from pecdesk.explain.visible import visible
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.chip import Chip
from pecdesk.ui.style.drawing import paint_focus_ring
from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.seal import SealLabel
from pecdesk.ui.style.tokens import RADIUS, STEP

MARK_SIDE = 44

BY_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
"""Whoever walks with the Tab key sees where they are; a window that opens on its verdict needs no ring."""


class VerdictHead(QFrame):
    """What a message is worth, in one look and in one spoken sentence."""

    def __init__(self, desk: Desk, *, mark_side: int = MARK_SIDE, headline_look: str = "title") -> None:
        super().__init__()
        self._desk = desk
        self._is_ringed = False
        self._is_brief = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.mark = SealLabel(desk.theme, mark_side)
        self.kind = label("", "section")
        self.chip = Chip(desk.theme)
        self.headline = FlowText("", headline_look, selectable=True)
        self.explanation = FlowText("", "muted", selectable=True)
        self.law = FlowText("", "muted", selectable=True)
        above = QHBoxLayout()
        above.setSpacing(2 * STEP)
        above.addWidget(self.kind)
        above.addWidget(self.chip)
        above.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(STEP)
        words.addLayout(above)
        for part in (self.headline, self.explanation, self.law):
            words.addWidget(part)
        row = QHBoxLayout(self)
        row.setContentsMargins(STEP, STEP, STEP, STEP)
        row.setSpacing(3 * STEP)
        row.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def show_page(self, page: EvidencePage) -> None:
        """Show the verdict of this message."""
        self.mark.show_mark(page.badge.shape, page.badge.tone, page.badge.word)
        self.kind.setText(visible(page.kind))
        self.chip.show_badge(page.badge)
        self.chip.setVisible(page.badge.word != page.kind)
        for part, text in (
            (self.headline, page.headline),
            (self.explanation, page.explanation),
            (self.law, page.law),
        ):
            part.set_text(visible(text))
        self._show_parts()
        said = (page.kind, page.badge.word, page.headline, page.explanation, page.law)
        self.setAccessibleName(". ".join(visible(text).rstrip(".") for text in said if text) + ".")

    def set_brief(self, brief: bool) -> None:
        """Leave out explanation and law, for a low window; the summary shows them then."""
        self._is_brief = brief
        self._show_parts()

    def _show_parts(self) -> None:
        for part in (self.explanation, self.law):
            part.setVisible(bool(part.text) and not self._is_brief)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._is_ringed = event.reason() in BY_KEYBOARD
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus() and self._is_ringed:
            painter = QPainter(self)
            paint_focus_ring(painter, self.rect(), self._desk.theme.palette, RADIUS)
            painter.end()
