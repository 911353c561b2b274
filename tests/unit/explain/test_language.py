"""What a language does to a sentence beyond translating it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from gettext import NullTranslations

import pytest

from pecdesk.errors import PecdeskError
from pecdesk.explain import language

IT = replace(language("it"), catalogue=NullTranslations())
EN = language("en")


@pytest.mark.parametrize(
    ("template", "value", "expected"),
    [
        ("il {day}", "8 novembre 2026", "l’8 novembre 2026"),
        ("Il {day}", "11 marzo 2026", "L’11 marzo 2026"),
        ("intorno al {day}", "8 novembre 2026", "intorno all’8 novembre 2026"),
        ("fino al {day}", "18 novembre 2026", "fino al 18 novembre 2026"),
        ("avviso del {day}, ore 10", "11 marzo 2026", "avviso dell’11 marzo 2026, ore 10"),
        ("dal {day}", "1 marzo 2026", "dal 1 marzo 2026"),
        ("piena al {day} %", 85, "piena all’85 %"),
        ("piena al {day} %", 8, "piena all’8 %"),
        ("piena al {day} %", 97, "piena al 97 %"),
        ("al {day}", 110, "al 110"),
        ("il {day}", "08/11/2026", "il 08/11/2026"),
        ("il {day}", "8bit", "il 8bit"),
        ("il {day}", "il 8 di picche", "il il 8 di picche"),
    ],
)
def test_an_italian_article_is_joined_to_a_number_that_begins_with_a_vowel(
    template: str, value: object, expected: str
) -> None:
    assert IT.say(template, day=value) == expected
    assert IT.counted(template, template, 2, day=value) == expected
    assert IT.error_parts(PecdeskError(template, template, day=value)) == (expected, expected)


def test_english_has_no_such_article() -> None:
    assert EN.say("il {day}", day=EN.day(datetime(2026, 11, 8, tzinfo=UTC))) == "il 8 November 2026"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("It is refused: {why}", "It is refused: no. Ask."),
        ("It is refused.", "It is refused. Ask."),
        ("Is it refused?", "Is it refused? Ask."),
    ],
)
def test_what_to_do_begins_a_new_sentence(template: str, expected: str) -> None:
    assert EN.error(PecdeskError(template, "Ask.", why="no")) == expected
    assert EN.error(PecdeskError(template, why="no")) == template.format(why="no")
