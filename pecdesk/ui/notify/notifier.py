"""Decides what is told outside the window, and when: merged, in no quiet hour, never the same thing twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer

from pecdesk.app.news import Watch, is_quiet, worth_telling_since
from pecdesk.explain.account_status import status_words
from pecdesk.explain.news import News, Notification, notification, shortened
from pecdesk.profile.account_status import SyncState
from pecdesk.store import Changes
from pecdesk.ui.background import Failed, Task
from pecdesk.ui.desk import Desk
from pecdesk.ui.layout_memory import LayoutMemory
from pecdesk.ui.notify.tray import Telling

T = TypeVar("T")

GATHER = 2_000
"""Milliseconds over which news are gathered into one notification."""
LATER = 60_000
"""Milliseconds between two looks at whether quiet hours are over."""
WAITS_FOR_USER = frozenset({SyncState.LOGIN_REFUSED, SyncState.QUESTION, SyncState.FAILED})
LOOKED = "news/looked"
"""Name under which is kept when news were last looked for."""


class Notifier(QObject):
    """From changes of the store to notifications.

    What comes in quiet hours, or while the user wants none, is not lost: it stands in the list, and after quiet hours
    is told in one.
    """

    def __init__(self, desk: Desk, telling: Telling, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._telling = telling
        self._memory = LayoutMemory(desk.app.profile)
        self._pending = Changes()
        self._task: Task | None = None
        self._news: list[News] = []
        self._troubled: dict[str, SyncState] = {}
        """Mailboxes of whose trouble was told, and of which."""
        self._keeps_quiet = False
        """Whether there is a trouble that is to be told after the quiet hours."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(GATHER)
        self._timer.timeout.connect(self.tell)
        self._later = QTimer(self)
        self._later.setInterval(LATER)
        self._later.timeout.connect(self._look_at_clock)
        now = desk.clock()
        self._watch = Watch(desk.app, worth_telling_since(_moment(self._memory.word(LOOKED)), now))
        self._run(lambda: self._watch.begin(now), lambda _known: None)
        desk.relay.changed.connect(self._changed)
        desk.accounts.changed.connect(self._look_at_accounts)

    def close(self) -> None:
        """Look no longer; what comes until the next start is news then."""
        self._desk.relay.changed.disconnect(self._changed)
        self._desk.accounts.changed.disconnect(self._look_at_accounts)
        self._timer.stop()
        self._later.stop()
        self._memory.keep_word(LOOKED, self._desk.clock().isoformat())

    def tell(self) -> None:
        """Tell what was gathered, if it may be told now."""
        settings = self._desk.app.settings
        if not settings.notify:
            self._news.clear()
        if self._news and not self._is_quiet:
            told, self._news = self._news, []
            self._telling.tell(notification(told, self._desk.language))
        self._await_morning()

    def _look_at_clock(self) -> None:
        self.tell()
        self._look_at_accounts()

    def _await_morning(self) -> None:
        """Look at the clock for as long as something waits for the end of the quiet hours."""
        if not (self._news or self._keeps_quiet):
            self._later.stop()
        elif not self._later.isActive():
            self._later.start()

    @property
    def _is_quiet(self) -> bool:
        settings = self._desk.app.settings
        return is_quiet(self._desk.clock(), settings.quiet_from, settings.quiet_until)

    def _look_at_accounts(self) -> None:
        """A mailbox that waits for the user brings no mail any more, and deadlines pass: told once, outside as well."""
        desk, watch, quiet = self._desk, self._desk.accounts, self._is_quiet
        self._keeps_quiet = False
        for account in watch.accounts:
            status = watch.status(account)
            if status.state not in WAITS_FOR_USER:
                self._troubled.pop(account.key, None)
            elif self._troubled.get(account.key) is status.state or not desk.app.settings.notify:
                continue
            elif quiet:
                self._keeps_quiet = True
            else:
                self._troubled[account.key] = status.state
                words = status_words(account, status, desk.clock(), desk.language)
                told = Notification(words.sentence, shortened(account.address), words.tone, account=account.address)
                self._telling.tell(told)
        self._await_morning()

    def _changed(self, changes: Changes) -> None:
        self._pending |= changes
        self._look()

    def _look(self) -> None:
        if not self._pending or (self._task is not None and not self._task.is_done):
            return
        changes, self._pending = self._pending, Changes()
        now = self._desk.clock()

        def failed(_error: Exception) -> None:
            self._pending |= changes  # looked at again when something else changes

        self._run(lambda: self._watch.look(changes, now), self._take, failed)

    def _take(self, news: list[News]) -> None:
        self._news += news
        if self._news and not self._timer.isActive():
            self._timer.start()

    def _run(self, work: Callable[[], T], then: Callable[[T], None], failed: Failed = lambda _error: None) -> None:
        """Look in the background, one look after another."""

        def go_on(found: T) -> None:
            then(found)
            self._look()

        self._task = self._desk.background.query(work, go_on, failed, owner=self)


def _moment(text: str) -> datetime | None:
    """A moment that was kept; nothing where it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
