"""A message on its way out: when it leaves, why it did not, what happens next, in the words of somebody in a hurry."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pecdesk.explain import language
from pecdesk.explain.badge import badge
from pecdesk.explain.byline import byline
from pecdesk.explain.card import status_card
from pecdesk.explain.failures import failure, what_helps
from pecdesk.explain.follow_up import AT_THE_DOOR, SAID_UNSENT
from pecdesk.explain.line import list_line
from pecdesk.explain.needs import needs
from pecdesk.explain.sentences import headline
from pecdesk.pec.draft import Draft
from pecdesk.pec.drafted import draft_row
from pecdesk.pec.outcome import STATE_OF_SENDING
from pecdesk.pec.sending import Failure, SendState
from pecdesk.pec.transmission import Attention, RecipientState, Transmission
from tests.unit.pec.pieces import ANNA, BRUNO, START, after, copy, delivery, only, receipt

EN = language("en")
NOW = after(0)
DOWN = Failure("{host} cannot be reached.", "Check the network.", (("host", "smtp.gestore.example"),))
NOT_SENT = Failure("You have said that it was not sent.")
NO = Failure("The server answered: {reply}", "", (("reply", "550 5.7.1 no\u202e"),))


def outgoing(outbox: SendState, **changes: Any) -> Transmission:
    found = replace(only(copy()), outbox=outbox, state=STATE_OF_SENDING[outbox], **changes)
    attention = {SendState.REFUSED: (Attention.REFUSED,), SendState.UNCERTAIN: (Attention.UNCERTAIN,)}
    return replace(found, attention=attention.get(outbox, ()))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (outgoing(SendState.QUEUED), "Waiting to be sent."),
        (
            outgoing(SendState.QUEUED, not_before=NOW + timedelta(seconds=10)),
            "It leaves at 09:00:10; until then you can take it back.",
        ),
        (
            outgoing(SendState.QUEUED, not_before=NOW + timedelta(days=1)),
            "It leaves on 03/03/2026 09:00; until then you can take it back.",
        ),
        (outgoing(SendState.QUEUED, not_before=NOW - timedelta(seconds=1)), "Waiting to be sent."),
        (
            outgoing(SendState.QUEUED, last_error=DOWN, next_try_at=NOW + timedelta(minutes=5)),
            "It could not be handed over yet; it is tried again at 09:05:00.",
        ),
        (
            outgoing(SendState.QUEUED, last_error=DOWN),
            "It did not leave, and waits until you try again: nothing was sent.",
        ),
        (outgoing(SendState.SENDING), "Being sent."),
        (outgoing(SendState.REFUSED, last_error=NO), AT_THE_DOOR),
        (
            outgoing(SendState.UNCERTAIN, last_error=DOWN),
            "The connection broke while sending: it is not known whether the message left.",
        ),
        (
            outgoing(SendState.PENDING, handed_over_at=NOW),
            "Handed over to the provider on 02/03/2026 09:00:00 (+0100); no receipt has come yet.",
        ),
        (outgoing(SendState.PENDING), "Sent; no receipt has come yet."),
    ],
)
def test_where_a_message_stands_on_its_way_out(row: Transmission, said: str) -> None:
    assert headline(row, EN, NOW) == said
    assert status_card(row, NOW, EN).headline == said


def test_without_a_clock_moments_are_told_in_full() -> None:
    row = outgoing(SendState.QUEUED, not_before=NOW + timedelta(seconds=10))
    assert headline(row, EN) == "It leaves on 02/03/2026 09:00:10 (+0100); until then you can take it back."


def test_why_it_did_not_leave_is_told_with_what_follows() -> None:
    (held,) = needs(outgoing(SendState.QUEUED, last_error=DOWN), NOW, EN)
    assert held.sentence == "smtp.gestore.example cannot be reached."
    assert held.what_to_do.startswith("Check the network. Nothing was sent so far.")

    (again,) = needs(outgoing(SendState.QUEUED, last_error=DOWN, next_try_at=after(1)), NOW, EN)
    assert (
        again.what_to_do == "Check the network. Nothing was sent so far. It is tried again by itself, next at 10:00:00."
    )

    (refused,) = needs(outgoing(SendState.REFUSED, last_error=NO), NOW, EN)
    assert refused.sentence == "The server answered: 550 5.7.1 no[U+202E]"
    assert "Correct the message" in refused.what_to_do

    (uncertain,) = needs(outgoing(SendState.UNCERTAIN, last_error=DOWN), NOW, EN)
    assert "Do not send again yet" in uncertain.what_to_do


@pytest.mark.parametrize("outbox", [SendState.QUEUED, SendState.REFUSED, SendState.UNCERTAIN])
@pytest.mark.parametrize(
    "step",
    [
        "Nothing was sent.",
        "It is tried again by itself.",
        "Wait for the acceptance receipt; if none comes, say yourself whether it was sent.",
        "Nothing was sent. Check user and address of the account.",
        "Correct them in the settings of the account: it is not tried again by itself.",
    ],
)
def test_nothing_is_said_twice_to_somebody_in_a_hurry(outbox: SendState, step: str) -> None:
    (need,) = needs(outgoing(outbox, last_error=Failure("No.", step), next_try_at=after(1)), NOW, EN)
    said = need.what_to_do.split(". ")
    assert len(said) == len(set(said))
    assert need.what_to_do.count("acceptance receipt") == (outbox is SendState.UNCERTAIN)
    assert ("deadline" in need.what_to_do) is (outbox is SendState.REFUSED)


def test_the_word_of_the_user_is_not_told_as_that_of_the_provider() -> None:
    row = replace(outgoing(SendState.REFUSED, last_error=NOT_SENT), is_said_unsent=True)
    (need,) = needs(row, NOW, EN)
    assert headline(row, EN) == need.sentence == SAID_UNSENT
    assert "new message" in need.what_to_do


def test_a_refusal_without_its_reason_is_still_told() -> None:
    (need,) = needs(outgoing(SendState.REFUSED), NOW, EN)
    assert need.sentence == AT_THE_DOOR


def test_what_did_not_leave_has_no_mark_that_awaits_a_receipt() -> None:
    for state in (SendState.QUEUED, SendState.SENDING, SendState.REFUSED):
        card = status_card(outgoing(state), NOW, EN)
        assert card.verified == ""
        for line in card.rows:
            assert line.outcome.word == badge(outgoing(state), EN).word
            assert {stage.tone for stage in line.stages} == {"grey"}
    card = status_card(outgoing(SendState.UNCERTAIN), NOW, EN)
    assert {line.outcome.word for line in card.rows} == {"Sending uncertain"}


def test_a_draft_is_told_as_one() -> None:
    row = draft_row(
        Draft("0" * 32, "studio@pec.gestore.example", to=(ANNA, BRUNO), subject="Diffida", written_at=START)
    )
    card = status_card(row, NOW, EN)
    assert card.headline == "Not sent yet."
    assert {line.outcome.word for line in card.rows} == {"Draft"}
    assert byline(row, EN).startswith("To be sent from studio@pec.gestore.example · last saved on 2 March 2026")
    assert "not sent" in list_line(row, NOW, EN).spoken
    assert needs(row, NOW, EN) == ()


# failures


def test_what_helps_is_said_for_each_cause_once() -> None:
    failed = [
        receipt("errore-consegna", 1, ANNA, error="altro", extended_error="5.2.2 - G - piena"),
        receipt("errore-consegna", 1, BRUNO, error="altro", extended_error="5.2.2 - G - piena"),
    ]
    row = only(receipt(), copy(), *failed)
    (need,) = [each for each in needs(row, after(2), EN) if "Not reached" in each.what_to_do]
    assert need.what_to_do.count("A full mailbox may take the message later") == 1
    assert all(recipient.state is RecipientState.FAILED for recipient in row.recipients)


def test_a_delivered_message_needs_nothing_of_that() -> None:
    row = only(receipt(), copy(), delivery(ANNA), delivery(BRUNO))
    assert needs(row, after(1), EN) == ()


@pytest.mark.parametrize(
    "detail", ["5.1.1 - x", "5.2.2 - x", "5.2.1 - x", "5.4.1 - x", "5.5.1 - x", "5.3.0 - x", "5.7.1"]
)
def test_every_usual_cause_has_advice_and_both_are_whole_sentences(detail: str) -> None:
    for text in (failure("altro", detail), what_helps("altro", detail)):
        assert text.endswith(".")
