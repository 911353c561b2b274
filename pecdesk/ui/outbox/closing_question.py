"""Before the last window goes: messages that are about to leave do so only while the program is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pecdesk.app import App
from pecdesk.errors import N_
from pecdesk.explain.visible import visible
from pecdesk.pec.transmission import State
from pecdesk.store import Filter, Row
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


class ClosingQuestion(Dialog):
    """Stay until they have left, or close all the same."""

    blocks = True
    close_asked = Signal()

    def __init__(self, desk: Desk, rows: Sequence[Row], parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._rows = list(rows)
        self._title = label("", "title", wraps=True)
        self._subjects = label("\n".join(visible(row.transmission.subject) for row in rows), "muted", wraps=True)
        self._what = label("", wraps=True)
        for part in (self._title, self._subjects, self._what):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.close_button = self.add_button()
        self.stay_button = self.add_button("primary")
        self.close_button.clicked.connect(self._close)
        self.stay_button.clicked.connect(self.reject)
        self.retranslate()
        self.fit(520, 280)
        self.stay_button.setFocus()

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
        self.close_button.setText(say(N_("&Close all the same")))
        self.stay_button.setText(say(N_("&Stay")))

    def _close(self) -> None:
        self.accept()
        self.close_asked.emit()
