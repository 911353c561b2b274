"""Verdicts on signatures: each fault beside its positive twin."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.demo.authority import (
    CONTENT_TYPE,
    DATA,
    DIGEST_IDENTIFIERS,
    MESSAGE_DIGEST,
    SIGNING_TIME,
    algorithm,
    attribute,
    time_value,
)
from pecdesk.trust import AnchorSet, CheckName, CheckStatus, Note, Reason, RevocationMode, SignatureStatus
from pecdesk.trust.cms import MAX_BYTES, MAX_CERTIFICATES
from pecdesk.trust.der import NULL, OCTET_STRING, SEQUENCE, encode, encode_integer, encode_object_identifier
from pecdesk.trust.judgement import conclusion
from pecdesk.trust.names import encode_name
from tests.kit import pki

PASSED, FAILED, INDETERMINATE = SignatureStatus.PASSED, SignatureStatus.FAILED, SignatureStatus.INDETERMINATE
CHECKS = (
    CheckName.CMS,
    CheckName.SIGNED_ATTRIBUTES,
    CheckName.DIGEST,
    CheckName.SIGNATURE,
    CheckName.ALGORITHMS,
    CheckName.PATH,
    CheckName.POLICY,
    CheckName.PURPOSE,
    CheckName.NAME_CONSTRAINTS,
    CheckName.VALIDITY,
    CheckName.REVOCATION,
    CheckName.SIGNER_ALLOWED,
    CheckName.ADDRESS,
)


def fails_only(signature: bytes, name: CheckName, reason: Reason, **how: object) -> None:
    verdict = pki.judge(signature, **how)  # type: ignore[arg-type]
    assert (verdict.status, verdict.reason) == (FAILED, reason)
    assert pki.failures(verdict) == {name: reason}


def test_good_signature_passes_with_every_check_as_a_line() -> None:
    verdict = pki.judge(pki.provider().sign())
    assert (verdict.status, verdict.reason) == (PASSED, None)
    assert tuple(check.name for check in verdict.checks) == CHECKS
    assert not pki.failures(verdict)
    assert verdict.circuit == "prova"
    assert verdict.provider_proven
    assert not verdict.weak
    assert verdict.signed_at == verdict.reference_time == pki.MOMENT
    assert verdict.digest == "sha256"
    assert verdict.notes == {Note.REVOCATION_NOT_CHECKED}


def test_verdict_shows_the_signer_and_its_chain() -> None:
    verdict = pki.judge(pki.provider().sign())
    signer = verdict.signer
    assert signer is not None
    assert signer.email == pki.ADDRESS
    assert signer.subject == "CN=Posta Certificata Uno,O=Gestore Uno S.p.A.,C=IT"
    assert signer.issuer == "CN=PROVA CA1,OU=Area di prova,O=Agenzia di prova,C=IT"
    assert signer.serial == "1122334455667788"
    assert [one.sha256 for one in verdict.chain] == [signer.sha256]


def test_every_verdict_has_every_line() -> None:
    good = pki.provider().sign()
    for signature in (b"", good[:-1], good + b"\x00", pki.provider().sign(signers=2), b"\x30" * (MAX_BYTES + 1), good):
        for trusted in (pki.anchors(), AnchorSet(())):
            assert tuple(check.name for check in pki.judge(signature, trusted).checks) == CHECKS


# the content


def test_one_changed_byte_of_content_fails_the_digest_and_leaves_the_provider_proven() -> None:
    signature = pki.provider().sign()
    fails_only(signature, CheckName.DIGEST, Reason.DIGEST_MISMATCH, content=pki.CONTENT.replace(b"prova", b"Prova"))
    assert pki.judge(signature, content=b"").provider_proven


@settings(deadline=None, max_examples=100)
@given(position=st.integers(0, len(pki.CONTENT) - 1), change=st.integers(1, 255))
def test_no_mutant_of_the_content_passes(position: int, change: int) -> None:
    mutant = bytearray(pki.CONTENT)
    mutant[position] ^= change
    verdict = pki.judge(pki.provider().sign(), content=bytes(mutant))
    assert verdict.status is FAILED
    assert verdict.reason is Reason.DIGEST_MISMATCH


@settings(deadline=None, max_examples=120)
@given(data=st.data())
def test_no_mutant_of_what_the_signer_signed_passes(data: st.DataObject) -> None:
    """Only bytes that nobody signed (unused names of algorithms, other certificates) may change without a failure."""
    signature = pki.provider().sign(certificates=[pki.provider().certificate])
    position = data.draw(st.integers(0, len(signature) - 1))
    mutant = bytearray(signature)
    mutant[position] ^= data.draw(st.integers(1, 255))
    verdict = pki.judge(bytes(mutant))
    assert len(verdict.checks) == len(CHECKS)
    if verdict.status is PASSED:
        assert position in unsigned_positions(signature)


def unsigned_positions(signature: bytes) -> set[int]:
    """The version numbers, and the two bytes of NULL after an algorithm, which may also be absent."""
    versions = {at + 2 for at in range(len(signature)) if signature[at : at + 3] == b"\x02\x01\x01"}
    tags = {at for at in range(len(signature)) if signature[at : at + 2] == b"\x05\x00"}
    return versions | tags


@settings(deadline=None, max_examples=100)
@given(start=st.integers(0, 1600), length=st.integers(0, 30), filling=st.binary(max_size=30))
def test_no_signature_with_a_piece_replaced_passes_unless_it_is_the_same(
    start: int, length: int, filling: bytes
) -> None:
    signature = pki.provider().sign(certificates=[pki.provider().certificate])
    spoilt = signature[:start] + filling + signature[start + length :]
    verdict = pki.judge(spoilt, at=pki.MOMENT)
    assert len(verdict.checks) == len(CHECKS)
    if verdict.status is PASSED:
        unsigned = unsigned_positions(signature)
        assert len(spoilt) == len(signature)
        assert all(
            at in unsigned for at, (one, other) in enumerate(zip(spoilt, signature, strict=True)) if one != other
        )


@settings(deadline=None, max_examples=100)
@given(noise=st.binary(max_size=300))
def test_noise_is_never_more_than_a_failed_check(noise: bytes) -> None:
    verdict = pki.judge(noise)
    assert (verdict.status, verdict.reason) == (FAILED, Reason.CMS_UNREADABLE)


# the form of the CMS


@pytest.mark.parametrize("how", [{}, {"indefinite": True}, {"by_key_identifier": True}])
def test_both_lengths_and_both_ways_to_name_the_signer_are_read(how: dict[str, object]) -> None:
    assert pki.judge(pki.provider().sign(**how)).status is PASSED


@pytest.mark.parametrize(
    "how",
    [
        {"trailing": b"\x00"},
        {"trailing": b"\r\n"},
        {"indefinite": True, "trailing": b"\x00\x00"},
        {"outer_type": DATA},
        {"crls": encode(0xA2)},
        {"identifier": encode(SEQUENCE, encode(SEQUENCE))},
        {"identifier": encode(SEQUENCE, encode(SEQUENCE, encode(0x31, encode(NULL))), encode_integer(1))},
        {"digest_algorithm": encode(SEQUENCE)},
        {"unsigned_attributes": encode(0xA1) + encode(0xA1)},
        {"crls": encode(0xA1) + encode(0xA1)},
        {"identifier": encode(0x04, b"x")},
    ],
)
def test_a_cms_that_is_not_exactly_one_signature_cannot_be_read(how: dict[str, object]) -> None:
    verdict = pki.judge(pki.provider().sign(**how))
    assert (verdict.status, verdict.reason) == (FAILED, Reason.CMS_UNREADABLE)


def test_crls_and_unsigned_attributes_are_passed_over() -> None:
    signature = pki.provider().sign(crls=encode(0xA1), unsigned_attributes=encode(0xA1))
    assert pki.judge(signature).status is PASSED


@pytest.mark.parametrize("count", [0, 2])
def test_there_must_be_exactly_one_signer(count: int) -> None:
    verdict = pki.judge(pki.provider().sign(signers=count))
    assert (verdict.status, verdict.reason) == (FAILED, Reason.SIGNER_COUNT)
    assert f"{count} signers" in pki.check(verdict, CheckName.CMS).detail
    assert not verdict.provider_proven


def test_content_inside_the_signature_is_refused_even_if_it_is_the_same() -> None:
    explicit = encode(0xA0, encode(OCTET_STRING, pki.CONTENT))
    fails_only(pki.provider().sign(encapsulated=explicit), CheckName.CMS, Reason.CONTENT_PRESENT)


def test_signer_certificate_must_be_there() -> None:
    other = pki.provider(name="other", serial=5)
    for certificates in ([], [other.certificate], [b"\x30\x03\x02\x01\x01"]):
        verdict = pki.judge(pki.provider().sign(certificates=certificates))
        assert (verdict.status, verdict.reason) == (FAILED, Reason.SIGNER_CERTIFICATE_MISSING)


def test_signer_must_name_its_certificate_whole() -> None:
    signer = pki.provider()
    issuer, number = pki.authority().subject, encode_integer(pki.Profile().serial)
    assert pki.judge(signer.sign(identifier=encode(SEQUENCE, issuer, number))).status is PASSED
    for wrong in (
        encode(SEQUENCE, encode_name("CN=ALTRA CA,C=IT"), number),
        encode(SEQUENCE, issuer, encode_integer(5)),
        encode(0x80, b"another key"),
    ):
        assert pki.judge(signer.sign(identifier=wrong)).reason is Reason.SIGNER_CERTIFICATE_MISSING


def test_signer_certificate_may_come_from_the_policy() -> None:
    signer = pki.provider()
    trusted = pki.anchors(intermediates=(signer.certificate,))
    assert pki.judge(signer.sign(certificates=[]), trusted).status is PASSED


def test_among_certificates_of_one_serial_number_the_one_whose_key_fits_is_the_signers() -> None:
    signer = pki.provider()
    twin = pki.provider(name="twin")
    verdict = pki.judge(signer.sign(certificates=[twin.certificate, signer.certificate]))
    assert verdict.status is PASSED
    assert pki.judge(signer.sign(certificates=[twin.certificate])).reason is Reason.SIGNATURE_MISMATCH


def test_other_certificate_formats_in_the_bag_are_passed_over() -> None:
    signer = pki.provider()
    assert pki.judge(signer.sign(certificates=[encode(0xA1, b"\x05\x00"), signer.certificate])).status is PASSED


def test_a_signature_value_in_several_pieces_is_read() -> None:
    assert pki.judge(pki.provider().sign(in_pieces=True)).status is PASSED


# limits


def test_signature_over_the_size_limit_is_indeterminate() -> None:
    verdict = pki.judge(b"\x30" * (MAX_BYTES + 1))
    assert (verdict.status, verdict.reason) == (INDETERMINATE, Reason.SIZE_LIMIT)


def test_too_many_certificates_are_indeterminate() -> None:
    signer = pki.provider()
    for count, status in ((MAX_CERTIFICATES, PASSED), (MAX_CERTIFICATES + 1, INDETERMINATE)):
        verdict = pki.judge(signer.sign(certificates=[signer.certificate] * count))
        assert verdict.status is status
    assert verdict.reason is Reason.PART_LIMIT


# signed attributes


def usual(*without: int, content: bytes = pki.CONTENT) -> list[bytes]:
    found = pki.Signing(pki.provider()).usual_attributes(content)
    return [one for index, one in enumerate(found) if index not in without]


def test_signature_without_signed_attributes_is_refused() -> None:
    verdict = pki.judge(pki.provider().sign(without_attributes=True), at=pki.MOMENT)
    assert verdict.status is FAILED
    assert pki.failures(verdict) == {CheckName.SIGNED_ATTRIBUTES: Reason.ATTRIBUTES_MISSING}


@pytest.mark.parametrize("index", [0, 1])
def test_content_type_and_digest_must_be_there(index: int) -> None:
    signature = pki.provider().sign(attributes=usual(index))
    fails_only(signature, CheckName.SIGNED_ATTRIBUTES, Reason.ATTRIBUTES_MISSING)


@pytest.mark.parametrize("index", [0, 1, 2])
def test_content_type_digest_and_signing_time_must_be_there_once(index: int) -> None:
    attributes = usual()
    signature = pki.provider().sign(attributes=[*attributes, attributes[index]])
    verdict = pki.judge(signature, at=pki.MOMENT)
    assert pki.failures(verdict) == {CheckName.SIGNED_ATTRIBUTES: Reason.ATTRIBUTES_DUPLICATE}


def test_second_digest_does_not_help_a_forger() -> None:
    forged = usual(0, 2, content=b"forged")
    signature = pki.provider().sign(attributes=[*usual(), *forged])
    for content in (pki.CONTENT, b"forged"):
        assert pki.judge(signature, content=content).reason is Reason.ATTRIBUTES_DUPLICATE


@pytest.mark.parametrize("values", [0, 2])
def test_an_attribute_must_have_one_value(values: int) -> None:
    wrong = attribute(CONTENT_TYPE, *([encode_object_identifier(DATA)] * values))
    signature = pki.provider().sign(attributes=[wrong, *usual(0)])
    fails_only(signature, CheckName.SIGNED_ATTRIBUTES, Reason.ATTRIBUTES_DUPLICATE)


@pytest.mark.parametrize(
    ("index", "wrong"),
    [
        (0, attribute(CONTENT_TYPE, encode_object_identifier("1.2.840.113549.1.7.3"))),
        (0, attribute(CONTENT_TYPE, encode(NULL))),
        (1, attribute(MESSAGE_DIGEST, encode(NULL))),
        (2, attribute(SIGNING_TIME, encode(NULL))),
        (2, attribute(SIGNING_TIME, encode(0x17, b"2603011030Z"))),
        (2, attribute(SIGNING_TIME, encode(0x17, b"261301103000Z"))),
    ],
)
def test_attributes_that_say_something_else_are_wrong(index: int, wrong: bytes) -> None:
    verdict = pki.judge(pki.provider().sign(attributes=[wrong, *usual(index)]), at=pki.MOMENT)
    assert pki.failures(verdict) == {CheckName.SIGNED_ATTRIBUTES: Reason.ATTRIBUTES_WRONG}


def test_content_type_of_the_frame_must_be_plain_data_too() -> None:
    signature = pki.provider().sign(content_type="1.2.840.113549.1.9.16.1.4")
    fails_only(signature, CheckName.SIGNED_ATTRIBUTES, Reason.ATTRIBUTES_WRONG)


def test_attributes_are_judged_in_the_order_they_were_sent() -> None:
    assert pki.judge(pki.provider().sign(attributes=usual()[::-1], sorted_attributes=False)).status is PASSED


def test_changed_attribute_fails_the_signature() -> None:
    signature = pki.provider().sign()
    signed_at = time_value(pki.MOMENT)
    mutant = signature.replace(signed_at, time_value(pki.MOMENT + timedelta(days=1)))
    fails_only(mutant, CheckName.SIGNATURE, Reason.SIGNATURE_MISMATCH)
    assert pki.judge(mutant).provider_proven


ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52"


def protection(digest: bytes, signature: bytes | None) -> bytes:
    implicit = b"" if signature is None else b"\xa1" + signature[1:]
    return attribute(ALGORITHM_PROTECTION, encode(SEQUENCE, digest, implicit))


SHA256, SHA1 = (algorithm(DIGEST_IDENTIFIERS[name]) for name in ("sha256", "sha1"))


@pytest.mark.parametrize(
    ("protected", "holds"),
    [
        (protection(SHA256, algorithm("1.2.840.113549.1.1.1")), True),
        (protection(SHA256, algorithm("1.2.840.113549.1.1.11")), True),
        (protection(algorithm(DIGEST_IDENTIFIERS["sha256"], b""), algorithm("1.2.840.113549.1.1.1", b"")), True),
        (protection(SHA1, algorithm("1.2.840.113549.1.1.1")), False),
        (protection(SHA256, algorithm("1.2.840.113549.1.1.5")), False),
        (protection(SHA256, algorithm("1.2.3.4")), False),
        (protection(SHA256, None), False),
        (attribute(ALGORITHM_PROTECTION, encode(NULL)), False),
        (attribute(ALGORITHM_PROTECTION, encode(SEQUENCE)), False),
    ],
)
def test_protected_algorithms_must_be_those_used(protected: bytes, holds: bool) -> None:
    signature = pki.provider().sign(more_attributes=[protected])
    if holds:
        assert pki.judge(signature).status is PASSED
    else:
        fails_only(signature, CheckName.SIGNED_ATTRIBUTES, Reason.ATTRIBUTES_WRONG)


def signing_certificate(version: int, certificate: bytes, digest: str, named: bytes = b"") -> bytes:
    hashed = encode(OCTET_STRING, hashlib.new(digest, certificate).digest())
    identifier = "1.2.840.113549.1.9.16.2.12" if version == 1 else "1.2.840.113549.1.9.16.2.47"
    return attribute(identifier, encode(SEQUENCE, encode(SEQUENCE, encode(SEQUENCE, named, hashed))))


def test_certificate_named_in_the_attributes_must_be_the_signers() -> None:
    signer, other = pki.provider(), pki.provider(name="other")
    sha512 = algorithm(DIGEST_IDENTIFIERS["sha512"])
    for good in (
        signing_certificate(1, signer.certificate, "sha1"),
        signing_certificate(2, signer.certificate, "sha256"),
        signing_certificate(2, signer.certificate, "sha512", sha512),
    ):
        assert pki.judge(signer.sign(more_attributes=[good])).status is PASSED
    for wrong in (
        signing_certificate(1, other.certificate, "sha1"),
        signing_certificate(2, other.certificate, "sha256"),
        signing_certificate(2, signer.certificate, "sha256", sha512),
        signing_certificate(2, signer.certificate, "sha256", algorithm("1.2.3.4")),
        attribute("1.2.840.113549.1.9.16.2.47", encode(SEQUENCE, encode(SEQUENCE, encode(SEQUENCE, sha512)))),
        attribute("1.2.840.113549.1.9.16.2.47", encode(SEQUENCE)),
    ):
        fails_only(signer.sign(more_attributes=[wrong]), CheckName.SIGNED_ATTRIBUTES, Reason.ATTRIBUTES_WRONG)


# algorithms


@pytest.mark.parametrize("digest", ["sha1", "sha224", "sha256", "sha384", "sha512"])
@pytest.mark.parametrize(("kind", "scheme"), [("rsa2048", "pkcs1"), ("rsa2048", "pss"), ("p256", ""), ("p384", "")])
def test_known_algorithms_pass(digest: str, kind: str, scheme: str) -> None:
    verdict = pki.judge(pki.provider(kind=kind).sign(digest=digest, scheme=scheme))
    assert verdict.status is PASSED
    assert verdict.digest == digest
    assert (Note.SHA1_AT_THE_TIME in verdict.notes) is (digest == "sha1")


def test_large_curve_and_ed25519_pass() -> None:
    assert pki.judge(pki.provider(kind="p521").sign(digest="sha512")).status is PASSED
    assert pki.judge(pki.provider(kind="ed25519").sign(digest="sha512")).status is PASSED
    assert pki.judge(pki.provider(kind="ed25519").sign(digest="sha256")).reason is Reason.UNSUPPORTED_ALGORITHM


def test_signature_algorithm_may_name_its_digest() -> None:
    named = algorithm(pki.RSA_WITH["sha256"])
    assert pki.judge(pki.provider().sign(signature_algorithm=named)).status is PASSED


@pytest.mark.parametrize(
    "how",
    [
        {"signature_algorithm": algorithm(pki.RSA_WITH["sha1"])},
        {"signature_algorithm": algorithm(pki.RSA_WITH["sha512"])},
        {"signature_algorithm": algorithm("1.2.3.4")},
        {"signature_algorithm": algorithm(pki.RSA_WITH["sha256"], encode(SEQUENCE))},
        {"digest_algorithm": algorithm("1.2.3.4")},
        {"digest_algorithm": algorithm(DIGEST_IDENTIFIERS["sha256"], encode(SEQUENCE))},
        {"set_digest_algorithms": [SHA1]},
        {"set_digest_algorithms": []},
        {"scheme": "pss", "signature_algorithm": algorithm(pki.RSA_PSS, pki.pss_parameters("sha512"))},
        {"scheme": "pss", "signature_algorithm": algorithm(pki.RSA_PSS, encode(SEQUENCE))},
        {"scheme": "pss", "signature_algorithm": algorithm(pki.RSA_PSS)},
    ],
)
def test_algorithms_that_are_unknown_or_disagree_never_pass(how: dict[str, object]) -> None:
    verdict = pki.judge(pki.provider().sign(**how))
    assert verdict.status is FAILED
    assert pki.failures(verdict)[CheckName.ALGORITHMS] is Reason.UNSUPPORTED_ALGORITHM


@pytest.mark.parametrize("kind", ["k256", "dsa"])
def test_keys_of_other_kinds_never_pass(kind: str) -> None:
    verdict = pki.judge(pki.provider(kind=kind).sign(digest="sha256"))
    assert (verdict.status, verdict.reason) == (FAILED, Reason.UNSUPPORTED_ALGORITHM)


def test_key_of_another_kind_than_the_signature_never_passes() -> None:
    wrong = algorithm(pki.ECDSA_WITH["sha256"], b"")
    assert pki.judge(pki.provider().sign(signature_algorithm=wrong)).reason is Reason.UNSUPPORTED_ALGORITHM


def test_md5_is_forbidden() -> None:
    signature = pki.provider().sign(digest="md5")
    fails_only(signature, CheckName.ALGORITHMS, Reason.FORBIDDEN_ALGORITHM)
    assert pki.check(pki.judge(signature), CheckName.DIGEST).status is CheckStatus.NOT_DONE


def test_rsa_below_1024_is_forbidden_and_1024_is_not() -> None:
    old = {"valid_from": datetime(2015, 1, 1, tzinfo=UTC), "valid_to": datetime(2018, 1, 1, tzinfo=UTC)}
    at = datetime(2016, 1, 1, tzinfo=UTC)
    fails_only(pki.provider(kind="rsa1000", **old).sign(at=at), CheckName.ALGORITHMS, Reason.FORBIDDEN_ALGORITHM)
    verdict = pki.judge(pki.provider(kind="rsa1024", **old).sign(at=at))
    assert (verdict.status, verdict.weak) == (PASSED, False)
    assert Note.SMALL_KEY_AT_THE_TIME in verdict.notes


def test_small_rsa_key_is_a_note_before_2018_and_a_reserve_from_then_on() -> None:
    signer = pki.provider(kind="rsa1024", valid_from=datetime(2015, 1, 1, tzinfo=UTC))
    last = datetime(2017, 12, 31, 23, 59, 59, tzinfo=UTC)
    before, after = (pki.judge(signer.sign(at=at)) for at in (last, last + timedelta(seconds=1)))
    assert (before.status, before.weak, Note.SMALL_KEY_AT_THE_TIME in before.notes) == (PASSED, False, True)
    assert (after.status, after.weak, Note.SMALL_KEY_AT_THE_TIME in after.notes) == (PASSED, True, False)
    assert pki.failures(after) == {CheckName.ALGORITHMS: Reason.WEAK_KEY}


def test_sha1_is_a_note_before_2027_and_a_reserve_from_then_on() -> None:
    last = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    signer = pki.provider()
    before, after = (pki.judge(signer.sign(digest="sha1", at=at)) for at in (last, last + timedelta(seconds=1)))
    assert (before.status, before.weak, Note.SHA1_AT_THE_TIME in before.notes) == (PASSED, False, True)
    assert (after.status, after.weak, Note.SHA1_AT_THE_TIME in after.notes) == (PASSED, True, False)
    assert pki.failures(after) == {CheckName.ALGORITHMS: Reason.WEAK_DIGEST}


def test_weak_does_not_hide_a_failure() -> None:
    at = datetime(2027, 6, 1, tzinfo=UTC)
    verdict = pki.judge(pki.provider().sign(digest="sha1", at=at), content=b"other")
    assert (verdict.status, verdict.reason, verdict.weak) == (FAILED, Reason.DIGEST_MISMATCH, True)


def test_digests_of_the_certificates_count_like_that_of_the_message() -> None:
    sha1, md5 = (pki.authority(digest=digest) for digest in ("sha1", "md5"))
    verdict = pki.judge(pki.provider(sha1).sign())
    assert verdict.status is PASSED
    assert Note.SHA1_AT_THE_TIME in verdict.notes
    fails_only(pki.provider(md5).sign(), CheckName.ALGORITHMS, Reason.FORBIDDEN_ALGORITHM)


# time


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC), Reason.NOT_YET_VALID),
        (datetime(2025, 1, 1, tzinfo=UTC), None),
        (datetime(2028, 1, 1, tzinfo=UTC), None),
        (datetime(2028, 1, 1, 0, 0, 1, tzinfo=UTC), Reason.EXPIRED),
    ],
)
def test_validity_is_that_at_the_reference_time(at: datetime, reason: Reason | None) -> None:
    signature = pki.provider().sign()
    for verdict in (pki.judge(signature, at=at), pki.judge(pki.provider().sign(at=at))):
        assert verdict.status is (FAILED if reason else PASSED)
        assert verdict.reason is reason
        assert verdict.reference_time == at
        assert verdict.provider_proven is (reason is None)


def test_without_any_time_nothing_can_be_said() -> None:
    verdict = pki.judge(pki.provider().sign(at=None))
    assert (verdict.status, verdict.reason) == (INDETERMINATE, Reason.NO_REFERENCE_TIME)
    assert not verdict.provider_proven
    assert pki.judge(pki.provider().sign(at=None), at=pki.MOMENT).status is PASSED


def test_certificate_that_expired_since_is_a_note() -> None:
    signature = pki.provider().sign()
    end = datetime(2028, 1, 1, tzinfo=UTC)
    for now, noted in ((None, False), (end, False), (end + timedelta(seconds=1), True)):
        verdict = pki.judge(signature, now=now)
        assert verdict.status is PASSED
        assert (Note.CERTIFICATE_EXPIRED_SINCE in verdict.notes) is noted
    expired_then = pki.judge(signature, at=end + timedelta(days=1), now=end + timedelta(days=2))
    assert Note.CERTIFICATE_EXPIRED_SINCE not in expired_then.notes


def test_signing_time_after_2049_is_read() -> None:
    late = datetime(2055, 5, 5, tzinfo=UTC)
    assert pki.judge(pki.provider(valid_to=datetime(2060, 1, 1, tzinfo=UTC)).sign(at=late)).signed_at == late


# the sender's address


def test_address_is_compared_without_regard_to_case() -> None:
    assert pki.judge(pki.provider().sign(), address=pki.ADDRESS.upper()).status is PASSED


def test_another_address_fails() -> None:
    signature = pki.provider().sign()
    fails_only(signature, CheckName.ADDRESS, Reason.ADDRESS_MISMATCH, address="evil@pec.gestore.example")
    assert pki.judge(signature, address="evil@pec.gestore.example").provider_proven


def test_letter_that_only_folds_into_the_right_one_fails() -> None:
    signer = pki.provider(addresses=["kasse@pec.gestore.example"])
    assert pki.judge(signer.sign(), address="kasse@pec.gestore.example").status is PASSED
    fails_only(signer.sign(), CheckName.ADDRESS, Reason.ADDRESS_MISMATCH, address="\u212aasse@pec.gestore.example")


def test_any_of_the_certificate_addresses_counts_and_is_the_one_shown() -> None:
    second = "seconda@pec.gestore.example"
    verdict = pki.judge(pki.provider(addresses=[pki.ADDRESS, second]).sign(), address=second)
    assert verdict.status is PASSED
    assert verdict.signer is not None
    assert verdict.signer.email == second


def test_message_without_a_single_sender_fails_with_its_reason() -> None:
    signature = pki.provider().sign()
    fails_only(
        signature, CheckName.ADDRESS, Reason.FROM_NOT_SINGLE, address=None, address_reason=Reason.FROM_NOT_SINGLE
    )
    fails_only(signature, CheckName.ADDRESS, Reason.FROM_MISSING, address=None)


def test_certificate_without_alternative_name_fails() -> None:
    for names in (None, ()):
        fails_only(pki.provider(addresses=names).sign(), CheckName.ADDRESS, Reason.ADDRESS_MISSING)


def test_address_inside_the_subject_is_no_identity() -> None:
    subject = f"emailAddress={pki.ADDRESS},CN=Posta Certificata Uno,O={pki.ORGANISATION},C=IT"
    fails_only(pki.provider(addresses=None, subject=subject).sign(), CheckName.ADDRESS, Reason.ADDRESS_MISSING)


def test_policy_may_not_ask_for_the_address() -> None:
    trusted = pki.anchors(address=False)
    assert pki.judge(pki.provider().sign(), trusted, address=None).status is PASSED


def test_only_the_signers_a_policy_names_are_allowed() -> None:
    signature = pki.provider().sign()
    for allowed, status in ((pki.ADDRESS, PASSED), ("altra@pec.gestore.example", FAILED)):
        verdict = pki.judge(signature, pki.anchors(signer_addresses=frozenset({allowed})))
        assert verdict.status is status
    assert verdict.reason is Reason.SIGNER_NOT_ALLOWED


def test_where_addresses_are_not_compared_any_address_of_the_certificate_may_be_allowed() -> None:
    for allowed, status in ((pki.ADDRESS, PASSED), ("altra@pec.gestore.example", FAILED)):
        trusted = pki.anchors(address=False, signer_addresses=frozenset({allowed}))
        assert pki.judge(pki.provider().sign(), trusted, address="x@y.example").status is status


def test_allowed_signer_must_be_the_one_in_from() -> None:
    second = "seconda@pec.gestore.example"
    signature = pki.provider(addresses=[pki.ADDRESS, second]).sign()
    trusted = pki.anchors(signer_addresses=frozenset({pki.ADDRESS}))
    assert pki.judge(signature, trusted).status is PASSED
    fails_only(signature, CheckName.SIGNER_ALLOWED, Reason.SIGNER_NOT_ALLOWED, trusted=trusted, address=second)


# trust


def test_several_faults_are_all_reported() -> None:
    signer = pki.provider(policies=None, purposes=[pki.SERVER_AUTHENTICATION], addresses=["x@evil.example"])
    verdict = pki.judge(signer.sign(), content=b"other", at=datetime(2031, 1, 1, tzinfo=UTC))
    assert pki.failures(verdict) == {
        CheckName.DIGEST: Reason.DIGEST_MISMATCH,
        CheckName.POLICY: Reason.POLICY_MISSING,
        CheckName.PURPOSE: Reason.WRONG_PURPOSE,
        CheckName.NAME_CONSTRAINTS: Reason.NAME_NOT_PERMITTED,
        CheckName.VALIDITY: Reason.EXPIRED,
        CheckName.ADDRESS: Reason.ADDRESS_MISMATCH,
    }
    assert verdict.reason is Reason.DIGEST_MISMATCH
    assert not verdict.provider_proven


def test_without_any_anchor_the_signature_is_indeterminate() -> None:
    verdict = pki.judge(pki.provider().sign(), AnchorSet(()))
    assert (verdict.status, verdict.reason) == (INDETERMINATE, Reason.UNKNOWN_ANCHOR)
    assert (verdict.circuit, verdict.chain, verdict.provider_proven) == (None, (), False)


@pytest.mark.parametrize("name", CHECKS)
def test_nothing_passes_while_a_required_check_was_not_done(name: CheckName) -> None:
    """Whatever the reason, even none: a check that is left out by mistake must never make a signature good."""
    policy = pki.policy(signer_addresses=frozenset({pki.ADDRESS}))
    good = pki.judge(pki.provider().sign(), AnchorSet((policy,))).checks
    assert conclusion(good, policy) == (PASSED, None)
    left_out = tuple(replace(check, status=CheckStatus.NOT_DONE) if check.name is name else check for check in good)
    optional = name in (CheckName.NAME_CONSTRAINTS, CheckName.REVOCATION)
    assert conclusion(left_out, policy) == ((PASSED if optional else INDETERMINATE), None)


def test_what_is_false_beats_what_cannot_be_decided() -> None:
    verdict = pki.judge(pki.provider().sign(), AnchorSet(()), content=b"other")
    assert (verdict.status, verdict.reason) == (FAILED, Reason.DIGEST_MISMATCH)


def test_the_policy_that_is_fulfilled_gives_the_circuit() -> None:
    other = pki.authority("other-ca", subject="CN=ALTRA CA,C=IT")
    first, second = pki.policy(other, name="altra"), pki.policy(name="prova")
    for policies in ((first, second), (second, first)):
        assert pki.judge(pki.provider().sign(), AnchorSet(policies)).circuit == "prova"


def test_a_stricter_policy_for_the_same_anchor_does_not_spoil_a_fulfilled_one() -> None:
    strict = pki.policy(name="severa", required_policy="1.2.3")
    nobody = pki.policy(name="nessuno", signer_addresses=frozenset())
    verdict = pki.judge(pki.provider().sign(), AnchorSet((strict, nobody, pki.policy())))
    assert (verdict.status, verdict.circuit) == (PASSED, "prova")
    assert pki.judge(pki.provider().sign(), AnchorSet((strict, nobody))).status is FAILED


def test_trust_added_by_hand_is_marked_and_shipped_trust_comes_first() -> None:
    by_hand = pki.policy(name="a mano", by_hand=True)
    signature = pki.provider().sign()
    assert Note.TRUST_ADDED_BY_HAND in pki.judge(signature, AnchorSet((by_hand,))).notes
    both = pki.judge(signature, AnchorSet((pki.policy(), by_hand)))
    assert (both.circuit, Note.TRUST_ADDED_BY_HAND in both.notes) == ("prova", False)


def test_verdict_does_not_depend_on_what_was_judged_before() -> None:
    """Judgements of signers are remembered: neither time nor anchors nor address may leak from one into another."""
    signature = pki.provider().sign()
    trusted, strangers = pki.anchors(), pki.anchors(pki.authority("other-ca"))
    for _ in range(2):
        assert pki.judge(signature, trusted).status is PASSED
        assert pki.judge(signature, strangers).status is INDETERMINATE
        assert pki.judge(signature, trusted, at=datetime(2031, 1, 1, tzinfo=UTC)).status is FAILED
        assert pki.judge(signature, trusted, address="x@pec.gestore.example").status is FAILED
        assert pki.judge(signature, pki.anchors(required_policy="1.2.3")).status is FAILED


# damaged signatures


def test_unreadable_signature_with_a_whole_certificate_is_still_proven_the_providers() -> None:
    signature = pki.provider().sign()
    for damaged in (signature[:-40], signature + b"\x00", b"\x31" + signature[1:]):
        verdict = pki.judge(damaged, at=pki.MOMENT)
        assert (verdict.status, verdict.reason) == (FAILED, Reason.CMS_UNREADABLE)
        assert (verdict.provider_proven, verdict.circuit) == (True, "prova")
        assert verdict.signer is not None
        assert pki.failures(verdict) == {CheckName.CMS: Reason.CMS_UNREADABLE}


def test_unreadable_signature_proves_no_provider_where_anything_is_missing() -> None:
    damaged = pki.provider().sign()[:-40]
    assert pki.judge(damaged, at=pki.MOMENT).provider_proven
    assert not pki.judge(damaged).provider_proven, "no reference time"
    assert not pki.judge(damaged, at=datetime(2031, 1, 1, tzinfo=UTC)).provider_proven
    assert not pki.judge(damaged, at=pki.MOMENT, address="x@pec.gestore.example").provider_proven
    assert not pki.judge(damaged, at=pki.MOMENT, address=None).provider_proven
    assert not pki.judge(damaged, AnchorSet(()), at=pki.MOMENT).provider_proven
    assert not pki.judge(pki.provider(policies=None).sign()[:-40], at=pki.MOMENT).provider_proven
    assert not pki.judge(pki.provider().sign(certificates=[])[:-40], at=pki.MOMENT).provider_proven
    assert pki.judge(damaged, pki.anchors(address=False), at=pki.MOMENT, address=None).provider_proven


def test_revoked_certificate_in_a_damaged_signature_proves_nothing() -> None:
    ca = pki.authority()
    crl = pki.revocation_list(ca, [(pki.Profile().serial, pki.MOMENT - timedelta(days=1), ())])
    damaged = pki.provider(ca).sign()[:-40]
    assert not pki.judge(damaged, at=pki.MOMENT, crls=[crl]).provider_proven


# revocation, as far as it enters the verdict


def test_revoked_before_fails_and_after_is_a_note() -> None:
    ca = pki.authority()
    signature = pki.provider(ca).sign()
    for shift, status, note in ((-1, FAILED, False), (0, FAILED, False), (1, PASSED, True)):
        crl = pki.revocation_list(ca, [(pki.Profile().serial, pki.MOMENT + timedelta(seconds=shift), ())])
        for verdict in (pki.judge(signature, crls=[crl]), pki.judge(signature, pki.anchors(crls=(crl,)))):
            assert verdict.status is status
            assert (Note.REVOKED_SINCE in verdict.notes) is note
            assert verdict.provider_proven is (status is PASSED)
    assert pki.judge(signature, crls=[crl]).reason is None


def test_missing_revocation_data_is_judged_by_the_mode() -> None:
    signature = pki.provider().sign()
    soft, hard, off = (pki.judge(signature, pki.anchors(revocation=mode)) for mode in ("soft", "hard", "off"))
    assert (soft.status, soft.notes) == (PASSED, {Note.REVOCATION_NOT_CHECKED})
    assert (hard.status, hard.reason) == (INDETERMINATE, Reason.REVOCATION_UNKNOWN)
    assert (off.status, off.notes) == (PASSED, set())
    assert pki.check(off, CheckName.REVOCATION).status is CheckStatus.NOT_DONE


def test_certificate_that_is_not_listed_is_checked() -> None:
    ca = pki.authority()
    crl = pki.revocation_list(ca, [(5, pki.MOMENT, ())])
    verdict = pki.judge(pki.provider(ca).sign(), pki.anchors(revocation=RevocationMode.HARD), crls=[crl])
    assert (verdict.status, verdict.notes) == (PASSED, set())
    assert pki.check(verdict, CheckName.REVOCATION).status is CheckStatus.PASSED
