"""Is what was delivered what was sent? Compared part by part, by hash (RFC 6109 §3.3.2).

Providers add headers and may change transfer encodings, so decoded contents are compared. A brief receipt holds
hashes instead of the named parts; the rules leave open over which form they are taken, so all plausible ones are tried.
"""

from __future__ import annotations

import hashlib
import re
from binascii import b2a_base64
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from pecdesk.mime import Attachment, Part, decoded, file_name_of, walk
from pecdesk.mime.charset import decode_text
from pecdesk.mime.decode import decoded_pieces, transfer_encoding

HASH = re.compile(r"[0-9a-fA-F]{40}(?:[0-9a-fA-F]{24}(?:[0-9a-fA-F]{64})?)?")
MAX_HASH_FILE = 1024
MAX_WITH_FORMS = 100
"""Parts of which every form is hashed; a mail of thousands would make a fingerprint of megabytes."""
MAX_WITH_RARE_FORMS = 8 * 1024 * 1024
"""Encoded bytes of a part up to which the rarest form is hashed too: hashing a large one takes most of the time there
is for a message."""
USUAL_LINE = 76
"""Signs of a line of base64, as nearly everybody writes it."""
_PIECE = 1 << 20
SIGNATURE_FILE = re.compile(r"application/(?:x-)?pkcs7-(?:signature|mime)")
HASH_ALGORITHMS = ("sha1", "sha256", "sha512")


@dataclass(frozen=True, slots=True)
class FingerprintPart:
    """One leaf of a message."""

    name: str | None
    media_type: str
    size: int
    """Of the decoded bytes."""
    sha256: str
    """Of the decoded bytes; of texts with LF line ends, of the text to be read without trailing blanks too."""
    hash: str | None = None
    """The hash that stands here instead of a part, in a brief receipt."""
    forms: tuple[str, ...] = ()
    """SHA-1, SHA-256 and SHA-512 over the plausible forms of a named part, where asked for."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a message consists of, by hash."""

    parts: tuple[FingerprintPart, ...]

    @property
    def is_hashed(self) -> bool:
        """Whether hashes stand in for all named parts, as in a brief receipt (which leaves signatures as they are)."""
        named = [part for part in self.parts if part.name and not SIGNATURE_FILE.fullmatch(part.media_type)]
        return bool(named) and all(part.hash for part in named)


def fingerprint_of(
    raw: bytes, part: Part, *, with_forms: bool = False, known: tuple[Attachment, ...] = ()
) -> Fingerprint:
    """The fingerprint of the message whose outermost part this is; `known` are attachments of it, found in `raw`."""
    found: list[FingerprintPart] = []
    hashed = {attachment.span: attachment for attachment in known}
    for leaf in walk(part):
        if leaf.children:
            continue
        name = file_name_of(leaf)
        makes_forms = with_forms and name is not None and len(found) < MAX_WITH_FORMS
        if _is_text(leaf):
            content = decoded(raw, leaf)
            size, sha256 = len(content), hashlib.sha256(_comparable(leaf, name, content)).hexdigest()
        elif attachment := hashed.get(leaf.body):
            size, sha256 = attachment.size, attachment.sha256
        else:
            size, sha256 = _size_and_digest(raw, leaf)
        stands_in = None
        if name and name.lower().endswith(".hash") and size <= MAX_HASH_FILE:
            text = decoded(raw, leaf).decode("ascii", "replace").strip()
            stands_in = text.lower() if HASH.fullmatch(text) else None
        forms = _forms(leaf, raw) if makes_forms else ()
        found.append(FingerprintPart(name, leaf.media_type, size, sha256, stands_in, forms))
    return Fingerprint(tuple(found))


def _size_and_digest(raw: bytes, leaf: Part) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    for piece in decoded_pieces(raw, leaf):
        size += len(piece)
        digest.update(piece)
    return size, digest.hexdigest()


def _is_text(leaf: Part) -> bool:
    """Whether a transport may change its line ends."""
    return leaf.media_type.startswith(("text/", "message/")) or leaf.media_type.endswith("xml")


def _comparable(leaf: Part, name: str | None, content: bytes) -> bytes:
    """The content without what a transport may change: line ends of texts; trailing blanks and charset of the text."""
    if name is None and leaf.media_type in ("text/plain", "text/html"):
        lines = decode_text(content, leaf.parameter("charset")).splitlines()
        return "\n".join(line.rstrip() for line in lines).strip("\n").encode("utf-8", "replace")
    return content.replace(b"\r\n", b"\n")


