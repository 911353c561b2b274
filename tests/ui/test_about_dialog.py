from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from pecdesk import __version__
from pecdesk.ui.desk import Desk
from pecdesk.ui.settings.about_dialog import AboutDialog
from pecdesk.ui.settings.program_facts import libraries, licence_text
from pecdesk.ui.settings.shortcuts_dialog import ShortcutsDialog

ACTIONS = [
    ("File", [("Import files…", "Ctrl+I"), ("Quit", "Ctrl+Q")]),
    ("Message", [("Save originals (.eml)…", "Ctrl+S"), ("Print…", "Ctrl+P")]),
]


@pytest.fixture
def spoken_desk(open_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    return open_desk(tmp_path / "empty", "en")


@pytest.fixture
def about(qtbot: QtBot, spoken_desk: Desk) -> AboutDialog:
    made = AboutDialog(spoken_desk)
    qtbot.addWidget(made)
    made.open()
    qtbot.waitUntil(lambda: spoken_desk.background.is_idle)
    return made


@pytest.fixture
def shortcuts(qtbot: QtBot, spoken_desk: Desk) -> ShortcutsDialog:
    made = ShortcutsDialog(spoken_desk, ACTIONS)
    qtbot.addWidget(made)
    made.open()
    return made


def test_everything_that_matters_in_a_report_can_be_copied(about: AboutDialog, spoken_desk: Desk) -> None:
    about.copy_button.click()

    copied = QGuiApplication.clipboard().text()
    for fact in (
        f"pecdesk {__version__}",
        f"Python {platform.python_version()}",
        f"Qt {qVersion()}",
        "SQLite 3.",
        spoken_desk.app.anchors.version,
    ):
        assert fact in copied
    assert [line.strip() for line in copied.splitlines()] == about.facts.toPlainText().splitlines()


def test_the_licence_can_be_read_and_left_again(about: AboutDialog) -> None:
    about.licence_button.click()
    assert about.page is about.text
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in about.text.toPlainText()

    about.licence_button.click()
    assert about.page is about.facts


def test_the_licence_is_there_in_an_installed_wheel_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / f"pecdesk-{__version__}.dist-info"
    (installed / "licenses").mkdir(parents=True)
    (installed / "METADATA").write_text(f"Metadata-Version: 2.4\nName: pecdesk\nVersion: {__version__}\n")
    (installed / "licenses" / "LICENSE").write_text("the licence of the wheel")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    assert licence_text() == "the licence of the wheel"


def test_every_library_is_named_with_version_and_licence() -> None:
    found = {library.name: library for library in libraries()}

    assert {"cryptography", "msgspec", "typst", "pyhanko-certvalidator"} <= found.keys()
    assert "pytest" not in found, "what only builds and tests the program is no part of it"
    for library in found.values():
        assert library.version
        assert library.licence, library.name


def test_escape_closes(qtbot: QtBot, about: AboutDialog) -> None:
    qtbot.keyClick(about, Qt.Key.Key_Escape)
    assert not about.isVisible()


def shown(dialog: ShortcutsDialog) -> list[str]:
    found = []
    for group, entries in dialog._groups:
        if not group.isHidden():
            found += [entry.text(0) for entry in entries if not entry.isHidden()]
    return found


def test_every_action_stands_under_its_menu_with_its_keys(shortcuts: ShortcutsDialog) -> None:
    told = [
        (group.text(0), [(entry.text(0), entry.text(1)) for entry in entries]) for group, entries in shortcuts._groups
    ]
    assert told == ACTIONS
    assert len(shown(shortcuts)) == 4


@pytest.mark.parametrize(
    ("typed", "left"),
    [("print", ["Print…"]), ("CTRL+S", ["Save originals (.eml)…"]), ("ctrl", 4), ("nothing like it", 0)],
)
def test_typing_finds_an_action_by_its_words_or_its_keys(
    qtbot: QtBot, shortcuts: ShortcutsDialog, typed: str, left: list[str] | int
) -> None:
    qtbot.keyClicks(shortcuts.filter, typed)

    found = shown(shortcuts)
    assert (found if isinstance(left, list) else len(found)) == left
    assert shortcuts._none.isHidden() is bool(found)
