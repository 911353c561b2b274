"""A made-up authority like AgID CA1 and signatures under it, with any fault planted on purpose.

Everything is written byte by byte with the small DER writer, so that malformed certificates and signatures can be made
as easily as good ones. A good certificate is `provider()`; a fault is the same with one argument changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pecdesk.demo.authority import (
    CONTENT_TYPE,
    DATA,
    DIGEST_IDENTIFIERS,
    MESSAGE_DIGEST,
    PROVIDER_POLICY,
    RSA_ENCRYPTION,
    SIGNED_DATA,
    SIGNING_TIME,
    algorithm,
    attribute,
    issuer_and_serial_number,
    time_value,
)
from pecdesk.trust import Anchor, AnchorSet, Check, CheckName, CheckStatus, Reason, TrustPolicy, Verdict, verify
from pecdesk.trust.certificate import read_certificate
from pecdesk.trust.der import (
    GENERALIZED_TIME,
    OCTET_STRING,
    SEQUENCE,
    SET,
    encode,
    encode_integer,
    encode_object_identifier,
    encode_set,
    read_only_element,
)
from pecdesk.trust.names import encode_name

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | dsa.DSAPrivateKey

MOMENT = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
"""When the messages of the tests are signed."""
ADDRESS = "posta-certificata@pec.gestore.example"
ORGANISATION = "Gestore Uno S.p.A."
DOMAINS = ("pec.gestore.example", "pec.altro.example")
LIMIT = f"O={ORGANISATION},C=IT"
CONTENT = b"Content-Type: text/plain\r\n\r\nQuesta \xe8 una prova.\r\n"

HASHES: dict[str, hashes.HashAlgorithm] = {
    "md5": hashes.MD5(),
    "sha1": hashes.SHA1(),
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
RSA_WITH = {
    "md5": "1.2.840.113549.1.1.4",
    "sha1": "1.2.840.113549.1.1.5",
    "sha224": "1.2.840.113549.1.1.14",
    "sha256": "1.2.840.113549.1.1.11",
    "sha384": "1.2.840.113549.1.1.12",
    "sha512": "1.2.840.113549.1.1.13",
}
ECDSA_WITH = {
    "sha1": "1.2.840.10045.4.1",
    "sha224": "1.2.840.10045.4.3.1",
    "sha256": "1.2.840.10045.4.3.2",
    "sha384": "1.2.840.10045.4.3.3",
    "sha512": "1.2.840.10045.4.3.4",
}
RSA_PSS = "1.2.840.113549.1.1.10"
MASK_GENERATION_1 = "1.2.840.113549.1.1.8"
ED25519 = "1.3.101.112"

EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4"
SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1"

DIGITAL_SIGNATURE = b"\x07\x80"
NON_REPUDIATION = b"\x06\x40"
KEY_ENCIPHERMENT = b"\x05\x20"
CERTIFICATE_AND_CRL_SIGN = b"\x01\x06"
CRL_SIGN_ONLY = b"\x01\x02"


@cache
def private_key(name: str, kind: str = "rsa2048") -> PrivateKey:
    """One key for each name and kind, made once in a run."""
    if kind.startswith("rsa"):
        return _rsa(int(kind[3:]))
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if kind == "dsa":
        return dsa.generate_private_key(2048)
    curves: dict[str, type[ec.EllipticCurve]] = {
        "p256": ec.SECP256R1,
        "p384": ec.SECP384R1,
        "p521": ec.SECP521R1,
        "k256": ec.SECP256K1,
    }
    return ec.generate_private_key(curves[kind]())  # type: ignore[abstract]


def _rsa(bits: int) -> rsa.RSAPrivateKey:
    if bits >= 1024:
        return rsa.generate_private_key(65537, bits)
    # Smaller ones are no longer made by the library.
    chance = Random(bits)
    p, q = (_prime(bits // 2, chance) for _ in range(2))
    d = pow(65537, -1, (p - 1) * (q - 1))
    numbers = rsa.RSAPublicNumbers(65537, p * q)
    private = rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), numbers)
    return private.private_key(unsafe_skip_rsa_key_validation=True)


def _prime(bits: int, chance: Random) -> int:
    while True:
        number = chance.getrandbits(bits) | 3 << (bits - 2) | 1
        if number % 65537 != 1 and all(pow(base, number - 1, number) == 1 for base in (2, 3, 5, 7, 11, 13)):
            return number


def key_bytes(key: PrivateKey) -> bytes:
    """DER SubjectPublicKeyInfo."""
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def sign_value(key: PrivateKey, signed: bytes, digest: str, scheme: str) -> bytes:
    """A bare signature value."""
    match key:
        case rsa.RSAPrivateKey() if scheme == "pss":
            return key.sign(
                signed, padding.PSS(padding.MGF1(HASHES[digest]), HASHES[digest].digest_size), HASHES[digest]
            )
        case rsa.RSAPrivateKey():
            return key.sign(signed, padding.PKCS1v15(), HASHES[digest])
        case ec.EllipticCurvePrivateKey():
            return key.sign(signed, ec.ECDSA(HASHES[digest]))
        case ed25519.Ed25519PrivateKey():
            return key.sign(signed)
        case dsa.DSAPrivateKey():
            return key.sign(signed, HASHES[digest])
    raise AssertionError


def signature_algorithm(key: PrivateKey, digest: str, scheme: str) -> bytes:
    """The AlgorithmIdentifier for such a signature."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return algorithm(ECDSA_WITH[digest], b"")
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return algorithm(ED25519, b"")
    if isinstance(key, dsa.DSAPrivateKey):
        return algorithm("2.16.840.1.101.3.4.3.2", b"")
    if scheme == "pss":
        return algorithm(RSA_PSS, pss_parameters(digest))
    return algorithm(RSA_WITH[digest])


