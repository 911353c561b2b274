"""Which messages make one transmission (cli.md section 4, "Which row a message belongs to").

`link` is a pure function of a *set* of messages: order of arrival cannot matter. The store calls `link` on closed
groups: `tokens` says which messages must be linked together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pecdesk.pec.gathering import attach_claims, received_groups, sent_groups
from pecdesk.pec.piece import Inside, Piece, proves_nothing, tokens
from pecdesk.pec.rows import received_row, sent_row
from pecdesk.pec.transmission import Transmission

__all__ = ["Inside", "Piece", "link", "proves_nothing", "tokens"]


def link(pieces: Collection[Piece], accounts: frozenset[str]) -> tuple[Transmission, ...]:
    """The transmissions that these messages make, in order of key.

    `accounts` are the profile's mailboxes in comparable form. Equal pieces count once.
    """
    unique = _unique(pieces)
    sent = sent_groups(unique, accounts)
    received = received_groups(unique, accounts)
    attach_claims(unique, sent, received)
    rows = [sent_row(key, group, accounts) for key, group in sent.items()]
    rows += [received_row(key, group) for key, group in received.items()]
    return tuple(sorted(rows, key=lambda row: row.key))


def _unique(pieces: Iterable[Piece]) -> list[Piece]:
    """Each once, in an order of their own: only those of one message in one mailbox can be equal, and looking at no
    others is cheaper than a hash over all that they tell."""
    found: dict[tuple[str, str, bool], list[Piece]] = {}
    for piece in pieces:
        same = found.setdefault((piece.sha256, piece.account or "", not piece.in_sent_folder), [])
        if piece not in same:
            same.append(piece)
    return [piece for key in sorted(found) for piece in _in_order(found[key])]


def _in_order(same: list[Piece]) -> list[Piece]:
    return same if len(same) == 1 else sorted(same, key=repr)
