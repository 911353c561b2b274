"""Settings: how the window speaks and looks, whom the archive trusts, and how the archive is kept."""

from __future__ import annotations

from PySide6.QtWidgets import QTabWidget, QWidget

from pecdesk.errors import N_
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog, scrolling
from pecdesk.ui.outside import Desktop, Outside
from pecdesk.ui.settings.archive_page import ArchivePage
from pecdesk.ui.settings.general_page import GeneralPage
from pecdesk.ui.settings.trust_page import TrustPage


class SettingsDialog(Dialog):
    """Three pages. What is changed holds at once and is kept at once: there is nothing to confirm but trust."""

    scrolls = False

    def __init__(self, desk: Desk, parent: QWidget | None = None, *, outside: Outside | None = None) -> None:
        super().__init__(desk, parent)
        system = outside or Desktop()
        self.general = GeneralPage(desk, self)
        self.trust = TrustPage(desk, self, system)
        self.archive = ArchivePage(desk, self, system)
        self.tabs = QTabWidget()
        for page in (self.general, self.trust, self.archive):
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
        for number, words in enumerate((N_("&General"), N_("&Trust"), N_("&Archive"))):
            self.tabs.setTabText(number, say(words))
        self.close_button.setText(say(N_("&Close")))
        for page in (self.general, self.trust, self.archive):
            page.retranslate()

    def _look(self, number: int) -> None:
        """What a page shows of the archive is read when it is turned to."""
        self.notice.hide()
        page = (self.general, self.trust, self.archive)[number]
        if isinstance(page, TrustPage | ArchivePage):
            page.refresh()
