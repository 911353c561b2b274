"""Who the provider is, where the address does not say: many mailboxes have a domain of their own."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout

from pecdesk.errors import N_
from pecdesk.profile.providers import Provider, providers
from pecdesk.ui.accounts.wizard_page import WizardPage
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP

LIST_HEIGHT = 180
"""Device-independent pixels at least."""


class ProviderPage(WizardPage):
    """All providers by name, and "another one"."""

    title = N_("Who runs {address}?")
    chosen = Signal()
    """By double click."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._intro = label("", "muted", wraps=True)
        self._label = label("", "section")
        self.list = QListWidget()
        self.list.setMinimumHeight(LIST_HEIGHT)
        wear(self.list, "card")
        self._label.setBuddy(self.list)
        for provider in sorted(providers(), key=lambda row: row.name.casefold()):
            item = QListWidgetItem(provider.name)
            item.setData(Qt.ItemDataRole.UserRole, provider.key)
            self.list.addItem(item)
        self._other = QListWidgetItem()
        self.list.addItem(self._other)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * STEP)
        column.addWidget(self._intro)
        column.addWidget(self._label)
        column.addWidget(self.list, 1)
        self.list.itemSelectionChanged.connect(self.changed)
        self.list.itemDoubleClicked.connect(self.chosen)  # Enter presses "Next" by itself
        self.setFocusProxy(self.list)

    def retranslate(self) -> None:
        say = self._desk.say
        self._intro.setText(
            say(
                N_(
                    "The address does not tell who runs the mailbox. The contract does, or the sender of any receipt:"
                    " “Per conto di” stands in it, and “posta-certificata@” with the provider’s name."
                )
            )
        )
        self._label.setText(say(N_("Who is the &provider?")))
        self._other.setText(say(N_("Another one: I enter the servers by hand")))

    def choose(self, provider: Provider | None) -> None:
        """Mark one as chosen."""
        key = provider.key if provider is not None else None
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) == key:
                self.list.setCurrentRow(row)

    @property
    def is_answered(self) -> bool:
        return bool(self.list.selectedItems())

    @property
    def provider(self) -> Provider | None:
        """The chosen one; None for servers by hand."""
        key = next((item.data(Qt.ItemDataRole.UserRole) for item in self.list.selectedItems()), None)
        return next((row for row in providers() if row.key == key), None)
