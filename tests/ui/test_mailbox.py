"""The list with its search field: places, searches, what is chosen, and what is said when there is nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QInputDialog, QMenu, QPushButton
from pytestqt.qtbot import QtBot

import pecdesk.app.mailbox
from pecdesk.app.turn import WRITE_LOCK
from pecdesk.errors import BusyError, StoreError
from pecdesk.profile import Profile
from pecdesk.profile.settings import SavedSearch
from pecdesk.store import Changes, Filter, Group, Order, Row, parse_query
from pecdesk.ui.desk import Desk
from pecdesk.ui.mailbox.label_menu import fill_label_menu
from pecdesk.ui.mailbox.mailbox import Mailbox
from pecdesk.ui.mailbox.marks import Marks
from pecdesk.ui.mailbox.place import Place
from tests.ui.conftest import NOW

ALL, FOLLOW, HIDDEN = Place(Group.ALL), Place(Group.FOLLOW), Place(Group.HIDDEN)


@pytest.fixture
def made(qtbot: QtBot) -> Iterator[Callable[[Desk], Mailbox]]:
    boxes: list[Mailbox] = []

    def make(desk: Desk) -> Mailbox:
        box = Mailbox(desk)
        boxes.append(box)
        qtbot.addWidget(box)
        box.resize(470, 800)
        box.show()
        box.activateWindow()
        return box

    yield make
    for box in boxes:
        box._source._timer.stop()
        box.search_bar.popup.close()
        box.search_bar._pause.stop()
        box.close()


@pytest.fixture
def box(qtbot: QtBot, made: Callable[[Desk], Mailbox], desk: Desk) -> Mailbox:
    made_box = made(desk)
    go(qtbot, made_box, ALL)
    return made_box


def go(qtbot: QtBot, box: Mailbox, place: Place) -> None:
    listed(qtbot, box, lambda: box.show_place(place))


def listed(qtbot: QtBot, box: Mailbox, act: Callable[[], object]) -> None:
    before = box.listing_number
    act()
    qtbot.waitUntil(lambda: box.listing_number > before)


def in_step(qtbot: QtBot, box: Mailbox, wanted: Filter, desk: Desk) -> None:
    qtbot.waitUntil(lambda: list(box.model.listed.ids) == desk.app.ids(wanted, NOW))


def buttons(box: Mailbox) -> list[QPushButton]:
    return [button for button in box.states.panel.findChildren(QPushButton) if button.isVisible()]


def heard(box: Mailbox) -> list[Row | None]:
    found: list[Row | None] = []
    box.row_chosen.connect(found.append)
    return found


# places


@pytest.mark.parametrize("group", [Group.DEADLINES, Group.WAITING, Group.RECEIVED, Group.SENT, Group.UNMATCHED])
def test_a_place_lists_its_rows(qtbot: QtBot, box: Mailbox, desk: Desk, group: Group) -> None:
    go(qtbot, box, Place(group))

    assert list(box.model.listed.ids) == desk.app.ids(Filter(group=group, limit=0), NOW)
    assert box.view.isVisible()
    assert box.heading.isHidden()


def test_each_order_is_kept_from_place_to_place(qtbot: QtBot, box: Mailbox, desk: Desk) -> None:
    listed(qtbot, box, lambda: box.sort_button.choose(Order.COUNTERPART))
    go(qtbot, box, Place(Group.SENT))

    assert box.order is Order.COUNTERPART
    assert list(box.model.listed.ids) == desk.app.ids(Filter(group=Group.SENT, order=Order.COUNTERPART, limit=0), NOW)
    assert len(box.model.listed.day_rows) == 0
    listed(qtbot, box, lambda: box.sort_button.choose(Order.OLDEST))
    assert len(box.model.listed.day_rows) > 0
    assert [action.isChecked() for action in box.sort_button.menu().actions()] == [o is Order.OLDEST for o in Order]


def test_what_needs_somebody_stands_by_need_until_another_order_is_chosen(
    qtbot: QtBot, box: Mailbox, desk: Desk
) -> None:
    go(qtbot, box, FOLLOW)

    assert list(box.model.listed.ids) == desk.app.ids(Filter(group=Group.FOLLOW, order=Order.NEED, limit=0), NOW)
    desk.speak("en")
    assert box.model.heading(0) == "Failed, refused, forged or uncertain"
    assert list(box.model.listed.urgencies) == sorted(set(box.model.listed.urgencies))
    go(qtbot, box, ALL)
    assert box.order is Order.NEWEST
    go(qtbot, box, FOLLOW)
    assert box.order is Order.NEED
    listed(qtbot, box, lambda: box.sort_button.choose(Order.NEWEST))
    go(qtbot, box, ALL)
    go(qtbot, box, FOLLOW)
    assert box.order is Order.NEWEST


def test_a_place_is_painted_without_reading_what_came_with_it(qtbot: QtBot, box: Mailbox) -> None:
    box.view.viewport().repaint()
    missed: list[int] = []
    box.model.missed.connect(missed.append)
    go(qtbot, box, FOLLOW)
    box.view.viewport().repaint()
    assert box.model.rowCount() > 0
    assert missed == []


def test_an_answer_that_comes_too_late_is_not_shown(qtbot: QtBot, box: Mailbox, desk: Desk) -> None:
    before = box.listing_number
    for place in (FOLLOW, HIDDEN, Place(Group.SENT)):
        box.show_place(place)
    qtbot.waitUntil(lambda: desk.background.is_idle and box.listing_number > before)

    assert box.listing_number == before + 1
    assert list(box.model.listed.ids) == desk.app.ids(Filter(group=Group.SENT, limit=0), NOW)


def test_each_place_remembers_what_was_chosen_in_it(qtbot: QtBot, box: Mailbox) -> None:
    box.step(4)
    chosen = box.chosen_ids
    go(qtbot, box, HIDDEN)
    assert box.current_row is None
    go(qtbot, box, ALL)

    assert box.chosen_ids == chosen


# nothing to show


def test_an_empty_place_says_what_will_appear_there(qtbot: QtBot, box: Mailbox, desk: Desk) -> None:
    desk.speak("en")
    go(qtbot, box, HIDDEN)

    assert box.states.panel.accessibleName().startswith("Nothing is hidden")
    assert buttons(box) == []
    desk.app.hide(list(box.model.listed.ids) or desk.app.ids(Filter(limit=1), NOW), NOW)
    qtbot.waitUntil(box.view.isVisible)


def test_an_empty_archive_offers_a_mailbox_an_import_and_the_demo(
    qtbot: QtBot, made: Callable[[Desk], Mailbox], empty_desk: Desk
) -> None:
    box = made(empty_desk)
    go(qtbot, box, FOLLOW)
    for signal, button in zip((box.set_up_asked, box.import_asked, box.demo_asked), buttons(box), strict=True):
        with qtbot.waitSignal(signal):
            button.click()


def test_a_list_that_cannot_be_read_says_why_and_offers_to_try_again(
    qtbot: QtBot, made: Callable[[Desk], Mailbox], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = made(desk)

    def fail(*_: object) -> None:
        raise StoreError("The disk is gone.")

    with monkeypatch.context() as patch:
        patch.setattr(type(desk.app), "ids_with_moments", fail)
        box.show_place(ALL)
        qtbot.waitUntil(lambda: "The disk is gone." in box.states.panel.accessibleName())
    listed(qtbot, box, buttons(box)[0].click)

    assert box.view.isVisible()


def test_a_list_that_is_shown_stays_when_it_cannot_be_read_again(
    qtbot: QtBot, box: Mailbox, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("The disk is gone.")

    with monkeypatch.context() as patch:
        patch.setattr(type(desk.app), "ids_with_moments", fail)
        box.refresh()
        qtbot.waitUntil(lambda: box.notice.text == "The disk is gone.")

    assert box.view.isVisible()


def test_what_changes_while_a_look_fails_is_looked_at_all_the_same(
    qtbot: QtBot, box: Mailbox, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, usual = threading.Event(), desk.app.ids_with_moments

    def fail_once(*asked: Any) -> Any:
        if go_on.is_set():
            return usual(*asked)
        go_on.wait(10)
        raise StoreError("The disk is gone.")

    monkeypatch.setattr(desk.app, "ids_with_moments", fail_once)
    box.refresh()
    qtbot.waitUntil(lambda: box._source.is_loading)
    desk.app.hide([box.model.listed.ids[0]], NOW)
    qtbot.waitUntil(lambda: box._source._is_due)
    go_on.set()

    in_step(qtbot, box, Filter(group=Group.ALL, limit=0), desk)


def test_loading_is_said_only_when_it_takes_long(qtbot: QtBot, box: Mailbox) -> None:
    box.show_place(FOLLOW)

    assert box.view.isVisible()
    assert box.states._timer.isActive()
    qtbot.waitUntil(lambda: not box.states._timer.isActive())


# searching


def search(qtbot: QtBot, box: Mailbox, text: str) -> None:
    def type_it() -> None:
        box.search_bar.field.selectAll()
        qtbot.keyClicks(box.search_bar.field, text)

    box.focus_search()
    listed(qtbot, box, type_it)


def test_a_search_looks_in_all_mail_and_says_how_much_it_found(qtbot: QtBot, box: Mailbox, desk: Desk) -> None:
    desk.speak("en")
    go(qtbot, box, FOLLOW)
    said: list[bool] = []
    box.searching.connect(said.append)
    search(qtbot, box, "diffida ")
    wanted = Filter(query=parse_query("diffida"), limit=0)
    number = len(desk.app.ids(wanted, NOW))

    assert list(box.model.listed.ids) == desk.app.ids(wanted, NOW)
    assert number > 1
    assert box.heading.text() == f"Results for “diffida”: {number}"
    assert box.heading.isVisible()
    assert said == [True]


def test_escape_leads_back_to_the_place_and_to_the_row(qtbot: QtBot, box: Mailbox, desk: Desk) -> None:
    go(qtbot, box, FOLLOW)
    box.step(3)
    chosen = box.chosen_ids
    search(qtbot, box, "xyz ")
    assert box.chosen_ids == []
    listed(qtbot, box, lambda: qtbot.keyClick(box.search_bar.field, Qt.Key.Key_Escape))

    assert list(box.model.listed.ids) == desk.app.ids(Filter(group=Group.FOLLOW, order=Order.NEED, limit=0), NOW)
    assert box.chosen_ids == chosen
    assert box.search_bar.text == ""
    assert box.focusWidget() is box.view


def test_a_field_emptied_by_hand_leads_back_too(qtbot: QtBot, box: Mailbox, desk: Desk) -> None:
    search(qtbot, box, "diffida ")
    box.search_bar.field.selectAll()
    listed(qtbot, box, lambda: qtbot.keyClick(box.search_bar.field, Qt.Key.Key_Delete))

    assert list(box.model.listed.ids) == desk.app.ids(Filter(limit=0), NOW)
    assert box.focusWidget() is box.search_bar.field


def test_a_wrong_operator_is_explained_under_the_field_and_the_list_stays(qtbot: QtBot, box: Mailbox) -> None:
    ids = list(box.model.listed.ids)
    box.focus_search()
    qtbot.keyClicks(box.search_bar.field, "stato:boh ")
    qtbot.waitUntil(box.search_bar.error.isVisible)

    assert "boh" in box.search_bar.error.text()
    assert list(box.model.listed.ids) == ids
    qtbot.keyClick(box.search_bar.field, Qt.Key.Key_Escape)
    assert not box.search_bar.error.isVisible()


def test_nothing_found_says_so_with_a_hint(qtbot: QtBot, box: Mailbox, desk: Desk) -> None:
    desk.speak("en")
    search(qtbot, box, "xylophon ")

    assert box.states.panel.accessibleName().startswith("Nothing found for “xylophon”")
    assert box.heading.isHidden()


def test_a_new_keystroke_cancels_the_older_search(qtbot: QtBot, box: Mailbox, desk: Desk) -> None:
    before = box.listing_number
    for text in ("dif", "diffid", "diffida"):
        box.search_now(text)
    qtbot.waitUntil(lambda: desk.background.is_idle and box.listing_number > before)

    assert box.listing_number == before + 1
    assert list(box.model.listed.ids) == desk.app.ids(Filter(query=parse_query("diffida"), limit=0), NOW)


def test_hidden_rows_are_not_found(qtbot: QtBot, box: Mailbox, desk: Desk) -> None:
    found = desk.app.ids(Filter(query=parse_query("diffida"), limit=0), NOW)
    desk.app.hide(found, NOW)
    search(qtbot, box, "diffida ")

    assert box.model.rowCount() == 0


def test_a_saved_search_is_kept_and_shown_as_a_place(qtbot: QtBot, box: Mailbox, desk: Desk) -> None:
    with qtbot.waitSignal(box.searches_changed):
        box.save_search("Mancate", "stato:mancata")
    with qtbot.waitSignal(box.searches_changed):
        box.save_search("Mancate", "stato:in-ritardo")
    box.save_search("Sbagliata", "stato:boh")
    assert desk.app.settings.searches == (SavedSearch("Mancate", "stato:in-ritardo"),)
    assert box.search_bar.error.isVisible()

    went: list[Place] = []
    box.place_changed.connect(went.append)
    go(qtbot, box, Place(Group.ALL, search="Mancate", query="stato:in-ritardo"))
    assert box.search_bar.text == "stato:in-ritardo"
    assert list(box.model.listed.ids) == desk.app.ids(Filter(query=parse_query("stato:in-ritardo"), limit=0), NOW)
    box.focus_search()
    listed(qtbot, box, lambda: qtbot.keyClick(box.search_bar.field, Qt.Key.Key_Escape))
    assert went == [ALL]
    assert list(box.model.listed.ids) == desk.app.ids(Filter(limit=0), NOW)


def test_searches_that_are_kept_at_the_same_time_are_all_kept(qtbot: QtBot, box: Mailbox, desk: Desk) -> None:
    box.save_search("Mancate", "stato:mancata")
    box.save_search("Comune", "da:comune")
    qtbot.waitUntil(lambda: desk.background.is_idle)

    assert [search.name for search in desk.app.settings.searches] == ["Mancate", "Comune"]


def test_the_arrow_down_goes_from_the_field_into_the_list(qtbot: QtBot, box: Mailbox) -> None:
    search(qtbot, box, "diffida ")
    qtbot.keyClick(box.search_bar.field, Qt.Key.Key_Down)

    assert box.focusWidget() is box.view
    assert box.chosen_ids == [box.model.listed.ids[0]]


# what is chosen


def test_the_chosen_row_is_told_once(qtbot: QtBot, box: Mailbox) -> None:
    found = heard(box)
    box.view.setFocus()
    qtbot.keyClick(box.view, Qt.Key.Key_Down)
    qtbot.keyClick(box.view, Qt.Key.Key_Down)
    box.view.selectionModel().clearSelection()

    assert [row.id if row else None for row in found] == [*box.model.listed.ids[:2], None]


def test_several_rows_are_chosen_in_the_order_of_the_list(box: Mailbox) -> None:
    select = QItemSelectionModel.SelectionFlag.Select
    for row in (7, 2, 3):
        box.view.selectionModel().select(box.model.index(row), select)

    assert box.chosen_ids == [box.model.listed.ids[row] for row in (2, 3, 7)]


def test_stepping_stays_within_the_list(box: Mailbox) -> None:
    box.step(-1)
    assert box.chosen_ids == [box.model.listed.ids[0]]
    box.step(10_000)
    assert box.chosen_ids == [box.model.listed.ids[-1]]


def test_enter_and_double_click_open_the_row(qtbot: QtBot, box: Mailbox) -> None:
    opened: list[Row] = []
    box.row_activated.connect(opened.append)
    box.step(2)
    qtbot.keyClick(box.view, Qt.Key.Key_Return)

    assert [row.id for row in opened] == box.chosen_ids


def test_a_row_that_is_elsewhere_is_gone_to(qtbot: QtBot, box: Mailbox, desk: Desk) -> None:
    sent, hidden = desk.app.ids(Filter(group=Group.SENT, limit=2), NOW)
    desk.app.hide([hidden], NOW)
    went: list[Place] = []
    box.place_changed.connect(went.append)
    go(qtbot, box, Place(Group.RECEIVED))
    listed(qtbot, box, lambda: box.choose_row(sent))
    assert box.chosen_ids == [sent]
    listed(qtbot, box, lambda: box.choose_row(hidden))
    assert box.chosen_ids == [hidden]
    box.choose_row(hidden)

    assert went == [ALL, HIDDEN]


def test_a_row_is_chosen_as_soon_as_the_list_is_there(
    qtbot: QtBot, made: Callable[[Desk], Mailbox], desk: Desk
) -> None:
    wanted = desk.app.ids(Filter(limit=0), NOW)[150]
    box = made(desk)
    box.choose_row_when_listed(wanted)
    go(qtbot, box, ALL)

    assert box.chosen_ids == [wanted]
    assert box.view.viewport().rect().contains(box.view.visualRect(box.view.currentIndex()))


# what changes


def test_a_hidden_row_leaves_the_list_and_the_next_is_chosen(qtbot: QtBot, box: Mailbox, desk: Desk) -> None:
    box.step(3)
    gone, following = box.model.listed.ids[2:4]
    found = heard(box)
    desk.app.hide([gone], NOW)
    in_step(qtbot, box, Filter(limit=0), desk)

    assert box.chosen_ids == [following]
    assert [row.id for row in found if row] == [following]


def test_after_the_last_row_the_one_above_is_chosen(qtbot: QtBot, box: Mailbox, desk: Desk) -> None:
    box.step(10_000)
    above, *gone = box.model.listed.ids[-3:]
    desk.app.hide(gone, NOW)
    in_step(qtbot, box, Filter(limit=0), desk)

    assert box.chosen_ids == [above]


def test_the_row_that_is_read_does_not_leave_a_search_under_the_reader(qtbot: QtBot, box: Mailbox, desk: Desk) -> None:
    ids = list(box.model.listed.ids[10:14])
    desk.app.add_label(ids, "Aurora", NOW)
    search(qtbot, box, "etichetta:aurora ")
    assert list(box.model.listed.ids) == ids
    box.step(2)
    found = heard(box)
    desk.app.remove_label(ids[:2], "Aurora", NOW)
    qtbot.waitUntil(lambda: list(box.model.listed.ids) == ids[1:])
    assert box.chosen_ids == [ids[1]]
    assert found == []

    box.step(1)
    qtbot.waitUntil(lambda: list(box.model.listed.ids) == ids[2:])
    assert box.chosen_ids == [ids[2]]


def test_a_row_that_is_marked_is_shown_as_it_is_by_now(qtbot: QtBot, box: Mailbox, desk: Desk) -> None:
    go(qtbot, box, Place(Group.RECEIVED))
    resets: list[bool] = []
    box.model.modelReset.connect(lambda: resets.append(True))
    box.step(1)
    id_ = box.chosen_ids[0]
    for read in (False, True, False):
        desk.app.mark_read([id_], read=read, at=NOW)
        qtbot.waitUntil(lambda read=read: box.model.row_at(0).unread is not read)  # type: ignore[union-attr]

    assert resets == []
    assert box.chosen_ids == [id_]


def test_everything_is_read_anew_when_another_process_wrote(qtbot: QtBot, box: Mailbox, desk: Desk) -> None:
    first = box.model.listed.ids[0]
    assert box.model.row_at(0) is not None
    desk.app.store.changes.publish(Changes(everything=True))
    qtbot.waitUntil(lambda: first not in box.model._rows or desk.background.is_idle)

    assert box.model.row_of(first) == 0


def test_the_list_speaks_the_language_in_force(qtbot: QtBot, box: Mailbox, desk: Desk) -> None:
    italian = box.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    desk.speak("en")

    assert box.view.accessibleName() == "Messages"
    assert box.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) != italian
    assert box.sort_button.accessibleName() == "Order: Newest first"


# labels


@pytest.fixture
def label_menu(qtbot: QtBot, box: Mailbox) -> Iterator[QMenu]:
    menu = QMenu(box)
    yield menu
    menu.close()


@pytest.fixture
def marks(box: Mailbox, desk: Desk) -> Marks:
    made = Marks(desk, box)
    made.failed.connect(box.complain)
    made.waits.connect(box.tell_waiting)
    return made


def test_the_menu_ticks_what_all_chosen_rows_carry(box: Mailbox, desk: Desk, label_menu: QMenu, marks: Marks) -> None:
    first, second = box.model.listed.ids[:2]
    desk.app.add_label([first, second], "Aurora", NOW)
    desk.app.add_label([first], "Rossi & figli", NOW)
    fill_label_menu(label_menu, desk, [first, second], marks.write)
    found = {action.text(): action.isChecked() for action in label_menu.actions() if action.isCheckable()}

    assert found == {"Aurora": True, "Rossi && figli": False}


def test_choosing_a_label_gives_it_and_choosing_it_again_takes_it(
    qtbot: QtBot, box: Mailbox, desk: Desk, label_menu: QMenu, marks: Marks
) -> None:
    ids = list(box.model.listed.ids[:3])
    desk.app.add_label(ids[:1], "Aurora", NOW)
    labelled = Filter(label="Aurora", limit=0)
    for expected in (ids, []):
        fill_label_menu(label_menu, desk, ids, marks.write)
        label_menu.actions()[0].trigger()
        qtbot.waitUntil(lambda expected=expected: desk.app.ids(labelled, NOW) == expected)


def test_a_new_label_is_asked_for_and_given(
    qtbot: QtBot, box: Mailbox, desk: Desk, label_menu: QMenu, marks: Marks
) -> None:
    ids = list(box.model.listed.ids[:2])
    fill_label_menu(label_menu, desk, ids, marks.write)
    label_menu.actions()[-1].trigger()
    dialog = next(dialog for dialog in box.window().findChildren(QInputDialog))
    dialog.setTextValue("Condominio Aurora")
    dialog.accept()

    qtbot.waitUntil(lambda: desk.app.ids(Filter(label="Condominio Aurora", limit=0), NOW) == ids)


def test_a_label_that_cannot_be_is_complained_of(
    qtbot: QtBot, box: Mailbox, desk: Desk, label_menu: QMenu, marks: Marks
) -> None:
    fill_label_menu(label_menu, desk, list(box.model.listed.ids[:1]), marks.write)
    label_menu.actions()[-1].trigger()
    dialog = next(dialog for dialog in box.window().findChildren(QInputDialog))
    dialog.setTextValue("x" * 100)
    dialog.accept()

    qtbot.waitUntil(lambda: "x" * 20 in box.notice.text)


def test_without_rows_no_label_can_be_given(desk: Desk, label_menu: QMenu, marks: Marks) -> None:
    fill_label_menu(label_menu, desk, [], marks.write)

    assert not any(action.isEnabled() for action in label_menu.actions())


# while another program writes


def test_a_mark_made_while_another_program_writes_is_made_when_it_has_finished(
    qtbot: QtBot, box: Mailbox, desk: Desk, marks: Marks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pecdesk.app.mailbox, "MARK_SECONDS", 0.0)
    marks._again.setInterval(1)
    told: list[bool] = []
    marks.waits.connect(told.append)
    ids = list(box.model.listed.ids[:2])
    with Profile.open(desk.app.profile.root).lock(WRITE_LOCK):
        marks.write(lambda: desk.app.add_label(ids, "Aurora", NOW))
        marks.write(lambda: desk.app.remove_label(ids[:1], "Aurora", NOW))
        qtbot.waitUntil(lambda: told == [True])
        assert desk.app.labels() == ()
        assert box.notice.isVisible()
        assert "Un altro pecdesk" in box.notice.text or "Another pecdesk" in box.notice.text

    qtbot.waitUntil(lambda: told == [True, False])
    assert desk.app.ids(Filter(label="Aurora", limit=0), NOW) == ids[1:], "in the order in which they were made"
    assert not box.notice.isVisible()


def test_a_mark_that_cannot_be_made_holds_up_no_other(qtbot: QtBot, box: Mailbox, desk: Desk, marks: Marks) -> None:
    ids = list(box.model.listed.ids[:1])
    marks.write(lambda: desk.app.add_label(ids, "x" * 100, NOW))
    marks.write(lambda: desk.app.add_label(ids, "Aurora", NOW))

    qtbot.waitUntil(lambda: desk.app.ids(Filter(label="Aurora", limit=0), NOW) == ids)
    assert "x" * 20 in box.notice.text


def test_what_waits_is_told_wherever_the_list_goes_until_it_is_written(
    qtbot: QtBot, box: Mailbox, desk: Desk, marks: Marks
) -> None:
    go_on = threading.Event()

    def work() -> None:
        if not go_on.is_set():
            raise BusyError("Another pecdesk is writing.")

    marks._again.setInterval(1)
    marks.write(work)
    qtbot.waitUntil(lambda: bool(box.notice.text))
    told = box.notice.text
    go(qtbot, box, FOLLOW)
    box.tell_hidden(1, lambda: None)

    assert box.notice.text == told, "nothing is hidden yet"
    go_on.set()
    qtbot.waitUntil(lambda: not box.notice.text)


def test_what_waited_and_then_failed_is_complained_of(qtbot: QtBot, box: Mailbox, desk: Desk, marks: Marks) -> None:
    errors = iter([BusyError("Another pecdesk is writing."), StoreError("The disk is full.")])

    def work() -> None:
        raise next(errors)

    marks._again.setInterval(1)
    told: list[bool] = []
    marks.waits.connect(told.append)
    marks.write(work)
    qtbot.waitUntil(lambda: told == [True, False] and desk.background.is_idle)

    assert "disk is full" in box.notice.text


def test_what_can_be_undone_stays_on_offer_when_an_older_mark_is_written(
    qtbot: QtBot, box: Mailbox, desk: Desk, marks: Marks
) -> None:
    box.tell_hidden(1, lambda: None)
    told = box.notice.text
    box.tell_waiting(is_waiting=False)

    assert box.notice.text == told


def test_marks_that_wait_for_their_turn_are_made_when_the_window_closes(
    qtbot: QtBot, box: Mailbox, desk: Desk, marks: Marks
) -> None:
    ids, go_on = list(box.model.listed.ids[:1]), threading.Event()
    marks.write(lambda: go_on.wait(10))
    marks.write(lambda: desk.app.add_label(ids, "Aurora", NOW))
    marks.stop()
    go_on.set()
    qtbot.waitUntil(lambda: desk.background.is_idle)

    assert desk.app.ids(Filter(label="Aurora", limit=0), NOW) == ids
