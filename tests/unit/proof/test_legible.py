from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pecdesk.proof.coverage import shipped_coverage
from pecdesk.proof.legible import Legible, Run, is_right_to_left
from pecdesk.resources import resources

LEGIBLE = Legible(shipped_coverage(resources() / "fonts"))
STRICT = Legible(LEGIBLE.coverage, strict=True)


def printed(runs: list[Run]) -> str:
    """What stands on the paper, without places to break."""
    return "".join(run if isinstance(run, str) else f"[U+{run[-1]}]" if run[0] == "u" else "" for run in runs)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Diffida ad adempiere", "Diffida ad adempiere"),
        ("a\x00b", "a[U+0000]b"),
        ("a\nb\tc\rd", "a[U+000A]b[U+0009]c[U+000D]d"),
        ("gpj.\u202eexe", "gpj.[U+202E]exe"),
        ("\u2066a\u2069\u200f\u200b\ufeff\u00ad", "[U+2066]a[U+2069][U+200F][U+200B][U+FEFF][U+00AD]"),
        ("\u2028\u2029\x85", "[U+2028][U+2029][U+0085]"),
        ("☎\ufe0f", "☎[U+FE0F]"),
        ("\U0001f600", "[U+1F600]"),
        ("漢字", "[U+6F22][U+5B57]"),
        ("\ue000\U000f0000\U00100000", "[U+E000][U+F0000][U+100000]"),
        ("\udc80\ud83d", "[U+DC80][U+D83D]"),
        ("\U000e0041\u3164\u2800\u034f", "[U+E0041][U+3164][U+2800][U+034F]"),
        ("perche\u0301", "perche\u0301"),
        ("\u0301x", "[U+0301]x"),
        ("a \u0332b", "a [U+0332]b"),
        ("z" + "\u0301" * 6, "z" + "\u0301" * 4 + "[U+0301][U+0301]"),
        ("漢\u0301", "[U+6F22][U+0301]"),
    ],
)
def test_what_cannot_be_seen_is_named(text: str, shown: str) -> None:
    assert printed(LEGIBLE.line(text)) == shown
    assert LEGIBLE.plain(text) == shown


def test_a_long_word_may_end_its_line_after_punctuation_and_nothing_is_added_to_it() -> None:
    runs = LEGIBLE.line("ufficio.protocollo@pec.comune.example")

    assert runs == ["ufficio.", ("b",), "protocollo@", ("b",), "pec.", ("b",), "comune.", ("b",), "example"]


def test_a_word_without_any_punctuation_can_still_be_broken() -> None:
    runs = LEGIBLE.line("A" * 1000)

    assert max(len(run) for run in runs if isinstance(run, str)) == 4
    assert printed(runs) == "A" * 1000


def test_ordinary_italian_words_are_left_whole() -> None:
    sentence = "amministrazione incontrovertibilmente sull’ordinamento"

    assert LEGIBLE.line(sentence) == [sentence]


def test_digits_beside_right_to_left_letters_are_never_parted_by_something_neutral() -> None:
    runs = LEGIBLE.line("א" + "1234567890" * 10)

    assert ("b",) not in runs
    assert ("n",) in runs
    assert printed(runs) == "א" + "1234567890" * 10


def test_a_field_over_its_limit_says_how_much_is_missing() -> None:
    runs = LEGIBLE.line("x " * 3000, 4000)

    assert runs[-1] == ("c", 2000)
    assert len(printed(runs)) == 4000


def test_running_text_keeps_its_lines_and_a_preformatted_one_its_spaces() -> None:
    text = "uno\r\n  due\ttre\rquattro   cinque"

    assert [printed(line) for line in LEGIBLE.lines(text)] == ["uno", "  due   tre", "quattro   cinque"]
    assert [printed(line) for line in LEGIBLE.lines(text, preformatted=True)] == [
        "uno",
        "\u00a0\u00a0due\u00a0\u00a0\u00a0tre",
        "quattro\u00a0\u00a0\u00a0cinque",
    ]


def test_letters_that_pass_for_others_are_named_in_a_field_and_left_in_running_text() -> None:
    fake = "procurа@pec.example e pаgamento"  # with a Cyrillic а each

    assert printed(LEGIBLE.line(fake)) == "procur[U+0430]@pec.example e p[U+0430]gamento"
    assert LEGIBLE.plain(fake) == "procur[U+0430]@pec.example e p[U+0430]gamento"
    assert [printed(line) for line in LEGIBLE.lines(fake)] == [fake]
    assert printed(LEGIBLE.line("Привет")) == "Привет"
    assert printed(LEGIBLE.line("ее\u0301a@x.example")) == "[U+0435][U+0435][U+0301]a@x.example"


def test_strictly_only_plain_letters_are_trusted() -> None:
    assert printed(STRICT.line("così №1")) == "cos[U+00EC] [U+2116]1"


@pytest.mark.parametrize(
    ("text", "answer"), [("12 שלום abc", True), ("abc שלום", False), ("العقد", True), ("12", False)]
)
def test_the_first_letter_gives_the_direction(text: str, answer: bool) -> None:
    assert is_right_to_left(text) is answer


@given(st.text(st.characters(exclude_categories=()), max_size=60), st.booleans())
@settings(deadline=None)
def test_any_string_becomes_printable_and_can_be_read_back(text: str, code: bool) -> None:
    runs = LEGIBLE.line(text, code=code)
    shown = printed(runs)

    assert json.loads(json.dumps(runs, ensure_ascii=True)) == [
        run if isinstance(run, str) else list(run) for run in runs
    ]
    assert all(unicodedata.category(character)[0] != "C" for character in shown)
    assert re.sub(r"\[U\+([0-9A-F]{4,6})\]", lambda found: chr(int(found[1], 16)), shown) == text or "[U+" in text
