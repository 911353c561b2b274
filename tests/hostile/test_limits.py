"""Whatever the message, there is an answer in time, and the program goes on to the next."""

from __future__ import annotations

import time
from typing import Any

import pytest

from pecdesk.demo.draft import Recipient
from pecdesk.examine import examine, to_json
from pecdesk.pec.linking import link
from pecdesk.store.pieces import Placement, pieces_of
from tests.hostile.attacks import CERTIFIED, receipt
from tests.hostile.bench import Bench
from tests.hostile.limits import SMALL, attached, siblings
from tests.kit import messages


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


def test_many_named_parts_make_no_verdict_of_megabytes() -> None:
    raw = siblings(4900, attached(b"a"))
    assert len(to_json(examine(raw, messages.anchors(), now=messages.NOW))) < 10 * len(raw)


def test_endless_names_make_no_verdict_longer_than_the_mail() -> None:
    raw = siblings(200, attached(b"\1" * 5000))
    assert len(to_json(examine(raw, messages.anchors(), now=messages.NOW))) < 2 * len(raw)


def test_linking_is_not_the_square_of_the_recipients() -> None:
    """Measured where it was: half a minute; where it is not: a fifth of a second."""
    everybody = tuple(Recipient(f"a{number}@b{number}.example") for number in range(8000))
    taken = messages.sending(messages.draft(recipients=everybody))
    found = examine(messages.provider().acceptance(taken).sealed(), messages.anchors(), now=messages.NOW)
    pieces = pieces_of(found, [Placement(messages.SENDER, "", True, "", "")])
    began = time.process_time()
    (row,) = link(pieces, frozenset({messages.SENDER}))
    assert time.process_time() - began < 5
    assert len(row.recipients) == 8000


def test_bombs_are_imported_and_listed_like_other_mail(bench: Bench, judged: dict[str, Any]) -> None:
    profile = bench.profile("profile")
    chosen = list(SMALL)[::4]
    done = bench.import_(profile, {name: SMALL[name][0]() for name in chosen}, place="bombs")
    assert done.json["new"] == len({judged[name]["sha256"] for name in chosen})
    rows = bench.rows(profile)
    assert len(rows) > 5
    assert {row["state"] for row in rows} <= {"received", "delivered", "pending"}
