"""Settings: how the window speaks and looks, the mailboxes, what is told, whom the archive trusts, how it is kept."""

from __future__ import annotations

from PySide6.QtWidgets import QTabWidget, QWidget

from pecdesk.errors import N_
from pecdesk.ui.accounts.account_windows import AccountWindows
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog, scrolling
from pecdesk.ui.outside import Desktop, Outside
from pecdesk.ui.settings.accounts_page import AccountsPage
from pecdesk.ui.settings.archive_page import ArchivePage
from pecdesk.ui.settings.general_page import GeneralPage
from pecdesk.ui.settings.notifications_page import NotificationsPage
from pecdesk.ui.settings.trust_page import TrustPage


class SettingsDialog(Dialog):
    """Its pages. What is changed holds at once and is kept at once: there is nothing to confirm but trust."""

    scrolls = False

    def __init__(self, desk: Desk, parent: QWidget | None = None, *, outside: Outside | None = None) -> None:
        super().__init__(desk, parent)
        system = outside or Desktop()
        self.general = GeneralPage(desk, self)
        self.trust = TrustPage(desk, self, system)
        self.archive = ArchivePage(desk, self, system)
        self.accounts = AccountsPage(desk, self)
        self.notifications = NotificationsPage(desk, self)
        self._account_windows = AccountWindows(desk, self)
        self.accounts.add_asked.connect(self._account_windows.set_up)
        self.accounts.change_asked.connect(self._account_windows.change)
        self.accounts.password_asked.connect(self._account_windows.ask_password)
        self.tabs = QTabWidget()
        for page in self._pages_in_order:
            self.tabs.addTab(scrolling(page), "")
        self.tabs.currentChanged.connect(self._look)
        self.body.addWidget(self.tabs)
        self.close_button = self.add_button("primary")
        self.close_button.clicked.connect(self.reject)
        self.retranslate()
        self.fit(680, 620)
        self.tabs.tabBar().setFocus()
        if (problem := desk.app.settings_problem) is not None:
            self.complain(problem)

    def retranslate(self) -> None:
        say = self.desk.say
        self.setWindowTitle(say(N_("Settings")))
        self.tabs.setAccessibleName(say(N_("Settings")))
        titles = (N_("&General"), N_("&Mailboxes"), N_("Notificat&ions"), N_("&Trust"), N_("&Archive"))
        for number, words in enumerate(titles):
            self.tabs.setTabText(number, say(words))
        self.close_button.setText(say(N_("&Close")))
        for page in self._pages_in_order:
            page.retranslate()

    @property
    def _pages_in_order(
        self,
    ) -> tuple[GeneralPage, AccountsPage, NotificationsPage, TrustPage, ArchivePage]:
        return self.general, self.accounts, self.notifications, self.trust, self.archive

    def show_accounts(self) -> None:
        """Turn to the mailboxes."""
        self.tabs.setCurrentIndex(self._pages_in_order.index(self.accounts))

    def _look(self, number: int) -> None:
        """What a page shows of the archive is read when it is turned to."""
        self.notice.hide()
        page = self._pages_in_order[number]
        if isinstance(page, TrustPage | ArchivePage | AccountsPage):
            page.refresh()
