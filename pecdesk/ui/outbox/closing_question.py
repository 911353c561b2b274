"""Before the last window goes: messages that are about to leave do so only while the program is open."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pecdesk.app import App
from pecdesk.errors import N_, UsageError
from pecdesk.explain import Tone
from pecdesk.explain.visible import visible
from pecdesk.pec.transmission import State
from pecdesk.store import Changes, Filter, Row
from pecdesk.store.listing import Group
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog
from pecdesk.ui.style.panels import label

SOON = timedelta(minutes=5)
"""What is planned for later than that is not asked about: the user knows."""
MOST = 20
"""Rows looked at."""


def about_to_leave(app: App, now: datetime) -> list[Row]:
    """What is being sent, or is to be in a moment. One page of rows at most."""
    rows = app.rows(Filter(group=Group.OUTBOX, limit=MOST), now)
    return [row for row in rows if _leaves_soon(row, now)]


def _leaves_soon(row: Row, now: datetime) -> bool:
    found = row.transmission
    if found.state is State.SENDING:
        return True
    return found.state is State.QUEUED and (found.not_before is None or found.not_before <= now + SOON)


def _is_on_its_way(row: Row) -> bool:
    """Whether it leaves by itself unless something goes wrong: it is being sent, or waits and nothing failed yet."""
    found = row.transmission
    return found.state is State.SENDING or (found.state is State.QUEUED and found.last_error is None)


def send_now(app: App, rows: Sequence[Row], at: datetime) -> None:
    """Let what waits leave at once; what is being handed over, or was taken back meanwhile, is left alone."""
    for row in app.rows_by_id([row.id for row in rows]):
        if row.transmission.state is State.QUEUED and _is_on_its_way(row):
            with suppress(UsageError):  # it began to leave this very moment
                app.outgoing.retry(row.id, at)


class ClosingQuestion(Dialog):
    """Send what waits and close, close all the same, or stay."""

    blocks = True
    close_asked = Signal()

    def __init__(self, desk: Desk, rows: Sequence[Row], parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._rows = list(rows)
        self._awaited = [row for row in rows if _is_on_its_way(row)]
        """What "send now" waits for."""
        self._is_sending = self._is_looking = self._looks_again = False
        self._title = label("", "title", wraps=True)
        self._subjects = label("\n".join(visible(row.transmission.subject) for row in rows), "muted", wraps=True)
        self._what = label("", wraps=True)
        for part in (self._title, self._subjects, self._what):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.stay_button = self.add_button()
        self.close_button = self.add_button()
        self.send_button = self.add_button("primary")
        self.send_button.setVisible(bool(self._awaited))
        self.close_button.clicked.connect(self._close)
        self.stay_button.clicked.connect(self.reject)
        self.send_button.clicked.connect(self._send)
        desk.relay.changed.connect(self._follow)
        self.retranslate()
        self.fit(620, 280)
        (self.send_button if self._awaited else self.stay_button).setFocus()

    def retranslate(self) -> None:
        say = self.desk.say
        title = self.desk.language.counted(
            "A message has not left yet", "{n} messages have not left yet", len(self._rows)
        )
        self.setWindowTitle(title)
        self._title.setText(title)
        self._what.setText(
            say(N_("Messages leave only while pecdesk is open: what is still here then leaves when you open it again."))
        )
        # What is being handed over this moment cannot be kept for the next start; what was refused, or is uncertain,
        # never leaves by itself.
        leaves_later = all(row.transmission.state is State.QUEUED for row in self._rows)
        waits = any(row.transmission.state is State.QUEUED for row in self._awaited)
        later = N_("&Close, send at the next start")
        self.close_button.setText(say(later) if leaves_later else say(N_("&Close all the same")))
        self.stay_button.setText(say(N_("&Stay")))
        self.send_button.setText(say(N_("Send &now and close")) if waits else say(N_("&Wait, then close")))

    def reject(self) -> None:
        """Stay, whatever leaves meanwhile."""
        self._is_sending = False
        super().reject()

    def _close(self) -> None:
        self.accept()
        self.close_asked.emit()

    def _send(self) -> None:
        """Let it leave, and close as soon as it has."""
        app, rows, at = self.desk.app, self._awaited, self.desk.clock()
        self._is_sending = True
        self.send_button.setEnabled(False)
        self.notice.say(Tone.BLUE, self.desk.say(N_("It is being handed over to the provider…")), icon="information")
        self.desk.background.errand(lambda: send_now(app, rows, at), lambda _done: self._look(), self._fail, owner=self)

    def _follow(self, _changes: Changes) -> None:
        if self._is_sending:
            self._look()

    def _look(self) -> None:
        """See what became of it; once at a time."""
        if self._is_looking:
            self._looks_again = True
            return
        self._is_looking, self._looks_again = True, False
        app, ids = self.desk.app, [row.id for row in self._awaited]
        self.desk.background.query(lambda: app.rows_by_id(ids), self._take, self._fail, owner=self)

    def _take(self, rows: Sequence[Row]) -> None:
        self._is_looking = False
        if self._looks_again:
            self._look()
        elif self._is_sending and not any(map(_is_on_its_way, rows)):
            self._is_sending = False
            self._end(rows)

    def _end(self, rows: Sequence[Row]) -> None:
        """Close where everything has left; else say what did not, and stay."""
        stuck = [row for row in rows if row.transmission.is_unsent]
        stuck += [row for row in rows if row.transmission.state is State.UNCERTAIN]
        if not stuck:
            self._close()
            return
        awaited = {row.id for row in self._awaited}
        self._rows = [*(row for row in self._rows if row.id not in awaited), *stuck]
        self.retranslate()
        self._what.setVisible(all(row.transmission.state is State.QUEUED for row in self._rows))
        self.send_button.hide()
        subjects = [visible(row.transmission.subject) for row in stuck]
        words = N_("It did not leave as it should: {subjects}. Stay, and look at it in the outbox.")
        self.notice.say(Tone.AMBER, self.desk.say(words, subjects=", ".join(subjects)), icon="warning")
        self.stay_button.setFocus()

    def _fail(self, error: Exception) -> None:
        self._is_sending = self._is_looking = False
        self.send_button.setEnabled(True)
        self.complain(error)
