"""Which row a message belongs to: keys, kinds and directions of rows, and what stands in them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pecdesk.pec.linking import Piece, tokens
from pecdesk.pec.message import MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import (
    Attention,
    Direction,
    OriginalSource,
    RecipientState,
    Role,
    State,
    Status,
    TimeSource,
    Transmission,
    TransmissionKind,
)
from tests.unit.pec.pieces import (
    ANNA,
    BLANK,
    BRUNO,
    CARLA,
    CLIENT_ID,
    IDENTIFIER,
    ME,
    OTHER,
    SUBJECT,
    after,
    certified,
    copy,
    delivery,
    envelope,
    inner,
    linked,
    mail,
    named,
    only,
    outcome_of,
    receipt,
    recipients,
    sent,
)


def shape(rows: tuple[Transmission, ...]) -> set[tuple[str, str, str | None]]:
    return {(row.kind, row.direction, row.account) for row in rows}


# the key: account, identificativo, direction


def test_all_receipts_of_one_identificativo_are_one_row() -> None:
    row = only(receipt(), delivery(ANNA), delivery(BRUNO, 0.2))

    assert (row.kind, row.direction, row.account) == (TransmissionKind.PEC, Direction.SENT, ME)
    assert (row.identifier, row.message_id, row.subject, row.sender) == (IDENTIFIER, CLIENT_ID, SUBJECT, ME)
    assert row.state is State.DELIVERED
    assert row.sealed is None
    assert [line.kind for line in row.evidence] == ["acceptance", "delivery", "delivery"]
    assert [line.recipient for line in row.evidence] == [None, ANNA, BRUNO]


def test_a_subject_alone_never_puts_two_messages_together() -> None:
    other = receipt(identifier="altro@pec.gestore.example", message_id="nota.2@studio.example")

    assert len(linked(receipt(), other)) == 2


def test_the_domain_of_an_identificativo_is_compared_without_case() -> None:
    assert only(receipt(), delivery(identifier=IDENTIFIER.replace("pec.", "PEC."))).state is State.PARTLY_DELIVERED


def test_the_same_client_id_sent_twice_is_two_rows() -> None:
    again = receipt(hours=5, identifier="opec2.2@pec.gestore.example")
    rows = linked(receipt(), delivery(), again, copy())

    assert [row.state for row in rows] == [State.PARTLY_DELIVERED, State.ACCEPTED]
    assert {row.message_id for row in rows} == {CLIENT_ID}
    assert {row.original for row in rows} == {OriginalSource.OWN}


def test_a_mail_to_oneself_is_a_sent_and_a_received_row() -> None:
    said = certified("posta-certificata", recipients=recipients(ME))
    own = envelope(certification=said, account=ME, sha256="busta")
    rows = linked(receipt(recipients=recipients(ME)), delivery(ME, text=None, recipients=recipients(ME)), own)

    assert shape(rows) == {("pec", "sent", ME), ("pec", "received", ME)}
    assert {row.identifier for row in rows} == {IDENTIFIER}
    assert sent(rows).state is State.DELIVERED
    assert "busta" not in sent(rows).messages


def test_the_same_mail_in_two_mailboxes_of_the_profile_is_a_row_in_each() -> None:
    anna = envelope(account=ME, sha256="1")
    rows = linked(anna, replace(anna, account=OTHER), accounts=(ME, OTHER))

    assert shape(rows) == {("pec", "received", ME), ("pec", "received", OTHER)}


def test_keys_say_direction_account_and_what_identifies_the_sending() -> None:
    rows = linked(receipt(), envelope(), copy(message_id="altra@x.example"), named(replace(BLANK, sha256="beef")))

    assert [row.key for row in rows] == [
        "received - beef",
        f"received {ME} {IDENTIFIER}",
        f"sent {ME} <altra@x.example>",
        f"sent {ME} {IDENTIFIER}",
    ]


# whose mailbox


def test_without_a_stated_mailbox_a_receipt_belongs_to_the_certified_sender() -> None:
    assert only(receipt(sender=ME.upper())).account == ME


def test_without_a_stated_mailbox_an_envelope_belongs_to_the_one_recipient_that_is_an_account() -> None:
    to_both = certified("posta-certificata", recipients=recipients(ME, OTHER, ANNA))

    assert only(envelope(certification=to_both), accounts=(ME, BRUNO)).account == ME
    assert only(envelope(certification=to_both), accounts=(ME, OTHER)).account is None
    assert only(envelope(certification=to_both), accounts=(BRUNO,)).account is None
    assert only(envelope(certification=to_both), accounts=()).account is None


def test_the_to_header_of_an_envelope_says_nothing_about_its_mailbox() -> None:
    assert only(envelope(to=(BRUNO,)), accounts=(BRUNO,)).account is None


def test_a_stated_mailbox_is_believed() -> None:
    assert only(envelope(account=OTHER), accounts=(ME, OTHER)).account == OTHER


# stand-ins and unmatched receipts


@pytest.mark.parametrize("accounts", [(), (ME,), (ME, OTHER)])
def test_a_receipt_without_its_sent_mail_stands_in_for_it_in_our_own_profile(accounts: tuple[str, ...]) -> None:
    row = only(receipt(), accounts=accounts)

    assert (row.kind, row.original, row.original_sha256) == (TransmissionKind.PEC, OriginalSource.NONE, None)
    assert {each.address: each.state for each in row.recipients} == {
        ANNA: RecipientState.ACCEPTED,
        BRUNO: RecipientState.ACCEPTED,
    }


def test_a_receipt_of_somebody_elses_mail_is_unmatched() -> None:
    assert only(receipt(), accounts=(OTHER,)).kind is TransmissionKind.UNMATCHED


def test_a_receipt_from_another_account_of_the_profile_is_unmatched_in_this_one() -> None:
    row = only(receipt(piece={"account": OTHER}), accounts=(ME, OTHER))

    assert (row.kind, row.account) == (TransmissionKind.UNMATCHED, OTHER)


@pytest.mark.parametrize("account", [None, ME])
def test_a_certified_receipt_of_somebody_else_that_cites_our_id_never_touches_our_row(account: str | None) -> None:
    ours = only(receipt(), copy())
    replayed = delivery(identifier="altro@pec.gestore.example", sender=OTHER, piece={"account": account})
    rows = linked(receipt(), copy(), replayed)

    assert ours in rows
    assert {row.kind for row in rows if row != ours} == {TransmissionKind.UNMATCHED}
    assert [row.original for row in rows if row != ours] == [OriginalSource.FROM_RECEIPT]


# times


def test_a_sent_row_bears_the_certified_time_of_acceptance() -> None:
    row = only(receipt(hours=1), delivery(), copy())

    assert (row.sent_at, row.sent_at_source, row.accepted_at) == (after(1), TimeSource.ACCEPTANCE, after(1))


@pytest.mark.parametrize("pieces", [(delivery(), copy()), (delivery(),), (copy(),)])
def test_without_an_acceptance_the_date_header_of_the_original_is_taken(pieces: tuple[Piece, ...]) -> None:
    row = only(*pieces)

    assert (row.sent_at, row.sent_at_source, row.accepted_at) == (after(-0.01), TimeSource.DATE_HEADER, None)


@pytest.mark.parametrize("piece", [delivery(text=None), copy(date=None)])
def test_without_either_there_is_no_time(piece: Piece) -> None:
    row = only(piece)

    assert (row.sent_at, row.sent_at_source) == (None, TimeSource.NONE)


def test_evidence_stands_in_order_of_certified_time_and_acceptance_before_delivery_in_the_same_second() -> None:
    row = only(delivery(BRUNO, 3), delivery(ANNA, 0), receipt(), receipt("preavviso-errore-consegna", 2, BRUNO))

    assert [(line.kind, line.recipient) for line in row.evidence] == [
        ("acceptance", None),
        ("delivery", ANNA),
        ("delay-notice", BRUNO),
        ("delivery", BRUNO),
    ]


# recipients


def test_roles_are_those_of_the_original() -> None:
    row = only(receipt(), copy(to=(BRUNO, "solo un nome"), cc=(ANNA.upper(), BRUNO)))

    assert {each.address: each.role for each in row.recipients} == {BRUNO: Role.TO, ANNA: Role.CC}


def test_without_an_original_roles_are_unknown_until_a_full_delivery_brings_it() -> None:
    assert {each.role for each in only(receipt()).recipients} == {None}
    assert {each.address: each.role for each in only(receipt(), delivery()).recipients} == {
        ANNA: Role.TO,
        BRUNO: Role.CC,
    }


def test_who_is_addressed_by_the_original_but_not_by_the_acceptance_is_pending() -> None:
    row = only(receipt(recipients=recipients(ANNA)), delivery(ANNA, recipients=recipients(ANNA)), copy())

    assert outcome_of(row, BRUNO).state is RecipientState.PENDING
    assert row.state is State.PARTLY_DELIVERED


def test_evidence_names_the_failure_and_its_provider() -> None:
    failed = receipt("errore-consegna", 1, ANNA, error="no-dest", extended_error="5.1.1 - x - y", issuer="Gestore Due")
    (line,) = only(failed).evidence

    assert (line.error, line.error_detail, line.issuer, line.recipient) == (
        "no-dest",
        "5.1.1 - x - y",
        "Gestore Due",
        ANNA,
    )
    assert only(receipt()).evidence[0].error is None


def test_the_one_recipient_of_a_notice_is_told_as_certified() -> None:
    alone = recipients("Anna@PEC.uno.example")

    assert only(delivery("Anna@PEC.uno.example")).evidence[0].recipient == "Anna@PEC.uno.example"
    assert only(receipt("errore-consegna", recipients=alone)).evidence[0].recipient == "Anna@PEC.uno.example"
    assert only(receipt("presa-in-carico", taken_for=("A@x.example",))).evidence[0].recipient == "A@x.example"
    assert only(receipt("presa-in-carico", taken_for=("A@x.example", BRUNO))).evidence[0].recipient is None


# lasting attention


@pytest.mark.parametrize(
    ("pieces", "attention"),
    [
        ((receipt(),), ()),
        ((receipt(), receipt("errore-consegna", 1, ANNA)), (Attention.FAILED,)),
        ((receipt(), receipt("preavviso-errore-consegna", 12, ANNA)), (Attention.DELAYED,)),
        ((receipt(recipients=recipients(ANNA, external=[CARLA])),), (Attention.NOT_PEC,)),
        ((receipt("non-accettazione"),), (Attention.REFUSED,)),
        ((receipt("non-accettazione"), receipt()), (Attention.CONTRADICTORY,)),
        ((delivery(), receipt("errore-consegna", 1, ANNA), delivery(BRUNO)), (Attention.CONTRADICTORY,)),
    ],
)
def test_what_needs_a_person_whatever_the_clock_says(
    pieces: tuple[Piece, ...], attention: tuple[Attention, ...]
) -> None:
    assert only(*pieces).attention == attention


# received rows


def test_a_received_message_is_told_from_its_certification_data() -> None:
    row = only(replace(envelope(subject="POSTA CERTIFICATA: altro", date=after(3)), sender="altri@x.example"))

    assert (row.kind, row.direction, row.state) == (TransmissionKind.PEC, Direction.RECEIVED, State.RECEIVED)
    assert (row.subject, row.sender, row.identifier, row.message_id) == (SUBJECT, OTHER, IDENTIFIER, CLIENT_ID)
    assert (row.sent_at, row.sent_at_source) == (after(0), TimeSource.ACCEPTANCE)
    assert (row.sealed, row.status) == (Standing.CERTIFIED, Status.CERTIFIED)
    assert (row.original, row.original_sha256) == (OriginalSource.OWN, row.evidence[0].sha256)
    assert row.recipients[0] == replace(row.recipients[0], address=ME, role=Role.TO, type="certified")
    assert row.evidence[0].counts
    assert row.attention == ()


def test_recipients_of_a_received_message_are_those_certified_with_the_roles_of_the_mail_inside() -> None:
    said = certified("posta-certificata", recipients=recipients(CARLA, ME, external=[CARLA]))
    row = only(envelope(certification=said, inside=inner(to=("X@y.example",), cc=(ME.upper(),)), to=(CARLA,)))

    assert [(each.address, each.role, each.type, each.state) for each in row.recipients] == [
        (CARLA, None, "external", RecipientState.PENDING),
        (ME, Role.CC, "certified", RecipientState.PENDING),
    ]


def test_copies_of_one_envelope_are_one_row_and_the_best_of_them_speaks() -> None:
    reserved = envelope(standing=Standing.CERTIFIED_WITH_RESERVE, sha256="0")
    row = only(reserved, envelope(sha256="1"), envelope(sha256="2"))

    assert (row.sealed, row.original_sha256) == (Standing.CERTIFIED, "1")
    assert [(line.sha256, line.copies) for line in row.evidence] == [("1", ("0", "2"))]


def test_an_envelope_that_counts_speaks_before_one_that_does_not() -> None:
    reserved = {"standing": Standing.CERTIFIED_WITH_RESERVE}
    disagreeing = envelope(counts=False, sha256="0", signed_sha256="0", **reserved)
    row = only(disagreeing, envelope(sha256="1", signed_sha256="1", **reserved))

    assert row.original_sha256 == "1"
    assert [(line.sha256, line.counts) for line in row.evidence] == [("0", False), ("1", True)]


def test_an_envelope_that_contradicts_its_own_content_needs_a_person() -> None:
    row = only(envelope(standing=Standing.CERTIFIED_WITH_RESERVE, counts=False))

    assert row.attention == (Attention.CONTRADICTORY,)
    assert not row.evidence[0].counts


@pytest.mark.parametrize(
    ("kind", "row_kind"),
    [
        (MessageKind.ANOMALY_ENVELOPE, "anomaly"),
        (MessageKind.ORDINARY, "ordinary"),
        (MessageKind.DELIVERY_STATUS, "ordinary"),
        (MessageKind.UNKNOWN, "ordinary"),
        (MessageKind.REM_DISPATCH, "rem"),
        (MessageKind.REM_RECEIPT, "rem"),
    ],
)
def test_what_is_no_pec_is_a_received_row_of_its_own(kind: MessageKind, row_kind: str) -> None:
    row = only(mail(kind=kind))

    assert (row.kind, row.direction, row.account, row.state) == (row_kind, "received", None, "received")
    assert (row.sealed, row.identifier, row.message_id) == (Standing.NOT_CERTIFIED, None, CLIENT_ID)
    assert (row.sent_at, row.sent_at_source) == (after(-0.01), TimeSource.DATE_HEADER)
    assert row.status is Status.ORDINARY
    assert row.attention == ()
    assert bool(row.evidence) == (row_kind in ("anomaly", "rem"))


def test_ordinary_mail_that_names_an_id_is_no_claim_about_it() -> None:
    rows = linked(receipt(), mail(named=(IDENTIFIER, CLIENT_ID)))

    assert {(row.kind, len(row.evidence)) for row in rows} == {("pec", 1), ("ordinary", 0)}


def test_ordinary_mail_shows_its_own_addressees() -> None:
    row = only(mail(to=("Zoe@x.example", "", "niente"), cc=(ME, "zoe@x.example")))

    assert [(each.address, each.role, each.type) for each in row.recipients] == [
        (ME, Role.CC, None),
        ("Zoe@x.example", Role.TO, None),
    ]


def test_mail_without_a_date_has_no_time() -> None:
    assert only(mail(date=None)).sent_at_source is TimeSource.NONE


def test_an_anomaly_envelope_is_shown_as_the_mail_it_carries() -> None:
    carried = inner(subject="Offerta", sender=CARLA, to=(ME,), cc=())
    row = only(
        mail(kind=MessageKind.ANOMALY_ENVELOPE, subject="ANOMALIA MESSAGGIO: Offerta", sender=OTHER, inside=carried)
    )

    assert (row.subject, row.sender, [each.address for each in row.recipients]) == ("Offerta", CARLA, [ME])


def test_an_anomaly_envelope_without_a_mail_in_it_is_shown_as_it_presents_itself() -> None:
    row = only(mail(kind=MessageKind.ANOMALY_ENVELOPE, subject="ANOMALIA MESSAGGIO: x", sender=OTHER))

    assert (row.subject, row.sender) == ("ANOMALIA MESSAGGIO: x", OTHER)


def test_a_rem_message_of_a_trusted_circuit_counts_and_contradicts_nothing() -> None:
    row = only(mail(kind=MessageKind.REM_DISPATCH, standing=Standing.CERTIFIED, counts=True, by_hand=True))

    assert [(line.counts, line.by_hand) for line in row.evidence] == [(True, True)]
    assert row.attention == ()


def test_mail_that_could_not_be_examined_is_kept_as_such() -> None:
    row = only(mail(kind=MessageKind.UNKNOWN, standing=Standing.UNDETERMINED, message_id=None))

    assert (row.kind, row.status, row.message_id) == (TransmissionKind.ORDINARY, Status.UNDETERMINED, None)


# tokens


def test_tokens_name_what_a_message_is_about() -> None:
    identifier, client = f"id:{IDENTIFIER}", f"id:{CLIENT_ID}"

    assert tokens(receipt()) == {identifier, client}
    assert tokens(receipt(message_id=None)) == {identifier}
    assert tokens(envelope()) == {identifier}
    assert tokens(copy()) == {client}
    assert tokens(copy(message_id=None)) == frozenset()
