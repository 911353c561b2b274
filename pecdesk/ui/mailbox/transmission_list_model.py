"""The list's model: ids, and the rows of the page that is looked at.

Only ids are held for every row. `data` reads `NEAR` rows on either side of the one asked for, into a bounded cache, and
never more than that; `ReadAhead` brings the rest of the page. Lines are worded when they are first painted.
"""

from __future__ import annotations

import logging
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from pecdesk.explain.line import ListLine, day_heading, list_line, short_time
from pecdesk.explain.visible import visible
from pecdesk.explain.words import URGENCIES
from pecdesk.explain.zone import display_zone
from pecdesk.store import Row
from pecdesk.ui.desk import Desk
from pecdesk.ui.mailbox.listing import Listing, moment_at
from pecdesk.ui.mailbox.row_difference import Inserted, Removed, Reordered, Step, apply_step, runs

NEAR = 16
"""Rows read at once before and after one that is asked for: some milliseconds, while the window waits."""
SPARE = 4
"""Rows of a first page beyond those that were in sight before: fewer headings may stand between them."""
KEPT = 1000
"""Rows in the cache at most; a row is some kilobytes."""
MOST_TOLD = 100
"""More changed rows than this are told of in one word, with those between them: to tell of each takes time, too."""

ROW_ROLE = Qt.ItemDataRole.UserRole
"""The `Row`, or None where it is gone from the archive."""
LINE_ROLE = Qt.ItemDataRole.UserRole + 1
"""The `RowLine`, or None."""
HEADING_ROLE = Qt.ItemDataRole.UserRole + 2
"""The day's name in the first row of a day, else None."""

Index = QModelIndex | QPersistentModelIndex

