"""Passwords: in the system's key store, or told by a command of the user's; never in a file, a log or an exception.

On Linux every program of the same session can read a key store that is unlocked: it protects from those who get at the
disk, not from what runs beside us. Back ends that keep passwords readable in a file (`keyrings.alt`), or nowhere, are
refused even where the system would choose them.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import IO, TYPE_CHECKING, TypeVar

from pecdesk.errors import N_, CancelledError, PasswordError, UsageError
from pecdesk.profile.accounts import Account

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

SERVICE = "pecdesk"
"""Name under which the key store lists our passwords, each beside the address it is for."""

LONGEST_OUTPUT = 65_536
"""Bytes that a password command may print; the password is the first line."""

_REFUSED = ("keyrings.alt", "keyring.backends.fail", "keyring.backends.null")
"""Modules whose back ends keep passwords readable, or not at all."""

_OTHERWISE = N_("Start the system’s key store, or give a command that prints the password.")

_REASONS = {
    "KeyringLocked": N_("it is locked"),
    "InitError": N_("it does not answer"),
    "NoKeyringError": N_("it does not answer"),
    "PasswordSetError": N_("it does not keep the password"),
    "PasswordDeleteError": N_("it does not delete the password"),
}
"""What the key store's own failures mean, by the names of their classes; their words might hold anything."""


def _never() -> bool:
    return False


class Passwords:
    """The passwords of accounts, for any thread. May wait for the user: the key store asks to be unlocked."""

    def __init__(self, *, time_limit: float = 30.0) -> None:
        self._time_limit = time_limit
        """Seconds that a password command may take: it may ask the user something."""

    def password(self, account: Account, cancelled: Callable[[], bool] = _never) -> str:
        """The password of an account. Raises `PasswordError` where there is none, or the command fails."""
        if account.password_command:
            return self._told_by_command(account, cancelled)
        found = self._ask(lambda store: store.get_password(SERVICE, account.key))
        if not found:
            raise PasswordError(
                N_("No password of {address} is kept on this computer."),
                N_("Enter it again, or give a command that prints it."),
                address=account.address,
            )
        return found

    def keep(self, account: Account, password: str) -> None:
        """Put a password into the system's key store, in the place of an older one."""
        if not password or any(char in password for char in "\r\n\0"):
            raise UsageError(N_("A password cannot be empty or hold a line end."))
        self._ask(lambda store: store.set_password(SERVICE, account.key, password))

    def forget(self, account: Account) -> None:
        """Take a password out of the key store; nothing where there is none."""

        def delete(store: KeyringBackend) -> None:
            if store.get_password(SERVICE, account.key) is not None:
                store.delete_password(SERVICE, account.key)

        self._ask(delete)

    def available(self) -> PasswordError | None:
        """Why no password can be kept on this computer; None where one can."""
        try:
            _key_store()
        except PasswordError as error:
            return error
        return None

    @staticmethod
    def _ask(action: Callable[[KeyringBackend], T]) -> T:
        store = _key_store()
        try:
            return action(store)
        except Exception as error:  # noqa: BLE001 - back ends raise what they please
            kind = type(error).__name__
        # Out here the failure has no cause to be printed with it, whose words might hold a password.
        message = N_("The key store of this computer refuses: {reason}.")
        raise PasswordError(message, N_("Unlock it and do it again."), reason=_REASONS.get(kind, kind))

    def _told_by_command(self, account: Account, cancelled: Callable[[], bool]) -> str:
        printed = self._printed(account, cancelled)
        line = printed.partition(b"\n")[0].removesuffix(b"\r")
        try:
            password = line.decode("utf-8")
        except UnicodeDecodeError:
            password = ""
        if not password or "\0" in password:
            message = N_("The command for the password of {address} prints no password on its first line.")
            raise PasswordError(message, _RUN_IT, address=account.address)
        return password

    def _printed(self, account: Account, cancelled: Callable[[], bool]) -> bytes:
        """What the command prints: run without a shell, its complaints unread, ended when it takes too long."""
        process = _start(account)
        printed: list[bytes] = []
        reader = threading.Thread(target=_read, args=(process.stdout, printed), name="password-command", daemon=True)
        reader.start()
        deadline = time.monotonic() + self._time_limit
        while reader.is_alive() and not cancelled() and time.monotonic() < deadline:
            reader.join(0.05)
        is_late = reader.is_alive()
        _end(process, at_once=is_late)
        reader.join(1)
        if is_late and cancelled():
            raise CancelledError
        if is_late:
            message = N_("The command for the password of {address} did not end in {seconds} seconds.")
            raise PasswordError(message, _RUN_IT, address=account.address, seconds=round(self._time_limit))
        output = b"".join(printed)
        if process.returncode or len(output) > LONGEST_OUTPUT:
            message = N_("The command for the password of {address} failed (exit code {code}).")
            raise PasswordError(message, _RUN_IT, address=account.address, code=process.returncode)
        return output


_RUN_IT = N_("Run it in a terminal to see what it says.")


def _key_store() -> KeyringBackend:
    """The first back end of the system that keeps a secret. Raises `PasswordError` where there is none."""
    import keyring  # noqa: PLC0415 - looks for every back end of the system, which takes a moment
    from keyring.backends.chainer import ChainerBackend  # noqa: PLC0415

    try:
        chosen = keyring.get_keyring()
        # A chain would hand a password on to the next back end when the first refuses: the next may write it to a file.
        candidates = list(chosen.backends) if isinstance(chosen, ChainerBackend) else [chosen]
    except Exception:  # noqa: BLE001 - back ends raise what they please
        candidates = []
    safe = [store for store in candidates if not _is_refused(store)]
    if safe:
        return safe[0]
    if any(type(store).__module__.startswith("keyrings.alt") for store in candidates):
        message = N_("The only key store of this computer keeps passwords in a file that can be read: it is not used.")
    else:
        message = N_("This computer has no key store for passwords, or it does not answer.")
    raise PasswordError(message, _OTHERWISE)


def _is_refused(store: KeyringBackend) -> bool:
    return any(kind.__module__.startswith(_REFUSED) for kind in type(store).__mro__)


def _start(account: Account) -> subprocess.Popen[bytes]:
    try:
        command = account.password_command if sys.platform == "win32" else shlex.split(account.password_command)
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=sys.platform != "win32",
        )
    except OSError as error:
        reason = error.strerror or type(error).__name__
    except (ValueError, IndexError):
        reason = N_("it is not written as a command is")
    message = N_("The command for the password of {address} cannot be run: {reason}.")
    raise PasswordError(
        message, N_("Correct it in the settings of the account."), address=account.address, reason=reason
    )


def _read(stream: IO[bytes] | None, printed: list[bytes]) -> None:
    if stream is not None:
        with stream:
            printed.append(stream.read(LONGEST_OUTPUT + 1))


def _end(process: subprocess.Popen[bytes], *, at_once: bool) -> None:
    """End the command with all it has started, unless it does so by itself within a second."""
    if not at_once:
        with suppress(subprocess.TimeoutExpired):
            process.wait(1)
            return
    if sys.platform == "win32":
        process.kill()
    else:
        # The group is still ours: nobody has waited for its leader, so its number belongs to no other.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
