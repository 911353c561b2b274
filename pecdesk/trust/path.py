"""From a signer's certificate to an anchor: finding paths, and judging each under one policy, whatever the time.

Every rule is checked here, one by one, so that each has its own line and its own reason. A path that holds is then
given to `pyhanko-certvalidator`, which knows nothing of these checks, as a second opinion (RFC 5280 §6.1). It is given
no fetcher, the anchor's limits and the required policy both as arguments and as qualifiers of the anchor: given only as
arguments, a policy accepts any other once an anchor has qualifiers.

Judgements do not depend on the reference time: a path carries the span in which all its certificates are valid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pecdesk.trust.algorithms import scheme_of
from pecdesk.trust.certificate import ANY_POLICY, ANY_PURPOSE, EMAIL_PROTECTION, IssuedCertificate
from pecdesk.trust.keys import is_issued_with, rsa_bits
from pecdesk.trust.named import names_pec_authority
from pecdesk.trust.names import NameConstraints, name_text, parse_name, same_name
from pecdesk.trust.policy import Anchor, Purpose, TrustPolicy
from pecdesk.trust.verdict import Check, CheckName, CheckStatus, Reason

MAX_INTERMEDIATES = 5
MAX_PATHS = 8
MAX_ATTEMPTS = 100
"""Signatures of certificates tried for one signer; a hostile bag of certificates gets no more."""

_NO_POLICY = TrustPolicy(name="", anchors=())
"""Stands in where no policy reaches an anchor: its rules are the strict defaults."""


@dataclass(frozen=True, slots=True)
class CertificatePath:
    """Signer first, each signed by the next, the last by the anchor."""

    certificates: tuple[IssuedCertificate, ...]
    anchor: Anchor
    anchor_key: bytes
    """DER SubjectPublicKeyInfo; for a pin, the one that came with the message."""

    @property
    def issuer_keys(self) -> tuple[bytes, ...]:
        """The key that signed each certificate."""
        return (*(one.key for one in self.certificates[1:]), self.anchor_key)

    @property
    def not_before(self) -> datetime:
        """Start of the span in which every certificate is valid."""
        return max(one.not_before for one in self.certificates)

    @property
    def not_after(self) -> datetime:
        """End of that span; before its start if there is none."""
        return min(one.not_after for one in self.certificates)


@dataclass(frozen=True, slots=True)
class PathJudgement:
    """What one policy says of a signer's certificate at any time."""

    policy: TrustPolicy
    path: CertificatePath | None
    checks: tuple[Check, Check, Check, Check]
    """Path, policy, purpose, name constraints."""
    digests: frozenset[str]
    """Digests with which the certificates of the path were signed."""
    rsa_bits: frozenset[int]
    """Sizes of the RSA keys in the path, the anchor's included; without a path the signer's."""

    @property
    def holds(self) -> bool:
        """Nothing failed: at a time in the path's span this certificate is one of the circuit's."""
        return self.path is not None and all(check.status is not CheckStatus.FAILED for check in self.checks)


def judge_signer(
    signer: IssuedCertificate, candidates: Sequence[IssuedCertificate], policy: TrustPolicy
) -> tuple[PathJudgement, ...]:
    """Every path from this certificate to an anchor of the policy, judged. Candidates are not trusted."""
    paths = _Search(signer, candidates, policy.anchors).paths()
    return tuple(_judge_path(path, policy) for path in paths)


def unknown_signer(
    signer: IssuedCertificate, candidates: Sequence[IssuedCertificate], anchors: Sequence[Anchor]
) -> PathJudgement:
    """The judgement on a certificate from which no path reaches any of these anchors: with the reason."""
    search = _Search(signer, candidates, anchors)
    search.paths()
    check = Check(CheckName.PATH, CheckStatus.FAILED, Reason.UNKNOWN_ANCHOR, search.explanation())
    policy, purpose, names = (
        Check(name, CheckStatus.NOT_DONE, None, "there is no path to a known authority")
        for name in (CheckName.POLICY, CheckName.PURPOSE, CheckName.NAME_CONSTRAINTS)
    )
    checks = (check, policy, purpose, names)
    return PathJudgement(_NO_POLICY, None, checks, frozenset(), _sizes((signer.key,)))


