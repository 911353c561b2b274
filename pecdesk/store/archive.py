"""The archive: every raw message as `ab/<sha256>.eml`, exact bytes, written once and never altered.

It stays readable without this program: any mail client opens the files, `sha256sum` checks them. A name in the archive
is a promise: data reach the disk before the name, and the name before `Batch` is left. So the order of the store can
be archive, journal, database, and a crash between any two of them loses nothing.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import re
import secrets
import stat
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from types import TracebackType

from pecdesk.errors import N_, InputError, StoreError
from pecdesk.store.disk import (
    reason,
    refused,
    side_by_side,
    sync_file,
    sync_folder,
    sync_whole,
    syncs_as_a_whole,
    write_all,
)

_CHUNK = 1 << 20
_OPEN_FILES = 64
"""Files kept open until their sync."""
_FEW = 4
"""Up to so many files are synced one by one: a whole-disk sync would also wait for other programs' data."""
_PATIENCE_FILE, _PATIENCE_BYTE = 0.02, 1 / 10e6
"""Seconds for each file and byte; a whole-disk sync slower than that waits for others and is not tried again."""
_DAY = 86400.0

_SHA256 = re.compile(r"[0-9a-f]{64}")
_TEMPORARY = re.compile(r"\.(\d+)-([0-9a-f]{8})-\d+\.tmp")


class Disk(Enum):
    """How many files at once become durable."""

    UNKNOWN = auto()
    AS_A_WHOLE = auto()
    ONE_BY_ONE = auto()


_RUN = secrets.token_hex(4)
_NUMBERS = itertools.count()


class Archive:
    """The raw messages of one profile. `root` is the folder that holds `00` to `ff`; it is made by the first batch."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._root = f"{root}{os.sep}"
        self.settled: set[str] = set()
        """Folders of which this process has seen the names of messages reach the disk."""
        self.made: set[str] = set()
        """Folders that this process has found or made."""
        self.settled_folders = -1
        """How many of those had been made when the names of all of them were last seen to reach the disk."""
        self.making = threading.Lock()
        """Held while a folder is made: nobody uses one that is not counted yet."""
        self.disk = Disk.UNKNOWN
        """What this process has learnt of syncing many files at once."""

    def path(self, sha256: str) -> Path:
        """Where the message of that hash lies, or would lie."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"not a SHA-256: {sha256!r}")
        return self.root / sha256[:2] / f"{sha256}.eml"

    def place(self, sha256: str) -> str:
        """The same as text, for many at a time: a path costs as much as asking the disk about it."""
        return f"{self._root}{sha256[:2]}{os.sep}{sha256}.eml"

    def __contains__(self, sha256: object) -> bool:
        if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
            return False
        try:
            return stat.S_ISREG(os.stat(self.place(sha256)).st_mode)  # noqa: PTH116
        except OSError:
            return False

    def batch(self) -> Batch:
        """Messages that become durable together, when its `with` block is left."""
        return Batch(self)

    def get(self, sha256: str) -> bytes:
        """The exact bytes; StoreError when they are missing, unreadable or no longer what their name says."""
        path = self.path(sha256)
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            message = N_("The message {sha256} is missing from the archive.")
            raise StoreError(message, N_("Take it back from a backup."), sha256=sha256) from None
        except OSError as error:
            message = N_("The message {sha256} cannot be read from the archive: {reason}.")
            next_step = N_("Check the disk, then take the message back from a backup.")
            raise StoreError(message, next_step, sha256=sha256, reason=reason(error)) from error
        if hashlib.sha256(raw).hexdigest() != sha256:
            message = N_("The message {sha256} in the archive is damaged: its bytes are not those that arrived.")
            raise StoreError(message, N_("Take it back from a backup, or import it again."), sha256=sha256)
        return raw

    def verify(self, sha256: str) -> bool:
        """Whether the message is here and undamaged; reads it in pieces."""
        try:
            with self.path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except OSError:
            return False

    def all(self) -> Iterator[str]:
        """The hashes of all messages, in order."""
        for folder in self._folders():
            yield from self._hashes(folder)

    def find(self, prefix: str) -> list[str]:
        """The hashes that begin like this, in order."""
        wanted = prefix.lower()
        folders = [wanted[:2]] if len(wanted) >= 2 else self._folders()
        return [sha256 for folder in folders for sha256 in self._hashes(folder) if sha256.startswith(wanted)]

    def sweep(self) -> int:
        """Remove what runs that died in the middle of a batch left behind; how many files that were."""
        removed = 0
        for folder in self._folders():
            for name in self._names(folder):
                match = _TEMPORARY.fullmatch(name)
                if match and _is_orphan(self.root / folder / name, int(match[1]), match[2]):
                    _remove(self.root / folder / name)
                    removed += 1
        return removed

    def remove(self, hashes: Iterable[str]) -> None:
        """Delete messages for good; their names are gone from the disk when it returns. One that is not here is fine.

        StoreError where the disk refuses; those before it are gone then.
        """
        folders = set()
        try:
            for path in map(self.path, hashes):
                if path.exists():
                    _delete(path)
                    folders.add(path.parent)
            side_by_side(sync_folder, sorted(folders))
        except OSError as error:
            raise refused(error, self.root) from error

    def _folders(self) -> list[str]:
        return [name for name in self._names("") if re.fullmatch("[0-9a-f]{2}", name)]

    def _hashes(self, folder: str) -> list[str]:
        names = [name.removesuffix(".eml") for name in self._names(folder) if name.endswith(".eml")]
        return [name for name in names if name.startswith(folder) and _SHA256.fullmatch(name)]

    def _names(self, folder: str) -> list[str]:
        try:
            return sorted(os.listdir(self.root / folder))  # noqa: PTH208 - a hundred thousand names, no paths wanted
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            message = N_("The folder {path} of the archive cannot be read: {reason}.")
            raise StoreError(message, path=self.root / folder, reason=reason(error)) from error


