"""Every check as a line for a layman: covered in every outcome, green only where the message is certified."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import product

import pytest

from pecdesk.examine import Examination, examine
from pecdesk.explain import LANGUAGES, Shape, Tone, language
from pecdesk.explain.checks import MEANINGS, NOTE_NAMES, CheckLine, Meaning, check_lines, digests_named
from pecdesk.explain.words import CHECKS, NOTES, REASONS
from pecdesk.pec.message import MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.trust import Check, CheckName, CheckStatus, Note, Reason
from tests.kit.messages import NOW, anchors, delivery, genuine, hostile

EN = language("en")
CERTIFIED = examine(delivery().sealed(), anchors(), now=NOW)


def only_check(examination: Examination, check: Check) -> CheckLine:
    (line,) = check_lines(replace(examination, checks=(check,), notes=()), EN)
    return line


def test_every_check_has_a_meaning_for_every_outcome() -> None:
    assert list(MEANINGS) == list(CheckName)
    assert {field.name for field in fields(Meaning)} == {"passed", "failed", "not_done"}


@pytest.mark.parametrize("outcome", ["passed", "failed", "not_done"])
def test_no_two_checks_mean_the_same(outcome: str) -> None:
    said = [getattr(meaning, outcome) for meaning in MEANINGS.values()]

    assert all(text.endswith(".") for text in said)
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_check_with_every_reason_is_a_line(code: str) -> None:
    reasons = [None, *Reason]
    for name, status, reason in product(CheckName, CheckStatus, reasons):
        check = Check(name, status, reason if status is not CheckStatus.PASSED else None, "detail")
        (line,) = check_lines(replace(CERTIFIED, checks=(check,), notes=()), language(code))
        assert line.name == language(code).say(CHECKS[name])
        assert line.meaning
        assert line.detail == ("detail" if code == "en" or status is not CheckStatus.PASSED else line.detail)
        if check.reason is not None:
            assert line.meaning.startswith(language(code).say(REASONS[check.reason]))


@pytest.mark.parametrize(
    ("name", "found", "said"),
    [
        (CheckName.LIMITS, "within all limits", ""),
        (CheckName.FROM, "one strictly parsed mailbox", ""),
        (CheckName.ALGORITHMS, "sha256, RSA 2048", "SHA-256, RSA 2048"),
        (CheckName.DIGEST, "sha256 of 2323 bytes", language("it").say("{digest} of {size} bytes")),
        (CheckName.PATH, "issued under CN=AgID CA1", language("it").say("issued under {name}")),
        (CheckName.POLICY, "issued under the policy 1.3.76.16.3.1.1", language("it").say("policy {policy}")),
    ],
)
def test_what_a_passed_check_found_is_told_in_the_language_or_not_at_all(
    name: CheckName, found: str, said: str
) -> None:
    check = Check(name, CheckStatus.PASSED, None, found)
    values = {"digest": "sha256", "size": "2323", "name": "CN=AgID CA1", "policy": "1.3.76.16.3.1.1"}
    examination = replace(CERTIFIED, checks=(check,), notes=())

    assert check_lines(examination, language("it"))[0].detail == said.format(**values).replace("sha256", "SHA-256")
    assert check_lines(examination, language("en"))[0].detail == found.replace("sha256", "SHA-256")


def test_digests_are_named_for_people_and_nothing_else_is_touched() -> None:
    assert digests_named("sha1, RSA 2048; SHA256; sha-512") == "SHA-1, RSA 2048; SHA-256; SHA-512"
    assert digests_named("md5, CN=sha2564 EU Qualified") == "md5, CN=sha2564 EU Qualified"


@pytest.mark.parametrize(
    ("status", "tone", "shape", "word"),
    [
        (CheckStatus.PASSED, Tone.GREEN, Shape.TICK, "passed"),
        (CheckStatus.FAILED, Tone.RED, Shape.CROSS, "failed"),
        (CheckStatus.NOT_DONE, Tone.GREY, Shape.DASH, "not done"),
    ],
)
def test_each_outcome_has_its_mark(status: CheckStatus, tone: Tone, shape: Shape, word: str) -> None:
    line = only_check(CERTIFIED, Check(CheckName.DIGEST, status))

    assert (line.badge.tone, line.badge.shape, line.badge.word, line.status) == (tone, shape, word, word)


def test_a_passed_check_is_green_only_where_the_message_is_certified() -> None:
    passed = Check(CheckName.DIGEST, CheckStatus.PASSED)
    for standing, by_hand in product(Standing, (False, True)):
        notes = (Note.TRUST_ADDED_BY_HAND,) if by_hand else ()
        (line, *_) = check_lines(replace(CERTIFIED, standing=standing, checks=(passed,), notes=notes), EN)
        assert (line.badge.tone is Tone.GREEN) == (standing is Standing.CERTIFIED and not by_hand)
        assert line.badge.tone in (Tone.GREEN, Tone.GREY)


@pytest.mark.parametrize("specimen", [*genuine(), *hostile()], ids=lambda specimen: specimen.name)
def test_no_uncertified_message_shows_a_green_line(specimen: object) -> None:
    examination = examine(specimen.raw, anchors(), now=NOW)  # type: ignore[attr-defined]
    lines = check_lines(examination, EN)

    assert lines
    green = [line for line in lines if line.badge.tone is Tone.GREEN]
    assert bool(green) == (examination.standing is Standing.CERTIFIED)


# notes


def test_every_note_is_a_line_of_its_own_after_the_checks() -> None:
    lines = check_lines(replace(CERTIFIED, notes=tuple(Note)), EN)

    told = lines[-len(Note) :]
    assert [line.meaning for line in told] == list(NOTES.values())
    assert {(line.badge.tone, line.badge.shape, line.status) for line in told} == {(Tone.BLUE, Shape.NOTE, "note")}
    assert set(NOTE_NAMES) == set(Note)
    assert len(set(NOTE_NAMES.values())) == len(Note)


def test_revocation_that_was_not_checked_is_one_line_and_not_two() -> None:
    lines = [line for line in check_lines(CERTIFIED, EN) if line.name == CHECKS[CheckName.REVOCATION]]

    assert [line.status for line in lines] == ["note"]
    assert "no revocation data" in lines[0].detail


def test_revocation_that_was_checked_stands_among_the_checks() -> None:
    line = only_check(CERTIFIED, Check(CheckName.REVOCATION, CheckStatus.FAILED, Reason.REVOKED))

    assert line.badge.tone is Tone.RED
    assert "does not count" in line.meaning


def test_a_rem_message_is_not_said_to_lack_a_signature_over_a_daticert() -> None:
    not_done = Check(CheckName.CERTIFICATION, CheckStatus.NOT_DONE)

    assert "only a claim" in only_check(CERTIFIED, not_done).meaning
    assert "REM" in only_check(replace(CERTIFIED, kind=MessageKind.REM_RECEIPT), not_done).meaning
