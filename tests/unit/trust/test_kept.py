"""What a keeper is told of revocation data fits what the judgement does with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pecdesk.trust import (
    AnchorSet,
    CheckName,
    CheckStatus,
    DataKind,
    RevocationMode,
    is_from_known_authority,
    read_revocation_data,
)
from pecdesk.trust.der import SEQUENCE, encode
from tests.kit import ocsp, pki

MOMENT, DAY = pki.MOMENT, timedelta(days=1)
SERIAL = pki.Profile().serial
VALID_TO = pki.Profile().valid_to
SIGNER = pki.judge(pki.provider().sign()).signer
assert SIGNER is not None


def test_a_list_says_whose_it_is_and_whom_it_names() -> None:
    read = read_revocation_data(
        pki.revocation_list(pki.authority(), [(0xABC, MOMENT + DAY, ()), (0xABC, MOMENT, ()), (7, MOMENT, ())])
    )
    assert read is not None
    assert read.kind is DataKind.CRL
    assert read.issuer == "CN=PROVA CA1,OU=Area di prova,O=Agenzia di prova,C=IT"
    assert (read.this_update, read.next_update) == (MOMENT + DAY, MOMENT + 8 * DAY)
    assert read.revoked == {"abc": MOMENT, "7": MOMENT}
    assert read.serials is None


def test_an_entry_nobody_understands_is_left_out() -> None:
    critical = pki.extension("2.5.29.29", encode(SEQUENCE), critical=True)
    read = read_revocation_data(pki.revocation_list(pki.authority(), [(1, MOMENT, (critical,)), (2, MOMENT, ())]))
    assert read is not None
    assert read.revoked == {"2": MOMENT}


def test_an_answer_says_whom_it_is_about() -> None:
    read = read_revocation_data(
        ocsp.answer(
            ocsp.Status(ocsp.revoked(MOMENT), serial=0xABC, this_update=MOMENT, next_update=None),
            ocsp.Status(serial=7),
        )
    )
    assert read is not None
    assert read.kind is DataKind.OCSP
    assert (read.this_update, read.next_update) == (MOMENT + DAY, MOMENT + 8 * DAY)
    assert read.revoked == {"abc": MOMENT}
    assert read.serials == {"abc", "7"}
    by_key = read_revocation_data(ocsp.answer(by_key=True))
    assert by_key is not None
    assert len(by_key.issuer) == 40


@pytest.mark.parametrize(
    "data", [b"", b"nonsense", ocsp.answer(success=b"\x01"), ocsp.Answer(()).encoded(), pki.provider().certificate]
)
def test_what_is_neither_is_nothing(data: bytes) -> None:
    assert read_revocation_data(data) is None


def cutoff(since: datetime) -> bytes:
    return pki.extension("2.5.29.60", pki.generalized_time(since))


AFTER_ALL = datetime(2028, 6, 1, tzinfo=UTC)
LISTS = {
    "of the next day": pki.revocation_list(pki.authority()),
    "without an end": pki.revocation_list(pki.authority(), next_update=None),
    "that ends before it begins": pki.revocation_list(pki.authority(), next_update=MOMENT - DAY),
    "from long before": pki.revocation_list(
        pki.authority(), this_update=MOMENT - 9 * DAY, next_update=MOMENT - 8 * DAY
    ),
    "in force then": pki.revocation_list(pki.authority(), this_update=MOMENT - DAY, next_update=MOMENT),
    "made when the certificate had expired": pki.revocation_list(
        pki.authority(), this_update=AFTER_ALL, next_update=AFTER_ALL
    ),
    "that goes on naming expired ones": pki.revocation_list(
        pki.authority(), this_update=AFTER_ALL, next_update=AFTER_ALL, extensions=[cutoff(MOMENT)]
    ),
    "that goes on naming some expired ones": pki.revocation_list(
        pki.authority(), this_update=AFTER_ALL, next_update=AFTER_ALL, extensions=[cutoff(AFTER_ALL - DAY)]
    ),
    "of the day it expired": pki.revocation_list(pki.authority(), this_update=VALID_TO, next_update=None),
    "of another authority": pki.revocation_list(pki.authority("x", subject="CN=ALTRA CA,C=IT")),
}  # fmt: skip
ANSWERS = {
    "of the next day": ocsp.answer(),
    "about another": ocsp.answer(ocsp.Status(serial=5)),
    "without an end": ocsp.answer(ocsp.Status(next_update=None)),
    "in force then": ocsp.answer(ocsp.Status(this_update=MOMENT - DAY, next_update=MOMENT)),
    "from long before": ocsp.answer(ocsp.Status(this_update=MOMENT - 9 * DAY, next_update=MOMENT - DAY)),
    "made when the certificate had expired": ocsp.answer(ocsp.Status(this_update=AFTER_ALL, next_update=AFTER_ALL)),
    "that remembers expired ones": ocsp.answer(
        ocsp.Status(
            this_update=AFTER_ALL,
            next_update=AFTER_ALL,
            extensions=(pki.extension(ocsp.ARCHIVE_CUTOFF, pki.generalized_time(MOMENT)),),
        )
    ),
}


@pytest.mark.parametrize("at", [MOMENT - DAY, MOMENT, MOMENT + timedelta(seconds=1), MOMENT + 3 * DAY, VALID_TO])
@pytest.mark.parametrize("name", [*(f"list {name}" for name in LISTS), *(f"answer {name}" for name in ANSWERS)])
def test_data_may_clear_exactly_what_the_judgement_clears_with_it(name: str, at: datetime) -> None:
    sort, _, which = name.partition(" ")
    crls = [LISTS[which]] if sort == "list" else []
    answers = [ANSWERS[which]] if sort == "answer" else []
    trusted = pki.anchors(revocation=RevocationMode.HARD)
    verdict = pki.judge(pki.provider().sign(), trusted, at=at, crls=crls, ocsp=answers)
    data = read_revocation_data((*crls, *answers)[0])
    assert data is not None
    cleared = pki.check(verdict, CheckName.REVOCATION).status is CheckStatus.PASSED
    assert SIGNER is not None
    assert data.may_clear(SIGNER, at) is cleared


def test_a_revocation_is_that_of_its_issuer_alone() -> None:
    entries = [(SERIAL, MOMENT, ())]
    own = read_revocation_data(pki.revocation_list(pki.authority(), entries))
    other = read_revocation_data(pki.revocation_list(pki.authority("x", subject="CN=ALTRA CA,C=IT"), entries))
    spaced = read_revocation_data(
        pki.revocation_list(pki.authority(subject="CN=prova  ca1,OU=Area di prova,O=Agenzia di prova,C=IT"), entries)
    )
    assert own is not None
    assert other is not None
    assert spaced is not None
    assert SIGNER is not None
    assert own.revocation_of(SIGNER) == spaced.revocation_of(SIGNER) == MOMENT
    assert other.revocation_of(SIGNER) is None


def test_a_certificate_shows_its_policies_and_where_its_lists_are() -> None:
    assert SIGNER is not None
    assert SIGNER.policies == (pki.PROVIDER_POLICY,)
    assert SIGNER.crl_urls == ("http://ca.example/crl",)
    bare = pki.judge(pki.provider(crl_point=None, policies=None).sign()).signer
    assert bare is not None
    assert (bare.policies, bare.crl_urls) == ((), ())


def test_a_place_of_lists_that_is_no_address_is_left_out() -> None:
    directory = encode(0xA0, encode(0xA0, encode(0xA4, pki.encode_name("CN=Elenchi,C=IT"))))
    letters = encode(0xA0, encode(0xA0, encode(0x86, "http://ca.example/è".encode())))
    points = encode(SEQUENCE, encode(SEQUENCE, directory), encode(SEQUENCE, letters))
    signer = pki.judge(
        pki.provider(crl_point=None, more_extensions=(pki.extension("2.5.29.31", points),)).sign()
    ).signer
    assert signer is not None
    assert signer.crl_urls == ("http://ca.example/\ufffd\ufffd",)


# --- whose it is ------------------------------------------------------------------------------------------------------


def test_only_an_authority_the_anchors_lead_to_counts() -> None:
    genuine = [pki.revocation_list(pki.authority()), ocsp.answer(), ocsp.answer(responder=ocsp.responder())]
    foreign = [
        pki.revocation_list(pki.authority("impostor")),
        pki.revocation_list(pki.authority(subject="CN=ALTRO NOME,C=IT")),
        ocsp.answer(responder=pki.authority("impostor")),
        ocsp.answer(responder=pki.provider()),
        b"",
        b"nonsense",
    ]
    assert [is_from_known_authority(one, pki.anchors()) for one in genuine] == [True] * 3
    assert [is_from_known_authority(one, pki.anchors()) for one in foreign] == [False] * 6


def test_an_authority_a_policy_names_counts_if_it_leads_to_an_anchor() -> None:
    root = pki.authority("root", subject="CN=RADICE,C=IT", path_length=None, constraints=None)
    middle = pki.authority("middle", root, subject="CN=MEZZO,C=IT", constraints=None)
    stranger = pki.authority("stranger", subject="CN=ALTRA,C=IT", constraints=None)
    no_authority = pki.provider(root, subject="CN=NESSUNO,C=IT")
    as_one = pki.Authority(pki.encode_name("CN=NESSUNO,C=IT"), no_authority.key, no_authority.certificate)
    named = (middle.certificate, stranger.certificate, no_authority.certificate)
    trusted = pki.anchors(root, intermediates=named)
    for issuer, counts in ((root, True), (middle, True), (stranger, False), (as_one, False)):
        assert is_from_known_authority(pki.revocation_list(issuer), trusted) is counts
    assert not is_from_known_authority(pki.revocation_list(middle), pki.anchors(root))
    for issuer in (root, middle):
        assert is_from_known_authority(ocsp.answer(ocsp.Status(issuer=issuer), responder=issuer), trusted)


def test_a_pin_knows_no_key_and_keeps_nothing() -> None:
    anchor = replace(pki.policy().anchors[0], key=None)
    pinned = AnchorSet((replace(pki.policy(), anchors=(anchor,)),))
    assert not is_from_known_authority(pki.revocation_list(pki.authority()), pinned)
