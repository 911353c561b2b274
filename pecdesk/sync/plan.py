"""What is to be done about a folder: the two sides compared, as actions. Pure.

The cases are those of Trojitá's mailbox synchronisation. Nothing here deletes what is archived: a message that the
server no longer has is forgotten by its folder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pecdesk.errors import N_
from pecdesk.store.pending import Pending, Wish
from pecdesk.sync.server import FolderRole
from pecdesk.sync.state import FolderState

WATCHED_LAST = (FolderRole.ARCHIVE, FolderRole.SPAM, FolderRole.TRASH)
"""Folders that are looked at after the others."""

NEVER_ASKED = frozenset({FolderRole.SPAM, FolderRole.TRASH, FolderRole.DRAFTS})
"""Folders that are emptied every day, by hand or by themselves."""

ASKED_FROM = 2
"""Messages a folder must have lost all at once before the user is asked."""


class Case(StrEnum):
    """How the two sides of a folder stand to each other. Closed."""

    FIRST_TIME = "first-time"
    NOTHING_NEW = "nothing-new"
    ONLY_ADDITIONS = "only-additions"
    GENERIC = "generic"
    """Something was changed or removed, or an earlier look was not finished."""
    NEW_IDENTITY = "new-identity"
    """UIDVALIDITY changed: no UID means what it meant."""
    UNLISTED = "unlisted"
    """Renamed or deleted."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something to be done about a folder."""

    folder: str

    @property
    def template(self) -> str:
        """A sentence for people, as an English template."""
        raise NotImplementedError

    @property
    def fields(self) -> dict[str, object]:
        """What fills it."""
        return {"folder": self.folder}


@dataclass(frozen=True, slots=True)
class Look(Action):
    """List the folder: what the server says of it differs from what is known."""

    case: Case

    @property
    def template(self) -> str:
        """Which case it is."""
        return _LOOKS[self.case]


_LOOKS = {
    Case.FIRST_TIME: N_("{folder}: look into it for the first time"),
    Case.ONLY_ADDITIONS: N_("{folder}: look for new messages"),
    Case.GENERIC: N_("{folder}: look what has changed"),
    Case.NEW_IDENTITY: N_("{folder}: the server has numbered it anew; recognise its messages"),
}


@dataclass(frozen=True, slots=True)
class _WithUids(Action):
    uids: tuple[int, ...]

    @property
    def fields(self) -> dict[str, object]:
        """How many, too."""
        return {"folder": self.folder, "count": len(self.uids)}


@dataclass(frozen=True, slots=True)
class Fetch(_WithUids):
    """Recognise or fetch messages, in this order: the newest first."""

    @property
    def template(self) -> str:
        """What is done."""
        return N_("{folder}: messages to recognise or fetch: {count}")


@dataclass(frozen=True, slots=True)
class Forget(_WithUids):
    """The server no longer has them; they stay here."""

    @property
    def template(self) -> str:
        """What is done."""
        return N_("{folder}: messages no longer on the server, kept here: {count}")


@dataclass(frozen=True, slots=True)
class Miss(_WithUids):
    """All that was known is gone at once: found elsewhere, or a question to the user."""

    @property
    def template(self) -> str:
        """What is done."""
        return N_("{folder}: all known messages are gone from the server at once: {count}")


@dataclass(frozen=True, slots=True)
class FindAgain(_WithUids):
    """Missing ones are there after all."""

    @property
    def template(self) -> str:
        """What is done."""
        return N_("{folder}: messages back on the server: {count}")


@dataclass(frozen=True, slots=True)
class TakeFlags(Action):
    """Others changed flags on the server."""

    flags: Mapping[int, frozenset[str]]

    @property
    def template(self) -> str:
        """What is done."""
        return N_("{folder}: messages marked otherwise on the server: {count}")

    @property
    def fields(self) -> dict[str, object]:
        """How many, too."""
        return {"folder": self.folder, "count": len(self.flags)}


@dataclass(frozen=True, slots=True)
class Unlist(Action):
    """The server no longer lists the folder."""

    @property
    def template(self) -> str:
        """What is done."""
        return N_("{folder}: no longer on the server; its messages stay here and are looked for in the other folders")


