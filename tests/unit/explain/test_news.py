"""What is worth telling of a row that changed, and the few words that are said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pecdesk.explain import Tone, language
from pecdesk.explain.news import (
    LOUDNESS,
    TONES,
    News,
    NewsKind,
    fate,
    news_of,
    notification,
    shortened,
)
from pecdesk.pec.piece import Piece
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import State, Transmission
from tests.unit.pec.pieces import ANNA, BRUNO, OTHER, START, copy, delivery, envelope, mail, only, receipt, unproven

EN, IT = language("en"), language("it")
LONG_AGO = START - timedelta(days=3650)
LATER = START + timedelta(days=3650)
ACCEPTED = (receipt(), copy())


def brought(before: tuple[Piece, ...] | None, after: tuple[Piece, ...]) -> list[tuple[NewsKind, str]]:
    known = fate(only(*before)) if before is not None else None
    return [(each.kind, each.who) for each in news_of(7, known, only(*after), unread=False, since=LONG_AGO)]


# what was sent


def test_an_acceptance_is_no_news() -> None:
    assert brought((copy(),), ACCEPTED) == []


def test_a_delivery_is_told_once_for_its_recipient() -> None:
    assert brought(ACCEPTED, (*ACCEPTED, delivery(ANNA))) == [(NewsKind.DELIVERED, ANNA)]
    assert brought((*ACCEPTED, delivery(ANNA)), (*ACCEPTED, delivery(ANNA), delivery(BRUNO))) == [
        (NewsKind.DELIVERED, BRUNO)
    ]


def test_a_receipt_that_changes_no_outcome_is_no_news() -> None:
    delivered = (copy(), delivery(ANNA), delivery(BRUNO))

    assert brought(delivered, (*delivered, receipt())) == [], "an acceptance that comes after the deliveries"


@pytest.mark.parametrize(
    ("piece", "kind"),
    [
        (receipt("errore-consegna", 1, ANNA, error="no-dest"), NewsKind.FAILED),
        (receipt("preavviso-errore-consegna", 12, ANNA, extended_error="4.4.1"), NewsKind.DELAYED),
    ],
)
def test_a_failure_and_a_delay_are_told(piece: Piece, kind: NewsKind) -> None:
    assert brought(ACCEPTED, (*ACCEPTED, piece)) == [(kind, ANNA)]


def test_a_delivery_after_a_failure_is_told_as_contradictory() -> None:
    failed = (*ACCEPTED, receipt("errore-consegna", 1, ANNA, error="no-dest"))

    assert brought(failed, (*failed, delivery(ANNA))) == [(NewsKind.CONTRADICTORY, ANNA)]


def test_a_message_the_provider_did_not_accept_is_told_for_everybody() -> None:
    refused = (copy(), receipt("non-accettazione"))

    assert {kind for kind, _ in brought((copy(),), refused)} == {NewsKind.REFUSED}


@pytest.mark.parametrize(("state", "kind"), [(State.REFUSED, NewsKind.REFUSED), (State.UNCERTAIN, NewsKind.UNCERTAIN)])
def test_what_the_outbox_could_not_get_rid_of_is_told_without_any_receipt(state: State, kind: NewsKind) -> None:
    queued = replace(only(copy()), state=State.SENDING)
    found = news_of(7, fate(queued), replace(queued, state=state), unread=False, since=LATER)

    assert [each.kind for each in found] == [kind]
    assert news_of(7, fate(replace(queued, state=state)), replace(queued, state=state), unread=False, since=LATER) == []


def test_what_waits_for_the_user_is_told_when_it_begins_to_and_not_again() -> None:
    leaving = replace(only(copy()), state=State.SENDING)
    held = replace(leaving, state=State.QUEUED, waits_for_user=True)

    def told(before: Transmission | None, since: datetime = LATER) -> list[NewsKind]:
        known = fate(before) if before is not None else None
        return [each.kind for each in news_of(7, known, held, unread=False, since=since)]

    assert told(leaving) == [NewsKind.HELD]
    assert told(held) == [], "it goes on waiting"
    assert told(None, LONG_AGO) == [NewsKind.HELD], "it was queued and refused before anybody looked"
    assert told(None) == [], "an old one that is brought in"
    assert TONES[NewsKind.HELD] is Tone.RED


def test_a_false_receipt_under_a_message_of_ours_is_told() -> None:
    false = unproven(delivery(BRUNO))

    assert brought(ACCEPTED, (*ACCEPTED, false)) == [(NewsKind.FALSE, "")]


def test_an_old_outcome_that_is_brought_in_is_no_news() -> None:
    row = only(*ACCEPTED, delivery(ANNA, 0.1), delivery(BRUNO, 30))

    assert news_of(7, None, row, unread=False, since=LATER) == []
    found = news_of(7, None, row, unread=False, since=START + timedelta(hours=1))
    assert [each.who for each in found] == [BRUNO], "what happened since is"


# what came


def test_a_new_message_is_told_with_its_certified_sender() -> None:
    assert came(envelope()) == [(NewsKind.CERTIFIED, OTHER)]


def test_ordinary_mail_and_false_mail_are_never_called_pec() -> None:
    assert [kind for kind, _ in came(mail())] == [NewsKind.OTHER]
    assert [kind for kind, _ in came(unproven(envelope()))] == [NewsKind.FALSE]
    assert [kind for kind, _ in came(unproven(envelope(), Standing.ALTERED))] == [NewsKind.FALSE]
    assert [kind for kind, _ in came(unproven(envelope(), Standing.UNDETERMINED))] == [NewsKind.OTHER]


def came(piece: Piece) -> list[tuple[NewsKind, str]]:
    return [(each.kind, each.who) for each in news_of(7, None, only(piece, accounts=()), unread=True, since=LONG_AGO)]


def test_what_was_read_already_or_is_old_or_is_known_is_no_news() -> None:
    row = only(envelope())

    assert news_of(7, None, row, unread=False, since=LONG_AGO) == []
    assert news_of(7, None, row, unread=True, since=LATER) == []
    assert news_of(7, fate(row), row, unread=True, since=LONG_AGO) == []


def test_a_record_that_something_else_has_changed_tells_nothing() -> None:
    row = replace(only(*ACCEPTED, delivery(ANNA)), is_believed=False)

    assert news_of(7, fate(only(*ACCEPTED)), row, unread=False, since=LONG_AGO) == []


@given(st.permutations([receipt(), copy(), delivery(ANNA), receipt("errore-consegna", 1, BRUNO, error="no-dest")]))
def test_in_whatever_order_receipts_come_each_outcome_is_told_once(order: list[Piece]) -> None:
    told = []
    known: tuple[Piece, ...] = ()
    before: Transmission | None = None
    for piece in order:
        known = (*known, piece)
        row = only(*known)
        told += news_of(7, fate(before) if before else None, row, unread=False, since=LONG_AGO)
        before = row

    assert sorted((each.kind, each.who) for each in told) == [(NewsKind.DELIVERED, ANNA), (NewsKind.FAILED, BRUNO)]


# words


def test_everything_has_a_tone_and_failures_are_loudest() -> None:
    assert set(TONES) == set(NewsKind) == set(LOUDNESS)
    tones = [TONES[kind] for kind in LOUDNESS]
    assert tones.index(Tone.GREEN) == len(tones) - 1
    assert tones[0] is Tone.RED


def test_one_is_told_with_a_name_and_without() -> None:
    assert notification([News(NewsKind.DELIVERED, 7, ANNA)], EN).title == f"Delivered to {ANNA}"
    assert notification([News(NewsKind.FAILED, 7, "")], EN).title == "Not delivered"
    failed = notification([News(NewsKind.FAILED, 7, ANNA)], EN)
    assert (failed.text, failed.tone, failed.row_id) == ("Open it to see what to do.", Tone.RED, 7)


@pytest.mark.parametrize("kind", NewsKind)
@pytest.mark.parametrize("spoken", [EN, IT])
def test_every_kind_is_said_alone_and_many(kind: NewsKind, spoken: object) -> None:
    alone = notification([News(kind, 1, ANNA)], spoken)  # type: ignore[arg-type]
    many = notification([News(kind, 1, ANNA), News(kind, 2, BRUNO)], spoken)  # type: ignore[arg-type]

    assert alone.title
    assert "2" in many.title
    assert many.text == ""


def test_many_are_one_notification_the_loudest_first() -> None:
    news = [
        News(NewsKind.CERTIFIED, 1, OTHER),
        News(NewsKind.DELIVERED, 2, ANNA),
        News(NewsKind.FAILED, 3, BRUNO),
        News(NewsKind.DELIVERED, 4, BRUNO),
    ]
    told = notification(news, EN)

    assert told.title == "One delivery failed"
    assert told.text == "One new PEC · 2 deliveries"
    assert (told.tone, told.row_id) == (Tone.RED, 3)


def test_no_subject_and_no_text_is_ever_told() -> None:
    row = only(envelope(subject="POSTA CERTIFICATA: segreto", inside=None))
    (news,) = news_of(7, None, row, unread=True, since=LONG_AGO)

    assert "segreto" not in f"{notification([news], EN).title}{notification([news], EN).text}"


HOSTILE = ("a\u202eb@pec.example", "a" * 500 + "@pec.example", "riga\ninventata@pec.example")


@pytest.mark.parametrize("address", HOSTILE)
def test_a_hostile_address_neither_moves_letters_nor_fills_the_screen(address: str) -> None:
    title = notification([News(NewsKind.CERTIFIED, 1, address)], EN).title

    assert len(title) < 120
    assert title.isprintable()
    assert shortened(ANNA) == ANNA
