"""Before an authority is believed: what it is, and its fingerprint, compared by typing the end of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout

from pecdesk.errors import N_
from pecdesk.explain.visible import visible
from pecdesk.trust import TrustPolicy
from pecdesk.ui.desk import Desk
from pecdesk.ui.settings.trust_words import LAST_DIGITS, confirms, in_fours
from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP

FIELD = 260
"""Device-independent pixels of a field for eight digits."""


class NewAuthority(QFrame):
    """Hidden until there is a policy to look at; `confirmed` once every fingerprint was compared."""

    confirmed = Signal(TrustPolicy)
    given_up = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._policy: TrustPolicy | None = None
        self._title = label("", "strong", wraps=True)
        self._why = label("", wraps=True)
        self._anchors = QVBoxLayout()
        self._anchors.setSpacing(STEP)
        self.fields: list[tuple[str, QLineEdit]] = []
        self.add_button, self.cancel_button = QPushButton(), QPushButton()
        wear(self.add_button, "primary")
        wear(self, "framed")
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * STEP)
        buttons.addStretch(1)
        for button in (self.cancel_button, self.add_button):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * STEP, 4 * STEP, 4 * STEP, 4 * STEP)
        column.setSpacing(2 * STEP)
        column.addWidget(self._title)
        column.addLayout(self._anchors)
        column.addWidget(self._why)
        column.addLayout(buttons)
        self.add_button.clicked.connect(self._confirm)
        self.cancel_button.clicked.connect(self._give_up)
        self.hide()

    def ask(self, policy: TrustPolicy) -> None:
        """Show this policy, and wait for its fingerprints."""
        self._policy = policy
        self._empty()
        for anchor in policy.anchors:
            field = QLineEdit()
            field.setMaximumWidth(FIELD)
            field.setMaxLength(200)
            field.textChanged.connect(self._compare)
            # Once the key is dealt with: what confirming disables would let it through to the window's own button.
            field.returnPressed.connect(self._confirm, Qt.ConnectionType.QueuedConnection)
            self.fields.append((anchor.key_sha256, field))
            for widget in (
                FlowText(visible(anchor.name), "small", selectable=True),
                label(self._desk.say(N_("SHA-256 of its key")), "small"),
                FlowText(in_fours(anchor.key_sha256), "code", selectable=True),
                field,
            ):
                self._anchors.addWidget(widget)
        self.retranslate()
        self._compare()
        self.show()
        self.fields[0][1].setFocus()

    def retranslate(self) -> None:
        """Say everything anew."""
        if self._policy is None:
            return
        say = self._desk.say
        self._title.setText(say(N_("Trust “{name}”?"), name=visible(self._policy.name)))
        self._why.setText(
            say(
                N_(
                    "Compare the SHA-256 of its key with the one the authority gave you by another way: not by the"
                    " message or the site this file came from. Then type the last {digits} digits, or paste all of it."
                    " What it proves stays marked for ever as checked against trust added by hand."
                ),
                digits=LAST_DIGITS,
            )
        )
        for _, field in self.fields:
            words = say(N_("Last {digits} digits of the SHA-256"), digits=LAST_DIGITS)
            field.setPlaceholderText(words)
            field.setAccessibleName(words)
        self.add_button.setText(say(N_("&Trust it")))
        self.cancel_button.setText(say(N_("&Do not")))

    def _compare(self) -> None:
        right = [confirms(field.text(), fingerprint) for fingerprint, field in self.fields]
        self.add_button.setEnabled(bool(right) and all(right))

    def _confirm(self) -> None:
        if self._policy is not None and self.add_button.isEnabled():
            policy, self._policy = self._policy, None
            self.hide()
            self.confirmed.emit(policy)

    def _give_up(self) -> None:
        self._policy = None
        self.hide()
        self.given_up.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is for the comparison: the button it would press behind this closes the window."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def _empty(self) -> None:
        self.fields.clear()
        while (item := self._anchors.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
