"""An account tried out against a real IMAP server: from the words of the command line to Dovecot and back."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pecdesk.cli.main import run
from tests.integration.conftest import Pecdesk
from tests.kit.dovecot import Dovecot
from tests.kit.key_store import MemoryKeyStore, key_store

Try = Callable[..., tuple[int, str, str]]


@pytest.fixture
def tried(dovecot: Dovecot, profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Try:
    """Add the account with a password typed on a terminal, test it once; exit code and what was said."""
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)

    def one(password: str, *options: str) -> tuple[int, str, str]:
        monkeypatch.setattr(getpass, "getpass", lambda prompt: password)
        words = ["--profile", str(profile), "--lang", "en", "account"]
        with key_store(MemoryKeyStore()):
            server = f"{dovecot.host}:{dovecot.port}"
            assert run([*words, "add", "--address", dovecot.user, "--imap", server, *options]) == 0
            capsys.readouterr()
            code = run([*words, "test", "--json"])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return one


def test_the_folders_of_a_real_server_are_found(dovecot: Dovecot, tried: Try) -> None:
    code, out, err = tried(dovecot.password, "--ca-file", str(dovecot.ca_file))
    assert code == 0, err
    (account,) = json.loads(out)["accounts"]
    assert account["imap"] == {"ok": True, "error": None}
    assert account["smtp"] is None
    assert {"name": "INBOX", "role": "inbox"} in account["folders"]
    assert account["sent_folder"] == "Sent"


def test_a_wrong_password_is_refused_once(dovecot: Dovecot, tried: Try) -> None:
    before = dovecot.log.count("auth failed")
    code, out, err = tried("wrong-s3greto", "--ca-file", str(dovecot.ca_file))
    assert code == 3
    assert "does not try again by itself" in err
    assert "s3greto" not in out + err
    assert dovecot.log.count("auth failed") - before <= 1
    assert "2 attempts" not in dovecot.log


def test_an_authority_that_was_not_named_is_not_believed_and_hears_no_password(dovecot: Dovecot, tried: Try) -> None:
    code, _, err = tried(dovecot.password)
    assert code == 3
    assert "certificate" in err
    assert "password was not sent" in err


def test_a_refused_login_is_one_attempt_however_often_it_is_synchronised(
    dovecot: Dovecot, profile: Path, pecdesk: Pecdesk
) -> None:
    begin = ("--profile", profile, "--lang", "en")
    words = ("--imap", f"{dovecot.host}:{dovecot.port}", "--ca-file", str(dovecot.ca_file))
    added = pecdesk(*begin, "account", "add", "--address", dovecot.user, *words, "--password-command", "echo sbagliata")
    assert added.code == 0, added.err
    before = dovecot.log.count("auth failed")
    for _ in range(2):
        done = pecdesk(*begin, "sync")
        assert done.code == 3
        assert "pecdesk account test" in done.out + done.err
        assert "sbagliata" not in done.out + done.err
    assert dovecot.log.count("auth failed") - before == 1
    assert pecdesk(*begin, "account", "test").code == 3
    assert dovecot.log.count("auth failed") - before == 2
