"""Names of folders between people and IMAP: modified UTF-7 (RFC 3501 section 5.1.3), read strictly.

What is not exactly what a good server would write is not decoded: it is shown as it came and stays usable.
"""

from __future__ import annotations

import base64
import binascii
import re

_SHIFTED = re.compile(rb"&([A-Za-z0-9+,]*)-|([\x20-\x25\x27-\x7e]+)")


def encode_name(name: str) -> bytes:
    """As the server wants it."""
    encoded = bytearray()
    waiting = ""
    for letter in [*name, ""]:
        if letter and not "\x20" <= letter <= "\x7e":
            waiting += letter
            continue
        if waiting:
            base = base64.b64encode(waiting.encode("utf-16-be", "surrogatepass"), b"+,").rstrip(b"=")
            encoded += b"&" + base + b"-"
            waiting = ""
        encoded += b"&-" if letter == "&" else letter.encode()
    return bytes(encoded)


def decode_name(raw: bytes) -> str:
    """As people read it; where it is not modified UTF-7, its letters as they came (8-bit ones as UTF-8 or Latin-1)."""
    decoded = _decoded(raw)
    if decoded is not None and decoded.isprintable() and encode_name(decoded) == raw:
        return decoded
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _decoded(raw: bytes) -> str | None:
    letters: list[str] = []
    at = 0
    while at < len(raw):
        found = _SHIFTED.match(raw, at)
        if found is None:
            return None
        shifted, plain = found.groups()
        if plain is not None:
            letters.append(plain.decode("ascii"))
        elif not shifted:
            letters.append("&")
        else:
            try:
                padded = shifted + b"=" * (-len(shifted) % 4)
                letters.append(base64.b64decode(padded, b"+,", validate=True).decode("utf-16-be"))
            except (binascii.Error, UnicodeDecodeError):
                return None
        at = found.end()
    return "".join(letters)
