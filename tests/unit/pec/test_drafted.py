"""A draft as a row of the list."""

from __future__ import annotations

from pecdesk.pec.deadlines import attention
from pecdesk.pec.draft import Draft
from pecdesk.pec.drafted import draft_row
from tests.unit.pec.pieces import ANNA, BRUNO, ME, START, after

DRAFT = Draft(
    "0" * 32,
    ME,
    to=(f"Anna Prima <{ANNA}>", "bru"),
    cc=(BRUNO, ANNA.upper(), " "),
    subject="Diffida",
    written_at=START,
)


def test_a_draft_is_a_sent_row_without_messages() -> None:
    row = draft_row(DRAFT)
    assert (row.kind, row.direction, row.state, row.status, row.account) == ("pec", "sent", "draft", "bozza", ME)
    assert (row.subject, row.sender, row.sent_at, row.sent_at_source) == ("Diffida", ME, START, "none")
    assert (row.messages, row.original, row.draft_id, row.is_unsent) == ((), "none", DRAFT.id, True)
    assert attention(row, after(9999)) == ()


def test_everybody_it_is_for_stands_there_once_and_what_is_no_address_yet_as_it_was_typed() -> None:
    assert [(each.address, each.role, each.state) for each in draft_row(DRAFT).recipients] == [
        (ANNA, "to", "pending"),
        ("bru", "to", "pending"),
        (BRUNO, "cc", "pending"),
    ]
