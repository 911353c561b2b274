"""Erased for good: what goes, what stays, and that neither a crash nor a rebuild brings anything back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pecdesk.errors import StoreError
from pecdesk.profile import Profile
from pecdesk.store import Arrival, Changes, Losses, Placement, Store
from pecdesk.store.archive import Archive
from pecdesk.store.database import Database
from pecdesk.store.journal import Erased
from tests.kit.messages import NOW, SECOND, SENDER
from tests.unit.store.mailroom import (
    catch_up,
    everything,
    examined,
    letters,
    listing,
    open_store,
    rebuilt_listing,
    receive,
    row_of,
    rows,
    sha256_of,
)

SENT = ("copy", "acceptance", "delivery", "forged")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def store(root: Path) -> Iterator[Store]:
    with open_store(root) as store:
        receive(store, *SENT, "envelope", "ordinary")
        yield store


def here(store: Store) -> set[str]:
    return {sha256 for sha256, _, _ in store.hashes()}


def hashes(*names: str) -> set[str]:
    return {sha256_of(name) for name in names}


def test_what_would_be_lost_is_said_before(store: Store) -> None:
    row = row_of(store, "delivery")
    wanted = Losses(messages=4, certified=2, rows=1, octets=sum(len(letters()[name]) for name in SENT))
    assert store.losses([row.id]) == wanted
    assert store.losses([row.id, row_of(store, "ordinary").id]).rows == 2
    assert store.losses([]) == store.losses([4711]) == Losses(0, 0, 0, 0)
    assert here(store) == hashes(*SENT, "envelope", "ordinary")


def test_an_erased_row_is_gone_from_archive_database_and_lists(store: Store) -> None:
    row = row_of(store, "delivery")
    told: list[Changes] = []
    store.changes.subscribe(told.append)
    gone = frozenset(row.message_ids.values())
    assert store.erase([row.id], NOW) == Losses(4, 2, 1, sum(len(letters()[name]) for name in SENT))
    assert told == [Changes(messages=gone, transmissions=frozenset({row.id}))]
    assert set(store.archive.all()) == here(store) == hashes("envelope", "ordinary")
    assert row.id not in {found.id for found in everything(store)}
    (entry,) = [entry for entry in store.journal.read() if isinstance(entry, Erased)]
    assert set(entry.sha256s) == hashes(*SENT)


def test_nothing_of_an_erased_message_can_be_read_in_the_files_of_the_database(store: Store, root: Path) -> None:
    word = b"ordinaria"

    def holding() -> set[str]:
        return {path.name for path in root.glob("pecdesk.db*") if word in path.read_bytes()}

    store.database.copy_to(root / "pecdesk.db.before-2")
    assert len(holding()) > 1
    store.erase([row_of(store, "ordinary").id], NOW)
    assert holding() == set()
    store.close()
    assert holding() == set()


def test_a_message_that_another_row_also_uses_stays(root: Path) -> None:
    with open_store(root) as store:
        receive(store, "ordinary")
        receive(store, "ordinary", account=SECOND)
        first, second = rows(store)
        assert store.losses([first.id]) == Losses(0, 0, 0, 0)
        store.erase([first.id], NOW)
        assert here(store) == hashes("ordinary")
        assert store.erase([first.id, second.id], NOW).rows == 2
        assert here(store) == set()


def test_an_id_never_means_another_row_later(store: Store) -> None:
    row = row_of(store, "ordinary")
    newest = max(found.id for found in everything(store))
    store.erase([found.id for found in everything(store)], NOW)
    receive(store, "ordinary")
    assert row_of(store, "ordinary").id > newest
    assert store.rows_by_id([row.id]) == []


def test_marks_of_an_erased_message_do_not_wait_for_its_return(store: Store, root: Path) -> None:
    row = row_of(store, "envelope")
    store.add_label([row.id], "Rossi", NOW)
    store.mark_read([row.id], read=False, at=NOW)
    store.hide([row.id], NOW)
    store.erase([row.id], NOW)
    receive(store, "envelope")
    again = row_of(store, "envelope")
    assert (again.labels, again.unread, again.hidden) == ((), False, False)
    assert listing(store) == rebuilt_listing(Profile.open(root))


def test_importing_it_again_brings_it_back_and_nothing_else_does(store: Store, root: Path) -> None:
    store.erase([row_of(store, "delivery").id], NOW)
    assert listing(store) == rebuilt_listing(Profile.open(root))
    receive(store, *SENT)
    assert here(store) == hashes(*SENT, "envelope", "ordinary")
    assert listing(store) == rebuilt_listing(Profile.open(root))


def test_an_arrival_whose_bytes_were_erased_meanwhile_is_left_out(store: Store) -> None:
    store.erase([row_of(store, "envelope").id], NOW)
    size = store.journal.size()
    arrival = Arrival(examined(letters()["envelope"]), Placement(SENDER, "", False, "import", NOW.isoformat()))
    assert store.add([arrival]) == Changes()
    assert store.journal.size() == size
    assert here(store) == hashes(*SENT, "ordinary")


def test_bytes_of_a_known_message_are_mended_those_of_an_erased_one_are_not(store: Store) -> None:
    store.archive.remove([sha256_of("envelope")])
    store.mend(letters()["envelope"])
    assert sha256_of("envelope") in store.archive
    store.erase([row_of(store, "envelope").id], NOW)
    store.mend(letters()["envelope"])
    assert sha256_of("envelope") not in store.archive


class Stopped(BaseException):
    """The process ends here."""


def stop(*_: object, **__: object) -> None:
    raise Stopped


@pytest.mark.parametrize("where", [(Archive, "remove"), (Database, "wipe")], ids=["before archive", "before database"])
def test_an_erasing_that_was_stopped_is_finished_at_the_next_start(
    store: Store, root: Path, where: tuple[type, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = row_of(store, "delivery")
    with monkeypatch.context() as stopped:
        stopped.setattr(*where, stop)
        with pytest.raises(Stopped):
            store.erase([row.id], NOW)
    store.close()
    with Store.open(Profile.open(root)) as again:
        assert here(again) >= hashes(*SENT)
        catch_up(again)
        assert set(again.archive.all()) == here(again) == hashes("envelope", "ordinary")
        assert again.unapplied().entries == []
        assert listing(again) == rebuilt_listing(Profile.open(root))


def test_what_arrived_after_an_erasing_that_was_stopped_is_not_erased_with_it(
    store: Store, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = row_of(store, "envelope")
    with monkeypatch.context() as stopped:
        stopped.setattr(Database, "wipe", stop)
        with pytest.raises(Stopped):
            store.erase([row.id], NOW)
    store.close()
    before = root / "pecdesk.db"
    shutil.copy(before, root / "old.db")
    with Store.open(Profile.open(root)) as again:
        catch_up(again)
        receive(again, "envelope")
        wanted = listing(again)
    shutil.copy(root / "old.db", before)
    with Store.open(Profile.open(root)) as older:
        catch_up(older)
        assert listing(older) == wanted
        assert sha256_of("envelope") in older.archive


def test_a_database_that_was_lost_does_not_bring_erased_messages_back(store: Store, root: Path) -> None:
    store.erase([row_of(store, "delivery").id], NOW)
    wanted = listing(store)
    store.close()
    with store.archive.batch() as batch:  # a stray copy, from a backup that was laid over the folder
        batch.put(letters()["delivery"])
    Database.remove(root / "pecdesk.db")
    with Store.open(Profile.open(root)) as again:
        catch_up(again)
        assert listing(again) == wanted
        assert sha256_of("delivery") not in again.archive


def test_an_archive_that_refuses_is_said_and_the_erasing_is_finished_later(
    store: Store, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    row = row_of(store, "envelope")
    with monkeypatch.context() as refused:
        refused.setattr(Path, "unlink", refuse)
        with pytest.raises(StoreError):
            store.erase([row.id], NOW)
    receive(store, "answer")
    store.close()
    with Store.open(Profile.open(root)) as again:
        catch_up(again)
        assert here(again) == hashes(*SENT, "ordinary", "answer")
        assert listing(again) == rebuilt_listing(Profile.open(root))


def test_erasing_nothing_writes_nothing(store: Store) -> None:
    size, told = store.journal.size(), []
    callback: Callable[[Changes], None] = told.append
    store.changes.subscribe(callback)
    assert store.erase([], NOW) == store.erase([4711], NOW) == Losses(0, 0, 0, 0)
    assert store.journal.size() == size
    assert told == []