class _Search:
    """The search for paths: shortest first, bounded in work."""

    def __init__(
        self, signer: IssuedCertificate, candidates: Sequence[IssuedCertificate], anchors: Sequence[Anchor]
    ) -> None:
        self.signer = signer
        self.candidates = list(dict.fromkeys(candidates))
        self.anchors = anchors
        self.attempts = 0
        self.last_issuer = signer.issuer

    def paths(self) -> list[CertificatePath]:
        found: list[CertificatePath] = []
        partial: list[tuple[IssuedCertificate, ...]] = [(self.signer,)]
        while partial and len(found) < MAX_PATHS:
            certificates = partial.pop(0)
            last = certificates[-1]
            self.last_issuer = last.issuer
            found += self._to_anchors(certificates)
            if len(certificates) > MAX_INTERMEDIATES:
                continue
            partial += [
                (*certificates, issuer)
                for issuer in self.candidates
                if issuer not in certificates
                and same_name(issuer.subject, last.issuer)
                and self._issued(last, issuer.key)
            ]
        return found[:MAX_PATHS]

    def _to_anchors(self, certificates: tuple[IssuedCertificate, ...]) -> Iterator[CertificatePath]:
        last = certificates[-1]
        for anchor in self.anchors:
            if same_name(anchor.subject, last.issuer):
                for key in self._keys(anchor):
                    if self._issued(last, key):
                        yield CertificatePath(certificates, anchor, key)

    def _keys(self, anchor: Anchor) -> Iterable[bytes]:
        if anchor.key is not None:
            return (anchor.key,)
        return {
            one.key: None
            for one in self.candidates
            if one.key_sha256 == anchor.key_sha256 and same_name(one.subject, anchor.subject)
        }

    def _issued(self, certificate: IssuedCertificate, key: bytes) -> bool:
        self.attempts += 1
        return self.attempts <= MAX_ATTEMPTS and is_issued_with(
            key, certificate.signature_algorithm, certificate.signature, certificate.signed_part
        )

    def explanation(self) -> str:
        """Why no path was found."""
        issuer = name_text(self.signer.issuer)
        for anchor in self.anchors:
            if any(same_name(anchor.subject, name) for name in (self.last_issuer, self.signer.issuer)):
                return f"the issuer calls itself {anchor.name}, but its key is not the known one"
        further = "" if self.last_issuer == self.signer.issuer else f", which leads to {name_text(self.last_issuer)}"
        named = names_pec_authority(issuer, self.signer.extensions.policies or ())
        claim = "; it names an authority or a policy of PEC: newer than the trust data here, or a forgery"
        return f"the issuer is not known here: {issuer}{further}{claim if named else ''}"


def _judge_path(path: CertificatePath, policy: TrustPolicy) -> PathJudgement:
    required = _judge_required_policy(path, policy.required_policy)
    purpose = _judge_purpose(path, policy.purpose)
    names = _judge_names(path, policy)
    others = (required, purpose, names)
    fault = _structural_fault(path)
    if fault is None and all(check.status is not CheckStatus.FAILED for check in others):
        fault = _second_opinion(path, policy)
    if fault:
        check = Check(CheckName.PATH, CheckStatus.FAILED, Reason.PATH_INVALID, fault)
    else:
        check = Check(CheckName.PATH, CheckStatus.PASSED, None, f"issued under {path.anchor.name}")
    schemes = [scheme_of(one.signature_algorithm) for one in path.certificates]
    digests = frozenset(scheme.digest for scheme in schemes if scheme and scheme.digest)
    keys = (path.certificates[0].key, *path.issuer_keys)
    return PathJudgement(policy, path, (check, *others), digests, _sizes(keys))


def _sizes(keys: Iterable[bytes]) -> frozenset[int]:
    return frozenset(bits for key in keys if (bits := rsa_bits(key)) is not None)


def _structural_fault(path: CertificatePath) -> str | None:
    """What makes the path invalid, whatever is asked of it."""
    for certificate in path.certificates:
        if certificate.extensions.not_understood:
            return f"a critical extension is not understood: {certificate.extensions.not_understood[0]}"
    if path.not_before > path.not_after:
        return "its certificates were never valid at the same time"
    below = 0
    limits = [(name_text(one.subject), one.extensions.path_length) for one in path.certificates[1:]]
    for index, issuer in enumerate(path.certificates[1:]):
        usage = issuer.extensions.key_usage
        if not issuer.extensions.is_authority or (usage is not None and "certificate-sign" not in usage):
            return f"{name_text(issuer.subject)} is not an authority"
        if _exceeds(limits[index][1], below):
            return f"more authorities follow {limits[index][0]} than it permits"
        below += not issuer.is_self_issued
    if _exceeds(path.anchor.path_length, below):
        return f"more authorities follow {path.anchor.name} than it permits"
    return None


