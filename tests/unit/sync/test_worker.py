"""The thread of an account: what it does when the world fails, and what it says of itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from pathlib import Path

import pytest

from pecdesk.errors import BusyError, DiskFullError, LoginError, NetworkError, ServerError
from pecdesk.profile.account_status import AccountStatus, EmptiedFolder, SyncState
from pecdesk.profile.accounts import Account
from pecdesk.sync.means import RESERVE
from pecdesk.sync.refusal import RefusalError
from pecdesk.sync.server import SEEN, Server
from pecdesk.sync.worker import ELSEWHERE_SECONDS, LOOK_SECONDS, NO_ROOM_SECONDS, POLL_SECONDS, Worker
from tests.kit.memory_server import MemoryMailbox
from tests.kit.messages import NOW
from tests.unit.sync.office import ACCOUNT, PASSWORD, Office, mail

PATIENCE = 20.0


class Bench:
    """A worker whose waiting is in the hands of the test."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.password = PASSWORD
        self.told: list[AccountStatus] = []
        self.waits: list[float | None] = []
        self.lease: Callable[[], AbstractContextManager[None]] = nullcontext
        self.hold = threading.Event()
        """Set: a wait ends as if its time were over."""
        self._changed = threading.Condition()
        self.worker = Worker(
            office.account,
            office.means(),
            connect=self._connect,
            lease=self._held,
            tell=self._tell,
            jitter=lambda: 0.5,
            wait=self._wait,
        )

    def _held(self) -> AbstractContextManager[None]:
        return self.lease()

    def _connect(self, account: Account, _stopped: Callable[[], bool]) -> Server:
        return self.office.mailbox.connect(account, self.password)

    def _tell(self, status: AccountStatus) -> None:
        with self._changed:
            self.told.append(status)
            self._changed.notify_all()

    def _wait(self, event: threading.Event, seconds: float | None) -> bool:
        with self._changed:
            self.waits.append(seconds)
            self._changed.notify_all()
        while not event.wait(0.005):
            if self.hold.is_set() and seconds is not None:
                self.hold.clear()
                return False
        return True

    def until(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE), self.told[-5:]

    def reaches(self, state: SyncState) -> AccountStatus:
        self.until(lambda: self.worker.status.state is state)
        return self.worker.status

    def waited(self, count: int) -> list[float | None]:
        self.until(lambda: len(self.waits) >= count)
        return self.waits[:count]

    def time_is_over(self) -> None:
        self.hold.set()


@pytest.fixture
def bench(office: Office) -> Iterator[Bench]:
    made = Bench(office)
    yield made
    made.worker.stop()
    assert made.worker.join(PATIENCE)


def test_it_looks_through_everything_and_then_waits_for_the_servers_word(bench: Bench) -> None:
    bench.office.fill(3)
    bench.worker.start()
    status = bench.reaches(SyncState.CURRENT)
    assert (status.checked_at, status.is_watching, status.trouble) == (NOW, True, None)
    states = list(dict.fromkeys(one.state for one in bench.told))
    assert states == [SyncState.CONNECTING, SyncState.SYNCING, SyncState.CURRENT]
    assert (3, 3) in [(one.done, one.of) for one in bench.told]
    bench.office.mailbox.append("INBOX", mail(50))
    bench.until(lambda: bench.office.store.count()[0] == 4)


def test_idle_is_issued_anew_well_before_ten_minutes(bench: Bench) -> None:
    bench.worker.start()
    bench.reaches(SyncState.CURRENT)
    mailbox = bench.office.mailbox
    with mailbox.changed:
        mailbox.changed.wait_for(lambda: bool(mailbox.calls("wait")), PATIENCE)
    assert mailbox.calls("wait") == [(LOOK_SECONDS,)]
    assert LOOK_SECONDS <= 9 * 60


def test_a_server_that_does_not_tell_is_asked_again_and_again(tmp_path: Path) -> None:
    office = Office(tmp_path / "p", MemoryMailbox(PASSWORD, ()))
    bench = Bench(office)
    bench.worker.start()
    assert bench.waited(1) == [POLL_SECONDS]
    assert not bench.worker.status.is_watching
    office.mailbox.append("INBOX", mail(1))
    bench.time_is_over()
    bench.until(lambda: office.store.count()[0] == 1)
    bench.waited(2)
    assert len(office.mailbox.calls("connect")) == 1
    bench.worker.stop()
    assert bench.worker.join(PATIENCE)
    office.close()


