"""The side bar: what needs somebody, the mailboxes with the folders of their servers, labels and saved searches; below,
what holds of the archive now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.store import Changes, Group, Groups, ServerFolder
from pecdesk.ui.accounts.status_line import StatusLines
from pecdesk.ui.background import Task
from pecdesk.ui.compose.compose_button import ComposeButton
from pecdesk.ui.desk import Desk
from pecdesk.ui.layout_memory import LayoutMemory
from pecdesk.ui.mailbox.place import Place
from pecdesk.ui.mailbox.saved_searches import drop_search
from pecdesk.ui.mailbox.side_bar_delegate import SideBarDelegate
from pecdesk.ui.mailbox.side_bar_entries import Entry, entries, in_sight, standing_for
from pecdesk.ui.mailbox.side_bar_folders import Branches, folder_entries
from pecdesk.ui.mailbox.side_bar_lines import SideBarLines
from pecdesk.ui.mailbox.side_bar_model import ENTRY_ROLE, SideBarModel
from pecdesk.ui.style.panels import Notice, label
from pecdesk.ui.style.tokens import STEP

COUNT_EVERY = 300
"""Milliseconds between a change and the counting that follows it."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What one look at the archive showed."""

    groups: Groups
    messages: int
    folders: Sequence[ServerFolder]


