"""What can be done with the message that is looked at; buttons break into a second row where the window is narrow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QAction, QIcon, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from pecdesk.errors import N_
from pecdesk.explain.evidence_page import TimelineEntry
from pecdesk.explain.visible import visible
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.drawing import mark_pixmap
from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import MARK, STEP

BETWEEN = 2 * STEP
NARROWEST = 240
"""Device-independent pixels: one button in each row."""
LONGEST_ENTRY = 90
"""Letters of a receipt in the menu."""


class ActionBar(QWidget):
    """Export, save, copy, the others of this transmission; import for what is not in the archive."""

    proof_asked = Signal()
    save_asked = Signal()
    copy_asked = Signal()
    import_asked = Signal()
    evidence_asked = Signal(str)
    row_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.proof, self.importing, self.saving = QPushButton(), QPushButton(), QPushButton()
        self.copying, self.others, self.listing = QPushButton(), QPushButton(), QPushButton()
        self.foot = FlowText("", "small")
        """What was done last."""
        self.menu = QMenu(self)
        self.others.setMenu(self.menu)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.buttons = (
            self.proof,
            self.importing,
            self.saving,
            self.copying,
            self.listing,
            self.others,
        )
        self._parts: tuple[QWidget, ...] = (*self.buttons, self.foot)
        for part in self._parts:
            part.setParent(self)
        for button, asked in (
            (self.proof, self.proof_asked),
            (self.importing, self.import_asked),
            (self.saving, self.save_asked),
            (self.copying, self.copy_asked),
            (self.listing, self.row_asked),
        ):
            button.clicked.connect(asked)
        wear(self.proof, "primary")
        wear(self.importing, "primary")
        self.retranslate(is_receipt=True)

    def retranslate(self, *, is_receipt: bool) -> None:
        """Say them in the language in force."""
        say = self._desk.say
        self.proof.setText(say(N_("Export proof as PDF")))
        self.importing.setText(say(N_("Import into the archive")))
        self.saving.setText(say(N_("Save the receipt (.eml)") if is_receipt else N_("Save the message (.eml)")))
        self.copying.setText(say(N_("Copy the identifier")))
        self.listing.setText(say(N_("Show in the list")))
        self.others.setText(say(N_("Other receipts of this sending")))
        self._place()

    def offer(
        self, others: Sequence[TimelineEntry], *, proof: bool, importing: bool, identifier: bool, row: bool
    ) -> None:
        """Show what can be done: a proof, an import; what is in the menu; whether there is an identifier to copy."""
        self.proof.setVisible(proof)
        self.importing.setVisible(importing)
        self.copying.setEnabled(identifier)
        self.menu.clear()
        for entry in others:
            self._add_entry(entry)
        self.menu.addSeparator()
        self.menu.addAction(self._desk.say(N_("Show in the list"))).triggered.connect(self.row_asked)
        self.others.setVisible(bool(others))
        self.listing.setVisible(row and not others)
        self._place()

    def say(self, words: str) -> None:
        """Tell what was done last."""
        self.foot.set_text(words)
        self._place()

    def _add_entry(self, entry: TimelineEntry) -> None:
        words = visible(f"{entry.moment}  {entry.sentence}".strip())
        if len(words) > LONGEST_ENTRY:
            words = words[: LONGEST_ENTRY - 1] + "…"
        action = QAction(words.replace("&", "&&"), self.menu)
        badge = entry.badge
        mark = mark_pixmap(badge.shape, badge.tone, MARK, self.devicePixelRatioF(), self._desk.theme.palette)
        action.setIcon(QIcon(mark))
        action.triggered.connect(lambda: self.evidence_asked.emit(entry.sha256))
        self.menu.addAction(action)

    # Placed by hand: Qt has no layout that breaks a row of widgets into two.

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(width, move=False)

    def sizeHint(self) -> QSize:
        return QSize(NARROWEST, self._arrange(NARROWEST, move=False))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self.width(), move=True)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._place()

    def _place(self) -> None:
        self.updateGeometry()
        self._arrange(self.width(), move=True)

    def _rows(self, width: int) -> list[list[tuple[QWidget, QSize]]]:
        rows: list[list[tuple[QWidget, QSize]]] = []
        used = 0
        for part in self._parts:
            if part.isHidden():
                continue
            size = part.sizeHint()
            if size.width() > width:
                size = QSize(width, max(size.height(), part.heightForWidth(width)))
            if not rows or used + size.width() > width:
                rows.append([])
                used = 0
            rows[-1].append((part, size))
            used += size.width() + BETWEEN
        return rows

    def _arrange(self, width: int, *, move: bool) -> int:
        """Put the buttons, and what was done last, into rows of that width; their height."""
        y = 0
        for row in self._rows(width):
            x, height = 0, max(size.height() for _, size in row)
            for part, size in row:
                if move:
                    part.setGeometry(x, y + (height - size.height()) // 2, size.width(), size.height())
                x += size.width() + BETWEEN
            y += height + BETWEEN
        return max(0, y - BETWEEN)
