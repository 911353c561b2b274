"""Whatever is done, and wherever it is stopped: archive and journal alone give the same lists again."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pecdesk.profile import Profile
from pecdesk.store import Store
from pecdesk.store.database import Database
from pecdesk.store.journal import (
    Erased,
    Hidden,
    Labelled,
    MarkedRead,
    MarkedUnread,
    Seen,
    Unhidden,
    Unlabelled,
)
from pecdesk.store.replay import ToldOfMessage, gather
from tests.kit.messages import NOW, SECOND, SENDER
from tests.unit.store.mailroom import (
    catch_up,
    everything,
    letters,
    listing,
    open_store,
    rebuilt_listing,
    receive,
)

NAMES = ("copy", "acceptance", "delivery", "forged", "second", "envelope", "ordinary", "unmatched")
LABELS = ("Rossi", "ROSSI", "urgente")


class Keeping(RuleBasedStateMachine):
    """A profile whose user marks, erases and imports, with a program that may be stopped between any two steps."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.root = self.folder / "profile"
        self.store = open_store(self.root)

    def teardown(self) -> None:
        try:
            assert rebuilt_listing(Profile.open(self.root)) == listing(self.store)
        finally:
            self.store.close()
            shutil.rmtree(self.folder)

    @initialize()
    def something_is_here(self) -> None:
        receive(self.store, "copy", "acceptance", "envelope")

    def some_rows(self, data: st.DataObject) -> list[int]:
        ids = [row.id for row in everything(self.store)]
        return data.draw(st.lists(st.sampled_from(ids), unique=True)) if ids else []

    @rule(
        names=st.lists(st.sampled_from(NAMES), min_size=1, unique=True),
        unseen=st.booleans(),
        account=st.sampled_from((SENDER, SECOND, None)),
    )
    def import_(self, names: list[str], unseen: bool, account: str | None) -> None:
        receive(self.store, *names, unseen=unseen, account=account)

    @rule(data=st.data(), read=st.booleans())
    def mark_read(self, data: st.DataObject, read: bool) -> None:
        self.store.mark_read(self.some_rows(data), read=read, at=NOW)

    @rule(data=st.data(), name=st.sampled_from(LABELS))
    def add_label(self, data: st.DataObject, name: str) -> None:
        self.store.add_label(self.some_rows(data), name, NOW)

    @rule(data=st.data(), name=st.sampled_from(LABELS))
    def remove_label(self, data: st.DataObject, name: str) -> None:
        self.store.remove_label(self.some_rows(data), name, NOW)

    @rule(data=st.data())
    def hide(self, data: st.DataObject) -> None:
        self.store.hide(self.some_rows(data), NOW)

    @rule(data=st.data())
    def unhide(self, data: st.DataObject) -> None:
        self.store.unhide(self.some_rows(data), NOW)

    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        ids = self.some_rows(data)
        assert self.store.erase(ids, NOW).rows <= len(ids)

    @rule()
    def close_and_open(self) -> None:
        wanted = listing(self.store)
        self.store.close()
        self.store = Store.open(Profile.open(self.root))
        assert self.store.unapplied().entries == []
        assert listing(self.store) == wanted

    @rule(steps=st.integers(1, 3), data=st.data())
    def lose_the_last_commits(self, steps: int, data: st.DataObject) -> None:
        """What the journal tells reaches the disk; what the database was told of it does not."""
        self.store.database.copy_to(self.folder / "before.db")
        for _ in range(steps):
            kind = data.draw(st.sampled_from(("import", "label", "hide", "erase", "read")))
            match kind:
                case "import":
                    receive(self.store, data.draw(st.sampled_from(NAMES)), unseen=data.draw(st.booleans()))
                case "label":
                    self.add_label(data, data.draw(st.sampled_from(LABELS)))
                case "hide":
                    self.hide(data)
                case "erase":
                    self.erase(data)
                case "read":
                    self.mark_read(data, data.draw(st.booleans()))
        wanted = listing(self.store)
        self.store.close()
        database = self.root / "pecdesk.db"
        Database.remove(database)
        shutil.copy(self.folder / "before.db", database)
        self.store = Store.open(Profile.open(self.root))
        catch_up(self.store)
        assert self.store.unapplied().entries == []
        assert listing(self.store) == wanted

    @invariant()
    def archive_and_database_hold_the_same(self) -> None:
        assert set(self.store.archive.all()) == {sha256 for sha256, _, _ in self.store.hashes()}


TestKeeping = Keeping.TestCase
TestKeeping.settings = settings(
    max_examples=25, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_the_last_word_on_a_message_counts() -> None:
    one, other = "ab" * 32, "cd" * 32
    told = gather(
        [
            Seen(one, NOW, "import"),
            MarkedUnread((one, other), NOW),
            Labelled("Rossi", (one,), NOW),
            Hidden((one,), NOW),
            MarkedRead((other,), NOW),
            Unlabelled("Rossi", (one,), NOW),
            Unhidden((one,), NOW),
        ]
    )
    assert (told[one].unread, told[one].hidden, told[one].labels) == (True, False, {"Rossi": False})
    assert len(told[one].places) == 1
    assert told[other] == ToldOfMessage(unread=False)


def test_an_erasing_counts_for_what_was_told_before_it_alone() -> None:
    sha256 = "ab" * 32
    before = [Seen(sha256, NOW, "import"), Labelled("Rossi", (sha256,), NOW), Erased("cd" * 32, NOW, (sha256,))]
    assert gather(before)[sha256] == ToldOfMessage(is_erased=True)
    assert gather(before)[sha256].is_gone
    after = gather([*before, Seen(sha256, NOW, "import", SENDER)])[sha256]
    assert not after.is_gone
    assert [place.account for place in after.places] == [SENDER]
    assert after.labels == {}


def test_the_letters_used_here_are_there() -> None:
    assert set(NAMES) <= set(letters())