class SideBar(QWidget):
    """Places to choose from."""

    chosen = Signal(Place)
    compose_asked = Signal()
    files_given = Signal(list)
    """Paths that were dropped on the button that begins a message."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._groups: Groups | None = None
        self._messages = 0
        self._folders: Sequence[ServerFolder] = ()
        self._folders_due = True
        """Whether the folders of the servers may be others than when they were last read."""
        self._branches = Branches(LayoutMemory(desk.app.profile))
        self._lines: list[Entry] = []
        """All of them, those in closed branches too."""
        self._is_laying = False
        self._wished = Place(Group.FOLLOW).name
        self._is_restored = False
        self._told: Place | None = None
        self._task: Task | None = None
        self._model = SideBarModel(desk.language, self)
        self._delegate = SideBarDelegate(desk.theme, self)
        self.lines = SideBarLines(self._model)
        self.lines.setItemDelegate(self._delegate)
        self.compose = ComposeButton()
        self.compose.clicked.connect(self.compose_asked)
        self.compose.files_given.connect(self.files_given)
        self.accounts = StatusLines(desk)
        self._demo = Notice(desk.theme)
        self._foot = label("", "small", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP, 2 * STEP, 2 * STEP, 3 * STEP)
        column.setSpacing(2 * STEP)
        column.addWidget(self.compose)
        column.addWidget(self.lines, 1)
        column.addWidget(self._demo)
        column.addWidget(self.accounts)
        column.addWidget(self._foot)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COUNT_EVERY)
        self._timer.timeout.connect(self.refresh)
        self.lines.selectionModel().currentChanged.connect(self._current_changed)
        self.lines.chosen_again.connect(lambda: self._tell(self.place, again=True))
        self.lines.branch_set.connect(self._set_branch)
        self.lines.customContextMenuRequested.connect(self._show_menu)
        desk.relay.changed.connect(self._changed)
        desk.language_changed.connect(self._say)
        desk.accounts.changed.connect(self._show_foot)
        desk.theme.changed.connect(self.lines.viewport().update)
        self._say()
        self.refresh()

    # what is shown

    def refresh(self) -> None:
        """Count again, in the background; the choice stays."""
        self._timer.stop()
        if self._task is not None and not self._task.is_done:
            self._timer.start()
            return
        app, now = self._desk.app, self._desk.clock()
        known, self._folders_due = None if self._folders_due else self._folders, False

        def look() -> _Found:
            folders = app.folders() if known is None else known
            return _Found(app.groups(now), app.store.count()[0], folders)

        self._task = self._desk.background.query(look, self._take, self._fail, owner=self)

    def _changed(self, changes: Changes) -> None:
        self._folders_due |= bool(changes.folders or changes.accounts or changes.everything)
        if not self._timer.isActive():
            self._timer.start()

    def _take(self, found: _Found) -> None:
        self._groups, self._messages, self._folders = found.groups, found.messages, found.folders
        self._say()

    def _fail(self, _error: Exception) -> None:
        """What could not be read is read with the next change."""
        self._folders_due = True

    def _say(self) -> None:
        """Everything, in the language in force."""
        language = self._desk.language
        self._lay_out()
        self.lines.setAccessibleName(language.say(N_("Places")))
        self.compose.setText(language.say(N_("Write a PEC")))
        self._foot.setText(
            language.counted("Local archive · one message", "Local archive · {n} messages", self._messages)
        )
        self._show_foot()
        if self._desk.app.profile.is_demo:
            self._demo.say(Tone.AMBER, language.say(N_("DEMO – everything is made up")))

    def _lay_out(self) -> None:
        """All lines, as the branches stand; the choice stays, and so does the keyboard where it is on a branch."""
        language = self._desk.language
        self._lines = entries(
            self._groups,
            self._desk.app.settings.searches,
            language,
            lambda account: list(folder_entries(account, self._folders, self._branches, language)),
            None if self._desk.app.outgoing.has_own_way else [one.key for one in self._desk.accounts.accounts],
        )
        resting = self.lines.current
        self._is_laying = True  # a line that goes passes the keyboard on to its neighbour: nobody chose that
        self._model.show(in_sight(self._lines), language)
        self._is_laying = False
        rests = resting is not None and resting.place is None and self._model.row_of(resting.name) is not None
        self._choose_wished(rests=rests)

    def _set_branch(self, name: str, is_open: bool) -> None:
        self._branches.set_open(name, is_open)
        self._lay_out()

    def _show_foot(self) -> None:
        # Where mail is fetched, how that stands says more than how much there is.
        self._foot.setVisible(self._groups is not None and not self._desk.accounts.accounts)

    # what is chosen

    @property
    def place(self) -> Place | None:
        """The chosen place."""
        return next((line.place for line in self._lines if line.place and line.name == self._wished), None)

    @property
    def folders(self) -> Sequence[ServerFolder]:
        """The folders of all servers, as they were last read."""
        return self._folders

    @property
    def choice_name(self) -> str:
        """What the choice is remembered by."""
        return self._wished

    def restore_choice(self, name: str) -> None:
        """Choose what was chosen once, as soon as it is known to be there; else what needs somebody."""
        self._is_restored = True
        self._wished = name or self._wished
        self._choose_wished()

    def choose_group(self, group: Group) -> None:
        """Choose the first place of a group."""
        places = [line.place for line in self._lines if line.place is not None]
        wide = [place for place in places if place.group is group and place.is_whole_group]
        if wide:
            unnarrowed = next((place for place in wide if place.account is None), wide[0])
            self._choose(unnarrowed)

    def show_choice(self, place: Place) -> None:
        """Mark a place as the one that is shown, without asking for it."""
        self._told = place
        self._wished = place.name
        self._choose_wished()

    def show_left(self, is_left: bool) -> None:
        """Whether a search stands in front of the chosen place."""
        self._delegate.is_left = is_left
        self.lines.viewport().update()

    def _choose(self, place: Place) -> None:
        self._wished = place.name
        self._choose_wished()

    def _choose_wished(self, *, rests: bool = False) -> None:
        """Choose the wished place, and go there unless the keyboard `rests` on a branch. A place that is gone for good
        gives way to what needs somebody."""
        if not self._is_restored and self._groups is None:
            return
        standing = standing_for(self._wished, self._lines)
        if standing is None and self._groups is not None:
            self._wished = Place(Group.FOLLOW).name
            standing = standing_for(self._wished, self._lines)
        if standing is not None:
            self._mark_chosen(standing)
            if not rests:
                self.lines.go_to(standing.name)
            self._tell(self.place)

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        entry: Entry | None = current.data(ENTRY_ROLE)
        if not self._is_laying and entry is not None and entry.place is not None:
            self._wished = entry.place.name
            self._mark_chosen(entry)
            self._tell(entry.place)

    def _mark_chosen(self, line: Entry) -> None:
        if self._delegate.chosen != line.name:
            self._delegate.chosen = line.name
            self.lines.viewport().update()

    def _tell(self, place: Place | None, *, again: bool = False) -> None:
        if place is not None and (again or place != self._told):
            self._told = place
            self.chosen.emit(place)

    # saved searches

    def _show_menu(self, where: QPoint) -> None:
        entry: Entry | None = self.lines.indexAt(where).data(ENTRY_ROLE)
        if entry is None or entry.place is None or not entry.place.search:
            return
        name = entry.place.search
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self._desk.say(N_("Remove this search"))).triggered.connect(lambda: self.remove_search(name))
        menu.popup(self.lines.viewport().mapToGlobal(where))

    def remove_search(self, name: str) -> None:
        """Forget a saved search; nothing else is touched."""
        drop_search(self._desk, self, name, self._say, self._complain)

    def _complain(self, error: Exception) -> None:
        self._foot.setText(self._desk.sentence(error))
        self._foot.show()
