"""Plain values in, one message out: every byte of what is sent is written here, and looked at again when it is done.

Python's `email` package is not used for writing: how it folds names, commas and long words has changed, and was wrong,
from one patch release to the next (cpython#121284, CVE-2024-6923), and what leaves here is a legal act whose bytes are
frozen. Reading back with it is a test. The forms are the plainest that RFC 5322, 2045–2047 and 2231 allow: CRLF only,
7-bit throughout, no line over 998 bytes, encoded words and parameters in UTF-8, files in base64.

A message that is sent on whole keeps every byte. As `message/rfc822` it may stand only unencoded (RFC 2046 §5.2.1), so
that form is taken where the message is 7-bit clean with short lines and CRLF alone, as mail that travelled is. Any
other one goes as a file (`application/octet-stream`, name ending in `.eml`, base64): "8bit" would leave it to each
server on the way to write it anew, and a signature inside would break.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pecdesk.mime.addresses import Address
from pecdesk.mime.file_names import extension_of, safe_file_name, unique_name
from pecdesk.mime.header_fields import (
    FOLD_AT,
    ComposeError,
    address_field,
    checked_ids,
    date_field,
    folded,
    parameter,
    without_controls,
    words_of,
)
from pecdesk.mime.parse import MAX_HEADER_BYTES, read_headers
from pecdesk.mime.part import Span

CRLF = b"\r\n"
MAX_LINE = 998
"""Bytes of a line without its end (RFC 5322 §2.1.1)."""
MESSAGE_TYPE = "message/rfc822"
FILE_TYPE = "application/octet-stream"

RECEIPT_FIELD = "X-TipoRicevuta"
_ONCE = frozenset({"date", "from", "to", "subject", "message-id", "mime-version", "content-type"})
_AT_MOST_ONCE = frozenset({"cc", "in-reply-to", "references", "content-transfer-encoding", RECEIPT_FIELD.lower()})

_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}")
_RECEIPT = re.compile(r"[a-z]{1,20}")
_LINE_END = re.compile(r"\r\n|\r|\n")
_LONG_LINE = re.compile(rb"(?m)^[^\r\n]{%d}" % (MAX_LINE + 1))
"""In bytes whose lines all end with CRLF. Looked for from the beginning of a line only: from each byte on it takes
seconds in a large message."""
_LINE_OF_FROM = re.compile(rb"(?m)^From ")


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file that goes along. `message/rfc822`: a message sent on whole."""

    name: str
    content: Callable[[], bytes]
    media_type: str = FILE_TYPE


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to be written."""

    sender: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    """Line ends of any kind."""
    date: datetime
    """Aware; whole seconds count."""
    message_id: str
    """With its angle brackets, as are all ids here."""
    cc: tuple[Address, ...] = ()
    files: tuple[OutgoingFile, ...] = ()
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    receipt: str | None = None
    """Value of X-TipoRicevuta (RFC 6109 §3.3.2)."""


def compose(letter: Letter) -> bytes:
    """The bytes of the message, CRLF only; nobody is ever in Bcc. Raises `ComposeError`."""
    fields = list(_fields(letter))
    text_fields, body = _text_entity(letter.text)
    if letter.files:
        names = _names(letter.files)
        files = [_file_entity(file, name) for file, name in zip(letter.files, names, strict=True)]
        parts = [b"".join(text_fields) + CRLF + body, *files]
        boundary = _boundary(letter.message_id, parts)
        fields.append(folded("Content-Type", ["multipart/mixed;", f'boundary="{boundary}"']))
        mark = b"--" + boundary.encode()
        pieces = [piece for part in parts for piece in (mark, CRLF, part, CRLF)]
        raw = b"".join([*fields, CRLF, *pieces, mark, b"--", CRLF])
    else:
        raw = b"".join([*fields, *text_fields, CRLF, body])
    if (defect := defect_of(raw)) is not None:
        raise ComposeError(defect)
    return raw


def base64_size(size: int) -> int:
    """How many bytes a file of that size takes in a message."""
    signs = (size + 2) // 3 * 4
    return signs + 2 * ((signs + FOLD_AT - 1) // FOLD_AT)


def defect_of(raw: bytes) -> str | None:
    """What makes these bytes unfit to be sent by us, in English; None where nothing does.

    Held against the finished bytes, whoever wrote them: line ends, length of lines, and exactly the fields expected.
    """
    ends = raw.count(CRLF)
    if not raw.endswith(CRLF) or raw.count(b"\r") != ends or raw.count(b"\n") != ends:
        return "a line does not end with CRLF"
    if not raw.isascii() or b"\0" in raw:
        return "a byte is not 7-bit text"
    if _LONG_LINE.search(raw):
        return f"a line is longer than {MAX_LINE} bytes"
    block = read_headers(raw, Span(0, len(raw)))
    if block.is_over_limit or raw[block.body_start - 4 : block.body_start] != CRLF + CRLF:
        return f"the headers are longer than {MAX_HEADER_BYTES} bytes"
    names = [header.name for header in block.headers]
    if missing := _ONCE.difference(names):
        return f"{', '.join(sorted(missing))} is missing"
    if any(names.count(name) > 1 for name in names):
        return "a field stands twice"
    foreign = [name for name in names if name not in _ONCE | _AT_MOST_ONCE]
    return f"{foreign[0]} has no place in a message" if foreign else None


def _fields(letter: Letter) -> Sequence[bytes]:
    if not letter.to:
        raise ComposeError("there is nobody in To")
    fields = [
        f"Date: {date_field(letter.date)}\r\n".encode(),
        address_field("From", [letter.sender]),
        address_field("To", letter.to),
    ]
    if letter.cc:
        fields.append(address_field("Cc", letter.cc))
    fields.append(folded("Subject", words_of(letter.subject)))
    fields.append(folded("Message-ID", checked_ids([letter.message_id])))
    if letter.in_reply_to:
        fields.append(folded("In-Reply-To", checked_ids([letter.in_reply_to])))
    if letter.references:
        fields.append(folded("References", checked_ids(letter.references)))
    if letter.receipt is not None:
        if not _RECEIPT.fullmatch(letter.receipt):
            raise ComposeError(f"{letter.receipt[:40]!r} is no kind of receipt")
        fields.append(f"{RECEIPT_FIELD}: {letter.receipt}\r\n".encode())
    fields.append(b"MIME-Version: 1.0\r\n")
    return fields


def _text_entity(text: str) -> tuple[list[bytes], bytes]:
    """The fields and the body of the text; it ends with a line end, as SMTP would make it."""
    lines = _LINE_END.split(text)
    if lines[-1]:
        lines.append("")
    content = "\r\n".join(lines).encode("utf-8", "replace")
    encoding, body = _text_body(content)
    charset = "us-ascii" if content.isascii() else "utf-8"
    return [
        f"Content-Type: text/plain; charset={charset}\r\n".encode(),
        f"Content-Transfer-Encoding: {encoding}\r\n".encode(),
    ], body


def _text_body(content: bytes) -> tuple[str, bytes]:
    """As it is where nothing on the way could touch it, else quoted-printable, else base64: whatever is shorter."""
    lines = content.split(CRLF)
    if content.isascii() and all(map(_is_safe_line, lines)):
        return "7bit", content
    quoted = re.sub(rb"(?<!\r)\n", CRLF, binascii.b2a_qp(content, istext=True))
    quoted = _LINE_OF_FROM.sub(b"=46rom ", quoted)
    is_short = len(quoted) <= base64_size(len(content)) and max(map(len, quoted.split(CRLF))) <= FOLD_AT
    if is_short and quoted.endswith(CRLF):
        return "quoted-printable", quoted
    return "base64", _base64(content)


def _is_safe_line(line: bytes) -> bool:
    """Short, without control characters or blanks at its end, and nothing an mbox or SMTP would alter."""
    return (
        len(line) <= FOLD_AT
        and line.decode("ascii").replace("\t", "").isprintable()
        and not line.endswith((b" ", b"\t"))
        and not line.startswith((b"From ", b"."))
    )


def _base64(content: bytes) -> bytes:
    signs = binascii.b2a_base64(content, newline=False)
    return b"".join([signs[start : start + FOLD_AT] + CRLF for start in range(0, len(signs), FOLD_AT)])


def _names(files: Sequence[OutgoingFile]) -> list[str]:
    """A safe name for each file, none twice: a brief receipt tells files apart by their names."""
    names: list[str] = []
    for file in files:
        name = safe_file_name(without_controls(file.name))
        if file.media_type == MESSAGE_TYPE and extension_of(name) != "eml":
            name = safe_file_name(f"{name[:80]}.eml")
        names.append(unique_name(name, names))
    return names


def _file_entity(file: OutgoingFile, name: str) -> bytes:
    content = file.content()
    media_type = file.media_type.lower()
    if media_type == MESSAGE_TYPE and _travels_as_it_is(content):
        encoding, body = "7bit", content
    else:
        is_simple = _MEDIA_TYPE.fullmatch(media_type) and not media_type.startswith(("message/", "multipart/"))
        media_type = media_type if is_simple else FILE_TYPE
        encoding, body = "base64", _base64(content).removesuffix(CRLF)
    fields = (
        folded("Content-Type", [f"{media_type};", *parameter("name", name)]),
        folded("Content-Disposition", ["attachment;", *parameter("filename", name)]),
        f"Content-Transfer-Encoding: {encoding}\r\n".encode(),
    )
    return b"".join([*fields, CRLF, body])


def _travels_as_it_is(content: bytes) -> bool:
    """Whether a message may stand unencoded in another (RFC 2046 §5.2.1, RFC 2045 §2.7)."""
    ends = content.count(CRLF)
    return (
        content.isascii()
        and b"\0" not in content
        and content.count(b"\r") == content.count(b"\n") == ends
        and not _LONG_LINE.search(content)
        and bool(read_headers(content, Span(0, len(content))).headers)
    )


def _boundary(message_id: str, parts: Sequence[bytes]) -> str:
    """A delimiter that stands in no part; it begins as neither base64 nor quoted-printable ever can."""
    number = 0
    while True:
        digest = hashlib.sha256(f"{message_id} {number}".encode()).hexdigest()[:32]
        boundary = f"=_{digest}"
        if not any(b"--" + boundary.encode() in part for part in parts):
            return boundary
        number += 1
