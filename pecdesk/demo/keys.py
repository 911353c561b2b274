"""The keys of the made-up providers, kept in the demo's own folder so that they can answer what is sent later.

Only the demo profile trusts them: elsewhere what they sign is worth nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from pecdesk.demo.authority import Signer
from pecdesk.demo.provider import Provider
from pecdesk.demo.world import PROVIDERS, World, habits
from pecdesk.store.disk import write_file


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The folder with the keys: of each provider `<key>.pem`, private key, certificate and the authority's."""

    folder: Path

    def keep(self, world: World, at: datetime) -> None:
        """Write down the key each provider signs with at that time."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, provider in world.providers.items():
            signer = provider.signer(at)
            assert isinstance(signer, Signer)  # a made-up provider's always is
            certificates = (signer.certificate, *signer.chain)
            pem = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            pem += b"".join(x509.load_der_x509_certificate(each).public_bytes(Encoding.PEM) for each in certificates)
            write_file(self.folder / f"{name}.pem", pem)

    @property
    def is_there(self) -> bool:
        """Whether keys were kept: a demo made by an older version has none."""
        return all((self.folder / f"{name}.pem").is_file() for name, *_ in PROVIDERS)

    def providers(self, now: datetime) -> Mapping[str, Provider]:
        """The providers, each with the key that was kept."""
        differing = habits(now)
        found = {}
        for name, title, domain, numbers in PROVIDERS:
            signer = _signer(title, f"posta-certificata@{domain}", (self.folder / f"{name}.pem").read_bytes())
            begins = x509.load_der_x509_certificate(signer.certificate).not_valid_before_utc
            found[name] = Provider(title, domain, ((begins, signer),), differing[name], numbers)
        return found


def _signer(name: str, address: str, pem: bytes) -> Signer:
    key = load_pem_private_key(pem, password=None)
    assert isinstance(key, rsa.RSAPrivateKey)  # as it was written
    own, *chain = (each.public_bytes(Encoding.DER) for each in x509.load_pem_x509_certificates(pem))
    return Signer(name, address, own, tuple(chain), key)
