"""The accounts of a profile kept current together: workers that come and go, what the user decides, what is told."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pecdesk.app import App
from pecdesk.app.sync_ground import SyncGround
from pecdesk.errors import BusyError, LoginError, NetworkError, UsageError
from pecdesk.profile.account_status import AccountStatus, SyncState
from pecdesk.profile.accounts import Account
from pecdesk.store import Filter
from pecdesk.store.journal import Entry, MarkedUnread, Stretch
from pecdesk.store.replay import ToldOfMessage
from pecdesk.sync.server import SEEN
from tests.kit.memory_server import MemoryMailbox
from tests.kit.messages import NOW
from tests.unit.sync.office import ACCOUNT, PASSWORD, mail

PATIENCE = 20.0
FIRST = replace(ACCOUNT, password_command=f"echo {PASSWORD}")
SECOND = replace(FIRST, address="altra@pec.gestoreuno.example")


class Window:
    """What a window does with `app.syncing`, with one mailbox for each account."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.mailboxes: dict[str, MemoryMailbox] = {}
        self._changed = threading.Condition()
        app.syncing.connect = self._connect
        app.syncing.subscribe(self._hear)

    def _connect(self, account: Account, password: str) -> object:
        return self.mailbox(account).connect(account, password)

    def mailbox(self, account: Account = FIRST) -> MemoryMailbox:
        return self.mailboxes.setdefault(account.key, MemoryMailbox(PASSWORD))

    def _hear(self, _status: AccountStatus) -> None:
        with self._changed:
            self._changed.notify_all()

    def until(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE), self.app.syncing.statuses()

    def reaches(self, state: SyncState, account: Account = FIRST) -> AccountStatus:
        self.until(lambda: self.app.syncing.status(account.address).state is state)
        return self.app.syncing.status(account.address)


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Window]:
    with App.open(tmp_path / "profile") as app:
        app.clock = lambda: NOW
        app.servers.add(FIRST, None, NOW)
        yield Window(app)


def test_before_anything_was_begun_every_account_says_so(window: Window) -> None:
    assert window.app.syncing.statuses() == {FIRST.key: AccountStatus(FIRST.key)}


def test_every_account_is_kept_current_and_one_that_is_added_later_too(window: Window) -> None:
    window.mailbox().append("INBOX", mail(1))
    window.app.syncing.start()
    window.reaches(SyncState.CURRENT)
    window.mailbox(SECOND).append("INBOX", mail(2))
    window.app.servers.add(SECOND, None, NOW)
    window.reaches(SyncState.CURRENT, SECOND)
    assert window.app.store.count()[0] == 2
    assert set(window.app.syncing.statuses()) == {FIRST.key, SECOND.key}


def test_an_account_that_is_removed_is_let_go_and_its_mail_stays(window: Window) -> None:
    window.mailbox().append("INBOX", mail(1))
    window.app.syncing.start()
    window.reaches(SyncState.CURRENT)
    mailbox = window.mailbox()
    window.app.servers.remove(FIRST.address)
    with mailbox.changed:
        assert mailbox.changed.wait_for(lambda: not mailbox.connections, PATIENCE)
    assert window.app.syncing.statuses() == {}
    assert window.app.store.count()[0] == 1


def test_closing_the_profile_lets_go_of_every_server(tmp_path: Path) -> None:
    with App.open(tmp_path / "p") as app:
        app.servers.add(FIRST, None, NOW)
        window = Window(app)
        app.syncing.start()
        window.reaches(SyncState.CURRENT)
    assert window.mailbox().connections == []


def test_what_is_read_is_told_to_the_server_only_where_the_user_wants_that(window: Window) -> None:
    window.mailbox().append("INBOX", mail(1))
    app = window.app
    app.syncing.start()
    window.reaches(SyncState.CURRENT)
    ids = app.ids(Filter(limit=0), NOW)
    app.mark_read(ids, read=True, at=NOW)
    assert app.store.pending(FIRST.key) == []
    app.mark_read(ids, read=False, at=NOW)
    app.servers.change(replace(FIRST, marks_read_on_server=True))
    app.mark_read(ids, read=True, at=NOW)
    mailbox = window.mailbox()
    with mailbox.changed:
        assert mailbox.changed.wait_for(lambda: SEEN in mailbox.folder("INBOX").messages[1].flags, PATIENCE)


def test_a_question_is_answered_and_not_asked_again(window: Window) -> None:
    mailbox = window.mailbox()
    for number in range(3):
        mailbox.append("INBOX", mail(number))
    window.app.syncing.start()
    window.reaches(SyncState.CURRENT)
    mailbox.expunge("INBOX", [1, 2, 3])
    question = window.reaches(SyncState.QUESTION).question
    assert question is not None
    assert (question.folder, question.known) == ("INBOX", 3)
    window.app.syncing.answer(FIRST.address, forget=True)
    window.reaches(SyncState.CURRENT)
    assert window.app.store.count()[0] == 3


