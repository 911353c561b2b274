"""One line of the status card's table: a recipient, the stages as seals joined by a hairline, when, and a remark.

Letters and hairlines are painted; only a seal that opens something is a widget.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFocusEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from pecdesk.explain.card import CardRow
from pecdesk.explain.visible import visible
from pecdesk.ui.style.drawing import paint_mark
from pecdesk.ui.style.seal import SealButton
from pecdesk.ui.style.theme import Theme
from pecdesk.ui.style.tokens import MARK, STEP

GAP = 3 * STEP
"""Between two columns, and below a row."""
BREAK = "\u200b"
"""A place where a line may end, and nothing to see."""

WORDS = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
HEADER = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
LETTERS = WORDS | Qt.TextFlag.TextWrapAnywhere


def remark_of(row: CardRow) -> str:
    """What stands at the end of the line: the remark, else what became of it in a word."""
    return visible(row.remark or row.outcome.word)


class Form(StrEnum):
    """How a row is set: everything in one line, the remark below the time, or the address in a line of its own."""

    LINE = "line"
    STACKED = "stacked"
    NARROW = "narrow"


@dataclass(frozen=True, slots=True)
class Places:
    """Where the columns stand at one width."""

    form: Form
    address: int
    """Its width; it begins at the left edge."""
    stages: tuple[int, ...]
    """The middle of each."""
    stage: int
    """Width of one."""
    moment: tuple[int, int]
    """Left edge and width."""
    remark: tuple[int, int]


class StageSeal(SealButton):
    """A seal of the table, which tells when it takes the focus."""

    focused = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()


class RecipientRow(QWidget):
    """One recipient: painted words, and a seal for every stage with evidence."""

    def __init__(self, theme: Theme, row: CardRow, copy_words: str, parent: QWidget, *, names_role: bool) -> None:
        super().__init__(parent)
        self._theme = theme
        self._copy_words = copy_words
        said = visible(f"{row.address} ({row.role})" if names_role else row.address)
        self._address = said.replace("@", f"{BREAK}@")
        self._moment, self._remark = visible(row.moment), remark_of(row)
        self._heights: dict[Places, int] = {}
        self.row = row
        self._places = Places(Form.LINE, 0, (), 0, (0, 0), (0, 0))
        self.setAccessibleName(visible(row.spoken))
        self.seals: list[StageSeal | None] = []
        for stage in row.stages:
            if stage.sha256 is None:
                self.seals.append(None)
                continue
            seal = StageSeal(theme, parent=self)
            seal.show_mark(stage.shape, stage.tone, stage.word)
            seal.setAccessibleName(f"{visible(row.address)}: {stage.word}")
            seal.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            self.seals.append(seal)

    def colour(self) -> None:
        """Lie on the ground of the card, in the theme in force."""
        for seal in filter(None, self.seals):
            seal.paper = self._theme.palette.raised
        self.update()

    def height_at(self, places: Places) -> int:
        """How high the row is with columns like these."""
        if places not in self._heights:
            self._heights = {places: self._height(places)}
        return self._heights[places]

    def forget_heights(self) -> None:
        """The letters have another size now."""
        self._heights = {}

    def _height(self, places: Places) -> int:
        metrics = QFontMetrics(self.font())
        address, moment, remark = self._word_heights(metrics, places)
        if places.form is Form.NARROW:
            return address + max(MARK + 8, metrics.height()) + remark + 2 * GAP
        words = moment + remark if places.form is Form.STACKED else max(moment, remark)
        return max(address, words, MARK + 8) + GAP + 2

    def _word_heights(self, metrics: QFontMetrics, places: Places) -> tuple[int, int, int]:
        return (
            height_of(metrics, self._address, places.address, self._wrapping(metrics, places)),
            height_of(metrics, self._moment, places.moment[1], WORDS),
            height_of(metrics, self._remark, places.remark[1], WORDS),
        )

    def _wrapping(self, metrics: QFontMetrics, places: Places) -> int:
        """The address goes on before its @ where that is enough, else anywhere."""
        halves = self._address.split(BREAK)
        return WORDS if all(metrics.horizontalAdvance(half) <= places.address for half in halves) else LETTERS

    def arrange(self, places: Places) -> None:
        """Put the seals where the columns are."""
        self._places = places
        middle = self._middle()
        for x, seal in zip(places.stages, self.seals, strict=False):
            if seal is not None:
                seal.move(x - seal.width() // 2, middle - seal.height() // 2)
        self.update()

    def _middle(self) -> int:
        """How far down the seals stand."""
        if self._places.form is not Form.NARROW:
            return (self.height() - 1) // 2
        metrics = QFontMetrics(self.font())
        address = self._word_heights(metrics, self._places)[0]
        return GAP // 2 + address + (MARK + 8) // 2 + 2

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        places, palette, middle = self._places, self._theme.palette, self._middle()
        painter.setPen(QColor(palette.line))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        for left, right in pairwise(places.stages):
            painter.drawLine(left + MARK // 2 + 3, middle, right - MARK // 2 - 3, middle)
        for x, seal, stage in zip(places.stages, self.seals, self.row.stages, strict=False):
            if seal is None:
                place = QRectF(x - MARK // 2, middle - MARK // 2, MARK, MARK)
                paint_mark(painter, place, stage.shape, stage.tone, palette, palette.raised)
        self._paint_words(painter, middle)
        painter.end()

    def _paint_words(self, painter: QPainter, middle: int) -> None:
        places, palette = self._places, self._theme.palette
        heights = self._word_heights(painter.fontMetrics(), places)
        tops = [middle - height // 2 for height in heights]
        if places.form is Form.STACKED:
            tops[1] = middle - (heights[1] + heights[2]) // 2
            tops[2] = tops[1] + heights[1]
        elif places.form is Form.NARROW:
            tops[0] = GAP // 2
            tops[2] = middle + (MARK + 8) // 2 + 4
        columns = ((0, places.address), places.moment, places.remark)
        said = (
            (self._address, palette.ink, self._wrapping(painter.fontMetrics(), places)),
            (self._moment, palette.ink, WORDS),
            (self._remark, palette.muted, WORDS),
        )
        for (text, ink, flags), (x, width), top, height in zip(said, columns, tops, heights, strict=True):
            painter.setPen(QColor(ink))
            painter.drawText(QRect(x, top, width, height), flags, text)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addAction(self._copy_words, lambda: QApplication.clipboard().setText(self.row.address))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())


def height_of(metrics: QFontMetrics, text: str, width: int, flags: int) -> int:
    """How high these words are at that width, whatever number of lines they take."""
    if not text or width <= 0:
        return 0
    return metrics.boundingRect(QRect(0, 0, width, 10_000), flags, text).height()
