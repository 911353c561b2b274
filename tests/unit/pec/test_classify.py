"""What a message claims to be, and where its pieces lie: only at their fixed places."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pecdesk.demo.builders import signed_mail
from pecdesk.demo.mail import CRLF, entity, headers, multipart, text_entity
from pecdesk.mime import decoded, parse
from pecdesk.pec.classify import Layout, claimed_of, layout_of
from pecdesk.pec.message import KIND_OF_RECEIPT, MessageKind

Fields = Sequence[tuple[str, str]]
RECEIPT: Fields = (("X-Ricevuta", "accettazione"),)


def claimed(*lines: str) -> MessageKind:
    """What a message with these header lines claims to be."""
    return claimed_of(parse("".join(f"{line}\r\n" for line in ("From: a@x.example", *lines)).encode() + CRLF)).kind


# kind


@pytest.mark.parametrize(("value", "kind"), KIND_OF_RECEIPT.items())
def test_x_ricevuta_names_the_receipt(value: str, kind: MessageKind) -> None:
    assert claimed(f"X-Ricevuta: {value}") is kind


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (["X-Trasporto: posta-certificata"], "transport-envelope"),
        (["X-Trasporto: errore"], "anomaly-envelope"),
        (["x-ricevuta:  ACCETTAZIONE "], "acceptance"),
        (["X-Ricevuta: sconosciuta"], "unknown"),
        (["X-Trasporto: sconosciuto"], "unknown"),
        (["X-Ricevuta: accettazione", "X-Trasporto: posta-certificata"], "acceptance"),
        (["X-Ricevuta: sconosciuta", "X-Trasporto: posta-certificata"], "unknown"),
        (["X-Trasporto: errore", "REM-MessageType: http://uri.etsi.org/19522/v1#/ERDMessageType/dispatch"],
         "anomaly-envelope"),
        (["REM-MessageType: http://uri.etsi.org/19522/v1#/ERDMessageType/dispatch"], "rem-dispatch"),
        (["REM-MessageType: http://uri.etsi.org/19522/v1#/ERDMessageType/receipt"], "rem-receipt"),
        (["REM-MessageType: x", "Content-Type: multipart/report; report-type=delivery-status; boundary=b"],
         "rem-receipt"),
        (["Content-Type: multipart/report; report-type=Delivery-Status; boundary=b"], "delivery-status"),
        (["Content-Type: multipart/report; report-type=disposition-notification; boundary=b"], "ordinary"),
        (["Content-Type: multipart/report; boundary=b"], "ordinary"),
        (["X-Riferimento-Message-ID: <x@y.example>"], "ordinary"),
        (["Subject: CONSEGNA: quello che si vuole"], "ordinary"),
        (["Subject: POSTA CERTIFICATA: POSTA CERTIFICATA: x"], "ordinary"),
    ],
)  # fmt: skip
def test_the_first_header_that_speaks_decides_and_the_subject_never_does(lines: list[str], kind: str) -> None:
    assert claimed(*lines) == kind


@pytest.mark.parametrize("raw", [b"", b"\r\n\r\n", b"solo testo senza intestazioni", b"\x00\xff\xfe"])
def test_bytes_without_headers_claim_nothing_that_is_known(raw: bytes) -> None:
    assert claimed_of(parse(raw)).kind is MessageKind.UNKNOWN


def test_what_is_claimed_is_read_as_it_stands() -> None:
    found = claimed_of(
        parse(
            b'From: "Per conto di: a@x.example" <posta-certificata@y.example>\r\n'
            b"Subject: =?utf-8?q?POSTA_CERTIFICATA=3A?=\r\n =?utf-8?q?_perch=C3=A9?=\r\n"
            b"X-Trasporto: Posta-Certificata\r\nX-Tiporicevuta: Breve\r\n\r\n"
        )
    )

    assert found.sender == '"Per conto di: a@x.example" <posta-certificata@y.example>'
    assert found.subject == "POSTA CERTIFICATA: perché"
    assert (found.x_ricevuta, found.x_trasporto, found.x_tipo_ricevuta) == (None, "posta-certificata", "breve")


# places

WORDS = text_entity("Testo del gestore.")
XML = b"<postacert/>"


def xml_part(name: str = "daticert.xml", media_type: str = "application/xml", content: bytes = XML) -> bytes:
    called = f'; name="{name}"' if name else ""
    return entity((("Content-Type", f"{media_type}{called}"),), content)


def mail_part(subject: str = "Originale", name: str = "postacert.eml", media_type: str = "message/rfc822") -> bytes:
    called = f'; name="{name}"' if name else ""
    return entity((("Content-Type", f"{media_type}{called}"),), headers((("Subject", subject),)) + CRLF + b"corpo")


def signed(*parts: bytes, fields: Fields = RECEIPT) -> bytes:
    return signed_mail(fields, multipart("mixed", "dentro", parts), b"firma", "fuori")


def unsigned(*parts: bytes, fields: Fields = RECEIPT, subtype: str = "mixed") -> bytes:
    return headers((*fields, ("MIME-Version", "1.0"))) + multipart(subtype, "dentro", parts)


def pieces(raw: bytes) -> tuple[bytes | None, str | None, str | None]:
    """Content of the certification, subject of the original, the provider's text."""
    found = layout_of(parse(raw))
    original = parse(raw, found.original.body).value("subject") if found.original else None
    return (
        decoded(raw, found.certification) if found.certification else None,
        original.decode() if original else None,
        decoded(raw, found.text).decode().strip() if found.text else None,
    )


