"""Attachments are taken out of a message by their place and their hash, whatever their encoding."""

from __future__ import annotations

import binascii
import quopri
from base64 import encodebytes
from dataclasses import replace

import pytest

from pecdesk.app.attachments import attachment_bytes
from pecdesk.errors import StoreError, UsageError
from pecdesk.examine import examine
from tests.kit.messages import FILES, SENDER, anchors, delivery, draft, provider, sending

CONTENT = bytes(range(256)) * 3 + b"From here = there"


def uuencoded(data: bytes) -> bytes:
    lines = [binascii.b2a_uu(data[start : start + 45]) for start in range(0, len(data), 45)]
    return b"begin 644 file.bin\n" + b"".join(lines) + b"`\nend\n"


ENCODED = {
    "base64": encodebytes(CONTENT),
    "quoted-printable": quopri.encodestring(CONTENT),
    "8bit": CONTENT,
    "binary": CONTENT,
    "x-uuencode": uuencoded(CONTENT),
    "no-such-encoding": CONTENT,
}


def message(encoding: str, body: bytes) -> bytes:
    return (
        b"From: a@x.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nTesto.\r\n"
        b"--b\r\nContent-Type: application/octet-stream; name=file.bin\r\nContent-Transfer-Encoding: "
        + encoding.encode()
        + b"\r\n\r\n"
        + body
        + b"\r\n--b--\r\n"
    )


@pytest.mark.parametrize("encoding", ENCODED)
def test_an_attachment_is_decoded_as_its_sender_encoded_it(encoding: str) -> None:
    raw = message(encoding, ENCODED[encoding])
    found = examine(raw, anchors())
    assert attachment_bytes(raw, found, 0) == CONTENT


@pytest.mark.parametrize("transfer", [None, "base64", "quoted-printable"])
def test_an_attachment_of_the_mail_inside_a_receipt_is_found(transfer: str | None) -> None:
    raw = delivery(sending(draft(attachments=FILES)), by="tre").sealed()
    if transfer is not None:
        raw = with_encoded_original(raw, transfer)
    found = examine(raw, anchors())
    assert found.original is not None
    assert found.original.encoding == (transfer or "identity")
    assert [attachment_bytes(raw, found, number) for number in range(2)] == [file.content for file in FILES]


def with_encoded_original(raw: bytes, transfer: str) -> bytes:
    """The receipt with its postacert.eml in a transfer encoding; its signature no longer holds."""
    plain = examine(raw, anchors()).original
    assert plain is not None
    inner = raw[plain.start : plain.end]
    encoded = encodebytes(inner) if transfer == "base64" else quopri.encodestring(inner)
    head, blank, _ = raw[: plain.start].rpartition(b"\r\n\r\n")
    fields = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-transfer-encoding")]
    return (
        b"\r\n".join([*fields, b"Content-Transfer-Encoding: " + transfer.encode()]) + blank + encoded + raw[plain.end :]
    )


def test_an_attachment_of_an_envelope_is_found() -> None:
    raw = provider().envelope(sending(draft(attachments=FILES, recipients=(SENDER,))), SENDER).sealed()
    assert attachment_bytes(raw, examine(raw, anchors()), 1) == FILES[1].content


@pytest.mark.parametrize("number", [-1, 1, 7])
def test_a_number_that_means_no_attachment_is_refused(number: int) -> None:
    raw = message("base64", ENCODED["base64"])
    with pytest.raises(UsageError):
        attachment_bytes(raw, examine(raw, anchors()), number)


def test_bytes_that_are_not_those_examined_are_never_handed_out() -> None:
    raw = message("base64", ENCODED["base64"])
    found = examine(raw, anchors())
    with pytest.raises(StoreError):
        attachment_bytes(raw.replace(b"AAEC", b"AAED"), found, 0)
    lying = replace(found, attachments=(replace(found.attachments[0], sha256="0" * 64),))
    with pytest.raises(StoreError):
        attachment_bytes(raw, lying, 0)
