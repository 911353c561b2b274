"""A login that was refused is one attempt, however often the program is started; only the user has it tried again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pecdesk.app import App
from pecdesk.app.refused_logins import RefusedLogins
from pecdesk.app.servers import Doors
from pecdesk.errors import LoginError, NetworkError, PecdeskError, ServerError, StoreError
from pecdesk.profile.account_status import SyncState
from pecdesk.profile.accounts import Account, Endpoint
from pecdesk.store import Changes
from pecdesk.sync.server import Server
from tests.kit.key_store import MemoryKeyStore, key_store
from tests.kit.memory_server import MemoryMailbox

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
OLD, NEW = "vecchia", "nuova"
STUDIO = Account("studio@pec.example", Endpoint("imap.pec.example", 993), Endpoint("smtp.pec.example", 465))


@pytest.fixture(autouse=True)
def store() -> Iterator[MemoryKeyStore]:
    kept = MemoryKeyStore()
    with key_store(kept):
        yield kept


class Provider:
    """A server that knows the new password only, and counts."""

    def __init__(self) -> None:
        self.attempts = 0
        self.error: PecdeskError | None = None
        self.mailbox = MemoryMailbox(password=NEW)

    def connect(self, account: Account, password: str) -> Server:
        self.attempts += 1
        if self.error is not None:
            raise self.error
        return self.mailbox.connect(account, password)


@pytest.fixture
def provider() -> Provider:
    return Provider()


def opened(root: Path, provider: Provider) -> App:
    """The program, started."""
    app = App.open(root)
    app.clock = lambda: NOW
    app.syncing.connect = provider.connect
    app.servers.doors = Doors(provider.connect, lambda account, password: None)
    return app


@pytest.fixture
def root(tmp_path: Path, provider: Provider) -> Path:
    """A profile whose mailbox was refused once."""
    folder = tmp_path / "profile"
    with opened(folder, provider) as app:
        app.servers.add(STUDIO, OLD, NOW)
        (report,) = app.syncing.sync()
        assert isinstance(report.error, LoginError)
    assert provider.attempts == 1
    return folder


def state(app: App) -> SyncState:
    (report,) = app.syncing.sync()
    return report.status.state


def test_whoever_starts_again_does_not_ask_the_server_again(root: Path, provider: Provider) -> None:
    for _ in range(3):
        with opened(root, provider) as app:
            (report,) = app.syncing.sync()
            assert report.status.state is SyncState.LOGIN_REFUSED
            assert "was not asked again since" in str(report.error)
    assert provider.attempts == 1


def test_a_new_password_is_tried_at_once(root: Path, provider: Provider) -> None:
    with opened(root, provider) as app:
        app.servers.change(app.servers.named(STUDIO.address), NEW, NOW)
        assert state(app) is SyncState.CURRENT


def test_another_server_or_another_user_is_another_login(root: Path, provider: Provider) -> None:
    with opened(root, provider) as app:
        known = app.servers.named(STUDIO.address)
        app.servers.change(replace(known, name="Studio Verdi", is_read_only=True))
        assert (state(app), provider.attempts) == (SyncState.LOGIN_REFUSED, 1)
        app.servers.change(replace(known, user="M1234567"))
        assert (state(app), provider.attempts) == (SyncState.LOGIN_REFUSED, 2)
        app.servers.change(replace(known, user="M1234567", password_command="echo nuova"))
        assert state(app) is SyncState.CURRENT


def test_the_user_has_it_tried_once_more(root: Path, provider: Provider, store: MemoryKeyStore) -> None:
    heard: list[Changes] = []
    with opened(root, provider) as app:
        app.changes.subscribe(heard.append)
        app.servers.let_try_again(STUDIO.address)
        assert (state(app), provider.attempts) == (SyncState.LOGIN_REFUSED, 2)
        assert (state(app), provider.attempts) == (SyncState.LOGIN_REFUSED, 2)
        assert [change.accounts for change in heard] == [{STUDIO.key}]
        store.kept["pecdesk", STUDIO.key] = NEW
        assert app.servers.test(app.servers.named(STUDIO.address)).is_ok
        assert state(app) is SyncState.CURRENT


def test_a_test_that_is_refused_counts_as_the_one_attempt(tmp_path: Path, provider: Provider) -> None:
    with opened(tmp_path / "other", provider) as app:
        kept = app.servers.add(STUDIO, OLD, NOW)
        assert not app.servers.test(kept).is_ok
        assert (state(app), provider.attempts) == (SyncState.LOGIN_REFUSED, 1)


def test_a_password_that_is_only_tried_says_nothing_of_the_one_that_is_kept(tmp_path: Path, provider: Provider) -> None:
    with opened(tmp_path / "other", provider) as app:
        kept = app.servers.add(STUDIO, NEW, NOW)
        assert not app.servers.test(kept, "mistyped").is_ok
        assert state(app) is SyncState.CURRENT


def test_a_login_that_is_only_typed_says_nothing_of_the_one_that_is_kept(root: Path, provider: Provider) -> None:
    with opened(root, provider) as app:
        known = app.servers.named(STUDIO.address)
        typed = replace(known, user="M1234567")
        assert not app.servers.test(typed).is_ok
        assert (state(app), provider.attempts) == (SyncState.LOGIN_REFUSED, 2)
        provider.mailbox = MemoryMailbox(password=OLD)
        assert app.servers.test(typed).is_ok
        assert (state(app), provider.attempts) == (SyncState.LOGIN_REFUSED, 3)


def test_a_server_that_is_busy_or_gone_is_asked_again(tmp_path: Path, provider: Provider) -> None:
    with opened(tmp_path / "other", provider) as app:
        app.servers.add(STUDIO, NEW, NOW)
        for provider.error in (NetworkError("gone"), ServerError("too many connections"), None):
            last = state(app)
    assert (last, provider.attempts) == (SyncState.CURRENT, 3)


def test_nothing_is_handed_over_with_a_login_that_was_refused(root: Path, provider: Provider) -> None:
    with opened(root, provider) as app, pytest.raises(LoginError, match="was not asked again since"):
        app.servers.password_to_try(app.servers.named(STUDIO.address))


def test_a_mailbox_that_is_set_up_anew_begins_anew(root: Path, provider: Provider) -> None:
    with opened(root, provider) as app:
        app.servers.remove(STUDIO.address)
        assert not list(root.glob(".refused-*"))
        app.servers.add(STUDIO, NEW, NOW)
        assert state(app) is SyncState.CURRENT


def test_what_is_kept_holds_no_password_and_is_for_nobody_else(root: Path) -> None:
    (file,) = root.glob(".refused-*")
    assert OLD not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "written", ["", "{}", "[]", '{"at": 1, "login": null}', '{"at": "x", "login": ""}', "[" * 100_000]
)
def test_what_cannot_be_read_stands_in_nobodys_way(tmp_path: Path, written: str) -> None:
    refused = RefusedLogins(tmp_path)
    refused.note(STUDIO, NOW)
    (file,) = tmp_path.iterdir()
    file.write_text(written)
    refused.check(STUDIO)


def test_a_disk_that_refuses_does_not_make_another_failure_of_it(
    tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StoreError("no room")

    with opened(tmp_path / "other", provider) as app:
        app.servers.add(STUDIO, OLD, NOW)
        monkeypatch.setattr("pecdesk.app.refused_logins.write_file", refuse)
        assert state(app) is SyncState.LOGIN_REFUSED