def test_a_refused_login_is_never_repeated_by_itself(bench: Bench) -> None:
    bench.password = "wrong"
    bench.worker.start()
    status = bench.reaches(SyncState.LOGIN_REFUSED)
    assert isinstance(status.trouble, LoginError)
    assert status.next_try_at is None
    bench.waited(1)
    bench.worker.poke()
    bench.waited(2)
    assert bench.office.mailbox.logins == 1
    bench.password = PASSWORD
    bench.worker.restart(ACCOUNT)
    bench.reaches(SyncState.CURRENT)
    assert bench.office.mailbox.logins == 2


def test_pauses_between_attempts_grow_and_begin_anew_after_a_success(bench: Bench) -> None:
    for _ in range(4):
        bench.office.mailbox.fail(NetworkError("gone"), "connect")
    bench.worker.start()
    for count in range(1, 5):
        bench.waited(count)
        assert bench.worker.status.state is SyncState.OFFLINE
        bench.time_is_over()
    assert bench.waits == [5, 10, 20, 40]
    assert bench.told[1].next_try_at == NOW + timedelta(seconds=5)
    bench.reaches(SyncState.CURRENT)
    bench.office.mailbox.fail(NetworkError("gone"), "folders")
    bench.worker.poke()
    assert bench.waited(5)[-1] == 5


@pytest.mark.parametrize("code", ["LIMIT", "UNAVAILABLE", "INUSE"])
def test_a_server_that_has_no_room_for_us_now_is_no_refused_login(bench: Bench, code: str) -> None:
    bench.office.mailbox.fail(RefusalError("busy", code=code), "connect")
    bench.worker.start()
    bench.waited(1)
    assert bench.worker.status.state is SyncState.OFFLINE
    assert bench.worker.status.next_try_at is not None
    bench.time_is_over()
    bench.reaches(SyncState.CURRENT)


def test_a_look_now_does_not_wait_for_the_pause_to_end(bench: Bench) -> None:
    bench.office.mailbox.fail(NetworkError("gone"), "connect")
    bench.worker.start()
    bench.waited(1)
    bench.worker.poke()
    bench.reaches(SyncState.CURRENT)


def test_a_connection_that_dies_while_waiting_is_made_anew(bench: Bench) -> None:
    bench.worker.start()
    bench.reaches(SyncState.CURRENT)
    bench.office.mailbox.kick()
    assert bench.waited(1) == [5]
    bench.time_is_over()
    bench.until(lambda: len(bench.office.mailbox.connections) == 1)


def test_after_time_that_went_by_unnoticed_it_connects_anew(bench: Bench) -> None:
    bench.worker.start()
    bench.reaches(SyncState.CURRENT)
    bench.office.now += timedelta(hours=3)
    bench.until(lambda: bench.worker.status.checked_at == NOW + timedelta(hours=3))
    assert len(bench.office.mailbox.calls("connect")) == 2
    assert bench.waits == []


def test_never_more_than_one_connection_is_open(bench: Bench) -> None:
    most: list[int] = []
    bench.office.mailbox.before_call = lambda told: most.append(len(bench.office.mailbox.connections))
    bench.worker.start()
    bench.reaches(SyncState.CURRENT)
    for _ in range(3):
        bench.office.now += timedelta(hours=3)
        bench.until(lambda: bench.worker.status.checked_at == bench.office.now)
    assert max(most) == 1


def test_paused_it_leaves_the_server_alone_until_it_may_go_on(bench: Bench) -> None:
    bench.worker.start()
    bench.reaches(SyncState.CURRENT)
    bench.worker.pause(True)
    bench.reaches(SyncState.PAUSED)
    assert bench.office.mailbox.connections == []
    bench.worker.poke()
    bench.worker.pause(False)
    bench.reaches(SyncState.CURRENT)


def test_an_account_that_another_process_synchronises_is_left_to_it(bench: Bench) -> None:
    busy = [True]

    def lease() -> AbstractContextManager[None]:
        if busy[0]:
            raise BusyError("busy")
        return nullcontext()

    bench.lease = lease
    bench.worker.start()
    assert bench.waited(1) == [ELSEWHERE_SECONDS]
    assert bench.worker.status.state is SyncState.BUSY_ELSEWHERE
    assert bench.office.mailbox.logins == 0
    busy[0] = False
    bench.time_is_over()
    bench.reaches(SyncState.CURRENT)


