"""The demo: every state an offline mailbox can have, through the ordinary import."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

from tests.integration.conftest import NOW, MadeDemo, Pecdesk

OFFLINE_STATES = {
    "pending",
    "accepted",
    "partly-delivered",
    "delivered",
    "delayed",
    "failed",
    "refused",
    "contradictory",
    "received",
}
OFFLINE_ATTENTION = {
    "failed",
    "delayed",
    "waiting",
    "overdue",
    "not-pec",
    "contradictory",
    "forged",
    "altered",
    "no-acceptance",
    "content-differs",
    "log-deadline",
    "refused",
}


def rows(pecdesk: Pecdesk, profile: Path, *words: str) -> list[dict]:
    found = pecdesk("--profile", profile, "list", "--json", "--limit", "0", "--now", NOW, *words)
    assert found.code == 0, found.err
    return found.json["transmissions"]


def comparable(found: list[dict]) -> list[dict]:
    """Rows without their numbers, which differ from profile to profile; messages named by their hash."""
    result = []
    for row in found:
        hashes = {line["message"]: line["sha256"] for line in row["evidence"]}
        plain = {name: value for name, value in row.items() if name not in ("id", "linked", "rivals")}
        plain["evidence"] = [{k: v for k, v in line.items() if k != "message"} for line in row["evidence"]]
        plain["recipients"] = [
            {**recipient, "evidence": [hashes.get(message) for message in recipient["evidence"]]}
            for recipient in row["recipients"]
        ]
        result.append(plain)
    return sorted(result, key=lambda row: json.dumps(row, sort_keys=True))


def test_the_demo_shows_every_state_and_need_that_offline_messages_can_have(demo: MadeDemo, pecdesk: Pecdesk) -> None:
    found = rows(pecdesk, demo.profile)
    assert 180 <= len(found) <= 260
    assert {row["state"] for row in found} == OFFLINE_STATES
    assert {need for row in found for need in row["attention"]} == OFFLINE_ATTENTION
    assert {row["kind"] for row in found} == {"pec", "anomaly", "ordinary", "rem", "unmatched", "claim"}
    assert {row["original"] for row in found} == {"own", "from-receipt", "none"}


def test_a_second_profile_that_imports_the_same_files_lists_the_same_table(
    demo: MadeDemo, pecdesk: Pecdesk, profile: Path
) -> None:
    assert pecdesk("--profile", profile, "trust", "add", demo.policy).code == 0
    for account in demo.document["accounts"]:
        assert pecdesk("--profile", profile, "import", demo.mail / account, "--account", account).code == 0
    assert comparable(rows(pecdesk, profile)) == comparable(rows(pecdesk, demo.profile))


def test_the_same_files_in_another_order_and_from_an_mbox_list_the_same_table(
    demo: MadeDemo, pecdesk: Pecdesk, profile: Path
) -> None:
    pecdesk("--profile", profile, "trust", "add", demo.policy)
    for account in reversed(demo.document["accounts"]):
        files = sorted(
            (demo.mail / account).rglob("*.eml"), key=lambda path: hashlib.sha256(path.name.encode()).digest()
        )
        half = len(files) // 2
        for some in (files[half:], files[:half]):
            assert pecdesk("--profile", profile, "import", "--account", account, *some).code == 0
    assert comparable(rows(pecdesk, profile)) == comparable(rows(pecdesk, demo.profile))


def test_a_message_to_three_recipients_with_different_fates_shows_three_fates(demo: MadeDemo, pecdesk: Pecdesk) -> None:
    fates = [
        Counter(recipient["state"] for recipient in row["recipients"])
        for row in rows(pecdesk, demo.profile, "--state", "partly-delivered")
    ]
    assert Counter(("delivered", "failed", "delayed")) in fates


def test_a_forged_and_an_altered_receipt_move_nothing_and_are_visible(demo: MadeDemo, pecdesk: Pecdesk) -> None:
    for need, standing in (("forged", "not-certified"), ("altered", "altered")):
        found = [row for row in rows(pecdesk, demo.profile, "--attention", need) if row["direction"] == "sent"]
        assert found
        for row in found:
            lies = [line for line in row["evidence"] if line["standing"] == standing]
            assert lies
            assert not any(line["counts"] for line in lies)
            assert row["state"] != "delivered"
            assert not any(line["message"] in r["evidence"] for line in lies for r in row["recipients"])


def test_the_demo_writes_one_proof_bundle_and_says_where(demo: MadeDemo) -> None:
    bundle = Path(demo.document["proof"])
    assert {path.name for path in bundle.iterdir()} == {
        "prova.pdf",
        "originali",
        "impronte.sha256",
        "verifica.json",
        "LEGGIMI.txt",
    }
    assert len((bundle / "LEGGIMI.txt").read_text(encoding="utf-8").splitlines()) == 6


def test_starting_the_demo_again_makes_nothing_new(demo: MadeDemo, pecdesk: Pecdesk) -> None:
    again = pecdesk("--profile", demo.profile, "demo", "--json", "--now", NOW)
    assert again.code == 0
    assert again.json == demo.document


def test_the_demo_refuses_to_reset_a_profile_without_its_stamp(pecdesk: Pecdesk, profile: Path) -> None:
    assert pecdesk("--profile", profile, "list").code == 0
    refused = pecdesk("--profile", profile, "--lang", "en", "demo", "--reset")
    assert refused.code == 2
    assert "does not touch it" in refused.err
    assert not (profile / "DEMO").exists()
