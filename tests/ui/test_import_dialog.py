from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from pecdesk.store import Filter
from pecdesk.ui.desk import Desk
from pecdesk.ui.intake.import_dialog import ImportDialog
from tests.ui.conftest import NOW, demo_facts
from tests.ui.dropping import drop
from tests.ui.outside import RecordingOutside

LONG = 60_000
"""Milliseconds within which some hundred messages are examined, on a machine that is busy."""

Opened = Callable[..., ImportDialog]


@pytest.fixture
def spoken_desk(open_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """An archive with nothing in it."""
    return open_desk(tmp_path / "empty", "en")


@pytest.fixture
def outside() -> RecordingOutside:
    return RecordingOutside()


@pytest.fixture
def open_dialog(qtbot: QtBot, spoken_desk: Desk, outside: RecordingOutside) -> Opened:
    def open_(*paths: Path) -> ImportDialog:
        dialog = ImportDialog(spoken_desk, paths, outside=outside)
        qtbot.addWidget(dialog)
        dialog.open()
        return dialog

    return open_


@pytest.fixture
def mail(made_demo: Path) -> Path:
    """The inbox of one account of the demo, as files."""
    account = demo_facts(made_demo)["accounts"][1]  # type: ignore[index]
    return made_demo / "demo" / "mail" / str(account) / "inbox"


def bring_in(qtbot: QtBot, dialog: ImportDialog) -> None:
    qtbot.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not dialog.work.is_busy, timeout=LONG)


def told(dialog: ImportDialog) -> dict[str, str]:
    """The counts on the page of the result, by their words."""
    return {words.text(): count.text() for count, words in dialog.outcome._counts if not words.isHidden()}


def test_what_was_brought_in_is_told_in_numbers_and_is_here(
    qtbot: QtBot, spoken_desk: Desk, open_dialog: Opened, mail: Path
) -> None:
    dialog = open_dialog(mail)
    count = len(list(mail.iterdir()))

    bring_in(qtbot, dialog)

    assert told(dialog) == {"new messages": str(count), "here already; nothing was stored twice": "0"}
    assert len(spoken_desk.app.rows(Filter(limit=0), NOW)) > 0


def test_the_same_again_stores_nothing_twice(qtbot: QtBot, open_dialog: Opened, mail: Path) -> None:
    count = len(list(mail.iterdir()))
    dialog = open_dialog(mail)
    bring_in(qtbot, dialog)

    dialog.more_button.click()
    assert not dialog.import_button.isEnabled(), "nothing is named yet"
    dialog.form.add([mail])
    bring_in(qtbot, dialog)

    assert told(dialog) == {"new messages": "0", "here already; nothing was stored twice": str(count)}


def test_the_mailbox_that_was_stated_becomes_one_of_the_archive(
    qtbot: QtBot, spoken_desk: Desk, open_dialog: Opened, mail: Path
) -> None:
    dialog = open_dialog(mail)
    dialog.form.account.setEditText("altri@pec.altrove.example")

    bring_in(qtbot, dialog)

    assert spoken_desk.app.accounts() == ("altri@pec.altrove.example",)
    assert any("altri@pec.altrove.example" in words for words in told(dialog)), "what does not fit is counted"


def test_without_a_mailbox_none_is_made_up(qtbot: QtBot, spoken_desk: Desk, open_dialog: Opened, mail: Path) -> None:
    dialog = open_dialog(mail)
    assert dialog.form.stated_account is None

    bring_in(qtbot, dialog)

    assert spoken_desk.app.accounts() == ()


def test_what_is_no_address_is_refused_in_place(qtbot: QtBot, open_dialog: Opened, mail: Path) -> None:
    dialog = open_dialog(mail)
    dialog.form.account.setEditText("ufficio protocollo")

    dialog.import_button.click()

    assert "is not an address" in dialog.notice.text
    assert not dialog.work.is_busy


