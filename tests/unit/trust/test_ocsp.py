"""OCSP answers that were handed in: the same judgement as by lists, from whoever may answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from pecdesk.trust import CheckName, CheckStatus, Note, Reason, SignatureStatus, Verdict
from pecdesk.trust.crl import MAX_BYTES as LONGEST_CRL
from pecdesk.trust.crl import read_crl
from pecdesk.trust.der import OCTET_STRING, SEQUENCE, DerError, encode, encode_integer, read_only_element
from pecdesk.trust.ocsp import MAX_BYTES, MAX_CERTIFICATES, MAX_STATUSES, is_response, read_ocsp
from tests.kit import ocsp, pki
from tests.kit.ocsp import GOOD, UNKNOWN, Status, answer, responder, revoked

BEFORE, AFTER = pki.MOMENT - timedelta(days=2), pki.MOMENT + timedelta(days=2)
DAY = timedelta(days=1)

PASSED = (CheckStatus.PASSED, None)
REVOKED = (CheckStatus.FAILED, Reason.REVOKED)
NOTHING = (CheckStatus.NOT_DONE, Reason.REVOCATION_UNKNOWN)


def asked(*answers: bytes, crls: tuple[bytes, ...] = (), mode: str = "hard", **profile: object) -> Verdict:
    return pki.judge(pki.provider(**profile).sign(), pki.anchors(revocation=mode), ocsp=answers, crls=crls)  # type: ignore[arg-type]


def says(verdict: Verdict) -> tuple[CheckStatus, Reason | None]:
    check = pki.check(verdict, CheckName.REVOCATION)
    return check.status, check.reason


# --- what is said -----------------------------------------------------------------------------------------------------


def test_good_is_good() -> None:
    verdict = asked(answer())
    assert says(verdict) == PASSED
    assert verdict.status is SignatureStatus.PASSED
    assert verdict.notes == frozenset()


def test_revoked_before_the_reference_time_fails_the_signature() -> None:
    verdict = asked(answer(Status(revoked(BEFORE))))
    assert (verdict.status, verdict.reason) == (SignatureStatus.FAILED, Reason.REVOKED)


def test_revoked_at_the_reference_time_fails_the_signature() -> None:
    assert says(asked(answer(Status(revoked(pki.MOMENT))))) == REVOKED
    assert says(asked(answer(Status(revoked(pki.MOMENT + timedelta(seconds=1)))))) == PASSED


def test_revoked_after_the_reference_time_is_a_note() -> None:
    for status in (revoked(AFTER), revoked(AFTER, reason=4)):
        verdict = asked(answer(Status(status, this_update=AFTER)))
        assert says(verdict) == PASSED
        assert verdict.notes == {Note.REVOKED_SINCE}


def test_an_unknown_certificate_is_neither_good_nor_revoked() -> None:
    assert says(asked(answer(Status(UNKNOWN)))) == NOTHING
    assert asked(answer(Status(UNKNOWN)), mode="soft").notes == {Note.REVOCATION_NOT_CHECKED}


def test_nothing_is_asked_of_a_policy_that_wants_no_revocation_data() -> None:
    assert says(asked(answer(Status(revoked(BEFORE))), mode="off")) == (CheckStatus.NOT_DONE, None)


def test_an_invalidity_date_before_the_revocation_counts() -> None:
    date = pki.extension(ocsp.INVALIDITY_DATE, pki.generalized_time(BEFORE))
    assert says(asked(answer(Status(revoked(AFTER), this_update=AFTER)))) == PASSED
    assert says(asked(answer(Status(revoked(AFTER), this_update=AFTER, extensions=(date,))))) == REVOKED
    late = pki.extension(ocsp.INVALIDITY_DATE, pki.generalized_time(AFTER + DAY))
    assert says(asked(answer(Status(revoked(BEFORE), extensions=(late,))))) == REVOKED
    assert says(asked(answer(Status(GOOD, extensions=(date,))))) == PASSED


@pytest.mark.parametrize(
    ("this_update", "next_update", "expected"),
    [
        (pki.MOMENT, pki.MOMENT + DAY, PASSED),
        (pki.MOMENT, None, PASSED),
        (BEFORE, pki.MOMENT, PASSED),
        (BEFORE, pki.MOMENT - timedelta(seconds=1), NOTHING),
        (BEFORE, None, NOTHING),
        (AFTER, None, PASSED),
        (datetime(2028, 1, 1, tzinfo=UTC), None, PASSED),
        (datetime(2028, 1, 1, 0, 0, 1, tzinfo=UTC), None, NOTHING),
    ],
)
def test_an_answer_speaks_for_the_time_until_it_and_while_in_force(
    this_update: datetime, next_update: datetime | None, expected: tuple[CheckStatus, Reason | None]
) -> None:
    """Answers given after a certificate expired need not know of its revocation any more."""
    given = answer(Status(this_update=this_update, next_update=next_update))
    assert says(asked(given)) == expected


def test_a_late_answer_of_a_responder_that_remembers_speaks_for_an_expired_certificate() -> None:
    late = datetime(2028, 2, 1, tzinfo=UTC)
    for since, expected in ((datetime(2020, 1, 1, tzinfo=UTC), PASSED), (datetime(2028, 1, 2, tzinfo=UTC), NOTHING)):
        cutoff = pki.extension(ocsp.ARCHIVE_CUTOFF, pki.generalized_time(since))
        status = Status(this_update=late, next_update=None, extensions=(cutoff,))
        assert says(asked(answer(status))) == expected


def test_a_stale_answer_still_revokes() -> None:
    assert says(asked(answer(Status(revoked(BEFORE), this_update=BEFORE, next_update=BEFORE)))) == REVOKED


def test_answers_and_lists_are_heard_together() -> None:
    listed = pki.revocation_list(pki.authority(), [(pki.Profile().serial, BEFORE, ())])
    assert says(asked(answer(), crls=(listed,))) == REVOKED
    assert says(asked(answer(Status(revoked(BEFORE))), crls=(pki.revocation_list(pki.authority()),))) == REVOKED
    assert says(asked(answer(), answer(Status(revoked(BEFORE))))) == REVOKED


def test_one_answer_may_tell_of_several_certificates_and_in_several_digests() -> None:
    statuses = (Status(UNKNOWN, serial=1), Status(GOOD), Status(GOOD, digest="sha256"))
    assert says(asked(answer(*statuses))) == PASSED
    assert says(asked(answer(*statuses, Status(revoked(BEFORE), digest="sha384")))) == REVOKED


def test_every_authority_on_the_way_can_be_answered_for() -> None:
    root = pki.authority("root", subject="CN=RADICE,C=IT", path_length=None, constraints=None)
    middle = pki.authority(
        "middle", root, subject="CN=MEZZO,C=IT", constraints=None, policies=(pki.PROVIDER_POLICY,), serial=77
    )
    trusted, signature = pki.anchors(root, revocation="hard"), pki.provider(middle).sign()
    about_signer = answer(Status(issuer=middle), responder=middle)
    about_middle = answer(Status(issuer=root, serial=77), responder=root)
    assert says(pki.judge(signature, trusted, ocsp=[about_signer])) == NOTHING
    assert says(pki.judge(signature, trusted, ocsp=[about_signer, about_middle])) == PASSED


# --- about whom -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"serial": 5},
        {"issuer": pki.authority("other-ca")},
        {"issuer": pki.authority(subject="CN=ALTRA CA,C=IT")},
        {"digest": "sha3_256"},
    ],
    ids=["another serial number", "another key", "another name", "an unknown digest"],
)
def test_what_is_said_of_another_certificate_says_nothing(change: dict[str, object]) -> None:
    for status in (GOOD, revoked(BEFORE)):
        assert says(asked(answer(Status(status, **change)))) == NOTHING


# --- who may answer ---------------------------------------------------------------------------------------------------


def test_the_issuer_may_answer_by_name_or_by_key() -> None:
    assert says(asked(answer(by_key=True))) == PASSED
    assert says(asked(answer(version=encode(0xA0, encode_integer(0))))) == PASSED


def test_a_responder_the_issuer_appointed_may_answer() -> None:
    for by_key in (False, True):
        assert says(asked(answer(responder=responder(), by_key=by_key))) == PASSED
        assert says(asked(answer(Status(revoked(BEFORE)), responder=responder(), by_key=by_key))) == REVOKED
    assert says(asked(answer(responder=responder(kind="p256")))) == PASSED
    assert says(asked(answer(responder=responder(key_usage=None)))) == PASSED
    assert says(asked(answer(responder=responder(key_usage=pki.NON_REPUDIATION)))) == PASSED
    found_among_others = [b"\x30\x00", pki.provider().certificate, responder().certificate]
    assert says(asked(answer(responder=responder(), certificates=found_among_others))) == PASSED


IMPOSTORS: dict[str, Callable[[], bytes]] = {
    "a stranger in the issuer's name": lambda: answer(responder=pki.authority("impostor")),
    "a stranger's responder": lambda: answer(responder=responder(pki.authority("impostor"))),
    "one appointed by another authority": lambda: answer(
        responder=responder(pki.authority("impostor", subject="CN=ALTRA CA,C=IT"))
    ),
    "one appointed under another name with the same key": lambda: answer(
        responder=responder(pki.authority(subject="CN=ALTRO NOME,C=IT"))
    ),
    "a provider": lambda: answer(responder=pki.provider()),
    "one appointed for anything": lambda: answer(responder=responder(purposes=("2.5.29.37.0",))),
    "one whose certificate names no purpose": lambda: answer(responder=responder(purposes=None)),
    "one whose key is not for signatures": lambda: answer(responder=responder(key_usage=pki.KEY_ENCIPHERMENT)),
    "one with a critical extension nobody knows": lambda: answer(
        responder=responder(more_extensions=(pki.extension("1.2.3", encode(SEQUENCE), critical=True),))
    ),
    "one whose appointment had ended": lambda: answer(responder=responder(valid_to=pki.MOMENT)),
    "one whose appointment had not begun": lambda: answer(
        responder=responder(valid_from=AFTER), produced_at=AFTER - timedelta(seconds=1)
    ),
    "one with a key that is too small": lambda: answer(responder=responder(kind="rsa768")),
    "one whose certificate did not come along": lambda: answer(responder=responder(), certificates=()),
    "one that calls itself otherwise": lambda: answer(
        responder=responder(), responder_identifier=encode(0xA1, encode(SEQUENCE))
    ),
    "the issuer by another name": lambda: answer(
        responder_identifier=encode(0xA1, pki.encode_name("CN=ALTRA CA,C=IT"))
    ),
    "the issuer by another key": lambda: answer(
        responder_identifier=encode(0xA2, encode(OCTET_STRING, bytes(20)))
    ),
    "the issuer, in MD5": lambda: answer(digest="md5"),
    "a responder appointed in MD5": lambda: answer(responder=responder(pki.authority(digest="md5"))),
}  # fmt: skip


@pytest.mark.parametrize("who", IMPOSTORS)
def test_nobody_else_may_answer(who: str) -> None:
    assert read_ocsp(IMPOSTORS[who]())
    assert says(asked(IMPOSTORS[who]())) == NOTHING


def test_an_answer_that_was_changed_says_nothing() -> None:
    given = answer(Status(revoked(AFTER), this_update=AFTER))
    moment, other = (at.strftime("%Y%m%d%H%M%SZ").encode() for at in (AFTER, BEFORE))
    assert given.count(moment) == 2
    assert says(asked(given.replace(moment, other, 1))) == NOTHING
    by_appointment = answer(Status(revoked(AFTER), this_update=AFTER), responder=responder())
    assert says(asked(by_appointment)) == PASSED
    assert says(asked(by_appointment.replace(moment, other, 1))) == NOTHING


def test_an_answer_in_the_name_of_an_appointed_responder_is_not_his() -> None:
    genuine, impostor = responder(), responder(name="impostor")
    stolen = pki.Signer(genuine.certificate, impostor.key, ())
    assert says(asked(answer(Status(revoked(BEFORE)), responder=stolen))) == NOTHING


def test_an_answer_that_says_nothing_of_a_time_does_not_silence_another() -> None:
    late = Status(this_update=datetime(2029, 1, 1, tzinfo=UTC), next_update=None)
    assert says(asked(answer(late))) == NOTHING
    assert says(asked(answer(late), answer())) == PASSED
    assert says(asked(answer(), answer(late))) == PASSED


def test_a_responder_the_issuer_dismissed_may_not_answer_any_more() -> None:
    given = answer(responder=responder())
    for date, expected in ((pki.MOMENT + DAY, NOTHING), (AFTER, PASSED)):
        dismissed = pki.revocation_list(pki.authority(), [(0x5EED, date, ())], this_update=BEFORE, next_update=BEFORE)
        assert says(asked(given, crls=(dismissed,))) == expected
    unclear = pki.extension("2.5.29.29", encode(SEQUENCE), critical=True)
    list_of_unclear = pki.revocation_list(
        pki.authority(), [(0x5EED, AFTER, (unclear,))], this_update=BEFORE, next_update=BEFORE
    )
    assert says(asked(given, crls=(list_of_unclear,))) == NOTHING
    silent = pki.revocation_list(pki.authority(), [(7, BEFORE, ())], this_update=BEFORE, next_update=BEFORE)
    assert says(asked(given, crls=(silent,))) == PASSED
    forged = pki.revocation_list(
        pki.authority(), [(0x5EED, BEFORE, ())], signing_key=pki.private_key("impostor"), this_update=BEFORE
    )
    assert says(asked(given, crls=(forged,))) == PASSED


# --- what cannot be understood ----------------------------------------------------------------------------------------


def test_harmless_extensions_do_no_harm() -> None:
    nonce = pki.extension(ocsp.NONCE, encode(OCTET_STRING, b"1234"), critical=True)
    other = pki.extension("1.2.3.4", encode(SEQUENCE))
    assert says(asked(answer(Status(extensions=(other,)), extensions=(nonce, other)))) == PASSED


def test_an_answer_with_a_critical_extension_nobody_knows_says_nothing() -> None:
    unknown = pki.extension("1.2.3.4", encode(SEQUENCE), critical=True)
    status = Status(revoked(BEFORE))
    assert says(asked(answer(status, extensions=(unknown,)))) == NOTHING
    beside = Status(serial=9, extensions=(unknown,))
    assert says(asked(answer(status, beside))) == NOTHING


EXTENSIONS = encode(SEQUENCE, pki.extension("1.2.3", encode(SEQUENCE)))
MALFORMED: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "an empty sequence": lambda: encode(SEQUENCE),
    "a list": lambda: pki.revocation_list(pki.authority()),
    "a certificate": lambda: pki.provider().certificate,
    "cut short": lambda: answer()[:-1],
    "followed by something": lambda: answer() + b"\x00",
    "try later": lambda: answer(success=b"\x03"),
    "of an unknown kind": lambda: answer(kind="1.2.3.4"),
    "no status at all": lambda: answer(Status(b"")),
    "a status of an unknown kind": lambda: answer(Status(encode(0x83))),
    "a good one with something inside": lambda: answer(Status(encode(0x80, b"\x00"))),
    "a revocation without its time": lambda: answer(Status(encode(0xA1))),
    "a revocation with two times": lambda: answer(
        Status(encode(0xA1, pki.generalized_time(BEFORE), pki.generalized_time(AFTER)))
    ),
    "a status that ends before it begins": lambda: answer(Status(this_update=AFTER, next_update=BEFORE)),
    "a status with more than it should hold": lambda: answer(Status(trailing=encode_integer(1))),
    "a status with a field nobody knows": lambda: answer(Status(next_update=None, trailing=encode(0xA2, EXTENSIONS))),
    "a status with fields in another order": lambda: answer(
        Status(next_update=None, trailing=encode(0xA1, EXTENSIONS) + encode(0xA0, pki.generalized_time(AFTER)))
    ),
    "more than it should hold": lambda: answer(trailing=encode_integer(1)),
    "something behind the certificates": lambda: answer(
        certificates=[pki.provider().certificate], after_certificates=encode_integer(1)
    ),
    "something behind the extensions": lambda: answer(
        extensions=[pki.extension("1.2.3", encode(SEQUENCE))], trailing=encode_integer(1)
    ),
    "nothing inside": lambda: answer(body=encode(SEQUENCE)),
    "less than it should hold": lambda: answer(body=encode(SEQUENCE, encode_integer(1))),
    "a responder named in no known way": lambda: answer(responder_identifier=encode(0xA3, encode(SEQUENCE))),
    "a responder's name that is none": lambda: answer(responder_identifier=encode(0xA1, encode_integer(1))),
    "an extension twice": lambda: answer(extensions=[pki.extension("1.2.3", encode(SEQUENCE))] * 2),
    "too many statuses": lambda: answer(*(Status(serial=n) for n in range(MAX_STATUSES + 1))),
    "too many certificates": lambda: answer(certificates=[pki.provider().certificate] * (MAX_CERTIFICATES + 1)),
    "too large": lambda: answer(extensions=[pki.extension("1.2.3", bytes(MAX_BYTES))]),
}  # fmt: skip


@pytest.mark.parametrize("what", MALFORMED)
def test_a_malformed_answer_is_refused_and_says_nothing(what: str) -> None:
    with pytest.raises(DerError):
        read_ocsp(MALFORMED[what]())
    assert says(asked(MALFORMED[what]())) == NOTHING


def test_an_answer_as_large_as_may_be_is_read() -> None:
    statuses = [Status(serial=n) for n in range(MAX_STATUSES)]
    assert len(read_ocsp(answer(*statuses)).statuses) == MAX_STATUSES
    certificates = [pki.provider().certificate] * MAX_CERTIFICATES
    assert len(read_ocsp(answer(certificates=certificates)).certificates) == MAX_CERTIFICATES
    room = MAX_BYTES - len(answer(extensions=[pki.extension("1.2.3", bytes(60_000))])) + 60_000
    full = answer(extensions=[pki.extension("1.2.3", bytes(room))])
    assert len(full) == MAX_BYTES
    assert read_ocsp(full)


def test_a_list_that_is_too_large_is_refused() -> None:
    with pytest.raises(DerError, match="too large"):
        read_crl(bytes(LONGEST_CRL + 1))


def test_answers_and_lists_are_told_apart() -> None:
    assert is_response(answer())
    assert is_response(answer(success=b"\x06"))
    for other in (pki.revocation_list(pki.authority()), b"", encode(SEQUENCE), encode_integer(5), b"nonsense"):
        assert not is_response(other)


def test_an_answer_reads_as_it_was_given() -> None:
    read = read_ocsp(answer(Status(revoked(AFTER), this_update=AFTER, next_update=None)))
    (status,) = read.statuses
    assert (read.produced_at, status.this_update, status.next_update) == (pki.MOMENT + DAY, AFTER, None)
    assert status.revoked_at == AFTER
    assert status.is_known
    assert read.responder_name == pki.authority().subject
    assert read_only_element(read.signed_part)
