"""Was a certificate revoked at a point in time? From lists that were handed in; nothing is ever fetched.

A list counts only if the certificate's issuer signed it. Revoked at or before the reference time is a failure, after it
a note. That a certificate is *not* revoked is said only by a list that speaks for the reference time: one made after it
and before the certificate expired, or one in force at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from pecdesk.trust.algorithms import algorithm_table, scheme_of
from pecdesk.trust.certificate import IssuedCertificate
from pecdesk.trust.crl import RevocationList, read_crl
from pecdesk.trust.keys import is_issued_with
from pecdesk.trust.names import name_text, same_name
from pecdesk.trust.policy import RevocationMode
from pecdesk.trust.verdict import Check, CheckName, CheckStatus, Note, Reason


@dataclass(frozen=True, slots=True)
class RevocationJudgement:
    """The check, what is to be noted, and whether the mode makes missing data an obstacle."""

    check: Check
    notes: frozenset[Note] = frozenset()


@dataclass(frozen=True, slots=True)
class _Finding:
    """What one list says of one certificate."""

    revoked_at: datetime | None
    speaks_from: datetime
    speaks_to: datetime
    """The list shows that an unlisted certificate was not revoked at times in this span, ends included; an empty span
    where it only speaks for other certificates of the issuer."""


def judge_revocation(
    certificates: Sequence[IssuedCertificate],
    issuer_keys: Sequence[bytes],
    mode: RevocationMode,
    lists: Sequence[bytes],
    at: datetime,
) -> RevocationJudgement:
    """Judge every certificate of a path, signer first, each with the key of its issuer (DER SubjectPublicKeyInfo)."""
    if mode == RevocationMode.OFF:
        return _not_done("this policy asks for no revocation data")
    not_shown: list[str] = []
    later: datetime | None = None
    for certificate, key in zip(certificates, issuer_keys, strict=True):
        findings = [found for one in lists if (found := _finding(one, key, certificate)) is not None]
        revoked_at = min((one.revoked_at for one in findings if one.revoked_at is not None), default=None)
        if revoked_at is not None and revoked_at <= at:
            detail = f"{name_text(certificate.subject)} was revoked on {revoked_at.isoformat()}"
            return RevocationJudgement(Check(CheckName.REVOCATION, CheckStatus.FAILED, Reason.REVOKED, detail))
        if revoked_at is not None:
            later = revoked_at if later is None else min(later, revoked_at)
        elif not any(one.speaks_from <= at <= one.speaks_to for one in findings):
            not_shown.append(name_text(certificate.subject))
    since = frozenset({Note.REVOKED_SINCE}) if later else frozenset()
    if not_shown:
        detail = f"no revocation data for the reference time: {'; '.join(not_shown)}"
        if mode == RevocationMode.HARD:
            return _not_done(detail, Reason.REVOCATION_UNKNOWN, since)
        return _not_done(detail, None, since | {Note.REVOCATION_NOT_CHECKED})
    detail = f"not revoked then, but on {later.isoformat()}" if later else "not revoked"
    return RevocationJudgement(Check(CheckName.REVOCATION, CheckStatus.PASSED, None, detail), since)


def _not_done(detail: str, reason: Reason | None = None, notes: frozenset[Note] = frozenset()) -> RevocationJudgement:
    return RevocationJudgement(Check(CheckName.REVOCATION, CheckStatus.NOT_DONE, reason, detail), notes)


@lru_cache(maxsize=512)
def _finding(encoded: bytes, issuer_key: bytes, certificate: IssuedCertificate) -> _Finding | None:
    """What the list says; None if it cannot be read, is not the issuer's, or does not speak for this certificate."""
    try:
        revocations = read_crl(encoded)
        if not _is_genuine(revocations, issuer_key, certificate):
            return None
        revoked_at = revocations.revoked_at(certificate.serial)
    except ValueError:
        return None
    if not _is_in_scope(revocations, certificate):
        return _Finding(revoked_at, certificate.not_after, certificate.not_before)
    last = certificate.not_after
    if revocations.expired_since is not None and revocations.expired_since <= certificate.not_after:
        last = datetime.max.replace(tzinfo=certificate.not_after.tzinfo)
    in_force_until = revocations.next_update or revocations.this_update
    if revocations.this_update <= last:
        return _Finding(revoked_at, certificate.not_before, max(in_force_until, revocations.this_update))
    return _Finding(revoked_at, revocations.this_update, in_force_until)


def _is_genuine(revocations: RevocationList, issuer_key: bytes, certificate: IssuedCertificate) -> bool:
    if revocations.not_usable is not None or not same_name(revocations.issuer, certificate.issuer):
        return False
    scheme = scheme_of(revocations.signature_algorithm)
    if scheme is None or scheme.digest in algorithm_table().forbidden_digests:
        return False
    return is_issued_with(issuer_key, revocations.signature_algorithm, revocations.signature, revocations.signed_part)


def _is_in_scope(revocations: RevocationList, certificate: IssuedCertificate) -> bool:
    scope, extensions = revocations.scope, certificate.extensions
    if not (scope.authorities if extensions.is_authority else scope.users):
        return False
    return scope.points is None or bool(scope.points & extensions.crl_names)
