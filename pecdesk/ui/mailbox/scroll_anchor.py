"""Keeps a list where it is while rows come in above, go, or change places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pecdesk.ui.mailbox.transmission_list_view import TransmissionListView


@dataclass(frozen=True, slots=True)
class _Held:
    """What was in sight: ids with their distance from the upper edge, the current row first."""

    is_at_top: bool
    current: int | None
    in_sight: tuple[tuple[int, int], ...]


class ScrollAnchor:
    """Holds on to the current row if it is in sight, else to the first that is.

    At the top of the list what is new may come into sight, as long as it does not push the current row out.
    """

    def __init__(self, view: TransmissionListView) -> None:
        self._view = view
        self._held: _Held | None = None

    def hold(self) -> None:
        """Look where everything is."""
        view = self._view
        geometry, offset, ids = view.geometry_of_rows(), view.verticalOffset(), view.listed_ids
        first = geometry.row_at(offset)
        last = geometry.row_at(min(geometry.height, offset + view.viewport().height()) - 1)
        rows = list(range(first, last + 1)) if first >= 0 else []
        current = view.currentIndex().row()
        if is_current_in_sight := current in rows:
            rows.insert(0, current)
        self._held = _Held(
            is_at_top=offset == 0,
            current=ids[current] if is_current_in_sight else None,
            in_sight=tuple((ids[row], geometry.top_of(row) - offset) for row in rows),
        )

    def let_go(self) -> None:
        """Scroll so that what was held on to is where it was."""
        held, self._held = self._held, None
        bar = self._view.verticalScrollBar()
        if held is None or (held.is_at_top and self._is_on_first_page(held.current)):
            bar.setValue(0)
            return
        geometry = self._view.geometry_of_rows()
        for id_, distance in held.in_sight:
            row = self._view.row_of(id_)
            if row is not None:
                bar.setValue(geometry.top_of(row) - distance)
                return

    def _is_on_first_page(self, current: int | None) -> bool:
        row = self._view.row_of(current) if current is not None else None
        if row is None:
            return True
        geometry = self._view.geometry_of_rows()
        return geometry.top_of(row) + geometry.row_height <= self._view.viewport().height()
