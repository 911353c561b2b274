"""Keeps thousands of chosen rows chosen while a list changes; few of them Qt follows by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QItemSelectionRange

if TYPE_CHECKING:
    from pecdesk.ui.mailbox.transmission_list_view import TransmissionListView

MANY = 2000
"""Chosen rows that are more than this are noted by their ids: Qt would give each of them an index to follow."""


def spans(selection: QItemSelection) -> list[tuple[int, int]]:
    """First and last row of every run that is chosen, in the order of the list."""
    return sorted((selection.at(n).top(), selection.at(n).bottom()) for n in range(selection.count()))


class SelectionKeeper:
    """Notes what is chosen before a change, and chooses it again afterwards."""

    def __init__(self, view: TransmissionListView) -> None:
        self._view = view
        self._ids: set[int] = set()

    def hold(self) -> None:
        """Note the ids, if they are many."""
        chosen = spans(self._view.selectionModel().selection())
        if sum(last - first + 1 for first, last in chosen) > MANY:
            ids = self._view.listed_ids
            self._ids = {id_ for first, last in chosen for id_ in ids[first : last + 1]}
            self._view.selectionModel().clearSelection()

    def let_go(self) -> None:
        """Choose them again, in as few runs as they stand in by now."""
        if not self._ids:
            return
        model, selection, first = self._view.model(), QItemSelection(), None
        for row, id_ in enumerate([*self._view.listed_ids, None]):
            if id_ in self._ids:
                first = row if first is None else first
            elif first is not None:
                selection.append(QItemSelectionRange(model.index(first, 0), model.index(row - 1, 0)))
                first = None
        self._ids = set()
        self._view.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.Select)
