"""The benchmarks on a few messages: what they count must be right before what they time means anything."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.importing import pecdesk_seconds
from tests.benchmarks.mailbox import Mailbox, make_mailbox
from tests.benchmarks.many import multiply
from tests.benchmarks.verify_many import verify
from tests.benchmarks.verifying import measure


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Mailbox:
    return make_mailbox(tmp_path_factory.mktemp("bulk") / "mailbox", 120)


def test_an_import_gives_every_message_its_expected_verdict(mailbox: Mailbox, tmp_path: Path) -> None:
    _, verdicts = pecdesk_seconds(mailbox, tmp_path / "profile")
    assert verdicts == mailbox.expected


def test_verification_gives_every_message_its_expected_verdict(mailbox: Mailbox) -> None:
    _, verdicts = measure(mailbox, sample=2)
    assert verdicts == mailbox.expected


def test_a_run_over_many_files_says_what_it_took(mailbox: Mailbox, tmp_path: Path) -> None:
    run = verify(mailbox, tmp_path / "answer.json")

    assert run.verdicts == mailbox.expected
    assert run.processor_seconds > 0
    assert min(run.curve()) > 0


def test_multiplied_rows_are_listed_and_shown(mailbox: Mailbox, tmp_path: Path) -> None:
    pecdesk_seconds(mailbox, tmp_path / "profile")
    (tmp_path / "profile" / "DEMO").write_text("", encoding="utf-8")
    count = multiply(tmp_path / "profile", tmp_path / "many", 300)
    words = [sys.executable, "-m", "pecdesk", "--profile", str(tmp_path / "many")]
    done = subprocess.run([*words, "list", "--limit", "0", "--json"], check=True, capture_output=True)
    rows = json.loads(done.stdout)["transmissions"]
    assert len(rows) == count >= 300
    shown = subprocess.run([*words, "show", str(rows[-1]["id"]), "--json"], check=True, capture_output=True)
    assert json.loads(shown.stdout)["id"] == rows[-1]["id"]


def test_the_list_of_the_window_shows_finds_and_follows(mailbox: Mailbox, tmp_path: Path) -> None:
    pytest.importorskip("PySide6.QtWidgets")
    from tests.benchmarks import window_list

    pecdesk_seconds(mailbox, tmp_path / "profile")
    (tmp_path / "profile" / "DEMO").write_text("", encoding="utf-8")
    count = multiply(tmp_path / "profile", tmp_path / "many", 300)
    measured = window_list.Measured(tmp_path / "many")
    try:
        assert list(window_list.places(measured))[-1] == "all"
        assert measured.mailbox.model.rowCount() == count
        assert len(measured.frames([0, 60, 120])) == 3
        assert list(window_list.keystrokes(measured, "ab")) == ["a", "ab"]
        assert window_list.updates(measured) > 0
    finally:
        measured.close()
