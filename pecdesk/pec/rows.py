"""A group of pieces as one row of the list: its facts, its lines of evidence, what lastingly needs a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace

from pecdesk.pec.comparison import Agreement
from pecdesk.pec.daticert import CertificationData
from pecdesk.pec.gathering import Group
from pecdesk.pec.message import MessageKind, normal_address
from pecdesk.pec.originals import holder_of, own_copy, with_comparisons
from pecdesk.pec.outcome import STATE_OF_SENDING, Proof, Recipient, about, accepted_at, outcomes, state_of
from pecdesk.pec.piece import Inside, Piece
from pecdesk.pec.sending import SendState
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import (
    Attention,
    Direction,
    Evidence,
    OriginalSource,
    RecipientOutcome,
    RecipientState,
    Role,
    State,
    TimeSource,
    Transmission,
    TransmissionKind,
)


def sent_row(key: str, group: Group, accounts: frozenset[str]) -> Transmission:
    """The row of what was sent."""
    receipts = _events(piece for piece in group.members if piece.is_proof)
    proofs = [
        Proof(piece.sha256, piece.certification)
        for piece, _ in receipts
        if piece.counts and piece.certification is not None
    ]
    evidence = _lines(receipts, _events(group.claims))
    facts = _facts(group)
    own, rivals = own_copy(group)
    sending = own.outbox if own else None
    outbox = sending.state if sending and not proofs else None
    holder = holder_of(group)
    original, source = (own, OriginalSource.OWN) if own else (holder, OriginalSource.FROM_RECEIPT)
    accepted = accepted_at(proofs)
    written = own or (holder.inside if holder else None)
    addressed = _addressed(written)
    if not proofs and not addressed and facts:
        addressed = [Recipient(recipient.address, None) for recipient in facts.recipients]
    recipients = outcomes(proofs, addressed)
    date = own.date if own else (holder.inside.date if holder and holder.inside else None)
    row = Transmission(
        key=key,
        kind=TransmissionKind.PEC if _is_ours(group, facts, accounts) else TransmissionKind.UNMATCHED,
        direction=Direction.SENT,
        account=group.account,
        subject=_subject(facts, own),
        sender=facts.sender if facts else (own.sender if own else ""),
        identifier=facts.identifier if facts else None,
        message_id=_message_id(facts, own),
        sent_at=accepted or date,
        sent_at_source=TimeSource.ACCEPTANCE if accepted else TimeSource.DATE_HEADER if date else TimeSource.NONE,
        state=STATE_OF_SENDING[outbox] if outbox else state_of(recipients),
        recipients=recipients,
        evidence=with_comparisons(evidence, own, group),
        original=source if original else OriginalSource.NONE,
        original_sha256=original.sha256 if original else None,
        rivals=tuple(sorted({rival.sha256 for rival in rivals})),
        sealed=None,
        attention=(),
        accepted_at=accepted,
        outbox=outbox,
        not_before=sending.not_before if sending and outbox is SendState.QUEUED else None,
        next_try_at=sending.next_try_at if sending and outbox is SendState.QUEUED else None,
        waits_for_user=bool(sending and outbox is SendState.QUEUED and sending.is_held),
        last_error=sending.last_error if sending and outbox else None,
        is_said_unsent=bool(sending and outbox and sending.was_uncertain),
        handed_over_at=sending.handed_over_at if sending else None,
        repeats=sending.repeats if sending else None,
    )
    disagree = _name_others(proofs, written)
    return replace(row, attention=_lasting_attention(row, disagree=disagree))


def _name_others(proofs: Collection[Proof], written: Piece | Inside | None) -> bool:
    """Whether a notice speaks of somebody the acceptance does not name, or any of them of somebody not addressed.

    A provider takes a message only for those who stand in its To or Cc (RFC 6109 §3.1.1).
    """
    accepted = {
        normal_address(recipient.address)
        for proof in proofs
        if proof.kind is MessageKind.ACCEPTANCE
        for recipient in proof.certification.recipients
    }
    spoken_of = {
        normal_address(address)
        for proof in proofs
        if proof.kind is not MessageKind.ACCEPTANCE
        for address in (*about(proof.certification), *(r.address for r in proof.certification.recipients))
    }
    addressed = {normal_address(address) for address in (*written.to, *written.cc)} if written else set()
    is_readable = bool(addressed) and all("@" in address and address.isascii() for address in addressed)
    unlike_acceptance = spoken_of - accepted if accepted else set()
    unlike_original = (accepted | spoken_of) - addressed if is_readable else set()
    return bool(unlike_acceptance or unlike_original)


def _facts(group: Group) -> CertificationData | None:
    """The certification data that speaks for the row: of the acceptance if there is one, counting before not."""
    certified = [piece for piece in group.members if piece.certification is not None]
    best = min(
        certified,
        key=lambda p: (not p.counts, p.kind is not MessageKind.ACCEPTANCE, p.sha256),
        default=None,
    )
    return best.certification if best else None


def _is_ours(group: Group, facts: CertificationData | None, accounts: frozenset[str]) -> bool:
    if facts is None:
        return True
    sender = normal_address(facts.sender)
    return sender == group.account and (not accounts or sender in accounts)


def _line(piece: Piece, copies: tuple[str, ...] = ()) -> Evidence:
    certification = piece.certification
    recipients = about(certification) if certification else ()
    return Evidence(
        sha256=piece.sha256,
        kind=piece.kind,
        standing=piece.standing,
        recipient=recipients[0] if len(recipients) == 1 else None,
        time=certification.time if certification else None,
        counts=piece.counts and not piece.is_claim,
        completeness=piece.completeness,
        error=certification.error if certification and certification.error != "nessuno" else None,
        error_detail=certification.extended_error if certification else None,
        issuer=certification.issuer if certification else None,
        by_hand=piece.by_hand,
        copies=copies,
    )


_Event = tuple[Piece, tuple[str, ...]]


def _events(pieces: Iterable[Piece]) -> list[_Event]:
    """One event for all copies of the same signed bytes, the same receipt fetched twice, with the other copies.

    The best of them speaks: where unsigned headers of one copy were changed, another may still agree with everything.
    """
    by_event: dict[tuple[str, Standing | None], list[Piece]] = defaultdict(list)
    for piece in pieces:
        by_event[piece.signed_sha256 or piece.sha256, None if piece.standing.proves else piece.standing].append(piece)
    events: list[_Event] = []
    for same in by_event.values():
        if len(same) == 1:
            events.append((same[0], ()))
            continue
        best = min(same, key=lambda piece: (piece.standing is not Standing.CERTIFIED, piece.by_hand, piece.sha256))
        events.append((best, tuple(sorted({piece.sha256 for piece in same} - {best.sha256}))))
    return events


_PLACE = {kind: number for number, kind in enumerate(MessageKind)}


def _lines(*gatherings: Iterable[_Event]) -> tuple[Evidence, ...]:
    """Proven ones by certified time, acceptance before delivery within one second; the unproven last."""
    return tuple(
        sorted(
            (_line(piece, copies) for events in gatherings for piece, copies in events),
            key=lambda line: (
                line.time is None,
                line.time.timestamp() if line.time else 0.0,
                _PLACE[line.kind],
                line.sha256,
            ),
        )
    )


def _addressed(written: Piece | Inside | None) -> list[Recipient]:
    """Recipients and their roles as To and Cc of the original say."""
    if written is None:
        return []
    found: dict[str, Recipient] = {}
    for role, addresses in ((Role.TO, written.to), (Role.CC, written.cc)):
        for address in addresses:
            if "@" in address:
                found.setdefault(normal_address(address), Recipient(address, role))
    return list(found.values())


def _subject(facts: CertificationData | None, written: Piece | None) -> str:
    if facts is not None:
        return facts.subject or ""
    return written.subject if written else ""


def _message_id(facts: CertificationData | None, written: Piece | None) -> str | None:
    if facts is not None and facts.message_id:
        return facts.message_id
    return written.message_id if written else None


ATTENTION_OF_RECIPIENT = {
    RecipientState.FAILED: Attention.FAILED,
    RecipientState.DELAYED: Attention.DELAYED,
    RecipientState.NOT_PEC: Attention.NOT_PEC,
    RecipientState.CONTRADICTORY: Attention.CONTRADICTORY,
    RecipientState.REFUSED: Attention.REFUSED,
}

ATTENTION_OF_STATE = {State.UNCERTAIN: Attention.UNCERTAIN, State.REFUSED: Attention.REFUSED}
"""Of what the outbox alone knows about; receipts refuse for each recipient."""


def _lasting_attention(row: Transmission, *, disagree: bool = False) -> tuple[Attention, ...]:
    """What needs a person whatever the clock says; `disagree`: proven evidence names different recipients."""
    found = {Attention.CONTRADICTORY} if disagree else set()
    if row.direction is Direction.SENT:
        found |= {ATTENTION_OF_RECIPIENT[r.state] for r in row.recipients if r.state in ATTENTION_OF_RECIPIENT}
        found |= {ATTENTION_OF_STATE[row.state]} if row.state in ATTENTION_OF_STATE else set()
    if row.comparison is not None and row.comparison.agreement is Agreement.DIFFERENT:
        found.add(Attention.CONTENT_DIFFERS)
    for line in row.evidence:
        if line.standing is Standing.ALTERED:
            found.add(Attention.ALTERED)
        elif line.standing is Standing.NOT_CERTIFIED and (row.direction is Direction.SENT or _pretends(line.kind)):
            found.add(Attention.FORGED)
        elif line.standing.proves and not line.counts:
            found.add(Attention.CONTRADICTORY)
    return tuple(sorted(found))


def _pretends(kind: MessageKind) -> bool:
    """Kinds that claim a certification; an anomaly envelope and ordinary mail claim none."""
    return kind.is_receipt or kind is MessageKind.TRANSPORT_ENVELOPE


PLAIN_KINDS = frozenset({MessageKind.ORDINARY, MessageKind.DELIVERY_STATUS, MessageKind.UNKNOWN})
"""Kinds that are no evidence of anything."""

KIND_OF_ROW = {
    MessageKind.TRANSPORT_ENVELOPE: TransmissionKind.PEC,
    MessageKind.ANOMALY_ENVELOPE: TransmissionKind.ANOMALY,
    MessageKind.REM_DISPATCH: TransmissionKind.REM,
    MessageKind.REM_RECEIPT: TransmissionKind.REM,
}


def received_row(key: str, group: Group) -> Transmission:
    """The row of what came in."""
    main = min(group.members, key=lambda p: (not p.counts, p.standing is not Standing.CERTIFIED, p.by_hand, p.sha256))
    facts = main.certification if main.is_sealed else None
    shown = _unproven(main)
    lines = _lines(_events(group.members if main.kind not in PLAIN_KINDS else ()), _events(group.claims))
    is_claim = main.is_claim and not main.kind.is_rem
    kind = TransmissionKind.CLAIM if is_claim else KIND_OF_ROW.get(main.kind, TransmissionKind.ORDINARY)
    date = facts.time if facts else main.date
    row = Transmission(
        key=key,
        kind=kind,
        direction=Direction.RECEIVED,
        account=group.account,
        subject=(facts.subject or "") if facts else shown.subject,
        sender=facts.sender if facts else shown.sender,
        identifier=facts.identifier if facts else None,
        message_id=facts.message_id if facts else main.message_id,
        sent_at=date,
        sent_at_source=TimeSource.ACCEPTANCE if facts else TimeSource.DATE_HEADER if date else TimeSource.NONE,
        state=State.RECEIVED,
        recipients=_received_recipients(main, facts),
        evidence=lines,
        original=OriginalSource.OWN,
        original_sha256=main.sha256,
        rivals=(),
        sealed=main.standing,
        attention=(),
    )
    return replace(row, attention=_lasting_attention(row))


def _unproven(main: Piece) -> Piece | Inside:
    """Whose subject and sender are shown: of an anomaly envelope the mail it carries, else the message as it is."""
    return main.inside if main.kind is MessageKind.ANOMALY_ENVELOPE and main.inside is not None else main


def _received_recipients(main: Piece, facts: CertificationData | None) -> tuple[RecipientOutcome, ...]:
    """Whom a received message was addressed to. Nothing is known of what became of it for them."""
    addressed = _addressed(main.inside or main)
    if facts is None:
        found = [RecipientOutcome(each.address, each.role, None, RecipientState.PENDING) for each in addressed]
    else:
        roles = {normal_address(each.address): each.role for each in addressed}
        found = [
            RecipientOutcome(each.address, roles.get(normal_address(each.address)), each.type, RecipientState.PENDING)
            for each in facts.recipients
        ]
    return tuple(sorted(found, key=lambda recipient: normal_address(recipient.address)))
