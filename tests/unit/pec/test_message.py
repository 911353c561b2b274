"""Ids and addresses as they are compared, and what the headers of a message claim."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.mime import Address, parse
from pecdesk.pec.message import (
    KIND_OF_RECEIPT,
    KIND_OF_TRANSPORT,
    KIND_OF_TYPE,
    RECEIPTS,
    MessageKind,
    normal_address,
    normal_id,
    summary_of,
)


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("<Nota.1@Studio.Example>", "Nota.1@studio.example"),
        ("  <nota.1@studio.example>  ", "nota.1@studio.example"),
        ("< nota.1@studio.example >", "nota.1@studio.example"),
        ("nota.1@studio.example", "nota.1@studio.example"),
        ("<<nota@x.example>>", "<nota@x.example>"),
        ("A1B2C3D4.posta-certificata@LEGALMAIL.IT", "A1B2C3D4.posta-certificata@legalmail.it"),
        ("due@chiocciole@X.example", "due@chiocciole@x.example"),
        ("SenzaDominio", "SenzaDominio"),
        ("<>", None),
        ("", None),
        (None, None),
    ],
)
def test_an_id_is_compared_without_brackets_its_domain_without_case(written: str | None, compared: str | None) -> None:
    assert normal_id(written) == compared


def test_the_local_part_of_an_id_keeps_its_case() -> None:
    assert normal_id("<NOTA@x.example>") != normal_id("<nota@x.example>")


@pytest.mark.parametrize("written", ["Anna@PEC.uno.example", " anna@pec.uno.example ", "anna@pec. uno.example"])
def test_an_address_is_compared_without_case_and_blanks(written: str) -> None:
    assert normal_address(written) == "anna@pec.uno.example"


@settings(deadline=None)
@given(st.text())
def test_a_comparable_address_stays_what_it_is(written: str) -> None:
    assert normal_address(normal_address(written)) == normal_address(written)


def test_every_receipt_has_a_header_value_of_its_own() -> None:
    assert set(KIND_OF_RECEIPT.values()) == RECEIPTS
    assert len(KIND_OF_RECEIPT) == len(RECEIPTS) == 7


def test_daticert_names_the_receipts_and_the_envelope_and_no_anomaly() -> None:
    assert set(KIND_OF_TYPE.values()) == RECEIPTS | {MessageKind.TRANSPORT_ENVELOPE}
    assert set(KIND_OF_TRANSPORT.values()) == {MessageKind.TRANSPORT_ENVELOPE, MessageKind.ANOMALY_ENVELOPE}


def test_kinds_know_what_they_are() -> None:
    assert {kind for kind in MessageKind if kind.is_receipt} == RECEIPTS
    assert {kind for kind in MessageKind if kind.is_rem} == {MessageKind.REM_DISPATCH, MessageKind.REM_RECEIPT}


def test_a_summary_holds_what_the_headers_claim() -> None:
    raw = (
        b"From: =?utf-8?q?Perch=C3=A9?= <a@x.example>\r\nTo: b@y.example, c@y.example\r\nTo: d@y.example\r\n"
        b"Cc: e@y.example\r\nDate: Mon, 2 Mar 2026 09:00:00 +0100 (CET)\r\nSubject: =?utf-8?q?=C3=88_vero?=\r\n"
        b"Message-ID:\r\n <uno@x.example>\r\nX-Riferimento-Message-ID: <due@x.example>\r\n"
        b"In-Reply-To: <tre@x.example>\r\nReferences: <tre@x.example> <quattro@x.example>\r\n\r\n"
    )
    found = summary_of(parse(raw))

    assert found.subject == "È vero"
    assert found.sender == (Address("a@x.example", "Perché"),)
    assert found.sender_address == "a@x.example"
    assert [address.address for address in found.to] == ["b@y.example", "c@y.example", "d@y.example"]
    assert [address.address for address in found.cc] == ["e@y.example"]
    assert found.date == datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    assert (found.message_id, found.reference, found.in_reply_to) == ("uno@x.example", "due@x.example", "tre@x.example")
    assert found.references == ("tre@x.example", "quattro@x.example")


def test_a_message_without_headers_has_an_empty_summary() -> None:
    found = summary_of(parse(b""))

    assert (found.subject, found.sender, found.to, found.cc, found.references) == ("", (), (), (), ())
    assert (found.date, found.message_id, found.reference, found.in_reply_to) == (None, None, None, None)
    assert found.sender_address == ""


@pytest.mark.parametrize(
    ("second", "found"),
    [
        (b"Subject: uno", ()),
        (b"SUBJECT:\r\n  =?utf-8?q?UNO?=", ()),
        (b"Subject: due", ("subject",)),
        (b"Date: Tue, 3 Mar 2026 09:00:00 +0100", ("date",)),
        (b"X-Ricevuta: accettazione\r\nX-Ricevuta: avvenuta-consegna", ("x-ricevuta",)),
        (b"To: altri@y.example", ()),
    ],
)
def test_a_summary_names_the_headers_of_which_only_one_can_be_read(second: bytes, found: tuple[str, ...]) -> None:
    raw = b"Subject: uno\r\nDate: Mon, 2 Mar 2026 09:00:00 +0100\r\nTo: a@y.example\r\n" + second + b"\r\n\r\n"

    assert summary_of(parse(raw)).repeated == found
