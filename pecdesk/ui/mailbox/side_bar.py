"""The side bar: what needs somebody, the mailboxes, labels and saved searches; below, what holds of the archive now."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.store import Changes, Group, Groups
from pecdesk.ui.accounts.status_line import StatusLines
from pecdesk.ui.background import Task
from pecdesk.ui.compose.compose_button import ComposeButton
from pecdesk.ui.desk import Desk
from pecdesk.ui.mailbox.place import Place
from pecdesk.ui.mailbox.saved_searches import drop_search
from pecdesk.ui.mailbox.side_bar_delegate import SideBarDelegate
from pecdesk.ui.mailbox.side_bar_model import ENTRY_ROLE, Entry, SideBarModel, entries
from pecdesk.ui.style.panels import Notice, label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP

COUNT_EVERY = 300
"""Milliseconds between a change and the counting that follows it."""


class _Lines(QListView):
    """The list of places; choosing the chosen one again says so too."""

    chosen_again = Signal()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        before = self.currentIndex()
        super().mousePressEvent(event)
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and before.isValid() and self.indexAt(event.position().toPoint()) == before:
            self.chosen_again.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.chosen_again.emit()
        elif event.key() == Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)


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
        self._wished = Place(Group.FOLLOW).name
        self._is_restored = False
        self._told: Place | None = None
        self._task: Task | None = None
        self._model = SideBarModel(desk.language, self)
        self._delegate = SideBarDelegate(desk.theme, self)
        self.lines = _Lines()
        self.lines.setModel(self._model)
        self.lines.setItemDelegate(self._delegate)
        wear(self.lines, "side")
        self.lines.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.lines.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.lines.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.lines.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.lines.setMouseTracking(True)
        self.setFocusProxy(self.lines)
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
        self._task = self._desk.background.query(
            lambda: (app.groups(now), app.store.count()[0]), self._take, lambda _error: None, owner=self
        )

    def _changed(self, _changes: Changes) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _take(self, found: tuple[Groups, int]) -> None:
        self._groups, self._messages = found
        self._say()

    def _say(self) -> None:
        """Everything, in the language in force."""
        language = self._desk.language
        self._model.show(entries(self._groups, self._desk.app.settings.searches, language), language)
        self.lines.setAccessibleName(language.say(N_("Places")))
        self.compose.setText(language.say(N_("Write a PEC")))
        self._foot.setText(
            language.counted("Local archive · one message", "Local archive · {n} messages", self._messages)
        )
        self._show_foot()
        if self._desk.app.profile.is_demo:
            self._demo.say(Tone.AMBER, language.say(N_("DEMO – everything is made up")))
        self._choose_wished()

    def _show_foot(self) -> None:
        # Where mail is fetched, how that stands says more than how much there is.
        self._foot.setVisible(self._groups is not None and not self._desk.accounts.accounts)

    # what is chosen

    @property
    def place(self) -> Place | None:
        """The chosen place."""
        entry: Entry | None = self.lines.currentIndex().data(ENTRY_ROLE)
        return entry.place if entry is not None else None

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
        places = [entry.place for entry in self._model.entries if entry.place is not None]
        wide = [place for place in places if place.group is group and not (place.label or place.search)]
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

    def _choose_wished(self) -> None:
        """Make the wished place the current one. One that is gone for good gives way to what needs somebody."""
        if not self._is_restored and self._groups is None:
            return
        row = self._model.row_of(self._wished)
        if row is None and self._groups is not None:
            self._wished = Place(Group.FOLLOW).name
            row = self._model.row_of(self._wished)
        if row is not None:
            self.lines.setCurrentIndex(self._model.index(row))
            self._tell(self.place)

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        entry: Entry | None = current.data(ENTRY_ROLE)
        if entry is not None and entry.place is not None:
            self._wished = entry.place.name
            self._tell(entry.place)

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
