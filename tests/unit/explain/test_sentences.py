"""What is said of a row: its headline, its events, what weakens it as a proof."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pecdesk.explain import LANGUAGES, language
from pecdesk.explain.sentences import event, headline, remarks, weak_points
from pecdesk.explain.words import ATTENTION
from pecdesk.pec.message import Completeness, MessageKind
from pecdesk.pec.outcome import state_of
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import Attention, RecipientState, State, Transmission
from tests.unit.pec.pieces import (
    ANNA,
    BRUNO,
    CARLA,
    RESERVED,
    after,
    copy,
    delivery,
    envelope,
    mail,
    only,
    receipt,
    recipients,
    unproven,
)

EN = language("en")
BASE = only(receipt(), copy())


def row_of(*states: str) -> Transmission:
    """A sent row whose recipients have these states."""
    template = BASE.recipients[0]
    found = tuple(replace(template, address=f"{n}@x.example", state=RecipientState(s)) for n, s in enumerate(states))
    evidence = () if set(states) == {"pending"} else BASE.evidence
    return replace(BASE, recipients=found, state=state_of(found), evidence=evidence)


NOT_PEC = " One recipient has no PEC address: no delivery receipt will come from there."


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ("delivered", "Delivered to the recipient."),
        ("delivered delivered", "Delivered to all 2 recipients."),
        ("delivered not-pec", "Delivered to the one PEC recipient." + NOT_PEC),
        ("delivered failed", "Delivered to one of 2 recipients; one was not reached."),
        ("delivered delivered failed failed", "Delivered to 2 of 4 recipients; 2 were not reached."),
        ("delivered delayed accepted",
         "Delivered to one of 3 recipients; one has a notice of delay; one is still awaited."),
        ("delivered delayed delayed pending pending",
         "Delivered to one of 5 recipients; 2 have a notice of delay; 2 are still awaited."),
        ("failed", "Not delivered to the recipient."),
        ("failed failed", "Not delivered to any of the 2 recipients."),
        ("failed accepted", "Not delivered to one of 2 recipients; one is still awaited."),
        ("failed failed delayed", "Not delivered to 2 of 3 recipients; one has a notice of delay."),
        ("accepted", "Accepted by the sender's provider; delivery is awaited."),
        ("accepted not-pec", "Accepted by the sender's provider; delivery is awaited." + NOT_PEC),
        ("not-pec", "Accepted by the sender's provider." + NOT_PEC),
        ("pending", "Sent; no receipt has come yet."),
        ("delayed", "Not delivered in the first 12 hours; the provider goes on trying until 24."),
        ("refused", "Not accepted by the sender's provider: nothing was sent."),
        ("contradictory", "The receipts contradict one another: nothing can be said until this is cleared up."),
    ],
)  # fmt: skip
def test_the_headline_of_a_sent_row(states: str, said: str) -> None:
    assert headline(row_of(*states.split()), EN) == said


def test_receipts_that_prove_nothing_are_not_denied() -> None:
    row = replace(row_of("pending"), evidence=BASE.evidence)

    assert headline(row, EN) == "Sent; no receipt that counts has come yet."


def test_two_recipients_without_pec_are_counted() -> None:
    assert headline(row_of("delivered", "not-pec", "not-pec"), EN).endswith(
        "2 recipients have no PEC address: no delivery receipt will come from there."
    )


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("state", [state for state in State if state is not State.RECEIVED])
def test_every_state_has_a_headline_in_both_languages(state: State, code: str) -> None:
    said = headline(replace(BASE, state=state), language(code))

    assert said.endswith(".")
    assert "{" not in said


CERTIFIED = "Certified: the provider's signature holds and everything agrees."
ALTERED = "Altered: the content is not the one the provider signed."


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (only(envelope()), CERTIFIED),
        (only(envelope(**RESERVED)),
         "Certified with a reserve: the provider's signature holds, something disagrees."),
        (only(unproven(envelope())), "It looks like a PEC message, but no provider signed it."),
        (only(unproven(envelope(), Standing.ALTERED)), ALTERED),
        (only(unproven(envelope(), Standing.UNDETERMINED)), "Cannot be verified."),
        (only(mail()), "Ordinary mail: nothing about it is certified."),
        (only(mail(standing=Standing.UNDETERMINED)), "Cannot be verified."),
        (only(mail(kind=MessageKind.ANOMALY_ENVELOPE)),
         "Ordinary mail in an anomaly envelope: the sender is not certified."),
        (only(mail(kind=MessageKind.ANOMALY_ENVELOPE, standing=Standing.ALTERED)), ALTERED),
        (only(mail(kind=MessageKind.REM_DISPATCH, standing=Standing.UNDETERMINED)), "Cannot be verified."),
        (replace(only(mail()), sealed=None), "Cannot be verified."),
    ],
)  # fmt: skip
def test_the_headline_of_a_received_row(row: Transmission, said: str) -> None:
    assert headline(row, EN) == said


# events


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (only(receipt()), "Acceptance receipt"),
        (only(delivery()), f"Delivery receipt (full): {ANNA}"),
        (only(delivery(completeness=Completeness.BRIEF)), f"Delivery receipt (brief): {ANNA}"),
        (only(delivery(text=None)), f"Delivery receipt (short): {ANNA}"),
        (only(receipt("errore-consegna", 1, ANNA, error="no-dest")),
         f"Notice of non-delivery: {ANNA} – The recipient does not exist."),
        (only(receipt("errore-consegna", 1, ANNA, error="altro", extended_error="5.2.2 - x")),
         f"Notice of non-delivery: {ANNA} – The recipient's mailbox is full."),
        (only(receipt("errore-consegna", 1, ANNA, error="altro")), f"Notice of non-delivery: {ANNA}"),
        (only(unproven(delivery())), "Delivery receipt – Not certified: no provider vouches for this message."),
        (only(unproven(delivery(), Standing.ALTERED)), f"Delivery receipt – {ALTERED}"),
    ],
)  # fmt: skip
def test_one_piece_of_evidence_is_one_sentence(row: Transmission, said: str) -> None:
    assert event(row.evidence[0], EN) == said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (only(receipt(), copy(), delivery(ANNA)), ["– the delivered copy is the message sent"]),
        (only(receipt(), copy(), delivery(ANNA, text="Altro.")), ["– the delivered copy DIFFERS"]),
        (only(receipt(), delivery(ANNA)), []),
        (only(receipt(), copy(), delivery(ANNA, piece={"counts": False})), ["– counts for nothing"]),
        (only(receipt(), copy(), unproven(delivery(ANNA))), []),
        (only(envelope(counts=False)), []),
    ],
)
def test_a_piece_of_evidence_is_remarked_upon(row: Transmission, said: list[str]) -> None:
    assert remarks(row.evidence[-1], row, EN) == said


# weak points


def weak(row: Transmission, hours: float = 0) -> list[str]:
    return weak_points(row, after(hours), EN)


COMPLETE = only(receipt(), copy(), delivery(ANNA), delivery(BRUNO))


def test_a_complete_proof_has_no_weak_point_whatever_the_clock_says() -> None:
    assert weak(COMPLETE) == weak(COMPLETE, 99_999) == []
    assert weak(only(envelope())) == []


@pytest.mark.parametrize(
    ("row", "point"),
    [
        (only(copy(), delivery(ANNA), delivery(BRUNO)), "The acceptance receipt is missing."),
        (only(receipt(), copy(), delivery(ANNA)), f"For {BRUNO} the final outcome is still missing."),
        (only(receipt(), copy(), delivery(ANNA), delivery(BRUNO, text=None)),
         f"The receipt for {BRUNO} does not hold the whole message."),
        (only(receipt(), copy(), delivery(ANNA), delivery(BRUNO, completeness=Completeness.BRIEF)),
         f"The receipt for {BRUNO} does not hold the whole message."),
        (only(receipt(), delivery(ANNA), delivery(BRUNO)),
         "The sent message is not in this archive; it is read out of the delivery receipt."),
        (only(receipt(), copy(), delivery(ANNA), delivery(BRUNO, piece=RESERVED)),
         "Delivery receipt: certified with a reserve."),
    ],
)  # fmt: skip
def test_each_gap_is_a_weak_point(row: Transmission, point: str) -> None:
    assert weak(row) == [point]


def test_a_missing_original_is_told() -> None:
    assert "The sent message is not in this archive." in weak(only(receipt()))


def test_what_differs_is_named() -> None:
    row = only(receipt(), copy(), delivery(ANNA, text="Altro."), delivery(BRUNO))

    assert weak(row) == [ATTENTION[Attention.CONTENT_DIFFERS], "Different from what was sent: the text."]


def test_what_needs_attention_is_a_weak_point_and_said_once() -> None:
    row = only(receipt(), copy(), delivery(ANNA), delivery(BRUNO), unproven(delivery()))

    assert weak(row) == [ATTENTION[Attention.FORGED]]
    assert ATTENTION[Attention.OVERDUE] in weak(only(receipt(), copy()), 24)


def test_a_refused_message_lacks_no_acceptance() -> None:
    row = only(receipt("non-accettazione"), copy())

    assert weak(row) == [ATTENTION[Attention.REFUSED]]


def test_a_message_without_any_receipt_lacks_outcomes_and_not_yet_its_acceptance() -> None:
    assert weak(only(copy())) == [
        f"For {ANNA} the final outcome is still missing.",
        f"For {BRUNO} the final outcome is still missing.",
    ]


def test_recipients_without_pec_are_no_gap_but_need_attention() -> None:
    row = only(receipt(recipients=recipients(ANNA, external=[CARLA])), copy(cc=()), delivery(ANNA, text=None))

    assert ATTENTION[Attention.NOT_PEC] in weak(row)
    assert not any(CARLA in point for point in weak(row))


@pytest.mark.parametrize(
    "row", [only(unproven(envelope())), only(mail()), only(mail(kind=MessageKind.ANOMALY_ENVELOPE))]
)
def test_a_received_message_that_is_not_certified_says_so(row: Transmission) -> None:
    assert headline(row, EN) in weak(row)


def test_a_received_message_with_a_reserve_says_both() -> None:
    assert weak(only(envelope(**RESERVED))) == [
        "Certified message (transport envelope): certified with a reserve.",
        "Certified with a reserve: the provider's signature holds, something disagrees.",
    ]


def test_an_absent_sending_time_hides_nothing() -> None:
    row = replace(only(copy()), sent_at=None)

    assert weak_points(row, after(0) + timedelta(days=400), EN) == weak(row)
