"""What the system knows of the network: whether it is there, and whether every byte of it is paid for.

Where the system does not say (Qt has no backend for it), nothing is ever told: workers find out by themselves.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QNetworkInformation

from pecdesk.ui.accounts.account_watch import AccountWatch

Reachability = QNetworkInformation.Reachability


class NetworkWatch(QObject):
    """Tells of changes, on the GUI thread."""

    came_back = Signal()
    metered = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._information: QNetworkInformation | None = None

    def start(self) -> bool:
        """Begin; whether the system says anything. A connection that is paid for already is told at once."""
        features = QNetworkInformation.Feature
        if not any(
            QNetworkInformation.loadBackendByFeatures(wanted)
            for wanted in (features.Reachability | features.Metered, features.Metered, features.Reachability)
        ):
            return False
        self._information = QNetworkInformation.instance()
        self._information.reachabilityChanged.connect(self._reached)
        self._information.isMeteredChanged.connect(self.metered)
        if self._information.isMetered():
            self.metered.emit(True)
        return True

    def _reached(self, reachability: Reachability) -> None:
        if reachability in (Reachability.Online, Reachability.Site):
            self.came_back.emit()


class MeteredPause(QObject):
    """Lets the workers rest while every byte is paid for, unless the user said to go on nevertheless."""

    def __init__(self, watch: AccountWatch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watch = watch

    def take(self, is_metered: bool) -> None:
        """The connection is paid for by the byte now, or no longer."""
        if is_metered:
            self._watch.pause(True, is_metered=True)
        elif self._watch.is_metered:
            self._watch.pause(False)
