"""A password being typed, with a look at it on request."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.tokens import STEP


class PasswordField(QWidget):
    """Its name, the field, and whether it is seen."""

    changed = Signal()

    def __init__(self, desk: Desk, words: str) -> None:
        super().__init__()
        self._desk = desk
        self._words = words
        self._label = label("", "section")
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self._label.setBuddy(self.field)
        self.shown = QCheckBox()
        self.shown.toggled.connect(self._show)
        self.field.textChanged.connect(self.changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP)
        for widget in (self._label, self.field, self.shown):
            column.addWidget(widget)
        self.setFocusProxy(self.field)

    def retranslate(self) -> None:
        """Say everything anew."""
        self._label.setText(self._desk.say(self._words))
        self.shown.setText(self._desk.say(N_("Sho&w it")))

    @property
    def password(self) -> str:
        """As it was typed: blanks may belong to it."""
        return self.field.text()

    def forget(self) -> None:
        """Leave nothing of it in the window."""
        self.field.clear()
        self.shown.setChecked(False)

    def _show(self, seen: bool) -> None:
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if seen else QLineEdit.EchoMode.Password)
