"""A row as a value: its status in one word, its messages, its worst comparison."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pecdesk.pec.comparison import Agreement, Comparison
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import (
    STATUS_OF_STATE,
    Direction,
    RecipientState,
    State,
    Status,
    Transmission,
    disbelieved,
    unknown_row,
)
from tests.unit.pec.pieces import copy, delivery, envelope, mail, only, receipt, unproven

SENT = only(receipt(), delivery(), copy())


@pytest.mark.parametrize("state", STATUS_OF_STATE)
def test_the_status_of_a_sent_row_is_that_of_its_state(state: State) -> None:
    assert replace(SENT, state=state).status is STATUS_OF_STATE[state]


@pytest.mark.parametrize(
    ("row", "status"),
    [
        (only(envelope()), Status.CERTIFIED),
        (only(envelope(standing=Standing.CERTIFIED_WITH_RESERVE)), Status.CERTIFIED),
        (only(unproven(envelope())), Status.FORGED),
        (only(unproven(envelope(), Standing.ALTERED)), Status.ALTERED),
        (only(unproven(envelope(), Standing.UNDETERMINED)), Status.UNDETERMINED),
        (only(mail()), Status.ORDINARY),
        (replace(only(mail()), sealed=None), Status.UNDETERMINED),
    ],
)
def test_the_status_of_a_received_row_is_that_of_its_standing(row: Transmission, status: Status) -> None:
    assert row.status is status


def test_the_original_is_the_first_of_the_messages_and_each_is_named_once() -> None:
    twice = replace(delivery(), sha256="f" * 64)
    row = only(copy(sha256="0"), copy("Altro.", sha256="1"), receipt(), delivery(), twice)

    assert row.messages == ("0", receipt().sha256, delivery().sha256, "f" * 64, "1")


def test_an_original_inside_a_receipt_is_named_once() -> None:
    row = only(receipt(), delivery())

    assert row.messages == (delivery().sha256, receipt().sha256)


def test_a_row_without_an_original_names_its_evidence() -> None:
    assert only(receipt()).messages == (receipt().sha256,)


@pytest.mark.parametrize(
    ("found", "worst"),
    [
        ([], None),
        ([Agreement.SAME], Agreement.SAME),
        ([Agreement.NOT_COMPARABLE, Agreement.SAME], Agreement.NOT_COMPARABLE),
        ([Agreement.SAME, Agreement.DIFFERENT], Agreement.DIFFERENT),
    ],
)
def test_the_worst_comparison_is_the_one_told(found: list[Agreement], worst: Agreement | None) -> None:
    lines = tuple(replace(SENT.evidence[1], comparison=Comparison(agreement)) for agreement in found)
    comparison = replace(SENT, evidence=lines).comparison

    assert (comparison and comparison.agreement) == worst


# what is not believed


@pytest.mark.parametrize("row", [SENT, only(envelope()), only(unproven(envelope())), only(mail())])
def test_of_what_is_not_believed_nothing_proves_anything(row: Transmission) -> None:
    found = disbelieved(row, row.messages)

    assert (found.is_believed, found.status, found.evidence, found.attention) == (False, Status.UNDETERMINED, (), ())
    assert (found.direction, found.subject, found.sender, found.key) == (
        row.direction,
        row.subject,
        row.sender,
        row.key,
    )
    assert {recipient.state for recipient in found.recipients} <= {RecipientState.PENDING}
    assert {recipient.address for recipient in found.recipients} == {each.address for each in row.recipients}
    assert set(found.messages) == set(row.messages)
    assert (found.sent_at, found.accepted_at, found.sealed in (None, Standing.UNDETERMINED)) == (None, None, True)


@pytest.mark.parametrize(("direction", "sealed"), [(Direction.SENT, None), (Direction.RECEIVED, Standing.UNDETERMINED)])
def test_a_row_of_which_nothing_is_known_names_its_messages(direction: Direction, sealed: Standing | None) -> None:
    found = unknown_row(direction, {"b", "a"})

    assert (found.messages, found.sealed, found.status) == (("a", "b"), sealed, Status.UNDETERMINED)
