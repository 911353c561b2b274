"""Certificates are read strictly, and as other readers read them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography import x509

from pecdesk.trust.certificate import read_certificate, read_time
from pecdesk.trust.der import (
    INTEGER,
    OCTET_STRING,
    SEQUENCE,
    DerError,
    encode,
    encode_integer,
    encode_object_identifier,
    read_only_element,
)
from pecdesk.trust.names import encode_name, name_text
from tests.kit import pki


def test_certificate_is_read_as_another_library_reads_it() -> None:
    for encoded in (pki.provider().certificate, pki.authority().certificate):
        ours, theirs = read_certificate(encoded), x509.load_der_x509_certificate(encoded)
        assert ours.not_before == theirs.not_valid_before_utc
        assert ours.not_after == theirs.not_valid_after_utc
        assert int.from_bytes(ours.serial) == theirs.serial_number
        assert name_text(ours.subject) == theirs.subject.rfc4514_string()
        assert ours.signed_part == theirs.tbs_certificate_bytes
        assert ours.signature == theirs.signature
        policies = theirs.extensions.get_extension_for_class(x509.CertificatePolicies).value
        assert ours.extensions.policies == {one.policy_identifier.dotted_string for one in policies}
        purposes = theirs.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        assert ours.extensions.purposes == {one.dotted_string for one in purposes}
        identifier = theirs.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        assert ours.extensions.key_identifier == identifier.digest


def test_names_limits_and_uses_are_read() -> None:
    provider = read_certificate(pki.provider().certificate).extensions
    assert provider.addresses == (pki.ADDRESS,)
    assert provider.key_usage == {"digital-signature"}
    assert (provider.is_authority, provider.path_length, provider.constraints) == (False, None, None)
    assert len(provider.crl_names) == 1
    ca = read_certificate(pki.authority().certificate).extensions
    assert ca.constraints is not None
    assert ca.constraints.permitted_mail == pki.DOMAINS
    assert ca.constraints.permitted_directories[0] == encode_name(pki.LIMIT)
    assert ca.key_usage == {"certificate-sign", "crl-sign"}
    assert (ca.is_authority, ca.path_length, ca.addresses) == (True, 0, ())


def test_authority_is_what_says_so() -> None:
    for flag, is_authority in ((b"", False), (encode(0x01, b"\x00"), False), (encode(0x01, b"\xff"), True)):
        certificate = provider_with("2.5.29.19", encode(SEQUENCE, flag))
        assert read_certificate(certificate).extensions.is_authority is is_authority


def test_only_full_names_of_distribution_points_are_followed() -> None:
    relative = encode(SEQUENCE, encode(0xA0, encode(0xA1)), encode(0x81, b"\x01\x02"))
    point = pki.extension("2.5.29.31", encode(SEQUENCE, relative))
    certificate = pki.provider(crl_point=None, more_extensions=(point,)).certificate
    assert read_certificate(certificate).extensions.crl_names == frozenset()


def test_certificate_without_extensions_says_nothing() -> None:
    extensions = read_certificate(pki.provider(no_extensions=True).certificate).extensions
    assert (extensions.addresses, extensions.policies, extensions.purposes) == ((), None, None)


def test_all_forms_of_names_are_told_apart() -> None:
    other = [
        encode(0x82, b"example.it"),
        encode(0x86, b"http://example.it"),
        encode(0x87, b"\x7f\x00\x00\x01"),
        encode(0xA0, b""),
        encode(0xA4, encode_name("O=Uno")),
    ]
    extensions = read_certificate(pki.provider(other_names=other).certificate).extensions
    assert extensions.other_forms == {"dns", "uri", "ip", "other"}
    assert extensions.directories == (encode_name("O=Uno"),)


def test_constraints_of_every_form_are_read() -> None:
    value = pki.constraints_value(
        ["A.example"],
        [],
        ["x.example"],
        ["O=No"],
        more_permitted=[encode(0x82, b"")],
        more_excluded=[encode(0x87, b"")],
    )
    constraints = read_certificate(pki.authority(constraints=value).certificate).extensions.constraints
    assert constraints is not None
    assert (constraints.permitted_mail, constraints.excluded_mail) == (("a.example",), ("x.example",))
    assert constraints.excluded_directories == (encode_name("O=No"),)
    assert constraints.closed_forms == ("dns", "ip")


def test_address_inside_the_subject_is_known_apart() -> None:
    certificate = read_certificate(pki.provider(subject="emailAddress=a@b.example,O=Uno").certificate)
    assert certificate.subject_addresses == ("a@b.example",)


def test_critical_extensions_that_are_not_understood_are_named() -> None:
    unknown = pki.extension("1.2.3.4", b"\x05\x00", critical=True)
    harmless = [pki.extension("1.2.3.5", b"\x05\x00"), pki.extension("2.5.29.36", encode(SEQUENCE), critical=True)]
    false = encode(
        SEQUENCE, encode_object_identifier("1.2.3.6"), encode(0x01, b"\x00"), encode(OCTET_STRING, b"\x05\x00")
    )
    certificate = pki.provider(more_extensions=[unknown, *harmless, false]).certificate
    assert read_certificate(certificate).extensions.not_understood == ("1.2.3.4",)


def provider_with(identifier: str, value: bytes, **without: object) -> bytes:
    return pki.provider(more_extensions=[pki.extension(identifier, value)], **without).certificate


@pytest.mark.parametrize(
    "encoded",
    [
        b"",
        b"\x30\x00",
        encode(SEQUENCE, encode(SEQUENCE), encode(SEQUENCE), encode(SEQUENCE)),
        pki.provider().certificate + b"\x00",
        pki.provider().certificate[:-1],
        pki.provider(inner_algorithm=pki.signature_algorithm(pki.private_key("ca1"), "sha1", "pkcs1")).certificate,
        pki.provider(addresses=["no address"]).certificate,
        pki.provider(addresses=["a@b@c.example"]).certificate,
        pki.provider(addresses=["a@b.example\x00.evil.example"]).certificate,
        pki.provider(addresses=["a@-"]).certificate,
        pki.provider(other_names=[encode(0xA4, b"\x05\x00")]).certificate,
        provider_with("2.5.29.14", encode(OCTET_STRING, b"twice")),
        provider_with("2.5.29.14", encode(SEQUENCE), key_usage=None)[:-1],
        provider_with("2.5.29.19", encode(SEQUENCE, encode_integer(5), encode(0x04))),
        provider_with("2.5.29.19", encode(SEQUENCE, encode(INTEGER, b"\xff"))),
        provider_with("2.5.29.30", encode(SEQUENCE, encode(0xA2))),
        provider_with("2.5.29.30", encode(SEQUENCE, encode(0xA0, encode(SEQUENCE, encode(0x81), encode(0x80))))),
        provider_with("2.5.29.30", encode(SEQUENCE, encode(0xA0, encode(SEQUENCE, encode(0xA4, encode(0x31)))))),
        provider_with("2.5.29.32", encode(SEQUENCE, encode(SEQUENCE)), policies=None),
        provider_with("2.5.29.37", encode(SEQUENCE, encode(OCTET_STRING)), purposes=None),
        pki.provider(more_extensions=[encode(SEQUENCE)]).certificate,
        pki.provider(more_extensions=[encode(SEQUENCE, encode_object_identifier("1.2.3"))]).certificate,
        pki.provider(
            more_extensions=[
                encode(SEQUENCE, encode_object_identifier("1.2.3"), encode(OCTET_STRING), encode(OCTET_STRING))
            ]
        ).certificate,
    ],
)
def test_malformed_certificates_are_refused(encoded: bytes) -> None:
    with pytest.raises(DerError):
        read_certificate(encoded)


def test_signature_must_be_whole_bytes() -> None:
    whole = pki.provider().certificate
    body, signed_with, signature = read_only_element(whole).children()
    for content in (b"", b"\x01" + signature.content[1:]):
        with pytest.raises(DerError):
            read_certificate(encode(SEQUENCE, body.encoded, signed_with.encoded, encode(0x03, content)))


@pytest.mark.parametrize(
    ("tag", "text", "time"),
    [
        (0x17, b"491231235959Z", datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (0x17, b"500101000000Z", datetime(1950, 1, 1, tzinfo=UTC)),
        (0x18, b"20500101000000Z", datetime(2050, 1, 1, tzinfo=UTC)),
    ],
)
def test_times_are_read(tag: int, text: bytes, time: datetime) -> None:
    assert read_time(read_only_element(encode(tag, text))) == time


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        (0x17, b"4912312359Z"),
        (0x17, b"491231235959+0100"),
        (0x17, "٤٩1231235959Z".encode()),
        (0x17, b"20500101000000Z"),
        (0x18, b"20500101000000.5Z"),
        (0x18, b"20500101000000"),
        (0x18, b"20501301000000Z"),
        (0x18, b"20500101000060Z"),
        (0x04, b"491231235959Z"),
    ],
)
def test_times_in_other_forms_are_refused(tag: int, text: bytes) -> None:
    with pytest.raises(DerError):
        read_time(read_only_element(encode(tag, text)))
