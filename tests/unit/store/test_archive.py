"""The archive: exact bytes, written once, durable before it is said, nothing half-written left."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.errors import DiskFullError, InputError, StoreError
from pecdesk.store import archive as archive_module
from pecdesk.store import disk
from pecdesk.store.archive import Archive, Disk

posix = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX matter")


def sha(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def put(archive: Archive, *messages: bytes) -> list[str]:
    with archive.batch() as batch:
        return [batch.put(raw) for raw in messages]


def files(archive: Archive) -> list[Path]:
    return sorted(path for path in archive.root.rglob("*") if path.is_file())


@pytest.fixture(params=[Disk.UNKNOWN, Disk.ONE_BY_ONE])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    archive = Archive(tmp_path / "profile" / "archive")
    archive.disk = request.param
    return archive


@settings(deadline=None, max_examples=30)
@given(st.lists(st.binary(max_size=200), max_size=8))
def test_the_bytes_that_come_out_are_those_that_went_in(messages: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive(Path(folder) / "archive")
        hashes = put(archive, *messages)
        assert hashes == [sha(raw) for raw in messages]
        assert [archive.get(sha256) for sha256 in hashes] == messages
        assert list(archive.all()) == sorted(set(hashes))


def test_a_message_lies_as_a_plain_file_under_the_first_digits_of_its_hash(archive: Archive) -> None:
    (sha256,) = put(archive, b"Subject: x\r\n\r\nline\n")
    path = archive.root / sha256[:2] / f"{sha256}.eml"
    assert archive.path(sha256) == path
    assert path.read_bytes() == b"Subject: x\r\n\r\nline\n"


def test_a_large_batch_leaves_nothing_but_messages(archive: Archive) -> None:
    hashes = put(archive, *(b"message %d" % number for number in range(300)))
    assert files(archive) == sorted(archive.path(sha256) for sha256 in hashes)
    assert all(archive.verify(sha256) for sha256 in hashes)


@posix
def test_messages_are_read_only_and_the_folders_are_private(archive: Archive) -> None:
    (sha256,) = put(archive, b"raw")
    assert stat.S_IMODE(archive.path(sha256).stat().st_mode) == 0o400
    assert stat.S_IMODE(archive.path(sha256).parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(archive.root.stat().st_mode) == 0o700


def test_a_message_put_twice_is_kept_once_and_not_written_again(archive: Archive) -> None:
    (sha256,) = put(archive, b"raw", b"raw")[:1]
    before = archive.path(sha256).stat()
    put(archive, b"raw")
    after = archive.path(sha256).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert len(files(archive)) == 1


def test_nothing_is_archived_before_the_batch_is_left(archive: Archive) -> None:
    with archive.batch() as batch:
        sha256 = batch.put(b"raw")
        assert sha256 not in archive
        assert list(archive.all()) == []
    assert sha256 in archive


def test_a_batch_left_by_an_exception_archives_nothing_and_leaves_nothing(archive: Archive) -> None:
    def fail_in_the_middle() -> None:
        with archive.batch() as batch:
            for number in range(100):
                batch.put(b"%d" % number)
            raise KeyError

    with pytest.raises(KeyError):
        fail_in_the_middle()
    assert files(archive) == []


def test_an_empty_batch_is_no_work(archive: Archive) -> None:
    put(archive)
    assert list(archive.all()) == []


def test_an_archive_that_was_never_written_holds_nothing(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    assert list(archive.all()) == []
    assert archive.find("ab") == []
    assert archive.sweep() == 0
    assert sha(b"") not in archive
    assert not archive.root.exists()


def test_a_missing_message_is_said_to_be_missing(archive: Archive) -> None:
    with pytest.raises(StoreError, match=f"{sha(b'raw')} is missing"):
        archive.get(sha(b"raw"))
    assert not archive.verify(sha(b"raw"))


def test_a_damaged_message_is_never_given_out(archive: Archive) -> None:
    (sha256,) = put(archive, b"raw")
    damage(archive, sha256, b"rav")
    with pytest.raises(StoreError, match="damaged"):
        archive.get(sha256)
    assert not archive.verify(sha256)
    assert sha256 in archive


@pytest.mark.parametrize("damaged", [b"rav", b"", b"raw and more"])
def test_a_damaged_message_is_repaired_when_it_comes_again(archive: Archive, damaged: bytes) -> None:
    (sha256,) = put(archive, b"raw")
    damage(archive, sha256, damaged)
    put(archive, b"raw")
    assert archive.get(sha256) == b"raw"
    assert len(files(archive)) == 1


def test_an_unreadable_message_is_an_error_of_the_store(archive: Archive) -> None:
    archive.path(sha(b"raw")).mkdir(parents=True)
    with pytest.raises(StoreError, match="cannot be read"):
        archive.get(sha(b"raw"))


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "AB" * 32, "ab" * 31, "ab" * 33, "zz" * 32])
def test_what_is_no_hash_is_in_no_archive(archive: Archive, name: str) -> None:
    assert name not in archive
    with pytest.raises(ValueError, match="not a SHA-256"):
        archive.path(name)


def test_messages_are_found_by_the_beginning_of_their_hash_in_either_case(archive: Archive) -> None:
    hashes = put(archive, *(b"%d" % number for number in range(50)))
    wanted = hashes[7]
    assert archive.find(wanted[:8]) == [wanted]
    assert archive.find(wanted[:8].upper()) == [wanted]
    assert archive.find(wanted[:1]) == sorted(sha256 for sha256 in hashes if sha256[0] == wanted[0])
    assert archive.find("") == sorted(hashes)
    assert archive.find(wanted + "0") == []
    assert archive.find("../" + wanted[:8]) == []


def test_foreign_files_in_the_archive_are_no_messages(archive: Archive) -> None:
    (sha256,) = put(archive, b"raw")
    folder = archive.path(sha256).parent
    (folder / "note.eml").write_text("x")
    (folder / f"{'f' * 64 if sha256[0] != 'f' else '0' * 64}.eml").write_text("x")
    (archive.root / "other").mkdir()
    (archive.root / "thumbs.db").write_text("x")
    assert list(archive.all()) == [sha256]


def test_a_file_is_archived_in_pieces_and_byte_for_byte(archive: Archive, tmp_path: Path) -> None:
    raw = os.urandom(3 * (1 << 20) + 17)
    (tmp_path / "big.eml").write_bytes(raw)
    with archive.batch() as batch:
        sha256 = batch.put_file(tmp_path / "big.eml")
        assert batch.put_file(tmp_path / "big.eml") == sha256
        assert batch.put(raw) == sha256
    assert archive.get(sha256) == raw
    assert files(archive) == [archive.path(sha256)]
    with archive.batch() as batch:
        assert batch.put_file(tmp_path / "big.eml") == sha256
    assert files(archive) == [archive.path(sha256)]


def test_a_file_that_cannot_be_read_is_an_error_of_the_input(archive: Archive, tmp_path: Path) -> None:
    with archive.batch() as batch:
        with pytest.raises(InputError, match="nowhere"):
            batch.put_file(tmp_path / "nowhere.eml")
        kept = batch.put(b"raw")
    assert files(archive) == [archive.path(kept)]


class FullDisk:
    """`os.write` on a disk that has room for so many bytes."""

    def __init__(self, room: int, error: int = errno.ENOSPC) -> None:
        self.room = room
        self.error = error
        self.write = os.write

    def __call__(self, descriptor: int, data: bytes) -> int:
        if self.room == 0:
            raise OSError(self.error, os.strerror(self.error))
        written = self.write(descriptor, bytes(data)[: self.room])
        self.room -= written
        return written


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_keeps_what_was_there_and_nothing_half_written(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    (before,) = put(archive, b"before")
    monkeypatch.setattr(os, "write", FullDisk(room=250, error=error))
    with pytest.raises(DiskFullError, match="no room left"):
        put(archive, b"a" * 100, b"b" * 100, b"c" * 100, b"d" * 100)
    assert files(archive) == [archive.path(before)]
    assert archive.get(before) == b"before"


def test_a_full_disk_while_a_file_is_copied_leaves_nothing(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "big.eml").write_bytes(b"x" * 1000)
    monkeypatch.setattr(os, "write", FullDisk(room=500))
    with pytest.raises(DiskFullError), archive.batch() as batch:
        batch.put_file(tmp_path / "big.eml")
    assert files(archive) == []


@pytest.mark.parametrize("error", [errno.EROFS, errno.EACCES, errno.EIO])
def test_a_disk_that_refuses_is_an_error_of_the_store(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    monkeypatch.setattr(os, "write", FullDisk(room=0, error=error))
    with pytest.raises(StoreError) as caught:
        put(archive, b"raw")
    assert not isinstance(caught.value, DiskFullError)
    assert os.strerror(error) in str(caught.value)
    assert caught.value.next_step


@pytest.mark.parametrize("count", [1, 100])
@pytest.mark.parametrize("failing", ["sync_file", "sync_folder", "sync_whole"])
def test_a_failed_sync_is_told_and_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str, count: int
) -> None:
    def fail(_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    archive = Archive(tmp_path / "archive")
    archive.disk = Disk.AS_A_WHOLE if failing == "sync_whole" else Disk.ONE_BY_ONE
    monkeypatch.setattr(archive_module, failing, fail)
    messages = [b"%d" % number for number in range(count)]
    if failing == "sync_whole" and count == 1:
        put(archive, *messages)
        return
    with pytest.raises(StoreError, match="disk"):
        put(archive, *messages)
    assert not [path for path in files(archive) if path.suffix == ".tmp"]


class Disks:
    """Records what is asked of the disk, in order, and does nothing else."""

    def __init__(self, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[str] = []
        self.archive = archive
        for name in ("sync_file", "sync_folder", "sync_whole"):
            monkeypatch.setattr(archive_module, name, self.recorder(name))
        replace = os.replace

        def recorded(path: str, target: str) -> None:
            self.done.append(f"name {Path(target).parent.name}")
            replace(path, target)

        monkeypatch.setattr(os, "replace", recorded)

    def recorder(self, name: str) -> Callable[[object], None]:
        def record(what: object) -> None:
            if isinstance(what, Path):
                self.done.append(f"{name} {what.relative_to(self.archive.root.parent)}")
            else:
                self.done.append(name)

        return record


def test_data_reach_the_disk_before_their_name_and_the_name_before_the_batch_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path / "archive")
    archive.disk = Disk.ONE_BY_ONE
    disks = Disks(archive, monkeypatch)
    folder = sha(b"raw")[:2]
    put(archive, b"raw")
    assert disks.done == ["sync_file", f"name {folder}", f"sync_folder archive/{folder}", *ROOT]
    disks.done.clear()
    put(archive, b"raw")
    assert disks.done == []


ROOT = ["sync_folder archive", "sync_folder ."]


def test_a_folder_made_later_is_made_durable_with_its_first_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path / "archive")
    put(archive, b"0")
    assert sha(b"0")[:2] != sha(b"1")[:2]
    disks = Disks(archive, monkeypatch)
    put(archive, b"1")
    assert disks.done[-2:] == ROOT


def test_a_folder_that_is_made_while_others_become_durable_is_made_durable_with_its_own_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path / "archive")
    archive.disk = Disk.ONE_BY_ONE
    disks = Disks(archive, monkeypatch)
    sync_folder = archive_module.sync_folder
    with archive.batch() as slow:

        def meanwhile(folder: Path) -> None:
            sync_folder(folder)
            if folder == archive.root:
                slow.put(b"1")

        monkeypatch.setattr(archive_module, "sync_folder", meanwhile)
        put(archive, b"0")
        monkeypatch.setattr(archive_module, "sync_folder", sync_folder)
    assert disks.done[-2:] == ROOT
    assert disks.done.count(ROOT[0]) == 2


def test_many_messages_share_two_syncs_where_the_whole_disk_can_be_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path / "archive")
    archive.disk = Disk.AS_A_WHOLE
    disks = Disks(archive, monkeypatch)
    put(archive, *(b"%d" % number for number in range(100)))
    assert [step for step in disks.done if step.startswith("sync")] == ["sync_whole", "sync_whole"]
    assert disks.done[0] == disks.done[-1] == "sync_whole"


def test_a_message_that_another_run_has_named_is_synced_before_it_counts_as_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(Archive(tmp_path / "archive"), b"raw")
    archive = Archive(tmp_path / "archive")
    disks = Disks(archive, monkeypatch)
    put(archive, b"raw")
    assert disks.done == [f"sync_folder archive/{sha(b'raw')[:2]}", *ROOT]


def test_syncing_the_whole_disk_is_given_up_when_it_waits_for_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, 60.0])
    archive = Archive(tmp_path / "archive")
    archive.disk = Disk.AS_A_WHOLE
    monkeypatch.setattr(archive_module.time, "monotonic", lambda: next(clock))
    put(archive, *(b"%d" % number for number in range(20)))
    assert archive.disk is Disk.ONE_BY_ONE
    assert len(put(archive, *(b"%d" % number for number in range(20, 40)))) == 20


def test_a_file_system_with_a_server_behind_it_is_not_synced_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "_SYNCED_AS_A_WHOLE", frozenset())
    assert not disk.syncs_as_a_whole(tmp_path)


def test_an_old_kernel_is_not_trusted_to_report_a_failed_sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "_kernel", lambda: (5, 16))
    assert not disk.syncs_as_a_whole(tmp_path)


PUT_AND_DIE = """
import os, sys
from pathlib import Path
from pecdesk.store.archive import Archive
with Archive(Path(sys.argv[1])).batch() as batch:
    batch.put(b"never finished")
    print(os.getpid(), flush=True)
    os._exit(9)
