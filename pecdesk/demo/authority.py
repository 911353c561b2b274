"""A made-up authority that imitates AgID CA1, and made-up providers that sign with its certificates.

Keys and certificates are made fresh each time; no trust shipped with the program contains them. Certificates follow
the profile of genuine ones: the only alternative name is the signing address, key usage is critical and
digitalSignature, the purpose is emailProtection, the policy is that of certified mail, and the authority's certificate
limits mail domains and directory names (RFC 6109 §5.5 and what providers really use).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from pecdesk.trust.der import (
    GENERALIZED_TIME,
    NULL,
    OCTET_STRING,
    SEQUENCE,
    SET,
    UTC_TIME,
    encode,
    encode_integer,
    encode_object_identifier,
    encode_set,
    read_only_element,
)

AUTHORITY_POLICY = "1.3.76.16.3.1"
PROVIDER_POLICY = "1.3.76.16.3.1.1"

DIGEST_IDENTIFIERS = {
    "md5": "1.2.840.113549.2.5",
    "sha1": "1.3.14.3.2.26",
    "sha224": "2.16.840.1.101.3.4.2.4",
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
}
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "md5": hashes.MD5,
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
RSA_ENCRYPTION = "1.2.840.113549.1.1.1"
DATA = "1.2.840.113549.1.7.1"
SIGNED_DATA = "1.2.840.113549.1.7.2"
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"


def algorithm(identifier: str, parameters: bytes | None = None) -> bytes:
    """An AlgorithmIdentifier; parameters are NULL unless given."""
    return encode(SEQUENCE, encode_object_identifier(identifier), encode(NULL) if parameters is None else parameters)


def attribute(identifier: str, *values: bytes) -> bytes:
    """One signed attribute with its values."""
    return encode(SEQUENCE, encode_object_identifier(identifier), encode_set(*values))


def time_value(at: datetime) -> bytes:
    """A signing time: UTCTime up to 2049, GeneralizedTime from 2050 (RFC 5652 §11.3)."""
    utc = at.astimezone(UTC)
    if utc.year < 2050:
        return encode(UTC_TIME, utc.strftime("%y%m%d%H%M%SZ").encode())
    return encode(GENERALIZED_TIME, utc.strftime("%Y%m%d%H%M%SZ").encode())


def signed_attributes(content: bytes, at: datetime, digest: str = "sha256") -> tuple[bytes, ...]:
    """The attributes providers sign: content type, signing time, digest of the content."""
    hashed = hashlib.new(digest, content, usedforsecurity=False).digest()
    return (
        attribute(CONTENT_TYPE, encode_object_identifier(DATA)),
        attribute(SIGNING_TIME, time_value(at)),
        attribute(MESSAGE_DIGEST, encode(OCTET_STRING, hashed)),
    )


def issuer_and_serial_number(certificate: bytes) -> bytes:
    """How a SignerInfo names its certificate."""
    (to_be_signed, *_) = read_only_element(certificate).children()
    (_version, serial, _algorithm, issuer, *_) = to_be_signed.children()
    return encode(SEQUENCE, issuer.encoded, serial.encoded)


def signer_info(
    certificate: bytes,
    attributes: Sequence[bytes],
    signature: bytes,
    *,
    digest_algorithm: bytes,
    signature_algorithm: bytes,
) -> bytes:
    """A SignerInfo from its finished parts (RFC 5652 §5.3)."""
    return encode(
        SEQUENCE,
        encode_integer(1),
        issuer_and_serial_number(certificate),
        digest_algorithm,
        encode(0xA0, *sorted(attributes)),
        signature_algorithm,
        encode(OCTET_STRING, signature),
    )


def signed_data(
    signer_infos: Sequence[bytes],
    certificates: Sequence[bytes],
    *,
    digest_algorithms: Sequence[bytes],
    encapsulated: bytes = b"",
) -> bytes:
    """A whole CMS SignedData, detached unless `encapsulated` holds an explicit content element."""
    return encode(
        SEQUENCE,
        encode_object_identifier(SIGNED_DATA),
        encode(
            0xA0,
            encode(
                SEQUENCE,
                encode_integer(1),
                encode_set(*digest_algorithms),
                encode(SEQUENCE, encode_object_identifier(DATA), encapsulated),
                encode(0xA0, *certificates),
                encode_set(*signer_infos),
            ),
        ),
    )


@dataclass(frozen=True, slots=True)
class Signer:
    """A provider's signing key and certificate."""

    name: str
    address: str
    certificate: bytes
    """DER."""
    chain: tuple[bytes, ...]
    """DER certificates sent along after the signer's own."""
    key: rsa.RSAPrivateKey = field(repr=False)

    def sign(self, content: bytes, at: datetime, *, digest: str = "sha256") -> bytes:
        """A detached CMS signature (DER) over exactly these bytes, saying it was made at `at`."""
        attributes = signed_attributes(content, at, digest)
        signature = self.key.sign(encode(SET, *sorted(attributes)), padding.PKCS1v15(), _HASHES[digest]())
        digest_algorithm = algorithm(DIGEST_IDENTIFIERS[digest])
        info = signer_info(
            self.certificate,
            attributes,
            signature,
            digest_algorithm=digest_algorithm,
            signature_algorithm=algorithm(RSA_ENCRYPTION),
        )
        return signed_data([info], [self.certificate, *self.chain], digest_algorithms=[digest_algorithm])


