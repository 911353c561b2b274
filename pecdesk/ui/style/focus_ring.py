"""The ring around a part of the window that takes keys itself: it stays where nothing inside shows that it does."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from pecdesk.ui.style.drawing import paint_focus_ring
from pecdesk.ui.style.theme import Theme
from pecdesk.ui.style.tokens import RADIUS

BY_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
"""Who came with the mouse knows where."""
COMING_BACK = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
"""From another window or a menu."""


class FocusRing(QWidget):
    """Lies over `area`, and is seen while that has the keyboard and was reached with it."""

    def __init__(self, area: QWidget, theme: Theme, is_shown_inside: Callable[[], bool] = lambda: False) -> None:
        """`is_shown_inside` tells whether something in it shows at this moment that the keyboard is there."""
        super().__init__(area)
        self._area = area
        self._theme = theme
        self._is_shown_inside = is_shown_inside
        self._was_reached_by_keyboard = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(area.size())
        self.hide()
        area.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._area:
            if isinstance(event, QFocusEvent):
                if event.gotFocus() and event.reason() not in COMING_BACK:
                    self._was_reached_by_keyboard = event.reason() in BY_KEYBOARD
                self.setVisible(event.gotFocus() and self._was_reached_by_keyboard and not self._is_shown_inside())
                self.raise_()
            elif event.type() is QEvent.Type.Resize:
                self.resize(self._area.size())
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_focus_ring(painter, self.rect(), self._theme.palette, RADIUS)
        painter.end()
