"""Mail that comes in more than once, and the names under which it goes out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.hostile.bench import Bench
from tests.hostile.mailbox import Mailbox
from tests.kit import messages
from tests.kit.messages import draft, provider, sending


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("bench"))


def test_a_message_that_is_certified_without_its_mbox_quoting_is_new_once(bench: Bench, tmp_path: Path) -> None:
    raw = messages.delivery(sending(draft(text="Premesso\nFrom quanto precede\n"))).sealed()
    quoted = re.sub(rb"(?m)^(>*From )", rb">\1", raw)
    assert quoted != raw
    file = tmp_path / "posta.mbox"
    file.write_bytes(b"From x@y Sat Jan  1 00:00:00 2022\r\n" + quoted + b"\r\n")
    box = Mailbox.empty(bench)
    told = [box.command("import", "--json", file).json for _ in range(2)]
    assert [(one["new"], one["known"]) for one in told] == [(1, 0), (0, 1)]
    (receipt,) = (box.profile / "archive").rglob("*.eml")
    receipt.chmod(0o600)
    receipt.unlink()
    assert box.command("import", "--json", file).json["known"] == 1
    assert receipt.read_bytes() == raw


def test_what_was_refused_and_is_not_here_is_filed_under_the_day_of_the_refusal(bench: Bench, tmp_path: Path) -> None:
    box = Mailbox.empty(bench)
    box.receive(provider().non_acceptance(sending(), "campo To errato").sealed())
    for command in ("proof", "export"):
        box.command(command, box.rows()[0]["id"], "--to", tmp_path / command)
        assert [path.name[:10] for path in (tmp_path / command).iterdir()] == ["2026-11-20"]
