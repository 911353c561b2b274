"""The list itself: a `QListView` (so that screen readers know it) whose geometry is computed, not laid out.

Qt's own layout asks every row for its size. Here a row's place follows from its number and from the days before it
(`ListGeometry`), so that 100,000 rows cost no more than the page that is looked at.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QListView,
    QStyle,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from pecdesk.errors import N_
from pecdesk.explain.line import Seal
from pecdesk.ui.desk import Desk
from pecdesk.ui.mailbox.list_geometry import ListGeometry
from pecdesk.ui.mailbox.list_sight import Sight, changed, sight
from pecdesk.ui.mailbox.row_delegate import RowDelegate, paint_heading
from pecdesk.ui.mailbox.scroll_anchor import ScrollAnchor
from pecdesk.ui.mailbox.selection_keeper import SelectionKeeper, spans
from pecdesk.ui.mailbox.transmission_list_model import TransmissionListModel

Index = QModelIndex | QPersistentModelIndex


class TransmissionListView(QListView):
    """Rows under the headings of their days."""

    evidence_asked = Signal(str)
    """SHA-256 of what stands behind the seal that was clicked twice."""
    row_opened = Signal(int)
    drag_asked = Signal()
    menu_asked = Signal(QPoint)
    """Where on the screen."""

    def __init__(self, desk: Desk, model: TransmissionListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._model = model
        self._anchor = ScrollAnchor(self)
        self._chosen = SelectionKeeper(self)
        self._before: Sight | None = None
        """What was in sight before an update, as long as that lasts."""
        self.delegate = RowDelegate(desk.theme, self.font(), self)
        self.setItemDelegate(self.delegate)
        self.setModel(model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragEnabled(True)
        self.setTabKeyNavigation(False)
        # Every pixel is painted here: so Qt may move what is there while scrolling, and ask for the new strip alone.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        model.about_to_update.connect(self._hold)
        model.updated.connect(self._let_go)
        desk.theme.changed.connect(self.viewport().update)

    # geometry

    def geometry_of_rows(self) -> ListGeometry:
        """Where everything lies."""
        listed, metrics = self._model.listed, self.delegate.metrics
        return ListGeometry(len(listed.ids), listed.day_rows, metrics.row_height, metrics.heading_height)

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def horizontalOffset(self) -> int:
        return 0

    def _row_rect(self, geometry: ListGeometry, row: int) -> QRect:
        top = geometry.top_of(row) - self.verticalOffset()
        return QRect(0, top, self.viewport().width(), geometry.row_height)

    def visualRect(self, index: Index) -> QRect:
        return self._row_rect(self.geometry_of_rows(), index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self.geometry_of_rows().row_at(point.y() + self.verticalOffset())
        return self._model.index(row) if row >= 0 else QModelIndex()

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        geometry, region = self.geometry_of_rows(), QRegion()
        for first, last in spans(selection):
            whole = self._row_rect(geometry, first).united(self._row_rect(geometry, last))
            region += whole.intersected(self.viewport().rect())
        return region

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        geometry, offset = self.geometry_of_rows(), self.verticalOffset()
        area = rect.normalized()
        first = geometry.row_at(max(0, area.top() + offset))
        last = geometry.row_at(min(geometry.height - 1, area.bottom() + offset))
        chosen = QItemSelection()
        if first >= 0 and last >= 0:
            chosen = QItemSelection(self._model.index(first), self._model.index(last))
        self.selectionModel().select(chosen, command)

    def doItemsLayout(self) -> None:
        """Not the list's way, which asks for the size of every row. What an update changes is painted at its end."""
        if self._before is None:
            QAbstractItemView.doItemsLayout(self)
        else:
            self.updateGeometries()

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Not the list's way, which lays everything out: all rows are of one height. Only those in sight are asked
        where they stand."""
        geometry, offset = self.geometry_of_rows(), self.verticalOffset()
        top, bottom = geometry.rows_within(offset, self.viewport().height())
        top, bottom = max(top, first.row()), min(bottom, last.row())
        if top <= bottom:
            QAbstractItemView.dataChanged(self, self._model.index(top), self._model.index(bottom), list(roles))

    def updateGeometries(self) -> None:
        geometry, seen = self.geometry_of_rows(), self.viewport().height()
        bar = self.verticalScrollBar()
        bar.setPageStep(seen)
        bar.setSingleStep(max(1, geometry.row_height // 3))
        bar.setRange(0, max(0, geometry.height - seen))

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        if not index.isValid():
            return
        geometry, seen, bar = self.geometry_of_rows(), self.viewport().height(), self.verticalScrollBar()
        self.updateGeometries()
        top = geometry.top_of(index.row())
        bottom = top + geometry.row_height
        above = top - (geometry.heading_height if geometry.day_rows else 0)
        hints = QAbstractItemView.ScrollHint
        if hint == hints.PositionAtCenter:
            bar.setValue((top + bottom - seen) // 2)
        elif hint == hints.PositionAtTop or above < bar.value():
            bar.setValue(above)
        elif hint == hints.PositionAtBottom or bottom > bar.value() + seen:
            bar.setValue(bottom - seen)

    def scrollContentsBy(self, _dx: int, dy: int) -> None:
        if self._before is not None:
            return  # what stands elsewhere at the end of the update is painted then
        self.scrollDirtyRegion(0, dy)
        self.viewport().scroll(0, dy)
        if self._model.listed.day_rows:  # the heading that stays at the top was moved with the rest
            band = self.delegate.metrics.heading_height + max(0, dy)
            self.viewport().update(0, 0, self.viewport().width(), band)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        geometry, offset, asked = self.geometry_of_rows(), self.verticalOffset(), event.rect()
        colours = self._desk.theme.palette
        painter = QPainter(self.viewport())
        first = geometry.row_at(max(0, asked.top() + offset))
        last = geometry.row_at(min(geometry.height - 1, asked.bottom() + offset))
        self._note_sight()
        if first >= 0:
            region = event.region()  # while scrolling, a strip at one end and the heading at the other
            for row in range(first, last + 1):
                if region.intersects(self._row_rect(geometry, row)):
                    self._paint_row(painter, geometry, row)
        end = geometry.height - offset
        if asked.bottom() >= end:
            painter.fillRect(asked.adjusted(0, max(0, end - asked.top()), 0, 0), QColor(colours.surface))
        self._paint_days(painter, geometry, offset, asked)
        painter.end()

    def _paint_row(self, painter: QPainter, geometry: ListGeometry, row: int) -> None:
        index = self._model.index(row)
        option = QStyleOptionViewItem()
        option.rect = self._row_rect(geometry, row)
        is_current = index == self.currentIndex()
        if self.selectionModel().isSelected(index):
            option.state |= QStyle.StateFlag.State_Selected
            if is_current:
                option.state |= QStyle.StateFlag.State_Active
        if is_current and self.hasFocus():
            option.state |= QStyle.StateFlag.State_HasFocus
        self.delegate.paint(painter, option, index)

    def _paint_days(self, painter: QPainter, geometry: ListGeometry, offset: int, asked: QRect) -> None:
        """Over the rows, that of the topmost day over all."""
        metrics, wide = self.delegate.metrics, self.viewport().width()
        for day, top in geometry.headings_within(offset, self.viewport().height()):
            place = QRect(0, top, wide, geometry.heading_height)
            if place.intersects(asked):
                paint_heading(painter, place, self.day_name(day), metrics, self._desk.theme.palette)

    def day_name(self, day: int) -> str:
        """What the day of that number is called."""
        return self._model.day_name(day)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.delegate.set_font(self.font())
            self.doItemsLayout()

    # keeping the place

    @property
    def listed_ids(self) -> array[int]:
        """What is listed."""
        return self._model.listed.ids

    def row_of(self, id_: int) -> int | None:
        """Where a transmission stands."""
        return self._model.row_of(id_)

    def _hold(self) -> None:
        self._before = sight(self)
        self._anchor.hold()
        self._chosen.hold()

    def _let_go(self) -> None:
        """While mail comes in this happens twice a second, mostly below what is looked at: only what is another row by
        now, or stands elsewhere, is painted."""
        self._chosen.let_go()
        self.executeDelayedItemsLayout()
        self.updateGeometries()
        self._anchor.let_go()
        before, self._before = self._before, None
        self._note_sight()
        for place in changed(before or {}, sight(self), self.viewport().width()):
            self.viewport().update(place)

    def _note_sight(self) -> None:
        """So that the rows around it are read ahead."""
        rows = self.geometry_of_rows().rows_within(self.verticalOffset(), self.viewport().height())
        if rows[0] >= 0:
            self._model.in_sight = rows

    # keys and mouse

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Not Qt's way, which makes the first row current without choosing it: the first arrow would pass it over."""
        QAbstractScrollArea.focusInEvent(self, event)
        self.viewport().update()

    def moveCursor(self, action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier) -> QModelIndex:
        last = self._model.rowCount() - 1
        if last < 0:
            return QModelIndex()
        row = self.currentIndex().row()
        page = max(1, self.viewport().height() // self.delegate.metrics.row_height - 1)
        actions = QAbstractItemView.CursorAction
        steps = {
            actions.MoveUp: -1,
            actions.MovePrevious: -1,
            actions.MoveDown: 1,
            actions.MoveNext: 1,
            actions.MovePageUp: -page,
            actions.MovePageDown: page,
            actions.MoveHome: -last - 1,
            actions.MoveEnd: last + 1,
        }
        if row < 0:
            return self._model.index(last if action == actions.MoveEnd else 0)
        return self._model.index(max(0, min(last, row + steps.get(action, 0))))

    def keyboardSearch(self, _search: str) -> None:
        """Nothing: finding by letters is what the search field is for, and Qt would read every row."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and is_plain and self.currentIndex().isValid():
            self.row_opened.emit(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Space:
            event.ignore()  # it scrolls the reader
        else:
            super().keyPressEvent(event)

    def _seal_at(self, point: QPoint) -> Seal | None:
        index = self.indexAt(point)
        return self.delegate.seal_at(self.visualRect(index), index, point) if index.isValid() else None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        index = self.indexAt(point)
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            super().mouseDoubleClickEvent(event)
            return
        seal = self._seal_at(point)
        if seal is not None and seal.sha256 is not None:
            self.evidence_asked.emit(seal.sha256)
        else:
            self.row_opened.emit(index.row())

    def startDrag(self, _supported: Qt.DropAction) -> None:
        self.drag_asked.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            where = self.visualRect(self.currentIndex()).center()
        else:
            where = event.pos()
        self.menu_asked.emit(self.viewport().mapToGlobal(where))

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index, seal = self.indexAt(event.pos()), self._seal_at(event.pos())
            words = self.delegate.words_at(self.visualRect(index), index, event.pos()) if index.isValid() else ""
            if seal is not None and seal.sha256:
                words = self._desk.say(N_("{seal} (double click: open the evidence)"), seal=seal.word)
            QToolTip.showText(event.globalPos(), words, self.viewport())  # no words hide it
            return True
        return super().viewportEvent(event)
