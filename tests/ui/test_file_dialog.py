"""Choosing files where the system has no dialog for it: Qt's own speaks the language in force, all of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from pecdesk.ui.outside import file_dialog


@pytest.fixture
def italian(qapp: QApplication) -> Iterator[None]:
    translator = QTranslator()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    assert translator.load(QLocale("it"), "qtbase", "_", folder)
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def words(dialog: QFileDialog) -> set[str]:
    shown = [part.text() for part in dialog.findChildren(QLabel)]
    shown += [part.text() for part in dialog.findChildren(QPushButton)]
    return {text.replace("&", "") for text in shown}


@pytest.mark.parametrize(
    ("mode", "name", "button"),
    [
        (QFileDialog.FileMode.ExistingFiles, "Nome del file:", "Apri"),
        (QFileDialog.FileMode.Directory, "Cartella:", "Scegli"),
    ],
)
def test_the_dialog_is_italian_throughout(
    qtbot: QtBot, italian: None, mode: QFileDialog.FileMode, name: str, button: str
) -> None:
    before = QWidget()
    qtbot.addWidget(before)
    dialog = file_dialog(before, "Importa", mode)
    dialog.show()

    assert words(dialog) == {"Cerca in:", "File di tipo:", name, button, "Annulla"}
    dialog.close()


def test_the_dialog_is_english_where_no_translation_is_in_force(qtbot: QtBot) -> None:
    before = QWidget()
    qtbot.addWidget(before)
    dialog = file_dialog(before, "Import", QFileDialog.FileMode.AnyFile)
    dialog.show()

    assert {"Look in:", "Files of type:", "Cancel"} <= words(dialog)
    dialog.close()