_NOWHERE = QModelIndex()
_NOTHING: Mapping[int, int] = {}
_log = logging.getLogger("ui")


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row as it is painted: what `explain` says of it, made safe to draw, and what the list adds."""

    line: ListLine
    counterpart: str
    subject: str
    time: str
    spoken: str
    is_unread: bool
    has_attachment: bool
    labels: tuple[str, ...]


class TransmissionListModel(QAbstractListModel):
    """Transmissions in an order; `listed` says which."""

    about_to_update = Signal()
    updated = Signal()
    """Around changes that leave most rows where they are: the view keeps its place between the two."""
    missed = Signal(int)
    """A row that had to be read while it was asked for."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.listed = Listing()
        self._rows: dict[int, Row | None] = {}
        self._lines: dict[int, RowLine] = {}
        self._places: dict[int, int] = {}
        """Where a row stood when it was read; only a first guess."""
        self._aged: set[int] = set()
        """Rows in the cache that changed since they were read."""
        self._now = desk.clock()
        self.in_sight = (0, 2 * NEAR)
        """First and last row that were painted last; before anything was, about a page."""
        self.stand = 0
        """Counts what made something here old: what was read before is not to be kept after."""
        self.is_updating = False
        """From the first signal to the last: what is chosen, and where, is on its way from one row to another."""

    # what is listed

    def show(self, listing: Listing) -> None:
        """List something else."""
        self.beginResetModel()
        self._forget_all()
        self._now = self._desk.clock()
        self.listed = listing
        self.endResetModel()

    def update(self, steps: Sequence[Step], listing: Listing) -> None:
        """Go on listing the same place, as it is now: `steps` lead from what is listed to `listing`."""
        now, before = (listing.day_rows, listing.urgencies), (self.listed.day_rows, self.listed.urgencies)
        if not steps and now == before:
            return
        self.is_updating = True
        self.about_to_update.emit()
        for step in steps:
            self._take(step)
        self.listed = listing
        self.updated.emit()
        self.is_updating = False

    def _take(self, step: Step) -> None:
        ids = apply_step(self.listed.ids, step)
        match step:
            case Removed(first, last):
                self.beginRemoveRows(_NOWHERE, first, last)
                self._set_ids(ids)
                self.endRemoveRows()
            case Inserted(first, coming):
                self.beginInsertRows(_NOWHERE, first, first + len(coming) - 1)
                self._set_ids(ids)
                self.endInsertRows()
            case Reordered():
                self.layoutAboutToBeChanged.emit()
                before, old = self.persistentIndexList(), self.listed.ids
                wanted = {old[index.row()] for index in before}
                places = {id_: row for row, id_ in enumerate(ids) if id_ in wanted} if wanted else {}
                self._set_ids(ids)
                self.changePersistentIndexList(before, [self.index(places[old[index.row()]]) for index in before])
                self.layoutChanged.emit()

    def _set_ids(self, ids: array[int]) -> None:
        """Between two steps no day is known: the view must not look for one beyond the end."""
        self.listed = Listing(ids)

    def row_of(self, id_: int) -> int | None:
        """Where a transmission stands."""
        guess = self._places.get(id_, -1)
        if 0 <= guess < len(self.listed.ids) and self.listed.ids[guess] == id_:
            return guess
        return self.listed.row_of(id_)

    def row_at(self, row: int) -> Row | None:
        """The transmission that stands there."""
        if not 0 <= row < len(self.listed.ids):
            return None
        if (id_ := self.listed.ids[row]) in self._aged:
            self.forget([id_])
        return self._row(row)

    # what becomes old

    def forget(self, ids: Collection[int]) -> None:
        """These rows changed: whoever shows them reads them again."""
        self.stand += 1
        stale = [id_ for id_ in ids if id_ in self._rows]
        for id_ in stale:
            del self._rows[id_]
            self._lines.pop(id_, None)
        self._aged.difference_update(stale)
        self._tell(stale)

    def _tell(self, ids: Iterable[int]) -> None:
        """Tell whoever shows these rows that they changed."""
        places = sorted(row for id_ in ids if (row := self.row_of(id_)) is not None)
        for first, last in runs(places) if len(places) <= MOST_TOLD else [(places[0], places[-1])]:
            self.dataChanged.emit(self.index(first), self.index(last))

    def let_age(self, ids: Collection[int]) -> None:
        """These rows changed, and soon `renew` will be told of them: what is in sight is shown as it was until then,
        and not read while the window waits."""
        first, last = self.in_sight
        self._aged |= self._rows.keys() & self.listed.ids[first : last + 1] & set(ids)
        self.forget(set(ids) - self._aged)

    def renew(self, wanted: Mapping[int, int] = _NOTHING, found: Iterable[Row] = ()) -> None:
        """Keep rows that were read, those that had aged among them; what else has aged is forgotten."""
        renewed = self._aged & wanted.keys()
        self.take(wanted, found)
        self._aged -= renewed
        for id_ in renewed:
            self._lines.pop(id_, None)
        self._tell(renewed)
        if self._aged:
            self.forget(list(self._aged))

    def forget_everything(self) -> None:
        """Anything may have changed."""
        self.forget(list(self._rows))

    def reword(self) -> None:
        """The clock went on, or the language is another: nothing is read, everything is said again."""
        self._now = self._desk.clock()
        self._lines.clear()
        if self.listed.ids:
            self.dataChanged.emit(self.index(0), self.index(len(self.listed.ids) - 1))

    def _forget_all(self) -> None:
        self.stand += 1
        self._rows.clear()
        self._lines.clear()
        self._places.clear()
        self._aged.clear()

    # what Qt asks

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.listed.ids)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        item = Qt.ItemFlag
        return item.ItemIsEnabled | item.ItemIsSelectable | item.ItemNeverHasChildren | item.ItemIsDragEnabled

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = index.row()
        if not index.isValid() or row >= len(self.listed.ids):
            return None
        if role == LINE_ROLE:
            return self._line(row)
        if role == HEADING_ROLE:
            return self.heading(row)
        if role == ROW_ROLE:
            return self._row(row)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            line = self._line(row)
            return line.spoken if line is not None else ""
        return None

    def heading(self, row: int) -> str | None:
        """The day, or the urgency, that begins with this row."""
        day = bisect_left(self.listed.day_rows, row)
        if day == len(self.listed.day_rows) or self.listed.day_rows[day] != row:
            return None
        return self.day_name(day)

    def day_name(self, day: int) -> str:
        """What the day, or the urgency, of that number is called."""
        if self.listed.urgencies:
            return self._desk.say(URGENCIES[self.listed.urgencies[day]])
        moment = moment_at(self.listed.day_moments[day], display_zone(self._now))
        return day_heading(moment, self._now, self._desk.language)

    def _row(self, row: int) -> Row | None:
        id_ = self.listed.ids[row]
        if id_ not in self._rows:
            self._read(row)
        return self._rows.get(id_)

    def _read(self, row: int) -> None:
        wanted = self.missing(row - NEAR, row + NEAR)
        try:
            found = self._desk.app.rows_by_id(list(wanted))
        except Exception:  # noqa: BLE001 - what Qt calls must not raise: the rows stay blank until something changes
            _log.exception("rows could not be read")
            found = []
        self.take(wanted, found)
        self.missed.emit(row)

    def missing(self, first: int, last: int) -> dict[int, int]:
        """Of these rows the ids that are not in the cache, and where they stand."""
        first = max(0, first)
        ids = self.listed.ids[first : last + 1]
        return {id_: first + n for n, id_ in enumerate(ids) if id_ not in self._rows}

    def first_page(self, listing: Listing) -> dict[int, int]:
        """Ids in sight when that is shown from its beginning, and where they stand. For any thread."""
        first, last = self.in_sight
        return {id_: row for row, id_ in enumerate(listing.ids[: last - first + 1 + SPARE])}

    def missing_in_sight(self, listing: Listing) -> dict[int, int]:
        """Ids that come into sight when what is listed becomes that, and that are not in the cache, and where they
        stand. For any thread; about right, which is all that reading ahead asks for."""
        (first, last), before = self.in_sight, self.listed.ids
        top = listing.row_of(before[first]) if 0 < first < len(before) else None
        shift = top - first if top is not None else 0
        places = range(max(0, first + shift), min(len(listing.ids), last + shift + 1))
        return {listing.ids[row]: row for row in places if self._is_wanted(listing.ids[row])}

    def _is_wanted(self, id_: int) -> bool:
        return id_ not in self._rows or id_ in self._aged

    def take(self, wanted: Mapping[int, int], found: Iterable[Row]) -> None:
        """Keep rows that were read. One that is gone is remembered as such, so that it is not looked for again."""
        rows: dict[int, Row | None] = {**dict.fromkeys(wanted), **{row.id: row for row in found}}
        for old in list(self._rows)[: max(0, len(self._rows) + len(rows) - KEPT)]:
            del self._rows[old]
            self._lines.pop(old, None)
            self._places.pop(old, None)
            self._aged.discard(old)
        self._rows |= rows
        self._places |= wanted

    def _line(self, row: int) -> RowLine | None:
        id_ = self.listed.ids[row]
        line = self._lines.get(id_)
        if line is None and (found := self._row(row)) is not None:
            line = self._lines[id_] = self._worded(found)
        return line

    def _worded(self, row: Row) -> RowLine:
        said = list_line(
            row.transmission,
            self._now,
            self._desk.language,
            unread=row.unread,
            attachments=row.attachments,
            labels=row.labels,
        )
        return RowLine(
            line=said,
            counterpart=visible(said.counterpart),
            subject=visible(said.subject),
            time=self._time(said.moment),
            spoken=visible(said.spoken),
            is_unread=row.unread,
            has_attachment=row.attachments > 0,
            labels=tuple(visible(name) for name in row.labels),
        )

    def _time(self, moment: datetime | None) -> str:
        """Under the heading of its day the hour is enough."""
        if moment is None:
            return ""
        if self.listed.day_moments:
            return f"{moment_at(moment.timestamp(), display_zone(self._now)):%H:%M}"
        return short_time(moment, self._now, self._desk.language)
