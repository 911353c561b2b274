"""The dialogs that open before the main window, none of which is waited for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from pecdesk.errors import N_
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog
from pecdesk.ui.intake.import_dialog import ImportDialog
from pecdesk.ui.open_windows import to_front
from pecdesk.ui.outside import file_dialog
from pecdesk.ui.proof.export_dialog import ExportDialog


class WindowDialogs(QObject):
    """Opens them, and closes with the window those that are still open."""

    def __init__(self, desk: Desk, before: QWidget) -> None:
        super().__init__(before)
        self._desk = desk
        self._before = before
        self._open: list[QDialog] = []

    def show(self, dialog: QDialog) -> None:
        """Show a dialog without waiting for it."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._open.append(dialog)
        dialog.finished.connect(lambda _code: self._open.remove(dialog) if dialog in self._open else None)
        dialog.open()

    def show_only(self, dialog: QDialog) -> None:
        """Show a dialog of which one is enough; one of that sort that is open comes to the front instead."""
        before = next((other for other in self._open if type(other) is type(dialog)), None)
        if before is None:
            self.show(dialog)
        else:
            dialog.deleteLater()
            to_front(before)

    def ask_busy(self) -> bool:
        """Let a dialog that is at work ask whether it is to stop; False where none is."""
        for dialog in self._open:
            if isinstance(dialog, Dialog) and dialog.is_at_work:
                dialog.reject()
                to_front(dialog)
                return True
        return False

    def close_all(self) -> None:
        """Close what is open."""
        for dialog in tuple(self._open):
            dialog.close()

    # what leaves the archive

    def export_proof(self, ids: Sequence[int]) -> None:
        """Ask where the proof of these rows goes."""
        if ids:
            self.show(ExportDialog(self._desk, list(ids), self._before))

    def save_originals(self, ids: Sequence[int]) -> None:
        """Ask where the messages of these rows go."""
        if ids:
            self.show(ExportDialog(self._desk, list(ids), self._before, originals_only=True))

    # what comes in

    def choose_to_open(self, then: Callable[[Path], object]) -> None:
        """Choose message files to look into; each is handed on."""
        self._choose_files(N_("Open a message file"), lambda paths: [then(path) for path in paths])

    def import_files(self) -> None:
        """Choose files to bring into the archive."""
        self._choose_files(N_("Import files"), self.import_paths)

    def _choose_files(self, title: str, then: Callable[[list[Path]], object]) -> None:
        dialog = file_dialog(self._before, self._desk.say(title), QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([self._desk.say(N_("Mail (*.eml *.mbox *.mbx)")), self._desk.say(N_("All files (*)"))])
        dialog.filesSelected.connect(lambda names: then([Path(name) for name in names]))
        self.show(dialog)

    def import_folder(self) -> None:
        """Choose a folder to bring into the archive."""
        dialog = file_dialog(self._before, self._desk.say(N_("Import a folder")), QFileDialog.FileMode.Directory)
        dialog.filesSelected.connect(lambda names: self.import_paths([Path(name) for name in names]))
        self.show(dialog)

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Bring these files and folders into the archive."""
        self.show(ImportDialog(self._desk, list(paths), self._before))
