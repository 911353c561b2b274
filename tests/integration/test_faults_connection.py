"""Connections that are cut, fall silent, are too many, or sleep. What is incomplete is never shown as complete, nothing
is lost, and nobody knocks more often than he should. All against a real Dovecot, most through the fault proxy."""

from __future__ import annotations

import hashlib
import itertools
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pecdesk.errors import NetworkError
from pecdesk.examiner import Examiner
from pecdesk.profile.account_status import SyncState
from pecdesk.sync import waiting, worker
from tests.kit.crash_bench import letter
from tests.kit.dovecot import Dovecot
from tests.kit.fault_proxy import FaultProxy, Link, Plan, Way
from tests.kit.kept_office import KeptOffice
from tests.kit.messages import delivery

SHORTEST = 0.2
"""Seconds between two attempts here, at least."""


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


@pytest.fixture
def proxy(mail_server: Dovecot) -> Iterator[FaultProxy]:
    with FaultProxy(mail_server.plain_port) as running:
        yield running


@pytest.fixture
def near(tmp_path: Path, mail_server: Dovecot, proxy: FaultProxy, helper: Examiner) -> Iterator[KeptOffice]:
    """A profile behind the proxy, in clear, that gives a silent server up soon."""
    account = mail_server.account(plain=True, port=proxy.port)
    with KeptOffice(tmp_path, mail_server, examiner=helper, account=account, timeout=1.0) as opened:
        yield opened


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses of minutes are fractions of a second."""
    monkeypatch.setattr(waiting, "SHORTEST", SHORTEST)
    monkeypatch.setattr(waiting, "LONGEST", 4 * SHORTEST)
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0.5)
    monkeypatch.setattr(worker, "ELSEWHERE_SECONDS", 0.1)


def is_current(office: KeptOffice, *, since: datetime | None = None) -> None:
    """Wait until everything is looked through."""
    office.until(
        lambda status: (
            status.state is SyncState.CURRENT
            and (since is None or (status.checked_at is not None and status.checked_at > since))
        )
    )


def is_waiting(proxy: FaultProxy) -> None:
    """Wait until the newest connection waits on the server's word."""
    ends, pause = time.monotonic() + 20, threading.Event()
    while b"+ idling" not in proxy.links[-1].passed[Way.DOWN]:
        assert time.monotonic() < ends
        pause.wait(0.01)


# --- cut --------------------------------------------------------------------------------------------------------------


