"""Passwords in a desktop's real key store: GNOME's, on a message bus of its own. Skipped where it is not installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NEEDED = ("dbus-run-session", "gnome-keyring-daemon")

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or any(shutil.which(name) is None for name in NEEDED),
    reason="there is no gnome-keyring here",
)

BEGIN = """
from pecdesk.errors import PasswordError
from pecdesk.profile.accounts import Account, Endpoint
from pecdesk.profile.passwords import Passwords

studio = Account("Studio@pec.example", Endpoint("imap.pec.example", 993))
other = Account("altro@pec.example", Endpoint("imap.pec.example", 993))
passwords = Passwords()

def told(account):
    try:
        return passwords.password(account)
    except PasswordError as error:
        return str(error)
"""

LIFE = """
assert passwords.available() is None
assert told(studio).startswith("No password"), told(studio)
passwords.keep(studio, "s3greto – àè")
passwords.keep(other, "un’altra")
assert told(studio) == "s3greto – àè"
passwords.keep(studio, "nuova")
assert (told(studio), told(other)) == ("nuova", "un’altra")
passwords.forget(studio)
passwords.forget(studio)
assert told(studio).startswith("No password"), told(studio)
assert told(other) == "un’altra"
"""

LATER = 'assert told(other) == "un’altra", told(other)'

LOCKED = """
try:
    passwords.keep(studio, "s3greto")
except PasswordError as error:
    assert "s3greto" not in str(error) + repr(error)
else:
    raise AssertionError("a store that is locked kept it")
"""


def in_session(home: Path, script: str, *, master: str | None) -> None:
    """Run a script in a session of its own, its key store opened with that password; None: nobody opens it."""
    unlock = "gnome-keyring-daemon --unlock --components=secrets" if master is not None else "true"
    run = home / "run"
    run.mkdir(mode=0o700, exist_ok=True)
    usual = {name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPATH") if name in os.environ}
    done = subprocess.run(
        [
            "dbus-run-session",
            "--",
            "sh",
            "-c",
            f'{unlock} >/dev/null && exec "$0" -c "$1"',
            sys.executable,
            BEGIN + script,
        ],
        input=master or "",
        env=usual | {"HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "XDG_RUNTIME_DIR": str(run)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_password_lives_in_the_key_store_beyond_the_session_and_dies_when_it_is_forgotten(tmp_path: Path) -> None:
    in_session(tmp_path, LIFE, master="maestra")
    in_session(tmp_path, LATER, master="maestra")
    kept = b"".join(file.read_bytes() for file in (tmp_path / "data").rglob("*") if file.is_file())
    assert kept
    assert "un’altra".encode() not in kept


def test_a_key_store_that_nobody_opens_is_a_sentence_without_the_password(tmp_path: Path) -> None:
    in_session(tmp_path, LOCKED, master=None)
