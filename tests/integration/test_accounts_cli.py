"""`pecdesk account`, and what `doctor` says of servers: words, answers, exit codes, and no password anywhere."""

from __future__ import annotations

import getpass
import logging
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pecdesk.app.servers import Doors
from pecdesk.cli.main import run
from pecdesk.errors import CertificateError, LoginError, NetworkError
from pecdesk.profile.accounts import Account, Endpoint, load_accounts
from pecdesk.store.journal import AccountKnown, Journal
from tests.integration.conftest import Outcome, Pecdesk
from tests.kit.certificates import ServerAuthority, ServerCertificate
from tests.kit.key_store import MemoryKeyStore, key_store
from tests.kit.memory_server import MemoryMailbox

SECRET = "s3greto–àè"
NOW = "2026-11-22T09:30:00+01:00"
BY_HAND = ("--address", "studio@pec.example", "--imap", "imap.pec.example:993", "--smtp", "smtp.pec.example:465")
PATIENCE = 10.0


Say = Callable[..., Outcome]


@pytest.fixture
def store() -> Iterator[MemoryKeyStore]:
    kept = MemoryKeyStore()
    with key_store(kept):
        yield kept


@pytest.fixture
def mailbox() -> MemoryMailbox:
    return MemoryMailbox(password=SECRET)


