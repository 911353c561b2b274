"""Linking as a function of a set: no order matters, nor how the set was cut into groups that name nothing in common."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.pec.linking import Piece, link, tokens
from pecdesk.pec.message import Completeness, MessageKind
from pecdesk.pec.sending import Sending, SendState
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import Direction, Transmission
from tests.unit.pec.pieces import (
    ANNA,
    BRUNO,
    CARLA,
    ME,
    OTHER,
    after,
    certified,
    copy,
    delivery,
    digest,
    envelope,
    receipt,
)
from tests.unit.pec.pieces import recipients as listed
from tests.unit.pec.pieces import unproven as forged

IDENTIFIERS = st.sampled_from(["opec1.1@pec.example", "opec2.2@PEC.example", "opec2.2@pec.example"])
CLIENT_IDS = st.sampled_from(["uno@x.example", "due@x.example", None])
SENDERS = st.sampled_from([ME, OTHER])
MAILBOXES = st.sampled_from([None, None, ME, OTHER])
TEXTS = st.sampled_from(["Testo.", "Altro."])
RESERVED = {"counts": False, "standing": Standing.CERTIFIED_WITH_RESERVE}
STANDINGS = st.sampled_from([{}, {}, {}, {"standing": Standing.CERTIFIED_WITH_RESERVE}, RESERVED])

RECEIPTS = st.builds(
    lambda type_, hours, to, piece, account, **data: receipt(type_, hours, to, {**piece, "account": account}, **data),
    st.sampled_from(["accettazione", "non-accettazione", "errore-consegna", "preavviso-errore-consegna"]),
    st.sampled_from([0, 1, 23]),
    st.sampled_from([ANNA, BRUNO, None]),
    STANDINGS,
    MAILBOXES,
    identifier=IDENTIFIERS,
    message_id=CLIENT_IDS,
    sender=SENDERS,
)
DELIVERIES = st.builds(
    lambda to, text, piece, account, **data: delivery(to, text=text, piece={**piece, "account": account}, **data),
    st.sampled_from([ANNA, BRUNO]),
    TEXTS | st.none(),
    STANDINGS,
    MAILBOXES,
    completeness=st.sampled_from([Completeness.FULL, Completeness.BRIEF]),
    identifier=IDENTIFIERS,
    message_id=CLIENT_IDS,
    sender=SENDERS,
)
COPIES = st.builds(
    copy,
    TEXTS,
    account=MAILBOXES,
    in_sent_folder=st.booleans(),
    sender=st.sampled_from([ME, OTHER, CARLA]),
    to=st.lists(st.sampled_from([ANNA, BRUNO, CARLA, ME]), max_size=2).map(tuple),
    message_id=CLIENT_IDS,
    kind=st.sampled_from([MessageKind.ORDINARY, MessageKind.ORDINARY, MessageKind.ANOMALY_ENVELOPE]),
)
FROZEN = st.builds(
    lambda piece, state: replace(piece, account=ME, outbox=frozen_as(state, piece)),
    COPIES.filter(lambda piece: piece.sender == ME and piece.message_id is not None),
    st.sampled_from([state for state in SendState if state is not SendState.WITHDRAWN]),
)


def frozen_as(state: SendState, piece: Piece) -> Sending:
    """What the outbox says of a copy."""
    return Sending(piece.sha256, ME, state, after(0), str(piece.message_id), ME, piece.to, after(0))


def sealed(sender: str, identifier: str, account: str | None, piece: dict[str, Any]) -> Piece:
    """An envelope from one mailbox of the profile, or from outside, to both."""
    said = certified("posta-certificata", sender=sender, identifier=identifier, recipients=listed(ME, OTHER))
    made = envelope(certification=said, account=account, **piece)
    return replace(made, sha256=digest(made), signed_sha256=digest(said))


ENVELOPES = st.builds(sealed, st.sampled_from([ME, CARLA]), IDENTIFIERS, MAILBOXES, STANDINGS)
PROVEN = st.one_of(RECEIPTS, DELIVERIES, ENVELOPES)
CLAIMS = st.builds(
    lambda genuine, standing, named: forged(genuine, standing, sha256=digest(genuine, standing, named), named=named),
    PROVEN,
    st.sampled_from([Standing.NOT_CERTIFIED, Standing.ALTERED, Standing.UNDETERMINED]),
    st.lists(st.sampled_from(["opec1.1@pec.example", "opec2.2@pec.example", "uno@x.example"]), max_size=2).map(tuple),
)
PIECES = st.one_of(PROVEN, COPIES, FROZEN, CLAIMS)
ACCOUNTS = st.sampled_from([frozenset[str](), frozenset({ME}), frozenset({ME, OTHER})])


def components(pieces: Iterable[Piece]) -> list[set[Piece]]:
    """The pieces in groups that share no token."""
    found: list[tuple[set[str], set[Piece]]] = []
    for piece in pieces:
        names, group = set(tokens(piece)), {piece}
        for other in [one for one in found if one[0] & names]:
            found.remove(other)
            names |= other[0]
            group |= other[1]
        found.append((names, group))
    return [group for _, group in found]


@settings(deadline=None)
@given(st.lists(PIECES, max_size=8).flatmap(lambda one: st.tuples(st.just(one), st.permutations(one))), ACCOUNTS)
def test_the_order_of_arrival_changes_no_row(pair: tuple[list[Piece], list[Piece]], accounts: frozenset[str]) -> None:
    first, second = pair

    assert link(first, accounts) == link([*second, *first], accounts)


@settings(deadline=None)
@given(st.sets(PIECES, max_size=10), ACCOUNTS)
def test_groups_that_share_no_token_may_be_linked_apart(pieces: set[Piece], accounts: frozenset[str]) -> None:
    apart = [row for group in components(pieces) for row in link(group, accounts)]

    assert sorted(apart, key=lambda row: row.key) == list(link(pieces, accounts))


@settings(deadline=None)
@given(st.sets(PIECES, max_size=8), ACCOUNTS)
def test_every_message_stands_in_a_row_and_every_row_has_a_key_of_its_own(
    pieces: set[Piece], accounts: frozenset[str]
) -> None:
    rows = link(pieces, accounts)

    assert {sha256 for row in rows for sha256 in row.messages} == {piece.sha256 for piece in pieces}
    assert len({row.key for row in rows}) == len(rows)


def certain(row: Transmission) -> Transmission:
    """What of a row may only change with proven evidence."""
    return replace(row, attention=(), evidence=tuple(line for line in row.evidence if line.standing.proves))


@settings(deadline=None)
@given(st.sets(st.one_of(PROVEN, COPIES), max_size=6), st.sets(CLAIMS, min_size=1, max_size=3), ACCOUNTS)
def test_forged_and_altered_evidence_changes_nothing_in_any_row(
    pieces: set[Piece], claims: set[Piece], accounts: frozenset[str]
) -> None:
    before = {row.key: certain(row) for row in link(pieces, accounts)}
    after = {row.key: certain(row) for row in link(pieces | claims, accounts)}

    assert {key: row for key, row in after.items() if key in before} == before
    assert {row.kind for key, row in after.items() if key not in before} <= {"claim"}


@settings(deadline=None)
@given(st.sets(PIECES, max_size=8), ACCOUNTS)
def test_nothing_is_delivered_without_counting_evidence(pieces: set[Piece], accounts: frozenset[str]) -> None:
    counting = {piece.sha256: piece for piece in pieces if piece.counts and piece.is_proof}
    for row in link(pieces, accounts):
        for found in row.recipients:
            assert set(found.evidence) <= counting.keys()
            assert found.state == "pending" or found.evidence or found.state == "not-pec"
        assert {
            line.sha256 for line in row.evidence if line.counts and row.direction is Direction.SENT
        } <= counting.keys()


@settings(deadline=None)
@given(st.sets(PIECES, max_size=8), ACCOUNTS)
def test_a_row_is_made_again_from_its_own_messages_alone(pieces: set[Piece], accounts: frozenset[str]) -> None:
    for row in link(pieces, accounts):
        again = link([piece for piece in pieces if piece.sha256 in row.messages], accounts)
        assert row.key in {found.key for found in again}
        (same,) = (found for found in again if found.key == row.key)
        assert (same.state, same.recipients, same.original) == (row.state, row.recipients, row.original)


@settings(deadline=None)
@given(st.sets(st.one_of(PROVEN, COPIES, FROZEN), max_size=8), ACCOUNTS)
def test_the_outbox_speaks_until_evidence_counts_and_never_after(pieces: set[Piece], accounts: frozenset[str]) -> None:
    for row in link(pieces, accounts):
        counting = [line for line in row.evidence if line.counts]
        if row.outbox is not None:
            assert not counting
            assert row.state == row.outbox
        elif row.direction is Direction.SENT and counting:
            assert row.state not in ("queued", "sending", "uncertain")
            assert row.last_error is None
