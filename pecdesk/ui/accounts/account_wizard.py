"""Setting up a mailbox, page by page: address, provider, password, a test, what was found, the first synchronisation.

Forward and back by keyboard. The servers are asked once for each press of "Next"; a login that was refused is repeated
by the user alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pecdesk.app.servers import Tested
from pecdesk.errors import N_, CertificateError, LoginError, NetworkError, PasswordError, PecdeskError
from pecdesk.explain import Tone
from pecdesk.explain.accounts import account_trouble
from pecdesk.explain.visible import visible
from pecdesk.profile.accounts import Account, Endpoint
from pecdesk.profile.providers import IMAP_PORT, Provider, provider_for, provider_named, with_provider
from pecdesk.ui.accounts.address_page import AddressPage
from pecdesk.ui.accounts.password_page import PasswordPage
from pecdesk.ui.accounts.progress_page import ProgressPage
from pecdesk.ui.accounts.provider_page import ProviderPage
from pecdesk.ui.accounts.result_page import ResultPage
from pecdesk.ui.accounts.servers_page import ServersPage
from pecdesk.ui.accounts.wizard_page import WizardPage
from pecdesk.ui.background import Progress
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog
from pecdesk.ui.outside import Desktop, Outside
from pecdesk.ui.style.panels import label


class AccountWizard(Dialog):
    """One mailbox from nothing to mail in the list."""

    import_asked = Signal()
    demo_asked = Signal()

    def __init__(
        self,
        desk: Desk,
        parent: QWidget | None = None,
        *,
        is_first_run: bool = False,
        outside: Outside | None = None,
    ) -> None:
        super().__init__(desk, parent)
        self._is_first_run = is_first_run
        self._account: Account | None = None
        self._back: list[QWidget] = []
        """Pages that were left forward, the last one last."""
        self._title = label("", "title", wraps=True)
        self._intro = label("", "muted", wraps=True)
        self.address = AddressPage(desk, with_others=is_first_run)
        self.provider = ProviderPage(desk)
        self._servers_page = ServersPage(desk, outside or Desktop())
        self.servers = self._servers_page.fields
        self.password = PasswordPage(desk)
        self.findings = ResultPage(desk)
        self.progress = ProgressPage(desk)
        self.body.addWidget(self._title)
        self.body.addWidget(self._intro)
        self.steps: tuple[WizardPage, ...] = (
            self.address,
            self.provider,
            self._servers_page,
            self.password,
            self.findings,
            self.progress,
        )
        self.add_pages(*self.steps)
        self.cancel_button = self.add_button()
        self.back_button = self.add_button()
        self.next_button = self.add_button("primary")
        self.cancel_button.clicked.connect(self.reject)
        self.back_button.clicked.connect(self.go_back)
        self.next_button.clicked.connect(self.go_on)
        for page in self.steps:
            page.changed.connect(self._allow)
        self.provider.chosen.connect(self.go_on)
        self.password.other_asked.connect(self._choose_servers)
        self.address.import_asked.connect(self._leave_for_import)
        self.address.demo_asked.connect(self.demo_asked)
        self.retranslate()
        self._allow()
        self.fit(620, 600)
        self.address.setFocus()

    @property
    def step(self) -> WizardPage:
        """The page that is seen."""
        return next(page for page in self.steps if page is self.page)

    # words

    def retranslate(self) -> None:
        say = self.desk.say
        self.setWindowTitle(say(N_("Set up a mailbox")))
        page, address = self.step, visible(self._account.address) if self._account is not None else ""
        self._title.setText(say(page.title, address=address))
        self._intro.setText(say(page.intro))
        self._intro.setVisible(bool(page.intro))
        for each in self.steps:
            each.retranslate()
        is_last = page is self.progress
        self.cancel_button.setText(say(N_("Not &now")) if self._is_first_run else say(N_("&Cancel")))
        self.back_button.setText(say(N_("&Back")))
        self.next_button.setText(say(page.following))
        self.cancel_button.setVisible(not is_last)
        self.back_button.setVisible(not is_last and bool(self._back))

    def _allow(self) -> None:
        """Let the user do what can be done now."""
        busy = self.work.is_busy
        for page in self.steps:
            page.setEnabled(not busy)
        self.next_button.setEnabled(not busy and self.step.is_answered)
        self.back_button.setEnabled(not busy)

    # going on and back

    def go_on(self) -> None:
        """The next page, or what has to happen before it."""
        if self.work.is_busy or not self.next_button.isEnabled():
            return
        self.notice.hide()
        verbs: dict[QWidget | None, Callable[[], None]] = {
            self.address: self._take_address,
            self.provider: self._take_provider,
            self._servers_page: self._take_servers,
            self.password: self._test,
            self.findings: self._keep,
            self.progress: self.accept,
        }
        try:
            verbs[self.page]()
        except PecdeskError as error:
            self.complain(error)

    def go_back(self) -> None:
        """The page before; what was typed there is still there."""
        self.notice.hide()
        if self._back and not self.work.is_busy:
            self._show(self._back.pop())

    def _turn(self, page: QWidget) -> None:
        """Go forward to a page."""
        if self.page is not None:
            self._back.append(self.page)
        self._show(page)

    def _show(self, page: QWidget) -> None:
        self.turn_to(page)
        self.retranslate()
        self._allow()
        if page in (self.findings, self.progress):
            self.next_button.setFocus()
        else:
            (self.password.first_field if page is self.password else page).setFocus()

    def _take_address(self) -> None:
        address = self.address.stated
        before = self._account
        provider = provider_for(address)
        account = Account(address, Endpoint("", IMAP_PORT), name=self.address.name.text().strip())
        if before is not None and before.key == account.key:
            account = replace(before, address=address, name=account.name)
        elif provider is not None:
            account = with_provider(account, provider)
        if account.imap.host:
            self.desk.app.servers.check_new(account)
            self._account = account
            self._ask_password()
            return
        self._account = account
        self._turn(self.provider)

    def _take_provider(self) -> None:
        assert self._account is not None
        provider: Provider | None = self.provider.provider
        if provider is None:
            self._account = replace(self._account, provider="")
            self.servers.show_account(self._account)
            self._turn(self._servers_page)
            return
        self._account = with_provider(replace(self._account, user=""), provider)
        self.desk.app.servers.check_new(self._account)
        self._ask_password()

    def _take_servers(self) -> None:
        assert self._account is not None
        account = self.servers.account(self._account)
        self.desk.app.servers.check_new(account)
        self._account = account
        self._ask_password()

    def _choose_servers(self) -> None:
        """It is another provider than the one that was recognised."""
        if self._account is not None:
            self.provider.choose(provider_named(self._account.provider))
            self.servers.show_account(self._account)
            self._turn(self.provider)

    def _ask_password(self) -> None:
        assert self._account is not None
        self.password.show_account(self._account)
        self._turn(self.password)
        app = self.desk.app
        self.desk.background.query(app.servers.key_store_problem, self._tell_key_store, lambda _error: None, owner=self)

    def _tell_key_store(self, problem: PasswordError | None) -> None:
        """Nowhere to keep a password: said before one is typed."""
        needs_one = self._account is not None and not self._account.password_command
        if problem is not None and needs_one and self.page is self.password:
            self.password.tell_no_key_store()
            offer = self.desk.say(N_("Use a command"))
            self.notice.say(Tone.AMBER, self.desk.sentence(problem), (offer, self._use_command), icon="warning")

    def _use_command(self) -> None:
        if self._account is not None:
            self.servers.show_account(self._account)
            self._turn(self._servers_page)
            self.servers.command.setFocus()

    # the servers are asked

    def _test(self) -> None:
        assert self._account is not None
        account = self._account
        if self.password.asks_user:
            account = self._account = replace(account, user=self.password.user.text().strip())
        app = self.desk.app
        password = None if account.password_command else self.password.password.password

        def work(_progress: Progress, cancelled: Callable[[], bool]) -> Tested:
            return app.servers.test(account, password, cancelled)

        self.work.run(self.desk.say(N_("The servers are being asked…")), work, self._take_test, self._fail)
        self._allow()

    def _take_test(self, tested: Tested) -> None:
        assert self._account is not None
        self._allow()
        if tested.imap.error is not None:
            self._tell_trouble(tested.imap.error)
            return
        self.findings.show_result(self._account, tested)
        self._turn(self.findings)

    def _tell_trouble(self, error: PecdeskError) -> None:
        """What it means and what to do, in place; the cursor where it can be done."""
        assert self._account is not None
        what, todo = account_trouble(error, self._account, self.desk.language)
        action = None
        if isinstance(error, NetworkError | CertificateError):
            action = (self.desk.say(N_("Look at the servers")), self._look_at_servers)
        self.notice.say(Tone.RED, f"{what} {todo}".strip(), action, icon="warning")
        if isinstance(error, LoginError):
            self.password.tell_refused()
            self.password.first_field.setFocus()
            self.password.password.field.selectAll()

    def _look_at_servers(self) -> None:
        self.notice.hide()
        if self._account is not None:
            self.servers.show_account(self._account)
            self._turn(self._servers_page)

    def _keep(self) -> None:
        assert self._account is not None
        account = replace(
            self._account, sent_folder=self.findings.sent_folder, is_read_only=self.findings.read_only.isChecked()
        )
        app, now = self.desk.app, self.desk.clock()
        password = None if account.password_command else self.password.password.password

        def work(_progress: Progress, _cancelled: Callable[[], bool]) -> Account:
            return app.servers.add(account, password, now)  # the workers hear of it by themselves

        self.work.run(self.desk.say(N_("The mailbox is being set up…")), work, self._begin, self._fail, can_stop=False)
        self._allow()

    def _begin(self, account: Account) -> None:
        self._account = account
        self.password.password.forget()
        self._allow()
        self.progress.show_account(account)
        self._back.clear()
        self.turn_to(self.progress)
        self.retranslate()
        self.next_button.setFocus()

    def _fail(self, error: Exception) -> None:
        self._allow()
        self.complain(error)

    def _leave_for_import(self) -> None:
        self.accept()
        self.import_asked.emit()

    def done(self, code: int) -> None:
        self.password.password.forget()
        super().done(code)
