"""Verifiche: every check as a line, with what it means, what was found, and how it came out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.explain.checks import CheckLine
from pecdesk.explain.visible import visible
from pecdesk.ui.desk import Desk
from pecdesk.ui.evidence.page import BESIDE_MARK, Line, Lines
from pecdesk.ui.evidence.tab import EvidenceTab, Shown
from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.seal import SealLabel
from pecdesk.ui.style.tokens import STEP


class CheckRow(Line):
    """One check."""

    def __init__(self, desk: Desk, check: CheckLine) -> None:
        super().__init__(visible(f"{check.name}: {check.status}. {check.meaning} {check.detail}").strip())
        mark = SealLabel(desk.theme)
        mark.show_mark(check.badge.shape, check.badge.tone, check.status)
        self.status = label(check.status, f"tone-{check.badge.tone}")
        self.status.setContentsMargins(0, BESIDE_MARK, 0, 0)
        words = QVBoxLayout()
        words.setContentsMargins(0, BESIDE_MARK, 0, 0)
        words.setSpacing(1)
        words.addWidget(label(check.name, "strong", wraps=True))
        if check.meaning:
            words.addWidget(FlowText(visible(check.meaning)))
        if check.detail:
            detail = FlowText(visible(check.detail), "small", selectable=True)
            detail.setAccessibleName(desk.say(N_("Technical detail: {detail}"), detail=detail.text))
            words.addWidget(detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(STEP, 2 * STEP, STEP, 2 * STEP)
        row.setSpacing(2 * STEP)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self.status, 0, Qt.AlignmentFlag.AlignTop)


class ChecksTab(EvidenceTab):
    """All checks of one message, those that failed first; loading until it has been examined afresh, since checks that
    passed are not stored."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, N_("Verifying…"))
        self.lines: Lines | None = None

    def content_of(self, shown: Shown) -> object:
        return shown.page.checks if shown.known.verified_at is not None else None

    def draw(self, shown: Shown) -> None:
        if shown.known.verified_at is None:
            self.show_loading()
            return
        checks = sorted(shown.page.checks, key=lambda check: check.badge.tone is not Tone.RED)
        self.lines = Lines(self.desk.say(N_("Checks")), len(checks), lambda at: CheckRow(self.desk, checks[at]))
        self.page.add(self.lines)
        self.page.end()
        self.show_content()
