"""A message that may be newer than the trust data is explained; it gains nothing by it."""

from __future__ import annotations

import pytest

from pecdesk.examine import Examination, examine
from pecdesk.explain.language import language
from pecdesk.explain.stale_trust import stale_trust
from pecdesk.pec.standing import Standing
from pecdesk.trust import shipped_anchors
from tests.hostile.bench import signer, under
from tests.kit import messages, pki

ENGLISH = language("en")
AGID_2 = "CN=AgID CA2,O=Agenzia per l'Italia Digitale,L=Roma,C=IT"


def judged(raw: bytes) -> Examination:
    return examine(raw, shipped_anchors(), now=messages.NOW)


def receipt_under(subject: str, **profile: object) -> Examination:
    issuer = pki.authority("stranger", subject=subject, constraints=None)
    return judged(under(messages.delivery(), signer(issuer, **profile)).sealed())


def test_an_unknown_authority_that_calls_itself_agid_is_explained() -> None:
    found = receipt_under(AGID_2)
    said = stale_trust(found, ENGLISH)
    assert f"“{AGID_2}”" in said
    assert "somebody uses its name" in said
    assert "Update pecdesk" in said
    assert "pecdesk trust add" in said
    assert found.standing is Standing.NOT_CERTIFIED
    assert not found.counts


def test_a_policy_of_pec_under_any_name_is_explained() -> None:
    assert "proves nothing" in stale_trust(receipt_under("CN=Qualcuno,C=IT"), ENGLISH)


def test_a_stranger_who_claims_nothing_needs_no_explanation() -> None:
    assert stale_trust(receipt_under("CN=Qualcuno,C=IT", policies=("1.2.3",)), ENGLISH) == ""


@pytest.mark.parametrize("kind", ["REM dispatch", "REM receipt"])
def test_rem_under_an_unknown_authority_is_explained_and_stays_undetermined(kind: str) -> None:
    (specimen,) = (one for one in messages.genuine() if one.name == kind)
    found = judged(specimen.raw)
    assert found.standing is Standing.UNDETERMINED
    said = stale_trust(found, ENGLISH)
    assert "successor of PEC" in said
    assert "Update pecdesk" in said


def test_what_is_known_or_unsigned_needs_no_explanation() -> None:
    known = examine(messages.delivery().sealed(), messages.anchors(), now=messages.NOW)
    assert known.standing is Standing.CERTIFIED
    ordinary = judged(b"From: a@b.example\r\n\r\nAgID CA1\r\n")
    for found in (known, ordinary):
        assert stale_trust(found, ENGLISH) == ""


def test_the_name_of_an_authority_cannot_paint() -> None:
    assert "[U+202E]" in stale_trust(receipt_under("CN=AgID \u202e,C=IT"), ENGLISH)


def test_it_is_said_in_italian_too() -> None:
    assert stale_trust(receipt_under(AGID_2), language("it"))