def _forms(leaf: Part, raw: bytes) -> tuple[str, ...]:
    """Hashes over "the entire content of the part" (RFC 6109 §3.3.2.2), in every way that may be meant.

    Decoded; its body as transmitted; the base64 of lines of 76 that a provider may make of it itself; and all of that
    part as transmitted, its header fields with it. Of texts also with the other line ends.
    """
    start, end = leaf.body
    plain = _Hashes()
    for piece in decoded_pieces(raw, leaf):
        plain.update(piece)
    found = [*plain.with_ends([b""]), *_hashes_of_lines(raw, start, end)]
    if end - start <= MAX_WITH_RARE_FORMS:
        found += _hashes_of_lines(raw, *leaf.span)
    if _is_text(leaf):
        content = decoded(raw, leaf)
        found += _hashes_of_lines(content, 0, len(content))
    first_line = raw[start : end if (line := raw.find(b"\n", start, end)) < 0 else line]
    if transfer_encoding(leaf) != "base64" or len(first_line.rstrip()) != USUAL_LINE:
        run = b2a_base64(decoded(raw, leaf), newline=False)
        lines = b"\n".join([run[start : start + USUAL_LINE] for start in range(0, len(run), USUAL_LINE)])
        found += _hashes_of_lines(lines, 0, len(lines))
    return tuple(dict.fromkeys(found))


def _hashes_of_lines(raw: bytes, start: int, end: int) -> Iterator[str]:
    """Hashes over lines that end with LF or CRLF, with and without the last line end, and over all in one run."""
    stop = end
    while raw.startswith(b"\n", stop - 1) and stop > start:
        stop -= 2 if stop - 2 >= start and raw.startswith(b"\r", stop - 2) else 1
    ending = raw[stop:end].replace(b"\r\n", b"\n")
    ends = dict.fromkeys((b"", b"\n", ending, ending + b"\n"))
    unix, internet, run = _Hashes(), _Hashes(), _Hashes()
    at = start
    while at < stop:
        following = min(at + _PIECE, stop)
        if following < stop and raw.startswith(b"\n", following):
            following += 1  # never between CR and LF
        piece = raw[at:following].replace(b"\r\n", b"\n")
        unix.update(piece)
        internet.update(piece.replace(b"\n", b"\r\n"))
        run.update(piece.replace(b"\n", b""))
        at = following
    yield from unix.with_ends(ends)
    yield from internet.with_ends([end.replace(b"\n", b"\r\n") for end in ends])
    yield from run.with_ends([b""])


class _Hashes:
    """A content that comes in pieces, hashed with every algorithm."""

    def __init__(self) -> None:
        self._begun = [hashlib.new(algorithm, usedforsecurity=False) for algorithm in HASH_ALGORITHMS]

    def update(self, piece: bytes) -> None:
        """The next piece."""
        for begun in self._begun:
            begun.update(piece)

    def with_ends(self, ends: Collection[bytes]) -> Iterator[str]:
        """Hashes over all of it, with each of these ends."""
        for begun in self._begun:
            for end in ends:
                whole = begun.copy()
                whole.update(end)
                yield whole.hexdigest()


class Agreement(StrEnum):
    """What comparing a sent message with its delivered copy gave."""

    SAME = "same"
    DIFFERENT = "different"
    NOT_COMPARABLE = "not-comparable"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Sent against delivered."""

    agreement: Agreement
    different: tuple[str, ...] = ()
    """Names of the parts that differ, are missing or were added; empty for the text."""
    parts: int = 0
    """How many parts were compared."""
    other_subject: bool = False
    """The copy has another subject, which makes it different too."""


def compare(sent: Fingerprint, delivered: Fingerprint) -> Comparison:
    """Compare the parts of a sent message with those of its copy in a delivery receipt."""
    remaining = list(sent.parts)
    surplus: list[FingerprintPart] = []
    for copy in delivered.parts:
        match = next((part for part in remaining if _same(part, copy)), None)
        if match is None:
            surplus.append(copy)
        else:
            remaining.remove(match)
    different = {part.name or "" for part in remaining} | {_bare_name(part) for part in surplus}
    agreement = Agreement.DIFFERENT if different else Agreement.SAME
    return Comparison(agreement, tuple(sorted(different)), len(sent.parts))


def _bare_name(part: FingerprintPart) -> str:
    name = part.name or ""
    return name[: -len(".hash")] if part.hash else name


def _same(sent: FingerprintPart, copy: FingerprintPart) -> bool:
    if sent.sha256 == copy.sha256:
        return True
    return copy.hash is not None and sent.name == _bare_name(copy) and copy.hash in sent.forms
