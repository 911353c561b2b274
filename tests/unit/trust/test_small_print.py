"""Edges, limits and rare forms: what only a change of one sign in the code would touch (found by mutation testing)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pecdesk.demo.authority import DIGEST_IDENTIFIERS, algorithm
from pecdesk.errors import TrustError
from pecdesk.trust import CheckName, CheckStatus, Reason, SignatureStatus, Verdict, load_policy, path, second_opinion
from pecdesk.trust.algorithms import RSA_PSS, AlgorithmIdentifier, judge_algorithms, scheme_of
from pecdesk.trust.certificate import read_certificate
from pecdesk.trust.cms import ALGORITHM_PROTECTION, MAX_BYTES, MAX_TRIES, SIGNING_CERTIFICATE_V2, find_certificates
from pecdesk.trust.crl import MAX_BYTES as LONGEST_LIST
from pecdesk.trust.crl import read_crl
from pecdesk.trust.der import (
    MAX_IDENTIFIER_BYTES,
    SEQUENCE,
    DerError,
    encode,
    encode_object_identifier,
    read_element,
    read_object_identifier,
    read_only_element,
)
from pecdesk.trust.names import encode_name, name_text
from pecdesk.trust.path import MAX_ATTEMPTS
from pecdesk.trust.pem import decode_pem
from tests.kit import ocsp, pki

MOMENT = pki.MOMENT


# --- the signature ----------------------------------------------------------------------------------------------------


def test_a_signature_nobody_can_be_told_of_keeps_the_time_it_is_judged_by() -> None:
    nobody = pki.provider().sign(certificates=())
    assert pki.judge(nobody).reference_time == MOMENT
    later = MOMENT + timedelta(days=1)
    verdict = pki.judge(nobody, at=later)
    assert (verdict.reference_time, verdict.signed_at) == (later, MOMENT)
    assert verdict.reason is Reason.SIGNER_CERTIFICATE_MISSING


@pytest.mark.parametrize("which", [0, 1])
def test_versions_are_whole_numbers(which: int) -> None:
    """Of the signed data, and of the signer."""
    signature = pki.provider().sign()
    places = [at for at in range(len(signature)) if signature[at : at + 3] == b"\x02\x01\x01"]
    assert len(places) == 2
    at = places[which]
    verdict = pki.judge(signature[:at] + b"\x04" + signature[at + 1 :])
    assert (verdict.status, verdict.reason) == (SignatureStatus.FAILED, Reason.CMS_UNREADABLE)


def test_a_signature_just_as_large_as_may_be_is_looked_at() -> None:
    assert pki.judge(b"\x30" * MAX_BYTES).reason is Reason.CMS_UNREADABLE
    assert pki.judge(b"\x30" * (MAX_BYTES + 1)).reason is Reason.SIZE_LIMIT


def test_naming_a_certificate_that_is_not_there_does_no_harm() -> None:
    naming = pki.attribute(SIGNING_CERTIFICATE_V2, encode(SEQUENCE, encode(SEQUENCE)))
    verdict = pki.judge(pki.provider().sign(certificates=(), more_attributes=[naming]))
    assert verdict.reason is Reason.SIGNER_CERTIFICATE_MISSING


def test_certificates_in_damaged_bytes_are_looked_for_so_many_times() -> None:
    nothing, whole = b"\x30\x82\xff\xff", pki.provider().certificate
    assert len(find_certificates(nothing * (MAX_TRIES - 1) + whole)) == 1
    assert find_certificates(nothing * MAX_TRIES + whole) == ()


def test_what_is_forbidden_is_not_merely_weak() -> None:
    for digests, bits in (({"md5"}, set[int]()), (set[str](), {512})):
        found = judge_algorithms(digests, bits, MOMENT)
        assert (found.reason, found.weak) == (Reason.FORBIDDEN_ALGORITHM, False)
    assert not pki.judge(pki.provider().sign(digest="md5")).weak


@pytest.mark.parametrize(
    ("kind", "scheme"),
    [("rsa2048", "pkcs1"), ("rsa2048", "pss"), ("p256", ""), ("p384", ""), ("p521", ""), ("ed25519", "")],
)
def test_a_value_that_another_key_made_is_no_signature_in_any_scheme(kind: str, scheme: str) -> None:
    digest = "sha512" if kind == "ed25519" else "sha256"
    signer = pki.provider(name="genuine", kind=kind)
    assert pki.judge(signer.sign(scheme=scheme, digest=digest)).status is SignatureStatus.PASSED
    stolen = pki.Signer(signer.certificate, pki.private_key("thief", kind), signer.chain)
    verdict = pki.judge(stolen.sign(scheme=scheme, digest=digest))
    assert pki.failures(verdict) == {CheckName.SIGNATURE: Reason.SIGNATURE_MISMATCH}


def test_a_certificate_of_another_kind_beside_the_signers_does_not_hide_that_the_value_is_wrong() -> None:
    """Both bear the issuer and the serial number that the signature names."""
    genuine, beside = pki.provider(kind="p256"), pki.provider(name="beside")
    forged = pki.Signer(genuine.certificate, pki.private_key("thief", "p256"), ())
    for bag in ((genuine, beside), (beside, genuine)):
        signature = forged.sign(scheme="", certificates=[one.certificate for one in bag])
        verdict = pki.judge(signature)
        assert pki.failures(verdict) == {CheckName.SIGNATURE: Reason.SIGNATURE_MISMATCH}
        assert verdict.signer is not None
        assert verdict.signer.sha256 == read_certificate(genuine.certificate).sha256


def test_a_salt_may_have_no_length_and_no_more_than_512_bytes() -> None:
    for length, known in ((0, True), (512, True), (513, False)):
        parameters = pki.pss_parameters("sha256", salt_length=length)
        assert (scheme_of(AlgorithmIdentifier(RSA_PSS, parameters)) is not None) is known


def test_algorithms_are_protected_by_the_field_that_names_the_signature() -> None:
    """Not by the one beside it, for message authentication (RFC 6211 §2)."""
    sha256, rsa = algorithm(DIGEST_IDENTIFIERS["sha256"]), algorithm("1.2.840.113549.1.1.1")
    for tag, holds in ((0xA1, True), (0xA2, False)):
        protection = pki.attribute(ALGORITHM_PROTECTION, encode(SEQUENCE, sha256, bytes((tag,)) + rsa[1:]))
        verdict = pki.judge(pki.provider().sign(more_attributes=[protection]))
        assert (verdict.status is SignatureStatus.PASSED) is holds


def test_only_unsigned_attributes_may_follow_a_signature_value() -> None:
    something = encode(SEQUENCE)
    for tag, read in ((0xA1, True), (0xA2, False), (0xA0, False)):
        verdict = pki.judge(pki.provider().sign(unsigned_attributes=encode(tag, something)))
        assert (verdict.reason is not Reason.CMS_UNREADABLE) is read


def test_so_many_certificates_of_damaged_bytes_are_looked_at() -> None:
    several = [pki.provider(serial=serial).certificate for serial in range(1, 12)]
    assert len(find_certificates(b"".join(several))) == 8


def test_a_message_without_a_sender_is_no_allowed_signers() -> None:
    trusted = pki.anchors(signer_addresses=frozenset({pki.ADDRESS}))
    verdict = pki.judge(pki.provider().sign(), trusted, address=None, address_reason=Reason.FROM_MISSING)
    assert pki.failures(verdict) == {CheckName.ADDRESS: Reason.FROM_MISSING}


# --- the path ---------------------------------------------------------------------------------------------------------


def test_a_signer_that_bears_its_issuers_name_is_limited_like_any_other() -> None:
    """Only authorities renewed under their own name are not (RFC 5280 §4.2.1.10)."""
    own_name = "CN=PROVA CA1,OU=Area di prova,O=Agenzia di prova,C=IT"
    verdict = pki.judge(pki.provider(subject=own_name).sign())
    assert pki.failures(verdict) == {CheckName.NAME_CONSTRAINTS: Reason.NAME_NOT_PERMITTED}


@pytest.mark.parametrize(
    "faults",
    [
        {"authority": None},
        {"authority": False},
        {"key_usage": pki.CRL_SIGN_ONLY},
        {"authority": None, "key_usage": None},
    ],
)
def test_our_own_rules_say_who_is_no_authority(faults: dict[str, object]) -> None:
    top = pki.authority("root", subject="CN=RADICE,C=IT", path_length=None, constraints=None)
    settings = {"subject": "CN=MEZZO,C=IT", "constraints": None, "path_length": None, **faults}
    middle = pki.authority("middle", top, policies=(pki.PROVIDER_POLICY,), **settings)
    verdict = pki.judge(pki.provider(middle).sign(), pki.anchors(top))
    assert verdict.reason is Reason.PATH_INVALID
    assert pki.check(verdict, CheckName.PATH).detail == "CN=MEZZO,C=IT is not an authority"


def explicit_policy() -> bytes:
    """requireExplicitPolicy 0: a rule that only the path library knows; a path without any policy is void."""
    return pki.extension("2.5.29.36", encode(SEQUENCE, encode(0x80, b"\x00")), critical=True)


def under_the_librarys_rule(*, limited: bool, **policy: object) -> Verdict:
    top = pki.authority("root", subject="CN=RADICE,C=IT", path_length=None, constraints=None)
    constraints = pki.constraints_value(pki.DOMAINS, (pki.LIMIT,)) if limited else None
    middle = pki.authority(
        "middle",
        top,
        subject="CN=MEZZO,C=IT",
        path_length=None,
        policies=("1.2.3",),
        constraints=constraints,
        more_extensions=(explicit_policy(),),
    )
    return pki.judge(pki.provider(middle, policies=None).sign(), pki.anchors(top, required_policy=None, **policy))


def test_a_second_opinion_is_asked_for_unless_it_would_be_about_names_nobody_limits() -> None:
    assert under_the_librarys_rule(limited=True).reason is Reason.PATH_INVALID
    assert under_the_librarys_rule(limited=False).reason is Reason.PATH_INVALID
    assert under_the_librarys_rule(limited=False, name_constraints=False).reason is Reason.PATH_INVALID
    assert under_the_librarys_rule(limited=True, name_constraints=False).reason is None


def test_an_objection_is_told_in_the_librarys_words(monkeypatch: pytest.MonkeyPatch) -> None:
    detail = pki.check(under_the_librarys_rule(limited=False), CheckName.PATH).detail
    assert "polic" in detail
    assert " " in detail

    def wordless(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr(second_opinion, "_parameters", wordless)
    detail = pki.check(pki.judge(pki.provider(serial=0xD1).sign()), CheckName.PATH).detail
    assert detail == "KeyError"


def test_a_path_may_be_valid_for_a_single_second() -> None:
    top = pki.authority("root", subject="CN=RADICE,C=IT", path_length=None, constraints=None)
    for ends, reason in ((MOMENT, None), (MOMENT - timedelta(seconds=1), Reason.PATH_INVALID)):
        middle = pki.authority(
            "middle", top, subject="CN=MEZZO,C=IT", constraints=None, policies=(pki.PROVIDER_POLICY,), valid_to=ends
        )
        verdict = pki.judge(pki.provider(middle, valid_from=MOMENT).sign(), pki.anchors(top), at=MOMENT)
        assert verdict.reason is reason


def test_so_many_signatures_of_certificates_are_tried_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def count(*_: object) -> bool:
        tried.append(1)
        return False

    monkeypatch.setattr(path, "is_issued_with", count)
    twins = [pki.authority(serial=serial) for serial in range(MAX_ATTEMPTS + 20)]
    signer = read_certificate(pki.provider(serial=0xD2).certificate)
    path.judge_signer(signer, [read_certificate(one.certificate) for one in twins], pki.policy())
    assert len(tried) == MAX_ATTEMPTS


# --- certificates -----------------------------------------------------------------------------------------------------


def rewritten(change: Callable[[list[bytes]], object]) -> bytes:
    """The usual certificate with other fields, signed by nobody."""
    body, signed_with, value = read_only_element(pki.provider().certificate).children()
    fields = [field.encoded for field in body.children()]
    change(fields)
    return encode(SEQUENCE, encode(SEQUENCE, *fields), signed_with.encoded, value.encoded)


def test_extensions_are_found_behind_the_unique_identifiers_of_old() -> None:
    unique = encode(0x81, b"\x00\x01")
    found = read_certificate(rewritten(lambda fields: fields.insert(-1, unique)))
    assert found.extensions.addresses == (pki.ADDRESS,)


def test_a_certificate_may_state_no_version() -> None:
    assert read_certificate(rewritten(lambda fields: fields.pop(0))).serial == pki.Profile.serial.to_bytes(8)


def test_an_extension_has_no_more_than_three_fields() -> None:
    def longer(fields: list[bytes]) -> None:
        extra = encode(
            SEQUENCE, encode(0x06, b"\x2a\x03"), encode(0x01, b"\xff"), encode(0x04, b""), encode(0x04, b"\x05\x00")
        )
        fields[-1] = encode(0xA3, encode(SEQUENCE, extra))

    with pytest.raises(DerError):
        read_certificate(rewritten(longer))


def test_a_place_relative_to_the_issuer_is_no_place() -> None:
    url = encode(0x86, b"http://ca.example/crl")
    relative = encode(SEQUENCE, encode(SEQUENCE, encode(0xA0, encode(0xA1, url))))
    signer = pki.provider(crl_point=None, more_extensions=(pki.extension("2.5.29.31", relative),))
    scope = pki.extension("2.5.29.28", encode(SEQUENCE, pki.distribution_point("http://ca.example/crl")), critical=True)
    crl = pki.revocation_list(pki.authority(), extensions=[scope])
    assert read_certificate(signer.certificate).crl_urls == ()
    assert pki.check(pki.judge(signer.sign(), crls=[crl]), CheckName.REVOCATION).status is CheckStatus.NOT_DONE


def test_names_as_text_have_types_that_exist_and_may_hold_any_value() -> None:
    for wrong in ("9.1=x,C=IT", "FOO=x", "C=IT,3.1=x", "=x", "C"):
        with pytest.raises(ValueError, match="TYPE=value"):
            encode_name(wrong)
    assert name_text(encode_name("O=due\nrighe,C=IT")) == "O=due\\0Arighe,C=IT"


# --- revocation data --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [encode(SEQUENCE), encode(SEQUENCE, encode(0xA0, encode(0x02, b"\x00")))])
def test_what_has_nothing_inside_is_refused(body: bytes) -> None:
    hollow = encode(SEQUENCE, body, encode(SEQUENCE, encode(0x06, b"\x2a")), encode(0x03, b"\x00"))
    for read in (read_certificate, read_crl):
        with pytest.raises(DerError):
            read(hollow)


def test_a_responder_is_appointed_to_the_very_ends_of_its_certificate() -> None:
    second = timedelta(seconds=1)
    for begins, ends, good in (
        (MOMENT, MOMENT, True),
        (MOMENT + second, MOMENT + second, False),
        (MOMENT - second, MOMENT - second, False),
    ):
        responder = ocsp.responder(valid_from=begins, valid_to=ends)
        answer = ocsp.answer(responder=responder, produced_at=MOMENT)
        verdict = pki.judge(pki.provider().sign(), ocsp=[answer])
        status = pki.check(verdict, CheckName.REVOCATION).status
        assert status is (CheckStatus.PASSED if good else CheckStatus.NOT_DONE)


def revocation(crl: bytes) -> CheckStatus:
    return pki.check(pki.judge(pki.provider().sign(), crls=[crl]), CheckName.REVOCATION).status


def test_lists_and_answers_in_an_unknown_scheme_say_nothing() -> None:
    for key in (pki.private_key("odd", "dsa"), pki.private_key("odd", "k256")):
        assert revocation(pki.revocation_list(pki.authority(), signing_key=key)) is CheckStatus.NOT_DONE


def test_a_list_names_one_scheme() -> None:
    crl = pki.revocation_list(pki.authority())
    body, _, value = read_only_element(crl).children()
    other = pki.signature_algorithm(pki.authority().key, "sha1", "pkcs1")
    with pytest.raises(DerError, match="two signature algorithms"):
        read_crl(encode(SEQUENCE, body.encoded, other, value.encoded))


def test_a_list_with_a_field_nobody_knows_is_refused() -> None:
    extension = encode(SEQUENCE, pki.extension("1.2.3", encode(SEQUENCE)))
    body, signed_with, value = read_only_element(pki.revocation_list(pki.authority())).children()
    for tag, read in ((0xA0, True), (0xA1, False), (0xA2, False)):
        longer = encode(SEQUENCE, body.content, encode(tag, extension))
        crl = encode(SEQUENCE, longer, signed_with.encoded, value.encoded)
        if read:
            assert read_crl(crl)
            continue
        with pytest.raises(DerError):
            read_crl(crl)


def test_a_list_is_that_of_somebody_with_a_name() -> None:
    nameless = replace(pki.authority(), subject=encode(SEQUENCE, encode(0x02, b"\x01")))
    with pytest.raises(DerError):
        read_crl(pki.revocation_list(nameless))


def test_of_several_entries_of_one_certificate_the_earliest_counts() -> None:
    serial = pki.Profile().serial
    day = timedelta(days=1)
    for dates in ((MOMENT - day, MOMENT + day), (MOMENT + day, MOMENT - day)):
        crl = pki.revocation_list(pki.authority(), [(serial, date, ()) for date in dates])
        assert revocation(crl) is CheckStatus.FAILED


def test_an_entry_with_more_than_it_should_hold_makes_the_list_say_nothing() -> None:
    crl = pki.revocation_list(pki.authority(), [(5, MOMENT, ())])
    assert revocation(crl) is CheckStatus.PASSED
    longer = pki.resealed_list(pki.authority(), crl, entry_end=encode(SEQUENCE) * 2)
    assert read_crl(longer)
    assert revocation(longer) is CheckStatus.PASSED, "nothing is looked for in a list that cannot hold the number"
    own = pki.revocation_list(pki.authority(), [(pki.Profile().serial, MOMENT, ())])
    assert revocation(pki.resealed_list(pki.authority(), own, entry_end=encode(SEQUENCE) * 2)) is CheckStatus.NOT_DONE


def test_a_list_just_as_large_as_may_be_is_read() -> None:
    crl = pki.revocation_list(pki.authority(), extensions=[pki.extension("1.2.3", bytes(70_000))])
    room = LONGEST_LIST - len(crl) + 70_000
    while len(crl) != LONGEST_LIST:
        crl = pki.revocation_list(pki.authority(), extensions=[pki.extension("1.2.3", bytes(room))])
        room += LONGEST_LIST - len(crl)
    assert read_crl(crl)
    with pytest.raises(DerError):
        read_crl(crl + b"x")


# --- bytes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", [0x02, 0x03, 0x04, 0x05, 0x0C, 0x16, 0x80, 0x81])
def test_only_a_constructed_element_has_an_end_marker_or_something_inside(tag: int) -> None:
    with pytest.raises(DerError, match="without a length"):
        read_only_element(bytes((tag, 0x80, 0, 0)))
    with pytest.raises(DerError, match="nothing inside"):
        list(read_only_element(bytes((tag, 2, 4, 0))).children())


def test_a_long_length_stays_inside_its_frame() -> None:
    inside = b"\x04\x81\x05xxxxx"
    assert len(list(read_element(b"\x30\x08" + inside).children())) == 1
    with pytest.raises(DerError, match="beyond its frame"):
        list(read_element(b"\x30\x07" + inside).children())


def test_an_object_identifier_may_be_as_long_as_is_allowed_and_begin_with_any_arc() -> None:
    longest = b"\x2a" * MAX_IDENTIFIER_BYTES
    assert read_object_identifier(read_only_element(encode(0x06, longest))).startswith("1.2.42.")
    for dotted in ("0.0", "0.39.1", "1.0.8571", "1.39", "2.0.1", "2.39", "2.40", "2.47.1"):
        assert read_object_identifier(read_only_element(encode_object_identifier(dotted))) == dotted


def test_a_pem_block_is_base64_to_its_end() -> None:
    def armoured(text: bytes) -> bytes:
        return b"-----BEGIN CERTIFICATE-----\n" + text + b"\n-----END CERTIFICATE-----\n"

    assert decode_pem(armoured(base64.b64encode(b"abcd")), "CERTIFICATE") == [b"abcd"]
    for wrong in (b"YQ==YQ==", b"YQ", b"=YQ="):
        with pytest.raises(ValueError, match="base64"):
            decode_pem(armoured(wrong), "CERTIFICATE")


def test_a_pattern_may_reach_into_folders(tmp_path: Path) -> None:
    from tests.unit.trust.test_policy_file import ANCHOR, load

    (tmp_path / "ca.pem").write_bytes(pki.authority().certificate)
    (tmp_path / "crls" / "old").mkdir(parents=True)
    (tmp_path / "crls" / "old" / "a.crl").write_bytes(pki.revocation_list(pki.authority()))
    policy = load(tmp_path, f'name = "c"\n{ANCHOR}[revocation]\ncrls = ["crls/**/*.crl"]')
    assert len(policy.crls) == 1


def test_a_file_that_cannot_be_read_is_told_in_the_systems_words(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text('name = "c"\n[[anchor]]\ncertificate = "missing.pem"', encoding="utf-8")
    with pytest.raises(TrustError, match="No such file or directory") as caught:
        load_policy(tmp_path / "policy.toml")
    assert "Errno" not in str(caught.value)
