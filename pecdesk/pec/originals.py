"""Which message is the original of a sending, and whether the copies that were delivered are the same.

The original, in this order: the outbox's bytes, a copy of our own, the postacert of a certified full delivery
(cli.md section 4).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pecdesk.pec.comparison import Agreement, Comparison, compare
from pecdesk.pec.gathering import Group, may_be_original
from pecdesk.pec.message import Completeness, MessageKind, squeezed
from pecdesk.pec.piece import Piece
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import Evidence


def own_copy(group: Group) -> tuple[Piece | None, list[Piece]]:
    """The copy that is the original, and those that could be but are not taken.

    The one the outbox froze comes first. A copy from a Sent folder, or from a mailbox that was stated, is taken; of
    several the one that was delivered. One of unknown origin is taken only when a delivered copy shows the very same
    content: anybody can write a mail with our address and Message-ID.
    """
    copies = [piece for piece in group.members if may_be_original(piece)]
    unsent = group.identifier is None

    def acceptable(piece: Piece) -> bool:
        return piece.outbox is not None or piece.in_sent_folder or unsent or _matches_delivered(piece, group)

    def rank(piece: Piece) -> tuple[bool, bool, bool, str]:
        delivered = _matches_delivered(piece, group)
        return piece.outbox is None, not piece.in_sent_folder, not delivered, piece.sha256

    own = min(filter(acceptable, copies), key=rank, default=None)
    return own, [piece for piece in copies if own is None or piece.sha256 != own.sha256]


def _delivered_copies(group: Group) -> list[Piece]:
    return [
        p
        for p in group.members
        if p.counts and p.kind is MessageKind.DELIVERY and p.inside is not None and p.inside.fingerprint is not None
    ]


def _matches_delivered(piece: Piece, group: Group) -> bool:
    return any(_compared(piece, copy).agreement is Agreement.SAME for copy in _delivered_copies(group))


def _compared(own: Piece, copy: Piece) -> Comparison:
    if own.fingerprint is None or copy.inside is None or copy.inside.fingerprint is None:
        return Comparison(Agreement.NOT_COMPARABLE)
    found = compare(own.fingerprint, copy.inside.fingerprint)
    if squeezed(own.subject) == squeezed(copy.inside.subject):
        return found
    return replace(found, agreement=Agreement.DIFFERENT, other_subject=True)


def with_comparisons(lines: Iterable[Evidence], own: Piece | None, group: Group) -> tuple[Evidence, ...]:
    """Each delivery beside our copy, where both are here."""
    copies = {copy.sha256: copy for copy in _delivered_copies(group)} if own is not None else {}
    return tuple(
        replace(line, comparison=_compared(own, copies[line.sha256])) if own and line.sha256 in copies else line
        for line in lines
    )


def holder_of(group: Group) -> Piece | None:
    """The delivery receipt whose postacert stands in for the original: a full one before a brief one."""
    deliveries = [
        p
        for p in group.members
        if p.counts and p.kind is MessageKind.DELIVERY and p.inside is not None and p.completeness is Completeness.FULL
    ]
    return min(deliveries, key=lambda p: (p.standing is not Standing.CERTIFIED, p.sha256), default=None)
