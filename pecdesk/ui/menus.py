"""The menus of the main window: its bar, that of a row, and the two whose lines are made when they open."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from pecdesk.app.folders import targets
from pecdesk.errors import N_
from pecdesk.store import Row, ServerFolder
from pecdesk.ui.actions import MENUS, SEPARATOR, Actions, ActionWords
from pecdesk.ui.compose.keys import COMPOSE_KEYS
from pecdesk.ui.desk import Desk
from pecdesk.ui.mailbox.label_menu import fill_label_menu
from pecdesk.ui.mailbox.mailbox import Mailbox
from pecdesk.ui.mailbox.marks import Marks
from pecdesk.ui.mailbox.move_menu import fill_move_menu, looked_at
from pecdesk.ui.mailbox.side_bar import SideBar
from pecdesk.ui.outbox.row_verbs import RowVerbs

LABEL, MOVE, REST = "label", "move", ""
"""In the menu of a row: the menu of labels, that of folders, a line between two groups."""


class Menus(QObject):
    """Made once; their words follow the language."""

    def __init__(
        self,
        desk: Desk,
        actions: Actions,
        window: QMainWindow,
        *,
        side_bar: SideBar,
        mailbox: Mailbox,
        marks: Marks,
        row_verbs: RowVerbs,
    ) -> None:
        super().__init__(window)
        self._desk = desk
        self._actions = actions
        self._window = window
        self._side_bar = side_bar
        self._mailbox = mailbox
        self._marks = marks
        self._row_verbs = row_verbs
        self.labels = QMenu(window)
        self.labels.aboutToShow.connect(self._fill_labels)
        self.folders = QMenu(window)
        self.folders.aboutToShow.connect(self._fill_folders)
        self.bar = [self._build(window, entry[1]) for entry in MENUS]
        self.retranslate()

    def _build(self, window: QMainWindow, entries: Sequence[ActionWords | None]) -> QMenu:
        menu = window.menuBar().addMenu("")
        menu.aboutToShow.connect(self._allow_moving)
        for words in entries:
            if words is SEPARATOR:
                menu.addSeparator()
                continue
            menu.addAction(self._actions[words.name])
            if words.name == "mark-unread":
                menu.addMenu(self.labels)
                menu.addMenu(self.folders)
        return menu

    def retranslate(self) -> None:
        """Say them in the language in force."""
        say = self._desk.say
        for menu, (words, _) in zip(self.bar, MENUS, strict=True):
            menu.setTitle(say(words))
        self.labels.setTitle(say(N_("&Label")))
        self.folders.setTitle(say(N_("Mo&ve to")))

    def row_menu(self, row: Row | None) -> QMenu:
        """What can be done with the chosen row."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        offered = self._row_verbs.offered(row)
        self._allow_moving()
        for name in (
            *offered,
            *([REST] if offered else []),
            "inspect",
            REST,
            "export-proof",
            "save-originals",
            "print",
            REST,
            "mark-read" if row is not None and row.unread else "mark-unread",
            LABEL,
            *([MOVE] if self.folders.isEnabled() else []),
            "copy-identifier",
            REST,
            "hide",
            "delete",
        ):
            if name == LABEL:
                menu.addMenu(self.labels)
            elif name == MOVE:
                menu.addMenu(self.folders)
            elif name == REST:
                menu.addSeparator()
            else:
                menu.addAction(self._actions[name])
        return menu

    def grouped_actions(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Title of each menu, and of its actions the words and the shortcuts."""
        found = []
        for words, entries in MENUS:
            lines = []
            for entry in entries:
                if entry is not SEPARATOR:
                    keys = ", ".join(map(_native, entry.shortcuts))
                    lines.append((self._desk.say(entry.text).replace("&", ""), keys))
            found.append((self._desk.say(words).replace("&", ""), lines))
        writing = [(self._desk.say(words), ", ".join(map(_native, keys))) for words, keys in COMPOSE_KEYS.values()]
        return [*found, (self._desk.say(N_("While writing")), writing)]

    # what is made when it opens

    def _here(self) -> ServerFolder | None:
        """The folder that is looked at, if something may be moved out of it."""
        if self._mailbox.is_searching:
            return None
        return looked_at(self._side_bar.place, self._side_bar.folders, self._desk)

    def _allow_moving(self) -> None:
        here = self._here()
        is_possible = here is not None and bool(targets(self._side_bar.folders, here) and self._mailbox.chosen_ids)
        self.folders.setEnabled(is_possible)

    def _fill_labels(self) -> None:
        fill_label_menu(self.labels, self._desk, self._mailbox.chosen_ids, self._marks.write)

    def _fill_folders(self) -> None:
        folders, ids = self._side_bar.folders, self._mailbox.chosen_ids
        fill_move_menu(self.folders, self._desk, ids, self._here(), folders, self._marks.write)


def _native(keys: str) -> str:
    """Keys as they are written on this system."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
