"""Outcomes over any set of receipts: no order matters, and nothing is delivered without a proof of it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.pec.daticert import CertifiedRecipient, RecipientType
from pecdesk.pec.message import KIND_OF_RECEIPT
from pecdesk.pec.outcome import Proof, Recipient, outcomes, state_of
from pecdesk.pec.transmission import RecipientState, Role, State
from tests.unit.pec.pieces import ANNA, BRUNO, CARLA, proof

ADDRESSES = (ANNA, BRUNO, CARLA, ANNA.upper())
LISTED = st.lists(
    st.builds(CertifiedRecipient, st.sampled_from(ADDRESSES), st.sampled_from(RecipientType)), min_size=1, max_size=3
).map(tuple)
PROOFS = st.builds(
    proof,
    st.sampled_from(list(KIND_OF_RECEIPT)),
    st.sampled_from([0, 0.5, 12, 21.9, 22, 24, 30]),
    st.none() | st.sampled_from(ADDRESSES),
    recipients=LISTED,
    extended_error=st.sampled_from([None, "5.4.1 - x", "4.4.1 - x"]),
    taken_for=st.lists(st.sampled_from(ADDRESSES), max_size=2).map(tuple),
)
ADDRESSED = st.lists(st.builds(Recipient, st.sampled_from(ADDRESSES), st.none() | st.sampled_from(Role)), max_size=2)


@settings(deadline=None)
@given(st.lists(PROOFS, max_size=6).flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))), ADDRESSED)
def test_the_order_of_arrival_changes_nothing(
    pair: tuple[list[Proof], list[Proof]], addressed: list[Recipient]
) -> None:
    first, second = pair

    assert outcomes(first, addressed) == outcomes(second, addressed)


@settings(deadline=None)
@given(st.sets(PROOFS, max_size=6), ADDRESSED)
def test_nothing_is_said_of_a_recipient_without_evidence_that_says_it(
    proofs: set[Proof], addressed: list[Recipient]
) -> None:
    by_hash = {each.sha256: each for each in proofs}
    needed = {
        RecipientState.DELIVERED: {"avvenuta-consegna"},
        RecipientState.FAILED: {"errore-consegna", "rilevazione-virus", "preavviso-errore-consegna"},
        RecipientState.DELAYED: {"preavviso-errore-consegna"},
        RecipientState.REFUSED: {"non-accettazione"},
        RecipientState.ACCEPTED: {"accettazione"},
        RecipientState.TAKEN_IN_CHARGE: {"presa-in-carico"},
    }
    for found in outcomes(proofs, addressed):
        shown = {by_hash[sha256].certification.type for sha256 in found.evidence}
        assert found.state not in needed or shown & needed[found.state]
        assert found.state is not RecipientState.CONTRADICTORY or len(shown) > 1
        assert (found.since is None) <= (found.state in (RecipientState.PENDING, RecipientState.NOT_PEC))
        assert found.since is None or found.since in {each.time for each in proofs}


@settings(deadline=None)
@given(st.sets(PROOFS, max_size=6))
def test_every_recipient_named_is_listed_once_and_all_evidence_about_it_with_it(proofs: set[Proof]) -> None:
    found = outcomes(proofs)
    listed = [each.address.lower() for each in found]
    named = {recipient.address.lower() for each in proofs for recipient in each.certification.recipients}

    assert len(listed) == len(set(listed))
    assert listed == sorted(listed)
    assert named <= set(listed)
    assert {sha256 for each in found for sha256 in each.evidence} <= {each.sha256 for each in proofs}


@settings(deadline=None)
@given(st.sets(PROOFS, max_size=6), st.sampled_from(["avvenuta-consegna", "errore-consegna"]))
def test_more_evidence_never_takes_a_proof_away(proofs: set[Proof], type_: str) -> None:
    before = {each.address.lower(): set(each.evidence) for each in outcomes(proofs)}
    after = {each.address.lower(): set(each.evidence) for each in outcomes({*proofs, proof(type_, 2, ANNA)})}

    assert all(evidence <= after[address] for address, evidence in before.items())


@settings(deadline=None)
@given(st.sets(PROOFS, max_size=6))
def test_the_whole_is_delivered_only_where_every_pec_recipient_is(proofs: set[Proof]) -> None:
    found = outcomes(proofs)
    states = {each.state for each in found} - {RecipientState.NOT_PEC}

    assert (state_of(found) is State.DELIVERED) == (states == {RecipientState.DELIVERED})
