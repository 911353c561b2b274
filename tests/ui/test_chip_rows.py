"""Where chips stand: in rows as wide as the field, with the line that is typed in behind the last."""

from __future__ import annotations

from PySide6.QtCore import QRect

from pecdesk.ui.compose.chip_rows import LEAST_LINE, chip_rows
from pecdesk.ui.style.tokens import STEP

WIDTH, HEIGHT = 600, 30


def test_without_a_chip_the_line_has_the_whole_row() -> None:
    rows = chip_rows([], WIDTH, HEIGHT)

    assert (rows.chips, rows.rows) == ((), 1)
    assert rows.line == QRect(STEP, STEP, WIDTH - 2 * STEP, HEIGHT)
    assert rows.height == HEIGHT + 2 * STEP


def test_chips_stand_beside_one_another_until_the_row_is_full() -> None:
    rows = chip_rows([200, 200, 200], WIDTH, HEIGHT)

    assert [chip.top() for chip in rows.chips] == [STEP, STEP, 2 * STEP + HEIGHT]
    assert rows.chips[1].left() == rows.chips[0].right() + 1 + STEP
    assert rows.line.top() == rows.chips[2].top()
    assert rows.rows == 2


def test_the_line_goes_below_the_chips_rather_than_become_too_short_to_type_in() -> None:
    beside = WIDTH - 3 * STEP - LEAST_LINE

    assert chip_rows([beside], WIDTH, HEIGHT).rows == 1
    assert chip_rows([beside + 1], WIDTH, HEIGHT).rows == 2


def test_no_chip_is_wider_than_the_field_however_long_its_words_are() -> None:
    for width in (0, 10, WIDTH):
        rows = chip_rows([100_000, 100_000], width, HEIGHT)
        assert rows.rows == 3
        assert all(chip.right() + 1 + STEP <= rows.width for chip in (*rows.chips, rows.line))
