"""Signatures built by hand: what is well-formed in any encoding is read, and whatever could be read in two ways is not.

Every signature lies in an otherwise genuine delivery receipt, judged by `pecdesk verify`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from pecdesk.demo.authority import (
    CONTENT_TYPE,
    DATA,
    DIGEST_IDENTIFIERS,
    MESSAGE_DIGEST,
    RSA_ENCRYPTION,
    SIGNED_DATA,
    SIGNING_TIME,
    algorithm,
    attribute,
    issuer_and_serial_number,
    time_value,
)
from pecdesk.demo.builders import signed_mail
from pecdesk.trust.der import (
    NULL,
    OCTET_STRING,
    SEQUENCE,
    encode,
    encode_object_identifier,
    read_only_element,
)
from tests.hostile.attacks import ALTERED, CERTIFIED, NOT_CERTIFIED, RESERVE, UNDETERMINED, receipt
from tests.hostile.bench import Bench, authority, facts, signer
from tests.kit import pki
from tests.kit.messages import taken_apart

PROVES = (CERTIFIED, RESERVE)
SEED = 20261122

CONTENT = receipt().content
AT = receipt().at
CMS_ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"


def signature(**faults: object) -> bytes:
    """A good signature over the receipt, but for the faults named."""
    settings: dict[str, object] = {"at": AT, **faults}
    return signer().sign(CONTENT(), **settings)


def content_type(identifier: str = DATA) -> bytes:
    return attribute(CONTENT_TYPE, encode_object_identifier(identifier))


def digest(value: bytes | None = None) -> bytes:
    return attribute(
        MESSAGE_DIGEST, encode(OCTET_STRING, hashlib.sha256(CONTENT()).digest() if value is None else value)
    )


def signing_time() -> bytes:
    return attribute(SIGNING_TIME, time_value(AT))


def nested(depth: int) -> bytes:
    """So many elements of indefinite length inside one another."""
    return b"\x30\x80" * depth + b"\x00\x00" * depth


def wrapped(der: bytes) -> bytes:
    """The ContentInfo inside another."""
    return encode(SEQUENCE, encode_object_identifier(SIGNED_DATA), encode(0xA0, der))


def protection(digest_name: str) -> bytes:
    """CMSAlgorithmProtection that names this digest (RFC 6211)."""
    return attribute(
        CMS_ALGORITHM_PROTECTION,
        encode(SEQUENCE, algorithm(DIGEST_IDENTIFIERS[digest_name]), encode(0xA1, algorithm(RSA_ENCRYPTION)[2:])),
    )


def named_certificate(of: bytes) -> bytes:
    """SigningCertificateV2 (RFC 5035) naming the certificate with this hash."""
    return attribute(
        SIGNING_CERTIFICATE_V2, encode(SEQUENCE, encode(SEQUENCE, encode(SEQUENCE, encode(OCTET_STRING, of))))
    )


READ: dict[str, Callable[[], bytes]] = {
    "plain": signature,
    "indefinite lengths": lambda: signature(indefinite=True),
    "lengths in more bytes than needed": lambda: pki.to_long_lengths(signature()),
    "the value in pieces": lambda: signature(in_pieces=True),
    "attributes in another order than DER's": lambda: signature(sorted_attributes=False),
    "named by key identifier": lambda: signature(by_key_identifier=True),
    "an attribute that nobody knows": lambda: signature(more_attributes=(attribute("1.2.3.4", encode(NULL)),)),
    "unsigned attributes": lambda: signature(unsigned_attributes=encode(0xA1, attribute("1.2.3.4", encode(NULL)))),
    "a revocation list along": lambda: signature(crls=encode(0xA1, pki.revocation_list(authority()))),
    "certificates in another order": lambda: signature(certificates=(authority().certificate, signer().certificate)),
    "certificates twice": lambda: signature(certificates=(signer().certificate,) * 2),
    "the signer's certificate alone": lambda: signature(certificates=(signer().certificate,)),
    "a certificate of a form nobody uses": lambda: signature(
        certificates=(signer().certificate, encode(0xA0, b""), authority().certificate)
    ),
    "further digest algorithms named": lambda: signature(
        set_digest_algorithms=[algorithm(DIGEST_IDENTIFIERS[name]) for name in ("sha256", "sha512")]
    ),
    "digest and RSA in one identifier": lambda: signature(signature_algorithm=algorithm(pki.RSA_WITH["sha256"])),
    "digest without parameters": lambda: signature(digest_algorithm=algorithm(DIGEST_IDENTIFIERS["sha256"], b"")),
    "GeneralizedTime": lambda: signature(
        attributes=(content_type(), digest(), attribute(SIGNING_TIME, pki.generalized_time(AT)))
    ),
    "protected algorithms": lambda: signature(more_attributes=(protection("sha256"),)),
    "the certificate named by hash": lambda: signature(
        more_attributes=(named_certificate(hashlib.sha256(signer().certificate).digest()),)
    ),
}

REFUSED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "content inside": (
        lambda: signature(encapsulated=encode(0xA0, encode(OCTET_STRING, CONTENT()))),
        NOT_CERTIFIED,
        "content-present",
    ),
    "other content inside": (
        lambda: signature(encapsulated=encode(0xA0, encode(OCTET_STRING, b"altro"))),
        NOT_CERTIFIED,
        "content-present",
    ),
    "empty content inside": (lambda: signature(encapsulated=encode(0xA0)), NOT_CERTIFIED, "content-present"),
    "no signer": (lambda: signature(signers=0), NOT_CERTIFIED, "signer-count"),
    "two signers": (lambda: signature(signers=2), NOT_CERTIFIED, "signer-count"),
    "thirty signers": (lambda: signature(signers=30), NOT_CERTIFIED, "signer-count"),
    "no attributes": (lambda: signature(without_attributes=True), NOT_CERTIFIED, "attributes-missing"),
    "an empty set of attributes": (lambda: signature(attributes=()), NOT_CERTIFIED, "attributes-missing"),
    "no content type": (lambda: signature(attributes=(digest(), signing_time())), NOT_CERTIFIED, "attributes-missing"),
    "no digest": (lambda: signature(attributes=(content_type(), signing_time())), NOT_CERTIFIED, "attributes-missing"),
    "two content types": (
        lambda: signature(more_attributes=(content_type(),)),
        NOT_CERTIFIED,
        "attributes-duplicate",
    ),
    "two digests": (lambda: signature(more_attributes=(digest(bytes(32)),)), NOT_CERTIFIED, "attributes-duplicate"),
    "the same digest twice": (lambda: signature(more_attributes=(digest(),)), NOT_CERTIFIED, "attributes-duplicate"),
    "two signing times": (
        lambda: signature(more_attributes=(signing_time(),)),
        NOT_CERTIFIED,
        "attributes-duplicate",
    ),
    "a digest attribute of two values": (
        lambda: signature(
            attributes=(
                content_type(),
                attribute(
                    MESSAGE_DIGEST,
                    encode(OCTET_STRING, hashlib.sha256(CONTENT()).digest()),
                    encode(OCTET_STRING, bytes(32)),
                ),
            )
        ),
        NOT_CERTIFIED,
        "attributes-duplicate",
    ),
    "a digest attribute of no value": (
        lambda: signature(attributes=(content_type(), attribute(MESSAGE_DIGEST))),
        NOT_CERTIFIED,
        "attributes-duplicate",
    ),
    "a digest that is no octet string": (
        lambda: signature(attributes=(content_type(), attribute(MESSAGE_DIGEST, encode(NULL)))),
        NOT_CERTIFIED,
        "attributes-wrong",
    ),
    "another content type": (
        lambda: signature(attributes=(content_type(SIGNED_DATA), digest(), signing_time())),
        NOT_CERTIFIED,
        "attributes-wrong",
    ),
    "another content type outside": (lambda: signature(content_type="1.2.3.4"), NOT_CERTIFIED, "attributes-wrong"),
    "a signing time that is none": (
        lambda: signature(attributes=(content_type(), digest(), attribute(SIGNING_TIME, encode(NULL)))),
        NOT_CERTIFIED,
        "attributes-wrong",
    ),
    "a signing time on 30 February": (
        lambda: signature(
            attributes=(content_type(), digest(), attribute(SIGNING_TIME, encode(0x17, b"260230000000Z")))
        ),
        NOT_CERTIFIED,
        "attributes-wrong",
    ),
    "protected algorithms that differ": (
        lambda: signature(more_attributes=(protection("sha512"),)),
        NOT_CERTIFIED,
        "attributes-wrong",
    ),
    "another certificate named by hash": (
        lambda: signature(more_attributes=(named_certificate(bytes(32)),)),
        NOT_CERTIFIED,
        "attributes-wrong",
    ),
    "the attributes moved to the unsigned ones": (
        lambda: signature(
            without_attributes=True, unsigned_attributes=encode(0xA1, content_type(), digest(), signing_time())
        ),
        NOT_CERTIFIED,
        "attributes-missing",
    ),
    "a wrong digest": (
        lambda: signature(attributes=(content_type(), digest(bytes(32)), signing_time())),
        ALTERED,
        "digest-mismatch",
    ),
    "an empty digest": (
        lambda: signature(attributes=(content_type(), digest(b""), signing_time())),
        ALTERED,
        "digest-mismatch",
    ),
    "the beginning of the digest": (
        lambda: signature(attributes=(content_type(), digest(hashlib.sha256(CONTENT()).digest()[:16]), signing_time())),
        ALTERED,
        "digest-mismatch",
    ),
    "another digest named": (
        lambda: signature(digest_algorithm=algorithm(DIGEST_IDENTIFIERS["sha512"])),
        ALTERED,
        "digest-mismatch",
    ),
    "a digest with parameters": (
        lambda: signature(digest_algorithm=algorithm(DIGEST_IDENTIFIERS["sha256"], encode(OCTET_STRING, b"x"))),
        NOT_CERTIFIED,
        "unsupported-algorithm",
    ),
    "an unknown digest": (
        lambda: signature(digest_algorithm=algorithm("1.2.3.4")),
        NOT_CERTIFIED,
        "unsupported-algorithm",
    ),
    "a signature algorithm of another digest": (
        lambda: signature(signature_algorithm=algorithm(pki.RSA_WITH["sha512"])),
        NOT_CERTIFIED,
        "unsupported-algorithm",
    ),
    "a signature algorithm of another kind of key": (
        lambda: signature(signature_algorithm=algorithm(pki.ECDSA_WITH["sha256"], b"")),
        NOT_CERTIFIED,
        "unsupported-algorithm",
    ),
    "PSS named where PKCS #1 was used": (
        lambda: signature(signature_algorithm=algorithm(pki.RSA_PSS, pki.pss_parameters("sha256"))),
        ALTERED,
        "signature-mismatch",
    ),
    "a digest missing from the list": (
        lambda: signature(set_digest_algorithms=[]),
        NOT_CERTIFIED,
        "unsupported-algorithm",
    ),
    "a signature value of zeros": (lambda: signature(signature_value=bytes(256)), ALTERED, "signature-mismatch"),
    "a signature value of one": (
        lambda: signature(signature_value=bytes(255) + b"\x01"),
        ALTERED,
        "signature-mismatch",
    ),
    "a signature value of nothing": (lambda: signature(signature_value=b"\0"), ALTERED, "signature-mismatch"),
    "a long signature value": (lambda: signature(signature_value=bytes(5000)), ALTERED, "signature-mismatch"),
    "a wrong serial number": (
        lambda: signature(identifier=issuer_and_serial_number(signer(serial=2).certificate)),
        NOT_CERTIFIED,
        "signer-certificate-missing",
    ),
    "the issuer's certificate named as the signer's": (
        lambda: signature(identifier=issuer_and_serial_number(authority().certificate)),
        NOT_CERTIFIED,
        "signature-mismatch",
    ),
    "a wrong key identifier": (
        lambda: signature(identifier=encode(0x80, bytes(20))),
        NOT_CERTIFIED,
        "signer-certificate-missing",
    ),
    "no certificates": (lambda: signature(certificates=()), NOT_CERTIFIED, "signer-certificate-missing"),
    "the authority's certificate alone": (
        lambda: signature(certificates=(authority().certificate,)),
        NOT_CERTIFIED,
        "signer-certificate-missing",
    ),
    "a certificate that is none": (
        lambda: signature(certificates=(encode(SEQUENCE, b"\x05\x00"),)),
        NOT_CERTIFIED,
        "signer-certificate-missing",
    ),
    "another outer type": (lambda: signature(outer_type="1.2.840.113549.1.7.3"), ALTERED, "cms-unreadable"),
    "trailing bytes": (lambda: signature(trailing=b"\0\0"), ALTERED, "cms-unreadable"),
    "a second signature behind": (lambda: signature() * 2, ALTERED, "cms-unreadable"),
    "inside another": (lambda: wrapped(signature()), ALTERED, "cms-unreadable"),
    "in an octet string": (lambda: encode(OCTET_STRING, signature()), ALTERED, "cms-unreadable"),
    "a length that reaches too far": (lambda: b"\x30\x84\x7f\xff\xff\xff" + signature()[4:], ALTERED, "cms-unreadable"),
    "a length of five bytes": (lambda: b"\x30\x85\0\0\0\x10\0" + signature()[4:], ALTERED, "cms-unreadable"),
    "a length of 126 bytes": (lambda: b"\x30\xfe" + signature()[4:], ALTERED, "cms-unreadable"),
    "a length reserved": (lambda: b"\x30\xff" + signature()[4:], ALTERED, "cms-unreadable"),
    "an indefinite length without an end": (lambda: b"\x30\x80" + signature()[4:], ALTERED, "cms-unreadable"),
    "nothing": (lambda: b"", NOT_CERTIFIED, "cms-unreadable"),
    "NULL": (lambda: b"\x05\x00", NOT_CERTIFIED, "cms-unreadable"),
    "zeros": (lambda: bytes(1000), NOT_CERTIFIED, "cms-unreadable"),
    "a text": (lambda: b"Firma del gestore", NOT_CERTIFIED, "cms-unreadable"),
    "24 indefinite lengths": (lambda: nested(24), NOT_CERTIFIED, "cms-unreadable"),
    "100,000 indefinite lengths": (lambda: nested(100_000), NOT_CERTIFIED, "cms-unreadable"),
    "an indefinite primitive": (lambda: b"\x04\x80\0\0", NOT_CERTIFIED, "cms-unreadable"),
    "a tag in long form": (lambda: b"\x3f\x81\x01\x00", NOT_CERTIFIED, "cms-unreadable"),
    "an object identifier without end": (
        lambda: encode(SEQUENCE, b"\x06\x05\x80\x80\x80\x80\x80", b"\xa0\0"),
        NOT_CERTIFIED,
        "cms-unreadable",
    ),
    "33 certificates": (
        lambda: signature(certificates=(signer().certificate,) * 33),
        UNDETERMINED,
        "part-limit",
    ),
}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("cms"))


def carrying(der: bytes) -> bytes:
    """The receipt with this signature."""
    content, _, boundary = taken_apart(receipt())
    return signed_mail(receipt().fields, content, der, boundary)


@pytest.fixture(scope="module")
def judged(bench: Bench) -> dict[str, Any]:
    made = {f"read {name}": carrying(make()) for name, make in READ.items()}
    made |= {f"refused {name}": carrying(make()) for name, (make, _, _) in REFUSED.items()}
    return bench.verify(made)


@pytest.mark.parametrize("name", READ)
def test_a_signature_in_any_proper_encoding_is_read(judged: dict[str, Any], name: str) -> None:
    entry = judged[f"read {name}"]
    assert (entry["standing"], entry["reasons"]) == (CERTIFIED, [])


@pytest.mark.parametrize("name", REFUSED)
def test_a_signature_that_plays_tricks_is_refused_for_its_trick(judged: dict[str, Any], name: str) -> None:
    _, standing, reason = REFUSED[name]
    entry = judged[f"refused {name}"]
    assert entry["standing"] == standing, entry["reasons"]
    assert reason in entry["reasons"]
    assert facts(entry) is None


def test_every_truncation_of_a_signature_is_refused(bench: Bench) -> None:
    whole = signature()
    cuts = {str(end): carrying(whole[:end]) for end in (*range(80), *range(80, len(whole), 23))}
    assert len(cuts) > 150
    for entry in bench.verify(cuts, place="cuts").values():
        assert entry["standing"] in (ALTERED, NOT_CERTIFIED)
        assert entry["reasons"][0] == "cms-unreadable"


def test_a_changed_signature_never_shows_another_fact(bench: Bench, judged: dict[str, Any]) -> None:
    """A few bytes of a signature are signed by nobody (NULL parameters, the version); facts do not hang on them."""
    chance = Random(SEED)
    whole = signature(certificates=(signer().certificate,))
    true = facts(judged["read plain"])
    changed = {"as it was": carrying(whole)}
    for number in range(400):
        at, bit = chance.randrange(len(whole)), 1 << chance.randrange(8)
        changed[f"{number} at {at}"] = carrying(whole[:at] + bytes((whole[at] ^ bit,)) + whole[at + 1 :])
    survivors = 0
    for name, entry in bench.verify(changed, place="flips").items():
        if entry["standing"] in PROVES:
            survivors += 1
            assert facts(entry) == true, name
        else:
            assert facts(entry) is None
    assert 1 <= survivors < 20


def test_times_of_a_certificate_cannot_be_stretched_by_their_form(bench: Bench) -> None:
    """A certificate whose dates are written in a form that RFC 5280 does not allow is no certificate."""
    odd = {
        "GeneralizedTime before 2050": pki.generalized_time(datetime(2025, 1, 1, tzinfo=UTC)),
        "with fractions": encode(0x18, b"20250101000000.5Z"),
        "with an offset": encode(0x17, b"250101000000+0100"),
        "without seconds": encode(0x17, b"2501010000Z"),
    }
    good = signer()
    made = {}
    for name, value in odd.items():
        (body, *_) = read_only_element(good.certificate).children()
        fields = list(body.children())
        fields_encoded = [one.encoded for one in fields]
        fields_encoded[4] = encode(SEQUENCE, value, list(fields[4].children())[1].encoded)
        signed = encode(SEQUENCE, *fields_encoded)
        value_of = pki.sign_value(authority().key, signed, "sha256", "pkcs1")
        certificate = encode(SEQUENCE, signed, algorithm(pki.RSA_WITH["sha256"]), encode(0x03, b"\0" + value_of))
        made[name] = carrying(pki.Signer(certificate, good.key, ()).sign(CONTENT(), at=AT))
    standings = {name: entry["standing"] for name, entry in bench.verify(made, place="times").items()}
    assert standings == {
        "GeneralizedTime before 2050": CERTIFIED,
        "with fractions": NOT_CERTIFIED,
        "with an offset": NOT_CERTIFIED,
        "without seconds": NOT_CERTIFIED,
    }
