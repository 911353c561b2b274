"""Every action of the main window: its words, its shortcut, its menu, in one table.

`ShortcutsDialog` lists what stands here; a test holds that each has a name, and that no two share a shortcut.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from pecdesk.errors import N_
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.drawing import icon


@dataclass(frozen=True, slots=True)
class ActionWords:
    """One action as it stands in a menu."""

    name: str
    text: str
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    needs_row: bool = False
    """Only while a transmission is chosen."""
    is_offer: bool = False
    """Only while the chosen transmission offers it (`pecdesk.ui.outbox.offers`)."""


FILE, EDIT, MESSAGE, GO, VIEW, HELP = (
    N_("&File"),
    N_("&Edit"),
    N_("&Message"),
    N_("&Go"),
    N_("&View"),
    N_("&Help"),
)

SEPARATOR = None

MENUS: tuple[tuple[str, tuple[ActionWords | None, ...]], ...] = (
    (
        FILE,
        (
            ActionWords("open-file", N_("&Open a message file…"), ("Ctrl+O",), "open"),
            SEPARATOR,
            ActionWords("add-account", N_("Set up a &mailbox…"), ("Ctrl+Shift+A",), "received"),
            ActionWords("refresh", N_("&Check for new mail"), ("F5",), "refresh"),
            ActionWords("pause", N_("&Pause synchronisation"), ("Ctrl+Shift+P",), "waiting"),
            SEPARATOR,
            ActionWords("import-files", N_("&Import files…"), ("Ctrl+I",), "import"),
            ActionWords("import-folder", N_("Import a &folder…"), ("Ctrl+Shift+I",), "folder"),
            SEPARATOR,
            ActionWords("settings", N_("&Settings…"), ("Ctrl+,",), "settings"),
            SEPARATOR,
            ActionWords("quit", N_("&Quit"), ("Ctrl+Q",), "close"),
        ),
    ),
    (
        EDIT,
        (
            ActionWords("search", N_("&Search"), ("Ctrl+F", "/"), "search"),
            SEPARATOR,
            ActionWords("copy-identifier", N_("Copy the &identifier"), ("Ctrl+Shift+C",), "copy", needs_row=True),
            ActionWords("mark-read", N_("Mark as &read"), ("Ctrl+M",), "message", needs_row=True),
            ActionWords("mark-unread", N_("Mark as &unread"), ("Ctrl+Shift+M",), "message", needs_row=True),
            SEPARATOR,
            ActionWords("hide", N_("&Hide"), ("Ctrl+H",), "hide", needs_row=True),
            ActionWords("delete", N_("&Delete…"), ("Del",), "delete", needs_row=True),
        ),
    ),
    (
        MESSAGE,
        (
            ActionWords("compose", N_("&Write a PEC"), ("Ctrl+N",), "write"),
            ActionWords("reply", N_("&Reply"), ("Ctrl+R",), is_offer=True),
            ActionWords("reply-all", N_("Reply to &all"), ("Ctrl+Shift+R",), is_offer=True),
            ActionWords("forward", N_("&Forward"), ("Ctrl+L",), is_offer=True),
            ActionWords("forward-whole", N_("Forward with its en&velope"), ("Ctrl+Alt+L",), is_offer=True),
            SEPARATOR,
            ActionWords("edit-draft", N_("&Go on writing"), ("Ctrl+D",), is_offer=True),
            ActionWords("withdraw", N_("&Undo sending"), ("Ctrl+Z",), is_offer=True),
            ActionWords("correct", N_("&Correct and send again"), ("Ctrl+Shift+D",), is_offer=True),
            ActionWords("send-again", N_("Send n&ow"), ("Ctrl+Shift+S",), is_offer=True),
            ActionWords("settle", N_("Settle w&hether it was sent…"), ("Ctrl+Shift+U",), is_offer=True),
            ActionWords("resend", N_("Send again to those &not reached"), ("Ctrl+Shift+N",), is_offer=True),
            ActionWords("request-log", N_("Ask the provider for the &log"), ("Ctrl+Shift+L",), is_offer=True),
            ActionWords("rebuild", N_("&Make the sent message again…"), ("Ctrl+Shift+B",), is_offer=True),
            SEPARATOR,
            ActionWords("inspect", N_("&Inspect the evidence"), ("Ctrl+Return",), "inspect", needs_row=True),
            SEPARATOR,
            ActionWords("export-proof", N_("&Export proof as PDF…"), ("Ctrl+E",), "proof", needs_row=True),
            ActionWords("save-originals", N_("&Save originals (.eml)…"), ("Ctrl+S",), "save", needs_row=True),
            ActionWords("print", N_("&Print…"), ("Ctrl+P",), "print", needs_row=True),
        ),
    ),
    (
        GO,
        (
            ActionWords("go-follow", N_("Everything that matters"), ("Ctrl+1",), "follow"),
            ActionWords("go-waiting", N_("Waiting for delivery"), ("Ctrl+2",), "waiting"),
            ActionWords("go-anomalies", N_("Anomalies and failures"), ("Ctrl+3",), "anomaly"),
            ActionWords("go-deadlines", N_("Deadlines (30 months)"), ("Ctrl+4",), "deadline"),
            ActionWords("go-received", N_("Received mail"), ("Ctrl+5",), "received"),
            ActionWords("go-sent", N_("Sent mail"), ("Ctrl+6",), "sent"),
            ActionWords("go-all", N_("All messages"), ("Ctrl+7",), "all"),
            ActionWords("go-drafts", N_("Drafts"), ("Ctrl+8",), "write"),
            ActionWords("go-outbox", N_("Outbox"), ("Ctrl+9",), "sent"),
            SEPARATOR,
            ActionWords("next", N_("&Next message"), ("Ctrl+Down", "N"), "down"),
            ActionWords("previous", N_("&Previous message"), ("Ctrl+Up", "P")),
            ActionWords("next-area", N_("Next &area of the window"), ("F6",)),
            ActionWords("previous-area", N_("Previous area of the window"), ("Shift+F6",)),
        ),
    ),
    (
        VIEW,
        (
            ActionWords("page-down", N_("Read &on"), ("Space",)),
            ActionWords("page-up", N_("Read &back"), ("Shift+Space",)),
            SEPARATOR,
            ActionWords("larger", N_("&Larger text"), ("Ctrl++", "Ctrl+=")),
            ActionWords("smaller", N_("&Smaller text"), ("Ctrl+-",)),
            ActionWords("usual-size", N_("Usual si&ze"), ("Ctrl+0",)),
        ),
    ),
    (
        HELP,
        (
            ActionWords("shortcuts", N_("&Keyboard shortcuts"), ("F1",), "help"),
            ActionWords("about", N_("&About pecdesk"), (), "information"),
        ),
    ),
)


class Actions:
    """The actions themselves, by name; their words follow the language, their icons the theme."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        self._desk = desk
        self.by_name: dict[str, QAction] = {}
        self._words: dict[str, ActionWords] = {}
        for _, entries in MENUS:
            for words in entries:
                if words is not SEPARATOR:
                    self._words[words.name] = words
                    action = QAction(parent)
                    action.setObjectName(words.name)
                    action.setShortcuts([QKeySequence(keys) for keys in words.shortcuts])
                    self.by_name[words.name] = action
        self.retranslate()
        self.draw()

    def __getitem__(self, name: str) -> QAction:
        return self.by_name[name]

    def retranslate(self) -> None:
        """Say them in the language in force."""
        for name, action in self.by_name.items():
            action.setText(self._desk.say(self._words[name].text))

    def draw(self) -> None:
        """Draw their icons in the colours in force."""
        palette = self._desk.theme.palette
        for name, action in self.by_name.items():
            if self._words[name].icon:
                action.setIcon(icon(self._words[name].icon, palette.muted, palette.faint))

    def set_row_chosen(self, chosen: bool, offered: Collection[str] = ()) -> None:
        """Allow what needs a transmission, or not; and of what only some offer, these."""
        for name, action in self.by_name.items():
            if self._words[name].needs_row:
                action.setEnabled(chosen)
            elif self._words[name].is_offer:
                action.setEnabled(name in offered)