@pytest.fixture
def say(
    profile: Path,
    store: MemoryKeyStore,
    mailbox: MemoryMailbox,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Say]:
    """One command in this process; after the last one, nothing that was said, logged or written holds the password."""
    said: list[Outcome] = []
    caplog.set_level(logging.DEBUG)

    def smtp(account: Account, password: str) -> None:
        if password != SECRET:
            raise LoginError("refused")

    def greet(endpoint: Endpoint, ca_file: str) -> tuple[str, datetime]:
        return "TLSv1.3", datetime.fromisoformat("2027-03-03T00:00:00+00:00")

    monkeypatch.setattr("pecdesk.app.servers.Doors", lambda: Doors(mailbox.connect, smtp, greet))

    def one(*words: str, lang: str = "en") -> Outcome:
        try:
            code = run(["--profile", str(profile), "--lang", lang, "--now", NOW, *words])
        except SystemExit as ended:
            code = int(str(ended.code))
        captured = capsys.readouterr()
        said.append(Outcome(code, captured.out, captured.err))
        return said[-1]

    yield one
    logged = "\n".join(record.getMessage() + repr(record.args) for record in caplog.records)
    written = b"\n".join(file.read_bytes() for file in profile.rglob("*") if file.is_file())
    assert SECRET not in logged + "".join(each.out + each.err for each in said)
    assert SECRET.encode() not in written


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A terminal on which somebody types the password; what it asked."""
    asked: list[str] = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return SECRET

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(getpass, "getpass", answer)
    return asked


def accounts_of(profile: Path) -> tuple[Account, ...]:
    found, problem = load_accounts(profile / "accounts.toml")
    assert problem is None
    return found


# add


def test_a_mailbox_of_a_known_domain_needs_its_address_and_its_password(
    say: Say, profile: Path, store: MemoryKeyStore, terminal: list[str]
) -> None:
    said = say("account", "add", "--address", "rossi@pec.it")
    assert said.code == 0, said.err
    assert "Password per programmi di posta" in said.out
    assert "nobody has tried them" in said.out
    assert "pecdesk account test" in said.out
    assert terminal == ["Password of rossi@pec.it at imaps.pec.aruba.it: "]
    assert store.kept == {("pecdesk", "rossi@pec.it"): SECRET}
    (account,) = accounts_of(profile)
    assert (account.provider, account.size_limit, str(account.password_since)) == ("aruba", 100_000_000, "2026-11-22")
    assert account.smtp == Endpoint("smtps.pec.aruba.it", 465)
    told = [entry for entry in Journal(profile / "journal.jsonl").read() if isinstance(entry, AccountKnown)]
    assert [entry.address for entry in told] == ["rossi@pec.it"]


def test_servers_by_hand_need_no_provider(say: Say, profile: Path) -> None:
    said = say("account", "add", *BY_HAND, "--user", "M1", "--password-command", "pass pec", "--json")
    assert said.code == 0
    assert said.json == {
        "account": {
            "address": "studio@pec.example",
            "user": "M1",
            "name": "",
            "provider": None,
            "imap": {"host": "imap.pec.example", "port": 993, "security": "tls"},
            "smtp": {"host": "smtp.pec.example", "port": 465, "security": "tls"},
            "ca_file": None,
            "password": "command",
            "password_since": None,
            "password_expires": None,
            "read_only": False,
        }
    }
    assert accounts_of(profile)[0].password_command == "pass pec"


def test_a_provider_is_named_where_the_domain_is_ones_own_and_a_server_takes_the_place_of_the_tables(
    say: Say, profile: Path
) -> None:
    words = ("--address", "a@rossi.example", "--provider", "register", "--imap", "server.pec-email.com:993")
    assert say("account", "add", *words, "--password-command", "true").code == 0
    (account,) = accounts_of(profile)
    assert (account.provider, account.imap.host, account.smtp) == (
        "register",
        "server.pec-email.com",
        Endpoint("smtp.pec-email.com", 465),
    )


def test_without_a_server_to_send_through_that_is_said(say: Say, profile: Path) -> None:
    said = say("account", "add", *BY_HAND[:4], "--password-command", "true")
    assert said.code == 0
    assert "Nothing can be sent" in said.out
    assert accounts_of(profile)[0].smtp is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--address", "a@rossi.example"), "--provider (aruba, "),
        (("--address", "a@rossi.example", "--provider", "nobody"), "No provider named nobody"),
        (("--address", "a@legalmail.it"), "--user"),
        (("--address", "nobody", *BY_HAND[2:]), "address"),
        (("--address", "a@pec.example\nX: y", *BY_HAND[2:]), "address"),
        ((*BY_HAND, "--imap", "imap.pec.example"), "is no server"),
        ((*BY_HAND, "--imap", "imap.pec.example:imap"), "is no server"),
        ((*BY_HAND, "--imap", ":993"), "is no server"),
        ((*BY_HAND, "--imap", "::1:993"), "is no server"),
        ((*BY_HAND, "--imap", "imap.pec.example:0"), "imap.port"),
        ((*BY_HAND, "--imap", "imap pec:993"), "imap.host"),
        ((*BY_HAND, "--insecure-loopback"), "this very machine only"),
        (("--address", "a@pec.it", "--insecure-loopback"), "this very machine only"),
        ((*BY_HAND[:2], "--imap", "127.0.0.1:143", "--smtp", "pec.example:25", "--insecure-loopback"), "very machine"),
        (BY_HAND, "on a terminal"),
    ],
)
def test_words_that_make_no_account_are_refused_with_what_to_do(
    say: Say, profile: Path, store: MemoryKeyStore, words: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    command = () if told == "on a terminal" else ("--password-command", "true")
    said = say("account", "add", *words, *command)
    assert (said.code, said.out) == (2, "")
    assert told in said.err
    assert accounts_of(profile) == ()
    assert store.kept == {}


def test_plain_text_is_for_this_machine_and_for_whoever_asks_for_it(say: Say, profile: Path) -> None:
    here = ("--address", "a@pec.example", "--imap", "[::1]:1143", "--smtp", "localhost:1025")
    assert say("account", "add", *here, "--password-command", "true", "--insecure-loopback").code == 0
    (account,) = accounts_of(profile)
    assert [(server.host, str(server.security)) for server in account.servers.values()] == [
        ("::1", "plain"),
        ("localhost", "plain"),
    ]
    assert say("account", "remove", "a@pec.example").code == 0
    assert say("account", "add", *here, "--password-command", "true").code == 0
    assert {str(server.security) for server in accounts_of(profile)[0].servers.values()} == {"tls"}


def test_an_authority_of_ones_own_is_named_by_its_file(say: Say, profile: Path, tmp_path: Path) -> None:
    authority = ServerAuthority(tmp_path / "tls")
    words = ("account", "add", *BY_HAND, "--password-command", "true", "--ca-file")
    assert say(*words, str(tmp_path / "nothing.pem")).code == 3
    assert accounts_of(profile) == ()
    assert say(*words, str(authority.ca_file)).code == 0
    assert accounts_of(profile)[0].ca_file == str(authority.ca_file)


def test_the_same_mailbox_twice_is_refused_before_the_password_is_asked(
    say: Say, terminal: list[str], store: MemoryKeyStore
) -> None:
    assert say("account", "add", *BY_HAND).code == 0
    said = say("account", "add", *BY_HAND)
    assert said.code == 2
    assert "already" in said.err
    assert len(terminal) == 1


def test_without_a_key_store_that_is_said_before_the_password_is_asked(
    say: Say, profile: Path, terminal: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from keyring.backends.fail import Keyring

    with key_store(Keyring()):  # type: ignore[no-untyped-call]
        said = say("account", "add", *BY_HAND)
    assert said.code == 3
    assert "a command that prints the password" in said.err
    assert (terminal, accounts_of(profile)) == ([], ())


def test_a_terminal_that_is_closed_instead_of_an_answer_adds_nothing(
    say: Say, profile: Path, terminal: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(getpass, "getpass", closed)
    assert say("account", "add", *BY_HAND).code == 3
    assert accounts_of(profile) == ()


def test_as_a_process_it_asks_nobody_who_is_not_there(pecdesk: Pecdesk, profile: Path) -> None:
    done = pecdesk("--profile", profile, "--lang", "en", "account", "add", *BY_HAND)
    assert done.code in (2, 3)
    assert "a program that prints it" in done.err or "a command that prints" in done.err
    assert pecdesk("--profile", profile, "account", "list", "--json").json == {"accounts": []}


# list, remove


def test_the_list_names_servers_and_where_the_password_is(say: Say, terminal: list[str]) -> None:
    assert "No mailbox is set up" in say("account", "list").out
    assert say("account", "add", "--address", "rossi@pec.it").code == 0
    assert say("account", "add", *BY_HAND, "--user", "M1", "--password-command", "pass pec").code == 0
    said = say("account", "list")
    assert said.out.splitlines() == [
        "rossi@pec.it – Aruba PEC",
        "  IMAP imaps.pec.aruba.it:993, SMTP smtps.pec.aruba.it:465",
        "  User rossi@pec.it, password in the system’s key store",
        "studio@pec.example",
        "  IMAP imap.pec.example:993, SMTP smtp.pec.example:465",
        "  User M1, password told by a command",
    ]
    (first, second) = say("account", "list", "--json").json["accounts"]
    assert (first["password"], first["password_expires"]) == ("key-store", "2027-02-20")
    assert (second["password"], second["password_expires"]) == ("command", None)


def test_a_password_that_will_expire_is_announced(say: Say, terminal: list[str]) -> None:
    say("account", "add", "--address", "rossi@pec.it")
    assert "expires in 10 days, about 20 February 2027" in say("--now", "2027-02-10T10:00:00Z", "account", "list").out
    assert "expires" not in say("--now", "2027-01-10T10:00:00Z", "account", "list").out


def test_a_mailbox_that_is_removed_leaves_no_password(say: Say, terminal: list[str], store: MemoryKeyStore) -> None:
    say("account", "add", *BY_HAND)
    said = say("account", "remove", "STUDIO@pec.example", "--json")
    assert (said.code, said.json) == (0, {"removed": "studio@pec.example"})
    assert store.kept == {}
    assert say("account", "remove", "studio@pec.example").code == 2


def test_a_file_that_is_not_read_whole_is_told_and_the_rest_is_listed(say: Say, profile: Path) -> None:
    say("account", "add", *BY_HAND, "--password-command", "true")
    file = profile / "accounts.toml"
    file.write_text(file.read_text(encoding="utf-8") + '[[accounts]]\naddress = "a@b.example"\n', encoding="utf-8")
    said = say("account", "list")
    assert said.code == 3
    assert "studio@pec.example" in said.out
    assert "2 (imap)" in said.err
    doctor = say("doctor")
    assert doctor.code == 1
    assert "2 (imap)" in doctor.out


# test


def test_a_test_says_what_let_us_in_and_what_is_there(say: Say, mailbox: MemoryMailbox, terminal: list[str]) -> None:
    say("account", "add", *BY_HAND)
    mailbox.quota_limit = 1_000_000
    said = say("account", "test")
    assert said.code == 0, said.err
    assert said.out.splitlines()[:5] == [
        "studio@pec.example",
        "  IMAP imap.pec.example:993: let in",
        "  SMTP smtp.pec.example:465: let in",
        "  5 folders",
        "  Sent mail: Sent",
    ]
    document = say("account", "test", "studio@pec.example", "--json").json["accounts"][0]
    assert document["imap"] == document["smtp"] == {"ok": True, "error": None}
    assert document["sent_folder"] == "Sent"
    assert {"name": "INBOX", "role": "inbox"} in document["folders"]
    assert document["quota"] == {"used": 0, "limit": 1_000_000}
    assert mailbox.logins == 2


def test_a_refused_login_is_told_with_what_it_means_there_and_was_tried_once(
    say: Say, mailbox: MemoryMailbox, terminal: list[str]
) -> None:
    say("account", "add", "--address", "rossi@pec.it")
    mailbox.password = "renewed"
    said = say("account", "test")
    assert said.code == 3
    assert "rossi@pec.it, IMAP: The server imaps.pec.aruba.it refuses user or password. With two-step" in said.err
    assert "Password per programmi di posta" in said.err
    assert "SMTP was not asked" in said.out
    assert mailbox.logins == 1
    document = say("account", "test", "--json").json["accounts"][0]
    assert (document["imap"]["ok"], document["smtp"]) == (False, None)


@pytest.mark.parametrize(
    "error", [NetworkError("{host} is gone.", host="imap.pec.example"), CertificateError("{host} is not it.", host="x")]
)
def test_a_server_that_fails_is_told_with_what_to_do_and_the_others_are_tested(
    say: Say, mailbox: MemoryMailbox, error: NetworkError
) -> None:
    say("account", "add", *BY_HAND, "--password-command", "echo abc")
    say("account", "add", "--address", "b@pec.example", *BY_HAND[2:4], "--password-command", "echo abc")
    mailbox.password = "abc"
    mailbox.fail(error, "connect")
    said = say("account", "test")
    assert said.code == 3
    assert str(error) in said.err
    assert "studio@pec.example, IMAP" in said.err
    assert "b@pec.example\n  IMAP imap.pec.example:993: let in" in said.out


def test_nobody_who_is_not_set_up_is_tested(say: Say, mailbox: MemoryMailbox) -> None:
    assert say("account", "test", "nobody@pec.example").code == 2
    assert say("account", "test", "--json").json == {"accounts": []}
    assert mailbox.logins == 0


# doctor


@contextmanager
def greeting(certificate: ServerCertificate) -> Iterator[int]:
    """A server on this machine that speaks TLS and says nothing; its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    context = certificate.context()

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.settimeout(PATIENCE)
            with suppress(OSError), connection, context.wrap_socket(connection, server_side=True) as secure:
                secure.recv(1)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(PATIENCE)
        assert not thread.is_alive()


