"""What an examination holds: kind, content, the mail inside; messages in messages; the way through JSON."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.demo.builders import Statement, signed_mail, with_header
from pecdesk.demo.draft import Completeness as Asked
from pecdesk.demo.draft import original as written
from pecdesk.demo.forgery import unsigned, wrapped
from pecdesk.demo.mail import base64_lines, entity, headers, multipart, text_entity
from pecdesk.demo.ordinary import ordinary
from pecdesk.examine import (
    EXAMINE_VERSION,
    Examination,
    examine,
    examining,
    from_json,
    original_bytes,
    over_limit,
    to_json,
    unexamined,
)
from pecdesk.pec.comparison import Agreement, compare
from pecdesk.pec.message import Completeness
from pecdesk.trust import Reason, SignatureStatus
from tests.kit.messages import (
    FILES,
    NOW,
    RECIPIENT,
    SENDER,
    Specimen,
    anchors,
    draft,
    genuine,
    hostile,
    other_inside,
    provider,
    sending,
    taken_apart,
)

DRAFT = draft("Diffida ad adempiere", attachments=FILES)
TAKEN = sending(DRAFT)


def judged(raw: bytes) -> Examination:
    return examine(raw, anchors(), now=NOW)


def receipt(holds: Asked | None = None) -> Statement:
    at = TAKEN.accepted_at + timedelta(minutes=1)
    return provider().delivery(TAKEN, RECIPIENT, at, holds)


# content


def test_of_a_delivery_the_users_own_words_are_shown_and_the_providers_apart() -> None:
    found = judged(receipt().sealed())

    assert found.text.strip() == DRAFT.text.strip()
    assert "è stato consegnato nella casella di destinazione" in found.notice
    assert [(each.name, each.size) for each in found.attachments] == [(each.name, len(each.content)) for each in FILES]
    assert found.receipt_actual is Completeness.FULL


def test_of_a_receipt_without_a_mail_inside_the_providers_words_are_a_notice() -> None:
    found = judged(provider().acceptance(TAKEN).sealed())

    assert found.text == ""
    assert "è stato accettato dal sistema" in found.notice
    assert (found.attachments, found.original, found.receipt_actual) == ((), None, None)


def test_of_ordinary_mail_its_own_text_and_files_are_shown() -> None:
    found = judged(ordinary(DRAFT))

    assert (found.text.strip(), found.notice) == (DRAFT.text.strip(), "")
    assert [each.name for each in found.attachments] == [each.name for each in FILES]
    assert found.fingerprint is not None
    assert found.signed_sha256 is None


def test_of_ordinary_mail_that_forwards_another_its_own_text_is_shown() -> None:
    found = judged(wrapped(receipt().sealed(), draft("In allegato", text="Guarda qui.\n")))

    assert (found.kind, found.text.strip(), found.notice, found.original) == ("ordinary", "Guarda qui.", "", None)
    assert [each.media_type for each in found.attachments] == ["message/rfc822"]
    assert (found.certification, found.claimed_certification) == (None, None)


def test_of_mail_with_a_personal_signature_its_own_text_is_shown() -> None:
    attached = entity((("Content-Type", "message/rfc822"),), ordinary(draft("Altra", text="Un'altra.\n")))
    content = multipart("mixed", "b", [text_entity("La mia.\r\n"), attached])
    found = judged(signed_mail((("From", "a@x.example"), ("Subject", "x")), content, b"firma", "c"))

    assert (found.kind, found.text.strip(), found.original) == ("ordinary", "La mia.", None)
    assert found.standing == "not-certified"


def test_a_postacert_that_is_no_mail_is_no_original() -> None:
    part = entity((("Content-Type", 'application/octet-stream; name="postacert.eml"'),), b"\x00\x01")
    content = multipart("mixed", "b", [text_entity("Testo"), part])
    found = judged(headers((("X-Trasporto", "posta-certificata"),)) + content)

    assert (found.kind, found.original, found.text) == ("transport-envelope", None, "Testo")


# the mail inside


def with_inside(statement: Statement, encoding: str, media_type: str = "message/rfc822") -> bytes:
    """The same message, signed again, with postacert.eml in a transfer encoding, against RFC 2046."""
    content, _, boundary = taken_apart(statement)
    assert statement.inside is not None
    body = base64_lines(statement.inside)
    if encoding == "Quoted-Printable":
        body = statement.inside.replace(b"=", b"=3D")
    part = entity(
        (("Content-Type", f'{media_type}; name="postacert.eml"'), ("Content-Transfer-Encoding", encoding)), body
    )
    head, _, rest = content.partition(b"Content-Type: message/rfc822")
    assert statement.inside in rest
    content = head + part + rest[rest.index(statement.inside) + len(statement.inside) :]
    signature = statement.signer.sign(content, statement.at)
    return signed_mail(statement.fields, content, signature, boundary)


@pytest.mark.parametrize(
    "raw",
    [
        receipt().sealed(),
        with_inside(receipt(), "base64"),
        with_inside(receipt(), " BASE64 ", "application/octet-stream"),
        with_inside(receipt(), "Quoted-Printable"),
    ],
    ids=["as it is", "base64", "octet-stream", "quoted-printable"],
)
def test_the_mail_inside_is_given_back_byte_for_byte(raw: bytes) -> None:
    found = judged(raw)

    assert found.standing == "certified"
    assert found.original is not None
    assert original_bytes(raw, found.original) == TAKEN.inside
    assert found.original.sha256 == hashlib.sha256(TAKEN.inside).hexdigest()
    assert found.original.size == len(TAKEN.inside)
    assert found.original.summary.subject == DRAFT.subject
    assert found.text.strip() == DRAFT.text.strip()
    assert [each.name for each in found.attachments] == [each.name for each in FILES]


def test_bytes_without_the_mail_inside_give_nothing_back() -> None:
    found = judged(with_inside(receipt(), "base64")).original
    assert found is not None

    assert original_bytes(ordinary(DRAFT), found) == b""


@pytest.mark.parametrize(
    ("asked", "actual"),
    [(Asked.FULL, Completeness.FULL), (Asked.BRIEF, Completeness.BRIEF), (Asked.SHORT, Completeness.SHORT)],
)
def test_the_kind_of_a_delivery_receipt_is_told_by_what_is_inside(asked: Asked, actual: Completeness) -> None:
    found = judged(receipt(asked).sealed())

    assert found.receipt_actual is actual
    assert found.certification is not None
    assert found.certification.requested is actual
    assert (found.original is None) == (actual is Completeness.SHORT)


def test_a_receipt_that_is_called_full_and_holds_nothing_is_short() -> None:
    found = judged(replace(receipt(Asked.FULL), inside=None).sealed())

    assert found.certification is not None
    assert (found.certification.receipt, found.receipt_actual) == ("completa", Completeness.SHORT)


@pytest.mark.parametrize("asked", [Asked.FULL, Asked.BRIEF])
@pytest.mark.parametrize("key", ["uno", "due", "tre"])
def test_what_a_receipt_brings_back_is_compared_with_what_was_sent(asked: Asked, key: str) -> None:
    taken = sending(DRAFT, key)
    brought = judged(provider(key).delivery(taken, RECIPIENT, taken.accepted_at, asked).sealed()).original
    ours = judged(written(DRAFT)).fingerprint
    others = judged(written(draft("Altra"))).fingerprint
    assert brought is not None
    assert ours is not None
    assert others is not None

    assert compare(ours, brought.fingerprint).agreement is Agreement.SAME
    assert compare(others, brought.fingerprint).agreement is Agreement.DIFFERENT


# evidence that counts


def test_evidence_that_disagrees_with_the_mail_inside_it_is_proven_and_counts_for_nothing() -> None:
    found = judged(other_inside(receipt()))

    assert (found.standing.proves, found.counts) == (True, False)


def test_a_claim_shows_its_daticert_as_a_claim() -> None:
    found = judged(unsigned(receipt()))

    assert (found.kind, found.counts, found.certification) == ("delivery", False, None)
    assert found.claimed_certification is not None
    assert found.claimed_certification.identifier == TAKEN.identifier
    assert found.claimed.x_ricevuta == "avvenuta-consegna"


def test_copies_of_a_receipt_that_differ_in_unsigned_headers_or_line_ends_share_the_hash_of_what_is_signed() -> None:
    first, second = judged(receipt().sealed()), judged(with_header(receipt(), "Delivered-To", "altri").sealed())
    third = judged(receipt().sealed().replace(b"\r\n", b"\n"))

    assert len({found.sha256 for found in (first, second, third)}) == 3
    assert {found.signed_sha256 for found in (first, second, third)} == {
        hashlib.sha256(receipt().content()).hexdigest()
    }


# messages in messages


def forwarded(inner: bytes, subject: str = "Inoltro") -> bytes:
    """An envelope whose sender attached a whole message to his mail."""
    mail = draft(subject, sender=RECIPIENT, recipients=(SENDER,), message_id=f"<{len(inner)}@x.example>")
    given = provider("tre").take(mail, mail.date, wrapped(inner, mail))
    return provider("tre").envelope(given, SENDER).sealed()


def test_facts_are_those_of_the_outermost_message_however_many_are_nested_in_it() -> None:
    inmost = receipt().sealed()
    raw = forwarded(forwarded(inmost), "Inoltro dell'inoltro")
    found = judged(raw)

    assert (found.standing, found.kind) == ("certified", "transport-envelope")
    assert found.certification is not None
    assert (found.certification.subject, found.certification.sender) == ("Inoltro dell'inoltro", RECIPIENT)
    assert [each.media_type for each in found.attachments] == ["message/rfc822"]
    for subject in ("Inoltro", DRAFT.subject):
        (attached,) = found.attachments
        assert found.original is not None
        outer = found.original
        inner = attached.span.of(raw)
        raw, found = inner, judged(inner)
        assert found.standing == "certified"
        assert found.certification is not None
        assert found.certification.subject == subject
        assert outer.summary.subject != DRAFT.subject
    assert raw == inmost
    assert found.kind == "delivery"


def test_an_altered_message_inside_a_genuine_one_does_not_touch_it() -> None:
    altered = receipt().sealed().replace(b"consegnato nella", b"consegnata nella")
    raw = forwarded(altered)
    found = judged(raw)

    assert found.standing == "certified"
    assert judged(found.attachments[0].span.of(raw)).standing == "altered"


def test_an_anomaly_that_carries_a_genuine_pec_is_not_certified_and_what_it_carries_is() -> None:
    genuine_pec = receipt().sealed()
    mail = draft(f"CONSEGNA: {DRAFT.subject}", sender=provider().address, recipients=(SENDER,))
    raw = provider("due").anomaly(genuine_pec, mail, SENDER, NOW).sealed()
    found = judged(raw)

    assert (found.kind, found.standing, found.counts) == ("anomaly-envelope", "not-certified", False)
    assert found.reasons == (Reason.ANOMALY_ENVELOPE,)
    assert (found.certification, found.claimed_certification) == (None, None)
    assert found.original is not None
    carried = original_bytes(raw, found.original)
    assert carried == genuine_pec
    assert judged(carried).standing == "certified"


# limits


def test_a_message_over_the_size_limit_is_not_examined(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = receipt().sealed()
    monkeypatch.setattr(examining, "MAX_BYTES", len(raw))
    assert judged(raw).standing == "certified"

    monkeypatch.setattr(examining, "MAX_BYTES", len(raw) - 1)
    found = judged(raw)

    assert (found.kind, found.standing, found.reasons) == ("unknown", "undetermined", (Reason.SIZE_LIMIT,))
    assert (found.sha256, found.size) == (hashlib.sha256(raw).hexdigest(), len(raw))
    assert found.signature.status is SignatureStatus.INDETERMINATE
    assert found.anchors_version == anchors().version
    assert not found.counts


def test_what_another_limit_stopped_says_which() -> None:
    assert over_limit(b"x", Reason.TIME_LIMIT).reasons == (Reason.TIME_LIMIT,)
    assert over_limit(b"x", Reason.TIME_LIMIT) == unexamined(hashlib.sha256(b"x").hexdigest(), 1, Reason.TIME_LIMIT)


# JSON

ALL = (*genuine(), *hostile())


@pytest.mark.parametrize("specimen", ALL, ids=[specimen.name for specimen in ALL])
def test_an_examination_comes_back_from_json_as_it_was(specimen: Specimen) -> None:
    found = judged(specimen.raw)
    again = from_json(to_json(found))

    assert again == found
    assert to_json(again) == to_json(found)
    assert found.version == EXAMINE_VERSION
    if found.certification and again.certification:
        assert again.certification.time.utcoffset() == found.certification.time.utcoffset()


def test_the_same_bytes_under_the_same_anchors_give_the_same_examination() -> None:
    raw = receipt().sealed()

    assert judged(raw) == judged(raw)
    assert judged(raw).anchors_version == anchors().version


@pytest.mark.parametrize("document", [b"", b"{}", b"[]", b"nothing", to_json(over_limit(b"", Reason.EMPTY))[:-5]])
def test_what_is_no_examination_is_refused(document: bytes) -> None:
    with pytest.raises((msgspec.ValidationError, msgspec.DecodeError)):
        from_json(document)


FRAGMENTS = st.sampled_from(
    [
        b"From: a@x.example\r\n", b"From: =?utf-7?q?+2AA-?= <a@x>\r\n", b"X-Ricevuta: accettazione\r\n",
        b"Subject: =?utf-16?b?2AA=?=\r\n", b'Content-Type: multipart/signed; boundary="b"\r\n',
        b'Content-Type: multipart/mixed; boundary="c"\r\n', b"Content-Transfer-Encoding: base64\r\n", b"\r\n",
        b"--b\r\n", b"--c\r\n", b"--b--\r\n", b"--c--\r\n", b"Content-Type: application/pkcs7-signature\r\n",
        b'Content-Type: application/xml; name="daticert.xml"\r\n', b"Content-Type: message/rfc822\r\n",
        b"<postacert/>", b"Date: Mon, 1 Jan 0001 00:00:00 +1400\r\n", b"\x00\xff", b"\xed\xa0\x80", b"0\x82",
    ]
)  # fmt: skip


@settings(deadline=None)
@given(st.binary(max_size=200) | st.lists(FRAGMENTS, max_size=20).map(b"".join))
def test_any_bytes_are_examined_and_come_back_from_json(raw: bytes) -> None:
    found = judged(raw)

    assert from_json(to_json(found)) == found
    assert not found.standing.proves
