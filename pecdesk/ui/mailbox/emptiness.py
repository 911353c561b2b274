"""What stands in the place of a list that has no rows: what will appear here and how, and what can be done now."""

from __future__ import annotations

from collections.abc import Callable

from pecdesk.errors import N_
from pecdesk.ui.desk import Desk
from pecdesk.ui.mailbox.place import Place
from pecdesk.ui.style.panels import View


def show_emptiness(
    states: View, desk: Desk, place: Place, searched: str, *, archive_is_empty: bool, import_files: Callable[[], object]
) -> None:
    """Say why nothing is listed; `searched` is what was searched for, safe to show, or nothing."""
    say = desk.say
    if archive_is_empty:
        states.show_message(
            "import",
            say(N_("There is no message here yet")),
            say(N_("Import .eml files, mbox files or whole folders: pecdesk verifies every receipt it finds.")),
            ((say(N_("Import…")), import_files),),
        )
    elif searched:
        hint = N_("Try fewer words, or their beginnings. Operators such as from:, state: or attachment: narrow it.")
        states.show_message("search", say(N_("Nothing found for “{words}”"), words=searched), say(hint))
    else:
        states.show_message("message", *place.empty(desk.language))
