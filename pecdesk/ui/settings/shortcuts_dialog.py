"""Every action of the window with its keys, by menu, and a field that finds one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from pecdesk.errors import N_
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog
from pecdesk.ui.style.panels import label

Actions = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""Title of each menu, and of its actions the words and the keys."""


class ShortcutsDialog(Dialog):
    """To be looked through; typing narrows it."""

    scrolls = False

    def __init__(self, desk: Desk, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._title = label("", "title")
        self.filter = QLineEdit()
        self.filter.setClearButtonEnabled(True)
        self.table = QTreeWidget()
        self.table.setColumnCount(2)
        self.table.setRootIsDecorated(False)
        self.table.setItemsExpandable(False)
        self.table.setUniformRowHeights(True)
        self.table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._groups: list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = []
        self._none = label("", "muted", wraps=True)
        self._fill(actions)
        for widget in (self._title, self.filter, self._none):
            self.body.addWidget(widget)
        self.body.addWidget(self.table, 1)
        self.close_button = self.add_button("primary")
        self.close_button.clicked.connect(self.reject)
        self.filter.textChanged.connect(self._narrow)
        self.retranslate()
        self._narrow()
        self.fit(520, 620)
        self.filter.setFocus()

    def _fill(self, actions: Actions) -> None:
        for title, lines in actions:
            group = QTreeWidgetItem([title, ""])
            font = group.font(0)
            font.setBold(True)
            group.setFont(0, font)
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.table.addTopLevelItem(group)
            entries = [QTreeWidgetItem([words, keys]) for words, keys in lines]
            group.addChildren(entries)
            group.setExpanded(True)
            self._groups.append((group, entries))

    def retranslate(self) -> None:
        say = self.desk.say
        self.setWindowTitle(say(N_("Keyboard shortcuts")))
        self._title.setText(say(N_("Keyboard shortcuts")))
        self.filter.setPlaceholderText(say(N_("Find an action or a key")))
        self.filter.setAccessibleName(say(N_("Find an action or a key")))
        self.table.setHeaderLabels([say(N_("Action")), say(N_("Keys"))])
        self.table.setAccessibleName(say(N_("Keyboard shortcuts")))
        self._none.setText(say(N_("No action is called that, and none has these keys.")))
        self.close_button.setText(say(N_("&Close")))

    def _narrow(self) -> None:
        """Show what holds what was typed, in its words or its keys, with the menu it is in."""
        typed = self.filter.text().strip().casefold()
        found = False
        for group, entries in self._groups:
            fits = [typed in f"{entry.text(0)}\n{entry.text(1)}".casefold() for entry in entries]
            for entry, is_shown in zip(entries, fits, strict=True):
                entry.setHidden(not is_shown)
            group.setHidden(not any(fits))
            found = found or any(fits)
        self._none.setVisible(not found)
