"""The arithmetic of signatures: the one place that calls the `cryptography` library. Imported at the first use only."""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from pecdesk.trust.algorithms import AlgorithmIdentifier, SchemeKind, SignatureScheme, scheme_of

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "md5": hashes.MD5(),  # noqa: S303 - only to say that such a signature is forbidden, not unreadable
    "sha1": hashes.SHA1(),  # noqa: S303 - in use by providers until 2026
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_CURVES = ("secp256r1", "secp384r1", "secp521r1")
_PKCS1 = padding.PKCS1v15()


class UnsupportedKeyError(ValueError):
    """A key, or a key together with a scheme, that cannot be used here. Never leaves `trust`."""


@lru_cache(maxsize=256)
def load_key(encoded: bytes) -> PublicKey:
    """The public key in a SubjectPublicKeyInfo (DER): RSA, NIST curves, Ed25519."""
    try:
        key = load_der_public_key(encoded)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnsupportedKeyError("a public key that cannot be read") from error
    if isinstance(key, rsa.RSAPublicKey | ed25519.Ed25519PublicKey) or (
        isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _CURVES
    ):
        return key
    raise UnsupportedKeyError("a public key of a kind that is not supported")


def rsa_bits(encoded: bytes) -> int | None:
    """Size of an RSA key; None for other kinds and for keys that cannot be used."""
    try:
        key = load_key(encoded)
    except UnsupportedKeyError:
        return None
    return key.key_size if isinstance(key, rsa.RSAPublicKey) else None


def is_signed(encoded_key: bytes, scheme: SignatureScheme, digest: str, signature: bytes, signed: bytes) -> bool:
    """Whether the key made this signature over these bytes.

    Raises UnsupportedKeyError where nothing can be said: the key is of another kind than the scheme, or not supported.
    """
    key = load_key(encoded_key)
    algorithm = _HASHES[digest]
    try:
        match key, scheme.kind:
            case rsa.RSAPublicKey(), SchemeKind.RSA:
                key.verify(signature, signed, _PKCS1, algorithm)
            case rsa.RSAPublicKey(), SchemeKind.RSA_PSS:
                mask = padding.MGF1(_HASHES[scheme.mask_digest or digest])
                key.verify(signature, signed, padding.PSS(mask, scheme.salt_length), algorithm)
            case ec.EllipticCurvePublicKey(), SchemeKind.ECDSA:
                key.verify(signature, signed, ec.ECDSA(algorithm))
            case ed25519.Ed25519PublicKey(), SchemeKind.ED25519:
                key.verify(signature, signed)
            case _:
                raise UnsupportedKeyError("the key is of another kind than the signature")
    except (InvalidSignature, ValueError) as error:
        if isinstance(error, UnsupportedKeyError):
            raise
        return False
    except UnsupportedAlgorithm as error:
        raise UnsupportedKeyError("the cryptographic library refuses the algorithm") from error
    return True


def is_issued_with(encoded_key: bytes, algorithm: AlgorithmIdentifier, signature: bytes, signed: bytes) -> bool:
    """Whether a certificate or revocation list was signed with this key. What is not supported was not."""
    scheme = scheme_of(algorithm)
    if scheme is None or scheme.digest is None:
        return False
    try:
        return is_signed(encoded_key, scheme, scheme.digest, signature, signed)
    except UnsupportedKeyError:
        return False
