"""A message out of a receipt, a letter for the log, a quotation: what is written for others, in whole sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pecdesk.explain import language
from pecdesk.explain.log_request import log_request, missing_pieces
from pecdesk.explain.quoting import LONGEST_QUOTATION, quoted, sent_on
from pecdesk.explain.rebuilt import CHANGES, FROM_RECEIPT, rebuilt_sentences
from pecdesk.pec.rebuilding import Change, ProviderChange, Rebuilt
from tests.unit.pec.pieces import ANNA, BRUNO, CLIENT_ID, IDENTIFIER, ME, START, copy, delivery, only, receipt

EN = language("en")
LATE = START + timedelta(days=900)
"""When the log is about to go."""


def test_every_change_has_its_sentence() -> None:
    assert set(CHANGES) == set(Change)
    changes = (
        ProviderChange(Change.NEW_ID, ("message-id",), "mio@x.example"),
        ProviderChange(Change.TRACES, ("received", "return-path")),
    )
    assert rebuilt_sentences(Rebuilt(b"", changes), EN) == (
        FROM_RECEIPT,
        "Its Message-ID is the provider's; the one it was sent with was <mio@x.example>.",
        "The servers it came through added: received, return-path.",
    )


def test_the_letter_names_what_is_missing_and_until_when_it_can_be_had() -> None:
    row = only(receipt(), copy(), delivery(ANNA))
    subject, text = log_request(row, LATE, EN)
    assert IDENTIFIER in subject
    assert "- the delivery receipt, or the notice of non-delivery, for " + BRUNO in text
    assert ANNA not in text.partition("What is missing:")[2]
    for fact in (IDENTIFIER, f"<{CLIENT_ID}>", ME, "02/03/2026 09:00:00 (+0100)", "2 September 2028"):
        assert fact in text


def test_until_when_the_log_is_kept_is_told_only_where_that_is_near() -> None:
    row = only(receipt(), copy(), delivery(ANNA))
    assert "2 September 2028" not in log_request(row, START + timedelta(hours=25), EN)[1]


def test_without_an_acceptance_that_is_what_is_asked_for() -> None:
    row = only(copy())
    assert missing_pieces(row, EN)[0].startswith("the acceptance receipt")
    subject, text = log_request(row, LATE, EN)
    assert CLIENT_ID in subject
    assert "Sent on: " in text


def test_foreign_text_in_a_letter_shows_its_invisible_signs() -> None:
    row = replace(only(receipt(), copy()), subject="a\u202eb\r\nBcc: x")
    assert "a[U+202E]b[U+000D][U+000A]Bcc: x" in log_request(row, LATE, EN)[1]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("uno\ndue\n", ["> uno", "> due"]),
        ("\n> prima\n\ndopo", [">> prima", ">", "> dopo"]),
        ("", [">"]),
        ("a\u202eb", ["> a[U+202E]b"]),
    ],
)
def test_a_text_is_quoted_line_by_line(text: str, lines: list[str]) -> None:
    first, *found = quoted(text, ANNA, START, EN).splitlines()
    assert first == f"On 2 March 2026 at 09:00 (+0100) {ANNA} wrote:"
    assert found == lines


def test_a_long_text_is_cut_with_a_mark() -> None:
    said = quoted("x" * (LONGEST_QUOTATION + 1), ANNA, None, EN)
    assert said.startswith(f"{ANNA} wrote:\n> x")
    assert said.endswith("\n> […]\n")


def test_what_is_sent_on_is_named() -> None:
    assert "envelope" in sent_on(ANNA, "Diffida", EN, whole=True)
    assert "envelope" not in sent_on(ANNA, "Diffida", EN, whole=False)


def test_moments_in_any_zone_are_quoted_with_it() -> None:
    assert "(+0200)" in quoted("x", ANNA, datetime.fromisoformat("2026-07-01T10:00:00+02:00"), EN)
