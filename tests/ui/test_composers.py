"""Windows one writes in, as the main window begins them."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from pecdesk.profile.accounts import Account, Endpoint
from pecdesk.ui.compose.composers import Composers
from pecdesk.ui.desk import Desk
from tests.kit.messages import NOW, SENDER

REMOVED = "elena.verdi@pec.avvocatidemo.example"


def test_from_a_mailbox_that_was_removed_one_writes_with_another(qtbot: QtBot, empty_desk: Desk) -> None:
    account = Account(SENDER, Endpoint("127.0.0.1", 993), Endpoint("127.0.0.1", 465), password_command="true")
    empty_desk.app.servers.add(account, None, NOW)
    composers = Composers(empty_desk)

    composers.new(REMOVED)
    qtbot.waitUntil(lambda: bool(composers.windows))
    (window,) = composers.windows

    assert SENDER in window.windowTitle()
    composers.close_all()
    qtbot.waitUntil(lambda: not composers.windows and empty_desk.background.is_idle)
