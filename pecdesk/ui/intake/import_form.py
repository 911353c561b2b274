"""What to bring in, and whose mailbox it is: the fields of the import dialog."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from pecdesk.errors import N_
from pecdesk.explain.visible import visible
from pecdesk.ui.desk import Desk
from pecdesk.ui.outside import Outside
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP

LIST_HEIGHT = 110
"""Device-independent pixels of the list of files at least."""


class ImportForm(QWidget):
    """Files and folders, and an address or none."""

    changed = Signal()

    def __init__(self, desk: Desk, paths: Iterable[Path], outside: Outside) -> None:
        super().__init__()
        self._desk = desk
        self._outside = outside
        self.paths: list[Path] = []
        self._what = label("", "section")
        self.list = QListWidget()
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.list.setMinimumHeight(LIST_HEIGHT)
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.list.installEventFilter(self)
        wear(self.list, "card")
        self._hint = label("", "muted", wraps=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        QVBoxLayout(self.list).addWidget(self._hint)
        self._what.setBuddy(self.list)
        self.files_button, self._add_folder, self._take_out = QPushButton(), QPushButton(), QPushButton()
        self._whose = label("", "section")
        self.account = QComboBox()
        self.account.setEditable(True)
        self.account.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.account.addItem("")
        self.account.addItems(desk.app.accounts())
        self._whose.setBuddy(self.account)
        self._why = label("", "muted", wraps=True)
        self._lay_out()
        self.files_button.clicked.connect(self._choose_files)
        self._add_folder.clicked.connect(self._choose_folder)
        self._take_out.clicked.connect(self._remove_chosen)
        self.list.itemSelectionChanged.connect(self._allow)
        self.account.editTextChanged.connect(self.changed)
        self.add(paths)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * STEP)
        for button in (self.files_button, self._add_folder, self._take_out):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * STEP)
        column.addWidget(self._what)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        column.addSpacing(3 * STEP)
        column.addWidget(self._whose)
        column.addWidget(self.account)
        column.addWidget(self._why)

    def retranslate(self) -> None:
        """Say everything anew."""
        say = self._desk.say
        self._what.setText(say(N_("&What to bring in")))
        self._hint.setText(say(N_("Drag files and folders here, or add them below.")))
        self.files_button.setText(say(N_("Add &files…")))
        self._add_folder.setText(say(N_("Add a f&older…")))
        self._take_out.setText(say(N_("&Remove")))
        self._whose.setText(say(N_("Whose &mailbox it is")))
        untouched = self.account.currentIndex() == 0 and self.account.currentText() == self.account.itemText(0)
        self.account.setItemText(0, say(N_("Not stated")))
        if untouched:
            self.account.setCurrentIndex(0)
            self.account.setEditText(self.account.itemText(0))
        self._why.setText(
            say(
                N_(
                    "With its address, what was sent is told from what arrived. Without it, receipts belong to the"
                    " sender they certify, and messages to their recipient if that is a mailbox of this archive."
                    " You can type an address that is not in the list."
                )
            )
        )

    def add(self, paths: Iterable[Path]) -> None:
        """Bring these in too."""
        for path in paths:
            if path not in self.paths:
                self.paths.append(path)
                self.list.addItem(QListWidgetItem(visible(str(path))))
        self._allow()
        self.changed.emit()

    def clear(self) -> None:
        """Begin again, for the same mailbox."""
        self.paths.clear()
        self.list.clear()
        self._allow()
        self.changed.emit()

    @property
    def stated_account(self) -> str | None:
        """The address as it was written; None when none is stated."""
        written = self.account.currentText().strip()
        return written if written and written != self.account.itemText(0) else None

    def _choose_files(self) -> None:
        say = self._desk.say
        kinds: Sequence[str] = (
            say(N_("Mail (*.eml *.mbox *.mbx)")),
            say(N_("All (*)")),
        )
        self._outside.choose_files(self, say(N_("Import files")), kinds, self.add)

    def _choose_folder(self) -> None:
        start = self.paths[-1].parent if self.paths else Path.home()
        self._outside.choose_folder(
            self, self._desk.say(N_("Import a folder")), start, lambda folder: self.add([folder])
        )

    def _remove_chosen(self) -> None:
        for number in sorted((index.row() for index in self.list.selectedIndexes()), reverse=True):
            self.list.takeItem(number)
            del self.paths[number]
        self._allow()
        self.changed.emit()

    def _allow(self) -> None:
        self._hint.setVisible(not self.paths)
        self._take_out.setEnabled(bool(self.list.selectedIndexes()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.list
            and isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
        ):
            self._remove_chosen()
            return True
        return super().eventFilter(watched, event)
