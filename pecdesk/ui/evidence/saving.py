"""Saving one message as `.eml`: byte for byte, under a name that says what it is, never over another file unasked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from pecdesk.errors import N_
from pecdesk.examine import Examination
from pecdesk.explain.badge import pretends
from pecdesk.proof.dossier import FILE_KINDS
from pecdesk.proof.naming import message_name
from pecdesk.ui.background import Failed
from pecdesk.ui.desk import Desk
from pecdesk.ui.outside import file_dialog
from pecdesk.ui.reader.handing_over import saved

Chosen = Callable[[Path], None]

NOT_CERTIFIED = "non-certificato"
"""In the name of a file that only claims to be a receipt or an envelope: a name is read without its verdict."""


def suggested_name(examination: Examination) -> str:
    """`YYYY-MM-DD_<kind>_<address>.eml`: the day and the address as certified, where anything is."""
    certification = examination.certification
    moment = certification.time if certification else examination.summary.date
    address: str | None = examination.summary.sender_address
    if certification is not None:
        address = certification.delivered_to if examination.kind.is_receipt else certification.sender
    kind = FILE_KINDS[examination.kind]
    if pretends(examination.kind) and not examination.standing.proves:
        kind = NOT_CERTIFIED
    return message_name(moment.date() if moment else None, kind, address or "")


def ask_where(desk: Desk, parent: QWidget, name: str, chosen: Chosen) -> None:
    """Let the user choose a file; the dialog asks before it gives the name of one that exists."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    dialog = file_dialog(parent, desk.say(N_("Save the message")), QFileDialog.FileMode.AnyFile)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDirectory(folder)
    dialog.selectFile(name)
    dialog.setNameFilter(desk.say(N_("Mail message (*.eml)")))
    dialog.setDefaultSuffix("eml")
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def save(desk: Desk, owner: QWidget, raw: Callable[[], bytes], path: Path, then: Chosen, failed: Failed) -> None:
    """Write the bytes there, whole or not at all."""

    was_there = path.exists()  # then the dialog has asked whether it may go
    desk.background.query(lambda: saved(raw(), path, replace=was_there), then, failed, owner=owner)
