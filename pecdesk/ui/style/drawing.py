"""The drawings of the program, in the colours of the theme: marks of state, and icons of actions.

One family for screen and paper: a mark is the drawing that stands in the PDF (`resources/report/marks`), its colours
replaced by those of the palette. Icons of actions are in `resources/icons`, drawn in `currentColor`.
"""

from __future__ import annotations

import re
from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtSvg import QSvgRenderer

from pecdesk.explain import Shape, Tone
from pecdesk.resources import resources
from pecdesk.ui.style.tokens import Palette

DRAWINGS: dict[Shape, str] = {
    Shape.SEAL: "certified",
    Shape.HOLLOW_SEAL: "certified-with-reserve",
    Shape.BROKEN_SEAL: "altered",
    Shape.CROSSED_SEAL: "forged",
    Shape.DOTTED_SEAL: "undetermined",
    Shape.SQUARE_SEAL: "trust-added-by-hand",
    Shape.RING: "waiting",
    Shape.CLOCK: "delayed",
    Shape.CROSS: "failed",
    Shape.QUESTION: "contradictory",
    Shape.PARTIAL: "partly-delivered",
    Shape.OUTLINE: "nothing-yet",
    Shape.TICK: "check-passed",
    Shape.DASH: "check-not-done",
    Shape.NOTE: "note",
    Shape.NONE: "ordinary",
}
"""The file of every shape."""

_PAPER = re.compile(r"#fff\b")
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")

LARGEST = 96
"""Side of the largest mark that is kept ready, in device-independent pixels."""


@cache
def _drawing(folder: str, name: str) -> str:
    return (resources() / folder / f"{name}.svg").read_text(encoding="utf-8")


def mark_svg(shape: Shape, ink: str, paper: str) -> bytes:
    """The drawing of a mark in two colours."""
    if shape is Shape.OUTLINE:
        return _drawing("icons", DRAWINGS[shape]).replace("currentColor", ink).encode()
    drawing = _PAPER.sub("@paper@", _drawing("report/marks", DRAWINGS[shape]))
    return _COLOUR.sub(ink, drawing).replace("@paper@", paper).encode()


@cache
def mark_renderer(shape: Shape, ink: str, paper: str) -> QSvgRenderer:
    """A mark, ready to be painted at any size."""
    return QSvgRenderer(QByteArray(mark_svg(shape, ink, paper)))


def paint_mark(painter: QPainter, place: QRectF, shape: Shape, tone: Tone, palette: Palette, paper: str = "") -> None:
    """Paint a mark; `paper` is the colour it lies on, the surface when nothing is said."""
    ink = palette.faint if shape is Shape.OUTLINE else palette.tones[tone].ink
    side = place.height()
    pixmap = _mark(shape, ink, paper or palette.surface, round(side), painter.device().devicePixelRatio())
    painter.drawPixmap(place.toRect(), pixmap)


def paint_focus_ring(painter: QPainter, rect: QRect, palette: Palette, radius: float) -> None:
    """The ring inside the edge of what has the keyboard."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(palette.accent), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), radius, radius)


@cache
def _mark(shape: Shape, ink: str, paper: str, side: int, ratio: float) -> QPixmap:
    return _painted(mark_renderer(shape, ink, paper), side, ratio)


def mark_pixmap(shape: Shape, tone: Tone, side: int, ratio: float, palette: Palette, paper: str = "") -> QPixmap:
    """A mark as a picture of `side` device-independent pixels."""
    ink = palette.faint if shape is Shape.OUTLINE else palette.tones[tone].ink
    return _mark(shape, ink, paper or palette.surface, min(side, LARGEST), ratio)


@cache
def _icon_renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_drawing("icons", name).replace("currentColor", colour).encode()))


@cache
def icon_pixmap(name: str, colour: str, side: int, ratio: float) -> QPixmap:
    """An icon of an action as a picture."""
    return _painted(_icon_renderer(name, colour), side, ratio)


@cache
def icon(name: str, colour: str, off: str) -> QIcon:
    """An icon of an action, in its colour and in that of an action that cannot be done now."""
    found = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, off)):
        for side in (16, 20, 32, 40):
            found.addPixmap(icon_pixmap(name, ink, side, 1.0), mode)
    return found


def _painted(renderer: QSvgRenderer, side: int, ratio: float) -> QPixmap:
    pixmap = QPixmap(QSize(round(side * ratio), round(side * ratio)))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, pixmap.width(), pixmap.height()))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
