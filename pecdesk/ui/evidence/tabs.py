"""The seven tabs, each made when it is first looked at."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.ui.desk import Desk
from pecdesk.ui.evidence.certification_tab import CertificationTab
from pecdesk.ui.evidence.checks_tab import ChecksTab
from pecdesk.ui.evidence.comparison_tab import ComparisonTab
from pecdesk.ui.evidence.original_tab import OriginalTab
from pecdesk.ui.evidence.signature_tab import SignatureTab
from pecdesk.ui.evidence.source_tab import SourceTab
from pecdesk.ui.evidence.summary_tab import SummaryTab
from pecdesk.ui.evidence.tab import EvidenceTab, Shown
from pecdesk.ui.style.sheet import wear

TABS: tuple[tuple[str, type[EvidenceTab]], ...] = (
    (N_("Summary"), SummaryTab),
    (N_("Checks"), ChecksTab),
    (N_("Certification data"), CertificationTab),
    (N_("Signature"), SignatureTab),
    (N_("Original message"), OriginalTab),
    (N_("Comparison"), ComparisonTab),
    (N_("Source"), SourceTab),
)
SUMMARY, CHECKS, CERTIFICATION, SIGNATURE, ORIGINAL, COMPARISON, SOURCE = range(7)

NARROW = 700
"""Device-independent pixels below which the titles close up."""


class EvidenceTabs(QTabWidget):
    """What is known of one message, behind seven titles; Ctrl+1 to Ctrl+7 choose one."""

    evidence_asked = Signal(str)
    nested_asked = Signal(object, str)
    copied = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._made: dict[int, EvidenceTab] = {}
        self._shown: Shown | None = None
        self._failure = ""
        self._is_narrow = self._is_low = self._is_waiting = False
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self._places: list[QVBoxLayout] = []
        for _ in TABS:
            place = QWidget()
            self._places.append(QVBoxLayout(place))
            self._places[-1].setContentsMargins(0, 0, 0, 0)
            self.addTab(place, "")
        self.currentChanged.connect(self._fill)
        for number in range(len(TABS)):
            keys = QShortcut(QKeySequence(f"Ctrl+{number + 1}"), self)
            keys.activated.connect(lambda number=number: self.setCurrentIndex(number))

    def retranslate(self) -> None:
        """Say the titles in the language in force."""
        self.setAccessibleName(self._desk.say(N_("What is known of this message")))
        for number, (title, _) in enumerate(TABS):
            words = self._desk.say(title)
            self.setTabText(number, words)
            self.setTabToolTip(number, f"{words} (Ctrl+{number + 1})")

    def tab(self, number: int) -> EvidenceTab:
        """One of them; made now, if nobody looked at it before."""
        if number not in self._made:
            made = self._made[number] = TABS[number][1](self._desk)
            made.evidence_asked.connect(self.evidence_asked)
            made.nested_asked.connect(self.nested_asked)
            made.copied.connect(self.copied)
            if isinstance(made, SummaryTab):
                made.set_with_reasons(self._is_low)
            self._places[number].addWidget(made)
        return self._made[number]

    def set_low(self, is_low: bool) -> None:
        """Whether the window is too low for explanation and law above the tabs: the summary says them then."""
        self._is_low = is_low
        if isinstance(summary := self._made.get(SUMMARY), SummaryTab):
            summary.set_with_reasons(is_low)

    def tell(self, shown: Shown) -> None:
        """This is what is known now. Before anything was painted it waits: the verdict above is seen first."""
        self._shown = shown
        self._failure = ""
        if self.isVisible():
            self._fill(self.currentIndex())
        else:
            self._is_waiting = True

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._is_waiting:
            self._is_waiting = False
            QTimer.singleShot(0, self, self._fill_current)

    def _fill_current(self) -> None:
        self._fill(self.currentIndex())

    def tell_failure(self, words: str) -> None:
        """The message could not be verified again: there are no checks to show."""
        self._failure = words
        self._fill(self.currentIndex())

    def _fill(self, number: int) -> None:
        if self._shown is None:
            return
        tab = self.tab(number)
        if number == CHECKS and self._failure and self._shown.known.verified_at is None:
            tab.forget()
            tab.show_message("warning", self._failure)
        else:
            tab.tell(self._shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_narrow != (is_narrow := self.width() < NARROW):
            self._is_narrow = is_narrow
            wear(self.tabBar(), "narrow" if is_narrow else "")
