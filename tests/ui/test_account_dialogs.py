"""The dialogs about mailboxes: what each says, what it asks of whom, and what holds for every dialog."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QDialog, QLabel
from pytestqt.qtbot import QtBot

from pecdesk.app.servers import Attempt
from pecdesk.app.syncing import Freed
from pecdesk.errors import LoginError, PasswordError
from pecdesk.profile.account_status import AccountStatus, Quota, SyncState
from pecdesk.profile.accounts import Account
from pecdesk.ui.accounts.account_dialog import AccountDialog
from pecdesk.ui.accounts.account_windows import AccountWindows
from pecdesk.ui.accounts.account_wizard import AccountWizard
from pecdesk.ui.accounts.password_dialog import PasswordDialog
from pecdesk.ui.accounts.room_dialog import RoomDialog
from pecdesk.ui.accounts.status_dialog import StatusDialog
from pecdesk.ui.desk import Desk
from pecdesk.ui.settings.settings_dialog import SettingsDialog
from tests.ui.account_kit import (
    ARUBA,
    CURRENT,
    FOUND,
    GONE,
    LEGALMAIL,
    REFUSED,
    STATES,
    STUDIO,
    AccountApp,
    ToldSyncing,
    keep,
)
from tests.ui.dialog_kit import SMALL_SCREEN, nameless, shared_keys

SECRET = "unasegretissima"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile with two mailboxes."""
    folder = tmp_path_factory.mktemp("made") / "profile"
    keep(folder, ARUBA, LEGALMAIL)
    return folder


@pytest.fixture
def desk(open_desk: Callable[..., Desk], made: Path, tmp_path: Path) -> Desk:
    return open_desk(Path(shutil.copytree(made, tmp_path / "profile")), "en", AccountApp)


def workers(desk: Desk) -> ToldSyncing:
    return desk.app.syncing  # type: ignore[return-value]


def tell(qtbot: QtBot, desk: Desk, name: str) -> None:
    with qtbot.waitSignal(desk.accounts.changed):
        workers(desk).tell(STATES[name])


def opened(qtbot: QtBot, dialog: QDialog) -> QDialog:
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def ended(qtbot: QtBot, desk: Desk) -> None:
    qtbot.waitUntil(lambda: desk.background.is_idle)


def words(dialog: QDialog) -> str:
    return "\n".join(child.text() for child in dialog.findChildren(QLabel) if child.isVisible())


# what holds for every dialog


def wizard(desk: Desk, page: str) -> QDialog:
    made = AccountWizard(desk, is_first_run=True)
    made.address.address.setText("studio@pec.it" if page == "password" else "studio@pec.altri.example")
    if page != "address":
        made.go_on()
    if page == "servers":
        made.provider.choose(None)
        made.go_on()
    if page == "findings":
        made.findings.show_result(ARUBA, FOUND)
        made._turn(made.findings)
    return made


def status(desk: Desk, name: str) -> QDialog:
    workers(desk).tell(STATES[name])
    return StatusDialog(desk, STUDIO)


def room(desk: Desk) -> QDialog:
    dialog = RoomDialog(desk, ARUBA)
    dialog._tell(Freed(12, 5_000), dry_run=True)
    return dialog


DIALOGS: dict[str, Callable[[Desk], QDialog]] = {
    **{f"wizard {page}": partial(wizard, page=page) for page in ("address", "provider", "servers", "password")},
    "wizard findings": partial(wizard, page="findings"),
    **{f"status {name}": partial(status, name=name) for name in STATES},
    "account": lambda desk: AccountDialog(desk, ARUBA),
    "password": lambda desk: PasswordDialog(desk, LEGALMAIL),
    "room": room,
}


def test_every_dialog_goes_by_keyboard_speaks_both_languages_and_fits_a_small_screen(qtbot: QtBot, desk: Desk) -> None:
    for name, make in DIALOGS.items():
        dialog = make(desk)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        opened(qtbot, dialog)
        ended(qtbot, desk)
        assert nameless(dialog) == [], name
        titles = set()
        for spoken in ("it", "en"):
            desk.speak(spoken)
            assert shared_keys(dialog) == [], (name, spoken)
            titles.add(dialog.windowTitle())
        assert len(titles) == 2, name
        assert dialog.minimumSizeHint().height() <= SMALL_SCREEN[1], name
        assert dialog.height() <= SMALL_SCREEN[1] + 60, name
        assert dialog.focusWidget() is not None, name
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible(), name


