"""The side bar: which places there are, what they count, and a choice that stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QAccessible, QFocusEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from pecdesk.explain import Tone, language
from pecdesk.profile.settings import SavedSearch
from pecdesk.store import Filter, Group, Groups
from pecdesk.ui.desk import Desk
from pecdesk.ui.mailbox.place import Place
from pecdesk.ui.mailbox.side_bar import SideBar
from pecdesk.ui.mailbox.side_bar_delegate import SideBarDelegate
from pecdesk.ui.mailbox.side_bar_entries import Entry, entries
from pecdesk.ui.mailbox.side_bar_lines import SideBarLines
from pecdesk.ui.mailbox.side_bar_model import SideBarModel
from pecdesk.ui.style.theme import Theme
from tests.ui.conftest import NOW

EN = language("en")
NOTHING = Groups({}, (), {})
ACCESSIBLE = Qt.ItemDataRole.AccessibleTextRole


def words(lines: list[Entry]) -> list[str]:
    return [line.words for line in lines]


# which places there are


def test_without_a_mailbox_there_is_one_archive() -> None:
    assert words(entries(NOTHING, (), EN))[5:] == [
        "Archive",
        "Received mail",
        "Sent mail",
        "All messages",
        "Unmatched receipts",
        "",
        "Hidden",
    ]


def test_one_mailbox_is_headed_by_its_address() -> None:
    lines = entries(Groups({}, ("studio@pec.example",), {}), (), EN)

    assert words(lines)[5:12] == [
        "studio@pec.example",
        "Received mail",
        "Sent mail",
        "Drafts",
        "Outbox",
        "All messages",
        "Unmatched receipts",
    ]
    assert [line.place.account for line in lines[6:12] if line.place] == ["studio@pec.example"] * 4 + [None] * 2


def test_drafts_and_what_is_to_leave_are_counted_for_each_mailbox_and_for_all() -> None:
    counts = {(group, account): 1 for group in (Group.DRAFTS, Group.OUTBOX) for account in (None, "b@pec.example")}
    lines = entries(Groups(counts, ("a@pec.example", "b@pec.example"), {}), (), EN)
    counted = [(line.words, line.place and line.place.account, line.count) for line in lines if line.count]

    assert counted == [(words, account, 1) for account in ("b@pec.example", None) for words in ("Drafts", "Outbox")]


def test_several_mailboxes_are_told_apart_and_nothing_is_left_out() -> None:
    lines = entries(Groups({}, ("anna@pec.example", "bruno@pec.example"), {}), (), EN)
    titles = [(line.words, line.whole) for line in lines if line.place is None]

    assert titles[1:4] == [("anna", "anna@pec.example"), ("bruno", "bruno@pec.example"), ("Archive", "")]
    assert Place(Group.ALL) in [line.place for line in lines]
    assert Place(Group.ALL, "anna@pec.example") in [line.place for line in lines]


def test_mailboxes_stand_as_they_were_set_up_and_the_others_below() -> None:
    accounts = ("a@pec.example", "b@pec.example", "c@pec.example")
    lines = entries(Groups({}, accounts, {}), (), EN, writing=("c@pec.example", "a@pec.example"))

    assert [line.words for line in lines if line.whole] == ["c", "a", "b"]


def test_mailboxes_of_one_name_keep_their_domains() -> None:
    accounts = ("studio@pec.example", "studio@altra.example")

    assert set(accounts) <= set(words(entries(Groups({}, accounts, {}), (), EN)))


def test_labels_and_saved_searches_have_sections_of_their_own() -> None:
    lines = entries(Groups({}, (), {"Aurora": 3}), (SavedSearch("Mancate", "stato:mancata"),), EN)
    places = {line.words: line.place for line in lines}

    assert words(lines)[10:] == ["Labels", "Aurora", "Saved searches", "Mancate", "", "Hidden"]
    assert places["Aurora"] == Place(Group.ALL, label="Aurora")
    assert places["Mancate"] == Place(Group.ALL, search="Mancate", query="stato:mancata")
    assert len({place.name for place in places.values() if place is not None}) == len(lines) - 5


def test_only_what_means_work_is_counted_and_in_its_colour() -> None:
    counts = {
        (Group.FOLLOW, None): 3,
        (Group.WAITING, None): 5,
        (Group.DEADLINES, None): 1,
        (Group.UNMATCHED, None): 2,
        (Group.RECEIVED, None): 9,
        (Group.RECEIVED, "a@pec.example"): 4,
    }
    lines = entries(Groups(counts, ("a@pec.example", "b@pec.example"), {"Aurora": 3}), (), EN)
    counted = [(line.words, line.count, line.tone) for line in lines if line.count]

    assert counted == [
        ("Everything that matters", 3, Tone.RED),
        ("Waiting for delivery", 5, Tone.BLUE),
        ("Deadlines (30 months)", 1, Tone.AMBER),
        ("Received mail", 4, Tone.GREY),
        ("Unmatched receipts", 2, Tone.AMBER),
    ]
    assert all(line.tone is not Tone.GREEN for line in lines)


def test_a_label_cannot_write_backwards() -> None:
    lines = entries(Groups({}, (), {"a\u202eb": 1}), (), EN)

    assert "a[U+202E]b" in words(lines)


def test_every_place_says_what_will_appear_there() -> None:
    lines = entries(Groups({}, ("a@x.example",), {"Aurora": 3}), (SavedSearch("S", "x"),), EN)
    for line in lines:
        if line.place is not None:
            title, text = line.place.empty(EN)
            assert title
            assert text.endswith(".")


def test_the_model_keeps_its_lines_when_only_counts_change(qapp: QApplication) -> None:
    model = SideBarModel(EN)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    tester.setUseFetchMore(False)
    resets: list[bool] = []
    inserted: list[tuple[int, int]] = []
    model.modelReset.connect(lambda: resets.append(True))
    for count in (1, 2, 3):
        model.show(entries(Groups({(Group.FOLLOW, None): count}, (), {}), (), EN), EN)
    model.rowsInserted.connect(lambda _parent, first, last: inserted.append((first, last)))
    model.show(entries(Groups({}, (), {"Aurora": 1}), (), EN), EN)

    assert resets == [], "nobody's place is lost"
    assert inserted == [(10, 11)], "a title and a label"
    assert model.index(1).data(ACCESSIBLE) == "Everything that matters"


# the widget


def test_the_model_tells_only_of_lines_that_are_others(qapp: QApplication) -> None:
    title, received, sent = Entry("a@pec.example"), Entry("Received", Place(Group.RECEIVED)), Entry("Sent")
    model = SideBarModel(language("en"))
    model.show([title, received, sent], language("en"))
    told: list[int] = []
    model.dataChanged.connect(lambda first, _last: told.append(first.row()))

    model.show([title, replace(received, count=3), sent], language("en"))

    assert told == [1]


def test_a_line_that_needs_more_room_gets_it(qapp: QApplication) -> None:
    title, sent = Entry("a@pec.example"), Entry("Sent", Place(Group.SENT))
    model = SideBarModel(language("en"))
    lines = SideBarLines(model)
    lines.setItemDelegate(SideBarDelegate(Theme(qapp, "light"), lines))
    model.show([title, sent], language("en"))
    before = lines.visualRect(model.index(0)).height()

    model.show([replace(title, remark="No longer connected"), sent], language("en"))

    assert lines.visualRect(model.index(0)).height() > before
    assert lines.visualRect(model.index(1)).top() > lines.visualRect(model.index(0)).bottom()


@pytest.fixture
def made(qtbot: QtBot) -> Iterator[Callable[[Desk], SideBar]]:
    bars: list[SideBar] = []

    def make(desk: Desk) -> SideBar:
        bar = SideBar(desk)
        bars.append(bar)
        qtbot.addWidget(bar)
        bar.resize(240, 800)
        bar.show()
        bar.activateWindow()
        bar.restore_choice("")
        qtbot.waitUntil(lambda: bar._groups is not None)
        return bar

    yield make
    for bar in bars:
        bar._timer.stop()
        bar.close()


@pytest.fixture
def bar(made: Callable[[Desk], SideBar], desk: Desk) -> SideBar:
    return made(desk)


def heard(bar: SideBar) -> list[Place]:
    found: list[Place] = []
    bar.chosen.connect(found.append)
    return found


def counted(bar: SideBar, group: Group) -> int:
    return next(line.count for line in bar._model.entries if line.place == Place(group))


def test_what_needs_somebody_is_chosen_first_and_told_once(
    qtbot: QtBot, open_desk: Callable[..., Desk], demo_profile: Path
) -> None:
    bar = SideBar(open_desk(demo_profile))
    qtbot.addWidget(bar)
    found = heard(bar)
    bar.restore_choice("")
    qtbot.waitUntil(lambda: bar._groups is not None)

    assert found == [Place(Group.FOLLOW)]
    bar._timer.stop()


def test_the_demo_is_counted_and_says_that_it_is_one(bar: SideBar, desk: Desk) -> None:
    groups = desk.app.groups(NOW)

    assert counted(bar, Group.ANOMALIES) == groups.counts[Group.ANOMALIES, None] > 0
    assert bar._foot.text() == f"Archivio locale · {desk.app.store.count()[0]} messaggi" or "Local" in bar._foot.text()
    assert bar._demo.text.startswith("DEMO")


def test_arrows_walk_over_the_places_and_pass_the_titles(qtbot: QtBot, bar: SideBar) -> None:
    found = heard(bar)
    bar.lines.setFocus()
    for _ in range(5):
        qtbot.keyClick(bar.lines, Qt.Key.Key_Down)

    assert [place.group for place in found] == [
        Group.WAITING,
        Group.ANOMALIES,
        Group.DEADLINES,
        Group.RECEIVED,
        Group.SENT,
    ]
    assert found[3].account == desk_accounts(bar)[0]


def desk_accounts(bar: SideBar) -> tuple[str, ...]:
    assert bar._groups is not None
    return bar._groups.accounts


def test_a_click_on_the_chosen_place_says_it_again(qtbot: QtBot, bar: SideBar) -> None:
    found = heard(bar)
    where = bar.lines.visualRect(bar.lines.currentIndex()).center()
    qtbot.mouseClick(bar.lines.viewport(), Qt.MouseButton.LeftButton, pos=where)

    assert found == [Place(Group.FOLLOW)]


def test_the_choice_survives_counting_and_another_language(qtbot: QtBot, bar: SideBar, desk: Desk) -> None:
    bar.choose_group(Group.ANOMALIES)
    found = heard(bar)
    row = desk.app.ids(Filter(group=Group.ALL, limit=1), NOW)
    desk.app.add_label(row, "Aurora", NOW)
    qtbot.waitUntil(lambda: bar._model.row_of(Place(Group.ALL, label="Aurora").name) is not None)
    desk.speak("en")

    assert bar.place == Place(Group.ANOMALIES)
    assert bar.choice_name == "anomalies"
    assert bar.lines.selectionModel().isSelected(bar.lines.currentIndex())
    assert found == []
    assert "Anomalies and failures" in words(bar._model.entries)


def test_a_place_that_is_gone_gives_way_to_what_needs_somebody(qtbot: QtBot, bar: SideBar, desk: Desk) -> None:
    rows = desk.app.ids(Filter(group=Group.ALL, limit=2), NOW)
    desk.app.add_label(rows, "Aurora", NOW)
    label = Place(Group.ALL, label="Aurora")
    qtbot.waitUntil(lambda: bar._model.row_of(label.name) is not None)
    bar.restore_choice(label.name)
    assert bar.place == label
    found = heard(bar)
    desk.app.remove_label(rows, "Aurora", NOW)

    qtbot.waitUntil(lambda: found == [Place(Group.FOLLOW)])


def test_the_keyboard_comes_to_the_side_bar_and_what_was_remembered_is_chosen_all_the_same(
    qtbot: QtBot, open_desk: Callable[..., Desk], demo_profile: Path
) -> None:
    bar = SideBar(open_desk(demo_profile))
    qtbot.addWidget(bar)
    found = heard(bar)
    bar.restore_choice(Place(Group.ALL).name)
    QApplication.sendEvent(bar.lines, QFocusEvent(QEvent.Type.FocusIn))
    assert found == []

    qtbot.waitUntil(lambda: found == [Place(Group.ALL)])
    bar._timer.stop()


def test_a_remembered_mailbox_is_chosen_once_it_is_known(
    qtbot: QtBot, open_desk: Callable[..., Desk], demo_profile: Path
) -> None:
    desk = open_desk(demo_profile)
    wanted = Place(Group.SENT, desk.app.groups(NOW).accounts[-1])
    bar = SideBar(desk)
    qtbot.addWidget(bar)
    found = heard(bar)
    bar.restore_choice(wanted.name)
    assert found == []

    qtbot.waitUntil(lambda: found == [wanted])
    bar._timer.stop()


def test_choosing_a_group_takes_the_widest_place_of_it(bar: SideBar) -> None:
    bar.choose_group(Group.ALL)
    assert bar.place == Place(Group.ALL)
    bar.choose_group(Group.RECEIVED)
    assert bar.place == Place(Group.RECEIVED, desk_accounts(bar)[0])
    bar.choose_group(Group.HIDDEN)
    assert bar.place == Place(Group.HIDDEN)


def test_a_place_can_be_shown_as_chosen_without_asking_for_it(bar: SideBar) -> None:
    found = heard(bar)
    bar.show_choice(Place(Group.ALL))

    assert (bar.place, found) == (Place(Group.ALL), [])


def test_counts_follow_what_happens(qtbot: QtBot, bar: SideBar, desk: Desk) -> None:
    before = counted(bar, Group.ANOMALIES)
    desk.app.hide(desk.app.ids(Filter(group=Group.ANOMALIES, limit=2), NOW), NOW)

    qtbot.waitUntil(lambda: counted(bar, Group.ANOMALIES) == before - 2)


def test_what_is_unread_is_counted_and_said_as_such(qtbot: QtBot, made: Callable[[Desk], SideBar], desk: Desk) -> None:
    account = desk.app.groups(NOW).accounts[-1]
    desk.app.mark_read(desk.app.ids(Filter(group=Group.RECEIVED, account=account, limit=3), NOW), read=False, at=NOW)
    desk.speak("en")
    bar = made(desk)
    row = bar._model.row_of(Place(Group.RECEIVED, account).name)
    number = desk.app.groups(NOW).counts[Group.RECEIVED, account]
    assert row is not None
    assert number >= 3

    assert bar._model.index(row).data(ACCESSIBLE) == f"Received mail: {number} unread"


def test_a_saved_search_is_removed_by_its_menu(qtbot: QtBot, made: Callable[[Desk], SideBar], desk: Desk) -> None:
    kept, gone = SavedSearch("Restano", "da:comune"), SavedSearch("Via", "stato:mancata")
    desk.app.save_settings(replace(desk.app.settings, searches=(kept, gone)))
    bar = made(desk)
    row = bar._model.row_of(Place(Group.ALL, search="Via", query="stato:mancata").name)
    assert row is not None
    bar._show_menu(bar.lines.visualRect(bar._model.index(row)).center())
    menu = bar.findChild(QMenu)
    assert isinstance(menu, QMenu)
    menu.actions()[0].trigger()
    menu.close()

    qtbot.waitUntil(lambda: "Via" not in words(bar._model.entries))
    assert desk.app.settings.searches == (kept,)
    bar._show_menu(QPoint(5, 5))
    assert "Restano" in words(bar._model.entries)


def test_screen_readers_find_places_with_their_counts(bar: SideBar, desk: Desk) -> None:
    desk.speak("en")
    accessible = QAccessible.queryAccessibleInterface(bar.lines)

    assert bar.lines.accessibleName()
    number = counted(bar, Group.WAITING)
    assert accessible.child(2).text(QAccessible.Text.Name) == f"Waiting for delivery: {number}"


def test_titles_cannot_be_chosen(bar: SideBar) -> None:
    found = heard(bar)
    title = bar._model.index(0)
    bar.lines.selectionModel().select(title, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    assert not title.flags() & Qt.ItemFlag.ItemIsSelectable
    assert found == []


def test_an_empty_profile_has_its_places_too(made: Callable[[Desk], SideBar], empty_desk: Desk) -> None:
    bar = made(empty_desk)

    assert bar.place == Place(Group.FOLLOW)
    assert bar._demo.text == ""
    assert all(line.count == 0 for line in bar._model.entries)
