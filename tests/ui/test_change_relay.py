from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from pecdesk.store import ChangeFeed, Changes
from pecdesk.ui.change_relay import ChangeRelay


@pytest.fixture
def feed() -> ChangeFeed:
    return ChangeFeed()


@pytest.fixture
def relay(qapp: QCoreApplication, feed: ChangeFeed) -> Iterator[ChangeRelay]:
    made = ChangeRelay(feed)
    yield made
    made.close()
    made.deleteLater()


def test_a_thousand_commits_of_another_thread_come_as_few_signals_and_none_is_lost(
    qtbot: QtBot, feed: ChangeFeed, relay: ChangeRelay
) -> None:
    told: list[Changes] = []
    relay.changed.connect(told.append)

    def commit() -> None:
        for number in range(1_000):
            feed.publish(Changes(transmissions=frozenset({number})))

    thread = threading.Thread(target=commit)
    thread.start()
    thread.join()
    merged: set[int] = set()
    qtbot.waitUntil(lambda: merged.update(*(c.transmissions for c in told)) or len(merged) == 1_000)

    assert len(told) < 20


def test_a_change_after_a_quiet_time_is_told_again(qtbot: QtBot, feed: ChangeFeed, relay: ChangeRelay) -> None:
    for number in (1, 2):
        with qtbot.waitSignal(relay.changed) as told:
            feed.publish(Changes(messages=frozenset({number})))
        assert told.args == [Changes(messages=frozenset({number}))]