def pss_parameters(digest: str, mask_digest: str | None = None, salt_length: int | None = None) -> bytes:
    """RSASSA-PSS-params, nothing left to its default."""
    named = algorithm(DIGEST_IDENTIFIERS[digest])
    mask = algorithm(DIGEST_IDENTIFIERS[mask_digest or digest])
    length = HASHES[digest].digest_size if salt_length is None else salt_length
    return encode(
        SEQUENCE,
        encode(0xA0, named),
        encode(0xA1, algorithm(MASK_GENERATION_1, mask)),
        encode(0xA2, encode_integer(length)),
    )


def extension(identifier: str, value: bytes, *, critical: bool = False) -> bytes:
    """One certificate extension."""
    flag = encode(0x01, b"\xff") if critical else b""
    return encode(SEQUENCE, encode_object_identifier(identifier), flag, encode(OCTET_STRING, value))


def constraints_value(
    mail: Sequence[str] = (),
    directories: Sequence[str] = (),
    excluded_mail: Sequence[str] = (),
    excluded_directories: Sequence[str] = (),
    more_permitted: Sequence[bytes] = (),
    more_excluded: Sequence[bytes] = (),
) -> bytes:
    """The value of a name constraints extension; `more_…` are general names as bytes."""

    def subtrees(tag: int, addresses: Sequence[str], names: Sequence[str], more: Sequence[bytes]) -> bytes:
        bases = [encode(0x81, one.encode()) for one in addresses]
        bases += [encode(0xA4, encode_name(one)) for one in names]
        found = [encode(SEQUENCE, base) for base in (*bases, *more)]
        return encode(tag, *found) if found else b""

    return encode(
        SEQUENCE,
        subtrees(0xA0, mail, directories, more_permitted),
        subtrees(0xA1, excluded_mail, excluded_directories, more_excluded),
    )


@dataclass(frozen=True)
class Authority:
    """A name and a key that issue certificates, with the certificate it has itself."""

    subject: bytes
    key: PrivateKey
    certificate: bytes
    digest: str = "sha256"
    scheme: str = "pkcs1"


@dataclass(frozen=True)
class Profile:
    """What a certificate says. The defaults are those of a good provider."""

    subject: str = f"CN=Posta Certificata Uno,O={ORGANISATION},C=IT"
    addresses: Sequence[str] | None = (ADDRESS,)
    other_names: Sequence[bytes] = ()
    policies: Sequence[str] | None = (PROVIDER_POLICY,)
    purposes: Sequence[str] | None = (EMAIL_PROTECTION,)
    key_usage: bytes | None = DIGITAL_SIGNATURE
    authority: bool | None = None
    path_length: int | None = None
    constraints: bytes | None = None
    valid_from: datetime = datetime(2025, 1, 1, tzinfo=UTC)
    valid_to: datetime = datetime(2028, 1, 1, tzinfo=UTC)
    crl_point: str | None = "http://ca.example/crl"
    more_extensions: Sequence[bytes] = ()
    serial: int = 0x1122334455667788
    inner_algorithm: bytes | None = None
    """Overrides the algorithm named inside the signed part."""
    no_extensions: bool = False


