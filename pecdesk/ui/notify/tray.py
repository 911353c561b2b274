"""The icon in the system's tray, with a menu, and the messages the system shows beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon, QWidget

from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.explain.news import Notification
from pecdesk.resources import resources
from pecdesk.ui.desk import Desk

SHOWN_FOR = {Tone.RED: 30_000, Tone.AMBER: 20_000}
"""Milliseconds a message stays, where the system lets us say so; others stay a moment."""
MOMENT = 8_000

_ICONS = {
    Tone.RED: QSystemTrayIcon.MessageIcon.Critical,
    Tone.AMBER: QSystemTrayIcon.MessageIcon.Warning,
}


class Telling(Protocol):
    """Where notifications go."""

    def tell(self, told: Notification) -> None:
        """Show this one."""


class Tray(QObject):
    """The real one."""

    opened = Signal()
    """The icon was clicked."""
    row_opened = Signal(int)
    """A message was clicked: the row it was about."""
    account_opened = Signal(str)
    """Or the mailbox."""

    def __init__(self, desk: Desk, window: QWidget, actions: Sequence[QAction]) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._last: Notification | None = None
        self._icon = QSystemTrayIcon(QIcon(str(resources() / "icons" / "pecdesk.svg")), self)
        self.menu = QMenu(window)
        self._open = QAction(self.menu)
        self._open.triggered.connect(self.opened)
        self.menu.addAction(self._open)
        self.menu.addSeparator()
        self.menu.addActions(list(actions))
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._activated)
        self._icon.messageClicked.connect(self._clicked)
        desk.language_changed.connect(self._retranslate)
        self._retranslate()
        self._appear()

    @property
    def is_there(self) -> bool:
        """Whether there is a tray that shows messages."""
        return QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()

    def _appear(self) -> None:
        """Stand in the tray, as soon as there is one."""
        if self.is_there and not self._icon.isVisible():
            self._icon.show()

    def tell(self, told: Notification) -> None:
        """Show a message; without a tray the window asks for attention where it matters."""
        self._last = told
        self._appear()
        if self.is_there:
            words = f"{self._demo}{told.title}", told.text
            self._icon.showMessage(*words, *_look(told.tone))
        elif told.tone is not Tone.GREEN:
            QApplication.alert(self._window)

    def close(self) -> None:
        """Take the icon away."""
        self._icon.hide()

    @property
    def _demo(self) -> str:
        return "DEMO – " if self._desk.app.profile.is_demo else ""

    def _retranslate(self) -> None:
        self._open.setText(self._desk.say(N_("&Open pecdesk")))
        self._icon.setToolTip(f"{self._demo}pecdesk")

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.opened.emit()

    def _clicked(self) -> None:
        self.opened.emit()
        if self._last is None:
            return
        if self._last.row_id is not None:
            self.row_opened.emit(self._last.row_id)
        elif self._last.account:
            self.account_opened.emit(self._last.account)


def _look(tone: Tone) -> tuple[QSystemTrayIcon.MessageIcon, int]:
    """The system's own icon, and how long it stays."""
    return _ICONS.get(tone, QSystemTrayIcon.MessageIcon.Information), SHOWN_FOR.get(tone, MOMENT)
