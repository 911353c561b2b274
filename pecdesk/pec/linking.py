"""Which messages make one transmission (cli.md section 4, "Which row a message belongs to").

`link` is a pure function of a *set* of messages: order of arrival cannot matter. Only a signed daticert pairs, keys
and moves; what is unproven is shown under the transmission it names and counts for nothing. The store calls `link` on
closed groups: `tokens` says which messages must be linked together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from pecdesk.pec.comparison import Agreement, Comparison, Fingerprint, compare
from pecdesk.pec.daticert import CertificationData
from pecdesk.pec.message import Completeness, MessageKind, normal_address, normal_id
from pecdesk.pec.outcome import Proof, Recipient, about, accepted_at, outcomes, state_of
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
        """A receipt or envelope that proves nothing."""
        claims = self.kind.is_receipt or self.kind is MessageKind.TRANSPORT_ENVELOPE
        return claims and not (self.is_proof or self.is_sealed)


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


def link(pieces: Collection[Piece], accounts: frozenset[str]) -> tuple[Transmission, ...]:
    """The transmissions that these messages make, in order of key.

    `accounts` are the profile's mailboxes in comparable form. Equal pieces count once.
    """
    unique = sorted(set(pieces), key=lambda piece: (piece.sha256, piece.account or "", not piece.in_sent_folder))
    sent = _sent_groups(unique, accounts)
    received = _received_groups(unique, accounts)
    _attach_claims(unique, sent, received)
    rows = [_sent_row(key, group, accounts) for key, group in sent.items()]
    rows += [_received_row(key, group) for key, group in received.items()]
    return tuple(sorted(rows, key=lambda row: row.key))


@dataclass(slots=True)
class _Group:
    """Messages gathered for one row."""

    account: str | None
    identifier: str | None
    message_ids: set[str]
    members: list[Piece]
    claims: list[Piece]


_Groups = dict[str, _Group]


def _owner(piece: Piece, accounts: frozenset[str]) -> str | None:
    """Whose mailbox: as stated; else of a receipt the certified sender, of the rest the one party that is ours."""
    if piece.account is not None:
        return piece.account
    if piece.is_proof:
        assert piece.certification is not None
        return normal_address(piece.certification.sender)
    sender = normal_address(piece.sender)
    if not piece.is_sealed and not piece.is_claim and sender in accounts:
        return sender
    named = [r.address for r in piece.certification.recipients] if piece.certification else [*piece.to, *piece.cc]
    ours = {normal_address(address) for address in named} & accounts
    return ours.pop() if len(ours) == 1 else None


def _key(direction: Direction, account: str | None, name: str) -> str:
    return f"{direction} {account or '-'} {name}"


def _sent_groups(pieces: Iterable[Piece], accounts: frozenset[str]) -> _Groups:
    """Rows of what was sent: by certified identificativo, else by the Message-ID of a copy of our own."""
    groups: _Groups = {}
    copies: list[tuple[Piece, str | None]] = []
    for piece in pieces:
        owner = _owner(piece, accounts)
        if piece.is_proof:
            assert piece.certification is not None
            identifier = normal_id(piece.certification.identifier) or ""
            key = _key(Direction.SENT, owner, identifier)
            group = groups.setdefault(key, _Group(owner, identifier, set(), [], []))
            group.members.append(piece)
            if piece.counts and piece.certification.message_id:
                group.message_ids.add(piece.certification.message_id)
        elif _may_be_original(piece):
            copies.append((piece, owner))
    for piece, owner in copies:
        citing = [group for group in groups.values() if _cites(group, piece, owner)]
        for group in citing:
            group.members.append(piece)
        if not citing and owner is not None and normal_address(piece.sender) == owner:
            key = _key(Direction.SENT, owner, f"<{piece.message_id or piece.sha256}>")
            ids = {piece.message_id} if piece.message_id else set()
            groups.setdefault(key, _Group(owner, None, ids, [], [])).members.append(piece)
    return groups


def _may_be_original(piece: Piece) -> bool:
    return piece.kind is MessageKind.ORDINARY


def _cites(group: _Group, piece: Piece, owner: str | None) -> bool:
    """Whether counting evidence of the group names this message, written by the certified sender, as what was sent."""
    if piece.message_id is None or piece.message_id not in group.message_ids:
        return False
    if owner is not None and owner != group.account:
        return False
    return any(
        member.certification is not None and normal_address(member.certification.sender) == normal_address(piece.sender)
        for member in group.members
        if member.counts
    )


def _received_groups(pieces: Iterable[Piece], accounts: frozenset[str]) -> _Groups:
    """Rows of what came in: envelopes by certified identificativo, everything else by itself."""
    groups: _Groups = {}
    for piece in pieces:
        owner = _owner(piece, accounts)
        if piece.is_sealed:
            assert piece.certification is not None
            identifier = normal_id(piece.certification.identifier) or ""
            key = _key(Direction.RECEIVED, owner, identifier)
            groups.setdefault(key, _Group(owner, identifier, set(), [], [])).members.append(piece)
    return groups


def _attach_claims(pieces: Iterable[Piece], sent: _Groups, received: _Groups) -> None:
    """Put each unproven receipt under the sending it names, the rest of the mail into rows of their own."""
    placed = {id(member) for group in (*sent.values(), *received.values()) for member in group.members}
    for piece in pieces:
        if id(piece) in placed:
            continue
        home = _named_group(piece, received if piece.kind is MessageKind.TRANSPORT_ENVELOPE else sent)
        if home is not None:
            home.claims.append(piece)
            continue
        account = piece.account
        key = _key(Direction.RECEIVED, account, piece.sha256)
        received.setdefault(key, _Group(account, None, set(), [], [])).members.append(piece)


def _named_group(piece: Piece, groups: _Groups) -> _Group | None:
    if not piece.is_claim:
        return None
    fitting = [
        group
        for group in groups.values()
        if (piece.account is None or piece.account == group.account)
        and (group.identifier in piece.named or group.message_ids & set(piece.named))
    ]
    return min(fitting, key=lambda group: group.identifier not in piece.named, default=None)


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


def _events(pieces: Iterable[Piece]) -> list[tuple[Piece, tuple[str, ...]]]:
    """One event for all copies of the same signed bytes, the same receipt fetched twice, with the other copies.

    The best of them speaks: where unsigned headers of one copy were changed, another may still agree with everything.
    """
    by_event: dict[tuple[str, Standing | None], list[Piece]] = defaultdict(list)
    for piece in pieces:
        by_event[piece.signed_sha256 or piece.sha256, None if piece.standing.proves else piece.standing].append(piece)
    events = []
    for same in by_event.values():
        best = min(same, key=lambda piece: (piece.standing is not Standing.CERTIFIED, piece.by_hand, piece.sha256))
        events.append((best, tuple(sorted({piece.sha256 for piece in same} - {best.sha256}))))
    return events


def _lines(*gatherings: Iterable[Piece]) -> tuple[Evidence, ...]:
    """Proven ones by certified time, acceptance before delivery within one second; the unproven last."""
    order = list(MessageKind)
    return tuple(
        sorted(
            (_line(piece, copies) for pieces in gatherings for piece, copies in _events(pieces)),
            key=lambda line: (
                line.time is None,
                line.time.timestamp() if line.time else 0.0,
                order.index(line.kind),
                line.sha256,
            ),
        )
    )


def _sent_row(key: str, group: _Group, accounts: frozenset[str]) -> Transmission:
    receipts = [piece for piece in group.members if piece.is_proof]
    proofs = [
        Proof(piece.sha256, piece.certification)
        for piece, _ in _events(receipts)
        if piece.counts and piece.certification is not None
    ]
    evidence = _lines(receipts, group.claims)
    facts = _facts(group)
    own, rivals = _own_copy(group)
    holder = _holder(group)
    original, source = (own, OriginalSource.OWN) if own else (holder, OriginalSource.FROM_RECEIPT)
    accepted = accepted_at(proofs)
    addressed = _addressed(own or (holder.inside if holder else None))
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
        state=state_of(recipients),
        recipients=recipients,
        evidence=_with_comparisons(evidence, own, group),
        original=source if original else OriginalSource.NONE,
        original_sha256=original.sha256 if original else None,
        rivals=tuple(sorted({rival.sha256 for rival in rivals})),
        sealed=None,
        attention=(),
        accepted_at=accepted,
    )
    return replace(row, attention=_lasting_attention(row))


def _facts(group: _Group) -> CertificationData | None:
    """The certification data that speaks for the row: of the acceptance if there is one, counting before not."""
    certified = [piece for piece in group.members if piece.certification is not None]
    best = min(
        certified,
        key=lambda p: (not p.counts, p.kind is not MessageKind.ACCEPTANCE, p.sha256),
        default=None,
    )
    return best.certification if best else None


def _is_ours(group: _Group, facts: CertificationData | None, accounts: frozenset[str]) -> bool:
    if facts is None:
        return True
    sender = normal_address(facts.sender)
    return sender == group.account and (not accounts or sender in accounts)


def _own_copy(group: _Group) -> tuple[Piece | None, list[Piece]]:
    """The copy that is the original, and those that could be but are not taken.

    A copy from a Sent folder, or from a mailbox that was stated, is taken; of several the one that was delivered. One
    of unknown origin is taken only when a delivered copy shows the very same content: anybody can write a mail with
    our address and Message-ID.
    """
    copies = [piece for piece in group.members if _may_be_original(piece)]
    unsent = group.identifier is None

    def acceptable(piece: Piece) -> bool:
        return piece.in_sent_folder or unsent or _matches_delivered(piece, group)

    def rank(piece: Piece) -> tuple[bool, bool, str]:
        return not piece.in_sent_folder, not _matches_delivered(piece, group), piece.sha256

    own = min(filter(acceptable, copies), key=rank, default=None)
    return own, [piece for piece in copies if own is None or piece.sha256 != own.sha256]


def _delivered_copies(group: _Group) -> list[Piece]:
    return [
        p
        for p in group.members
        if p.counts and p.kind is MessageKind.DELIVERY and p.inside is not None and p.inside.fingerprint is not None
    ]


def _matches_delivered(piece: Piece, group: _Group) -> bool:
    return any(_compared(piece, copy).agreement is Agreement.SAME for copy in _delivered_copies(group))


def _compared(own: Piece, copy: Piece) -> Comparison:
    if own.fingerprint is None or copy.inside is None or copy.inside.fingerprint is None:
        return Comparison(Agreement.NOT_COMPARABLE)
    return compare(own.fingerprint, copy.inside.fingerprint)


def _with_comparisons(lines: Iterable[Evidence], own: Piece | None, group: _Group) -> tuple[Evidence, ...]:
    """Each delivery beside our copy, where both are here."""
    copies = {copy.sha256: copy for copy in _delivered_copies(group)} if own is not None else {}
    return tuple(
        replace(line, comparison=_compared(own, copies[line.sha256])) if own and line.sha256 in copies else line
        for line in lines
    )


def _holder(group: _Group) -> Piece | None:
    """The delivery receipt whose postacert stands in for the original: a full one before a brief one."""
    deliveries = [
        p
        for p in group.members
        if p.counts and p.kind is MessageKind.DELIVERY and p.inside is not None and p.completeness is Completeness.FULL
    ]
    return min(deliveries, key=lambda p: (p.standing is not Standing.CERTIFIED, p.sha256), default=None)


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


def _lasting_attention(row: Transmission) -> tuple[Attention, ...]:
    """What needs a person whatever the clock says."""
    found = set()
    if row.direction is Direction.SENT:
        found |= {ATTENTION_OF_RECIPIENT[r.state] for r in row.recipients if r.state in ATTENTION_OF_RECIPIENT}
    if row.comparison is not None and row.comparison.agreement is Agreement.DIFFERENT:
        found.add(Attention.CONTENT_DIFFERS)
    for line in row.evidence:
        if line.standing is Standing.ALTERED:
            found.add(Attention.ALTERED)
        elif line.standing is Standing.NOT_CERTIFIED and _pretends(line.kind):
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


def _received_row(key: str, group: _Group) -> Transmission:
    main = min(group.members, key=lambda p: (not p.counts, p.standing is not Standing.CERTIFIED, p.by_hand, p.sha256))
    facts = main.certification if main.is_sealed else None
    shown = _unproven(main)
    lines = _lines(group.members if main.kind not in PLAIN_KINDS else (), group.claims)
    kind = TransmissionKind.CLAIM if main.is_claim else KIND_OF_ROW.get(main.kind, TransmissionKind.ORDINARY)
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
