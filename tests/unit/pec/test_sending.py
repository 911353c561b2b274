"""The record of a message in the outbox, and what it makes of a row until receipts say more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from pecdesk.errors import PecdeskError
from pecdesk.pec.deadlines import attention
from pecdesk.pec.message import MessageKind
from pecdesk.pec.outcome import STATE_OF_SENDING
from pecdesk.pec.piece import Piece
from pecdesk.pec.sending import ALLOWED, Failure, Sending, SendState, may_become
from pecdesk.pec.transmission import OriginalSource, State
from tests.unit.pec.pieces import ANNA, BRUNO, CLIENT_ID, ME, START, after, copy, delivery, linked, only, receipt

FAILURE = Failure("{host} said {reply}.", "Wait.", (("host", "smtp.example"), ("reply", "451")))


def sending(state: SendState = SendState.QUEUED, **changes: object) -> Sending:
    made = Sending(
        sha256="",
        account=ME,
        state=state,
        since=after(0),
        message_id=CLIENT_ID,
        sender=ME,
        recipients=(ANNA, BRUNO),
        queued_at=after(0),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def frozen(state: SendState = SendState.QUEUED, **changes: object) -> Piece:
    piece = copy()
    return replace(piece, outbox=sending(state, sha256=piece.sha256, **changes))


ROWS = [
    (SendState.QUEUED, "queued", ()),
    (SendState.SENDING, "sending", ()),
    (SendState.PENDING, "pending", ()),
    (SendState.REFUSED, "refused", ("refused",)),
    (SendState.UNCERTAIN, "uncertain", ("uncertain",)),
]


@pytest.mark.parametrize(("state", "expected", "needs"), ROWS)
def test_without_receipts_the_row_is_where_the_outbox_has_it(
    state: SendState, expected: str, needs: tuple[str, ...]
) -> None:
    row = only(frozen(state, last_error=FAILURE))
    assert (row.state, row.attention, row.outbox, row.kind, row.original) == (expected, needs, state, "pec", "own")
    assert {outcome.state for outcome in row.recipients} == {"pending"}
    assert row.last_error == FAILURE


@pytest.mark.parametrize("state", [state for state, _, _ in ROWS])
def test_receipts_that_count_say_more_than_the_outbox(state: SendState) -> None:
    piece = frozen(state, last_error=FAILURE, repeats="ab", handed_over_at=after(0))
    row = only(piece, receipt(), delivery(ANNA), delivery(BRUNO))
    assert (row.state, row.outbox, row.last_error, row.not_before) == ("delivered", None, None, None)
    assert (row.repeats, row.handed_over_at) == ("ab", after(0))
    assert only(piece, receipt("non-accettazione")).state == "refused"


def test_a_receipt_that_does_not_count_settles_nothing() -> None:
    rows = linked(frozen(SendState.UNCERTAIN), receipt(piece={"counts": False}))
    assert {row.state for row in rows if row.outbox} == {"uncertain"}


def test_when_it_leaves_is_told_of_what_waits_alone() -> None:
    times = {"not_before": after(1), "next_try_at": after(2)}
    waiting, taken = only(frozen(**times)), only(frozen(SendState.UNCERTAIN, **times))
    assert (waiting.not_before, waiting.next_try_at) == (after(1), after(2))
    assert (taken.not_before, taken.next_try_at) == (None, None)


def test_the_bytes_of_the_outbox_are_the_original_before_any_other_copy() -> None:
    kept = copy("Altro.", message_id=CLIENT_ID)
    row = only(frozen(SendState.PENDING), kept, receipt(), delivery(ANNA, text="Altro."))
    assert (row.original, row.original_sha256) == (OriginalSource.OWN, frozen().sha256)
    assert row.rivals == (kept.sha256,)
    assert "content-differs" in row.attention


def test_whatever_its_kind_what_was_frozen_is_what_was_sent() -> None:
    report = replace(frozen(SendState.PENDING), kind=MessageKind.DELIVERY_STATUS)
    assert (only(report).direction, only(report).original_sha256) == ("sent", report.sha256)


def test_no_acceptance_is_missed_from_when_the_provider_took_it_not_from_its_date() -> None:
    row = only(frozen(SendState.PENDING, handed_over_at=after(5)))
    assert attention(row, after(5) + timedelta(minutes=29)) == ()
    assert attention(row, after(5) + timedelta(minutes=30)) == ("no-acceptance",)
    assert attention(only(frozen()), after(99)) == ()


UNSENT = {SendState.QUEUED, SendState.SENDING, SendState.REFUSED}


@pytest.mark.parametrize("state", [state for state, _, _ in ROWS])
def test_a_row_says_whether_it_certainly_was_not_sent(state: SendState) -> None:
    assert only(frozen(state)).is_unsent is (state in UNSENT)
    assert only(frozen(state)).draft_id is None


def test_every_state_of_the_outbox_is_a_state_of_a_row() -> None:
    assert set(STATE_OF_SENDING) == set(SendState) == set(ALLOWED)
    assert STATE_OF_SENDING[SendState.WITHDRAWN] is State.DRAFT


def test_nothing_leads_back_from_where_it_may_have_been_sent() -> None:
    reached, new = set[SendState](), {SendState.UNCERTAIN, SendState.PENDING}
    while new:
        reached |= new
        new = {following for state in new for following in ALLOWED[state]} - reached - {SendState.REFUSED}
    assert reached == {SendState.UNCERTAIN, SendState.PENDING}
    for state, following in product(SendState, SendState):
        assert may_become(state, following) is (following in ALLOWED[state])


def test_a_failure_is_kept_so_that_it_can_be_said_again() -> None:
    kept = Failure.of(PecdeskError("{host} said {reply}.", "Wait.", host="smtp.example", reply=451))
    assert kept == FAILURE
    assert str(kept) == "smtp.example said 451."
    assert (kept.error.next_step, kept.error.fields["reply"]) == ("Wait.", "451")


def test_what_is_due_is_what_may_leave_now() -> None:
    assert sending().due_at == after(0)
    assert sending(not_before=after(1), next_try_at=after(3)).due_at == after(3)
    assert not sending(not_before=after(1)).is_due(START)
    assert sending(not_before=after(1)).is_due(after(1))
    for waiting in (sending(is_held=True), sending(SendState.UNCERTAIN), sending(SendState.PENDING)):
        assert waiting.due_at is None
        assert not waiting.is_due(after(99))
