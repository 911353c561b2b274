from __future__ import annotations

import gc
import linecache
import threading

import pytest
from PySide6.QtCore import QCoreApplication, QObject
from pytestqt.qtbot import QtBot

from pecdesk.ui import sweeping
from pecdesk.ui.sweeping import Sweeper


class Knot:
    """Garbage that only the collector finds."""

    swept_on: list[str] = []  # noqa: RUF012 - shared on purpose

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        Knot.swept_on.append(threading.current_thread().name)


def test_garbage_made_by_a_thread_is_swept_on_the_gui_thread(qtbot: QtBot, qapp: QCoreApplication) -> None:
    owner = QObject()
    sweeper = Sweeper(owner)
    try:
        Knot.swept_on.clear()
        thread = threading.Thread(target=lambda: [Knot() for _ in range(5_000)])
        thread.start()
        thread.join()
        assert Knot.swept_on == []
        qtbot.waitUntil(lambda: len(Knot.swept_on) == 5_000)
        assert set(Knot.swept_on) == {"MainThread"}
    finally:
        sweeper.stop()
        owner.deleteLater()
    assert gc.isenabled()
    gc.disable()  # as the tests of the window keep it


def test_what_the_program_consists_of_is_not_looked_through_again_and_again(qapp: QCoreApplication) -> None:
    owner = QObject()
    everything = len(gc.get_objects())
    sweeper = Sweeper(owner)
    try:
        assert len(gc.get_objects()) < everything / 100
    finally:
        sweeper.stop()
        owner.deleteLater()
    assert len(gc.get_objects()) > everything * 0.9
    gc.disable()


def test_the_source_text_that_the_imports_left_behind_is_let_go(qapp: QCoreApplication) -> None:
    assert linecache.getlines(__file__)
    owner = QObject()
    sweeper = Sweeper(owner)
    try:
        assert __file__ not in linecache.cache
    finally:
        sweeper.stop()
        owner.deleteLater()
    gc.disable()


def test_after_finding_nothing_sweeping_rests_longer(qapp: QCoreApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    now, owner = 0.0, QObject()
    monkeypatch.setattr(sweeping, "monotonic", lambda: now)
    sweeper = Sweeper(owner)

    def is_swept(after: float) -> bool:
        """Whether garbage that is there by then is found."""
        nonlocal now
        now += after
        Knot.swept_on.clear()
        knots = [Knot() for _ in range(1_000)]
        knots.clear()
        sweeper.sweep()
        return bool(Knot.swept_on)

    try:
        assert not is_swept(sweeping.REST - 1)
        assert is_swept(2)
        assert is_swept(sweeping.REST)
        now += sweeping.REST
        living = [[number] for number in range(2_000)]
        sweeper.sweep()
        assert not is_swept(sweeping.REST)
        assert is_swept(sweeping.LONG_REST)
        assert len(living) == 2_000
    finally:
        sweeper.stop()
        owner.deleteLater()
    gc.disable()
