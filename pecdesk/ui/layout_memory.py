"""Where windows stood and how they were divided, kept in the profile (`window.ini`): comfort, never content."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QSplitter, QWidget

from pecdesk.profile import Profile


class LayoutMemory:
    """Geometry of windows and splitters by name; what cannot be read is as if it had never been written."""

    def __init__(self, profile: Profile) -> None:
        self._settings = QSettings(str(profile.root / "window.ini"), QSettings.Format.IniFormat)

    def restore(self, window: QWidget, name: str) -> bool:
        """Put a window where it stood; False when nothing is known."""
        found = self._settings.value(f"{name}/geometry")
        return isinstance(found, QByteArray) and window.restoreGeometry(found)

    def keep(self, window: QWidget, name: str) -> None:
        """Remember where a window stands."""
        self._settings.setValue(f"{name}/geometry", window.saveGeometry())

    def restore_splitter(self, splitter: QSplitter, name: str) -> bool:
        """Divide as it was divided."""
        found = self._settings.value(f"{name}/splitter")
        return isinstance(found, QByteArray) and splitter.restoreState(found)

    def keep_splitter(self, splitter: QSplitter, name: str) -> None:
        """Remember how it is divided."""
        self._settings.setValue(f"{name}/splitter", splitter.saveState())

    def place(self, name: str) -> QByteArray:
        """Where a window of a kind stood; empty when nothing is known."""
        found = self._settings.value(f"{name}/geometry")
        return found if isinstance(found, QByteArray) else QByteArray()

    def keep_place(self, name: str, place: QByteArray) -> None:
        """Remember where a window of a kind stood."""
        self._settings.setValue(f"{name}/geometry", place)

    def number(self, name: str) -> int | None:
        """A number that was kept."""
        found = self._settings.value(name)
        return int(str(found)) if str(found).isdigit() else None

    def keep_number(self, name: str, value: int) -> None:
        """Keep a number."""
        self._settings.setValue(name, value)

    def word(self, name: str) -> str:
        """A word that was kept; nothing when none was."""
        found = self._settings.value(name)
        return found if isinstance(found, str) else ""

    def keep_word(self, name: str, value: str) -> None:
        """Keep a word."""
        self._settings.setValue(name, value)
