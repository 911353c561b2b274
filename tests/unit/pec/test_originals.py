"""The original of a sent row: our own copy, else the one in a full delivery receipt; rivals are only listed."""

from __future__ import annotations

from typing import Any

import pytest

from pecdesk.pec.comparison import Agreement, Comparison
from pecdesk.pec.linking import Piece
from pecdesk.pec.message import Completeness, MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import Attention, Direction, OriginalSource, RecipientState, State, Transmission
from tests.unit.pec.pieces import (
    BRUNO,
    CARLA,
    CLIENT_ID,
    ME,
    OTHER,
    copy,
    delivery,
    fingerprint,
    inner,
    linked,
    mail,
    only,
    receipt,
    sent,
)


def original(row: Transmission) -> tuple[OriginalSource, str | None, tuple[str, ...]]:
    return row.original, row.original_sha256, row.rivals


UNKNOWN_ORIGIN: dict[str, Any] = {"account": None, "in_sent_folder": False}


def test_a_copy_from_the_sent_folder_is_the_original() -> None:
    row = only(receipt(), delivery(), copy(sha256="mio"))

    assert original(row) == (OriginalSource.OWN, "mio", ())
    assert row.comparison == Comparison(Agreement.SAME, (), 1)
    assert row.messages[0] == "mio"
    assert len(row.messages) == 3


def test_a_copy_without_any_receipt_is_a_row_that_waits() -> None:
    row = only(copy(sha256="mio"))

    assert original(row) == (OriginalSource.OWN, "mio", ())
    assert (row.kind, row.state, row.identifier, row.message_id) == ("pec", State.PENDING, None, CLIENT_ID)
    assert {each.state for each in row.recipients} == {RecipientState.PENDING}
    assert (row.subject, row.sender, row.account) == ("Diffida", ME, ME)


def test_a_copy_without_a_message_id_is_a_row_of_its_own() -> None:
    rows = linked(receipt(), copy(message_id=None, sha256="mio"))

    assert sorted(row.original for row in rows) == [OriginalSource.NONE, OriginalSource.OWN]


def test_without_a_copy_the_mail_in_a_full_delivery_receipt_stands_in() -> None:
    full = delivery()
    row = only(receipt(), full)

    assert original(row) == (OriginalSource.FROM_RECEIPT, full.sha256, ())
    assert row.comparison is None


@pytest.mark.parametrize(
    "piece",
    [
        delivery(completeness=Completeness.BRIEF),
        delivery(text=None),
        delivery(piece={"counts": False, "standing": Standing.CERTIFIED_WITH_RESERVE}),
    ],
)
def test_nothing_less_than_a_counting_full_delivery_stands_in(piece: Piece) -> None:
    assert original(only(receipt(), piece)) == (OriginalSource.NONE, None, ())


def test_of_several_full_deliveries_a_certified_one_stands_in() -> None:
    reserved = delivery(BRUNO, piece={"standing": Standing.CERTIFIED_WITH_RESERVE, "sha256": "0"})

    assert only(reserved, delivery(piece={"sha256": "1"})).original_sha256 == "1"
    assert only(reserved).original_sha256 == "0"


# copies of unknown origin


def test_a_copy_of_unknown_origin_is_the_original_only_where_the_delivered_one_is_the_same() -> None:
    found = copy(sha256="trovata", **UNKNOWN_ORIGIN)

    assert original(only(receipt(), delivery(), found)) == (OriginalSource.OWN, "trovata", ())
    assert original(only(receipt(), found)) == (OriginalSource.NONE, None, ("trovata",))
    other = delivery(text="Altro.")
    assert original(only(receipt(), other, found)) == (OriginalSource.FROM_RECEIPT, other.sha256, ("trovata",))


def test_a_mail_that_only_imitates_our_id_is_a_rival_and_changes_nothing() -> None:
    genuine = only(receipt(), delivery(text="Vero."))
    forged = copy("Falso.", sha256="falsa", to=(CARLA,), cc=(), subject="Falso", **UNKNOWN_ORIGIN)
    row = only(receipt(), delivery(text="Vero."), forged)

    assert row.rivals == ("falsa",)
    assert row.messages[-1] == "falsa"
    assert (row.original, row.original_sha256) == (genuine.original, genuine.original_sha256)
    assert (row.recipients, row.state, row.subject, row.attention, row.sent_at) == (
        genuine.recipients, genuine.state, genuine.subject, genuine.attention, genuine.sent_at,
    )  # fmt: skip


def test_a_mail_that_imitates_our_id_adds_no_recipient_where_no_copy_is_here() -> None:
    forged = copy(to=(CARLA,), **UNKNOWN_ORIGIN)

    assert only(receipt(), forged).recipients == only(receipt()).recipients


def test_a_copy_from_the_sent_folder_wins_over_one_of_unknown_origin_that_matches_better() -> None:
    ours, other = copy("Inviato.", sha256="mio"), copy("Consegnato.", sha256="altra", **UNKNOWN_ORIGIN)
    row = only(receipt(), delivery(text="Consegnato."), ours, other)

    assert original(row) == (OriginalSource.OWN, "mio", ("altra",))
    assert row.attention == (Attention.CONTENT_DIFFERS,)


