"""The SQLite database of a profile: open, migrate, write in one place, read anywhere without waiting.

One connection writes; every thread that reads has one of its own, so that a window shows its rows while an import
commits. WAL with `synchronous = FULL` for the writer: the journal is already durable when the database commits, so
nothing is ever in the database that could not be made again, and nothing in it is lost by a crash that the journal
survived.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pecdesk.errors import N_, StoreError
from pecdesk.store.disk import refused
from pecdesk.store.seals import Seals

MIGRATIONS = Path(__file__).parent / "migrations"

PATIENCE = 30.0
"""Seconds to wait while another process writes."""

WRITER_CACHE = 16_384
"""Kilobytes of pages that the writer keeps in memory: four times as many made a first synchronisation no faster, and
stayed in memory for as long as a window is open."""
READER_CACHE = 4_096
"""The same for each thread that reads; what it misses is nearly always in the system's own cache."""

LOG_PAGES = 4000
"""Pages of 4 kB in the write-ahead log before it is folded in: a first synchronisation commits a thousand at a time,
and would else write and sync each of them twice at once."""

_NO_ROOM = 1 << 16
"""Bytes of a disk that is full: SQLite needs half of that for what it keeps beside a database."""

ENGINE = f"SQLite {sqlite3.sqlite_version}"
"""For people who report a problem."""


def migrations() -> list[Path]:
    """The migration files, in order; the n-th brings a database to `user_version` n."""
    return sorted(MIGRATIONS.glob("[0-9][0-9][0-9][0-9]_*.sql"))


class Database:
    """The connection through which this process writes, and one for each thread that reads. For any thread."""

    def __init__(self, path: Path, writer: sqlite3.Connection, seals: Seals) -> None:
        self.path = path
        self.seals = seals
        self._writer = writer
        self._lock = threading.RLock()
        self._writing: int | None = None
        """The thread inside `write`."""
        self._readers: dict[threading.Thread, Reader] = {}
        self._guard = threading.Lock()
        """Held for a moment, by whoever looks for a reader."""
        self._is_closed = False
        self._version = _data_version(writer)
        self._file = _identity(path)

    @classmethod
    def open(cls, path: Path) -> Database:
        """Open, creating and migrating as needed. Raises `StoreError` with a sentence."""
        with refusals(path):
            existed = path.exists()
            if not existed:
                path.touch(mode=0o600)
            seals = Seals(path.parent)
            connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
            try:
                seals.teach(connection)
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute(f"PRAGMA cache_size = -{WRITER_CACHE}")
                connection.execute("PRAGMA temp_store = MEMORY")
                _migrate(connection, path)
            except BaseException:
                connection.close()
                raise
            return cls(path, connection, seals)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed as a whole, or nothing of it. What it wrote, its own thread reads already."""
        with self._lock, refusals(self.path):
            self._check_open()
            self._writer.execute("BEGIN IMMEDIATE")
            self._writing = threading.get_ident()
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise
            finally:
                self._writing = None

    @contextmanager
    def wipe(self) -> Iterator[sqlite3.Connection]:
        """The same for what is deleted for good: gone from the log too, and from copies kept aside."""
        with self._lock, refusals(self.path):
            self._check_open()
            with self.write() as connection:
                yield connection
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            for copy in self.path.parent.glob(f"{self.path.name}.before-*"):
                copy.unlink(missing_ok=True)

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection for reading, which sees one state of the database until the block is left."""
        with refusals(self.path):
            if self._writing == threading.get_ident():
                yield self._writer
                return
            with self._reader().snapshot() as connection:
                yield connection

    def _reader(self) -> Reader:
        """The reader of this thread: its own, that of a thread that has ended, or a new one."""
        mine = threading.current_thread()
        with self._guard:
            self._check_open()
            reader = self._readers.get(mine)
            if reader is None:
                left = next((thread for thread in self._readers if not thread.is_alive()), None)
                reader = self._readers.pop(left) if left is not None else Reader(self.path, self.seals)
                self._readers[mine] = reader
        return reader

    def _check_open(self) -> None:
        if self._is_closed:
            raise _closed()

    def changed_elsewhere(self) -> bool:
        """Whether another process has written since the last call. False at once while this one is just writing."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            with refusals(self.path):
                self._check_open()
                before, self._version = self._version, _data_version(self._writer)
        finally:
            self._lock.release()
        return before != self._version

    def is_replaced(self) -> bool:
        """Whether the file that is open is no longer the one of that name: another process made it again."""
        return _identity(self.path) != self._file

    def check(self) -> str | None:
        """What `PRAGMA integrity_check` complains of, or nothing."""
        with self.read() as connection:
            found = str(connection.execute("PRAGMA integrity_check").fetchone()[0])
        return None if found == "ok" else found

    def copy_to(self, target: Path) -> None:
        """A consistent copy while others may write."""
        with self.read() as connection, refusals(target):
            copy = sqlite3.connect(target)
            try:
                connection.backup(copy)
            finally:
                copy.close()
            target.chmod(0o600)

    @staticmethod
    def remove(path: Path) -> None:
        """Delete a database file and what SQLite keeps beside it."""
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(name).unlink(missing_ok=True)

    def move_to(self, target: Path) -> None:
        """Put this closed database in the place of another, which is kept aside."""
        with refusals(target):
            if target.exists():
                for name in (f"{target.name}-wal", f"{target.name}-shm"):
                    target.with_name(name).unlink(missing_ok=True)
                target.replace(target.with_name(f"{target.name}.before-rebuild"))
            self.path.replace(target)

    def close(self) -> None:
        """Close, once those who read have what they wanted; the write-ahead log is folded in."""
        with self._guard:
            self._is_closed = True
            readers = list(self._readers.values())
            self._readers.clear()
        for reader in readers:
            reader.close()
        with self._lock:
            self._writer.close()


class Reader:
    """A connection that cannot write, for one thread at a time."""

    def __init__(self, path: Path, seals: Seals) -> None:
        self._lock = threading.RLock()
        """Held while reading, so that nobody closes the connection meanwhile."""
        self._depth = 0
        self._is_closed = False
        place = f"{path.absolute().as_uri()}?mode=ro"
        self._connection = sqlite3.connect(
            place, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        seals.teach(self._connection)
        self._connection.execute(f"PRAGMA cache_size = -{READER_CACHE}")
        self._connection.execute("PRAGMA temp_store = MEMORY")

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """The connection within a transaction; a block inside another sees what that one sees."""
        with self._lock:
            if self._is_closed:
                raise _closed()
            if self._depth == 0:
                self._connection.execute("BEGIN")
            self._depth += 1
            try:
                yield self._connection
            finally:
                self._depth -= 1
                if self._depth == 0 and self._connection.in_transaction:
                    self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close, when nobody reads."""
        with self._lock:
            self._is_closed = True
            self._connection.close()


