"""The status card: what became of it for whom, on what evidence."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from pecdesk.explain import Badge, Shape, Tone, language
from pecdesk.explain.card import HINTS, OUTCOMES, CardRow, status_card
from pecdesk.explain.sentences import headline
from pecdesk.pec.message import Completeness, MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import RecipientState, Transmission
from tests.unit.pec.pieces import (
    ANNA,
    BRUNO,
    CARLA,
    OTHER,
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
NOW = after(1)
COMPLETE = only(receipt(), copy(), delivery(ANNA), delivery(BRUNO))
EXTERNAL = {"recipients": recipients(ANNA, external=[CARLA])}


def card_row(row: Transmission, address: str = ANNA) -> CardRow:
    (found,) = (one for one in status_card(row, NOW, EN).rows if one.address == address)
    return found


def test_a_sending_has_a_row_for_each_recipient_under_three_stages() -> None:
    card = status_card(COMPLETE, NOW, EN)

    assert card.columns == ("Acceptance", "Taking in charge", "Delivery")
    assert [(row.address, row.role) for row in card.rows] == [(ANNA, "To"), (BRUNO, "Cc")]
    assert (card.tone, card.headline) == (Tone.GREEN, headline(COMPLETE, EN))
    assert card.needs == ()
    assert card.hint == "Double-click a mark to inspect the receipt behind it."


def test_a_card_without_any_evidence_invites_nobody_to_inspect_it() -> None:
    assert status_card(only(copy()), NOW, EN).hint == ""


# per recipient


@pytest.mark.parametrize(
    ("row", "address", "remark", "word"),
    [
        (only(receipt(), delivery(ANNA)), ANNA, "full", "Delivered"),
        (only(receipt(), delivery(ANNA, completeness=Completeness.BRIEF)), ANNA, "brief", "Delivered"),
        (only(receipt(), delivery(ANNA, text=None)), ANNA, "short", "Delivered"),
        (only(receipt(), receipt("preavviso-errore-consegna", 12, ANNA), delivery(ANNA, 13)), ANNA,
         "full, after a notice of delay", "Delivered"),
        (only(receipt(), receipt("preavviso-errore-consegna", 12, ANNA)), ANNA, "12 h notice", "Delayed"),
        (only(receipt(), receipt("preavviso-errore-consegna", 23, ANNA)), ANNA, "24 h notice", "Not delivered"),
        (only(receipt(), receipt("preavviso-errore-consegna", 23, ANNA, extended_error="5.4.1 - x")), ANNA,
         "The message was not delivered in the first 24 hours", "Not delivered"),
        (only(receipt(), receipt("errore-consegna", 1, ANNA, extended_error="5.2.2 - piena")), ANNA,
         "The recipient's mailbox is full", "Not delivered"),
        (only(receipt(), receipt("errore-consegna", 1, ANNA, error="altro", extended_error="guasto")), ANNA,
         "guasto", "Not delivered"),
        (only(receipt(), receipt("errore-consegna", 1, ANNA)), ANNA, "", "Not delivered"),
        (only(receipt("non-accettazione", error="virus")), ANNA, "A virus was found in the message", "Not accepted"),
        (only(receipt(), delivery(ANNA), receipt("errore-consegna", 1, ANNA)), ANNA,
         "both delivered and not delivered", "Contradictory"),
        (only(receipt(), receipt("non-accettazione", 1)), ANNA, "both accepted and refused", "Contradictory"),
        (only(receipt()), ANNA, "accepted, not yet delivered", "Waiting"),
        (only(receipt(), receipt("presa-in-carico", 1, taken_for=(ANNA,))), ANNA,
         "taken in charge by the recipient's provider", "Waiting"),
        (only(copy()), ANNA, "", "Waiting"),
        (only(receipt(**EXTERNAL)), CARLA, "ordinary mailbox", "Ordinary mail"),
    ],
)  # fmt: skip
def test_a_recipient_has_an_outcome_and_a_remark_on_it(row: Transmission, address: str, remark: str, word: str) -> None:
    found = card_row(row, address)

    assert (found.remark, found.outcome.word) == (remark, word)


def test_every_state_of_a_recipient_has_an_outcome() -> None:
    assert set(OUTCOMES) == set(RecipientState)


def test_only_a_certified_delivery_is_a_green_outcome() -> None:
    full = card_row(only(receipt(), delivery(ANNA)))
    reserved = card_row(only(receipt(), delivery(ANNA, piece=RESERVED)))
    by_hand = card_row(only(receipt(), delivery(ANNA, piece={"by_hand": True})))

    assert full.outcome == Badge("Delivered", Tone.GREEN, Shape.SEAL)
    assert reserved.outcome == Badge("Delivered", Tone.GREEN, Shape.HOLLOW_SEAL)
    assert by_hand.outcome == Badge("Delivered", Tone.BLUE, Shape.SQUARE_SEAL)
    for status in (MessageKind.NON_DELIVERY, MessageKind.DELAY_NOTICE):
        tipo = {"non-delivery": "errore-consegna", "delay-notice": "preavviso-errore-consegna"}[status]
        assert card_row(only(receipt(), receipt(tipo, 1, ANNA))).outcome.tone is not Tone.GREEN


def test_the_moment_is_the_time_of_day_on_the_day_of_sending_and_a_date_on_others() -> None:
    assert card_row(only(receipt(), delivery(ANNA, 0.5))).moment == "09:30:00"
    assert card_row(only(receipt(), delivery(ANNA, 14.999))).moment == "23:59:56"
    assert card_row(only(receipt(), delivery(ANNA, 15))).moment == "03/03/2026 00:00"
    assert card_row(only(delivery(ANNA, 0.5))).moment == "02/03/2026 09:30"
    assert card_row(only(copy())).moment == ""


def test_the_times_of_all_recipients_are_told_in_the_zone_of_the_acceptance() -> None:
    elsewhere = delivery(ANNA, time=datetime(2026, 3, 2, 8, 30, tzinfo=timezone(timedelta(hours=-9))))

    assert card_row(only(receipt(), elsewhere)).moment == "18:30:00"
    assert card_row(only(elsewhere)).moment == "02/03/2026 08:30"


def test_a_row_is_spoken_with_all_its_stages() -> None:
    assert card_row(COMPLETE).spoken == (
        f"{ANNA} (To); Delivered; 09:06:00; full; Acceptance: certified;"
        " Taking in charge: no receipt (as a rule none comes); Delivery: certified"
    )


# how much was verified


INTACT = "signature intact, provider's certificate valid on the date of the signature."


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (only(copy()), "No receipt is here yet: there is nothing to verify."),
        (only(receipt()), f"1 receipt of 1 verified: {INTACT}"),
        (COMPLETE, f"3 receipts of 3 verified: {INTACT}"),
        (only(receipt(), copy(), unproven(delivery())),
         f"1 receipt of 2 verified: {INTACT} One proves nothing and was not counted."),
        (only(copy(), unproven(delivery())), "The only receipt here proves nothing."),
        (only(copy(), unproven(delivery()), unproven(receipt())), "None of the 2 receipts here proves anything."),
        (only(receipt(), delivery(ANNA, piece=RESERVED), delivery(BRUNO, piece=RESERVED)),
         f"3 receipts of 3 verified: {INTACT} 2 are certified with a reserve."),
        (only(receipt(piece={"by_hand": True})),
         f"1 receipt of 1 verified: {INTACT} One was verified by an authority added by hand."),
        (only(receipt(), delivery(ANNA, piece={"counts": False, **RESERVED})),
         f"2 receipts of 2 verified: {INTACT} One is certified with a reserve."
         " One contradicts itself and was not counted."),
    ],
)  # fmt: skip
def test_the_card_says_how_many_receipts_were_verified_and_what_of_the_others(row: Transmission, said: str) -> None:
    assert status_card(row, NOW, EN).verified == said


# received


def test_a_received_message_says_who_certified_it_and_tells_two_times_by_their_names() -> None:
    card = status_card(only(envelope()), NOW, EN, seen_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC))

    assert card.tone is Tone.GREEN
    assert (card.columns, card.rows, card.comparison, card.needs) == ((), (), "", ())
    assert card.verified == (
        "Carriage certified by Gestore Uno S.p.A.: signature intact, certificate valid on the date of the signature."
        " Accepted by the sender's provider on 02/03/2026 09:00:00 (+0100): certified, and not the moment of delivery."
        " First seen here on 02/03/2026 10:30:00 (+0100)."
    )
    assert "harmless" in card.hint


def test_what_is_certified_of_a_received_message_is_its_carriage_and_not_its_content() -> None:
    assert status_card(only(envelope()), NOW, EN).hint == HINTS[Standing.CERTIFIED]
    assert set(HINTS) == set(Standing)
    for standing, hint in HINTS.items():
        assert ("What is certified is the carriage" in hint) == standing.proves


@pytest.mark.parametrize(
    "row",
    [
        only(mail()),
        only(mail(kind=MessageKind.ANOMALY_ENVELOPE)),
        only(unproven(envelope())),
        only(unproven(envelope(), Standing.ALTERED)),
        only(mail(kind=MessageKind.REM_DISPATCH, standing=Standing.UNDETERMINED)),
    ],
)
def test_what_is_not_certified_says_so_and_gives_its_own_date_as_nothing_more(row: Transmission) -> None:
    card = status_card(row, NOW, EN)

    assert card.tone is not Tone.GREEN
    assert re.fullmatch(r"Dated 02/03/2026 \S+ \(\+0100\), as the message itself states\.", card.verified)
    assert "ertified" in card.hint
    assert "Nothing" in card.hint or "nothing" in card.hint


def test_a_message_without_any_date_tells_none() -> None:
    row = replace(only(mail()), sent_at=None)

    assert status_card(row, NOW, EN).verified == ""


def test_an_unmatched_receipt_has_a_card_of_its_own_recipients() -> None:
    card = status_card(only(delivery(ANNA, sender=OTHER)), NOW, EN)

    assert [row.address for row in card.rows] == [ANNA, BRUNO]
    assert card.needs[0].sentence == "This receipt is about a message that none of the mailboxes here sent."
