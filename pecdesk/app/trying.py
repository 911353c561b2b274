"""An account's servers tried out: logged in once at each, or greeted without a login.

A login that was refused is never repeated, not even at the other server: providers lock a mailbox after a few wrong
passwords. Nothing on the servers is altered.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pecdesk.errors import N_, CancelledError, LoginError, PecdeskError, ServerError
from pecdesk.profile.account_status import Quota
from pecdesk.profile.accounts import Account, Endpoint
from pecdesk.profile.connection import reach
from pecdesk.sync.server import FolderRole, RemoteFolder, Server

PATIENCE = 10.0
"""Seconds that a server may take to greet."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """How trying out one server ended."""

    error: PecdeskError | None = None

    @property
    def is_ok(self) -> bool:
        """It let us in."""
        return self.error is None


@dataclass(frozen=True, slots=True)
class Tested:
    """What trying out an account's servers has shown."""

    imap: Attempt
    smtp: Attempt | None = None
    """None: there is no such server, or it was not asked because no password is known, or the other refused it."""
    folders: tuple[RemoteFolder, ...] = ()
    sent_folder: str | None = None
    """Where sent mail is; None: no folder looks like it."""
    quota: Quota | None = None

    @property
    def is_ok(self) -> bool:
        """Nothing went wrong."""
        return self.imap.is_ok and (self.smtp is None or self.smtp.is_ok)


@dataclass(frozen=True, slots=True)
class Reached:
    """How one server answers before anybody logs in."""

    account: Account
    protocol: str
    """`imap` or `smtp`."""
    endpoint: Endpoint
    tls: str | None = None
    """What is spoken, as "TLSv1.3"; None where the connection is plain, or failed."""
    certificate_until: datetime | None = None
    """When the server's certificate expires."""
    error: PecdeskError | None = None


def _connect(account: Account, password: str) -> Server:
    from pecdesk.sync.imap import connect  # noqa: PLC0415 - the IMAP library is needed by few commands

    return connect(account, password)


def _check_login(account: Account, password: str) -> None:
    from pecdesk.outbox.smtp import check_login  # noqa: PLC0415 - as above

    check_login(account, password, timeout=30.0)


def _shake_hands(endpoint: Endpoint, ca_file: str) -> tuple[str | None, datetime | None]:
    """What a server speaks, and until when its certificate is good; nothing else is said to it."""
    with closing(reach(endpoint, ca_file, timeout=PATIENCE)) as connection:
        if not isinstance(connection, ssl.SSLSocket):
            return None, None
        until = (connection.getpeercert() or {}).get("notAfter")
        seconds = ssl.cert_time_to_seconds(until) if isinstance(until, str) else None
        return connection.version(), None if seconds is None else datetime.fromtimestamp(seconds, UTC)


@dataclass(frozen=True, slots=True)
class Doors:
    """The ways to the servers; others in tests. Each raises `PecdeskError`."""

    connect: Callable[[Account, str], Server] = _connect
    """Log in over IMAP."""
    check_login: Callable[[Account, str], None] = _check_login
    """Log in over SMTP, and leave."""
    shake_hands: Callable[[Endpoint, str], tuple[str | None, datetime | None]] = _shake_hands
    """What it speaks and when its certificate expires, without a login."""


def try_out(account: Account, password: str, doors: Doors, cancelled: Callable[[], bool]) -> Tested:
    """Log in once at each server of an account, and look around. Raises `CancelledError`."""
    try:
        tested = _look_around(account, password, doors, cancelled)
    except CancelledError:
        raise
    except PecdeskError as error:
        tested = Tested(Attempt(error))
    if account.smtp is None or isinstance(tested.imap.error, LoginError):
        return tested
    _stop_if(cancelled)
    try:
        doors.check_login(account, password)
    except CancelledError:
        raise
    except PecdeskError as error:
        return replace(tested, smtp=Attempt(error))
    return replace(tested, smtp=Attempt())


def _look_around(account: Account, password: str, doors: Doors, cancelled: Callable[[], bool]) -> Tested:
    _stop_if(cancelled)
    with closing(doors.connect(account, password)) as server:
        _stop_if(cancelled)
        folders = tuple(server.folders())
        quota = None
        with suppress(ServerError):
            quota = server.quota()
    return Tested(Attempt(), None, folders, _sent_folder(account, folders), quota)


def _sent_folder(account: Account, folders: tuple[RemoteFolder, ...]) -> str | None:
    if account.sent_folder in [folder.name for folder in folders if folder.is_selectable]:
        return account.sent_folder
    return next((one.name for one in folders if one.role is FolderRole.SENT and one.is_selectable), None)


def reach_all(accounts: Iterable[Account], doors: Doors, cancelled: Callable[[], bool]) -> list[Reached]:
    """How every server of these accounts answers, without logging in anywhere. Raises `CancelledError`."""
    found = []
    for account in accounts:
        for protocol, endpoint in account.servers.items():
            _stop_if(cancelled)
            try:
                tls, until = doors.shake_hands(endpoint, account.ca_file)
            except PecdeskError as error:
                found.append(Reached(account, protocol, endpoint, error=error))
            else:
                found.append(Reached(account, protocol, endpoint, tls, until))
    return found


def _stop_if(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise CancelledError(N_("Cancelled: the servers were not all asked."))
