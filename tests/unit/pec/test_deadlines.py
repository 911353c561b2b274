"""When silence begins to mean something: every boundary, with the clock handed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from pecdesk.pec.deadlines import Deadlines, attention, clock_attention, deadlines, months_after
from pecdesk.pec.transmission import Attention, RecipientState, Transmission
from tests.unit.pec.pieces import (
    ANNA,
    BRUNO,
    CARLA,
    OTHER,
    START,
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

SECOND = timedelta(seconds=1)
WAITING, OVERDUE, LOG = Attention.WAITING, Attention.OVERDUE, Attention.LOG_DEADLINE
ACCEPTED = only(receipt())


def clock(row: Transmission, now: datetime) -> set[Attention]:
    """What only the clock adds at that time."""
    return set(attention(row, now)) - set(row.attention)


def months(number: int) -> datetime:
    found = months_after(START, number)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("now", "needed"),
    [
        (after(-1), set()),
        (after(12) - SECOND, set()),
        (after(12), {WAITING}),
        (after(24) - SECOND, {WAITING}),
        (after(24), {OVERDUE}),
        (months(27) - SECOND, {OVERDUE}),
        (months(27), {OVERDUE, LOG}),
        (months(30) - SECOND, {OVERDUE, LOG}),
        (months(30), {OVERDUE}),
    ],
)
def test_an_accepted_message_waits_is_overdue_and_comes_near_the_end_of_the_log(
    now: datetime, needed: set[Attention]
) -> None:
    assert clock(ACCEPTED, now) == needed
    assert clock(ACCEPTED, now.astimezone(UTC)) == needed


def test_the_moments_themselves() -> None:
    assert deadlines(ACCEPTED) == Deadlines(None, after(12), after(24), months(27), months(30))


@pytest.mark.parametrize(
    ("state", "waiting", "overdue"),
    [
        (RecipientState.PENDING, False, True),
        (RecipientState.ACCEPTED, True, True),
        (RecipientState.TAKEN_IN_CHARGE, True, True),
        (RecipientState.DELAYED, False, True),
        (RecipientState.NOT_PEC, False, False),
        (RecipientState.DELIVERED, False, False),
        (RecipientState.FAILED, False, False),
        (RecipientState.REFUSED, False, False),
        (RecipientState.CONTRADICTORY, False, False),
    ],
)
def test_only_recipients_without_an_outcome_are_waited_for(state: RecipientState, waiting: bool, overdue: bool) -> None:
    row = replace(ACCEPTED, recipients=(replace(ACCEPTED.recipients[0], state=state),))

    assert clock(row, after(13)) == ({WAITING} if waiting else set())
    assert clock(row, after(25)) == ({OVERDUE} if overdue else set())
    assert clock(row, months(28)) == ({OVERDUE, LOG} if overdue else set())


def test_one_recipient_without_an_outcome_is_enough() -> None:
    assert clock(only(receipt(), delivery(ANNA)), after(24)) == {OVERDUE}
    assert clock(only(receipt(), delivery(ANNA), delivery(BRUNO)), months(28)) == set()
    external = recipients(ANNA, external=[CARLA])
    alone = only(receipt(recipients=external), delivery(text=None, recipients=external))
    assert clock(alone, months(28)) == set()


@pytest.mark.parametrize(
    ("minutes", "needed"),
    [(-10, set()), (29.99, set()), (30, {Attention.NO_ACCEPTANCE}), (99_999, {Attention.NO_ACCEPTANCE})],
)
def test_half_an_hour_after_sending_an_acceptance_is_missed(minutes: float, needed: set[Attention]) -> None:
    waiting = only(copy())
    assert waiting.sent_at is not None

    assert clock(waiting, waiting.sent_at + timedelta(minutes=minutes)) == needed


@pytest.mark.parametrize(
    "row",
    [
        ACCEPTED,
        only(copy(), receipt()),
        only(copy(), receipt("non-accettazione")),
        only(copy(), delivery()),
        only(copy(date=None)),
        only(mail()),
        only(envelope()),
        only(unproven(delivery())),
        only(delivery(), accounts=(OTHER,)),
    ],
)
def test_no_acceptance_is_missed_where_one_came_or_none_is_due(row: Transmission) -> None:
    assert Attention.NO_ACCEPTANCE not in attention(row, after(1000))


@pytest.mark.parametrize("row", [only(envelope()), only(mail()), only(receipt(), accounts=(OTHER,))])
def test_received_mail_and_other_peoples_receipts_have_no_deadlines(row: Transmission) -> None:
    assert deadlines(row) == Deadlines()


def test_the_clock_adds_to_what_holds_anyway_and_all_is_sorted() -> None:
    row = only(receipt(), receipt("errore-consegna", 1, ANNA), unproven(delivery()))

    assert attention(row, after(0)) == (Attention.FAILED, Attention.FORGED)
    assert attention(row, months(27)) == (Attention.FAILED, Attention.FORGED, LOG, OVERDUE)


def test_without_deadlines_the_clock_adds_nothing() -> None:
    assert clock_attention(Deadlines(), after(1_000_000)) == set()


# months


@pytest.mark.parametrize(
    ("moment", "number", "found"),
    [
        ("2026-01-31T10:00:00+01:00", 1, "2026-02-28T10:00:00+01:00"),
        ("2023-11-30T10:00:00+01:00", 3, "2024-02-29T10:00:00+01:00"),
        ("2026-05-31T00:00:00+02:00", 27, "2028-08-31T00:00:00+02:00"),
        ("2026-03-02T09:00:00+01:00", 30, "2028-09-02T09:00:00+01:00"),
        ("2026-12-15T09:00:00+00:00", 12, "2027-12-15T09:00:00+00:00"),
        ("2026-12-15T09:00:00+00:00", 0, "2026-12-15T09:00:00+00:00"),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_a_shorter_month(moment: str, number: int, found: str) -> None:
    assert months_after(datetime.fromisoformat(moment), number) == datetime.fromisoformat(found)


def test_past_the_end_of_time_there_is_no_deadline() -> None:
    late = datetime(9999, 12, 31, 23, 0, tzinfo=timezone(timedelta(hours=1)))

    assert months_after(late, 1) is None
    assert deadlines(replace(ACCEPTED, accepted_at=late)) == Deadlines()
    assert deadlines(replace(only(copy()), sent_at=late.replace(minute=50))) == Deadlines()
