"""What is told outside the window: merged, never in quiet hours, never twice, and never what was written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from pecdesk.errors import StoreError
from pecdesk.examine import examine
from pecdesk.explain import Tone
from pecdesk.explain.news import News, NewsKind, Notification
from pecdesk.store import Arrival, Changes
from pecdesk.store.pieces import Placement
from pecdesk.ui.desk import Desk
from pecdesk.ui.notify import notifier as module
from pecdesk.ui.notify.notifier import LOOKED, Notifier
from pecdesk.ui.notify.tray import Tray
from tests.ui.account_kit import ARUBA, STATES, STUDIO, AccountApp
from tests.ui.conftest import NOW

DELIVERED, FAILED = News(NewsKind.DELIVERED, 7, "a@pec.example"), News(NewsKind.FAILED, 8, "b@pec.example")


MAIL = (
    b"From: anna@posta.example\r\nTo: studio@pec.example\r\nSubject: segretissimo\r\nMessage-ID: <1@posta.example>\r\n"
    b"Date: Sun, 22 Nov 2026 09:00:00 +0100\r\n\r\nciao\r\n"
)


class Told:
    """Where notifications go in tests."""

    def __init__(self) -> None:
        self.all: list[Notification] = []

    def tell(self, told: Notification) -> None:
        self.all.append(told)


class FoundNews:
    """Finds what it was told to find, once."""

    def __init__(self, mailbox: object, since: datetime) -> None:
        self.since = since
        self.found: list[list[News]] = []
        self.looked: list[Changes] = []
        self.errors: list[Exception] = []
        """Each ends a look."""

    def begin(self, now: datetime) -> None:
        """Nothing is there."""

    def look(self, changes: Changes, now: datetime) -> list[News]:
        self.looked.append(changes)
        if self.errors:
            raise self.errors.pop()
        return self.found.pop(0) if self.found else []


@pytest.fixture
def desk(open_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    return open_desk(tmp_path / "profile", "en", AccountApp)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def notifier(qtbot: QtBot, desk: Desk, told: Told, monkeypatch: pytest.MonkeyPatch) -> Notifier:
    monkeypatch.setattr(module, "Watch", FoundNews)
    monkeypatch.setattr(module, "GATHER", 1)
    made = Notifier(desk, told, desk)
    qtbot.waitUntil(lambda: desk.background.is_idle)
    return made


def happen(qtbot: QtBot, desk: Desk, notifier: Notifier, *news: News) -> None:
    """Something is committed, and this is what it brings."""
    watch: FoundNews = notifier._watch  # type: ignore[assignment]
    watch.found.append(list(news))
    before = len(watch.looked)
    desk.app.changes.publish(Changes(transmissions=frozenset({1})))
    qtbot.waitUntil(lambda: len(watch.looked) > before and desk.background.is_idle)


def test_news_are_told_merged(qtbot: QtBot, desk: Desk, notifier: Notifier, told: Told) -> None:
    happen(qtbot, desk, notifier, DELIVERED, FAILED, DELIVERED)
    qtbot.waitUntil(lambda: told.all != [])

    (one,) = told.all
    assert (one.title, one.text, one.tone, one.row_id) == ("One delivery failed", "2 deliveries", Tone.RED, 8)


def test_what_brings_nothing_tells_nothing(qtbot: QtBot, desk: Desk, notifier: Notifier, told: Told) -> None:
    happen(qtbot, desk, notifier)
    notifier.tell()

    assert told.all == []


def test_what_changed_before_a_look_that_failed_is_looked_at_with_the_next(
    qtbot: QtBot, desk: Desk, notifier: Notifier
) -> None:
    watch: FoundNews = notifier._watch  # type: ignore[assignment]
    watch.errors.append(StoreError("no"))
    happen(qtbot, desk, notifier)
    desk.app.changes.publish(Changes(transmissions=frozenset({2})))
    qtbot.waitUntil(lambda: len(watch.looked) == 2)

    assert watch.looked[1].transmissions == {1, 2}


def test_who_wants_no_notifications_gets_none_and_no_heap_of_them_later(
    qtbot: QtBot, desk: Desk, notifier: Notifier, told: Told
) -> None:
    desk.app.save_settings(replace(desk.app.settings, notify=False))
    happen(qtbot, desk, notifier, FAILED)
    qtbot.waitUntil(lambda: not notifier._timer.isActive())
    desk.app.save_settings(replace(desk.app.settings, notify=True))
    notifier.tell()

    assert told.all == []


def test_in_quiet_hours_nothing_is_told_and_afterwards_all_in_one(
    qtbot: QtBot, desk: Desk, notifier: Notifier, told: Told
) -> None:
    clock = [NOW.replace(hour=22)]
    desk.clock = lambda: clock[0]
    desk.app.save_settings(replace(desk.app.settings, quiet_from=time(20), quiet_until=time(8)))
    happen(qtbot, desk, notifier, DELIVERED)
    happen(qtbot, desk, notifier, FAILED)
    qtbot.waitUntil(lambda: not notifier._timer.isActive())
    assert told.all == []
    assert notifier._later.isActive(), "looked at again"

    clock[0] = NOW.replace(hour=8)
    notifier.tell()
    assert [one.title for one in told.all] == ["One delivery failed"]
    assert not notifier._later.isActive()


def test_when_it_was_looked_last_is_remembered(qtbot: QtBot, desk: Desk, notifier: Notifier, told: Told) -> None:
    notifier.close()
    again = Notifier(desk, told, desk)
    qtbot.waitUntil(lambda: desk.background.is_idle)

    assert notifier._memory.word(LOOKED) == NOW.isoformat()
    again.close()


def test_a_message_that_comes_in_unread_is_told_from_the_store_on(
    qtbot: QtBot, desk: Desk, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GATHER", 1)
    notifier = Notifier(desk, told, desk)
    qtbot.waitUntil(lambda: desk.background.is_idle)
    come_in(desk, MAIL)
    come_in(desk, MAIL.replace(b"22 Nov 2026", b"22 Nov 2020").replace(b"<1@", b"<2@"))
    qtbot.waitUntil(lambda: told.all != [])

    (one,) = told.all
    assert one.title == "New message, not certified, from anna@posta.example as it says", "the old one is none"
    assert "segretissimo" not in one.title + one.text
    notifier.close()


def come_in(desk: Desk, raw: bytes) -> None:
    """As synchronising does: nobody has read it."""
    store = desk.app.store
    with desk.app.writing():
        with store.archive.batch() as archive:
            archive.put(raw)
        place = Placement("studio@pec.example", "INBOX", False, "imap", NOW.isoformat())
        store.add([Arrival(examine(raw, desk.app.anchors), place, unseen=True)])


# mailboxes that wait for the user


def test_a_mailbox_that_brings_no_mail_any_more_is_told_of_once(
    qtbot: QtBot, desk: Desk, notifier: Notifier, told: Told
) -> None:
    syncing = desk.app.syncing
    desk.app.servers.add(ARUBA, None, NOW)
    qtbot.waitUntil(lambda: desk.accounts.accounts == (ARUBA,))
    for status in (STATES["current"], STATES["password expired"], STATES["password expired"]):
        with qtbot.waitSignal(desk.accounts.changed):
            syncing.tell(status)  # type: ignore[attr-defined]
    (one,) = told.all
    assert one.title == "Login refused: renew the password for mail programs"
    assert (one.text, one.account, one.row_id, one.tone) == (STUDIO, STUDIO, None, Tone.RED)

    for status in (STATES["current"], STATES["password expired"]):
        with qtbot.waitSignal(desk.accounts.changed):
            syncing.tell(status)  # type: ignore[attr-defined]
    assert len(told.all) == 2, "it was well again meanwhile"


def test_a_mailbox_that_stops_in_quiet_hours_is_told_of_when_they_are_over(
    qtbot: QtBot, desk: Desk, notifier: Notifier, told: Told
) -> None:
    clock = [NOW.replace(hour=22)]
    desk.clock = lambda: clock[0]
    desk.app.save_settings(replace(desk.app.settings, quiet_from=time(20), quiet_until=time(8)))
    desk.app.servers.add(ARUBA, None, NOW)
    qtbot.waitUntil(lambda: desk.accounts.accounts == (ARUBA,))
    with qtbot.waitSignal(desk.accounts.changed):
        desk.app.syncing.tell(STATES["password expired"])  # type: ignore[attr-defined]
    assert told.all == []
    assert notifier._later.isActive(), "looked at again"

    clock[0] = NOW.replace(hour=8)
    notifier._later.timeout.emit()
    notifier._later.timeout.emit()
    assert [one.account for one in told.all] == [STUDIO]
    assert not notifier._later.isActive()


# the tray


@pytest.fixture
def tray(qtbot: QtBot, desk: Desk) -> Tray:
    window = QWidget()
    qtbot.addWidget(window)
    made = Tray(desk, window, [QAction("Check", window)])
    window.tray = made  # type: ignore[attr-defined]
    return made


def test_without_a_tray_nothing_breaks(tray: Tray) -> None:
    assert not tray.is_there, "the offscreen platform has none"
    for tone in Tone:
        tray.tell(Notification("Title", "text", tone, 7))
    tray.close()


def test_where_there_is_a_tray_a_failure_is_loud_and_a_delivery_calm(
    tray: Tray, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[object, ...]] = []
    monkeypatch.setattr(Tray, "is_there", property(lambda _self: True))
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _icon, *words: shown.append(words))
    monkeypatch.setattr(QSystemTrayIcon, "show", lambda _icon: None)
    tray.tell(Notification("Not delivered", "Open it", Tone.RED, 7))
    tray.tell(Notification("Delivered", "", Tone.GREEN, 7))

    (loud, calm) = shown
    assert loud[:3] == ("Not delivered", "Open it", QSystemTrayIcon.MessageIcon.Critical)
    assert calm[2] == QSystemTrayIcon.MessageIcon.Information
    assert loud[3] > calm[3]  # type: ignore[operator]


def test_a_click_on_a_notification_opens_its_row(qtbot: QtBot, tray: Tray) -> None:
    tray.tell(Notification("Delivered", "", Tone.GREEN, 42))
    with qtbot.waitSignals([tray.opened, tray.row_opened]), qtbot.waitSignal(tray.row_opened) as opened:
        tray._icon.messageClicked.emit()

    assert opened.args == [42]


def test_a_click_on_word_of_a_mailbox_opens_how_it_stands(qtbot: QtBot, tray: Tray) -> None:
    tray.tell(Notification("Login refused", STUDIO, Tone.RED, account=STUDIO))
    with qtbot.waitSignal(tray.account_opened) as opened:
        tray._icon.messageClicked.emit()

    assert opened.args == [STUDIO]


def test_a_click_on_the_icon_brings_the_window(qtbot: QtBot, tray: Tray) -> None:
    with qtbot.waitSignal(tray.opened):
        tray._icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)


def test_the_menu_opens_the_window_and_holds_what_is_wanted_from_outside(qtbot: QtBot, tray: Tray, desk: Desk) -> None:
    words = [action.text() for action in tray.menu.actions() if not action.isSeparator()]
    assert words == ["&Open pecdesk", "Check"]
    with qtbot.waitSignal(tray.opened):
        tray.menu.actions()[0].trigger()
