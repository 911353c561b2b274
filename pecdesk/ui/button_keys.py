"""Buttons by keyboard: Enter presses the one that has the keyboard, as Space does, and never another one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QWidget


class ButtonKeys(QObject):
    """Hears, in one window, the keys that a button does not know: Space, where it is a shortcut of the window, and
    Enter, which in a dialog would press the default button."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        button = self._window.focusWidget() if isinstance(event, QKeyEvent) else None
        if not isinstance(event, QKeyEvent) or not isinstance(button, QAbstractButton):
            return super().eventFilter(watched, event)
        if event.type() is QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Space:
            event.accept()
            return True
        presses = event.type() is QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if presses and not event.isAutoRepeat() and not isinstance(button, QCheckBox | QRadioButton):
            button.click()
            return True
        return super().eventFilter(watched, event)
