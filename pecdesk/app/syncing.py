"""The mail servers of a profile, kept up with: one worker for each account in a window, one pass on the command line.

One lease for each account keeps two processes from doing the same work twice.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as time_of_day
from typing import TYPE_CHECKING

from pecdesk.app.opened import Progress, quiet
from pecdesk.app.sync_ground import TURN_SECONDS, SyncGround
from pecdesk.errors import N_, PecdeskError, UsageError
from pecdesk.pec.message import normal_address
from pecdesk.profile.account_status import AccountStatus
from pecdesk.profile.accounts import Account
from pecdesk.store import Changes
from pecdesk.sync.check import Checked
from pecdesk.sync.freeing import Freed, free
from pecdesk.sync.ledger import Ledger
from pecdesk.sync.server import Server
from pecdesk.sync.worker import Worker

if TYPE_CHECKING:
    from pecdesk.app.app import App

__all__ = ["Freed", "SyncReport", "Syncing"]

STOP_SECONDS = 10.0
"""How long a worker may take to let go of its server."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What synchronising one account once came to."""

    account: str
    """Comparable form."""
    status: AccountStatus
    checked: Checked = field(default_factory=Checked)
    error: PecdeskError | None = None
    """What ended it early; what was done until then stays."""


class Syncing:
    """Keeps the accounts of one profile current. For any thread."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._ground = SyncGround(app)
        self._guard = threading.RLock()
        self._workers: dict[str, Worker] = {}
        self._accounts: dict[str, Account] = {}
        """As they were when their worker was last told of them."""
        self._paused = False
        self._subscribers: list[Callable[[AccountStatus], None]] = []
        self._unsubscribe: Callable[[], None] | None = None

    @property
    def connect(self) -> Callable[[Account, str], Server] | None:
        """How a connection is made, in the place of `pecdesk.sync.imap`; for tests and the demo."""
        return self._ground.connect

    @connect.setter
    def connect(self, connect: Callable[[Account, str], Server] | None) -> None:
        self._ground.connect = connect

    # a window

    def start(self) -> None:
        """Keep all accounts current from now on, and those that are added later."""
        with self._guard:
            if self._unsubscribe is None:
                self._unsubscribe = self._app.changes.subscribe(self._notice)
        self._reconcile()

    def stop(self) -> None:
        """Let go of all servers. Waits for that, but not for long."""
        with self._guard:
            if self._unsubscribe is not None:
                self._unsubscribe()
                self._unsubscribe = None
            workers, self._workers = list(self._workers.values()), {}
        for worker in workers:
            worker.stop()
        until = time.monotonic() + STOP_SECONDS
        for worker in workers:
            worker.join(max(0.0, until - time.monotonic()))

    def _notice(self, changes: Changes) -> None:
        if changes.accounts or changes.everything:
            self._reconcile(is_elsewhere=changes.everything)

    def _reconcile(self, *, is_elsewhere: bool = False) -> None:
        """A worker for every account and for none that is gone; one that another process has changed begins anew."""
        accounts = {account.key: account for account in self._app.servers.all()}
        with self._guard:
            if self._unsubscribe is None:
                return
            gone = [self._workers.pop(key) for key in list(self._workers) if key not in accounts]
            for key, account in accounts.items():
                worker = self._workers.get(key)
                if worker is None:
                    self._workers[key] = worker = self._worker(account, shares_helper=True)
                    worker.start()
                elif is_elsewhere and self._accounts[key] != account:
                    worker.restart(account)
                self._accounts[key] = account
        for worker in gone:
            worker.stop()

    def restart(self, address: str) -> None:
        """Begin anew with an account whose servers or password were changed. A refused one is tried only then."""
        account = self._app.servers.named(address)
        with self._guard:
            worker = self._workers.get(account.key)
            self._accounts[account.key] = account
        if worker is not None:
            worker.restart(account)

    def check_now(self, *addresses: str) -> None:
        """Look now, at all accounts or at these."""
        keys = set(map(normal_address, addresses))
        with self._guard:
            workers = [worker for key, worker in self._workers.items() if not keys or key in keys]
        for worker in workers:
            worker.poke()

    def pause(self, on: bool) -> None:
        """Leave all servers alone, as on a metered connection, or go on."""
        with self._guard:
            self._paused = on
            workers = list(self._workers.values())
        for worker in workers:
            worker.pause(on)

    @property
    def is_paused(self) -> bool:
        """Whether the servers are left alone because somebody said so."""
        return self._paused

    # how it stands

    def status(self, address: str) -> AccountStatus:
        """How an account stands. Quick."""
        key = normal_address(address)
        with self._guard:
            worker = self._workers.get(key)
        return worker.status if worker is not None else AccountStatus(key)

    def statuses(self) -> dict[str, AccountStatus]:
        """All accounts, by their comparable form. Quick."""
        with self._guard:
            known = {key: worker.status for key, worker in self._workers.items()}
        return {account.key: known.get(account.key, AccountStatus(account.key)) for account in self._app.servers.all()}

    def subscribe(self, subscriber: Callable[[AccountStatus], None]) -> Callable[[], None]:
        """Be told of every change of an account's status, on the thread that works on it: be quick.

        Call what is returned to stop.
        """
        self._subscribers.append(subscriber)
        return lambda: self._subscribers.remove(subscriber)

    def _tell(self, status: AccountStatus) -> None:
        for subscriber in tuple(self._subscribers):
            subscriber(status)

    # what the user decides

    def answer(self, address: str, forget: bool, folder: str | None = None) -> None:
        """Whether the messages of a folder that was emptied all at once count as removed from the server.

        Here they stay in any case. Without a name it is the folder that `status` asks about.
        """
        account = self._app.servers.named(address)
        store = self._app.store
        asked = [one.folder for one in store.emptied(account.key)]
        chosen = [name for name in asked if folder is None or name == folder][: 1 if folder is None else None]
        with self._app.writing(patience=TURN_SECONDS):
            for name in chosen:
                store.answer_emptied(account.key, name, forget=forget, at=self._app.clock())
        self.check_now(address)

    def move(self, address: str, hashes: Sequence[str], folder: str, target: str) -> None:
        """Have messages, by SHA-256, moved from one folder of the server to another as soon as it can be reached."""
        account = self._app.servers.named(address)
        _check_alterable(account)
        with self._app.writing(patience=TURN_SECONDS):
            self._app.store.want_move(account.key, hashes, folder, target, self._app.clock())
        self.check_now(address)

    def free_space(
        self,
        address: str,
        before: date,
        *,
        dry_run: bool = False,
        progress: Progress = quiet,
        cancelled: Callable[[], bool] = _never,
    ) -> Freed:
        """Delete on the server what came in before that day and was read back whole from the archive this moment.

        The account's worker makes room meanwhile. With `dry_run` it is only counted.
        """
        account = self._app.servers.named(address)
        _check_alterable(account)
        means = self._ground.means()
        start = datetime.combine(before, time_of_day.min, self._app.clock().tzinfo)
        with self._instead_of_worker(account.key), self._ground.patient_lease(account, cancelled):
            server = self._ground.open(account, cancelled)
            try:
                return free(
                    Ledger(account.key, means, cancelled),
                    server,
                    start,
                    dry_run=dry_run,
                    progress=lambda done: progress(done, None),
                    stopped=cancelled,
                )
            finally:
                server.close()

    @contextmanager
    def _instead_of_worker(self, key: str) -> Iterator[None]:
        with self._guard:
            worker = self._workers.get(key)
        if worker is None:
            yield
            return
        worker.pause(on=True)
        try:
            yield
        finally:
            worker.pause(self._paused)

    # the command line

    def sync(
        self,
        accounts: Sequence[str] = (),
        *,
        once: bool = True,
        dry_run: bool = False,
        progress: Progress = quiet,
        cancelled: Callable[[], bool] = _never,
    ) -> list[SyncReport]:
        """Synchronise these accounts, or all: one pass over each, one after the other; or, not `once`, until cancelled.

        With `dry_run` nothing is written here or there, and the reports say what would be done. What the world refuses
        stands in the report of its account. `UsageError` for an account that is not here.
        """
        servers = self._app.servers
        chosen = [servers.named(address) for address in accounts] or list(servers.all())
        if not once and not dry_run:
            return self._watch(chosen, cancelled)
        reports = []
        for account in chosen:
            if cancelled():
                break
            worker = self._worker(account, lambda status: progress(status.done, status.of))
            try:
                checked = worker.run_once(dry_run=dry_run, cancelled=cancelled)
                reports.append(SyncReport(account.key, worker.status, checked))
            except PecdeskError as error:
                reports.append(SyncReport(account.key, worker.status, Checked(), error))
        return reports

    def _watch(self, accounts: Sequence[Account], cancelled: Callable[[], bool]) -> list[SyncReport]:
        workers = [self._worker(account) for account in accounts]
        for worker in workers:
            worker.start()
        ended = threading.Event()
        try:
            while not cancelled():
                ended.wait(0.2)
        finally:
            for worker in workers:
                worker.stop()
            for worker in workers:
                worker.join(STOP_SECONDS)
        return [SyncReport(worker.status.account, worker.status, error=worker.status.trouble) for worker in workers]

    # what workers are given

    def _worker(
        self,
        account: Account,
        tell: Callable[[AccountStatus], None] | None = None,
        *,
        shares_helper: bool = False,
    ) -> Worker:
        def told(status: AccountStatus) -> None:
            self._tell(status)
            if tell is not None:
                tell(status)

        return Worker(
            account,
            self._ground.means(shares_helper=shares_helper),
            connect=self._ground.open,
            lease=lambda: self._ground.lease(account),
            tell=told,
            paused=self._paused,
        )


def _check_alterable(account: Account) -> None:
    if account.is_read_only:
        raise UsageError(
            N_("{account} is set up so that nothing on its server is ever altered."),
            N_("Change that in the account’s settings first."),
            account=account.address,
        )
