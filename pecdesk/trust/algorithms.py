"""Which algorithms are known, and until when they are believed: the table in `resources/trust/algorithms.toml`.

What is not known is never a pass.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache, lru_cache

from pecdesk.resources import resources
from pecdesk.trust.der import (
    INTEGER,
    SEQUENCE,
    DerError,
    Element,
    expect,
    read_object_identifier,
    read_only_element,
)
from pecdesk.trust.verdict import Note, Reason

DIGESTS = {
    "1.2.840.113549.2.5": "md5",
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
MASK_GENERATION_1 = "1.2.840.113549.1.1.8"
RSA_PSS = "1.2.840.113549.1.1.10"

_NULL = b"\x05\x00"


class SchemeKind(StrEnum):
    """How a signature value is made."""

    RSA = "RSA PKCS #1 v1.5"
    RSA_PSS = "RSA-PSS"
    ECDSA = "ECDSA"
    ED25519 = "Ed25519"


@dataclass(frozen=True, slots=True)
class SignatureScheme:
    """A signature algorithm with its parameters. `digest` is None where the identifier leaves it open."""

    kind: SchemeKind
    digest: str | None = None
    mask_digest: str | None = None
    salt_length: int = 0


@dataclass(frozen=True, slots=True)
class AlgorithmIdentifier:
    """An algorithm with its parameters (DER); NULL and none at all are the same here."""

    identifier: str
    parameters: bytes = b""


_SCHEMES = {
    "1.2.840.113549.1.1.1": SignatureScheme(SchemeKind.RSA),
    "1.2.840.113549.1.1.4": SignatureScheme(SchemeKind.RSA, "md5"),
    "1.2.840.113549.1.1.5": SignatureScheme(SchemeKind.RSA, "sha1"),
    "1.2.840.113549.1.1.14": SignatureScheme(SchemeKind.RSA, "sha224"),
    "1.2.840.113549.1.1.11": SignatureScheme(SchemeKind.RSA, "sha256"),
    "1.2.840.113549.1.1.12": SignatureScheme(SchemeKind.RSA, "sha384"),
    "1.2.840.113549.1.1.13": SignatureScheme(SchemeKind.RSA, "sha512"),
    "1.2.840.10045.4.1": SignatureScheme(SchemeKind.ECDSA, "sha1"),
    "1.2.840.10045.4.3.1": SignatureScheme(SchemeKind.ECDSA, "sha224"),
    "1.2.840.10045.4.3.2": SignatureScheme(SchemeKind.ECDSA, "sha256"),
    "1.2.840.10045.4.3.3": SignatureScheme(SchemeKind.ECDSA, "sha384"),
    "1.2.840.10045.4.3.4": SignatureScheme(SchemeKind.ECDSA, "sha512"),
    "1.3.101.112": SignatureScheme(SchemeKind.ED25519, "sha512"),
}


def read_algorithm(element: Element) -> AlgorithmIdentifier:
    """An AlgorithmIdentifier."""
    encoded = element.encoded
    return _read_short(encoded) if len(encoded) <= _SHORT else _read(element)


_SHORT = 128
"""Bytes; shorter ones are remembered: each signature names three or four, and all signatures the same."""


@lru_cache(maxsize=256)
def _read_short(encoded: bytes) -> AlgorithmIdentifier:
    return _read(read_only_element(encoded))


def _read(element: Element) -> AlgorithmIdentifier:
    parts = list(expect(element, SEQUENCE).children())
    if not 1 <= len(parts) <= 2:
        raise DerError("a malformed algorithm")
    parameters = parts[1].encoded if len(parts) == 2 else b""
    return AlgorithmIdentifier(read_object_identifier(parts[0]), b"" if parameters == _NULL else parameters)


def digest_of(algorithm: AlgorithmIdentifier) -> str | None:
    """Name of a digest algorithm, None if it is not known."""
    return None if algorithm.parameters else DIGESTS.get(algorithm.identifier)


def scheme_of(algorithm: AlgorithmIdentifier) -> SignatureScheme | None:
    """The signature scheme, None if it is not known."""
    if algorithm.identifier == RSA_PSS:
        return _read_pss(algorithm.parameters)
    return None if algorithm.parameters else _SCHEMES.get(algorithm.identifier)


def _read_pss(parameters: bytes) -> SignatureScheme | None:
    """RSASSA-PSS-params with its defaults (RFC 4055 §3.1)."""
    digest, mask, salt_length, trailer = "sha1", "sha1", 20, 1
    try:
        for part in expect(read_only_element(parameters), SEQUENCE).children():
            value = read_only_element(part.content)
            if part.tag == 0xA0:
                digest = _known_digest(read_algorithm(value))
            elif part.tag == 0xA1:
                generation, *arguments = value.children()
                if read_object_identifier(generation) != MASK_GENERATION_1 or len(arguments) != 1:
                    return None
                mask = _known_digest(read_algorithm(arguments[0]))
            elif part.tag == 0xA2:
                salt_length = int.from_bytes(expect(value, INTEGER).content, signed=True)
            else:
                trailer = int.from_bytes(expect(value, INTEGER).content, signed=True)
    except ValueError:
        return None
    if trailer != 1 or not 0 <= salt_length <= 512:
        return None
    return SignatureScheme(SchemeKind.RSA_PSS, digest, mask, salt_length)


def _known_digest(algorithm: AlgorithmIdentifier) -> str:
    name = digest_of(algorithm)
    if name is None:
        raise DerError("an unknown digest")
    return name


@dataclass(frozen=True, slots=True)
class AlgorithmTable:
    """The dates as they stand in the data file."""

    date: str
    """When the shipped trust data was compiled, ISO 8601."""
    forbidden_digests: frozenset[str]
    weak_digests: dict[str, datetime]
    """Digests that are believed only before a date."""
    rsa_minimum: int
    """Bits."""
    rsa_strong: int
    """Bits."""
    rsa_weak_from: datetime


@cache
def algorithm_table() -> AlgorithmTable:
    """The table shipped with the program."""
    data = tomllib.loads((resources() / "trust" / "algorithms.toml").read_text(encoding="utf-8"))
    digests = data["digest"]
    return AlgorithmTable(
        date=data["date"].isoformat(),
        forbidden_digests=frozenset(name for name, rule in digests.items() if rule.get("forbidden")),
        weak_digests={name: rule["weak_from"] for name, rule in digests.items() if "weak_from" in rule},
        rsa_minimum=data["rsa"]["minimum"],
        rsa_strong=data["rsa"]["strong"],
        rsa_weak_from=data["rsa"]["weak_from"],
    )


@dataclass(frozen=True, slots=True)
class AlgorithmJudgement:
    """What the table says: `reason` is None if nothing is wrong; `weak` reasons leave a reserve, others fail."""

    reason: Reason | None
    weak: bool
    notes: frozenset[Note]
    detail: str


def judge_algorithms(digests: Iterable[str], rsa_bits: Iterable[int], at: datetime | None) -> AlgorithmJudgement:
    """Judge every digest and RSA key size in use at the reference time; without a time only what is forbidden."""
    table = algorithm_table()
    digests, rsa_bits = frozenset(digests), frozenset(rsa_bits)
    for name in sorted(digests & table.forbidden_digests):
        return _fails(Reason.FORBIDDEN_ALGORITHM, f"{name} is never believed")
    smallest = min(rsa_bits, default=table.rsa_strong)
    if smallest < table.rsa_minimum:
        return _fails(Reason.FORBIDDEN_ALGORITHM, f"an RSA key of {smallest} bits is never believed")
    words = [*sorted(digests), *(f"RSA {bits}" for bits in sorted(rsa_bits))]
    notes: set[Note] = set()
    weak: Reason | None = None
    if smallest < table.rsa_strong and at is not None:
        if at < table.rsa_weak_from:
            notes.add(Note.SMALL_KEY_AT_THE_TIME)
        else:
            weak = Reason.WEAK_KEY
    for name in digests & table.weak_digests.keys():
        if at is not None and at < table.weak_digests[name]:
            notes.add(Note.SHA1_AT_THE_TIME)
        elif at is not None:
            weak = Reason.WEAK_DIGEST
    return AlgorithmJudgement(weak, weak is not None, frozenset(notes), ", ".join(words))


def _fails(reason: Reason, detail: str) -> AlgorithmJudgement:
    return AlgorithmJudgement(reason, False, frozenset(), detail)
