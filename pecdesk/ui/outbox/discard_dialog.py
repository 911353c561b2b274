"""Throwing drafts away, after one question."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from pecdesk.errors import N_
from pecdesk.explain.visible import visible
from pecdesk.store import Row
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog
from pecdesk.ui.style.panels import label


class DiscardDialog(Dialog):
    """Asks, and does it."""

    blocks = True

    def __init__(self, desk: Desk, rows: Sequence[Row], parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._ids = [found for row in rows if (found := row.transmission.draft_id)]
        self._title = label("", "title", wraps=True)
        self._subject = label("", "muted", wraps=True)
        if len(rows) == 1:
            self._subject.setText(visible(rows[0].transmission.subject))
        self._what = label("", wraps=True)
        for part in (self._title, self._subject, self._what):
            self.body.addWidget(part)
        self._subject.setVisible(bool(self._subject.text()))
        self.body.addStretch(1)
        self.cancel_button = self.add_button()
        self.discard_button = self.add_button("danger")
        self.cancel_button.clicked.connect(self.reject)
        self.discard_button.clicked.connect(self._discard)
        self.retranslate()
        self.fit(480, 240)
        self.cancel_button.setFocus()

    def retranslate(self) -> None:
        say, count = self.desk.say, len(self._ids)
        title = self.desk.language.counted("Throw this draft away?", "Throw {n} drafts away?", count)
        self.setWindowTitle(title)
        self._title.setText(title)
        self._what.setText(
            say(N_("It goes for good, with the copies of its attachments. Your own files stay where they are."))
        )
        self.cancel_button.setText(say(N_("&Cancel")))
        self.discard_button.setText(say(N_("&Throw away")))

    def _discard(self) -> None:
        drafting, ids, at = self.desk.app.drafting, list(self._ids), self.desk.clock()

        def work() -> None:
            for draft_id in ids:
                drafting.discard(draft_id, at)

        self.desk.background.errand(work, lambda _gone: self.accept(), self.complain, owner=self)
