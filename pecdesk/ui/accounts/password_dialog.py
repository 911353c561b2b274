"""A new password for a mailbox: why it is needed at that provider, one try, and the synchronisation goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QLineEdit, QWidget

from pecdesk.app.servers import Tested
from pecdesk.errors import N_, LoginError
from pecdesk.explain import Tone
from pecdesk.explain.accounts import account_trouble, provider_hints
from pecdesk.explain.visible import visible
from pecdesk.profile.accounts import Account
from pecdesk.profile.providers import LoginForm, provider_named
from pecdesk.ui.accounts.password_field import PasswordField
from pecdesk.ui.background import Progress
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog
from pecdesk.ui.style.panels import label


class PasswordDialog(Dialog):
    """Tried once for each press; kept only when the server let it in."""

    def __init__(self, desk: Desk, account: Account, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._account = account
        provider = provider_named(account.provider)
        self._title = label("", "title", wraps=True)
        self._why = label("", "", wraps=True)
        self._user_label = label("", "section")
        self.user = QLineEdit(account.user)
        self._user_label.setBuddy(self.user)
        self._asks_user = bool(account.user) or (provider is not None and provider.login is LoginForm.USER_ID)
        self._user_label.setVisible(self._asks_user)
        self.user.setVisible(self._asks_user)
        self.password = PasswordField(desk, N_("New &password"))
        self._rules = label("", "muted", wraps=True)
        for widget in (self._title, self._why, self._user_label, self.user, self.password, self._rules):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.cancel_button = self.add_button()
        self.try_button = self.add_button("primary")
        self.cancel_button.clicked.connect(self.reject)
        self.try_button.clicked.connect(self._try)
        self.password.changed.connect(self._allow)
        self.retranslate()
        self._allow()
        self.fit(560, 480)
        self.password.setFocus()

    def retranslate(self) -> None:
        say = self.desk.say
        self.setWindowTitle(say(N_("Password of the mailbox")))
        self._title.setText(say(N_("Password of {address}"), address=visible(self._account.address)))
        trouble = self.desk.accounts.status(self._account).trouble
        told = account_trouble(trouble, self._account, self.desk.language) if isinstance(trouble, LoginError) else ()
        self._why.setText("\n\n".join(part for part in told if part))
        self._why.setVisible(bool(told))
        provider = provider_named(self._account.provider)
        rules = provider_hints(provider, self.desk.language) if provider is not None and not told else ()
        self._rules.setText("\n\n".join(rules))
        self._rules.setVisible(bool(rules))
        self._user_label.setText(say(N_("&User code")))
        self.password.retranslate()
        self.cancel_button.setText(say(N_("&Cancel")))
        self.try_button.setText(say(N_("&Try it and keep it")))

    def _allow(self) -> None:
        busy = self.work.is_busy
        self.password.setEnabled(not busy)
        self.try_button.setEnabled(not busy and bool(self.password.password))

    def _try(self) -> None:
        self.notice.hide()
        app, now, password = self.desk.app, self.desk.clock(), self.password.password
        account = replace(self._account, user=self.user.text().strip()) if self._asks_user else self._account

        def work(_progress: Progress, cancelled: Callable[[], bool]) -> Tested:
            tested: Tested = app.servers.test(account, password, cancelled)
            if tested.imap.is_ok:
                app.servers.change(account, password, now)
                app.syncing.restart(account.address)
            return tested

        self.work.run(self.desk.say(N_("The servers are being asked…")), work, self._take, self._fail)
        self._allow()

    def _take(self, tested: Tested) -> None:
        self._allow()
        if tested.imap.error is None:
            self.accept()
            return
        what, todo = account_trouble(tested.imap.error, self._account, self.desk.language)
        self._why.hide()  # it is said again below
        self.notice.say(Tone.RED, f"{what} {todo}".strip(), icon="warning")
        self.password.setFocus()
        self.password.field.selectAll()

    def _fail(self, error: Exception) -> None:
        self._allow()
        self.complain(error)

    def done(self, code: int) -> None:
        self.password.forget()
        super().done(code)
