"""Evidence against evidence and against what was sent: other recipients, another subject; REM, which proves none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pecdesk.pec.comparison import Agreement
from pecdesk.pec.message import MessageKind
from pecdesk.pec.piece import Piece
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import Attention, Direction, OriginalSource, State, Status, TransmissionKind
from tests.unit.pec.pieces import (
    ANNA,
    BRUNO,
    CLIENT_ID,
    ME,
    copy,
    delivery,
    inner,
    linked,
    mail,
    only,
    receipt,
    recipients,
)

STRANGER = "estraneo@altrove.example"


def test_evidence_that_names_the_same_recipients_needs_nobody() -> None:
    charged = receipt("presa-in-carico", taken_for=(BRUNO,), recipients=recipients(BRUNO))

    assert only(copy(), receipt(), charged, delivery(), delivery(BRUNO)).attention == ()
    assert only(receipt(recipients=recipients(BRUNO.upper(), ANNA)), delivery(), copy()).attention == ()


@pytest.mark.parametrize(
    "odd",
    [
        delivery(STRANGER),
        delivery(recipients=recipients(ANNA, BRUNO, STRANGER)),
        receipt("presa-in-carico", taken_for=(STRANGER,)),
        receipt("errore-consegna", to=STRANGER),
    ],
)
@pytest.mark.parametrize("others", [(receipt(),), (copy(),), (copy(), receipt())])
def test_a_notice_about_somebody_who_was_never_addressed_contradicts(odd: Piece, others: tuple[Piece, ...]) -> None:
    assert Attention.CONTRADICTORY in only(*others, odd).attention


def test_an_acceptance_for_somebody_who_was_never_addressed_contradicts() -> None:
    more = receipt(recipients=recipients(ANNA, BRUNO, STRANGER))

    assert only(more).attention == ()  # nothing is here that says otherwise
    assert only(more, copy()).attention == (Attention.CONTRADICTORY,)
    assert Attention.CONTRADICTORY in only(more, delivery(recipients=more.certification.recipients)).attention  # type: ignore[union-attr]


def test_somebody_addressed_who_was_not_accepted_simply_waits() -> None:
    assert only(copy(cc=(BRUNO, STRANGER)), receipt()).attention == ()


@pytest.mark.parametrize("to", [(), ("Anna e gli altri",), (ANNA, "tizio@società.example")])
def test_an_original_whose_recipients_cannot_be_read_contradicts_nothing(to: tuple[str, ...]) -> None:
    assert only(copy(to=to, cc=()), receipt()).attention == ()


def test_what_counts_for_nothing_contradicts_nobody_by_its_recipients() -> None:
    lie = delivery(STRANGER, piece={"standing": Standing.UNDETERMINED, "counts": False, "certification": None})

    assert only(copy(), receipt(), replace(lie, named=(CLIENT_ID,))).attention == ()


# the subject


def test_a_delivered_copy_of_another_subject_is_not_what_was_sent() -> None:
    row = only(copy(subject="Bozza"), receipt(), delivery())

    assert row.attention == (Attention.CONTENT_DIFFERS,)
    assert row.comparison is not None
    assert (row.comparison.agreement, row.comparison.different, row.comparison.other_subject) == (
        Agreement.DIFFERENT,
        (),
        True,
    )


def test_the_subject_is_named_beside_the_parts_that_differ() -> None:
    comparison = only(copy("Altro.", subject="Bozza"), receipt(), delivery()).comparison

    assert comparison is not None
    assert (comparison.different, comparison.other_subject) == (("",), True)


def test_a_subject_that_transport_folded_is_the_same() -> None:
    row = only(copy(subject="diffida "), receipt(), delivery(piece={"inside": inner(subject="Dif fida\n")}))

    assert row.attention == ()


def test_a_copy_of_unknown_origin_with_another_subject_does_not_stand_in() -> None:
    same = copy(account=None, in_sent_folder=False)
    other = copy(account=None, in_sent_folder=False, subject="Bozza")

    assert only(same, receipt(), delivery()).original is OriginalSource.OWN
    assert only(other, receipt(), delivery()).original is OriginalSource.FROM_RECEIPT


# REM


def rem(standing: Standing = Standing.UNDETERMINED, *names: str, **changes: object) -> Piece:
    given = {"kind": MessageKind.REM_RECEIPT, "standing": standing, "named": names or (CLIENT_ID,), **changes}
    return mail(**given, message_id="rem.1@servizio.example")


def test_a_rem_receipt_stands_under_what_it_names_and_counts_for_nothing() -> None:
    row = only(copy(), rem())

    assert (row.direction, row.state, row.attention) == (Direction.SENT, State.PENDING, ())
    ((kind, standing, counts),) = [(line.kind, line.standing, line.counts) for line in row.evidence]
    assert (kind, standing, counts) == (MessageKind.REM_RECEIPT, Standing.UNDETERMINED, False)


@pytest.mark.parametrize("standing", [Standing.CERTIFIED, Standing.CERTIFIED_WITH_RESERVE])
def test_a_rem_receipt_under_an_authority_that_is_known_counts_for_nothing_either(standing: Standing) -> None:
    row = only(copy(), rem(standing, counts=True))

    assert row.state is State.PENDING
    assert not any(line.counts for line in row.evidence)


def test_a_rem_receipt_that_nobody_signed_is_told() -> None:
    assert only(copy(), rem(Standing.NOT_CERTIFIED)).attention == (Attention.FORGED,)


def test_a_rem_receipt_of_another_mailbox_or_of_nothing_here_is_a_row_of_its_own() -> None:
    for stray in (rem(Standing.UNDETERMINED, "altro@x.example"), rem(account="altri@pec.example")):
        (row,) = (row for row in linked(copy(), stray) if row.direction is Direction.RECEIVED)
        assert (row.kind, row.status, row.account) == (TransmissionKind.REM, Status.UNDETERMINED, stray.account)
    assert only(rem(Standing.UNDETERMINED, account=ME)).kind is TransmissionKind.REM
