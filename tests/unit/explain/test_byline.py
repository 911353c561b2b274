"""The line under a subject: who, when, and on whose word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pecdesk.explain import LANGUAGES, language
from pecdesk.explain.byline import addressed, byline, is_certified
from pecdesk.pec.message import Completeness
from pecdesk.pec.sending import SendState
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import Role, State, TimeSource, Transmission, TransmissionKind
from tests.unit.pec.pieces import ANNA, BRUNO, copy, delivery, envelope, mail, only, receipt, recipients

EN = language("en")
SENT = only(receipt(), copy())
RECEIVED = only(envelope())
ORDINARY = only(mail())


def test_a_sending_is_named_with_its_sender_and_certified_time() -> None:
    assert SENT.sent_at is not None

    said = byline(SENT, EN)

    assert said.startswith(f"Sent from {SENT.sender} · ")
    assert f"{SENT.sent_at:%H:%M:%S (%z)}" in said
    assert "states" not in said


def test_what_was_refused_on_the_way_out_is_not_about_to_be_sent() -> None:
    waiting = replace(SENT, outbox=SendState.QUEUED, state=State.QUEUED)
    refused = replace(SENT, outbox=SendState.REFUSED, state=State.REFUSED)

    assert byline(waiting, EN) == f"To be sent from {SENT.sender}"
    assert byline(refused, EN) == f"Not sent, from {SENT.sender}"


def test_the_kind_of_delivery_receipt_is_named_where_all_are_of_one_kind() -> None:
    both = recipients(ANNA, BRUNO)
    full, brief = Completeness.FULL, Completeness.BRIEF

    def delivered(first: Completeness, second: Completeness) -> Transmission:
        return only(
            receipt(recipients=both),
            delivery(ANNA, 1, recipients=both, completeness=first),
            delivery(BRUNO, 2, recipients=both, completeness=second),
        )

    assert byline(delivered(full, full), EN).endswith(" · full delivery receipt")
    assert "delivery receipt" not in byline(delivered(full, brief), EN)


def test_a_received_certified_message_names_its_certified_sender() -> None:
    assert byline(RECEIVED, EN).startswith(f"Certified sender: {RECEIVED.sender} · ")
    assert is_certified(RECEIVED)


def test_an_authority_added_by_hand_is_named() -> None:
    line = replace(RECEIVED.evidence[0], by_hand=True)

    assert "added by hand" in byline(replace(RECEIVED, evidence=(line,)), EN)


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (Standing.NOT_CERTIFIED, "not certified"),
        (Standing.ALTERED, "not certified"),
        (Standing.UNDETERMINED, "cannot be verified"),
        (None, "cannot be verified"),
    ],
)
@pytest.mark.parametrize("kind", list(TransmissionKind))
def test_the_sender_of_what_is_not_proven_is_only_stated(
    standing: Standing | None, said: str, kind: TransmissionKind
) -> None:
    row = replace(ORDINARY, sealed=standing, kind=kind)

    assert byline(row, EN).startswith(f"Stated sender: {row.sender}, {said} · ")
    assert not is_certified(row)


def test_a_date_out_of_a_header_is_said_to_be_the_message_s_own_word() -> None:
    assert "as the message itself states" in byline(ORDINARY, EN)
    assert "no date" in byline(replace(ORDINARY, sent_at=None, sent_at_source=TimeSource.NONE), EN)
    assert "(no sender)" in byline(replace(ORDINARY, sender=""), EN)


def test_the_receipt_of_somebody_else_s_message_names_them() -> None:
    assert byline(replace(SENT, kind=TransmissionKind.UNMATCHED), EN).startswith(f"Message of {SENT.sender}")


def test_to_whom_a_received_message_was_addressed_is_told_by_role() -> None:
    to, cc = (replace(ORDINARY.recipients[0], address=f"{role}@x.example", role=role) for role in (Role.TO, Role.CC))
    row = replace(ORDINARY, recipients=(to, cc))

    assert addressed(row, EN) == "To: to@x.example · Cc: cc@x.example"
    many = tuple(replace(to, address=f"{n}@x.example") for n in range(9))
    assert addressed(replace(row, recipients=many), EN).endswith("and 6 more")
    assert addressed(SENT, EN) == ""


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_row_is_said_in_every_language(code: str) -> None:
    for row in (SENT, RECEIVED, ORDINARY):
        assert byline(row, language(code))
