"""The button that begins a message; files that are dropped on it are its attachments."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from pecdesk.ui.file_drop import FileDrop
from pecdesk.ui.style.sheet import wear


class ComposeButton(QPushButton):
    """As wide as the side bar."""

    files_given = Signal(list)
    """Paths."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        wear(self, "primary")
        FileDrop(self, self.files_given.emit)
