"""Genuine certified mail: the signed part is a slice of the original bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from asn1crypto import cms

from pecdesk.mime import (
    Part,
    addresses_of,
    attachments,
    date_of,
    decoded,
    parse,
    readable_text,
    strict_address,
    text_of,
    walk,
)

INTACT = [
    "aruba-2018-acceptance.eml",
    "aruba-2018-delivery-full.eml",
    "aruba-2021-acceptance.eml",
    "sogei-2018-envelope-sdi-rc.eml",
]
DAMAGED = "sogei-2018-envelope-sdi-rc-damaged.eml"
UNSIGNED = "unsigned-anonymised-acceptance.eml"
DELIVERY_STATUS = "ordinary-dsn.eml"


def read(samples: Path, name: str) -> tuple[bytes, Part]:
    raw = (samples / name).read_bytes()
    return raw, parse(raw)


def message_digest(signature: bytes) -> bytes:
    (signer,) = cms.ContentInfo.load(signature)["content"]["signer_infos"]
    (digest,) = (each["values"][0].native for each in signer["signed_attrs"] if each["type"].native == "message_digest")
    assert signer["digest_algorithm"]["algorithm"].native == "sha1"
    return bytes(digest)


def digest_of_signed_part(raw: bytes, part: Part) -> bytes:
    signed = part.children[0].span.of(raw)
    if b"\r" not in raw:
        signed = signed.replace(b"\n", b"\r\n")
    return hashlib.sha1(signed).digest()


@pytest.mark.parametrize("name", INTACT)
def test_slice_of_the_signed_part_has_the_signed_digest(samples, name):
    raw, part = read(samples, name)
    content, signature = part.children
    assert part.media_type == "multipart/signed"
    assert content.media_type == "multipart/mixed"
    assert signature.media_type == "application/x-pkcs7-signature"
    assert digest_of_signed_part(raw, part) == message_digest(decoded(raw, signature))
    assert all(each.closed and not each.limits for each in walk(part))


def test_slice_of_a_damaged_message_has_another_digest(samples):
    raw, part = read(samples, DAMAGED)
    assert digest_of_signed_part(raw, part) != message_digest(decoded(raw, part.children[1]))


@pytest.mark.parametrize(
    ("name", "types"),
    [
        ("aruba-2018-acceptance.eml", ["multipart/alternative", "application/xml"]),
        ("aruba-2018-delivery-full.eml", ["multipart/alternative", "application/xml", "message/rfc822"]),
        ("aruba-2021-acceptance.eml", ["multipart/alternative", "application/xml"]),
        ("sogei-2018-envelope-sdi-rc.eml", ["multipart/alternative", "application/xml", "message/rfc822"]),
        (UNSIGNED, ["multipart/alternative", "application/xml"]),
    ],
)
def test_parts_of_certified_mail_stand_where_they_should(samples, name, types):
    raw, part = read(samples, name)
    content = part.children[0]
    assert [child.media_type for child in content.children] == types
    assert decoded(raw, content.children[1]).lstrip().startswith(b"<")
    assert attachments(raw, content)[0].name == "daticert.xml"


@pytest.mark.parametrize("name", [*INTACT, DAMAGED, UNSIGNED])
def test_headers_of_certified_mail_are_read(samples, name):
    _, part = read(samples, name)
    address, reason = strict_address(part.values("from"))
    assert reason is None
    assert address is not None
    assert address.startswith("posta-certificata@")
    assert addresses_of(part.value("from"))[0].address == address
    assert [bool(each.address) for each in addresses_of(part.value("to"))] == [True]
    assert date_of(part.value("date")) is not None
    assert text_of(part.value("subject")).startswith(("ACCETTAZIONE: ", "CONSEGNA: ", "POSTA CERTIFICATA: "))


@pytest.mark.parametrize("name", [*INTACT, DAMAGED, UNSIGNED, DELIVERY_STATUS])
def test_text_is_the_plain_one_of_the_provider(samples, name):
    raw, part = read(samples, name)
    text = readable_text(raw, part)
    assert not text.from_html
    assert not text.truncated
    assert "\ufffd" not in text.text
    assert ("messaggio" in text.text.lower()) == (name != DELIVERY_STATUS)


@pytest.mark.parametrize("name", ["aruba-2018-delivery-full.eml", "sogei-2018-envelope-sdi-rc.eml"])
def test_original_inside_is_parsed_in_its_place(samples, name):
    raw, part = read(samples, name)
    (leaf,) = (each for each in walk(part) if each.media_type == "message/rfc822")
    original = parse(raw, leaf.body)
    assert original.span == leaf.body
    assert original.media_type == "multipart/mixed"
    assert original.closed
    assert len(attachments(raw, original)) == 1
    assert original.value("message-id") is not None


def test_delivery_status_is_a_report_with_its_parts(samples):
    raw, part = read(samples, DELIVERY_STATUS)
    assert [child.media_type for child in part.children] == [
        "multipart/related", "message/delivery-status", "message/rfc822",
    ]  # fmt: skip
    assert [each.media_type for each in attachments(raw, part)] == [
        "image/png", "image/png", "message/delivery-status", "message/rfc822",
    ]  # fmt: skip
    assert [each.name.rpartition(".")[2] for each in attachments(raw, part)] == ["png", "png", "txt", "eml"]
