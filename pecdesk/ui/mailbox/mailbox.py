"""The middle of the window: the search field, and the list of one place or of what a search found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pecdesk.errors import N_, UsageError
from pecdesk.explain import Tone
from pecdesk.explain.visible import visible
from pecdesk.profile.settings import SavedSearch
from pecdesk.store import Filter, Group, Order, Row, parse_query
from pecdesk.ui.desk import Desk
from pecdesk.ui.mailbox.choice import Choice
from pecdesk.ui.mailbox.emptiness import Ways, show_emptiness
from pecdesk.ui.mailbox.list_source import ListSource
from pecdesk.ui.mailbox.place import EVERYTHING, PASSING, Place
from pecdesk.ui.mailbox.read_ahead import ReadAhead
from pecdesk.ui.mailbox.saved_searches import keep_search
from pecdesk.ui.mailbox.search_bar import SearchBar
from pecdesk.ui.mailbox.sort_button import SortButton
from pecdesk.ui.mailbox.transmission_list_model import TransmissionListModel
from pecdesk.ui.mailbox.transmission_list_view import TransmissionListView
from pecdesk.ui.style.focus_ring import FocusRing
from pecdesk.ui.style.panels import Notice, View, label
from pecdesk.ui.style.tokens import STEP

WAITING = N_(
    "Another pecdesk is writing just now. What you mark or move is done as soon as it has finished: leave this window"
    " open until then."
)


class Mailbox(QWidget):
    """Transmissions to choose from."""

    row_chosen = Signal(object)
    """The `Row` that is current, or None."""
    row_activated = Signal(object)
    """The `Row` that was opened, by Enter or double click."""
    evidence_asked = Signal(str)
    menu_asked = Signal(QPoint)
    """Where on the screen."""
    drag_asked = Signal(list)
    """Row ids."""
    import_asked = Signal()
    set_up_asked = Signal()
    demo_asked = Signal()
    place_changed = Signal(Place)
    """The list went somewhere by itself: back from a saved search, or to where a row is."""
    searching = Signal(bool)
    """Whether the list shows a search in all mail instead of the place."""
    searches_changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._place: Place | None = None
        self._place_before = EVERYTHING
        """Where Escape leads from a saved search."""
        self._search = ""
        self.listing_number = 0
        """How many listings were shown so far."""
        self.model = TransmissionListModel(desk, self)
        self.view = TransmissionListView(desk, self.model)
        self._choice = Choice(self.model, self.view, self)
        self._source = ListSource(desk, self.model, self._kept_row, self)
        self._ahead = ReadAhead(desk, self.model, self)
        self.search_bar = SearchBar(desk)
        self.sort_button = SortButton(desk)
        self.search_bar.add_button(self.sort_button)
        self.heading = label("", "section", wraps=True)
        self.heading.setContentsMargins(3 * STEP, 0, 3 * STEP, STEP)
        self.notice = Notice(desk.theme)
        self.states = View(desk.theme, self.view, desk.say(N_("Looking…")))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.search_bar)
        column.addWidget(self.notice)
        column.addWidget(self.heading)
        column.addWidget(self.states, 1)
        # As soon as a row is the current one, that has a ring of its own.
        ring = FocusRing(self.view, desk.theme, lambda: self.view.currentIndex().isValid())
        self.view.selectionModel().currentChanged.connect(ring.hide)
        self._connect()
        self._retranslate()

    def _connect(self) -> None:
        self.search_bar.searched.connect(self._take_search)
        self.search_bar.left.connect(self._leave_search)
        self.search_bar.went_down.connect(self._enter_list)
        self.search_bar.save_asked.connect(self.save_search)
        self.sort_button.ordered.connect(lambda _order: self._ask())
        self._source.loaded.connect(self._loaded)
        self._source.brought_up_to_date.connect(self._brought_up_to_date)
        self._source.failed.connect(self._failed)
        self._choice.told.connect(self.row_chosen)
        self._choice.guest_left.connect(self._source.again)
        self.view.evidence_asked.connect(self.evidence_asked)
        self.view.row_opened.connect(lambda row: self.row_activated.emit(self.model.row_at(row)))
        self.view.drag_asked.connect(lambda: self.drag_asked.emit(self.chosen_ids))
        self.view.menu_asked.connect(self.menu_asked)
        self._desk.language_changed.connect(self._retranslate)
        self._desk.accounts.changed.connect(self._say_waiting)

    def _say_waiting(self) -> None:
        """Which mailboxes there are has a say in what is said of an empty archive."""
        if self._source.archive_is_empty:
            self._say_state()

    def _retranslate(self) -> None:
        self.model.reword()
        self.view.setAccessibleName(self._desk.say(N_("Messages")))
        self.states.set_loading(self._desk.say(N_("Looking…")))
        self._say_state()

    # what is listed

    def show_place(self, place: Place) -> None:
        """List the rows of a place; a search that stood there is given up."""
        if place.search and (self._place is None or not self._place.search):
            self._place_before = self._place or EVERYTHING
        self._place = place
        self._search = ""
        self.search_bar.show_text(place.query)
        if place.query and self._is_sound(place.query):
            self._search = place.query
        self.searching.emit(False)
        self._ask()

    @property
    def order(self) -> Order:
        """In which order the list stands."""
        return self.sort_button.order

    def refresh(self) -> None:
        """The clock went on: say everything again, and look for what fits by now."""
        self.model.reword()
        self._source.again()

    def _filter(self) -> Filter:
        if self._search:
            return Filter(query=parse_query(self._search), order=self.order, limit=0)
        place = self._place or EVERYTHING
        return replace(place.filter, order=self.order)

    def _ask(self) -> None:
        """List anew."""
        if not self._tells_waiting:
            self.notice.hide()
        self.sort_button.turn_to(None if self._search or self._place is None else self._place.group)
        self._choice.remember()
        self._source.show(self._filter())
        self.states.show_loading()
        self._say_state()

    def _loaded(self) -> None:
        self.listing_number += 1
        self.view.scrollToTop()
        self._say_state()
        self._choice.take_up(f"search {self._search}" if self._search else (self._place or EVERYTHING).name)

    def _brought_up_to_date(self) -> None:
        self._say_state()
        self._choice.follow()

    def _failed(self, error: Exception, has_older: bool) -> None:
        if has_older:
            self.complain(error)
            return
        title, again = self._desk.say(N_("The list cannot be shown")), self._desk.say(N_("Try again"))
        self.states.show_message("warning", title, self._desk.sentence(error), ((again, self._ask),))

    def _say_state(self) -> None:
        """The heading of a search, and what stands in the place of an empty list."""
        count, words = self.model.rowCount(), visible(self._search)
        is_search = bool(self._search)
        self.heading.setVisible(is_search and count > 0)
        if is_search:
            found = self._desk.language.counted(
                "Results for “{words}”: one", "Results for “{words}”: {n}", count, words=words
            )
            self.heading.setText(found)
        if self._source.is_loading or self._place is None:
            return
        if count:
            self.states.show_content()
        else:
            show_emptiness(
                self.states,
                self._desk,
                self._place,
                words,
                archive_is_empty=self._source.archive_is_empty,
                ways=Ways(self.set_up_asked.emit, self.import_asked.emit, self.demo_asked.emit),
            )

    # searching

    def focus_search(self) -> None:
        """Go to the search field."""
        self.search_bar.field.setFocus()
        self.search_bar.field.selectAll()

    def search_now(self, text: str) -> None:
        """Search as if this had been typed and Enter pressed."""
        self.search_bar.show_text(text)
        self._take_search(text)

    def _is_sound(self, text: str) -> bool:
        """Whether a search can be made; what is wrong with it is told under the field."""
        try:
            parse_query(text)
        except UsageError as error:
            self.search_bar.show_error(self._desk.sentence(error))
            return False
        return True

    def _take_search(self, text: str) -> None:
        if not text:
            self._end_search()
        elif self._is_sound(text):
            self._search = text
            self.searching.emit(True)
            self._ask()

    def _end_search(self) -> None:
        """Back to the place that was left for it."""
        if self._place is not None and self._place.search:
            self.show_place(self._place_before)
            self.place_changed.emit(self._place_before)
        elif self._search:
            self._search = ""
            self.searching.emit(False)
            self._ask()

    def _leave_search(self) -> None:
        self._end_search()
        self.view.setFocus()

    def _enter_list(self) -> None:
        self.view.setFocus()
        if not self.view.currentIndex().isValid():
            self.step(1)

    def save_search(self, name: str, query: str) -> None:
        """Keep a search under a name, if it is one that can be made."""
        if self._is_sound(query):
            keep_search(self._desk, self, SavedSearch(name, query), self.searches_changed.emit, self.complain)

    # what is chosen

    @property
    def current_row(self) -> Row | None:
        """The row that is current and chosen."""
        return self._choice.row

    @property
    def chosen_ids(self) -> list[int]:
        """All that is chosen, in the order of the list."""
        return self._choice.ids

    def step(self, rows: int) -> None:
        """Choose the row that many further down, or up."""
        self._choice.step(rows)

    def choose_row(self, row_id: int) -> None:
        """Choose a row; where it is not in the list, go to where it is."""
        if self._choice.choose(row_id):
            return
        hidden = any(row.hidden for row in self._desk.app.rows_by_id([row_id]))
        place = Place(Group.HIDDEN) if hidden else EVERYTHING
        self._choice.want(row_id)
        self.show_place(place)
        self.place_changed.emit(place)

    def choose_row_when_listed(self, row_id: int) -> None:
        """Choose a row as soon as the list that is on its way is there, if it is in it."""
        if not self._choice.choose(row_id):
            self._choice.want(row_id)

    def _kept_row(self) -> int | None:
        """The chosen row does not leave the list under the eyes of who reads it, where rows come and go."""
        is_passing = bool(self._search) or (self._place is not None and self._place.group in PASSING)
        return self._choice.id if is_passing else None

    @property
    def is_searching(self) -> bool:
        """Whether what is listed was searched for, in all mail."""
        return bool(self._search)

    @property
    def _tells_waiting(self) -> bool:
        return self.notice.text == self._desk.say(WAITING)

    def tell_waiting(self, is_waiting: bool) -> None:
        """Tell that what was marked is written later, or that it is by now; what else is told stays."""
        if is_waiting:
            self.notice.say(Tone.AMBER, self._desk.say(WAITING), icon="waiting")
        elif self._tells_waiting:
            self.notice.hide()

    def tell_hidden(self, rows: int, undo: Callable[[], object]) -> None:
        """Tell that so many rows were hidden, and where they are; one click brings them back.

        Not while they wait to be hidden, which is told already.
        """
        if self._tells_waiting:
            return
        words = self._desk.language.counted(
            "One transmission hidden: it is under “Hidden”.", "{n} transmissions hidden: they are under “Hidden”.", rows
        )

        def bring_back() -> None:
            self.notice.hide()
            undo()

        offer = (self._desk.say(N_("Undo")), bring_back)
        self.notice.say(Tone.BLUE, words, offer, icon="hide")

    def complain(self, error: Exception) -> None:
        """Tell of something that could not be done."""
        close = (self._desk.say(N_("Close")), self.notice.hide)
        self.notice.say(Tone.RED, self._desk.sentence(error), close, icon="warning")
