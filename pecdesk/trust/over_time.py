"""A signer by one path, judged at any time: what depends on the reference time, worked out once for each window of it.

Between two edges (a certificate begins or ends, one was revoked, revocation data cease to speak) nothing changes, so
that the judgement on the first message of a provider serves all its others of that window.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from pecdesk.trust.certificate import IssuedCertificate
from pecdesk.trust.names import name_text
from pecdesk.trust.path import PathJudgement
from pecdesk.trust.revocation import Evidence, RevocationJudgement, judge_revocation
from pecdesk.trust.verdict import Check, CheckName, CheckStatus, Reason

Window = tuple[int, int]


@dataclass(frozen=True, slots=True)
class AtTime:
    """What is said of a signer at one reference time."""

    validity: Check
    revocation: RevocationJudgement
    is_proven: bool
    """The certificate is one of the circuit's then."""


class SignerOverTime:
    """One signer, one path, all times."""

    def __init__(self, signer: IssuedCertificate, judgement: PathJudgement, evidence: Evidence) -> None:
        self.judgement = judgement
        self._certificates = judgement.path.certificates if judgement.path else (signer,)
        self._evidence = evidence
        self._found: dict[Window | None, AtTime] = {}

    def at(self, reference: datetime | None) -> AtTime:
        """The judgement at this time, remembered for its window."""
        window = self._window(reference)
        found = self._found.get(window)
        if found is None:
            found = self._found[window] = self.judged_at(reference)
        return found

    def _window(self, reference: datetime | None) -> Window | None:
        """Between which edges the time lies, or on which."""
        if reference is None:
            return None
        return bisect_left(self.edges, reference), bisect_right(self.edges, reference)

    @cached_property
    def edges(self) -> list[datetime]:
        """The times at which anything changes, in order."""
        found = {edge for one in self._certificates for edge in (one.not_before, one.not_after)}
        path = self.judgement.path
        for certificate, key in zip(path.certificates, path.issuer_keys, strict=True) if path else ():
            knowledge = self._evidence.knowledge_of(certificate, key)
            found.update(edge for edge in (knowledge.revoked_at, knowledge.clear_until) if edge is not None)
        return sorted(found)

    def judged_at(self, reference: datetime | None) -> AtTime:
        """The judgement at this time, worked out."""
        validity = _judge_validity(self._certificates, reference)
        revocation = self._judge_revocation(reference)
        return AtTime(
            validity,
            revocation,
            self.judgement.holds
            and validity.status is CheckStatus.PASSED
            and revocation.check.status is not CheckStatus.FAILED,
        )

    def _judge_revocation(self, reference: datetime | None) -> RevocationJudgement:
        path, policy = self.judgement.path, self.judgement.policy
        if path is None or reference is None:
            return RevocationJudgement(Check(CheckName.REVOCATION, CheckStatus.NOT_DONE, None, "nothing to ask about"))
        return judge_revocation(path.certificates, path.issuer_keys, policy.revocation, self._evidence, reference)


def _judge_validity(certificates: tuple[IssuedCertificate, ...], reference: datetime | None) -> Check:
    if reference is None:
        detail = "there is no time to judge by"
        return Check(CheckName.VALIDITY, CheckStatus.NOT_DONE, Reason.NO_REFERENCE_TIME, detail)
    for one in certificates:
        if reference < one.not_before:
            detail = f"{name_text(one.subject)} is valid from {one.not_before.isoformat()}"
            return Check(CheckName.VALIDITY, CheckStatus.FAILED, Reason.NOT_YET_VALID, detail)
        if reference > one.not_after:
            detail = f"{name_text(one.subject)} was valid until {one.not_after.isoformat()}"
            return Check(CheckName.VALIDITY, CheckStatus.FAILED, Reason.EXPIRED, detail)
    return Check(CheckName.VALIDITY, CheckStatus.PASSED, None, "valid at the reference time")
