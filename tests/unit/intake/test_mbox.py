"""mbox: the exact bytes between separators, whatever custom the writer followed, in pieces."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.intake import mbox

MAIL = b"From: a@example.it\nTo: b@example.it\nSubject: one\n\nfirst line\n"
OTHER = b"Received: by x\nFrom: c@example.it\n\nsecond\n\nthird\n"
DATED = b"From a@example.it Tue Nov 13 16:39:26 2018\n"


def messages(content: bytes, tmp_path: Path) -> list[bytes]:
    (tmp_path / "mbox").write_bytes(content)
    with (tmp_path / "mbox").open("rb", buffering=0) as file:
        assert isinstance(file, io.FileIO)
        return [content[start:end] for start, end in mbox.extents(file)]


@pytest.mark.parametrize(
    "line",
    [
        b"From a@example.it Tue Nov 13 16:39:26 2018\n",
        b"From - Tue Nov 13 16:39:26 2018\r\n",
        b"From MAILER-DAEMON Tue Nov  3 16:39:26 2018\n",
        b"From a@example.it  Tue Nov 13 16:39 CET 2018\n",
        b"From a@example.it Tue Nov 13 16:39:26 +0100 2018\n",
        b"From 1617283412341234@xxx Tue Nov 13 15:39:26 +0000 2018\n",
        b"From a@example.it Tue, 13 Nov 2018 16:39:26 +0100\n",
        b'From "a b"@example.it Tue Nov 13 16:39:26 2018 remote from x\n',
    ],
)
def test_a_line_with_a_plausible_date_begins_an_mbox(line: bytes, tmp_path: Path) -> None:
    assert mbox.is_mbox(line + MAIL)
    assert messages(line + MAIL + b"\n" + line + OTHER + b"\n", tmp_path) == [MAIL, OTHER]


@pytest.mark.parametrize("line", [b"From \n", b"From - \n", b"From \r\n"])
def test_a_bare_line_of_thunderbird_begins_an_mbox_when_header_fields_follow(line: bytes, tmp_path: Path) -> None:
    assert mbox.is_mbox(line + MAIL)
    assert messages(line + MAIL + b"\n" + line + OTHER + b"\n", tmp_path) == [MAIL, OTHER]


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"From",
        b"From: a@example.it\n\n",
        b"From the desk of the notary\nDate: x\n",
        b"From a@example.it yesterday\nSubject: x\nTo: y\n",
        b"From the meeting of Tue Nov 13 2018 we learnt this\nSubject: x\n",
        b"From \nonly text\n",
        b"From \nSubject: x\nonly text\n",
        b"\n" + DATED + MAIL,
        b"from a@example.it Tue Nov 13 16:39:26 2018\n",
    ],
)
def test_what_is_no_separator_begins_no_mbox(start: bytes) -> None:
    assert not mbox.is_mbox(start)


@pytest.mark.parametrize("break_", [b"\n", b"\r\n"])
def test_the_blank_line_before_a_separator_belongs_to_it_and_no_other(break_: bytes, tmp_path: Path) -> None:
    mail = MAIL.replace(b"\n", break_)
    separator = DATED.replace(b"\n", break_)
    content = separator + mail + break_ * 3 + separator + mail + break_
    assert messages(content, tmp_path) == [mail + break_ * 2, mail]


def test_line_ends_inside_messages_are_kept_as_they_are(tmp_path: Path) -> None:
    mixed = b"From: a@example.it\r\nTo: b\r\n\r\nunix\nmac\rdos\r\n"
    assert messages(DATED + mixed + b"\n" + DATED + MAIL + b"\n", tmp_path) == [mixed, MAIL]
    assert messages(DATED + mixed + b"\r\n" + DATED + MAIL + b"\n", tmp_path) == [mixed, MAIL]


def test_a_missing_blank_line_takes_nothing_from_the_message(tmp_path: Path) -> None:
    assert messages(DATED + MAIL + DATED + OTHER, tmp_path) == [MAIL, OTHER]


def test_a_message_without_a_last_line_end_ends_where_the_file_ends(tmp_path: Path) -> None:
    assert messages(DATED + MAIL[:-1], tmp_path) == [MAIL[:-1]]
    assert messages(DATED + b"x", tmp_path) == [b"x"]


@pytest.mark.parametrize(
    "line",
    [
        b"From the desk of the notary",
        b"From a@example.it Tue Nov 13 16:39:26 2018",
        b">From a@example.it Tue Nov 13 16:39:26 2018",
        b"From ",
        b" From a@example.it Tue Nov 13 16:39:26 2018",
    ],
)
def test_an_unquoted_line_inside_a_message_does_not_cut_it(line: bytes, tmp_path: Path) -> None:
    mail = MAIL + b"\n" + line + b"\nand so on\n"
    assert messages(DATED + mail + b"\n" + DATED + OTHER + b"\n", tmp_path) == [mail, OTHER]


def test_an_empty_message_is_found_as_empty(tmp_path: Path) -> None:
    assert messages(DATED + b"\n" + DATED + MAIL + b"\n", tmp_path) == [b"", MAIL]
    assert messages(DATED + MAIL + b"\n" + DATED, tmp_path) == [MAIL, b""]
    assert messages(DATED.rstrip(b"\n"), tmp_path) == [b""]


def test_messages_are_found_wherever_the_pieces_of_the_file_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"".join(DATED + mail + b"\n" for mail in (MAIL, OTHER) * 20)
    monkeypatch.setattr(mbox, "_CONTEXT", 200)
    for size in (1, 2, 3, 5, 7, 11, 64, 199, 200, 201, 1000):
        monkeypatch.setattr(mbox, "_CHUNK", size)
        assert messages(content, tmp_path) == [MAIL, OTHER] * 20


plain_lines = st.lists(
    st.binary(max_size=20).map(lambda line: line.replace(b"\n", b"").replace(b"\r", b"")), max_size=5
)


@settings(deadline=None, max_examples=100)
@given(bodies=st.lists(plain_lines, min_size=1, max_size=6), chunk=st.integers(1, 3000))
def test_what_is_written_to_an_mbox_comes_out_of_it(
    bodies: list[list[bytes]], chunk: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    mails = [
        b"From: a@example.it\nSubject: x\n\n"
        + b"".join(line + b"\n" for line in lines if not line.startswith(b"From "))
        for lines in bodies
    ]
    whole = b"".join(DATED + mail + b"\n" for mail in mails)
    before, mbox._CHUNK = mbox._CHUNK, chunk
    try:
        assert messages(whole, tmp_path_factory.mktemp("mbox")) == mails
    finally:
        mbox._CHUNK = before


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from([b"\n", b"\r\n", b"From ", DATED, b"a: b\n", b"From - \n", b"x", b">"]), max_size=30))
def test_no_bytes_at_all_are_lost_or_told_twice_but_those_of_separators(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]
) -> None:
    content = DATED + b"".join(pieces)
    path = tmp_path_factory.mktemp("mbox") / "mbox"
    path.write_bytes(content)
    with path.open("rb", buffering=0) as file:
        assert isinstance(file, io.FileIO)
        found = list(mbox.extents(file))
    assert found[0].start == len(DATED)
    end = 0
    for extent in found:
        between = content[end : extent.start]
        assert between.lstrip(b"\r\n").startswith(b"From ")
        assert between.strip(b"\r\n").count(b"\n") == 0
        assert extent.start <= extent.end
        end = extent.end
    assert content[end:] in (b"", b"\n", b"\r\n")


def test_quoting_is_undone_by_one_mark_on_each_quoted_line() -> None:
    raw = b"A: b\n\n>From x\n>>From y\n> From z\n>Fromage\nsee >From w\n"
    assert mbox.unquoted(raw) == b"A: b\n\nFrom x\n>From y\n> From z\n>Fromage\nsee >From w\n"


def test_where_nothing_is_quoted_there_is_nothing_to_undo() -> None:
    assert mbox.unquoted(MAIL) is None
    assert mbox.unquoted(b"A: b\n\nsee >From w\n") is None


@pytest.mark.parametrize(
    ("status", "letters"), [(b"0001", "S"), (b"0009", "ST"), (b"1007", "FPRS"), (b"0000", ""), (b"zz", None)]
)
def test_thunderbirds_marks_are_told_in_the_letters_of_maildir(status: bytes, letters: str | None) -> None:
    assert mbox.mozilla_flags(b"X-Mozilla-Status: " + status + b"\nFrom: a\n\n") == letters
