"""An answer about single certificates, read as far as it decides about one of them (RFC 6960 §4.2)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from pecdesk.trust.algorithms import AlgorithmIdentifier, digest_of, read_algorithm
from pecdesk.trust.certificate import (
    IssuedCertificate,
    critical_besides,
    extension_value,
    read_bits,
    read_extensions,
    read_fixed,
    read_time,
)
from pecdesk.trust.crl import INVALIDITY_DATE
from pecdesk.trust.der import (
    INTEGER,
    OCTET_STRING,
    SEQUENCE,
    DerError,
    Element,
    expect,
    read_object_identifier,
    read_only_element,
)
from pecdesk.trust.names import parse_name, same_name

MAX_BYTES = 1 << 16
"""A larger answer is not read; real ones have one or two kilobytes."""
MAX_CERTIFICATES = 4
MAX_STATUSES = 64

BASIC_RESPONSE = "1.3.6.1.5.5.7.48.1.1"
NONCE = "1.3.6.1.5.5.7.48.1.2"
CRL_REFERENCE = "1.3.6.1.5.5.7.48.1.3"
ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6"
EXTENDED_REVOKE = "1.3.6.1.5.5.7.48.1.9"
_KNOWN = {NONCE, EXTENDED_REVOKE}
_KNOWN_OF_STATUSES = {CRL_REFERENCE, ARCHIVE_CUTOFF, INVALIDITY_DATE}

_ENUMERATED = 0x0A
_SUCCESSFUL = b"\x00"
_GOOD, _REVOKED, _UNKNOWN = 0x80, 0xA1, 0x82
_REASON = 0xA0


@dataclass(frozen=True, slots=True)
class CertificateStatus:
    """What is said of one certificate."""

    digest: str | None
    """Name of the digest in which the issuer is named; None if it is not known."""
    issuer_name: bytes
    """Digest of the issuer's name."""
    issuer_key: bytes
    """Digest of the issuer's key."""
    serial: bytes
    """Content of the serial number, as encoded."""
    is_known: bool
    """Good or revoked. A certificate the responder does not know is neither."""
    revoked_at: datetime | None
    this_update: datetime
    next_update: datetime | None
    archived_since: datetime | None
    """It goes on telling of certificates that expired after this time."""

    def is_about(self, certificate: IssuedCertificate, issuer_key_bits: bytes) -> bool:
        """Whether this certificate, issued by the owner of this key, is the one meant."""
        if self.digest is None or self.serial != certificate.serial:
            return False
        named = (hashlib.new(self.digest, one, usedforsecurity=False) for one in (certificate.issuer, issuer_key_bits))
        return [one.digest() for one in named] == [self.issuer_name, self.issuer_key]


@dataclass(frozen=True, slots=True, eq=False)
class OcspResponse:
    """An answer as it was given; nothing about it is believed yet."""

    responder_name: bytes | None
    """DER name, or None where the responder is named by its key."""
    responder_key: bytes
    """SHA-1 of the bits of its public key; empty where it is named otherwise."""
    produced_at: datetime
    statuses: tuple[CertificateStatus, ...]
    not_understood: tuple[str, ...]
    """Critical extensions nothing here obeys: then it decides nothing."""
    certificates: tuple[bytes, ...] = field(repr=False)
    """DER: among them that of a delegated responder."""
    signed_part: bytes = field(repr=False)
    signature_algorithm: AlgorithmIdentifier
    signature: bytes = field(repr=False)

    def is_by(self, name: bytes, key_bits: bytes) -> bool:
        """Whether it names the owner of this name (DER) and key as its responder."""
        if self.responder_name is not None:
            return same_name(self.responder_name, name)
        return self.responder_key == hashlib.sha1(key_bits, usedforsecurity=False).digest()


def is_response(encoded: bytes) -> bool:
    """Whether these bytes are meant to be an OCSP answer and not a revocation list; they may still be neither."""
    try:
        first = next(expect(read_only_element(encoded), SEQUENCE).children(), None)
    except DerError:
        return False
    return first is not None and first.tag == _ENUMERATED


