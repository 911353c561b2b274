"""The test kit's collection: every specimen is judged as it says, and each hostile one has a genuine twin."""

from __future__ import annotations

import pytest

from pecdesk.examine import examine
from tests.kit.messages import (
    NOW,
    Specimen,
    anchors,
    contradictory,
    delivery,
    flipped,
    forged_for,
    genuine,
    hostile,
    quoting_unknown_id,
    replayed,
    sending,
    signed_span,
    with_epilogue,
    with_preamble,
)

ALL = (*genuine(), *hostile())


@pytest.mark.parametrize("specimen", ALL, ids=[specimen.name for specimen in ALL])
def test_a_specimen_is_judged_as_it_says(specimen: Specimen) -> None:
    found = examine(specimen.raw, anchors(), now=NOW)
    assert (found.kind, found.standing) == (specimen.kind, specimen.standing)
    assert found.counts == specimen.counts


def test_no_hostile_specimen_is_certified() -> None:
    assert "certified" not in {specimen.standing for specimen in hostile()}


def test_names_are_unique() -> None:
    assert len({specimen.name for specimen in ALL}) == len(ALL)


@pytest.mark.parametrize("raw", [*contradictory(), replayed(), quoting_unknown_id()])
def test_receipts_that_confuse_are_themselves_certified(raw: bytes) -> None:
    assert examine(raw, anchors(), now=NOW).standing == "certified"


def test_a_forgery_names_the_message_it_forges() -> None:
    taken = sending()
    found = examine(forged_for(taken), anchors(), now=NOW)
    assert found.standing == "not-certified"
    assert found.claimed_certification is not None
    assert found.claimed_certification.identifier == taken.identifier


@pytest.mark.parametrize("raw", [with_epilogue(delivery()), with_preamble(delivery())])
def test_text_around_the_parts_is_no_part_of_what_is_shown(raw: bytes) -> None:
    found = examine(raw, anchors(), now=NOW)
    assert "dopo la fine" not in found.text + found.notice
    assert "Testo prima" not in found.text + found.notice


def test_a_flipped_bit_inside_the_signed_span_is_never_certified() -> None:
    statement = delivery()
    raw = statement.sealed()
    span = signed_span(raw, statement)
    for position in range(span.start, span.stop, 97):
        assert examine(flipped(raw, position), anchors(), now=NOW).standing != "certified"
