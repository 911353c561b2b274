"""All that the bytes of one message tell, as one value, and that value as JSON."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import msgspec

from pecdesk.mime import Attachment
from pecdesk.pec.classify import Claimed
from pecdesk.pec.comparison import Fingerprint
from pecdesk.pec.daticert import CertificationData
from pecdesk.pec.message import Completeness, MessageKind, Summary
from pecdesk.pec.standing import Standing
from pecdesk.trust import Certificate, Check, CheckName, CheckStatus, Note, Reason, SignatureStatus

EXAMINE_VERSION = 3
"""Raised whenever the same bytes may give another examination; stored verdicts of another version are made again."""


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


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Examination)


def to_json(examination: Examination) -> bytes:
    """One JSON document that `from_json` reads back to an equal value."""
    return _ENCODER.encode(examination)


def from_json(document: bytes | str) -> Examination:
    """Read what `to_json` wrote; `msgspec.ValidationError` or `DecodeError` for anything else."""
    return _DECODER.decode(document)
