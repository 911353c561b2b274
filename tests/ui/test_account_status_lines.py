"""How each mailbox stands, at the foot of the side bar, and what the main window does with it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pecdesk.ui.accounts.account_wizard import AccountWizard
from pecdesk.ui.accounts.status_dialog import StatusDialog
from pecdesk.ui.accounts.status_line import StatusLine
from pecdesk.ui.desk import Desk
from pecdesk.ui.main_window import MainWindow
from pecdesk.ui.network_watch import MeteredPause
from tests.ui.account_kit import ARUBA, CURRENT, LEGALMAIL, OWN, STATES, STUDIO, AccountApp, ToldSyncing, keep


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "profile"
    keep(folder, ARUBA, LEGALMAIL)
    return folder


@pytest.fixture
def desk(open_desk: Callable[..., Desk], made: Path, tmp_path: Path) -> Desk:
    return open_desk(Path(shutil.copytree(made, tmp_path / "profile")), "en", AccountApp)


@pytest.fixture
def window(qtbot: QtBot, desk: Desk) -> Iterator[MainWindow]:
    yield from shown(qtbot, desk)


def shown(qtbot: QtBot, desk: Desk) -> Iterator[MainWindow]:
    window = MainWindow(desk)
    qtbot.addWidget(window)
    window.resize(1200, 760)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: window.mailbox.listing_number > 0 and desk.background.is_idle)
    yield window
    window.close()


def workers(desk: Desk) -> ToldSyncing:
    return desk.app.syncing  # type: ignore[return-value]


def line(window: MainWindow, address: str = STUDIO) -> StatusLine:
    return window.side_bar.accounts.lines[address]


def dialogs(window: MainWindow, kind: type[StatusDialog] | type[AccountWizard]) -> list[object]:
    return [dialog for dialog in window.findChildren(kind) if dialog.isVisible()]


def test_every_mailbox_has_its_line_and_the_archive_none(window: MainWindow) -> None:
    assert list(window.side_bar.accounts.lines) == [STUDIO, LEGALMAIL.address]
    assert line(window).sentence.text() == "Not synchronised yet"
    assert not window.side_bar._foot.isVisible()


def test_what_a_worker_tells_on_its_thread_stands_there_soon(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    teller = threading.Thread(target=workers(desk).tell, args=(CURRENT,))
    teller.start()
    teller.join()
    qtbot.waitUntil(lambda: line(window).sentence.text() == "Synchronised at 10:43")

    assert line(window, LEGALMAIL.address).sentence.text() == "Not synchronised yet"


def test_a_flood_of_words_is_merged(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    told: list[None] = []
    for signal in (desk.accounts.changed, desk.accounts._arrived):
        signal.connect(lambda: told.append(None))
    for done in range(500):
        workers(desk).tell(replace(STATES["first run"], done=done))
    qtbot.waitUntil(lambda: line(window).sentence.text().startswith("499 of"))

    assert len(told) < 10


def test_a_long_sentence_has_all_its_lines_in_a_narrow_side_bar(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    desk.speak("it")
    workers(desk).tell(STATES["password expired"])
    qtbot.waitUntil(lambda: "refused" in line(window).sentence.text() or "rifiutato" in line(window).sentence.text())
    for width in (180, 260):
        window.centralWidget().setSizes([width, 500, 500])  # type: ignore[attr-defined]
        sentence = line(window).sentence
        qtbot.waitUntil(lambda sentence=sentence: sentence.height() >= sentence.heightForWidth(sentence.width()))


def test_a_line_says_everything_to_those_who_do_not_see(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    workers(desk).tell(STATES["quota filling"])
    expected = f"Synchronised at 10:43. Mailbox full at 96 %. {STUDIO}"

    qtbot.waitUntil(lambda: line(window).accessibleName() == expected)


@pytest.mark.parametrize("key", [None, Qt.Key.Key_Space])
def test_a_line_opens_the_whole_state_by_mouse_and_by_keyboard(
    qtbot: QtBot, window: MainWindow, key: Qt.Key | None
) -> None:
    if key is None:
        qtbot.mouseClick(line(window), Qt.MouseButton.LeftButton)
    else:
        line(window).setFocus()
        qtbot.keyClick(line(window), key)

    assert len(dialogs(window, StatusDialog)) == 1


def test_mailboxes_come_and_go_with_the_settings(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    desk.app.servers.add(OWN, None, desk.clock())
    qtbot.waitUntil(lambda: OWN.address in window.side_bar.accounts.lines)
    for account in (OWN, ARUBA, LEGALMAIL):
        desk.app.servers.remove(account.address)
    qtbot.waitUntil(lambda: window.side_bar.accounts.lines == {})
    qtbot.waitUntil(window.side_bar._foot.isVisible)


def test_f5_asks_the_servers_now(window: MainWindow, desk: Desk) -> None:
    window.actions_["refresh"].trigger()

    assert workers(desk).asked == [("check", ())]


def test_the_pause_is_one_action_for_both_ways(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    pause = window.actions_["pause"]
    assert pause.text() == "&Pause synchronisation"
    pause.trigger()
    assert pause.text() == "&Go on synchronising"
    desk.speak("it")
    assert pause.text() == desk.say("&Go on synchronising")
    pause.trigger()

    assert [wish for verb, wish in workers(desk).asked if verb == "pause"] == [True, False]


def test_a_metered_connection_pauses_with_its_own_words_and_goes_on_after_it(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    workers(desk).tell(CURRENT)
    metered = MeteredPause(desk.accounts)
    metered.take(True)
    assert line(window).sentence.text() == "Paused: metered connection"
    metered.take(False)

    assert not desk.accounts.is_paused


def test_the_end_of_a_metered_connection_does_not_end_the_users_own_pause(desk: Desk) -> None:
    desk.accounts.pause(True)
    MeteredPause(desk.accounts).take(False)

    assert desk.accounts.is_paused


def test_who_went_on_in_spite_of_a_metered_connection_is_not_paused_by_its_end(desk: Desk) -> None:
    metered = MeteredPause(desk.accounts)
    metered.take(True)
    desk.accounts.pause(False)
    metered.take(False)

    assert [wish for _, wish in workers(desk).asked] == [True, False]


def test_an_archive_that_is_being_filled_says_so(qtbot: QtBot, window: MainWindow) -> None:
    assert "as it comes" in window.mailbox.states.panel.accessibleName()


def test_without_a_mailbox_the_first_way_is_to_set_one_up(
    qtbot: QtBot, open_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    for window in shown(qtbot, open_desk(tmp_path / "empty", "en", AccountApp)):
        assert window.side_bar.accounts.lines == {}
        assert not window.actions_["pause"].isEnabled()
        window.welcome()
        (wizard,) = dialogs(window, AccountWizard)
        assert wizard.address.demo_button.isVisible()  # type: ignore[attr-defined]
        window.actions_["add-account"].trigger()
        assert len(dialogs(window, AccountWizard)) == 1


def test_no_two_lines_of_the_menu_with_the_mailboxes_share_a_letter(window: MainWindow, desk: Desk) -> None:
    menu = next(menu for menu in window.menus.bar if window.actions_["add-account"] in menu.actions())
    for spoken in ("en", "it"):
        desk.speak(spoken)
        letters = [action.text().partition("&")[2][:1].lower() for action in menu.actions() if "&" in action.text()]
        assert len(letters) == len(set(letters)), (spoken, sorted(letters))
