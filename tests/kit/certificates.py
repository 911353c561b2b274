"""A made-up authority for servers on this machine, and the certificates a server should not have."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = timedelta(days=1)
Name = x509.DNSName | x509.IPAddress


@dataclass(frozen=True)
class ServerCertificate:
    """A certificate with its key, as PEM files."""

    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """What a server in this process wraps its connections with."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


class ServerAuthority:
    """An authority in a folder: `ca_file` is what a client has to be given to believe it."""

    def __init__(self, folder: Path, name: str = "Autorità di prova") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        usage = x509.KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        builder = (
            self._builder(self._name, self._key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
        )
        self._certificate = builder.sign(self._key, hashes.SHA256())
        self.ca_file = folder / "ca.pem"
        self.ca_file.write_bytes(self._certificate.public_bytes(Encoding.PEM))

    def good(self) -> ServerCertificate:
        """For localhost and the loopback addresses, valid now."""
        return self._issue("good", _loopback())

    def wrong_host(self) -> ServerCertificate:
        """For another host."""
        return self._issue("wrong-host", [x509.DNSName("imap.altrove.example")])

    def expired(self) -> ServerCertificate:
        """Was valid until yesterday."""
        return self._issue("expired", _loopback(), valid=(-30 * DAY, -DAY))

    def not_yet_valid(self) -> ServerCertificate:
        """Will be valid from tomorrow."""
        return self._issue("not-yet", _loopback(), valid=(DAY, 30 * DAY))

    def self_signed(self) -> ServerCertificate:
        """Vouches for itself only."""
        return self._issue("self-signed", _loopback(), by_itself=True)

    def _builder(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        issuer: x509.Name | None = None,
        valid: tuple[timedelta, timedelta] = (-DAY, 30 * DAY),
    ) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        signer = key if issuer in {None, subject} else self._key
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer or subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + valid[0])
            .not_valid_after(now + valid[1])
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()),
                critical=False,
            )
        )

    def _issue(
        self,
        label: str,
        names: list[Name],
        valid: tuple[timedelta, timedelta] = (-DAY, 30 * DAY),
        *,
        by_itself: bool = False,
    ) -> ServerCertificate:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"server {label}")])
        certificate = (
            self._builder(subject, key, subject if by_itself else self._name, valid)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .sign(key if by_itself else self._key, hashes.SHA256())
        )
        made = ServerCertificate(self.folder / f"{label}.pem", self.folder / f"{label}.key")
        made.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
        made.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return made


def _loopback() -> list[Name]:
    return [
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        x509.IPAddress(ipaddress.ip_address("::1")),
    ]
