"""What can be done with the row that is shown: buttons beside each other, in as many lines as the width asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from pecdesk.errors import N_
from pecdesk.pec.transmission import Transmission
from pecdesk.ui.desk import Desk
from pecdesk.ui.outbox.offers import is_provable, offers
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP

GAP = 2 * STEP

PROOF, ORIGINALS = "export-proof", "save-originals"

WORDS = {
    "edit-draft": N_("Go on writing"),
    "withdraw": N_("Undo sending"),
    "settle": N_("Settle whether it was sent…"),
    "correct": N_("Correct and send again"),
    "send-again": N_("Send now"),
    "resend": N_("Send again to those not reached"),
    "request-log": N_("Ask the provider for the log"),
    PROOF: N_("Export proof as PDF"),
    ORIGINALS: N_("Save originals (.eml)"),
    "reply": N_("Reply"),
    "reply-all": N_("Reply to all"),
    "forward": N_("Forward"),
    "forward-whole": N_("Forward with its envelope"),
    "rebuild": N_("Make the sent message again…"),
}
"""What stands on each button, by the name of its action, in the order in which they stand."""


def buttons_for(row: Transmission, now: datetime) -> Iterator[str]:
    """The names of what can be done with a row, in their order."""
    wanted = set(offers(row, now))
    if is_provable(row):
        wanted.add(PROOF)
    if row.messages:
        wanted.add(ORIGINALS)
    yield from (name for name in WORDS if name in wanted)


class RowActions(QWidget):
    """The first button that is seen is the usual one."""

    asked = Signal(str)
    """The name of an action."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shown: tuple[str, ...] = ()
        self.buttons = {name: QPushButton(self) for name in WORDS}
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _checked=False, name=name: self.asked.emit(name))
            button.hide()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def shown(self) -> tuple[str, ...]:
        """The names of what is offered."""
        return self._shown

    def show_row(self, row: Transmission) -> None:
        """Offer what can be done with that row now."""
        self.show_buttons(tuple(buttons_for(row, self._desk.clock())))

    def show_buttons(self, names: Sequence[str]) -> None:
        """Offer these."""
        for name, button in self.buttons.items():
            button.setText(self._desk.say(WORDS[name]))
            button.setVisible(name in names)
            look = "primary" if names and name == names[0] else ""
            if button.property("look") != look:
                wear(button, look)
        self._shown = tuple(names)
        self.setVisible(bool(names))
        self._arrange(self.width())
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(width, moves=False)

    def sizeHint(self) -> QSize:
        return QSize(300, self._arrange(max(self.width(), 300), moves=False))

    def minimumSizeHint(self) -> QSize:
        return QSize(max((self.buttons[name].sizeHint().width() for name in self._shown), default=0), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(event.size().width())

    def _arrange(self, width: int, *, moves: bool = True) -> int:
        """Put the buttons into lines; returns the height that takes."""
        x = y = line = 0
        for name in self._shown:
            button = self.buttons[name]
            button.ensurePolished()
            wanted = button.sizeHint()
            if x and x + wanted.width() > width:
                x, y, line = 0, y + line + GAP, 0
            if moves:
                button.setGeometry(x, y, min(wanted.width(), max(width, 1)), wanted.height())
            x += wanted.width() + GAP
            line = max(line, wanted.height())
        return y + line
