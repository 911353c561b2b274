"""Mailboxes for the window's tests: servers answer as told, workers stand as told. No network, no key store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from pecdesk.app import App
from pecdesk.app.servers import Attempt, Servers, Tested
from pecdesk.app.syncing import Freed
from pecdesk.errors import (
    N_,
    CertificateError,
    LoginError,
    NetworkError,
    PasswordError,
    PecdeskError,
)
from pecdesk.pec.message import normal_address
from pecdesk.profile import Profile
from pecdesk.profile.account_status import AccountStatus, EmptiedFolder, Quota, SyncState
from pecdesk.profile.accounts import Account, Endpoint
from pecdesk.profile.providers import provider_named, with_provider
from pecdesk.sync.server import FolderRole, RemoteFolder

NOW = datetime.fromisoformat("2026-11-22T10:43:00+01:00")
STUDIO = "studio.verdi@pec.example"

ARUBA = with_provider(
    Account(STUDIO, Endpoint("", 993), name="Studio Verdi", password_since=date(2026, 8, 20)), provider_named("aruba")
)
LEGALMAIL = with_provider(
    Account("anna.neri@legalmail.example", Endpoint("", 993), user="M1234567"), provider_named("legalmail")
)
OWN = Account("ufficio@pec.comune.example", Endpoint("imap.comune.example", 993), Endpoint("smtp.comune.example", 465))

FOLDERS = (
    RemoteFolder("INBOX", ".", FolderRole.INBOX),
    RemoteFolder("INBOX.Inviata", ".", FolderRole.SENT),
    RemoteFolder("INBOX.Spam", ".", FolderRole.SPAM),
    RemoteFolder("INBOX.Ricevute", ".", FolderRole.RECEIPTS),
)
FOUND = Tested(Attempt(), Attempt(), FOLDERS, "INBOX.Inviata", Quota(820_000_000, 1_000_000_000))

HOST = {"host": "imaps.pec.aruba.it", "port": 993}
REFUSED = LoginError(
    "{host} refuses the user name or the password.",
    "Check both. It is not tried again by itself, so that the mailbox is not locked.",
    **HOST,
)
GONE = NetworkError("{host} did not answer in time.", "If this goes on, check the connection to the internet.", **HOST)
FALSE_CERTIFICATE = CertificateError(
    "The certificate is not for {host}: another server answers in its place.",
    "The password was not sent. If you are in a foreign network, try another one; otherwise ask the provider.",
    **HOST,
)
"""As connecting says them."""

CURRENT = AccountStatus(STUDIO, SyncState.CURRENT, checked_at=NOW, is_watching=True)
STATES: dict[str, AccountStatus] = {
    "current": CURRENT,
    "first run": AccountStatus(STUDIO, SyncState.SYNCING, done=12_340, of=20_000, folder="INBOX"),
    "password expired": AccountStatus(
        STUDIO, SyncState.LOGIN_REFUSED, trouble=REFUSED, checked_at=NOW - timedelta(hours=5)
    ),
    "server gone": AccountStatus(
        STUDIO,
        SyncState.OFFLINE,
        trouble=GONE,
        next_try_at=NOW + timedelta(minutes=7),
        checked_at=NOW - timedelta(hours=1),
    ),
    "certificate wrong": AccountStatus(STUDIO, SyncState.OFFLINE, trouble=FALSE_CERTIFICATE),
    "quota full": replace(CURRENT, quota=Quota(1_000_000_000, 1_000_000_000)),
    "quota filling": replace(CURRENT, quota=Quota(960_000_000, 1_000_000_000), quota_full_at=NOW + timedelta(days=12)),
    "emptied folder": AccountStatus(
        STUDIO, SyncState.QUESTION, question=EmptiedFolder("INBOX", 1_284), checked_at=NOW - timedelta(days=1)
    ),
    "paused": AccountStatus(STUDIO, SyncState.PAUSED, checked_at=NOW),
    "messages not fetched": replace(CURRENT, unfetched=3),
}
"""Ways in which a mailbox can stand."""


class MemoryPasswords:
    """A key store in memory; `problem` says why it keeps nothing."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.problem: PasswordError | None = None

    def password(self, account: Account, cancelled: Callable[[], bool] = lambda: False) -> str:
        if account.key not in self.kept:
            raise PasswordError(N_("No password of {address} is kept on this computer."), address=account.address)
        return self.kept[account.key]

    def keep(self, account: Account, password: str) -> None:
        if self.problem is not None:
            raise self.problem
        self.kept[account.key] = password

    def forget(self, account: Account) -> None:
        self.kept.pop(account.key, None)

    def available(self) -> PasswordError | None:
        return self.problem


