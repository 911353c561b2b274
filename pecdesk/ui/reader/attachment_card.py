"""One attachment as a card: what it is called, how large it is, what it says it is; opened, saved, dragged out."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QMenu

from pecdesk.errors import N_
from pecdesk.explain.dangers import why_only_saved
from pecdesk.mime import Attachment, danger_of_name
from pecdesk.mime.file_names import extension_of
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.file_card import FileCard
from pecdesk.ui.style.file_icon import icon_of, is_message
from pecdesk.ui.style.tokens import STEP

ICON = 22


class AttachmentCard(FileCard):
    """Told by mouse and keyboard alike: double click or Enter opens, Ctrl+C copies the name, the menu has the rest."""

    save_asked = Signal()
    drag_asked = Signal()

    def __init__(self, desk: Desk, attachment: Attachment) -> None:
        super().__init__(desk.theme, attachment.name, "save", icon_side=ICON, inset=2 * STEP)
        self._desk = desk
        self.attachment = attachment
        self.danger = None if is_message(attachment) else danger_of_name(attachment.name)
        self._pressed_at: QPoint | None = None
        self.button.setAccessibleName(desk.say(N_("Save {name}"), name=self.shown_name))
        self.button.setToolTip(desk.say(N_("Save…")))
        self.button.clicked.connect(self.save_asked)
        kind = attachment.signed or extension_of(attachment.name).upper() or attachment.media_type
        self.tell(f"{desk.language.size(attachment.size)} · {kind}", self._remark())
        if self.danger is not None:
            self.setAccessibleDescription(why_only_saved(self.danger, desk.language))
        self.show_icon(icon_of(attachment, self.danger))

    def _remark(self) -> str:
        if self.danger is not None:
            return self._desk.say(N_("Is only saved, not opened"))
        if self.attachment.signed is not None:
            return self._desk.say(N_("Contains a digital signature, not verified"))
        return ""

    # keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.attachment.name)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint() if event.button() == Qt.MouseButton.LeftButton else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        start = self._pressed_at
        far = QGuiApplication.styleHints().startDragDistance()
        if start is not None and (event.position().toPoint() - start).manhattanLength() >= far:
            self._pressed_at = None
            self.drag_asked.emit()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._pressed_at = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = None
        super().mouseDoubleClickEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def menu(self) -> QMenu:
        """What can be done with it."""
        say, one = self._desk.say, self.attachment
        clipboard = QGuiApplication.clipboard()
        menu = QMenu(self)
        if is_message(one):
            menu.addAction(say(N_("Inspect")), self.open_asked.emit)
        elif self.danger is None:
            menu.addAction(say(N_("Open")), self.open_asked.emit)
        menu.addAction(say(N_("Save…")), self.save_asked.emit)
        menu.addSeparator()
        menu.addAction(say(N_("Copy name")), lambda: clipboard.setText(one.name))
        menu.addAction(say(N_("Copy SHA-256")), lambda: clipboard.setText(one.sha256))
        return menu
