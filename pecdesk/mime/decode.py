"""Undo the Content-Transfer-Encoding of a body (RFC 2045 §6), as leniently as the mailers that wrote it."""

from __future__ import annotations

import binascii
import re
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pecdesk.mime.part import Part

_BASE64_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(sorted(set(range(256)) - set(_BASE64_ALPHABET)))

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


def base64_bytes(data: bytes) -> bytes:
    """Base64 decoded up to its first padding sign (RFC 2045 §6.8), without asking for any.

    Foreign bytes are ignored and a last sign too few to make a byte is forgiven.
    """
    signs = data.partition(b"=")[0]
    try:
        return binascii.a2b_base64(signs + b"==")
    except binascii.Error:  # one sign left over: six bits are no byte
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
