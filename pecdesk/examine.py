"""`examine(raw, anchors)`: all that the bytes of one message tell, as one value.

Joins `mime` (where things lie), `trust` (who signed them) and `pec` (what they mean). Pure: no clock, no files, no
network; the same bytes under the same anchors give the same `Examination`, on disk, over a pipe and on screen.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from pecdesk.mime import Attachment, Limit, Part, attachments, decoded, parse, readable_text, strict_address
from pecdesk.pec.binding import Binding, bind
from pecdesk.pec.classify import Claimed, Layout, claimed_of, layout_of
from pecdesk.pec.comparison import Fingerprint, fingerprint_of
from pecdesk.pec.daticert import CertificationData, CertificationError, read_certification
from pecdesk.pec.inside import Inside, mail_inside
from pecdesk.pec.message import Completeness, MessageKind, Summary, summary_of
from pecdesk.pec.standing import Standing, StandingFacts, standing_of
from pecdesk.trust import (
    AnchorSet,
    Certificate,
    Check,
    CheckName,
    CheckStatus,
    Note,
    Reason,
    SignatureStatus,
    Verdict,
    verify,
)

EXAMINE_VERSION = 3
"""Raised whenever the same bytes may give another examination; stored verdicts of another version are made again."""

MAX_BYTES = 150 * 1024 * 1024
"""Larger messages are not examined: PEC providers stop at 100 MB (137 MB as base64)."""

STRUCTURAL_HEADERS = ("content-type", "mime-version", "content-transfer-encoding")

REASON_OF_LIMIT = {
    Limit.HEADERS: Reason.HEADER_LIMIT,
    Limit.DEPTH: Reason.DEPTH_LIMIT,
    Limit.PARTS: Reason.PART_LIMIT,
}


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """What is known of the one signature over the whole message."""

    status: SignatureStatus
    reason: Reason | None = None
    signed_at: datetime | None = None
    digest: str | None = None
    signer: Certificate | None = None
    chain: tuple[Certificate, ...] = ()


@dataclass(frozen=True, slots=True)
class Original:
    """The mail inside an envelope or a delivery receipt."""

    start: int
    end: int
    """Where postacert.eml lies in the raw bytes, still in its transfer encoding."""
    encoding: str
    """identity, or the Content-Transfer-Encoding to undo first."""
    sha256: str
    """Of the decoded bytes."""
    size: int
    summary: Summary
    completeness: Completeness
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class Examination:
    """All that the bytes of one message tell."""

    sha256: str
    size: int
    kind: MessageKind
    standing: Standing
    reasons: tuple[Reason, ...]
    notes: tuple[Note, ...]
    """Sorted."""
    circuit: str | None
    reference_time: datetime | None
    signature: SignatureReport
    checks: tuple[Check, ...]
    certification: CertificationData | None
    """What the provider certifies: only where the signature passed."""
    claimed: Claimed
    claimed_certification: CertificationData | None
    """A daticert.xml at its place whose signature did not pass: a claim, proving nothing."""
    summary: Summary
    original: Original | None
    receipt_actual: Completeness | None
    """What a delivery receipt really brings back."""
    signed_sha256: str | None
    """Of the signed bytes: copies of one receipt that differ only in unsigned headers or in line ends share it."""
    counts: bool
    """Whether this may move a transmission: proven, and in agreement with its own inner message."""
    text: str
    """What the user wrote: of the mail inside where there is one."""
    notice: str
    """The provider's own words, for PEC objects."""
    attachments: tuple[Attachment, ...]
    """Of the mail inside where there is one, else of the message; daticert, postacert and signature left out."""
    fingerprint: Fingerprint | None
    """Of ordinary messages, which may be somebody's sent copy."""
    anchors_version: str
    version: int = EXAMINE_VERSION


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Examination)


def to_json(examination: Examination) -> bytes:
    """One JSON document that `from_json` reads back to an equal value."""
    return _ENCODER.encode(examination)


def from_json(document: bytes | str) -> Examination:
    """Read what `to_json` wrote; `msgspec.ValidationError` or `DecodeError` for anything else."""
    return _DECODER.decode(document)