AUTHORITY_PROFILE = Profile(
    subject="CN=PROVA CA1,OU=Area di prova,O=Agenzia di prova,C=IT",
    addresses=None,
    policies=("1.3.76.16.3.1",),
    purposes=("1.3.6.1.5.5.7.3.2", EMAIL_PROTECTION),
    key_usage=CERTIFICATE_AND_CRL_SIGN,
    authority=True,
    path_length=0,
    constraints=constraints_value(DOMAINS, (LIMIT, "O=Gestore Due S.r.l.,C=IT")),
    valid_from=datetime(2020, 1, 1, tzinfo=UTC),
    valid_to=datetime(2030, 1, 1, tzinfo=UTC),
    crl_point=None,
)


def extensions_of(profile: Profile, key: bytes) -> list[bytes]:
    """The extensions a profile asks for."""
    found = [extension("2.5.29.14", encode(OCTET_STRING, key_identifier(key)))]
    if profile.authority is not None:
        flag = encode(0x01, b"\xff") if profile.authority else b""
        length = b"" if profile.path_length is None else encode_integer(profile.path_length)
        found.append(extension("2.5.29.19", encode(SEQUENCE, flag, length), critical=True))
    if profile.key_usage is not None:
        found.append(extension("2.5.29.15", encode(0x03, profile.key_usage), critical=True))
    if profile.purposes is not None:
        found.append(extension("2.5.29.37", encode(SEQUENCE, *map(encode_object_identifier, profile.purposes))))
    if profile.policies is not None:
        stated = [encode(SEQUENCE, encode_object_identifier(one)) for one in profile.policies]
        found.append(extension("2.5.29.32", encode(SEQUENCE, *stated)))
    if profile.addresses is not None:
        names = [encode(0x81, one.encode()) for one in profile.addresses]
        found.append(extension("2.5.29.17", encode(SEQUENCE, *names, *profile.other_names)))
    if profile.constraints is not None:
        found.append(extension("2.5.29.30", profile.constraints))
    if profile.crl_point is not None:
        point = encode(SEQUENCE, distribution_point(profile.crl_point))
        found.append(extension("2.5.29.31", encode(SEQUENCE, point)))
    return [*found, *profile.more_extensions]


def distribution_point(url: str) -> bytes:
    """A DistributionPointName in full, tagged [0]."""
    return encode(0xA0, encode(0xA0, encode(0x86, url.encode())))


def key_identifier(key: bytes) -> bytes:
    """What the subject key identifier of this key is."""
    return hashlib.sha1(key).digest()


def certificate(profile: Profile, key: PrivateKey, issuer: Authority | None) -> bytes:
    """A certificate (DER); without an issuer, self-signed."""
    encoded_key, subject = key_bytes(key), encode_name(profile.subject)
    issuer_key = issuer.key if issuer else key
    digest, scheme = (issuer.digest, issuer.scheme) if issuer else ("sha256", "pkcs1")
    signed_with = signature_algorithm(issuer_key, digest, scheme)
    extensions = encode(0xA3, encode(SEQUENCE, *extensions_of(profile, encoded_key)))
    body = encode(
        SEQUENCE,
        encode(0xA0, encode_integer(2)),
        encode_integer(profile.serial),
        profile.inner_algorithm or signed_with,
        issuer.subject if issuer else subject,
        encode(SEQUENCE, time_value(profile.valid_from), time_value(profile.valid_to)),
        subject,
        encoded_key,
        b"" if profile.no_extensions else extensions,
    )
    value = sign_value(issuer_key, body, digest, scheme)
    return encode(SEQUENCE, body, signed_with, encode(0x03, b"\x00" + value))


def authority(
    name: str = "ca1",
    issuer: Authority | None = None,
    *,
    kind: str = "rsa2048",
    digest: str = "sha256",
    scheme: str = "pkcs1",
    **changes: object,
) -> Authority:
    """An authority like AgID CA1; `changes` are fields of Profile."""
    profile = replace(AUTHORITY_PROFILE, **changes)  # type: ignore[arg-type]
    key = private_key(name, kind)
    return Authority(encode_name(profile.subject), key, certificate(profile, key, issuer), digest, scheme)


@dataclass(frozen=True)
class Signer:
    """A provider: its certificate, its key, and what is sent along."""

    certificate: bytes
    key: PrivateKey
    chain: tuple[bytes, ...]

    def sign(self, content: bytes = CONTENT, **changes: object) -> bytes:
        """A CMS signature; `changes` are fields of Signing."""
        return replace(Signing(self), **changes).encoded(content)  # type: ignore[arg-type]


