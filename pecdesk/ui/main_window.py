"""The main window: side bar, list, reader side by side, and the actions that join them; nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QShowEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QMainWindow, QMenu, QSplitter, QWidget

from pecdesk.errors import N_
from pecdesk.pec.transmission import Transmission
from pecdesk.store import Row
from pecdesk.store.listing import Group
from pecdesk.ui.actions import MENUS, SEPARATOR, Actions
from pecdesk.ui.desk import Desk
from pecdesk.ui.evidence.inspectors import Inspectors
from pecdesk.ui.intake.import_dialog import ImportDialog
from pecdesk.ui.layout_memory import LayoutMemory
from pecdesk.ui.mailbox.dragging import drag_out
from pecdesk.ui.mailbox.erase_dialog import EraseDialog
from pecdesk.ui.mailbox.label_menu import fill_label_menu
from pecdesk.ui.mailbox.mailbox import Mailbox
from pecdesk.ui.mailbox.side_bar import SideBar
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

_log = logging.getLogger("ui")

GROUPS = {
    "go-follow": Group.FOLLOW,
    "go-waiting": Group.WAITING,
    "go-anomalies": Group.ANOMALIES,
    "go-deadlines": Group.DEADLINES,
    "go-received": Group.RECEIVED,
    "go-sent": Group.SENT,
    "go-all": Group.ALL,
}


class MainWindow(QMainWindow):
    """One profile in three columns."""

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
        self.mailbox.row_activated.connect(self._inspect)
        self.mailbox.menu_asked.connect(self._show_menu)
        self.mailbox.import_asked.connect(self.import_files)
        self.mailbox.drag_asked.connect(lambda ids: drag_out(self.desk, self.mailbox, ids))
        for evidence_asked in (self.mailbox.evidence_asked, self.reader.evidence_asked):
            evidence_asked.connect(self.inspectors.open_message)
        for part in (self.reader, self.inspectors):
            part.proof_asked.connect(self.export_proof)
            part.row_asked.connect(self.mailbox.choose_row)
        self.inspectors.row_asked.connect(lambda _id: self._to_front())
        self.inspectors.import_asked.connect(lambda path: self.import_paths([path]))
        self.reader.originals_asked.connect(self.save_originals)
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
            "settings": lambda: self._open(SettingsDialog(self.desk, self)),
            "quit": self.close,
            "search": self.mailbox.focus_search,
            "copy-identifier": self._copy_identifier,
            "mark-read": lambda: self._mark(read=True),
            "mark-unread": lambda: self._mark(read=False),
            "hide": self._hide,
            "delete": lambda: self._open(EraseDialog(self.desk, self.mailbox.chosen_ids, self)),
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
            "refresh": self._look_at_clock,
            "shortcuts": lambda: self._open(ShortcutsDialog(self.desk, self.grouped_actions(), self)),
            "about": lambda: self._open(AboutDialog(self.desk, self)),
            **{name: partial(self.side_bar.choose_group, group) for name, group in GROUPS.items()},
        }

    def _retranslate(self) -> None:
        say = self.desk.say
        title = say(N_("pecdesk – DEMO: everything here is made up")) if self.desk.app.profile.is_demo else "pecdesk"
        self.setWindowTitle(title)
        self.actions_.retranslate()
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
                    keys = ", ".join(
                        QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) for keys in entry.shortcuts
                    )
                    lines.append((self.desk.say(entry.text).replace("&", ""), keys))
            found.append((self.desk.say(words).replace("&", ""), lines))
        return found

    # the window itself

    def _restore(self) -> None:
        if not self.memory.restore(self, "main"):
            self.resize(1440, 900)
        self.inspectors.remember_place(self.memory.place("inspector"))
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
        for dialog in self._dialogs:
            dialog.close()
        super().closeEvent(event)

    def _to_front(self) -> None:
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
        self.actions_.set_row_chosen(chosen=row is not None)
        self.reader.show_row(row)

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
        names = ("inspect", "", "export-proof", "save-originals", "print", "")
        for name in (
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


def decisive_message(row: Transmission) -> str | None:
    """The message that says most about a row: the newest evidence that counts, else what the row is made of."""
    counting = [line for line in row.evidence if line.counts and line.time is not None]
    if counting:
        return max(counting, key=lambda line: (line.time, line.sha256)).sha256
    if row.evidence:
        return row.evidence[-1].sha256
    return row.original_sha256