def examine(raw: bytes, anchors: AnchorSet, *, at: datetime | None = None, now: datetime | None = None) -> Examination:
    """Examine one message. `at` replaces the reference time; `now` only decides what has expired since."""
    if len(raw) > MAX_BYTES:
        return over_limit(raw, Reason.SIZE_LIMIT, anchors.version)
    part = parse(raw)
    claimed, summary, layout = claimed_of(part), summary_of(part), layout_of(part)
    certification, certification_check = _certification(raw, layout, claimed.kind)
    found = mail_inside(raw, layout)
    original = _original(layout, found)
    verdict = _verdict(raw, part, layout, certification, anchors, at, now)

    passed = verdict.status is SignatureStatus.PASSED
    if certification is not None and not passed:
        detail = "daticert.xml is at its place and valid, and covered by no signature that holds"
        certification_check = Check(CheckName.CERTIFICATION, CheckStatus.NOT_DONE, None, detail)
    kind = certification.kind if passed and certification else _claimed_kind(claimed, certification)
    binding = (
        bind(certification, summary, claimed, original.summary if original else None, verdict.signed_at, verdict.signer)
        if passed and certification
        else Binding((), header_missing=False, inner_ids_agree=True)
    )
    checks = (*filter(_applies, verdict.checks), certification_check, *binding.checks)
    needed = _certification_needed(anchors, verdict.circuit)
    standing = standing_of(
        StandingFacts(
            kind=kind,
            signature=verdict.status,
            limit_hit=bool(part.limits) or verdict.reason in LIMITS_OF_SIGNATURE,
            incomplete=_is_cut_off(raw, part),
            anchor_reached=verdict.circuit is not None,
            provider_proven=verdict.provider_proven,
            content_broken=any(check.reason in BROKEN for check in verdict.checks),
            certification_needed=needed,
            certification_valid=certification is not None or (kind.is_rem and layout.rem_evidence is not None),
            disagrees_or_weak=binding.contradicted or verdict.weak,
        )
    )
    notes = set(verdict.notes) if verdict.status is not SignatureStatus.NONE else set()
    if binding.header_missing:
        notes.add(Note.HEADER_MISSING)
    content = _content(raw, part, layout, found)
    return Examination(
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        kind=kind,
        standing=standing,
        reasons=_reasons(standing, kind, verdict, checks, certification_needed=needed),
        notes=tuple(sorted(notes)),
        circuit=verdict.circuit,
        reference_time=verdict.reference_time,
        signature=SignatureReport(
            verdict.status, verdict.reason, verdict.signed_at, verdict.digest, verdict.signer, verdict.chain
        ),
        checks=checks,
        certification=certification if passed else None,
        claimed=claimed,
        claimed_certification=None if passed else certification,
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


def _applies(check: Check) -> bool:
    """Most policies name no signers: there is nothing to check then, and nothing to say."""
    return check.name is not CheckName.SIGNER_ALLOWED or check.status is not CheckStatus.NOT_DONE


BROKEN = frozenset(
    {
        Reason.DIGEST_MISMATCH,
        Reason.SIGNATURE_MISMATCH,
        Reason.CMS_UNREADABLE,
    }
)
"""Reasons by which a proven provider's message is `altered` (row 4)."""


LIMITS_OF_SIGNATURE = frozenset({Reason.SIZE_LIMIT, Reason.PART_LIMIT})
"""Reasons by which a signature was not read at all: too large, or too many certificates (row 1)."""


def over_limit(raw: bytes, reason: Reason, anchors_version: str = "") -> Examination:
    """The examination of a message that could not be examined within the limits."""
    return unexamined(hashlib.sha256(raw).hexdigest(), len(raw), reason, anchors_version)


def unexamined(sha256: str, size: int, reason: Reason, anchors_version: str = "") -> Examination:
    """The same, for bytes that were never held in memory."""
    nothing = Summary("", (), (), (), None, None, None, None, ())
    return Examination(
        sha256=sha256,
        size=size,
        kind=MessageKind.UNKNOWN,
        standing=Standing.UNDETERMINED,
        reasons=(reason,),
        notes=(),
        circuit=None,
        reference_time=None,
        signature=SignatureReport(SignatureStatus.INDETERMINATE, reason),
        checks=(Check(CheckName.LIMITS, CheckStatus.FAILED, reason, "not examined"),),
        certification=None,
        claimed=Claimed("", "", None, None, None, MessageKind.UNKNOWN),
        claimed_certification=None,
        summary=nothing,
        original=None,
        receipt_actual=None,
        signed_sha256=None,
        counts=False,
        text="",
        notice="",
        attachments=(),
        fingerprint=None,
        anchors_version=anchors_version,
    )


def signed_bytes(raw: bytes, signed: Part) -> bytes | memoryview:
    """The exact bytes of the first part. Only if the whole file holds no CR at all, LF is read as CRLF.

    A view of them where that is enough: of a big message a copy would be one too many.
    """
    if b"\r" in raw:
        return memoryview(raw)[signed.span.start : signed.span.end]
    return signed.span.of(raw).replace(b"\n", b"\r\n")


def _claimed_kind(claimed: Claimed, certification: CertificationData | None) -> MessageKind:
    """What the message claims; a daticert at its place speaks where the headers were lost by an export."""
    if claimed.kind is MessageKind.ORDINARY and certification is not None:
        return certification.kind
    return claimed.kind


def _certification(raw: bytes, layout: Layout, claimed: MessageKind) -> tuple[CertificationData | None, Check]:
    """What the daticert.xml at its place says. A REM message has none: its XML is evidence of another sort."""
    name = CheckName.CERTIFICATION
    reason, detail = Reason.CERTIFICATION_MISSING, "no daticert.xml at its place"
    if layout.certification is not None:
        try:
            certification = read_certification(decoded(raw, layout.certification))
        except CertificationError as error:
            reason, detail = Reason.CERTIFICATION_INVALID, f"daticert.xml: {error}"
        else:
            return certification, Check(name, CheckStatus.PASSED, None, "daticert.xml is at its place and valid")
    if claimed.is_rem and layout.rem_evidence is not None:
        return None, Check(name, CheckStatus.NOT_DONE, None, "REM has no daticert.xml")
    return None, Check(name, CheckStatus.FAILED, reason, detail)


def _original(layout: Layout, found: Inside | None) -> Original | None:
    if layout.original is None or found is None:
        return None
    body = memoryview(found.data)[found.part.span.start : found.part.span.end]
    fingerprint = fingerprint_of(found.data, found.part)
    return Original(
        start=layout.original.body.start,
        end=layout.original.body.end,
        encoding=found.encoding,
        sha256=hashlib.sha256(body).hexdigest(),
        size=len(body),
        summary=summary_of(found.part),
        completeness=Completeness.BRIEF if fingerprint.is_hashed else Completeness.FULL,
        fingerprint=fingerprint,
    )


def inside(raw: bytes) -> bytes | None:
    """The mail inside an envelope or a delivery receipt, as `original_bytes` gives it; None where there is none."""
    found = mail_inside(raw, layout_of(parse(raw)))
    return found.raw if found else None


def original_bytes(raw: bytes, original: Original) -> bytes:
    """The mail inside, byte for byte as it was before its transfer encoding."""
    if original.encoding == "identity":
        return raw[original.start : original.end]
    return inside(raw) or b""


def _verdict(
    raw: bytes,
    part: Part,
    layout: Layout,
    certification: CertificationData | None,
    anchors: AnchorSet,
    at: datetime | None,
    now: datetime | None,
) -> Verdict:
    structure = _structure(raw, part, layout)
    limits = _limits(part)
    unread = bool(part.limits) or structure.reason is Reason.INCOMPLETE
    if unread or layout.signed is None or layout.signature is None or structure.reason is Reason.PART_COUNT:
        status = SignatureStatus.INDETERMINATE if unread else SignatureStatus.NONE
        return Verdict(status, limits.reason or structure.reason, (limits, structure))
    address, problem = strict_address(part.values("from"))
    content, signature = signed_bytes(raw, layout.signed), decoded(raw, layout.signature)
    reason = Reason(problem) if problem else None
    from_check = Check(
        CheckName.FROM, CheckStatus.FAILED if reason else CheckStatus.PASSED, reason, "one strictly parsed mailbox"
    )
    verdict = verify(
        content,
        signature,
        at=at or (certification.time if certification else None),
        address=address,
        address_reason=reason,
        anchors=anchors,
        now=now,
    )
    if at is None and certification and not verdict.provider_proven and _broken(verdict):
        # The time of an altered daticert is worth nothing: whether the signer was a provider is then judged at
        # the time the CMS itself states, so that an altered receipt is not mistaken for a stranger's.
        again = verify(content, signature, at=None, address=address, address_reason=reason, anchors=anchors, now=now)
        verdict = again if again.provider_proven else verdict
    if structure.status is CheckStatus.FAILED and verdict.status is not SignatureStatus.FAILED:
        verdict = replace(verdict, status=SignatureStatus.FAILED, reason=structure.reason)
    return replace(verdict, checks=(limits, structure, from_check, *verdict.checks))


def _broken(verdict: Verdict) -> bool:
    return any(check.reason in BROKEN for check in verdict.checks)


def _limits(part: Part) -> Check:
    if not part.limits:
        return Check(CheckName.LIMITS, CheckStatus.PASSED, None, "within all limits")
    limit = min(part.limits)
    return Check(CheckName.LIMITS, CheckStatus.FAILED, REASON_OF_LIMIT[limit], f"{limit} was hit")


def _structure(raw: bytes, part: Part, layout: Layout) -> Check:
    """Whether one signature covers the whole message (security page, ties a and A4 to A6)."""

    def failed(reason: Reason, detail: str) -> Check:
        return Check(CheckName.STRUCTURE, CheckStatus.FAILED, reason, detail)

    if not raw or raw.isspace():
        return failed(Reason.EMPTY, "the file holds no message")
    if part.media_type != "multipart/signed":
        return failed(Reason.NO_SIGNATURE, "the outermost part is not multipart/signed")
    if _is_cut_off(raw, part):
        return failed(Reason.INCOMPLETE, "the closing boundary of multipart/signed is missing")
    if len(part.children) > 2:
        return failed(Reason.PART_COUNT, f"multipart/signed has {len(part.children)} parts, not two")
    if layout.signature is None:
        return failed(Reason.NO_SIGNATURE, "there is no second part that is a detached PKCS#7 signature")
    for header in STRUCTURAL_HEADERS:
        if any(len(piece.values(header)) > 1 for piece in (part, *part.children)):
            return failed(Reason.DUPLICATE_HEADER, f"{header} stands more than once")
    names = [name for name, _ in part.parameters]
    if len(set(names)) != len(names):
        return failed(Reason.DUPLICATE_HEADER, "a Content-Type parameter stands more than once")
    return Check(CheckName.STRUCTURE, CheckStatus.PASSED, None, "one signature over the whole message")


def _is_cut_off(raw: bytes, part: Part) -> bool:
    """Whether the end of a multipart/signed is missing.

    One that ends right after a first part that is itself complete was never signed: nothing of it is missing but what
    it never had. (An anonymised receipt published without its signature has that form.)
    """
    if part.media_type != "multipart/signed" or part.closed:
        return False
    first = part.children[0] if len(part.children) == 1 else None
    if first is None or not first.children or not first.closed:
        return True
    boundary = (first.parameter("boundary") or "").rstrip()
    return not raw.rstrip().endswith(f"--{boundary}--".encode())


def _certification_needed(anchors: AnchorSet, circuit: str | None) -> bool:
    return next((policy.daticert for policy in anchors.policies if policy.name == circuit), True)


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


@dataclass(frozen=True, slots=True)
class _Content:
    text: str
    notice: str
    attachments: tuple[Attachment, ...]


def _content(raw: bytes, part: Part, layout: Layout, found: Inside | None) -> _Content:
    """What a reader wants to see: the user's own words first, the provider's apart."""
    if found is not None:
        notice = readable_text(raw, layout.text).text if layout.text else ""
        return _Content(readable_text(found.data, found.part).text, notice, attachments(found.data, found.part))
    text = readable_text(raw, layout.signed or part).text
    if layout.certification is not None:
        return _Content("", text, ())
    return _Content(text, "", attachments(raw, layout.signed or part))
