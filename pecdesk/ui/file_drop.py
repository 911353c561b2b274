"""Files dropped on a part of the window: always copied, and never taken for text by a field that lies in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget


def files_in(content: QMimeData) -> list[Path]:
    """The files of what is dropped or pasted."""
    return [Path(url.toLocalFile()) for url in content.urls() if url.isLocalFile()]


class FileDrop(QObject):
    """Takes the files that are dropped anywhere on a widget.

    They are copied, whatever was proposed: a file manager told that they were moved may delete its own. Fields that
    lie in the widget give them on to it; by themselves they would write down where the files lie.
    """

    def __init__(
        self, place: QWidget, take: Callable[[list[Path]], object], may_take: Callable[[QDropEvent], bool] | None = None
    ) -> None:
        """`place` has its fields already; `may_take` tells whether it takes what is dropped now."""
        super().__init__(place)
        self._place = place
        self._take = take
        self._may_take = may_take or (lambda _event: True)
        place.setAcceptDrops(True)
        texts = (text.viewport() for text in place.findChildren(QPlainTextEdit))
        for watched in (place, *place.findChildren(QLineEdit), *texts):
            watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Entering and moving are drops, too, as Qt has it.
        if not isinstance(event, QDropEvent) or not (files := files_in(event.mimeData())):
            return super().eventFilter(watched, event)
        if watched is not self._place or not self._may_take(event):
            event.ignore()
            return True
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if event.type() is QEvent.Type.Drop:
            self._take(files)
        return True
