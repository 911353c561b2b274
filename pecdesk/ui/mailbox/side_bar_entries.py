"""What stands in the side bar: places under the titles of their sections, with the counts that mean work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pecdesk.errors import N_
from pecdesk.explain import Language, Tone
from pecdesk.explain.visible import visible
from pecdesk.profile.settings import SavedSearch
from pecdesk.store import Group, Groups
from pecdesk.ui.mailbox.place import Place

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
    """One line: a place; or what others stand under, the title of a section or a branch that opens and closes."""

    words: str
    place: Place | None = None
    count: int = 0
    tone: Tone = Tone.GREY
    whole: str = ""
    """In full, where the words are short for something."""
    spoken: str = ""
    """What a screen reader says in the place of the words, where these need what stands above them."""
    depth: int = 0
    """How far it is moved in."""
    branch: str = ""
    """What the branch is remembered by that it opens and closes; nothing where it is none."""
    is_open: bool = False
    above: str = ""
    """The branch it stands in."""
    remark: str = ""
    """Stands under the words, smaller."""

    @property
    def name(self) -> str:
        """What tells lines apart, whatever they count."""
        if self.place is not None:
            return self.place.name
        return f"branch {self.branch}" if self.branch else f"section {self.words}"

    @property
    def can_be_reached(self) -> bool:
        """Whether it can be chosen, or at least opened and closed."""
        return self.place is not None or bool(self.branch)


FoldersOf = Callable[[str], Sequence[Entry]]
"""The lines for the folders of an account."""


def _no_folders(_account: str) -> Sequence[Entry]:
    return ()


def entries(
    groups: Groups | None,
    searches: Sequence[SavedSearch],
    language: Language,
    folders: FoldersOf = _no_folders,
    writing: Sequence[str] | None = None,
) -> list[Entry]:
    """All lines, those in closed branches too; without `groups`, which are still being counted, those that are there
    in any case. `writing`: the mailboxes that one can write from, in the order in which they stand; None: all."""
    counts = groups.counts if groups is not None else {}

    def entry(place: Place) -> Entry:
        count = counts.get((place.group, place.account), 0)
        return Entry(place.title(language), place, count, TONES.get(place.group, Tone.GREY))

    lines = [Entry(language.say(N_("To follow"))), *(entry(Place(group)) for group in FOLLOWED)]
    if groups is None:
        return lines
    for account in _ordered(groups.accounts, writing):
        can_write, below = writing is None or account in writing, folders(account)
        places = _places(account, counts, is_only=len(groups.accounts) == 1, can_write=can_write)
        is_removed = bool(below) and not can_write
        lines += [_title(account, groups.accounts, language, is_removed=is_removed), *map(entry, places), *below]
    if shared := _shared(groups.accounts):
        lines += [Entry(language.say(N_("Archive"))), *map(entry, shared)]
    if groups.labels:
        lines.append(Entry(language.say(N_("Labels"))))
        lines += [entry(Place(Group.ALL, label=name)) for name in groups.labels]
    if searches:
        lines.append(Entry(language.say(N_("Saved searches"))))
        lines += [entry(Place(Group.ALL, search=search.name, query=search.query)) for search in searches]
    return [*lines, Entry(""), entry(Place(Group.HIDDEN))]


_EVERYTHING = (Place(Group.ALL), Place(Group.UNMATCHED))
_LEAVING = (Group.DRAFTS, Group.OUTBOX)


def _ordered(accounts: tuple[str, ...], writing: Sequence[str] | None) -> list[str]:
    """Those one can write from first, in their own order."""
    own = [account for account in writing or () if account in accounts]
    return [*own, *(account for account in accounts if account not in own)]


def _title(account: str, accounts: tuple[str, ...], language: Language, *, is_removed: bool) -> Entry:
    words, whole = visible(_short(account, accounts)), visible(account)
    if not is_removed:
        return Entry(words, whole=whole)
    told = language.say(N_("{account}: no longer connected. What it brought stays here."), account=whole)
    return Entry(words, whole=told, remark=language.say(N_("No longer connected")))


def _places(
    account: str, counts: Mapping[tuple[Group, str | None], int], *, is_only: bool, can_write: bool
) -> list[Place]:
    """What stands under a mailbox. What leaves from it has a place where that can be, or still is."""
    leaving = [Place(group, account) for group in _LEAVING if can_write or counts.get((group, account))]
    everything = _EVERYTHING if is_only else (Place(Group.ALL, account),)
    return [Place(Group.RECEIVED, account), Place(Group.SENT, account), *leaving, *everything]


def _shared(accounts: tuple[str, ...]) -> list[Place]:
    """The archive as a whole, where a mailbox is not all of it: what belongs to no mailbox, or to one of several, is
    found under "All messages" in any case."""
    if not accounts:
        return [Place(Group.RECEIVED), Place(Group.SENT), *_EVERYTHING]
    return [*map(Place, _LEAVING), *_EVERYTHING] if len(accounts) > 1 else []


def _short(account: str, accounts: tuple[str, ...]) -> str:
    """The part that tells several mailboxes apart: what stands before the @, where no two have it in common."""
    names = {address.partition("@")[0] for address in accounts}
    return account.partition("@")[0] if len(accounts) > 1 and len(names) == len(accounts) else account


def in_sight(lines: Sequence[Entry]) -> list[Entry]:
    """Those that stand in no closed branch."""
    shown, closed = [], set()
    for line in lines:
        if line.above not in closed:
            shown.append(line)
        if line.branch and (line.above in closed or not line.is_open):
            closed.add(line.branch)
    return shown


def standing_for(name: str, lines: Sequence[Entry]) -> Entry | None:
    """The line of that name or, where it is out of sight, the branch that hides it; None where there is none."""
    found = next((line for line in lines if line.name == name), None)
    shown = {line.name for line in in_sight(lines)}
    while found is not None and found.name not in shown:
        found = next((line for line in lines if line.branch == found.above), None)
    return found