# the state of a mailbox


def test_the_state_is_told_live(qtbot: QtBot, desk: Desk) -> None:
    tell(qtbot, desk, "first run")
    dialog = opened(qtbot, StatusDialog(desk, STUDIO))
    assert "12\u202f340 of 20\u202f000 messages" in words(dialog)
    assert dialog.bar.isVisible()  # type: ignore[attr-defined]

    tell(qtbot, desk, "current")
    assert "Synchronised at 10:43" in words(dialog)
    assert not dialog.bar.isVisible()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("state", "asked"),
    [("server gone", ("check", (STUDIO,))), ("current", ("check", (STUDIO,))), ("paused", ("pause", False))],
)
def test_the_next_step_is_one_press_away(qtbot: QtBot, desk: Desk, state: str, asked: tuple[str, object]) -> None:
    tell(qtbot, desk, state)
    dialog = opened(qtbot, StatusDialog(desk, STUDIO))
    qtbot.keyClick(dialog, Qt.Key.Key_Return)

    assert asked in workers(desk).asked


def refuse(qtbot: QtBot, desk: Desk, account: Account, trouble: LoginError) -> StatusDialog:
    """The whole state of a mailbox whose login was refused."""
    desk.app.servers.change(account)
    workers(desk).tell(AccountStatus(STUDIO, SyncState.LOGIN_REFUSED, trouble=trouble))
    qtbot.wait(150)
    dialog = StatusDialog(desk, STUDIO)
    opened(qtbot, dialog)
    return dialog


