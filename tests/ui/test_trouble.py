from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from pecdesk import __version__
from pecdesk.explain import language
from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.theme import Theme
from pecdesk.ui.trouble import TroubleDialog, details_of

SECRET = "Oggetto: separazione consensuale; avv.rossi@pec.studio.example"


def failing() -> BaseException:
    """An error that quotes a mail, raised while handling another one that does."""
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as first:
            raise ValueError(SECRET) from first
    except ValueError as error:
        return error


@pytest.fixture
def dialog(qtbot: QtBot, theme: Theme, tmp_path: Path) -> TroubleDialog:
    made = TroubleDialog(language("en"), theme, failing(), tmp_path)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.open()
    return made


def test_details_say_what_and_where_and_nothing_of_anybodys_mail() -> None:
    details = details_of(failing())

    assert f"pecdesk {__version__}" in details
    assert "builtins.ValueError" in details
    assert "builtins.KeyError" in details
    assert "failing" in details
    for piece in SECRET.split():
        assert piece not in details


def test_paths_of_the_machine_are_cut_down_to_those_of_the_program() -> None:
    try:
        language("en").say("{missing}", other="x")
    except KeyError as error:
        details = details_of(error)

    assert "  pecdesk/explain/language.py:" in details
    assert str(Path.cwd()) not in details.replace(str(Path(__file__)), "")


def test_an_error_that_names_itself_as_its_cause_comes_to_an_end() -> None:
    error = ValueError()
    other = KeyError()
    error.__context__, other.__context__ = other, error

    assert details_of(error).count("builtins.") == 2


def test_details_can_be_copied_and_work_goes_on(qtbot: QtBot, dialog: TroubleDialog) -> None:
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == dialog.details.toPlainText()

    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_it_says_that_nothing_was_lost_and_where_the_log_is(dialog: TroubleDialog, tmp_path: Path) -> None:
    said = "\n".join(
        [child.text() for child in dialog.findChildren(QLabel)]
        + [child.text for child in dialog.findChildren(FlowText)]
    )

    assert "Nothing was lost" in said
    assert str(tmp_path / "pecdesk.log") in said
