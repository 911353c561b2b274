"""One pass over an account: tell the server what is wished, look into every folder, fetch, settle."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from pecdesk.errors import N_, ServerError
from pecdesk.profile.accounts import Account
from pecdesk.store import Folder
from pecdesk.sync.apply import FolderVisit
from pecdesk.sync.feed import Feed
from pecdesk.sync.fetching import Fetching
from pecdesk.sync.ledger import Ledger
from pecdesk.sync.means import Means, StaleError
from pecdesk.sync.plan import Action, Forget, Miss, Unlist, is_watched, order_of, plan_wishes
from pecdesk.sync.refusal import RefusalError
from pecdesk.sync.sent_copies import keep_copies
from pecdesk.sync.server import FolderRole, RemoteFolder, Server
from pecdesk.sync.wishes import tell

_log = logging.getLogger("sync")

_CLOSED = frozenset({"", "NONEXISTENT", "NOPERM", "CANNOT"})
"""Codes (RFC 5530) of a refusal that concerns one folder alone; any other is about the server or the account."""

TRIES = 4
"""How often a pass begins again because the database was replaced or a folder renumbered under it."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What one pass did, or in a dry run would do."""

    actions: tuple[Action, ...] = ()
    fetched: int = 0
    """Messages fetched or recognised."""
    forgotten: int = 0
    """Messages that the server no longer has, or that are missing there."""
    told: int = 0
    """Wishes of the user that the server has fulfilled."""

    def __or__(self, other: Checked) -> Checked:
        return Checked(
            (*self.actions, *other.actions),
            self.fetched + other.fetched,
            self.forgotten + other.forgotten,
            self.told + other.told,
        )


