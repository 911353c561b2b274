"""Paints a line of the side bar: the title of a section, or a place with its count."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from pecdesk.explain import Tone
from pecdesk.ui.mailbox.side_bar_entries import Entry
from pecdesk.ui.mailbox.side_bar_model import ENTRY_ROLE
from pecdesk.ui.style.theme import Theme
from pecdesk.ui.style.tokens import RADIUS, STEP

Index = QModelIndex | QPersistentModelIndex

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


MOVED_IN = 3 * STEP
"""By how much a line of a branch stands further in than the branch; the arrow of a branch stands in that room."""


def arrow_place(line: QRect, entry: Entry) -> QRect:
    """Where the arrow of a branch stands in its line."""
    return QRect(line.left() + 3 * STEP + (entry.depth - 1) * MOVED_IN, line.top(), MOVED_IN, line.height())


def _letters(base: QFont, *, small: bool = False, bold: bool = False) -> QFont:
    font = QFont(base)
    if small:
        font.setPointSizeF(base.pointSizeF() * 0.9)
    if bold:
        font.setWeight(QFont.Weight.Bold)
    return font


class SideBarDelegate(QStyledItemDelegate):
    """One line."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.is_left = False
        """Whether a search is shown instead of the chosen place, which is remembered."""
        self.chosen = ""
        """The name of the line that is chosen, or stands for it: the keyboard may be on a branch meanwhile."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        entry: Entry = index.data(ENTRY_ROLE)
        height = QFontMetrics(option.font).height()
        if entry.depth:
            return QSize(0, height + 3 * STEP)
        if entry.place is not None:
            return QSize(0, height + 4 * STEP)
        remark = QFontMetrics(_letters(option.font, small=True)).height() if entry.remark else 0
        return QSize(0, height + remark + 4 * STEP if entry.words else 3 * STEP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(ENTRY_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not entry.can_be_reached:
            self._paint_title(painter, option.rect, entry, option.font)
        else:
            self._paint_place(painter, option, entry)
        painter.restore()

    def _paint_title(self, painter: QPainter, place: QRect, entry: Entry, font: QFont) -> None:
        inside = place.adjusted(2 * STEP, 2 * STEP, -2 * STEP, 0)
        if entry.remark:
            below = QRect(inside)
            below.setTop(inside.bottom() - QFontMetrics(_letters(font, small=True)).height() - STEP)
            inside.setBottom(below.top())
            self._paint_small(painter, below, entry.remark, _letters(font, small=True), Qt.TextElideMode.ElideRight)
        shown = entry.words if "@" in entry.words else entry.words.upper()
        self._paint_small(painter, inside, shown, _letters(font, small=True, bold=True), Qt.TextElideMode.ElideMiddle)

    def _paint_small(self, painter: QPainter, place: QRect, words: str, font: QFont, elided: Qt.TextElideMode) -> None:
        painter.setFont(font)
        painter.setPen(QColor(self._theme.palette.muted))
        painter.drawText(place, _LEFT, QFontMetrics(font).elidedText(words, elided, place.width()))

    def _paint_place(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry) -> None:
        colours, place = self._theme.palette, QRectF(option.rect).adjusted(0, 1, 0, -1)
        is_chosen = entry.name == self.chosen
        is_pointed_at = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.setPen(Qt.PenStyle.NoPen)
        if (is_chosen and not self.is_left) or is_pointed_at:
            painter.setBrush(QColor(colours.selected if is_chosen and not self.is_left else colours.hover))
            painter.drawRoundedRect(place, RADIUS, RADIUS)
        if option.state & QStyle.StateFlag.State_HasFocus or (is_chosen and self.is_left):
            has_focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(QPen(QColor(colours.accent if has_focus else colours.faint), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        inside = option.rect.adjusted(3 * STEP + entry.depth * MOVED_IN, 0, -3 * STEP, 0)
        if entry.branch:
            self._paint_arrow(painter, QRectF(arrow_place(option.rect, entry)), is_open=entry.is_open)
        if entry.count:
            number = _letters(option.font, small=True, bold=True)
            words = str(entry.count)
            painter.setFont(number)
            painter.setPen(QColor(colours.muted if entry.tone is Tone.GREY else colours.tones[entry.tone].ink))
            painter.drawText(inside, _RIGHT, words)
            inside.setRight(inside.right() - QFontMetrics(number).horizontalAdvance(words) - 2 * STEP)
        font = _letters(option.font, bold=is_chosen and not self.is_left)
        painter.setFont(font)
        painter.setPen(QColor(colours.ink if entry.place is not None else colours.muted))
        metrics = QFontMetrics(font)
        painter.drawText(
            inside, _LEFT, metrics.elidedText(entry.words, Qt.TextElideMode.ElideRight, inside.width() + 1)
        )

    def _paint_arrow(self, painter: QPainter, place: QRectF, *, is_open: bool) -> None:
        """To the right where the branch is closed, down where it is open."""
        pen = QPen(QColor(self._theme.palette.muted), 1.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        long, short = float(STEP), STEP / 2
        middle = place.center() - QPointF(short, 0)
        across, along = (long, short) if is_open else (short, long)
        tip = QPointF(0, along) if is_open else QPointF(across, 0)
        ends = (QPointF(-across, -along), QPointF(across if is_open else -across, -along if is_open else along))
        painter.drawPolyline([middle + ends[0], middle + tip, middle + ends[1]])
