"""What goes on behind an open window: fetching, sending, and in the demo the made-up providers."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from pecdesk.ui.desk import Desk
from pecdesk.ui.network_watch import MeteredPause, NetworkWatch

if TYPE_CHECKING:
    from pecdesk.demo.live import LiveDemo

_log = logging.getLogger("ui")


class Workers(QObject):
    """Starts them for one desk, and stops them."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._demo: LiveDemo | None = None
        self._is_running = False
        self.network = NetworkWatch(self)
        self._pause = MeteredPause(desk.accounts, self)
        self.network.metered.connect(self._pause.take)
        self.network.came_back.connect(self._check)

    def start(self) -> None:
        """Let everything go on that goes on by itself."""
        app = self._desk.app
        self._is_running = True
        if app.profile.is_demo:
            from pecdesk.demo.live import LiveDemo  # noqa: PLC0415 - megabytes that no other profile needs

            self._demo = LiveDemo(app)
            app.outgoing.transport_of = self._demo.transport_of
            self._demo.start()
        app.syncing.start()
        app.outgoing.start()
        if not self.network.start():
            _log.info("the system says nothing of its network")

    def stop(self) -> None:
        """Let everything end; waits for what is under way, not for ever."""
        if not self._is_running:
            return
        self._is_running = False
        self._desk.app.outgoing.stop()
        self._desk.app.syncing.stop()
        if self._demo is not None:
            self._demo.close()

    def _check(self) -> None:
        if self._is_running:
            self._desk.app.syncing.check_now()
