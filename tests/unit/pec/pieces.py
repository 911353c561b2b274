"""Made-up certification data and pieces: what the tests of outcomes, linking and deadlines are made of."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from pecdesk.pec.comparison import Fingerprint, FingerprintPart
from pecdesk.pec.daticert import CertificationData, CertifiedRecipient, RecipientType
from pecdesk.pec.linking import Inside, Piece, link
from pecdesk.pec.message import KIND_OF_TYPE, Completeness, MessageKind
from pecdesk.pec.outcome import Proof
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import Direction, RecipientOutcome, Transmission

ROME = timezone(timedelta(hours=1))
START = datetime(2026, 3, 2, 9, 0, tzinfo=ROME)
"""When the message of the tests is accepted."""

ME = "studio@pec.gestore.example"
OTHER = "altri@pec.gestore.example"
ANNA, BRUNO, CARLA = "anna@pec.uno.example", "bruno@pec.due.example", "carla@posta.example"
IDENTIFIER = "opec1.20260302090000.1@pec.gestore.example"
CLIENT_ID = "nota.1@studio.example"
SUBJECT = "Diffida"
RESERVED = {"standing": Standing.CERTIFIED_WITH_RESERVE}
"""What is changed of a piece to have it certified with reserve."""


def after(hours: float) -> datetime:
    """So many hours after acceptance."""
    return START + timedelta(hours=hours)


def recipients(*addresses: str, external: Sequence[str] = ()) -> tuple[CertifiedRecipient, ...]:
    """What `destinatari` says: certified ones first."""
    return tuple(
        CertifiedRecipient(address, RecipientType.EXTERNAL if address in external else RecipientType.CERTIFIED)
        for address in (*addresses, *(each for each in external if each not in addresses))
    )


def certified(
    type_: str = "accettazione", hours: float = 0, to: str | None = None, **changes: Any
) -> CertificationData:
    """What one receipt certifies; `to` is the one recipient it is about, `changes` are further fields."""
    data = CertificationData(
        type=type_,
        error="nessuno",
        extended_error=None,
        sender=ME,
        recipients=recipients(ANNA, BRUNO),
        reply_to=None,
        subject=SUBJECT,
        issuer="Gestore Uno S.p.A.",
        time=after(hours),
        identifier=IDENTIFIER,
        message_id=CLIENT_ID,
        receipt=None,
        delivered_to=to,
    )
    return replace(data, **changes)


def proof(type_: str = "accettazione", hours: float = 0, to: str | None = None, **changes: Any) -> Proof:
    """A counting receipt as outcomes see it."""
    data = certified(type_, hours, to, **changes)
    return Proof(digest("proof", data), data)


def notice(hours: float, to: str, *, final: bool = False, **changes: Any) -> Proof:
    """A delay notice; `final` gives it the code of the one after 24 hours."""
    why = "5.4.1 - Gestore - non consegnato" if final else "4.4.1 - Gestore - non ancora consegnato"
    return proof("preavviso-errore-consegna", hours, to, extended_error=why, **changes)


def digest(*pieces: object) -> str:
    """A made-up SHA-256 that always belongs to these pieces."""
    return hashlib.sha256(repr(pieces).encode()).hexdigest()


BLANK = Piece(
    sha256="",
    account=None,
    in_sent_folder=False,
    kind=MessageKind.ORDINARY,
    standing=Standing.NOT_CERTIFIED,
    counts=False,
    certification=None,
    named=(),
    subject="",
    sender="",
    to=(),
    cc=(),
    date=None,
    message_id=None,
    signed_sha256=None,
    completeness=None,
    inside=None,
    fingerprint=None,
)


def named(piece: Piece) -> Piece:
    """The piece with a hash that follows from everything else in it, unless it has one."""
    return piece if piece.sha256 else replace(piece, sha256=digest(piece))


def receipt(
    type_: str = "accettazione",
    hours: float = 0,
    to: str | None = None,
    piece: dict[str, Any] | None = None,
    **data: Any,
) -> Piece:
    """A certified receipt; `piece` changes fields of the piece, `data` those of its certification data."""
    said = certified(type_, hours, to, **data)
    made = replace(
        BLANK,
        kind=KIND_OF_TYPE[type_],
        standing=Standing.CERTIFIED,
        counts=True,
        certification=said,
        subject=f"RICEVUTA: {said.subject}",
        sender="posta-certificata@pec.gestore.example",
        to=(said.sender,),
        date=said.time,
        signed_sha256=digest("signed", said),
    )
    return named(replace(made, **(piece or {})))


def delivery(
    to: str = ANNA,
    hours: float = 0.1,
    *,
    text: str | None = "Testo.",
    completeness: Completeness = Completeness.FULL,
    piece: dict[str, Any] | None = None,
    **data: Any,
) -> Piece:
    """A delivery receipt with the mail inside; no `text`: a short one without it."""
    inside = None if text is None else inner(text)
    completeness = Completeness.SHORT if text is None else completeness
    changes = {"inside": inside, "completeness": completeness, **(piece or {})}
    return receipt("avvenuta-consegna", hours, to, changes, **data)


def inner(text: str = "Testo.", **changes: Any) -> Inside:
    """The mail inside an envelope or a delivery receipt."""
    made = Inside(SUBJECT, ME, (ANNA,), (BRUNO,), after(-0.01), fingerprint(text))
    return replace(made, **changes)


def envelope(sender: str = OTHER, **changes: Any) -> Piece:
    """A certified envelope that was received; `changes` are fields of the piece."""
    said = certified("posta-certificata", 0, None, sender=sender, recipients=recipients(ME))
    return receipt(
        "posta-certificata",
        piece={
            "certification": said,
            "signed_sha256": digest("signed", said),
            "message_id": IDENTIFIER,
            "inside": inner(sender=sender, to=(ME,), cc=()),
            **changes,
        },
    )


def copy(text: str = "Testo.", **changes: Any) -> Piece:
    """A mail as its sender kept it, in the Sent folder of the account unless changed."""
    made = replace(
        BLANK,
        account=ME,
        in_sent_folder=True,
        subject=SUBJECT,
        sender=ME,
        to=(ANNA,),
        cc=(BRUNO,),
        date=after(-0.01),
        message_id=CLIENT_ID,
        fingerprint=fingerprint(text),
    )
    return named(replace(made, **changes))


def mail(**changes: Any) -> Piece:
    """An ordinary mail from somebody else."""
    return copy(
        "Altro.", **{"account": None, "in_sent_folder": False, "sender": CARLA, "to": (ME,), "cc": (), **changes}
    )


def unproven(genuine: Piece, standing: Standing = Standing.NOT_CERTIFIED, **changes: Any) -> Piece:
    """The same words without a proof: a forged or an altered one, which names what the genuine one certifies."""
    said = genuine.certification
    assert said is not None
    names = {said.identifier} if genuine.kind is MessageKind.TRANSPORT_ENVELOPE else {said.identifier, said.message_id}
    changes = {
        "sha256": digest("unproven", genuine, standing),
        "standing": standing,
        "counts": False,
        "certification": None,
        "named": tuple(sorted(name for name in names if name)),
        **changes,
    }
    return replace(genuine, **changes)


def fingerprint(text: str, **files: str) -> Fingerprint:
    """A text and files by name, as `compare` sees them."""
    found = [FingerprintPart(None, "text/plain", len(text), digest(text))]
    found += [
        FingerprintPart(name, "application/pdf", len(content), digest(content)) for name, content in files.items()
    ]
    return Fingerprint(tuple(found))


def linked(*pieces: Piece, accounts: Sequence[str] = (ME,)) -> tuple[Transmission, ...]:
    """The rows these pieces make in a profile with these mailboxes."""
    return link(pieces, frozenset(accounts))


def only(*pieces: Piece, accounts: Sequence[str] = (ME,)) -> Transmission:
    """The one row these pieces make."""
    (row,) = linked(*pieces, accounts=accounts)
    return row


def sent(rows: Sequence[Transmission]) -> Transmission:
    """The one sent row among these."""
    (row,) = (row for row in rows if row.direction is Direction.SENT)
    return row


def outcome_of(found: Sequence[RecipientOutcome] | Transmission, address: str) -> RecipientOutcome:
    """What became of it for one recipient."""
    outcomes = found.recipients if isinstance(found, Transmission) else found
    (outcome,) = (each for each in outcomes if each.address == address)
    return outcome
