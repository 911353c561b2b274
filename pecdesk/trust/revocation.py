"""Was a certificate revoked at a point in time? From data that was handed in; nothing is ever fetched.

A list or an answer counts only if the certificate's issuer signed it, or, for an answer, a responder the issuer
appointed. Revoked at or before the reference time is a failure, after it a note. That a certificate is *not* revoked is
said only by data that speaks for the reference time: made after it and before the certificate expired, or in force at
it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from pecdesk.trust.algorithms import AlgorithmIdentifier, algorithm_table, scheme_of
from pecdesk.trust.certificate import OCSP_SIGNING, IssuedCertificate, key_bits, read_certificate
from pecdesk.trust.crl import RevocationList, read_crl
from pecdesk.trust.keys import is_issued_with, rsa_bits
from pecdesk.trust.names import name_text, prepared_name, same_name
from pecdesk.trust.ocsp import CertificateStatus, OcspResponse, read_ocsp
from pecdesk.trust.policy import RevocationMode
from pecdesk.trust.verdict import Check, CheckName, CheckStatus, Note, Reason


@dataclass(frozen=True, slots=True)
class RevocationJudgement:
    """The check, what is to be noted, and whether the mode makes missing data an obstacle."""

    check: Check
    notes: frozenset[Note] = frozenset()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What all data at hand says of one certificate, whatever the time."""

    revoked_at: datetime | None
    clear_until: datetime | None
    """Up to then a certificate that is not revoked is shown not to be; None: nothing speaks for any time."""


class Evidence:
    """Revocation data that was handed in (DER), read when it is first needed. What cannot be read says nothing."""

    def __init__(self, crls: Sequence[bytes] = (), ocsp: Sequence[bytes] = ()) -> None:
        self._crls = crls
        self._ocsp = ocsp
        self._known: dict[tuple[IssuedCertificate, bytes], Knowledge] = {}
        self._lists: dict[tuple[object, bytes], list[RevocationList]] = {}

    def knowledge_of(self, certificate: IssuedCertificate, issuer_key: bytes) -> Knowledge:
        """What it says of a certificate that the owner of this key (DER SubjectPublicKeyInfo) issued; remembered."""
        about = certificate, issuer_key
        if about not in self._known:
            self._known[about] = self._learn(certificate, issuer_key)
        return self._known[about]

    @cached_property
    def _lists_by_issuer(self) -> dict[object, list[RevocationList]]:
        found: dict[object, list[RevocationList]] = {}
        for encoded in self._crls:
            with suppress(ValueError):
                revocations = read_crl(encoded)
                found.setdefault(prepared_name(revocations.issuer), []).append(revocations)
        return found

    @cached_property
    def _responses(self) -> list[OcspResponse]:
        found = []
        for encoded in self._ocsp:
            with suppress(ValueError):
                found.append(read_ocsp(encoded))
        return found

    def _genuine_lists(self, certificate: IssuedCertificate, issuer_key: bytes) -> list[RevocationList]:
        """The lists this issuer signed; looked at once, however many certificates it issued."""
        issuer = prepared_name(certificate.issuer)
        if (issuer, issuer_key) not in self._lists:
            named = self._lists_by_issuer.get(issuer, ())
            self._lists[issuer, issuer_key] = [one for one in named if is_genuine_list(one, issuer_key)]
        return self._lists[issuer, issuer_key]

    def _learn(self, certificate: IssuedCertificate, issuer_key: bytes) -> Knowledge:
        lists = self._genuine_lists(certificate, issuer_key)
        findings: list[Knowledge] = []
        for revocations in lists:
            with suppress(ValueError):
                findings.append(_of_list(revocations, certificate))
        for response in self._responses:
            findings += _of_response(response, certificate, issuer_key, lists)
        dates = [one.revoked_at for one in findings if one.revoked_at is not None]
        ends = [one.clear_until for one in findings if one.clear_until is not None]
        return Knowledge(min(dates, default=None), max(ends, default=None))


def judge_revocation(
    certificates: Sequence[IssuedCertificate],
    issuer_keys: Sequence[bytes],
    mode: RevocationMode,
    evidence: Evidence,
    at: datetime,
) -> RevocationJudgement:
    """Judge every certificate of a path, signer first, each with the key of its issuer (DER SubjectPublicKeyInfo)."""
    if mode == RevocationMode.OFF:
        return _not_done("this policy asks for no revocation data")
    not_shown: list[str] = []
    later: datetime | None = None
    for certificate, key in zip(certificates, issuer_keys, strict=True):
        knowledge = evidence.knowledge_of(certificate, key)
        revoked_at = knowledge.revoked_at
        if revoked_at is not None and revoked_at <= at:
            detail = f"{name_text(certificate.subject)} was revoked on {revoked_at.isoformat()}"
            return RevocationJudgement(Check(CheckName.REVOCATION, CheckStatus.FAILED, Reason.REVOKED, detail))
        if revoked_at is not None:
            later = revoked_at if later is None else min(later, revoked_at)
        elif knowledge.clear_until is None or at > knowledge.clear_until:
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


