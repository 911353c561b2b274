"""What stands in the place of a list that has no rows: what will appear here and how, and what can be done now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pecdesk.errors import N_
from pecdesk.ui.desk import Desk
from pecdesk.ui.mailbox.place import Place
from pecdesk.ui.style.panels import View


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways out of an empty archive."""

    set_up: Callable[[], object]
    import_files: Callable[[], object]
    open_demo: Callable[[], object]


def show_emptiness(
    states: View, desk: Desk, place: Place, searched: str, *, archive_is_empty: bool, ways: Ways
) -> None:
    """Say why nothing is listed; `searched` is what was searched for, safe to show, or nothing."""
    say = desk.say
    if archive_is_empty and desk.accounts.accounts:
        states.show_message(
            "received",
            say(N_("Your mail appears here as it comes")),
            say(N_("The newest messages come first. How far it is stands at the foot of the side bar.")),
        )
    elif archive_is_empty:
        states.show_message(
            "import",
            say(N_("There is no message here yet")),
            say(
                N_(
                    "Set up your PEC mailbox, or import .eml files, mbox files or whole folders: pecdesk verifies every"
                    " receipt it finds. The demo shows a made-up office."
                )
            ),
            (
                (say(N_("Set up a mailbox…")), ways.set_up),
                (say(N_("Import…")), ways.import_files),
                (say(N_("Open the demo")), ways.open_demo),
            ),
        )
    elif searched:
        hint = N_("Try fewer words, or their beginnings. Operators such as from:, state: or attachment: narrow it.")
        states.show_message("search", say(N_("Nothing found for “{words}”"), words=searched), say(hint))
    else:
        watch = desk.accounts
        is_fetched = bool(watch.accounts) if place.account is None else watch.account(place.account) is not None
        states.show_message("message", *place.empty(desk.language, is_fetched=is_fetched))
