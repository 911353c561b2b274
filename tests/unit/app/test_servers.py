"""The accounts of a profile: kept, changed, removed, tried out with one login each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import keyring.errors
import pytest

from pecdesk.app import App
from pecdesk.app.servers import Doors, Servers
from pecdesk.errors import (
    CancelledError,
    InputError,
    LoginError,
    NetworkError,
    PasswordError,
    PecdeskError,
    ProfileError,
    ServerError,
    UsageError,
)
from pecdesk.profile import Profile
from pecdesk.profile.accounts import Account, Endpoint, Security, accounts_text
from pecdesk.store import Changes
from pecdesk.sync.server import FolderRole
from tests.kit.key_store import MemoryKeyStore, key_store
from tests.kit.memory_server import MemoryMailbox

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SECRET = "s3greto–àè"
STUDIO = Account("Studio@pec.example", Endpoint("imap.pec.example", 993), Endpoint("smtp.pec.example", 465))
ARUBA = replace(STUDIO, address="rossi@pec.it", provider="aruba")


class Postmaster:
    """An SMTP server that lets in, or does what it was told to."""

    def __init__(self) -> None:
        self.logins: list[tuple[str, str]] = []
        self.error: PecdeskError | None = None

    def check_login(self, account: Account, password: str) -> None:
        self.logins.append((account.login, password))
        if self.error is not None:
            raise self.error


@pytest.fixture
def store() -> Iterator[MemoryKeyStore]:
    kept = MemoryKeyStore()
    with key_store(kept):
        yield kept


@pytest.fixture
def app(tmp_path: Path, store: MemoryKeyStore) -> Iterator[App]:
    with App.open(tmp_path / "profile") as opened:
        yield opened


@pytest.fixture
def mailbox() -> MemoryMailbox:
    return MemoryMailbox(password=SECRET)


@pytest.fixture
def post() -> Postmaster:
    return Postmaster()


@pytest.fixture
def servers(app: App, mailbox: MemoryMailbox, post: Postmaster) -> Servers:
    app.servers.doors = Doors(mailbox.connect, post.check_login, lambda endpoint, ca_file: ("TLSv1.3", NOW))
    return app.servers


def everything_written(profile: Profile) -> bytes:
    return b"\n".join(file.read_bytes() for file in profile.root.rglob("*") if file.is_file())


# kept


def test_an_account_is_kept_its_password_is_the_systems_and_the_mailbox_becomes_the_profiles_own(
    app: App, servers: Servers, store: MemoryKeyStore
) -> None:
    kept = servers.add(STUDIO, SECRET, NOW)
    assert kept == replace(STUDIO, password_since=date(2026, 11, 22))
    assert servers.all() == (kept,)
    assert servers.get(" studio@PEC.example") == kept
    assert servers.password_of(kept) == SECRET
    assert app.accounts() == ("studio@pec.example",)
    with App.open(app.profile.root) as another:
        assert another.servers.all() == (kept,)
    assert list(store.kept.values()) == [SECRET]


def test_no_file_of_the_profile_holds_the_password_or_is_open_to_others(app: App, servers: Servers) -> None:
    servers.add(STUDIO, SECRET, NOW)
    servers.change(replace(STUDIO, name="Rossi"), "another " + SECRET, NOW)
    assert SECRET.encode() not in everything_written(app.profile)
    assert b"imap.pec.example" in everything_written(app.profile)
    assert app.profile.accounts.stat().st_mode & 0o077 == 0
    assert SECRET not in repr(servers.all()) + repr(servers.passwords) + repr(servers.__dict__)


def test_the_same_mailbox_is_not_set_up_twice(servers: Servers, store: MemoryKeyStore) -> None:
    servers.add(STUDIO, SECRET, NOW)
    with pytest.raises(UsageError):
        servers.add(replace(STUDIO, address="studio@PEC.EXAMPLE"), "another", NOW)
    assert list(store.kept.values()) == [SECRET]


@pytest.mark.parametrize(
    "account",
    [
        replace(STUDIO, address="nobody"),
        replace(STUDIO, imap=Endpoint("imap.pec.example", 143, Security.PLAIN)),
        replace(STUDIO, user="a\r\nb"),
    ],
)
def test_an_account_that_cannot_be_is_refused_before_its_password_is_kept(
    app: App, servers: Servers, store: MemoryKeyStore, account: Account
) -> None:
    with pytest.raises(UsageError):
        servers.add(account, SECRET, NOW)
    with pytest.raises(UsageError):
        servers.test(account, SECRET)
    assert not app.profile.accounts.exists()
    assert store.kept == {}


def test_an_authority_that_is_none_is_refused(servers: Servers, tmp_path: Path) -> None:
    for content in (None, b"", b"-----BEGIN CERTIFICATE-----\n"):
        file = tmp_path / "ca.pem"
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(InputError):
            servers.add(replace(STUDIO, ca_file=str(file)), SECRET, NOW)
    assert servers.all() == ()


def test_without_a_key_store_nothing_is_set_up(app: App, servers: Servers, store: MemoryKeyStore) -> None:
    store.refusal = keyring.errors.KeyringLocked()
    with pytest.raises(PasswordError):
        servers.add(STUDIO, SECRET, NOW)
    assert servers.all() == ()
    assert app.accounts() == ()


def test_a_profile_that_another_process_writes_keeps_neither_account_nor_password(
    app: App, servers: Servers, store: MemoryKeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pecdesk.app.servers.PATIENCE", 0.0)
    with app.profile.lock("write"), pytest.raises(ProfileError):
        servers.add(STUDIO, SECRET, NOW)
    assert servers.all() == ()
    assert store.kept == {}


def test_whoever_listens_hears_of_every_change(app: App, servers: Servers) -> None:
    heard: list[Changes] = []
    app.changes.subscribe(heard.append)
    servers.add(STUDIO, SECRET, NOW)
    servers.change(replace(STUDIO, is_read_only=True))
    servers.remove(STUDIO.address)
    assert sum("studio@pec.example" in change.accounts for change in heard) >= 3


def test_what_another_process_writes_is_seen(app: App, servers: Servers) -> None:
    kept = servers.add(STUDIO, SECRET, NOW)
    assert servers.all() == (kept,)
    with App.open(app.profile.root) as another:
        another.servers.add(ARUBA, SECRET, NOW)
    assert [account.address for account in servers.all()] == ["Studio@pec.example", "rossi@pec.it"]


# changed, removed


def test_a_change_keeps_the_others_and_the_order(servers: Servers) -> None:
    servers.add(STUDIO, SECRET, NOW)
    second = servers.add(ARUBA, SECRET, NOW)
    changed = servers.change(replace(STUDIO, address="studio@pec.example", is_read_only=True))
    assert servers.all() == (changed, second)


def test_a_new_password_has_a_new_date(servers: Servers, store: MemoryKeyStore) -> None:
    first = servers.add(ARUBA, SECRET, NOW)
    later = servers.change(first, "new", NOW + timedelta(days=80))
    assert later.password_since == date(2027, 2, 10)
    assert servers.change(replace(later, name="Rossi")).password_since == date(2027, 2, 10)
    assert servers.password_of(later) == "new"


def test_a_password_that_a_command_tells_from_now_on_is_forgotten(servers: Servers, store: MemoryKeyStore) -> None:
    kept = servers.add(STUDIO, SECRET, NOW)
    servers.change(replace(kept, password_command="pass pec"))
    assert store.kept == {}


def test_a_removed_account_leaves_its_mail_and_no_password(app: App, servers: Servers, store: MemoryKeyStore) -> None:
    servers.add(STUDIO, SECRET, NOW)
    servers.remove("STUDIO@pec.example")
    assert servers.all() == ()
    assert store.kept == {}
    assert app.accounts() == ("studio@pec.example",)
    with pytest.raises(UsageError):
        servers.remove(STUDIO.address)
    with pytest.raises(UsageError):
        servers.change(STUDIO)


def test_an_account_is_removed_even_where_the_key_store_refuses_and_that_is_told(
    servers: Servers, store: MemoryKeyStore
) -> None:
    servers.add(STUDIO, SECRET, NOW)
    store.refusal = keyring.errors.KeyringLocked()
    with pytest.raises(PasswordError, match="key store"):
        servers.remove(STUDIO.address)
    assert servers.all() == ()


def test_a_file_that_was_not_read_whole_is_kept_aside_before_it_is_written(app: App, servers: Servers) -> None:
    spoiled = accounts_text([ARUBA]) + '[[accounts]]\naddress = "nobody"\n'
    app.profile.accounts.write_text(spoiled, encoding="utf-8")
    assert servers.problem is not None
    servers.add(STUDIO, SECRET, NOW)
    assert [account.address for account in servers.all()] == ["rossi@pec.it", "Studio@pec.example"]
    assert servers.problem is None
    assert (app.profile.root / "accounts.unreadable.toml").read_text(encoding="utf-8") == spoiled


def test_a_backup_holds_the_accounts_and_no_password(app: App, servers: Servers, tmp_path: Path) -> None:
    kept = servers.add(STUDIO, SECRET, NOW)
    app.backup(tmp_path / "saved")
    with App.open(tmp_path / "restored") as restored:
        restored.restore(tmp_path / "saved")
        assert restored.servers.all() == (kept,)
        assert SECRET.encode() not in everything_written(restored.profile)


# passwords that expire


@pytest.mark.parametrize(
    ("days", "announced"), [(0, False), (75, False), (76, True), (89, True), (90, True), (91, False)]
)
def test_a_password_for_mail_programs_is_announced_two_weeks_before_it_expires(
    servers: Servers, days: int, announced: bool
) -> None:
    servers.add(STUDIO, SECRET, NOW)
    servers.add(ARUBA, SECRET, NOW)
    found = servers.expiring(NOW + timedelta(days=days))
    assert [(one.account.address, one.at) for one in found] == ([("rossi@pec.it", date(2027, 2, 20))] * announced)


# tried out


def test_a_test_logs_in_once_at_each_server_and_looks_around(
    servers: Servers, mailbox: MemoryMailbox, post: Postmaster
) -> None:
    mailbox.quota_limit = 1000
    tested = servers.test(STUDIO, SECRET)
    assert tested.is_ok
    assert tested.sent_folder == "Sent"
    assert FolderRole.INBOX in {folder.role for folder in tested.folders}
    assert tested.quota is not None
    assert tested.quota.limit == 1000
    assert (mailbox.logins, post.logins) == (1, [("Studio@pec.example", SECRET)])
    assert mailbox.connections == []
    assert {told.method for told in mailbox.told} == {"connect", "folders", "quota"}


def test_an_account_that_is_kept_is_tested_with_its_password(servers: Servers, post: Postmaster) -> None:
    kept = servers.add(replace(STUDIO, user="M1234567"), SECRET, NOW)
    assert servers.test(kept).is_ok
    assert post.logins == [("M1234567", SECRET)]


def test_a_refused_login_is_tried_nowhere_else(servers: Servers, mailbox: MemoryMailbox, post: Postmaster) -> None:
    tested = servers.test(STUDIO, "wrong")
    assert isinstance(tested.imap.error, LoginError)
    assert tested.smtp is None
    assert (mailbox.logins, post.logins) == (1, [])


def test_without_a_password_no_server_is_asked(servers: Servers, mailbox: MemoryMailbox, post: Postmaster) -> None:
    tested = servers.test(STUDIO)
    assert isinstance(tested.imap.error, PasswordError)
    assert (mailbox.logins, post.logins) == (0, [])


def test_a_server_that_is_gone_does_not_keep_the_other_from_being_asked(
    servers: Servers, mailbox: MemoryMailbox, post: Postmaster
) -> None:
    mailbox.fail(NetworkError("gone"), "connect")
    post.error = LoginError("refused")
    tested = servers.test(STUDIO, SECRET)
    assert isinstance(tested.imap.error, NetworkError)
    assert tested.smtp is not None
    assert tested.smtp.error is post.error
    assert len(post.logins) == 1


def test_a_server_that_does_not_tell_how_full_it_is_is_as_good(servers: Servers, mailbox: MemoryMailbox) -> None:
    mailbox.fail(ServerError("no quota here"), "quota")
    tested = servers.test(STUDIO, SECRET)
    assert tested.is_ok
    assert tested.quota is None


def test_the_sent_folder_that_was_chosen_counts_where_it_exists(servers: Servers, mailbox: MemoryMailbox) -> None:
    mailbox.create("Atti")
    assert servers.test(replace(STUDIO, sent_folder="Atti"), SECRET).sent_folder == "Atti"
    assert servers.test(replace(STUDIO, sent_folder="Gone"), SECRET).sent_folder == "Sent"
    mailbox.remove("Sent")
    assert servers.test(STUDIO, SECRET).sent_folder is None


def test_a_test_that_is_stopped_asks_no_further_server(
    servers: Servers, mailbox: MemoryMailbox, post: Postmaster
) -> None:
    with pytest.raises(CancelledError):
        servers.test(STUDIO, SECRET, cancelled=lambda: mailbox.logins > 0)
    assert post.logins == []
    assert mailbox.connections == []


def test_every_server_is_greeted_without_a_login(servers: Servers, mailbox: MemoryMailbox) -> None:
    servers.add(STUDIO, SECRET, NOW)

    def shake_hands(endpoint: Endpoint, ca_file: str) -> tuple[str, datetime]:
        if endpoint.port == 465:
            raise NetworkError("gone")
        return "TLSv1.3", NOW

    servers.doors = replace(servers.doors, shake_hands=shake_hands)
    found = servers.reach_all()
    assert [(one.protocol, one.tls, one.error is None) for one in found] == [
        ("imap", "TLSv1.3", True),
        ("smtp", None, False),
    ]
    assert mailbox.logins == 0
    with pytest.raises(CancelledError):
        servers.reach_all(lambda: True)