def test_a_full_disk_stops_it_and_it_goes_on_by_itself(bench: Bench) -> None:
    bench.office.fill(2)
    bench.office.free = RESERVE
    bench.worker.start()
    assert bench.waited(1) == [NO_ROOM_SECONDS]
    assert bench.worker.status.state is SyncState.FAILED
    assert isinstance(bench.worker.status.trouble, DiskFullError)
    bench.office.free = 1 << 40
    bench.time_is_over()
    bench.reaches(SyncState.CURRENT)
    assert bench.office.complaints() == []


def test_a_bug_is_shown_and_not_repeated_by_itself(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.office.mailbox.fail(ZeroDivisionError("a bug"), "folders")
    bench.worker.start()
    status = bench.reaches(SyncState.FAILED)
    assert status.trouble is None
    assert bench.waited(1) == [None]
    assert "a bug ended the synchronising" in caplog.text
    caplog.clear()
    bench.worker.poke()
    bench.reaches(SyncState.CURRENT)


def test_an_emptied_folder_is_a_question_until_it_is_answered(bench: Bench) -> None:
    bench.office.fill(3)
    bench.worker.start()
    bench.reaches(SyncState.CURRENT)
    bench.office.mailbox.expunge("INBOX", [1, 2, 3])
    assert bench.reaches(SyncState.QUESTION).question == EmptiedFolder("INBOX", 3)
    bench.office.store.answer_emptied(ACCOUNT.key, "INBOX", forget=True, at=NOW)
    bench.worker.poke()
    assert bench.reaches(SyncState.CURRENT).question is None


def test_messages_that_could_not_be_had_are_counted_until_they_are_here_or_gone(bench: Bench) -> None:
    bench.office.fill(4)
    messages = bench.office.mailbox.folder("INBOX").messages
    first, second = messages[1], messages[2]
    first.is_unreadable = second.is_unreadable = True
    bench.worker.start()
    assert bench.reaches(SyncState.CURRENT).unfetched == 2
    first.is_unreadable = False
    bench.worker.restart(ACCOUNT)
    bench.until(lambda: bench.worker.status.unfetched == 1)
    bench.office.mailbox.expunge("INBOX", [2])
    bench.worker.poke()
    bench.until(lambda: bench.worker.status.unfetched == 0)
    assert bench.office.store.count()[0] == 3


def test_a_mailbox_that_fills_is_told(bench: Bench) -> None:
    store, mailbox = bench.office.store, bench.office.mailbox
    mailbox.quota_limit = 1000
    for day in range(1, 11):
        store.note_quota(ACCOUNT.key, NOW - timedelta(days=2 * day), 200 - 20 * day, 1000)
    mailbox.append("INBOX", b"x" * 200)
    bench.worker.start()
    status = bench.reaches(SyncState.CURRENT)
    assert status.quota is not None
    assert status.quota.used == 200
    assert status.quota_full_at == NOW + timedelta(days=80)


def test_it_ends_at_once_in_the_middle_of_anything(bench: Bench) -> None:
    bench.office.fill(400)
    bench.office.mailbox.before_call = lambda told: bench.worker.stop() if told.method == "fetch" else None
    bench.worker.start()
    assert bench.worker.join(PATIENCE)
    assert bench.office.store.count()[0] < 400
    assert bench.office.mailbox.connections == []


def test_a_server_error_is_told_with_what_the_server_did(bench: Bench) -> None:
    bench.office.mailbox.fail(ServerError("It makes no sense."), "folders")
    bench.worker.start()
    bench.waited(1)
    assert str(bench.worker.status.trouble) == "It makes no sense."


def test_an_account_read_here_is_read_there_within_the_same_pass(bench: Bench) -> None:
    bench.office.fill(1)
    bench.worker.start()
    bench.reaches(SyncState.CURRENT)
    store = bench.office.store
    from pecdesk.store import Filter

    store.mark_read(store.ids(Filter(limit=0), NOW), read=True, at=NOW, on_servers_of={ACCOUNT.key})
    bench.worker.poke()
    mailbox = bench.office.mailbox
    with mailbox.changed:
        assert mailbox.changed.wait_for(lambda: SEEN in mailbox.folder("INBOX").messages[1].flags, PATIENCE)