def test_what_cannot_be_read_is_listed_with_its_reason_and_can_be_copied(
    qtbot: QtBot, open_dialog: Opened, tmp_path: Path
) -> None:
    (tmp_path / "lettera.msg").write_bytes(b"\xd0\xcf\x11\xe0")
    (tmp_path / "vuoto.eml").touch()
    dialog = open_dialog(tmp_path / "lettera.msg", tmp_path / "vuoto.eml", tmp_path / "altrove.eml")

    bring_in(qtbot, dialog)

    shown = dialog.outcome.unreadable.toPlainText()
    assert "Outlook files do not hold messages as they arrived" in shown
    assert "The file is empty." in shown
    assert "There is no such file or folder." in shown
    dialog.outcome.copy_button.click()
    copied = QGuiApplication.clipboard().text().splitlines()
    assert [line.partition("\t")[0] for line in copied] == [str(path) for path in dialog.form.paths]


def test_a_name_that_would_turn_the_line_round_is_shown_as_it_is(
    qtbot: QtBot, open_dialog: Opened, tmp_path: Path
) -> None:
    (tmp_path / "avviso\u202elme.eml").touch()
    dialog = open_dialog(tmp_path / "avviso\u202elme.eml")
    assert "[U+202E]" in dialog.form.list.item(0).text()

    bring_in(qtbot, dialog)

    assert "\u202e" not in dialog.outcome.unreadable.toPlainText()


def test_stopped_it_says_that_what_came_in_stays_and_goes_on_the_next_time(
    qtbot: QtBot, spoken_desk: Desk, open_dialog: Opened, mail: Path
) -> None:
    dialog = open_dialog(mail)
    dialog.import_button.click()
    dialog.work.stop()
    qtbot.waitUntil(lambda: not dialog.work.is_busy, timeout=LONG)
    assert "stays" in dialog.outcome._remark.text()

    dialog.more_button.click()
    dialog.form.add([mail])
    bring_in(qtbot, dialog)

    assert dialog.outcome._remark.isHidden()
    assert spoken_desk.app.extent().messages == len(list(mail.iterdir()))


def test_files_are_added_by_dropping_and_taken_out_again(qtbot: QtBot, open_dialog: Opened, mail: Path) -> None:
    dialog = open_dialog()
    assert not dialog.import_button.isEnabled()
    files = sorted(mail.iterdir())[:2]
    assert drop([*files, files[0]], dialog.form.list.viewport()) is Qt.DropAction.CopyAction
    assert dialog.form.paths == files, "each once"

    dialog.form.list.setCurrentRow(0)
    qtbot.keyClick(dialog.form.list, Qt.Key.Key_Delete)

    assert dialog.form.paths == files[1:]
    assert dialog.form.list.count() == 1


def test_folders_are_chosen_with_the_systems_own_dialog(
    open_dialog: Opened, outside: RecordingOutside, mail: Path
) -> None:
    dialog = open_dialog()
    outside.folder, outside.files = mail, sorted(mail.iterdir())[:1]

    dialog.form._add_folder.click()
    dialog.form.files_button.click()

    assert dialog.form.paths == [mail, *outside.files]


def test_a_folder_without_mail_is_said_to_hold_none(qtbot: QtBot, open_dialog: Opened, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    dialog = open_dialog(tmp_path / "nothing")

    bring_in(qtbot, dialog)

    assert "There is no mail in this folder." in dialog.outcome.unreadable.toPlainText()


def test_a_failure_of_the_world_is_told_with_a_way_to_try_again(
    qtbot: QtBot, spoken_desk: Desk, open_dialog: Opened, mail: Path
) -> None:
    dialog = open_dialog(mail)
    archive = spoken_desk.app.profile.archive
    archive.write_text("in the way")
    bring_in(qtbot, dialog)
    assert dialog.notice.text != ""
    assert dialog.page is dialog.form

    archive.unlink()
    dialog.notice._button.click()
    qtbot.waitUntil(lambda: not dialog.work.is_busy, timeout=LONG)

    assert dialog.page is dialog.outcome
