"""OCSP answers under the made-up authorities of `tests.kit.pki`, with any fault planted on purpose."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pecdesk.demo.authority import DIGEST_IDENTIFIERS, algorithm
from pecdesk.trust.certificate import key_bits
from pecdesk.trust.der import OCTET_STRING, SEQUENCE, encode, encode_integer, encode_object_identifier
from tests.kit import pki

OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"
BASIC = "1.3.6.1.5.5.7.48.1.1"
INVALIDITY_DATE = "2.5.29.24"
ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6"
NONCE = "1.3.6.1.5.5.7.48.1.2"

Responder = pki.Authority | pki.Signer
GOOD, UNKNOWN = encode(0x80), encode(0x82)


def revoked(at: datetime, reason: int | None = None) -> bytes:
    """A status: revoked from then on."""
    told = b"" if reason is None else encode(0xA0, encode(0x0A, bytes((reason,))))
    return encode(0xA1, pki.generalized_time(at), told)


@dataclass(frozen=True)
class Status:
    """What is said of one certificate. The defaults: the usual provider is good, for a week from the day after."""

    status: bytes = GOOD
    issuer: pki.Authority | None = None
    serial: int = pki.Profile().serial
    digest: str = "sha1"
    this_update: datetime = pki.MOMENT + timedelta(days=1)
    next_update: datetime | None = pki.MOMENT + timedelta(days=8)
    extensions: Sequence[bytes] = ()
    trailing: bytes = b""

    def encoded(self) -> bytes:
        issuer = self.issuer or pki.authority()
        named = [
            hashlib.new(self.digest, one).digest() for one in (issuer.subject, key_bits(pki.key_bytes(issuer.key)))
        ]
        identifier = encode(
            SEQUENCE,
            algorithm(DIGEST_IDENTIFIERS.get(self.digest, "1.2.3.4")),
            *(encode(OCTET_STRING, one) for one in named),
            encode_integer(self.serial),
        )
        return encode(
            SEQUENCE,
            identifier,
            self.status,
            pki.generalized_time(self.this_update),
            encode(0xA0, pki.generalized_time(self.next_update)) if self.next_update else b"",
            encode(0xA1, encode(SEQUENCE, *self.extensions)) if self.extensions else b"",
            self.trailing,
        )


@dataclass(frozen=True)
class Answer:
    """A whole answer. The defaults: the usual authority itself answers, on the day after."""

    statuses: Sequence[Status] = (Status(),)
    responder: Responder | None = None
    by_key: bool = False
    responder_identifier: bytes | None = None
    produced_at: datetime = pki.MOMENT + timedelta(days=1)
    extensions: Sequence[bytes] = ()
    certificates: Sequence[bytes] | None = None
    digest: str = "sha256"
    kind: str = BASIC
    success: bytes = b"\x00"
    version: bytes = b""
    trailing: bytes = b""
    after_certificates: bytes = b""
    body: bytes = b""
    """All that is signed, instead of the usual."""

    def encoded(self) -> bytes:
        responder = self.responder or pki.authority()
        delegated = isinstance(responder, pki.Signer)
        certificates = self.certificates
        if certificates is None:
            certificates = [responder.certificate] if delegated else []
        body = self.body or encode(
            SEQUENCE,
            self.version,
            self.responder_identifier or self._identifier(responder),
            pki.generalized_time(self.produced_at),
            encode(SEQUENCE, *(one.encoded() for one in self.statuses)),
            encode(0xA1, encode(SEQUENCE, *self.extensions)) if self.extensions else b"",
            self.trailing,
        )
        value = pki.sign_value(responder.key, body, self.digest, "pkcs1")
        basic = encode(
            SEQUENCE,
            body,
            pki.signature_algorithm(responder.key, self.digest, "pkcs1"),
            encode(0x03, b"\x00" + value),
            encode(0xA0, encode(SEQUENCE, *certificates)) if certificates else b"",
            self.after_certificates,
        )
        answer = encode(SEQUENCE, encode_object_identifier(self.kind), encode(OCTET_STRING, basic))
        return encode(SEQUENCE, encode(0x0A, self.success), encode(0xA0, answer))

    def _identifier(self, responder: Responder) -> bytes:
        if self.by_key:
            return encode(0xA2, encode(OCTET_STRING, hashlib.sha1(key_bits(pki.key_bytes(responder.key))).digest()))
        return encode(0xA1, subject_of(responder))


def subject_of(responder: Responder) -> bytes:
    """Its name (DER)."""
    if isinstance(responder, pki.Authority):
        return responder.subject
    return pki.read_certificate(responder.certificate).subject


def answer(*statuses: Status, **changes: object) -> bytes:
    """An answer (DER), to the usual question unless told otherwise; `changes` are fields of Answer."""
    return replace(Answer(statuses or (Status(),)), **changes).encoded()  # type: ignore[arg-type]


def responder(issuer: pki.Authority | None = None, **changes: object) -> pki.Signer:
    """Somebody the authority appointed to answer; `changes` are fields of `pki.Profile`."""
    settings: dict[str, object] = {
        "subject": "CN=Risponditore,O=Agenzia di prova,C=IT",
        "addresses": None,
        "purposes": (OCSP_SIGNING,),
        "policies": None,
        "serial": 0x5EED,
        "crl_point": None,
        "name": "responder",
        **changes,
    }
    return pki.provider(issuer, **settings)  # type: ignore[arg-type]
