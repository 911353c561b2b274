"""The accounts of a profile and the servers they are on: kept, changed, tried out (`pecdesk.app.trying`)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from pecdesk.app.refused_logins import RefusedLogins, login_of
from pecdesk.app.trying import Attempt, Doors, Reached, Tested, reach_all, try_out
from pecdesk.errors import N_, LoginError, PasswordError, ProfileError, StoreError, UsageError
from pecdesk.pec.message import normal_address
from pecdesk.profile.accounts import Account, accounts_text, faults, load_accounts
from pecdesk.profile.connection import tls_context
from pecdesk.profile.passwords import Passwords
from pecdesk.profile.providers import password_ends
from pecdesk.store import Changes
from pecdesk.store.database import refusals
from pecdesk.store.disk import write_file

if TYPE_CHECKING:
    from pecdesk.app.opened import Opened

__all__ = ["ANNOUNCED", "Attempt", "Doors", "ExpiringPassword", "Reached", "Servers", "Tested"]

ANNOUNCED = timedelta(days=14)
"""How long before a password expires this is told."""

PATIENCE = 5.0
"""Seconds to wait for another process that writes, as one that synchronises does again and again."""


@dataclass(frozen=True, slots=True)
class ExpiringPassword:
    """A password for mail programs that its provider will let expire."""

    account: Account
    at: date
    """The day, as far as it can be known: counted from when the password was entered here."""


def _never() -> bool:
    return False


class Servers:
    """The accounts of one profile, for any thread. What is called quick may be asked by a window while it draws."""

    def __init__(self, app: Opened, *, passwords: Passwords | None = None, doors: Doors | None = None) -> None:
        self._app = app
        self.passwords = passwords or Passwords()
        self.doors = doors or Doors()
        self._refused = RefusedLogins(app.profile.root)
        self._reading = threading.Lock()
        self._seen: tuple[int, ...] | None = None
        """Stamp of the file that was read last; None where there was none."""
        self._accounts: tuple[Account, ...] = ()
        self._problem: ProfileError | None = None

    # the accounts

    def all(self) -> tuple[Account, ...]:
        """All accounts, as the file has them now: another process may have written it. Quick."""
        return self._read()[0]

    @property
    def problem(self) -> ProfileError | None:
        """What is wrong with the file of the accounts, if anything is. Quick."""
        return self._read()[1]

    def get(self, address: str) -> Account | None:
        """The account of that address, however it is written; None where there is none. Quick."""
        key = normal_address(address)
        return next((account for account in self.all() if account.key == key), None)

    def named(self, address: str) -> Account:
        """The same for an address that somebody typed. Raises `UsageError` where there is none."""
        account = self.get(address)
        if account is None:
            message = N_("There is no account {address} here.")
            raise UsageError(message, N_("“pecdesk account list” shows those there are."), address=address)
        return account

    def check_new(self, account: Account) -> None:
        """Raise `UsageError` or `InputError` where `add` would not keep that account."""
        _check(account)
        _check_authority(account)
        if self.get(account.address) is not None:
            raise UsageError(
                N_("{address} is an account here already."),
                N_("Remove it first to set it up anew: its mail stays."),
                address=account.address,
            )

    def add(self, account: Account, password: str | None, at: datetime) -> Account:
        """Keep a new account, and its password in the system's key store; the mailbox is the profile's own from now on.

        Without a password the account has a command that tells it, or none is known yet. Nothing is tried out. What was
        kept is the answer.
        """
        self.check_new(account)
        account = self._with_password(account, password, at)
        try:
            with self._app.writing(patience=PATIENCE):
                self.check_new(account)
                self._write((*self.all(), account))
                self._app.store.add_account(account.address, at)
        except BaseException:
            if password is not None and self.get(account.address) is None:
                with suppress(PasswordError):
                    self.passwords.forget(account)
            raise
        self._refused.forget(account)
        self._publish(account)
        return account

    def change(self, account: Account, password: str | None = None, at: datetime | None = None) -> Account:
        """Put an account in the place of the one with its address; its password is changed where one is given.

        `at` is when; without it, now.
        """
        _check(account)
        _check_authority(account)
        before = self.named(account.address)
        account = self._with_password(account, password, at or datetime.now(UTC))
        with self._app.writing(patience=PATIENCE):
            self._write(tuple(account if one.key == account.key else one for one in self.all()))
        if password is not None:
            self._refused.forget(account)
        self._publish(account)
        if account.password_command and not before.password_command:
            self.passwords.forget(account)
        return account

    def remove(self, address: str) -> Account:
        """Keep the account no longer and forget its password. Its mail stays, and it stays the profile's own."""
        account = self.named(address)
        with self._app.writing(patience=PATIENCE):
            self._write(tuple(one for one in self.all() if one.key != account.key))
        self._refused.forget(account)
        self._publish(account)
        if not account.password_command:
            try:
                self.passwords.forget(account)
            except PasswordError as error:
                raise PasswordError(
                    N_("{address} was removed, but its password may still be in the system’s key store."),
                    N_("Look there for the entry “pecdesk” and delete it."),
                    address=account.address,
                ) from error
        return account

    # passwords

    def password_of(self, account: Account, cancelled: Callable[[], bool] = _never) -> str:
        """The password of an account. Raises `PasswordError`."""
        return self.passwords.password(account, cancelled)

    def password_to_try(self, account: Account, cancelled: Callable[[], bool] = _never) -> str:
        """The password of an account, for a program that logs in by itself. Raises `PasswordError`, and `LoginError`
        where it was refused before: the server is not asked then."""
        self._refused.check(account)
        return self.password_of(account, cancelled)

    @contextmanager
    def login(self, account: Account, cancelled: Callable[[], bool] = _never) -> Iterator[str]:
        """The same, for one login inside the block; that it was refused there is kept."""
        password = self.password_to_try(account, cancelled)
        try:
            yield password
        except LoginError:
            self._note_refusal(account)
            raise

    def _note_refusal(self, account: Account) -> None:
        """Keep that a login was refused. A disk that refuses this as well must not make it look like another failure,
        which would be tried again."""
        with suppress(StoreError):
            self._refused.note(account, self._app.clock())

    def let_try_again(self, address: str) -> None:
        """The user wants a login that was refused to be tried once more, as it is."""
        account = self.named(address)
        if self._refused.forget(account):
            self._publish(account)

    def key_store_problem(self) -> PasswordError | None:
        """Why no password can be kept on this computer; None where one can."""
        return self.passwords.available()

    def expiring(self, now: datetime) -> list[ExpiringPassword]:
        """Passwords for mail programs that expire within two weeks of `now`, the first to expire first. Quick."""
        today = now.date()
        ends = [ExpiringPassword(account, day) for account in self.all() if (day := password_ends(account)) is not None]
        return sorted((one for one in ends if today <= one.at <= today + ANNOUNCED), key=lambda one: one.at)

    # trying out

    def test(self, account: Account, password: str | None = None, cancelled: Callable[[], bool] = _never) -> Tested:
        """Log in once at each server of an account, which need not be kept here yet, and look around.

        `password` is the one to try; None: the one that is kept, even where it was refused before. Raises
        `CancelledError`, and `UsageError` for an account that cannot be; every other failure is in the answer.
        """
        _check(account)
        if password is not None:
            return try_out(account, password, self.doors, cancelled)
        try:
            password = self.password_of(account, cancelled)
        except PasswordError as error:
            return Tested(Attempt(error))
        tested = try_out(account, password, self.doors, cancelled)
        kept = self.get(account.address)
        if kept is None or login_of(kept) != login_of(account):
            return tested  # what is only typed so far says nothing of the login that is kept
        if isinstance(tested.imap.error, LoginError):
            self._note_refusal(account)
        elif tested.imap.is_ok and self._refused.forget(account):
            self._publish(account)
        return tested

    def reach_all(self, cancelled: Callable[[], bool] = _never) -> list[Reached]:
        """How every server of every account answers, without logging in anywhere. Raises `CancelledError`."""
        return reach_all(self.all(), self.doors, cancelled)

    # the file

    def _read(self) -> tuple[tuple[Account, ...], ProfileError | None]:
        file = self._app.profile.accounts
        with self._reading:
            try:
                state = file.stat()
                stamp = state.st_mtime_ns, state.st_size, state.st_ino
            except OSError:
                stamp = None
            if stamp is None or stamp != self._seen:
                self._accounts, self._problem = load_accounts(file)
                self._seen = stamp
            return self._accounts, self._problem

    def _write(self, accounts: tuple[Account, ...]) -> None:
        """Write the file as a whole; one that could not be read, or not all of it, is kept aside."""
        file = self._app.profile.accounts
        if self.problem is not None:
            with refusals(file):
                file.replace(file.with_suffix(".unreadable.toml"))
        write_file(file, accounts_text(accounts).encode())
        with self._reading:
            self._seen = None

    def _publish(self, account: Account) -> None:
        self._app.changes.publish(Changes(accounts=frozenset({account.key})))

    def _with_password(self, account: Account, password: str | None, at: datetime) -> Account:
        if password is None or account.password_command:
            return account
        self.passwords.keep(account, password)
        return replace(account, password_since=at.date())


def _check(account: Account) -> None:
    if wrong := faults(account):
        message = N_("The account {address} has values that mean nothing: {names}.")
        raise UsageError(message, address=account.address, names=", ".join(wrong))


def _check_authority(account: Account) -> None:
    if account.ca_file:
        tls_context(account.ca_file)