@dataclass(frozen=True, slots=True)
class Tell(Action):
    """Tell the server what the user did here."""

    wish: Wish
    value: str
    uids: tuple[int, ...]

    @property
    def template(self) -> str:
        """What is done."""
        return _WISHES[self.wish]

    @property
    def fields(self) -> dict[str, object]:
        """What, and of how many."""
        return {"folder": self.folder, "count": len(self.uids), "value": self.value}


_WISHES = {
    Wish.ADD_FLAG: N_("{folder}: set {value} on the server; messages: {count}"),
    Wish.REMOVE_FLAG: N_("{folder}: take {value} away on the server; messages: {count}"),
    Wish.MOVE: N_("{folder}: move to {value} on the server; messages: {count}"),
}


def case_of(local: FolderState, remote: FolderState, *, compares_flags: bool = True, tries_again: bool = False) -> Case:
    """How the two sides stand to each other.

    `compares_flags` is for a server that does not tell what changed: whether all flags are looked at all the same.
    `tries_again`: whether it is asked again for what it would not hand out.
    """
    if remote.uidvalidity is None:
        return Case.UNLISTED
    if local.uidvalidity is None and not local.has_earlier:
        return Case.FIRST_TIME
    if local.uidvalidity != remote.uidvalidity:
        return Case.NEW_IDENTITY
    if not local.is_complete or local.leaving or (tries_again and local.unfetched):
        return Case.GENERIC
    same = local.uidnext == remote.uidnext and local.messages == remote.messages
    tells = local.highest_modseq is not None and remote.highest_modseq is not None
    if same and (local.highest_modseq == remote.highest_modseq if tells else not compares_flags):
        return Case.NOTHING_NEW
    added = remote.uidnext - local.uidnext
    return Case.ONLY_ADDITIONS if added > 0 and remote.messages - local.messages == added else Case.GENERIC


def plan(
    local: FolderState, remote: FolderState, *, compares_flags: bool = True, tries_again: bool = False
) -> list[Action]:
    """What is to be done about a folder. Where its UIDs were not listed yet and would be needed: to list them."""
    name = remote.name
    case = case_of(local, remote, compares_flags=compares_flags, tries_again=tries_again)
    if case is Case.UNLISTED:
        return [Unlist(name)] if local.uidvalidity is not None else []
    if case is Case.NOTHING_NEW:
        return []
    if remote.uids is None:
        return [Look(name, case)]
    there = remote.uids
    if case in (Case.FIRST_TIME, Case.NEW_IDENTITY):
        return [Fetch(name, newest_first(there))] if there else []
    actions: list[Action] = []
    gone = (local.known | local.unfetched | local.leaving) - there
    if local.known and not local.known & there:
        actions.append(Miss(name, newest_first(local.known)))
        gone -= local.known
    if gone:
        actions.append(Forget(name, newest_first(gone)))
    back = (local.missing | local.leaving) & there
    if back:
        actions.append(FindAgain(name, newest_first(back)))
    flags = {uid: flags for uid, flags in remote.flags.items() if uid in there and local.flags.get(uid, flags) != flags}
    if flags:
        actions.append(TakeFlags(name, flags))
    wanted = there - local.known - local.missing - local.leaving - local.unfetched
    if tries_again:
        wanted |= local.unfetched & there
    if wanted:
        actions.append(Fetch(name, newest_first(wanted)))
    return actions


def newest_first(uids: frozenset[int]) -> tuple[int, ...]:
    """UIDs in the order in which they are wanted: they ascend with arrival."""
    return tuple(sorted(uids, reverse=True))


def plan_wishes(pending: Sequence[Pending]) -> list[Tell]:
    """What the server is to be told, one action for each folder and wish, in the order in which they were wished."""
    found: dict[tuple[str, Wish, str], list[int]] = {}
    for one in pending:
        for place in one.places:
            found.setdefault((place.folder, one.wish, one.value), []).append(place.uid)
    return [Tell(folder, wish, value, tuple(sorted(uids))) for (folder, wish, value), uids in found.items()]


def must_ask(role: str | None, messages: int) -> bool:
    """Whether the user decides about a folder that lost so many messages at once, and all it had."""
    return messages >= ASKED_FROM and role not in NEVER_ASKED


def is_watched(role: FolderRole | None) -> bool:
    """Whether a folder's messages are fetched. Drafts are no mail yet."""
    return role is not FolderRole.DRAFTS


def order_of(role: FolderRole | None) -> int:
    """Which folders come before which."""
    if role is FolderRole.INBOX:
        return 0
    return 2 if role in WATCHED_LAST else 1
