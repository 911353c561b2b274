"""The menu of labels: those that all chosen rows carry are ticked; choosing one gives it to all, or takes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QMenu, QWidget

from pecdesk.errors import N_
from pecdesk.explain.visible import visible
from pecdesk.ui.desk import Desk
from pecdesk.ui.name_question import ask_name

MOST_ROWS = 500
"""Rows looked at for the ticks: of more, no label is ticked."""

Write = Callable[[Callable[[], object]], None]
"""Has something written, when it is its turn."""


def fill_label_menu(menu: QMenu, desk: Desk, ids: Sequence[int], write: Write) -> None:
    """Fill the menu for these rows; `write` is handed what is to be done."""
    menu.clear()
    rows = desk.app.rows_by_id(ids) if len(ids) <= MOST_ROWS else []
    for name in desk.app.labels():
        # An ampersand in a menu underlines the next letter; a name is shown as it is.
        action = menu.addAction(visible(name).replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(bool(rows) and all(name in row.labels for row in rows))
        action.setEnabled(bool(ids))
        action.triggered.connect(lambda checked=False, name=name: _label(desk, ids, name, write, gives=checked))
    if not menu.isEmpty():
        menu.addSeparator()
    new = menu.addAction(desk.say(N_("New label…")))
    new.setEnabled(bool(ids))
    new.triggered.connect(lambda: ask_label(menu, desk, ids, write))


def ask_label(owner: QWidget, desk: Desk, ids: Sequence[int], write: Write) -> None:
    """Ask for the name of a new label and give it to these rows."""
    title, question = desk.say(N_("New label")), desk.say(N_("Name of the label:"))
    ask_name(desk, owner.window(), title, question, lambda name: _label(desk, ids, name, write, gives=True))


def _label(desk: Desk, ids: Sequence[int], name: str, write: Write, *, gives: bool) -> None:
    verb, now = desk.app.add_label if gives else desk.app.remove_label, desk.clock()
    write(lambda: verb(ids, name, now))
