"""What was written: where it is, opened or shown from here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP


@dataclass(frozen=True, slots=True)
class Written:
    """One thing on disk."""

    path: Path
    """A folder, or a zip file."""
    document: Path | None
    """What is read first, if it can be opened."""

    @property
    def folder(self) -> Path:
        """What to show in the file manager."""
        return self.path if self.path.is_dir() else self.path.parent


class ExportResult(QWidget):
    """A headline, a remark, and the list of what was written when it is more than one thing."""

    activated = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._written: list[Written] = []
        self._headline = label("", "headline", wraps=True)
        self._remark = label("", "muted", wraps=True)
        self._where = FlowText(selectable=True)
        self.list = QListWidget()
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.itemDoubleClicked.connect(lambda _item: self.activated.emit())  # Enter presses the button
        wear(self.list, "card")
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * STEP)
        column.addWidget(self._headline)
        column.addWidget(self._where)
        column.addWidget(self._remark)
        column.addWidget(self.list, 1)
        column.addStretch(0)

    def show_written(self, headline: str, remark: str, written: Sequence[Written], where: Path) -> None:
        """Tell what there is now."""
        self._written = list(written)
        self._headline.setText(headline)
        self._remark.setText(remark)
        self._remark.setVisible(bool(remark))
        self._where.set_text(str(written[0].path if len(written) == 1 else where))
        self._where.setVisible(bool(written))
        self.list.clear()
        for one in self._written:
            self.list.addItem(QListWidgetItem(one.path.name))
        self.list.setVisible(len(self._written) > 1)
        self._column.setStretch(self._column.count() - 1, 0 if len(self._written) > 1 else 1)
        self.list.setCurrentRow(0)
        self.list.setAccessibleName(headline)

    @property
    def current(self) -> Written | None:
        """The one that is meant by the buttons."""
        row = max(self.list.currentRow(), 0)
        return self._written[row] if row < len(self._written) else None
