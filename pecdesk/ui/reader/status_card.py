"""The status card: what became of a transmission, in a sentence, a table of seals, and what it asks of somebody."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain import Badge, Language, Shape, Tone
from pecdesk.explain.badge import evidence_badge
from pecdesk.explain.card import StatusCard
from pecdesk.explain.visible import visible
from pecdesk.explain.words import KINDS
from pecdesk.pec.transmission import Evidence, Transmission
from pecdesk.ui.desk import Desk
from pecdesk.ui.reader.evidence_table import EvidenceTable
from pecdesk.ui.style.panels import Notice, label
from pecdesk.ui.style.seal import SealButton
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP

BIG = 22
"""Side of the mark beside the headline."""


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A message that is filed here and moves nothing: forged, altered, or contradicting itself."""

    sha256: str
    words: str
    badge: Badge


def uncounted(row: Transmission, language: Language) -> tuple[Uncounted, ...]:
    """What is filed under a row, beside its original, and moves nothing."""

    def one(line: Evidence) -> Uncounted:
        mark = evidence_badge(line.kind, line.standing, language, by_hand=line.by_hand)
        return Uncounted(line.sha256, language.say(KINDS[line.kind]), mark)

    return tuple(one(line) for line in row.evidence if not line.counts and line.sha256 != row.original_sha256)


class StatusCardView(QFrame):
    """Draws a `StatusCard`. Nothing of a mail's own making can appear in it but as plain, visible letters."""

    evidence_asked = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._tone = Tone.GREY
        self._whole: str | None = None
        wear(self, "card")
        self.mark = SealButton(desk.theme, BIG)
        self.mark.activated.connect(self._open_whole)
        self.headline = label("", "headline", wraps=True, selectable=True)
        self.verified = label("", "muted", wraps=True, selectable=True)
        self.table = EvidenceTable(desk)
        self.table.evidence_asked.connect(self.evidence_asked)
        self._uncounted = QVBoxLayout()
        self._uncounted.setSpacing(0)
        self.comparison = label("", "muted", wraps=True, selectable=True)
        self._needs = QVBoxLayout()
        self._needs.setSpacing(2 * STEP)
        self.hint = label("", "muted", wraps=True)
        top = QHBoxLayout()
        top.setSpacing(2 * STEP)
        top.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.headline, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(5 * STEP, 4 * STEP, 5 * STEP, 4 * STEP)
        column.setSpacing(2 * STEP)
        column.addLayout(top)
        column.addWidget(self.verified)
        column.addWidget(self.table)
        column.addWidget(self.comparison)
        column.addWidget(self.hint)
        column.addLayout(self._uncounted)
        column.addLayout(self._needs)
        desk.theme.changed.connect(self._colour)

    def show_card(
        self,
        card: StatusCard,
        mark: Badge,
        whole: str | None = None,
        uncounted: tuple[Uncounted, ...] = (),
    ) -> None:
        """Show a card. `mark`: of the whole row; `whole`: the one message that mark stands for, if it is only one."""
        self._tone, self._whole = card.tone, whole
        self.mark.setVisible(mark.shape is not Shape.NONE)
        self.mark.show_mark(mark.shape, mark.tone, mark.word)
        self.mark.setEnabled(whole is not None)
        self.mark.setFocusPolicy(Qt.FocusPolicy.StrongFocus if whole else Qt.FocusPolicy.NoFocus)
        self.mark.setCursor(Qt.CursorShape.PointingHandCursor if whole else Qt.CursorShape.ArrowCursor)
        for words, text in (
            (self.headline, card.headline),
            (self.verified, card.verified),
            (self.comparison, card.comparison),
            (self.hint, card.hint),
        ):
            words.setText(visible(text))
            words.setVisible(bool(text))
        self.table.setVisible(bool(card.rows))
        self.table.show_rows(card.columns, card.rows)
        self._show_needs(card)
        self._show_uncounted(uncounted)
        self.setAccessibleName(visible(f"{card.headline} {card.verified}"))
        self._colour()

    def _show_needs(self, card: StatusCard) -> None:
        _empty(self._needs)
        for need in card.needs:
            tone = Tone.RED if need.is_failure or card.tone is Tone.RED else Tone.AMBER
            notice = Notice(self._desk.theme, self)
            said = visible(need.sentence)
            notice.say(tone, f"{said}\n{visible(need.what_to_do)}" if need.what_to_do else said, icon="warning")
            self._needs.addWidget(notice)

    def _show_uncounted(self, uncounted: tuple[Uncounted, ...]) -> None:
        _empty(self._uncounted)
        if uncounted:
            self._uncounted.addWidget(label(self._desk.say(N_("Filed here, and counted for nothing:")), "muted"))
        before: QWidget = self.table.show_all_button
        for one in uncounted:
            seal = SealButton(self._desk.theme, parent=self)
            QWidget.setTabOrder(before, seal)
            before = seal
            seal.show_mark(one.badge.shape, one.badge.tone, f"{visible(one.words)}: {one.badge.word}")
            seal.activated.connect(lambda sha256=one.sha256: self.evidence_asked.emit(sha256))
            seal.setObjectName("uncounted")
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(seal)
            row.addWidget(label(f"{one.badge.word}: {visible(one.words)}", wraps=True), 1)
            self._uncounted.addWidget(line)

    def _open_whole(self) -> None:
        if self._whole is not None:
            self.evidence_asked.emit(self._whole)

    def _colour(self) -> None:
        palette = self._desk.theme.palette
        self.headline.setStyleSheet(f"color: {palette.tones[self._tone].ink};")
        for seal in self.findChildren(SealButton):
            seal.paper = palette.raised


def _empty(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()
