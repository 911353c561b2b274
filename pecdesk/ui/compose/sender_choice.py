"""Which account a message is sent from, and who its provider is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QWidget

from pecdesk.errors import N_
from pecdesk.explain.visible import visible
from pecdesk.pec.message import normal_address
from pecdesk.ui.compose.senders import Sender, sender_of
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP


class SenderChoice(QWidget):
    """The accounts, one of them chosen; with a single one there is nothing to choose."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._senders: tuple[Sender, ...] = ()
        self.account = QComboBox()
        self.account.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.account.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.account.setMinimumContentsLength(12)
        wear(self.account, "identity")
        self.provider = label("", "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3 * STEP)
        row.addWidget(self.account)
        row.addWidget(self.provider, 1)
        self.account.currentIndexChanged.connect(self._chosen)

    def retranslate(self) -> None:
        """Say it in the language in force."""
        self.account.setAccessibleName(self._desk.say(N_("Account it is sent from")))
        self._tell_provider()

    def show_senders(self, known: Sequence[Sender], address: str) -> None:
        """Offer these accounts, that one chosen."""
        with QSignalBlocker(self.account):
            self._senders = tuple(known)
            if all(normal_address(one.address) != normal_address(address) for one in known):
                self._senders = (*known, sender_of(address, known))
            self.account.clear()
            for one in self._senders:
                shown, name = visible(one.address), visible(one.name)
                self.account.addItem(f"{shown}  –  {name}" if name else shown, one.address)
            self.account.setCurrentIndex(self._keys().index(normal_address(address)))
            self.account.setEnabled(len(self._senders) > 1)
        self._tell_provider()

    def show_chosen(self, address: str) -> None:
        """Show that account as the chosen one, whether it is among those offered or not."""
        self.show_senders(self._senders, address)

    @property
    def chosen(self) -> Sender:
        """The account it is sent from."""
        return sender_of(self.account.currentData() or "", self._senders)

    def choose(self, address: str) -> None:
        """Send from that account, where it is offered."""
        keys = self._keys()
        if normal_address(address) in keys:
            self.account.setCurrentIndex(keys.index(normal_address(address)))

    def _keys(self) -> list[str]:
        return [normal_address(one.address) for one in self._senders]

    def _chosen(self) -> None:
        self._tell_provider()
        self.changed.emit()

    def _tell_provider(self) -> None:
        one = self.chosen
        if one.address and not one.can_send:
            words = self._desk.say(N_("Nothing can be sent from here: this account has no server for outgoing mail."))
        else:
            words = visible(one.provider)
        self.provider.setText(words)
        self.account.setToolTip(visible(one.address).replace("<", "‹"))
