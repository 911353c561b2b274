"""From the workers' words, told on any thread, to what the window shows of the mailboxes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from pecdesk.app import App
from pecdesk.pec.message import normal_address
from pecdesk.profile.account_status import AccountStatus
from pecdesk.profile.accounts import Account
from pecdesk.store import Changes
from pecdesk.ui.change_relay import ChangeRelay

EVERY = 100
"""Milliseconds over which words of the workers are merged."""


class AccountWatch(QObject):
    """The mailboxes of the profile that have servers, and how each stands."""

    changed = Signal()
    """How one stands, or which there are."""
    _arrived = Signal()

    def __init__(self, app: App, relay: ChangeRelay, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self.is_metered = False
        """Whether synchronisation was paused because every byte is paid for."""
        self.accounts: tuple[Account, ...] = app.servers.all()
        self._waits = False
        """Whether a word was told that nobody has taken yet."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.changed)
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)
        relay.changed.connect(self._look)
        self._stop: Callable[[], None] = app.syncing.subscribe(self._hear)

    def status(self, account: Account) -> AccountStatus:
        """How a mailbox stands at this moment."""
        return self._app.syncing.status(account.address)

    @property
    def is_paused(self) -> bool:
        """Whether the workers rest, all of them."""
        return self._app.syncing.is_paused

    def account(self, address: str) -> Account | None:
        """The mailbox of that address, however it is written."""
        wanted = normal_address(address)
        return next((each for each in self.accounts if each.key == wanted), None)

    def pause(self, on: bool, *, is_metered: bool = False) -> None:
        """Let the workers rest, or go on."""
        self.is_metered = on and is_metered
        self._app.syncing.pause(on)
        self.changed.emit()

    def close(self) -> None:
        """Hear no more."""
        self._stop()
        self._timer.stop()

    def _look(self, changes: Changes) -> None:
        if changes.accounts or changes.everything:
            self.accounts = self._app.servers.all()
            self.changed.emit()

    def _hear(self, _status: AccountStatus) -> None:
        """On a worker's thread: quick, and one signal however many words come."""
        if not self._waits:
            self._waits = True
            with suppress(RuntimeError):  # the window is gone: nobody to tell
                self._arrived.emit()

    def _take(self) -> None:
        self._waits = False
        if not self._timer.isActive():
            self._timer.start()
