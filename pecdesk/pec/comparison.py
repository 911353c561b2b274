"""Is what was delivered what was sent? Compared part by part, by hash (RFC 6109 §3.3.2).

Providers add headers and may change transfer encodings, so decoded contents are compared. A brief receipt holds
hashes instead of the named parts; the rules leave open over which form they are taken, so all plausible ones are tried.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from pecdesk.mime import Part, decoded, file_name_of, readable_text, walk

HASH = re.compile(r"[0-9a-fA-F]{40}(?:[0-9a-fA-F]{24}(?:[0-9a-fA-F]{64})?)?")
MAX_HASH_FILE = 1024
HASH_ALGORITHMS = {40: "sha1", 64: "sha256", 128: "sha512"}


@dataclass(frozen=True, slots=True)
class FingerprintPart:
    """One leaf of a message."""

    name: str | None
    media_type: str
    size: int
    """Of the decoded bytes."""
    sha256: str
    """Of the decoded bytes; of the text with LF line ends and no trailing blanks for unnamed text."""
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
        """Whether hashes stand in for parts, as in a brief receipt."""
        return any(part.hash for part in self.parts)


def fingerprint_of(raw: bytes, part: Part, *, with_forms: bool = False) -> Fingerprint:
    """The fingerprint of the message whose outermost part this is."""
    found = []
    for leaf in walk(part):
        if leaf.children:
            continue
        content, name = decoded(raw, leaf), file_name_of(leaf)
        stands_in = None
        if name and name.lower().endswith(".hash") and len(content) <= MAX_HASH_FILE:
            text = content.decode("ascii", "replace").strip()
            stands_in = text.lower() if HASH.fullmatch(text) else None
        if name is None and leaf.media_type in ("text/plain", "text/html"):
            sha256 = _text_hash(readable_text(raw, leaf).text)
        else:
            sha256 = hashlib.sha256(content).hexdigest()
        forms = _forms(leaf.body.of(raw), content) if with_forms and name else ()
        found.append(FingerprintPart(name, leaf.media_type, len(content), sha256, stands_in, forms))
    return Fingerprint(tuple(found))


def _text_hash(text: str) -> str:
    lines = [line.rstrip() for line in text.splitlines()]
    return hashlib.sha256("\n".join(lines).rstrip("\n").encode("utf-8", "replace")).hexdigest()


def _forms(encoded: bytes, plain: bytes) -> tuple[str, ...]:
    unix = encoded.replace(b"\r\n", b"\n")
    dos = unix.replace(b"\n", b"\r\n")
    candidates = dict.fromkeys((dos, dos + b"\r\n", unix.replace(b"\n", b""), unix, unix + b"\n", plain))
    return tuple(
        hashlib.new(algorithm, form).hexdigest() for algorithm in HASH_ALGORITHMS.values() for form in candidates
    )


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
    different = Counter(part.name or "" for part in remaining) | Counter(_bare_name(part) for part in surplus)
    agreement = Agreement.DIFFERENT if different else Agreement.SAME
    return Comparison(agreement, tuple(sorted(different)), len(sent.parts))


def _bare_name(part: FingerprintPart) -> str:
    name = part.name or ""
    return name[: -len(".hash")] if part.hash and name.lower().endswith(".hash") else name


def _same(sent: FingerprintPart, copy: FingerprintPart) -> bool:
    if copy.hash is None or sent.hash is not None:
        return sent.sha256 == copy.sha256
    return sent.name == _bare_name(copy) and copy.hash in sent.forms
