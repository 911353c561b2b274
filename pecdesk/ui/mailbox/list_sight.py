"""What of a list is in sight, piece by piece: after an update only the pieces that are others by now are painted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect

if TYPE_CHECKING:
    from pecdesk.ui.mailbox.transmission_list_view import TransmissionListView

Sight = dict[tuple[int, int], object]
"""Of each piece its distance from the upper edge and its height, in device-independent pixels; and what tells whether
it looks the same: of a row which one it is and how it is chosen, of a heading its words."""


def sight(view: TransmissionListView) -> Sight:
    """All that is in sight now."""
    geometry, offset, seen = view.geometry_of_rows(), view.verticalOffset(), view.viewport().height()
    model, chosen, current = view.model(), view.selectionModel(), view.currentIndex().row()
    first, last = geometry.rows_within(offset, seen)
    found: Sight = {}
    if first >= 0:
        for row in range(first, last + 1):
            looks = (view.listed_ids[row], chosen.isSelected(model.index(row, 0)), row == current)
            found[geometry.top_of(row) - offset, geometry.row_height] = looks
    for day, top in geometry.headings_within(offset, seen):
        found[top, geometry.heading_height] = view.day_name(day)
    end = geometry.height - offset
    if end < seen:
        found[max(0, end), seen - max(0, end)] = None
    return found


def changed(before: Sight, now: Sight, wide: int) -> Iterator[QRect]:
    """Where something else is in sight than before; `wide` is the list."""
    unseen = object()
    for (top, height), looks in now.items():
        if before.get((top, height), unseen) != looks:
            yield QRect(0, top, wide, height)
