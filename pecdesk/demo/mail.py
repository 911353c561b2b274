"""Mail as bytes: headers, encodings and multiparts, written by hand so that every byte is known.

An *entity* is headers, an empty line and a body, without the line end that belongs to a following delimiter
(RFC 2046 §5.1.1). All line ends are CRLF. Nothing here reads a clock or draws a random number: ids and boundaries come
from `token`, a digest of what they stand for.
"""

from __future__ import annotations

import binascii
from collections.abc import Sequence
from email.header import Header
from hashlib import sha256
from typing import Literal
from urllib.parse import quote

CRLF = b"\r\n"

Encoding = Literal["base64", "quoted-printable", "7bit"]

FOLD_AT = 76
FOLDED = frozenset({"subject", "to", "cc", "references", "from", "reply-to"})


def token(*pieces: object, length: int = 16) -> str:
    """Hex digits that always belong to these pieces and to no others."""
    return sha256("\x1f".join(str(piece) for piece in pieces).encode()).hexdigest()[:length]


def header(name: str, value: str) -> bytes:
    """One header field with its line end; encoded words for what is not ASCII (RFC 2047), folded where usual."""
    if not value.isascii():
        # Header folds by characters, never inside one of them
        words = Header(value, "utf-8", maxlinelen=FOLD_AT, header_name=name).encode(linesep="\r\n")
        return f"{name}: {words}\r\n".encode()
    if name.lower() not in FOLDED:
        return f"{name}: {value}\r\n".encode()
    return _folded(f"{name}: {value}").encode() + CRLF


def _folded(line: str) -> str:
    """Long lines broken before a space that stands outside quotes (RFC 5322 §2.2.3)."""
    lines: list[str] = []
    current, quoted = "", False
    for position, word in enumerate(line.split(" ")):
        # the first word is the field's name: its value starts beside it
        if position > 1 and not quoted and len(current) + 1 + len(word) > FOLD_AT:
            lines.append(current)
            current = f" {word}"
        else:
            current = f"{current} {word}" if position else word
        quoted ^= word.count('"') % 2 == 1
    return "\r\n".join([*lines, current])


def headers(fields: Sequence[tuple[str, str]]) -> bytes:
    """A header block without the empty line that ends it."""
    return b"".join(header(name, value) for name, value in fields)


def named(address: str, name: str = "") -> str:
    """An address with its display name, as To and From write it."""
    if not name:
        return address
    if not name.isascii():
        return f"{Header(name, 'utf-8', maxlinelen=10_000).encode()} <{address}>"
    return f'"{name}" <{address}>'


def encoded(content: bytes, encoding: Encoding) -> bytes:
    """A body under its Content-Transfer-Encoding."""
    if encoding == "base64":
        return base64_lines(content)
    if encoding == "quoted-printable":
        return binascii.b2a_qp(crlf(content), istext=True)
    return crlf(content)


def base64_lines(content: bytes, width: int = 76) -> bytes:
    """Base64 in lines of `width`, each with its line end."""
    text = binascii.b2a_base64(content, newline=False)
    return b"".join(text[start : start + width] + CRLF for start in range(0, len(text), width))


def crlf(content: bytes) -> bytes:
    """Text with CRLF as its only line end."""
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", CRLF)


def entity(fields: Sequence[tuple[str, str]], body: bytes) -> bytes:
    """Headers, empty line, body."""
    return headers(fields) + CRLF + body


def multipart(
    subtype: str, boundary: str, parts: Sequence[bytes], more: Sequence[tuple[str, str]] = (), parameters: str = ""
) -> bytes:
    """A multipart entity of these entities, with no text before or after them."""
    fields = (("Content-Type", f'multipart/{subtype}; {parameters}boundary="{boundary}"'), *more)
    return entity(fields, enclosed(boundary, parts))


def enclosed(boundary: str, parts: Sequence[bytes], preamble: bytes = b"", epilogue: bytes = b"") -> bytes:
    """The body of a multipart: each part between its delimiters."""
    mark = b"--" + boundary.encode()
    opened = b"".join(mark + CRLF + part + CRLF for part in parts)
    return preamble + opened + mark + b"--" + CRLF + epilogue


def text_entity(
    text: str, subtype: str = "plain", *, charset: str = "iso-8859-1", encoding: Encoding = "quoted-printable"
) -> bytes:
    """A text part; UTF-8 where the wanted character set does not reach."""
    try:
        content = text.encode(charset)
    except UnicodeEncodeError:
        charset, content = "utf-8", text.encode()
    fields = [("Content-Type", f'text/{subtype}; charset="{charset}"'), ("Content-Transfer-Encoding", encoding)]
    return entity(fields, encoded(content, encoding))


def file_entity(
    name: str, content: bytes, media_type: str, *, encoding: Encoding = "base64", disposition: str = "attachment"
) -> bytes:
    """A part with a file name; RFC 2231 where the name is not ASCII."""
    where = f'filename="{name}"' if name.isascii() else f"filename*=UTF-8''{percent_encoded(name)}"
    called = f'name="{name}"' if name.isascii() else f"name*=UTF-8''{percent_encoded(name)}"
    fields = [
        ("Content-Type", f"{media_type}; {called}"),
        ("Content-Disposition", f"{disposition}; {where}"),
        ("Content-Transfer-Encoding", encoding),
    ]
    return entity(fields, encoded(content, encoding))


def percent_encoded(name: str) -> str:
    """A parameter value in the alphabet of RFC 2231 §7."""
    return quote(name, safe=".-_")


def split_headers(raw: bytes) -> tuple[list[bytes], bytes]:
    """The header fields of a message, each with its line ends, and the body after the empty line."""
    block, _, body = raw.partition(CRLF + CRLF)
    fields: list[bytes] = []
    for line in block.split(CRLF):
        if fields and line[:1] in (b" ", b"\t"):
            fields[-1] += line + CRLF
        else:
            fields.append(line + CRLF)
    return fields, body
