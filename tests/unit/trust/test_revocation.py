"""Revocation lists that were handed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from pecdesk.trust import CheckName, CheckStatus, Note, Reason, SignatureStatus, Verdict
from pecdesk.trust.crl import read_crl
from pecdesk.trust.der import SEQUENCE, DerError, encode, encode_integer, read_only_element
from tests.kit import pki

SERIAL = pki.Profile().serial
BEFORE, AFTER = pki.MOMENT - timedelta(days=2), pki.MOMENT + timedelta(days=2)
LATER = AFTER + timedelta(days=2)
ISSUING_POINT, EXPIRED_ON_CRL = "2.5.29.28", "2.5.29.60"


def asked(*crls: bytes, issuer: pki.Authority | None = None, mode: str = "hard", **profile: object) -> Verdict:
    signature = pki.provider(issuer, **profile).sign()
    return pki.judge(signature, pki.anchors(revocation=mode), crls=crls)


def listed(date: datetime, *extensions: bytes, **how: object) -> bytes:
    return pki.revocation_list(pki.authority(), [(7, BEFORE, ()), (SERIAL, date, extensions)], **how)  # type: ignore[arg-type]


def not_listed(**how: object) -> bytes:
    return pki.revocation_list(pki.authority(), [(7, BEFORE, ())], **how)  # type: ignore[arg-type]


def says(verdict: Verdict) -> tuple[CheckStatus, Reason | None]:
    check = pki.check(verdict, CheckName.REVOCATION)
    return check.status, check.reason


REVOKED = (CheckStatus.FAILED, Reason.REVOKED)
GOOD = (CheckStatus.PASSED, None)
UNKNOWN = (CheckStatus.NOT_DONE, Reason.REVOCATION_UNKNOWN)


def test_listed_before_the_reference_time_is_revoked() -> None:
    verdict = asked(listed(BEFORE))
    assert (verdict.status, verdict.reason) == (SignatureStatus.FAILED, Reason.REVOKED)
    assert says(verdict) == REVOKED


def test_listed_after_the_reference_time_is_good_with_a_note() -> None:
    verdict = asked(listed(AFTER, this_update=AFTER))
    assert says(verdict) == GOOD
    assert verdict.notes == {Note.REVOKED_SINCE}


def test_not_listed_is_good() -> None:
    for version in (True, False):
        assert says(asked(not_listed(version=version))) == GOOD
    assert says(asked(pki.revocation_list(pki.authority()))) == GOOD


def test_invalidity_date_before_the_revocation_counts() -> None:
    date = pki.extension("2.5.29.24", pki.generalized_time(BEFORE))
    reason = pki.extension("2.5.29.21", encode(0x0A, b"\x01"), critical=True)
    assert says(asked(listed(AFTER, date, reason, this_update=AFTER))) == REVOKED
    assert says(asked(listed(AFTER, reason, this_update=AFTER))) == GOOD


def test_entry_that_is_not_understood_makes_the_list_say_nothing() -> None:
    critical = pki.extension("2.5.29.29", encode(SEQUENCE), critical=True)
    assert says(asked(listed(AFTER, critical))) == UNKNOWN
    assert says(asked(listed(AFTER, pki.extension("1.2.3", encode(SEQUENCE)), this_update=AFTER))) == GOOD


def test_serial_number_that_only_occurs_inside_another_is_not_listed() -> None:
    longer = int.from_bytes(b"\x02\x08" + SERIAL.to_bytes(8))
    crl = pki.revocation_list(pki.authority(), [(longer, BEFORE, ())])
    assert says(asked(crl)) == GOOD


@pytest.mark.parametrize(
    ("this_update", "next_update", "good"),
    [
        (pki.MOMENT, pki.MOMENT + timedelta(days=1), True),
        (BEFORE, pki.MOMENT, True),
        (BEFORE, BEFORE + timedelta(days=1), False),
        (BEFORE, None, False),
        (AFTER, None, True),
        (datetime(2027, 12, 31, tzinfo=UTC), None, True),
        (datetime(2028, 1, 2, tzinfo=UTC), None, False),
    ],
)
def test_list_speaks_for_the_time_until_it_and_while_in_force(
    this_update: datetime, next_update: datetime | None, good: bool
) -> None:
    """Lists made after a certificate expired need not hold it any more."""
    assert says(asked(not_listed(this_update=this_update, next_update=next_update))) == (GOOD if good else UNKNOWN)


def test_late_list_that_keeps_expired_certificates_speaks_for_them() -> None:
    late = datetime(2028, 2, 1, tzinfo=UTC)
    for since, expected in ((datetime(2020, 1, 1, tzinfo=UTC), GOOD), (datetime(2028, 1, 2, tzinfo=UTC), UNKNOWN)):
        extension = pki.extension(EXPIRED_ON_CRL, pki.generalized_time(since))
        assert says(asked(not_listed(this_update=late, next_update=None, extensions=[extension]))) == expected


def test_stale_list_still_revokes() -> None:
    assert says(asked(listed(BEFORE, this_update=BEFORE, next_update=BEFORE))) == REVOKED


def test_earliest_revocation_of_several_lists_counts() -> None:
    assert says(asked(listed(AFTER, this_update=AFTER), listed(BEFORE))) == REVOKED
    assert says(asked(not_listed(), listed(BEFORE))) == REVOKED


def test_list_that_the_issuer_did_not_sign_says_nothing() -> None:
    forged = listed(BEFORE, signing_key=pki.private_key("impostor"))
    stranger = pki.authority("other-ca", subject="CN=ALTRA CA,C=IT")
    for crl in (forged, pki.revocation_list(stranger, [(SERIAL, BEFORE, ())]), b"nonsense", b""):
        assert says(asked(crl)) == UNKNOWN
        assert asked(crl, mode="soft").notes == {Note.REVOCATION_NOT_CHECKED}


def test_list_of_another_name_says_nothing_even_with_the_same_key() -> None:
    renamed = pki.authority(subject="CN=ALTRO NOME,C=IT")
    assert says(asked(pki.revocation_list(renamed, [(SERIAL, BEFORE, ())]))) == UNKNOWN


def test_list_signed_with_md5_says_nothing() -> None:
    assert says(asked(not_listed(digest="md5"))) == UNKNOWN
    assert says(asked(not_listed(digest="sha1"))) == GOOD


def scope(*parts: bytes) -> Sequence[bytes]:
    return [pki.extension(ISSUING_POINT, encode(SEQUENCE, *parts), critical=True)]


TRUE, FALSE = b"\xff", b"\x00"


@pytest.mark.parametrize(
    ("extensions", "absent"),
    [
        (scope(), GOOD),
        (scope(encode(0x81, TRUE)), GOOD),
        (scope(encode(0x82, TRUE)), UNKNOWN),
        (scope(encode(0x82, FALSE)), GOOD),
        (scope(pki.distribution_point("http://ca.example/crl")), GOOD),
        (scope(pki.distribution_point("http://ca.example/other")), UNKNOWN),
    ],
)
def test_list_speaks_only_for_certificates_in_its_scope(
    extensions: Sequence[bytes], absent: tuple[CheckStatus, Reason | None]
) -> None:
    assert says(asked(not_listed(extensions=extensions))) == absent
    assert says(asked(listed(BEFORE, extensions=extensions))) == REVOKED


@pytest.mark.parametrize(
    "extensions",
    [
        scope(encode(0x83, b"\x01\x02")),
        scope(encode(0x83, b"\x00")),
        scope(encode(0x84, TRUE)),
        scope(encode(0x85, TRUE)),
        [pki.extension("2.5.29.27", encode_integer(1), critical=True)],
        [pki.extension("1.2.3.4", encode_integer(1), critical=True)],
    ],
)
def test_deltas_indirect_and_partial_lists_say_nothing(extensions: Sequence[bytes]) -> None:
    assert says(asked(not_listed(extensions=extensions))) == UNKNOWN
    assert says(asked(listed(BEFORE, extensions=extensions))) == UNKNOWN


def test_number_and_key_identifier_of_a_list_do_no_harm() -> None:
    extensions = [
        pki.extension("2.5.29.20", encode_integer(1)),
        pki.extension("2.5.29.35", encode(SEQUENCE), critical=True),
    ]
    assert says(asked(not_listed(extensions=extensions))) == GOOD


def test_every_authority_on_the_way_is_asked_about() -> None:
    root = pki.authority("root", subject="CN=RADICE,C=IT", path_length=None, constraints=None)
    middle = pki.authority(
        "middle", root, subject="CN=MEZZO,C=IT", constraints=None, policies=(pki.PROVIDER_POLICY,), serial=77
    )
    trusted = pki.anchors(root, revocation="hard")
    signature = pki.provider(middle).sign()
    about_signer = pki.revocation_list(middle)
    about_middle = pki.revocation_list(root, extensions=scope(encode(0x82, TRUE)))
    assert says(pki.judge(signature, trusted, crls=[about_signer])) == UNKNOWN
    assert says(pki.judge(signature, trusted, crls=[about_signer, about_middle])) == GOOD
    revoked = pki.revocation_list(root, [(77, BEFORE, ())])
    assert says(pki.judge(signature, trusted, crls=[about_signer, revoked])) == REVOKED
    both = [pki.revocation_list(root, [(77, AFTER, ())]), pki.revocation_list(middle, [(SERIAL, AFTER, ())])]
    assert pki.judge(signature, trusted, crls=both).notes == {Note.REVOKED_SINCE}
    for first, second in ((AFTER, LATER), (LATER, AFTER)):
        both = [pki.revocation_list(root, [(77, first, ())]), pki.revocation_list(middle, [(SERIAL, second, ())])]
        detail = pki.check(pki.judge(signature, trusted, crls=both), CheckName.REVOCATION).detail
        assert detail == f"not revoked then, but on {AFTER.isoformat()}"


def test_note_of_a_later_revocation_stands_beside_missing_data() -> None:
    root = pki.authority("root", subject="CN=RADICE,C=IT", path_length=None, constraints=None)
    middle = pki.authority("middle", root, subject="CN=MEZZO,C=IT", constraints=None, policies=(pki.PROVIDER_POLICY,))
    crl = pki.revocation_list(middle, [(SERIAL, AFTER, ())])
    verdict = pki.judge(pki.provider(middle).sign(), pki.anchors(root), crls=[crl])
    assert verdict.notes == {Note.REVOKED_SINCE, Note.REVOCATION_NOT_CHECKED}


@pytest.mark.parametrize(
    "encoded",
    [
        b"",
        b"\x30\x00",
        not_listed()[:-1],
        not_listed() + b"\x00",
        encode(SEQUENCE, encode(SEQUENCE), encode(SEQUENCE), encode(0x03, b"\x00")),
        pki.revocation_list(pki.authority(), extensions=[encode(SEQUENCE)]),
        pki.provider().certificate,
    ],
)
def test_malformed_lists_are_refused(encoded: bytes) -> None:
    with pytest.raises(DerError):
        read_crl(encoded)


def test_list_with_parts_that_have_no_place_is_refused() -> None:
    crl = not_listed()
    body, signed_with, value = read_only_element(crl).children()
    longer = encode(SEQUENCE, body.content, encode_integer(1))
    with pytest.raises(DerError):
        read_crl(encode(SEQUENCE, longer, signed_with.encoded, value.encoded))
