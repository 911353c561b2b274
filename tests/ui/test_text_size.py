"""How large the letters are: as the user wants them, and as the system has them where the user wants nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from pecdesk.ui.desk import Desk
from pecdesk.ui.layout_memory import LayoutMemory
from pecdesk.ui.text_size import LARGEST, TextSize


@pytest.fixture
def memory(empty_desk: Desk) -> Iterator[LayoutMemory]:
    usual = QApplication.font()
    yield LayoutMemory(empty_desk.app.profile)
    empty_desk.theme.set_font(usual)


def size_at_start(desk: Desk, memory: LayoutMemory, points: int) -> TextSize:
    """A window that opens on a system whose letters have so many points."""
    font = QApplication.font()
    font.setPointSize(points)
    desk.theme.set_font(font)
    made = TextSize(desk.theme, memory, points)
    made.restore()
    return made


def test_larger_letters_are_remembered(empty_desk: Desk, memory: LayoutMemory) -> None:
    size_at_start(empty_desk, memory, 10).step(3)
    assert QApplication.font().pointSize() == 13

    size_at_start(empty_desk, memory, 10)
    assert QApplication.font().pointSize() == 13


def test_there_is_a_largest_size_and_one_step_leads_back_from_it(empty_desk: Desk, memory: LayoutMemory) -> None:
    size = size_at_start(empty_desk, memory, LARGEST)
    size.step(1)
    size.step(-1)

    assert QApplication.font().pointSize() == LARGEST - 1


def test_the_usual_size_is_that_of_the_system_the_next_time_too(empty_desk: Desk, memory: LayoutMemory) -> None:
    size = size_at_start(empty_desk, memory, 10)
    size.step(3)
    size.reset()
    assert QApplication.font().pointSize() == 10

    size_at_start(empty_desk, memory, 16)
    assert QApplication.font().pointSize() == 16
