"""Whatever the message, there is an answer in time, and the program goes on to the next."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hostile.attacks import CERTIFIED, receipt
from tests.hostile.bench import Bench
from tests.hostile.limits import SMALL


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("limits"))


@pytest.fixture(scope="module")
def judged(bench: Bench) -> dict[str, Any]:
    """Every bomb, each followed by a genuine receipt, in one process."""
    mails: dict[str, bytes] = {}
    for name, (make, _, _) in SMALL.items():
        mails |= {name: make(), f"after {name}": receipt().sealed()}
    return bench.verify(mails)


@pytest.mark.parametrize("name", SMALL)
def test_a_bomb_gets_its_answer_within_the_limits_of_time_and_memory(judged: dict[str, Any], name: str) -> None:
    _, standing, reason = SMALL[name]
    entry = judged[name]
    assert not {"time-limit", "memory-limit"} & set(entry["reasons"])
    assert entry["standing"] == standing, entry["reasons"]
    assert reason is None or reason in entry["reasons"]


@pytest.mark.parametrize("name", SMALL)
def test_the_message_after_a_bomb_is_judged_as_ever(judged: dict[str, Any], name: str) -> None:
    assert judged[f"after {name}"]["standing"] == CERTIFIED


def test_bombs_are_imported_and_listed_like_other_mail(bench: Bench, judged: dict[str, Any]) -> None:
    profile = bench.profile("profile")
    done = bench.import_(profile, {name: make() for name, (make, _, _) in SMALL.items()}, place="bombs")
    assert done.json["new"] == len({judged[name]["sha256"] for name in SMALL})
    rows = bench.rows(profile)
    assert len(rows) > 20
    assert {row["state"] for row in rows} <= {"received", "delivered", "pending"}
