"""The lines of the side bar for its view: what comes and goes does so line by line, so that the rest stays in place."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from pecdesk.errors import N_
from pecdesk.explain import Language
from pecdesk.store import Group
from pecdesk.ui.mailbox.side_bar_entries import Entry

ENTRY_ROLE = Qt.ItemDataRole.UserRole
"""The `Entry`."""

Index = QModelIndex | QPersistentModelIndex

_NOWHERE = QModelIndex()


def _standing(line: Entry) -> tuple[str, int, bool]:
    """What tells lines apart, and how much room each takes: one that needs other room by now is another line."""
    return line.name, line.depth, bool(line.remark)


class SideBarModel(QAbstractListModel):
    """The lines that are in sight."""

    def __init__(self, language: Language, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self.entries: list[Entry] = []

    def show(self, lines: Sequence[Entry], language: Language) -> None:
        """Show these lines."""
        self._language = language
        before, now = list(map(_standing, self.entries)), list(map(_standing, lines))
        steps = SequenceMatcher(None, before, now, autojunk=False).get_opcodes() if before != now else []
        for step, first, last, come_first, come_last in reversed(steps):
            if step != "equal":
                self._replace(first, last, lines[come_first:come_last])
        shown, self.entries = self.entries, list(lines)
        for row, (old, new) in enumerate(zip(shown, lines, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(row), self.index(row))

    def _replace(self, first: int, last: int, lines: Sequence[Entry]) -> None:
        if last > first:
            self.beginRemoveRows(_NOWHERE, first, last - 1)
            del self.entries[first:last]
            self.endRemoveRows()
        if lines:
            self.beginInsertRows(_NOWHERE, first, first + len(lines) - 1)
            self.entries[first:first] = lines
            self.endInsertRows()

    def row_of(self, name: str) -> int | None:
        """Where the line of that name stands."""
        return next((row for row, line in enumerate(self.entries) if line.name == name), None)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if not self.entries[index.row()].can_be_reached:
            return Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.ToolTipRole:
            return entry.whole.replace("<", "‹") or None  # Qt would read markup
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._spoken(entry)
        return None

    def _spoken(self, entry: Entry) -> str:
        say = self._language.say
        words = entry.spoken or entry.words
        if entry.branch:
            return say(N_("{place}, open"), place=words) if entry.is_open else say(N_("{place}, closed"), place=words)
        if entry.place is None:
            return entry.whole or words
        if not entry.count:
            return words
        if entry.place.group is Group.RECEIVED:
            return say(N_("{place}: {n} unread"), place=words, n=entry.count)
        return say(N_("{place}: {n}"), place=words, n=entry.count)
