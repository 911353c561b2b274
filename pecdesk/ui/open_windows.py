"""Several windows of one sort, side by side: each thing in one of them only, each window a little beside the last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtWidgets import QWidget

from pecdesk.ui.dialog import SCREEN_MARGIN
from pecdesk.ui.style.tokens import STEP

BESIDE = 8 * STEP
"""Device-independent pixels by which a window stands beside the one before."""

W = TypeVar("W", bound=QWidget)


class OpenWindows(Generic[W]):
    """The windows by what they show, and the place of the one that was closed last."""

    def __init__(self) -> None:
        self._open: dict[str, W] = {}
        self.place = QByteArray()
        """Size and place of the window that was closed last, to be remembered; empty when none was."""

    def __iter__(self) -> Iterator[W]:
        """Oldest first; windows may be closed meanwhile."""
        return iter(tuple(self._open.values()))

    def get(self, key: str) -> W | None:
        """The window that shows this, where one does."""
        return self._open.get(key)

    def add(self, key: str, window: W) -> None:
        """Have one more: where the last one stood, a little beside the newest, as far as the screen lets it."""
        if self.place.isEmpty() or not window.restoreGeometry(self.place):
            room = window.screen().availableGeometry().size()
            window.resize(window.size().boundedTo(room - QSize(SCREEN_MARGIN, SCREEN_MARGIN)))
        if self._open:
            newest = list(self._open.values())[-1]
            window.resize(newest.size())
            corner, screen = newest.pos(), newest.screen().availableGeometry()
            x, y = corner.x() + BESIDE, corner.y() + BESIDE
            fits = screen.contains(x + window.width(), y + window.height())
            window.move(x if fits else screen.x() + BESIDE, y if fits else screen.y() + BESIDE)
        self._open[key] = window

    def forget(self, key: str) -> None:
        """It was closed."""
        window = self._open.pop(key, None)
        if window is not None:
            self.place = window.saveGeometry()

    def close_all(self) -> None:
        """Close every one of them; one that refuses stays."""
        for window in self:
            window.close()


def to_front(window: QWidget) -> None:
    """Show a window above all others, with the keyboard."""
    window.show()
    window.raise_()
    window.activateWindow()
