"""The password, with the provider's own rules in words; a user code where the provider wants one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain.accounts import provider_hints
from pecdesk.explain.visible import visible
from pecdesk.profile.accounts import Account
from pecdesk.profile.providers import LoginForm, provider_named
from pecdesk.ui.accounts.password_field import PasswordField
from pecdesk.ui.accounts.wizard_page import WizardPage
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP


class PasswordPage(WizardPage):
    """What to log in with, for one account whose servers are known."""

    title = N_("Logging in to {address}")
    other_asked = Signal()
    """It is another provider, or other servers."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._account: Account | None = None
        self._servers = FlowText("", "muted")
        self.other_button = QPushButton()
        self.other_button.setAutoDefault(False)
        wear(self.other_button, "link")
        self._user_label = label("", "section")
        self.user = QLineEdit()
        self._user_label.setBuddy(self.user)
        self.password = PasswordField(desk, N_("&Password"))
        self._keeping = label("", "muted", wraps=True)
        self._command = label("", "muted", wraps=True)
        self._rules = QVBoxLayout()
        self._rules.setSpacing(2 * STEP)
        head = QHBoxLayout()
        head.addWidget(self._servers, 1, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.other_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * STEP)
        column.addLayout(head)
        column.addSpacing(STEP)
        column.addWidget(self._user_label)
        column.addWidget(self.user)
        column.addWidget(self.password)
        column.addWidget(self._command)
        column.addWidget(self._keeping)
        column.addSpacing(STEP)
        column.addLayout(self._rules)
        column.addStretch(1)
        self.other_button.clicked.connect(self.other_asked)
        self.password.changed.connect(self.changed)
        self.user.textChanged.connect(self.changed)

    def show_account(self, account: Account) -> None:
        """Ask for the password of this one."""
        self._account = account
        self._is_refused = False
        provider = provider_named(account.provider)
        self.asks_user = provider is not None and provider.login is LoginForm.USER_ID
        self._user_label.setVisible(self.asks_user)
        self.user.setVisible(self.asks_user)
        self.user.setText(account.user)
        asks_password = not account.password_command
        self.password.setVisible(asks_password)
        self._keeping.setVisible(asks_password)
        self._command.setVisible(not asks_password)
        self.retranslate()

    asks_user = False
    """Whether the provider wants a code instead of the address."""
    _is_refused = False

    def tell_refused(self) -> None:
        """What the refusal says of this provider need not stand here too."""
        self._is_refused = True
        self.retranslate()

    def tell_no_key_store(self) -> None:
        """Promise nothing about a key store that is not there."""
        self._keeping.hide()

    @property
    def first_field(self) -> QWidget:
        """What the keyboard is brought to. No focus proxy: Tab would no longer lead to the other servers."""
        return self.user if self.asks_user else self.password

    @property
    def is_answered(self) -> bool:
        if self._account is None or (self.asks_user and not self.user.text().strip()):
            return False
        return bool(self.password.password or self._account.password_command)

    def retranslate(self) -> None:
        say = self._desk.say
        self.password.retranslate()
        self._user_label.setText(say(N_("&User code")))
        self._command.setText(say(N_("The password is printed by the command you named; nothing is kept here.")))
        self._keeping.setText(
            say(N_("It is kept in the key store of this system, in no file of pecdesk, and sent to this server only."))
        )
        self.other_button.setText(say(N_("&Other servers…")))
        if self._account is None:
            return
        provider = provider_named(self._account.provider)
        smtp = self._account.smtp
        fields = {"imap": visible(self._account.imap.host), "smtp": visible(smtp.host) if smtp is not None else ""}
        if smtp is None:
            told = say(N_("Receiving {imap}; nothing can be sent"), **fields)
        elif provider is not None:
            told = say(N_("{provider}: receiving {imap}, sending {smtp}"), provider=provider.name, **fields)
        else:
            told = say(N_("Receiving {imap}, sending {smtp}"), **fields)
        self._servers.set_text(told)
        while (item := self._rules.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        if provider is None:
            return
        for rule in provider_hints(provider, self._desk.language, is_refused=self._is_refused):
            self._rules.addWidget(label(rule, "", wraps=True))
