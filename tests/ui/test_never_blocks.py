from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from pecdesk.ui.desk import Desk
from pecdesk.ui.intake.import_dialog import ImportDialog
from pecdesk.ui.main_window import MainWindow
from tests.benchmarks.mailbox import make_mailbox
from tests.kit.watchdog import Watchdog

COUNT = 2_000


def test_the_window_answers_while_two_thousand_messages_come_in(
    qtbot: QtBot, open_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    mailbox = make_mailbox(tmp_path, COUNT)
    desk = open_desk(tmp_path / "profile")
    desk.app.add_trust(mailbox.policy, desk.clock())
    window = MainWindow(desk)
    qtbot.addWidget(window)
    window.show()
    dialog = ImportDialog(desk, [mailbox.maildir], window)
    dialog.open()

    with Watchdog() as watchdog:
        dialog.import_button.click()
        qtbot.waitUntil(lambda: dialog.is_done, timeout=120_000)

    assert desk.app.store.count()[0] == COUNT
    assert [stall.samples for stall in watchdog.faults] == []
    dialog.close()
    window.close()


def test_the_watchdog_sees_a_window_that_does_not_answer(qtbot: QtBot, desk: Desk) -> None:
    def block() -> None:
        desk.app.profile.lock  # noqa: B018 - something of ours
        end = time.monotonic() + 0.6
        while time.monotonic() < end:
            desk.say("Waiting")

    with Watchdog() as watchdog:
        QTimer.singleShot(0, block)
        qtbot.waitUntil(lambda: watchdog.longest > 0.5)

    assert watchdog.longest > 0.5
