"""The style sheet: what Fusion draws, in our colours and distances (`resources/style/window.qss`).

Widgets ask for a look by a dynamic property `look`, set with `wear`, never by a style sheet of their own.
"""

from __future__ import annotations

from dataclasses import fields
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from pecdesk.explain import Tone
from pecdesk.resources import resources
from pecdesk.ui.style.tokens import RADIUS, Palette

TITLE, VERDICT, HEADLINE, SMALL = 1.6, 1.45, 1.15, 0.9
"""Sizes of letters, in proportion to those of the system."""


def wear(widget: QWidget, look: str) -> None:
    """Give a widget one of the looks of the sheet: `title`, `headline`, `muted`, `card`, `primary`, `flat`, ..."""
    if widget.property("look") == look:
        return  # to dress it again takes longer than to write its words
    widget.setProperty("look", look)
    # One that was not shown yet is dressed when it is: doing it here too takes a third of the time a page takes.
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        style = widget.style()
        style.unpolish(widget)
        style.polish(widget)


def style_sheet(palette: Palette, points: float) -> str:
    """The whole sheet for one palette, and for letters of that size."""
    sheet = (resources() / "style" / "window.qss").read_text(encoding="utf-8")
    names = {field.name: getattr(palette, field.name) for field in fields(palette)}
    return Template(sheet).substitute(
        names,
        danger=palette.tones[Tone.RED].ink,
        on_danger=palette.on_accent if palette.is_dark else palette.surface,
        title=round(points * TITLE, 1),
        verdict=round(points * VERDICT, 1),
        headline=round(points * HEADLINE, 1),
        small=round(points * SMALL, 1),
        **{f"tone_{tone}": colours.ink for tone, colours in palette.tones.items()},
        drawings=(resources() / "style").as_posix(),
        scheme="dark" if palette.is_dark else "light",
        radius=RADIUS,
        card_radius=RADIUS + 2,
    )
