"""An X.509 certificate as the judgement needs it: read once, strictly, and remembered by its bytes (RFC 5280 §4)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from pecdesk.trust.algorithms import AlgorithmIdentifier, read_algorithm
from pecdesk.trust.der import (
    GENERALIZED_TIME,
    INTEGER,
    OCTET_STRING,
    SEQUENCE,
    UTC_TIME,
    DerError,
    Element,
    expect,
    read_object_identifier,
    read_only_element,
)
from pecdesk.trust.names import EMAIL_ADDRESS, NameConstraints, parse_name, read_name, same_name

BOOLEAN = 0x01
BIT_STRING = 0x03

ANY_POLICY = "2.5.29.32.0"
EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4"
OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"
ANY_PURPOSE = "2.5.29.37.0"

SUBJECT_KEY_IDENTIFIER = "2.5.29.14"
KEY_USAGE = "2.5.29.15"
SUBJECT_ALTERNATIVE_NAME = "2.5.29.17"
BASIC_CONSTRAINTS = "2.5.29.19"
NAME_CONSTRAINTS = "2.5.29.30"
CRL_DISTRIBUTION_POINTS = "2.5.29.31"
CERTIFICATE_POLICIES = "2.5.29.32"
EXTENDED_KEY_USAGE = "2.5.29.37"
_HANDLED_ELSEWHERE = {"2.5.29.35", "2.5.29.36", "2.5.29.54"}
"""Critical ones are no obstacle: authority key identifier, and policy constraints and inhibitAnyPolicy, which the path
validation library obeys. Policy mappings (2.5.29.33) are not understood."""

_KEY_USAGES = (
    "digital-signature",
    "non-repudiation",
    "key-encipherment",
    "data-encipherment",
    "key-agreement",
    "certificate-sign",
    "crl-sign",
    "encipher-only",
    "decipher-only",
)
_GENERAL_NAMES = {0x82: "dns", 0x86: "uri", 0x87: "ip"}
_MAIL_NAME = 0x81
_DIRECTORY_NAME = 0xA4
_ADDRESS_NAME = 0x86
_UTC_TIME = re.compile(r"\d{12}Z", re.ASCII)
_GENERALIZED_TIME = re.compile(r"\d{14}Z", re.ASCII)
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Extensions:
    """What the extensions say. None where an extension is absent."""

    addresses: tuple[str, ...] = ()
    """Mail addresses among the alternative names."""
    directories: tuple[bytes, ...] = ()
    other_forms: frozenset[str] = frozenset()
    """Other forms of alternative names: dns, ip, uri, other."""
    policies: frozenset[str] | None = None
    key_usage: frozenset[str] | None = None
    purposes: frozenset[str] | None = None
    is_authority: bool = False
    path_length: int | None = None
    constraints: NameConstraints | None = None
    key_identifier: bytes | None = None
    crl_names: frozenset[bytes] = frozenset()
    """Where its CRLs are published: the general names (DER) of all distribution points."""
    not_understood: tuple[str, ...] = ()
    """Critical extensions nothing here obeys."""


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """A certificate as it was issued; nothing about it is believed yet. Two are equal if their bytes are."""

    encoded: bytes
    sha256: str = field(compare=False)
    serial: bytes = field(compare=False)
    """Content of the serial number, as encoded."""
    issuer: bytes = field(compare=False)
    """DER name."""
    subject: bytes = field(compare=False)
    """DER name."""
    not_before: datetime = field(compare=False)
    not_after: datetime = field(compare=False)
    key: bytes = field(compare=False)
    """DER SubjectPublicKeyInfo."""
    signed_part: bytes = field(compare=False, repr=False)
    signature_algorithm: AlgorithmIdentifier = field(compare=False)
    signature: bytes = field(compare=False, repr=False)
    extensions: Extensions = field(compare=False)

    @property
    def key_sha256(self) -> str:
        """SHA-256 of the public key, lower-case hex: what a pin names."""
        return hashlib.sha256(self.key).hexdigest()

    @property
    def subject_addresses(self) -> tuple[str, ...]:
        """Mail addresses inside the directory name: limited like the others, never an identity."""
        return tuple(
            value for relative in parse_name(self.subject) for kind, value in relative if kind == EMAIL_ADDRESS
        )

    @property
    def crl_urls(self) -> tuple[str, ...]:
        """Where it says that its CRLs are published, as far as these are addresses; believed no more than the rest."""
        names = sorted(name for name in self.extensions.crl_names if name[0] == _ADDRESS_NAME)
        return tuple(read_only_element(name).content.decode("ascii", "replace") for name in names)

    @property
    def is_self_issued(self) -> bool:
        """Subject and issuer are one name."""
        return same_name(self.subject, self.issuer)


@lru_cache(maxsize=512)
def read_certificate(encoded: bytes) -> IssuedCertificate:
    """Read a certificate (DER). Raises DerError if it is malformed anywhere."""
    body, outer_algorithm, signature = read_fixed(read_only_element(encoded), 3)
    expect(body, SEQUENCE)
    fields = list(body.children())
    if fields and fields[0].tag == 0xA0:
        del fields[0]
    if len(fields) < 6:
        raise DerError("a certificate with fields missing")
    serial, inner_algorithm, issuer, validity, subject, key = fields[:6]
    if inner_algorithm.encoded != outer_algorithm.encoded:
        raise DerError("a certificate that names two signature algorithms")
    read_name(issuer)
    read_name(subject)
    not_before, not_after = read_fixed(validity, 2)
    extensions = next((one for one in fields[6:] if one.tag == 0xA3), None)
    return IssuedCertificate(
        encoded=encoded,
        sha256=hashlib.sha256(encoded).hexdigest(),
        serial=expect(serial, INTEGER).content,
        issuer=issuer.encoded,
        subject=subject.encoded,
        not_before=read_time(not_before),
        not_after=read_time(not_after),
        key=expect(key, SEQUENCE).encoded,
        signed_part=body.encoded,
        signature_algorithm=read_algorithm(outer_algorithm),
        signature=read_bits(signature),
        extensions=_read_extensions(extensions) if extensions else Extensions(),
    )


def serial_text(serial: bytes) -> str:
    """A serial number (content as encoded) as it is shown: lower-case hex."""
    return f"{int.from_bytes(serial):x}"


@lru_cache(maxsize=64)
def key_bits(key: bytes) -> bytes:
    """What OCSP knows a key by: the one in a SubjectPublicKeyInfo (DER), without its algorithm. Raises DerError."""
    return read_bits(read_fixed(read_only_element(key), 2)[1])


def read_fixed(element: Element, count: int, at_most: int | None = None) -> list[Element]:
    """The parts of a SEQUENCE that has exactly this many, or up to `at_most`."""
    children = list(expect(element, SEQUENCE).children())
    if not count <= len(children) <= (at_most or count):
        raise DerError("a sequence with a wrong number of elements")
    return children


def read_bits(element: Element) -> bytes:
    """The bytes of a BIT STRING without unused bits."""
    content = expect(element, BIT_STRING).content
    if not content or content[0]:
        raise DerError("a bit string that is not whole bytes")
    return content[1:]


def read_time(element: Element) -> datetime:
    """A UTCTime or GeneralizedTime in seconds and UTC, the only form that may be used (RFC 5280 §4.1.2.5)."""
    text = element.content.decode("ascii", "replace")
    if element.tag == UTC_TIME and _UTC_TIME.fullmatch(text):
        text = ("19" if text >= "50" else "20") + text
    elif element.tag != GENERALIZED_TIME or not _GENERALIZED_TIME.fullmatch(text):
        raise DerError("a time in a form that has no place here")
    try:
        month, day, hour, minute, second = (int(text[at : at + 2]) for at in range(4, 14, 2))
        return datetime(int(text[:4]), month, day, hour, minute, second, tzinfo=UTC)
    except ValueError as error:
        raise DerError("a time that does not exist") from error


def read_extensions(element: Element) -> dict[str, tuple[bool, Element]]:
    """For each identifier, whether the extension is critical, and its one value. None may stand there twice."""
    found: dict[str, tuple[bool, Element]] = {}
    for extension in expect(element, SEQUENCE).children():
        parts = list(expect(extension, SEQUENCE).children())
        identifier = read_object_identifier(parts[0]) if parts else ""
        critical = len(parts) == 3 and expect(parts[1], BOOLEAN).content != b"\x00"
        if not 2 <= len(parts) <= 3 or identifier in found:
            raise DerError("a malformed or repeated extension")
        found[identifier] = critical, expect(parts[-1], OCTET_STRING)
    return found


def extension_value(found: Mapping[str, tuple[bool, Element]], identifier: str) -> Element | None:
    """What is inside an extension, if it is there."""
    if identifier not in found:
        return None
    return read_only_element(found[identifier][1].content)


def critical_besides(found: Mapping[str, tuple[bool, Element]], understood: Container[str]) -> tuple[str, ...]:
    """The critical extensions that are not among those understood."""
    return tuple(identifier for identifier, (critical, _) in found.items() if critical and identifier not in understood)


def _read_extensions(element: Element) -> Extensions:
    values = read_extensions(read_only_element(element.content))
    found: dict[str, object] = {}
    for identifier, reader in _READERS.items():
        if value := extension_value(values, identifier):
            found |= reader(value)
    return Extensions(**found, not_understood=critical_besides(values, _UNDERSTOOD))  # type: ignore[arg-type]


def _read_alternative_names(element: Element) -> dict[str, object]:
    addresses, directories, forms = [], [], set()
    for name in expect(element, SEQUENCE).children():
        if name.tag == _MAIL_NAME:
            address = name.content.decode("ascii", "replace")
            if _PLAIN_ADDRESS.fullmatch(address) is None:
                raise DerError("an alternative name that is not a plain mail address")
            addresses.append(address)
        elif name.tag == _DIRECTORY_NAME:
            directories.append(read_only_element(name.content).encoded)
            parse_name(directories[-1])
        else:
            forms.add(_GENERAL_NAMES.get(name.tag, "other"))
    return {"addresses": tuple(addresses), "directories": tuple(directories), "other_forms": frozenset(forms)}


def _read_policies(element: Element) -> dict[str, object]:
    policies = [
        read_object_identifier(next(expect(information, SEQUENCE).children(), information))
        for information in expect(element, SEQUENCE).children()
    ]
    return {"policies": frozenset(policies)}


def _read_key_usage(element: Element) -> dict[str, object]:
    content = expect(element, BIT_STRING).content
    bits = "".join(f"{byte:08b}" for byte in content[1:])
    return {"key_usage": frozenset(usage for usage, bit in zip(_KEY_USAGES, bits, strict=False) if bit == "1")}


def _read_purposes(element: Element) -> dict[str, object]:
    return {"purposes": frozenset(map(read_object_identifier, expect(element, SEQUENCE).children()))}


def _read_basic_constraints(element: Element) -> dict[str, object]:
    is_authority, path_length = False, None
    for value in expect(element, SEQUENCE).children():
        if value.tag == BOOLEAN:
            is_authority = value.content != b"\x00"
        else:
            path_length = int.from_bytes(expect(value, INTEGER).content, signed=True)
    if path_length is not None and path_length < 0:
        raise DerError("a negative path length")
    return {"is_authority": is_authority, "path_length": path_length}


def _read_name_constraints(element: Element) -> dict[str, object]:
    mail: dict[int, list[str]] = {0xA0: [], 0xA1: []}
    directories: dict[int, list[bytes]] = {0xA0: [], 0xA1: []}
    closed = set()
    for subtrees in expect(element, SEQUENCE).children():
        if subtrees.tag not in mail:
            raise DerError("name constraints of an unknown kind")
        for subtree in subtrees.children():
            parts = list(expect(subtree, SEQUENCE).children())
            if len(parts) != 1:
                raise DerError("a name constraint with a minimum or maximum")
            base = parts[0]
            if base.tag == _MAIL_NAME:
                mail[subtrees.tag].append(base.content.decode("ascii", "replace").lower())
            elif base.tag == _DIRECTORY_NAME:
                directories[subtrees.tag].append(read_only_element(base.content).encoded)
                parse_name(directories[subtrees.tag][-1])
            else:
                closed.add(_GENERAL_NAMES.get(base.tag, "other"))
    constraints = NameConstraints(
        permitted_mail=tuple(mail[0xA0]),
        permitted_directories=tuple(directories[0xA0]),
        excluded_mail=tuple(mail[0xA1]),
        excluded_directories=tuple(directories[0xA1]),
        closed_forms=tuple(sorted(closed)),
    )
    return {"constraints": constraints}


def _read_key_identifier(element: Element) -> dict[str, object]:
    return {"key_identifier": expect(element, OCTET_STRING).content}


def _read_distribution_points(element: Element) -> dict[str, object]:
    names: list[bytes] = []
    for point in expect(element, SEQUENCE).children():
        for part in expect(point, SEQUENCE).children():
            if part.tag == 0xA0:
                names += read_distribution_point_name(part)
    return {"crl_names": frozenset(names)}


def read_distribution_point_name(element: Element) -> list[bytes]:
    """The full names (DER) in a DistributionPointName; a name relative to the issuer is not followed."""
    return [name.encoded for full in element.children() if full.tag == 0xA0 for name in full.children()]


_READERS: dict[str, Callable[[Element], dict[str, object]]] = {
    SUBJECT_KEY_IDENTIFIER: _read_key_identifier,
    KEY_USAGE: _read_key_usage,
    SUBJECT_ALTERNATIVE_NAME: _read_alternative_names,
    BASIC_CONSTRAINTS: _read_basic_constraints,
    NAME_CONSTRAINTS: _read_name_constraints,
    CRL_DISTRIBUTION_POINTS: _read_distribution_points,
    CERTIFICATE_POLICIES: _read_policies,
    EXTENDED_KEY_USAGE: _read_purposes,
}
_UNDERSTOOD = _READERS.keys() | _HANDLED_ELSEWHERE
