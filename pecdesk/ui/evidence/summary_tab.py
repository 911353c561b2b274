"""Riepilogo: the facts of one message, what weakens the proof, and the whole transmission with this message marked."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from pecdesk.errors import N_
from pecdesk.explain import Shape, Tone
from pecdesk.explain.evidence_page import TimelineEntry
from pecdesk.explain.sentences import note_sentences
from pecdesk.explain.visible import visible
from pecdesk.ui.desk import Desk
from pecdesk.ui.evidence.facts import FactTable
from pecdesk.ui.evidence.page import BESIDE_MARK, Line, Lines
from pecdesk.ui.evidence.tab import EvidenceTab, Shown
from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.seal import SealLabel
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import MARK, STEP

WIDEST_MOMENT = "00/00/0000 00:00:00 (+0000)"
"""What the column of moments holds in one line."""


class TimelineRow(Line):
    """One event: when, what, and whether it is the one this window is about. Enter or a double click opens it."""

    asked = Signal(str)

    def __init__(self, desk: Desk, entry: TimelineEntry, *, is_first: bool, is_last: bool) -> None:
        here = desk.say(N_("this message")) if entry.is_this else ""
        said = ", ".join(part for part in (entry.moment, entry.sentence, here) if part)
        super().__init__(visible(said))
        self._desk = desk
        self.entry = entry
        self._is_first, self._is_last = is_first, is_last
        wear(self, "event-here" if entry.is_this else "event")
        self._mark = SealLabel(desk.theme)
        self._mark.show_mark(entry.badge.shape, entry.badge.tone, entry.badge.word)
        moment = label(entry.moment, "muted", wraps=True)
        moment.setContentsMargins(0, BESIDE_MARK, 0, 0)
        moment.setFixedWidth(moment.fontMetrics().horizontalAdvance(WIDEST_MOMENT) + STEP)
        words = QVBoxLayout()
        words.setContentsMargins(0, BESIDE_MARK, 0, 0)
        words.setSpacing(1)
        words.addWidget(FlowText(visible(entry.sentence), "strong" if entry.is_this else ""))
        if here:
            words.addWidget(label(here, "small"))
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(STEP, 2 * STEP, 2 * STEP, 2 * STEP)
        row.setSpacing(3 * STEP)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(moment, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        if not entry.is_this:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setToolTip(desk.say(N_("Double click or Enter opens it.")))
            self.activated.connect(self._ask)
        desk.theme.changed.connect(self.update)

    def _ask(self) -> None:
        self.asked.emit(self.entry.sha256)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The thread that joins the marks, under them."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QPen(QColor(self._desk.theme.palette.outline), 1.5))
        middle = self._mark.geometry().center()
        x, gap = middle.x() + 0.5, MARK / 2 + 2
        if not self._is_first:
            painter.drawLine(QPointF(x, 0), QPointF(x, middle.y() - gap))
        if not self._is_last:
            painter.drawLine(QPointF(x, middle.y() + gap), QPointF(x, self.height()))
        painter.end()


class WeakPoint(Line):
    """One thing that weakens the proof, or that is only worth knowing."""

    def __init__(self, desk: Desk, sentence: str, *, is_note: bool) -> None:
        super().__init__(visible(sentence))
        self.is_note = is_note
        wear(self, "event")
        mark = SealLabel(desk.theme)
        if is_note:
            mark.show_mark(Shape.NOTE, Tone.BLUE, desk.say(N_("note")))
        else:
            mark.show_mark(Shape.QUESTION, Tone.AMBER, desk.say(N_("Weak point")))
        row = QHBoxLayout(self)
        row.setContentsMargins(STEP, STEP, STEP, STEP)
        row.setSpacing(2 * STEP)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setContentsMargins(0, BESIDE_MARK, 0, 0)
        words.addWidget(FlowText(visible(sentence)))
        words.addStretch(1)
        row.addLayout(words, 1)


class SummaryTab(EvidenceTab):
    """What a person wants to know first."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._reasons: tuple[FlowText, ...] = ()
        self._has_reasons = False

    def set_with_reasons(self, with_reasons: bool) -> None:
        """Whether explanation and law stand here, because the window is too low for them above the tabs."""
        self._has_reasons = with_reasons
        for text in self._reasons:
            text.setVisible(with_reasons)

    def content_of(self, shown: Shown) -> object:
        page = shown.page
        return page.explanation, page.law, page.summary, page.weak, page.timeline

    def draw(self, shown: Shown) -> None:
        page, say = shown.page, self.desk.say
        self._reasons = tuple(FlowText(visible(text), "muted") for text in (page.explanation, page.law) if text)
        for text in self._reasons:
            self.page.add(text)
        self.set_with_reasons(self._has_reasons)
        table = FactTable(self.desk, say(N_("Facts")), page.summary)
        table.copied.connect(self.copied)
        self.page.add(table)
        if page.weak:
            notes = note_sentences([str(note) for note in shown.known.examination.notes], self.desk.language)
            title = say(N_("Worth knowing") if set(page.weak) <= set(notes) else N_("Weak points"))
            self.page.add_heading(title)
            self.page.add(Lines(title, len(page.weak), lambda at: self._weak_point(page.weak[at], notes)))
        if page.timeline:
            title = say(N_("The whole transmission"))
            self.page.add_heading(title)
            self.page.add(Lines(title, len(page.timeline), lambda at: self._event(page.timeline, at)))
        self.page.end()
        self.show_content()

    def _weak_point(self, sentence: str, notes: Collection[str]) -> WeakPoint:
        return WeakPoint(self.desk, sentence, is_note=sentence in notes)

    def _event(self, timeline: Sequence[TimelineEntry], at: int) -> TimelineRow:
        row = TimelineRow(self.desk, timeline[at], is_first=at == 0, is_last=at == len(timeline) - 1)
        row.asked.connect(self.evidence_asked)
        return row