def test_a_message_cut_anywhere_leaves_nothing_and_comes_whole_the_next_time(
    near: KeptOffice, mail_server: Dovecot, proxy: FaultProxy
) -> None:
    near.synced()
    raw = delivery().sealed()
    body, attachments = raw.index(b"\r\n\r\n") + 4, raw.index(b"daticert.xml")
    ends = (40, body, body + 100, attachments, (attachments + len(raw)) // 2, len(raw) - 30, len(raw))
    mail_server.append("INBOX", raw)
    for end in ends:
        proxy.plan(Plan(cut_after_pattern=raw[end - 40 : end]))

        report = near.sync()

        assert isinstance(report.error, NetworkError), end
        assert near.hashes() == set(), end
        assert not list(near.profile.archive.rglob("*.eml")), end
        assert near.left_over() == []

    near.synced()
    assert near.hashes() == {sha256(raw)}
    assert near.complaints() == []


@pytest.mark.parametrize("share", [0.001, 0.4, 0.999])
def test_a_big_message_cut_anywhere_leaves_nothing_and_comes_whole_the_next_time(
    near: KeptOffice, mail_server: Dovecot, proxy: FaultProxy, share: float
) -> None:
    near.synced()
    raw = letter(1, 3_000_000)
    end = 300 + int(share * (len(raw) - 300))
    mail_server.append("INBOX", raw)
    proxy.plan(Plan(cut_after_pattern=raw[end - 150 : end]))

    report = near.sync()

    assert isinstance(report.error, NetworkError)
    assert near.hashes() == set()
    assert near.left_over() == []
    near.synced()
    assert near.hashes() == {sha256(raw)}
    assert near.complaints() == []


def test_what_came_before_the_cut_is_kept_and_not_fetched_again(
    near: KeptOffice, mail_server: Dovecot, proxy: FaultProxy
) -> None:
    near.synced()
    mail_server.append_all("INBOX", (letter(number) for number in range(120)))
    proxy.plan(Plan(cut_after_pattern=b"Subject: Lettera 30\r\n"))

    assert isinstance(near.sync().error, NetworkError)

    kept = len(near.hashes())
    assert 50 <= kept < 120
    assert near.synced().checked.fetched == 120 - kept
    assert near.complaints() == []


# --- silent -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("hurried")
def test_a_half_open_connection_is_found_out_and_mail_comes_over_a_new_one(
    near: KeptOffice, mail_server: Dovecot, proxy: FaultProxy
) -> None:
    mail_server.append("INBOX", letter(1))
    near.app.syncing.start()
    near.until(lambda status: status.is_watching)
    checked_at = near.app.syncing.status(near.account.key).checked_at

    proxy.stall()
    mail_server.append("INBOX", letter(2))
    offline = near.until(lambda status: status.state is SyncState.OFFLINE)
    near.until_here(sha256(letter(2)))
    is_current(near, since=checked_at)

    assert offline.is_watching is False
    assert isinstance(offline.trouble, NetworkError)
    assert len(proxy.links) >= 2
    assert near.complaints() == []


@pytest.mark.usefixtures("hurried")
def test_a_cut_while_waiting_is_healed_by_one_new_connection(
    near: KeptOffice, mail_server: Dovecot, proxy: FaultProxy
) -> None:
    near.app.syncing.start()
    near.until(lambda status: status.is_watching)

    proxy.cut(is_reset=True)
    near.until(lambda status: status.state is SyncState.OFFLINE)
    mail_server.append("INBOX", letter(1))
    near.until_here(sha256(letter(1)))

    assert len(proxy.links) == 2
    near.app.syncing.stop()
    assert near.complaints() == []


# --- asleep -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slept", [timedelta(hours=8), timedelta(hours=-2)], ids=str)
def test_after_sleep_one_new_connection_takes_the_place_of_the_dead_one(
    near: KeptOffice, mail_server: Dovecot, proxy: FaultProxy, slept: timedelta
) -> None:
    """The connection died meanwhile, and nobody was told."""
    passed = [timedelta(0)]
    near.app.clock = lambda: datetime.now(UTC) + passed[0]
    near.app.syncing.start()
    near.until(lambda status: status.is_watching)
    is_waiting(proxy)
    proxy.stall()
    mail_server.append("INBOX", letter(1))

    begun = time.monotonic()
    passed[0] = slept
    near.until_here(sha256(letter(1)))

    assert time.monotonic() - begun < 4, "no silence is waited for"
    assert len(proxy.links) == 2
    assert not any(status.state in (SyncState.OFFLINE, SyncState.FAILED) for status in near.statuses)
    near.app.syncing.stop()
    assert near.complaints() == []


def test_the_end_of_summer_time_is_no_sleep() -> None:
    """The clock of a window is in the user's zone: two moments are compared as moments, not as they are written."""
    moments = [datetime(2026, 10, 25, 0, 59, 50, tzinfo=UTC), datetime(2026, 10, 25, 1, 0, 10, tzinfo=UTC)]
    at = [0]
    rome = ZoneInfo("Europe/Rome")
    watch = waiting.JumpWatch(lambda: moments[at[0]].astimezone(rome), lambda: 20.0 * at[0])
    at[0] = 1

    assert not watch.has_jumped()


# --- too many ---------------------------------------------------------------------------------------------------------


def gaps(proxy: FaultProxy, begun: dict[int, float]) -> list[float]:
    """Seconds between the connections of one program."""
    moments = [begun[id(link)] for link in proxy.links if id(link) in begun]
    return [later - earlier for earlier, later in itertools.pairwise(moments)]


@pytest.mark.usefixtures("hurried")
def test_two_programs_where_one_connection_is_allowed_neither_storm_nor_take_it_for_a_wrong_password(
    tmp_path: Path, helper: Examiner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is let in is thrown out again and again."""
    begun: dict[int, float] = {}

    def note(link: Link, *words: object, **options: object) -> None:
        made(link, *words, **options)
        begun[id(link)] = time.monotonic()

    made = Link.__init__
    monkeypatch.setattr(Link, "__init__", note)
    with ExitStack() as held:
        server = held.enter_context(Dovecot(connections=1))
        server.append("INBOX", letter(1))
        proxies, offices = [], []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            proxies.append(held.enter_context(FaultProxy(server.plain_port)))
            account = server.account(plain=True, port=proxies[-1].port)
            offices.append(
                held.enter_context(KeptOffice(tmp_path / name, server, examiner=helper, account=account, timeout=2.0))
            )
        for office in offices:
            office.app.syncing.start()
        pause = threading.Event()
        for _ in range(12):
            server.kick()
            pause.wait(0.25)
        for office in offices:
            office.app.syncing.stop()

        for office, proxy in zip(offices, proxies, strict=True):
            assert {status.state for status in office.statuses} <= {
                SyncState.CONNECTING,
                SyncState.SYNCING,
                SyncState.CURRENT,
                SyncState.OFFLINE,
            }
            assert len(proxy.links) > 2, "it goes on trying"
            # As long as it must between two attempts, but for what a machine's timers are early.
            assert min(gaps(proxy, begun)) > 0.9 * SHORTEST
        assert any(status.state is SyncState.CURRENT for office in offices for status in office.statuses)
        server.kick()
        for office in offices:
            office.converge()
            assert office.complaints() == []


# --- huge -------------------------------------------------------------------------------------------------------------


def test_a_huge_message_is_never_in_memory_as_a_whole(office: KeptOffice, mail_server: Dovecot) -> None:
    """Over TLS. `python -m tests.soak.huge` does the same with 137 MB, helper process included."""
    office.synced()
    raw = letter(1, 8 << 20)
    mail_server.append("INBOX", raw)
    tracemalloc.start()
    try:
        office.synced()
        highest = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert highest < 5 << 20
    assert office.hashes() == {sha256(raw)}
    assert office.complaints() == []