def test_a_login_with_a_command_is_tried_again_and_asks_for_no_password(qtbot: QtBot, desk: Desk) -> None:
    dialog = refuse(qtbot, desk, replace(ARUBA, password_command="pass pec"), REFUSED)
    assert dialog.step_button.text().replace("&", "") == "Try again now"
    assert "when that prints the right one" in words(dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    ended(qtbot, desk)

    assert workers(desk).asked == [("restart", STUDIO)]


def test_a_key_store_that_was_locked_is_asked_again_without_typing(qtbot: QtBot, desk: Desk) -> None:
    locked = PasswordError("The key store of this computer refuses: {reason}.", reason="it is locked")
    dialog = refuse(qtbot, desk, ARUBA, locked)
    assert dialog.step_button.text().replace("&", "") == "Enter the password…"
    dialog.again_button.click()
    ended(qtbot, desk)

    assert workers(desk).asked == [("restart", STUDIO)]


def test_what_was_pressed_and_goes_does_not_hand_enter_to_its_neighbour(qtbot: QtBot, desk: Desk) -> None:
    workers(desk).tell(replace(STATES["server gone"], quota=Quota(97, 100)))
    dialog = StatusDialog(desk, STUDIO)
    opened(qtbot, dialog)
    assert dialog.focusWidget() is dialog.step_button
    assert dialog.room_button.isVisible()
    workers(desk).tell(replace(STATES["server gone"], state=SyncState.CONNECTING, quota=Quota(97, 100)))
    qtbot.waitUntil(lambda: not dialog.step_button.isVisible())

    assert dialog.focusWidget() is dialog.close_button


@pytest.mark.parametrize(("on_purpose", "forget"), [(True, True), (False, False)])
def test_the_question_of_an_emptied_folder_is_answered_either_way(
    qtbot: QtBot, desk: Desk, on_purpose: bool, forget: bool
) -> None:
    tell(qtbot, desk, "emptied folder")
    dialog = opened(qtbot, StatusDialog(desk, STUDIO))
    assert "held 1284 messages" in words(dialog)
    (dialog.step_button if on_purpose else dialog.keep_button).click()  # type: ignore[attr-defined]
    ended(qtbot, desk)

    assert workers(desk).asked[-1] == ("answer", (STUDIO, forget))


@pytest.mark.parametrize(
    ("state", "expected"), [("password expired", PasswordDialog), ("certificate wrong", AccountDialog)]
)
def test_what_the_user_alone_can_mend_opens_where_it_is_mended(
    qtbot: QtBot, desk: Desk, state: str, expected: type[QDialog]
) -> None:
    tell(qtbot, desk, state)
    parent = opened(qtbot, StatusDialog(desk, LEGALMAIL.address))
    windows = AccountWindows(desk, parent)
    windows.show_status(STUDIO)
    (dialog,) = [each for each in parent.findChildren(StatusDialog) if each.isVisible()]
    dialog.step_button.click()

    assert len([each for each in parent.findChildren(expected) if each.isVisible()]) == 1
    windows.close_all()


def test_a_mailbox_that_is_taken_away_takes_its_state_along(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, StatusDialog(desk, STUDIO))
    desk.app.servers.remove(STUDIO)

    qtbot.waitUntil(lambda: not dialog.isVisible())


# a new password


def test_a_new_password_is_tried_before_it_is_kept(qtbot: QtBot, desk: Desk) -> None:
    tell(qtbot, desk, "password expired")
    desk.app.servers.answers = [REFUSED]  # type: ignore[attr-defined]
    dialog = opened(qtbot, PasswordDialog(desk, ARUBA))
    assert "Password per programmi di posta" in words(dialog)
    dialog.password.field.setText("sbagliata")  # type: ignore[attr-defined]
    dialog.try_button.click()  # type: ignore[attr-defined]
    ended(qtbot, desk)
    assert dialog.isVisible()
    assert desk.app.servers.passwords.kept == {}  # type: ignore[attr-defined]
    assert workers(desk).asked == []

    dialog.password.field.setText(SECRET)  # type: ignore[attr-defined]
    dialog.try_button.click()  # type: ignore[attr-defined]
    ended(qtbot, desk)
    assert not dialog.isVisible()
    assert desk.app.servers.password_of(ARUBA) == SECRET
    assert workers(desk).asked == [("restart", STUDIO)]
    assert len(desk.app.servers.tried) == 2, "one login for each press"  # type: ignore[attr-defined]


def test_a_user_code_can_be_put_right_with_the_password(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, PasswordDialog(desk, LEGALMAIL))
    dialog.user.setText("M7654321")  # type: ignore[attr-defined]
    dialog.password.field.setText(SECRET)  # type: ignore[attr-defined]
    dialog.try_button.click()  # type: ignore[attr-defined]
    ended(qtbot, desk)

    account = desk.app.servers.get(LEGALMAIL.address)
    assert account is not None
    assert account.user == "M7654321"


# changing a mailbox


def test_a_mailbox_is_changed_and_its_worker_begins_anew(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, AccountDialog(desk, ARUBA))
    dialog.name.setText("Studio legale Verdi")  # type: ignore[attr-defined]
    dialog.servers.smtp_host.setText("")  # type: ignore[attr-defined]
    dialog.copy.setCurrentIndex(2)  # type: ignore[attr-defined]
    dialog.marks_read.setChecked(True)  # type: ignore[attr-defined]
    dialog.keep_button.click()  # type: ignore[attr-defined]
    ended(qtbot, desk)

    expected = replace(ARUBA, name="Studio legale Verdi", smtp=None, keeps_sent_copy=False, marks_read_on_server=True)
    assert desk.app.servers.get(STUDIO) == expected
    assert workers(desk).asked == [("restart", STUDIO)]


def test_what_is_not_changed_stays_as_it_was(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, AccountDialog(desk, LEGALMAIL))
    dialog.keep_button.click()  # type: ignore[attr-defined]
    ended(qtbot, desk)

    assert desk.app.servers.get(LEGALMAIL.address) == LEGALMAIL


def test_great_care_leaves_nothing_to_choose_about_the_server(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, AccountDialog(desk, ARUBA))
    dialog.read_only.setChecked(True)  # type: ignore[attr-defined]

    assert not dialog.marks_read.isEnabled()  # type: ignore[attr-defined]
    assert not dialog.copy.isEnabled()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (FOUND, "Receiving and sending work."),
        (replace(FOUND, smtp=None), "nothing can be sent"),
        (
            replace(FOUND, imap=Attempt(GONE), smtp=None),
            "Receiving mail: imaps.pec.aruba.it did not answer in time.",
        ),
        (replace(FOUND, smtp=Attempt(GONE)), "Sending mail: imaps.pec.aruba.it did not answer in time."),
    ],
)
def test_what_was_typed_is_tested_without_being_kept(qtbot: QtBot, desk: Desk, answer: object, expected: str) -> None:
    desk.app.servers.answers = [answer]  # type: ignore[attr-defined]
    dialog = opened(qtbot, AccountDialog(desk, ARUBA))
    dialog.servers.imap_host.setText("imap.altri.example")  # type: ignore[attr-defined]
    dialog.test_button.click()  # type: ignore[attr-defined]
    ended(qtbot, desk)

    assert expected in dialog.notice.text  # type: ignore[attr-defined]
    assert desk.app.servers.tried[0][0].imap.host == "imap.altri.example"  # type: ignore[attr-defined]
    assert desk.app.servers.get(STUDIO) == ARUBA


