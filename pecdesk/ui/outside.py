"""What the window asks of the system around it: to choose files and folders, to open what was made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget


class Outside(Protocol):
    """The system, as far as dialogs need it. Choosing does not wait: `then` is called if something was chosen."""

    def choose_folder(self, before: QWidget, title: str, start: Path, then: Callable[[Path], None]) -> None:
        """Let the user choose a folder."""

    def choose_files(
        self, before: QWidget, title: str, kinds: Sequence[str], then: Callable[[list[Path]], None]
    ) -> None:
        """Let the user choose files; `kinds` as `QFileDialog` takes them."""

    def choose_new_file(self, before: QWidget, title: str, suggested: Path, then: Callable[[Path], None]) -> None:
        """Let the user choose where a file is written; asks before it gives the name of one that exists."""

    def open(self, path: Path) -> bool:
        """Show a file, or a folder, with the program the system has for it; False when there is none."""


class Desktop:
    """The real one."""

    def choose_folder(self, before: QWidget, title: str, start: Path, then: Callable[[Path], None]) -> None:
        """The system's own dialog, opened at the nearest folder that exists."""
        dialog = _dialog(before, title, QFileDialog.FileMode.Directory)
        there = next((folder for folder in (start, *start.parents) if folder.is_dir()), Path.home())
        dialog.setDirectory(str(there))
        dialog.fileSelected.connect(lambda name: then(Path(name)))
        dialog.open()

    def choose_files(
        self, before: QWidget, title: str, kinds: Sequence[str], then: Callable[[list[Path]], None]
    ) -> None:
        """The system's own dialog."""
        dialog = _dialog(before, title, QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(list(kinds))
        dialog.filesSelected.connect(lambda names: then([Path(name) for name in names]))
        dialog.open()

    def choose_new_file(self, before: QWidget, title: str, suggested: Path, then: Callable[[Path], None]) -> None:
        """The system's own dialog."""
        dialog = _dialog(before, title, QFileDialog.FileMode.AnyFile)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDirectory(str(suggested.parent))
        dialog.selectFile(suggested.name)
        dialog.fileSelected.connect(lambda name: then(Path(name)))
        dialog.open()

    def open(self, path: Path) -> bool:
        """By the system's association."""
        return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def documents() -> Path | None:
    """Where the user's documents are; None when there is no such folder."""
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(found) if found and Path(found).is_dir() else None


def file_dialog(before: QWidget, title: str, mode: QFileDialog.FileMode) -> QFileDialog:
    """The system's own dialog; where it has none, Qt's, whole in the language in force."""
    dialog = QFileDialog(before, title)
    dialog.setFileMode(mode)
    # Qt has given these two labels other letters than those its translations still know.
    for name, known in (
        (QFileDialog.DialogLabel.LookIn, "Look in:"),
        (QFileDialog.DialogLabel.FileType, "Files of type:"),
    ):
        dialog.setLabelText(name, QCoreApplication.translate("QFileDialog", known))
    return dialog


def _dialog(before: QWidget, title: str, mode: QFileDialog.FileMode) -> QFileDialog:
    dialog = file_dialog(before, title, mode)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return dialog
