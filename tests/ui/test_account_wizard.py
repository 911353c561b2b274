"""Setting up a mailbox: page by page, by keyboard, one login for each press, and mail that can be used at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from pecdesk.app.servers import Attempt
from pecdesk.errors import PasswordError
from pecdesk.profile.account_status import AccountStatus, SyncState
from pecdesk.profile.providers import providers
from pecdesk.ui.accounts.account_windows import AccountWindows
from pecdesk.ui.accounts.account_wizard import AccountWizard
from pecdesk.ui.desk import Desk
from tests.ui.account_kit import FALSE_CERTIFICATE, FOLDERS, FOUND, OWN, REFUSED, AccountApp, keep
from tests.ui.dialog_kit import passed_over

ADDRESS = "studio.verdi@pec.it"
"""At a provider that is known by its domain."""
SECRET = "unasegretissima"


@pytest.fixture
def desk(open_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    return open_desk(tmp_path / "profile", "en", AccountApp)


@pytest.fixture
def wizard(qtbot: QtBot, desk: Desk) -> AccountWizard:
    return shown(qtbot, desk)


def shown(qtbot: QtBot, desk: Desk, **more: bool) -> AccountWizard:
    made = AccountWizard(desk, **more)
    qtbot.addWidget(made)
    made.open()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def type_in(wizard: AccountWizard, text: str) -> None:
    """Type where the cursor is, and press Enter."""
    QTest.keyClicks(QApplication.focusWidget(), text)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


def ended(qtbot: QtBot, wizard: AccountWizard) -> None:
    qtbot.waitUntil(lambda: not wizard.work.is_busy and wizard.desk.background.is_idle)


def at_password(qtbot: QtBot, wizard: AccountWizard, address: str = ADDRESS) -> None:
    type_in(wizard, address)
    assert wizard.page is wizard.password
    ended(qtbot, wizard)


def asked(desk: Desk) -> list[tuple[object, str | None]]:
    return desk.app.servers.tried  # type: ignore[attr-defined]


# the whole way


def test_a_mailbox_is_set_up_by_keyboard_alone_and_its_mail_comes(
    qtbot: QtBot, wizard: AccountWizard, desk: Desk
) -> None:
    at_password(qtbot, wizard)
    type_in(wizard, SECRET)
    ended(qtbot, wizard)
    assert wizard.page is wizard.findings
    assert "Inbox, Sent items, Spam, INBOX.Ricevute" in wizard.findings.findings.toPlainText()
    assert wizard.findings.sent.currentText() == "INBOX.Inviata"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    ended(qtbot, wizard)
    assert wizard.page is wizard.progress

    (account,) = desk.app.servers.all()
    assert (account.address, account.provider, account.sent_folder) == (ADDRESS, "aruba", "")
    assert desk.app.servers.password_of(account) == SECRET
    assert desk.app.accounts() == (ADDRESS,), "the mailbox is the profile's own"

    desk.app.syncing.tell(AccountStatus(ADDRESS, SyncState.SYNCING, done=5, of=20))  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: wizard.progress.sentence.text() == "5 of 20 messages")
    assert wizard.progress.bar.value() == 250
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert not wizard.isVisible()


def test_tab_leads_to_whatever_takes_keys_on_every_page(qtbot: QtBot, wizard: AccountWizard) -> None:
    assert passed_over(wizard) == []
    at_password(qtbot, wizard)
    assert passed_over(wizard) == []
    wizard.password.other_button.click()
    assert passed_over(wizard) == []


def test_a_password_stays_nowhere_in_the_window_once_it_is_kept(
    qtbot: QtBot, wizard: AccountWizard, desk: Desk
) -> None:
    at_password(qtbot, wizard)
    assert wizard.password.password.field.echoMode() == wizard.password.password.field.EchoMode.Password
    type_in(wizard, SECRET)
    ended(qtbot, wizard)
    wizard.go_on()
    ended(qtbot, wizard)

    assert wizard.password.password.password == ""
    for file in desk.app.profile.root.rglob("*"):
        if file.is_file():
            assert SECRET.encode() not in file.read_bytes(), file.name


# address and provider


@pytest.mark.parametrize("typed", ["studio", "@pec.it", "studio@", "a b@pec.it", "<studio@pec.it>", "a@b@", "x@..."])
def test_what_is_no_address_is_told_in_place(wizard: AccountWizard, typed: str) -> None:
    wizard.address.address.setText(typed)
    wizard.go_on()

    assert wizard.page is wizard.address
    assert "is not an address" in wizard.notice.text


def test_a_mailbox_that_is_set_up_already_is_not_set_up_twice(
    qtbot: QtBot, open_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    keep(tmp_path / "profile", replace(OWN, address=ADDRESS))
    wizard = shown(qtbot, open_desk(tmp_path / "profile", "en", AccountApp))
    type_in(wizard, ADDRESS.upper())

    assert wizard.page is wizard.address
    assert "already" in wizard.notice.text


def test_where_the_address_does_not_tell_the_provider_is_asked_for(qtbot: QtBot, wizard: AccountWizard) -> None:
    type_in(wizard, "studio@pec.studioverdi.example")
    assert wizard.page is wizard.provider
    assert not wizard.next_button.isEnabled(), "nothing is guessed"
    assert wizard.provider.list.count() == len(providers()) + 1

    QTest.keyClicks(QApplication.focusWidget(), "InfoCert")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)

    assert wizard.page is wizard.password
    assert wizard.password.asks_user
    assert not wizard.next_button.isEnabled()
    wizard.password.user.setText("M1234567")
    wizard.password.password.field.setText(SECRET)
    assert wizard.next_button.isEnabled()
    wizard.go_on()
    ended(qtbot, wizard)
    ((account, _),) = asked(wizard.desk)
    assert account.login == "M1234567"  # type: ignore[attr-defined]


def test_enter_on_another_provider_leads_to_the_servers_and_no_further(qtbot: QtBot, wizard: AccountWizard) -> None:
    at_password(qtbot, wizard)
    wizard.password.other_button.click()
    assert wizard.page is wizard.provider
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_End)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)

    assert wizard.servers.isVisible()
    assert wizard.servers.imap_host.hasFocus()


def test_servers_can_always_be_entered_by_hand(qtbot: QtBot, wizard: AccountWizard, desk: Desk) -> None:
    type_in(wizard, "ufficio@pec.comune.example")
    wizard.provider.choose(None)
    wizard.go_on()
    wizard.servers.imap_host.setText("imap.comune.example")
    wizard.servers.imap_port.setValue(1993)
    wizard.go_on()
    assert wizard.page is wizard.password
    wizard.password.password.field.setText(SECRET)
    wizard.go_on()
    ended(qtbot, wizard)
    wizard.go_on()
    ended(qtbot, wizard)

    (account,) = desk.app.servers.all()
    assert (account.imap.host, account.imap.port, account.smtp) == ("imap.comune.example", 1993, None)


@pytest.mark.parametrize("host", ["imap example", "imap.example\r\nX", "http://imap.example/", "-", "a" * 300])
def test_what_is_no_name_of_a_server_is_refused_before_anybody_is_asked(wizard: AccountWizard, host: str) -> None:
    type_in(wizard, "ufficio@pec.comune.example")
    wizard.provider.choose(None)
    wizard.go_on()
    wizard.servers.imap_host.setText(host)
    wizard.go_on()

    assert wizard.page is not wizard.password
    assert wizard.notice.text
    assert asked(wizard.desk) == []


def test_back_leads_back_with_everything_as_it_was_typed(qtbot: QtBot, wizard: AccountWizard) -> None:
    at_password(qtbot, wizard)
    wizard.password.password.field.setText(SECRET)
    wizard.go_back()
    assert wizard.page is wizard.address
    assert not wizard.back_button.isVisible()
    wizard.go_on()

    assert wizard.page is wizard.password
    assert wizard.password.password.password == SECRET


# the test


def test_a_refused_login_is_tried_once_for_each_press_and_explained(qtbot: QtBot, wizard: AccountWizard) -> None:
    wizard.desk.app.servers.answers = [REFUSED, REFUSED]  # type: ignore[attr-defined]
    at_password(qtbot, wizard)
    type_in(wizard, SECRET)
    ended(qtbot, wizard)

    assert len(asked(wizard.desk)) == 1
    assert wizard.page is wizard.password
    assert "Password per programmi di posta" in wizard.notice.text
    assert "does not try again by itself" in wizard.notice.text
    page = " ".join(words.text() for words in wizard.password.findChildren(QLabel) if words.isVisible())
    assert "Password per programmi di posta" not in page, "once is enough"
    assert "nobody has tried them" in page
    assert QApplication.focusWidget() is wizard.password.password.field

    wizard.go_on()
    ended(qtbot, wizard)
    assert len(asked(wizard.desk)) == 2


def test_while_the_servers_are_asked_nothing_can_be_pressed_twice(qtbot: QtBot, wizard: AccountWizard) -> None:
    servers = wizard.desk.app.servers
    at_password(qtbot, wizard)
    servers.gate.clear()  # type: ignore[attr-defined]
    type_in(wizard, SECRET)
    qtbot.waitUntil(lambda: len(asked(wizard.desk)) == 1)
    wizard.go_on()
    wizard.next_button.click()
    wizard.go_back()
    assert wizard.page is wizard.password
    servers.gate.set()  # type: ignore[attr-defined]
    ended(qtbot, wizard)

    assert len(asked(wizard.desk)) == 1
    assert wizard.page is wizard.findings


def test_a_certificate_that_is_not_valid_leads_to_the_servers_and_has_no_way_round(
    qtbot: QtBot, wizard: AccountWizard
) -> None:
    wizard.desk.app.servers.answers = [FALSE_CERTIFICATE]  # type: ignore[attr-defined]
    at_password(qtbot, wizard)
    type_in(wizard, SECRET)
    ended(qtbot, wizard)

    assert "The password was not sent" in wizard.notice.text
    wizard.notice._act()
    assert wizard.servers.isVisible()
    assert wizard.servers.imap_host.text() == "imaps.pec.aruba.it"


def test_a_server_that_sends_nothing_is_told_and_does_not_hold_up_receiving(
    qtbot: QtBot, wizard: AccountWizard
) -> None:
    wizard.desk.app.servers.answers = [replace(FOUND, smtp=Attempt(REFUSED))]  # type: ignore[attr-defined]
    at_password(qtbot, wizard)
    type_in(wizard, SECRET)
    ended(qtbot, wizard)

    assert wizard.page is wizard.findings
    assert "Sending mail" in wizard.findings.findings.toPlainText()
    assert wizard.next_button.isEnabled()


def test_another_folder_for_sent_mail_and_great_care_are_kept(qtbot: QtBot, wizard: AccountWizard, desk: Desk) -> None:
    wizard.desk.app.servers.answers = [replace(FOUND, sent_folder=None)]  # type: ignore[attr-defined]
    at_password(qtbot, wizard)
    type_in(wizard, SECRET)
    ended(qtbot, wizard)
    assert wizard.findings.sent.currentText() == "no folder"
    wizard.findings.sent.setCurrentIndex(wizard.findings.sent.findData(FOLDERS[3].name))
    wizard.findings.read_only.setChecked(True)
    wizard.go_on()
    ended(qtbot, wizard)

    (account,) = desk.app.servers.all()
    assert account.sent_folder == FOLDERS[3].name
    assert account.is_read_only


def test_without_a_key_store_a_command_is_offered_before_a_password_is_typed(
    qtbot: QtBot, wizard: AccountWizard, desk: Desk
) -> None:
    desk.app.servers.passwords.problem = PasswordError("There is no key store here.")  # type: ignore[attr-defined]
    at_password(qtbot, wizard)
    assert "no key store" in wizard.notice.text
    wizard.notice._act()
    wizard.servers.command.setText("pass pec/studio")
    wizard.go_on()
    assert wizard.page is wizard.password
    assert not wizard.password.password.isVisible()
    wizard.go_on()
    ended(qtbot, wizard)

    ((account, password),) = asked(desk)
    assert (account.password_command, password) == ("pass pec/studio", None)  # type: ignore[attr-defined]


def test_what_cannot_be_kept_is_told_and_can_be_tried_again(qtbot: QtBot, wizard: AccountWizard, desk: Desk) -> None:
    at_password(qtbot, wizard)
    type_in(wizard, SECRET)
    ended(qtbot, wizard)
    desk.app.servers.passwords.problem = PasswordError("It is locked.")  # type: ignore[attr-defined]
    wizard.go_on()
    ended(qtbot, wizard)
    assert wizard.page is wizard.findings
    assert "It is locked." in wizard.notice.text
    desk.app.servers.passwords.problem = None  # type: ignore[attr-defined]
    wizard.go_on()
    ended(qtbot, wizard)

    assert wizard.page is wizard.progress


# other ways


def test_who_begins_can_import_or_look_at_the_demo_instead(qtbot: QtBot, desk: Desk) -> None:
    wizard = shown(qtbot, desk, is_first_run=True)
    with qtbot.waitSignal(wizard.demo_asked):
        wizard.address.demo_button.click()
    assert wizard.isVisible()
    with qtbot.waitSignal(wizard.import_asked):
        wizard.address.import_button.click()
    assert not wizard.isVisible()


def test_who_has_begun_is_not_offered_the_demo(wizard: AccountWizard) -> None:
    assert not wizard.address.demo_button.isVisible()


@pytest.mark.parametrize(("starts", "expected"), [(True, "in a few seconds"), (False, "could not be started")])
def test_the_demo_is_a_program_of_its_own(qtbot: QtBot, desk: Desk, starts: bool, expected: str) -> None:
    begun: list[str] = []
    parent = shown(qtbot, desk)
    windows = AccountWindows(desk, parent, lambda language: begun.append(language) or starts)
    wizard = windows.set_up(is_first_run=True)
    wizard.address.demo_button.click()

    assert begun == ["en"]
    assert expected in wizard.notice.text
    windows.close_all()


def test_the_same_dialog_is_not_opened_twice(qtbot: QtBot, desk: Desk) -> None:
    parent = shown(qtbot, desk)
    windows = AccountWindows(desk, parent)
    first = windows.set_up()
    windows.set_up()

    assert [dialog for dialog in parent.findChildren(AccountWizard) if dialog.isVisible()] == [first]
    windows.close_all()
