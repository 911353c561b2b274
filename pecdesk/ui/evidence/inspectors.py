"""All inspectors of one window: several side by side, each message only once, all closed at the end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, Signal
from PySide6.QtGui import QGuiApplication

from pecdesk.ui.desk import Desk
from pecdesk.ui.evidence.inspector import Inspector
from pecdesk.ui.style.tokens import STEP

BESIDE = 8 * STEP
"""Device-independent pixels by which a window stands beside the one before."""


class Inspectors(QObject):
    """Opens inspectors, and hands on what is asked in them."""

    evidence_asked = Signal(str)
    proof_asked = Signal(list)
    row_asked = Signal(int)
    import_asked = Signal(object)
    """A path."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent or desk)
        self._desk = desk
        self._open: dict[str, Inspector] = {}
        self._place = QByteArray()
        self.evidence_asked.connect(self.open_message)

    @property
    def windows(self) -> tuple[Inspector, ...]:
        """Those that are open, oldest first."""
        return tuple(self._open.values())

    def open_message(self, sha256: str) -> Inspector:
        """Inspect a message of the archive."""
        return self._show(f"message {sha256}", lambda window: window.show_message(sha256))

    def open_file(self, path: Path) -> Inspector:
        """Inspect a file from outside."""
        return self._show(f"file {path.absolute()}", lambda window: window.show_file(path))

    def open_nested(self, raw: bytes, title: str) -> Inspector:
        """Inspect a message that lies inside another."""
        key = hashlib.sha256(raw).hexdigest()
        return self._show(f"nested {key}", lambda window: window.show_nested(raw, title))

    def close_all(self) -> None:
        """Close every one of them."""
        for window in self.windows:
            window.close()

    @property
    def place(self) -> QByteArray:
        """Size and place of the window that was closed last, to be remembered; empty when none was."""
        return self._place

    def remember_place(self, place: QByteArray) -> None:
        """Where the next window stands."""
        self._place = place

    def _show(self, key: str, fill: Callable[[Inspector], None]) -> Inspector:
        window = self._open.get(key)
        if window is None:
            window = self._open[key] = Inspector(self._desk)
            self._put(window)
            window.evidence_asked.connect(self.evidence_asked)
            window.proof_asked.connect(self.proof_asked)
            window.row_asked.connect(self.row_asked)
            window.import_asked.connect(self.import_asked)
            window.nested_asked.connect(self.open_nested)
            window.closing.connect(lambda: self._forget(key))
            fill(window)
        window.show()
        window.raise_()
        window.activateWindow()
        return window

    def _put(self, window: Inspector) -> None:
        """Where the last one stood, a little beside every one that is open, as far as the screen lets it."""
        if not self._place.isEmpty():
            window.restoreGeometry(self._place)
        others = self.windows[:-1]
        if others:
            window.resize(others[-1].size())
            corner = others[-1].pos()
            screen = QGuiApplication.primaryScreen().availableGeometry()
            x, y = corner.x() + BESIDE, corner.y() + BESIDE
            fits = screen.contains(x + window.width(), y + window.height())
            window.move(x if fits else screen.x() + BESIDE, y if fits else screen.y() + BESIDE)

    def _forget(self, key: str) -> None:
        window = self._open.pop(key, None)
        if window is not None:
            self._place = window.saveGeometry()
