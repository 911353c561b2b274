"""How large the letters of the window are, as the user wants them."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from pecdesk.ui.layout_memory import LayoutMemory
from pecdesk.ui.style.theme import Theme

SMALLEST, LARGEST = 7, 28
"""Points."""

REMEMBERED = "text/points"
"""0 where it is as the system has it."""


class TextSize:
    """Larger, smaller, or as the system has it; remembered."""

    def __init__(self, theme: Theme, memory: LayoutMemory, usual: int) -> None:
        """`usual`: points of the system's letters."""
        self._theme = theme
        self._memory = memory
        self._usual = usual

    def restore(self) -> None:
        """As it was left."""
        if points := self._memory.number(REMEMBERED):
            self._set(points)

    def step(self, points: int) -> None:
        """So many points larger or smaller than now."""
        self._set(QGuiApplication.font().pointSize() + points)
        self._memory.keep_number(REMEMBERED, QGuiApplication.font().pointSize())

    def reset(self) -> None:
        """As the system has it, whatever it has the next time."""
        self._set(self._usual)
        self._memory.keep_number(REMEMBERED, 0)

    def _set(self, points: int) -> None:
        font = QGuiApplication.font()
        font.setPointSize(max(SMALLEST, min(LARGEST, points)))
        self._theme.set_font(font)
