"""From examinations to what linking needs, and to what search finds."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pecdesk.examine import Examination
from pecdesk.pec.linking import Inside, Piece, proves_nothing
from pecdesk.pec.message import MessageKind, normal_id
from pecdesk.pec.sending import Sending
from pecdesk.trust import CheckStatus, Note

MAX_INDEXED = 100_000
"""Characters of text indexed per message."""

OUTBOX = "outbox"
"""Source of what was frozen here to be sent."""


@dataclass(frozen=True, slots=True)
class Placement:
    """One place where a message was seen."""

    account: str | None
    """Comparable form; None when nobody said whose mailbox it was."""
    folder: str
    in_sent_folder: bool
    source: str
    seen_at: str
    """UTC, ISO 8601."""
    removed_at: str | None = None
    """Since when the mail server no longer has it there; None where it has, and where it was never on one."""


def piece_of(examination: Examination, account: str | None, *, in_sent_folder: bool) -> Piece:
    """One message in one mailbox, as linking sees it."""
    summary, original, kind = examination.summary, examination.original, examination.kind
    certification = examination.certification if examination.standing.proves else None
    inside = None
    if original is not None:
        inside = Inside(
            subject=original.summary.subject,
            sender=original.summary.sender_address,
            to=tuple(address.address for address in original.summary.to),
            cc=tuple(address.address for address in original.summary.cc),
            date=original.summary.date,
            fingerprint=original.fingerprint if kind is MessageKind.DELIVERY else None,
        )
    return Piece(
        sha256=examination.sha256,
        account=account,
        in_sent_folder=in_sent_folder,
        kind=kind,
        standing=examination.standing,
        counts=examination.counts,
        certification=certification,
        named=_named(examination) if proves_nothing(kind, certification) else (),
        subject=summary.subject,
        sender=summary.sender_address,
        to=tuple(address.address for address in summary.to),
        cc=tuple(address.address for address in summary.cc),
        date=summary.date,
        message_id=normal_id(summary.message_id),
        signed_sha256=examination.signed_sha256,
        completeness=examination.receipt_actual,
        inside=inside,
        fingerprint=examination.fingerprint,
        by_hand=Note.TRUST_ADDED_BY_HAND in examination.notes,
    )


def _named(examination: Examination) -> tuple[str, ...]:
    """The ids that an unproven message claims to be about."""
    claim = examination.claimed_certification or examination.certification
    ids = [examination.summary.reference]
    if examination.kind is MessageKind.TRANSPORT_ENVELOPE:
        ids = [examination.summary.message_id]
    if claim is not None:
        ids += [claim.identifier, claim.message_id if examination.kind is not MessageKind.TRANSPORT_ENVELOPE else None]
    return tuple(sorted({name for name in map(normal_id, ids) if name}))


def pieces_of(examination: Examination, placements: list[Placement], sending: Sending | None = None) -> list[Piece]:
    """One piece for each mailbox a message is known to be in; unknown origin only where nothing better is known.

    `sending` is what the outbox knows of it: that concerns the mailbox it is sent from.
    """
    stated = {p.account: any(q.in_sent_folder for q in placements if q.account == p.account) for p in placements}
    if len(stated) > 1:
        stated.pop(None, None)
    pieces = [
        piece_of(examination, account, in_sent_folder=in_sent_folder)
        for account, in_sent_folder in sorted(stated.items(), key=lambda item: item[0] or "")
    ]
    if sending is None:
        return pieces
    return [replace(piece, outbox=sending) if piece.account == sending.account else piece for piece in pieces]


@dataclass(frozen=True, slots=True)
class Indexed:
    """What search finds of one message, a column each."""

    subject: str
    sender: str
    recipients: str
    provider: str
    attachments: str
    text: str
    notice: str


def indexed(examination: Examination) -> Indexed:
    """The words of a message, certified ones where there are any."""
    certification = examination.certification
    summary = examination.summary
    people = [*summary.to, *summary.cc]
    sender = " ".join(f"{address.name} {address.address}" for address in summary.sender)
    recipients = " ".join(f"{address.name} {address.address}" for address in people)
    subject, provider = summary.subject, ""
    if certification is not None:
        sender = f"{certification.sender} {sender if not examination.kind.is_receipt else ''}"
        recipients = " ".join(recipient.address for recipient in certification.recipients)
        subject = certification.subject or ""
        provider = (
            f"{certification.issuer} {examination.signature.signer.email if examination.signature.signer else ''}"
        )
    elif examination.original is not None:
        inner = examination.original.summary
        sender = f"{sender} {inner.sender_address}"
        subject = f"{subject} {inner.subject}"
    return Indexed(
        subject,
        sender,
        recipients,
        provider,
        " ".join(attachment.name for attachment in examination.attachments),
        *indexed_texts(examination),
    )


def indexed_texts(examination: Examination) -> tuple[str, str]:
    """Of these words the text and the notice, which are sealed."""
    certification = examination.certification
    detail = certification.extended_error if certification else None
    return examination.text[:MAX_INDEXED], f"{detail or ''}\n{examination.notice}"[:MAX_INDEXED]


def as_kept(examination: Examination) -> Examination:
    """The examination as it is kept in its row: the texts stand in the index, and checks that passed are made again
    by the next examination, which every proof and every inspection begins with."""
    checks = tuple(check for check in examination.checks if check.status is not CheckStatus.PASSED)
    return replace(examination, text="", notice="", checks=checks)
