"""Date, To, Cc, Reply-To and the provider's name against daticert: a contradiction is a reserve, a difference none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from pecdesk.mime import Address
from pecdesk.pec.binding import Binding
from pecdesk.pec.daticert import CertificationData
from pecdesk.pec.message import Summary
from pecdesk.trust import CheckName, CheckStatus, Reason
from tests.unit.pec.pieces import ANNA, BRUNO, ME, OTHER, START, certified
from tests.unit.pec.test_binding import (
    DATA,
    ENVELOPE,
    ENVELOPE_OUTER,
    INNER,
    OUTER,
    PROVIDER,
    SIGNER,
    agrees,
    bound,
    claimed,
    contradicts,
    envelope,
    misses,
)

STRANGER = "estraneo@altrove.example"


def people(*addresses: str) -> tuple[Address, ...]:
    return tuple(Address(address) for address in addresses)


def only_differs(found: Binding, name: CheckName, reason: Reason) -> None:
    """It is told as a line of its own, and is neither a reserve nor a missing header."""
    odd = [(check.name, check.reason) for check in found.checks if check.status is not CheckStatus.PASSED]
    assert odd == [(name, reason)]
    assert not found.contradicted
    assert not found.header_missing


# Date


@pytest.mark.parametrize("hours", [-3, -1, 0, 2, 3])
def test_a_date_that_lost_its_zone_still_agrees(hours: int) -> None:
    agrees(bound(outer=replace(OUTER, date=START + timedelta(hours=hours))))
    agrees(envelope(replace(ENVELOPE_OUTER, date=START + timedelta(hours=hours))))


@pytest.mark.parametrize("seconds", [-10_801, 10_801, 86_400 * 365, -86_400 * 20_000])
def test_a_date_hours_from_the_certified_time_is_a_reserve(seconds: int) -> None:
    late = replace(OUTER, date=START + timedelta(seconds=seconds))

    contradicts(bound(outer=late), CheckName.DATE_HEADER, Reason.DATE_MISMATCH)


def test_without_a_date_something_is_missing() -> None:
    misses(bound(outer=replace(OUTER, date=None)), CheckName.DATE_HEADER)


def test_the_date_of_the_mail_inside_is_its_authors_own() -> None:
    agrees(bound(inner=replace(INNER, date=START - timedelta(days=400))))


# To and Cc of a receipt


@pytest.mark.parametrize("to", [people(ME), people(ME.upper()), people(ME, ME), (Address(ME, "Studio"),)])
def test_a_receipt_goes_to_the_certified_sender(to: tuple[Address, ...]) -> None:
    agrees(bound(outer=replace(OUTER, to=to)))


@pytest.mark.parametrize(
    ("to", "cc"),
    [(people(STRANGER), ()), (people(ME, STRANGER), ()), (people(ME), people(STRANGER)), ((), people(ANNA))],
)
def test_a_receipt_to_somebody_else_is_a_reserve(to: tuple[Address, ...], cc: tuple[Address, ...]) -> None:
    found = bound(outer=replace(OUTER, to=to, cc=cc))

    contradicts(found, CheckName.RECIPIENTS_HEADER, Reason.RECIPIENT_MISMATCH)


@pytest.mark.parametrize("reply_to", [OTHER, f"Studio <{OTHER}>", f'"Studio" <{ME}>, {OTHER.upper()}'])
def test_a_receipt_may_go_where_the_sender_wants_its_answers(reply_to: str) -> None:
    agrees(bound(replace(DATA, reply_to=reply_to), replace(OUTER, to=people(OTHER))))


@pytest.mark.parametrize("type_", ["presa-in-carico", "rilevazione-virus"])
def test_what_goes_between_providers_is_addressed_to_neither_party(type_: str) -> None:
    data = certified(type_, to=ANNA)
    found = bound(data, replace(OUTER, to=people("servizio@pec.gestore.example")), claimed(type_))

    assert Reason.RECIPIENT_MISMATCH not in {check.reason for check in found.checks}


@pytest.mark.parametrize("to", [(), (Address("", "undisclosed recipients"),)])
def test_without_a_recipient_in_the_headers_something_is_missing(to: tuple[Address, ...]) -> None:
    misses(bound(outer=replace(OUTER, to=to)), CheckName.RECIPIENTS_HEADER)
    misses(envelope(replace(ENVELOPE_OUTER, to=to, cc=())), CheckName.RECIPIENTS_HEADER)


# To and Cc of an envelope


@pytest.mark.parametrize(
    ("to", "cc"),
    [(INNER.to, INNER.cc), (people(BRUNO), people(ANNA)), ((*INNER.cc, *INNER.to), ()), (INNER.to, INNER.cc * 2)],
)
def test_an_envelope_has_the_recipients_of_the_mail_inside(to: tuple[Address, ...], cc: tuple[Address, ...]) -> None:
    agrees(envelope(replace(ENVELOPE_OUTER, to=to, cc=cc)))


@pytest.mark.parametrize("to", [people(ANNA, BRUNO, STRANGER), people(STRANGER), people(ANNA)])
def test_an_envelope_with_other_recipients_than_inside_is_a_reserve(to: tuple[Address, ...]) -> None:
    found = envelope(replace(ENVELOPE_OUTER, to=to, cc=()))

    contradicts(found, CheckName.RECIPIENTS_HEADER, Reason.RECIPIENT_MISMATCH)


def test_somebody_written_to_whom_the_provider_did_not_serve_is_no_contradiction() -> None:
    """A mail to many may be handed over in several sendings, each certified for its own."""
    more = people(ANNA, STRANGER)

    agrees(envelope(replace(ENVELOPE_OUTER, to=more), inner=replace(INNER, to=more)))


@pytest.mark.parametrize(
    "odd", [people("dp.x@", ANNA), (Address("", "Bruno e altri"), Address(ANNA)), people(ANNA, "tizio@società.example")]
)
def test_recipients_that_cannot_be_read_contradict_nothing(odd: tuple[Address, ...]) -> None:
    agrees(envelope(replace(ENVELOPE_OUTER, to=odd, cc=()), inner=replace(INNER, to=odd, cc=())))
    readable = replace(ENVELOPE_OUTER, to=odd, cc=())
    assert not envelope(readable, inner=None).contradicted


def test_an_envelope_without_the_mail_inside_must_name_the_certified_recipients() -> None:
    agrees(envelope(inner=None))
    agrees(envelope(replace(ENVELOPE_OUTER, to=people(ANNA, BRUNO, OTHER)), inner=None))
    lacking = envelope(replace(ENVELOPE_OUTER, cc=()), inner=None)

    contradicts(lacking, CheckName.RECIPIENTS_HEADER, Reason.RECIPIENT_MISMATCH)


def test_a_list_of_which_not_all_was_read_lacks_nobody() -> None:
    many = people(*(f"n{number}@pec.example" for number in range(1000)))
    found = envelope(replace(ENVELOPE_OUTER, to=many, cc=()), inner=None)

    agrees(found)


# Reply-To


@pytest.mark.parametrize("reply_to", [people(ME), (), people(ME.upper()), (Address("", "Studio"),), people(PROVIDER)])
def test_answers_to_an_envelope_go_to_the_certified_sender(reply_to: tuple[Address, ...]) -> None:
    agrees(envelope(replace(ENVELOPE_OUTER, reply_to=reply_to)))


def test_answers_may_go_where_the_sender_asked_for_them() -> None:
    elsewhere = replace(ENVELOPE_OUTER, reply_to=people(OTHER))

    agrees(envelope(elsewhere, replace(ENVELOPE, reply_to=OTHER)))
    agrees(envelope(elsewhere, inner=replace(INNER, reply_to=people(OTHER))))


@pytest.mark.parametrize("reply_to", [people(STRANGER), people(ME, STRANGER)])
def test_answers_that_would_go_to_a_stranger_are_a_reserve(reply_to: tuple[Address, ...]) -> None:
    outer = replace(ENVELOPE_OUTER, reply_to=reply_to)

    contradicts(envelope(outer), CheckName.REPLY_HEADER, Reason.REPLY_MISMATCH)
    contradicts(envelope(outer, inner=None), CheckName.REPLY_HEADER, Reason.REPLY_MISMATCH)


def test_a_receipt_is_not_answered() -> None:
    agrees(bound(outer=replace(OUTER, reply_to=people(STRANGER))))


# recipients against each other


@pytest.mark.parametrize(
    "data",
    [
        replace(DATA, delivered_to=STRANGER),
        replace(DATA, delivered_to=None, taken_for=(ANNA, STRANGER)),
    ],
)
def test_a_notice_about_somebody_who_was_never_addressed_is_told(data: CertificationData) -> None:
    only_differs(bound(data), CheckName.RECIPIENTS, Reason.RECIPIENT_MISMATCH)


@pytest.mark.parametrize("inner", [replace(INNER, cc=()), replace(INNER, to=people(STRANGER), cc=())])
def test_a_recipient_who_is_not_addressed_inside_is_told(inner: Summary) -> None:
    only_differs(bound(inner=inner), CheckName.RECIPIENTS, Reason.RECIPIENT_MISMATCH)


@pytest.mark.parametrize(
    "inner", [replace(INNER, to=(), cc=()), replace(INNER, to=(Address("", "x"), *INNER.to), cc=())]
)
def test_a_mail_inside_whose_recipients_cannot_be_read_says_nothing_of_them(inner: Summary) -> None:
    agrees(bound(inner=inner))


# the provider's name


def named(issuer: str, subject: str) -> Binding:
    return bound(replace(DATA, issuer=issuer), signer=replace(SIGNER, subject=subject))


@pytest.mark.parametrize(
    ("issuer", "subject"),
    [
        ("ARUBA PEC S.p.A.", "CN=Posta Certificata ARUBA PEC,O=Aruba PEC S.p.A.,L=Ponte San Pietro,C=IT"),
        ("ARUBA PEC S.p.A.", "CN=Aruba PEC S.p.A.,C=IT"),
        ("Sogei SpA", "CN=Posta Certificata Sogei,O=Sogei S.p.A.,L=Roma,C=IT"),
        ("POSTECOM S.P.A. - GRUPPO POSTE ITALIANE", "CN=PEC,O=Poste Italiane S.p.A.,C=IT"),
        ("InfoCert S.p.A.", "O=Info Cert,C=IT"),
        ("In.Te.S.A. S.p.A.", "O=INTESA SPA,C=IT"),
        ("Universita' di Napoli", "O=Università di Napoli,C=IT"),
        ("Gestore", "O=Altri,C=IT"),
        ("Rossi, Bianchi e figli", "CN=x+O=Rossi\\, Bianchi,C=IT"),
        ("PEC S.p.A.", "O=Altri S.r.l.,C=IT"),
    ],
)
def test_a_provider_may_write_its_name_in_many_ways(issuer: str, subject: str) -> None:
    agrees(named(issuer, subject))


@pytest.mark.parametrize(
    ("issuer", "subject"),
    [
        ("Gestore Uno S.p.A.", "CN=Posta Certificata,O=Altri S.p.A.,C=IT"),
        ("Gestore Uno S.p.A.", "L=Uno,C=IT"),
        ("Regione Marche", "O=Regione Basilicata,C=IT"),
    ],
)
def test_a_provider_of_another_name_is_told_and_decides_nothing(issuer: str, subject: str) -> None:
    only_differs(named(issuer, subject), CheckName.PROVIDER_NAME, Reason.PROVIDER_MISMATCH)


def test_a_name_of_any_length_is_read_in_no_time() -> None:
    agrees(named("a\u0345" * 500_000, "O=" + "a\u0345" * 500_000))


def test_every_line_has_its_place_in_the_closed_list() -> None:
    order = list(CheckName)

    def places(checks: Iterable[CheckName]) -> list[int]:
        return [order.index(name) for name in checks]

    found = places(check.name for check in envelope().checks)
    assert found == sorted(found)
