"""The state table of the interface: word, colour and shape of every state, in both languages."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from pecdesk.explain import Badge, Shape, Tone, badge, language, standing_badge
from pecdesk.explain.badge import evidence_badge, pretends, status_badge
from pecdesk.pec.message import RECEIPTS, MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import RecipientState, State, Status, Transmission
from tests.unit.pec.pieces import (
    ANNA,
    BRUNO,
    CARLA,
    RESERVED,
    copy,
    delivery,
    envelope,
    mail,
    only,
    receipt,
    recipients,
    unproven,
)

IT, EN = language("it"), language("en")
ACCEPTED = only(receipt(), copy())
DELIVERED = only(receipt(), copy(), delivery(ANNA), delivery(BRUNO))
PARTLY = only(receipt(), copy(), delivery(ANNA))
BY_HAND = {"by_hand": True}


def in_state(state: State) -> Transmission:
    return replace(ACCEPTED, state=state)


TABLE: list[tuple[Transmission, str, str, str, str]] = [
    (in_state(State.DRAFT), "Bozza", "Draft", "grey", "outline"),
    (in_state(State.QUEUED), "In uscita", "Queued", "grey", "outline"),
    (in_state(State.SENDING), "In invio", "Sending", "grey", "outline"),
    (in_state(State.UNCERTAIN), "Invio incerto", "Sending uncertain", "amber", "question"),
    (in_state(State.PENDING), "In attesa", "Waiting", "blue", "ring"),
    (ACCEPTED, "In attesa", "Waiting", "blue", "ring"),
    (PARTLY, "Consegnato 1 di 2", "Delivered 1 of 2", "amber", "partial"),
    (DELIVERED, "Consegnato", "Delivered", "green", "seal"),
    (in_state(State.DELAYED), "In ritardo", "Delayed", "amber", "clock"),
    (in_state(State.FAILED), "Mancata consegna", "Not delivered", "red", "cross"),
    (in_state(State.REFUSED), "Non accettato", "Not accepted", "red", "cross"),
    (in_state(State.CONTRADICTORY), "Esiti discordanti", "Contradictory", "red", "question"),
    (only(envelope()), "PEC certificata", "Certified", "green", "seal"),
    (only(unproven(envelope(), Standing.ALTERED)), "Alterato", "Altered", "red", "broken-seal"),
    (only(unproven(envelope())), "Non autentico", "Not authentic", "red", "crossed-seal"),
    (only(unproven(delivery())), "Non autentico", "Not authentic", "red", "crossed-seal"),
    (only(mail()), "Posta ordinaria", "Ordinary mail", "grey", "none"),
    (only(mail(kind=MessageKind.ANOMALY_ENVELOPE)), "Posta ordinaria", "Ordinary mail", "grey", "none"),
    (only(mail(kind=MessageKind.REM_DISPATCH, standing=Standing.UNDETERMINED)),
     "Non verificabile", "Cannot be verified", "grey", "dotted-seal"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "it", "en", "tone", "shape"), TABLE, ids=[row[2] for row in TABLE])
def test_each_state_has_its_word_colour_and_shape(row: Transmission, it: str, en: str, tone: str, shape: str) -> None:
    assert badge(row, IT) == Badge(it, Tone(tone), Shape(shape))
    assert badge(row, EN) == Badge(en, Tone(tone), Shape(shape))


def test_every_status_is_in_that_table() -> None:
    assert {row.status for row, *_ in TABLE} == set(Status)


def test_the_count_leaves_out_recipients_that_are_not_pec() -> None:
    three = recipients(ANNA, BRUNO, external=[CARLA])
    row = only(receipt(recipients=three), delivery(ANNA, text=None, recipients=three))

    assert badge(row, EN).word == "Delivered 1 of 2"


# green


@pytest.mark.parametrize(
    "row",
    [
        only(receipt(), delivery(ANNA), delivery(BRUNO, piece=RESERVED)),
        only(envelope(standing=Standing.CERTIFIED_WITH_RESERVE)),
        only(envelope(standing=Standing.CERTIFIED_WITH_RESERVE, counts=False)),
    ],
)
def test_a_reserve_hollows_the_seal(row: Transmission) -> None:
    assert (badge(row, EN).tone, badge(row, EN).shape) == (Tone.GREEN, Shape.HOLLOW_SEAL)


@pytest.mark.parametrize(
    "row",
    [
        only(receipt(), delivery(ANNA), delivery(BRUNO, piece=BY_HAND)),
        only(receipt(), delivery(ANNA, piece={**BY_HAND, **RESERVED}), delivery(BRUNO)),
        only(envelope(by_hand=True)),
        only(envelope(by_hand=True, standing=Standing.CERTIFIED_WITH_RESERVE)),
        only(mail(kind=MessageKind.REM_DISPATCH, standing=Standing.CERTIFIED, counts=True, by_hand=True)),
        only(mail(kind=MessageKind.REM_RECEIPT, standing=Standing.CERTIFIED, counts=True, by_hand=True)),
    ],
)
def test_what_only_trust_added_by_hand_proves_is_never_green(row: Transmission) -> None:
    assert (badge(row, EN).tone, badge(row, EN).shape) == (Tone.BLUE, Shape.SQUARE_SEAL)


@pytest.mark.parametrize(
    "row",
    [
        only(receipt(piece=RESERVED), delivery(ANNA), delivery(BRUNO)),
        only(receipt(piece=BY_HAND), delivery(ANNA), delivery(BRUNO)),
        only(receipt(), delivery(ANNA), delivery(BRUNO), unproven(delivery())),
        only(envelope(), unproven(envelope(), Standing.ALTERED)),
        only(envelope(sha256="1"), envelope(sha256="0", by_hand=True)),
    ],
)
def test_a_seal_is_full_where_what_makes_it_green_is_certified(row: Transmission) -> None:
    assert (badge(row, EN).tone, badge(row, EN).shape) == (Tone.GREEN, Shape.SEAL)


def test_only_deliveries_and_certified_messages_are_green() -> None:
    green = {row.status for row, *_ in TABLE if badge(row, EN).tone is Tone.GREEN}

    assert green == {"consegnato", "certificata"}


@pytest.mark.parametrize(
    ("standing", "claims", "expected"),
    [
        ("certified", True, Badge("Certified", Tone.GREEN, Shape.SEAL)),
        ("certified-with-reserve", True, Badge("Certified", Tone.GREEN, Shape.HOLLOW_SEAL)),
        ("altered", True, Badge("Altered", Tone.RED, Shape.BROKEN_SEAL)),
        ("not-certified", True, Badge("Not authentic", Tone.RED, Shape.CROSSED_SEAL)),
        ("not-certified", False, Badge("Ordinary mail", Tone.GREY, Shape.NONE)),
        ("undetermined", True, Badge("Cannot be verified", Tone.GREY, Shape.DOTTED_SEAL)),
    ],
)
def test_each_standing_of_a_single_message_has_its_mark(standing: str, claims: bool, expected: Badge) -> None:
    assert standing_badge(Standing(standing), pretends=claims, language=EN) == expected


def test_a_single_message_is_green_only_where_the_shipped_trust_proves_it() -> None:
    for standing, claims, by_hand in product(Standing, (False, True), (False, True)):
        mark = standing_badge(standing, pretends=claims, language=EN, by_hand=by_hand)
        assert (mark.tone is Tone.GREEN) == (standing.proves and not by_hand)
        assert (mark.shape is Shape.SQUARE_SEAL) == (standing.proves and by_hand)


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_a_mark_of_its_own(status: Status) -> None:
    mark = status_badge(status, EN)

    assert mark.word
    assert (mark.tone is Tone.GREEN) == (status in (Status.DELIVERED, Status.CERTIFIED))


@pytest.mark.parametrize(
    ("kind", "standing", "by_hand", "final", "word"),
    [
        ("delivery", "certified", False, False, "Certified"),
        ("non-delivery", "certified", False, False, "Not delivered"),
        ("non-delivery", "certified", True, False, "Not delivered"),
        ("virus-detected", "certified-with-reserve", False, False, "Not delivered"),
        ("non-acceptance", "certified", False, False, "Not accepted"),
        ("delay-notice", "certified", False, False, "Delayed"),
        ("delay-notice", "certified", False, True, "Not delivered"),
        ("non-delivery", "not-certified", False, False, "Not authentic"),
        ("delay-notice", "altered", False, True, "Altered"),
        ("anomaly-envelope", "not-certified", False, False, "Ordinary mail"),
    ],
)
def test_a_certified_failure_is_marked_as_a_failure(
    kind: str, standing: str, by_hand: bool, final: bool, word: str
) -> None:
    mark = evidence_badge(MessageKind(kind), Standing(standing), EN, by_hand=by_hand, final=final)

    assert mark.word == word
    assert (mark.tone is Tone.GREEN) == (word == "Certified")


def test_receipts_and_envelopes_pretend_and_nothing_else_does() -> None:
    assert {kind for kind in MessageKind if pretends(kind)} == RECEIPTS | {MessageKind.TRANSPORT_ENVELOPE}


def test_a_recipient_that_is_not_pec_never_counts_as_missing() -> None:
    alone = replace(DELIVERED, recipients=(replace(DELIVERED.recipients[0], state=RecipientState.NOT_PEC),))

    assert badge(alone, EN).word == "Delivered"
