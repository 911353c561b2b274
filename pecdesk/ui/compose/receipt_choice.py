"""Which receipt of delivery is asked for, and what each kind proves."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QWidget

from pecdesk.errors import N_
from pecdesk.pec.message import Completeness
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.tokens import STEP

RECEIPTS: tuple[tuple[Completeness | None, str, str], ...] = (
    (None, N_("Full"), N_("The receipt of delivery brings the whole message back: the strongest proof.")),
    (
        Completeness.BRIEF,
        N_("Brief"),
        N_("The receipt brings the text back, and of every attachment only its hash: keep the files as they are."),
    ),
    (
        Completeness.SHORT,
        N_("Short"),
        N_("The receipt says that it was delivered, and nothing of what: it does not prove the content."),
    ),
)
"""Kinds of the delivery receipt, their names, and what each proves. None is the usual one, which is full."""


class ReceiptChoice(QWidget):
    """The kinds, one of them chosen, with its meaning beside them."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.kinds = QComboBox()
        self.kinds.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.kinds.addItems([""] * len(RECEIPTS))
        self.meaning = label("", "small", wraps=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3 * STEP)
        row.addWidget(self.kinds)
        row.addWidget(self.meaning, 1)
        self.kinds.currentIndexChanged.connect(self._chosen)

    def retranslate(self) -> None:
        """Say it in the language in force."""
        self.kinds.setAccessibleName(self._desk.say(N_("Kind of the delivery receipt")))
        for row, (_, name, _) in enumerate(RECEIPTS):
            self.kinds.setItemText(row, self._desk.say(name))
        self._tell_meaning()

    def show_kind(self, kind: Completeness | None) -> None:
        """Show that kind as the chosen one; nothing counts as changed by it."""
        offered = [known for known, _, _ in RECEIPTS]
        with QSignalBlocker(self.kinds):
            self.kinds.setCurrentIndex(offered.index(kind) if kind in offered else 0)
        self._tell_meaning()

    @property
    def chosen(self) -> Completeness | None:
        """The kind; None for the usual one."""
        return RECEIPTS[max(0, self.kinds.currentIndex())][0]

    def _chosen(self) -> None:
        self._tell_meaning()
        self.changed.emit()

    def _tell_meaning(self) -> None:
        _, _, meaning = RECEIPTS[max(0, self.kinds.currentIndex())]
        self.meaning.setText(self._desk.say(meaning))
        self.kinds.setAccessibleDescription(self.meaning.text())
