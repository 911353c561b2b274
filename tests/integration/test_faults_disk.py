"""Disks that are full, databases that are damaged, programs that run twice: reading stays possible, nothing is half
written, and it goes on by itself or with one step that the user is told of."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pecdesk.app import sync_ground
from pecdesk.errors import DiskFullError, PecdeskError, StoreError
from pecdesk.examiner import Examiner
from pecdesk.profile.account_status import SyncState
from pecdesk.store import Filter
from pecdesk.sync import worker
from tests.kit.crash_bench import letter
from tests.kit.dovecot import Dovecot
from tests.kit.fault_proxy import FaultProxy, Plan
from tests.kit.kept_office import KeptOffice

NOW = datetime.now(UTC)


# --- full -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Four megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "pecdesk-test", str(folder)]
    if sys.platform != "linux" or os.geteuid() != 0 or subprocess.run(mount, check=False).returncode:
        pytest.skip("no small disk can be made here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def filled(
    small_disk: Path, mail_server: Dovecot, helper: Examiner, monkeypatch: pytest.MonkeyPatch
) -> Iterator[KeptOffice]:
    """A profile with two messages on a disk that says it has room and soon has none, as one with a quota does."""
    monkeypatch.setattr(worker, "NO_ROOM_SECONDS", 0.2)
    room = shutil.disk_usage("/")._replace(free=1 << 40)
    monkeypatch.setattr(sync_ground.shutil, "disk_usage", lambda _: room)
    mail_server.append_all("INBOX", map(letter, range(2)))
    with KeptOffice(small_disk, mail_server, examiner=helper) as office:
        office.synced()
        mail_server.append_all("INBOX", [letter(number, 200_000) for number in range(2, 12)])
        mail_server.append("INBOX", letter(12, 1_500_000))
        (small_disk / "filler").write_bytes(bytes(1_500_000))
        yield office


def test_a_full_disk_stops_fetching_and_nothing_else_and_goes_on_when_there_is_room(
    filled: KeptOffice, small_disk: Path
) -> None:
    error = filled.sync().error

    assert isinstance(error, DiskFullError), error
    assert error.next_step
    assert filled.left_over() == []
    shown = filled.app.rows(Filter(limit=0), NOW)
    assert len(shown) >= 2
    assert all(filled.app.raw(sha256) for row in shown for sha256 in row.message_ids)
    filled.app.syncing.start()
    filled.until(lambda status: status.state is SyncState.FAILED)
    (small_disk / "filler").unlink()
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)

    filled.until(lambda status: status.state is SyncState.CURRENT)

    filled.app.syncing.stop()
    assert filled.complaints() == []


def test_a_disk_that_is_full_when_the_program_starts_is_called_full(
    filled: KeptOffice, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    filled.close()
    with suppress(OSError), (small_disk / "rest").open("wb") as file:
        while True:
            file.write(bytes(4096))
            file.flush()

    filled.reopen()
    with pytest.raises(DiskFullError, match="no room left"):
        filled.app.rows(Filter(limit=0), NOW)

    (small_disk / "rest").unlink()
    filled.reopen()
    assert len(filled.app.rows(Filter(limit=0), NOW)) == 2


# --- damaged ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, helper: Examiner) -> Iterator[tuple[Path, Dovecot]]:
    """A profile that was synchronised and killed then: the write-ahead log is still there."""
    root = tmp_path_factory.mktemp("whole")
    with Dovecot() as server:
        server.create("Clienti")
        server.append_all("INBOX", map(letter, range(20)))
        with KeptOffice(root, server, examiner=helper) as office:
            office.synced()
            server.append_all("Clienti", map(letter, range(20, 30)))
            office.synced()
            office.app.mark_read(office.app.store.ids(Filter(limit=3), NOW), read=True, at=NOW)
            shutil.copytree(root, root / "killed")
        yield root / "killed", server


def _flipped(path: Path, chance: random.Random, times: int) -> None:
    raw = bytearray(path.read_bytes())
    for _ in range(times):
        raw[chance.randrange(100, len(raw))] ^= 1 << chance.randrange(8)
    path.write_bytes(raw)


def damage(database: Path, kind: str) -> None:
    """What disks, copies and people do to a database."""
    log = database.with_name("pecdesk.db-wal")
    chance = random.Random(kind)
    match kind.partition(" ")[0]:
        case "cut":
            log.unlink()
            os.truncate(database, database.stat().st_size // 2)
        case "nothing":
            log.unlink()
            database.write_bytes(b"")
        case "log":
            log.unlink()
        case "torn":
            os.truncate(log, log.stat().st_size // 3)
        case "head":
            database.write_bytes(b"\0" * 100 + database.read_bytes()[100:])
        case "flipped":
            _flipped(database, chance, 200)
            _flipped(log, chance, 200)


DAMAGES = ["cut", "nothing", "log gone", "torn log", "head overwritten", *(f"flipped {n}" for n in range(4))]


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_database_is_found_out_or_harmless_and_made_again_from_archive_and_journal(
    tmp_path: Path, whole: tuple[Path, Dovecot], helper: Examiner, kind: str
) -> None:
    """Whatever happened to it: either all is there, or the user is told what to do, and then all is there."""
    root, server = whole
    shutil.copytree(root, tmp_path / "copy")
    damage(tmp_path / "copy" / "profile" / "pecdesk.db", kind)
    with KeptOffice(tmp_path / "copy", server, examiner=helper) as office:
        said: PecdeskError | None = None
        try:
            office.app.rows(Filter(limit=0), NOW)
            found = office.app.store.database.check()
            if found is None:
                said = office.sync().error
        except StoreError as error:
            said = error
            found = str(error)
        if found is not None or said is not None:
            if said is not None:
                assert "damaged" in str(said)
                assert said.next_step
            office.app.rebuild(now=NOW)
            assert (office.profile.root / "pecdesk.db.before-rebuild").exists()
        office.converge()

        assert len(office.hashes()) == 30
        assert office.complaints() == []


# --- twice ------------------------------------------------------------------------------------------------------------


def start(office: KeptOffice) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pecdesk", "--profile", office.profile.root, "sync", "--once"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_after_a_killed_program_the_next_one_just_goes_on(
    tmp_path: Path, mail_server: Dovecot, helper: Examiner
) -> None:
    mail_server.append_all("INBOX", (letter(number) for number in range(120)))
    with (
        FaultProxy(mail_server.plain_port) as proxy,
        KeptOffice(
            tmp_path, mail_server, examiner=helper, account=mail_server.account(plain=True, port=proxy.port)
        ) as office,
    ):
        proxy.plan(Plan(stall_after_pattern=b"Subject: Lettera 20\r\n"))
        first = start(office)
        ends, pause = time.monotonic() + 30, threading.Event()
        while not (proxy.links and proxy.links[0].is_stalled.is_set()):
            assert time.monotonic() < ends
            pause.wait(0.02)
        busy = office.sync()
        first.send_signal(signal.SIGKILL)
        first.communicate()

        report = office.synced()

        assert busy.status.state is SyncState.BUSY_ELSEWHERE
        assert report.status.state is SyncState.CURRENT
        assert office.complaints() == []
