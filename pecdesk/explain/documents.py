"""The public JSON of the command line (cli.md sections 3 and 4), also written into proof bundles.

Names and meanings are an interface: fields may be added, never renamed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from pecdesk.examine import Examination
from pecdesk.pec.comparison import Comparison
from pecdesk.pec.daticert import CertificationData
from pecdesk.pec.deadlines import attention
from pecdesk.pec.transmission import TimeSource, Transmission
from pecdesk.trust import Certificate

Document = dict[str, object]


def zoned(moment: datetime | None) -> str | None:
    """A certified time, with the zone it was certified in."""
    return moment.isoformat() if moment is not None else None


def utc(moment: datetime | None) -> str | None:
    """Any other time, in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment is not None else None


def certificate_document(certificate: Certificate | None) -> Document | None:
    """A signer."""
    if certificate is None:
        return None
    return {
        "email": certificate.email,
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "serial": certificate.serial,
        "sha256": certificate.sha256,
        "not_before": utc(certificate.not_before),
        "not_after": utc(certificate.not_after),
    }


def certification_document(data: CertificationData | None, actual: str | None) -> Document | None:
    """The content of a daticert.xml."""
    if data is None:
        return None
    return {
        "type": data.type,
        "error": data.error,
        "extended_error": data.extended_error,
        "sender": data.sender,
        "recipients": [{"address": r.address, "type": str(r.type)} for r in data.recipients],
        "reply_to": data.reply_to,
        "subject": data.subject,
        "issuer": data.issuer,
        "time": zoned(data.time),
        "identifier": data.identifier,
        "message_id": data.message_id,
        "receipt": data.receipt,
        "receipt_actual": actual,
        "delivered_to": data.delivered_to,
        "taken_for": list(data.taken_for),
    }


def examination_document(examination: Examination, file: str) -> Document:
    """One file of `verify --json`."""
    signature, claimed = examination.signature, examination.claimed
    actual = str(examination.receipt_actual) if examination.receipt_actual else None
    return {
        "file": file,
        "sha256": examination.sha256,
        "size": examination.size,
        "kind": str(examination.kind),
        "standing": str(examination.standing),
        "reasons": [str(reason) for reason in examination.reasons],
        "notes": [str(note) for note in examination.notes],
        "circuit": examination.circuit,
        "reference_time": zoned(examination.reference_time),
        "signature": {
            "status": str(signature.status),
            "reason": str(signature.reason) if signature.reason else None,
            "signed_at": utc(signature.signed_at),
            "digest": signature.digest,
            "signer": certificate_document(signature.signer),
            "chain": [certificate_document(certificate) for certificate in signature.chain],
        },
        "checks": [
            {
                "name": str(check.name),
                "status": str(check.status),
                "reason": str(check.reason) if check.reason else None,
                "detail": check.detail,
            }
            for check in examination.checks
        ],
        "certification": certification_document(examination.certification, actual),
        "claimed": {
            "from": claimed.sender,
            "subject": claimed.subject,
            "x_ricevuta": claimed.x_ricevuta,
            "x_trasporto": claimed.x_trasporto,
            "certification": certification_document(examination.claimed_certification, actual),
        },
    }


def transmission_document(
    row: Transmission, id_: int, message_ids: Mapping[str, int], now: datetime, linked: tuple[int, ...] = ()
) -> Document:
    """One row of `list --json`."""
    return {
        "id": id_,
        "kind": str(row.kind),
        "direction": str(row.direction),
        "account": row.account,
        "subject": row.subject,
        "sender": row.sender,
        "identifier": row.identifier,
        "message_id": f"<{row.message_id}>" if row.message_id else None,
        "sent_at": (zoned if row.sent_at_source is TimeSource.ACCEPTANCE else utc)(row.sent_at),
        "sent_at_source": str(row.sent_at_source),
        "state": str(row.state),
        "status": str(row.status),
        "believed": row.is_believed,
        "attention": [str(need) for need in attention(row, now)],
        "original": str(row.original),
        "rivals": [message_ids[sha256] for sha256 in row.rivals],
        "sealed": str(row.sealed) if row.sealed else None,
        "not_before": utc(row.not_before),
        "next_try_at": utc(row.next_try_at),
        "last_error": str(row.last_error) if row.last_error else None,
        "repeats": row.repeats,
        "linked": list(linked),
        "recipients": [
            {
                "address": recipient.address,
                "role": str(recipient.role) if recipient.role else None,
                "type": recipient.type,
                "state": str(recipient.state),
                "since": zoned(recipient.since),
                "evidence": [message_ids[sha256] for sha256 in recipient.evidence],
            }
            for recipient in row.recipients
        ],
        "evidence": [
            {
                "message": message_ids[line.sha256],
                "kind": str(line.kind),
                "standing": str(line.standing),
                "recipient": line.recipient,
                "sha256": line.sha256,
                "time": zoned(line.time),
                "counts": line.counts,
                "copies": 1 + len(line.copies),
                "comparison": _comparison_document(line.comparison),
            }
            for line in row.evidence
        ],
    }


def _comparison_document(found: Comparison | None) -> Document | None:
    """The copy a receipt brings back beside what was sent; names of parts that differ, empty for the text."""
    if found is None:
        return None
    return {
        "agreement": str(found.agreement),
        "different": list(found.different),
        "other_subject": found.other_subject,
    }


def file_error_document(path: Path, sentence: str) -> Document:
    """A file of `verify --json` that could not be read."""
    return {"file": str(path), "error": sentence}
