"""The standing as a table: total, first row that fits, and green only where everything agrees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import product

import pytest

from pecdesk.pec.message import MessageKind
from pecdesk.pec.standing import TABLE, Standing, StandingFacts, standing_of
from pecdesk.trust import SignatureStatus

NONE, PASSED, FAILED, INDETERMINATE = (
    SignatureStatus.NONE,
    SignatureStatus.PASSED,
    SignatureStatus.FAILED,
    SignatureStatus.INDETERMINATE,
)
AGREEING = StandingFacts(
    kind=MessageKind.DELIVERY,
    signature=PASSED,
    limit_hit=False,
    incomplete=False,
    anchor_reached=True,
    provider_proven=True,
    content_broken=False,
    certification_needed=True,
    certification_valid=True,
    disagrees_or_weak=False,
)
KINDS = (MessageKind.DELIVERY, MessageKind.ANOMALY_ENVELOPE, MessageKind.REM_DISPATCH, MessageKind.ORDINARY)


def every_combination() -> Iterator[StandingFacts]:
    flags = [field.name for field in fields(StandingFacts) if field.name not in ("kind", "signature")]
    for kind, signature, *values in product(KINDS, SignatureStatus, *[(False, True)] * len(flags)):
        yield StandingFacts(kind=kind, signature=signature, **dict(zip(flags, values, strict=True)))  # type: ignore[arg-type]


def expected(facts: StandingFacts) -> str:
    """The rows of the interface, word for word; the one between 5 and 6 is ours."""
    if facts.limit_hit or facts.incomplete:
        return "undetermined"
    if facts.kind.is_rem and facts.signature != "none" and not facts.anchor_reached:
        return "undetermined"
    if facts.signature == "none":
        return "not-certified"
    if facts.provider_proven and facts.content_broken:
        return "altered"
    if facts.signature == "failed" or not facts.anchor_reached:
        return "not-certified"
    if facts.signature == "indeterminate":
        return "undetermined"
    if facts.certification_needed and facts.kind == "anomaly-envelope":
        return "not-certified"
    if facts.certification_needed and not facts.certification_valid:
        return "not-certified"
    return "certified-with-reserve" if facts.disagrees_or_weak else "certified"


def test_every_combination_of_facts_has_the_standing_of_the_first_row_that_fits() -> None:
    for facts in every_combination():
        assert standing_of(facts) == expected(facts), facts


def test_every_combination_fits_a_row_and_the_last_row_fits_all() -> None:
    *_, (_, fits, standing) = TABLE

    assert standing is Standing.CERTIFIED
    assert all(fits(facts) for facts in every_combination())


def test_every_row_is_reached() -> None:
    reached = {next(name for name, fits, _ in TABLE if fits(facts)) for facts in every_combination()}

    assert reached == {name for name, _, _ in TABLE}
    assert len(reached) == len(TABLE)


def test_only_what_agrees_in_everything_is_certified() -> None:
    for facts in every_combination():
        if standing_of(facts) is Standing.CERTIFIED:
            assert facts.signature is PASSED
            assert facts.anchor_reached
            assert {facts.limit_hit, facts.incomplete, facts.disagrees_or_weak} == {False}
            assert not (facts.provider_proven and facts.content_broken)
            assert not facts.certification_needed or facts.kind is not MessageKind.ANOMALY_ENVELOPE
            assert not facts.certification_needed or facts.certification_valid


def test_everything_agreeing_is_certified() -> None:
    assert standing_of(AGREEING) is Standing.CERTIFIED


@pytest.mark.parametrize(
    ("change", "standing"),
    [
        ({"limit_hit": True}, "undetermined"),
        ({"incomplete": True}, "undetermined"),
        ({"kind": MessageKind.REM_RECEIPT, "anchor_reached": False, "signature": INDETERMINATE}, "undetermined"),
        ({"kind": MessageKind.REM_RECEIPT, "signature": NONE}, "not-certified"),
        ({"kind": MessageKind.REM_RECEIPT, "certification_valid": False}, "not-certified"),
        ({"signature": NONE}, "not-certified"),
        ({"signature": FAILED, "content_broken": True}, "altered"),
        ({"signature": FAILED, "content_broken": True, "provider_proven": False}, "not-certified"),
        ({"signature": FAILED}, "not-certified"),
        ({"signature": INDETERMINATE, "anchor_reached": False, "provider_proven": False}, "not-certified"),
        ({"signature": INDETERMINATE}, "undetermined"),
        ({"kind": MessageKind.ANOMALY_ENVELOPE, "certification_valid": False}, "not-certified"),
        ({"kind": MessageKind.ANOMALY_ENVELOPE, "certification_needed": False}, "certified"),
        ({"certification_valid": False}, "not-certified"),
        ({"certification_valid": False, "certification_needed": False}, "certified"),
        ({"disagrees_or_weak": True}, "certified-with-reserve"),
    ],
)
def test_one_fact_changes_the_standing(change: dict[str, object], standing: str) -> None:
    assert standing_of(replace(AGREEING, **change)) == standing  # type: ignore[arg-type]
