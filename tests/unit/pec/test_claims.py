"""What proves nothing: shown under the row it names, or as a row of its own; never moving anything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pecdesk.pec.linking import Piece, tokens
from pecdesk.pec.message import KIND_OF_RECEIPT, MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import Attention, Direction, Status, Transmission, TransmissionKind
from tests.unit.pec.pieces import (
    ANNA,
    CLIENT_ID,
    IDENTIFIER,
    ME,
    OTHER,
    copy,
    delivery,
    envelope,
    linked,
    only,
    receipt,
    unproven,
)

GENUINE = (receipt(), delivery(), copy())
FORGED, ALTERED, UNDETERMINED = Standing.NOT_CERTIFIED, Standing.ALTERED, Standing.UNDETERMINED


def moved(row: Transmission) -> Transmission:
    """The row without what a claim may add to it."""
    return replace(row, attention=(), evidence=tuple(line for line in row.evidence if line.standing.proves))


@pytest.mark.parametrize(
    ("standing", "attention"),
    [(FORGED, (Attention.FORGED,)), (ALTERED, (Attention.ALTERED,)), (UNDETERMINED, ())],
)
@pytest.mark.parametrize("type_", list(KIND_OF_RECEIPT))
def test_an_unproven_receipt_is_shown_under_the_row_it_names_and_moves_nothing(
    type_: str, standing: Standing, attention: tuple[Attention, ...]
) -> None:
    claim = unproven(receipt(type_, 2, ANNA, taken_for=(ANNA,)), standing)
    row = only(*GENUINE, claim)

    assert moved(row) == moved(only(*GENUINE))
    assert row.attention == attention
    (line,) = (line for line in row.evidence if line.sha256 == claim.sha256)
    assert (line.counts, line.standing, line.time, line.recipient, line.kind) == (
        False, standing, None, None, KIND_OF_RECEIPT[type_],
    )  # fmt: skip
    assert line is row.evidence[-1]


def test_an_unproven_receipt_is_found_by_the_client_id_alone() -> None:
    assert only(copy(), unproven(delivery(), named=(CLIENT_ID,))).attention == (Attention.FORGED,)
    assert only(receipt(), unproven(delivery(), named=(CLIENT_ID,))).attention == (Attention.FORGED,)


def test_the_identificativo_it_names_decides_before_the_client_id() -> None:
    first = receipt()
    second = receipt(hours=1, identifier="opec2.2@pec.gestore.example")
    for named in (IDENTIFIER, "opec2.2@pec.gestore.example"):
        rows = linked(first, second, unproven(delivery(), named=(CLIENT_ID, named)))
        assert [row.identifier for row in rows if row.attention] == [named]


def test_only_a_counting_msgid_is_a_name_of_the_row() -> None:
    disagreeing = delivery(piece={"counts": False, "standing": Standing.CERTIFIED_WITH_RESERVE})
    rows = linked(disagreeing, unproven(delivery(), named=(CLIENT_ID,)))

    assert {row.kind for row in rows} == {TransmissionKind.PEC, TransmissionKind.CLAIM}


@pytest.mark.parametrize("standing", [FORGED, ALTERED, UNDETERMINED])
@pytest.mark.parametrize("named", [(), ("mai.inviata@x.example",)])
def test_a_claim_that_names_nothing_here_is_a_received_row_of_its_own(
    standing: Standing, named: tuple[str, ...]
) -> None:
    claim = unproven(delivery(), standing, named=named, subject="CONSEGNA: x", sender="posta-certificata@y.example")
    row = next(row for row in linked(*GENUINE, claim) if row.kind is TransmissionKind.CLAIM)

    assert (row.direction, row.state, row.account, row.sealed) == (Direction.RECEIVED, "received", None, standing)
    assert (row.identifier, row.subject, row.sender) == (None, "CONSEGNA: x", "posta-certificata@y.example")
    assert [(line.sha256, line.counts) for line in row.evidence] == [(claim.sha256, False)]
    assert row.status == {FORGED: Status.FORGED, ALTERED: Status.ALTERED, UNDETERMINED: Status.UNDETERMINED}[standing]


def test_two_claims_that_name_the_same_are_two_rows() -> None:
    claims = [unproven(delivery(), sha256=name, named=("mai@x.example",)) for name in ("1", "2")]

    assert [row.kind for row in linked(*claims)] == [TransmissionKind.CLAIM] * 2


def test_a_claim_in_one_mailbox_is_not_shown_under_the_row_of_another() -> None:
    rows = linked(*GENUINE, unproven(delivery(), account=OTHER), accounts=(ME, OTHER))

    assert {(row.kind, row.account) for row in rows} == {("pec", ME), ("claim", OTHER)}
    assert linked(*GENUINE, unproven(delivery(), account=ME))[0].attention == (Attention.FORGED,)


# envelopes


@pytest.mark.parametrize(("standing", "attention"), [(FORGED, Attention.FORGED), (ALTERED, Attention.ALTERED)])
def test_an_unproven_copy_of_an_envelope_is_shown_under_the_genuine_one(
    standing: Standing, attention: Attention
) -> None:
    row = only(envelope(), unproven(envelope(), standing))

    assert moved(row) == moved(only(envelope()))
    assert (row.attention, row.sealed, row.status) == ((attention,), Standing.CERTIFIED, Status.CERTIFIED)


@pytest.mark.parametrize(("standing", "status"), [(FORGED, Status.FORGED), (ALTERED, Status.ALTERED)])
def test_an_unproven_envelope_alone_is_a_claim(standing: Standing, status: Status) -> None:
    row = only(unproven(envelope(), standing))

    assert (row.kind, row.direction, row.status) == (TransmissionKind.CLAIM, Direction.RECEIVED, status)
    assert row.attention == (Attention(standing) if standing is ALTERED else Attention.FORGED,)


def test_an_unproven_envelope_is_never_filed_under_what_we_sent() -> None:
    rows = linked(receipt(), copy(), unproven(envelope()))

    assert {(row.kind, row.direction) for row in rows} == {("pec", "sent"), ("claim", "received")}


# duplicates


def test_the_same_receipt_fetched_twice_is_one_line_with_a_copy() -> None:
    second = replace(delivery(), sha256="f" * 64)
    row = only(receipt(), delivery(), second)

    assert [(line.kind, line.copies) for line in row.evidence] == [("acceptance", ()), ("delivery", ("f" * 64,))]
    assert row.recipients == only(receipt(), delivery()).recipients
    assert set(row.messages) == {receipt().sha256, delivery().sha256, "f" * 64}


def test_a_copy_with_changed_headers_is_the_same_receipt_and_the_certified_one_speaks() -> None:
    reserved = replace(delivery(), sha256="0", standing=Standing.CERTIFIED_WITH_RESERVE)
    row = only(receipt(), reserved, delivery())

    assert [(line.standing, line.copies) for line in row.evidence[1:]] == [(Standing.CERTIFIED, ("0",))]
    assert row.attention == ()


def test_a_copy_under_trust_added_by_hand_does_not_speak_for_one_under_the_shipped_trust() -> None:
    by_hand = replace(delivery(), sha256="0", by_hand=True)
    row = only(receipt(), by_hand, delivery())

    assert [(line.by_hand, line.copies) for line in row.evidence[1:]] == [(False, ("0",))]


def test_a_receipt_and_its_altered_copy_are_two_lines() -> None:
    same_words = unproven(delivery(), FORGED, signed_sha256=delivery().signed_sha256)
    row = only(receipt(), delivery(), same_words, unproven(delivery(), ALTERED))

    assert [(line.standing, line.copies) for line in row.evidence[1:]] == [
        (Standing.CERTIFIED, ()),
        *sorted([(FORGED, ()), (ALTERED, ())], key=lambda pair: unproven(delivery(), pair[0]).sha256),
    ]
    assert row.attention == (Attention.ALTERED, Attention.FORGED)


def test_two_receipts_of_one_kind_for_one_recipient_are_two_lines_and_one_fact() -> None:
    row = only(receipt(), delivery(), delivery(hours=0.5))

    assert [line.kind for line in row.evidence] == ["acceptance", "delivery", "delivery"]
    assert [each.since for each in row.recipients if each.address == ANNA] == [delivery().certification.time]  # type: ignore[union-attr]


def test_equal_pieces_count_once() -> None:
    assert linked(*GENUINE, *GENUINE) == linked(*GENUINE)


# evidence that disagrees with its own content


def test_evidence_that_disagrees_with_the_mail_inside_it_counts_for_nothing() -> None:
    disagreeing = delivery(piece={"counts": False, "standing": Standing.CERTIFIED_WITH_RESERVE})
    row = only(receipt(), disagreeing)

    assert moved(replace(row, evidence=())) == moved(replace(only(receipt()), evidence=()))
    assert row.attention == (Attention.CONTRADICTORY,)
    assert [line.counts for line in row.evidence] == [True, False]


def test_disagreeing_evidence_alone_makes_a_row_in_which_nothing_happened() -> None:
    row = only(delivery(piece={"counts": False, "standing": Standing.CERTIFIED_WITH_RESERVE}))

    assert (row.state, row.attention, row.original) == ("pending", (Attention.CONTRADICTORY,), "none")
    assert {(each.state, each.evidence) for each in row.recipients} == {("pending", ())}
    assert len(row.recipients) == 2


def test_facts_of_counting_evidence_speak_before_those_of_disagreeing_evidence() -> None:
    disagreeing = receipt(piece={"counts": False, "standing": Standing.CERTIFIED_WITH_RESERVE}, subject="Altro")

    assert only(disagreeing, delivery(subject="Vero")).subject == "Vero"
    assert only(delivery(subject="Consegnato"), receipt(subject="Accettato")).subject == "Accettato"


# tokens and what is no claim


def test_tokens_of_a_claim_are_the_ids_it_names() -> None:
    assert tokens(unproven(delivery())) == {f"id:{IDENTIFIER}", f"id:{CLIENT_ID}"}
    assert tokens(unproven(delivery(), named=())) == frozenset()


@pytest.mark.parametrize("kind", [MessageKind.ANOMALY_ENVELOPE, MessageKind.ORDINARY, MessageKind.REM_RECEIPT])
def test_what_claims_no_certification_is_never_called_forged(kind: MessageKind) -> None:
    row = only(copy(kind=kind, sender=OTHER))

    assert (row.attention, row.status) == ((), Status.ORDINARY)


def test_an_altered_anomaly_envelope_is_called_altered() -> None:
    row = only(copy(kind=MessageKind.ANOMALY_ENVELOPE, sender=OTHER, standing=ALTERED))

    assert (row.attention, row.status) == ((Attention.ALTERED,), Status.ALTERED)


def test_a_proven_receipt_is_no_claim_and_an_unproven_one_no_proof() -> None:
    claim: Piece = unproven(delivery())

    assert (delivery().is_proof, delivery().is_sealed, delivery().is_claim) == (True, False, False)
    assert (envelope().is_proof, envelope().is_sealed, envelope().is_claim) == (False, True, False)
    assert (claim.is_proof, claim.is_sealed, claim.is_claim) == (False, False, True)
    assert (copy().is_proof, copy().is_sealed, copy().is_claim) == (False, False, False)
