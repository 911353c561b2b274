"""What every part of the window is handed: the app, the way to the background, the look, the language, the clock."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from pecdesk.app import App
from pecdesk.errors import N_, PecdeskError
from pecdesk.explain import Language, language, preferred
from pecdesk.ui.accounts.account_watch import AccountWatch
from pecdesk.ui.background import Background
from pecdesk.ui.change_relay import ChangeRelay
from pecdesk.ui.style.theme import Theme

Clock = Callable[[], datetime]
"""The present moment, with its offset."""


class Desk(QObject):
    """One profile, open in front of somebody."""

    language_changed = Signal()
    mail_asked = Signal(str)
    """A `mailto:` link in a message was followed: write there."""

    def __init__(self, app: App, theme: Theme, clock: Clock, spoken: str | None = None) -> None:
        super().__init__()
        self.app = app
        self.theme = theme
        self.clock = clock
        self._spoken = spoken
        self._private: tempfile.TemporaryDirectory[str] | None = None
        self.background = Background(self)
        self.relay = ChangeRelay(app.changes, self)
        self.language: Language = self._wanted_language()

    def _wanted_language(self) -> Language:
        wished = self.app.settings.language
        return language(self._spoken or (wished if wished != "system" else preferred()))

    def speak(self, code: str) -> None:
        """Go on in another language; `system` for the system's."""
        self._spoken = None if code == "system" else code
        self.language = language(self._spoken or preferred())
        self.language_changed.emit()

    @cached_property
    def accounts(self) -> AccountWatch:
        """The mailboxes that have servers, and how each stands."""
        return AccountWatch(self.app, self.relay, self)

    @cached_property
    def private_folder(self) -> Path:
        """A folder for this user's eyes only, gone when the desk is closed: for what other programs are to open."""
        self._private = tempfile.TemporaryDirectory(prefix="pecdesk-", ignore_cleanup_errors=True)
        return Path(self._private.name)

    def say(self, message: str, /, **fields: object) -> str:
        """A template in the language in force, filled."""
        return self.language.say(message, **fields)

    def sentence(self, error: Exception) -> str:
        """What to tell of a failure; of a bug, which is no failure of the world, its kind alone."""
        if isinstance(error, PecdeskError):
            return self.language.error(error)
        return self.say(
            N_("Something went wrong inside pecdesk ({kind}). Nothing was lost; the log says more."),
            kind=type(error).__name__,
        )

    def close(self) -> None:
        """Let the background finish, then close the profile."""
        if "accounts" in self.__dict__:
            self.accounts.close()
        self.relay.close()
        self.background.close()
        self.app.close()
        if self._private is not None:
            self._private.cleanup()