def _of_list(revocations: RevocationList, certificate: IssuedCertificate) -> Knowledge:
    """What a genuine list says of a certificate of its issuer. Raises ValueError if its entry is not understood."""
    revoked_at = revocations.revoked_at(certificate.serial)
    if not _is_in_scope(revocations, certificate):
        return Knowledge(revoked_at, None)
    made_at = revocations.this_update
    until = max(made_at, revocations.next_update or made_at)
    return Knowledge(revoked_at, _clear_until(certificate, made_at, until, revocations.expired_since))


def _of_response(
    response: OcspResponse, certificate: IssuedCertificate, issuer_key: bytes, lists: Sequence[RevocationList]
) -> list[Knowledge]:
    """What an answer says of a certificate, if it is about it and genuine."""
    about = [one for one in response.statuses if one.is_known and one.is_about(certificate, key_bits(issuer_key))]
    if not about or not is_genuine_response(response, certificate.issuer, issuer_key, lists):
        return []
    return [_of_status(one, certificate) for one in about]


def _of_status(status: CertificateStatus, certificate: IssuedCertificate) -> Knowledge:
    until = status.next_update or status.this_update
    return Knowledge(status.revoked_at, _clear_until(certificate, status.this_update, until, status.archived_since))


def _clear_until(
    certificate: IssuedCertificate, made_at: datetime, in_force_until: datetime, keeps_expired_since: datetime | None
) -> datetime | None:
    """Data speaks for all times before it was made, and while it is in force; not at all if the certificate had expired
    by then and such ones are no longer told of."""
    told_of = min(made_at, keeps_expired_since or made_at)
    return in_force_until if told_of <= certificate.not_after else None


def is_genuine_list(revocations: RevocationList, issuer_key: bytes) -> bool:
    """Whether the owner of this key (DER SubjectPublicKeyInfo) issued the list, and it can be used. Its issuer's name
    is for the caller to compare."""
    return revocations.not_usable is None and _is_signed(
        issuer_key, revocations.signature_algorithm, revocations.signature, revocations.signed_part
    )


def _is_signed(key: bytes, algorithm: AlgorithmIdentifier, signature: bytes, signed: bytes) -> bool:
    scheme = scheme_of(algorithm)
    if scheme is None or scheme.digest in algorithm_table().forbidden_digests:
        return False
    return is_issued_with(key, algorithm, signature, signed)


def is_genuine_response(
    response: OcspResponse, issuer: bytes, issuer_key: bytes, lists: Sequence[RevocationList] = ()
) -> bool:
    """Whether the issuer answered, or a responder it appointed and did not dismiss by one of its lists."""
    if response.not_understood:
        return False
    made = response.signature_algorithm, response.signature, response.signed_part
    if response.is_by(issuer, key_bits(issuer_key)):
        return _is_signed(issuer_key, *made)
    return any(
        _is_signed(delegate.key, *made) and not _is_dismissed(delegate, lists, response.produced_at)
        for delegate in _delegates(response, issuer, issuer_key)
    )


def _is_dismissed(delegate: IssuedCertificate, lists: Sequence[RevocationList], at: datetime) -> bool:
    try:
        dates = [one.revoked_at(delegate.serial) for one in lists]
    except ValueError:
        return True
    return any(date is not None and date <= at for date in dates)


def _delegates(response: OcspResponse, issuer: bytes, issuer_key: bytes) -> Iterator[IssuedCertificate]:
    """Certificates that came along and by which the issuer appointed this responder for then (RFC 6960 §4.2.2.2)."""
    for encoded in response.certificates:
        try:
            one = read_certificate(encoded)
            is_responder = response.is_by(one.subject, key_bits(one.key))
        except ValueError:
            continue
        extensions, table = one.extensions, algorithm_table()
        if (
            is_responder
            and same_name(one.issuer, issuer)
            and OCSP_SIGNING in (extensions.purposes or ())
            and (extensions.key_usage is None or extensions.key_usage & {"digital-signature", "non-repudiation"})
            and not extensions.not_understood
            and one.not_before <= response.produced_at <= one.not_after
            and (rsa_bits(one.key) or table.rsa_minimum) >= table.rsa_minimum
            and _is_signed(issuer_key, one.signature_algorithm, one.signature, one.signed_part)
        ):
            yield one


def _is_in_scope(revocations: RevocationList, certificate: IssuedCertificate) -> bool:
    scope, extensions = revocations.scope, certificate.extensions
    if not (scope.authorities if extensions.is_authority else scope.users):
        return False
    return scope.points is None or bool(scope.points & extensions.crl_names)
