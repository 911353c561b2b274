"""A file as a card: a picture of its sort, its name, a line on it, a remark, and one button for what is done most."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout

from pecdesk.explain.visible import visible
from pecdesk.ui.style.drawing import icon, icon_pixmap, paint_focus_ring
from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.theme import Theme
from pecdesk.ui.style.tokens import RADIUS, STEP

LONGEST_NAME = 300
"""Letters shown of a name."""


class FileCard(QFrame):
    """What both sorts of attachment look like: those of a message, and those of a draft. A double click opens it."""

    open_asked = Signal()

    def __init__(self, theme: Theme, name: str, button_icon: str, *, icon_side: int, inset: int) -> None:
        """`inset`: device-independent pixels around its content; three steps at the side where reading begins."""
        super().__init__()
        self._theme = theme
        self._icon, self._icon_side = "attachment", icon_side
        self._button_icon = button_icon
        self.shown_name = visible(name[:LONGEST_NAME])
        wear(self, "card")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._picture = QLabel()
        self.name = FlowText(self.shown_name, "strong")
        self.kind, self.remark = label("", "small"), label("", "small", wraps=True)
        self.remark.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.button = QPushButton()
        wear(self.button, "flat")
        self.button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for part in (self.name, self.kind, self.remark):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.kind)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * STEP, inset, inset, inset)
        row.setSpacing(3 * STEP)
        row.addWidget(self._picture)
        row.addLayout(words, 3)
        row.addWidget(self.remark, 2)
        row.addWidget(self.button)
        theme.changed.connect(self._draw)

    def show_icon(self, name: str) -> None:
        """Draw it as of that sort."""
        self._icon = name
        self._draw()

    def tell(self, kind: str, remark: str) -> None:
        """Say what it is, and what is to be known of it, if anything; to those who do not see it as well."""
        self.kind.setText(visible(kind))
        self.remark.setText(remark)
        self.remark.setVisible(bool(remark))
        self.setAccessibleName("; ".join(filter(None, (self.shown_name, self.kind.text(), remark))))

    def _draw(self) -> None:
        palette = self._theme.palette
        self._picture.setPixmap(icon_pixmap(self._icon, palette.muted, self._icon_side, self.devicePixelRatioF()))
        self.button.setIcon(icon(self._button_icon, palette.muted, palette.outline))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.open_asked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            paint_focus_ring(painter, self.rect(), self._theme.palette, RADIUS + 2)
            painter.end()
