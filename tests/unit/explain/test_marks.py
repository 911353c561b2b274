"""The stages of a sending as marks: only counting evidence makes one, and only certification is green."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pecdesk.explain import Shape, Tone, badge, language
from pecdesk.explain.marks import Seal, decisive, is_final, line_badge, recipient_seals, seals
from pecdesk.pec.message import MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import RecipientState, State, Transmission
from tests.unit.pec.pieces import (
    ANNA,
    BRUNO,
    CARLA,
    OTHER,
    RESERVED,
    copy,
    delivery,
    envelope,
    mail,
    only,
    outcome_of,
    receipt,
    recipients,
    unproven,
)

EN = language("en")
BY_HAND = {"by_hand": True}
FAILED = receipt("errore-consegna", 1, ANNA, error="no-dest")
DELAYED = receipt("preavviso-errore-consegna", 12, ANNA, extended_error="4.4.1 - x")
ONE = {"recipients": recipients(ANNA)}
WITH_CARLA = {"recipients": recipients(ANNA, external=[CARLA])}


def looks(*found: Seal) -> list[tuple[str, str]]:
    return [(str(seal.tone), str(seal.shape)) for seal in found]


# in the list


@pytest.mark.parametrize(
    ("row", "acceptance", "carriage"),
    [
        (only(copy()), "blue ring", "blue ring"),
        (only(receipt(), copy()), "green seal", "blue ring"),
        (only(receipt(), delivery(ANNA), delivery(BRUNO)), "green seal", "green seal"),
        (only(receipt(), delivery(ANNA)), "green seal", "amber partial"),
        (only(receipt(), delivery(BRUNO), FAILED), "green seal", "amber partial"),
        (only(receipt(), FAILED), "green seal", "red cross"),
        (only(receipt(), DELAYED), "green seal", "amber clock"),
        (only(receipt(), delivery(ANNA), FAILED), "green seal", "red question"),
        (only(receipt("non-accettazione")), "red cross", "grey outline"),
        (only(receipt(), receipt("non-accettazione", 1)), "red question", "grey outline"),
        (only(receipt("non-accettazione"), delivery(ANNA), delivery(BRUNO)), "red question", "red question"),
        (only(receipt(piece=RESERVED), copy()), "green hollow-seal", "blue ring"),
        (only(receipt(piece=BY_HAND), copy()), "blue square-seal", "blue ring"),
        (only(receipt(), delivery(ANNA), delivery(BRUNO, piece=RESERVED)), "green seal", "green hollow-seal"),
        (only(receipt(), delivery(ANNA), delivery(BRUNO, piece=BY_HAND)), "green seal", "blue square-seal"),
        (only(delivery(ANNA), delivery(BRUNO)), "grey outline", "green seal"),
        (only(receipt(recipients=recipients(external=[CARLA]))), "green seal", "grey none"),
        (only(receipt(**WITH_CARLA), delivery(ANNA, text=None, **WITH_CARLA)), "green seal", "green seal"),
        (replace(only(copy()), state=State.DRAFT), "grey outline", "grey outline"),
        (replace(only(copy()), state=State.UNCERTAIN), "amber question", "blue ring"),
        (replace(only(copy()), state=State.DRAFT, recipients=()), "grey outline", "grey outline"),
        (replace(only(copy()), recipients=()), "blue ring", "blue ring"),
    ],
)  # fmt: skip
def test_a_sending_has_a_mark_for_its_acceptance_and_one_for_its_delivery(
    row: Transmission, acceptance: str, carriage: str
) -> None:
    assert looks(*seals(row, EN)) == [tuple(acceptance.split()), tuple(carriage.split())]


@pytest.mark.parametrize("forged", [unproven(delivery(ANNA)), unproven(delivery(ANNA), Standing.ALTERED)])
def test_an_unproven_receipt_never_makes_a_mark(forged: object) -> None:
    row = only(copy(), forged)  # type: ignore[arg-type]

    assert len(row.evidence) == 1
    assert looks(*seals(row, EN)) == [("blue", "ring"), ("blue", "ring")]
    assert all(seal.sha256 is None for seal in seals(row, EN))
    assert all(seal.sha256 is None for seal in recipient_seals(row, outcome_of(row, ANNA), EN))


def test_a_proven_receipt_that_does_not_count_makes_no_mark() -> None:
    row = only(receipt(), copy(), delivery(ANNA, piece={"counts": False, **RESERVED}))

    assert looks(*seals(row, EN))[1] == ("blue", "ring")


def test_a_mark_names_the_message_behind_it() -> None:
    accepted, delivered = receipt(**ONE), delivery(ANNA, **ONE)
    first, second = seals(only(accepted, delivered), EN)

    assert (first.sha256, second.sha256) == (accepted.sha256, delivered.sha256)


def test_a_delivery_to_all_opens_the_last_one() -> None:
    last = delivery(BRUNO, 2)

    assert seals(only(receipt(), last, delivery(ANNA, 1)), EN)[1].sha256 == last.sha256


def test_a_delivery_in_part_opens_what_failed_before_what_was_delivered() -> None:
    delivered = delivery(BRUNO)

    assert seals(only(receipt(), delivered, FAILED), EN)[1].sha256 == FAILED.sha256
    assert seals(only(receipt(), delivered, DELAYED), EN)[1].sha256 == DELAYED.sha256
    assert seals(only(receipt(), delivered), EN)[1].sha256 == delivered.sha256


def test_no_delivery_is_green_without_the_evidence_for_it() -> None:
    row = only(receipt(), copy())
    pretended = replace(
        row,
        state=State.DELIVERED,
        recipients=tuple(replace(recipient, state=RecipientState.DELIVERED) for recipient in row.recipients),
    )

    assert looks(seals(pretended, EN)[1]) == [("blue", "ring")]
    assert looks(recipient_seals(pretended, pretended.recipients[0], EN)[2]) == [("blue", "ring")]


@pytest.mark.parametrize(
    ("row", "tone", "shape"),
    [
        (only(envelope()), "green", "seal"),
        (only(envelope(**RESERVED)), "green", "hollow-seal"),
        (only(envelope(by_hand=True)), "blue", "square-seal"),
        (only(unproven(envelope())), "red", "crossed-seal"),
        (only(unproven(delivery())), "red", "crossed-seal"),
        (only(unproven(envelope(), Standing.ALTERED)), "red", "broken-seal"),
        (only(mail(kind=MessageKind.REM_DISPATCH, standing=Standing.UNDETERMINED)), "grey", "dotted-seal"),
    ],
)
def test_what_was_received_has_the_one_mark_of_its_badge(row: Transmission, tone: str, shape: str) -> None:
    (seal,) = seals(row, EN)

    assert looks(seal) == [(tone, shape)]
    assert seal.word == badge(row, EN).word
    assert seal.sha256 == row.original_sha256


@pytest.mark.parametrize("row", [only(mail()), only(mail(kind=MessageKind.ANOMALY_ENVELOPE))])
def test_ordinary_mail_has_no_mark(row: Transmission) -> None:
    assert seals(row, EN) == ()


def test_an_unmatched_receipt_has_the_mark_of_what_it_says() -> None:
    told = only(delivery(ANNA, sender=OTHER))
    failed = only(receipt("errore-consegna", 1, ANNA, sender=OTHER))

    assert looks(*seals(told, EN)) == [("green", "seal")]
    assert looks(*seals(failed, EN)) == [("red", "cross")]
    assert seals(replace(told, evidence=()), EN) == ()


# per recipient


def stages(row: Transmission, address: str = ANNA) -> list[tuple[str, str]]:
    return looks(*recipient_seals(row, outcome_of(row, address), EN))


NOTHING = ("grey", "outline")
SEAL = ("green", "seal")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (only(copy()), [("blue", "ring"), NOTHING, ("blue", "ring")]),
        (only(receipt()), [SEAL, NOTHING, ("blue", "ring")]),
        (only(receipt(), receipt("presa-in-carico", 0.1, taken_for=(ANNA,))), [SEAL, SEAL, ("blue", "ring")]),
        (only(receipt(), delivery(ANNA)), [SEAL, NOTHING, SEAL]),
        (only(receipt(), delivery(ANNA, piece=RESERVED)), [SEAL, NOTHING, ("green", "hollow-seal")]),
        (only(receipt(), delivery(ANNA, piece=BY_HAND)), [SEAL, NOTHING, ("blue", "square-seal")]),
        (only(receipt(), DELAYED), [SEAL, NOTHING, ("amber", "clock")]),
        (only(receipt(), DELAYED, delivery(ANNA, 13)), [SEAL, NOTHING, SEAL]),
        (only(receipt(), FAILED), [SEAL, NOTHING, ("red", "cross")]),
        (only(receipt(), delivery(ANNA), FAILED), [SEAL, NOTHING, ("red", "question")]),
        (only(receipt("non-accettazione")), [("red", "cross"), NOTHING, NOTHING]),
    ],
)
def test_each_stage_of_a_recipient_is_marked_by_what_is_held(
    row: Transmission, expected: list[tuple[str, str]]
) -> None:
    assert stages(row) == expected


def test_a_recipient_with_an_ordinary_mailbox_has_an_envelope_for_a_delivery() -> None:
    row = only(receipt(recipients=recipients(ANNA, external=[CARLA])))

    assert stages(row, CARLA) == [SEAL, NOTHING, ("grey", "none")]


def test_a_recipient_whom_no_receipt_names_lacks_the_acceptance() -> None:
    row = only(receipt(recipients=recipients(ANNA)), copy())

    assert stages(row, BRUNO) == [NOTHING, NOTHING, ("blue", "ring")]


def test_a_missing_taking_in_charge_is_said_to_mean_nothing() -> None:
    (_, taking, _) = recipient_seals(only(receipt()), outcome_of(only(receipt()), ANNA), EN)

    assert taking.word == "Taking in charge: no receipt (as a rule none comes)"
    assert taking.sha256 is None


def test_every_stage_says_in_words_what_its_mark_shows() -> None:
    row = only(receipt(), delivery(ANNA, piece=RESERVED), receipt("errore-consegna", 1, BRUNO))

    assert [seal.word for seal in recipient_seals(row, outcome_of(row, ANNA), EN)][::2] == [
        "Acceptance: certified",
        "Delivery: certified, with a reserve",
    ]
    assert recipient_seals(row, outcome_of(row, BRUNO), EN)[2].word == "Delivery: did not take place"
    assert seals(row, EN)[1].word == "Delivery: certified for one of 2 recipients"


def test_green_is_never_lit_by_anything_but_certified_evidence() -> None:
    for piece in (RESERVED, BY_HAND, {**RESERVED, **BY_HAND}):
        row = only(receipt(piece=piece), delivery(ANNA, piece=piece), delivery(BRUNO, piece=piece))
        found = [*seals(row, EN), *recipient_seals(row, outcome_of(row, ANNA), EN)]
        full = [seal for seal in found if seal.shape is Shape.SEAL]
        assert full == []
        if "by_hand" in piece:
            assert [seal for seal in found if seal.tone is Tone.GREEN] == []


def test_the_delivery_in_the_list_looks_like_the_badge_of_a_settled_row() -> None:
    for row in (
        only(receipt(), delivery(ANNA), delivery(BRUNO)),
        only(receipt(), delivery(ANNA), delivery(BRUNO, piece=RESERVED)),
        only(receipt(), delivery(ANNA), delivery(BRUNO, piece=BY_HAND)),
        only(receipt(), delivery(ANNA)),
        only(receipt(), FAILED),
        only(receipt(), DELAYED),
        only(receipt(), delivery(ANNA), FAILED),
    ):
        seal, mark = seals(row, EN)[1], badge(row, EN)
        assert (seal.tone, seal.shape) == (mark.tone, mark.shape)


# what decides


def test_the_evidence_that_decides_is_that_of_the_instant_of_the_state() -> None:
    early, late = delivery(ANNA, 1), delivery(ANNA, 2, identifier="x@y.example")
    row = only(receipt(), DELAYED, early, replace(late, certification=early.certification, sha256="late"))

    found = decisive(row, outcome_of(row, ANNA))
    assert found is not None
    assert found.sha256 == early.sha256
    assert decisive(only(copy()), outcome_of(only(copy()), ANNA)) is None


@pytest.mark.parametrize(
    ("notice", "final"),
    [
        (DELAYED, False),
        (receipt("preavviso-errore-consegna", 12, ANNA, extended_error="5.4.1 - x"), True),
        (receipt("preavviso-errore-consegna", 22, ANNA), True),
        (receipt("preavviso-errore-consegna", 21.9, ANNA), False),
    ],
)
def test_the_second_notice_of_delay_is_marked_as_a_failure(notice: object, final: bool) -> None:
    row = only(receipt(), notice)  # type: ignore[arg-type]

    line = row.evidence[1]
    assert is_final(line, row) is final
    assert line_badge(line, row, EN).shape is (Shape.CROSS if final else Shape.CLOCK)
    assert (outcome_of(row, ANNA).state is RecipientState.FAILED) is final
