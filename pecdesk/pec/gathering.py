"""Which pieces belong to one row: whose mailbox they are from, and what they are about (cli.md section 4).

Only a signed daticert pairs, keys and moves; what is unproven is put under the sending it names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pecdesk.pec.message import MessageKind, normal_address, normal_id
from pecdesk.pec.piece import Piece
from pecdesk.pec.transmission import Direction


@dataclass(slots=True)
class Group:
    """Messages gathered for one row."""

    account: str | None
    identifier: str | None
    message_ids: set[str]
    members: list[Piece]
    claims: list[Piece]


Groups = dict[str, Group]


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


def sent_groups(pieces: Iterable[Piece], accounts: frozenset[str]) -> Groups:
    """Rows of what was sent: by certified identificativo, else by the Message-ID of a copy of our own."""
    groups: Groups = {}
    copies: list[tuple[Piece, str | None]] = []
    for piece in pieces:
        owner = _owner(piece, accounts)
        if piece.is_proof:
            assert piece.certification is not None
            identifier = normal_id(piece.certification.identifier) or ""
            key = _key(Direction.SENT, owner, identifier)
            group = groups.setdefault(key, Group(owner, identifier, set(), [], []))
            group.members.append(piece)
            if piece.counts and piece.certification.message_id:
                group.message_ids.add(piece.certification.message_id)
        elif may_be_original(piece):
            copies.append((piece, owner))
    for piece, owner in copies:
        citing = [group for group in groups.values() if _cites(group, piece, owner)]
        for group in citing:
            group.members.append(piece)
        if not citing and owner is not None and normal_address(piece.sender) == owner:
            key = _key(Direction.SENT, owner, f"<{piece.message_id or piece.sha256}>")
            ids = {piece.message_id} if piece.message_id else set()
            groups.setdefault(key, Group(owner, None, ids, [], [])).members.append(piece)
    return groups


def may_be_original(piece: Piece) -> bool:
    """Whether a message may be somebody's copy of what was sent, or is from the outbox."""
    return piece.outbox is not None or piece.kind is MessageKind.ORDINARY


def _cites(group: Group, piece: Piece, owner: str | None) -> bool:
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


def received_groups(pieces: Iterable[Piece], accounts: frozenset[str]) -> Groups:
    """Rows of what came in: envelopes by certified identificativo, everything else by itself."""
    groups: Groups = {}
    for piece in pieces:
        owner = _owner(piece, accounts)
        if piece.is_sealed:
            assert piece.certification is not None
            identifier = normal_id(piece.certification.identifier) or ""
            key = _key(Direction.RECEIVED, owner, identifier)
            groups.setdefault(key, Group(owner, identifier, set(), [], [])).members.append(piece)
    return groups


def attach_claims(pieces: Iterable[Piece], sent: Groups, received: Groups) -> None:
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
        received.setdefault(key, Group(account, None, set(), [], [])).members.append(piece)


def _named_group(piece: Piece, groups: Groups) -> Group | None:
    if not piece.is_claim:
        return None
    fitting = [
        group
        for group in groups.values()
        if (piece.account is None or piece.account == group.account)
        and (group.identifier in piece.named or group.message_ids & set(piece.named))
    ]
    return min(fitting, key=lambda group: group.identifier not in piece.named, default=None)