def organisation_name(organisation: str, *more: x509.NameAttribute[str]) -> x509.Name:
    """The directory name of an Italian organisation, as the authority's constraints list it."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "IT"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            *more,
        ]
    )


def key_usage(*, signs_messages: bool) -> x509.KeyUsage:
    """Key usage of a provider (digitalSignature) or of an authority (certificates and CRLs)."""
    return x509.KeyUsage(
        digital_signature=signs_messages,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs_messages,
        crl_sign=not signs_messages,
        encipher_only=False,
        decipher_only=False,
    )


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority that issues certificates to made-up providers."""

    name: str
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey = field(repr=False)

    @classmethod
    def make(
        cls,
        name: str = "DEMO CA1",
        *,
        domains: Sequence[str],
        organisations: Sequence[str],
        valid_from: datetime,
        valid_to: datetime,
    ) -> Authority:
        """A new authority, limited to these mail domains of signing addresses and these organisations."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        subject = organisation_name(
            "Agenzia DEMO",
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Area DEMO"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        )
        permitted: list[x509.GeneralName] = [x509.RFC822Name(domain) for domain in domains]
        permitted += [x509.DirectoryName(organisation_name(organisation)) for organisation in organisations]
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        certificate = (
            x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
            .not_valid_before(valid_from)
            .not_valid_after(valid_to)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(key_usage(signs_messages=False), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION]),
                critical=False,
            )
            .add_extension(_policies(AUTHORITY_POLICY), critical=False)
            .add_extension(x509.NameConstraints(permitted, None), critical=False)
            .add_extension(identifier, critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier),
                critical=False,
            )
            .sign(key, hashes.SHA256())
        )
        return cls(name, certificate, key)

    @property
    def certificate_pem(self) -> bytes:
        """The authority's certificate."""
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_sha256(self) -> str:
        """SHA-256 of the public key (DER SubjectPublicKeyInfo), lower-case hex: what a pin names."""
        encoded = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return hashlib.sha256(encoded).hexdigest()

    def provider(self, name: str, address: str, *, valid_from: datetime, valid_to: datetime) -> Signer:
        """A provider called `name` that signs as `address`."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        subject = organisation_name(name, x509.NameAttribute(NameOID.COMMON_NAME, f"Posta Certificata {name}"[:64]))
        authority_identifier = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        certificate = (
            x509.CertificateBuilder(self.certificate.subject, subject, key.public_key(), x509.random_serial_number())
            .not_valid_before(valid_from)
            .not_valid_after(valid_to)
            .add_extension(key_usage(signs_messages=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
            .add_extension(_policies(PROVIDER_POLICY), critical=False)
            .add_extension(x509.SubjectAlternativeName([x509.RFC822Name(address)]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(authority_identifier),
                critical=False,
            )
            .sign(self.key, hashes.SHA256())
        )
        return Signer(
            name=name,
            address=address,
            certificate=certificate.public_bytes(Encoding.DER),
            chain=(self.certificate.public_bytes(Encoding.DER),),
            key=key,
        )

    def policy_toml(self, name: str, certificate_file: str) -> str:
        """A trust policy (`--trust POLICY.toml`) for this authority, whose certificate lies in `certificate_file`."""
        return (
            f"name = {json.dumps(name)}\n\n[[anchor]]\ncertificate = {json.dumps(certificate_file)}\n\n"
            f'[require]\npolicy = "{PROVIDER_POLICY}"\n'
        )


def _policies(identifier: str) -> x509.CertificatePolicies:
    return x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(identifier), None)])