class TriedServers(Servers):
    """The real accounts; what trying out servers shows is told beforehand."""

    def __init__(self, app: App) -> None:
        super().__init__(app, passwords=MemoryPasswords())  # type: ignore[arg-type]
        self.answers: list[Tested | PecdeskError] = []
        self.tried: list[tuple[Account, str | None]] = []
        """Every attempt, in order."""
        self.gate = threading.Event()
        self.gate.set()

    def test(
        self, account: Account, password: str | None = None, cancelled: Callable[[], bool] = lambda: False
    ) -> Tested:
        self.tried.append((account, password))
        assert self.gate.wait(10)
        answer = self.answers.pop(0) if self.answers else FOUND
        return answer if isinstance(answer, Tested) else Tested(Attempt(answer))


class ToldSyncing:
    """Workers that stand as they are told to, and remember what was asked of them."""

    def __init__(self) -> None:
        self.states: dict[str, AccountStatus] = {}
        self.asked: list[tuple[str, object]] = []
        self.is_paused = False
        self.freed = Freed(1_284, 812_000_000)
        """What making room comes to."""
        self._subscribers: list[Callable[[AccountStatus], None]] = []

    def tell(self, status: AccountStatus) -> None:
        """One stands like this from now on; from any thread."""
        self.states[normal_address(status.account)] = status
        for subscriber in tuple(self._subscribers):
            subscriber(status)

    def status(self, address: str) -> AccountStatus:
        key = normal_address(address)
        return self.states.get(key, AccountStatus(key))

    def statuses(self) -> dict[str, AccountStatus]:
        return dict(self.states)

    def subscribe(self, callback: Callable[[AccountStatus], None]) -> Callable[[], None]:
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    def start(self) -> None:
        self.asked.append(("start", None))

    def stop(self) -> None:
        self.asked.append(("stop", None))

    def check_now(self, *addresses: str) -> None:
        self.asked.append(("check", addresses))

    def pause(self, on: bool) -> None:
        self.is_paused = on
        self.asked.append(("pause", on))
        for status in tuple(self.states.values()):
            self.tell(replace(status, state=SyncState.PAUSED if on else SyncState.CONNECTING))

    def answer(self, address: str, forget: bool) -> None:
        self.asked.append(("answer", (address, forget)))

    def move(self, address: str, hashes: Sequence[str], folder: str, target: str) -> None:
        self.asked.append(("move", (address, hashes, folder, target)))

    def free_space(
        self,
        address: str,
        before: date,
        *,
        dry_run: bool = False,
        progress: Callable[[int, int | None], None] = lambda _done, _of: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Freed:
        self.asked.append(("free", (address, before, dry_run)))
        return self.freed

    def restart(self, address: str) -> None:
        self.asked.append(("restart", normal_address(address)))


class AccountApp(App):
    """A profile whose mailboxes need no network."""

    def __init__(self, profile: Profile) -> None:
        super().__init__(profile)
        self._tried = TriedServers(self)
        self._told = ToldSyncing()

    @property
    def servers(self) -> TriedServers:  # type: ignore[override]
        return self._tried

    @property
    def syncing(self) -> ToldSyncing:  # type: ignore[override]
        return self._told


def keep(root: Path, *accounts: Account) -> None:
    """Set up these mailboxes in the profile of that folder."""
    with AccountApp.open(root) as app:
        for account in accounts:
            app.servers.add(account, None, NOW)
