"""Every attack of the security page gets its right word from `pecdesk verify`, and its genuine twin is certified."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.attacks import ATTACKS, CERTIFIED, Attack
from tests.hostile.bench import Bench, facts, policy_text
from tests.hostile.mailbox import command


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Attack, Any, Any]]:
    """Every attack with the entries of the message and of its twin, from one process for each policy."""
    attacks = {name: make() for name, make in ATTACKS.items()}
    by_policy: dict[str, list[str]] = defaultdict(list)
    for name, attack in attacks.items():
        by_policy[attack.policy.name].append(name)
    found: dict[str, tuple[Attack, Any, Any]] = {}
    for number, (policy, names) in enumerate(by_policy.items()):
        bench = Bench(tmp_path_factory.mktemp(f"policy{number}"))
        wanted = attacks[names[0]].policy
        file = bench.policy(policy, policy_text(wanted.more, require=wanted.require))
        for other, content in wanted.files.items():
            (bench.folder / other).write_bytes(content)
        mails = {f"{name}/raw": attacks[name].raw for name in names} | {
            f"{name}/twin": attacks[name].twin for name in names
        }
        entries = bench.verify(mails, file)
        found |= {name: (attacks[name], entries[f"{name}/raw"], entries[f"{name}/twin"]) for name in names}
    return found


def test_every_row_of_the_page_about_one_message_is_in_the_table() -> None:
    """A16 and A17 are about a profile: `test_stored_verdicts`; the rest of B about many messages."""
    wanted = {f"A{number}" for number in range(1, 16)} | {"B1", "B3", "T"}
    assert {name.split()[0] for name in ATTACKS} == wanted


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_called_what_it_is(table: dict[str, tuple[Attack, Any, Any]], name: str) -> None:
    attack, entry, _ = table[name]
    assert (entry["standing"], entry["kind"]) == (attack.standing, attack.kind), entry["reasons"]
    assert attack.reasons <= set(entry["reasons"])
    assert bool(entry["reasons"]) == (attack.standing != CERTIFIED) or attack.kind == "ordinary"
    assert attack.notes is None or set(entry["notes"]) == attack.notes
    assert (facts(entry) is None) == (attack.standing not in (CERTIFIED, "certified-with-reserve"))
    assert not attack.hidden or attack.hidden.decode() not in json.dumps(entry)


@pytest.mark.parametrize("name", ATTACKS)
def test_the_twin_of_an_attack_is_certified(table: dict[str, tuple[Attack, Any, Any]], name: str) -> None:
    _, _, twin = table[name]
    assert (twin["standing"], twin["reasons"]) == (CERTIFIED, [])
    assert facts(twin) is not None


def test_the_words_for_people_say_carriage_and_never_safe(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    attack = ATTACKS["A15 a certified message with a harmful text is certified as what it is, carriage"]()
    path = bench.write({"mail": attack.raw})["mail"]
    for spoken in ("it", "en"):
        said = command("--lang", spoken, "verify", path, "--trust", bench.policy()).out.lower()
        assert "sicur" not in said
        assert "safe" not in said
        assert "secure" not in said
