"""A field of recipients: chips, and a line in which the next one is typed, completed from what was written before.

Enter, comma, semicolon or Tab make a chip of what was typed; Backspace in the empty line takes the last one up again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from pecdesk.app.drafting import Drafting
from pecdesk.errors import N_
from pecdesk.pec.message import normal_address
from pecdesk.store.contacts import Contact
from pecdesk.ui.compose.chip_rows import chip_rows
from pecdesk.ui.compose.contact_offers import ContactOffers
from pecdesk.ui.compose.recipient_chip import Recipient, RecipientChip, recipient_in
from pecdesk.ui.compose.recipient_line import RecipientLine
from pecdesk.ui.compose.recipient_text import is_finished, pieces_of
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP

HIGHEST = 4
"""Rows of chips seen at once; the others are scrolled to."""


class RecipientField(QScrollArea):
    """Recipients of one sort: `To` or `Cc`."""

    changed = Signal()
    """Other recipients stand there."""

    def __init__(self, desk: Desk, drafting: Drafting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._drafting = drafting
        self._rows = 1
        self.chips: list[RecipientChip] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        wear(self, "field")
        self._ground = QWidget()
        self.setWidget(self._ground)
        self.line = RecipientLine(desk.theme)
        self.line.setParent(self._ground)
        self.popup = self.line.popup
        self._offers = ContactOffers(desk, drafting, self.line)
        wear(self.line, "inside")
        self.setFocusProxy(self.line)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._arrange)
        self.line.textEdited.connect(self._edited)
        self.line.pasted.connect(self._paste)
        self.line.finished.connect(self.finish)
        self.line.went_back.connect(self._go_back)
        self.line.focus_changed.connect(self._focus_changed)
        self.popup.chosen.connect(self._choose)
        desk.language_changed.connect(self.retranslate)
        self._arrange()

    def retranslate(self) -> None:
        """Say it in the language in force."""
        for chip in self.chips:
            chip.retranslate()
        self._arrange_soon()

    def name(self, words: str) -> None:
        """What the field is called, for those who do not see it."""
        self.line.setAccessibleName(words)
        self.line.setAccessibleDescription(
            self._desk.say(N_("Enter, comma or Tab finish an address; Backspace takes the last one up again."))
        )

    # what stands there

    @property
    def written(self) -> tuple[str, ...]:
        """Each recipient as it goes into the draft; what is still being typed is the last one."""
        chips = [chip.recipient.written for chip in self.chips]
        return (*chips, *pieces_of(self.line.text()))

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """The chips."""
        return tuple(chip.recipient for chip in self.chips)

    def show_recipients(self, written: Iterable[str]) -> None:
        """Show these instead of what stood there."""
        for chip in self.chips:
            self._let_go(chip)
        self.chips = []
        self.line.clear()
        self._add(list(written))

    def take_in(self, text: str) -> None:
        """Make chips of a text."""
        if self._add(pieces_of(text)):
            self.changed.emit()

    def finish(self) -> None:
        """Make a chip of what was typed."""
        self._offers.stop()
        text = self.line.text()
        self.line.clear()
        self.take_in(text)
        self._show_line()

    def _add(self, pieces: Sequence[str]) -> bool:
        """Add chips, each mailbox once; whether any was added."""
        there = {normal_address(chip.recipient.address) for chip in self.chips if chip.recipient.address}
        fresh = []
        for piece in pieces:
            recipient = recipient_in(piece)
            key = normal_address(recipient.address)
            if key and key in there:
                continue
            there.add(key)
            fresh.append(self._chip(recipient))
        self.chips += fresh
        self._look_up([chip.recipient.address for chip in fresh if chip.recipient.address])
        self._arrange_soon()
        return bool(fresh)

    def _chip(self, recipient: Recipient) -> RecipientChip:
        chip = RecipientChip(self._desk, recipient, self._ground)
        chip.removal_asked.connect(lambda: self._remove(chip))
        chip.editing_asked.connect(lambda: self._take_up(chip))
        chip.stepped.connect(lambda step: self._step(chip, step))
        return chip

    def _let_go(self, chip: RecipientChip) -> None:
        chip.hide()
        chip.deleteLater()

    def _remove(self, chip: RecipientChip) -> None:
        place = self.chips.index(chip)
        had_focus = chip.hasFocus()
        self.chips.remove(chip)
        self._let_go(chip)
        if had_focus:
            following: QWidget = self.chips[min(place, len(self.chips) - 1)] if self.chips else self.line
            following.setFocus(Qt.FocusReason.OtherFocusReason)
        self._arrange()
        self.changed.emit()

    def _take_up(self, chip: RecipientChip) -> None:
        """Put a chip back into the line to be corrected; what stood there becomes a chip before."""
        if self.line.text().strip():
            self.finish()
        self.chips.remove(chip)
        self._let_go(chip)
        self.line.setText(chip.recipient.written)
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self._arrange()
        self.changed.emit()

    def _go_back(self, takes_up: bool) -> None:
        if self._later.isActive():
            self._arrange()
        if self.chips and takes_up:
            self._take_up(self.chips[-1])
        elif self.chips:
            self.chips[-1].setFocus(Qt.FocusReason.OtherFocusReason)
            self.ensureWidgetVisible(self.chips[-1])

    def _step(self, chip: RecipientChip, step: int) -> None:
        place = self.chips.index(chip) + step
        following: QWidget = self.chips[max(place, 0)] if place < len(self.chips) else self.line
        following.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureWidgetVisible(following)

    # typing

    def _edited(self, text: str) -> None:
        if is_finished(text):
            self.finish()
            return
        self.changed.emit()
        self._offers.ask(text.strip())

    def _paste(self, text: str) -> None:
        """Several addresses, or a whole one, become chips; what is a part of one goes on being typed."""
        pieces = pieces_of(text)
        if not self.line.text().strip() and (len(pieces) > 1 or (pieces and "@" in pieces[0])):
            self.take_in(text)
            self._show_line()
        else:
            self.line.insert(" ".join(text.split()))
            self._edited(self.line.text())

    def _choose(self, text: str) -> None:
        self.line.setText(text)
        self.finish()

    # what is known

    def _look_up(self, addresses: Sequence[str]) -> None:
        if not addresses:
            return
        drafting = self._drafting

        def work() -> dict[str, Contact]:
            found = ((normal_address(address), drafting.contact(address)) for address in addresses)
            return {address: contact for address, contact in found if contact is not None}

        self._desk.background.query(work, self._learn, lambda _error: None, owner=self)

    def _learn(self, contacts: dict[str, Contact]) -> None:
        for chip in self.chips:
            contact = contacts.get(normal_address(chip.recipient.address))
            if contact is not None:
                known = replace(
                    chip.recipient, kind=contact.type, known_at=contact.known_at, outcome=contact.last_outcome
                )
                chip.show_recipient(known)
        self._arrange()

    # its looks

    def _focus_changed(self, has_focus: bool) -> None:
        wear(self, "field-focused" if has_focus else "field")
        if not has_focus:
            self.popup.close()
            if self.line.text().strip():
                self.finish()

    def _show_line(self) -> None:
        self._arrange()
        self.ensureWidgetVisible(self.line, 0, STEP)

    def _arrange_soon(self) -> None:
        self._later.start(0)

    def _row_height(self) -> int:
        return self.fontMetrics().height() + 2 * STEP

    def _arrange(self) -> None:
        self._later.stop()
        height = self._row_height()
        arranged = chip_rows((chip.sizeHint().width() for chip in self.chips), self.viewport().width(), height)
        for chip, place in zip(self.chips, arranged.chips, strict=True):
            chip.setGeometry(place)
            chip.show()
        self.line.setGeometry(arranged.line)
        self._ground.resize(arranged.width, arranged.height)
        if arranged.rows != self._rows or not self.minimumHeight():
            self._rows = arranged.rows
            self.setFixedHeight(min(arranged.rows, HIGHEST) * (height + STEP) + STEP + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._rows = 0
            self._arrange_soon()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.line.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(400, self.height())
