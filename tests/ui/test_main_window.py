from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from pecdesk.pec.transmission import State, Status
from pecdesk.store import Filter
from pecdesk.store.listing import Group
from pecdesk.ui.actions import MENUS, SEPARATOR
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog
from pecdesk.ui.evidence.inspector import Inspector
from pecdesk.ui.intake.import_dialog import ImportDialog
from pecdesk.ui.main_window import MainWindow
from pecdesk.ui.proof.export_dialog import ExportDialog
from tests.ui.conftest import NOW
from tests.ui.dialog_kit import passed_over
from tests.ui.dropping import drop

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot: QtBot, desk: Desk) -> Iterator[MainWindow]:
    made = MainWindow(desk)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: made.mailbox.listing_number > 0)
    yield made
    made.close()


def listed(qtbot: QtBot, window: MainWindow, group: Group) -> None:
    before = window.mailbox.listing_number
    window.side_bar.choose_group(group)
    qtbot.waitUntil(lambda: window.mailbox.listing_number > before and desk_is_quiet(window))


def desk_is_quiet(window: MainWindow) -> bool:
    return window.desk.background.is_idle


def press(
    qtbot: QtBot, window: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Press a key where the keyboard is heard in that window."""
    qtbot.keyClick(window.focusWidget() or window, key, modifier)


def inspectors() -> list[Inspector]:
    return [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, Inspector) and widget.isVisible()]


def all_words() -> list[object]:
    return [words for _, entries in MENUS for words in entries if words is not SEPARATOR]


def test_no_two_actions_share_a_shortcut_and_each_has_a_name() -> None:
    taken: dict[str, str] = {}
    for _, entries in MENUS:
        for words in entries:
            if words is SEPARATOR:
                continue
            assert words.text.replace("&", "")
            for keys in words.shortcuts:
                written = QKeySequence(keys).toString()
                assert written, keys
                assert written not in taken, f"{written}: {taken.get(written)} and {words.name}"
                taken[written] = words.name


def test_every_action_can_be_reached_by_keyboard(window: MainWindow) -> None:
    without = {"about", "quit"}
    for words in all_words():
        assert words.shortcuts or words.name in without, words.name  # type: ignore[attr-defined]


def test_every_action_of_the_table_does_something(window: MainWindow) -> None:
    assert set(window.verbs()) == set(window.actions_.by_name)


def test_a_failed_message_is_found_understood_and_proven_by_keyboard_alone(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    before = window.mailbox.listing_number
    press(qtbot, window, Qt.Key.Key_3, CONTROL)
    qtbot.waitUntil(lambda: window.mailbox.listing_number > before and desk_is_quiet(window))
    window.mailbox.view.setFocus()
    press(qtbot, window, Qt.Key.Key_Home)
    while window.mailbox.current_row is None or window.mailbox.current_row.transmission.status is not Status.FAILED:
        press(qtbot, window, Qt.Key.Key_Down)
    row = window.mailbox.current_row
    assert row is not None
    qtbot.waitUntil(lambda: window.reader.shown_id == row.id)

    press(qtbot, window, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: len(inspectors()) == 1)
    inspector = inspectors()[0]
    qtbot.waitUntil(lambda: desk_is_quiet(window))
    press(qtbot, inspector, Qt.Key.Key_2, CONTROL)
    assert inspector.tabs.currentIndex() == 1
    press(qtbot, inspector, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not inspectors())

    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.mailbox.view.setFocus()
    press(qtbot, window, Qt.Key.Key_E, CONTROL)
    dialog = next(iter(window.findChildren(ExportDialog)))
    dialog.form.folder.setText(str(tmp_path / "prove"))
    qtbot.waitUntil(dialog.save_button.isEnabled)
    dialog.save_button.click()
    qtbot.waitUntil(lambda: dialog.is_done, timeout=60_000)
    dialog.close()

    assert list((tmp_path / "prove").glob("*/prova.pdf"))


def test_the_choice_and_the_division_are_remembered(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    listed(qtbot, window, Group.ANOMALIES)
    window.mailbox.step(1)
    window.mailbox.step(1)
    chosen = window.mailbox.current_row
    assert chosen is not None
    columns = window.centralWidget()
    columns.setSizes([260, 500, 680])  # type: ignore[attr-defined]
    window.close()

    again = MainWindow(desk)
    qtbot.addWidget(again)
    again.resize(1440, 900)  # the screen of the tests is smaller than the window was
    again.show()
    qtbot.waitUntil(lambda: again.mailbox.current_row is not None)

    assert again.side_bar.choice_name == window.side_bar.choice_name
    assert again.mailbox.current_row is not None
    assert again.mailbox.current_row.id == chosen.id
    assert abs(again.centralWidget().sizes()[0] - 260) <= 2  # type: ignore[attr-defined]
    again.close()


def test_files_dropped_on_the_window_are_offered_for_import(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    file = tmp_path / "posta.eml"
    file.write_bytes(b"Subject: x\r\n\r\nciao\r\n")
    assert drop([file], window.mailbox.search_bar.field) is Qt.DropAction.CopyAction, "nothing is moved"

    dialog = next(iter(window.findChildren(ImportDialog)))
    count = window.desk.app.store.count()[0]
    dialog.import_button.click()
    qtbot.waitUntil(lambda: dialog.is_done, timeout=30_000)
    assert window.desk.app.store.count()[0] == count + 1
    dialog.close()


def test_a_hidden_row_leaves_the_list_and_comes_back(qtbot: QtBot, window: MainWindow) -> None:
    listed(qtbot, window, Group.ALL)
    window.mailbox.step(1)
    row = window.mailbox.current_row
    assert row is not None
    count = window.mailbox.model.rowCount()
    window.actions_["hide"].trigger()
    qtbot.waitUntil(lambda: window.mailbox.model.rowCount() < count)
    listed(qtbot, window, Group.HIDDEN)
    window.mailbox.choose_row(row.id)
    qtbot.waitUntil(lambda: window.mailbox.current_row is not None)
    window.actions_["hide"].trigger()
    qtbot.waitUntil(lambda: window.desk.app.ids(Filter(group=Group.HIDDEN), NOW) == [])


def test_what_was_hidden_is_said_and_comes_back_with_one_click(qtbot: QtBot, window: MainWindow) -> None:
    listed(qtbot, window, Group.ALL)
    window.mailbox.step(1)
    count = window.mailbox.model.rowCount()
    window.actions_["hide"].trigger()
    qtbot.waitUntil(lambda: window.mailbox.model.rowCount() < count)
    notice = window.mailbox.notice
    assert notice.text == window.desk.language.counted(
        "One transmission hidden: it is under “Hidden”.", "{n} transmissions hidden: they are under “Hidden”.", 1
    )
    notice.findChild(QPushButton).click()

    qtbot.waitUntil(lambda: window.mailbox.model.rowCount() == count)
    assert window.desk.app.ids(Filter(group=Group.HIDDEN), NOW) == []
    assert notice.text == ""


def test_the_first_window_is_not_larger_than_the_screen(qtbot: QtBot, desk: Desk) -> None:
    window = MainWindow(desk)
    qtbot.addWidget(window)
    screen = window.screen().availableGeometry().size()

    assert screen.width() < 1440, "the screen of the tests is small"
    assert window.width() <= max(screen.width(), window.minimumSizeHint().width())
    window.close()


def test_the_language_is_switched_while_everything_is_open(qtbot: QtBot, window: MainWindow) -> None:
    listed(qtbot, window, Group.ALL)
    window.desk.speak("en")

    assert window.menuBar().actions()[0].text() == "&File"
    assert window.actions_["export-proof"].text() == "&Export proof as PDF…"


@pytest.mark.parametrize("name", ["settings", "shortcuts", "about"])
def test_what_one_window_is_enough_for_is_opened_once(qtbot: QtBot, window: MainWindow, name: str) -> None:
    for _ in range(2):
        window.actions_[name].trigger()
    shown = [dialog for dialog in window.findChildren(Dialog) if dialog.isVisible()]

    assert len(shown) == 1
    shown[0].close()
    window.actions_[name].trigger()
    assert len(window.dialogs._open) == 1
    window.dialogs.close_all()
    qtbot.waitUntil(lambda: desk_is_quiet(window))


def test_every_control_has_a_name_for_screen_readers(qtbot: QtBot, window: MainWindow) -> None:
    window.mailbox.step(1)
    qtbot.waitUntil(lambda: window.reader.shown_id is not None)
    nameless = [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (widget.accessibleName() or getattr(widget, "text", str)() or isinstance(widget, QLineEdit))
    ]

    assert nameless == []


def test_two_receipts_lie_side_by_side_and_the_same_one_is_not_opened_twice(qtbot: QtBot, window: MainWindow) -> None:
    rows = window.desk.app.rows(Filter(group=Group.SENT), NOW)
    row = next(r for r in rows if r.transmission.state is State.DELIVERED)
    first, second, *_ = [line.sha256 for line in row.transmission.evidence]
    for sha256 in (first, second, first):
        window.inspectors.open_message(sha256)
    qtbot.waitUntil(lambda: desk_is_quiet(window))

    assert len(inspectors()) == 2


def test_a_window_whose_import_is_under_way_asks_before_it_closes(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    gate, stopped = threading.Event(), []

    def work(_progress: object, is_stopped: Callable[[], bool]) -> None:
        gate.wait(30)
        stopped.append(is_stopped())

    dialog = ImportDialog(window.desk, [tmp_path], window)
    window.dialogs.show(dialog)
    dialog.work.run("", work, lambda _done: None, lambda _error: None)
    window.close()
    assert window.isVisible()
    assert dialog.notice.isVisible()

    dialog.notice.findChild(QPushButton).click()
    gate.set()
    qtbot.waitUntil(lambda: not window.findChildren(ImportDialog))
    assert stopped == [True]
    window.close()
    assert not window.isVisible()


def test_closing_the_window_closes_its_inspectors(qtbot: QtBot, window: MainWindow) -> None:
    window.mailbox.step(1)
    window.actions_["inspect"].trigger()
    qtbot.waitUntil(lambda: len(inspectors()) == 1)
    window.close()

    qtbot.waitUntil(lambda: not inspectors())


def test_tab_leads_to_whatever_takes_keys(qtbot: QtBot, window: MainWindow) -> None:
    listed(qtbot, window, Group.ALL)
    window.mailbox.step(1)
    window.actions_["hide"].trigger()
    qtbot.waitUntil(lambda: "Nascosti" in window.mailbox.notice.text and desk_is_quiet(window))
    window.activateWindow()
    window.side_bar.lines.setFocus()

    assert passed_over(window) == [], "undoing is among it"


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_button_that_has_the_keyboard_is_pressed_with_it(qtbot: QtBot, window: MainWindow, key: Qt.Key) -> None:
    listed(qtbot, window, Group.ALL)
    window.mailbox.step(1)
    count = window.mailbox.model.rowCount()
    window.actions_["hide"].trigger()
    qtbot.waitUntil(lambda: window.mailbox.model.rowCount() < count and window.mailbox.notice.isVisible())
    window.activateWindow()
    window.mailbox.notice.take_keys()
    press(qtbot, window, key)

    qtbot.waitUntil(lambda: window.mailbox.model.rowCount() == count)


def test_f6_walks_through_the_areas(qtbot: QtBot, window: MainWindow) -> None:
    def area() -> str:
        focused = window.focusWidget()
        return next(
            (
                name
                for name in ("side_bar", "mailbox", "reader")
                if focused is getattr(window, name) or getattr(window, name).isAncestorOf(focused)
            ),
            "",
        )

    window.side_bar.lines.setFocus()
    seen = []
    for _ in range(4):
        seen.append(area())
        window.actions_["next-area"].trigger()

    assert seen == ["side_bar", "mailbox", "reader", "side_bar"]


def test_what_cannot_be_done_without_a_row_is_off(qtbot: QtBot, empty_desk: Desk) -> None:
    window = MainWindow(empty_desk)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.mailbox.listing_number > 0)

    assert not window.actions_["export-proof"].isEnabled()
    assert window.actions_["import-files"].isEnabled()
    window.close()


def test_the_menu_of_a_row_offers_what_can_be_done_with_it(qtbot: QtBot, window: MainWindow) -> None:
    window.mailbox.step(1)
    qtbot.waitUntil(lambda: window.mailbox.current_row is not None)
    menu = window.menus.row_menu(window.mailbox.current_row)
    words = [action.text() for action in menu.actions() if action.text()]

    assert any("PDF" in text for text in words)
    menu.popup(QPoint(10, 10))
    menu.close()


@pytest.mark.parametrize("spoken", ["it", "en"])
def test_the_demo_says_that_it_is_one(
    qtbot: QtBot, open_desk: Callable[..., Desk], demo_profile: Path, spoken: str
) -> None:
    window = MainWindow(open_desk(demo_profile, spoken))
    qtbot.addWidget(window)
    window.show()

    assert "DEMO" in window.windowTitle()
    window.close()
