"""The journal: appended to, never lost, readable after a crash and by older versions."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.errors import DiskFullError, StoreError
from pecdesk.profile.paths import hold
from pecdesk.store import journal as journal_module
from pecdesk.store.journal import (
    AccountKnown,
    Entry,
    Erased,
    Hidden,
    Journal,
    Labelled,
    MarkedRead,
    MarkedUnread,
    Seen,
    Told,
    TrustAdded,
    TrustRemoved,
    Unhidden,
    Unlabelled,
)

AT = datetime(2024, 5, 3, 10, 30, tzinfo=UTC)
SHA = "ab" * 32

ONE_OF_EACH: list[Entry] = [
    Seen(SHA, AT, "import", "studio@pec.example.it", "Inbox/Città", False, "cd" * 32, "RS"),
    Seen(SHA, AT, "import"),
    AccountKnown("studio@pec.example.it", AT),
    TrustAdded("collaudo", AT, '{"name": "collaudo"}'),
    TrustRemoved("collaudo", AT),
    Erased(SHA, AT),
]

texts = st.text(st.characters(codec="utf-8"), max_size=30)
moments = st.datetimes(timezones=st.just(UTC))
hashes = st.lists(texts, max_size=3).map(tuple)
entries = st.one_of(
    st.builds(Seen, texts, moments, texts, st.none() | texts, st.none() | texts, st.booleans(), st.none() | texts),
    st.builds(AccountKnown, texts, moments),
    st.builds(TrustAdded, texts, moments, texts),
    st.builds(TrustRemoved, texts, moments),
    st.builds(Erased, texts, moments, hashes),
    *(st.builds(kind, hashes, moments) for kind in (MarkedRead, MarkedUnread, Hidden, Unhidden)),
    *(st.builds(kind, texts, hashes, moments) for kind in (Labelled, Unlabelled)),
)

MARKS: list[Entry] = [
    MarkedRead((SHA, "cd" * 32), AT),
    MarkedUnread((SHA,), AT),
    Labelled("Più urgente", (SHA,), AT),
    Unlabelled("Più urgente", (SHA,), AT),
    Hidden((SHA,), AT),
    Unhidden((SHA,), AT),
    Erased(SHA, AT, ("cd" * 32,)),
]


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.jsonl")


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(entries, max_size=4), max_size=4))
def test_what_was_appended_is_read_in_order(batches: list[list[Entry]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "journal.jsonl")
        for batch in batches:
            assert journal.append(batch) == journal.size()
        assert list(journal.read()) == [entry for batch in batches for entry in batch]


def test_a_journal_that_was_never_written_is_empty(journal: Journal) -> None:
    assert list(journal.read()) == []
    assert journal.size() == 0
    assert journal.append([]) == 0
    assert not journal.path.exists()


def test_every_line_is_a_json_object_that_tells_its_kind(journal: Journal) -> None:
    journal.append(ONE_OF_EACH)
    lines = [json.loads(line) for line in journal.path.read_text(encoding="utf-8").splitlines()]
    assert [line["kind"] for line in lines] == [
        "seen",
        "seen",
        "account-known",
        "trust-added",
        "trust-removed",
        "erased",
    ]
    assert lines[1] == {"kind": "seen", "sha256": SHA, "at": "2024-05-03T10:30:00Z", "source": "import"}


def test_a_mark_names_all_its_messages_in_one_line(journal: Journal) -> None:
    journal.append(MARKS)
    lines = [json.loads(line) for line in journal.path.read_text(encoding="utf-8").splitlines()]
    assert [line["kind"] for line in lines] == [
        "marked-read",
        "marked-unread",
        "labelled",
        "unlabelled",
        "hidden",
        "unhidden",
        "erased",
    ]
    assert lines[0] == {"kind": "marked-read", "sha256s": [SHA, "cd" * 32], "at": "2024-05-03T10:30:00Z"}
    assert lines[2]["name"] == "Più urgente"
    assert Erased(SHA, AT, ("cd" * 32,)).sha256s == (SHA, "cd" * 32)
    assert list(journal.read()) == MARKS


def test_what_was_written_is_told_with_where_it_lies(journal: Journal) -> None:
    first = journal.write(ONE_OF_EACH[:2])
    second = journal.write(MARKS)
    assert (first.start, first.end, second.start, second.end) == (0, first.end, first.end, journal.size())
    assert journal.write([]) == (second.end, second.end)
    assert journal.told_since(0) == Told([*ONE_OF_EACH[:2], *MARKS], second.end)
    assert journal.told_since(first.end) == Told(MARKS, second.end)
    assert journal.told_since(second.end) == Told([], second.end)


def test_a_last_line_that_was_never_finished_lies_behind_what_is_told(journal: Journal) -> None:
    end = journal.append(ONE_OF_EACH[:2])
    with journal.path.open("ab") as file:
        file.write(b'{"kind":"hidden","sha256s":["')
    assert journal.told_since(0) == Told(ONE_OF_EACH[:2], end)
    assert journal.told_since(end) == Told([], end)
    assert journal.write(MARKS).start == end
    assert journal.told_since(end).entries == MARKS


def test_all_is_told_again_of_a_journal_that_is_not_the_one_that_was(journal: Journal) -> None:
    assert journal.told_since(100) == Told([], 100)
    end = journal.append(ONE_OF_EACH[:1])
    assert journal.told_since(end + 100) == Told(ONE_OF_EACH[:1], end)


def test_a_line_break_in_a_text_does_not_break_the_line(journal: Journal) -> None:
    entry = Seen(SHA, AT, "import", folder="a\nb\r\u2028c")
    journal.append([entry])
    assert journal.path.read_bytes().count(b"\n") == 1
    assert list(journal.read()) == [entry]


@pytest.mark.skipif(sys.platform == "win32", reason="permission bits are a POSIX matter")
def test_the_journal_is_private(journal: Journal) -> None:
    journal.append(ONE_OF_EACH)
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600


def test_reading_can_begin_where_an_earlier_append_ended(journal: Journal) -> None:
    first = journal.append(ONE_OF_EACH[:2])
    end = journal.append(ONE_OF_EACH[2:])
    assert list(journal.read(start=first)) == ONE_OF_EACH[2:]
    assert list(journal.read(start=end)) == []


@pytest.mark.parametrize("wrong", [1, 100_000])
def test_all_is_read_again_when_no_line_begins_where_reading_should(journal: Journal, wrong: int) -> None:
    journal.append(ONE_OF_EACH)
    assert list(journal.read(start=wrong)) == ONE_OF_EACH


def test_a_kind_of_a_later_version_is_stepped_over_and_kept(journal: Journal) -> None:
    later = b'{"kind":"label-given","sha256":"ab","label":"urgent"}\n'
    journal.append(ONE_OF_EACH[:1])
    with journal.path.open("ab") as file:
        file.write(later)
    journal.append(ONE_OF_EACH[1:])
    assert list(journal.read()) == ONE_OF_EACH
    assert later in journal.path.read_bytes()
    assert journal.check() == journal_module.Condition(entries=6, unknown=1, damaged=(), torn=False)


def test_a_field_of_a_later_version_does_not_hide_the_entry(journal: Journal) -> None:
    journal.path.write_bytes(
        b'{"kind":"account-known","address":"a@pec.example.it","at":"2024-05-03T10:30:00Z","colour":"red"}\n'
    )
    assert list(journal.read()) == [AccountKnown("a@pec.example.it", AT)]


@pytest.mark.parametrize(
    "line",
    [
        b"\x00" * 40,
        b"not json",
        b'{"kind":"seen","sha256":"ab"}',
        b'{"kind":"erased","sha256":"ab","at":"2024-05-03T10:30:00"}',
        b'{"kind":7}',
        b"[]",
        b"",
        b"\xff\xfe",
        b'{"kind":"erased","sha256":"\xff","at":"2024-05-03T10:30:00Z"}',
    ],
)
def test_a_damaged_line_is_counted_and_costs_only_itself(journal: Journal, line: bytes) -> None:
    journal.append(ONE_OF_EACH[:1])
    with journal.path.open("ab") as file:
        file.write(line + b"\n")
    journal.append(ONE_OF_EACH[1:])
    assert list(journal.read()) == ONE_OF_EACH
    assert journal.check() == journal_module.Condition(entries=6, unknown=0, damaged=(2,), torn=False)


def test_a_torn_last_line_is_ignored_until_the_next_append_cuts_it_off_and_says_so(
    journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    end = journal.append(ONE_OF_EACH[:2])
    whole = journal.path.read_bytes()
    for length in (1, 20, 9000):
        journal.path.write_bytes(whole + (b'{"kind":"erased","sha256":"' + b"x" * 9000)[:length])
        assert list(journal.read()) == ONE_OF_EACH[:2]
        assert journal.check().torn
    journal.append(ONE_OF_EACH[2:])
    assert list(journal.read(start=end)) == ONE_OF_EACH[2:]
    assert list(journal.read()) == ONE_OF_EACH
    assert not journal.check().torn
    assert [record.getMessage() for record in caplog.records] == [
        "journal: an unfinished last line of 9000 bytes was cut off"
    ]


def test_a_journal_torn_in_its_very_first_line_begins_anew(journal: Journal) -> None:
    journal.path.write_bytes(b'{"kind":"see')
    journal.append(ONE_OF_EACH)
    assert list(journal.read()) == ONE_OF_EACH


@pytest.mark.parametrize("last", [b'{"kind":"erased","sha256":"ab","at":"2024-05-03T10:30:00Z"}', b'{"kind":"new"}'])
def test_a_last_entry_that_only_lacks_its_line_end_is_kept(journal: Journal, last: bytes) -> None:
    journal.path.write_bytes(last)
    journal.append(ONE_OF_EACH)
    assert journal.path.read_bytes().startswith(last + b"\n")
    assert journal.check().damaged == ()
    assert list(journal.read())[-6:] == ONE_OF_EACH


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_journal_cut_anywhere_keeps_every_entry_before_the_cut(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "journal.jsonl")
        journal.append(ONE_OF_EACH)
        whole = journal.path.read_bytes()
        cut = data.draw(st.integers(0, len(whole)))
        journal.path.write_bytes(whole[:cut])
        journal.append([Erased("last", AT)])
        entries = list(journal.read())
        assert entries[-1] == Erased("last", AT)
        kept = entries[:-1]
        assert kept == ONE_OF_EACH[: len(kept)]
        assert len(kept) >= whole[:cut].count(b"\n")


@pytest.mark.parametrize("room", [0, 10, 300])
def test_a_full_disk_leaves_the_journal_as_it_was(journal: Journal, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    journal.append(ONE_OF_EACH[:1])
    before = journal.path.read_bytes()
    write, left = os.write, [room]

    def write_until_full(descriptor: int, data: bytes) -> int:
        if left[0] == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = write(descriptor, bytes(data)[: left[0]])
        left[0] -= written
        return written

    monkeypatch.setattr(os, "write", write_until_full)
    with pytest.raises(DiskFullError, match="no room left"):
        journal.append(ONE_OF_EACH * 10)
    assert journal.path.read_bytes() == before


def test_a_sync_that_fails_leaves_the_journal_as_it_was(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    journal.append(ONE_OF_EACH[:1])
    before = journal.path.read_bytes()

    def fail(descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(journal_module, "sync_file", fail)
    with pytest.raises(StoreError):
        journal.append(ONE_OF_EACH[1:])
    assert journal.path.read_bytes() == before


def test_entries_reach_the_disk_before_append_returns(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bytes] = []
    monkeypatch.setattr(journal_module, "sync_file", lambda descriptor: synced.append(journal.path.read_bytes()))
    monkeypatch.setattr(journal_module, "sync_folder", lambda folder: synced.append(bytes(folder)))
    journal.append(ONE_OF_EACH)
    assert synced == [journal.path.read_bytes(), bytes(journal.path.parent)]


@pytest.mark.parametrize("block", [1, 50, 300, 1 << 20])
def test_what_names_a_message_is_found_wherever_a_block_ends(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(journal_module, "_BLOCK", block)
    assert journal.about(SHA) == []
    others = [Seen(f"{number:064}", AT, "import") for number in range(9)]
    mine: list[Entry] = [others[0], Seen(SHA, AT, "import"), *others, MarkedRead(("cd" * 32, SHA), AT), *others]
    journal.append(mine)
    with journal.path.open("ab") as file:
        file.write(f'{{"kind":"later","sha256":"{SHA}"}}\n{{"kind":"seen","sha256":"{SHA}"'.encode())
    assert journal.about(SHA) == [mine[1], MarkedRead(("cd" * 32, SHA), AT)]


def test_a_journal_that_cannot_be_read_is_an_error_of_the_store(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").mkdir()
    journal = Journal(tmp_path / "journal.jsonl")
    with pytest.raises(StoreError, match="cannot be read"):
        list(journal.read())
    with pytest.raises(StoreError):
        journal.append(ONE_OF_EACH)


def test_an_append_waits_until_another_process_has_finished_its_own(journal: Journal) -> None:
    journal.append(ONE_OF_EACH[:1])
    other = os.open(journal.path, os.O_RDWR)
    assert hold(other, wait=False)
    appending = threading.Thread(target=journal.append, args=(ONE_OF_EACH[1:],))
    appending.start()
    try:
        appending.join(0.2)
        assert appending.is_alive()
        assert list(journal.read()) == ONE_OF_EACH[:1]
    finally:
        os.close(other)
        appending.join()
    assert list(journal.read()) == ONE_OF_EACH


APPEND = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pecdesk.store.journal import Erased, Journal
journal = Journal(Path(sys.argv[1]))
for number in range(100):
    journal.append([Erased(sys.argv[2], datetime(2024, 1, 1, tzinfo=UTC))] * 3)
"""


def test_two_processes_append_without_breaking_each_others_lines(journal: Journal) -> None:
    command = [sys.executable, "-c", APPEND, str(journal.path)]
    with subprocess.Popen([*command, "first"]) as first, subprocess.Popen([*command, "second"]) as second:
        assert first.wait() == second.wait() == 0
    names = [entry.sha256 for entry in journal.read() if isinstance(entry, Erased)]
    assert sorted(names) == ["first"] * 300 + ["second"] * 300
    assert all(len(set(names[start : start + 3])) == 1 for start in range(0, 600, 3))
    assert journal.check().damaged == ()
