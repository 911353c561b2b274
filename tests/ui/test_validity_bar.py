"""The bar that shows when a certificate was valid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from pecdesk.explain import Tone
from pecdesk.explain.signature import ValidityBar
from pecdesk.ui.desk import Desk
from pecdesk.ui.evidence.validity_bar import ValidityBarView
from tests.ui.colours import colours

Draw = Callable[..., ValidityBarView]


def at(year: int, month: int = 1, day: int = 1) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


INSIDE = ValidityBar(at(2017, 12, 4), at(2020, 12, 3), at(2018, 11, 13), at(2026, 11, 22), "Valeva in quel momento.")
OUTSIDE = ValidityBar(at(2017, 12, 4), at(2020, 12, 3), at(2021, 2, 1), at(2026, 11, 22), "Non valeva più.")
VALID_TODAY = ValidityBar(at(2025), at(2028), at(2026, 11, 20), at(2026, 11, 22), "Vale ancora.")


@pytest.fixture
def draw(qtbot: QtBot, empty_desk: Desk) -> Draw:
    def draw_(bar: ValidityBar, width: int = 600) -> ValidityBarView:
        view = ValidityBarView(empty_desk, bar)
        qtbot.addWidget(view)
        view.resize(width, view.sizeHint().height())
        return view

    return draw_


def heart(view: ValidityBarView, moment: datetime) -> str:
    """The colour in the middle of the pin that marks a moment."""
    image = view.grab().toImage()
    return image.pixelColor(round(view.position(moment) * view.width()), view.fontMetrics().height() + 8).name()


def test_moments_stand_in_their_order_and_inside_the_drawing(draw: Draw) -> None:
    for bar in (INSIDE, OUTSIDE, VALID_TODAY):
        view = draw(bar)
        moments = sorted(moment for moment in (bar.start, bar.end, bar.reference, bar.now) if moment)
        places = [view.position(moment) for moment in moments]
        assert places == sorted(places)
        assert 0 < places[0] < places[-1] < 1


def test_a_moment_inside_is_a_full_mark_and_one_outside_a_hollow_red_one(draw: Draw, empty_desk: Desk) -> None:
    palette = empty_desk.theme.palette
    inside, outside = draw(INSIDE), draw(OUTSIDE)
    assert inside.holds_reference
    assert not outside.holds_reference
    assert heart(inside, INSIDE.reference) == QColor(palette.ink).name()
    assert heart(outside, OUTSIDE.reference) == QColor(palette.surface).name()
    red = QColor(palette.tones[Tone.RED].ink).name()
    assert red in colours(outside.grab().toImage())
    assert red not in colours(inside.grab().toImage())


def test_a_certificate_that_expired_since_does_not_hold_today(draw: Draw) -> None:
    assert not draw(INSIDE).holds_today
    assert draw(VALID_TODAY).holds_today


def test_nothing_in_it_is_green(draw: Draw, empty_desk: Desk) -> None:
    for wish in ("light", "dark"):
        empty_desk.theme.wish(wish)
        green = empty_desk.theme.palette.tones[Tone.GREEN]
        for bar in (INSIDE, OUTSIDE, VALID_TODAY):
            assert {QColor(green.ink).name(), QColor(green.tint).name()}.isdisjoint(colours(draw(bar).grab().toImage()))
    empty_desk.theme.wish("light")


def test_it_says_in_words_what_it_shows(draw: Draw) -> None:
    spoken = draw(INSIDE).accessibleName()
    for part in ("04/12/2017", "03/12/2020", "13/11/2018", "Valeva in quel momento."):
        assert part in spoken
    assert draw(OUTSIDE).accessibleName() != spoken


def test_it_is_the_same_drawing_in_a_dark_room_with_other_colours(draw: Draw, empty_desk: Desk) -> None:
    view = draw(INSIDE)
    light = colours(view.grab().toImage())
    empty_desk.theme.wish("dark")
    dark = colours(view.grab().toImage())
    empty_desk.theme.wish("light")
    assert QColor("#ffffff").name() in light
    assert QColor("#ffffff").name() not in dark


@pytest.mark.parametrize(
    "bar",
    [
        ValidityBar(at(2026), at(2026), None, at(2026), "Nessun tempo."),
        ValidityBar(at(1), at(9999, 12, 31), at(2026), at(2026), "Per sempre."),
        ValidityBar(at(2028), at(2025), at(2026), at(2026), "Al contrario."),
    ],
)
@pytest.mark.parametrize("width", [1, 60, 2400])
def test_whatever_a_certificate_claims_can_be_drawn(draw: Draw, bar: ValidityBar, width: int) -> None:
    assert not draw(bar, width).grab().isNull()