def test_of_two_copies_from_the_sent_folder_the_one_that_was_delivered_is_the_original() -> None:
    first, second = copy("Prima.", sha256="0"), copy("Seconda.", sha256="1")

    assert original(only(receipt(), delivery(text="Seconda."), first, second)) == (OriginalSource.OWN, "1", ("0",))
    assert original(only(receipt(), first, second)) == (OriginalSource.OWN, "0", ("1",))


def test_each_of_two_sendings_with_one_client_id_has_the_copy_that_was_delivered() -> None:
    rows = linked(
        copy("Prima.", sha256="0"),
        copy("Seconda.", sha256="1"),
        delivery(text="Prima."),
        delivery(text="Seconda.", identifier="opec2.2@pec.gestore.example"),
    )

    assert [original(row) for row in rows] == [(OriginalSource.OWN, "0", ("1",)), (OriginalSource.OWN, "1", ("0",))]


def test_two_unsent_copies_with_one_id_are_one_row_with_a_rival() -> None:
    row = only(copy("Prima.", sha256="0"), copy("Seconda.", sha256="1"))

    assert original(row) == (OriginalSource.OWN, "0", ("1",))


# who may have sent it


def test_a_copy_whose_from_is_not_the_certified_sender_is_nobodys_original() -> None:
    rows = linked(receipt(), copy(sender=OTHER))

    assert sent(rows).original is OriginalSource.NONE
    assert {row.direction for row in rows} == {Direction.SENT, Direction.RECEIVED}


def test_a_copy_from_another_mailbox_is_not_the_original() -> None:
    rows = linked(receipt(), copy(account=OTHER), accounts=(ME, OTHER))

    assert sent(rows).original is OriginalSource.NONE


def test_only_counting_evidence_cites_an_original() -> None:
    disagreeing = delivery(piece={"counts": False, "standing": Standing.CERTIFIED_WITH_RESERVE})
    rows = linked(disagreeing, copy())

    assert sorted(row.original for row in rows) == [OriginalSource.NONE, OriginalSource.OWN]
    assert {row.state for row in rows} == {State.PENDING}


def test_mail_from_one_of_our_mailboxes_is_sent_and_from_anybody_else_received() -> None:
    assert only(copy(**UNKNOWN_ORIGIN)).direction is Direction.SENT
    assert only(copy(**UNKNOWN_ORIGIN), accounts=()).direction is Direction.RECEIVED
    assert only(copy(**UNKNOWN_ORIGIN), accounts=(OTHER,)).direction is Direction.RECEIVED
    assert only(mail()).direction is Direction.RECEIVED
    assert only(copy(sender=CARLA)).direction is Direction.RECEIVED


def test_mail_that_a_certified_receipt_cites_is_sent_although_nobody_said_whose_it_is() -> None:
    row = only(receipt(), delivery(), copy(**UNKNOWN_ORIGIN), accounts=())

    assert (row.direction, row.original) == (Direction.SENT, OriginalSource.OWN)


@pytest.mark.parametrize("kind", [kind for kind in MessageKind if kind is not MessageKind.ORDINARY])
def test_only_an_ordinary_mail_can_be_an_original(kind: MessageKind) -> None:
    assert {row.original for row in linked(receipt(), copy(kind=kind)) if row.direction is Direction.SENT} == {
        OriginalSource.NONE
    }


# compared with what was delivered


def test_what_was_delivered_otherwise_needs_a_person() -> None:
    row = only(receipt(), delivery(text="Altro."), copy())

    assert row.comparison == Comparison(Agreement.DIFFERENT, ("",), 1)
    assert row.attention == (Attention.CONTENT_DIFFERS,)
    assert row.state is State.PARTLY_DELIVERED


def test_each_delivery_is_compared_and_the_worst_is_told() -> None:
    row = only(receipt(), delivery(), delivery(BRUNO, 0.2, text="Altro."), copy())

    assert [line.comparison and line.comparison.agreement for line in row.evidence] == [
        None,
        Agreement.SAME,
        Agreement.DIFFERENT,
    ]
    assert row.comparison is not None
    assert row.comparison.agreement is Agreement.DIFFERENT


def test_a_delivery_with_nothing_inside_or_that_counts_for_nothing_is_not_compared() -> None:
    disagreeing = delivery(text="Altro.", piece={"counts": False, "standing": Standing.CERTIFIED_WITH_RESERVE})
    row = only(receipt(), delivery(BRUNO, text=None), disagreeing, copy())

    assert row.comparison is None
    assert Attention.CONTENT_DIFFERS not in row.attention


def test_a_copy_without_a_fingerprint_cannot_be_compared() -> None:
    row = only(receipt(), delivery(), copy(fingerprint=None))

    assert row.comparison == Comparison(Agreement.NOT_COMPARABLE)
    assert row.attention == ()


def test_a_brief_delivery_is_compared_too() -> None:
    brief = delivery(
        completeness=Completeness.BRIEF,
        piece={"inside": inner(fingerprint=fingerprint("Testo.", **{"atto.pdf": "x"}))},
    )
    row = only(receipt(), brief, copy(fingerprint=fingerprint("Testo.", **{"atto.pdf": "y"})))

    assert row.comparison == Comparison(Agreement.DIFFERENT, ("atto.pdf",), 2)
