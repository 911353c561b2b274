"""One attachment of a draft: what it is called, its size and sort, and what its content says of itself."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain.content_checks import file_remark
from pecdesk.explain.send_check import FileFacts, Level
from pecdesk.explain.visible import visible
from pecdesk.mime.file_names import extension_of
from pecdesk.pec.draft import DraftAttachment
from pecdesk.ui.desk import Desk
from pecdesk.ui.reader.attachment_card import LONGEST_NAME, MESSAGE_TYPES, icon_of_file
from pecdesk.ui.style.drawing import icon, icon_pixmap
from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import RADIUS, STEP

ICON = 20


class DraftAttachmentCard(QFrame):
    """Del takes it away, Enter or a double click opens a copy; the menu has both."""

    removal_asked = Signal()
    open_asked = Signal()
    stepped = Signal(int)
    """To the card that many further."""

    def __init__(self, desk: Desk, attachment: DraftAttachment, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.attachment = attachment
        self._format = ""
        self._remark: tuple[Level, str] | None = None
        wear(self, "card")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._picture = QLabel()
        self.name = FlowText(visible(attachment.name[:LONGEST_NAME]), "strong")
        self.kind, self.remark = label("", "small"), label("", "small", wraps=True)
        self.remark.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.remove_button = QPushButton()
        wear(self.remove_button, "flat")
        self.remove_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Del does the same
        self.remove_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.remove_button.clicked.connect(self.removal_asked)
        for part in (self.name, self.kind, self.remark):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.kind)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * STEP, STEP, STEP, STEP)
        row.setSpacing(3 * STEP)
        row.addWidget(self._picture)
        row.addLayout(words, 3)
        row.addWidget(self.remark, 2)
        row.addWidget(self.remove_button)
        desk.theme.changed.connect(self._draw)
        self.retranslate()

    def show_facts(self, facts: FileFacts) -> None:
        """Tell what its content says: that it is signed, or that somebody may refuse it."""
        self._format = facts.signed or ""
        self._remark = file_remark(facts, self.attachment.size)
        self.retranslate()

    def retranslate(self) -> None:
        """Say it in the language in force."""
        say, one = self._desk.say, self.attachment
        name = visible(one.name[:LONGEST_NAME])
        sort = self._format or extension_of(one.name).upper() or one.media_type
        if one.media_type in MESSAGE_TYPES:
            sort = say(N_("message, with its bytes untouched"))
        self.kind.setText(visible(f"{self._desk.language.size(one.size)} · {sort}"))
        level, remark = self._remark or (Level.HINT, "")
        self.remark.setText(say(remark))
        self.remark.setVisible(bool(remark))
        wear(self.remark, "small" if level is Level.HINT else "tone-amber")
        self.remove_button.setAccessibleName(say(N_("Take away {name}"), name=name))
        self.remove_button.setToolTip(say(N_("Take away")))
        self.setAccessibleName("; ".join(filter(None, (name, self.kind.text(), self.remark.text()))))
        self.setAccessibleDescription(say(N_("Enter opens a copy, Del takes it away.")))
        self._draw()

    def _draw(self) -> None:
        palette = self._desk.theme.palette
        name = icon_of_file(self.attachment.name, self.attachment.media_type, is_signed=bool(self._format))
        self._picture.setPixmap(icon_pixmap(name, palette.muted, ICON, self.devicePixelRatioF()))
        self.remove_button.setIcon(icon("close", palette.muted, palette.outline))

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

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.open_asked.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self._desk.say(N_("Open")), self.open_asked.emit)
        menu.addAction(self._desk.say(N_("Take away")), self.removal_asked.emit)
        menu.popup(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._desk.theme.palette.accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS + 2, RADIUS + 2)
            painter.end()
