"""A detached CMS signature (RFC 5652 §5), read as far as a verdict needs it and no further.

Nothing here is believed: certificates are candidates, times are claims. Definite and indefinite lengths are read;
anything that could be read in two ways is refused.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from pecdesk.trust.algorithms import AlgorithmIdentifier, digest_of, read_algorithm, scheme_of
from pecdesk.trust.certificate import IssuedCertificate, read_certificate, read_time
from pecdesk.trust.der import (
    INTEGER,
    OCTET_STRING,
    SEQUENCE,
    SET,
    DerError,
    Element,
    encode,
    expect,
    read_element,
    read_object_identifier,
    read_octets,
    read_only_element,
)
from pecdesk.trust.names import parse_name, same_name
from pecdesk.trust.verdict import Reason

DATA = "1.2.840.113549.1.7.1"
SIGNED_DATA = "1.2.840.113549.1.7.2"
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"
ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52"
SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"

MAX_BYTES = 1 << 19
"""A larger signature is not read: genuine ones have some kilobytes, and hostile ones of this size cost two seconds."""
MAX_CERTIFICATES = 32
MAX_TRIES = 64
_CERTIFICATE_START = b"\x30\x82"

Problem = tuple[Reason, str]
"""What is wrong, with an English detail."""


@dataclass(frozen=True, slots=True)
class SignedAttributes:
    """The attributes a signer signed."""

    encoded: bytes
    """The bytes the signature value was made over: the SET OF in definite lengths, in the order sent."""
    values: dict[str, list[list[Element]]]
    """For each type, for each attribute of that type, its values."""

    def single(self, identifier: str) -> Element | None:
        """The one value of the one attribute of this type; None where there is not exactly one."""
        match self.values.get(identifier):
            case [[value]]:
                return value
        return None


@dataclass(frozen=True, slots=True)
class SignerInfo:
    """What one signer states."""

    issuer: bytes | None
    """DER name of the issuer, with `serial`; None when named by `key_identifier`."""
    serial: bytes | None
    key_identifier: bytes | None
    digest_algorithm: AlgorithmIdentifier
    signature_algorithm: AlgorithmIdentifier
    attributes: SignedAttributes | None
    signature: bytes

    @property
    def signing_time(self) -> datetime | None:
        """When the signer says to have signed; None if not said, or not in a form that counts."""
        value = self.attributes and self.attributes.single(SIGNING_TIME)
        try:
            return read_time(value) if value else None
        except DerError:
            return None

    def names(self, certificate: IssuedCertificate) -> bool:
        """Whether this is the certificate the signer names as its own."""
        if self.key_identifier is not None:
            return certificate.extensions.key_identifier == self.key_identifier
        return (
            certificate.serial == self.serial and self.issuer is not None and same_name(certificate.issuer, self.issuer)
        )


@dataclass(frozen=True, slots=True)
class SignedData:
    """A CMS SignedData."""

    digest_algorithms: frozenset[str]
    content_type: str
    has_content: bool
    certificates: tuple[bytes, ...]
    signers: int
    signer: SignerInfo | None
    """The one signer; None if there is not exactly one."""


def read_signed_data(data: bytes) -> SignedData:
    """Read a whole ContentInfo that holds SignedData. Raises DerError for everything else, trailing bytes included."""
    content_type, explicit = _exactly(expect(read_only_element(data), SEQUENCE), 2)
    if read_object_identifier(content_type) != SIGNED_DATA:
        raise DerError("not signed data")
    (signed_data,) = _exactly(expect(explicit, 0xA0), 1)
    version, digests, encapsulated, *rest = _at_least(expect(signed_data, SEQUENCE), 4)
    expect(version, INTEGER)
    certificates: list[bytes] = []
    if rest[0].tag == 0xA0:
        certificates = [one.encoded for one in rest.pop(0).children()]
    if rest and rest[0].tag == 0xA1:
        rest.pop(0)
    if len(rest) != 1:
        raise DerError("signed data with parts too few or too many")
    infos = list(expect(rest[0], SET).children())
    encapsulated_type, *content = _at_least(expect(encapsulated, SEQUENCE), 1)
    return SignedData(
        digest_algorithms=frozenset(read_algorithm(one).identifier for one in expect(digests, SET).children()),
        content_type=read_object_identifier(encapsulated_type),
        has_content=bool(content),
        certificates=tuple(certificates),
        signers=len(infos),
        signer=_read_signer_info(infos[0]) if len(infos) == 1 else None,
    )


def _exactly(element: Element, count: int) -> list[Element]:
    children = list(element.children())
    if len(children) != count:
        raise DerError("an element with parts too few or too many")
    return children


def _at_least(element: Element, count: int) -> list[Element]:
    children = list(element.children())
    if len(children) < count:
        raise DerError("an element with parts missing")
    return children


def _read_signer_info(element: Element) -> SignerInfo:
    version, identifier, digest_algorithm, *rest = _at_least(expect(element, SEQUENCE), 5)
    expect(version, INTEGER)
    issuer = serial = key_identifier = None
    if identifier.tag == SEQUENCE:
        issuer_element, serial_element = _exactly(identifier, 2)
        issuer, serial = issuer_element.encoded, expect(serial_element, INTEGER).content
        parse_name(issuer)
    else:
        key_identifier = read_octets(identifier, 0x80)
    attributes = _read_attributes(rest.pop(0)) if rest[0].tag == 0xA0 else None
    if len(rest) == 3 and rest[2].tag == 0xA1:
        rest.pop()
    if len(rest) != 2:
        raise DerError("a signer with parts too few or too many")
    return SignerInfo(
        issuer=issuer,
        serial=serial,
        key_identifier=key_identifier,
        digest_algorithm=read_algorithm(digest_algorithm),
        signature_algorithm=read_algorithm(rest[0]),
        attributes=attributes,
        signature=read_octets(rest[1]),
    )


def _read_attributes(element: Element) -> SignedAttributes:
    values: dict[str, list[list[Element]]] = {}
    rewritten = []
    for attribute in element.children():
        kind, attribute_values = _exactly(expect(attribute, SEQUENCE), 2)
        those = list(expect(attribute_values, SET).children())
        values.setdefault(read_object_identifier(kind), []).append(those)
        rewritten.append(encode(SEQUENCE, kind.encoded, encode(SET, *(value.encoded for value in those))))
    return SignedAttributes(encode(SET, *rewritten), values)


def attributes_problem(data: SignedData, signer: SignerInfo, certificate: IssuedCertificate | None) -> Problem | None:
    """What is wrong with the signed attributes: exactly one content type and one digest, everything else consistent."""
    attributes = signer.attributes
    if attributes is None:
        return Reason.ATTRIBUTES_MISSING, "there are no signed attributes"
    for identifier, name, required in (
        (CONTENT_TYPE, "content type", True),
        (MESSAGE_DIGEST, "message digest", True),
        (SIGNING_TIME, "signing time", False),
        (ALGORITHM_PROTECTION, "algorithm protection", False),
        (SIGNING_CERTIFICATE, "signing certificate", False),
        (SIGNING_CERTIFICATE_V2, "signing certificate", False),
    ):
        found = attributes.values.get(identifier, [])
        if not found and required:
            return Reason.ATTRIBUTES_MISSING, f"there is no {name}"
        if found and attributes.single(identifier) is None:
            return Reason.ATTRIBUTES_DUPLICATE, f"there is not exactly one {name}"
    try:
        return _wrong_attribute(data, signer, attributes, certificate)
    except ValueError as error:
        return Reason.ATTRIBUTES_WRONG, f"an attribute cannot be read: {error}"


def _wrong_attribute(
    data: SignedData, signer: SignerInfo, attributes: SignedAttributes, certificate: IssuedCertificate | None
) -> Problem | None:
    content_type = attributes.single(CONTENT_TYPE)
    if content_type is None or read_object_identifier(content_type) != DATA or data.content_type != DATA:
        return Reason.ATTRIBUTES_WRONG, "the content type is not plain data"
    expect(attributes.single(MESSAGE_DIGEST), OCTET_STRING)
    if signing_time := attributes.single(SIGNING_TIME):
        read_time(signing_time)
    if (protection := attributes.single(ALGORITHM_PROTECTION)) and not _is_protected(protection, signer):
        return Reason.ATTRIBUTES_WRONG, "the algorithms are not those the signer protected (RFC 6211)"
    for identifier, digest in ((SIGNING_CERTIFICATE, "sha1"), (SIGNING_CERTIFICATE_V2, "sha256")):
        named = attributes.single(identifier)
        if named and certificate and not _names_certificate(named, digest, certificate.encoded):
            return Reason.ATTRIBUTES_WRONG, "the signer signed another certificate than the one sent (RFC 5035)"
    return None


def _is_protected(element: Element, signer: SignerInfo) -> bool:
    digest, *others = _at_least(expect(element, SEQUENCE), 1)
    signature = next((one for one in others if one.tag == 0xA1), None)
    if signature is None:
        return False
    protected = scheme_of(read_algorithm(read_element(encode(SEQUENCE, signature.content))))
    stated, name = scheme_of(signer.signature_algorithm), digest_of(signer.digest_algorithm)
    if protected is None or stated is None or read_algorithm(digest) != signer.digest_algorithm:
        return False
    return replace(protected, digest=protected.digest or name) == replace(stated, digest=stated.digest or name)


def _names_certificate(element: Element, digest: str, certificate: bytes) -> bool:
    identifiers = _at_least(expect(element, SEQUENCE), 1)[0]
    first, *rest = _at_least(expect(_at_least(expect(identifiers, SEQUENCE), 1)[0], SEQUENCE), 1)
    if first.tag == SEQUENCE:
        digest, first = digest_of(read_algorithm(first)) or "", expect(rest[0] if rest else None, OCTET_STRING)
    if not digest:
        return False
    return expect(first, OCTET_STRING).content == hashlib.new(digest, certificate, usedforsecurity=False).digest()


def content_digest(data: SignedAttributes) -> bytes | None:
    """The digest of the content as the signer signed it; None if there is not exactly one."""
    value = data.single(MESSAGE_DIGEST)
    return value.content if value and value.tag == OCTET_STRING else None


def find_certificates(data: bytes, at_most: int = 8) -> tuple[IssuedCertificate, ...]:
    """Certificates still whole inside damaged bytes: candidates to say whose message this was."""
    found: list[IssuedCertificate] = []
    position = data.find(_CERTIFICATE_START)
    tries = 0
    while position >= 0 and len(found) < at_most and tries < MAX_TRIES:
        tries += 1
        try:
            certificate = read_certificate(read_element(data, position).encoded)
        except ValueError:
            position = data.find(_CERTIFICATE_START, position + 1)
        else:
            found.append(certificate)
            position = data.find(_CERTIFICATE_START, position + len(certificate.encoded))
    return tuple(found)
