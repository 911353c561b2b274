"""One scroll for the whole reader: what moves inside it asks to be kept in view."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QScrollArea, QWidget

MARGIN = 24
"""Kept free around what comes into view."""


def keep_in_view(widget: QWidget, place: QRect) -> None:
    """Scroll what surrounds `widget` until `place`, in its own coordinates, can be seen."""
    area = widget.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    page = area.widget() if isinstance(area, QScrollArea) else None
    if isinstance(area, QScrollArea) and page is not None:
        middle = widget.mapTo(page, place.center())
        area.ensureVisible(middle.x(), middle.y(), 0, place.height() // 2 + MARGIN)


def point(place: QPoint) -> QRect:
    """The smallest place around a point."""
    return QRect(place.x(), place.y(), 1, 1)
