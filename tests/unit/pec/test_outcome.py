"""What became of a message, per recipient and as a whole: every rule of the interface, one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product

import pytest

from pecdesk.pec.daticert import CertificationData
from pecdesk.pec.outcome import Proof, Recipient, about, accepted_at, is_final_notice, outcomes, state_of
from pecdesk.pec.transmission import RecipientOutcome, RecipientState, Role, State
from tests.unit.pec.pieces import ANNA, BRUNO, CARLA, after, certified, notice, outcome_of, proof, recipients

ACCEPTED = proof()
DELIVERED = proof("avvenuta-consegna", 0.1, ANNA)
FAILED = proof("errore-consegna", 0.2, ANNA)
VIRUS = proof("rilevazione-virus", 0.2, ANNA)
WARNED = notice(12, ANNA)
FINAL = notice(24, ANNA, final=True)
TAKEN = proof("presa-in-carico", 0.05, taken_for=(ANNA,))
REFUSED = proof("non-accettazione", 0)


def fate(*proofs: Proof, of: str = ANNA) -> tuple[str, object]:
    """State of one recipient, and hours after acceptance since when it holds."""
    found = outcome_of(outcomes(proofs), of)
    return found.state, None if found.since is None else (found.since - after(0)).total_seconds() / 3600


# one recipient


@pytest.mark.parametrize(
    ("proofs", "state", "since"),
    [
        ([ACCEPTED], "accepted", 0),
        ([TAKEN], "taken-in-charge", 0.05),
        ([ACCEPTED, TAKEN], "taken-in-charge", 0.05),
        ([ACCEPTED, WARNED], "delayed", 12),
        ([WARNED], "delayed", 12),
        ([ACCEPTED, TAKEN, WARNED], "delayed", 12),
        ([ACCEPTED, FINAL], "failed", 24),
        ([FINAL], "failed", 24),
        ([ACCEPTED, WARNED, FINAL], "failed", 24),
        ([ACCEPTED, FAILED], "failed", 0.2),
        ([FAILED], "failed", 0.2),
        ([ACCEPTED, VIRUS], "failed", 0.2),
        ([ACCEPTED, FINAL, proof("errore-consegna", 25, ANNA)], "failed", 24),
        ([ACCEPTED, DELIVERED], "delivered", 0.1),
        ([DELIVERED], "delivered", 0.1),
        ([ACCEPTED, WARNED, proof("avvenuta-consegna", 13, ANNA)], "delivered", 13),
        ([ACCEPTED, FINAL, proof("avvenuta-consegna", 30, ANNA)], "delivered", 30),
        ([ACCEPTED, DELIVERED, proof("avvenuta-consegna", 0.3, ANNA)], "delivered", 0.1),
        ([ACCEPTED, DELIVERED, FAILED], "contradictory", 0.2),
        ([ACCEPTED, DELIVERED, VIRUS], "contradictory", 0.2),
        ([DELIVERED, FAILED], "contradictory", 0.2),
        ([DELIVERED, FAILED, proof("rilevazione-virus", 0.5, ANNA)], "contradictory", 0.2),
        ([REFUSED, ACCEPTED, DELIVERED], "contradictory", 0),
        ([REFUSED], "refused", 0),
        ([REFUSED, ACCEPTED], "contradictory", 0),
        ([REFUSED, DELIVERED], "contradictory", 0.1),
        ([REFUSED, FAILED], "contradictory", 0.2),
        ([REFUSED, WARNED], "contradictory", 12),
        ([REFUSED, TAKEN], "contradictory", 0.05),
        ([proof("non-accettazione", 1), ACCEPTED, DELIVERED], "contradictory", 1),
    ],
)
def test_the_fate_of_one_recipient(proofs: list[Proof], state: str, since: float) -> None:
    assert fate(*proofs) == fate(*reversed(proofs)) == (state, pytest.approx(since))


def test_the_others_share_the_acceptance_and_nothing_else() -> None:
    everything = (ACCEPTED, TAKEN, WARNED, FINAL, FAILED, DELIVERED)

    assert fate(*everything, of=ANNA) == ("contradictory", pytest.approx(0.2))
    assert fate(*everything, of=BRUNO) == ("accepted", 0)


def test_a_notice_about_one_recipient_leaves_those_without_any_evidence_pending() -> None:
    assert fate(DELIVERED, of=BRUNO) == ("pending", None)


def test_a_notice_stays_listed_beside_a_later_delivery() -> None:
    found = outcome_of(outcomes([WARNED, DELIVERED, ACCEPTED]), ANNA)

    assert found.evidence == (ACCEPTED.sha256, DELIVERED.sha256, WARNED.sha256)


# which notice is the last one


@pytest.mark.parametrize(
    ("why", "hours", "final"),
    [
        ("5.4.1 - Gestore - non consegnato nelle prime ventiquattro ore", 1, True),
        (" 5.4.1, Gestore, non consegnato", 1, True),
        ("4.4.1 - Gestore - non ancora consegnato", 21.999, False),
        ("4.4.1 - Gestore - non ancora consegnato", 22, True),
        (None, 12, False),
        (None, 24, True),
        ("5.4.10 - altro", 12, False),
        ("15.4.1", 12, False),
        ("errore 5.4.1", 12, False),
    ],
)
def test_the_last_notice_is_told_by_its_code_or_by_22_hours(why: str | None, hours: float, final: bool) -> None:
    data = certified("preavviso-errore-consegna", hours, ANNA, extended_error=why)

    assert is_final_notice(data, after(0)) is final


def test_without_an_acceptance_only_the_code_tells_the_last_notice() -> None:
    assert not is_final_notice(notice(48, ANNA).certification, None)
    assert fate(notice(48, ANNA)) == ("delayed", 48)
    assert fate(notice(48, ANNA), ACCEPTED) == ("failed", 48)


def test_of_several_acceptances_the_earliest_counts() -> None:
    later = proof(hours=2)

    assert accepted_at([later, ACCEPTED, DELIVERED]) == after(0)
    assert accepted_at([DELIVERED]) is None
    assert fate(notice(23, ANNA), later, ACCEPTED) == ("failed", 23)


# recipients that are not PEC

MIXED = recipients(ANNA, external=[CARLA])


def test_an_external_recipient_is_not_pec_once_accepted() -> None:
    assert fate(proof(recipients=MIXED), of=CARLA) == ("not-pec", 0)
    assert fate(proof(recipients=MIXED), of=ANNA) == ("accepted", 0)


def test_an_external_recipient_is_not_pec_although_the_acceptance_is_missing() -> None:
    assert fate(proof("avvenuta-consegna", 0.1, ANNA, recipients=MIXED), of=CARLA) == ("not-pec", None)


def test_the_acceptance_says_of_which_type_a_recipient_is() -> None:
    contradicting = proof("avvenuta-consegna", -1, ANNA, recipients=recipients(CARLA, external=[ANNA]))

    assert outcome_of(outcomes([proof(recipients=MIXED), contradicting]), CARLA).type == "external"


@pytest.mark.parametrize(
    ("evidence", "state"),
    [
        (proof("avvenuta-consegna", 1, CARLA, recipients=MIXED), "delivered"),
        (proof("errore-consegna", 1, CARLA, recipients=MIXED), "failed"),
        (proof("presa-in-carico", 1, taken_for=(CARLA,), recipients=MIXED), "taken-in-charge"),
        (proof("non-accettazione", 0, recipients=MIXED), "refused"),
    ],
)
def test_evidence_about_an_external_recipient_counts_all_the_same(evidence: Proof, state: str) -> None:
    assert fate(evidence, of=CARLA)[0] == state


# whom evidence is about


@pytest.mark.parametrize(
    ("data", "addresses"),
    [
        (certified(), ()),
        (certified("non-accettazione"), ()),
        (certified("avvenuta-consegna", to="Anna@PEC.uno.example"), ("Anna@PEC.uno.example",)),
        (certified("avvenuta-consegna"), ()),
        (certified("avvenuta-consegna", recipients=recipients(BRUNO)), (BRUNO,)),
        (certified("rilevazione-virus", recipients=recipients(BRUNO)), (BRUNO,)),
        (certified("presa-in-carico", taken_for=(ANNA, BRUNO)), (ANNA, BRUNO)),
        (certified("presa-in-carico"), ()),
        (certified("avvenuta-consegna", to=ANNA, taken_for=(BRUNO,)), (ANNA,)),
    ],
)
def test_evidence_is_about_those_it_names(data: CertificationData, addresses: tuple[str, ...]) -> None:
    assert about(data) == addresses


@pytest.mark.parametrize(
    "type_", ["avvenuta-consegna", "errore-consegna", "preavviso-errore-consegna", "rilevazione-virus"]
)
def test_a_notice_that_names_nobody_among_several_moves_nobody(type_: str) -> None:
    assert {fate(ACCEPTED, proof(type_, 24), of=address) for address in (ANNA, BRUNO)} == {("accepted", 0.0)}


def test_evidence_about_all_is_only_about_those_it_lists() -> None:
    found = outcomes([proof(recipients=recipients(ANNA)), proof(hours=1, recipients=recipients(BRUNO))])

    assert [(each.address, each.since) for each in found] == [(ANNA, after(0)), (BRUNO, after(1))]


def test_a_taking_in_charge_that_names_nobody_is_about_all() -> None:
    assert fate(proof("presa-in-carico", 1), of=BRUNO) == ("taken-in-charge", 1)


def test_addresses_are_told_as_certified_and_compared_without_case() -> None:
    found = outcomes(
        [proof(recipients=recipients("Anna@PEC.uno.example")), DELIVERED], [Recipient(ANNA.upper(), Role.TO)]
    )

    assert [(each.address, each.role, each.state) for each in found if each.address.lower() == ANNA] == [
        ("Anna@PEC.uno.example", Role.TO, RecipientState.DELIVERED)
    ]


def test_a_delivery_to_an_address_that_was_not_named_before_is_listed_by_itself() -> None:
    found = outcomes([ACCEPTED, proof("avvenuta-consegna", 1, "alias@pec.uno.example")])

    assert {each.address: str(each.state) for each in found} == {
        ANNA: "accepted",
        BRUNO: "accepted",
        "alias@pec.uno.example": "delivered",
    }
    assert outcome_of(found, "alias@pec.uno.example").type is None


def test_who_is_only_addressed_is_pending_with_a_role() -> None:
    found = outcomes([], [Recipient(BRUNO, Role.CC), Recipient(ANNA, Role.TO), Recipient(CARLA, None)])

    assert [(each.address, each.role, each.state, each.since, each.evidence) for each in found] == [
        (ANNA, Role.TO, RecipientState.PENDING, None, ()),
        (BRUNO, Role.CC, RecipientState.PENDING, None, ()),
        (CARLA, None, RecipientState.PENDING, None, ()),
    ]


def test_nobody_addressed_and_no_evidence_is_nothing() -> None:
    assert outcomes([]) == ()


# the whole


def whole(*states: RecipientState | str) -> str:
    return state_of([RecipientOutcome(f"{number}", None, None, RecipientState(s)) for number, s in enumerate(states)])


@pytest.mark.parametrize(
    ("states", "state"),
    [
        ("", "pending"),
        ("pending", "pending"),
        ("accepted", "accepted"),
        ("accepted pending", "accepted"),
        ("taken-in-charge", "accepted"),
        ("not-pec", "accepted"),
        ("not-pec not-pec", "accepted"),
        ("not-pec pending", "accepted"),
        ("delayed", "delayed"),
        ("delayed accepted", "delayed"),
        ("failed", "failed"),
        ("failed delayed accepted pending", "failed"),
        ("delivered", "delivered"),
        ("delivered delivered", "delivered"),
        ("delivered not-pec", "delivered"),
        ("delivered accepted", "partly-delivered"),
        ("delivered pending", "partly-delivered"),
        ("delivered failed", "partly-delivered"),
        ("delivered delayed taken-in-charge", "partly-delivered"),
        ("contradictory delivered failed", "contradictory"),
        ("contradictory", "contradictory"),
        ("refused", "refused"),
        ("refused contradictory delivered", "refused"),
    ],
)
def test_the_whole_follows_from_the_recipients(states: str, state: str) -> None:
    assert whole(*states.split()) == state


RULES: list[tuple[str, Callable[[Sequence[str]], object]]] = [
    ("refused", lambda states: "refused" in states),
    ("contradictory", lambda states: "contradictory" in states),
    ("delivered", lambda states: set(states) - {"not-pec"} == {"delivered"}),
    ("partly-delivered", lambda states: "delivered" in states),
    ("failed", lambda states: "failed" in states),
    ("delayed", lambda states: "delayed" in states),
    ("accepted", lambda states: {"accepted", "taken-in-charge", "not-pec"} & set(states)),
    ("pending", lambda _: True),
]


def test_for_any_three_recipients_the_first_rule_that_fits_decides() -> None:
    for states in product(RecipientState, repeat=3):
        assert whole(*states) == next(state for state, fits in RULES if fits(states)), states


def test_a_sent_row_has_no_state_that_only_others_have() -> None:
    reached = {whole(*states) for states in product(RecipientState, repeat=2)}

    assert reached == {state for state, _ in RULES}
    assert set(State) - reached == {"draft", "queued", "sending", "uncertain", "received"}


def test_a_receipt_without_a_subject_or_msgid_counts_like_any_other() -> None:
    bare = replace(DELIVERED.certification, subject=None, message_id=None)

    assert fate(Proof("x", bare))[0] == "delivered"
