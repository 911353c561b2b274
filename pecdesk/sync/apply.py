"""Carrying out a plan for one folder: what the server is asked, what is kept of its answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice

from pecdesk.store import Folder, Looked, Reached
from pecdesk.sync.feed import Feed
from pecdesk.sync.ledger import Ledger, clean
from pecdesk.sync.plan import Action, Fetch, FindAgain, Forget, Look, Miss, TakeFlags, plan
from pecdesk.sync.server import FolderStatus, RemoteFolder, Server
from pecdesk.sync.state import FolderState, described, surely_there

DESCRIBED_AT_ONCE = 2000
"""Messages whose flags are asked for in one command."""


@dataclass(frozen=True, slots=True)
class Found:
    """What looking at one folder came to."""

    remote: FolderState
    actions: tuple[Action, ...]
    local: FolderState


class FolderVisit:
    """One folder in one pass. `folder` is None in a dry run of one that is not known yet."""

    def __init__(
        self,
        ledger: Ledger,
        server: Server,
        listed: RemoteFolder,
        folder: Folder | None,
        *,
        compares_flags: bool,
        tries_again: bool,
    ) -> None:
        self._ledger = ledger
        self._server = server
        self._listed = listed
        self._folder = folder
        self._compares_flags = compares_flags
        self._tries_again = tries_again

    def look(self) -> Found | None:
        """Compare the two sides, with as few commands as that takes; None where nothing is new. Writes nothing."""
        local = self._ledger.state(self._folder, self._listed.name, self._listed.role)
        if not self._plan(local, self._remote(self._server.status(self._listed.name))):
            return None
        status = self._server.select(self._listed.name)
        remote = self._remote(status)
        is_same = local.uidvalidity == remote.uidvalidity
        changed = self._changed(local, remote) if is_same else None
        there = surely_there(local, changed, status.messages) if changed is not None and local.is_complete else None
        remote = replace(remote, uids=there if there is not None else frozenset(self._server.uids()))
        if is_same:
            remote, local = self._with_flags(remote, local, changed)
        return Found(remote, tuple(self._plan(local, remote)), local)

    def _plan(self, local: FolderState, remote: FolderState) -> list[Action]:
        return plan(local, remote, compares_flags=self._compares_flags, tries_again=self._tries_again)

    def _remote(self, status: FolderStatus) -> FolderState:
        return described(self._listed.name, self._listed.role, status)

    def _changed(self, local: FolderState, remote: FolderState) -> frozenset[int] | None:
        """What changed since, as the server tells; None where it cannot."""
        if local.highest_modseq is None or remote.highest_modseq is None:
            return None
        if local.highest_modseq == remote.highest_modseq:
            return frozenset()
        return frozenset(self._server.changed_since(local.highest_modseq))

    def _with_flags(
        self, remote: FolderState, local: FolderState, changed: frozenset[int] | None
    ) -> tuple[FolderState, FolderState]:
        """Both sides with the flags of those messages that may be marked otherwise now."""
        asked = remote.known & (local.known | local.missing | local.leaving)
        if changed is not None:
            asked &= changed | local.missing | local.leaving
        elif not self._compares_flags:
            asked &= local.missing | local.leaving
        if not asked or self._folder is None or local.uidvalidity is None:
            return remote, local
        flags: dict[int, frozenset[str]] = {}
        for some in batches(sorted(asked, reverse=True), DESCRIBED_AT_ONCE):
            flags |= {uid: clean(one.flags) for uid, one in self._server.describe(some).items()}
        before = self._ledger.store.flags(self._folder.id, local.uidvalidity, flags)
        return replace(remote, flags=flags), replace(local, flags=before)

    def carry_out(self, found: Found) -> Feed | None:
        """Keep what was found; what is to be fetched is the answer."""
        folder, remote = self._folder, found.remote
        assert folder is not None
        assert remote.uidvalidity is not None
        gone: set[int] = set()
        looked = Looked(self._reached(found, is_complete=False))
        wanted: tuple[int, ...] = ()
        for action in found.actions:
            match action:
                case Forget():
                    gone |= set(action.uids)
                case Miss():
                    looked = replace(looked, missing=frozenset(action.uids))
                case FindAgain():
                    looked = replace(looked, found_again=frozenset(action.uids))
                case TakeFlags():
                    looked = replace(looked, flags=action.flags)
                case Fetch():
                    wanted = action.uids
                case _:
                    assert isinstance(action, Look)
        looked = replace(looked, gone=frozenset(gone), reached=self._reached(found, is_complete=not wanted))
        self._ledger.looked(looked)
        if not wanted:
            return None
        return Feed(folder, remote.uidvalidity, wanted, self._reached(found, is_complete=True))

    def _reached(self, found: Found, *, is_complete: bool) -> Reached:
        """How far the folder is looked through. While something is to be fetched, UIDNEXT stays at nothing, so that a
        pass after a crash looks again."""
        assert self._folder is not None
        remote = found.remote
        assert remote.uidvalidity is not None
        return Reached(
            self._folder.id,
            remote.uidvalidity,
            remote.uidnext if is_complete else 0,
            remote.messages,
            remote.highest_modseq,
            is_complete,
            self._ledger.now(),
        )


def batches(uids: Iterable[int], size: int) -> Iterable[tuple[int, ...]]:
    """So many at a time."""
    rest = iter(uids)
    while some := tuple(islice(rest, size)):
        yield some
