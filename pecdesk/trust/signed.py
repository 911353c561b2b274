"""The signature itself, before anything is known of trust: its form, its attributes, its digest, its value."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pecdesk.trust.algorithms import SignatureScheme, algorithm_table, digest_of, scheme_of
from pecdesk.trust.certificate import IssuedCertificate, read_certificate
from pecdesk.trust.cms import SignedData, SignerInfo, attributes_problem, content_digest
from pecdesk.trust.keys import UnsupportedKeyError, is_signed
from pecdesk.trust.verdict import Check, CheckName, CheckStatus, Reason

MAX_SIGNER_CERTIFICATES = 4
"""Certificates that all claim the signer's issuer and serial number; the one whose key fits is the signer's."""

Problem = tuple[Reason, str]


@dataclass(frozen=True, slots=True)
class SignatureFindings:
    """What the signature is worth on its own."""

    checks: tuple[Check, ...]
    """CMS, signed attributes, digest, signature."""
    signer: IssuedCertificate | None = None
    certificates: tuple[IssuedCertificate, ...] = ()
    """Those that came along and could be read."""
    digest: str | None = None
    algorithm_problem: Problem | None = None
    signed_at: datetime | None = None


def examine_signature(
    content: bytes | memoryview, data: SignedData, more_certificates: Iterable[IssuedCertificate]
) -> SignatureFindings:
    """Examine a signature over `content`; `more_certificates` may hold the signer's if it did not come along."""
    certificates = tuple(_readable(data.certificates))
    signer = data.signer
    if signer is None:
        problem = Reason.SIGNER_COUNT, f"there are {data.signers} signers, not one"
        not_done = (_not_done(name, "there is no single signer") for name in _AFTER_CMS)
        return SignatureFindings((_check(CheckName.CMS, problem), *not_done), certificates=certificates)
    digest = digest_of(signer.digest_algorithm)
    scheme = scheme_of(signer.signature_algorithm)
    algorithm_problem = _algorithm_problem(data, signer, digest, scheme)
    owners = [one for one in dict.fromkeys((*certificates, *more_certificates)) if signer.names(one)]
    owner, signature_check = _find_owner(signer, owners[:MAX_SIGNER_CERTIFICATES], scheme, digest)
    if signature_check.reason is Reason.UNSUPPORTED_ALGORITHM:
        algorithm_problem = Reason.UNSUPPORTED_ALGORITHM, signature_check.detail
    return SignatureFindings(
        checks=(
            _check(CheckName.CMS, _form_problem(data, owner), "one signer, detached"),
            _check(CheckName.SIGNED_ATTRIBUTES, attributes_problem(data, signer, owner), "content type and digest"),
            _digest_check(content, signer, digest),
            signature_check,
        ),
        signer=owner,
        certificates=certificates,
        digest=digest,
        algorithm_problem=algorithm_problem,
        signed_at=signer.signing_time,
    )


_AFTER_CMS = (CheckName.SIGNED_ATTRIBUTES, CheckName.DIGEST, CheckName.SIGNATURE)


def _readable(certificates: Iterable[bytes]) -> Iterable[IssuedCertificate]:
    for encoded in certificates:
        try:
            yield read_certificate(encoded)
        except ValueError:
            continue


def _form_problem(data: SignedData, owner: IssuedCertificate | None) -> Problem | None:
    if data.has_content:
        return Reason.CONTENT_PRESENT, "the signature brings its own content"
    if owner is None:
        return Reason.SIGNER_CERTIFICATE_MISSING, "the signer's certificate is not there, or cannot be read"
    return None


def _algorithm_problem(
    data: SignedData, signer: SignerInfo, digest: str | None, scheme: SignatureScheme | None
) -> Problem | None:
    if digest is None:
        return Reason.UNSUPPORTED_ALGORITHM, f"the digest {signer.digest_algorithm.identifier} is not known"
    if scheme is None:
        return Reason.UNSUPPORTED_ALGORITHM, f"the signature {signer.signature_algorithm.identifier} is not known"
    if scheme.digest not in (None, digest) or signer.digest_algorithm.identifier not in data.digest_algorithms:
        return Reason.UNSUPPORTED_ALGORITHM, "the signature names two digests"
    return None


def _find_owner(
    signer: SignerInfo, owners: list[IssuedCertificate], scheme: SignatureScheme | None, digest: str | None
) -> tuple[IssuedCertificate | None, Check]:
    """The signer's certificate, and whether its key made the signature value."""
    if not owners:
        return None, _not_done(CheckName.SIGNATURE, "the signer's certificate is missing")
    if signer.attributes is None or scheme is None or digest is None:
        return owners[0], _not_done(CheckName.SIGNATURE, "there is nothing to check it with")
    unsupported = ""
    others: list[IssuedCertificate] = []
    for owner in owners:
        try:
            if is_signed(owner.key, scheme, digest, signer.signature, signer.attributes.encoded):
                return owner, Check(CheckName.SIGNATURE, CheckStatus.PASSED, None, scheme.kind)
            others.append(owner)
        except UnsupportedKeyError as error:
            unsupported = str(error)
    if others:
        detail = "the signature value is not that of the signer's key"
        return others[0], Check(CheckName.SIGNATURE, CheckStatus.FAILED, Reason.SIGNATURE_MISMATCH, detail)
    return owners[0], Check(CheckName.SIGNATURE, CheckStatus.NOT_DONE, Reason.UNSUPPORTED_ALGORITHM, unsupported)


def _digest_check(content: bytes | memoryview, signer: SignerInfo, digest: str | None) -> Check:
    stated = content_digest(signer.attributes) if signer.attributes else None
    if stated is None or digest is None or digest in algorithm_table().forbidden_digests:
        return _not_done(CheckName.DIGEST, "there is no digest that could be compared")
    if hashlib.new(digest, content, usedforsecurity=False).digest() == stated:
        return Check(CheckName.DIGEST, CheckStatus.PASSED, None, f"{digest} of {len(content)} bytes")
    return Check(CheckName.DIGEST, CheckStatus.FAILED, Reason.DIGEST_MISMATCH, f"{digest} of {len(content)} bytes")


def _check(name: CheckName, problem: Problem | None, detail: str = "") -> Check:
    if problem is None:
        return Check(name, CheckStatus.PASSED, None, detail)
    return Check(name, CheckStatus.FAILED, *problem)


def _not_done(name: CheckName, detail: str) -> Check:
    return Check(name, CheckStatus.NOT_DONE, None, detail)
