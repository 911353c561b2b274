"""The judgement itself: every check on its own, then what they come to (cli.md section 3).

`passed` is said only when every check that the policy requires has passed. Of the others, one that is false makes the
signature `failed`; without any, what could not be decided makes it `indeterminate`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from pecdesk.trust import cms
from pecdesk.trust.algorithms import AlgorithmJudgement, judge_algorithms
from pecdesk.trust.anchors import AnchorSet
from pecdesk.trust.certificate import IssuedCertificate, read_certificate, serial_text
from pecdesk.trust.names import name_text
from pecdesk.trust.over_time import AtTime, SignerOverTime
from pecdesk.trust.path import PathJudgement, judge_signer, unknown_signer
from pecdesk.trust.policy import TrustPolicy
from pecdesk.trust.revocation import Evidence
from pecdesk.trust.signed import SignatureFindings, examine_signature
from pecdesk.trust.verdict import Certificate, Check, CheckName, CheckStatus, Note, Reason, SignatureStatus, Verdict

INDETERMINATE_REASONS = frozenset(
    {Reason.UNKNOWN_ANCHOR, Reason.SIZE_LIMIT, Reason.PART_LIMIT, Reason.REVOCATION_UNKNOWN, Reason.NO_REFERENCE_TIME}
)
WEAK_REASONS = frozenset({Reason.WEAK_DIGEST, Reason.WEAK_KEY})

_CHECKS_OF_SIGNATURE = (
    CheckName.SIGNED_ATTRIBUTES,
    CheckName.DIGEST,
    CheckName.SIGNATURE,
    CheckName.ALGORITHMS,
)
_CHECKS_OF_SIGNER = (
    CheckName.PATH,
    CheckName.POLICY,
    CheckName.PURPOSE,
    CheckName.NAME_CONSTRAINTS,
    CheckName.VALIDITY,
    CheckName.REVOCATION,
    CheckName.SIGNER_ALLOWED,
    CheckName.ADDRESS,
)
_ALWAYS_REQUIRED = frozenset(
    {CheckName.CMS, *_CHECKS_OF_SIGNATURE, CheckName.PATH, CheckName.PURPOSE, CheckName.VALIDITY}
)


@dataclass(frozen=True, slots=True)
class Case:
    """All that a judgement depends on; the fields are those of `verify`."""

    content: bytes | memoryview
    signature: bytes
    at: datetime | None
    address: str | None
    address_reason: Reason | None
    anchors: AnchorSet
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class _SignerJudgement:
    """Everything about the signer by one path at the reference time."""

    judgement: PathJudgement
    then: AtTime
    allowed: Check
    address: Check

    @property
    def checks(self) -> tuple[Check, ...]:
        then = self.then
        return (*self.judgement.checks, then.validity, then.revocation.check, self.allowed, self.address)


def judge(case: Case) -> Verdict:
    """Judge one signature."""
    if len(case.signature) > cms.MAX_BYTES:
        return _unread(Reason.SIZE_LIMIT, f"the signature is larger than {cms.MAX_BYTES} bytes")
    try:
        data = cms.read_signed_data(case.signature)
    except ValueError as error:
        return _judge_damaged(case, str(error))
    if len(data.certificates) > cms.MAX_CERTIFICATES:
        return _unread(Reason.PART_LIMIT, f"more than {cms.MAX_CERTIFICATES} certificates came along")
    findings = examine_signature(case.content, data, _intermediates(case.anchors))
    if findings.signer is None:
        return _without_signer(case, findings)
    first: Verdict | None = None
    for over_time in _judgements(findings.signer, findings.certificates, case.anchors):
        verdict = _judge_under(case, findings, findings.signer, over_time)
        if verdict.status is SignatureStatus.PASSED:
            return verdict
        first = first or verdict
    assert first is not None  # there is always a judgement
    return first


@lru_cache(maxsize=8)
def _intermediates(anchors: AnchorSet) -> tuple[IssuedCertificate, ...]:
    return tuple(read_certificate(encoded) for policy in anchors.policies for encoded in policy.intermediates)


@lru_cache(maxsize=64)
def _evidence(anchors: AnchorSet, policy: str) -> Evidence:
    """The revocation data used under the policy of that name."""
    of_policy = next((one for one in anchors.policies if one.name == policy), None)
    crls, ocsp = (of_policy.crls, of_policy.ocsp) if of_policy else ((), ())
    return Evidence((*crls, *anchors.crls), (*ocsp, *anchors.ocsp))


@lru_cache(maxsize=256)
def _judgements(
    signer: IssuedCertificate, certificates: tuple[IssuedCertificate, ...], anchors: AnchorSet
) -> tuple[SignerOverTime, ...]:
    """What the policies say of this signer at any time: those that reach an anchor, else one that cannot.

    Judgements that hold come first, then in the order of the policies.
    """
    judgements = [
        judgement
        for policy in anchors.policies
        for judgement in judge_signer(signer, (*certificates, *map(read_certificate, policy.intermediates)), policy)
    ]
    judgements.sort(key=lambda judgement: not judgement.holds)
    if not judgements:
        all_anchors = [anchor for policy in anchors.policies for anchor in policy.anchors]
        judgements = [unknown_signer(signer, (*certificates, *_intermediates(anchors)), all_anchors)]
    return tuple(SignerOverTime(signer, one, _evidence(anchors, one.policy.name)) for one in judgements)


def _judge_under(
    case: Case, findings: SignatureFindings, signer: IssuedCertificate, over_time: SignerOverTime
) -> Verdict:
    """The verdict as it stands under one policy, by one path."""
    judgement, policy = over_time.judgement, over_time.judgement.policy
    reference = case.at or findings.signed_at
    digests = judgement.digests | {findings.digest} if findings.digest else judgement.digests
    algorithms = judge_algorithms(digests, judgement.rsa_bits, reference)
    about_signer = _judge_signer_at(case, signer, over_time, reference)
    then = about_signer.then
    checks = (*findings.checks, _algorithms_check(findings, algorithms), *about_signer.checks)
    status, reason = conclusion(checks, policy)
    notes = algorithms.notes | then.revocation.notes
    if case.now is not None and signer.not_after < case.now and then.validity.status is CheckStatus.PASSED:
        notes |= {Note.CERTIFICATE_EXPIRED_SINCE}
    if policy.by_hand:
        notes |= {Note.TRUST_ADDED_BY_HAND}
    return Verdict(
        status=status,
        reason=reason,
        checks=checks,
        notes=notes,
        signer=_shown(signer, case.address),
        chain=_shown_chain(judgement),
        circuit=policy.name if judgement.path else None,
        provider_proven=then.is_proven,
        signed_at=findings.signed_at,
        reference_time=reference,
        digest=findings.digest,
        weak=algorithms.weak,
    )


def conclusion(checks: tuple[Check, ...], policy: TrustPolicy) -> tuple[SignatureStatus, Reason | None]:
    """What the checks come to, and the first reason for it."""
    required = set(_ALWAYS_REQUIRED)
    if policy.required_policy is not None:
        required.add(CheckName.POLICY)
    if policy.address:
        required.add(CheckName.ADDRESS)
    if policy.signer_addresses is not None:
        required.add(CheckName.SIGNER_ALLOWED)
    open_reasons: list[Reason | None] = []
    for check in checks:
        if check.status is CheckStatus.PASSED or check.reason in WEAK_REASONS:
            continue
        if check.status is CheckStatus.FAILED and check.reason not in INDETERMINATE_REASONS:
            return SignatureStatus.FAILED, check.reason
        if check.reason is not None or check.name in required:
            open_reasons.append(check.reason)
    if open_reasons:
        return SignatureStatus.INDETERMINATE, next((reason for reason in open_reasons if reason), None)
    return SignatureStatus.PASSED, None


def _algorithms_check(findings: SignatureFindings, algorithms: AlgorithmJudgement) -> Check:
    if findings.algorithm_problem is not None:
        return Check(CheckName.ALGORITHMS, CheckStatus.FAILED, *findings.algorithm_problem)
    if algorithms.reason is not None:
        return Check(CheckName.ALGORITHMS, CheckStatus.FAILED, algorithms.reason, algorithms.detail)
    return Check(CheckName.ALGORITHMS, CheckStatus.PASSED, None, algorithms.detail)


def _judge_signer_at(
    case: Case, signer: IssuedCertificate, over_time: SignerOverTime, reference: datetime | None
) -> _SignerJudgement:
    judgement = over_time.judgement
    return _SignerJudgement(
        judgement,
        over_time.at(reference),
        _judge_allowed(signer, judgement.policy, case.address),
        _judge_address(signer, judgement.policy, case),
    )


def _judge_allowed(signer: IssuedCertificate, policy: TrustPolicy, address: str | None) -> Check:
    allowed = policy.signer_addresses
    if allowed is None:
        return Check(CheckName.SIGNER_ALLOWED, CheckStatus.NOT_DONE, None, "this policy names no signers")
    of_signer = {one.lower() for one in signer.extensions.addresses}
    if policy.address and address is not None:
        of_signer &= {address.lower()}
    if of_signer & allowed:
        return Check(CheckName.SIGNER_ALLOWED, CheckStatus.PASSED, None, "among the signers of this policy")
    detail = "the signer's address is not among those of this policy"
    return Check(CheckName.SIGNER_ALLOWED, CheckStatus.FAILED, Reason.SIGNER_NOT_ALLOWED, detail)


def _judge_address(signer: IssuedCertificate, policy: TrustPolicy, case: Case) -> Check:
    if not policy.address:
        return Check(CheckName.ADDRESS, CheckStatus.NOT_DONE, None, "this policy does not compare addresses")
    if case.address is None:
        reason = case.address_reason or Reason.FROM_MISSING
        return Check(CheckName.ADDRESS, CheckStatus.FAILED, reason, "the message has no single sender address")
    addresses = signer.extensions.addresses
    if not addresses:
        detail = "the signer's certificate holds no mail address"
        return Check(CheckName.ADDRESS, CheckStatus.FAILED, Reason.ADDRESS_MISSING, detail)
    if case.address.isascii() and case.address.lower() in (one.lower() for one in addresses):
        return Check(CheckName.ADDRESS, CheckStatus.PASSED, None, "From is the signer's address")
    detail = f"From is not {', '.join(addresses)}"
    return Check(CheckName.ADDRESS, CheckStatus.FAILED, Reason.ADDRESS_MISMATCH, detail)


def _unread(reason: Reason, detail: str) -> Verdict:
    """The signature was not read at all."""
    check = Check(CheckName.CMS, CheckStatus.FAILED, reason, detail)
    rest = _not_done((*_CHECKS_OF_SIGNATURE, *_CHECKS_OF_SIGNER), "the signature could not be read")
    status = SignatureStatus.INDETERMINATE if reason in INDETERMINATE_REASONS else SignatureStatus.FAILED
    return Verdict(status, reason, (check, *rest))


def _without_signer(case: Case, findings: SignatureFindings) -> Verdict:
    """The signature could be read, but whose it is could not be told."""
    rest = _not_done((CheckName.ALGORITHMS, *_CHECKS_OF_SIGNER), "the signer is not known")
    return Verdict(
        status=SignatureStatus.FAILED,
        reason=findings.checks[0].reason,
        checks=(*findings.checks, *rest),
        signed_at=findings.signed_at,
        reference_time=case.at or findings.signed_at,
        digest=findings.digest,
    )


def _judge_damaged(case: Case, detail: str) -> Verdict:
    """The signature cannot be read; a certificate still whole inside it may say whose message this was."""
    unread = _unread(Reason.CMS_UNREADABLE, detail)
    found = cms.find_certificates(case.signature)
    for signer in found:
        for over_time in _judgements(signer, found, case.anchors):
            judgement, about_signer = over_time.judgement, _judge_signer_at(case, signer, over_time, case.at)
            if about_signer.then.is_proven and about_signer.address.status is not CheckStatus.FAILED:
                return replace(
                    unread,
                    checks=(*unread.checks[: -len(about_signer.checks)], *about_signer.checks),
                    signer=_shown(signer, case.address),
                    chain=_shown_chain(judgement),
                    circuit=judgement.policy.name,
                    provider_proven=True,
                    reference_time=case.at,
                )
    return replace(unread, reference_time=case.at)


def _not_done(names: tuple[CheckName, ...], detail: str) -> tuple[Check, ...]:
    return tuple(Check(name, CheckStatus.NOT_DONE, None, detail) for name in names)


def _shown_chain(judgement: PathJudgement) -> tuple[Certificate, ...]:
    return tuple(_shown(one, None) for one in judgement.path.certificates) if judgement.path else ()


@lru_cache(maxsize=512)
def _shown(certificate: IssuedCertificate, address: str | None) -> Certificate:
    """A certificate for display; its address is the one that equals From, else its first."""
    addresses = certificate.extensions.addresses
    same = (one for one in addresses if address is not None and one.lower() == address.lower())
    return Certificate(
        email=next(same, addresses[0] if addresses else None),
        subject=name_text(certificate.subject),
        issuer=name_text(certificate.issuer),
        serial=serial_text(certificate.serial),
        sha256=certificate.sha256,
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        policies=tuple(sorted(certificate.extensions.policies or ())),
        crl_urls=certificate.crl_urls,
    )
