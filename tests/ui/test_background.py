from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import SIGNAL, QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from pecdesk.ui.background import Background, Task


@pytest.fixture
def background(qapp: QCoreApplication) -> Iterator[Background]:
    made = Background()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def owner(qapp: QCoreApplication) -> Iterator[QObject]:
    made = QObject()
    yield made
    made.deleteLater()


def test_a_result_comes_back_on_the_gui_thread(qtbot: QtBot, background: Background, owner: QObject) -> None:
    found: list[tuple[str, str]] = []
    background.query(
        lambda: threading.current_thread().name,
        lambda name: found.append((name, threading.current_thread().name)),
        owner=owner,
    )
    qtbot.waitUntil(lambda: bool(found))

    assert found == [("queries", "MainThread")]


def test_an_error_is_handed_to_whoever_takes_it(qtbot: QtBot, background: Background, owner: QObject) -> None:
    errors: list[Exception] = []

    def work() -> None:
        raise ValueError("no")

    background.query(work, lambda _nothing: None, errors.append, owner=owner)
    qtbot.waitUntil(lambda: bool(errors))

    assert isinstance(errors[0], ValueError)


def test_an_error_nobody_takes_is_raised_where_the_crash_hook_sees_it(
    qtbot: QtBot, background: Background, owner: QObject
) -> None:
    def work() -> None:
        raise ValueError("no")

    with qtbot.captureExceptions() as raised:
        background.query(work, lambda _nothing: None, owner=owner)
        qtbot.waitUntil(lambda: bool(raised))

    assert raised[0][0] is ValueError


def test_a_search_does_not_wait_behind_an_export(qtbot: QtBot, background: Background, owner: QObject) -> None:
    gate = threading.Event()
    found: list[str] = []
    background.job(lambda _task: gate.wait(30), lambda _done: found.append("export"), owner=owner)
    background.query(lambda: "search", found.append, owner=owner)
    qtbot.waitUntil(lambda: found == ["search"])
    gate.set()
    qtbot.waitUntil(lambda: found == ["search", "export"])


def test_nothing_is_told_of_a_task_that_was_cancelled(qtbot: QtBot, background: Background, owner: QObject) -> None:
    gate = threading.Event()
    found: list[str] = []
    first = background.query(lambda: str(gate.wait(30)), found.append, owner=owner)
    first.cancel()
    gate.set()
    background.query(lambda: "second", found.append, owner=owner)
    qtbot.waitUntil(lambda: bool(found))

    assert found == ["second"]


def test_a_task_cancelled_before_its_turn_is_never_begun(qtbot: QtBot, background: Background, owner: QObject) -> None:
    gate = threading.Event()
    begun: list[str] = []
    background.query(lambda: gate.wait(30), lambda _done: None, owner=owner)
    background.query(lambda: begun.append("waiting"), lambda _done: None, owner=owner).cancel()
    gate.set()
    background.query(lambda: begun.append("last"), lambda _done: None, owner=owner)
    qtbot.waitUntil(lambda: "last" in begun)

    assert begun == ["last"]


def test_nothing_is_told_to_an_owner_that_is_gone(
    qtbot: QtBot, qapp: QCoreApplication, background: Background, owner: QObject
) -> None:
    gate = threading.Event()
    found: list[str] = []
    mortal = QObject()
    background.query(lambda: str(gate.wait(30)), found.append, owner=mortal)
    mortal.deleteLater()
    QCoreApplication.sendPostedEvents(mortal, QEvent.Type.DeferredDelete)
    gate.set()
    background.query(lambda: "other", found.append, owner=owner)
    qtbot.waitUntil(lambda: bool(found))

    assert found == ["other"]


class Leaving:
    """Tells on which thread it goes."""

    def __init__(self, threads: list[str]) -> None:
        self._threads = threads

    def __del__(self) -> None:
        self._threads.append(threading.current_thread().name)


@pytest.mark.parametrize("is_cancelled", [False, True])
def test_whatever_a_task_refers_to_goes_on_the_gui_thread(
    qtbot: QtBot, background: Background, owner: QObject, is_cancelled: bool
) -> None:
    """A lane that is the last to hold it would wait for Python's lock while it has Qt's."""
    threads: list[str] = []
    told = threading.Event()
    tell = background._queries._tell

    def tell_and_linger(*words: Any) -> None:
        tell(*words)
        told.wait(30)

    background._queries._tell = tell_and_linger

    def ask(work: Leaving, then: Leaving, failed: Leaving) -> Task:
        return background.query(lambda: work and None, lambda _: then and None, lambda _: failed and None, owner=owner)

    task = ask(Leaving(threads), Leaving(threads), Leaving(threads))
    if is_cancelled:
        task.cancel()
    del task
    qtbot.waitUntil(lambda: background.is_idle)
    told.set()

    qtbot.waitUntil(lambda: len(threads) == 3)
    assert set(threads) == {"MainThread"}


def test_many_tasks_of_one_owner_watch_it_once(qtbot: QtBot, background: Background, owner: QObject) -> None:
    counts: list[int] = []
    for _ in range(3):
        background.query(lambda: None, lambda _: None, owner=owner)
        counts.append(owner.receivers(SIGNAL("destroyed(QObject*)")))  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: background.is_idle)
    assert counts[0] == counts[2] == owner.receivers(SIGNAL("destroyed(QObject*)"))  # type: ignore[arg-type]


def test_progress_is_told_seldom_but_its_end_always(qtbot: QtBot, background: Background, owner: QObject) -> None:
    told: list[tuple[int, int | None]] = []
    ended: list[None] = []

    def work(task: Task) -> None:
        for number in range(10_001):
            task.progress(number, 10_000)

    background.job(work, ended.append, progress=lambda done, of: told.append((done, of)), owner=owner)
    qtbot.waitUntil(lambda: bool(ended))

    assert told[-1] == (10_000, 10_000)
    assert len(told) < 1_000


def test_closing_stops_what_is_under_way_at_its_next_step(qapp: QCoreApplication, owner: QObject) -> None:
    background = Background()
    begun = threading.Event()
    stopped: list[bool] = []

    def work(task: Task) -> None:
        begun.set()
        while not task.is_cancelled():
            pass
        stopped.append(True)

    background.job(work, lambda _done: None, owner=owner)
    begun.wait(30)
    background.close()
    background.deleteLater()

    assert stopped == [True]
