"""What examining a message again changed, in words."""

from __future__ import annotations

from dataclasses import replace

from pecdesk.examine import over_limit
from pecdesk.explain import Tone, language
from pecdesk.explain.changed_verdict import changed_verdict, weight_of_change
from pecdesk.explain.words import NOTES, REASONS, STANDINGS
from pecdesk.pec.standing import Standing
from pecdesk.trust import Note, Reason

ENGLISH = language("en")
BEFORE = replace(over_limit(b"x", Reason.TIME_LIMIT), standing=Standing.CERTIFIED, reasons=(), counts=True)


def test_another_verdict_is_told_beside_the_one_before() -> None:
    after = replace(BEFORE, standing=Standing.UNDETERMINED, reasons=(Reason.REVOCATION_UNKNOWN,))
    said = changed_verdict(BEFORE, after, ENGLISH)
    assert said.index(STANDINGS[Standing.CERTIFIED]) < said.index(STANDINGS[Standing.UNDETERMINED])
    assert f"New: {REASONS[Reason.REVOCATION_UNKNOWN]}" in said


def test_where_only_a_note_is_new_the_verdict_is_not_repeated() -> None:
    said = changed_verdict(BEFORE, replace(BEFORE, notes=(Note.REVOKED_SINCE,)), ENGLISH)
    assert NOTES[Note.REVOKED_SINCE] in said
    assert STANDINGS[Standing.CERTIFIED] not in said


def test_what_is_no_longer_said_is_told_too() -> None:
    said = changed_verdict(replace(BEFORE, notes=(Note.SHA1_AT_THE_TIME,)), BEFORE, ENGLISH)
    assert f"No longer said: {NOTES[Note.SHA1_AT_THE_TIME]}" in said


def test_a_receipt_that_no_longer_counts_says_so() -> None:
    assert "no longer counts" in changed_verdict(BEFORE, replace(BEFORE, counts=False), ENGLISH)


def test_that_a_certificate_expired_meanwhile_is_no_news_and_a_revocation_is() -> None:
    aged = replace(BEFORE, notes=(Note.CERTIFICATE_EXPIRED_SINCE,))
    assert weight_of_change(BEFORE, aged) is None
    assert weight_of_change(aged, BEFORE) is None
    assert weight_of_change(BEFORE, replace(aged, notes=(*aged.notes, Note.REVOKED_SINCE))) is Tone.BLUE
    assert weight_of_change(BEFORE, replace(aged, standing=Standing.ALTERED)) is Tone.AMBER
    assert weight_of_change(BEFORE, replace(aged, counts=False)) is Tone.AMBER
