"""Two sides change at random, the connection breaks at random: in the end both are the same and nothing was lost."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from pecdesk.errors import NetworkError, PecdeskError, ServerError, StoreError
from pecdesk.store import Filter
from pecdesk.sync.refusal import RefusalError
from pecdesk.sync.server import FLAGGED, SEEN, FolderRole
from tests.kit.memory_mailbox import CAPABILITIES
from tests.kit.memory_server import MemoryMailbox
from tests.kit.messages import NOW
from tests.unit.store.mailroom import catch_up
from tests.unit.sync.office import PASSWORD, Office, mail

FLAGS = (SEEN, FLAGGED, "$Label1")
NAMES = ("Clienti", "Ricevute", "Pratiche/Rossi")
METHODS = (
    "",
    "folders",
    "status",
    "select",
    "uids",
    "describe",
    "headers",
    "fetch",
    "fetch_into",
    "change_flags",
    "move",
)
BIG = 1_100_000


class TwoSides(RuleBasedStateMachine):
    """A mailbox that others use too, and a profile that is synchronised with it whenever it can be."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.number = 0
        self.seen: set[str] = set()
        """Every message that was ever archived."""
        self.erased: set[str] = set()

    @initialize(without=st.sets(st.sampled_from(("CONDSTORE", "UIDPLUS", "MOVE")), max_size=2))
    def begin(self, without: set[str]) -> None:
        able = CAPABILITIES - without
        self.office = Office(self.folder / "profile", MemoryMailbox(PASSWORD, able | {"MOVE"}))
        self.mailbox = self.office.mailbox
        self.mailbox.create("Ricevute", FolderRole.RECEIPTS)
        for _ in range(4):
            self.arrive("INBOX")

    def teardown(self) -> None:
        try:
            if hasattr(self, "office"):
                self.converges()
        finally:
            if hasattr(self, "office"):
                self.office.close()
            shutil.rmtree(self.folder)

    # what others do

    def names(self) -> list[str]:
        return [folder.name for folder in self.mailbox.folders() if folder.role is not FolderRole.DRAFTS]

    def arrive(self, folder: str, **options: object) -> None:
        self.number += 1
        self.mailbox.append(folder, mail(self.number), **options)  # type: ignore[arg-type]

    @rule(data=st.data(), seen=st.booleans(), kind=st.sampled_from(("", "", "big", "copy", "lie", "nameless")))
    def deliver(self, data: st.DataObject, seen: bool, kind: str) -> None:
        folder = data.draw(st.sampled_from(self.names()))
        if kind != "copy":
            self.number += 1
        raw = mail(self.number, padding=BIG if kind == "big" else 0, message_id=kind != "nameless")
        self.mailbox.append(folder, raw, (SEEN,) if seen else (), size=len(raw) + 7 if kind == "lie" else None)

    def some(self, data: st.DataObject) -> tuple[str, list[int]]:
        folder = data.draw(st.sampled_from(self.names()))
        uids = sorted(self.mailbox.folder(folder).messages)
        return folder, data.draw(st.lists(st.sampled_from(uids), unique=True)) if uids else []

    @rule(data=st.data(), flag=st.sampled_from(FLAGS), add=st.booleans())
    def flag(self, data: st.DataObject, flag: str, add: bool) -> None:
        folder, uids = self.some(data)
        self.mailbox.flag(folder, uids, [flag], add=add)

    @rule(data=st.data(), everything=st.booleans())
    def expunge(self, data: st.DataObject, everything: bool) -> None:
        folder, uids = self.some(data)
        self.mailbox.expunge(folder, sorted(self.mailbox.folder(folder).messages) if everything else uids)

    @rule(data=st.data())
    def move(self, data: st.DataObject) -> None:
        folder, uids = self.some(data)
        targets = [name for name in self.names() if name != folder]
        if targets:
            self.mailbox.move(folder, uids, data.draw(st.sampled_from(targets)))

    @rule(data=st.data(), renumber=st.booleans())
    def number_anew(self, data: st.DataObject, renumber: bool) -> None:
        self.mailbox.change_uidvalidity(data.draw(st.sampled_from(self.names())), renumber=renumber)

    @rule(data=st.data(), name=st.sampled_from(NAMES))
    def rename_or_create(self, data: st.DataObject, name: str) -> None:
        if name in self.names():
            return
        others = [each for each in self.names() if each != "INBOX"]
        chosen = data.draw(st.sampled_from(["", *others]))
        if chosen:
            self.mailbox.rename(chosen, name)
        else:
            self.mailbox.create(name)

    @rule(data=st.data())
    def remove_folder(self, data: st.DataObject) -> None:
        others = [each for each in self.names() if each != "INBOX"]
        if others:
            self.mailbox.remove(data.draw(st.sampled_from(others)))

    # what the user does here

    @rule(data=st.data(), read=st.booleans())
    def mark(self, data: st.DataObject, read: bool) -> None:
        ids = self.office.store.ids(Filter(limit=0), NOW)
        chosen = data.draw(st.lists(st.sampled_from(ids), unique=True, max_size=3)) if ids else []
        self.office.store.mark_read(chosen, read=read, at=NOW, on_servers_of={self.office.account.key})

    @rule(data=st.data())
    def have_moved(self, data: st.DataObject) -> None:
        store, account = self.office.store, self.office.account.key
        folders = [folder.name for folder in store.folders(account) if folder.uidvalidity is not None]
        hashes = [sha256 for sha256, _, _ in store.hashes()]
        if len(folders) > 1 and hashes:
            source, target = data.draw(st.lists(st.sampled_from(folders), unique=True, min_size=2, max_size=2))
            store.want_move(account, [data.draw(st.sampled_from(hashes))], source, target, NOW)

    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        ids = self.office.store.ids(Filter(limit=0), NOW)
        if ids:
            row = data.draw(st.sampled_from(ids))
            (found,) = self.office.store.rows_by_id([row])
            self.office.store.erase([row], NOW)
            gone = set(found.message_ids) - {sha256 for sha256, _, _ in self.office.store.hashes()}
            self.erased |= gone
            self.seen -= gone

    @rule(forget=st.booleans())
    def answer(self, forget: bool) -> None:
        for one in self.office.store.emptied(self.office.account.key):
            self.office.store.answer_emptied(self.office.account.key, one.folder, forget=forget, at=NOW)
            if not forget:
                self.kept = {*getattr(self, "kept", ()), one.folder}

    # what goes wrong, and what is tried

    @rule(
        method=st.sampled_from(METHODS),
        kind=st.sampled_from((NetworkError, ServerError, RefusalError)),
        skip=st.integers(0, 3),
        late=st.booleans(),
        after=st.integers(0, 3),
    )
    def something_fails(self, method: str, kind: type[PecdeskError], skip: int, late: bool, after: int) -> None:
        in_the_middle = after if method in {"fetch", "fetch_into"} and not late else 0
        self.mailbox.fail(kind("planned"), method, skip=skip, is_late=late, after=in_the_middle)
        self.synchronise(again=True, sweep=True)

    @rule(again=st.booleans(), sweep=st.booleans())
    def synchronise(self, again: bool, sweep: bool) -> None:
        try:
            self.office.check(tries_again=again, compares_flags=sweep)
        except PecdeskError:
            pass
        finally:
            self.remember()

    @rule()
    def end_and_begin_again(self) -> None:
        self.office.reopen()

    @rule()
    def lose_the_database(self) -> None:
        self.office.lose_the_database()

    @rule(after=st.integers(0, 12), heard=st.booleans())
    def the_database_refuses(self, after: int, heard: bool) -> None:
        """The journal has what the database does not, and is heard now or much later."""
        write, left = self.office.store.database.write, [None] * after

        @contextmanager
        def refusing() -> Iterator[sqlite3.Connection]:
            with write() as connection:
                yield connection
                if not left:
                    raise StoreError("full")
                left.pop()

        with pytest.MonkeyPatch.context() as full:
            full.setattr(self.office.store.database, "write", refusing)
            self.synchronise(again=True, sweep=True)
            with suppress(StoreError):
                self.answer(forget=True)
        if heard:
            catch_up(self.office.store)

    @rule(data=st.data(), after=st.integers(0, 3))
    def a_folder_goes_and_comes_back(self, data: st.DataObject, after: int) -> None:
        """Under its old number; what was found in between is not settled."""
        others = [each for each in self.names() if each != "INBOX"]
        if not others:
            return
        name = data.draw(st.sampled_from(others))
        self.mailbox.rename(name, f"{name}.old")
        self.something_fails("status", NetworkError, skip=after, late=False, after=0)
        uids = sorted(self.mailbox.folder(f"{name}.old").messages)
        self.mailbox.expunge(f"{name}.old", data.draw(st.lists(st.sampled_from(uids), unique=True)) if uids else [])
        self.mailbox.rename(f"{name}.old", name)

    def remember(self) -> None:
        archived = set(self.office.store.archive.all())
        assert self.seen <= archived, "something archived is gone"
        self.seen |= archived

    # in the end

    def converges(self) -> None:
        self.mailbox.faults.clear()
        catch_up(self.office.store)
        self.office.check()
        self.remember()
        for one in self.office.store.emptied(self.office.account.key):
            self.office.store.answer_emptied(self.office.account.key, one.folder, forget=True, at=NOW)
        self.mailbox.told.clear()
        assert self.office.dry_run().actions == ()
        assert not self.mailbox.calls("fetch")
        assert self.office.complaints(kept=getattr(self, "kept", ()), erased=self.erased) == []


TestTwoSides = TwoSides.TestCase
TestTwoSides.settings = settings(
    max_examples=25, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
)
