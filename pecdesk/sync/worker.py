"""The thread that keeps one account current: connect, look through everything, wait for new mail, and again.

One connection does it all: while nothing is to be done it waits on the server's word (IDLE), so an account never has
more than this one open, and one more for what the user starts by hand.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace
from datetime import timedelta

from pecdesk.errors import (
    BusyError,
    CancelledError,
    DiskFullError,
    LoginError,
    NetworkError,
    PecdeskError,
    ServerError,
)
from pecdesk.profile.account_status import AccountStatus, EmptiedFolder, SyncState
from pecdesk.profile.accounts import Account
from pecdesk.store import Folder
from pecdesk.sync.check import Check, Checked
from pecdesk.sync.gauges import filling
from pecdesk.sync.means import Means
from pecdesk.sync.server import FolderRole, FolderStatus, Server
from pecdesk.sync.waiting import JumpWatch, backoff

LOOK_SECONDS = 300.0
"""How often every folder is looked into while the server tells of new mail in the inbox by itself. IDLE is issued anew
as often: connections through some routers die silently after ten minutes."""
POLL_SECONDS = 120.0
"""The same where the server does not tell."""
ELSEWHERE_SECONDS = 30.0
"""How often it is looked whether another process has let go of the account."""
NO_ROOM_SECONDS = 60.0
QUOTA_SECONDS = 600.0

_log = logging.getLogger("sync")

Connect = Callable[[Account, Callable[[], bool]], Server]
"""Logs in; its waits end soon after the function says so."""
Lease = Callable[[], AbstractContextManager[None]]
Wait = Callable[[threading.Event, float | None], bool]


def _wait(event: threading.Event, seconds: float | None) -> bool:
    return event.wait(seconds)


class Worker:
    """Keeps one account current on a thread of its own. Its methods may be called from any thread."""

    def __init__(
        self,
        account: Account,
        means: Means,
        *,
        connect: Connect,
        lease: Lease,
        tell: Callable[[AccountStatus], None],
        paused: bool = False,
        jitter: Callable[[], float] = random.random,
        wait: Wait = _wait,
    ) -> None:
        """`lease` is held while this worker is at it; BusyError where another has it. `tell` is called on the worker's
        thread whenever something changed."""
        self._account = account
        self._means = means
        self._connect = connect
        self._lease = lease
        self._tell = tell
        self._jitter = jitter
        self._wait = wait
        self._woken = threading.Event()
        self._stopping = False
        self._paused = paused
        self._poked = False
        self._restarted = False
        self._cancelled: Callable[[], bool] = lambda: False
        self._failures = 0
        self._seen: FolderStatus | None = None
        """The inbox as it was when it was last found to differ from what is known."""
        self._quota_at: float | None = None
        self._jumps = JumpWatch(means.clock, means.monotonic)
        self._thread = threading.Thread(target=self._run, name=f"sync-{account.key.partition('@')[0]}", daemon=True)
        self.status = AccountStatus(account.key)
        """How it stands; replaced whenever something changed."""

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def run_once(self, *, dry_run: bool, cancelled: Callable[[], bool]) -> Checked:
        """Instead of `start`: one pass on the caller's thread. Raises what ended it early."""
        self._cancelled = cancelled
        try:
            with nullcontext() if dry_run else self._lease():
                server = self._open()
                try:
                    if dry_run:
                        return Check(self._account, server, self._means, tries_again=True).dry_run()
                    return self._look(server, tries_again=True)
                finally:
                    server.close()
        except PecdeskError as error:
            self._failed(error)
            raise

    def stop(self) -> None:
        """Let go of the server as soon as possible; `join` waits for it."""
        self._stopping = True
        self._woken.set()

    def join(self, seconds: float) -> bool:
        """Wait for the thread's end; whether it came."""
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def poke(self) -> None:
        """Look now: the user asked for it, did something the server is to know of, or the network is back."""
        self._poked = True
        self._woken.set()

    def pause(self, on: bool) -> None:
        """Leave the server alone for a while, or go on."""
        self._paused = on
        self._woken.set()

    def restart(self, account: Account) -> None:
        """Begin anew with an account that was changed, or whose password was."""
        self._account = account
        self._restarted = True
        self._woken.set()

    # the thread

    def _run(self) -> None:
        self._remember()
        while not self._stopping:
            self._restarted = False
            if self._paused:
                self._set(state=SyncState.PAUSED, trouble=None, next_try_at=None, is_watching=False)
                self._sleep(None, lambda: not self._paused)
                continue
            seconds = self._attempt()
            # Who was not let in waits for more than a wish to look now: providers lock a mailbox after few attempts.
            is_refused = self.status.state is SyncState.LOGIN_REFUSED
            self._sleep(seconds, self._is_interrupted if is_refused else self._wants_attention)
        _log.info("synchronising ended")

    def _remember(self) -> None:
        """When everything was last looked at, by an earlier run of the program."""
        with suppress(PecdeskError):
            moments = [folder.checked_at for folder in self._means.store().folders(self._account.key)]
            self._set(checked_at=max((at for at in moments if at is not None), default=None))

    def _sleep(self, seconds: float | None, is_over: Callable[[], bool]) -> None:
        """Wait for so long, or until it is over."""
        while seconds != 0.0 and not (self._stopping or is_over()):
            self._woken.clear()
            if self._stopping or is_over() or not self._wait(self._woken, seconds):
                break
        self._poked = False

    def _is_interrupted(self) -> bool:
        """Whether what is being done is to be left off."""
        return self._stopping or self._restarted or self._paused or self._cancelled()

    def _attempt(self) -> float | None:
        """Be connected for as long as it lasts; seconds until the next attempt, None for when the user says so."""
        try:
            with self._lease():
                self._stay()
        except CancelledError:
            return 0.0
        except PecdeskError as error:
            self._failures += 1
            return self._failed(error)
        except Exception as error:  # noqa: BLE001 - shown as what it is, and tried again only when somebody wants it
            _log.exception("a bug ended the synchronising of an account")
            return self._failed(error)
        return 0.0

    def _failed(self, error: Exception) -> float | None:
        """Say so; seconds until the next attempt."""
        if self._is_interrupted():
            return 0.0  # it was cut short by us
        state, seconds = _consequence(error, self._failures, self._jitter)
        _log.info("%s: %s", state, type(error).__name__)
        at = None if seconds is None else self._means.clock() + timedelta(seconds=seconds)
        trouble = error if isinstance(error, PecdeskError) else None
        self._set(state=state, trouble=trouble, next_try_at=at, is_watching=False, of=None)
        return seconds

    # connected

    def _open(self) -> Server:
        self._set(state=SyncState.CONNECTING, next_try_at=None, done=0, of=None, folder="")
        return self._connect(self._account, self._is_interrupted)

    def _stay(self) -> None:
        server = self._open()
        try:
            self._look(server, tries_again=True)
            while not self._is_interrupted():
                has_news = self._await(server)
                if self._is_interrupted():
                    break
                if has_news:
                    self._check(server, only_inbox=True)
                self._look(server)
        finally:
            server.close()

    def _look(self, server: Server, *, tries_again: bool = False) -> Checked:
        """Look through everything."""
        if tries_again:
            self._set(state=SyncState.SYNCING, trouble=None)
        checked = self._check(server, tries_again=tries_again)
        self._failures = 0
        if self._is_interrupted():
            return checked
        self._read_quota(server)
        emptied = self._means.store().emptied(self._account.key)
        question = EmptiedFolder(emptied[0].folder, emptied[0].messages) if emptied else None
        self._set(
            state=SyncState.QUESTION if question else SyncState.CURRENT,
            question=question,
            trouble=None,
            done=0,
            of=None,
            folder="",
            checked_at=self._means.clock(),
            unfetched=self._means.store().unfetched(self._account.key),
            is_watching="IDLE" in server.capabilities,
        )
        return checked

    def _check(self, server: Server, *, only_inbox: bool = False, tries_again: bool = False) -> Checked:
        self._poked = False
        check = Check(
            self._account,
            server,
            self._means,
            stopped=self._is_interrupted,
            progress=self._progress,
            tries_again=tries_again,
        )
        return check.run(only_inbox=only_inbox)

    def _progress(self, done: int, of: int, folder: str) -> None:
        self._set(state=SyncState.SYNCING, done=done, of=of, folder=folder)

    def _await(self, server: Server) -> bool:
        """Wait until there is something to do; whether the server told of something in the inbox."""
        self._jumps.begin()
        self._woken.clear()
        inbox = self._inbox()
        if inbox is None or "IDLE" not in server.capabilities:
            if not self._wants_attention():
                self._wait(self._woken, POLL_SECONDS)
            self._notice_jump(POLL_SECONDS)
            return False
        status = server.select(inbox.name)
        is_known = (status.uidvalidity, status.uidnext, status.messages) == (
            inbox.uidvalidity,
            inbox.uidnext,
            inbox.messages,
        )
        if not is_known and status != self._seen:
            self._seen = status
            return True  # it came in between
        if server.wait(LOOK_SECONDS, lambda: self._notice_jump() or self._wants_attention()):
            return True
        if not self._wants_attention():
            server.still_there()
        return False

    def _notice_jump(self, waited: float = 0.0) -> bool:
        """Connect anew where this computer slept, or its clock was set: what was connected then is dead."""
        if self._jumps.has_jumped(waited):
            _log.info("time went by unnoticed: connecting anew")
            self._restarted = True
        return self._restarted

    def _inbox(self) -> Folder | None:
        folders = self._means.store().folders(self._account.key)
        return next((folder for folder in folders if folder.role == FolderRole.INBOX), None)

    def _wants_attention(self) -> bool:
        """Whether waiting is to end before its time."""
        return self._is_interrupted() or self._poked

    # what is told

    def _read_quota(self, server: Server) -> None:
        now = self._means.monotonic()
        if self._quota_at is not None and now - self._quota_at < QUOTA_SECONDS:
            return
        self._quota_at = now
        found = filling(self._account.key, server, self._means, self._is_interrupted)
        if found is not None:
            self._set(quota=found[0], quota_full_at=found[1])

    def _set(self, **changed: object) -> None:
        status = replace(self.status, **changed)  # type: ignore[arg-type]
        if status != self.status:
            self.status = status
            self._tell(status)


def _consequence(error: Exception, failures: int, jitter: Callable[[], float]) -> tuple[SyncState, float | None]:
    """What an account's state is after that, and in how many seconds it is tried again; None: not by itself."""
    match error:
        case BusyError():
            return SyncState.BUSY_ELSEWHERE, ELSEWHERE_SECONDS
        case LoginError():
            return SyncState.LOGIN_REFUSED, None
        case DiskFullError():
            return SyncState.FAILED, NO_ROOM_SECONDS
        case NetworkError() | ServerError():
            return SyncState.OFFLINE, backoff(failures, jitter)
        case PecdeskError():
            return SyncState.FAILED, backoff(failures, jitter)
        case _:
            return SyncState.FAILED, None