def read_ocsp(encoded: bytes) -> OcspResponse:
    """Read an answer (DER). Raises DerError if it is malformed, too large, or says only that there is none."""
    if len(encoded) > MAX_BYTES:
        raise DerError("an answer that is too large")
    status, explicit = read_fixed(read_only_element(encoded), 2)
    if expect(status, _ENUMERATED).content != _SUCCESSFUL:
        raise DerError("the responder gave no answer")
    kind, wrapped = read_fixed(_inside(expect(explicit, 0xA0)), 2)
    if read_object_identifier(kind) != BASIC_RESPONSE:
        raise DerError("an answer of an unknown kind")
    body, algorithm, signature, *more = read_fixed(_inside(expect(wrapped, OCTET_STRING)), 3, 4)
    bag = expect(_inside(expect(more[0], 0xA0)), SEQUENCE).children() if more else ()
    certificates = [one.encoded for one in bag]
    if len(certificates) > MAX_CERTIFICATES:
        raise DerError("an answer with too many certificates")
    return _read_body(body, tuple(certificates), read_algorithm(algorithm), read_bits(signature))


def _inside(element: Element) -> Element:
    """The one element under an explicit tag, or in an octet string."""
    return read_only_element(element.content)


def _read_body(
    body: Element, certificates: tuple[bytes, ...], algorithm: AlgorithmIdentifier, signature: bytes
) -> OcspResponse:
    fields = list(expect(body, SEQUENCE).children())
    if fields and fields[0].tag == 0xA0:
        del fields[0]
    if not 3 <= len(fields) <= 4:
        raise DerError("an answer with fields missing")
    responder, produced_at, statuses, *more = fields
    name, key = None, b""
    if responder.tag == 0xA1:
        name = _inside(responder).encoded
        parse_name(name)
    else:
        key = expect(_inside(expect(responder, 0xA2)), OCTET_STRING).content
    found = list(expect(statuses, SEQUENCE).children())
    if len(found) > MAX_STATUSES:
        raise DerError("an answer about too many certificates")
    extensions = read_extensions(_inside(expect(more[0], 0xA1))) if more else {}
    not_understood = critical_besides(extensions, _KNOWN)
    read: list[CertificateStatus] = []
    for one in found:
        status, unknown = _read_status(one)
        read.append(status)
        not_understood += unknown
    return OcspResponse(
        responder_name=name,
        responder_key=key,
        produced_at=read_time(produced_at),
        statuses=tuple(read),
        not_understood=not_understood,
        certificates=certificates,
        signed_part=body.encoded,
        signature_algorithm=algorithm,
        signature=signature,
    )


def _read_status(element: Element) -> tuple[CertificateStatus, tuple[str, ...]]:
    identifier, status, this_update, *more = read_fixed(element, 3, 5)
    algorithm, issuer_name, issuer_key, serial = read_fixed(identifier, 4)
    next_update = read_time(_inside(more.pop(0))) if more and more[0].tag == 0xA0 else None
    extensions = read_extensions(_inside(more.pop(0))) if more and more[0].tag == 0xA1 else {}
    if more:
        raise DerError("a status with more than it should hold")
    revoked_at = _read_revocation(status)
    invalidity = extension_value(extensions, INVALIDITY_DATE)
    if revoked_at is not None and invalidity is not None:
        revoked_at = min(revoked_at, read_time(invalidity))
    archived = extension_value(extensions, ARCHIVE_CUTOFF)
    read = CertificateStatus(
        digest=digest_of(read_algorithm(algorithm)),
        issuer_name=expect(issuer_name, OCTET_STRING).content,
        issuer_key=expect(issuer_key, OCTET_STRING).content,
        serial=expect(serial, INTEGER).content,
        is_known=status.tag != _UNKNOWN,
        revoked_at=revoked_at,
        this_update=read_time(this_update),
        next_update=next_update,
        archived_since=read_time(archived) if archived else None,
    )
    if next_update is not None and next_update < read.this_update:
        raise DerError("a status that ends before it begins")
    return read, critical_besides(extensions, _KNOWN_OF_STATUSES)


def _read_revocation(status: Element) -> datetime | None:
    """From when it is revoked; None if it is not, or not known."""
    if status.tag == _REVOKED:
        times = [read_time(one) for one in status.children() if one.tag != _REASON]
        if len(times) != 1:
            raise DerError("a revocation without its time")
        return times[0]
    if status.tag not in (_GOOD, _UNKNOWN) or status.content:
        raise DerError("a status that has no place here")
    return None
