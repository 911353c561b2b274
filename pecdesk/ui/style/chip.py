"""A state as a pill: the tint of its tone, its mark, its word."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pecdesk.explain import Badge, Shape, Tone
from pecdesk.ui.style.drawing import paint_mark
from pecdesk.ui.style.theme import Theme
from pecdesk.ui.style.tokens import Palette

PADDING = 7
GAP = 5
SIDE = 13
"""Of the mark in a chip."""


def chip_font(base: QFont) -> QFont:
    """The letters of a chip beside letters of that font."""
    font = QFont(base)
    font.setPointSizeF(base.pointSizeF() * 0.9)
    font.setWeight(QFont.Weight.DemiBold)
    return font


def chip_width(badge: Badge, font: QFont, *, marked: bool) -> int:
    """Device-independent pixels of a chip."""
    mark = SIDE + GAP if marked and badge.shape is not Shape.NONE else 0
    return 2 * PADDING + mark + QFontMetrics(font).horizontalAdvance(badge.word)


def paint_chip(painter: QPainter, place: QRect, badge: Badge, font: QFont, palette: Palette, *, marked: bool) -> None:
    """Paint a chip; without its mark where the seals stand beside it."""
    colours = palette.tones[badge.tone]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.tint))
    radius = min(place.height() / 2, 10)
    painter.drawRoundedRect(QRectF(place), radius, radius)
    x = place.left() + PADDING
    if marked and badge.shape is not Shape.NONE:
        top = place.top() + (place.height() - SIDE) / 2
        paint_mark(painter, QRectF(x, top, SIDE, SIDE), badge.shape, badge.tone, palette, colours.tint)
        x += SIDE + GAP
    painter.setPen(QColor(colours.ink))
    painter.setFont(font)
    words = QFontMetrics(font).elidedText(badge.word, Qt.TextElideMode.ElideRight, place.right() - x - PADDING + 2)
    painter.drawText(
        QRect(x, place.top(), place.right() - x, place.height()),
        Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
        words,
    )
    painter.restore()


class Chip(QWidget):
    """A state as a pill, in a layout."""

    def __init__(self, theme: Theme, badge: Badge | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._badge = badge or Badge("", Tone.GREY, Shape.NONE)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self._badge.word)
        theme.changed.connect(self.update)

    def show_badge(self, badge: Badge) -> None:
        """Show another state."""
        self._badge = badge
        self.setAccessibleName(badge.word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        font = chip_font(self.font())
        return QSize(chip_width(self._badge, font, marked=True), QFontMetrics(font).height() + 6)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_chip(painter, self.rect(), self._badge, chip_font(self.font()), self._theme.palette, marked=True)
        painter.end()
