"""The lines of the side bar: places under the titles of their sections, with the counts that mean work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from pecdesk.errors import N_
from pecdesk.explain import Language, Tone
from pecdesk.explain.visible import visible
from pecdesk.profile.settings import SavedSearch
from pecdesk.store import Group, Groups
from pecdesk.ui.mailbox.place import Place

ENTRY_ROLE = Qt.ItemDataRole.UserRole
"""The `Entry`."""

Index = QModelIndex | QPersistentModelIndex

_NOWHERE = QModelIndex()

FOLLOWED = (Group.FOLLOW, Group.WAITING, Group.ANOMALIES, Group.DEADLINES)

TONES = {
    Group.FOLLOW: Tone.RED,
    Group.WAITING: Tone.BLUE,
    Group.ANOMALIES: Tone.RED,
    Group.DEADLINES: Tone.AMBER,
    Group.UNMATCHED: Tone.AMBER,
}
"""Of the counts; that of what is unread is grey."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a place, or the title of a section where there is none."""

    words: str
    place: Place | None = None
    count: int = 0
    tone: Tone = Tone.GREY
    whole: str = ""
    """The title of a section that was shortened, in full."""

    @property
    def name(self) -> str:
        """What tells lines apart, whatever they count."""
        return self.place.name if self.place is not None else f"section {self.words}"


def entries(groups: Groups | None, searches: Sequence[SavedSearch], language: Language) -> list[Entry]:
    """All lines; without `groups`, which are still being counted, those that are there in any case."""
    counts = groups.counts if groups is not None else {}

    def entry(place: Place) -> Entry:
        count = counts.get((place.group, place.account), 0)
        return Entry(place.title(language), place, count, TONES.get(place.group, Tone.GREY))

    lines = [Entry(language.say(N_("To follow"))), *(entry(Place(group)) for group in FOLLOWED)]
    if groups is None:
        return lines
    for title, places in _mailboxes(groups.accounts, language):
        lines += [title, *map(entry, places)]
    if groups.labels:
        lines.append(Entry(language.say(N_("Labels"))))
        lines += [entry(Place(Group.ALL, label=name)) for name in groups.labels]
    if searches:
        lines.append(Entry(language.say(N_("Saved searches"))))
        lines += [entry(Place(Group.ALL, search=search.name, query=search.query)) for search in searches]
    return [*lines, Entry(""), entry(Place(Group.HIDDEN))]


def _mailboxes(accounts: tuple[str, ...], language: Language) -> Iterator[tuple[Entry, list[Place]]]:
    """A section for each mailbox, and one for the archive as a whole where a mailbox is not all of it.

    What belongs to no mailbox, or to one of several, is found under "All messages" in any case.
    """
    archive = Entry(language.say(N_("Archive")))
    everything = [Place(Group.ALL), Place(Group.UNMATCHED)]
    leaving = [Place(Group.DRAFTS), Place(Group.OUTBOX)]
    for account in accounts:
        mine = [Place(group, account) for group in (Group.RECEIVED, Group.SENT, Group.DRAFTS, Group.OUTBOX)]
        mine += [Place(Group.ALL, account)] if len(accounts) > 1 else everything
        yield Entry(visible(_short(account, accounts)), whole=visible(account)), mine
    if not accounts:
        yield archive, [Place(Group.RECEIVED), Place(Group.SENT), *everything]
    elif len(accounts) > 1:
        yield archive, [*leaving, *everything]


def _short(account: str, accounts: tuple[str, ...]) -> str:
    """The part that tells several mailboxes apart: what stands before the @, where no two have it in common."""
    names = {address.partition("@")[0] for address in accounts}
    return account.partition("@")[0] if len(accounts) > 1 and len(names) == len(accounts) else account


class SideBarModel(QAbstractListModel):
    """The lines, for the view; a change of counts leaves them where they are."""

    def __init__(self, language: Language, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self.entries: list[Entry] = []

    def show(self, lines: list[Entry], language: Language) -> None:
        """Show these lines."""
        self._language = language
        if [line.name for line in lines] == [line.name for line in self.entries]:
            self.entries = lines
            if lines:
                self.dataChanged.emit(self.index(0), self.index(len(lines) - 1))
            return
        self.beginResetModel()
        self.entries = lines
        self.endResetModel()

    def row_of(self, name: str) -> int | None:
        """Where the place of that name stands."""
        return next((row for row, line in enumerate(self.entries) if line.place and line.place.name == name), None)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if self.entries[index.row()].place is None:
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
        if not entry.count or entry.place is None:
            return entry.whole or entry.words
        if entry.place.group is Group.RECEIVED:
            return self._language.say(N_("{place}: {n} unread"), place=entry.words, n=entry.count)
        return self._language.say(N_("{place}: {n}"), place=entry.words, n=entry.count)
