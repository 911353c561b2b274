"""The original as providers carry it: with the PEC id in place of its own (RFC 6109 §2.2.1), and with its files
replaced by their hashes in a brief delivery receipt (§3.3.2.2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha1, sha256

from pecdesk.demo.mail import CRLF, enclosed, entity, split_headers

BOUNDARY = re.compile(rb'boundary="?([^";\r\n]+)"?', re.IGNORECASE)
FILE_NAME = re.compile(rb'\b(?:file)?name(\*)?="?([^";\r\n]+)"?', re.IGNORECASE)

Hash = Callable[[bytes], str]
"""Hash of a part's body as it is transmitted."""


def sha1_as_sent(body: bytes) -> str:
    """SHA-1 of the encoded body, as the rules have it (RFC 6109 §3.3.2.2)."""
    return sha1(body, usedforsecurity=False).hexdigest()


def sha1_without_line_ends(body: bytes) -> str:
    """SHA-1 of the encoded body in one line."""
    return sha1(body.replace(CRLF, b""), usedforsecurity=False).hexdigest()


def sha256_as_sent(body: bytes) -> str:
    """SHA-256 of the encoded body."""
    return sha256(body).hexdigest()


def inside_envelope(original: bytes, identifier: str, received: bytes = b"") -> bytes:
    """The mail as it stands in postacert.eml: its Message-ID is the PEC id, the client's id stands beside it.

    `received` is what the provider's servers put before it, as header bytes with their line ends.
    """
    fields, body = split_headers(original)
    kept = [field for field in fields if not field.lower().startswith(b"message-id:")]
    own = next((field for field in fields if field.lower().startswith(b"message-id:")), None)
    ids = b"Message-ID: <" + identifier.encode() + b">" + CRLF
    if own is not None:
        ids += b"X-Riferimento-Message-ID:" + own.partition(b":")[2]
    return received + b"".join(kept) + ids + CRLF + body


def brief(inside: bytes, hash_of: Hash = sha1_as_sent) -> bytes:
    """The same mail with every named part replaced by its hash; the structure stays."""
    fields, body = split_headers(inside)
    kind = next((field for field in fields if field.lower().startswith(b"content-type:")), b"")
    boundary = BOUNDARY.search(kind)
    if not kind.lower().partition(b":")[2].lstrip().startswith(b"multipart/") or boundary is None:
        return inside
    mark = CRLF + b"--" + boundary[1]
    pieces = (CRLF + body).split(mark)
    parts = [_brief_part(piece.removeprefix(CRLF), hash_of) for piece in pieces[1:-1]]
    return b"".join(fields) + CRLF + enclosed(boundary[1].decode(), parts)


def _brief_part(part: bytes, hash_of: Hash) -> bytes:
    fields, body = split_headers(part)
    name = FILE_NAME.search(b"".join(fields))
    if name is None:
        return brief(part, hash_of)
    star = "*" if name[1] else ""
    called = name[2].decode() + ".hash"
    replaced = (
        ("Content-Type", f'text/plain; name{star}="{called}"' if not star else f"text/plain; name*={called}"),
        ("Content-Disposition", f'attachment; filename="{called}"' if not star else f"attachment; filename*={called}"),
        ("Content-Transfer-Encoding", "7bit"),
    )
    return entity(replaced, hash_of(body).encode())
