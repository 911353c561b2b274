"""Edges, limits and rare forms: what only a change of one sign in the code would touch (found by mutation testing)."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pecdesk.trust import CheckName, CheckStatus, Reason, SignatureStatus
from pecdesk.trust.algorithms import judge_algorithms
from pecdesk.trust.certificate import read_certificate
from pecdesk.trust.cms import MAX_BYTES, MAX_TRIES, SIGNING_CERTIFICATE_V2, find_certificates
from pecdesk.trust.crl import MAX_BYTES as LONGEST_LIST
from pecdesk.trust.crl import read_crl
from pecdesk.trust.der import SEQUENCE, DerError, encode, read_only_element
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
