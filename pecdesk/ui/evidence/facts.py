"""A table of labelled values: each can be selected, and copied with one click or one key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain.facts import Fact
from pecdesk.explain.visible import visible
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.drawing import icon
from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP

LABEL_WIDTH = 190
"""Device-independent pixels of the column of labels."""


class CopyButton(QToolButton):
    """Copies one text."""

    focus_changed = Signal()

    def __init__(self, desk: Desk, name: str, text: str) -> None:
        super().__init__()
        self._desk = desk
        self._text = text
        self.setIconSize(QSize(16, 16))
        self.setFixedSize(26, 22)
        wear(self, "small")
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.clicked.connect(self._copy)
        desk.theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        palette = self._desk.theme.palette
        self.setIcon(icon("copy", palette.muted, palette.outline))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit()


class FactValue(FlowText):
    """A value: it can be reached with the Tab key, selected, and copied."""

    focus_changed = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit()


class FactRow(QWidget):
    """A label, its value, and a button that shows itself when the row is looked at."""

    copied = Signal(str)

    def __init__(self, desk: Desk, fact: Fact) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, STEP, 0, STEP)
        row.setSpacing(3 * STEP)
        name = label(fact.label, "muted", wraps=True)
        name.setFixedWidth(LABEL_WIDTH)
        row.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        self.value = FactValue(fact.value, "code" if fact.is_code else "", selectable=True)
        self.value.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.value.setAccessibleName(f"{fact.label}: {fact.value}")
        row.addWidget(self.value, 1, Qt.AlignmentFlag.AlignTop)
        self.button = CopyButton(desk, desk.say(N_("Copy: {what}"), what=fact.label), fact.value)
        policy = self.button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.button.setSizePolicy(policy)
        self.button.clicked.connect(lambda: self.copied.emit(fact.label))
        self.button.hide()
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        for part in (self.value, self.button):
            part.focus_changed.connect(self._show_button)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._show_button()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._show_button()

    def _show_button(self) -> None:
        self.button.setVisible(self.underMouse() or self.value.hasFocus() or self.button.hasFocus())


class FactTable(QWidget):
    """Facts one under the other."""

    copied = Signal(str)

    def __init__(self, desk: Desk, name: str, facts: Sequence[Fact]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.rows = tuple(FactRow(desk, Fact(fact.label, visible(fact.value), fact.is_code)) for fact in facts)
        for row in self.rows:
            row.copied.connect(self.copied)
            column.addWidget(row)
