"""The table of the status card: recipient x stage, each stage a seal that opens the receipt behind it.

Letters and hairlines are painted, only seals that open something are widgets; of many recipients a few are shown, those
that need somebody among them, until all are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.explain.card import CardRow
from pecdesk.explain.visible import visible
from pecdesk.ui.desk import Desk
from pecdesk.ui.reader.recipient_row import GAP, HEADER, Form, Places, RecipientRow, StageSeal, height_of, remark_of
from pecdesk.ui.reader.scrolling import keep_in_view
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP

FEW = 8
"""Rows shown before all are asked for."""
SLICE = 20
"""Rows made in one go when all are asked for, so that the window never halts."""
ADDRESS_NEEDS = 140
"""Width below which the seals go under the address instead of beside it."""
ADDRESS_TAKES = 300
"""Width an address is given before anything else is drawn together; a longer one goes on in a second line."""
REMARK_TAKES = 190
"""Width beyond which a remark goes on in a second line."""
REMARK_NEEDS = 120
"""What is left to it where there is little room."""
MEASURED = 200
"""Rows whose words are measured to find the width of a column."""


def chosen(rows: Sequence[CardRow], few: int = FEW) -> list[int]:
    """Which rows stand there at first: of too many, all that are not well go before the rest."""
    if len(rows) <= few:
        return list(range(len(rows)))
    by_need = sorted(range(len(rows)), key=lambda number: (_is_well(rows[number]), number))
    return sorted(by_need[:few])


def _is_well(row: CardRow) -> bool:
    return row.outcome.tone in (Tone.GREEN, Tone.GREY)


def _side_by_side(form: Form, address: int, stage: int, count: int, moment: int, width: int) -> Places:
    middles = tuple(address + GAP + stage // 2 + number * stage for number in range(count))
    at = address + 2 * GAP + count * stage
    if form is Form.STACKED:
        return Places(form, address, middles, stage, (at, width - at), (at, width - at))
    return Places(form, address, middles, stage, (at, moment), (at + moment + GAP, width - at - moment - GAP))


def _focusable_before(widget: QWidget) -> QWidget:
    """What Tab reaches before this widget: Qt puts nothing in order after one that takes no focus."""
    before = widget.previousInFocusChain()
    while before is not None and before is not widget:
        if before.focusPolicy() is not Qt.FocusPolicy.NoFocus and not widget.isAncestorOf(before):
            return before
        before = before.previousInFocusChain()
    return widget


class EvidenceTable(QWidget):
    """Who, and how far it came. Arrows move between the seals, Enter opens what stands behind one."""

    evidence_asked = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._columns: tuple[str, ...] = ()
        self._rows: tuple[CardRow, ...] = ()
        self._shown: dict[int, RecipientRow] = {}
        self._heights: dict[int, int] = {}
        self._known_places: dict[int, Places] = {}
        self.show_all_button = QPushButton(self)
        wear(self.show_all_button, "link")
        self.show_all_button.clicked.connect(self._show_all)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._make_more)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        desk.theme.changed.connect(self._colour)

    def show_rows(self, columns: tuple[str, ...], rows: tuple[CardRow, ...]) -> None:
        """Show these; where the same table was shown whole, it stays whole."""
        was_whole = len(self._shown) == len(self._rows) == len(rows)
        self._timer.stop()
        for view in self._shown.values():
            view.hide()
            view.deleteLater()
        self._shown.clear()
        self._columns, self._rows = columns, rows
        self._known_places.clear()
        self._make(range(len(rows)) if was_whole and rows else chosen(rows))

    @property
    def rows_shown(self) -> int:
        """How many rows stand there."""
        return len(self._shown)

    def _show_all(self) -> None:
        self.show_all_button.setEnabled(False)
        self._make_more()

    def _make_more(self) -> None:
        missing = [number for number in range(len(self._rows)) if number not in self._shown]
        self._make(missing[:SLICE])
        if len(missing) > SLICE:
            self._timer.start(0)

    def _make(self, numbers: Sequence[int]) -> None:
        copy_words = self._desk.say(N_("Copy address"))
        names_role = len({row.role for row in self._rows}) > 1
        for number in numbers:
            view = RecipientRow(self._desk.theme, self._rows[number], copy_words, self, names_role=names_role)
            for stage, seal in zip(view.row.stages, view.seals, strict=True):
                if seal is not None and stage.sha256 is not None:
                    seal.activated.connect(lambda sha256=stage.sha256: self.evidence_asked.emit(sha256))
                    seal.focused.connect(lambda seal=seal: self._stop_at(seal))
            view.colour()
            view.show()
            self._shown[number] = view
        self._shown = dict(sorted(self._shown.items()))
        words = self._desk.say(N_("Show all {n} recipients"), n=len(self._rows))
        self.show_all_button.setText(words)
        is_whole = len(self._shown) == len(self._rows)
        self.show_all_button.setEnabled(True)
        self.show_all_button.setVisible(not is_whole)
        self._order_tabs()
        self._heights.clear()
        self.updateGeometry()
        self._arrange()

    def _order_tabs(self) -> None:
        seals = self._seals()
        if seals and not any(seal.focusPolicy() & Qt.FocusPolicy.TabFocus for seal in seals):
            seals[0].setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for before, after in pairwise([_focusable_before(self), *seals, self.show_all_button]):
            QWidget.setTabOrder(before, after)

    def _seals(self) -> list[StageSeal]:
        return [seal for view in self._shown.values() for seal in view.seals if seal is not None]

    def _stop_at(self, stop: StageSeal) -> None:
        """Tab comes back to the seal that was looked at last, and to no other."""
        for seal in self._seals():
            seal.setFocusPolicy(Qt.FocusPolicy.StrongFocus if seal is stop else Qt.FocusPolicy.ClickFocus)

    # where things are

    def _places(self, width: int) -> Places:
        if width not in self._known_places:
            self._known_places[width] = self._find_places(width)
        return self._known_places[width]

    def _find_places(self, width: int) -> Places:
        metrics = QFontMetrics(self.font())

        def widest(words: Iterable[str]) -> int:
            return max(map(metrics.horizontalAdvance, words), default=0) + 2

        some, count = self._rows[:MEASURED], len(self._columns)
        addresses = [visible(row.address) for row in some]
        whole_address = min(widest(addresses), ADDRESS_TAKES)
        half_address = min(widest(half for address in addresses for half in address.split("@")), ADDRESS_TAKES) + GAP
        moment = widest(visible(row.moment) for row in some)
        remark = min(widest(map(remark_of, some)), REMARK_TAKES)
        short_remark = min(remark, REMARK_NEEDS)
        whole = widest(self._columns) + GAP
        short = widest(word for name in self._columns for word in name.split()) + GAP
        for form, stage, words, address in (
            (Form.LINE, whole, moment + GAP + remark, whole_address),
            (Form.STACKED, whole, max(moment, remark), whole_address),
            (Form.STACKED, short, max(moment, remark), whole_address),
            (Form.STACKED, whole, max(moment, remark), half_address),
            (Form.STACKED, short, max(moment, remark), half_address),
            (Form.STACKED, short, max(moment, short_remark), half_address),
            (Form.STACKED, short, max(moment, short_remark), ADDRESS_NEEDS),
        ):
            left = width - count * stage - words - 2 * GAP
            if left >= address:
                return _side_by_side(form, min(left, ADDRESS_TAKES), stage, count, moment, width)
        stage = min(whole, (width - moment - GAP) // max(1, count))
        middles = tuple(stage // 2 + number * stage for number in range(count))
        return Places(Form.NARROW, width, middles, stage, (width - moment, moment), (0, width))

    def _header_height(self, places: Places) -> int:
        metrics = QFontMetrics(self.font())
        return max([height_of(metrics, name, places.stage, HEADER) for name in self._columns], default=0) + 2 * STEP

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            places = self._places(width)
            rows = sum(view.height_at(places) for view in self._shown.values())
            more = self.show_all_button.sizeHint().height() + STEP if self.show_all_button.isVisibleTo(self) else 0
            self._heights[width] = self._header_height(places) + rows + more
        return self._heights[width]

    def hasHeightForWidth(self) -> bool:
        return True

    def sizeHint(self) -> QSize:
        return QSize(560, self.heightForWidth(560))

    def minimumSizeHint(self) -> QSize:
        return QSize(300, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        places = self._places(self.width())
        top = self._header_height(places)
        for view in self._shown.values():
            view.setGeometry(0, top, self.width(), view.height_at(places))
            view.arrange(places)
            top += view.height()
        size = self.show_all_button.sizeHint()
        self.show_all_button.setGeometry(QRect(0, top + STEP, min(size.width(), self.width()), size.height()))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        places, palette = self._places(self.width()), self._desk.theme.palette
        height = self._header_height(places)
        painter.setPen(QColor(palette.line))
        painter.drawLine(0, height - 1, self.width(), height - 1)
        painter.setPen(QColor(palette.muted))
        for name, middle in zip(self._columns, places.stages, strict=True):
            place = QRect(middle - places.stage // 2, 0, places.stage, height - STEP)
            painter.drawText(place, HEADER | Qt.AlignmentFlag.AlignBottom, name)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            self._heights.clear()
            self._known_places.clear()
            for view in self._shown.values():
                view.forget_heights()
            self.updateGeometry()
            self._arrange()

    def _colour(self) -> None:
        for view in self._shown.values():
            view.colour()
        self.update()

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows: to the next seal of the row, or to that of the same stage in the next row that has one."""
        step = _STEPS.get(Qt.Key(event.key()))
        grid = [view.seals for view in self._shown.values()]
        held = next(
            ((y, x) for y, row in enumerate(grid) for x, seal in enumerate(row) if seal and seal.hasFocus()), None
        )
        if step is None or held is None:
            super().keyPressEvent(event)
            return
        y, x = held
        if step[0]:
            row = grid[y][x + 1 :] if step[0] > 0 else grid[y][:x][::-1]
            there = next(filter(None, row), None)
        else:
            rows = grid[y + 1 :] if step[1] > 0 else grid[:y][::-1]
            there = next((row[x] or next(filter(None, row)) for row in rows if any(row)), None)
        if there is not None:
            there.setFocus(Qt.FocusReason.OtherFocusReason)
            keep_in_view(there, there.rect())


_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
