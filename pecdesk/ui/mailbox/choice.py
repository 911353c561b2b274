"""Which rows of the list are chosen: told when it changes, remembered for each place, kept while rows come and go."""

from __future__ import annotations

from array import array
from itertools import chain

from PySide6.QtCore import QItemSelectionModel, QObject, Signal

from pecdesk.store import Row
from pecdesk.ui.mailbox.selection_keeper import spans
from pecdesk.ui.mailbox.transmission_list_model import TransmissionListModel
from pecdesk.ui.mailbox.transmission_list_view import TransmissionListView


class Choice(QObject):
    """The current row, and all that are chosen with it."""

    told = Signal(object)
    """The `Row` that is current, or None."""
    guest_left = Signal()
    """A row that stood in the list only because it was being read is read no more."""

    def __init__(self, model: TransmissionListModel, view: TransmissionListView, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._view = view
        self.id: int | None = None
        """Id of the row that was told of last."""
        self._wanted: int | None = None
        """The row to choose as soon as it is listed."""
        self._chosen_in: dict[str, int] = {}
        self._listed = ""
        """Name of what is listed."""
        self._ids_before = array("q")
        view.selectionModel().selectionChanged.connect(self.tell)
        view.selectionModel().currentChanged.connect(self.tell)
        model.about_to_update.connect(self._note_list)

    @property
    def row(self) -> Row | None:
        """The row that is current and chosen."""
        index = self._view.currentIndex()
        if not index.isValid() or not self._view.selectionModel().isSelected(index):
            return None
        return self._model.row_at(index.row())

    @property
    def ids(self) -> list[int]:
        """All that is chosen, in the order of the list."""
        ids, chosen = self._model.listed.ids, self._view.selectionModel().selection()
        return [id_ for first, last in spans(chosen) for id_ in ids[first : last + 1]]

    def step(self, rows: int) -> None:
        """Choose the row that many further down, or up."""
        count, current = self._model.rowCount(), self._view.currentIndex().row()
        if count:
            self.choose(self._model.listed.ids[max(0, min(count - 1, current + rows))])

    def choose(self, row_id: int) -> bool:
        """Choose a row; False where it is not in the list."""
        row = self._model.row_of(row_id)
        if row is None:
            return False
        self._view.selectionModel().setCurrentIndex(
            self._model.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        return True

    def want(self, row_id: int) -> None:
        """Choose a row as soon as the list that is on its way is there, if it is in it."""
        self._wanted = row_id

    def tell(self) -> None:
        """Tell of the current row, where it is another one."""
        if self._model.is_updating:
            return
        row = self.row
        id_ = row.id if row is not None else None
        if id_ == self.id:
            return
        self.id = id_
        self.told.emit(row)
        if self._model.listed.guest not in (None, id_):
            self.guest_left.emit()

    # while the list changes

    def remember(self) -> None:
        """Something else is about to be listed: note what is chosen."""
        if self.id is not None and self._listed:
            self._chosen_in[self._listed] = self.id

    def take_up(self, listed: str) -> None:
        """Something else is listed, under that name: choose what is wanted there, or was chosen the last time."""
        self._listed = listed
        wanted = self._wanted or self._chosen_in.get(listed)
        self._wanted = None
        if wanted is None or not self.choose(wanted):
            self.tell()

    def follow(self) -> None:
        """Rows have come and gone: where the chosen one is gone, go on to its neighbour."""
        if self.id is not None and self._model.row_of(self.id) is None:
            self._choose_following(self.id)
        self.tell()

    def _note_list(self) -> None:
        self._ids_before = self._model.listed.ids

    def _choose_following(self, gone: int) -> None:
        """Go on to the row below one that was hidden, erased or lost its label; from the last, to the one above."""
        staying, before = set(self._model.listed.ids), self._ids_before
        row = before.index(gone) if gone in before else 0
        following = (id_ for id_ in chain(before[row + 1 :], reversed(before[:row])) if id_ in staying)
        if (id_ := next(following, None)) is not None:
            self.choose(id_)
