"""From when to when a certificate was valid, with the moment that counts and today marked on it.

Neutral in colour, since green is for certification: a moment outside is hollow, red, and said so in words.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.explain.signature import ValidityBar
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.tokens import STEP

HEIGHT = 10
"""Of the bar itself, in device-independent pixels."""
PIN = 6
"""Half the width of a mark."""
ROOM = 0.06
"""Of the time shown, left free before the first and after the last moment."""


class ValidityBarView(QWidget):
    """The bar, its two ends, the moment that counts above it, today below it."""

    def __init__(self, desk: Desk, bar: ValidityBar) -> None:
        super().__init__()
        self._desk = desk
        self.bar = bar
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.spoken())
        self.setToolTip(bar.sentence)
        desk.theme.changed.connect(self.update)

    @property
    def holds_reference(self) -> bool:
        """Whether the moment that counts lies within the validity."""
        return self.bar.reference is not None and self.bar.start <= self.bar.reference <= self.bar.end

    @property
    def holds_today(self) -> bool:
        """Whether the certificate is valid today."""
        return self.bar.start <= self.bar.now <= self.bar.end

    def spoken(self) -> str:
        """The drawing in words."""
        say, bar = self._desk.say, self.bar
        said = [
            say(N_("Certificate valid from {start} to {end}."), start=self._date(bar.start), end=self._date(bar.end))
        ]
        if bar.reference is not None:
            where = N_("The moment that counts, {day}, lies within.") if self.holds_reference else _OUTSIDE
            said.append(say(where, day=self._date(bar.reference)))
        return " ".join([*said, bar.sentence])

    def position(self, moment: datetime) -> float:
        """Where a moment stands, from 0 at the left edge to 1 at the right one."""
        moments = [self.bar.start, self.bar.end, self.bar.now, *([self.bar.reference] if self.bar.reference else [])]
        first, last = min(moments), max(moments)
        span = max((last - first) / timedelta(seconds=1), 1.0)
        room = span * ROOM
        return float(((moment - first) / timedelta(seconds=1) + room) / (span + 2 * room))

    def _date(self, moment: datetime) -> str:
        return f"{moment:%d/%m/%Y}"

    def sizeHint(self) -> QSize:
        return QSize(420, 4 * self.fontMetrics().height() + HEIGHT + 2 * PIN + 3 * STEP)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self.fontMetrics().height()
        top = line + 2 * PIN + STEP
        self._paint_bar(painter, top)
        start, end = self._x(self.bar.start), self._x(self.bar.end)
        below = top + HEIGHT + STEP
        palette = self._desk.theme.palette
        self._paint_ends(painter, start, end, below)
        if self.bar.reference is not None:
            self._paint_reference(painter, top)
        self._paint_today(painter, top)
        words = self._desk.say(N_("today, {day}"), day=self._date(self.bar.now))
        self._write(painter, self._x(self.bar.now), below + line + PIN + STEP, words, palette.muted)
        painter.end()

    def _x(self, moment: datetime) -> float:
        return self.position(moment) * self.width()

    def _paint_bar(self, painter: QPainter, top: float) -> None:
        palette = self._desk.theme.palette
        middle = top + HEIGHT / 2
        painter.setPen(QPen(QColor(palette.outline), 1.5, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(0, middle), QPointF(self.width(), middle))
        start, end = self._x(self.bar.start), self._x(self.bar.end)
        painter.setPen(QPen(QColor(palette.tones[Tone.BLUE].ink), 1.5))
        painter.setBrush(QColor(palette.tones[Tone.BLUE].tint))
        painter.drawRoundedRect(QRectF(start, top, max(end - start, 2.0), HEIGHT), HEIGHT / 2, HEIGHT / 2)

    def _paint_ends(self, painter: QPainter, start: float, end: float, top: float) -> None:
        """Both dates, side by side in one text where the bar is too short for two."""
        colour = self._desk.theme.palette.muted
        first, last = self._date(self.bar.start), self._date(self.bar.end)
        wide = self.fontMetrics().horizontalAdvance(first) + 4 * STEP
        if end - start >= wide:
            self._write(painter, start, top, first, colour)
            self._write(painter, end, top, last, colour)
        else:
            self._write(painter, (start + end) / 2, top, f"{first} – {last}", colour)

    def _paint_reference(self, painter: QPainter, top: float) -> None:
        assert self.bar.reference is not None
        palette = self._desk.theme.palette
        x, inside = self._x(self.bar.reference), self.holds_reference
        colour = QColor(palette.ink if inside else palette.tones[Tone.RED].ink)
        painter.setPen(QPen(colour, 2))
        painter.drawLine(QPointF(x, top - 1), QPointF(x, top + HEIGHT + 1))
        pin = QPainterPath(QPointF(x, top - 2))
        pin.lineTo(x - PIN, top - 2 - 1.6 * PIN)
        pin.lineTo(x + PIN, top - 2 - 1.6 * PIN)
        pin.closeSubpath()
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(colour if inside else QColor(palette.surface))
        painter.drawPath(pin)
        template = N_("moment that counts, {day}") if inside else N_("moment that counts, {day}: outside")
        self._write(painter, x, 0, self._desk.say(template, day=self._date(self.bar.reference)), colour.name())

    def _paint_today(self, painter: QPainter, top: float) -> None:
        palette = self._desk.theme.palette
        colour = QColor(palette.muted)
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(colour if self.holds_today else QColor(palette.surface))
        painter.drawEllipse(QPointF(self._x(self.bar.now), top + HEIGHT / 2), 4.5, 4.5)

    def _write(self, painter: QPainter, centre: float, top: float, words: str, colour: str) -> None:
        """A text centred there, as far as the edges let it."""
        width = self.fontMetrics().horizontalAdvance(words) + 2
        left = min(max(centre - width / 2, 0.0), max(self.width() - width, 0.0))
        painter.setPen(QColor(colour))
        place = QRectF(left, top, width, self.fontMetrics().height())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)


_OUTSIDE = N_("The moment that counts, {day}, lies outside.")
