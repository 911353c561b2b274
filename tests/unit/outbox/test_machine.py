"""The outbox under everything that can happen to it, in any order: killed at any write, provider and user as they are.

The oracle is what the provider durably has, counted by Message-ID: never two. And the state is true: what is said not
to have been sent was not taken, what is said to have been sent was.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pecdesk.errors import LoginError, PecdeskError, StoreError
from pecdesk.outbox.transport import PostponedError, RefusedError, UncertainError
from pecdesk.pec.sending import SendState
from pecdesk.store import Store
from pecdesk.store.steps import SendingResumed
from tests.unit.outbox.conftest import quick_folder
from tests.unit.outbox.office import Killed, Office, Plan, acceptance, killed, letter
from tests.unit.store.mailroom import examined, listing, rows

SUBJECTS = ("Uno", "Due", "Tre")
PLANS: dict[str, Callable[[], Plan]] = {
    "taken": Plan,
    "refused": lambda: Plan(RefusedError("550"), says_end=False),
    "refused at the end": lambda: Plan(RefusedError("552"), takes=False),
    "put off": lambda: Plan(PostponedError("451"), says_end=False),
    "put off at the end": lambda: Plan(PostponedError("451"), takes=False),
    "cut before": lambda: Plan(UncertainError("cut"), takes=False),
    "cut after": lambda: Plan(UncertainError("cut")),
    "login": lambda: Plan(LoginError("535"), says_end=False),
    "disk": lambda: Plan(StoreError("full"), says_end=False),
    **{
        f"killed when {point}": lambda point=point: Plan(at=killed(point))
        for point in ("opened", "read", "marked", "taken")
    },  # type: ignore[misc]
}


def sha256(subject: str) -> str:
    return examined(letter(subject)).sha256


@contextmanager
def dying(store: Store, after: int) -> Iterator[None]:
    """The program is killed around its `after`-th durable write: just before it for even numbers, else just after."""
    count = 0
    dead = False

    def reached(*, before: bool) -> None:
        nonlocal count, dead
        if dead:
            raise Killed
        if count == after // 2 and before == (after % 2 == 0):
            dead = True
            raise Killed
        count += not before

    journal, write = store.journal.write, store.database.write

    def journalled(entries: Any) -> Any:
        reached(before=True)
        stretch = journal(entries)
        reached(before=False)
        return stretch

    @contextmanager
    def written() -> Iterator[Any]:
        reached(before=True)
        with write() as connection:
            yield connection
        reached(before=False)

    store.journal.write = journalled  # type: ignore[method-assign]
    store.database.write = written  # type: ignore[method-assign]
    try:
        yield
    finally:
        del store.journal.write  # type: ignore[attr-defined]
        del store.database.write  # type: ignore[attr-defined]


def check_truth(office: Office, said: dict[str, bool]) -> None:
    """`said`: of what was uncertain, what the user has said."""
    taken = office.bench.counts
    assert all(count == 1 for count in taken.values())
    for row in rows(office.store):
        found = row.transmission
        assert found.message_id is not None
        is_taken = bool(taken[found.message_id])
        if found.message_id in said:
            continue
        if found.state in ("queued", "refused"):
            assert not is_taken
        if found.state in ("pending", "accepted"):
            assert is_taken


class Machine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = quick_folder()
        self.office = Office(self.folder / "profile")
        self.said: dict[str, bool] = {}
        self.is_dead = False

    def teardown(self) -> None:
        if self.is_dead:
            self.reopen()
        self.office.rebuild()
        check_truth(self.office, self.said)
        self.office.close()
        shutil.rmtree(self.folder)

    @contextmanager
    def running(self, after: int | None) -> Iterator[None]:
        try:
            if after is None:
                yield
            else:
                with dying(self.office.store, after):
                    yield
        except Killed:
            self.is_dead = True
        except PecdeskError:
            pass

    @rule(subject=st.sampled_from(SUBJECTS), after=st.none() | st.integers(0, 7), copy=st.booleans())
    @precondition(lambda self: not self.is_dead)
    def queue(self, subject: str, after: int | None, copy: bool) -> None:
        with self.running(after):
            self.office.queue(subject, keeps_copy=copy)

    @rule(plans=st.lists(st.sampled_from(sorted(PLANS)), max_size=3), after=st.none() | st.integers(0, 11))
    @precondition(lambda self: not self.is_dead)
    def deliver(self, plans: list[str], after: int | None) -> None:
        self.office.bench.plans = [PLANS[name]() for name in plans]
        with self.running(after):
            self.office.deliver()

    @rule(subject=st.sampled_from(SUBJECTS), after=st.none() | st.integers(0, 5))
    @precondition(lambda self: not self.is_dead)
    def withdraw(self, subject: str, after: int | None) -> None:
        with self.running(after):
            self.office.store.withdraw(sha256(subject), self.office.time)

    @rule(subject=st.sampled_from(SUBJECTS), was_sent=st.booleans())
    @precondition(lambda self: not self.is_dead)
    def settle(self, subject: str, was_sent: bool) -> None:
        with self.running(None):
            record = self.office.store.settle_by_user(sha256(subject), self.office.time, was_sent=was_sent)
            self.said[record.message_id] = was_sent

    @rule(subject=st.sampled_from(SUBJECTS))
    @precondition(lambda self: not self.is_dead)
    def retry(self, subject: str) -> None:
        with self.running(None):
            self.office.store.take_step(SendingResumed(sha256(subject), self.office.time))

    @rule(subject=st.sampled_from(SUBJECTS))
    @precondition(lambda self: not self.is_dead)
    def accept(self, subject: str) -> None:
        """The provider's receipt, for what it has taken and for nothing else."""
        record = self.office.record(subject)
        if record is not None and self.office.bench.counts[record.message_id]:
            self.office.receive(acceptance(subject))
            assert self.office.state(subject) == "accepted"

    @rule()
    @precondition(lambda self: not self.is_dead)
    def later(self) -> None:
        self.office.later(hours=2)

    @rule()
    def reopen(self) -> None:
        self.office.reopen()
        self.is_dead = False
        assert not self.office.store.sendings(SendState.SENDING)

    @rule()
    @precondition(lambda self: not self.is_dead)
    def rebuild(self) -> None:
        before = listing(self.office.store), self.office.store.sendings(*SendState)
        self.office.rebuild()
        assert (listing(self.office.store), self.office.store.sendings(*SendState)) == before

    @invariant()
    def truth(self) -> None:
        if not self.is_dead:
            check_truth(self.office, self.said)


