"""Rows of the list as they were painted last: one that only moves, as all do when another comes in above them, is not
laid out and written again."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPainter, QPixmap

from pecdesk.ui.mailbox.transmission_list_model import RowLine

KEPT = 40
"""Pictures at most: a page of a tall window. Each takes a tenth of a megabyte, four times as much on a fine screen."""

Paint = Callable[[QPainter, QRect], None]


class RowPictures:
    """The pictures of one list, those that were needed last."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, Hashable], tuple[RowLine, QPixmap]] = {}
        """By the identity of a line, which is another one as soon as anything is said otherwise."""

    def forget(self) -> None:
        """Letters or colours are others."""
        self._kept.clear()

    def draw(self, painter: QPainter, place: QRect, line: RowLine, looks: Hashable, paint: Paint) -> None:
        """Draw a row; `paint` paints it where that was not done yet for these `looks`, which tell all that its picture
        depends on beside the line."""
        ratio = painter.device().devicePixelRatio()
        if ratio != int(ratio):  # rows begin between two pixels of the screen: a picture would be blurred
            paint(painter, place)
            return
        key = (id(line), (looks, place.width(), place.height(), ratio))
        found = self._kept.pop(key, None)
        picture = found[1] if found is not None else _painted(place, ratio, paint)
        self._kept[key] = line, picture  # last in their order
        if len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]
        painter.drawPixmap(place.topLeft(), picture)


def _painted(place: QRect, ratio: float, paint: Paint) -> QPixmap:
    picture = QPixmap(place.size() * ratio)
    picture.setDevicePixelRatio(ratio)
    painter = QPainter(picture)
    paint(painter, QRect(QPoint(0, 0), place.size()))
    painter.end()
    return picture
