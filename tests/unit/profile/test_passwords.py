"""Passwords: kept by the system, told by a command, and named nowhere else."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType

import keyring.backend
import keyring.errors
import pytest
from keyring.backends import chainer, fail, null

from pecdesk.errors import CancelledError, PasswordError, PecdeskError, UsageError
from pecdesk.profile.accounts import Account, Endpoint
from pecdesk.profile.passwords import LONGEST_OUTPUT, SERVICE, Passwords
from tests.kit.key_store import MemoryKeyStore, key_store

SECRET = "s3greto–àè"
STUDIO = Account("Studio@pec.example", Endpoint("imap.pec.example", 993))
posix = pytest.mark.skipif(sys.platform == "win32", reason="these commands are those of a POSIX system")


@pytest.fixture
def store() -> Iterator[MemoryKeyStore]:
    kept = MemoryKeyStore()
    with key_store(kept):
        yield kept


def telling(code: str, **changes: object) -> Account:
    """An account whose password is printed by a little program."""
    return replace(STUDIO, password_command=f"'{sys.executable}' -c \"{code}\"", **changes)  # type: ignore[arg-type]


def failure(passwords: Passwords, account: Account) -> str:
    """What is said where there is no password, with all that a crash report would print of it."""
    with pytest.raises(PasswordError) as caught:
        passwords.password(account)
    return "".join(traceback.format_exception(caught.value)) + repr(caught.value.fields)


# the key store


def test_a_password_is_kept_under_our_name_and_the_address(store: MemoryKeyStore) -> None:
    Passwords().keep(STUDIO, SECRET)
    assert store.kept == {(SERVICE, "studio@pec.example"): SECRET}
    assert Passwords().password(replace(STUDIO, address="studio@PEC.example")) == SECRET


def test_a_password_that_is_forgotten_is_gone(store: MemoryKeyStore) -> None:
    passwords = Passwords()
    passwords.keep(STUDIO, SECRET)
    passwords.forget(STUDIO)
    passwords.forget(STUDIO)
    assert store.kept == {}
    assert "Studio@pec.example" in failure(passwords, STUDIO)


@pytest.mark.parametrize("password", ["", "two\nlines", "nul\0", "cr\r"])
def test_what_cannot_be_sent_as_a_password_is_refused(store: MemoryKeyStore, password: str) -> None:
    with pytest.raises(UsageError):
        Passwords().keep(STUDIO, password)
    assert store.kept == {}


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        (keyring.errors.KeyringLocked(SECRET), "it is locked"),
        (keyring.errors.PasswordSetError(SECRET), "it does not keep the password"),
        (OSError(SECRET), "OSError"),
    ],
)
def test_a_key_store_that_refuses_is_a_sentence_without_its_words(
    store: MemoryKeyStore, refusal: Exception, reason: str
) -> None:
    store.refusal = refusal
    with pytest.raises(PasswordError) as caught:
        Passwords().keep(STUDIO, SECRET)
    assert caught.value.fields == {"reason": reason}
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def plain_file_store() -> keyring.backend.KeyringBackend:
    """A back end as `keyrings.alt` has them: what it keeps lies readable in a file."""
    module = ModuleType("keyrings.alt.file")
    kind = type("PlaintextKeyring", (MemoryKeyStore,), {"__module__": module.__name__, "priority": 0.5})
    return kind()  # type: ignore[no-any-return]


@pytest.mark.parametrize("refused", [fail.Keyring(), null.Keyring(), plain_file_store()], ids=lambda s: s.name)
def test_a_store_that_keeps_passwords_readable_or_not_at_all_is_refused(
    refused: keyring.backend.KeyringBackend,
) -> None:
    with key_store(refused):
        passwords = Passwords()
        why = passwords.available()
        assert why is not None
        assert why.next_step
        with pytest.raises(PasswordError):
            passwords.keep(STUDIO, SECRET)
        assert SECRET not in failure(passwords, STUDIO)
        assert not getattr(refused, "kept", {})


def test_a_chain_never_hands_a_password_on_to_a_readable_file(monkeypatch: pytest.MonkeyPatch) -> None:
    readable, safe = plain_file_store(), MemoryKeyStore()
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [readable, safe])
    with key_store(chainer.ChainerBackend()):
        Passwords().keep(STUDIO, SECRET)
        assert Passwords().available() is None
        safe.refusal = keyring.errors.KeyringLocked()
        with pytest.raises(PasswordError):
            Passwords().keep(STUDIO, SECRET)
    assert safe.kept
    assert readable.kept == {}  # type: ignore[attr-defined]


def test_a_key_store_that_cannot_be_looked_for_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_bus() -> keyring.backend.KeyringBackend:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(keyring, "get_keyring", no_bus)
    why = Passwords().available()
    assert why is not None
    assert SECRET not in "".join(traceback.format_exception(why))


# the command


@posix
def test_a_command_tells_the_password_on_its_first_line() -> None:
    account = telling(r"print('pass word–è\\nsecond line')")
    assert Passwords().password(account) == "pass word–è"


@posix
def test_a_line_that_ends_as_on_windows_is_the_same_password() -> None:
    assert Passwords().password(telling(r"import sys; sys.stdout.write('abc\\r\\n')")) == "abc"


@posix
def test_no_shell_reads_the_command(tmp_path: object) -> None:
    account = replace(STUDIO, password_command="echo 'a; b' $(id) `id` > file | cat")
    assert Passwords().password(account) == "a; b $(id) `id` > file | cat"


@posix
@pytest.mark.parametrize(
    "code",
    [
        f"print('{SECRET}'); raise SystemExit(3)",
        "pass",
        f"print(); print('{SECRET}')",
        "import sys; sys.stdout.buffer.write(b'" + r"\\xff\\xfes3greto" + "')",
        f"print('{SECRET}' * {LONGEST_OUTPUT})",
        r"print('a\\0s3greto')",
        f"import sys; print('{SECRET}', file=sys.stderr)",
    ],
)
def test_a_command_that_tells_no_password_is_a_sentence_without_its_output(
    code: str, capfd: pytest.CaptureFixture[str]
) -> None:
    said = failure(Passwords(), telling(code))
    assert "Studio@pec.example" in said
    assert "s3greto" not in said
    captured = capfd.readouterr()
    assert "s3greto" not in captured.out + captured.err


@posix
@pytest.mark.parametrize("command", ["/nowhere/at/all --s3greto", "'s3greto", "''", "   "])
def test_a_command_that_cannot_be_run_is_a_sentence_without_the_command(command: str) -> None:
    assert "s3greto" not in failure(Passwords(), replace(STUDIO, password_command=command))


@posix
def test_a_command_that_does_not_end_is_ended_with_all_it_started() -> None:
    code = "import subprocess; subprocess.run(['sleep', '60'])"
    said = failure(Passwords(time_limit=0.3), telling(code))
    assert "did not end" in said
    assert not [thread for thread in threading.enumerate() if thread.name == "password-command"]


@posix
def test_waiting_for_a_command_can_be_given_up() -> None:
    asked = threading.Event()

    def cancelled() -> bool:
        asked.set()
        return True

    with pytest.raises(CancelledError):
        Passwords().password(telling("import time; time.sleep(60)"), cancelled)
    assert asked.is_set()


@posix
def test_the_key_store_is_not_asked_where_a_command_tells(store: MemoryKeyStore) -> None:
    store.refusal = keyring.errors.KeyringLocked()
    assert Passwords().password(telling("print('abc')")) == "abc"


def test_a_missing_password_is_no_login_that_was_tried(store: MemoryKeyStore) -> None:
    with pytest.raises(PecdeskError) as caught:
        Passwords().password(STUDIO)
    assert isinstance(caught.value, PasswordError)
