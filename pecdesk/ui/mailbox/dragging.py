"""Rows dragged out of the list: their messages, byte for byte, as `.eml` files wherever they are dropped."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QGuiApplication
from PySide6.QtWidgets import QWidget

from pecdesk.ui.desk import Desk


def drag_out(desk: Desk, source: QWidget, ids: Sequence[int]) -> None:
    """Write the messages of these rows into a private folder, in the background, then drag them: unless the mouse
    button was let go meanwhile. Whoever takes them copies them; the folder goes when the desk is closed."""
    folder = Path(tempfile.mkdtemp(prefix="drag-", dir=desk.private_folder))
    names = [str(id_) for id_ in ids]

    def write() -> list[Path]:
        return [path for path, _ in desk.app.export_originals(names, folder)]

    def begin(paths: list[Path]) -> None:
        if not QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            return
        content = QMimeData()
        content.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        drag = QDrag(source)
        drag.setMimeData(content)
        drag.exec(Qt.DropAction.CopyAction)

    desk.background.query(write, begin, lambda _error: None, owner=source)