def provider(
    issuer: Authority | None = None,
    *,
    name: str = "provider",
    kind: str = "rsa2048",
    chain: Sequence[bytes] | None = None,
    **changes: object,
) -> Signer:
    """A good provider under `issuer`; `changes` are fields of Profile."""
    issuer = issuer or authority()
    key = private_key(name, kind)
    encoded = certificate(replace(Profile(), **changes), key, issuer)  # type: ignore[arg-type]
    return Signer(encoded, key, tuple(chain) if chain is not None else (issuer.certificate,))


@dataclass(frozen=True)
class Signing:
    """How a signature is made. The defaults make a good one, with RSA PKCS #1 v1.5 as providers do."""

    signer: Signer
    at: datetime | None = MOMENT
    digest: str = "sha256"
    scheme: str = "pkcs1"
    signature_algorithm: bytes | None = None
    digest_algorithm: bytes | None = None
    set_digest_algorithms: Sequence[bytes] | None = None
    attributes: Sequence[bytes] | None = None
    """All of them, instead of the usual three."""
    more_attributes: Sequence[bytes] = ()
    sorted_attributes: bool = True
    without_attributes: bool = False
    by_key_identifier: bool = False
    identifier: bytes | None = None
    certificates: Sequence[bytes] | None = None
    encapsulated: bytes = b""
    content_type: str = DATA
    outer_type: str = SIGNED_DATA
    signers: int = 1
    signature_value: bytes | None = None
    unsigned_attributes: bytes = b""
    crls: bytes = b""
    trailing: bytes = b""
    in_pieces: bool = False
    """The signature value as a constructed octet string."""
    indefinite: bool = False
    """Every constructed element in indefinite length."""

    def usual_attributes(self, content: bytes) -> list[bytes]:
        hashed = hashlib.new(self.digest, content, usedforsecurity=False).digest()
        found = [
            attribute(CONTENT_TYPE, encode_object_identifier(DATA)),
            attribute(MESSAGE_DIGEST, encode(OCTET_STRING, hashed)),
        ]
        if self.at is not None:
            found.append(attribute(SIGNING_TIME, time_value(self.at)))
        return found

    def encoded(self, content: bytes) -> bytes:
        attributes = [
            *(self.usual_attributes(content) if self.attributes is None else self.attributes),
            *self.more_attributes,
        ]
        if self.sorted_attributes:
            attributes.sort()
        signed = content if self.without_attributes else encode(SET, *attributes)
        value = self.signature_value or sign_value(self.signer.key, signed, self.digest, self.scheme)
        digest_algorithm = self.digest_algorithm or algorithm(DIGEST_IDENTIFIERS[self.digest])
        info = encode(
            SEQUENCE,
            encode_integer(3 if self.by_key_identifier else 1),
            self._identifier(),
            digest_algorithm,
            b"" if self.without_attributes else encode(0xA0, *attributes),
            self.signature_algorithm or self._signature_algorithm(),
            self._value_element(value),
            self.unsigned_attributes,
        )
        sets = self.set_digest_algorithms
        certificates = (self.signer.certificate, *self.signer.chain) if self.certificates is None else self.certificates
        signed_data = encode(
            SEQUENCE,
            encode_integer(1),
            encode_set(*([digest_algorithm] if sets is None else sets)),
            encode(SEQUENCE, encode_object_identifier(self.content_type), self.encapsulated),
            encode(0xA0, *certificates) if certificates else b"",
            self.crls,
            encode(SET, *([info] * self.signers)),
        )
        whole = encode(SEQUENCE, encode_object_identifier(self.outer_type), encode(0xA0, signed_data))
        return (to_indefinite(whole) if self.indefinite else whole) + self.trailing

    def _value_element(self, value: bytes) -> bytes:
        if self.in_pieces:
            return encode(OCTET_STRING | 0x20, encode(OCTET_STRING, value[:100]), encode(OCTET_STRING, value[100:]))
        return encode(OCTET_STRING, value)

    def _identifier(self) -> bytes:
        if self.identifier is not None:
            return self.identifier
        if self.by_key_identifier:
            return encode(0x80, key_identifier(key_bytes(self.signer.key)))
        return issuer_and_serial_number(self.signer.certificate)

    def _signature_algorithm(self) -> bytes:
        if isinstance(self.signer.key, rsa.RSAPrivateKey) and self.scheme == "pkcs1":
            return algorithm(RSA_ENCRYPTION)
        return signature_algorithm(self.signer.key, self.digest, self.scheme)


