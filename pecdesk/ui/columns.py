"""Side bar, list and reader side by side, divided as the user likes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

SMALLEST = (180, 260, 380)
STRETCH = (0, 2, 3)
USUAL = (230, 470, 740)
"""Widths of the three, in device-independent pixels, and how what is left over is shared out."""


class Columns(QSplitter):
    """The three of them."""

    def __init__(self, *areas: QWidget, first: Sequence[QWidget]) -> None:
        """`first`: what in each of them the keyboard is brought to. They have no focus proxies: of what has one, Qt
        lets Tab lead to the proxy alone."""
        super().__init__(Qt.Orientation.Horizontal)
        self._areas = areas
        self._first = first
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        for number, (area, smallest, stretch) in enumerate(zip(areas, SMALLEST, STRETCH, strict=True)):
            area.setMinimumWidth(smallest)
            self.addWidget(area)
            self.setStretchFactor(number, stretch)
        self.setSizes(USUAL)

    def step(self, focused: QWidget | None, step: int) -> None:
        """Take the keyboard from where it is to the area that many further to the right."""
        here = next((n for n, area in enumerate(self._areas) if focused and area.isAncestorOf(focused)), 0)
        self._first[(here + step) % len(self._first)].setFocus(Qt.FocusReason.ShortcutFocusReason)
