"""All inspectors of one window: several side by side, each message only once, all closed at the end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, Signal

from pecdesk.ui.desk import Desk
from pecdesk.ui.evidence.inspector import Inspector
from pecdesk.ui.open_windows import OpenWindows, to_front


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
        self._open: OpenWindows[Inspector] = OpenWindows()
        self.evidence_asked.connect(self.open_message)

    @property
    def windows(self) -> tuple[Inspector, ...]:
        """Those that are open, oldest first."""
        return tuple(self._open)

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
        self._open.close_all()

    @property
    def place(self) -> QByteArray:
        """Size and place of the window that was closed last, to be remembered; empty when none was."""
        return self._open.place

    def remember_place(self, place: QByteArray) -> None:
        """Where the next window stands."""
        self._open.place = place

    def _show(self, key: str, fill: Callable[[Inspector], None]) -> Inspector:
        window = self._open.get(key)
        if window is None:
            window = Inspector(self._desk)
            self._open.add(key, window)
            window.evidence_asked.connect(self.evidence_asked)
            window.proof_asked.connect(self.proof_asked)
            window.row_asked.connect(self.row_asked)
            window.import_asked.connect(self.import_asked)
            window.nested_asked.connect(self.open_nested)
            window.closing.connect(lambda: self._open.forget(key))
            fill(window)
        to_front(window)
        return window
