"""The main window: side bar, list, reader side by side, and what joins them; nothing else.

What it opens stands in `window_dialogs`, its menus in `menus`, what is done with chosen rows in `chosen_rows`, what
it looks at again and again in `rounds`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow

from pecdesk.errors import N_
from pecdesk.store import Row
from pecdesk.store.listing import Group
from pecdesk.ui.accounts.account_windows import AccountWindows
from pecdesk.ui.actions import Actions
from pecdesk.ui.button_keys import ButtonKeys
from pecdesk.ui.chosen_rows import ChosenRows
from pecdesk.ui.columns import Columns
from pecdesk.ui.compose.composers import Composers
from pecdesk.ui.desk import Desk
from pecdesk.ui.evidence.inspectors import Inspectors
from pecdesk.ui.file_drop import FileDrop
from pecdesk.ui.layout_memory import LayoutMemory
from pecdesk.ui.mailbox.dragging import drag_out
from pecdesk.ui.mailbox.mailbox import Mailbox
from pecdesk.ui.mailbox.marks import Marks
from pecdesk.ui.mailbox.side_bar import SideBar
from pecdesk.ui.menus import Menus
from pecdesk.ui.outbox.closing_question import ClosingQuestion, about_to_leave
from pecdesk.ui.outbox.row_verbs import RowVerbs
from pecdesk.ui.reader.printing import print_with_dialog
from pecdesk.ui.reader.reader import Reader
from pecdesk.ui.rounds import Rounds
from pecdesk.ui.settings.about_dialog import AboutDialog
from pecdesk.ui.settings.settings_dialog import SettingsDialog
from pecdesk.ui.settings.shortcuts_dialog import ShortcutsDialog
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.text_size import TextSize
from pecdesk.ui.window_dialogs import WindowDialogs

FIRST_SIZE = QSize(1440, 900)
"""Where nothing is remembered, and the screen is not smaller."""

GROUPS = {
    "go-follow": Group.FOLLOW,
    "go-waiting": Group.WAITING,
    "go-anomalies": Group.ANOMALIES,
    "go-deadlines": Group.DEADLINES,
    "go-received": Group.RECEIVED,
    "go-sent": Group.SENT,
    "go-all": Group.ALL,
    "go-drafts": Group.DRAFTS,
    "go-outbox": Group.OUTBOX,
}


class MainWindow(QMainWindow):
    """One profile in three columns."""

    closed = Signal()

    def __init__(self, desk: Desk, inspectors: Inspectors | None = None) -> None:
        super().__init__()
        self.desk = desk
        self.memory = LayoutMemory(desk.app.profile)
        self.setObjectName("main")
        self.side_bar = SideBar(desk)
        self.mailbox = Mailbox(desk)
        self.reader = Reader(desk)
        wear(self.side_bar, "side")
        first = (self.side_bar.lines, self.mailbox.view, self.reader)
        self._columns = Columns(self.side_bar, self.mailbox, self.reader, first=first)
        self.setCentralWidget(self._columns)
        self.inspectors = inspectors or Inspectors(desk)
        self.account_windows = AccountWindows(desk, self)
        self.composers = Composers(desk, self)
        self.dialogs = WindowDialogs(desk, self)
        self.row_verbs = RowVerbs(desk, self.composers, self)
        self.marks = Marks(desk, self)
        self.actions_ = Actions(desk, self)
        self.rows = ChosenRows(
            desk,
            self,
            mailbox=self.mailbox,
            marks=self.marks,
            actions=self.actions_,
            dialogs=self.dialogs,
            inspectors=self.inspectors,
            composers=self.composers,
            row_verbs=self.row_verbs,
        )
        self.menus = Menus(
            desk,
            self.actions_,
            self,
            side_bar=self.side_bar,
            mailbox=self.mailbox,
            marks=self.marks,
            row_verbs=self.row_verbs,
        )
        self.rounds = Rounds(desk, self)
        ButtonKeys(self)
        # Rows that are dragged here are in the archive already.
        FileDrop(self, self.dialogs.import_paths, lambda event: event.source() is None)
        self._text_size = TextSize(desk.theme, self.memory, self.font().pointSize())
        self._may_close = False
        self._was_shown = False
        self._connect()
        self._retranslate()
        self._restore()

    # making

    def _connect(self) -> None:
        for connect in (self._connect_list, self._connect_reading, self._connect_writing):
            connect()
        self.rounds.clock_moved.connect(self._look_at_clock)
        self.desk.accounts.changed.connect(self._show_pause)
        self.desk.theme.changed.connect(self.actions_.draw)
        self.desk.language_changed.connect(self._retranslate)
        for name, act in self.verbs().items():
            self.actions_[name].triggered.connect(lambda _checked=False, act=act: act())

    def _connect_list(self) -> None:
        self.side_bar.chosen.connect(self.mailbox.show_place)
        self.side_bar.accounts.asked.connect(self.account_windows.show_status)
        self.mailbox.place_changed.connect(self.side_bar.show_choice)
        self.mailbox.searching.connect(self.side_bar.show_left)
        self.mailbox.searches_changed.connect(self.side_bar.refresh)
        self.mailbox.row_chosen.connect(self._show_row)
        self.mailbox.row_activated.connect(self.rows.open)
        self.mailbox.menu_asked.connect(self._show_menu)
        self.mailbox.drag_asked.connect(lambda ids: drag_out(self.desk, self.mailbox, ids))
        self.mailbox.import_asked.connect(self.dialogs.import_files)
        self.mailbox.set_up_asked.connect(self.account_windows.set_up)
        self.mailbox.demo_asked.connect(self.account_windows.begin_demo)
        self.account_windows.import_asked.connect(self.dialogs.import_files)
        self.marks.failed.connect(self.mailbox.complain)
        self.marks.waits.connect(self.mailbox.tell_waiting)

    def _connect_reading(self) -> None:
        for evidence_asked in (self.mailbox.evidence_asked, self.reader.evidence_asked):
            evidence_asked.connect(self.inspectors.open_message)
        self.reader.proof_asked.connect(self.dialogs.export_proof)
        self.reader.row_asked.connect(self.mailbox.choose_row)
        self._hears_inspectors = [
            self.inspectors.proof_asked.connect(self.dialogs.export_proof),
            self.inspectors.row_asked.connect(self.mailbox.choose_row),
            self.inspectors.row_asked.connect(lambda _id: self.to_front()),
            self.inspectors.import_asked.connect(lambda path: self.dialogs.import_paths([path])),
        ]
        self.reader.originals_asked.connect(self.dialogs.save_originals)
        self.reader.nested_asked.connect(self.inspectors.open_nested)
        self.reader.action_asked.connect(self.row_verbs.do)
        self.reader.filled.connect(lambda _row: self.rows.allow_again())

    def _connect_writing(self) -> None:
        self.side_bar.compose_asked.connect(self.compose)
        self.side_bar.files_given.connect(self.composers.with_files)
        self.desk.mail_asked.connect(self.composers.write_to)
        self.composers.no_account.connect(self.account_windows.set_up)
        self.row_verbs.dialog_asked.connect(self.dialogs.show)
        for failed in (self.composers.failed, self.row_verbs.failed):
            failed.connect(self.mailbox.complain)

    def verbs(self) -> dict[str, Callable[[], object]]:
        """What each action does, by the name of the action."""
        return {
            "open-file": lambda: self.dialogs.choose_to_open(self.inspectors.open_file),
            "import-files": self.dialogs.import_files,
            "import-folder": self.dialogs.import_folder,
            "add-account": self.account_windows.set_up,
            "refresh": self._check_mail,
            "pause": lambda: self.desk.accounts.pause(not self.desk.accounts.is_paused),
            "settings": lambda: self.dialogs.show_only(SettingsDialog(self.desk, self)),
            "quit": self.close,
            "search": self.mailbox.focus_search,
            "copy-identifier": self.rows.copy_identifier,
            "mark-read": lambda: self.rows.mark(read=True),
            "mark-unread": lambda: self.rows.mark(read=False),
            "hide": self.rows.hide,
            "delete": self.rows.delete,
            "compose": self.compose,
            **{name: partial(self.rows.do, name) for name in self.row_verbs.names},
            "inspect": self.rows.inspect,
            "export-proof": lambda: self.dialogs.export_proof(self.mailbox.chosen_ids),
            "save-originals": lambda: self.dialogs.save_originals(self.mailbox.chosen_ids),
            "print": lambda: print_with_dialog(self.reader, self.desk, self),
            "next": lambda: self.mailbox.step(1),
            "previous": lambda: self.mailbox.step(-1),
            "next-area": lambda: self._columns.step(self.focusWidget(), 1),
            "previous-area": lambda: self._columns.step(self.focusWidget(), -1),
            "page-down": lambda: self.reader.scroll_page(1),
            "page-up": lambda: self.reader.scroll_page(-1),
            "larger": lambda: self._text_size.step(1),
            "smaller": lambda: self._text_size.step(-1),
            "usual-size": self._text_size.reset,
            "shortcuts": lambda: self.dialogs.show_only(ShortcutsDialog(self.desk, self.menus.grouped_actions(), self)),
            "about": lambda: self.dialogs.show_only(AboutDialog(self.desk, self)),
            **{name: partial(self.side_bar.choose_group, group) for name, group in GROUPS.items()},
        }

    def _retranslate(self) -> None:
        say = self.desk.say
        title = say(N_("pecdesk – DEMO: everything here is made up")) if self.desk.app.profile.is_demo else "pecdesk"
        self.setWindowTitle(title)
        self.actions_.retranslate()
        self.menus.retranslate()
        self._show_pause()

    # opening and closing

    def _restore(self) -> None:
        if not self.memory.restore(self, "main"):
            self.resize(FIRST_SIZE.boundedTo(self.screen().availableGeometry().size()))
        self.inspectors.remember_place(self.memory.place("inspector"))
        self.composers.remember_place(self.memory.place("compose"))
        self._text_size.restore()
        self.side_bar.lines.setFocus()
        self.side_bar.restore_choice(self.memory.word("main/place"))
        if row := self.memory.number("main/row"):
            self.mailbox.choose_row_when_listed(row)
        self.rows.allow(None)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._was_shown:
            # Only now the columns have their width: what is divided before is pressed to the smallest.
            self._was_shown = True
            self.memory.restore_splitter(self._columns, "main")

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.dialogs.ask_busy():
            event.ignore()
            return
        if not self._may_close and (rows := about_to_leave(self.desk.app, self.desk.clock())):
            event.ignore()
            self._ask_before_closing(rows)
            return
        self.memory.keep(self, "main")
        self.memory.keep_splitter(self._columns, "main")
        self.memory.keep_word("main/place", self.side_bar.choice_name)
        row = self.mailbox.current_row
        self.memory.keep_number("main/row", row.id if row else 0)
        self.rounds.stop()
        self.marks.stop()
        self.inspectors.close_all()
        while self._hears_inspectors:  # they may outlive this window: the next one does what is asked in them
            QObject.disconnect(self._hears_inspectors.pop())
        self.memory.keep_place("inspector", self.inspectors.place)
        self.account_windows.close_all()
        self.composers.close_all()
        self.memory.keep_place("compose", self.composers.place)
        self.dialogs.close_all()
        super().closeEvent(event)
        self.closed.emit()

    def _ask_before_closing(self, rows: Sequence[Row]) -> None:
        question = ClosingQuestion(self.desk, rows, self)
        question.close_asked.connect(self._close_all_the_same)
        self.dialogs.show(question)

    def _close_all_the_same(self) -> None:
        self._may_close = True
        self.close()

    def welcome(self) -> None:
        """On the first start with a new profile: set up a mailbox, import an archive, or look at the demo."""
        self.account_windows.set_up(is_first_run=True)

    def to_front(self) -> None:
        """Come before all other windows."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()

    # between the columns

    def _show_row(self, row: Row | None) -> None:
        self.rows.allow(row)
        self.reader.show_row(row)

    def _show_menu(self, where: QPoint) -> None:
        if self.mailbox.current_row is not None:
            self.menus.row_menu(self.mailbox.current_row).popup(where)

    def compose(self) -> None:
        """Write a new message, from the mailbox that is being looked at."""
        place = self.side_bar.place
        self.composers.new(place.account if place is not None else None)

    def _look_at_clock(self) -> None:
        self.side_bar.refresh()
        self.mailbox.refresh()

    def _check_mail(self) -> None:
        self._look_at_clock()
        if self.desk.accounts.accounts:
            self.desk.app.syncing.check_now()

    def _show_pause(self) -> None:
        """One action for both ways, called what it does."""
        paused, action = self.desk.accounts.is_paused, self.actions_["pause"]
        action.setText(self.desk.say(N_("&Go on synchronising") if paused else N_("&Pause synchronisation")))
        action.setEnabled(bool(self.desk.accounts.accounts))
