"""What is done with the rows that are chosen: looked into, marked, hidden, thrown away."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from pecdesk.pec.transmission import Transmission
from pecdesk.store import Row
from pecdesk.ui.actions import Actions
from pecdesk.ui.compose.composers import Composers
from pecdesk.ui.desk import Desk
from pecdesk.ui.evidence.inspectors import Inspectors
from pecdesk.ui.mailbox.erase_dialog import EraseDialog
from pecdesk.ui.mailbox.mailbox import Mailbox
from pecdesk.ui.mailbox.marks import Marks
from pecdesk.ui.outbox.discard_dialog import DiscardDialog
from pecdesk.ui.outbox.row_verbs import RowVerbs
from pecdesk.ui.window_dialogs import WindowDialogs

MOST_DRAFTS = 50
"""Drafts thrown away at once."""


class ChosenRows(QObject):
    """The verbs of the list."""

    def __init__(
        self,
        desk: Desk,
        before: QWidget,
        *,
        mailbox: Mailbox,
        marks: Marks,
        actions: Actions,
        dialogs: WindowDialogs,
        inspectors: Inspectors,
        composers: Composers,
        row_verbs: RowVerbs,
    ) -> None:
        super().__init__(before)
        self._desk = desk
        self._before = before
        self._mailbox = mailbox
        self._marks = marks
        self._actions = actions
        self._dialogs = dialogs
        self._inspectors = inspectors
        self._composers = composers
        self._row_verbs = row_verbs

    def allow(self, row: Row | None) -> None:
        """Allow what can be done with that row; what it offers changes with its state."""
        self._actions.set_row_chosen(chosen=row is not None, offered=self._row_verbs.offered(row))

    def allow_again(self) -> None:
        """The row that is read has changed."""
        if self._mailbox.current_row is not None:
            self.allow(self._mailbox.current_row)

    def do(self, name: str) -> None:
        """What the row offers under that name."""
        self._row_verbs.do(name, self._mailbox.current_row)

    def open(self, row: Row | None) -> None:
        """Enter, or a double click: a draft is written on, of anything else the evidence is shown."""
        if row is not None and row.transmission.draft_id is not None:
            self._composers.open_draft(row.transmission.draft_id)
        else:
            self._look_into(row)

    def inspect(self) -> None:
        """Open what decides about the chosen row."""
        self._look_into(self._mailbox.current_row)

    def _look_into(self, row: Row | None) -> None:
        if row is not None and (sha256 := decisive_message(row.transmission)):
            self._inspectors.open_message(sha256)

    def copy_identifier(self) -> None:
        """Put what the chosen row is known by on the clipboard."""
        row = self._mailbox.current_row
        if row is not None:
            QGuiApplication.clipboard().setText(row.transmission.identifier or row.transmission.message_id or "")

    def mark(self, *, read: bool) -> None:
        """Count all that is chosen as read, or unread."""
        app, ids, now = self._desk.app, self._mailbox.chosen_ids, self._desk.clock()
        self._marks.write(lambda: app.mark_read(ids, read=read, at=now))

    def hide(self) -> None:
        """Hide all that is chosen; or show it again, where it is hidden."""
        ids, row, now = self._mailbox.chosen_ids, self._mailbox.current_row, self._desk.clock()
        app, clock = self._desk.app, self._desk.clock
        if row is not None and row.hidden:
            self._marks.write(lambda: app.unhide(ids, now))
        elif ids:
            self._marks.write(lambda: app.hide(ids, now))
            self._mailbox.tell_hidden(len(ids), lambda: self._marks.write(lambda: app.unhide(ids, clock())))

    def delete(self) -> None:
        """Ask whether drafts are to be thrown away, or what else is chosen to be erased."""
        rows = self._desk.app.rows_by_id(self._mailbox.chosen_ids[:MOST_DRAFTS])
        if rows and all(row.transmission.draft_id is not None for row in rows):
            self._dialogs.show(DiscardDialog(self._desk, rows, self._before))
        else:
            self._dialogs.show(EraseDialog(self._desk, self._mailbox.chosen_ids, self._before))


def decisive_message(row: Transmission) -> str | None:
    """The message that says most about a row: the newest evidence that counts, else what the row is made of."""
    counting = [line for line in row.evidence if line.counts and line.time is not None]
    if counting:
        return max(counting, key=lambda line: (line.time, line.sha256)).sha256
    if row.evidence:
        return row.evidence[-1].sha256
    return row.original_sha256
