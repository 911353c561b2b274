"""Certification data against the rest of the message: a contradiction is a reserve, what is missing a note."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pecdesk.mime import Address
from pecdesk.pec.binding import Binding, bind
from pecdesk.pec.classify import Claimed
from pecdesk.pec.daticert import CertificationData
from pecdesk.pec.message import KIND_OF_TYPE, MessageKind, Summary
from pecdesk.trust import Certificate, CheckName, CheckStatus, Reason
from tests.unit.pec.pieces import ANNA, BRUNO, CLIENT_ID, IDENTIFIER, ME, START, SUBJECT, certified

PROVIDER = "posta-certificata@pec.gestore.example"
EMPTY = Summary("", (), (), (), None, None, None, None, ())
DATA = certified("avvenuta-consegna", to="anna@pec.uno.example")
OUTER = replace(
    EMPTY,
    subject=f"CONSEGNA: {SUBJECT}",
    sender=(Address(PROVIDER),),
    to=(Address(ME),),
    date=START,
    reference=CLIENT_ID,
)
INNER = replace(
    EMPTY,
    subject=SUBJECT,
    sender=(Address(ME),),
    to=(Address(ANNA),),
    cc=(Address(BRUNO),),
    message_id=IDENTIFIER,
    reference=CLIENT_ID,
)
SIGNER = Certificate(PROVIDER, "CN=Posta Certificata,O=Gestore Uno S.p.A.,C=IT", "CN=x", "1", "0" * 64, START, START)

ENVELOPE = certified("posta-certificata")
ENVELOPE_OUTER = replace(
    OUTER,
    subject=f"POSTA CERTIFICATA: {SUBJECT}",
    sender=(Address(PROVIDER, f"Per conto di: {ME}"),),
    to=INNER.to,
    cc=INNER.cc,
    reply_to=(Address(ME),),
    message_id=IDENTIFIER,
)


def claimed(x_ricevuta: str | None = None, x_trasporto: str | None = None) -> Claimed:
    return Claimed("", "", x_ricevuta, x_trasporto, None, MessageKind.UNKNOWN)


def bound(
    data: CertificationData = DATA,
    outer: Summary = OUTER,
    headers: Claimed | None = None,
    inner: Summary | None = INNER,
    delay: timedelta | None = timedelta(0),
    signer: Certificate | None = SIGNER,
) -> Binding:
    """The binding of a delivery that agrees in everything, but for what is changed."""
    said = headers or claimed("avvenuta-consegna")
    return bind(data, outer, said, inner, data.time + delay if delay is not None else None, signer)


def envelope(outer: Summary = ENVELOPE_OUTER, data: CertificationData = ENVELOPE, **more: Any) -> Binding:
    return bound(data, outer, claimed(None, "posta-certificata"), **more)


def agrees(found: Binding) -> None:
    assert [check for check in found.checks if check.status is not CheckStatus.PASSED] == []
    assert not found.contradicted
    assert not found.header_missing
    assert found.inner_ids_agree


def contradicts(found: Binding, name: CheckName, reason: Reason) -> None:
    assert [(check.name, check.reason) for check in found.checks if check.status is CheckStatus.FAILED] == [
        (name, reason)
    ]
    assert found.contradicted


def misses(found: Binding, name: CheckName) -> None:
    assert [check.name for check in found.checks if check.status is CheckStatus.NOT_DONE] == [name]
    assert not found.contradicted
    assert found.header_missing


def test_a_delivery_and_an_envelope_that_agree_in_everything() -> None:
    agrees(bound())
    agrees(envelope())
    agrees(bound(inner=None))


def test_every_check_has_its_own_line() -> None:
    assert [check.name for check in bound().checks] == [
        CheckName.SIGNING_TIME,
        CheckName.PROVIDER_NAME,
        CheckName.KIND_HEADER,
        CheckName.SUBJECT_HEADER,
        CheckName.SENDER_HEADER,
        CheckName.DATE_HEADER,
        CheckName.RECIPIENTS_HEADER,
        CheckName.REPLY_HEADER,
        CheckName.REFERENCE_HEADER,
        CheckName.MESSAGE_ID_HEADER,
        CheckName.RECIPIENTS,
        CheckName.INNER_MESSAGE,
    ]


# time


@pytest.mark.parametrize("minutes", [-5, 0, 5])
def test_up_to_five_minutes_between_signing_and_certified_time_agree(minutes: int) -> None:
    agrees(bound(delay=timedelta(minutes=minutes)))


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_more_than_five_minutes_are_a_reserve(seconds: int) -> None:
    contradicts(bound(delay=timedelta(seconds=seconds)), CheckName.SIGNING_TIME, Reason.TIME_MISMATCH)


def test_a_signature_without_a_time_contradicts_nothing_and_is_no_missing_header() -> None:
    found = bound(delay=None)

    assert not found.contradicted
    assert not found.header_missing


# kind


@pytest.mark.parametrize(("value", "kind"), KIND_OF_TYPE.items())
def test_the_header_of_every_kind_agrees_with_its_own_tipo_and_no_other(value: str, kind: MessageKind) -> None:
    is_envelope = kind is MessageKind.TRANSPORT_ENVELOPE
    said = claimed(None, value) if is_envelope else claimed(value)
    checks = {
        type_: {check.name: check for check in bound(replace(DATA, type=type_), headers=said).checks}[
            CheckName.KIND_HEADER
        ]
        for type_ in KIND_OF_TYPE
    }

    assert {type_ for type_, check in checks.items() if check.status is CheckStatus.PASSED} == {value}
    assert {check.reason for type_, check in checks.items() if type_ != value} == {Reason.KIND_MISMATCH}


def test_x_ricevuta_wins_over_x_trasporto_on_a_receipt() -> None:
    agrees(bound(headers=claimed("avvenuta-consegna", "posta-certificata")))


def test_an_envelope_that_is_also_called_a_receipt_is_contradicted() -> None:
    both = claimed("accettazione", "posta-certificata")

    contradicts(bound(ENVELOPE, ENVELOPE_OUTER, both), CheckName.KIND_HEADER, Reason.KIND_MISMATCH)


@pytest.mark.parametrize("said", [claimed("sconosciuta"), claimed(None, "errore"), claimed(None, "posta-certificata")])
def test_another_kind_in_the_headers_is_a_reserve(said: Claimed) -> None:
    contradicts(bound(headers=said), CheckName.KIND_HEADER, Reason.KIND_MISMATCH)


def test_without_kind_headers_something_is_missing() -> None:
    misses(bound(headers=claimed()), CheckName.KIND_HEADER)


# subject

PREFIXES = [
    ("accettazione", "ACCETTAZIONE: "),
    ("non-accettazione", "AVVISO DI NON ACCETTAZIONE: "),
    ("non-accettazione", "AVVISO DI NON ACCETTAZIONE PER VIRUS: "),
    ("posta-certificata", "POSTA CERTIFICATA: "),
    ("preavviso-errore-consegna", "AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO: "),
    ("preavviso-errore-consegna", "AVVISO DI MANCATA CONSEGNA PER SUP.  TEMPO MASSIMO: "),
    ("presa-in-carico", "PRESA IN CARICO: "),
    ("rilevazione-virus", "PROBLEMA DI SICUREZZA: "),
    ("errore-consegna", "AVVISO DI MANCATA CONSEGNA PER VIRUS: "),
    ("errore-consegna", "AVVISO DI MANCATA CONSEGNA: "),
    ("avvenuta-consegna", "CONSEGNA: "),
]


def subject_check(type_: str, shown: str, certified_subject: str | None = SUBJECT) -> tuple[CheckStatus, Reason | None]:
    found = bound(replace(DATA, type=type_, subject=certified_subject), replace(OUTER, subject=shown))
    (check,) = (check for check in found.checks if check.name is CheckName.SUBJECT_HEADER)
    return check.status, check.reason


@pytest.mark.parametrize(("type_", "prefix"), PREFIXES)
def test_the_prefix_of_each_kind_stands_before_the_certified_subject(type_: str, prefix: str) -> None:
    assert subject_check(type_, prefix + SUBJECT) == (CheckStatus.PASSED, None)
    assert subject_check(type_, prefix.strip(), None) == (CheckStatus.PASSED, None)
    assert subject_check(type_, prefix + "Altro") == (CheckStatus.FAILED, Reason.SUBJECT_MISMATCH)


def test_the_prefix_of_another_kind_is_a_reserve() -> None:
    for type_, prefix in PREFIXES:
        fitting = {other for other, _ in PREFIXES if subject_check(other, prefix + SUBJECT)[0] is CheckStatus.PASSED}
        assert fitting in ({type_}, {"preavviso-errore-consegna", "errore-consegna"}), prefix


@pytest.mark.parametrize(
    ("shown", "certified_subject"),
    [
        ("CONSEGNA: CONSEGNA: x", "CONSEGNA: x"),
        ("CONSEGNA: x", "CONSEGNA: x"),
        ("consegna : PERCHÉ  COSÌ", "Perché così"),
        ("CONSEGNA: Perche\u0301 così", "Perché così"),
        ("CONSEGNA: ﬁrma\u200b digitale", "firma digitale"),
        ("CONSEGNA: molto lungo, spezzato", "molto   lungo,\n spezzato"),
        ("CONSEGNA:", None),
        ("CONSEGNA:", ""),
    ],
)
def test_spelling_that_says_the_same_agrees(shown: str, certified_subject: str | None) -> None:
    assert subject_check("avvenuta-consegna", shown, certified_subject) == (CheckStatus.PASSED, None)


@pytest.mark.parametrize(
    ("shown", "certified_subject"),
    [
        ("CONSEGNA: x CONSEGNA: x", "x"),
        ("CONSEGNA: CONSEGNA: x", "x"),
        ("CONSEGNA: x", None),
        ("CONSEGNA: x (urgente)", "x"),
        ("Altro", "x"),
    ],
)
def test_another_subject_is_a_reserve(shown: str, certified_subject: str | None) -> None:
    expected = CheckStatus.FAILED, Reason.SUBJECT_MISMATCH
    assert subject_check("avvenuta-consegna", shown, certified_subject) == expected


def test_without_a_subject_something_is_missing() -> None:
    misses(bound(outer=replace(OUTER, subject="")), CheckName.SUBJECT_HEADER)


# sender


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Posta Certificata Legalmail",
        f"Per conto di: {ME}",
        f"PER CONTO DI: {ME.upper()}",
        f"Per conto di {ME}",
        f"Per conto di: {PROVIDER} {ME}",
    ],
)
def test_the_name_in_from_may_be_the_provider_or_speak_for_the_sender(name: str) -> None:
    agrees(envelope(replace(ENVELOPE_OUTER, sender=(Address(PROVIDER, name),))))


@pytest.mark.parametrize(
    "name",
    [
        "Per conto di: procura@pec.giustizia.example",
        f"Per conto di: procura@pec.giustizia.example ({ME})",
        "procura@pec.giustizia.example",
        "Per conto di: Procura della Repubblica",
        "Per conto di:",
    ],
)
def test_a_name_that_speaks_for_somebody_else_is_a_reserve(name: str) -> None:
    posing = replace(ENVELOPE_OUTER, sender=(Address(PROVIDER, name),))

    contradicts(envelope(posing), CheckName.SENDER_HEADER, Reason.SENDER_MISMATCH)


# ids


def test_another_reference_is_a_reserve() -> None:
    other = replace(OUTER, reference="altro@x.example")

    contradicts(bound(outer=other), CheckName.REFERENCE_HEADER, Reason.REFERENCE_MISMATCH)


def test_a_reference_that_differs_in_case_of_the_domain_agrees() -> None:
    agrees(bound(outer=replace(OUTER, reference=CLIENT_ID.replace("studio", "STUDIO"))))


def test_without_a_reference_something_is_missing() -> None:
    misses(bound(outer=replace(OUTER, reference=None)), CheckName.REFERENCE_HEADER)


@pytest.mark.parametrize("reference", [None, "qualcosa@x.example"])
def test_where_no_msgid_is_certified_a_reference_contradicts_nothing(reference: str | None) -> None:
    found = bound(replace(DATA, message_id=None), replace(OUTER, reference=reference))

    assert not found.contradicted
    assert not found.header_missing


def test_an_envelope_bears_the_identificativo_as_its_message_id() -> None:
    other = envelope(replace(ENVELOPE_OUTER, message_id="altro@x.example"))

    contradicts(other, CheckName.MESSAGE_ID_HEADER, Reason.MESSAGE_ID_MISMATCH)
    misses(envelope(replace(ENVELOPE_OUTER, message_id=None)), CheckName.MESSAGE_ID_HEADER)


@pytest.mark.parametrize("message_id", [None, "ricevuta@pec.gestore.example"])
def test_a_receipt_has_a_message_id_of_its_own(message_id: str | None) -> None:
    agrees(bound(outer=replace(OUTER, message_id=message_id)))


# the mail inside


@pytest.mark.parametrize(
    "inner",
    [
        replace(INNER, message_id="altro@pec.gestore.example"),
        replace(INNER, reference="altro@studio.example"),
        replace(INNER, message_id=CLIENT_ID, reference=None),
    ],
)
def test_a_mail_inside_with_other_ids_makes_the_evidence_count_for_nothing(inner: Summary) -> None:
    found = bound(inner=inner)

    contradicts(found, CheckName.INNER_MESSAGE, Reason.INNER_MISMATCH)
    assert not found.inner_ids_agree


@pytest.mark.parametrize(
    "inner", [replace(INNER, sender=(Address("altro@pec.example"),)), replace(INNER, subject="Altro")]
)
def test_a_mail_inside_of_another_sender_or_subject_is_a_reserve(inner: Summary) -> None:
    found = bound(inner=inner)

    contradicts(found, CheckName.INNER_MESSAGE, Reason.INNER_MISMATCH)
    assert found.inner_ids_agree


@pytest.mark.parametrize(
    "inner",
    [
        replace(INNER, message_id=None),
        replace(INNER, reference=None),
        replace(INNER, sender=()),
        replace(INNER, subject=""),
        replace(INNER, sender=(Address(ME.upper()),), subject=SUBJECT.upper()),
        EMPTY,
    ],
)
def test_what_a_mail_inside_merely_lacks_contradicts_nothing(inner: Summary) -> None:
    agrees(bound(inner=inner))


def test_a_certified_msgid_that_is_missing_agrees_with_any_reference_inside() -> None:
    agrees(bound(replace(DATA, message_id=None), inner=INNER))


# headers that stand there twice


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("subject", CheckName.SUBJECT_HEADER),
        ("date", CheckName.DATE_HEADER),
        ("message-id", CheckName.MESSAGE_ID_HEADER),
        ("x-riferimento-message-id", CheckName.REFERENCE_HEADER),
        ("x-ricevuta", CheckName.KIND_HEADER),
        ("x-trasporto", CheckName.KIND_HEADER),
        ("x-tiporicevuta", CheckName.KIND_HEADER),
    ],
)
def test_a_header_that_says_two_things_contradicts_though_the_first_is_the_certified_one(
    header: str, name: CheckName
) -> None:
    contradicts(bound(outer=replace(OUTER, repeated=(header,))), name, Reason.DUPLICATE_HEADER)


def test_where_the_first_of_two_is_already_false_that_is_what_is_said() -> None:
    found = bound(outer=replace(OUTER, subject="CONSEGNA: altro", repeated=("subject",)))

    contradicts(found, CheckName.SUBJECT_HEADER, Reason.SUBJECT_MISMATCH)


@pytest.mark.parametrize("header", ["from", "subject", "message-id", "x-riferimento-message-id"])
def test_what_ties_the_mail_inside_may_not_say_two_things_either(header: str) -> None:
    found = bound(inner=replace(INNER, repeated=(header,)))

    contradicts(found, CheckName.INNER_MESSAGE, Reason.DUPLICATE_HEADER)


def test_an_author_may_date_a_mail_twice() -> None:
    agrees(bound(inner=replace(INNER, repeated=("date", "x-tiporicevuta"))))
