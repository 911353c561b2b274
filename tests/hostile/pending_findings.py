"""Findings that are not mended yet: each test fails and says what should be. Not collected.

    python -m pytest tests/hostile/pending_findings.py

When one passes, move it to the test module of its subject.
"""

from __future__ import annotations

from tests.hostile.mailbox import Mailbox
from tests.hostile.test_stored_verdicts import bench, edited, honest  # noqa: F401 - fixtures


def test_the_list_does_not_believe_an_edited_database(edited: Mailbox) -> None:  # noqa: F811
    """A17: an edited verdict is found by `proof`, `reexamine --all` and a rebuild, not by `list` or `show`."""
    (row,) = edited.rows()
    assert row["state"] == "accepted"


def test_the_doctor_finds_an_edited_database(edited: Mailbox) -> None:  # noqa: F811
    """A17: `doctor` compares hashes of the archive and never verdicts with the bytes."""
    assert edited.command("doctor").code == 1
