"""Undo the Content-Transfer-Encoding of a body (RFC 2045 §6), as leniently as the mailers that wrote it."""

from __future__ import annotations

import binascii
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pecdesk.mime.part import Part

_BASE64_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(sorted(set(range(256)) - set(_BASE64_ALPHABET)))

_PIECE = 1 << 20
"""Encoded bytes that are decoded at once."""
_FEW = 2048
"""Signs of base64 that wait for more to come before they make a piece of their own."""

_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4}[ \t][^\n]*\n", re.MULTILINE)


def decoded(raw: bytes, part: Part) -> bytes:
    """The body of `part` with its transfer encoding undone; an unknown encoding leaves it as it is. Never raises."""
    return decode_body(part.body.of(raw), part)


def decode_body(body: bytes, part: Part) -> bytes:
    """`body`, which may be only the beginning of the body of `part`, decoded as that part says."""
    match transfer_encoding(part):
        case "base64":
            return base64_bytes(body)
        case "quoted-printable":
            return binascii.a2b_qp(body)
        case "uuencode" | "x-uuencode" | "x-uue":
            return _uuencoded_bytes(body)
        case _:
            return body


def transfer_encoding(part: Part) -> str:
    """The declared Content-Transfer-Encoding, lower case, without comments; "7bit" if there is none (RFC 2045 §6.1)."""
    value = part.value("content-transfer-encoding")
    if value is None:
        return "7bit"
    words = value.decode("latin-1").replace(";", " ").replace("(", " (").split()
    return words[0].strip('"').lower() if words else "7bit"


def decoded_pieces(raw: bytes, part: Part) -> Iterator[bytes]:
    """The same as `decoded`, in pieces: for a big body of which a second copy would be one too many. The first piece
    holds the first thousand bytes, or all there are."""
    start, end = part.body
    match transfer_encoding(part):
        case "base64":
            yield from _base64_pieces(raw, start, end)
        case "quoted-printable" | "uuencode" | "x-uuencode" | "x-uue":
            yield decoded(raw, part)
        case _:
            for at in range(start, end, _PIECE):
                yield raw[at : min(at + _PIECE, end)]


def base64_bytes(data: bytes) -> bytes:
    """Base64 decoded up to its first padding sign (RFC 2045 §6.8), without asking for any.

    Foreign bytes are ignored and a last sign too few to make a byte is forgiven.
    """
    whole = io.BytesIO()
    for piece in _base64_pieces(data, 0, len(data)):
        whole.write(piece)
    return whole.getvalue()


def _base64_pieces(raw: bytes, start: int, end: int) -> Iterator[bytes]:
    padding = raw.find(b"=", start, end)
    stop = end if padding < 0 else padding
    left = b""
    while stop - start > _PIECE:
        signs = left + raw[start : start + _PIECE].translate(None, _NOT_BASE64)
        fours = len(signs) - len(signs) % 4 if len(signs) >= _FEW else 0
        left = signs[fours:]
        if fours:
            yield binascii.a2b_base64(signs[:fours])
        start += _PIECE
    last = _last_base64(left + raw[start:stop])
    if last:
        yield last


def _last_base64(signs: bytes) -> bytes:
    """Base64 without padding. The library passes over foreign bytes and over padding too much, and misses none here."""
    try:
        return binascii.a2b_base64(signs + b"==")
    except binascii.Error:  # one sign is left over, and six bits are no byte
        return binascii.a2b_base64(signs.translate(None, _NOT_BASE64)[:-1])


def _uuencoded_bytes(data: bytes) -> bytes:
    """The file between "begin" and "end"; the data itself if there is no such thing in it."""
    begin = _UU_BEGIN.search(data)
    if begin is None:
        return data
    pieces: list[bytes] = []
    for line in data[begin.end() :].splitlines():
        if line.rstrip() == b"end":
            break
        if line:
            # The first sign tells how many bytes follow; some encoders leave rubbish behind them.
            length = (((line[0] - 32) & 63) * 4 + 5) // 3
            with suppress(binascii.Error):
                pieces.append(binascii.a2b_uu(line[:length]))
    return b"".join(pieces)
