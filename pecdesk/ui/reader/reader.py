"""The reader: one transmission, its verdict above, what was written in it below, in one scroll."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pecdesk.app import App
from pecdesk.errors import N_
from pecdesk.explain.visible import visible
from pecdesk.pec.draft import Draft
from pecdesk.store import Changes, Row, StoredMessage
from pecdesk.ui.background import Task
from pecdesk.ui.desk import Desk
from pecdesk.ui.reader.printed_message import Printout
from pecdesk.ui.reader.reader_page import ReaderPage
from pecdesk.ui.reader.row_actions import ORIGINALS, PROOF
from pecdesk.ui.style.focus_ring import FocusRing
from pecdesk.ui.style.panels import View


@dataclass(frozen=True, slots=True)
class Shown:
    """What the reader shows."""

    row: Row
    message: StoredMessage | None
    """The original, or what holds it; None where neither is here."""
    draft: Draft | None = None
    """What has been written so far, where the row is a draft."""


def load(app: App, row: Row) -> Shown:
    """Fetch what belongs to a row."""
    found = row.transmission
    if found.draft_id is not None:
        return Shown(row, None, app.drafting.get(found.draft_id))
    return Shown(row, app.message(found.original_sha256) if found.original_sha256 else None)


def load_again(app: App, row_id: int) -> Shown | None:
    """Fetch a row anew; None where it is gone."""
    rows = app.rows_by_id([row_id])
    return load(app, rows[0]) if rows else None


def load_for_message(app: App, sha256: str) -> Shown | None:
    """Fetch the row of a message."""
    return load(app, app.rows_named(sha256)[0])


class Reader(QWidget):
    """Shows one row at a time, and follows it while it is on screen."""

    evidence_asked = Signal(str)
    proof_asked = Signal(list)
    originals_asked = Signal(list)
    row_asked = Signal(int)
    nested_asked = Signal(object, str)
    """An attached message is to be opened: its bytes, and its name."""
    filled = Signal(object)
    """What stands there now, as a `Row`: another one, or the same after a change."""
    action_asked = Signal(str, object)
    """The name of an action, and the `Row` it is to be done with."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shown: Shown | None = None
        self._wanted: Row | None = None
        self._task: Task | None = None
        self._is_new_here = False
        """Whether what is shown becomes read by being shown: not where somebody marks it as unread while it is."""
        self.page = ReaderPage(desk)
        self.view = View(desk.theme, self.page, "")
        FocusRing(self, desk.theme)
        self._read_timer = QTimer(self)
        self._read_timer.setSingleShot(True)
        self._read_timer.timeout.connect(self._mark_read)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        # Tab goes to what is shown; whoever sends the focus here finds it there too, or here while there is nothing.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.page.evidence_asked.connect(self.evidence_asked)
        self.page.row_asked.connect(self.row_asked)
        self.page.nested_asked.connect(self.nested_asked)
        self.page.action_wanted.connect(self._act)
        desk.relay.changed.connect(self._follow)
        desk.language_changed.connect(self.retranslate)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.view.set_loading(self._desk.say(N_("Loading…")))
        for part in (self, self.page):
            part.setAccessibleName(self._desk.say(N_("The message chosen")))
        if self._shown is not None:
            self.page.show_row(self._shown.row, self._shown.message, self._shown.draft)
        elif self._wanted is None:
            self._show_nothing()

    @property
    def shown(self) -> Shown | None:
        """What stands there, if anything does."""
        return self._shown

    @property
    def shown_id(self) -> int | None:
        """The id of the row that stands there."""
        return self._shown.row.id if self._shown is not None else None

    @property
    def is_loading(self) -> bool:
        """Whether something is on its way."""
        return self._task is not None

    @property
    def is_waiting_to_mark_read(self) -> bool:
        """Whether what is shown will count as read if it stays on screen."""
        return self._read_timer.isActive()

    def show_row(self, row: Row | None) -> None:
        """Show a row; None for none."""
        self._stop()
        self._wanted = row
        if row is None:
            self._shown = None
            self.page.clear()
            self._show_nothing()
            return
        self.view.show_loading()
        app = self._desk.app
        self._task = self._desk.background.query(lambda: load(app, row), self._fill, self._fail, owner=self)

    def show_message(self, sha256: str) -> None:
        """Show the row a message belongs to."""
        self._stop()
        self._wanted = None
        self.view.show_loading()
        app = self._desk.app
        self._task = self._desk.background.query(
            lambda: load_for_message(app, sha256), self._fill, self._fail_to_find, owner=self
        )

    def scroll_page(self, pages: int) -> None:
        """Read on, or back with a negative number."""
        self.page.scroll_page(pages)

    def _stop(self) -> None:
        self._read_timer.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _fill(self, shown: Shown | None) -> None:
        """Everything at once, so that no part of one message ever stands beside a part of another."""
        self._task = None
        if shown is None:
            self._shown = self._wanted = None
            self.page.clear()
            self.view.show_message("message", self._desk.say(N_("This message is no longer here.")))
            return
        is_same = self._shown is not None and self._shown.row.id == shown.row.id
        is_equal = is_same and self._shown is not None and _is_equal(self._shown, shown)
        self._shown, self._wanted = shown, shown.row
        self._is_new_here = shown.row.unread and (self._is_new_here or not is_equal)
        if not is_equal:
            self.page.show_row(shown.row, shown.message, shown.draft)
        if not is_same:
            self.page.scroll_to_top()
        self.view.show_content()
        self._wait_to_mark_read()
        self.filled.emit(shown.row)

    def _show_nothing(self) -> None:
        say = self._desk.say
        self.view.show_message(
            "message",
            say(N_("Choose a message")),
            say(N_("Here you see what became of it, the receipts that prove it, and what is written in it.")),
        )

    def _fail(self, error: Exception) -> None:
        self._task, self._shown = None, None
        row = self._wanted
        say = self._desk.say
        self.view.show_message(
            "warning",
            say(N_("This message cannot be shown.")),
            visible(self._desk.sentence(error)),
            ((say(N_("Try again")), lambda: self.show_row(row)),),
        )

    def _fail_to_find(self, error: Exception) -> None:
        self._task, self._shown = None, None
        self.view.show_message(
            "warning", self._desk.say(N_("This message cannot be shown.")), visible(self._desk.sentence(error))
        )

    @property
    def printout(self) -> Printout | None:
        """What is shown, with its status, for paper; None while nothing is shown."""
        if self._shown is None:
            return None
        content = self.page.content
        return Printout(self._shown.row, self._shown.message, content.plain_text, content.has_html)

    def _act(self, name: str) -> None:
        if self._shown is None:
            return
        row = self._shown.row
        if name == PROOF:
            self.proof_asked.emit([row.id])
        elif name == ORIGINALS:
            self.originals_asked.emit([row.id])
        else:
            self.action_asked.emit(name, row)

    # following

    def _follow(self, changes: Changes) -> None:
        row = self._wanted
        if row is None:
            return
        ids = frozenset(row.message_ids.values())
        if changes.everything or row.id in changes.transmissions or ids & changes.messages:
            if self._task is not None:
                self._task.cancel()  # what it brings may be older than the change
            app = self._desk.app
            self._task = self._desk.background.query(
                lambda: load_again(app, row.id), self._fill, self._fail, owner=self
            )

    # read or not

    def _wait_to_mark_read(self) -> None:
        is_new = self._shown is not None and self._is_new_here
        if is_new and self.isVisible() and not self._read_timer.isActive():
            self._read_timer.start(round(self._desk.app.settings.read_after_seconds * 1000))

    def _mark_read(self) -> None:
        if self._shown is None:
            return
        app, row_id, now = self._desk.app, self._shown.row.id, self._desk.clock()
        # Another program that is writing for long: then it is marked the next time it is looked at.
        self._desk.background.errand(
            lambda: app.mark_read([row_id], read=True, at=now), lambda _done: None, lambda _error: None, owner=self
        )

    def focusInEvent(self, event: QFocusEvent) -> None:
        """What is shown takes the focus; while nothing is, this does."""
        super().focusInEvent(event)
        if self.page.isVisible():
            self.page.setFocus(event.reason())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._wait_to_mark_read()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._read_timer.stop()


def _is_equal(before: Shown, now: Shown) -> bool:
    """Whether nothing that is shown has changed: read or unread, and labels, are the list's to show."""
    return (
        before.row.transmission == now.row.transmission
        and before.row.linked == now.row.linked
        and before.message == now.message
        and before.draft == now.draft
    )
