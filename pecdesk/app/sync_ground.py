"""The parts of a profile that synchronising is given: the way to a server, the turn to write, helpers, one lease for
each account."""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

from pecdesk.errors import N_, BusyError
from pecdesk.examiner import Examiner
from pecdesk.profile.accounts import Account
from pecdesk.sync.means import Means
from pecdesk.sync.server import Server

if TYPE_CHECKING:
    from pecdesk.app.app import App

TURN_SECONDS = 60.0
"""How long another process is waited for that writes just now."""
FEW = 500
"""Messages up to which the helper that is there anyway examines them, on the command line too; more have two of their
own there."""
LET_GO_SECONDS = 30.0
"""How long somebody who has an account's lease, and was asked to let go, is waited for."""


class SyncGround:
    """What workers stand on. For any thread."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.connect: Callable[[Account, str], Server] | None = None
        """How a connection is made, in the place of `pecdesk.sync.imap`."""
        self._guard = threading.Lock()
        self._is_swept = False

    def open(self, account: Account, stopped: Callable[[], bool]) -> Server:
        """Log in to an account's server; its waits end soon after the function says so."""
        with self._app.servers.login(account, stopped) as password:
            if self.connect is not None:
                return self.connect(account, password)
            from pecdesk.sync.imap import connect  # noqa: PLC0415 - the IMAP library is needed by few commands

            return connect(account, password, stopped=stopped)

    def means(self, *, shares_helper: bool = True) -> Means:
        """The profile's parts, always up to date.

        Beside a window, all accounts share the one helper with it: on two processors a first synchronisation takes no
        longer, each further helper holds 40 MB, and what the window asks goes first.
        """
        app = self._app
        return Means(
            store=lambda: app.store,
            writing=lambda stopped: app.writing(patience=TURN_SECONDS, stopped=stopped),
            examiner=self._shared_examiner if shares_helper else self._examiner,
            anchors_version=lambda: app.anchors.version,
            clock=self._now,
            monotonic=time.monotonic,
            incoming=app.profile.incoming,
            free_bytes=lambda: shutil.disk_usage(app.profile.root).free,
        )

    def _now(self) -> datetime:
        return self._app.clock()  # looked up each time: a window brings its own

    @contextmanager
    def _shared_examiner(self, _count: int) -> Iterator[Examiner]:
        yield self._app.helper

    @contextmanager
    def _examiner(self, count: int) -> Iterator[Examiner]:
        if count <= FEW:
            yield self._app.helper
            return
        with self._app.examiner(now=self._app.clock(), processes=min(2, os.cpu_count() or 1)) as examiner:
            yield examiner

    @contextmanager
    def lease(self, account: Account) -> Iterator[None]:
        """Be the one that synchronises this account; what an earlier one left in the middle of its work is gone."""
        name = hashlib.sha256(account.key.encode()).hexdigest()[:16]
        with ExitStack() as held:
            try:
                held.enter_context(self._app.profile.lock(f"sync-{name}"))
            except BusyError as error:
                raise BusyError(
                    N_("Another pecdesk is synchronising {account} just now."),
                    N_("It brings in the mail: there is nothing to do. To do it from here, close the other one."),
                    account=account.address,
                ) from error
            for left in self._app.profile.incoming.glob(f".{name}-*.part"):
                left.unlink(missing_ok=True)
            self._sweep()
            self._catch_up()
            yield

    def _sweep(self) -> None:
        with self._guard:
            is_swept, self._is_swept = self._is_swept, True
        if not is_swept:
            with suppress(BusyError), self._app.writing():
                self._app.store.archive.sweep()

    def _catch_up(self) -> None:
        """What the journal tells and a full disk kept from the database is put there now, and not only at the next
        start."""
        store = self._app.store
        if store.unapplied().entries:
            with suppress(BusyError), self._app.writing():
                self._app.catch_up(store)

    @contextmanager
    def patient_lease(self, account: Account, cancelled: Callable[[], bool]) -> Iterator[None]:
        """The same, waiting for whoever has it and was asked to let go."""
        until = time.monotonic() + LET_GO_SECONDS
        waiting = threading.Event()
        with ExitStack() as held:
            while True:
                try:
                    held.enter_context(self.lease(account))
                    break
                except BusyError:
                    if cancelled() or time.monotonic() > until:
                        raise
                waiting.wait(0.05)
            yield
