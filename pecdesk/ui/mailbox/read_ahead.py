"""Reads the rows around the page that is looked at before they are asked for: painting seldom waits for them."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from pecdesk.store import Row
from pecdesk.ui.background import Task
from pecdesk.ui.desk import Desk
from pecdesk.ui.mailbox.transmission_list_model import TransmissionListModel

AROUND = 60
"""Rows read before and after one that was missing."""
REST = 50
"""Milliseconds without a missing row: while somebody jumps about, nothing is read but what is shown."""


class ReadAhead(QObject):
    """One page at a time, in the background: always the one that was missed last."""

    def __init__(self, desk: Desk, model: TransmissionListModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._model = model
        self._row = 0
        self._task: Task | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST)
        self._timer.timeout.connect(self._read)
        model.missed.connect(self._missed)

    def _missed(self, row: int) -> None:
        self._row = row
        if self._task is None or self._task.is_done:
            self._timer.start()

    def _read(self) -> None:
        row, stand = self._row, self._model.stand
        ids = self._model.missing(row - AROUND, row + AROUND)

        def take(rows: list[Row]) -> None:
            if self._model.stand == stand:  # else what was read may be older than a change that came since
                self._model.take(ids, rows)
            if self._row != row:
                self._timer.start()

        if ids:
            self._task = self._desk.background.query(
                lambda: self._desk.app.rows_by_id(list(ids)), take, lambda _error: None, owner=self
            )
