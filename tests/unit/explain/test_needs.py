"""What a row asks of a person: each need with what to do next."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import pytest

from pecdesk.explain import language
from pecdesk.explain.needs import RECEIVED_STEPS, STANDING_NEEDS, STEPS, Need, named, needs
from pecdesk.explain.words import ATTENTION
from pecdesk.pec.deadlines import attention
from pecdesk.pec.message import MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import Attention, Direction, Transmission
from tests.unit.pec.pieces import (
    ANNA,
    BRUNO,
    CARLA,
    IDENTIFIER,
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
ACCEPTED = only(receipt(), copy())
FAILED = only(receipt(), copy(), receipt("errore-consegna", 1, ANNA, error="no-dest"), delivery(BRUNO))
MONTHS_28, MONTHS_31 = 28 * 30.5 * 24, 31 * 30.5 * 24


def said(row: Transmission, hours: float = 1) -> list[Need]:
    return list(needs(row, after(hours), EN))


def step(row: Transmission, need: Attention, hours: float = 1) -> str:
    (found,) = (one.what_to_do for one in said(row, hours) if one.sentence == ATTENTION[need])
    return found


def test_there_is_a_step_for_every_need() -> None:
    assert set(STEPS) == set(Attention)
    assert set(RECEIVED_STEPS) <= set(Attention)
    assert all(text.endswith(".") for text in [*STEPS.values(), *RECEIVED_STEPS.values()])


def test_every_need_of_a_row_is_told_with_what_to_do() -> None:
    row = replace(FAILED, attention=tuple(sorted(Attention)))

    found = said(row)
    assert sorted(need.sentence for need in found) == sorted(ATTENTION[need] for need in attention(row, after(1)))
    assert all(need.what_to_do for need in found)


def test_of_one_recipient_alone_it_is_not_said_at_least_one() -> None:
    alone = only(receipt(), copy(), receipt("errore-consegna", 1, ANNA, error="no-dest"))
    (need,) = said(replace(alone, recipients=alone.recipients[:1], attention=(Attention.FAILED,)))

    assert need.sentence == "The recipient was not reached."


def test_what_went_wrong_is_told_before_what_may_still_turn_out_well() -> None:
    found = said(replace(FAILED, attention=(Attention.DELAYED, Attention.FAILED, Attention.NOT_PEC)))

    assert [need.sentence for need in found][:2] == [ATTENTION[Attention.FAILED], ATTENTION[Attention.DELAYED]]
    assert [need.is_failure for need in found] == [True, False, False]


@pytest.mark.parametrize("direction", list(Direction))
def test_every_need_can_be_said_of_every_row(direction: Direction) -> None:
    for base in (only(copy()), FAILED, only(envelope()), only(unproven(envelope())), only(delivery(sender=OTHER))):
        row = replace(base, direction=direction, attention=tuple(sorted(Attention)))
        for need in said(row, MONTHS_28):
            assert not re.search(r"[{}]", need.what_to_do)


def test_a_complete_sending_and_a_certified_message_ask_for_nothing() -> None:
    assert said(only(receipt(), copy(), delivery(ANNA), delivery(BRUNO)), MONTHS_28) == []
    assert said(only(envelope()), MONTHS_28) == []
    assert said(only(mail())) == []


def test_a_failure_names_who_was_not_reached_and_nobody_else() -> None:
    told = step(FAILED, Attention.FAILED)

    assert told.startswith(f"Not reached: {ANNA}.")
    assert BRUNO not in told
    assert "INI-PEC" in told
    assert "virus" not in told


def test_a_failure_by_virus_says_to_check_the_attachments() -> None:
    row = only(receipt(), copy(), receipt("errore-consegna", 1, ANNA, error="virus"))

    assert "check the attachments" in step(row, Attention.FAILED)


def test_the_hour_by_which_an_outcome_is_due_is_told() -> None:
    delayed = only(receipt(), copy(), receipt("preavviso-errore-consegna", 12, ANNA))

    assert "due by 03/03/2026 09:00:00 (+0100)" in step(delayed, Attention.DELAYED, 13)
    assert "due by 03/03/2026 09:00:00 (+0100)" in step(ACCEPTED, Attention.WAITING, 13)
    assert "was due by 03/03/2026 09:00:00 (+0100)" in step(ACCEPTED, Attention.OVERDUE, 25)


def test_a_delay_that_is_over_sends_to_what_is_missing() -> None:
    delayed = only(receipt(), copy(), receipt("preavviso-errore-consegna", 12, ANNA))

    assert "goes on trying" not in step(delayed, Attention.DELAYED, 25)
    assert "is not here" in step(delayed, Attention.DELAYED, 25)


def test_a_delay_without_an_acceptance_names_no_hour() -> None:
    row = only(receipt("preavviso-errore-consegna", 12, ANNA), copy())

    assert "within 24 hours of sending" in step(row, Attention.DELAYED, 13)
    assert "–" not in step(row, Attention.DELAYED, 13)


@pytest.mark.parametrize(
    ("row", "need", "hours"),
    [
        (ACCEPTED, Attention.OVERDUE, 25),
        (ACCEPTED, Attention.LOG_DEADLINE, MONTHS_28),
        (only(receipt(), delivery(ANNA), receipt("errore-consegna", 1, ANNA)), Attention.CONTRADICTORY, 2),
        (only(receipt(), copy(), unproven(delivery(), Standing.ALTERED)), Attention.ALTERED, 2),
    ],
)
def test_who_must_ask_the_provider_is_told_the_identifier_to_quote(
    row: Transmission, need: Attention, hours: float
) -> None:
    assert IDENTIFIER in step(row, need, hours)
    assert "log" in step(row, need, hours)


def test_the_last_day_of_the_log_is_told_while_there_is_time() -> None:
    assert "until about 2 September 2028" in step(ACCEPTED, Attention.LOG_DEADLINE, MONTHS_28)


def test_nobody_is_sent_to_ask_for_a_log_that_is_gone() -> None:
    told = step(ACCEPTED, Attention.OVERDUE, MONTHS_31)

    assert "ask your provider" not in told
    assert "30 months, which are over" in told


def test_recipients_without_pec_are_named() -> None:
    row = only(receipt(recipients=recipients(ANNA, external=[CARLA])), copy(cc=()))

    assert f"Without PEC: {CARLA}." in step(row, Attention.NOT_PEC)


def test_evidence_that_contradicts_itself_is_told_from_receipts_that_contradict_each_other() -> None:
    itself = only(receipt(), copy(), delivery(ANNA, piece={"counts": False, **RESERVED}))

    assert "was not counted" in step(itself, Attention.CONTRADICTORY)


def test_a_forged_receipt_under_a_sending_and_a_forged_message_ask_for_different_things() -> None:
    sent = only(receipt(), copy(), unproven(delivery()))
    received = only(unproven(envelope()))

    assert "It changes nothing about this message" in step(sent, Attention.FORGED)
    for told in (step(sent, Attention.FORGED), step(received, Attention.FORGED)):
        assert "Do not open its links or attachments" in told
    assert "by another way" in step(received, Attention.FORGED)


def test_an_altered_message_warns_of_what_it_asks_to_pay() -> None:
    told = step(only(unproven(envelope(), Standing.ALTERED)), Attention.ALTERED)

    assert "bank details" in told


@pytest.mark.parametrize("standing", [Standing.NOT_CERTIFIED, Standing.ALTERED])
def test_a_false_copy_beside_a_certified_message_does_not_put_that_message_in_doubt(standing: Standing) -> None:
    row = only(envelope(), unproven(envelope(), standing))
    need = {Standing.NOT_CERTIFIED: Attention.FORGED, Standing.ALTERED: Attention.ALTERED}[standing]

    assert row.sealed is Standing.CERTIFIED
    assert step(row, need).startswith("This is about another copy")


@pytest.mark.parametrize(
    ("row", "names"),
    [
        (only(envelope(**RESERVED)), ["reserve"]),
        (only(envelope(by_hand=True)), ["by hand"]),
        (only(envelope(by_hand=True, **RESERVED)), ["by hand", "reserve"]),
        (only(mail(kind=MessageKind.ANOMALY_ENVELOPE)), ["anomaly"]),
        (only(mail(kind=MessageKind.REM_DISPATCH, standing=Standing.UNDETERMINED)), ["rem"]),
        (only(mail(standing=Standing.UNDETERMINED)), ["undetermined"]),
        (only(unproven(envelope(), Standing.UNDETERMINED)), ["undetermined"]),
        (replace(only(mail()), sealed=None), ["undetermined"]),
    ],
)
def test_a_received_message_asks_for_what_its_standing_asks_for(row: Transmission, names: list[str]) -> None:
    assert said(row) == [Need(*STANDING_NEEDS[name]) for name in names]


def test_a_receipt_about_a_stranger_s_message_sends_nobody_to_send_again() -> None:
    row = only(receipt("errore-consegna", 1, ANNA, sender=OTHER))

    assert row.attention == (Attention.FAILED,)
    assert [need.what_to_do for need in said(row)] == [
        "It moves none of your messages. If it was sent from another mailbox of yours, import that one too.",
        "It concerns whoever sent that message.",
    ]


def test_many_addresses_are_named_up_to_three() -> None:
    assert named([ANNA, BRUNO, CARLA], EN) == f"{ANNA}, {BRUNO}, {CARLA}"
    assert named([ANNA, BRUNO, CARLA, "d"], EN) == f"{ANNA}, {BRUNO}, {CARLA} and one more"
    assert named([ANNA, BRUNO, CARLA, "d", "e"], EN) == f"{ANNA}, {BRUNO}, {CARLA} and 2 more"
    assert named([], EN) == ""


def test_an_acceptance_at_the_end_of_the_calendar_breaks_nothing() -> None:
    late = datetime.max.replace(tzinfo=after(0).tzinfo)
    row = replace(ACCEPTED, accepted_at=late, attention=(Attention.DELAYED,))

    assert "within 24 hours" in needs(row, late, EN)[0].what_to_do


@pytest.mark.parametrize("row", [ACCEPTED, only(envelope())])
def test_a_certified_time_that_has_not_come_yet_tells_that_the_clock_is_slow(row: Transmission) -> None:
    assert "has not come yet" in said(row, -0.5)[-1].sentence
    assert not any("clock" in need.sentence for need in said(row, -0.1))
