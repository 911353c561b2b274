"""One recipient as a chip: who it is, and whether the mailbox is known to be a PEC one, by shape, colour and word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.explain.recipients import recipient_badge, recipient_sentence
from pecdesk.explain.visible import visible
from pecdesk.pec.composing import RecipientProblem, parse_recipient
from pecdesk.pec.transmission import RecipientState
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.drawing import icon_pixmap, paint_mark
from pecdesk.ui.style.tokens import RADIUS, STEP

SIDE = 12
"""Of the mark."""
CROSS = 12
"""Of the cross that takes it away."""
GAP = STEP + 1
PADDING = 2 * STEP
WIDEST = 420
"""Device-independent pixels; a longer address is cut in its middle, and stands whole in the tooltip."""
NARROWEST = 60


@dataclass(frozen=True, slots=True)
class Recipient:
    """What a chip stands for."""

    written: str
    """As it was typed or chosen: what goes into the draft."""
    address: str = ""
    """What was understood of it; nothing where it is no address."""
    name: str = ""
    kind: str | None = None
    """certified, external, or nothing known."""
    known_at: datetime | None = None
    """When an acceptance last told of it."""
    outcome: RecipientState | None = None
    """Of the last message sent there."""
    problem: RecipientProblem | None = None
    """Why it is no recipient, where it is none."""


def recipient_in(text: str) -> Recipient:
    """What was written, as far as it is understood."""
    found = parse_recipient(text)
    if isinstance(found, RecipientProblem):
        return Recipient(text, problem=found)
    return Recipient(text, found.address, found.name)


class RecipientChip(QWidget):
    """Del takes it away, Enter or a double click takes it up again to be corrected, the arrow keys go on."""

    removal_asked = Signal()
    editing_asked = Signal()
    stepped = Signal(int)
    """To the chip that many further."""

    def __init__(self, desk: Desk, recipient: Recipient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.recipient = recipient
        self._is_over_cross = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        desk.theme.changed.connect(self.update)
        self.retranslate()

    def show_recipient(self, recipient: Recipient) -> None:
        """More is known of it by now."""
        self.recipient = recipient
        self.retranslate()

    def retranslate(self) -> None:
        """Say it in the language in force."""
        one, language = self.recipient, self._desk.language
        self._badge = recipient_badge(one.kind, language, problem=one.problem)
        sentence = recipient_sentence(one.kind, one.known_at, language, outcome=one.outcome, problem=one.problem)
        whole = visible(one.written)
        self.setAccessibleName(f"{whole}: {self._badge.word}")
        self.setAccessibleDescription(sentence)
        self.setToolTip(f"{whole}\n{sentence}".replace("<", "‹").replace(">", "›"))  # Qt would read markup
        self.updateGeometry()
        self.update()

    @property
    def words(self) -> str:
        """What stands on it: the name where there is one, with the address, which is what counts."""
        one = self.recipient
        return visible(f"{one.name}  {one.address}" if one.name and one.address else one.address or one.written)

    # its size and looks

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.85)
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _beside(self) -> int:
        """What stands beside the words."""
        return 2 * PADDING + 3 * GAP + SIDE + QFontMetrics(self._small()).horizontalAdvance(self._badge.word) + CROSS

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = max(NARROWEST, min(metrics.horizontalAdvance(self.words), WIDEST)) + self._beside() + GAP
        return QSize(width, metrics.height() + 2 * STEP)

    def _cross(self) -> QRect:
        return QRect(self.width() - PADDING - CROSS + 2, (self.height() - CROSS) // 2, CROSS, CROSS)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette, badge = self._desk.theme.palette, self._badge
        colours = palette.tones[badge.tone]
        is_warning = badge.tone in (Tone.AMBER, Tone.RED)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = palette.accent if self.hasFocus() else colours.ink if is_warning else palette.outline
        painter.setPen(QPen(QColor(edge), 2 if self.hasFocus() else 1))
        ground = colours.tint if is_warning else palette.surface
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        room = max(0, self.width() - self._beside())
        painter.setPen(QColor(palette.ink))
        metrics = self.fontMetrics()
        words = metrics.elidedText(self.words, Qt.TextElideMode.ElideMiddle, room)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(PADDING, 0, room, self.height()), left, words)
        x = PADDING + metrics.horizontalAdvance(words) + 2 * GAP
        paint_mark(painter, QRectF(x, (self.height() - SIDE) / 2, SIDE, SIDE), badge.shape, badge.tone, palette, ground)
        painter.setPen(QColor(colours.ink))
        painter.setFont(self._small())
        painter.drawText(QRect(x + SIDE + GAP, 0, self.width(), self.height()), left, badge.word)
        ink = palette.ink if self._is_over_cross else palette.muted
        painter.drawPixmap(self._cross(), icon_pixmap("close", ink, CROSS, self.devicePixelRatioF()))
        painter.end()

    # keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.removal_asked.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_F2 if not event.modifiers():
                self.editing_asked.emit()
            case Qt.Key.Key_Left:
                self.stepped.emit(-1)
            case Qt.Key.Key_Right:
                self.stepped.emit(1)
            case _ if event.matches(QKeySequence.StandardKey.Copy):
                QGuiApplication.clipboard().setText(self.recipient.written)
            case _:
                super().keyPressEvent(event)

    def _is_cross(self, place: QPoint) -> bool:
        return self._cross().adjusted(-STEP, -STEP, STEP, STEP).contains(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_over = self._is_cross(event.position().toPoint())
        if is_over != self._is_over_cross:
            self._is_over_cross = is_over
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._is_cross(event.position().toPoint()):
            self.removal_asked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self._is_cross(event.position().toPoint()):
            self.editing_asked.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        say = self._desk.say
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(say(N_("Correct")), self.editing_asked.emit)
        written = self.recipient.written
        menu.addAction(say(N_("Copy the address")), lambda: QGuiApplication.clipboard().setText(written))
        menu.addSeparator()
        menu.addAction(say(N_("Take away")), self.removal_asked.emit)
        menu.popup(event.globalPos())
