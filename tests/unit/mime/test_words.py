"""The text in header values."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.mime import text_of, unfold
from pecdesk.mime.words import MAX_ENCODED_WORDS


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"a\r\n b", "a b"),
        (b"a\n\tb\r\n\r\n  c", "a\tb\r\n  c"),
        (b"a\nb", "a\nb"),
        (b"perch\xc3\xa9", "perché"),
        (b"perch\xe9 \x80", "perché €"),
        (b"\x81\xe9", "\ufffdé"),
        (b"\xef\xbb\xbfabc", "abc"),
    ],
)
def test_unfolding_removes_folds_and_reads_utf8_or_windows_1252(value, expected):
    assert unfold(value) == expected


def test_no_value_is_no_text():
    assert text_of(None) == ""
    assert text_of(b" \r\n ") == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"plain = text ?", "plain = text ?"),
        (b"=?iso-8859-1?Q?Perch=E9_no?=", "Perché no"),
        (b"=?UTF-8?b?UGVyY2jDqQ==?= x", "Perché x"),
        (b"a =?utf-8?q?b?= c =?utf-8?q?d?=", "a b c d"),
        (b"=?utf-8?Q?a?=\r\n =?utf-8?Q?b?=", "ab"),
        (b"=?utf-8?Q?a?==?utf-8?Q?b?=", "ab"),
        (b"=?utf-8?Q?a?= \t =?iso-8859-1?Q?=E8?=", "aè"),
        (b"=?utf-8?Q?=C3?= =?UTF-8?B?qA==?=", "è"),
        (b"=?utf-8?B?w6g?=", "è"),
        (b"=?utf-8?B?w6gx?=", "è1"),
        (b"=?utf-8?Q?=C3=A8?= =?iso-8859-1?Q?=E8?=", "èè"),
        (b"=?iso-8859-15*it?Q?=A4?=", "€"),
        (b"=?no-such-set?Q?=C3=A8?=", "è"),
        (b"=?no-such-set?Q?=E8?=", "è"),
        (b"=?us-ascii?Q?=E8?=", "è"),
        (b"=?utf-8?Q?=E8?=", "è"),
        (b"=?utf-8?Q?con spazi?=", "con spazi"),
        (b"=?utf-8?Q?Come_va??= x", "Come va? x"),
        (b"=?utf-8?Q??=", ""),
        (b"=?utf-8?X?a?=", "=?utf-8?X?a?="),
        (b"=?utf-8?Q?a", "=?utf-8?Q?a"),
        (b"=?utf-8?Q?a?b?=", "=?utf-8?Q?a?b?="),
        ("=?utf-8?Q?perché?=".encode(), "perché"),
        (b"=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"),
        (b"=?utf-16?B?/v8A6A==?=", "è"),
        (b"=?utf-16?B?//7oAA==?=", "è"),
        (b"=?utf-16?Q?=E8=00?=", "è"),
        (b"=?UTF-8?Q?POSTA_CERTIFICATA=3A_x?=", "POSTA CERTIFICATA: x"),
    ],
)
def test_encoded_words_are_decoded(value, expected):
    assert text_of(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"a\x00b\x1b\x7fc", "a\ufffdb\ufffd\ufffdc"),
        (b"=?utf-8?Q?a=00=0D=0Ab?=", "a\ufffd\ufffd\ufffdb"),
        (b"=?utf-8?Q?a=C2=85b?=", "a\ufffdb"),
        (b"a\tb", "a b"),
        (b"a\nb\rc", "a\ufffdb\ufffdc"),
        (b"=?utf-7?Q?+2AA-?=", "\ufffd"),
    ],
)
def test_control_characters_are_made_visible(value, expected):
    assert text_of(value) == expected


def test_only_so_many_encoded_words_are_decoded():
    value = b" ".join([b"=?utf-8?Q?a?="] * (MAX_ENCODED_WORDS + 2))
    assert text_of(value) == "a" * MAX_ENCODED_WORDS + " =?utf-8?Q?a?=" * 2


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P"])))
def test_what_was_encoded_is_what_is_read(text):
    from email.header import Header

    assert text_of(Header(text, "utf-8").encode().encode()) == text.strip()


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.binary(max_size=4), st.sampled_from([b"=?", b"?=", b"=?utf-8?Q?", b"\r\n ", b"a"]))).map(
        b"".join
    )
)
def test_any_value_becomes_one_line_without_controls(value):
    text = text_of(value)
    assert not any(ord(sign) < 0x20 or 0x7F <= ord(sign) < 0xA0 for sign in text)
    text.encode("utf-8")
