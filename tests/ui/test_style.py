from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pecdesk.explain import Badge, Shape, Tone
from pecdesk.resources import resources
from pecdesk.ui.style.chip import Chip
from pecdesk.ui.style.drawing import DRAWINGS, icon_pixmap, mark_pixmap, mark_svg
from pecdesk.ui.style.panels import Notice
from pecdesk.ui.style.theme import Theme
from pecdesk.ui.style.tokens import DARK, LIGHT, Palette

PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


def luminance(colour: str) -> float:
    """WCAG 2.1, relative luminance."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@PALETTES
def test_every_text_reaches_aa_on_every_ground_it_stands_on(palette: Palette) -> None:
    grounds = (palette.surface, palette.side, palette.raised, palette.selected, palette.hover)
    weak = [
        (ink, ground, round(contrast(ink, ground), 2))
        for ink in (palette.ink, palette.muted)
        for ground in grounds
        if contrast(ink, ground) < 4.5
    ]
    weak += [
        (tone, ground, round(contrast(colours.ink, ground), 2))
        for tone, colours in palette.tones.items()
        for ground in (*grounds, colours.tint)
        if contrast(colours.ink, ground) < 4.5
    ]
    weak += [
        (palette.on_accent, accent, round(contrast(palette.on_accent, accent), 2))
        for accent in (palette.accent, palette.accent_hover)
        if contrast(palette.on_accent, accent) < 4.5
    ]
    assert weak == []


@PALETTES
def test_the_edge_of_a_field_and_the_focus_are_seen(palette: Palette) -> None:
    assert contrast(palette.outline, palette.surface) >= 3
    assert contrast(palette.accent, palette.surface) >= 3
    assert contrast(palette.accent, palette.side) >= 3


@PALETTES
def test_no_colour_but_that_of_certification_is_green(palette: Palette) -> None:
    colours = {
        name: getattr(palette, name) for name in palette.__slots__ if isinstance(getattr(palette, name), str)
    } | {f"{tone} ink": colours.ink for tone, colours in palette.tones.items() if tone is not Tone.GREEN}

    def is_green(colour: str) -> bool:
        hue, saturation, _, _ = QColor(colour).getHsv()
        return 70 <= hue <= 170 and saturation > 60

    assert {name for name, colour in colours.items() if is_green(colour)} == set()
    assert is_green(palette.tones[Tone.GREEN].ink)


def test_every_shape_has_a_drawing_of_its_own(qapp: QApplication) -> None:
    assert set(DRAWINGS) == set(Shape)
    assert len({mark_svg(shape, "#000000", "#ffffff") for shape in Shape}) == len(Shape)


@PALETTES
def test_every_mark_can_be_told_without_colour(qapp: QApplication, palette: Palette) -> None:
    pictures = {}
    for shape in Shape:
        image = mark_pixmap(shape, Tone.GREY, 16, 1.0, palette).toImage()
        assert not image.isNull()
        bits = tuple(image.pixelColor(x, y).alpha() > 60 for y in range(16) for x in range(16))
        inner = tuple(image.pixelColor(x, y).lightness() > 128 for y in range(16) for x in range(16))
        pictures[shape] = (bits, inner)
    for one in Shape:
        for other in Shape:
            if one is not other:
                difference = sum(
                    a != b for k in (0, 1) for a, b in zip(pictures[one][k], pictures[other][k], strict=True)
                )
                assert difference >= 8, (one, other)


def test_every_icon_is_drawn_in_the_colour_asked_for(qapp: QApplication) -> None:
    for path in sorted((resources() / "icons").glob("*.svg")):
        assert not icon_pixmap(path.stem, "#ff0000", 20, 2.0).isNull()
        if path.stem != "pecdesk":
            assert re.findall(r"#[0-9a-fA-F]{3,6}", path.read_text(encoding="utf-8")) == [], path.name


def test_the_sheet_follows_the_size_of_the_systems_letters(qapp: QApplication, theme: Theme) -> None:
    before = qapp.font()
    theme.set_font(QFont(before.family(), 20))
    large = qapp.styleSheet()
    theme.set_font(before)

    assert "font-size: 32.0pt" in large
    assert "font-size: 32.0pt" not in qapp.styleSheet()
    sheet = (Path(resources()) / "style" / "window.qss").read_text(encoding="utf-8")
    assert re.findall(r"font-size: *\d", sheet) == []


def test_the_theme_is_switched_while_the_program_runs(qapp: QApplication, theme: Theme, qtbot: QtBot) -> None:
    with qtbot.waitSignal(theme.changed):
        theme.wish("dark")

    assert theme.is_dark
    assert qapp.palette().window().color().name() == DARK.surface


def test_a_chip_and_a_notice_say_themselves_to_screen_readers(qtbot: QtBot, theme: Theme) -> None:
    chip, notice = Chip(theme, Badge("Consegnato", Tone.GREEN, Shape.SEAL)), Notice(theme)
    qtbot.addWidget(chip)
    qtbot.addWidget(notice)
    notice.say(Tone.RED, "Qualcosa non va")

    assert chip.accessibleName() == "Consegnato"
    assert notice.accessibleName() == "Qualcosa non va"


def test_a_notice_is_never_green(qtbot: QtBot, theme: Theme) -> None:
    notice = Notice(theme)
    qtbot.addWidget(notice)
    notice.say(Tone.GREEN, "Fatto")

    assert LIGHT.tones[Tone.GREEN].tint not in notice.styleSheet()