def test_the_pieces_are_the_direct_children_of_the_signed_mixed_part() -> None:
    assert pieces(signed(WORDS, xml_part(), mail_part())) == (XML, "Originale", "Testo del gestore.")


@pytest.mark.parametrize(
    "parts",
    [
        (WORDS, mail_part(), xml_part()),
        (WORDS, xml_part(name=""), mail_part(name="")),
        (WORDS, xml_part(name="data.xml", media_type="text/xml"), mail_part(media_type="application/octet-stream")),
        (WORDS, xml_part(name="DATICERT.XML", media_type="application/octet-stream"), mail_part(name="x")),
        (multipart("alternative", "due", [WORDS, text_entity("<p>", "html")]), xml_part(), mail_part()),
    ],
)
def test_the_variants_seen_in_the_wild_are_found(parts: tuple[bytes, ...]) -> None:
    certification, original, text = pieces(signed(*parts))

    assert (certification, original) == (XML, "Originale")
    assert text is not None
    assert "Testo del gestore." in text


def test_of_several_xml_and_mail_parts_the_one_with_the_fixed_name_is_meant() -> None:
    other = xml_part("segnatura.xml", content=b"<altro/>")
    found = pieces(signed(WORDS, other, mail_part("Altro", name="altro.eml"), xml_part(), mail_part()))

    assert found == (XML, "Originale", "Testo del gestore.")


def test_what_lies_deeper_is_never_taken() -> None:
    deeper = multipart("mixed", "terzo", [xml_part(), mail_part()])

    assert pieces(signed(WORDS, deeper)) == (None, None, "Testo del gestore.")


def test_what_lies_in_a_forwarded_pec_is_never_taken() -> None:
    forwarded = entity(
        (("Content-Type", 'message/rfc822; name="postacert.eml"'),), signed(WORDS, xml_part(), mail_part("Un altro"))
    )
    found = layout_of(parse(signed(WORDS, forwarded)))

    assert found.certification is None
    assert found.original is not None
    assert found.original.media_type == "message/rfc822"


def test_the_unsigned_third_part_is_never_taken() -> None:
    content = multipart("mixed", "dentro", [WORDS])
    raw = signed_mail(RECEIPT, content, b"firma", "fuori", third=[xml_part(), mail_part()])

    assert pieces(raw) == (None, None, "Testo del gestore.")


def test_an_unsigned_claim_is_laid_out_so_that_it_can_be_shown() -> None:
    raw = unsigned(WORDS, xml_part(), mail_part())

    assert pieces(raw) == (XML, "Originale", "Testo del gestore.")
    assert layout_of(parse(raw)).signed is None


def test_what_somebody_attaches_to_ordinary_mail_is_no_piece_of_it() -> None:
    assert pieces(unsigned(WORDS, xml_part(), mail_part(), fields=(("Subject", "In allegato"),)))[:2] == (None, None)


def test_mail_attached_to_a_mail_with_a_personal_signature_is_no_original() -> None:
    assert pieces(signed(WORDS, mail_part(name="inoltrato.eml"), fields=(("Subject", "Inoltro"),)))[:2] == (None, None)


def test_a_signed_receipt_whose_headers_an_export_lost_keeps_its_pieces() -> None:
    assert pieces(signed(WORDS, xml_part(), mail_part(), fields=(("Subject", "x"),)))[:2] == (XML, "Originale")


def test_the_evidence_of_a_rem_message_says_so_in_its_own_signed_header() -> None:
    evidence = entity((("Content-Type", "application/xml"), ("REM-Section-Type", "rem_message/xml_evidence")), XML)
    other = entity((("Content-Type", "application/xml"), ("REM-Section-Type", "rem_message/extension")), XML)

    assert layout_of(parse(signed(WORDS, evidence))).rem_evidence is not None
    assert layout_of(parse(signed(WORDS, other, xml_part()))).rem_evidence is None


def test_pieces_outside_a_mixed_part_have_no_place() -> None:
    assert pieces(unsigned(WORDS, xml_part(), mail_part(), subtype="related")) == (None, None, None)


@pytest.mark.parametrize("media_type", ["application/pkcs7-signature", "application/x-pkcs7-signature"])
def test_both_names_of_a_detached_signature_are_known(media_type: str) -> None:
    raw = signed_mail(RECEIPT, multipart("mixed", "dentro", [WORDS]), b"firma", "fuori", signature_type=media_type)
    found = layout_of(parse(raw))

    assert found.signature is not None
    assert decoded(raw, found.signature) == b"firma"
    assert found.signed is not None


def test_a_second_part_of_another_type_is_no_signature() -> None:
    raw = signed_mail(RECEIPT, WORDS, b"x", "fuori", signature_type="application/pgp-signature")

    assert layout_of(parse(raw)).signature is None


def test_a_signed_message_without_parts_has_an_empty_layout() -> None:
    assert (
        layout_of(parse(b'X-Ricevuta: accettazione\r\nContent-Type: multipart/signed; boundary="b"\r\n\r\n'))
        == Layout()
    )
