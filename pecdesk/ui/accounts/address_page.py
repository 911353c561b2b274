"""The first page: whose mailbox. Or something else than a mailbox: an archive, the demo."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from pecdesk.errors import N_, UsageError
from pecdesk.ui.accounts.wizard_page import WizardPage
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.panels import label, rule
from pecdesk.ui.style.tokens import STEP

LONGEST_ADDRESS = 254
"""Letters (RFC 5321 §4.5.3.1.3, without the angle brackets)."""


class AddressPage(WizardPage):
    """An address and a name; below, what can be done without a mailbox."""

    intro = N_(
        "pecdesk fetches your PEC mailbox, joins every message with its receipts, verifies them and keeps them on this"
        " computer. On the server nothing is lost."
    )
    import_asked = Signal()
    demo_asked = Signal()

    def __init__(self, desk: Desk, *, with_others: bool) -> None:
        super().__init__()
        self.title = N_("Welcome to pecdesk") if with_others else N_("Which mailbox?")
        self._desk = desk
        self._address_label, self._name_label = label("", "section"), label("", "section")
        self.address, self.name = QLineEdit(), QLineEdit()
        self.address.setMaxLength(LONGEST_ADDRESS)
        self.name.setMaxLength(LONGEST_ADDRESS)
        self._address_label.setBuddy(self.address)
        self._name_label.setBuddy(self.name)
        self._name_why = label("", "muted", wraps=True)
        self._others = QWidget()
        self._or = label("", "muted", wraps=True)
        self.import_button, self.demo_button = QPushButton(), QPushButton()
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * STEP)
        for button in (self.import_button, self.demo_button):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        others = QVBoxLayout(self._others)
        others.setContentsMargins(0, 2 * STEP, 0, 0)
        others.setSpacing(3 * STEP)
        others.addWidget(rule())
        others.addWidget(self._or)
        others.addLayout(buttons)
        self._others.setVisible(with_others)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP)
        column.addWidget(self._address_label)
        column.addWidget(self.address)
        column.addSpacing(4 * STEP)
        for widget in (self._name_label, self.name, self._name_why):
            column.addWidget(widget)
        column.addStretch(1)
        column.addWidget(self._others)
        self.address.textChanged.connect(self.changed)
        self.import_button.clicked.connect(self.import_asked)
        self.demo_button.clicked.connect(self.demo_asked)
        self.setFocusProxy(self.address)

    @property
    def is_answered(self) -> bool:
        return bool(self.address.text().strip())

    def retranslate(self) -> None:
        say = self._desk.say
        self._address_label.setText(say(N_("&Address of the mailbox")))
        self.address.setPlaceholderText(say(N_("name@pec.example.it")))
        self._name_label.setText(say(N_("Your na&me")))
        self._name_why.setText(say(N_("As recipients see it beside the address; it may stay empty.")))
        self._or.setText(say(N_("Without a mailbox you can look at mail you have as files, or at a made-up office.")))
        self.import_button.setText(say(N_("&Import an archive…")))
        self.demo_button.setText(say(N_("Open the &demo")))

    @property
    def stated(self) -> str:
        """The address as it was typed. UsageError for what is none."""
        typed = self.address.text().strip()
        name, _, domain = typed.rpartition("@")
        odd = any(char.isspace() or not char.isprintable() or char in '<>,;:"()[]\\' for char in typed)
        if not name or not domain.strip(".") or odd:
            self.address.setFocus()
            raise UsageError(N_("{address} is not an address."), address=typed or "–")
        return typed
