"""The list of places as keyboard and mouse move in it: places are chosen, branches open and close."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QListView

from pecdesk.ui.mailbox.side_bar_delegate import arrow_place
from pecdesk.ui.mailbox.side_bar_entries import Entry
from pecdesk.ui.mailbox.side_bar_model import ENTRY_ROLE, Index, SideBarModel
from pecdesk.ui.style.sheet import wear


class SideBarLines(QListView):
    """The list; choosing the chosen place again says so too."""

    chosen_again = Signal()
    branch_set = Signal(str, bool)
    """A branch is to be open, or closed."""

    def __init__(self, model: SideBarModel) -> None:
        super().__init__()
        self._lines = model
        self.setModel(model)
        wear(self, "side")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setMouseTracking(True)

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Not the list's way, which lays everything out and paints it: a line that goes on standing there keeps its
        room, whatever it counts."""
        QAbstractItemView.dataChanged(self, first, last, list(roles))

    @property
    def current(self) -> Entry | None:
        """The line the keyboard is on."""
        found: Entry | None = self.currentIndex().data(ENTRY_ROLE)
        return found

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Not Qt's way, which makes the first line current where none is yet: the place of the last time, which is
        chosen as soon as everything is counted, would be forgotten."""
        QAbstractScrollArea.focusInEvent(self, event)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        where, is_left = event.position().toPoint(), event.button() == Qt.MouseButton.LeftButton
        if is_left and (branch := self._branch_at(where)) is not None:
            self._toggle(branch)
            return
        before = self.currentIndex()
        super().mousePressEvent(event)
        if is_left and before.isValid() and self.indexAt(where) == before:
            self.chosen_again.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two quick clicks on a branch are two clicks."""
        branch = self._branch_at(event.position().toPoint())
        if branch is not None and event.button() == Qt.MouseButton.LeftButton:
            self._toggle(branch)
        else:
            super().mouseDoubleClickEvent(event)

    def _branch_at(self, where: QPoint) -> Entry | None:
        """The branch that a click there opens or closes: anywhere in its line, or where that is a place, its arrow."""
        index = self.indexAt(where)
        entry: Entry | None = index.data(ENTRY_ROLE)
        if entry is None or not entry.branch:
            return None
        return entry if entry.place is None or arrow_place(self.visualRect(index), entry).contains(where) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entry = self.current
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and entry is not None:
            if entry.place is None:
                self._toggle(entry)
            else:
                self.chosen_again.emit()
        elif event.key() == Qt.Key.Key_Space:
            event.ignore()
        elif event.key() == Qt.Key.Key_Right and entry is not None:
            self._go_in(entry)
        elif event.key() == Qt.Key.Key_Left and entry is not None:
            self._go_out(entry)
        else:
            super().keyPressEvent(event)

    def _toggle(self, branch: Entry) -> None:
        self.branch_set.emit(branch.branch, not branch.is_open)

    def _go_in(self, entry: Entry) -> None:
        """Open a closed branch; from an open one, on to what stands in it."""
        if entry.branch and not entry.is_open:
            self._toggle(entry)
        elif entry.branch:
            self.setCurrentIndex(self._lines.index(self.currentIndex().row() + 1))

    def _go_out(self, entry: Entry) -> None:
        """Close an open branch; from anything else, back to the branch it stands in."""
        if entry.branch and entry.is_open:
            self._toggle(entry)
            return
        above = (row for row, line in enumerate(self._lines.entries) if line.branch and line.branch == entry.above)
        if (row := next(above, None)) is not None:
            self.setCurrentIndex(self._lines.index(row))

    def go_to(self, name: str) -> QModelIndex:
        """Make the line of that name the current one, if it is in sight."""
        row = self._lines.row_of(name)
        index = self._lines.index(row) if row is not None else QModelIndex()
        if index.isValid() and index != self.currentIndex():
            self.setCurrentIndex(index)
        return index
