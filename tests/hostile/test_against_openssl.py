"""`pecdesk verify` and `openssl cms -verify` say the same of a message, but for what the table explains."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.hostile.differential import EXPLAINED, OPENSSL, judge, make

SEED = 20261122
COUNT = 120

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")


def test_both_say_the_same_or_the_table_says_why_not(tmp_path: Path) -> None:
    chance = Random(SEED)
    judged = judge(tmp_path, [make(chance) for _ in range(COUNT)])
    differing = [each for each in judged if each.ours != each.theirs]
    assert [(each.ours, each.entry["reasons"], each.made.traits) for each in differing if not each.explanation] == []
    assert sum(each.ours and each.theirs for each in judged) > COUNT // 5
    assert sum(not each.ours and not each.theirs for each in judged) > COUNT // 5


def test_every_explanation_is_one_of_its_own() -> None:
    assert len({(each.ours, each.reason, each.trait) for each in EXPLAINED}) == len(EXPLAINED)
    assert all(each.why for each in EXPLAINED)
