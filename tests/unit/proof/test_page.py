from __future__ import annotations

import colorsys
import re

import pytest

from pecdesk.proof.page import Mark
from pecdesk.resources import resources

REPORT = resources() / "report"
GREEN_MARKS = {
    Mark.CERTIFIED,
    Mark.CERTIFIED_WITH_RESERVE,
    Mark.DELIVERED,
    Mark.DELIVERED_WITH_RESERVE,
}


def is_green(colour: str) -> bool:
    digits = colour if len(colour) == 6 else "".join(digit * 2 for digit in colour)
    red, green, blue = (int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4))
    hue, saturation, _ = colorsys.rgb_to_hsv(red, green, blue)
    return saturation > 0.02 and 70 / 360 < hue < 185 / 360


def colours(text: str) -> list[str]:
    return re.findall(r"#([0-9a-f]{6}|[0-9a-f]{3})\b", text)


def test_every_mark_is_drawn_and_no_drawing_is_left_over() -> None:
    assert {path.stem for path in (REPORT / "marks").glob("*.svg")} == {mark.value for mark in Mark}


@pytest.mark.parametrize("mark", Mark)
def test_green_is_for_what_is_certified_and_nothing_else(mark: Mark) -> None:
    drawing = (REPORT / "marks" / f"{mark.value}.svg").read_text(encoding="ascii")

    assert any(map(is_green, colours(drawing))) is (mark in GREEN_MARKS)


def test_the_page_has_no_green_but_that_of_the_good_headline() -> None:
    lines = [line for path in REPORT.glob("*.typ") for line in path.read_text(encoding="utf-8").splitlines()]

    assert [line.strip()[:5] for line in lines if any(map(is_green, colours(line)))] == ["good:"]


def test_no_two_marks_are_told_apart_by_colour_alone() -> None:
    shapes = {
        re.sub(r"#[0-9a-f]+", "", (REPORT / "marks" / f"{mark.value}.svg").read_text(encoding="ascii")) for mark in Mark
    }

    assert len(shapes) == len(Mark)


def test_every_mark_has_its_own_words_for_those_who_cannot_see_it() -> None:
    assert len({mark.alternative for mark in Mark}) == len(Mark)


def test_a_drawing_holds_nothing_but_shapes() -> None:
    for path in (REPORT / "marks").glob("*.svg"):
        tags = set(re.findall(r"<([a-z]+)", path.read_text(encoding="ascii")))
        assert tags <= {"svg", "g", "path", "circle", "rect"}
