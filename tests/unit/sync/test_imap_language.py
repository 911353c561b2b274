"""The language of IMAP, said and read: nothing that may be sent is dangerous, nothing that comes is believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pecdesk.sync.answers import Answer, AnswerError, announced, fetched, moment, number, parse, read_answer
from pecdesk.sync.arguments import (
    ArgumentError,
    Literal,
    Prompted,
    checked,
    date_time,
    flag_list,
    string,
    uid_sets,
    uids_of_set,
)
from pecdesk.sync.folder_names import decode_name, encode_name

UIDS = st.sets(st.integers(1, (1 << 32) - 1), max_size=50) | st.sets(st.integers(1, 400), max_size=300)


# --- saying -----------------------------------------------------------------------------------------------------------


@given(st.binary(max_size=40))
def test_a_text_is_quoted_or_announced_and_never_more_than_one_word(raw: bytes) -> None:
    if set(raw) & set(b"\0\r\n"):
        with pytest.raises(ArgumentError):
            string(raw)
        return
    said = string(raw)
    if isinstance(said, Literal):
        assert said.raw == raw
        assert not raw.isascii()
    else:
        assert isinstance(said, bytes)
        assert parse((said,)) == [raw]


@pytest.mark.parametrize("letter", ["\0", "\r", "\n"])
def test_line_breaks_are_refused_wherever_they_stand(letter: str) -> None:
    for text in (letter, f"a{letter}", f"{letter}b", f"a{letter}b"):
        with pytest.raises(ArgumentError):
            checked(text.encode())
        with pytest.raises(ArgumentError):
            flag_list([text])


def test_what_is_secret_is_not_shown() -> None:
    assert "geheim" not in repr(Prompted(b"geheim"))
    assert "geheim" not in repr(Literal(b"geheim"))


@given(UIDS)
def test_sets_of_uids_name_exactly_these_and_fit_into_a_line(uids: set[int]) -> None:
    sets = list(uid_sets(uids))
    assert all(0 < len(each) <= 4000 for each in sets)
    assert [uid for each in sets for uid in uids_of_set(each, 1000)] == sorted(uids)


def test_many_single_uids_are_named_in_several_commands() -> None:
    uids = range(1, 100_001, 2)
    sets = list(uid_sets(uids))
    assert len(sets) > 1
    assert [uid for each in sets for uid in uids_of_set(each, 1 << 20)] == list(uids)


@pytest.mark.parametrize("uid", [0, -1, 1 << 32])
def test_what_is_no_uid_is_our_own_mistake(uid: int) -> None:
    with pytest.raises(ValueError, match=str(uid)):
        list(uid_sets([uid]))


def test_moments_are_said_in_english_and_in_utc() -> None:
    rome = timezone(timedelta(hours=2))
    assert date_time(datetime(2026, 5, 3, 1, 2, 3, tzinfo=rome)) == b'"02-May-2026 23:02:03 +0000"'
    with pytest.raises(ValueError, match="2026"):
        date_time(datetime(2026, 5, 3))  # noqa: DTZ001


@given(st.text(max_size=30))
def test_every_folder_name_survives_being_said(name: str) -> None:
    raw = encode_name(name)
    assert raw.isascii()
    assert not set(raw) & set(b"\0\r\n")
    if name.isprintable():
        assert decode_name(raw) == name


@given(st.binary(max_size=30))
def test_every_folder_name_of_a_server_can_be_shown(raw: bytes) -> None:
    shown = decode_name(raw)
    assert isinstance(shown, str)
    if encode_name(shown) != raw:
        # Shown as it came: the letters themselves, and no line break that was hidden in them.
        assert shown.encode() == raw or shown.encode("latin-1") == raw


@pytest.mark.parametrize(
    "raw", [b"&AA0ACg-", b"&AAA-", b"a&AGE-", b"&Jjo", b"&!-", b"&2D0-", b"Foo&Bar", b"&AOA-&AOA-"]
)
def test_what_is_not_written_as_it_should_be_is_not_decoded(raw: bytes) -> None:
    assert decode_name(raw) == raw.decode()


# --- reading ----------------------------------------------------------------------------------------------------------


def test_a_message_is_described() -> None:
    line = b'12 FETCH (UID 7 RFC822.SIZE 1234 FLAGS (\\Seen $A) INTERNALDATE " 1-Mar-2026 10:30:00 +0100" X NIL)'
    answer = read_answer((line,))
    assert (answer.kind, answer.number) == ("FETCH", 12)
    items = fetched(answer)
    assert number(items["UID"]) == 7
    assert items["FLAGS"] == [b"\\Seen", b"$A"]
    assert items["X"] is None
    assert moment(items["INTERNALDATE"]) == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def test_blocks_stand_where_they_were_announced() -> None:
    answer = read_answer(
        (b"1 FETCH (BODY[HEADER.FIELDS (A B)] {3}", b")(}", b" BODY[]<5> {0}", b"", b' UID 7 Y "a\\"b")')
    )
    assert fetched(answer) == {
        "BODY[HEADER.FIELDS (A B)]": b")(}",
        "BODY[]<5>": b"",
        "UID": b"7",
        "Y": b'a"b',
    }


def test_a_status_has_a_code_and_words_for_people() -> None:
    answer = read_answer((b"NO [OVERQUOTA] Casella \xc3\xa8 piena\x07 {5}",))
    assert (answer.kind, answer.code) == ("NO", "OVERQUOTA")
    assert answer.reason == "Casella è piena  {5}"
    assert Answer("NO", text=b"x" * 5000).reason == "x" * 200
    copied = read_answer((b"OK [COPYUID 7 1:3 5:7] done",))
    assert (copied.code, copied.code_text) == ("COPYUID", b"7 1:3 5:7")


def test_only_the_end_of_a_line_announces_a_block() -> None:
    assert announced(b"x {12}") == 12
    assert announced(b"x {12+}") == 12
    for text in (b"x {12} ", b"x {}", b"x {-1}", b"x {1a}", b"x 12}", b"x {" + b"1" * 30 + b"}"):
        assert announced(text) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"32-Jan-2026 00:00:00 +0000",
        b"01-Xyz-2026 00:00:00 +0000",
        b"01-Jan-2026 25:00:00 +0000",
        b"",
        b"01-Jan-2026 00:00:00 +9999",
    ],
)
def test_a_moment_no_calendar_has_is_none(raw: bytes) -> None:
    assert moment(raw) is None
    assert moment(None) is None


WORDS = st.sampled_from(
    [b"(", b")", b" ", b'"', b"\\", b"[", b"]", b"NIL", b"{3}", b"{", b"BODY[]", b"UID", b"7", b"\xff", b"FETCH", b"x"]
)


@given(st.lists(st.lists(WORDS, max_size=30).map(b"".join) | st.binary(max_size=60), min_size=1, max_size=5))
def test_any_bytes_are_an_answer_or_none_and_never_anything_else(parts: list[bytes]) -> None:
    try:
        answer = read_answer(tuple(parts))
        answer.tokens()
        fetched(answer)
    except AnswerError:
        return
    assert answer.kind.isupper() or not answer.kind.isalpha()


@pytest.mark.parametrize("piece", [b"[ ", b"[(", b'" ', b"(", b"() ", b"x[", b'"\\"'])
def test_reading_takes_time_in_proportion(piece: bytes) -> None:
    try:
        parse((piece * (200_000 // len(piece)),))
    except AnswerError:
        return
