"""The folders of mail servers in the side bar: a tree that opens and closes and follows the server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from pecdesk.app.folders import move_rows
from pecdesk.errors import UsageError
from pecdesk.examine import examine
from pecdesk.explain import language
from pecdesk.store import Arrival, Changes, Filter, Group, Groups, Placement, ServerFolder
from pecdesk.sync.server import FolderRole
from pecdesk.ui.desk import Desk
from pecdesk.ui.layout_memory import LayoutMemory
from pecdesk.ui.mailbox.move_menu import fill_move_menu, looked_at
from pecdesk.ui.mailbox.place import Place
from pecdesk.ui.mailbox.side_bar import SideBar
from pecdesk.ui.mailbox.side_bar_delegate import arrow_place
from pecdesk.ui.mailbox.side_bar_entries import Entry, entries, in_sight, standing_for
from pecdesk.ui.mailbox.side_bar_folders import MANY, Branches, folder_entries
from pecdesk.ui.mailbox.side_bar_model import SideBarModel
from pecdesk.ui.main_window import MainWindow
from tests.ui.account_kit import ARUBA, OWN, AccountApp, keep
from tests.ui.conftest import NOW

EN = language("en")
KEY = ARUBA.key
ACCESSIBLE = Qt.ItemDataRole.AccessibleTextRole
FEW = (
    ServerFolder(KEY, "INBOX", ".", FolderRole.INBOX),
    ServerFolder(KEY, "INBOX.Inviata", ".", FolderRole.SENT),
    ServerFolder(KEY, "INBOX.Pratiche.Rossi", "."),
)
RAW = b"From: anna@posta.example\r\nTo: studio@pec.example\r\nSubject: uno\r\n\r\nciao\r\n"


class Forgetful:
    """A memory of the layout that is nowhere."""

    def __init__(self, kept: str = "") -> None:
        self.kept = kept

    def word(self, _name: str) -> str:
        return self.kept

    def keep_word(self, _name: str, value: str) -> None:
        self.kept = value


def branches(kept: str = "") -> Branches:
    return Branches(Forgetful(kept))  # type: ignore[arg-type]


def lines(*folders: ServerFolder, of: Branches | None = None) -> list[Entry]:
    return list(folder_entries(KEY, folders, of or branches(), EN))


def seen(found: list[Entry]) -> list[tuple[int, str]]:
    return [(line.depth, line.words) for line in in_sight(found)]


# which lines there are


def test_few_folders_stand_open_under_their_account() -> None:
    assert seen(lines(*FEW)) == [
        (1, "Server folders"),
        (2, "Inbox"),
        (2, "Sent items"),
        (2, "Pratiche"),
        (3, "Rossi"),
    ]


def test_many_folders_stand_in_closed_branches_until_somebody_opens_them() -> None:
    many = [ServerFolder(KEY, f"Pratiche/{number}", "/") for number in range(MANY + 1)]
    kept = branches()
    assert seen(lines(*many, of=kept)) == [(1, "Server folders")]

    kept.set_open(f"folders {KEY}", is_open=True)
    assert seen(lines(*many, of=kept)) == [(1, "Server folders"), (2, "Pratiche")]


def test_what_was_opened_and_closed_is_remembered_and_nonsense_is_not_believed() -> None:
    memory = Forgetful()
    Branches(memory).set_open(f"folders {KEY}", is_open=False)  # type: ignore[arg-type]

    assert seen(lines(*FEW, of=branches(memory.kept))) == [(1, "Server folders")]
    for nonsense in ("[", "[1]", '{"folders": 7}', "null"):
        assert len(seen(lines(*FEW, of=branches(nonsense)))) == 5


def test_no_account_is_given_the_folders_of_another_and_none_has_an_empty_branch() -> None:
    assert lines(ServerFolder("altro@pec.example", "INBOX", ".", FolderRole.INBOX)) == []


def test_folders_stand_below_the_fixed_groups_of_their_account() -> None:
    found = entries(Groups({}, (KEY,), {}), (), EN, lambda account: lines(*FEW) if account == KEY else ())
    words = [line.words for line in found]

    assert words[words.index("Unmatched receipts") + 1] == "Server folders"


def test_a_removed_mailbox_says_so_and_keeps_its_folders_and_what_has_not_left() -> None:
    counts = {(Group.OUTBOX, KEY): 1}
    found = entries(Groups(counts, (KEY,), {}), (), EN, lambda _account: lines(*FEW), writing=())
    words, title = [line.words for line in found], next(line for line in found if line.words == KEY)

    assert title.remark == "No longer connected"
    assert title.whole == f"{KEY}: no longer connected. What it brought stays here."
    assert "Outbox" in words
    assert "Drafts" not in words
    assert "Server folders" in words


def test_a_mailbox_that_was_only_imported_was_never_connected() -> None:
    found = entries(Groups({}, (KEY,), {}), (), EN, writing=())

    assert not any(line.remark for line in found)
    assert not {"Drafts", "Outbox"} & {line.words for line in found}


def test_two_folders_for_one_purpose_are_told_apart() -> None:
    found = lines(ServerFolder(KEY, "Sent", "/", FolderRole.SENT), ServerFolder(KEY, "Inviata", "/", FolderRole.SENT))

    assert [line.words for line in found[1:]] == ["Inviata", "Sent"]


def test_a_folder_that_is_gone_is_called_so_in_words() -> None:
    kept = branches()
    kept.set_open(f"gone {KEY}", is_open=True)
    found = lines(*FEW, ServerFolder(KEY, "Vecchie", is_gone=True), of=kept)

    assert seen(found)[-2:] == [(1, "No longer on the server"), (2, "Vecchie")]
    assert found[-1].whole == "Vecchie: no longer on the server; its messages are kept here"
    assert found[-1].place == Place(Group.ALL, KEY, folder="Vecchie")


def test_names_are_data(qtbot: QtBot) -> None:
    found = lines(ServerFolder(KEY, "a\u202eb<i>/c\nd", "/"))
    model = SideBarModel(EN)
    model.show(found, EN)

    assert [line.words for line in found[1:]] == ["a[U+202E]b<i>", "c[U+000A]d"]
    assert "<" not in model.index(2).data(Qt.ItemDataRole.ToolTipRole)
    assert all(line.place is None or line.place.title(EN).isprintable() for line in found)


def test_a_screen_reader_hears_where_a_folder_lies_and_whether_a_branch_is_open() -> None:
    model = SideBarModel(EN)
    model.show(in_sight(lines(*FEW)), EN)

    assert [model.index(row).data(ACCESSIBLE) for row in range(5)] == [
        "Server folders, open",
        "Inbox",
        "Sent items",
        "Pratiche, open",
        "Pratiche / Rossi",
    ]


def test_a_line_in_a_closed_branch_is_stood_for_by_that_branch() -> None:
    kept = branches()
    rossi = Place(Group.ALL, KEY, folder="INBOX.Pratiche.Rossi").name
    standing = standing_for(rossi, lines(*FEW, of=kept))
    assert standing is not None
    assert standing.words == "Rossi"
    kept.set_open(f"folders {KEY}\nPratiche", is_open=False)
    standing = standing_for(rossi, lines(*FEW, of=kept))
    assert standing is not None
    assert standing.words == "Pratiche"
    kept.set_open(f"folders {KEY}", is_open=False)
    standing = standing_for(rossi, lines(*FEW, of=kept))
    assert standing is not None
    assert standing.words == "Server folders"
    assert standing_for("all folder=Mai", lines(*FEW)) is None


def test_opening_a_branch_moves_no_other_line(qtbot: QtBot) -> None:
    kept, model = branches(), SideBarModel(EN)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    tester.setUseFetchMore(False)
    told: list[str] = []
    model.modelReset.connect(lambda: told.append("reset"))
    model.rowsRemoved.connect(lambda _parent, first, last: told.append(f"-{first}-{last}"))
    model.rowsInserted.connect(lambda _parent, first, last: told.append(f"+{first}-{last}"))
    model.show(in_sight(lines(*FEW, of=kept)), EN)
    for is_open in (False, True):
        kept.set_open(f"folders {KEY}\nPratiche", is_open=is_open)
        model.show(in_sight(lines(*FEW, of=kept)), EN)

    assert told == ["+0-4", "-4-4", "+4-4"]


# the widget


@pytest.fixture
def desk(open_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    keep(tmp_path / "profile", ARUBA, OWN)
    desk = open_desk(tmp_path / "profile", "en", AccountApp)
    for folder in FEW:
        desk.app.store.know_folder(KEY, folder.name, folder.delimiter, folder.role)
    return desk


@pytest.fixture
def bar(qtbot: QtBot, desk: Desk) -> Iterator[SideBar]:
    bar = SideBar(desk)
    qtbot.addWidget(bar)
    bar.resize(240, 900)
    bar.show()
    bar.activateWindow()
    bar.restore_choice("")
    qtbot.waitUntil(lambda: bool(bar.folders))
    yield bar
    bar._timer.stop()
    bar.close()


def go(bar: SideBar, words: str) -> Entry:
    """Put the keyboard on the line of these words."""
    entry = next(line for line in bar._model.entries if line.words == words)
    bar.lines.go_to(entry.name)
    return entry


def words_of(bar: SideBar) -> list[str]:
    return [line.words for line in bar._model.entries]


def heard(bar: SideBar) -> list[Place]:
    found: list[Place] = []
    bar.chosen.connect(found.append)
    return found


def test_choosing_a_folder_tells_of_it(bar: SideBar) -> None:
    found = heard(bar)
    go(bar, "Rossi")

    assert found == [Place(Group.ALL, KEY, folder="INBOX.Pratiche.Rossi")]
    assert bar.place == found[0]


def test_the_keyboard_opens_closes_and_walks_branches_without_changing_the_choice(qtbot: QtBot, bar: SideBar) -> None:
    go(bar, "Rossi")
    found = heard(bar)
    chosen = bar.place
    bar.lines.setFocus()
    qtbot.keyClick(bar.lines, Qt.Key.Key_Left)
    assert bar.lines.current is not None
    assert bar.lines.current.words == "Pratiche"
    qtbot.keyClick(bar.lines, Qt.Key.Key_Left)
    assert "Rossi" not in words_of(bar)
    qtbot.keyClick(bar.lines, Qt.Key.Key_Left)
    qtbot.keyClick(bar.lines, Qt.Key.Key_Return)
    assert "Pratiche" not in words_of(bar)
    assert bar.lines.current.words == "Server folders"
    assert (bar.place, found) == (chosen, []), "the list stays"
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(bar.lines, key)
    assert bar.lines.current.words == "Pratiche"
    qtbot.keyClick(bar.lines, Qt.Key.Key_Right)
    assert "Rossi" in words_of(bar)
    assert [place.folder for place in found] == ["INBOX", "INBOX.Inviata"], "what the keyboard passed over"


def test_the_keyboard_rests_on_a_branch_while_everything_is_counted_again(qtbot: QtBot, bar: SideBar) -> None:
    go(bar, "Server folders")
    bar.refresh()
    qtbot.waitUntil(lambda: bar._task is not None and bar._task.is_done)

    assert bar.lines.current is not None
    assert bar.lines.current.words == "Server folders"
    assert bar.place == Place(Group.FOLLOW)


def test_the_mouse_opens_by_the_line_of_a_heading_and_by_the_arrow_of_a_folder(qtbot: QtBot, desk: Desk) -> None:
    desk.app.store.know_folder(KEY, "INBOX.Pratiche", ".", None)
    bar = SideBar(desk)
    qtbot.addWidget(bar)
    bar.resize(240, 900)
    bar.show()
    bar.restore_choice("")
    qtbot.waitUntil(lambda: "Rossi" in words_of(bar))
    found = heard(bar)

    def click(words: str, *, arrow: bool = False) -> None:
        row = words_of(bar).index(words)
        place = bar.lines.visualRect(bar._model.index(row))
        where = arrow_place(place, bar._model.entries[row]).center() if arrow else place.center()
        qtbot.mouseClick(bar.lines.viewport(), Qt.MouseButton.LeftButton, pos=where)

    click("Pratiche", arrow=True)
    assert "Rossi" not in words_of(bar)
    assert found == []
    click("Pratiche")
    assert [place.folder for place in found] == ["INBOX.Pratiche"]
    click("Server folders")
    assert "Pratiche" not in words_of(bar)
    assert len(found) == 1, "the list stays"
    bar._timer.stop()


def test_a_choice_in_a_closed_branch_is_restored_with_the_branch_closed(qtbot: QtBot, desk: Desk) -> None:
    Branches(LayoutMemory(desk.app.profile)).set_open(f"folders {KEY}", is_open=False)
    bar = SideBar(desk)
    qtbot.addWidget(bar)
    found = heard(bar)
    wanted = Place(Group.ALL, KEY, folder="INBOX")
    bar.restore_choice(wanted.name)
    qtbot.waitUntil(lambda: found == [wanted])

    assert bar.lines.current is not None
    assert bar.lines.current.words == "Server folders"
    bar._timer.stop()


def test_folders_follow_the_server_while_the_choice_stays(qtbot: QtBot, bar: SideBar, desk: Desk) -> None:
    go(bar, "Inbox")
    found = heard(bar)
    new = desk.app.store.know_folder(KEY, "INBOX.Aaa", ".", None)
    qtbot.waitUntil(lambda: "Aaa" in words_of(bar))
    assert (bar.place, found) == (Place(Group.ALL, KEY, folder="INBOX"), [])
    assert bar.lines.current is not None
    assert bar.lines.current.words == "Inbox"

    with desk.app.store.database.write() as connection:
        connection.execute("UPDATE folder SET checked_at = '2026-11-22T09:00:00+00:00' WHERE id = ?", (new.id,))
    desk.app.store.note_unlisted(new.id)
    qtbot.waitUntil(lambda: "Aaa" not in words_of(bar))
    assert found == []


def test_a_chosen_folder_that_vanishes_gives_way_and_no_neighbour_is_told(
    qtbot: QtBot, bar: SideBar, desk: Desk
) -> None:
    go(bar, "Rossi")
    found = heard(bar)
    with desk.app.store.database.write() as connection:
        connection.execute("DELETE FROM folder WHERE name LIKE '%Rossi'")
    desk.app.changes.publish(Changes(folders=frozenset({KEY})))

    qtbot.waitUntil(lambda: found == [Place(Group.FOLLOW)])
    assert bar.place == Place(Group.FOLLOW)


def test_removing_a_mailbox_marks_it_and_leaves_its_folders(qtbot: QtBot, bar: SideBar, desk: Desk) -> None:
    assert not any(entry.remark for entry in bar.lines.model().entries)

    desk.app.servers.remove(ARUBA.address)

    qtbot.waitUntil(lambda: any(entry.remark for entry in bar.lines.model().entries))
    standing = [entry.words for entry in bar.lines.model().entries if not entry.depth]
    mine = standing[standing.index(KEY.partition("@")[0]) :][:4]
    assert not {"Drafts", "Outbox"} & set(mine)
    assert Place(Group.ALL, KEY, folder="INBOX") in [entry.place for entry in bar.lines.model().entries]


def test_folders_are_read_only_when_they_may_have_changed(
    qtbot: QtBot, bar: SideBar, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_quiet() -> bool:
        timers = (desk.relay._timer, bar._timer)
        return desk.background.is_idle and not any(timer.isActive() for timer in timers)

    qtbot.waitUntil(is_quiet)
    asked: list[bool] = []
    read = desk.app.folders
    monkeypatch.setattr(desk.app, "folders", lambda: asked.append(True) or read())
    for changes in (Changes(transmissions=frozenset({1})), Changes(folders=frozenset({KEY}))):
        desk.app.changes.publish(changes)
        qtbot.waitUntil(bar._timer.isActive)
        qtbot.waitUntil(is_quiet)

    assert asked == [True]


# moving


def arrived(desk: Desk, folder: str) -> list[int]:
    """A message lies in that folder; its row."""
    with desk.app.store.archive.batch() as archive:
        archive.put(RAW)
    found = examine(RAW, desk.app.anchors, now=NOW)
    desk.app.store.add([Arrival(found, Placement(KEY, folder, False, "imap", NOW.isoformat()))])
    return desk.app.ids(Filter(limit=0), NOW)


def test_what_is_looked_at_in_a_folder_can_be_moved_to_another_of_its_server(desk: Desk) -> None:
    rows, folders, menu, done = arrived(desk, "INBOX"), desk.app.folders(), QMenu(), []
    here = looked_at(Place(Group.ALL, KEY, folder="INBOX"), folders, desk)
    assert here is not None
    fill_move_menu(menu, desk, rows, here, folders, done.append)
    assert [action.text() for action in menu.actions()] == ["Pratiche / Rossi"], "never to what was sent, nor to itself"
    menu.actions()[0].trigger()
    done[0]()

    ((what, (address, hashes, source, target)),) = desk.app.syncing.asked  # type: ignore[attr-defined]
    assert (what, address, source, target) == ("move", KEY, "INBOX", "INBOX.Pratiche.Rossi")
    assert len(hashes) == 1


def test_nothing_is_moved_where_nothing_may_be_altered_or_nothing_is_looked_at(desk: Desk) -> None:
    folders = desk.app.folders()
    assert looked_at(None, folders, desk) is None
    assert looked_at(Place(Group.RECEIVED, KEY), folders, desk) is None
    assert looked_at(Place(Group.ALL, KEY, folder="Vecchie"), folders, desk) is None
    assert looked_at(Place(Group.ALL, "altro@pec.example", folder="INBOX"), folders, desk) is None


def test_what_lies_there_no_more_is_said_and_nothing_is_wished(desk: Desk) -> None:
    rows = arrived(desk, "INBOX.Pratiche.Rossi")
    inbox, _sent, rossi = desk.app.folders()
    with pytest.raises(UsageError, match="any more"):
        move_rows(desk.app, rows, inbox, rossi)

    assert desk.app.syncing.asked == []  # type: ignore[attr-defined]


@pytest.fixture
def window(qtbot: QtBot, desk: Desk) -> Iterator[MainWindow]:
    arrived(desk, "INBOX")
    window = MainWindow(desk)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: bool(window.side_bar.folders) and window.mailbox.listing_number > 0)
    yield window
    window.close()


def look_at(qtbot: QtBot, window: MainWindow, words: str) -> None:
    before = window.mailbox.listing_number
    go(window.side_bar, words)
    qtbot.waitUntil(lambda: window.mailbox.listing_number > before)


def test_the_menus_offer_to_move_only_while_a_folder_is_looked_at(qtbot: QtBot, window: MainWindow) -> None:
    def offered() -> bool:
        window.mailbox.step(1)
        assert window.mailbox.current_row is not None
        menu = window.menus.row_menu(window.mailbox.current_row)
        found = window.menus.folders.menuAction() in menu.actions()
        menu.deleteLater()
        return found

    look_at(qtbot, window, "All messages")
    assert not offered()
    look_at(qtbot, window, "Inbox")
    assert offered()
    window.menus.folders.aboutToShow.emit()
    assert [action.text() for action in window.menus.folders.actions()] == ["Pratiche / Rossi"]
    window.mailbox.search_now("uno")
    qtbot.waitUntil(lambda: window.desk.background.is_idle and window.mailbox.model.rowCount() == 1)
    assert not offered(), "what a search finds lies anywhere"


def test_what_is_moved_leaves_the_list_at_once_and_stands_in_the_other(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    look_at(qtbot, window, "Inbox")
    (row,) = window.mailbox.model.listed.ids
    hashes = desk.app.store.hashes_in_folder([row], KEY, "INBOX")
    desk.app.store.want_move(KEY, hashes, "INBOX", "INBOX.Pratiche.Rossi", NOW)
    qtbot.waitUntil(lambda: len(window.mailbox.model.listed.ids) == 0)
    assert window.mailbox.states.isVisible()

    look_at(qtbot, window, "Rossi")
    assert list(window.mailbox.model.listed.ids) == [row]
