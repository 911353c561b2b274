"""A short seeded run of the fuzzer over every target, and every input that ever broke one."""

from __future__ import annotations

from random import Random

import pytest

from pecdesk.trust.der import DerError, read_only_element
from tests.fuzz.engine import Run, regressions
from tests.fuzz.mutators import DER, MAIL, XML, elements, mutated
from tests.fuzz.targets import TARGETS, signatures

SEED = 20261122
INPUTS = {"mime": 300, "cms": 250, "daticert": 1500, "examine": 150}


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_breaks_whatever_is_fed(name: str) -> None:
    run = Run(TARGETS[name], Random(SEED))
    run.go(lambda run: run.tried >= INPUTS[name])
    assert run.broken == {}


@pytest.mark.parametrize("name", TARGETS)
def test_what_once_broke_stays_mended(name: str) -> None:
    for raw in regressions(name):
        TARGETS[name].run(raw)


def test_a_guided_run_learns() -> None:
    run = Run(TARGETS["daticert"], Random(SEED), guided=True)
    run.go(lambda run: run.tried >= 150)
    seeds = len(TARGETS["daticert"].seeds())
    assert len(run.corpus) > seeds
    assert run.edges
    assert run.broken == {}


def test_a_broken_promise_is_found_and_written_down() -> None:
    def promise(raw: bytes) -> None:
        assert raw[:1] == b"\x30", "begins otherwise"

    target = TARGETS["cms"]
    run = Run(type(target)("cms", promise, target.seeds, DER), Random(SEED))
    run.go(lambda run: bool(run.broken) or run.tried > 20_000)
    (where,) = run.broken
    assert "begins otherwise" in where


def test_a_seed_says_everything() -> None:
    for mutators in (MAIL, DER, XML):
        first = [mutated(signatures()[0], mutators, Random(number)) for number in range(20)]
        assert first == [mutated(signatures()[0], mutators, Random(number)) for number in range(20)]
        assert len(set(first)) > 10


def test_changed_elements_keep_the_lengths_around_them_right() -> None:
    whole = 0
    for number in range(200):
        try:
            read_only_element(elements(signatures()[0], Random(number)))
        except DerError:
            continue
        whole += 1
    assert whole > 150
