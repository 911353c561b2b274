"""Searches kept under a name: in the settings, since they are the user's and not the archive's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject

from pecdesk.profile.settings import SavedSearch
from pecdesk.ui.desk import Desk

Then = Callable[[], None]
Failed = Callable[[Exception], None]


def keep_search(desk: Desk, owner: QObject, search: SavedSearch, then: Then, failed: Failed) -> None:
    """Keep a search, in the background; one of that name before is replaced."""
    _change(desk, owner, search.name, (search,), then, failed)


def drop_search(desk: Desk, owner: QObject, name: str, then: Then, failed: Failed) -> None:
    """Keep a search no longer."""
    _change(desk, owner, name, (), then, failed)


def _change(
    desk: Desk, owner: QObject, name: str, instead: tuple[SavedSearch, ...], then: Then, failed: Failed
) -> None:
    app = desk.app

    def save() -> None:
        others = (other for other in app.settings.searches if other.name != name)
        app.save_settings(replace(app.settings, searches=(*others, *instead)))

    desk.background.query(save, lambda _done: then(), failed, owner=owner)
