"""Logins that a server refused: not tried again by any program of the profile before the user did something about it.

Providers lock a mailbox after a few wrong passwords. A worker that stops after one attempt is not enough: a window that
is started every morning, or a command that runs every ten minutes, would be as many attempts. What was refused is kept
as a hidden file of the profile, which no backup takes along; no password is in it, nor anything made from one.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from pathlib import Path

from pecdesk.errors import N_, LoginError
from pecdesk.profile.accounts import Account
from pecdesk.store.database import refusals
from pecdesk.store.disk import write_file

_ASK_AGAIN = N_("Enter the password anew, or have it tried once more.")


class RefusedLogins:
    """The refused logins of one profile, for any thread and any number of processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def check(self, account: Account) -> None:
        """Raise `LoginError` where the server refused this very login, and nothing of it was changed since."""
        try:
            kept = json.loads(self._file(account).read_text(encoding="utf-8"))
            moment = datetime.fromisoformat(kept["at"])
            is_same = kept["login"] == login_of(account)
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return  # there is none, or nobody can say what it was: one attempt is no danger
        if is_same:
            raise LoginError(
                N_("{host} refused user name or password on {moment}, and was not asked again since."),
                _ASK_AGAIN,
                host=account.imap.host,
                moment=f"{moment.astimezone():%d/%m/%Y %H:%M}",
            )

    def note(self, account: Account, at: datetime) -> None:
        """Keep that this login was refused."""
        kept = {"at": at.isoformat(), "login": login_of(account)}
        write_file(self._file(account), json.dumps(kept).encode())

    def forget(self, account: Account) -> bool:
        """Let it be tried again; whether there was anything to forget."""
        file = self._file(account)
        if not file.exists():
            return False
        with refusals(file):
            file.unlink(missing_ok=True)
        return True

    def _file(self, account: Account) -> Path:
        return self._folder / f".refused-{hashlib.sha256(account.key.encode()).hexdigest()[:16]}.json"


def login_of(account: Account) -> str:
    """What is refused together with a password: where, as whom, and where the password comes from."""
    parts = (account.imap.host.lower(), str(account.imap.port), account.login, account.password_command)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
