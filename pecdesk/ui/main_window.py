"""The main window: side bar, list, reader side by side, and the actions that join them; nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QShowEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QMainWindow, QMenu, QSplitter, QWidget

from pecdesk.errors import N_
from pecdesk.pec.transmission import Transmission
from pecdesk.store import Row
from pecdesk.store.listing import Group
from pecdesk.ui.accounts.account_windows import AccountWindows
from pecdesk.ui.actions import MENUS, SEPARATOR, Actions
from pecdesk.ui.compose.composers import Composers
from pecdesk.ui.compose.keys import COMPOSE_KEYS
from pecdesk.ui.desk import Desk
from pecdesk.ui.evidence.inspectors import Inspectors
from pecdesk.ui.intake.import_dialog import ImportDialog
from pecdesk.ui.layout_memory import LayoutMemory
from pecdesk.ui.mailbox.dragging import drag_out
from pecdesk.ui.mailbox.erase_dialog import EraseDialog
from pecdesk.ui.mailbox.label_menu import fill_label_menu
from pecdesk.ui.mailbox.mailbox import Mailbox
from pecdesk.ui.mailbox.side_bar import SideBar
from pecdesk.ui.outbox.closing_question import ClosingQuestion, about_to_leave
from pecdesk.ui.outbox.discard_dialog import DiscardDialog
from pecdesk.ui.outbox.row_verbs import RowVerbs
from pecdesk.ui.proof.export_dialog import ExportDialog
from pecdesk.ui.reader.printing import print_with_dialog
from pecdesk.ui.reader.reader import Reader
from pecdesk.ui.settings.about_dialog import AboutDialog
from pecdesk.ui.settings.settings_dialog import SettingsDialog
from pecdesk.ui.settings.shortcuts_dialog import ShortcutsDialog
from pecdesk.ui.style.sheet import wear

CLOCK_EVERY = 60_000
"""Milliseconds between two looks at the clock: what is waiting too long grows by itself."""
REVOCATION_EVERY = 3_600_000
"""Milliseconds between two looks at whether a revocation list is due, where the user allows asking for it."""
ELSEWHERE_EVERY = 1_000
"""Milliseconds between two looks at whether another process wrote."""

SMALLEST_TEXT, LARGEST_TEXT = 7, 28
"""Points."""

MOST_DRAFTS = 50
"""Drafts thrown away at once."""

_log = logging.getLogger("ui")

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
        self.setAcceptDrops(True)
        self.side_bar = SideBar(desk)
        self.mailbox = Mailbox(desk)
        self.reader = Reader(desk)
        self.inspectors = inspectors or Inspectors(desk)
        self.account_windows = AccountWindows(desk, self)
        self.composers = Composers(desk, self)
        self.row_verbs = RowVerbs(desk, self.composers, self)
        self._may_close = False
        self.actions_ = Actions(desk, self)
        self._menus: list[QMenu] = []
        self._label_menu = QMenu(self)
        self._dialogs: list[QDialog] = []
        self._was_shown = False
        self._columns = self._build_columns()
        self._build_menus()
        self._connect()
        self._clock = QTimer(self)
        self._clock.setInterval(CLOCK_EVERY)
        self._clock.timeout.connect(self._look_at_clock)
        self._clock.start()
        self._elsewhere = QTimer(self)
        self._elsewhere.setInterval(ELSEWHERE_EVERY)
        self._elsewhere.timeout.connect(self._look_elsewhere)
        self._elsewhere.start()
        self._revocation = QTimer(self)
        self._revocation.setInterval(REVOCATION_EVERY)
        self._revocation.timeout.connect(self._look_for_revocations)
        self._revocation.start()
        self._look_for_revocations()
        self._point_size = self.font().pointSize()
        self._retranslate()
        self._restore()

    # making

    def _build_columns(self) -> QSplitter:
        columns = QSplitter(Qt.Orientation.Horizontal)
        columns.setChildrenCollapsible(False)
        columns.setHandleWidth(1)
        for number, (column, smallest, stretch) in enumerate(
            ((self.side_bar, 180, 0), (self.mailbox, 260, 2), (self.reader, 380, 3))
        ):
            column.setMinimumWidth(smallest)
            columns.addWidget(column)
            columns.setStretchFactor(number, stretch)
        columns.setSizes([230, 470, 740])
        wear(self.side_bar, "side")
        self.setCentralWidget(columns)
        return columns

    def _build_menus(self) -> None:
        for _, entries in MENUS:
            menu = self.menuBar().addMenu("")
            self._menus.append(menu)
            for words in entries:
                if words is SEPARATOR:
                    menu.addSeparator()
                else:
                    menu.addAction(self.actions_[words.name])
                    if words.name == "mark-unread":
                        menu.addMenu(self._label_menu)
        self._label_menu.aboutToShow.connect(
            lambda: fill_label_menu(
                self._label_menu, self.desk, self.mailbox.chosen_ids, complain=self.mailbox.complain
            )
        )

    def _connect(self) -> None:
        self.side_bar.chosen.connect(self.mailbox.show_place)
        self.mailbox.place_changed.connect(self.side_bar.show_choice)
        self.mailbox.searching.connect(self.side_bar.show_left)
        self.mailbox.searches_changed.connect(self.side_bar.refresh)
        self.mailbox.row_chosen.connect(self._show_row)
        self.mailbox.row_activated.connect(self._open_row)
        self.mailbox.menu_asked.connect(self._show_menu)
        self.mailbox.import_asked.connect(self.import_files)
        self.mailbox.set_up_asked.connect(self.account_windows.set_up)
        self.mailbox.demo_asked.connect(self.account_windows.begin_demo)
        self.account_windows.import_asked.connect(self.import_files)
        self.side_bar.accounts.asked.connect(self.account_windows.show_status)
        self.desk.accounts.changed.connect(self._show_pause)
        self.mailbox.drag_asked.connect(lambda ids: drag_out(self.desk, self.mailbox, ids))
        for evidence_asked in (self.mailbox.evidence_asked, self.reader.evidence_asked):
            evidence_asked.connect(self.inspectors.open_message)
        for part in (self.reader, self.inspectors):
            part.proof_asked.connect(self.export_proof)
            part.row_asked.connect(self.mailbox.choose_row)
        self.inspectors.row_asked.connect(lambda _id: self.to_front())
        self.inspectors.import_asked.connect(lambda path: self.import_paths([path]))
        self.reader.originals_asked.connect(self.save_originals)
        self.reader.action_asked.connect(self.row_verbs.do)
        self.reader.filled.connect(self._allow_offers)
        self.side_bar.compose_asked.connect(self.compose)
        self.side_bar.files_given.connect(self.composers.with_files)
        self.desk.mail_asked.connect(self.composers.write_to)
        self.composers.no_account.connect(self.account_windows.set_up)
        self.row_verbs.dialog_asked.connect(self._open)
        for failed in (self.composers.failed, self.row_verbs.failed):
            failed.connect(self.mailbox.complain)
        self.reader.nested_asked.connect(self.inspectors.open_nested)
        self.desk.theme.changed.connect(self.actions_.draw)
        self.desk.language_changed.connect(self._retranslate)
        for name, act in self.verbs().items():
            self.actions_[name].triggered.connect(lambda _checked=False, act=act: act())

    def verbs(self) -> dict[str, Callable[[], object]]:
        """What each action does, by the name of the action."""
        return {
            "open-file": self.open_files,
            "import-files": self.import_files,
            "import-folder": self.import_folder,
            "add-account": self.account_windows.set_up,
            "refresh": self._check_mail,
            "pause": self._pause,
            "settings": lambda: self._open(SettingsDialog(self.desk, self)),
            "quit": self.close,
            "search": self.mailbox.focus_search,
            "copy-identifier": self._copy_identifier,
            "mark-read": lambda: self._mark(read=True),
            "mark-unread": lambda: self._mark(read=False),
            "hide": self._hide,
            "delete": self._delete,
            "compose": self.compose,
            **{name: partial(self._do, name) for name in self.row_verbs.names},
            "inspect": lambda: self._inspect(self.mailbox.current_row),
            "export-proof": lambda: self.export_proof(self.mailbox.chosen_ids),
            "save-originals": lambda: self.save_originals(self.mailbox.chosen_ids),
            "print": lambda: print_with_dialog(self.reader, self),
            "next": lambda: self.mailbox.step(1),
            "previous": lambda: self.mailbox.step(-1),
            "next-area": lambda: self._step_area(1),
            "previous-area": lambda: self._step_area(-1),
            "page-down": lambda: self.reader.scroll_page(1),
            "page-up": lambda: self.reader.scroll_page(-1),
            "larger": lambda: self._size_text(1),
            "smaller": lambda: self._size_text(-1),
            "usual-size": lambda: self._size_text(0),
            "shortcuts": lambda: self._open(ShortcutsDialog(self.desk, self.grouped_actions(), self)),
            "about": lambda: self._open(AboutDialog(self.desk, self)),
            **{name: partial(self.side_bar.choose_group, group) for name, group in GROUPS.items()},
        }

    def _retranslate(self) -> None:
        say = self.desk.say
        title = say(N_("pecdesk – DEMO: everything here is made up")) if self.desk.app.profile.is_demo else "pecdesk"
        self.setWindowTitle(title)
        self.actions_.retranslate()
        self._show_pause()
        for menu, (words, _) in zip(self._menus, MENUS, strict=True):
            menu.setTitle(say(words))
        self._label_menu.setTitle(say(N_("&Label")))

    def grouped_actions(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Title of each menu, and of its actions the words and the shortcuts."""
        found = []
        for words, entries in MENUS:
            lines = []
            for entry in entries:
                if entry is not SEPARATOR:
                    keys = ", ".join(map(_native, entry.shortcuts))
                    lines.append((self.desk.say(entry.text).replace("&", ""), keys))
            found.append((self.desk.say(words).replace("&", ""), lines))
        writing = [(self.desk.say(words), ", ".join(map(_native, keys))) for words, keys in COMPOSE_KEYS.values()]
        return [*found, (self.desk.say(N_("While writing")), writing)]

    # the window itself

    def _restore(self) -> None:
        if not self.memory.restore(self, "main"):
            self.resize(1440, 900)
        self.inspectors.remember_place(self.memory.place("inspector"))
        self.composers.remember_place(self.memory.place("compose"))
        if points := self.memory.number("text/points"):
            self._set_text_size(points)
        self.side_bar.restore_choice(self.memory.word("main/place"))
        if row := self.memory.number("main/row"):
            self.mailbox.choose_row_when_listed(row)
        self.actions_.set_row_chosen(chosen=False)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._was_shown:
            # Only now the columns have their width: what is divided before is pressed to the smallest.
            self._was_shown = True
            self.memory.restore_splitter(self._columns, "main")

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_close and (rows := about_to_leave(self.desk.app, self.desk.clock())):
            event.ignore()
            self._ask_before_closing(rows)
            return
        self.memory.keep(self, "main")
        self.memory.keep_splitter(self._columns, "main")
        self.memory.keep_word("main/place", self.side_bar.choice_name)
        row = self.mailbox.current_row
        self.memory.keep_number("main/row", row.id if row else 0)
        self._clock.stop()
        self._elsewhere.stop()
        self._revocation.stop()
        self.inspectors.close_all()
        self.memory.keep_place("inspector", self.inspectors.place)
        self.account_windows.close_all()
        self.composers.close_all()
        self.memory.keep_place("compose", self.composers.place)
        for dialog in self._dialogs:
            dialog.close()
        super().closeEvent(event)
        self.closed.emit()

    def _ask_before_closing(self, rows: Sequence[Row]) -> None:
        question = ClosingQuestion(self.desk, rows, self)
        question.close_asked.connect(self._close_all_the_same)
        self._open(question)

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

    def _step_area(self, step: int) -> None:
        areas: list[QWidget] = [self.side_bar, self.mailbox, self.reader]
        focused = self.focusWidget()
        here = next((n for n, area in enumerate(areas) if focused and area.isAncestorOf(focused)), 0)
        areas[(here + step) % len(areas)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _size_text(self, step: int) -> None:
        size = self._point_size if step == 0 else self.font().pointSize() + step
        self._set_text_size(size)
        self.memory.keep_number("text/points", size)

    def _set_text_size(self, points: int) -> None:
        font = QGuiApplication.font()
        font.setPointSize(max(SMALLEST_TEXT, min(LARGEST_TEXT, points)))
        self.desk.theme.set_font(font)

    def _look_at_clock(self) -> None:
        self.side_bar.refresh()
        self.mailbox.refresh()

    def _check_mail(self) -> None:
        self._look_at_clock()
        if self.desk.accounts.accounts:
            self.desk.app.syncing.check_now()

    def _pause(self) -> None:
        self.desk.accounts.pause(not self.desk.accounts.is_paused)

    def _show_pause(self) -> None:
        """One action for both ways, called what it does."""
        paused, action = self.desk.accounts.is_paused, self.actions_["pause"]
        action.setText(self.desk.say(N_("&Go on synchronising") if paused else N_("&Pause synchronisation")))
        action.setEnabled(bool(self.desk.accounts.accounts))

    def _look_elsewhere(self) -> None:
        """Others may write to the profile as well: what they change is told like our own changes."""
        if self.desk.background.is_idle:
            self.desk.background.query(
                self.desk.app.notice_others, lambda _noticed: None, lambda _error: None, owner=self
            )

    def _look_for_revocations(self) -> None:
        """Fetch what is due; what it changes is told like every change, and what fails is tried again another time."""
        now = self.desk.clock()
        self.desk.background.job(
            lambda task: self.desk.app.fetch_revocation(now, task.progress, task.is_cancelled),
            lambda _renewed: None,
            lambda error: _log.warning("revocation lists: %s", type(error).__name__),
            owner=self,
        )

    # what is chosen

    def _show_row(self, row: Row | None) -> None:
        self.actions_.set_row_chosen(chosen=row is not None, offered=self.row_verbs.offered(row))
        self.reader.show_row(row)

    def _allow_offers(self, row: Row) -> None:
        """What a row offers changes with its state."""
        if self.mailbox.current_row is not None:
            self.actions_.set_row_chosen(chosen=True, offered=self.row_verbs.offered(row))

    def _open_row(self, row: Row | None) -> None:
        """Enter, or a double click: a draft is written on, of anything else the evidence is shown."""
        if row is not None and row.transmission.draft_id is not None:
            self.composers.open_draft(row.transmission.draft_id)
        else:
            self._inspect(row)

    def _do(self, name: str) -> None:
        self.row_verbs.do(name, self.mailbox.current_row)

    def compose(self) -> None:
        """Write a new message, from the mailbox that is being looked at."""
        place = self.side_bar.place
        self.composers.new(place.account if place is not None else None)

    def _delete(self) -> None:
        rows = self.desk.app.rows_by_id(self.mailbox.chosen_ids[:MOST_DRAFTS])
        if rows and all(row.transmission.draft_id is not None for row in rows):
            self._open(DiscardDialog(self.desk, rows, self))
        else:
            self._open(EraseDialog(self.desk, self.mailbox.chosen_ids, self))

    def _inspect(self, row: Row | None) -> None:
        """Open what decides about a row: its last counting evidence, else the message itself."""
        if row is not None and (sha256 := decisive_message(row.transmission)):
            self.inspectors.open_message(sha256)

    def _copy_identifier(self) -> None:
        row = self.mailbox.current_row
        if row is not None:
            QGuiApplication.clipboard().setText(row.transmission.identifier or row.transmission.message_id or "")

    def _mark(self, *, read: bool) -> None:
        ids = self.mailbox.chosen_ids
        self._write(lambda: self.desk.app.mark_read(ids, read=read, at=self.desk.clock()))

    def _hide(self) -> None:
        ids = self.mailbox.chosen_ids
        row = self.mailbox.current_row
        verb = self.desk.app.unhide if row is not None and row.hidden else self.desk.app.hide
        self._write(lambda: verb(ids, self.desk.clock()))

    def _write(self, work: Callable[[], object]) -> None:
        self.desk.background.query(work, lambda _done: None, self.mailbox.complain, owner=self)

    def _show_menu(self, where: QPoint) -> None:
        if self.mailbox.current_row is not None:
            self.row_menu().popup(where)

    def row_menu(self) -> QMenu:
        """What can be done with the chosen row."""
        row = self.mailbox.current_row
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        offered = self.row_verbs.offered(row)
        names = ("inspect", "", "export-proof", "save-originals", "print", "")
        for name in (
            *offered,
            *([""] if offered else []),
            *names,
            "mark-read" if row is not None and row.unread else "mark-unread",
            "label",
            "copy-identifier",
            "",
            "hide",
        ):
            if name == "label":
                menu.addMenu(self._label_menu)
            elif name:
                menu.addAction(self.actions_[name])
            else:
                menu.addSeparator()
        menu.addAction(self.actions_["delete"])
        return menu

    # dialogs

    def _open(self, dialog: QDialog) -> None:
        """Show a dialog without waiting for it."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialogs.append(dialog)
        dialog.finished.connect(lambda _code: self._dialogs.remove(dialog) if dialog in self._dialogs else None)
        dialog.open()

    def export_proof(self, ids: Sequence[int]) -> None:
        """Ask where the proof of these rows goes."""
        if ids:
            self._open(ExportDialog(self.desk, list(ids), self))

    def save_originals(self, ids: Sequence[int]) -> None:
        """Ask where the messages of these rows go."""
        if ids:
            self._open(ExportDialog(self.desk, list(ids), self, originals_only=True))

    def open_files(self) -> None:
        """Choose message files to inspect."""
        self._choose_files(N_("Open a message file"), lambda paths: [self.inspectors.open_file(p) for p in paths])

    def import_files(self) -> None:
        """Choose files to bring into the archive."""
        self._choose_files(N_("Import files"), self.import_paths)

    def _choose_files(self, title: str, then: Callable[[list[Path]], object]) -> None:
        dialog = QFileDialog(self, self.desk.say(title))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([self.desk.say(N_("Mail (*.eml *.mbox *.mbx)")), self.desk.say(N_("All files (*)"))])
        dialog.filesSelected.connect(lambda names: then([Path(name) for name in names]))
        self._open(dialog)

    def import_folder(self) -> None:
        """Choose a folder to bring into the archive."""
        dialog = QFileDialog(self, self.desk.say(N_("Import a folder")))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.filesSelected.connect(lambda names: self.import_paths([Path(name) for name in names]))
        self._open(dialog)

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Bring these files and folders into the archive."""
        self._open(ImportDialog(self.desk, list(paths), self))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is None and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.import_paths(paths)


def _native(keys: str) -> str:
    """Keys as they are written on this system."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def decisive_message(row: Transmission) -> str | None:
    """The message that says most about a row: the newest evidence that counts, else what the row is made of."""
    counting = [line for line in row.evidence if line.counts and line.time is not None]
    if counting:
        return max(counting, key=lambda line: (line.time, line.sha256)).sha256
    if row.evidence:
        return row.evidence[-1].sha256
    return row.original_sha256
