"""Each row of the standing's table with a real signed message (the table as such: `pec/test_standing.py`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from pecdesk.demo.authority import Signer
from pecdesk.demo.builders import Sealer, Statement, certifying, signed_mail, with_header
from pecdesk.demo.forgery import mutated, unsigned, wrapped
from pecdesk.demo.mail import split_headers
from pecdesk.demo.ordinary import ordinary, rem_dispatch, rem_receipt
from pecdesk.demo.world import REM_SERVICE
from pecdesk.examine import Examination, examine
from pecdesk.trust import AnchorSet, CheckName, CheckStatus, Note, Reason, RevocationMode, SignatureStatus
from pecdesk.trust.cms import MAX_BYTES, MAX_CERTIFICATES
from tests.kit import messages
from tests.kit.messages import NOW, RECIPIENT, RESERVE, SENT_AT, anchors, delivery, draft, provider, sending, world

Make = Callable[[], bytes]
PASSED, FAILED = SignatureStatus.PASSED, SignatureStatus.FAILED
INDETERMINATE, NONE = SignatureStatus.INDETERMINATE, SignatureStatus.NONE


def judged(raw: bytes, trust: AnchorSet | None = None) -> Examination:
    return examine(raw, trust or anchors(), now=NOW)


def policy(**changes: object) -> AnchorSet:
    """The trust of the tests with some of its rules changed."""
    (known,) = anchors().policies
    return AnchorSet((replace(known, **changes),))  # type: ignore[arg-type]


@cache
def receipt() -> Statement:
    return delivery()


def verdict(found: Examination) -> tuple[str, str, tuple[Reason, ...]]:
    return found.standing, found.signature.status, found.reasons


def sealed_by(signer: Sealer, statement: Statement | None = None) -> bytes:
    return replace(statement or receipt(), signer=signer).sealed()


def with_signature(signature: bytes) -> bytes:
    content, _, boundary = messages.taken_apart(receipt())
    return signed_mail(receipt().fields, content, signature, boundary)


@cache
def genuine_signature() -> bytes:
    return messages.taken_apart(receipt())[1]


def signer() -> Signer:
    found = provider().signer(SENT_AT)
    assert isinstance(found, Signer)
    return found


# row 1


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (lambda: messages.nested(200), Reason.DEPTH_LIMIT),
        (messages.header_bomb, Reason.HEADER_LIMIT),
        (lambda: with_header(receipt(), "X-Lungo", "x" * 70_000).sealed(), Reason.HEADER_LIMIT),
        (lambda: messages.truncated(receipt().sealed()), Reason.INCOMPLETE),
        (lambda: messages.truncated(receipt().sealed(), 0.99), Reason.INCOMPLETE),
        (lambda: with_signature(b"\0" * (MAX_BYTES + 1)), Reason.SIZE_LIMIT),
        (lambda: sealed_by(replace(signer(), chain=signer().chain * MAX_CERTIFICATES)), Reason.PART_LIMIT),
    ],
    ids=["depth", "headers", "headers of a receipt", "truncated", "last line", "size of the signature", "certificates"],
)  # fmt: skip
def test_row_1_a_limit_or_a_missing_end_is_undetermined(raw: Make, reason: Reason) -> None:
    found = judged(raw())

    assert (found.standing, found.signature.status) == ("undetermined", INDETERMINATE)
    assert found.signature.reason is found.reasons[0] is reason
    assert not found.counts


# row 2


@pytest.mark.parametrize("make", [rem_dispatch, rem_receipt])
def test_row_2_rem_of_an_unknown_circuit_is_undetermined(make: Callable[..., bytes]) -> None:
    found = judged(make(draft(), REM_SERVICE, world().rem, NOW))

    assert verdict(found) == ("undetermined", INDETERMINATE, (Reason.UNKNOWN_ANCHOR,))
    assert found.circuit is None


def test_rem_of_a_known_circuit_is_certified_by_the_evidence_in_its_signed_part() -> None:
    found = judged(rem_receipt(draft(), provider().address, signer(), NOW))

    assert verdict(found) == ("certified", PASSED, ())
    assert found.counts
    assert [check.status for check in found.checks if check.name is CheckName.CERTIFICATION] == [CheckStatus.NOT_DONE]


def test_an_unsigned_rem_header_makes_no_rem_message() -> None:
    mail = draft("Posta ordinaria")
    anomaly = with_header(provider().anomaly(ordinary(mail), mail, RECIPIENT, NOW), "X-Trasporto", None)
    found = judged(with_header(anomaly, "REM-MessageType", "x/dispatch").sealed())

    assert verdict(found) == ("not-certified", PASSED, (Reason.CERTIFICATION_MISSING,))


# row 3


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (lambda: unsigned(receipt()), Reason.NO_SIGNATURE),
        (lambda: ordinary(draft()), Reason.NO_SIGNATURE),
        (lambda: wrapped(receipt().sealed(), draft()), Reason.NO_SIGNATURE),
        (lambda: messages.with_third_part(receipt()), Reason.PART_COUNT),
        (lambda: receipt().sealed().replace(b"pkcs7-signature; name", b"pgp-signature; name"), Reason.NO_SIGNATURE),
        (lambda: b"", Reason.EMPTY),
        (lambda: b" \r\n\r\n", Reason.EMPTY),
        (lambda: b'Content-Type: multipart/signed; boundary="b"\r\n\r\n--b--\r\n', Reason.NO_SIGNATURE),
        (lambda: b'Content-Type: multipart/signed; boundary="b"\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n', Reason.NO_SIGNATURE),
    ],
    ids=["unsigned", "ordinary", "wrapped", "third part", "other type", "empty", "blank", "no part", "one part"],
)  # fmt: skip
def test_row_3_no_signature_over_the_whole_is_not_certified(raw: Make, reason: Reason) -> None:
    found = judged(raw())

    assert verdict(found) == ("not-certified", NONE, (reason,))
    assert found.notes == ()
    assert found.signature.signer is None


# row 4


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (lambda: mutated(receipt().sealed(), b"consegnato nella", b"consegnata nella"), Reason.DIGEST_MISMATCH),
        (lambda: messages.with_signature_of_other_bytes(receipt()), Reason.DIGEST_MISMATCH),
        (lambda: with_signature(genuine_signature()[:-1] + bytes((genuine_signature()[-1] ^ 1,))),
         Reason.SIGNATURE_MISMATCH),
        (lambda: with_signature(genuine_signature()[:-100]), Reason.CMS_UNREADABLE),
    ],
    ids=["text", "other bytes", "value", "damaged"],
)  # fmt: skip
def test_row_4_a_providers_message_that_is_broken_is_altered(raw: Make, reason: Reason) -> None:
    found = judged(raw())

    assert (found.standing, found.signature.status, found.reasons[0]) == ("altered", FAILED, reason)
    assert found.certification is None
    assert found.claimed_certification is not None
    assert found.kind == "delivery"


@pytest.mark.parametrize("year", [b"1999", b"2126"])
def test_row_4_a_changed_date_does_not_make_a_provider_a_stranger(year: bytes) -> None:
    plain = certifying(replace(receipt(), habits=replace(receipt().habits, certification_encoding="7bit")))
    found = judged(mutated(plain.sealed(), b"/2026</giorno>", b"/" + year + b"</giorno>"))

    assert found.standing == "altered"
    assert found.reference_time is not None
    assert found.reference_time.year == 2026


# row 5


@pytest.mark.parametrize(
    ("raw", "status", "reason"),
    [
        (lambda: messages.signed_by_foreign(receipt()), INDETERMINATE, Reason.UNKNOWN_ANCHOR),
        (lambda: messages.signed_by_another(receipt(), "due"), FAILED, Reason.ADDRESS_MISMATCH),
        (lambda: messages.twice(receipt().sealed(), b"From"), FAILED, Reason.FROM_NOT_SINGLE),
        (lambda: with_header(receipt(), "From", None).sealed(), FAILED, Reason.FROM_MISSING),
        (lambda: with_header(receipt(), "From", f"{provider().address} <x@evil.example>").sealed(), FAILED,
         Reason.FROM_MALFORMED),
        (lambda: messages.twice(receipt().sealed(), b"Content-Type"), FAILED, Reason.DUPLICATE_HEADER),
        (lambda: receipt().sealed().replace(b"micalg=", b"micalg=x; micalg=", 1), FAILED, Reason.DUPLICATE_HEADER),
        (lambda: with_signature(b"rubbish"), FAILED, Reason.CMS_UNREADABLE),
        (lambda: with_signature(b""), FAILED, Reason.CMS_UNREADABLE),
    ],
    ids=["anchor", "address", "two From", "no From", "From", "Content-Type", "parameter", "rubbish", "nothing"],
)  # fmt: skip
def test_row_5_any_other_failure_or_no_anchor_is_not_certified(
    raw: Make, status: SignatureStatus, reason: Reason
) -> None:
    found = judged(raw())

    assert (found.standing, found.signature.status) == ("not-certified", status)
    assert found.signature.reason is reason
    assert found.reasons[0] is reason
    assert found.certification is None


def test_row_5_a_signer_that_the_policy_does_not_name_is_not_certified() -> None:
    named = frozenset({provider("due").address})
    found = judged(receipt().sealed(), policy(signer_addresses=named))

    assert verdict(found) == ("not-certified", FAILED, (Reason.SIGNER_NOT_ALLOWED,))
    assert CheckName.SIGNER_ALLOWED in {check.name for check in found.checks}


@pytest.mark.parametrize(("year", "reason"), [(2010, Reason.NOT_YET_VALID), (2040, Reason.EXPIRED)])
def test_row_5_intact_bytes_are_judged_at_daticerts_time_and_no_other(year: int, reason: Reason) -> None:
    found = judged(certifying(receipt(), time=SENT_AT.replace(year=year)).sealed())

    assert (found.standing, found.signature.reason) == ("not-certified", reason)
    assert found.reference_time is not None
    assert found.reference_time.year == year


def test_the_reason_of_the_signature_stands_before_those_of_the_other_checks() -> None:
    foreign = replace(receipt(), signer=world().foreign.signer(SENT_AT), certification=None)
    found = judged(with_header(foreign, "From", "altro@x.example").sealed())

    assert found.reasons == (Reason.ADDRESS_MISMATCH, Reason.UNKNOWN_ANCHOR, Reason.CERTIFICATION_MISSING)


def test_a_malformed_sender_has_a_line_of_its_own() -> None:
    checks = {check.name: check for check in judged(messages.twice(receipt().sealed(), b"From")).checks}

    assert (checks[CheckName.FROM].status, checks[CheckName.FROM].reason) == (
        CheckStatus.FAILED,
        Reason.FROM_NOT_SINGLE,
    )


# between 5 and 6


def test_what_cannot_be_decided_under_a_known_anchor_is_undetermined() -> None:
    found = judged(receipt().sealed(), policy(revocation=RevocationMode.HARD))

    assert verdict(found) == ("undetermined", INDETERMINATE, (Reason.REVOCATION_UNKNOWN,))
    assert found.circuit == "prova"


# row 6


def anomaly(carried: bytes | None = None) -> bytes:
    mail = draft("Posta ordinaria", sender="lucia@posta.example", recipients=(messages.SENDER,))
    return provider().anomaly(carried or ordinary(mail), mail, messages.SENDER, NOW).sealed()


def test_row_6_an_anomaly_envelope_is_not_certified_with_its_own_words() -> None:
    found = judged(anomaly())

    assert verdict(found) == ("not-certified", PASSED, (Reason.ANOMALY_ENVELOPE,))
    assert (found.kind, found.certification, found.counts) == ("anomaly-envelope", None, False)


def test_row_6_does_not_apply_where_the_policy_needs_no_daticert() -> None:
    found = judged(anomaly(), policy(daticert=False))

    assert verdict(found) == ("certified", PASSED, ())


# row 7


@pytest.mark.parametrize(
    ("certification", "reason"),
    [
        (None, Reason.CERTIFICATION_MISSING),
        (b"<postacert>", Reason.CERTIFICATION_INVALID),
        (b"<!DOCTYPE postacert><postacert/>", Reason.CERTIFICATION_INVALID),
        (b" " * (1024 * 1024 + 1), Reason.CERTIFICATION_INVALID),
    ],
    ids=["missing", "not XML", "document type", "too large"],
)
def test_row_7_without_a_valid_daticert_nothing_is_certified(certification: bytes | None, reason: Reason) -> None:
    raw = replace(receipt(), certification=certification).sealed()
    found = judged(raw)

    assert verdict(found) == ("not-certified", PASSED, (reason,))
    assert found.certification is None
    assert judged(raw, policy(daticert=False)).standing == "certified"


def test_row_7_an_anomaly_that_is_called_an_envelope_is_not_certified() -> None:
    found = judged(messages.lying_anomaly())

    assert verdict(found) == ("not-certified", PASSED, (Reason.CERTIFICATION_MISSING,))
    assert found.kind == "transport-envelope"


# row 8

LATE = datetime(2027, 2, 1, tzinfo=UTC)


def late_sha1() -> bytes:
    habits = replace(provider().habits, digest_until=((LATE + timedelta(days=1), "sha1"),))
    statement = provider().acceptance(sending(draft(at=LATE)))
    return replace(statement, habits=habits).sealed()


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (lambda: with_header(receipt(), "Subject", "CONSEGNA: Altro").sealed(), Reason.SUBJECT_MISMATCH),
        (lambda: with_header(receipt(), "X-Ricevuta", "accettazione").sealed(), Reason.KIND_MISMATCH),
        (lambda: with_header(receipt(), "X-Riferimento-Message-ID", "<x@y.example>").sealed(),
         Reason.REFERENCE_MISMATCH),
        (lambda: with_header(provider().envelope(sending(), RECIPIENT), "Message-ID", "<x@y.example>").sealed(),
         Reason.MESSAGE_ID_MISMATCH),
        (lambda: with_header(receipt(), "From", f'"procura@x.example" <{provider().address}>').sealed(),
         Reason.SENDER_MISMATCH),
        (lambda: messages.signed_later(receipt(), timedelta(minutes=6)), Reason.TIME_MISMATCH),
        (lambda: messages.other_inside(receipt()), Reason.INNER_MISMATCH),
        (late_sha1, Reason.WEAK_DIGEST),
    ],
    ids=["subject", "kind", "reference", "message id", "sender", "time", "inside", "sha1 in 2027"],
)  # fmt: skip
def test_row_8_a_disagreement_or_a_weakness_is_a_reserve(raw: Make, reason: Reason) -> None:
    found = judged(raw())

    assert verdict(found) == (RESERVE, PASSED, (reason,))
    assert found.certification is not None


@pytest.mark.parametrize("header", ["Subject", "X-Ricevuta", "X-Riferimento-Message-ID"])
def test_a_header_that_is_merely_missing_is_a_note(header: str) -> None:
    found = judged(with_header(receipt(), header, None).sealed())

    assert verdict(found) == ("certified", PASSED, ())
    assert Note.HEADER_MISSING in found.notes
    assert (found.kind, found.counts) == ("delivery", True)


# row 9


@pytest.mark.parametrize("key", sorted(world().providers))
def test_row_9_everything_that_agrees_is_certified_whatever_the_provider_is_used_to(key: str) -> None:
    subject = "Perché così: «clausola» n. 5 & <altro> " + "lungo " * 30
    taken = sending(draft(subject, attachments=messages.FILES), key)
    each = provider(key)
    for statement in (
        each.acceptance(taken),
        each.envelope(taken, RECIPIENT),
        each.delivery(taken, RECIPIENT, taken.accepted_at),
        each.delay_notice(taken, RECIPIENT, taken.accepted_at + timedelta(hours=12)),
        each.virus_non_delivery(taken, RECIPIENT, taken.accepted_at),
        each.non_acceptance(taken, "virus", virus=True),
    ):
        found = judged(statement.sealed())
        assert verdict(found) == ("certified", PASSED, ())
        assert found.notes == (Note.REVOCATION_NOT_CHECKED,)
        assert found.counts
        assert found.claimed_certification is None


def test_every_check_that_applies_has_its_line_in_order() -> None:
    checks = judged(receipt().sealed()).checks
    order = list(CheckName)

    assert [check.name for check in checks] == sorted({check.name for check in checks}, key=order.index)
    assert set(order) - {check.name for check in checks} == {CheckName.SIGNER_ALLOWED}
    assert [check.name for check in checks if check.status is not CheckStatus.PASSED] == [CheckName.REVOCATION]


def test_a_daticert_that_no_signature_covers_is_told_as_not_checked() -> None:
    for raw in (unsigned(receipt()), messages.signed_by_foreign(receipt())):
        (check,) = (check for check in judged(raw).checks if check.name is CheckName.CERTIFICATION)
        assert (check.status, check.reason) == (CheckStatus.NOT_DONE, None)


def test_the_time_handed_in_replaces_the_reference_time() -> None:
    raw = receipt().sealed()
    past, future = SENT_AT - timedelta(days=9999), SENT_AT + timedelta(days=9999)

    assert examine(raw, anchors(), at=past).signature.reason is Reason.NOT_YET_VALID
    assert examine(raw, anchors(), at=future).signature.reason is Reason.EXPIRED
    assert examine(raw, anchors(), at=SENT_AT).standing == "certified"
    assert examine(raw, anchors(), at=SENT_AT).reference_time == SENT_AT


def test_an_altered_message_is_judged_at_the_time_handed_in_alone() -> None:
    altered = mutated(receipt().sealed(), b"consegnato nella", b"consegnata nella")

    assert examine(altered, anchors(), at=SENT_AT - timedelta(days=9999)).standing == "not-certified"
    assert examine(altered, anchors(), at=SENT_AT).standing == "altered"


def test_reference_times_are_daticerts_or_else_the_signatures() -> None:
    certified = judged(receipt().sealed()).certification
    assert certified is not None
    assert judged(receipt().sealed()).reference_time == certified.time
    assert judged(anomaly()).reference_time == NOW
    assert judged(ordinary(draft())).reference_time is None


def test_a_receipt_keeps_its_place_when_its_headers_are_lost_by_an_export() -> None:
    fields, body = split_headers(receipt().sealed())
    kept = (b"from", b"content-type", b"mime-version")
    found = judged(b"".join(field for field in fields if field.lower().startswith(kept)) + b"\r\n" + body)

    assert (found.standing, found.kind, found.counts) == ("certified", "delivery", True)
    assert Note.HEADER_MISSING in found.notes
    altered = judged(mutated(receipt().sealed(), b"X-Ricevuta: avvenuta-consegna\r\n", b"").replace(b"nella", b"dalla"))
    assert (altered.standing, altered.kind) == ("altered", "delivery")