class Check:
    """One pass. For one thread."""

    def __init__(
        self,
        account: Account,
        server: Server,
        means: Means,
        *,
        stopped: Callable[[], bool] = lambda: False,
        progress: Callable[[int, int, str], None] = lambda _done, _of, _folder: None,
        compares_flags: bool = True,
        tries_again: bool = False,
    ) -> None:
        """`progress` is told how many messages are kept, of how many, and in which folder."""
        self._account = account
        self._server = server
        self._means = means
        self._stopped = stopped
        self._progress = progress
        self._compares_flags = compares_flags
        self._tries_again = tries_again
        self._ledger = Ledger(account.key, means, stopped)
        self._wanted = 0
        self._inbox_uidnext = 0
        """UIDs of the inbox from here on came in since it was looked into."""
        self._gone: set[str] = set()
        """Folders that were listed in this pass and did not open: most likely they went away in between."""
        self._refused: set[str] = set()
        """The same, in any pass of this run."""

    def run(self, *, only_inbox: bool = False) -> Checked:
        """Carry it out; raises what the world refuses. What was kept until then stays."""
        checked = Checked()
        for _ in range(TRIES):
            waiting = 0
            try:
                if not self._account.is_read_only:
                    heard = tell(self._ledger, self._server)
                    waiting = heard.waiting
                    checked |= Checked(told=heard.fulfilled)
                    keep_copies(self._ledger, self._server)
                one, is_done = self._pass(only_inbox=only_inbox)
            except StaleError:
                self._ledger = Ledger(self._account.key, self._means, self._stopped)
                continue
            checked |= one
            # What waits for a folder to be looked through is told then, and not by looking into the inbox again.
            if (is_done and (only_inbox or not waiting)) or self._stopped():
                break
        return checked

    def dry_run(self) -> Checked:
        """Say what would be done; nothing is written, here or there."""
        for _ in range(TRIES):
            with suppress(StaleError):
                return self._dry_run()
            self._ledger = Ledger(self._account.key, self._means, self._stopped)
        return Checked()

    def _dry_run(self) -> Checked:
        actions: list[Action] = []
        if not self._account.is_read_only:
            actions += plan_wishes(self._ledger.store.pending(self._account.key))
        known = self._ledger.folders()
        listed = self._listed()
        actions += [Unlist(name) for name in self._unlisted(known, listed)]
        for remote in listed:
            visit = self._visit(remote, known.get(remote.name))
            found = visit.look()
            actions += found.actions if found else ()
        return Checked(tuple(actions))

    def _pass(self, *, only_inbox: bool) -> tuple[Checked, bool]:
        """One look into each folder, and what follows; whether nothing has to be looked at again."""
        known = self._ledger.folders()
        listed = self._listed()
        actions: list[Action] = []
        if only_inbox:
            listed = [remote for remote in listed if remote.role is FolderRole.INBOX]
        else:
            for name in self._unlisted(known, listed):
                self._ledger.unlisted(known[name])
                actions.append(Unlist(name))
        feeds: list[Feed] = []
        self._gone = set()
        for remote in listed:
            if self._stopped():
                return Checked(tuple(actions)), False
            found, feed = self._look(remote, self._ledger.know(remote, known.get(remote.name)))
            actions += found
            feeds += [feed] if feed else []
        fetching = self._fetch(feeds)
        is_done = not (self._gone or fetching.renumbered) and all(feed.is_done for feed in feeds)
        is_whole = not (only_inbox or self._refused & {remote.name for remote in listed})
        if is_done and is_whole:
            self._ledger.settle()
        forgotten = sum(len(action.uids) for action in actions if isinstance(action, Forget | Miss))
        return Checked(tuple(actions), fetching.done, forgotten), is_done

    def _listed(self) -> list[RemoteFolder]:
        """The folders to look into, in the order in which they matter."""
        named = self._account.sent_folder
        folders = []
        for remote in self._server.folders():
            role = FolderRole.INBOX if remote.name.upper() == "INBOX" else remote.role
            if named and (remote.name == named or role is FolderRole.SENT):
                role = FolderRole.SENT if remote.name == named else None
            if remote.is_selectable and is_watched(role):
                folders.append(replace(remote, role=role))
        if not any(folder.role is FolderRole.INBOX for folder in folders):
            raise ServerError(
                N_("The server lists no inbox: it makes no sense at the moment."),
                N_("Nothing was changed. It is tried again by itself."),
            )
        return sorted(folders, key=lambda folder: order_of(folder.role))

    def _unlisted(self, known: dict[str, Folder], listed: Sequence[RemoteFolder]) -> list[str]:
        names = {remote.name for remote in listed}
        return [name for name, folder in known.items() if name not in names and folder.uidvalidity is not None]

    def _visit(self, remote: RemoteFolder, folder: Folder | None) -> FolderVisit:
        return FolderVisit(
            self._ledger,
            self._server,
            remote,
            folder,
            compares_flags=self._compares_flags,
            tries_again=self._tries_again,
        )

    def _look(self, remote: RemoteFolder, folder: Folder) -> tuple[tuple[Action, ...], Feed | None]:
        """Look into a folder and keep what was found; what is to be fetched is part of the answer."""
        visit = self._visit(remote, folder)
        try:
            found = visit.look()
        except RefusalError as error:
            if error.code not in _CLOSED or remote.role is FolderRole.INBOX:
                raise  # an account is not current when its inbox was not looked into
            if remote.name in self._refused:
                _log.warning("a folder is listed and never opens: %s", error.code or "no reason given")
            else:
                self._gone.add(remote.name)
            self._refused.add(remote.name)
            return (), None
        if remote.role is FolderRole.INBOX:
            self._inbox_uidnext = found.remote.uidnext if found else folder.uidnext
        return (found.actions, visit.carry_out(found)) if found else ((), None)

    def _fetch(self, feeds: Sequence[Feed]) -> Fetching:
        self._wanted = sum(feed.left for feed in feeds)
        fetching = Fetching(
            self._ledger,
            self._server,
            self._means,
            stopped=self._stopped,
            progress=lambda done, folder: self._progress(done, max(done, self._wanted), folder),
            glance=self._glance,
        )
        if feeds:
            self._progress(0, self._wanted, feeds[0].folder.name)
            fetching.run(feeds)
        return fetching

    def _glance(self) -> Feed | None:
        """New mail in the inbox, seen in the middle of a long run."""
        inbox = next((each for each in self._ledger.folders().values() if each.role == FolderRole.INBOX), None)
        if inbox is None:
            return None
        status = self._server.select(inbox.name)
        if status.uidvalidity != inbox.uidvalidity or status.uidnext <= self._inbox_uidnext:
            return None
        new = sorted((uid for uid in self._server.uids() if uid >= self._inbox_uidnext), reverse=True)
        self._inbox_uidnext = status.uidnext
        self._wanted += len(new)
        return Feed(inbox, status.uidvalidity, new) if new else None
