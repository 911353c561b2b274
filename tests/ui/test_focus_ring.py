"""The ring around what takes keys itself: seen by who came with the keyboard, and only where nothing else is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from pecdesk.ui.style.focus_ring import FocusRing
from pecdesk.ui.style.theme import Theme


@pytest.fixture
def parts(qtbot: QtBot) -> Iterator[tuple[QLineEdit, QScrollArea]]:
    window, field, area = QWidget(), QLineEdit(), QScrollArea()
    row = QHBoxLayout(window)
    row.addWidget(field)
    row.addWidget(area)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    field.setFocus()
    yield field, area
    window.close()


def test_it_is_seen_by_whoever_came_with_the_keyboard(
    qtbot: QtBot, parts: tuple[QLineEdit, QScrollArea], theme: Theme
) -> None:
    field, area = parts
    ring = FocusRing(area, theme)
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert area.hasFocus()
    assert ring.isVisible()
    assert ring.size() == area.size()
    assert ring.grab().toImage().pixelColor(1, area.height() // 2).name() == theme.palette.accent.lower()

    field.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
    assert not ring.isVisible()
    area.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
    assert ring.isVisible(), "coming back from another window"

    field.setFocus()
    area.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not ring.isVisible(), "who clicked there knows"


def test_it_stays_away_while_something_inside_has_its_own(
    qtbot: QtBot, parts: tuple[QLineEdit, QScrollArea], theme: Theme
) -> None:
    field, area = parts
    ring = FocusRing(area, theme, lambda: True)
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert not ring.isVisible()
