"""Where a list gets its ids from: asked for in the background, and again when something changed."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

from pecdesk.explain.zone import display_zone
from pecdesk.store import Changes, Filter, Order, Row
from pecdesk.ui.background import Task
from pecdesk.ui.desk import Desk
from pecdesk.ui.mailbox.listing import Listing, listing_of, with_guest
from pecdesk.ui.mailbox.row_difference import Step, difference
from pecdesk.ui.mailbox.transmission_list_model import TransmissionListModel

AGAIN_EVERY = 0.4
"""Seconds between two askings for the same place, while an import changes it all the time."""
REST = 4
"""How many times longer than the last asking took the next one waits, where that is more."""

MANY = 20
"""More rows that change at once are no doing of the user's: mail comes in. What it changes in sight comes with the next
answer, which is asked for at once; to read it before, in the midst of painting, would hold the window up."""


@dataclass(frozen=True, slots=True)
class _Answer:
    listing: Listing
    steps: tuple[Step, ...]
    archive_is_empty: bool
    places: dict[int, int]
    """Where ids stand whose rows come with it: those that come into sight, so that painting need not read them."""
    rows: list[Row]
    stand: int
    """That of the model before the rows were read."""


class ListSource(QObject):
    """Fills a model with the rows that a filter wants, and keeps it so."""

    loaded = Signal()
    """What `show` wanted is listed."""
    brought_up_to_date = Signal()
    failed = Signal(object, bool)
    """The exception, and whether something older is still listed."""

    def __init__(
        self, desk: Desk, model: TransmissionListModel, kept: Callable[[], int | None], parent: QObject | None = None
    ) -> None:
        """`kept` tells the row that is being read, which does not leave the list under the reader's eyes."""
        super().__init__(parent)
        self._desk = desk
        self._model = model
        self._kept = kept
        self._wanted: Filter | None = None
        self._task: Task | None = None
        self._is_due = False
        self._asked_at = -AGAIN_EVERY
        self._took = 0.0
        self.archive_is_empty = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ask_again)
        desk.relay.changed.connect(self._take_changes)

    @property
    def is_loading(self) -> bool:
        """Whether what is wanted is not listed yet."""
        return self._task is not None and not self._task.is_done

    def show(self, wanted: Filter) -> None:
        """List other rows; what was under way for the ones before is forgotten."""
        self._stop()
        self._wanted = wanted
        self._start(self._show, is_update=False)

    def again(self) -> None:
        """Look whether other rows fit by now: soon, and not too often."""
        if self._wanted is None:
            return
        if self.is_loading:
            self._is_due = True
        elif not self._timer.isActive():
            next_at = self._asked_at + max(AGAIN_EVERY, REST * self._took)
            self._timer.start(max(0, round((next_at - monotonic()) * 1000)))

    def _take_changes(self, changes: Changes) -> None:
        if changes.everything:
            self._model.forget_everything()
        elif len(changes.transmissions) > MANY:
            self._model.let_age(changes.transmissions)
        else:
            self._model.forget(changes.transmissions)
        is_moved = self._wanted is not None and self._wanted.folder is not None and bool(changes.messages)
        if changes.everything or changes.transmissions or changes.accounts or is_moved:
            self.again()

    def _ask_again(self) -> None:
        self._start(self._update, is_update=True)

    def _stop(self) -> None:
        self._timer.stop()
        self._is_due = False
        if self._task is not None:
            self._task.cancel()

    def _start(self, then: Callable[[_Answer], None], *, is_update: bool) -> None:
        wanted = self._wanted
        assert wanted is not None
        self._asked_at = monotonic()
        listed, kept = self._model.listed.ids, self._kept() if is_update else None
        stand = self._model.stand

        def work() -> _Answer:
            listing = self._look_up(wanted, kept, listed)
            is_empty = not listing.ids and self._desk.app.store.count()[0] == 0
            steps = difference(listed, listing.ids) if is_update else ()
            places = self._model.missing_in_sight(listing) if is_update else self._model.first_page(listing)
            return _Answer(listing, steps, is_empty, places, self._desk.app.rows_by_id(list(places)), stand)

        def failed(error: Exception) -> None:
            self._model.renew()
            self.failed.emit(error, is_update)
            self._ask_if_due()

        self._task = self._desk.background.query(work, then, failed, owner=self)

    def _look_up(self, wanted: Filter, kept: int | None, listed: array[int]) -> Listing:
        """On the background's thread."""
        app, now = self._desk.app, self._desk.clock()
        by_need = wanted.order is Order.NEED
        ids, moments = app.ids_with_urgencies(wanted, now) if by_need else app.ids_with_moments(wanted, now)
        guest = None
        if kept is not None and kept in listed and kept not in ids:
            guest = next((row for row in app.rows_by_id([kept]) if not row.hidden and wanted.label is None), None)
        if guest is not None:
            sent_at = guest.transmission.sent_at
            moment = sent_at.timestamp() if sent_at is not None and not by_need else None
            ids, moments = with_guest(ids, moments, (guest.id, moment), listed)
        return listing_of(ids, moments, wanted.order, display_zone(now), guest.id if guest else None)

    def _show(self, answer: _Answer) -> None:
        self._note(answer)
        is_fresh = answer.stand == self._model.stand
        self._model.show(answer.listing)
        if is_fresh:
            self._model.take(answer.places, answer.rows)
        self.loaded.emit()
        self._ask_if_due()

    def _update(self, answer: _Answer) -> None:
        self._note(answer)
        if answer.stand == self._model.stand:
            self._model.renew(answer.places, answer.rows)
        else:
            self._model.renew()
        self._model.update(answer.steps, answer.listing)
        self.brought_up_to_date.emit()
        self._ask_if_due()

    def _note(self, answer: _Answer) -> None:
        self._took = monotonic() - self._asked_at
        self.archive_is_empty = answer.archive_is_empty

    def _ask_if_due(self) -> None:
        if self._is_due:
            self._is_due = False
            self.again()
