"""What the first bytes of a picture say."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pecdesk.mime import picture_header
from tests.kit.hostile_html import png

EXIF = b"\xff\xe1" + struct.pack(">H", 1002) + b"Exif\x00\x00" + b"\xff\xc0\x00\x11\x08\x00\x01\x00\x01" + b"x" * 985


def jpeg(width: int, height: int, before: bytes = b"", frame: int = 0xC2) -> bytes:
    start = b"\xff" + bytes([frame]) + struct.pack(">HBHHB", 17, 8, height, width, 3)
    return b"\xff\xd8" + b"\xff\xe0\x00\x10JFIF" + b"\x00" * 10 + before + start + b"\x00" * 9 + b"\xff\xda"


def test_png_jpeg_and_gif_tell_their_dimensions() -> None:
    assert picture_header(png(3, 7)) == ("image/png", 3, 7)
    assert picture_header(jpeg(640, 480)) == ("image/jpeg", 640, 480)
    assert picture_header(b"GIF89a" + struct.pack("<HH", 20, 10)) == ("image/gif", 20, 10)


def test_the_thumbnail_inside_a_photograph_is_not_its_size() -> None:
    assert picture_header(jpeg(4000, 3000, EXIF, 0xC0)) == ("image/jpeg", 4000, 3000)


def test_filling_and_marks_without_length_are_stepped_over() -> None:
    assert picture_header(jpeg(4, 3, b"\xff\xff\xff\xd0\xff\xc4\x00\x03x\xff\x01")) == ("image/jpeg", 4, 3)


def test_dimensions_are_read_and_not_allocated() -> None:
    huge = png(1, 1)[:16] + struct.pack(">II", 60_000, 60_000) + png(1, 1)[24:]
    assert picture_header(huge) == ("image/png", 60_000, 60_000)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"BM" + b"\x00" * 60,
        b"II*\x00" + b"\x00" * 60,
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"%PDF-1.7",
        png(1, 1)[:20],
        png(0, 5),
        b"GIF89a\x00",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xda" + b"\x00" * 20,
        b"\xff\xd8\xff\xe0\xff\xff" + b"\x00" * 20,
        b"\xff\xd8\xff\xe0\x00\x04xxno mark here",
        jpeg(0, 5),
    ],
)
def test_what_is_none_of_them_has_no_header(data: bytes) -> None:
    assert picture_header(data) is None


@given(st.binary(max_size=60), st.sampled_from([b"", b"\xff\xd8\xff", b"GIF87a", png(1, 1)[:16]]))
def test_whatever_the_bytes_nothing_is_raised(data: bytes, start: bytes) -> None:
    header = picture_header(start + data)
    assert header is None or (header.width > 0 and header.height > 0)
