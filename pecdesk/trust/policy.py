"""What is trusted, and what is required of a signer: the values a trust policy consists of (cli.md section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pecdesk.trust.certificate import IssuedCertificate
from pecdesk.trust.names import NameConstraints, name_text, union


class RevocationMode(StrEnum):
    """What missing revocation data means: nothing, a note, or that nothing can be said."""

    OFF = "off"
    SOFT = "soft"
    HARD = "hard"


class Purpose(StrEnum):
    """What the signer's certificate must be made for."""

    EMAIL_PROTECTION = "emailProtection"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Anchor:
    """An authority that is believed: a name and a key, without dates (RFC 5280 §6.1.1 d)."""

    subject: bytes
    """DER name."""
    key_sha256: str
    """SHA-256 of the public key (DER SubjectPublicKeyInfo), lower-case hex."""
    key: bytes | None = None
    """DER SubjectPublicKeyInfo; None for a pin, whose certificate comes with the message."""
    constraints: NameConstraints | None = None
    """Which names it may certify; None if it is not known to be limited."""
    path_length: int | None = None
    """How many authorities may stand between it and a signer; None if not limited."""

    @property
    def name(self) -> str:
        """Its directory name as RFC 4514 writes it."""
        return name_text(self.subject)

    @classmethod
    def of(cls, certificate: IssuedCertificate) -> Anchor:
        """The name and key of this certificate, with the limits it states."""
        return cls(
            subject=certificate.subject,
            key_sha256=certificate.key_sha256,
            key=certificate.key,
            constraints=certificate.extensions.constraints,
            path_length=certificate.extensions.path_length,
        )


@dataclass(frozen=True, slots=True)
class TrustPolicy:
    """One circuit: its anchors and what it requires."""

    name: str
    anchors: tuple[Anchor, ...]
    required_policy: str | None = None
    """Policy OID that the signer's certificate must state."""
    purpose: Purpose = Purpose.EMAIL_PROTECTION
    address: bool = True
    """A certificate address must equal the message's From."""
    name_constraints: bool = True
    daticert: bool = True
    """Messages of this circuit must carry certification data."""
    signer_addresses: frozenset[str] | None = None
    """Lower case; None allows any address the chain allows."""
    revocation: RevocationMode = RevocationMode.SOFT
    crls: tuple[bytes, ...] = ()
    """DER."""
    ocsp: tuple[bytes, ...] = ()
    """OCSP answers, DER."""
    intermediates: tuple[bytes, ...] = ()
    """DER certificates, candidates for path building; not trusted."""
    by_hand: bool = False
    """Added by the user, not shipped: stays marked wherever it shows."""

    @property
    def permitted_mail(self) -> tuple[str, ...]:
        """Mail domains its anchors may certify; empty if any of them is not limited."""
        return self._permitted()[0]

    @property
    def permitted_directories(self) -> tuple[str, ...]:
        """Directory names its anchors may certify, RFC 4514; empty if any of them is not limited."""
        return tuple(map(name_text, self._permitted()[1]))

    def _permitted(self) -> tuple[tuple[str, ...], tuple[bytes, ...]]:
        joined = union(anchor.constraints for anchor in self.anchors)
        return (joined.permitted_mail, joined.permitted_directories) if joined else ((), ())
