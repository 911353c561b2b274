"""One archived message in one mailbox, as linking sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pecdesk.pec.comparison import Fingerprint
from pecdesk.pec.daticert import CertificationData
from pecdesk.pec.message import RECEIPTS, Completeness, MessageKind, normal_id
from pecdesk.pec.sending import Sending
from pecdesk.pec.standing import Standing

CLAIMING = RECEIPTS | {MessageKind.TRANSPORT_ENVELOPE, MessageKind.REM_RECEIPT}
"""Kinds that name the sending they are about."""


@dataclass(frozen=True, slots=True)
class Inside:
    """What linking needs of the mail inside an envelope or a delivery receipt."""

    subject: str
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    date: datetime | None
    fingerprint: Fingerprint | None


@dataclass(frozen=True, slots=True)
class Piece:
    """One archived message in one mailbox, as linking sees it."""

    sha256: str
    account: str | None
    """The mailbox it is known to be from; None when nobody said."""
    in_sent_folder: bool
    """From a Sent folder, or from an import that stated whose mailbox it is."""
    kind: MessageKind
    standing: Standing
    counts: bool
    certification: CertificationData | None
    """Proven facts only."""
    named: tuple[str, ...]
    """What an unproven receipt or envelope claims to be about: ids in comparable form."""
    subject: str
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    date: datetime | None
    message_id: str | None
    """In comparable form."""
    signed_sha256: str | None
    completeness: Completeness | None
    inside: Inside | None
    fingerprint: Fingerprint | None
    by_hand: bool = False
    """Judged by an authority that was added by hand."""
    outbox: Sending | None = None
    """What the outbox knows of it, where it was frozen there."""

    @property
    def is_proof(self) -> bool:
        """A proven receipt."""
        return self.certification is not None and self.kind.is_receipt and self.standing.proves

    @property
    def is_sealed(self) -> bool:
        """A proven envelope of a received message."""
        return self.certification is not None and self.kind is MessageKind.TRANSPORT_ENVELOPE and self.standing.proves

    @property
    def is_claim(self) -> bool:
        """A receipt or envelope that proves nothing; a REM receipt never does, as no circuit of REM is read here."""
        return self.kind in CLAIMING and not (self.is_proof or self.is_sealed)


def proves_nothing(kind: MessageKind, certification: CertificationData | None) -> bool:
    """Whether a message of that kind, with what it certifies by a standing that proves, is a claim (`is_claim`)."""
    return kind in CLAIMING and (certification is None or kind.is_rem)


def tokens(piece: Piece) -> frozenset[str]:
    """Names of the things a message is about; messages that share one must be linked in the same call."""
    if piece.is_proof or piece.is_sealed:
        certification = piece.certification
        assert certification is not None
        found = {f"id:{normal_id(certification.identifier)}"}
        if piece.is_proof and certification.message_id:
            found.add(f"id:{certification.message_id}")
        return frozenset(found)
    if piece.is_claim:
        return frozenset(f"id:{name}" for name in piece.named)
    return frozenset({f"id:{piece.message_id}"} if piece.message_id else ())
