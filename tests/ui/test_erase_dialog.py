from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pecdesk.pec.transmission import State
from pecdesk.store import Filter, Row
from pecdesk.store.journal import Erased
from pecdesk.store.listing import Group
from pecdesk.ui.desk import Desk
from pecdesk.ui.mailbox.erase_dialog import EraseDialog
from tests.ui.conftest import NOW


@pytest.fixture
def spoken_desk(open_desk: Callable[..., Desk], demo_profile: Path) -> Desk:
    return open_desk(demo_profile, "en")


@pytest.fixture
def row(spoken_desk: Desk) -> Row:
    """Delivered, with its receipts."""
    return next(row for row in all_rows(spoken_desk) if row.transmission.state is State.DELIVERED)


@pytest.fixture
def dialog(qtbot: QtBot, spoken_desk: Desk, row: Row) -> EraseDialog:
    return opened(qtbot, spoken_desk, [row.id])


def opened(qtbot: QtBot, desk: Desk, ids: list[int]) -> EraseDialog:
    made = EraseDialog(desk, ids)
    qtbot.addWidget(made)
    made.open()
    qtbot.waitUntil(lambda: desk.background.is_idle)
    return made


def all_rows(desk: Desk) -> list[Row]:
    return desk.app.rows(Filter(limit=0), NOW)


def hidden(desk: Desk) -> list[int]:
    return desk.app.ids(Filter(group=Group.HIDDEN, limit=0), NOW)


def test_enter_hides_and_deletes_nothing(qtbot: QtBot, dialog: EraseDialog, spoken_desk: Desk, row: Row) -> None:
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.isVisible())

    assert hidden(spoken_desk) == [row.id]
    for sha256 in row.transmission.messages:
        assert spoken_desk.app.raw(sha256)


def test_before_anything_is_erased_it_is_said_what_proof_is_lost(
    dialog: EraseDialog, spoken_desk: Desk, row: Row
) -> None:
    dialog.erase_choice.setChecked(True)
    losses = spoken_desk.app.losses([row.id])

    said = dialog.warning.toPlainText()
    assert not dialog.warning.isHidden()
    assert f"{losses.messages} messages are deleted" in said
    assert f"{losses.certified} of them are certified" in said
    assert "One transmission can be proven no longer." in said
    assert "backup" in said


def test_the_red_button_needs_the_tick_and_is_never_what_enter_does(
    qtbot: QtBot, dialog: EraseDialog, spoken_desk: Desk, row: Row
) -> None:
    dialog.erase_choice.setChecked(True)
    assert not dialog.erase_button.isEnabled()

    dialog.understood.setChecked(True)
    assert dialog.erase_button.isEnabled()
    dialog.understood.setFocus()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)

    assert not dialog.isVisible()
    assert [found.id for found in spoken_desk.app.rows_by_id([row.id])] == [row.id]


def test_erased_for_good_is_gone_and_the_journal_says_so(
    qtbot: QtBot, dialog: EraseDialog, spoken_desk: Desk, row: Row
) -> None:
    dialog.erase_choice.setChecked(True)
    dialog.understood.setChecked(True)
    dialog.erase_button.click()
    qtbot.waitUntil(lambda: dialog.page is dialog._done)

    assert spoken_desk.app.rows_by_id([row.id]) == []
    entries = [entry for entry in spoken_desk.app.store.journal.read() if isinstance(entry, Erased)]
    told = {sha256 for entry in entries for sha256 in entry.sha256s}
    assert told == set(row.transmission.messages)
    assert f"{len(told)} messages were erased" in dialog._done.text()
    assert dialog.erase_button.isHidden()


def test_several_are_counted(qtbot: QtBot, spoken_desk: Desk) -> None:
    ids = [row.id for row in all_rows(spoken_desk)[:5]]
    dialog = opened(qtbot, spoken_desk, ids)

    assert "5 transmissions" in dialog._title.text()
    dialog.erase_choice.setChecked(True)
    assert "transmissions can be proven no longer" in dialog.warning.toPlainText()


def test_when_another_pecdesk_is_writing_it_is_said_in_place_and_nothing_is_lost(
    qtbot: QtBot, dialog: EraseDialog, spoken_desk: Desk, row: Row
) -> None:
    with spoken_desk.app.profile.lock("write"):
        dialog.hide_button.click()
        qtbot.waitUntil(lambda: dialog.notice.text != "")

    assert dialog.isVisible()
    assert hidden(spoken_desk) == []
    assert dialog.hide_button.isEnabled()


def test_escape_changes_nothing(qtbot: QtBot, dialog: EraseDialog, spoken_desk: Desk) -> None:
    dialog.erase_choice.setChecked(True)
    dialog.understood.setChecked(True)

    qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    assert not dialog.isVisible()
    assert hidden(spoken_desk) == []


def test_what_is_not_certified_is_said_to_take_no_proof_away(qtbot: QtBot, spoken_desk: Desk) -> None:
    ordinary = next(row for row in all_rows(spoken_desk) if spoken_desk.app.losses([row.id]).certified == 0)
    dialog = opened(qtbot, spoken_desk, [ordinary.id])

    dialog.erase_choice.setChecked(True)

    assert "no proof is lost" in dialog.warning.toPlainText()
    assert "proven no longer" not in dialog.warning.toPlainText()
