"""Settling whether a message was sent, when nobody knows: the connection ended before the provider's answer came.

Both answers have legal consequences, so neither is chosen beforehand and both are told in full.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.explain.visible import visible
from pecdesk.store import Row
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog
from pecdesk.ui.style.panels import Notice, label
from pecdesk.ui.style.tokens import STEP

INDENT = 6 * STEP
"""Of what explains a choice, under its words."""


class SettleDialog(Dialog):
    """Two choices, and a warning of what the second one risks."""

    blocks = True

    def __init__(self, desk: Desk, row: Row, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._row = row
        self._title = label("", "title", wraps=True)
        self._subject = label(visible(row.transmission.subject), "muted", wraps=True)
        self._what = label("", wraps=True)
        self.sent, self.not_sent = QRadioButton(), QRadioButton()
        choices = QButtonGroup(self)
        self._sent_why, self._not_sent_why = label("", "muted", wraps=True), label("", "muted", wraps=True)
        self.warning = Notice(desk.theme)
        column = QVBoxLayout()
        column.setSpacing(STEP)
        for choice, why in ((self.sent, self._sent_why), (self.not_sent, self._not_sent_why)):
            choices.addButton(choice)
            why.setContentsMargins(INDENT, 0, 0, 3 * STEP)
            column.addWidget(choice, 0, Qt.AlignmentFlag.AlignLeft)
            column.addWidget(why)
            choice.toggled.connect(self._allow)
        for part in (self._title, self._subject, self._what):
            self.body.addWidget(part)
        self.body.addLayout(column)
        self.body.addWidget(self.warning)
        self.body.addStretch(1)
        self.cancel_button = self.add_button()
        self.settle_button = self.add_button("primary")
        self.cancel_button.clicked.connect(self.reject)
        self.settle_button.clicked.connect(self._settle)
        self.retranslate()
        self._allow()
        self.fit(600, 450)
        self.sent.setFocus()

    def retranslate(self) -> None:
        say = self.desk.say
        self.setWindowTitle(say(N_("Was it sent?")))
        self._title.setText(say(N_("Was it sent?")))
        self._what.setText(
            say(
                N_(
                    "The connection ended after the whole message had gone over and before the provider answered:"
                    " perhaps it has it, perhaps not. First look in the mailbox, for instance in the webmail: an"
                    " acceptance receipt means that it was sent, and pecdesk then settles it by itself."
                )
            )
        )
        self.sent.setText(say(N_("It &was sent")))
        self._sent_why.setText(
            say(N_("It is not sent again. If no acceptance receipt comes, it stands among what needs you."))
        )
        self.not_sent.setText(say(N_("It was &not sent")))
        self._not_sent_why.setText(
            say(N_("It stands as not sent. You can then correct it and send it again; nothing leaves by itself."))
        )
        self.warning.say(
            Tone.AMBER,
            say(
                N_(
                    "If it did arrive after all and you send it again, the recipients get it twice: two PECs, each with"
                    " its own legal effect."
                )
            ),
            icon="warning",
        )
        self.cancel_button.setText(say(N_("&Not now")))
        self.settle_button.setText(say(N_("&Settle it")))
        self.warning.setVisible(self.not_sent.isChecked())

    def _allow(self) -> None:
        self.settle_button.setEnabled(self.sent.isChecked() or self.not_sent.isChecked())
        self.warning.setVisible(self.not_sent.isChecked())

    def _settle(self) -> None:
        outgoing, row_id, at = self.desk.app.outgoing, self._row.id, self.desk.clock()
        was_sent = self.sent.isChecked()
        self.settle_button.setEnabled(False)
        self.desk.background.errand(
            lambda: outgoing.settle(row_id, was_sent=was_sent, at=at),
            lambda _done: self.accept(),
            self._fail,
            owner=self,
        )

    def _fail(self, error: Exception) -> None:
        self._allow()
        self.complain(error)
