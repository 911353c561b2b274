"""Genuine certified mail, read in its place: judged as it must be, and so are its mutants and twins.

A twin is the same message signed again by an authority of our own: what is judged is the signature and what it says,
nothing is recognised by a hash or an address.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from pecdesk.demo.authority import Authority, Signer
from pecdesk.demo.mail import base64_lines
from pecdesk.examine import Examination, examine, signed_bytes
from pecdesk.mime import parse, strict_address
from pecdesk.pec.linking import link
from pecdesk.pec.message import Completeness
from pecdesk.pec.transmission import Direction, OriginalSource, RecipientState, State
from pecdesk.store.pieces import piece_of
from pecdesk.trust import Anchor, AnchorSet, Note, Reason, TrustPolicy, shipped_anchors
from pecdesk.trust.certificate import read_certificate

NOW = datetime(2026, 11, 22, tzinfo=UTC)
NOTES = {Note.SHA1_AT_THE_TIME, Note.CERTIFICATE_EXPIRED_SINCE, Note.REVOCATION_NOT_CHECKED}

ACCEPTANCE, DELIVERY = "aruba-2018-acceptance.eml", "aruba-2018-delivery-full.eml"
ENVELOPE, DAMAGED = "sogei-2018-envelope-sdi-rc.eml", "sogei-2018-envelope-sdi-rc-damaged.eml"
CERTIFIED = {
    ACCEPTANCE: "acceptance",
    DELIVERY: "delivery",
    ENVELOPE: "transport-envelope",
    "aruba-2021-acceptance.eml": "acceptance",
}
CERTIFIED_ONES = pytest.mark.parametrize(("name", "kind"), CERTIFIED.items())


def judged(raw: bytes, trust: AnchorSet | None = None) -> Examination:
    return examine(raw, trust or shipped_anchors(), now=NOW)


@CERTIFIED_ONES
def test_a_genuine_message_is_certified_with_the_notes_of_its_age(samples: Path, name: str, kind: str) -> None:
    found = judged((samples / name).read_bytes())

    assert (found.kind, found.standing, found.reasons) == (kind, "certified", ())
    assert found.notes == tuple(sorted(NOTES))
    assert (found.signature.status, found.signature.digest, found.circuit) == ("passed", "sha1", "AgID CA1")
    assert found.counts
    assert found.certification is not None
    assert found.reference_time == found.certification.time


@pytest.mark.parametrize(
    ("name", "kind", "standing", "reason"),
    [
        (DAMAGED, "transport-envelope", "altered", Reason.DIGEST_MISMATCH),
        ("unsigned-anonymised-acceptance.eml", "acceptance", "not-certified", Reason.NO_SIGNATURE),
        ("ordinary-dsn.eml", "delivery-status", "not-certified", Reason.NO_SIGNATURE),
    ],
)
def test_what_is_damaged_unsigned_or_ordinary_is_told_as_such(
    samples: Path, name: str, kind: str, standing: str, reason: Reason
) -> None:
    found = judged((samples / name).read_bytes())

    assert (found.kind, found.standing, found.reasons) == (kind, standing, (reason,))
    assert (found.certification, found.counts) == (None, False)


@CERTIFIED_ONES
@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.999])
def test_a_genuine_message_with_one_changed_bit_is_altered(samples: Path, name: str, kind: str, share: float) -> None:
    raw = (samples / name).read_bytes()
    span = parse(raw).children[0].span
    at = span.start + int(share * (span.end - span.start))
    found = judged(raw[:at] + bytes((raw[at] ^ 1,)) + raw[at + 1 :])

    assert (found.standing, found.kind) == ("altered", kind)


@CERTIFIED_ONES
def test_a_genuine_message_without_its_end_is_undetermined(samples: Path, name: str, kind: str) -> None:
    found = judged((samples / name).read_bytes()[:-40])

    assert (found.standing, found.kind) == ("undetermined", kind)


# twins


@cache
def twin_authority(address: str) -> tuple[Signer, AnchorSet]:
    """An authority of our own that certifies the address a message is from, and the trust in it alone."""
    begin, end = datetime(2010, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
    organisation = "Gestore di prova S.p.A."
    authority = Authority.make(
        "PROVA CA1", domains=[address.partition("@")[2]], organisations=[organisation], valid_from=begin, valid_to=end
    )
    signer = authority.provider(organisation, address, valid_from=begin, valid_to=end)
    anchor = Anchor.of(read_certificate(signer.chain[0]))
    return signer, AnchorSet((TrustPolicy("prova", (anchor,), required_policy="1.3.76.16.3.1.1"),))


def twin(raw: bytes, signed_instead: bytes | None = None) -> tuple[bytes, AnchorSet]:
    """The message signed again, and the trust under which that holds; or with the signature of another content."""
    part = parse(raw)
    first, second = part.children
    address, _ = strict_address(part.values("from"))
    certification = judged(raw).certification or judged(raw).claimed_certification
    assert address is not None
    assert certification is not None
    signer, trust = twin_authority(address)
    content = bytes(signed_bytes(raw, first)) if signed_instead is None else signed_instead
    signature = base64_lines(signer.sign(content, certification.time, digest="sha1"))
    if b"\r" not in raw:
        signature = signature.replace(b"\r\n", b"\n")
    return raw[: second.body.start] + signature.rstrip() + raw[second.body.end :], trust


@CERTIFIED_ONES
def test_a_twin_is_certified_under_its_own_authority_and_under_no_other(samples: Path, name: str, kind: str) -> None:
    raw = (samples / name).read_bytes()
    made, trust = twin(raw)
    under_own, under_shipped, before = judged(made, trust), judged(made), judged(raw)

    assert (under_own.kind, under_own.standing, under_own.circuit) == (kind, "certified", "prova")
    assert set(under_own.notes) == NOTES - {Note.CERTIFICATE_EXPIRED_SINCE}
    assert under_own.certification == before.certification
    assert (under_shipped.kind, under_shipped.standing) == (kind, "not-certified")
    assert under_shipped.reasons == (Reason.UNKNOWN_ANCHOR,)
    assert judged(raw, trust).standing == "not-certified"


@CERTIFIED_ONES
def test_a_twin_with_one_changed_bit_is_altered(samples: Path, name: str, kind: str) -> None:
    made, trust = twin((samples / name).read_bytes())
    at = parse(made).children[0].span.start
    changed = made[:at] + bytes((made[at] ^ 1,)) + made[at + 1 :]

    assert (judged(changed, trust).standing, judged(changed, trust).kind) == ("altered", kind)
    assert judged(changed).standing == "not-certified"


def test_a_twin_of_the_damaged_message_is_altered_too(samples: Path) -> None:
    intact = (samples / ENVELOPE).read_bytes()
    made, trust = twin((samples / DAMAGED).read_bytes(), bytes(signed_bytes(intact, parse(intact).children[0])))

    assert judged(made, trust).standing == "altered"
    assert judged(made).standing == "not-certified"


# what they make


def test_the_acceptance_and_the_delivery_of_one_message_are_one_delivered_row(samples: Path) -> None:
    pieces = [
        piece_of(judged((samples / name).read_bytes()), None, in_sent_folder=False) for name in (ACCEPTANCE, DELIVERY)
    ]
    for order in (pieces, pieces[::-1]):
        (row,) = link(order, frozenset())
        assert (row.kind, row.direction, row.state) == ("pec", Direction.SENT, State.DELIVERED)
        assert (row.original, row.original_sha256) == (OriginalSource.FROM_RECEIPT, pieces[1].sha256)
        assert [each.state for each in row.recipients] == [RecipientState.DELIVERED]
        assert [line.completeness for line in row.evidence] == [None, Completeness.FULL]
        assert row.attention == ()
