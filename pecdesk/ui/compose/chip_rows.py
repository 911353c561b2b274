"""Where chips stand in a field of recipients: in rows, with the line in which the next one is typed behind the last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QRect

from pecdesk.ui.style.tokens import STEP

LEAST_LINE = 140
"""Device-independent pixels the line has at least; with less left beside the chips it goes below them."""


@dataclass(frozen=True, slots=True)
class ChipRows:
    """The places of chips and line, in device-independent pixels of the ground they stand on."""

    chips: tuple[QRect, ...]
    line: QRect
    rows: int
    width: int

    @property
    def height(self) -> int:
        """Of the ground."""
        return self.line.bottom() + 1 + STEP


def chip_rows(wanted: Iterable[int], width: int, height: int) -> ChipRows:
    """Place chips that want these widths, in rows of that height, on a ground of that width."""
    width = max(width, 2 * LEAST_LINE)
    x = y = STEP
    rows = 1
    places = []
    for wish in wanted:
        wide = min(wish, width - 2 * STEP)
        if x > STEP and x + wide > width - STEP:
            x, y, rows = STEP, y + height + STEP, rows + 1
        places.append(QRect(x, y, wide, height))
        x += wide + STEP
    if x > STEP and x + LEAST_LINE > width - STEP:
        x, y, rows = STEP, y + height + STEP, rows + 1
    return ChipRows(tuple(places), QRect(x, y, width - x - STEP, height), rows, width)
