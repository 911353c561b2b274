"""`examine(raw, anchors)`: from the bytes of a message to all that they tell."""

from __future__ import annotations

import hashlib
from datetime import datetime

from pecdesk.examine.carried import content_of, original_of
from pecdesk.examine.certification import UNSIGNED, certification_of
from pecdesk.examine.examination import Examination, Original, SignatureReport, over_limit
from pecdesk.examine.signature import is_broken, judge
from pecdesk.examine.structure import is_cut_off, signed_bytes
from pecdesk.mime import parse
from pecdesk.pec.binding import Binding, bind
from pecdesk.pec.classify import Claimed, claimed_of, layout_of
from pecdesk.pec.comparison import fingerprint_of
from pecdesk.pec.daticert import CertificationData
from pecdesk.pec.inside import mail_inside
from pecdesk.pec.message import Completeness, MessageKind, summary_of
from pecdesk.pec.standing import Standing, StandingFacts, standing_of
from pecdesk.trust import AnchorSet, Check, CheckName, CheckStatus, Note, Reason, SignatureStatus, Verdict

MAX_BYTES = 150 * 1024 * 1024
"""Larger messages are not examined: PEC providers stop at 100 MB (137 MB as base64)."""

LIMITS_OF_SIGNATURE = frozenset({Reason.SIZE_LIMIT, Reason.PART_LIMIT})
"""Reasons by which a signature was not read at all: too large, or too many certificates (row 1)."""

UNBOUND = Binding((), header_missing=False, inner_ids_agree=True)
"""Of a message that certifies nothing: there is nothing it could disagree with."""


def examine(raw: bytes, anchors: AnchorSet, *, at: datetime | None = None, now: datetime | None = None) -> Examination:
    """Examine one message. `at` replaces the reference time; `now` only decides what has expired since."""
    if len(raw) > MAX_BYTES:
        return over_limit(raw, Reason.SIZE_LIMIT, anchors.version)
    part = parse(raw)
    claimed, summary = claimed_of(part), summary_of(part)
    layout = layout_of(part, claimed)
    written, certification_check = certification_of(raw, layout, claimed.kind)
    found = mail_inside(raw, layout)
    content = content_of(raw, part, layout, found)
    original = original_of(layout, found, content)
    verdict = judge(raw, part, layout, written, anchors, at=at, now=now)

    certification, claim = (written, None) if verdict.status is SignatureStatus.PASSED else (None, written)
    if claim is not None:
        certification_check = UNSIGNED
    kind = certification.kind if certification is not None else _claimed_kind(claimed, claim)
    binding = UNBOUND
    if certification is not None:
        inner = original.summary if original is not None else None
        binding = bind(certification, summary, claimed, inner, verdict.signed_at, verdict.signer)
    checks = (*filter(_applies, verdict.checks), certification_check, *binding.checks)
    certification_needed = _certification_needed(anchors, verdict.circuit)
    standing = standing_of(
        StandingFacts(
            kind=kind,
            signature=verdict.status,
            limit_hit=bool(part.limits) or verdict.reason in LIMITS_OF_SIGNATURE,
            incomplete=is_cut_off(raw, part),
            anchor_reached=verdict.circuit is not None,
            provider_proven=verdict.provider_proven,
            content_broken=is_broken(verdict),
            certification_needed=certification_needed,
            certification_valid=written is not None or (kind.is_rem and layout.rem_evidence is not None),
            disagrees_or_weak=binding.contradicted or verdict.weak,
        )
    )
    return Examination(
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        kind=kind,
        standing=standing,
        reasons=_reasons(standing, kind, verdict, checks, certification_needed=certification_needed),
        notes=_notes(verdict, binding),
        circuit=verdict.circuit,
        reference_time=verdict.reference_time,
        signature=SignatureReport(
            verdict.status, verdict.reason, verdict.signed_at, verdict.digest, verdict.signer, verdict.chain
        ),
        checks=checks,
        certification=certification,
        claimed=claimed,
        claimed_certification=claim,
        summary=summary,
        original=original,
        receipt_actual=_receipt_actual(kind, original),
        signed_sha256=hashlib.sha256(signed_bytes(raw, layout.signed)).hexdigest() if layout.signed else None,
        counts=standing.proves and binding.inner_ids_agree,
        text=content.text,
        notice=content.notice,
        attachments=content.attachments,
        fingerprint=fingerprint_of(raw, part, with_forms=True) if kind is MessageKind.ORDINARY else None,
        anchors_version=anchors.version,
    )


def _claimed_kind(claimed: Claimed, certification: CertificationData | None) -> MessageKind:
    """What the message claims; a daticert at its place speaks where the headers were lost by an export."""
    if claimed.kind is MessageKind.ORDINARY and certification is not None:
        return certification.kind
    return claimed.kind


def _applies(check: Check) -> bool:
    """Most policies name no signers: there is nothing to check then, and nothing to say."""
    return check.name is not CheckName.SIGNER_ALLOWED or check.status is not CheckStatus.NOT_DONE


def _certification_needed(anchors: AnchorSet, circuit: str | None) -> bool:
    return next((policy.daticert for policy in anchors.policies if policy.name == circuit), True)


def _notes(verdict: Verdict, binding: Binding) -> tuple[Note, ...]:
    notes = set(verdict.notes) if verdict.status is not SignatureStatus.NONE else set()
    if binding.header_missing:
        notes.add(Note.HEADER_MISSING)
    return tuple(sorted(notes))


def _receipt_actual(kind: MessageKind, original: Original | None) -> Completeness | None:
    if kind is not MessageKind.DELIVERY:
        return None
    return original.completeness if original else Completeness.SHORT


def _reasons(
    standing: Standing, kind: MessageKind, verdict: Verdict, checks: tuple[Check, ...], *, certification_needed: bool
) -> tuple[Reason, ...]:
    """Why the standing is not `certified`: the reasons of the checks that did not pass, most telling first."""
    if standing is Standing.CERTIFIED:
        return ()
    is_anomaly = kind is MessageKind.ANOMALY_ENVELOPE
    found = [check.reason for check in checks if check.reason and check.status is CheckStatus.FAILED]
    if verdict.status is SignatureStatus.NONE or is_anomaly or not certification_needed:
        found = [reason for reason in found if reason is not Reason.CERTIFICATION_MISSING]
    if verdict.status is not SignatureStatus.NONE and verdict.reason is not None:
        found.insert(0, verdict.reason)
    if is_anomaly and verdict.status is SignatureStatus.PASSED:
        found.insert(0, Reason.ANOMALY_ENVELOPE)
    found += [check.reason for check in checks if check.reason and check.status is CheckStatus.NOT_DONE]
    return tuple(dict.fromkeys(found))
