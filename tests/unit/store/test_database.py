"""The database: read without waiting, written in one place, brought up to date from older versions."""

from __future__ import annotations

import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from pecdesk.app.upkeep import reexamine
from pecdesk.errors import StoreError
from pecdesk.profile import Profile
from pecdesk.store import Filter, Order, Store
from pecdesk.store.database import Database, migrations
from tests.kit.messages import NOW, anchors
from tests.unit.store.mailroom import DirectExaminer, listing, open_store, rebuilt_listing, receive, rows

PATIENCE = 20.0
"""Seconds after which a thread that ought to have answered is taken for stuck."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    folder = tmp_path / "a folder ? # %"  # whose name would mean something in an address
    folder.mkdir()
    with closing(Database.open(folder / "pecdesk.db")) as database:
        yield database


def note(connection: sqlite3.Connection, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('note', ?)", (value,))


def noted(connection: sqlite3.Connection) -> str | None:
    row = connection.execute("SELECT value FROM meta WHERE name = 'note'").fetchone()
    return row and str(row[0])


@contextmanager
def writing(database: Database, value: str) -> Iterator[None]:
    """Another thread that has written and does not commit before the block is left."""
    written, commit = threading.Event(), threading.Event()

    def write() -> None:
        with database.write() as connection:
            note(connection, value)
            written.set()
            assert commit.wait(PATIENCE)

    thread = threading.Thread(target=write)
    thread.start()
    assert written.wait(PATIENCE)
    try:
        yield
    finally:
        commit.set()
        thread.join(PATIENCE)


def test_who_reads_does_not_wait_for_who_writes(database: Database) -> None:
    with writing(database, "new"), database.read() as connection:
        assert noted(connection) is None
    with database.read() as connection:
        assert noted(connection) == "new"


def test_a_thread_reads_what_it_has_just_written(database: Database) -> None:
    with database.write() as writer:
        note(writer, "mine")
        with database.read() as reader:
            assert noted(reader) == "mine"


def test_nothing_of_a_failed_transaction_is_read_by_anybody(database: Database) -> None:
    def fail() -> None:
        with database.write() as connection:
            note(connection, "never")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.read() as connection:
        assert noted(connection) is None
    with database.write() as connection:
        note(connection, "later")


def test_a_block_sees_one_state_until_it_is_left(database: Database) -> None:
    with database.read() as connection:
        assert noted(connection) is None
        with writing(database, "new"):
            pass
        assert noted(connection) is None
        with database.read() as inner:
            assert noted(inner) is None
    with database.read() as connection:
        assert noted(connection) == "new"


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(StoreError), database.read() as connection:
        note(connection, "no")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="open files are counted in /proc")
def test_threads_that_have_ended_leave_no_connection_behind(database: Database) -> None:
    def read() -> None:
        with database.read() as connection:
            noted(connection)

    def open_files() -> int:
        return [path.resolve() for path in Path("/proc/self/fd").iterdir()].count(database.path.resolve())

    read()
    counts = set()
    for _ in range(10):
        thread = threading.Thread(target=read)
        thread.start()
        thread.join(PATIENCE)
        counts.add(open_files())
    assert len(counts) == 1


def test_closing_waits_for_who_reads_and_refuses_who_comes_later(database: Database) -> None:
    reading, go_on = threading.Event(), threading.Event()
    seen = []

    def read() -> None:
        with database.read() as connection:
            reading.set()
            assert go_on.wait(PATIENCE)
            seen.append(noted(connection))

    reader = threading.Thread(target=read)
    reader.start()
    assert reading.wait(PATIENCE)
    closing_ = threading.Thread(target=database.close)
    closing_.start()
    go_on.set()
    reader.join(PATIENCE)
    closing_.join(PATIENCE)
    assert seen == [None]
    with pytest.raises(StoreError), database.read():
        pass
    with pytest.raises(StoreError), database.write():
        pass


def test_only_what_others_write_is_a_change_from_elsewhere(database: Database) -> None:
    with database.write() as connection:
        note(connection, "mine")
    assert not database.changed_elsewhere()
    with closing(Database.open(database.path)) as other:
        assert not database.changed_elsewhere()
        with other.write() as connection:
            note(connection, "theirs")
        assert database.changed_elsewhere()
        assert not database.changed_elsewhere()
        with writing(database, "again"):
            assert not database.changed_elsewhere()
        assert other.changed_elsewhere()


def test_a_database_that_was_made_again_by_another_is_noticed(database: Database, tmp_path: Path) -> None:
    assert not database.is_replaced()
    fresh = Database.open(tmp_path / "fresh.db")
    fresh.close()
    fresh.move_to(database.path)
    assert database.is_replaced()
    with closing(Database.open(database.path)) as again:
        assert not again.is_replaced()


# --- older versions ---------------------------------------------------------------------------------------------------


COMMON = ("message", "placement", "account", "token", "search", "transmission", "membership", "meta")


def as_version_1(source: Path, target: Path) -> None:
    """The same contents in a database of the first version."""
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        connection.executescript(migrations()[0].read_text(encoding="utf-8"))
        connection.execute("PRAGMA user_version = 1")
        connection.execute("ATTACH ? AS newer", (str(source),))
        for table in COMMON:
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            names = ", ".join(columns + (["rowid"] if table == "search" else []))
            connection.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM newer.{table}")
        connection.execute("DELETE FROM meta WHERE name = 'rows_made_by'")


def contents(database: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(database)) as connection:
        return {table: sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in COMMON}


LETTERS = ("copy", "acceptance", "delivery", "forged", "second", "refused", "envelope", "answer", "ordinary", "anomaly")


def test_a_database_of_the_first_version_becomes_what_a_new_one_would_be(tmp_path: Path) -> None:
    root = tmp_path / "profile"
    with open_store(root) as store:
        receive(store, *LETTERS, "unmatched")
        wanted, ids = listing(store), [row.id for row in rows(store, order=Order.SUBJECT)]
    new = root / "pecdesk.db"
    expected = contents(new)
    new.rename(tmp_path / "new.db")
    as_version_1(tmp_path / "new.db", new)
    with Store.open(Profile.open(root)) as migrated:
        # Nothing bears a seal yet: nothing is believed before it is examined again, once.
        assert not any(row.transmission.is_believed for row in rows(migrated))
        reexamine(migrated, DirectExaminer(), anchors().version, lambda *_: None, everything=False)  # type: ignore[arg-type]
        assert listing(migrated) == wanted
        assert [row.id for row in rows(migrated, order=Order.SUBJECT)] == ids
        assert migrated.unapplied().entries == []
        migrated.hide(ids[:1], NOW)
        migrated.add_label(ids[1:3], "Rossi", NOW)
        marked = listing(migrated)
        migrated.unhide(ids[:1], NOW)
        migrated.remove_label(ids[1:3], "Rossi", NOW)
        assert migrated.database.check() is None
    found = contents(new)
    assert {**found, "meta": []} == {**expected, "meta": []}
    assert (root / f"pecdesk.db.before-{len(migrations())}").is_file()
    with Store.open(Profile.open(root)) as again:
        again.hide(ids[:1], NOW)
        again.add_label(ids[1:3], "Rossi", NOW)
        assert listing(again) == marked == rebuilt_listing(Profile.open(root))


def test_rows_written_by_other_rules_are_written_again(tmp_path: Path) -> None:
    root = tmp_path / "profile"
    with open_store(root) as store:
        receive(store, *LETTERS)
        wanted = listing(store)
        with store.database.write() as connection:
            connection.execute("UPDATE transmission SET subject = 'old', needs_at = NULL, is_anomalous = 0")
            connection.execute("UPDATE meta SET value = 'older' WHERE name = 'rows_made_by'")
        assert listing(store) != wanted
    with Store.open(Profile.open(root)) as again:
        assert listing(again) == wanted


def test_an_id_of_before_the_migration_is_not_given_to_another_row(tmp_path: Path) -> None:
    root = tmp_path / "profile"
    with open_store(root) as store:
        receive(store, "envelope")
        (old,) = store.ids(Filter(), NOW)
    (root / "pecdesk.db").rename(tmp_path / "new.db")
    as_version_1(tmp_path / "new.db", root / "pecdesk.db")
    with Store.open(Profile.open(root)) as migrated:
        migrated.erase([old], NOW)
        receive(migrated, "ordinary")
        assert old not in migrated.ids(Filter(), NOW)
