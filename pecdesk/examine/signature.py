"""The verdict on the one signature that must cover a whole message."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pecdesk.examine.structure import check_limits, check_structure, signed_bytes
from pecdesk.mime import Part, decoded, strict_address
from pecdesk.pec.classify import Layout
from pecdesk.pec.daticert import CertificationData
from pecdesk.trust import AnchorSet, Check, CheckName, CheckStatus, Reason, SignatureStatus, Verdict, verify

BROKEN = frozenset({Reason.DIGEST_MISMATCH, Reason.SIGNATURE_MISMATCH, Reason.CMS_UNREADABLE})
"""Reasons by which a proven provider's message is `altered` (row 4)."""


def judge(
    raw: bytes,
    part: Part,
    layout: Layout,
    certification: CertificationData | None,
    anchors: AnchorSet,
    *,
    at: datetime | None,
    now: datetime | None,
) -> Verdict:
    """Judge the signature at `at`, else at the time its daticert states; or say why there is none to judge."""
    limits, structure = check_limits(part), check_structure(raw, part, layout)
    unread = bool(part.limits) or structure.reason is Reason.INCOMPLETE
    if unread or layout.signed is None or layout.signature is None or structure.reason is Reason.PART_COUNT:
        status = SignatureStatus.INDETERMINATE if unread else SignatureStatus.NONE
        return Verdict(status, limits.reason or structure.reason, (limits, structure))

    content, signature = signed_bytes(raw, layout.signed), decoded(raw, layout.signature)
    address, problem = strict_address(part.values("from"))
    reason = Reason(problem) if problem else None

    def verified(time: datetime | None) -> Verdict:
        return verify(content, signature, at=time, address=address, address_reason=reason, anchors=anchors, now=now)

    stated = certification.time if certification is not None else None
    verdict = verified(at or stated)
    if at is None and stated is not None and not verdict.provider_proven and is_broken(verdict):
        # The time of an altered daticert is worth nothing: whether the signer was a provider is then judged at
        # the time the CMS itself states, so that an altered receipt is not mistaken for a stranger's.
        again = verified(None)
        verdict = again if again.provider_proven else verdict
    if structure.status is CheckStatus.FAILED and verdict.status is not SignatureStatus.FAILED:
        verdict = replace(verdict, status=SignatureStatus.FAILED, reason=structure.reason)
    from_status = CheckStatus.FAILED if reason else CheckStatus.PASSED
    from_check = Check(CheckName.FROM, from_status, reason, "one strictly parsed mailbox")
    return replace(verdict, checks=(limits, structure, from_check, *verdict.checks))


def is_broken(verdict: Verdict) -> bool:
    """Whether the content is not what was signed, or the signature cannot be read."""
    return any(check.reason in BROKEN for check in verdict.checks)