def _closed() -> StoreError:
    return StoreError(N_("The program is closing: the profile is no longer open."), N_("Do it again."))


def _data_version(connection: sqlite3.Connection) -> int:
    """Changes when another connection than this one has committed."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the database to the newest version; the file is copied before an old one is touched."""
    files = migrations()
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(files):
        raise StoreError(
            N_("The database was written by a newer pecdesk (version {found}; this one knows {known})."),
            N_("Nothing was changed. Update pecdesk, or use another --profile folder."),
            found=version,
            known=len(files),
        )
    if 0 < version < len(files):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        copy = path.with_name(f"{path.name}.before-{len(files)}")
        shutil.copy2(path, copy)
        copy.chmod(0o600)
    for number, file in enumerate(files[version:], start=version + 1):
        script = file.read_text(encoding="utf-8")
        try:
            connection.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system refuse into a `StoreError` with a sentence."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _sentence(path, error) from error
    except OSError as error:
        raise refused(error, path) from error


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _NO_ROOM
    except OSError:
        return False


def _sentence(path: Path, error: sqlite3.DatabaseError) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    # Where there is no room for its log, SQLite only says that it cannot open or write it.
    if code == sqlite3.SQLITE_FULL or (code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and _is_full(path)):
        return refused(OSError(errno.ENOSPC, ""), path)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return StoreError(
            N_("The database {path} cannot be written."),
            N_("Check the permissions of the folder, or use another --profile folder."),
            path=path,
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreError(
            N_("The database {path} is in use by another program."), N_("Close it and try again."), path=path
        )
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreError(
            N_("The database {path} is damaged."),
            N_("The messages are safe in the archive: run `pecdesk doctor --rebuild` to make the database again."),
            path=path,
        )
    if code == sqlite3.SQLITE_IOERR:
        return StoreError(
            N_("The disk refused while reading or writing {path}."), N_("Check the disk, then try again."), path=path
        )
    raise error
