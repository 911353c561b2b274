"""One attachment as a card: what it is called, how large it is, what it says it is; opened, saved, dragged out."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain.dangers import why_only_saved
from pecdesk.explain.visible import visible
from pecdesk.mime import Attachment, Danger, danger_of_name
from pecdesk.mime.file_names import extension_of
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.drawing import icon, icon_pixmap
from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import RADIUS, STEP

ICON = 22
LONGEST_NAME = 300
"""Letters shown of a name."""

MESSAGE_TYPES = frozenset({"message/rfc822", "message/global"})
_PICTURES = frozenset({"bmp", "gif", "heic", "jpeg", "jpg", "png", "tif", "tiff", "webp"})
_ARCHIVES = frozenset({"7z", "bz2", "gz", "rar", "tar", "tgz", "xz", "zip"})
_DOCUMENTS = frozenset(
    {"csv", "doc", "docx", "md", "odp", "ods", "odt", "pdf", "ppt", "pptx", "rtf", "txt", "xls", "xlsx", "xml"}
)


def is_message(attachment: Attachment) -> bool:
    """Whether it is a mail of its own."""
    return _is_message(attachment.name, attachment.media_type)


def _is_message(name: str, media_type: str) -> bool:
    return media_type in MESSAGE_TYPES or extension_of(name) == "eml"


def icon_of(attachment: Attachment, danger: Danger | None) -> str:
    """The drawing that says of what sort it is, by its name: the content is looked at before it is opened."""
    return icon_of_file(attachment.name, attachment.media_type, is_signed=attachment.signed is not None, danger=danger)


def icon_of_file(name: str, media_type: str, *, is_signed: bool, danger: Danger | None = None) -> str:
    """The same for a file that lies in no message yet."""
    extension = extension_of(name)
    if _is_message(name, media_type):
        return "message"
    if is_signed:
        return "signature"
    if danger is not None and danger not in (Danger.ARCHIVE, Danger.UNKNOWN):
        return "warning"
    for drawing, extensions in (("picture", _PICTURES), ("archive", _ARCHIVES), ("document", _DOCUMENTS)):
        if extension in extensions:
            return drawing
    return "attachment"


class AttachmentCard(QFrame):
    """Told by mouse and keyboard alike: double click or Enter opens, Ctrl+C copies the name, the menu has the rest."""

    open_asked = Signal()
    save_asked = Signal()
    drag_asked = Signal()

    def __init__(self, desk: Desk, attachment: Attachment, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.attachment = attachment
        self.danger = None if is_message(attachment) else danger_of_name(attachment.name)
        self._pressed_at: QPoint | None = None
        wear(self, "card")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._picture = QLabel()
        self.name = FlowText(visible(attachment.name[:LONGEST_NAME]), "strong")
        self.kind = label(self._kind(), "small")
        self.remark = label(self._remark(), "small", wraps=True)
        self.remark.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.remark.setVisible(bool(self.remark.text()))
        self.save_button = QPushButton()
        wear(self.save_button, "flat")
        self.save_button.setAccessibleName(desk.say(N_("Save {name}"), name=visible(attachment.name[:LONGEST_NAME])))
        self.save_button.setToolTip(desk.say(N_("Save…")))
        self.save_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.save_button.clicked.connect(self.save_asked)
        for part in (self.name, self.kind, self.remark):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.kind)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * STEP, 2 * STEP, 2 * STEP, 2 * STEP)
        row.setSpacing(3 * STEP)
        row.addWidget(self._picture)
        row.addLayout(words, 3)
        row.addWidget(self.remark, 2)
        row.addWidget(self.save_button)
        said = (attachment.name[:LONGEST_NAME], self._kind(), self._remark())
        self.setAccessibleName(visible("; ".join(filter(None, said))))
        if self.danger is not None:
            self.setAccessibleDescription(why_only_saved(self.danger, desk.language))
        desk.theme.changed.connect(self._draw)
        self._draw()

    def _kind(self) -> str:
        """Size, and what it says it is."""
        one = self.attachment
        kind = one.signed or extension_of(one.name).upper() or one.media_type
        return visible(f"{self._desk.language.size(one.size)} · {kind}")

    def _remark(self) -> str:
        if self.danger is not None:
            return self._desk.say(N_("Is only saved, not opened"))
        if self.attachment.signed is not None:
            return self._desk.say(N_("Contains a digital signature, not verified"))
        return ""

    def _draw(self) -> None:
        palette = self._desk.theme.palette
        name = icon_of(self.attachment, self.danger)
        self._picture.setPixmap(icon_pixmap(name, palette.muted, ICON, self.devicePixelRatioF()))
        self.save_button.setIcon(icon("save", palette.muted, palette.outline))

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
        if event.button() == Qt.MouseButton.LeftButton:
            self.open_asked.emit()

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

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._desk.theme.palette.accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS + 2, RADIUS + 2)
            painter.end()
