"""Paints a row of the list, and knows what in it was pointed at."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from pecdesk.explain import Tone
from pecdesk.explain.line import Seal
from pecdesk.pec.transmission import Direction
from pecdesk.ui.mailbox.row_layout import SIDE_MARGIN, RowMetrics, RowPlan, plan_row
from pecdesk.ui.mailbox.row_pictures import RowPictures
from pecdesk.ui.mailbox.transmission_list_model import LINE_ROLE, RowLine
from pecdesk.ui.style.chip import paint_chip
from pecdesk.ui.style.drawing import icon_pixmap, paint_mark
from pecdesk.ui.style.theme import Theme
from pecdesk.ui.style.tokens import STEP, Palette

ACCENT_BAR = 3
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


@dataclass(frozen=True, slots=True)
class _Looks:
    """How a row stands among the others."""

    is_selected: bool
    is_current: bool
    is_dark: bool
    """Of the theme."""


class RowDelegate(QStyledItemDelegate):
    """Two lines: who and when, what about and what became of it."""

    def __init__(self, theme: Theme, font: QFont, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.metrics = RowMetrics(font)
        self._pictures = RowPictures()
        theme.changed.connect(self._pictures.forget)

    def set_font(self, font: QFont) -> None:
        """Go on in other letters."""
        self._pictures.forget()
        self.metrics = RowMetrics(font)

    def sizeHint(self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(option.rect.width(), self.metrics.row_height)

    def seal_at(self, place: QRect, index: QModelIndex, point: QPoint) -> Seal | None:
        """The seal under a point of the row that is painted at `place`."""
        row: RowLine | None = index.data(LINE_ROLE)
        return plan_row(place, row, self.metrics).seal_at(point) if row is not None else None

    def words_at(self, place: QRect, index: QModelIndex, point: QPoint) -> str:
        """What is said of the mark under a point of the row that is painted at `place`."""
        row: RowLine | None = index.data(LINE_ROLE)
        return plan_row(place, row, self.metrics).words_at(point, row) if row is not None else ""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: RowLine | None = index.data(LINE_ROLE)
        place, colours = option.rect, self._theme.palette
        looks = _Looks(
            is_selected=bool(option.state & QStyle.StateFlag.State_Selected),
            is_current=bool(option.state & QStyle.StateFlag.State_Active),
            is_dark=colours.is_dark,
        )
        if row is None:
            self._paint_ground(painter, place, looks)
        else:
            self._pictures.draw(painter, place, row, looks, lambda p, where: self._paint_row(p, where, row, looks))
        if option.state & QStyle.StateFlag.State_HasFocus:  # on a fine screen it begins outside of the row
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.drawRect(place.adjusted(0, 0, -1, -1))

    def _paint_row(self, painter: QPainter, place: QRect, row: RowLine, looks: _Looks) -> None:
        ground = self._paint_ground(painter, place, looks)
        self._paint_words(painter, row, plan_row(place, row, self.metrics), self._theme.palette, ground)

    def _paint_ground(self, painter: QPainter, place: QRect, looks: _Looks) -> str:
        """Which colour it is."""
        colours = self._theme.palette
        ground = colours.selected if looks.is_selected else colours.surface
        painter.fillRect(place, QColor(ground))
        painter.fillRect(QRect(place.left(), place.bottom(), place.width(), 1), QColor(colours.line))
        if looks.is_current:
            painter.fillRect(QRect(place.left(), place.top(), ACCENT_BAR, place.height()), QColor(colours.accent))
        return ground

    def _paint_words(self, painter: QPainter, row: RowLine, plan: RowPlan, colours: Palette, ground: str) -> None:
        metrics, ratio = self.metrics, painter.device().devicePixelRatio()
        is_sent = row.line.direction is Direction.SENT
        arrow = icon_pixmap(
            "sent" if is_sent else "received", colours.muted if is_sent else colours.accent, metrics.arrow, ratio
        )
        painter.drawPixmap(plan.arrow, arrow)
        name_font, of_name = (metrics.bold, metrics.of_bold) if row.is_unread else (metrics.plain, metrics.of_plain)
        _paint_text(painter, plan.counterpart, row.counterpart, name_font, of_name, colours.ink)
        for rect, name in plan.tags:
            _paint_tag(painter, rect, name, metrics, colours)
        if plan.clip is not None:
            painter.drawPixmap(plan.clip, icon_pixmap("attachment", colours.muted, metrics.mark, ratio))
        if plan.alert is not None:
            amber = colours.tones[Tone.AMBER].ink
            painter.drawPixmap(plan.alert, icon_pixmap("warning", amber, metrics.mark, ratio))
        _paint_text(painter, plan.time, row.time, metrics.small, metrics.of_small, colours.muted)
        ink = colours.ink if row.is_unread else colours.muted
        _paint_text(painter, plan.subject, row.subject, metrics.plain, metrics.of_plain, ink)
        for (before, _), (after, _) in zip(plan.seals, plan.seals[1:], strict=False):
            line = QRect(before.right() + 1, before.center().y(), after.left() - before.right() - 1, 1)
            painter.fillRect(line, QColor(colours.faint))
        for rect, seal in plan.seals:
            paint_mark(painter, QRectF(rect), seal.shape, seal.tone, colours, ground)
        paint_chip(painter, plan.chip, row.line.badge, metrics.chip, colours, marked=False)


def paint_heading(painter: QPainter, place: QRect, words: str, metrics: RowMetrics, colours: Palette) -> None:
    """Paint the day over its rows."""
    painter.fillRect(place, QColor(colours.raised))
    painter.fillRect(QRect(place.left(), place.bottom(), place.width(), 1), QColor(colours.line))
    inside = place.adjusted(SIDE_MARGIN, 0, -SIDE_MARGIN, -1)
    _paint_text(painter, inside, words, metrics.heading, QFontMetrics(metrics.heading), colours.muted)


def _paint_text(painter: QPainter, place: QRect, words: str, font: QFont, metrics: QFontMetrics, colour: str) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, place.width() + 1)
    painter.drawText(place.adjusted(0, 0, 2, 0), _LEFT, shown)


def _paint_tag(painter: QPainter, place: QRect, name: str, metrics: RowMetrics, colours: Palette) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colours.faint), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.restore()
    _paint_text(painter, place.adjusted(STEP, 0, -STEP, 0), name, metrics.small, metrics.of_small, colours.muted)
