"""A mailbox that is set up, to be changed: its servers, what is done on them, and a test before it is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from pecdesk.app.servers import Tested
from pecdesk.errors import N_, PecdeskError
from pecdesk.explain import Tone
from pecdesk.explain.accounts import account_trouble
from pecdesk.explain.visible import visible
from pecdesk.profile.accounts import Account
from pecdesk.ui.accounts.password_field import PasswordField
from pecdesk.ui.accounts.server_fields import ServerFields
from pecdesk.ui.background import Progress
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog
from pecdesk.ui.outside import Desktop, Outside
from pecdesk.ui.style.panels import label

COPIES: dict[bool | None, str] = {
    None: N_("As is usual at the provider"),
    True: N_("Always put one there"),
    False: N_("Never put one there"),
}
"""Words for `Account.keeps_sent_copy`."""


class AccountDialog(Dialog):
    """Everything about one mailbox; nothing is kept before "Keep" is pressed."""

    def __init__(
        self, desk: Desk, account: Account, parent: QWidget | None = None, *, outside: Outside | None = None
    ) -> None:
        super().__init__(desk, parent)
        self._account = account
        self._title = label("", "title", wraps=True)
        self._name_label, self._copy_label = label("", "section"), label("", "section")
        self._sent_label = label("", "section")
        self.name, self.sent = QLineEdit(account.name), QLineEdit(account.sent_folder)
        self.servers = ServerFields(desk, outside or Desktop())
        self.servers.show_account(account)
        self.password = PasswordField(desk, N_("New &password"))
        self.read_only, self.marks_read = QCheckBox(), QCheckBox()
        self.read_only.setChecked(account.is_read_only)
        self.marks_read.setChecked(account.marks_read_on_server)
        self._marks_why = label("", "muted", wraps=True)
        self.copy = QComboBox()
        for wish in COPIES:
            self.copy.addItem("", wish)
        self.copy.setCurrentIndex(list(COPIES).index(account.keeps_sent_copy))
        for words, field in (
            (self._name_label, self.name),
            (self._sent_label, self.sent),
            (self._copy_label, self.copy),
        ):
            words.setBuddy(field)
        for widget in (
            self._title,
            self._name_label,
            self.name,
            self.servers,
            self.password,
            self._sent_label,
            self.sent,
            self._copy_label,
            self.copy,
            self.read_only,
            self.marks_read,
            self._marks_why,
        ):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.test_button = self.add_button()
        self.cancel_button = self.add_button()
        self.keep_button = self.add_button("primary")
        self.test_button.clicked.connect(self._test)
        self.cancel_button.clicked.connect(self.reject)
        self.keep_button.clicked.connect(self._keep)
        self.read_only.toggled.connect(self._allow)
        self.retranslate()
        self._allow()
        self.fit(620, 700)
        self.name.setFocus()

    def retranslate(self) -> None:
        say = self.desk.say
        self.setWindowTitle(say(N_("Mailbox")))
        self._title.setText(visible(self._account.address))
        self._name_label.setText(say(N_("Your na&me")))
        self._sent_label.setText(say(N_("&Folder of sent mail")))
        self.sent.setPlaceholderText(say(N_("found by itself")))
        self._copy_label.setText(say(N_("Cop&y of what is sent")))
        for row, words in enumerate(COPIES.values()):
            self.copy.setItemText(row, say(words))
        self.servers.retranslate()
        self.password.retranslate()
        self.password.field.setPlaceholderText(say(N_("unchanged")))
        self.read_only.setText(say(N_("Chan&ge nothing on the server")))
        self.marks_read.setText(say(N_("What I read here becomes read on the server t&oo")))
        self._marks_why.setText(say(N_("Leave it off for a mailbox you share: colleagues see there what is unread.")))
        self.test_button.setText(say(N_("&Test")))
        self.cancel_button.setText(say(N_("Cance&l")))
        self.keep_button.setText(say(N_("&Keep")))

    def _allow(self) -> None:
        busy = self.work.is_busy
        for button in (self.test_button, self.keep_button):
            button.setEnabled(not busy)
        careful = self.read_only.isChecked()
        for widget in (self.marks_read, self.copy, self._copy_label, self._marks_why):
            widget.setEnabled(not careful)

    def account(self) -> Account:
        """The account as it stands in the fields. UsageError where that cannot be."""
        return replace(
            self.servers.account(self._account),
            name=self.name.text().strip(),
            sent_folder=self.sent.text().strip(),
            keeps_sent_copy=self.copy.currentData(),
            is_read_only=self.read_only.isChecked(),
            marks_read_on_server=self.marks_read.isChecked(),
        )

    def _test(self) -> None:
        self.notice.hide()
        try:
            account = self.account()
        except PecdeskError as error:
            self.complain(error)
            return
        app, password = self.desk.app, self.password.password or None

        def work(_progress: Progress, cancelled: Callable[[], bool]) -> Tested:
            tested: Tested = app.servers.test(account, password, cancelled)
            return tested

        self.work.run(
            self.desk.say(N_("The servers are being asked…")),
            work,
            lambda tested: self._show(account, tested),
            self._fail,
        )
        self._allow()

    def _show(self, account: Account, tested: Tested) -> None:
        self._allow()
        say = self.desk.say
        error = tested.imap.error or (tested.smtp.error if tested.smtp is not None else None)
        if error is None:
            both = tested.smtp is not None
            words = say(N_("Receiving and sending work.") if both else N_("Receiving works; nothing can be sent."))
            self.notice.say(Tone.BLUE, words)
            return
        what, todo = account_trouble(error, account, self.desk.language)
        which = say(N_("Receiving mail") if tested.imap.error is not None else N_("Sending mail"))
        self.notice.say(Tone.RED, f"{which}: {what} {todo}".strip(), icon="warning")

    def _keep(self) -> None:
        self.notice.hide()
        try:
            account = self.account()
        except PecdeskError as error:
            self.complain(error)
            return
        app, now, password = self.desk.app, self.desk.clock(), self.password.password or None

        def work(_progress: Progress, _cancelled: Callable[[], bool]) -> None:
            app.servers.change(account, password, now)
            app.syncing.restart(account.address)

        self.work.run(
            self.desk.say(N_("The mailbox is being set up…")),
            work,
            lambda _done: self.accept(),
            self._fail,
            can_stop=False,
        )
        self._allow()

    def _fail(self, error: Exception) -> None:
        self._allow()
        self.complain(error)

    def done(self, code: int) -> None:
        self.password.forget()
        super().done(code)