TestOutbox = Machine.TestCase
TestOutbox.settings = settings(
    max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)

WRITES = 9
"""Journal entries and commits from the freezing to the end."""
LAST = range(2 * WRITES - 6, 2 * WRITES + 1)
"""Where the fate of a message begins to matter."""
FATES = [("taken", range(2 * WRITES + 1)), ("cut after", LAST), ("refused", LAST), ("put off at the end", LAST)]


@pytest.mark.parametrize(("fate", "count"), [(fate, count) for fate, counts in FATES for count in counts])
def test_killed_at_any_write_of_a_sending_it_is_sent_at_most_once_and_said_truly(
    folder: Path, fate: str, count: int
) -> None:
    """From the freezing to the end, every journal entry and every commit, just before it and just after."""
    office = Office(folder / "profile")
    office.bench.plans = [PLANS[fate]()]
    try:
        with dying(office.store, count):
            office.queue("Uno")
            office.deliver()
        assert count == 2 * WRITES or fate == "refused"
    except Killed:
        assert count < 2 * WRITES
    office.reopen()
    check_truth(office, {})
    if office.record("Uno") is None:
        office.queue("Uno")
    office.later(hours=2)
    office.deliver()
    check_truth(office, {})
    office.rebuild()
    check_truth(office, {})
    office.close()