def test_a_refused_account_is_let_in_after_its_password_was_changed(window: Window) -> None:
    mailbox = window.mailbox()
    mailbox.password = "Nuova"
    window.app.syncing.start()
    assert isinstance(window.reaches(SyncState.LOGIN_REFUSED).trouble, LoginError)
    window.app.syncing.check_now()
    assert mailbox.logins == 1
    window.app.servers.change(replace(FIRST, password_command="echo Nuova"))
    window.app.syncing.restart(FIRST.address)
    window.reaches(SyncState.CURRENT)
    assert mailbox.logins == 2


def test_pausing_holds_for_all_and_for_what_comes_later(window: Window) -> None:
    syncing = window.app.syncing
    syncing.start()
    window.reaches(SyncState.CURRENT)
    syncing.pause(True)
    window.reaches(SyncState.PAUSED)
    window.app.servers.add(SECOND, None, NOW)
    window.reaches(SyncState.PAUSED, SECOND)
    assert window.mailbox(SECOND).logins == 0
    syncing.pause(False)
    window.reaches(SyncState.CURRENT, SECOND)


def test_two_parts_of_a_program_never_synchronise_the_same_account(window: Window) -> None:
    window.app.syncing.start()
    window.reaches(SyncState.CURRENT)
    (report,) = window.app.syncing.sync()
    assert isinstance(report.error, BusyError)
    assert report.status.state is SyncState.BUSY_ELSEWHERE
    (looked,) = window.app.syncing.sync(dry_run=True)
    assert looked.error is None


def test_one_account_that_fails_keeps_no_other_from_being_synchronised(window: Window) -> None:
    window.app.servers.add(SECOND, None, NOW)
    window.mailbox().fail(NetworkError("gone"), "connect")
    window.mailbox(SECOND).append("INBOX", mail(1))
    first, second = window.app.syncing.sync()
    assert first.status.state is SyncState.OFFLINE
    assert (second.error, second.checked.fetched) == (None, 1)
    with pytest.raises(UsageError):
        window.app.syncing.sync(["nobody@pec.example"])


def test_what_a_run_that_was_killed_left_half_fetched_is_swept_away(window: Window) -> None:
    incoming = window.app.profile.incoming
    incoming.mkdir()
    mine = hashlib.sha256(FIRST.key.encode()).hexdigest()[:16]
    (incoming / f".{mine}-7.part").write_bytes(b"half")
    (incoming / ".0123456789abcdef-7.part").write_bytes(b"of another account")
    window.app.syncing.sync()
    assert [path.name for path in incoming.iterdir()] == [".0123456789abcdef-7.part"]


def test_what_is_marked_while_the_journal_is_caught_up_with_counts(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk kept a mark from the database. While it is put there after all, the user marks something newer."""
    app = window.app
    window.mailbox().append("INBOX", mail(1))
    app.syncing.sync()
    (row,) = app.store.rows(Filter(limit=0), NOW)
    app.store.journal.append([MarkedUnread(tuple(row.message_ids), NOW)])
    journalled = threading.Event()
    write = app.store.journal.write

    def written(entries: Iterable[Entry]) -> Stretch:
        stretch = write(entries)
        journalled.set()
        return stretch

    marking = threading.Thread(target=lambda: app.mark_read([row.id], read=True, at=NOW))
    catch_up = app.store.write_marks

    def marked_meanwhile(told: Mapping[str, ToldOfMessage]) -> None:
        marking.start()
        journalled.wait(0.3)  # it is to wait for the end of this, which cannot be waited for here
        catch_up(told)

    monkeypatch.setattr(app.store, "write_marks", marked_meanwhile)
    monkeypatch.setattr(app.store.journal, "write", written)
    with app.writing():
        app.catch_up(app.store)
    marking.join(PATIENCE)
    (row,) = app.store.rows(Filter(limit=0), NOW)
    assert not row.unread
    assert app.store.unapplied().entries == []


def test_beside_a_window_all_accounts_share_the_helper_and_the_command_line_has_its_own(tmp_path: Path) -> None:
    with App.open(tmp_path / "profile") as app:
        ground = SyncGround(app)
        with ground.means(shares_helper=True).examiner(20_000) as examiner:
            assert examiner is app.helper
        with ground.means(shares_helper=False).examiner(20_000) as examiner:
            assert examiner is not app.helper
            assert not app.helper.is_closed
