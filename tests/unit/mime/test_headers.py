"""Dates and message ids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.mime import date_of, message_id_of, message_ids_of
from pecdesk.mime.headers import MAX_MESSAGE_IDS


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"Tue, 13 Nov 2018 16:39:26 +0100", "2018-11-13T16:39:26+01:00"),
        (b"Tue, 13 Nov 2018 16:39:26 +0100 (CET)", "2018-11-13T16:39:26+01:00"),
        (b"Fri, 15 Nov 2024 07:11:46 -0800 (PST (really))", "2024-11-15T07:11:46-08:00"),
        (b"Tue, 13 Nov 2018 15:39:26 -0000", "2018-11-13T15:39:26+00:00"),
        (b"13 nov 2018 15:39 GMT", "2018-11-13T15:39:00+00:00"),
        (b"Tuesday, 13 November 2018 15:39:26 CEST", "2018-11-13T15:39:26+02:00"),
        (b"Tue,13-Nov-18 15.39.26 EST", "2018-11-13T15:39:26-05:00"),
        (b"13 Nov 99 1:02:03 +01:30", "1999-11-13T01:02:03+01:30"),
        (b"13 Nov 49 1:02:03 +0000", "2049-11-13T01:02:03+00:00"),
        (b"13 Nov 50 1:02:03 +0000", "1950-11-13T01:02:03+00:00"),
        (b"13 Nov 105 1:02:03 +0000", "2005-11-13T01:02:03+00:00"),
        (b"Tue, 13 Nov 2018\r\n 16:39:26\r\n +0530", "2018-11-13T16:39:26+05:30"),
        (b"Tue, 13 Nov 2018 16:39:26", "2018-11-13T16:39:26+00:00"),
        (b"Tue, 13 Nov 2018 16:39:26 XYZ", "2018-11-13T16:39:26+00:00"),
        (b"Sat, 31 Dec 2016 23:59:60 +0000", "2016-12-31T23:59:59+00:00"),
        (b"Wed, 29 Feb 2012 10:00:00 -0330", "2012-02-29T10:00:00-03:30"),
    ],
)
def test_dates_are_read_as_mailers_write_them(value, expected):
    date = date_of(value)
    assert (date and date.isoformat()) == expected


@pytest.mark.parametrize(
    "value",
    [
        None, b"", b"yesterday", b"(comment)", b"Tue, 13 Nix 2018 16:39:26 +0100", b"13 Nov 0000 00:00:00 +0000",
        b"1 Jan 1899 00:00:00 +0000", b"1 Jan 3000 00:00:00 +0000", b"13 Nov 2018 16:39:26 +9999",
        b"13 Nov 2018 16:39:26 +1560", b"13 Nov 2018 16:39:26 +1500", b"13 Nov 2018 16:39:26 +01000",
        b"31 Feb 2018 16:39:26 +0000", b"13 Nov 2018 24:00:00 +0000", b"13 Nov 2018 16:60:00 +0000",
        b"13 Nov 2018 16:39:61 +0000", b"0 Nov 2018 16:39:26 +0000", b"13 Nov 20018 16:39:26 +0000",
        b"13 Nov 2018 16:39:26 +0100 x", b"13 Nov 2018 16:39:26 +0100\x00", "٣ Nov 2018 16:39:26 +0100".encode(),
    ],
)  # fmt: skip
def test_unreadable_or_absurd_dates_are_none(value):
    assert date_of(value) is None


@settings(deadline=None)
@given(
    st.datetimes(datetime(1950, 1, 1), datetime(2900, 1, 1)),  # noqa: DTZ001
    st.integers(-14 * 60, 14 * 60),
)
def test_well_formed_dates_are_read_exactly(moment, offset):
    sign = "-" if offset < 0 else "+"
    zone = f"{sign}{abs(offset) // 60:02}{abs(offset) % 60:02}"
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[moment.month - 1]
    value = f"{moment.day} {month} {moment.year} {moment:%H:%M:%S} {zone}".encode()
    date = date_of(value)
    assert date is not None
    assert date == moment.replace(microsecond=0, tzinfo=UTC) - timedelta(minutes=offset)
    assert date.utcoffset() == timedelta(minutes=offset)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["Tue,", "13", "Nov", " ", "2018", "16:39:26", "+", "0100", "(", ")", "-", "\x00", "è"])
    ).map("".join)
)
def test_any_date_is_read_or_refused(text):
    date = date_of(text.encode())
    assert date is None or date.astimezone(UTC).year > 1898


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"<a.b@c>", "a.b@c"),
        (b" <a\r\n .b@c> ", "a.b@c"),
        (b"<a@b> (added by <x@y>)", "a@b"),
        (b"a@b", "a@b"),
        (b"<a@b", "a@b"),
        (b"<a\x00@b>", "a\ufffd@b"),
        (b"<>", None),
        (b" ", None),
        (None, None),
    ],
)
def test_message_id_is_read_without_brackets_and_blanks(value, expected):
    assert message_id_of(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"<a@b>\r\n\t<c@d> <e @f>", ("a@b", "c@d", "e@f")),
        (b"Your message of Monday <a@b>", ("a@b",)),
        (b"a@b, c@d", ("a@b", "c@d")),
        (b"<a@b c@d", ("a@b", "c@d")),
        (b"<a\x00>", ("a\ufffd",)),
        (b"<> < >", ()),
        (b"", ()),
        (None, ()),
    ],
)
def test_references_are_read_in_order(value, expected):
    assert message_ids_of(value) == expected


def test_of_many_references_the_nearest_are_read():
    value = b" ".join(b"<%d@x>" % number for number in range(1000))
    ids = message_ids_of(value)
    assert len(ids) == MAX_MESSAGE_IDS
    assert ids[-1] == "999@x"
