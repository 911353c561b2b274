"""What the first bytes of a picture say of it, before any decoder sees the rest."""

from __future__ import annotations

import struct
from typing import NamedTuple

_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_JPEG = b"\xff\xd8\xff"
_GIF = (b"GIF87a", b"GIF89a")

# Start of frame: all of C0 to CF but the tables that stand among them (ITU T.81 table B.1).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
_SCAN, _END = 0xDA, 0xD9


class PictureHeader(NamedTuple):
    """Kind and dimensions of a picture."""

    media_type: str
    width: int
    """Pixels."""
    height: int


def picture_header(data: bytes) -> PictureHeader | None:
    """PNG, JPEG and GIF; None for everything else, whatever it is declared as (SVG is a program, not a picture)."""
    if data.startswith(_PNG) and len(data) >= 24:
        return _sound("image/png", *struct.unpack(">II", data[16:24]))
    if data.startswith(_GIF) and len(data) >= 10:
        return _sound("image/gif", *struct.unpack("<HH", data[6:10]))
    if data.startswith(_JPEG):
        return _jpeg(data)
    return None


def _jpeg(data: bytes) -> PictureHeader | None:
    """The first start of frame, found by walking over the segments before it."""
    position = 2
    while position + 9 <= len(data):
        if data[position] != 0xFF:
            return None
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
        elif marker in _WITHOUT_LENGTH:
            position += 2
        elif marker in (_SCAN, _END):
            return None
        else:
            if marker in _FRAMES:
                height, width = struct.unpack(">HH", data[position + 5 : position + 9])
                return _sound("image/jpeg", width, height)
            position += 2 + max(2, int.from_bytes(data[position + 2 : position + 4], "big"))
    return None


def _sound(media_type: str, width: int, height: int) -> PictureHeader | None:
    return PictureHeader(media_type, width, height) if width and height else None
