"""A row of the list: who, when, and the whole of it in one sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from pecdesk.explain import language
from pecdesk.explain.line import day_heading, list_line, short_time
from pecdesk.pec.transmission import Attention, Direction, Transmission
from tests.unit.pec.pieces import (
    ANNA,
    BRUNO,
    CARLA,
    ME,
    OTHER,
    after,
    copy,
    delivery,
    envelope,
    mail,
    only,
    receipt,
    unproven,
)
from tests.unit.pec.pieces import recipients as named

EN, IT = language("en"), language("it")
ROME = ZoneInfo("Europe/Rome")
NOW = datetime(2026, 11, 22, 10, 42, tzinfo=ROME)


@pytest.mark.parametrize(
    ("row", "counterpart"),
    [
        (only(copy(cc=())), ANNA),
        (only(receipt(), copy()), "2 recipients: anna@…, bruno@…"),
        (only(receipt(recipients=named(ANNA, BRUNO, external=[CARLA]))), "3 recipients: anna@…, bruno@…, …"),
        (replace(only(copy()), recipients=()), "(no recipient)"),
        (only(envelope()), OTHER),
        (only(mail()), CARLA),
        (replace(only(mail()), sender=""), "(no sender)"),
        (only(delivery(ANNA, sender=OTHER)), f"receipt about a message of {OTHER}"),
    ],
)
def test_the_counterpart_is_the_other_side(row: Transmission, counterpart: str) -> None:
    assert list_line(row, after(1), EN).counterpart == counterpart


def test_the_sender_of_a_certified_message_is_the_certified_one() -> None:
    disguised = envelope(sender=OTHER)

    assert list_line(only(disguised), after(1), EN).counterpart == OTHER


def test_an_unmatched_receipt_came_in() -> None:
    row = only(delivery(ANNA, sender=OTHER))

    assert row.direction is Direction.SENT
    assert list_line(row, after(1), EN).direction is Direction.RECEIVED


def test_a_row_is_told_in_one_sentence() -> None:
    row = only(receipt(), copy(), delivery(ANNA))

    line = list_line(row, after(1), EN, unread=True, attachments=2, labels=("R.G. 1", "urgente"))

    assert line.spoken == (
        "unread; sent to 2 recipients: anna@…, bruno@…; Diffida; 02/03/2026 09:00; Delivered 1 of 2;"
        " Acceptance: certified; Delivery: certified for one of 2 recipients; 2 attachments; labels: R.G. 1, urgente"
    )


def test_a_row_that_needs_somebody_says_so() -> None:
    row = only(receipt(), copy())

    assert "needs attention" not in list_line(row, after(1), EN).spoken
    assert "needs attention" in list_line(row, after(13), EN).spoken


def test_a_row_that_looks_calm_and_needs_somebody_has_an_alert_and_says_why() -> None:
    row = replace(only(mail()), attention=(Attention.FORGED,))

    assert list_line(row, after(1), EN).alert == (
        "Something here claims to be PEC and no provider signed it; it counts for nothing.",
    )
    assert list_line(only(mail()), after(1), EN).alert == ()


def test_a_received_row_says_its_state_once() -> None:
    assert list_line(only(envelope()), after(1), EN).spoken == f"from {OTHER}; Diffida; 02/03/2026 09:00; Certified"
    assert list_line(only(unproven(envelope())), after(1), EN).spoken.count("Not authentic") == 1


def test_a_row_without_subject_or_time_is_told_all_the_same() -> None:
    line = list_line(replace(only(mail(subject="")), sent_at=None), after(1), EN, attachments=1)

    assert line.subject == "(no subject)"
    assert line.moment is None
    assert line.spoken == f"from {CARLA}; (no subject); Ordinary mail; one attachment"


def test_hostile_text_stays_the_value_of_a_field() -> None:
    hostile = "{who} <b>Certified</b> {0} %s"
    line = list_line(only(mail(subject=hostile, sender="{n}@x.example")), after(1), EN)

    assert line.subject == hostile
    assert line.counterpart == "{n}@x.example"
    assert hostile in line.spoken


def test_times_are_told_in_the_zone_of_the_reader() -> None:
    row = only(receipt(), copy())

    told = list_line(row, datetime(2026, 3, 2, 12, tzinfo=UTC), EN).spoken
    assert "02/03/2026 08:00" in told


@pytest.mark.parametrize(
    ("moment", "it", "en"),
    [
        (datetime(2026, 11, 22, 9, 5, tzinfo=ROME), "09:05", "09:05"),
        (datetime(2026, 11, 22, 23, 59, tzinfo=ROME), "23:59", "23:59"),
        (datetime(2026, 11, 21, 22, 59, tzinfo=UTC), None, "yesterday"),
        (datetime(2026, 11, 21, 23, 1, tzinfo=UTC), "00:01", "00:01"),
        (datetime(2026, 11, 20, 9, tzinfo=ROME), "20 nov", "20 Nov"),
        (datetime(2026, 9, 3, 9, tzinfo=ROME), "3 set", "3 Sep"),
        (datetime(2025, 12, 31, 23, 30, tzinfo=UTC), "1 gen", "1 Jan"),
        (datetime(2025, 12, 31, 22, 30, tzinfo=UTC), "31/12/2025", "31/12/2025"),
        (datetime(2024, 11, 20, 9, tzinfo=ROME), "20/11/2024", "20/11/2024"),
        (datetime(2026, 7, 1, 7, tzinfo=UTC), "1 lug", "1 Jul"),
    ],
)
def test_a_time_is_as_short_as_it_can_be_understood(moment: datetime, it: str | None, en: str) -> None:
    assert short_time(moment, NOW, EN) == en
    if it is not None:
        assert short_time(moment, NOW, IT) == it


@pytest.mark.parametrize(
    ("moment", "it", "en"),
    [
        (NOW, None, "Today"),
        (NOW - timedelta(days=1), None, "Yesterday"),
        (datetime(2026, 11, 16, 9, tzinfo=ROME), "Lunedì 16 novembre", "Monday 16 November"),
        (datetime(2026, 11, 15, 23, 30, tzinfo=UTC), "Lunedì 16 novembre", "Monday 16 November"),
        (datetime(2024, 8, 1, 9, tzinfo=ROME), "1 agosto 2024", "1 August 2024"),
    ],
)
def test_rows_are_headed_by_their_day(moment: datetime, it: str | None, en: str) -> None:
    assert day_heading(moment, NOW, EN) == en
    if it is not None:
        assert day_heading(moment, NOW, IT) == it


def test_yesterday_is_a_day_and_not_twenty_four_hours() -> None:
    now = datetime(2026, 3, 1, 0, 5, tzinfo=ROME)

    assert short_time(now - timedelta(minutes=10), now, EN) == "yesterday"
    assert day_heading(now - timedelta(minutes=10), now, EN) == "Yesterday"


@pytest.mark.parametrize("moment", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
@pytest.mark.parametrize("hours", [-12, 14])
def test_a_date_at_the_end_of_the_calendar_breaks_nothing(moment: datetime, hours: int) -> None:
    now = datetime(2026, 11, 22, tzinfo=timezone(timedelta(hours=hours)))

    assert short_time(moment, now, EN)
    assert day_heading(moment, now, EN)
    assert list_line(replace(only(mail()), sent_at=moment), now, EN).spoken


def test_a_mail_to_oneself_names_oneself() -> None:
    assert list_line(only(mail(sender=ME, to=(ME,), account=None)), after(1), EN).counterpart == ME
