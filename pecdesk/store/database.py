"""The SQLite database of a profile: open, migrate, write in one place, read anywhere.

WAL with `synchronous = FULL` for the writer: the journal is already durable when the database commits, so nothing is
ever in the database that could not be made again, and nothing in it is lost by a crash that the journal survived.
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

MIGRATIONS = Path(__file__).parent / "migrations"


def migrations() -> list[Path]:
    """The migration files, in order; the n-th brings a database to `user_version` n."""
    return sorted(MIGRATIONS.glob("[0-9][0-9][0-9][0-9]_*.sql"))


class Database:
    """One connection to a profile's database, and the one lock through which this process writes."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._lock = threading.RLock()

    @classmethod
    def open(cls, path: Path) -> Database:
        """Open, creating and migrating as needed. Raises `StoreError` with a sentence."""
        with refusals(path):
            existed = path.exists()
            if not existed:
                path.touch(mode=0o600)
            connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
            connection.row_factory = sqlite3.Row
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA cache_size = -65536")
                connection.execute("PRAGMA temp_store = MEMORY")
                _migrate(connection, path)
            except BaseException:
                connection.close()
                raise
        return cls(path, connection)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed as a whole, or nothing of it."""
        with self._lock, refusals(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection for reading."""
        with self._lock, refusals(self.path):
            yield self._connection

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
        """Close; the write-ahead log is folded in."""
        with self._lock:
            self._connection.close()


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


def _sentence(path: Path, error: sqlite3.DatabaseError) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
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