@pytest.fixture
def authority(tmp_path: Path) -> ServerAuthority:
    return ServerAuthority(tmp_path / "tls")


def examined(say: Say, monkeypatch: pytest.MonkeyPatch, authority: ServerAuthority, port: int) -> tuple[Outcome, Any]:
    monkeypatch.setattr("pecdesk.app.servers.Doors", Doors)
    words = ("--address", "a@pec.example", "--imap", f"127.0.0.1:{port}", "--ca-file", str(authority.ca_file))
    assert say("account", "add", *words, "--password-command", "true").code == 0
    (server,) = say("doctor", "--json").json["servers"]
    return say("doctor"), server


def test_doctor_tells_what_a_server_speaks_and_how_long_its_certificate_is_good(
    say: Say, monkeypatch: pytest.MonkeyPatch, authority: ServerAuthority
) -> None:
    with greeting(authority.good()) as port:
        said, server = examined(say, monkeypatch, authority, port)
    assert said.code == 0, said.out
    assert f"IMAP 127.0.0.1:{port}: TLSv1.3, certificate good until" in said.out
    assert (server["tls"], server["error"], server["protocol"]) == ("TLSv1.3", None, "imap")
    assert datetime.fromisoformat(server["certificate_until"]).tzinfo is not None


@pytest.mark.parametrize("flaw", ["expired", "wrong_host", "self_signed", "not_yet_valid"])
def test_doctor_finds_a_certificate_that_is_not_believed(
    say: Say, monkeypatch: pytest.MonkeyPatch, authority: ServerAuthority, flaw: str
) -> None:
    with greeting(getattr(authority, flaw)()) as port:
        said, server = examined(say, monkeypatch, authority, port)
    assert said.code == 1
    assert "! mail server: The certificate" in said.out
    assert server["tls"] is None
    assert server["error"].startswith("The certificate")


def test_doctor_finds_a_server_that_is_gone(
    say: Say, monkeypatch: pytest.MonkeyPatch, authority: ServerAuthority
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    said, server = examined(say, monkeypatch, authority, port)
    assert said.code == 1
    assert str(port) in said.out
    assert server["error"]


def test_doctor_of_a_profile_without_accounts_asks_no_server(say: Say) -> None:
    said = say("doctor", "--json")
    assert (said.code, said.json["servers"], said.json["accounts"]) == (0, [], None)


def test_an_older_tls_is_not_spoken(say: Say, monkeypatch: pytest.MonkeyPatch, authority: ServerAuthority) -> None:
    certificate = authority.good()
    context = certificate.context()
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    monkeypatch.setattr(ServerCertificate, "context", lambda self: context)
    with greeting(certificate) as port:
        said, server = examined(say, monkeypatch, authority, port)
    assert said.code == 1
    assert server["tls"] is None
