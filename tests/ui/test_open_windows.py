"""Several windows of one sort: where each stands."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from pecdesk.ui.open_windows import BESIDE, OpenWindows


class OnTheRight(QWidget):
    """A window on a second screen, to the right of the first."""

    def screen(self) -> Any:
        return SimpleNamespace(availableGeometry=lambda: QRect(3000, 0, 1600, 1200))


def opened(qtbot: QtBot, windows: OpenWindows[QWidget], key: str) -> QWidget:
    window = OnTheRight()
    qtbot.addWidget(window)
    windows.add(key, window)
    return window


def test_the_next_window_stands_beside_the_newest_on_the_same_screen(qtbot: QtBot) -> None:
    windows: OpenWindows[QWidget] = OpenWindows()
    opened(qtbot, windows, "first").setGeometry(3100, 100, 700, 600)
    second = opened(qtbot, windows, "second")

    assert second.pos() == QPoint(3100 + BESIDE, 100 + BESIDE)
    assert second.size().toTuple() == (700, 600)


def test_where_it_would_reach_over_the_edge_it_begins_anew_in_the_corner_of_that_screen(qtbot: QtBot) -> None:
    windows: OpenWindows[QWidget] = OpenWindows()
    opened(qtbot, windows, "first").setGeometry(3800, 500, 790, 690)

    assert opened(qtbot, windows, "second").pos() == QPoint(3000 + BESIDE, BESIDE)


def test_the_first_is_no_larger_than_the_screen(qtbot: QtBot) -> None:
    windows: OpenWindows[QWidget] = OpenWindows()
    window = QWidget()
    qtbot.addWidget(window)
    room = window.screen().availableGeometry()
    window.resize(room.width() + 100, room.height() + 100)
    windows.add("first", window)

    assert window.width() < room.width(), "its frame has room, too"
    assert window.height() < room.height()
