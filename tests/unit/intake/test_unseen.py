"""What a Maildir tells of who has read its messages; other sources tell nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from pecdesk.intake import find_messages

MAIL = b"From: a@x.example\r\nTo: b@x.example\r\nMessage-ID: <1@x.example>\r\nSubject: a\r\n\r\nTesto.\r\n"


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for folder in ("cur", "new", "tmp"):
        (tmp_path / "Maildir" / folder).mkdir(parents=True)
    return tmp_path / "Maildir"


@pytest.mark.parametrize(
    ("name", "unseen"),
    [
        ("cur/1.host:2,S", False),
        ("cur/1.host:2,FRS", False),
        ("cur/1.host:2,", True),
        ("cur/1.host:2,FR", True),
        ("cur/1.host", True),
        ("cur/1.host;2,S", False),
        ("new/1.host", True),
        ("new/1.host:2,S", True),
        ("new/1.eml", True),
    ],
)
def test_a_message_of_a_maildir_is_unseen_in_new_and_without_its_s(maildir: Path, name: str, unseen: bool) -> None:
    (maildir / name).write_bytes(MAIL)
    for named in (maildir, (maildir / name).parent, maildir / name):
        (found,) = find_messages([named])
        assert (found.raw, found.unseen) == (MAIL, unseen)


def test_what_lies_in_no_maildir_counts_as_seen(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1.eml").write_bytes(MAIL)
    (tmp_path / "box").write_bytes(b"From a@x.example Mon Jan  1 00:00:00 2024\n" + MAIL.replace(b"\r\n", b"\n"))
    found = list(find_messages([tmp_path]))
    assert len(found) == 2
    assert not any(each.unseen for each in found)
