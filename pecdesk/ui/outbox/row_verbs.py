"""The verbs of the outbox for the window: what each does with a row, and where its failures are told."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from pecdesk.store import Row
from pecdesk.ui.compose.composers import Composers
from pecdesk.ui.desk import Desk
from pecdesk.ui.outbox.offers import offers
from pecdesk.ui.outbox.rebuild_dialog import RebuildDialog
from pecdesk.ui.outbox.settle_dialog import SettleDialog

RowVerb = Callable[[Row], object]


class RowVerbs(QObject):
    """By name, as in the table of actions."""

    dialog_asked = Signal(QDialog)
    """Is to be opened before the window."""
    failed = Signal(Exception)

    def __init__(self, desk: Desk, composers: Composers, before: QWidget) -> None:
        super().__init__(before)
        self._desk = desk
        self._before = before
        self._verbs: dict[str, RowVerb] = {
            "reply": composers.reply,
            "reply-all": composers.reply_all,
            "forward": composers.forward,
            "forward-whole": composers.forward_whole,
            "edit-draft": lambda row: composers.open_draft(row.transmission.draft_id or ""),
            "resend": composers.resend,
            "request-log": composers.request_log,
            "withdraw": lambda row: composers.take_back(row.id),
            "correct": lambda row: composers.take_back(row.id),
            "send-again": self._try_again,
            "rebuild": lambda row: self.dialog_asked.emit(RebuildDialog(desk, row, before)),
            "settle": lambda row: self.dialog_asked.emit(SettleDialog(desk, row, before)),
        }

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(self._verbs)

    def offered(self, row: Row | None) -> tuple[str, ...]:
        """What that row offers now."""
        return offers(row.transmission, self._desk.clock()) if row is not None else ()

    def do(self, name: str, row: Row | None) -> None:
        """Do it, if the row offers it at this moment."""
        if row is not None and name in self.offered(row):
            self._verbs[name](row)

    def _try_again(self, row: Row) -> None:
        outgoing, at = self._desk.app.outgoing, self._desk.clock()
        self._desk.background.errand(
            lambda: outgoing.retry(row.id, at), lambda _done: None, self.failed.emit, owner=self
        )
