"""Files dropped on a window, the way the system does it: entering first, and the source proposes to move them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget


def drop(files: Iterable[Path], on: QWidget) -> Qt.DropAction | None:
    """What the source is told that was done with them; None where they are not taken."""
    content = QMimeData()
    content.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    content.setText("\n".join(url.toString() for url in content.urls()))
    may = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(5, 5), may, content, buttons, keys)
    entering.setDropAction(Qt.DropAction.MoveAction)
    QApplication.sendEvent(on, entering)
    if not entering.isAccepted():
        return None
    dropped = QDropEvent(QPointF(5, 5), may, content, buttons, keys)
    dropped.setDropAction(Qt.DropAction.MoveAction)
    QApplication.sendEvent(on, dropped)
    return dropped.dropAction()
