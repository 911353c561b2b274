"""Genuine messages, read from beside the checkout: never copied, skipped where they are not."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.utils import parseaddr
from pathlib import Path

import pytest

from pecdesk.trust import CheckName, Note, Reason, SignatureStatus, Verdict, shipped_anchors, verify
from tests.kit import pki

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
NOTES = {Note.SHA1_AT_THE_TIME, Note.CERTIFICATE_EXPIRED_SINCE, Note.REVOCATION_NOT_CHECKED}
GENUINE = [
    "aruba-2018-acceptance.eml",
    "aruba-2018-delivery-full.eml",
    "aruba-2021-acceptance.eml",
    "sogei-2018-envelope-sdi-rc.eml",
]
DAMAGED = "sogei-2018-envelope-sdi-rc-damaged.eml"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the genuine messages are not beside the checkout")


def cut(name: str) -> tuple[bytes, bytes, str]:
    """Signed bytes, signature, address of a multipart/signed message."""
    raw = (SAMPLES / name).read_bytes()
    if b"\r" not in raw:
        raw = raw.replace(b"\n", b"\r\n")
    message = message_from_bytes(raw)
    boundary = re.escape((message.get_boundary() or "").encode())
    body = b"\r\n" + raw.partition(b"\r\n\r\n")[2]
    signed = re.split(rb"\r\n--%b(?:--)?[ \t]*\r\n" % boundary, body)[1]
    signature = message.get_payload()[1].get_payload(decode=True)
    return signed, signature, parseaddr(message["From"])[1]


def daticert_time(content: bytes) -> datetime:
    """The certified time as it stands in the message, without any parser of ours."""
    text = b"".join(message_from_bytes(content).get_payload()[1].get_payload(decode=True).split())
    zone, day, hour = re.search(rb'zona="([+-]\d{4})"><giorno>([\d/]+)</giorno><ora>([\d:]+)', text).groups()  # type: ignore[union-attr]
    return datetime.strptime(f"{day.decode()} {hour.decode()} {zone.decode()}", "%d/%m/%Y %H:%M:%S %z")


def judge(content: bytes, signature: bytes, address: str, at: datetime | None = None) -> Verdict:
    return verify(content, signature, at=at, address=address, address_reason=None, anchors=shipped_anchors(), now=NOW)


@pytest.mark.parametrize("name", GENUINE)
def test_genuine_message_passes_at_its_certified_time(name: str) -> None:
    content, signature, address = cut(name)
    at = daticert_time(content) if name != "aruba-2018-delivery-full.eml" else None
    verdict = judge(content, signature, address, at)
    assert (verdict.status, verdict.reason) == (SignatureStatus.PASSED, None)
    assert verdict.notes == NOTES
    assert (verdict.circuit, verdict.provider_proven, verdict.weak) == ("AgID CA1", True, False)
    assert verdict.signed_at is not None
    assert verdict.reference_time is not None
    assert abs(verdict.signed_at - verdict.reference_time) <= timedelta(seconds=2)


def test_damaged_message_fails_by_its_digest_and_is_proven_the_providers() -> None:
    verdict = judge(*cut(DAMAGED))
    assert pki.failures(verdict) == {CheckName.DIGEST: Reason.DIGEST_MISMATCH}
    assert verdict.provider_proven


@pytest.mark.parametrize("name", GENUINE)
def test_changed_byte_of_a_genuine_message_fails(name: str) -> None:
    content, signature, address = cut(name)
    for position in range(0, len(content), 97):
        mutant = content[:position] + bytes((content[position] ^ 1,)) + content[position + 1 :]
        verdict = judge(mutant, signature, address)
        assert (verdict.status, verdict.reason) == (SignatureStatus.FAILED, Reason.DIGEST_MISMATCH)
        assert verdict.provider_proven


@pytest.mark.parametrize("name", GENUINE)
def test_genuine_message_fails_today_and_from_another_sender(name: str) -> None:
    content, signature, address = cut(name)
    assert judge(content, signature, address, NOW).reason is Reason.EXPIRED
    assert judge(content, signature, "evil" + address).reason is Reason.ADDRESS_MISMATCH


@pytest.mark.parametrize("name", GENUINE)
def test_genuine_message_is_unknown_to_other_anchors(name: str) -> None:
    content, signature, address = cut(name)
    verdict = pki.judge(signature, content=content, address=address)
    assert (verdict.status, verdict.reason) == (SignatureStatus.INDETERMINATE, Reason.UNKNOWN_ANCHOR)
    assert "AgID CA1" in pki.check(verdict, CheckName.PATH).detail


def test_genuine_signature_cut_short_is_still_the_providers() -> None:
    content, signature, address = cut(GENUINE[0])
    verdict = judge(content, signature[:-30], address, daticert_time(content))
    assert (verdict.reason, verdict.provider_proven) == (Reason.CMS_UNREADABLE, True)
