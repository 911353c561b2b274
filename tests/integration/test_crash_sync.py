"""A synchronisation killed, torn in the middle of a write, or left without room at some of its steps on the disk: the
next run ends as if nothing had been. All steps are tried by `python -m tests.soak.crash --all`."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from pecdesk.examiner import Examiner
from tests.kit import dovecot, failing_disk
from tests.kit.crash_bench import FULL, STOPPED, CrashBench
from tests.kit.failing_disk import How, Step
from tests.soak.crash import is_page

SEED = 20261122


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, helper: Examiner) -> Iterator[CrashBench]:
    if reason := dovecot.missing() or failing_disk.missing():
        pytest.skip(reason)
    with dovecot.Dovecot() as server:
        yield CrashBench(tmp_path_factory.mktemp("crash"), server, helper, is_first=False)


@pytest.fixture(scope="module")
def steps(bench: CrashBench) -> list[Step]:
    return bench.steps()


CASES = [(how, part) for how in How for part in range(2)]


@pytest.mark.parametrize(("how", "part"), CASES, ids=[f"{how} {part}" for how, part in CASES])
def test_whatever_step_it_ends_at_the_next_run_makes_it_whole(
    bench: CrashBench, steps: list[Step], how: How, part: int
) -> None:
    """`part`: of the steps in the first half, or in the second."""
    numbers = [step.number for step in steps if not is_page(step)]
    half = len(numbers) // 2
    number = random.Random(f"{SEED} {how} {part}").choice(numbers[half:] if part else numbers[:half])

    ended = bench.ended(number, how)

    # Without room for the last thing it does, tidying up the database, all is done all the same.
    assert ended.code in ((FULL, 0) if how is How.FULL else (STOPPED,)), ended.said
    assert ended.complaints == (), f"{how} at {steps[number - 1]}: {ended.said}"


def test_every_step_waits_until_the_one_before_it_is_on_the_disk(steps: list[Step]) -> None:
    """A power cut takes what was written and not waited for: data before their name, names before the journal, the
    journal before the database."""
    unsynced: dict[str, Step] = {}
    renamed = journalled = 0
    for step in steps:
        place = "archive" if step.path.startswith("/archive") else step.path
        is_sync = step.what in ("fsync", "fdatasync", "syncfs")
        if step.what == "rename" and place == "archive":
            renamed += 1
            assert "data" not in unsynced, step
            unsynced["name"] = step
        elif step.what == "write" and place == "archive":
            unsynced["data"] = step
        elif is_sync and place == "archive":
            unsynced.pop("data", None)
            unsynced.pop("name", None)
        elif step.what == "write" and place == "/journal.jsonl":
            journalled += 1
            assert "data" not in unsynced, step
            assert "name" not in unsynced, step
            unsynced["journal"] = step
        elif is_sync and place == "/journal.jsonl":
            unsynced.pop("journal")
        elif is_sync and place == "/pecdesk.db-wal":
            assert "journal" not in unsynced, step
    assert renamed == 6
    assert journalled >= 2
    assert not unsynced