def _exceeds(limit: int | None, below: int) -> bool:
    return limit is not None and below > limit


def _judge_required_policy(path: CertificatePath, required: str | None) -> Check:
    if required is None:
        return Check(CheckName.POLICY, CheckStatus.NOT_DONE, None, "no certificate policy is required")
    for index, certificate in enumerate(path.certificates):
        stated = certificate.extensions.policies or frozenset()
        if required not in stated and not (index and ANY_POLICY in stated):
            detail = f"{name_text(certificate.subject)} does not state the policy {required}"
            return Check(CheckName.POLICY, CheckStatus.FAILED, Reason.POLICY_MISSING, detail)
    return Check(CheckName.POLICY, CheckStatus.PASSED, None, f"issued under the policy {required}")


def _judge_purpose(path: CertificatePath, purpose: Purpose) -> Check:
    signer, *issuers = path.certificates
    usage = signer.extensions.key_usage
    fault = None
    if usage is not None and not usage & {"digital-signature", "non-repudiation"}:
        fault = "the signer's key is not made for signatures"
    elif signer.extensions.is_authority:
        fault = "the signer's certificate is that of an authority"
    elif purpose != Purpose.ANY:
        if EMAIL_PROTECTION not in (signer.extensions.purposes or ()):
            fault = "the signer's certificate is not made for mail"
        for issuer in issuers:
            purposes = issuer.extensions.purposes
            if purposes is not None and not purposes & {EMAIL_PROTECTION, ANY_PURPOSE}:
                fault = f"{name_text(issuer.subject)} may not issue certificates for mail"
    if fault:
        return Check(CheckName.PURPOSE, CheckStatus.FAILED, Reason.WRONG_PURPOSE, fault)
    return Check(CheckName.PURPOSE, CheckStatus.PASSED, None, "made for this use")


def _judge_names(path: CertificatePath, policy: TrustPolicy) -> Check:
    if not policy.name_constraints:
        return Check(CheckName.NAME_CONSTRAINTS, CheckStatus.NOT_DONE, None, "this policy limits no names")
    limiting: list[tuple[str, NameConstraints, tuple[IssuedCertificate, ...]]] = []
    if path.anchor.constraints is not None:
        limiting.append((path.anchor.name, path.anchor.constraints, path.certificates))
    for index, issuer in enumerate(path.certificates):
        if index and issuer.extensions.constraints is not None:
            limiting.append((name_text(issuer.subject), issuer.extensions.constraints, path.certificates[:index]))
    for authority, constraints, certificates in limiting:
        for certificate in certificates:
            if certificate is not path.certificates[0] and certificate.is_self_issued:
                continue
            extensions = certificate.extensions
            subject = (certificate.subject,) if parse_name(certificate.subject) else ()
            fault = constraints.breach(
                (*extensions.addresses, *certificate.subject_addresses),
                (*subject, *extensions.directories),
                extensions.other_forms,
            )
            if fault:
                detail = f"{fault} of {authority}"
                return Check(CheckName.NAME_CONSTRAINTS, CheckStatus.FAILED, Reason.NAME_NOT_PERMITTED, detail)
    if not limiting:
        return Check(CheckName.NAME_CONSTRAINTS, CheckStatus.NOT_DONE, None, "the authority is not limited in names")
    return Check(CheckName.NAME_CONSTRAINTS, CheckStatus.PASSED, None, "all names are permitted")


def _second_opinion(path: CertificatePath, policy: TrustPolicy) -> str | None:
    """The library's objection to a path that holds by our own rules, or None."""
    if not policy.name_constraints and any(one.extensions.constraints for one in path.certificates):
        return None
    from pecdesk.trust.second_opinion import objection_to  # noqa: PLC0415 - slow to import, needed once per provider

    return objection_to(
        certificates=[one.encoded for one in reversed(path.certificates)],
        anchor_name=path.anchor.subject,
        anchor_key=path.anchor_key,
        at=path.not_before,
        required_policy=policy.required_policy,
        constraints=path.anchor.constraints if policy.name_constraints else None,
    )