def to_indefinite(encoded: bytes, depth: int = 0) -> bytes:
    """The CMS frame in indefinite lengths; certificates and what is deeper stay as they are."""
    element = read_only_element(encoded)
    if not element.tag & 0x20 or depth > 3:
        return encoded
    inside = b"".join(to_indefinite(child.encoded, depth + 1) for child in element.children())
    return bytes((element.tag, 0x80)) + inside + b"\x00\x00"


def to_long_lengths(encoded: bytes, depth: int = 0) -> bytes:
    """The CMS frame with every length in four bytes, as BER allows."""
    element = read_only_element(encoded)
    if not element.tag & 0x20 or depth > 3:
        return encoded
    inside = b"".join(to_long_lengths(child.encoded, depth + 1) for child in element.children())
    return bytes((element.tag, 0x84)) + len(inside).to_bytes(4) + inside


def revocation_list(
    issuer: Authority,
    entries: Sequence[tuple[int, datetime, Sequence[bytes]]] = (),
    *,
    this_update: datetime = MOMENT + timedelta(days=1),
    next_update: datetime | None = MOMENT + timedelta(days=8),
    extensions: Sequence[bytes] = (),
    signing_key: PrivateKey | None = None,
    digest: str = "sha256",
    version: bool = True,
) -> bytes:
    """A CRL (DER): entries are serial number, revocation date, extensions."""
    rows = [
        encode(
            SEQUENCE,
            encode_integer(serial),
            time_value(date),
            encode(SEQUENCE, *more) if more else b"",
        )
        for serial, date, more in entries
    ]
    key = signing_key or issuer.key
    signed_with = signature_algorithm(key, digest, "pkcs1")
    body = encode(
        SEQUENCE,
        encode_integer(1) if version else b"",
        signed_with,
        issuer.subject,
        time_value(this_update),
        time_value(next_update) if next_update else b"",
        encode(SEQUENCE, *rows) if rows else b"",
        encode(0xA0, encode(SEQUENCE, *extensions)) if extensions else b"",
    )
    return encode(SEQUENCE, body, signed_with, encode(0x03, b"\x00" + sign_value(key, body, digest, "pkcs1")))


def resealed_list(issuer: Authority, crl: bytes, *, entry_end: bytes) -> bytes:
    """A CRL of one entry, signed again with something at the end of that entry."""
    body, signed_with, _ = read_only_element(crl).children()
    fields = [field.encoded for field in body.children()]
    (entry,) = read_only_element(fields[-1]).children()
    fields[-1] = encode(SEQUENCE, encode(SEQUENCE, entry.content, entry_end))
    changed = encode(SEQUENCE, *fields)
    value = sign_value(issuer.key, changed, issuer.digest, issuer.scheme)
    return encode(SEQUENCE, changed, signed_with.encoded, encode(0x03, b"\x00" + value))


def generalized_time(at: datetime) -> bytes:
    """A GeneralizedTime, whatever the year."""
    return encode(GENERALIZED_TIME, at.astimezone(UTC).strftime("%Y%m%d%H%M%SZ").encode())


def policy(*authorities: Authority, name: str = "prova", **changes: object) -> TrustPolicy:
    """A trust policy as for AgID CA1; `changes` are fields of TrustPolicy."""
    anchors = tuple(Anchor.of(read_certificate(one.certificate)) for one in authorities or (authority(),))
    return replace(TrustPolicy(name=name, anchors=anchors, required_policy=PROVIDER_POLICY), **changes)  # type: ignore[arg-type]


def anchors(*authorities: Authority, **changes: object) -> AnchorSet:
    """An anchor set of one such policy."""
    return AnchorSet((policy(*authorities, **changes),))  # type: ignore[arg-type]


def judge(
    signature: bytes,
    trusted: AnchorSet | None = None,
    *,
    content: bytes = CONTENT,
    at: datetime | None = None,
    address: str | None = ADDRESS,
    address_reason: Reason | None = None,
    now: datetime | None = None,
    crls: Sequence[bytes] = (),
    ocsp: Sequence[bytes] = (),
) -> Verdict:
    """`verify` with what the tests have in common."""
    trusted = trusted or anchors()
    return verify(
        content,
        signature,
        at=at,
        address=address,
        address_reason=address_reason,
        anchors=trusted.with_kept(crls, ocsp) if crls or ocsp else trusted,
        now=now,
    )


def failures(verdict: Verdict) -> dict[CheckName, Reason | None]:
    """The checks that failed, with their reasons."""
    return {check.name: check.reason for check in verdict.checks if check.status is CheckStatus.FAILED}


def check(verdict: Verdict, name: CheckName) -> Check:
    """One line of a verdict."""
    (found,) = (one for one in verdict.checks if one.name is name)
    return found