@dataclass(slots=True)
class _New:
    path: str
    descriptor: int
    kept: bool = False


class Batch:
    """Messages on their way into the archive; all or, when the block is left by an exception, none of them.

    For one thread. DiskFullError and StoreError leave no temporary file behind.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._waiting: dict[str, str] = {}
        """Temporary files by the hash that will be their name."""
        self._open: list[int] = []
        self._bytes = 0
        self._folders: set[str] = set()
        self._disk: int | None = None
        """Opened before the first byte is written: a whole-disk sync tells only of failures since then."""

    def __enter__(self) -> Batch:
        root = self._archive.root
        try:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._archive.disk is Disk.UNKNOWN:
                self._archive.disk = Disk.AS_A_WHOLE if syncs_as_a_whole(root) else Disk.ONE_BY_ONE
            if self._archive.disk is Disk.AS_A_WHOLE:
                self._disk = os.open(root, os.O_RDONLY)
        except OSError as error:
            raise refused(error, root) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._commit()
        except OSError as failure:
            raise refused(failure, self._archive.root) from failure
        finally:
            self._abandon()

    def put(self, raw: bytes) -> str:
        """Take one message and return its SHA-256. One that is here already is compared and, if damaged, replaced."""
        sha256 = hashlib.sha256(raw).hexdigest()
        if sha256 in self._waiting or self._stands(sha256, len(raw)):
            return sha256
        with self._temporary(sha256[:2]) as new:
            write_all(new.descriptor, raw)
            self._keep(sha256, len(raw), new)
        return sha256

    def put_file(self, source: Path) -> str:
        """Take a message from a file, in pieces; InputError when that file cannot be read."""
        with self._temporary("00") as new:
            digest, size = hashlib.sha256(), 0
            for chunk in _chunks(source):
                digest.update(chunk)
                size += len(chunk)
                write_all(new.descriptor, chunk)
            sha256 = digest.hexdigest()
            if sha256 not in self._waiting and not self._stands(sha256, size):
                self._keep(sha256, size, new)
        return sha256

    def _stands(self, sha256: str, size: int) -> bool:
        try:
            stands = os.stat(self._archive.place(sha256)).st_size == size and self._archive.verify(sha256)  # noqa: PTH116
        except OSError:
            return False
        if stands and sha256[:2] not in self._archive.settled:
            # Perhaps a run that died has named it and not lived to see the name reach the disk.
            self._folders.add(sha256[:2])
        return stands

    def _make(self, folder: str) -> None:
        with self._archive.making:
            if folder not in self._archive.made:
                (self._archive.root / folder).mkdir(mode=0o700, exist_ok=True)
                self._archive.made.add(folder)

    @contextmanager
    def _temporary(self, folder: str) -> Iterator[_New]:
        """A new file to write to; it is gone again when the block is left without `_keep`."""
        try:
            self._make(folder)
            path = os.path.join(self._archive.root, folder, f".{os.getpid()}-{_RUN}-{next(_NUMBERS)}.tmp")  # noqa: PTH118
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            new = _New(path, os.open(path, flags, 0o400))
            try:
                yield new
            finally:
                if not new.kept:
                    os.close(new.descriptor)
                    _remove(Path(path))
        except OSError as error:
            raise refused(error, self._archive.root) from error

    def _keep(self, sha256: str, size: int, new: _New) -> None:
        self._make(sha256[:2])
        self._folders.add(sha256[:2])
        self._waiting[sha256] = new.path
        self._bytes += size
        self._open.append(new.descriptor)
        new.kept = True
        if len(self._open) >= _OPEN_FILES:
            self._close(sync=self._disk is None)

    def _close(self, *, sync: bool) -> None:
        descriptors, self._open = self._open, []
        try:
            if sync:
                side_by_side(sync_file, descriptors)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def _commit(self) -> None:
        archive, disk = self._archive, self._disk if len(self._waiting) > _FEW else None
        made = len(archive.made)  # before anything is synced: another thread may make more meanwhile
        self._close(sync=disk is None)
        if disk is not None:
            started = time.monotonic()
            sync_whole(disk)
            if time.monotonic() - started > _PATIENCE_FILE * len(self._waiting) + _PATIENCE_BYTE * self._bytes:
                archive.disk = Disk.ONE_BY_ONE
        for sha256, temporary in self._waiting.items():
            final = archive.place(sha256)
            if sys.platform == "win32" and Path(final).exists():
                Path(final).chmod(0o600)
            os.replace(temporary, final)  # noqa: PTH105
        if disk is not None:
            sync_whole(disk)
        else:
            side_by_side(sync_folder, [archive.root / folder for folder in sorted(self._folders)])
            if archive.settled_folders < made and self._folders:
                sync_folder(archive.root)
                sync_folder(archive.root.parent)
        self._waiting.clear()  # under their own names now
        if self._folders:
            archive.settled |= self._folders
            archive.settled_folders = max(archive.settled_folders, made)

    def _abandon(self) -> None:
        for descriptor in self._open:
            os.close(descriptor)
        self._open.clear()
        for temporary in self._waiting.values():
            _remove(Path(temporary))
        self._waiting.clear()
        if self._disk is not None:
            os.close(self._disk)
            self._disk = None


def _chunks(source: Path) -> Iterator[bytes]:
    try:
        with source.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
    except OSError as error:
        message = N_("The file {path} cannot be read: {reason}.")
        raise InputError(message, path=source, reason=reason(error)) from error


def _remove(path: Path) -> None:
    with suppress(OSError):
        _delete(path)


def _delete(path: Path) -> None:
    if sys.platform == "win32":
        path.chmod(0o600)
    path.unlink()


def _is_orphan(path: Path, process: int, run: str) -> bool:
    try:
        if time.time() - path.stat().st_mtime > _DAY:
            return True
    except OSError:
        return False
    if run == _RUN or sys.platform == "win32":
        return False
    if process == os.getpid():
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