"""


@posix
def test_what_a_killed_run_left_is_swept_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    (kept,) = put(archive, b"kept")
    subprocess.run([sys.executable, "-c", PUT_AND_DIE, str(archive.root)], check=False, stdout=subprocess.DEVNULL)
    assert len(files(archive)) == 2
    with archive.batch() as batch:
        late = batch.put(b"being written")
        assert archive.sweep() == 1
    assert files(archive) == sorted([archive.path(kept), archive.path(late)])
    assert archive.sweep() == 0


@posix
def test_a_leftover_of_an_earlier_run_with_our_own_process_number_is_swept(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    put(archive, b"kept")
    (archive.root / sha(b"kept")[:2] / f".{os.getpid()}-01234567-0.tmp").write_bytes(b"x")
    assert archive.sweep() == 1


def test_a_leftover_of_yesterday_is_swept_whoever_left_it(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    put(archive, b"kept")
    folder = archive.root / sha(b"kept")[:2]
    old, young = (folder / f".{os.getppid()}-01234567-{number}.tmp" for number in (0, 1))
    old.write_bytes(b"x")
    young.write_bytes(b"x")
    os.utime(old, (1_000_000_000, 1_000_000_000))
    assert archive.sweep() == 1
    assert young.exists()


def damage(archive: Archive, sha256: str, raw: bytes) -> None:
    path = archive.path(sha256)
    path.chmod(0o600)
    path.write_bytes(raw)
    path.chmod(0o400)