# making room


def test_room_is_made_only_after_it_was_counted_for_that_very_day(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, RoomDialog(desk, ARUBA))
    assert not dialog.delete_button.isVisible()  # type: ignore[attr-defined]
    dialog.count_button.click()  # type: ignore[attr-defined]
    ended(qtbot, desk)
    assert "1284 messages, 812 MB, can be deleted there." in dialog.notice.text  # type: ignore[attr-defined]

    dialog.day.setDate(QDate(2024, 1, 1))  # type: ignore[attr-defined]
    assert not dialog.delete_button.isVisible(), "another day is another question"  # type: ignore[attr-defined]
    dialog.count_button.click()  # type: ignore[attr-defined]
    ended(qtbot, desk)
    dialog.delete_button.click()  # type: ignore[attr-defined]
    ended(qtbot, desk)

    assert [dry_run for _, (_, _, dry_run) in workers(desk).asked] == [True, True, False]  # type: ignore[misc]
    assert "were deleted there" in dialog.notice.text  # type: ignore[attr-defined]


def test_copies_that_are_damaged_here_are_told(qtbot: QtBot, desk: Desk) -> None:
    workers(desk).freed = Freed(0, 0, ("ab" * 32,))
    dialog = opened(qtbot, RoomDialog(desk, ARUBA))
    dialog.count_button.click()  # type: ignore[attr-defined]
    ended(qtbot, desk)

    assert "copy here is damaged" in dialog.notice.text  # type: ignore[attr-defined]
    assert not dialog.delete_button.isVisible()  # type: ignore[attr-defined]


# the settings


def test_the_page_of_mailboxes_shows_how_each_stands_and_when_its_password_ends(qtbot: QtBot, desk: Desk) -> None:
    tell(qtbot, desk, "quota filling")
    dialog = opened(qtbot, SettingsDialog(desk))
    dialog.show_accounts()  # type: ignore[attr-defined]
    page = dialog.accounts  # type: ignore[attr-defined]
    assert page._states[STUDIO].text == "Synchronised at 10:43 · Mailbox full at 96 %"
    assert any("password of studio.verdi@pec.example" in each for each in page._remarks(ARUBA))

    tell(qtbot, desk, "password expired")
    assert page._states[STUDIO].text == "Login refused: renew the password for mail programs"


def test_a_mailbox_is_taken_away_only_after_a_second_word(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, SettingsDialog(desk))
    dialog.show_accounts()  # type: ignore[attr-defined]
    page = dialog.accounts  # type: ignore[attr-defined]
    page.buttons[STUDIO, "remove"].click()
    assert desk.app.servers.get(STUDIO) is not None
    assert "stay here" in dialog.notice.text  # type: ignore[attr-defined]
    dialog.notice._act()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: (STUDIO, "remove") not in page.buttons)

    assert [account.address for account in desk.app.servers.all()] == [LEGALMAIL.address]
    assert STUDIO in desk.app.accounts(), "its mail stays, and whose it is"


def test_everything_is_paused_and_goes_on(qtbot: QtBot, desk: Desk) -> None:
    workers(desk).tell(CURRENT)
    dialog = opened(qtbot, SettingsDialog(desk))
    page = dialog.accounts  # type: ignore[attr-defined]
    page.pause_button.click()
    assert workers(desk).status(STUDIO).state is SyncState.PAUSED
    assert page.pause_button.text() == "Go &on"
    page.pause_button.click()

    assert [wish for verb, wish in workers(desk).asked if verb == "pause"] == [True, False]


def test_quiet_hours_and_silence_are_kept(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, SettingsDialog(desk))
    page = dialog.notifications  # type: ignore[attr-defined]
    page.quiet.setChecked(True)
    page.notify.setChecked(False)
    ended(qtbot, desk)

    settings = desk.app.settings
    assert (settings.notify, str(settings.quiet_from), str(settings.quiet_until)) == (False, "20:00:00", "08:00:00")
    assert not page.begin.isEnabled()

    page.notify.setChecked(True)
    page.quiet.setChecked(False)
    ended(qtbot, desk)
    assert desk.app.settings.quiet_from is None
