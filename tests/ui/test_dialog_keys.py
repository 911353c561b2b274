"""What holds for every dialog: keys, names for those who do not see, room on a small screen, both languages."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from pecdesk.app import App
from pecdesk.store import Filter
from pecdesk.ui.desk import Desk
from pecdesk.ui.intake.import_dialog import ImportDialog
from pecdesk.ui.mailbox.erase_dialog import EraseDialog
from pecdesk.ui.proof.export_dialog import ExportDialog
from pecdesk.ui.settings.about_dialog import AboutDialog
from pecdesk.ui.settings.settings_dialog import SettingsDialog
from pecdesk.ui.settings.shortcuts_dialog import ShortcutsDialog
from pecdesk.ui.trouble import TroubleDialog
from tests.ui.conftest import NOW
from tests.ui.dialog_kit import SMALL_SCREEN, nameless, passed_over, shared_keys


def export(desk: Desk, *, originals_only: bool = False) -> QDialog:
    ids = [row.id for row in desk.app.rows(Filter(limit=3), NOW)]
    return ExportDialog(desk, ids, originals_only=originals_only)


def erase(desk: Desk) -> QDialog:
    dialog = EraseDialog(desk, [row.id for row in desk.app.rows(Filter(limit=1), NOW)])
    dialog.erase_choice.setChecked(True)
    return dialog


def settings(desk: Desk, page: int) -> QDialog:
    dialog = SettingsDialog(desk)
    dialog.tabs.setCurrentIndex(page)
    return dialog


def licence(desk: Desk) -> QDialog:
    dialog = AboutDialog(desk)
    dialog.licence_button.click()
    return dialog


DIALOGS: dict[str, Callable[[Desk], QDialog]] = {
    "export": export,
    "originals": lambda desk: export(desk, originals_only=True),
    "import": lambda desk: ImportDialog(desk, [Path("posta")]),
    "erase": erase,
    "general": lambda desk: settings(desk, 0),
    "mailboxes": lambda desk: settings(desk, 1),
    "notifications": lambda desk: settings(desk, 2),
    "trust": lambda desk: settings(desk, 3),
    "archive": lambda desk: settings(desk, 4),
    "about": AboutDialog,
    "licence": licence,
    "shortcuts": lambda desk: ShortcutsDialog(desk, [("File", [("Open", "Ctrl+O")])]),
    "trouble": lambda desk: TroubleDialog(desk.language, desk.theme, ValueError(), desk.app.profile.root),
}


@pytest.fixture(scope="module")
def made_small(made_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a few messages."""
    folder = tmp_path_factory.mktemp("small") / "profile"
    with App.open(folder) as app:
        app.import_paths(sorted((made_demo / "demo" / "mail").rglob("*.eml"))[:5], account=None, now=NOW)
    return folder


@pytest.fixture
def desk(open_desk: Callable[..., Desk], made_small: Path, tmp_path: Path) -> Desk:
    return open_desk(Path(shutil.copytree(made_small, tmp_path / "profile")))


@pytest.fixture(params=DIALOGS)
def dialog(request: pytest.FixtureRequest, qtbot: QtBot, desk: Desk) -> QDialog:
    made = DIALOGS[request.param](desk)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.open()
    qtbot.waitUntil(lambda: desk.background.is_idle)
    return made


@pytest.mark.parametrize("spoken", ["it", "en"])
def test_no_two_things_in_sight_share_a_key(dialog: QDialog, desk: Desk, spoken: str) -> None:
    desk.speak(spoken)

    assert shared_keys(dialog) == []


def test_whatever_takes_keys_has_a_name_for_those_who_do_not_see(dialog: QDialog) -> None:
    assert nameless(dialog) == []


def test_enter_presses_the_button_that_has_the_keyboard_and_not_the_default_one(qtbot: QtBot, desk: Desk) -> None:
    dialog = ImportDialog(desk, [Path("posta")])
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.open()
    dialog.activateWindow()
    dialog.close_button.setFocus()
    qtbot.keyClick(dialog.close_button, Qt.Key.Key_Return)

    assert not dialog.isVisible()
    assert not dialog.work.is_busy, "nothing was imported"


def test_tab_leads_to_whatever_takes_keys(dialog: QDialog) -> None:
    dialog.activateWindow()

    assert passed_over(dialog) == []


def test_it_fits_a_small_screen_and_closes_with_escape(qtbot: QtBot, dialog: QDialog) -> None:
    least = dialog.minimumSizeHint()
    assert least.width() <= SMALL_SCREEN[0]
    assert least.height() <= SMALL_SCREEN[1]
    assert dialog.height() <= SMALL_SCREEN[1] + 60, "what does not fit scrolls"
    assert dialog.focusWidget() is not None

    qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    assert not dialog.isVisible()


def test_every_word_follows_the_language(dialog: QDialog, desk: Desk) -> None:
    if isinstance(dialog, TroubleDialog):
        return  # stands in the language in which it came up
    title = dialog.windowTitle()
    desk.speak("en")
    assert dialog.windowTitle() != title
    desk.speak("it")
    assert dialog.windowTitle() == title
