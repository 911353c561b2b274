"""How urgently a row needs a person."""

from __future__ import annotations

from pecdesk.pec.transmission import Attention, Direction
from pecdesk.pec.urgency import WORST_FIRST, Urgency, urgency, worst_first

SENT, RECEIVED = Direction.SENT, Direction.RECEIVED


def test_every_need_has_its_place_and_no_other() -> None:
    assert sorted(WORST_FIRST) == sorted(Attention)


def test_a_failure_is_told_before_what_only_takes_long() -> None:
    needs = (Attention.DELAYED, Attention.FAILED, Attention.NOT_PEC, Attention.OVERDUE)

    assert worst_first(needs) == [Attention.FAILED, Attention.OVERDUE, Attention.DELAYED, Attention.NOT_PEC]


def test_a_forged_message_went_wrong_and_a_forged_receipt_makes_a_sending_doubtful() -> None:
    assert urgency([Attention.FORGED], RECEIVED) is Urgency.WRONG
    assert urgency([Attention.FORGED], SENT) is Urgency.DOUBTFUL
    assert urgency([Attention.FORGED, Attention.FAILED], SENT) is Urgency.WRONG


def test_what_is_about_to_fade_is_told_apart_from_what_is_late() -> None:
    assert urgency([Attention.OVERDUE, Attention.LOG_DEADLINE], SENT) is Urgency.FADING
    assert urgency([Attention.OVERDUE], SENT) is Urgency.LATE


def test_what_needs_nobody_stands_with_the_rest() -> None:
    assert urgency([], SENT) is urgency([Attention.NOT_PEC], SENT) is Urgency.OTHER
