"""Foreign HTML, shown so that it can load nothing, open nothing and look like nothing of ours.

What is shown was cleaned before (`pecdesk.mime.safe_html`); this view relies on that for its looks and not for its
safety: given hostile HTML as it is, it asks neither the network nor the file system for anything.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QPoint, QSizeF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QImage,
    QKeySequence,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtWidgets import QMenu, QToolTip, QWidget

from pecdesk.errors import N_
from pecdesk.mime import BREAK, link_target
from pecdesk.reading import Reading
from pecdesk.ui.desk import Desk
from pecdesk.ui.reader.message_text import GrowingText
from pecdesk.ui.reader.pictures import PictureObject

SMALLEST, LARGEST = -5, 10
"""Steps of the zoom, a tenth each."""
_STEP = 1.1

_UNKNOWN = QTextDocument.ResourceType.UnknownResource
_OBJECT = "\ufffc"
"""What stands in a text for a picture."""

_SHEET = """
a {{ color: {accent}; text-decoration: underline; }}
blockquote {{ margin-left: 12px; margin-right: 0px; color: {muted}; }}
h1, h2 {{ font-size: large; }}
h3, h4, h5, h6 {{ font-size: medium; }}
p {{ margin-top: 6px; margin-bottom: 6px; }}
pre {{ white-space: pre-wrap; }}
table {{ border-collapse: collapse; border-style: solid; border-color: {line}; }}
td, th {{ border-color: {line}; }}
"""


class SafeHtmlView(GrowingText):
    """The HTML of a message, as high as its content. It loads nothing and follows no link by itself."""

    link_asked = Signal(str)
    """Where a link leads that was clicked: http, https or mailto, in full and in plain ASCII."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._html = ""
        self._zoom = 0
        self._nothing = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
        self._nothing.fill(Qt.GlobalColor.transparent)
        self._pictures = PictureObject(desk, self)
        self.setOpenExternalLinks(False)
        self.setSearchPaths([])
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.anchorClicked.connect(self._ask)
        desk.theme.changed.connect(self._again)
        desk.language_changed.connect(self.retranslate)
        self.retranslate()

    def retranslate(self) -> None:
        """Say it in the language in force."""
        self.setAccessibleName(self._desk.say(N_("Text of the message")))

    def show_reading(self, reading: Reading) -> None:
        """Show the HTML of a message; nothing where it has none, or none that may be shown."""
        self._html = reading.html or ""
        self._pictures.show_pictures(reading.pictures)
        self._again()

    def zoom_by(self, steps: int) -> None:
        """Larger letters, or smaller ones with a negative number."""
        self._zoom = min(LARGEST, max(SMALLEST, self._zoom + steps))
        self._write_in_size()

    def _again(self) -> None:
        palette = self._desk.theme.palette
        sheet = _SHEET.format(accent=palette.accent, muted=palette.muted, line=palette.outline)
        self.document().setDefaultStyleSheet(sheet)
        self._write_in_size()
        self.setHtml(self._html)

    def _write_in_size(self) -> None:
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * _STEP**self._zoom)
        self.document().setDefaultFont(font)

    def _grow(self, size: QSizeF) -> None:
        """As high as the content, and the scroll bar under what is too wide."""
        bar = self.horizontalScrollBar()
        below = bar.sizeHint().height() if size.width() > self.viewport().width() else 0
        self.setFixedHeight(max(1, ceil(size.height()) + below))

    # what content may ask for

    def loadResource(self, kind: int, _name: QUrl | str) -> Any:
        """A dot for every picture, a blank for everything else: were it nothing, Qt would open the name as a file."""
        return self._nothing if kind == QTextDocument.ResourceType.ImageResource.value else " "

    def doSetSource(self, _name: QUrl | str, /, type: QTextDocument.ResourceType = _UNKNOWN) -> None:  # noqa: A002
        """Go nowhere."""

    def _ask(self, link: QUrl) -> None:
        if real := _real(link):
            self.link_asked.emit(real)

    # what the user may do with it

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell where a link leads; a tooltip the content brings along is never shown."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            real = _real(QUrl(self.anchorAt(event.pos())))
            if real:
                QToolTip.showText(event.globalPos(), real, self)
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        elif abs(event.angleDelta().x()) > abs(event.angleDelta().y()):
            super().wheelEvent(event)
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu_for(event.pos())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def menu_for(self, _place: QPoint) -> QMenu:
        """Copy and select all."""
        say = self._desk.say
        menu = QMenu(self)
        copy = menu.addAction(say(N_("Copy")), self.copy)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setEnabled(self.textCursor().hasSelection())
        menu.addAction(say(N_("Select all")), self.selectAll).setShortcut(QKeySequence.StandardKey.SelectAll)
        return menu

    def createMimeDataFromSelection(self) -> QMimeData:
        """The plain letters: nothing foreign reaches another program by way of the clipboard."""
        data = QMimeData()
        data.setText(self.textCursor().selection().toPlainText().replace(BREAK, "").replace(_OBJECT, ""))
        return data

    def canInsertFromMimeData(self, _source: QMimeData) -> bool:
        """Nothing is dropped or pasted here."""
        return False


def _real(link: QUrl) -> str:
    """Where a link leads, or nothing where that is not to be followed."""
    target = link_target(bytes(link.toEncoded().data()).decode("ascii", "replace"))
    return target.url if target else ""
