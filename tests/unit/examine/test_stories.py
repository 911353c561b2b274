"""Real signed messages from bytes to rows: what became of a message, in whatever order its evidence arrives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.demo.builders import Statement, with_header
from pecdesk.demo.draft import Attachment, Completeness, Draft, Recipient, original
from pecdesk.demo.forgery import unsigned
from pecdesk.demo.provider import Sending
from pecdesk.examine import examine
from pecdesk.pec.comparison import Agreement
from pecdesk.pec.deadlines import attention
from pecdesk.pec.linking import Piece, link
from pecdesk.pec.transmission import Attention, Direction, OriginalSource, Role, Transmission
from pecdesk.store.pieces import piece_of
from tests.kit.messages import (
    EXTERNAL,
    FILES,
    NOW,
    RECIPIENT,
    SECOND,
    SENDER,
    SERVICE,
    anchors,
    draft,
    provider,
    quoting_unknown_id,
    replayed,
    sending,
    signed_by_foreign,
)

DRAFT = draft(recipients=(RECIPIENT, Recipient(SECOND, copy=True), EXTERNAL), attachments=FILES)
TAKEN = sending(DRAFT)
UNO, DUE, TRE = provider("uno"), provider("due"), provider("tre")


def after(hours: float) -> datetime:
    return TAKEN.accepted_at + timedelta(hours=hours)


@cache
def piece(raw: bytes, account: str | None = None) -> Piece:
    """A message as linking sees it; with an account, as from a mailbox that was stated."""
    return piece_of(examine(raw, anchors(), now=NOW), account, in_sent_folder=account is not None)


def rows(*messages: bytes | Statement, accounts: Sequence[str] = (SENDER,)) -> tuple[Transmission, ...]:
    raws = [message if isinstance(message, bytes) else message.sealed() for message in messages]
    return link([piece(raw) for raw in raws], frozenset(accounts))


def only(*messages: bytes | Statement, accounts: Sequence[str] = (SENDER,)) -> Transmission:
    (row,) = rows(*messages, accounts=accounts)
    return row


def fates(row: Transmission) -> dict[str, str]:
    return {each.address: str(each.state) for each in row.recipients}


ACCEPTANCE = UNO.acceptance(TAKEN)
DELIVERY = TRE.delivery(TAKEN, RECIPIENT, after(0.02))
COPY = original(DRAFT)
WARNING = UNO.delay_notice(TAKEN, RECIPIENT, after(12))
FINAL = UNO.delay_notice(TAKEN, RECIPIENT, after(23), final=True)
FAILURE = TRE.non_delivery(TAKEN, RECIPIENT, after(0.03))


def test_three_recipients_have_three_fates() -> None:
    row = only(COPY, ACCEPTANCE, DELIVERY, DUE.non_delivery(TAKEN, SECOND, after(0.1)))

    assert fates(row) == {RECIPIENT: "delivered", SECOND: "failed", EXTERNAL.address: "not-pec"}
    assert {each.address: each.role for each in row.recipients} == {
        RECIPIENT: Role.TO, SECOND: Role.CC, EXTERNAL.address: Role.TO,
    }  # fmt: skip
    assert (row.kind, row.state, row.original, row.subject) == (
        "pec",
        "partly-delivered",
        OriginalSource.OWN,
        DRAFT.subject,
    )
    assert row.attention == (Attention.FAILED, Attention.NOT_PEC)
    assert row.comparison is not None
    assert row.comparison.agreement is Agreement.SAME


@pytest.mark.parametrize(
    ("evidence", "state"),
    [
        ([], "accepted"),
        ([TRE.taken_in_charge(TAKEN, [RECIPIENT], after(0.01), SERVICE)], "taken-in-charge"),
        ([WARNING], "delayed"),
        ([WARNING, FINAL], "failed"),
        ([UNO.delay_notice(TAKEN, RECIPIENT, after(22))], "failed"),
        ([UNO.delay_notice(TAKEN, RECIPIENT, after(21.99))], "delayed"),
        ([FAILURE], "failed"),
        ([UNO.virus_non_delivery(TAKEN, RECIPIENT, after(0.1))], "failed"),
        ([TRE.virus_detected(TAKEN, RECIPIENT, after(0.1), SERVICE)], "failed"),
        ([DELIVERY], "delivered"),
        ([WARNING, TRE.delivery(TAKEN, RECIPIENT, after(13))], "delivered"),
        ([WARNING, FINAL, TRE.delivery(TAKEN, RECIPIENT, after(25))], "delivered"),
        ([FAILURE, DELIVERY], "contradictory"),
        ([UNO.non_acceptance(TAKEN, "virus", virus=True)], "contradictory"),
    ],
)  # fmt: skip
def test_the_fate_of_one_recipient(evidence: list[Statement], state: str) -> None:
    row = only(ACCEPTANCE, *evidence)

    assert fates(row)[RECIPIENT] == state
    assert len(row.evidence) == 1 + len(evidence)
    assert all(line.counts for line in row.evidence)


def test_a_refused_message_is_refused_for_all() -> None:
    row = only(COPY, UNO.non_acceptance(TAKEN, "formato errato"))

    assert (row.state, set(fates(row).values()), row.attention) == ("refused", {"refused"}, (Attention.REFUSED,))


def test_a_mail_to_oneself_is_two_rows() -> None:
    taken = sending(draft("A me stesso", recipients=(SENDER,)))
    messages = (UNO.acceptance(taken), UNO.delivery(taken, SENDER, after(0.01)), UNO.envelope(taken, SENDER))
    received, sent = rows(original(draft("A me stesso", recipients=(SENDER,))), *messages)

    assert (received.direction, sent.direction) == (Direction.RECEIVED, Direction.SENT)
    assert received.identifier == sent.identifier == taken.identifier
    assert (received.state, sent.state) == ("received", "delivered")
    assert received.account == sent.account == SENDER


def test_what_was_delivered_otherwise_is_seen_in_full_and_in_brief() -> None:
    other = replace(DRAFT, attachments=(Attachment("atto.pdf", b"altro", "application/pdf"), *FILES[1:]))
    for holds in (Completeness.FULL, Completeness.BRIEF):
        receipt = TRE.delivery(sending(other), RECIPIENT, after(0.02), holds)
        (row,) = link([piece(COPY, SENDER), piece(ACCEPTANCE.sealed()), piece(receipt.sealed())], frozenset({SENDER}))
        assert Attention.CONTENT_DIFFERS in row.attention
        assert row.comparison is not None
        assert row.comparison.different == ("atto.pdf",)


def test_receipts_of_others_and_of_messages_never_sent_touch_nothing() -> None:
    before = only(COPY, ACCEPTANCE)
    after_all = rows(COPY, ACCEPTANCE, replayed(), quoting_unknown_id())

    assert before in after_all
    assert sorted(row.kind for row in after_all) == ["pec", "pec", "unmatched"]
    assert [row.original for row in after_all if row.kind == "pec" and row != before] == [OriginalSource.FROM_RECEIPT]


def test_an_envelope_belongs_to_the_account_it_is_addressed_to() -> None:
    envelope = UNO.envelope(TAKEN, RECIPIENT)

    assert only(envelope, accounts=(RECIPIENT,)).account == RECIPIENT
    assert only(envelope, accounts=(RECIPIENT, SECOND)).account is None
    assert only(envelope, accounts=(RECIPIENT,)).sealed == "certified"


# forged, altered, foreign


def altered(statement: Statement) -> bytes:
    raw = statement.sealed()
    assert b"sistema" in raw or b"casella" in raw
    return raw.replace(b"sistema", b"sistena").replace(b"casella", b"casetta")


PROVING_NOTHING = {
    "unsigned": unsigned(FAILURE),
    "unsigned refusal": unsigned(UNO.non_acceptance(TAKEN, "x")),
    "unsigned delivery to nobody": unsigned(TRE.delivery(TAKEN, EXTERNAL.address, after(1))),
    "foreign": signed_by_foreign(FAILURE),
    "foreign notice": signed_by_foreign(FINAL),
    "altered": altered(TRE.delivery(TAKEN, SECOND, after(1))),
    "altered acceptance": altered(ACCEPTANCE),
    "truncated": FAILURE.sealed()[:-200],
}


@pytest.mark.parametrize("name", PROVING_NOTHING)
def test_what_proves_nothing_moves_nothing_and_is_seen_under_the_row_it_names(name: str) -> None:
    before = only(COPY, ACCEPTANCE, DELIVERY)
    row = only(COPY, ACCEPTANCE, DELIVERY, PROVING_NOTHING[name])

    assert (row.state, row.recipients, row.sent_at, row.original_sha256) == (
        before.state, before.recipients, before.sent_at, before.original_sha256,
    )  # fmt: skip
    (line,) = (line for line in row.evidence if line not in before.evidence)
    assert (line.counts, line.time) == (False, None)
    expected = {"altered": {Attention.ALTERED}, "undetermined": set(), "not-certified": {Attention.FORGED}}
    assert set(row.attention) - set(before.attention) == expected[line.standing]


@pytest.mark.parametrize("name", PROVING_NOTHING)
def test_what_proves_nothing_alone_is_a_claim(name: str) -> None:
    row = only(PROVING_NOTHING[name])

    assert (row.kind, row.direction, row.state, row.identifier) == ("claim", "received", "received", None)


# any order

EVERYTHING: tuple[bytes, ...] = (
    COPY,
    *(
        statement.sealed()
        for statement in (
            ACCEPTANCE, DELIVERY, WARNING, FINAL, FAILURE, with_header(DELIVERY, "Delivered-To", "altrove"),
            with_header(DELIVERY, "Subject", "CONSEGNA: altro"), DUE.delivery(TAKEN, SECOND, after(1)),
            UNO.envelope(TAKEN, RECIPIENT), UNO.acceptance(sending(draft("Altra"))),
        )
    ),
    *PROVING_NOTHING.values(),
    original(replace(DRAFT, text="Altra versione.")),
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from(EVERYTHING), max_size=12).flatmap(
        lambda one: st.tuples(st.just(one), st.permutations(one))
    ),
    st.sampled_from([(), (SENDER,), (SENDER, RECIPIENT)]),
)
def test_the_order_in_which_messages_arrive_changes_no_row(
    pair: tuple[list[bytes], list[bytes]], accounts: Sequence[str]
) -> None:
    first, second = pair

    assert rows(*first, accounts=accounts) == rows(*second, *first, accounts=accounts)


def test_a_receipt_fetched_again_is_counted_as_a_copy() -> None:
    elsewhere = with_header(DELIVERY, "Delivered-To", "altrove")
    row = only(ACCEPTANCE, DELIVERY, elsewhere, DELIVERY.sealed().replace(b"\r\n", b"\n"))

    assert [len(line.copies) for line in row.evidence] == [0, 2]
    assert [each.evidence for each in row.recipients if each.address == RECIPIENT] == [
        tuple(line.sha256 for line in row.evidence)
    ]


def test_the_clock_only_adds_attention() -> None:
    row = only(COPY, ACCEPTANCE, DELIVERY)

    assert attention(row, after(0)) == (Attention.NOT_PEC,)
    assert attention(row, after(12)) == (Attention.NOT_PEC, Attention.WAITING)
    assert only(COPY, ACCEPTANCE, DELIVERY) == row


def test_the_same_draft_sent_twice_is_two_rows() -> None:
    again: Sending = UNO.take(DRAFT, TAKEN.accepted_at + timedelta(hours=1))
    found = rows(COPY, ACCEPTANCE, UNO.acceptance(again), DELIVERY)

    assert [row.state for row in sorted(found, key=lambda row: row.sent_at or NOW)] == ["partly-delivered", "accepted"]
    assert {row.message_id for row in found} == {DRAFT.message_id.strip("<>")}
    assert {row.original for row in found} == {OriginalSource.OWN, OriginalSource.NONE}


def test_a_message_of_a_program_that_sets_no_id_is_found_by_its_identificativo_alone() -> None:
    nameless: Draft = draft("Senza id", message_id="")
    taken = sending(nameless)
    row = only(UNO.acceptance(taken), TRE.delivery(taken, RECIPIENT, after(1)))

    assert (row.state, row.message_id, row.identifier) == ("delivered", None, taken.identifier)
    assert row.original is OriginalSource.FROM_RECEIPT
