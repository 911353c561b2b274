"""Transfer encodings."""

from __future__ import annotations

import base64
import binascii

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.mime import decoded, parse


def body_of(encoding: str | None, body: bytes) -> bytes:
    header = "" if encoding is None else f"Content-Transfer-Encoding: {encoding}\n"
    raw = f"Subject: x\n{header}\n".encode() + body
    return decoded(raw, parse(raw))


@pytest.mark.parametrize("encoding", [None, "7bit", "8BIT", "binary", "unknown", "", " ", "base 64", "x-base64"])
def test_other_encodings_leave_the_body_as_it_is(encoding):
    assert body_of(encoding, b"QUJD=41\r\n\x00\xff") == b"QUJD=41\r\n\x00\xff"


@pytest.mark.parametrize(
    "encoding", ["base64", "BASE64", ' "base64" ', "base64 (comment)", "base64(comment)", "base64;"]
)
def test_encoding_is_read_leniently(encoding):
    assert body_of(encoding, b"QUJD") == b"ABC"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", b""),
        (b"QUJD\r\nREVG\r\n", b"ABCDEF"),
        (b"QUJDRA==", b"ABCD"),
        (b"QUJDRA=", b"ABCD"),
        (b"QUJDRA", b"ABCD"),
        (b"QUJDREU=", b"ABCDE"),
        (b"QUJDREU", b"ABCDE"),
        (b"QUJDR", b"ABC"),
        (b"QUJDR===", b"ABC"),
        (b"Q", b""),
        (b"====", b""),
        (b" Q\x00U\xff-J.D!", b"ABC"),
        (b"QUJDRA==\n\n-- \nfooter", b"ABCD"),
        (b"QUJD\n=\nREVG", b"ABC"),
    ],
)
def test_base64_is_decoded_up_to_its_padding(body, expected):
    assert body_of("base64", body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"perch=C3=A9 =\r\nno=3D\r\n", b"perch\xc3\xa9 no=\r\n"),
        (b"a=\nb", b"ab"),
        (b"a=zz=4", b"a=zz=4"),
        (b"\xe8=e8", b"\xe8\xe8"),
        (b"a_b", b"a_b"),
        (b"a=", b"a"),
    ],
)
def test_quoted_printable_is_decoded(body, expected):
    assert body_of("quoted-printable", body) == expected


@pytest.mark.parametrize("encoding", ["x-uuencode", "uuencode", "X-UUE"])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"begin 644 a.txt\n#86)C\n`\nend\n", b"abc"),
        (b"before\r\nbegin 0644 a b\r\n#86)C\r\n#9&5F\r\n`\r\nend\r\n#86)C", b"abcdef"),
        (b"begin 644 a\n\n#86)C \xff rubbish\n\xff\x80\n#86)C\n", b"abcabc"),
        (b"no such thing", b"no such thing"),
    ],
)
def test_uuencoded_files_are_decoded(encoding, body, expected):
    assert body_of(encoding, body) == expected


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_what_was_encoded_is_decoded(data):
    assert body_of("base64", base64.encodebytes(data)) == data
    assert body_of("quoted-printable", binascii.b2a_qp(data, istext=False)) == data
    lines = b"".join(binascii.b2a_uu(data[start : start + 45]) for start in range(0, len(data), 45))
    assert body_of("uuencode", b"begin 644 x\n" + lines + b"`\nend\n") == data


@settings(deadline=None)
@given(
    st.sampled_from(["base64", "quoted-printable", "uuencode", "7bit"]),
    st.lists(st.one_of(st.binary(max_size=6), st.sampled_from([b"begin 644 x\n", b"end\n", b"=", b"\n", b"QUJD"]))).map(
        b"".join
    ),
)
def test_any_body_is_decoded_without_an_exception(encoding, body):
    assert len(body_of(encoding, body)) <= max(len(body), 1) * 45
