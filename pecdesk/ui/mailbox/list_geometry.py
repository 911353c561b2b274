"""Heights of a long list: rows of one height, days over them of another; every answer without walking the rows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListGeometry:
    """Distances in device-independent pixels from the top of the whole list."""

    count: int
    day_rows: Sequence[int]
    """The first row of each day, ascending."""
    row_height: int
    heading_height: int

    @property
    def height(self) -> int:
        """Of everything."""
        return self.count * self.row_height + len(self.day_rows) * self.heading_height

    def top_of(self, row: int) -> int:
        """Where a row begins, below its day's heading if it has one."""
        return row * self.row_height + bisect_right(self.day_rows, row) * self.heading_height

    def heading_top(self, day: int) -> int:
        """Where the heading of a day begins."""
        return self.day_rows[day] * self.row_height + day * self.heading_height

    def day_at(self, y: int) -> int:
        """The day whose heading or rows lie there, -1 above the first."""
        return bisect_right(range(len(self.day_rows)), y, key=self.heading_top) - 1

    def row_at(self, y: int) -> int:
        """The row that lies there, the one below where a heading does; -1 outside of the list."""
        if not 0 <= y < self.height:
            return -1
        day = self.day_at(y)
        if day < 0:
            return y // self.row_height
        below = y - self.heading_top(day) - self.heading_height
        return self.day_rows[day] + max(0, below // self.row_height)

    def rows_within(self, y: int, height: int) -> tuple[int, int]:
        """First and last row of which something lies there; -1 and -1 where there is none."""
        first = self.row_at(y)
        return (first, self.row_at(min(self.height, y + height) - 1)) if first >= 0 else (-1, -1)

    def headings_within(self, y: int, height: int) -> Iterator[tuple[int, int]]:
        """Each day whose heading is in sight there, with the distance of the heading from `y`. That of the topmost day
        comes last: it stays at the upper edge, over its rows, until the next one pushes it out."""
        if not self.day_rows or not self.count:
            return
        topmost = max(0, self.day_at(y))
        day = topmost + 1
        while day < len(self.day_rows) and (top := self.heading_top(day) - y) < height:
            yield day, top
            day += 1
        pushed = self.heading_top(topmost + 1) - y - self.heading_height if topmost + 1 < len(self.day_rows) else 0
        yield topmost, min(0, pushed)
