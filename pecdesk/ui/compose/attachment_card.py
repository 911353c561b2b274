"""One attachment of a draft: what it is called, its size and sort, and what its content says of itself."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QMenu

from pecdesk.errors import N_
from pecdesk.explain.content_checks import file_remark
from pecdesk.explain.send_check import FileFacts, Level
from pecdesk.mime.file_names import extension_of
from pecdesk.pec.draft import DraftAttachment
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.file_card import FileCard
from pecdesk.ui.style.file_icon import MESSAGE_TYPES, icon_of_file
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP

ICON = 20


class DraftAttachmentCard(FileCard):
    """Del takes it away, Enter or a double click opens a copy; the menu has both."""

    removal_asked = Signal()
    stepped = Signal(int)
    """To the card that many further."""

    def __init__(self, desk: Desk, attachment: DraftAttachment) -> None:
        super().__init__(desk.theme, attachment.name, "close", icon_side=ICON, inset=STEP)
        self._desk = desk
        self.attachment = attachment
        self._format = ""
        self._remark: tuple[Level, str] | None = None
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Del does the same
        self.button.clicked.connect(self.removal_asked)
        self.retranslate()

    def show_facts(self, facts: FileFacts) -> None:
        """Tell what its content says: that it is signed, or that somebody may refuse it."""
        self._format = facts.signed or ""
        self._remark = file_remark(facts, self.attachment.size)
        self.retranslate()

    def retranslate(self) -> None:
        """Say it in the language in force."""
        say, one = self._desk.say, self.attachment
        sort = self._format or extension_of(one.name).upper() or one.media_type
        if one.media_type in MESSAGE_TYPES:
            sort = say(N_("message, with its bytes untouched"))
        level, remark = self._remark or (Level.HINT, "")
        self.tell(f"{self._desk.language.size(one.size)} · {sort}", say(remark))
        wear(self.remark, "small" if level is Level.HINT else "tone-amber")
        self.button.setAccessibleName(say(N_("Take away {name}"), name=self.shown_name))
        self.button.setToolTip(say(N_("Take away")))
        self.setAccessibleDescription(say(N_("Enter opens a copy, Del takes it away.")))
        self.show_icon(icon_of_file(one.name, one.media_type, is_signed=bool(self._format)))

    # keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removal_asked.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.open_asked.emit()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self._desk.say(N_("Open")), self.open_asked.emit)
        menu.addAction(self._desk.say(N_("Take away")), self.removal_asked.emit)
        menu.popup(event.globalPos())
