"""What a message carries besides its text."""

from __future__ import annotations

import base64
import hashlib

import pytest

from pecdesk.mime import Attachment, Span, attachments, parse
from pecdesk.mime.signed_documents import signed_format


def message(*parts: bytes) -> bytes:
    return b"\n".join(
        [b"Content-Type: multipart/mixed; boundary=b", b"", *(b"--b\n" + part for part in parts), b"--b--"]
    )


def part(media_type: str, body: bytes, *headers: str) -> bytes:
    return "\n".join([f"Content-Type: {media_type}", *headers, "", ""]).encode() + body


def names(raw: bytes) -> list[str]:
    return [attachment.name for attachment in attachments(raw, parse(raw))]


def test_attachment_tells_size_and_digest_of_what_was_encoded():
    raw = message(
        part("text/plain", b"text"),
        part(
            "application/pdf",
            b"QUJD",
            "Content-Transfer-Encoding: base64",
            "Content-Disposition: attachment; filename=a.pdf",
        ),
    )
    start = raw.index(b"QUJD")
    assert attachments(raw, parse(raw)) == (
        Attachment("a.pdf", "application/pdf", 3, hashlib.sha256(b"ABC").hexdigest(), Span(start, start + 4), None),
    )


def test_both_texts_of_an_alternative_are_no_attachments():
    raw = b"Content-Type: multipart/alternative; boundary=b\n\n--b\n\nx\n--b\nContent-Type: text/html\n\nx\n--b--"
    assert attachments(raw, parse(raw)) == ()


def test_text_with_a_name_or_meant_as_attachment_is_one():
    raw = message(
        part("text/plain", b"x", "Content-Disposition: attachment"),
        part("text/html; name=a.html", b"x"),
        part("text/plain", b"x", "Content-Disposition: inline"),
    )
    assert names(raw) == ["allegato.txt", "a.html"]


def test_parts_without_a_name_get_one():
    raw = message(
        part("image/png", b"x", "Content-ID: <1>"),
        part("image/x-odd", b"x"),
        part("application/pkcs7-signature", b"x"),
        part("application/octet-stream", b"x"),
        part("multipart/mixed", b"x"),
    )
    assert names(raw) == ["immagine.png", "immagine.bin", "allegato.p7s", "allegato.bin", "allegato.bin"]


def test_attached_message_counts_once_and_is_named_after_its_subject():
    inner = message(part("application/pdf", b"x")).replace(b"=b", b"=c").replace(b"--b", b"--c")
    raw = message(
        part("message/rfc822; name=postacert.eml", inner),
        part("message/rfc822", b"To: x\nSubject: =?utf-8?Q?Perch=C3=A9?=\n\nbody"),
        part("message/rfc822", b"U3ViamVjdDogeAoK", "Content-Transfer-Encoding: base64"),
        part("message/rfc822", b"Subject: " + b"y" * 500 + b"\n\n"),
        part("message/rfc822", b"Subject: \n\nbody"),
        part("message/global", b"no headers"),
    )
    assert names(raw) == [
        "postacert.eml", "Perché.eml", "x.eml", "y" * 100 + ".eml", "messaggio.eml", "messaggio.eml",
    ]  # fmt: skip


def der(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    if len(content) < 128:
        return bytes([tag, len(content)]) + content
    return bytes([tag, 0x82]) + len(content).to_bytes(2, "big") + content


def oid(hexadecimal: str) -> bytes:
    return der(6, bytes.fromhex(hexadecimal))


SHA_256 = der(0x31, der(0x30, oid("608648016503040201")))
DATA, SIGNED, STAMP, STAMPED = (
    "2a864886f70d010701",
    "2a864886f70d010702",
    "2a864886f70d0109100104",
    "2a864886f70d010910011f",
)


def cms(content_type: str, content: bytes = b"") -> bytes:
    inner = der(0x30, der(2, b"\x01"), SHA_256, der(0x30, oid(content_type), der(0xA0, der(4, content))), bytes(300))
    return der(0x30, oid(SIGNED), der(0xA0, inner))


CADES = cms(DATA, b"document")
TOKEN = cms(STAMP, b"info")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", None),
        (b"0", None),
        (b"ordinary text", None),
        (CADES, "CAdES"),
        (base64.b64encode(CADES), "CAdES"),
        (base64.encodebytes(CADES), "CAdES"),
        (b"-----BEGIN PKCS7-----\r\n" + base64.encodebytes(CADES) + b"-----END PKCS7-----\n", "CAdES"),
        (b"\x30\x80" + oid(SIGNED) + b"\xa0\x80", "CAdES"),
        (TOKEN, "timestamp"),
        (cms(DATA, TOKEN[:60]), "CAdES"),
        (der(0x30, der(0x30, der(2, b"\x00")), TOKEN), "timestamp"),
        (der(0x30, der(0x30, der(2, b"\x00")), CADES), None),
        (der(0x30, oid(STAMPED), bytes(50)), "timestamp"),
        (der(0x30, bytes(60), TOKEN), None),
        (der(0x30, oid("2a864886f70d010703")), None),
        (b"MIMOSA", None),
        (b"%PDF-1.7\n... /ByteRange [0 1] /Type /Sig /SubFilter /adbe.pkcs7.detached", "PAdES"),
        (b"%PDF-1.7\n... /SubFilter/ETSI.CAdES.detached/ByteRange[0 1]", "PAdES"),
        (b"%PDF-1.7\n... /Type /DocTimeStamp /SubFilter /ETSI.RFC3161 /ByteRange [0 1]", None),
        (b"%PDF-1.7\n... /ByteRange [0 1] /Type /Sig", None),
        (b"\n%PDF-1.7\n... /SigFlags 3", None),
        (b"%PDF-1.7\n... /ByteRange", None),
        (b'<?xml version="1.0"?><a><ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/></a>', None),
        (
            b'<?xml version="1.0"?><a><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
            b'<xades:QualifyingProperties xmlns:xades="http://uri.etsi.org/01903/v1.3.2#"/></ds:Signature></a>',
            "XAdES",
        ),
        (
            b'\xef\xbb\xbf\r\n<Signature\txmlns="http://www.w3.org/2000/09/xmldsig#" x="http://uri.etsi.org/01903/v1.4.1#">',
            "XAdES",
        ),
        (b'<a><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">x</ds:Signature></a>', None),
        (b'<a xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignatureValue>', None),
        (b"<a><Signature></a>", None),
        (b'text <ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">', None),
    ],
)
def test_signed_documents_are_told_by_their_content(content, expected):
    assert signed_format(content) == expected


def test_signed_attachment_is_told_whatever_its_name_and_type():
    raw = message(
        part("application/octet-stream; name=a.txt", base64.encodebytes(CADES), "Content-Transfer-Encoding: base64")
    )
    (attachment,) = attachments(raw, parse(raw))
    assert attachment.signed == "CAdES"
