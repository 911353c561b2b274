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
    others = (other for other in desk.app.settings.searches if other.name != search.name)
    _save(desk, owner, (*others, search), then, failed)


def drop_search(desk: Desk, owner: QObject, name: str, then: Then, failed: Failed) -> None:
    """Keep a search no longer."""
    others = (other for other in desk.app.settings.searches if other.name != name)
    _save(desk, owner, tuple(others), then, failed)


def _save(desk: Desk, owner: QObject, searches: tuple[SavedSearch, ...], then: Then, failed: Failed) -> None:
    wanted = replace(desk.app.settings, searches=searches)
    desk.background.query(lambda: desk.app.save_settings(wanted), lambda _done: then(), failed, owner=owner)
