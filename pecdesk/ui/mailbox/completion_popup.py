"""The list under the search field: what may be typed, and beside it what it means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from pecdesk.explain.visible import visible
from pecdesk.ui.mailbox.search_completion import Candidate
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.theme import Theme
from pecdesk.ui.style.tokens import STEP

Index = QModelIndex | QPersistentModelIndex

_NOWHERE = QModelIndex()
_CANDIDATE_ROLE = Qt.ItemDataRole.UserRole


class _CandidateModel(QAbstractListModel):
    """The candidates of the moment."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.candidates: tuple[Candidate, ...] = ()

    def show(self, candidates: Sequence[Candidate]) -> None:
        """Offer these."""
        self.beginResetModel()
        self.candidates = tuple(candidates)
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.candidates)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        candidate = self.candidates[index.row()]
        if role == _CANDIDATE_ROLE:
            return candidate
        if role == Qt.ItemDataRole.EditRole:
            return candidate.text
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{visible(candidate.text)} – {candidate.meaning}" if candidate.meaning else visible(candidate.text)
        return None


class _CandidateDelegate(QStyledItemDelegate):
    """The words at the left, their meaning at the right."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, QFontMetrics(option.font).height() + 2 * STEP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours, candidate = self._theme.palette, index.data(_CANDIDATE_ROLE)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(option.rect, QColor(colours.selected if is_chosen else colours.surface))
        place: QRect = option.rect.adjusted(2 * STEP, 0, -2 * STEP, 0)
        painter.setFont(option.font)
        metrics = QFontMetrics(option.font)
        # What a candidate means keeps its room beside words that are long.
        beside = min(metrics.horizontalAdvance(candidate.meaning) + 4 * STEP, place.width() // 2)
        words = metrics.elidedText(
            visible(candidate.text), Qt.TextElideMode.ElideMiddle, max(place.width() - beside, place.width() // 2)
        )
        painter.setPen(QColor(colours.ink))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        room = place.adjusted(metrics.horizontalAdvance(words) + 4 * STEP, 0, 0, 0)
        painter.setPen(QColor(colours.muted))
        painter.drawText(
            room,
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            metrics.elidedText(candidate.meaning, Qt.TextElideMode.ElideRight, room.width()),
        )


class CompletionPopup(QObject):
    """Offers candidates under a field; keys go on to the field, but for those that choose."""

    chosen = Signal(str)
    """The text of a candidate."""

    def __init__(self, theme: Theme, field: QLineEdit) -> None:
        super().__init__(field)
        self._model = _CandidateModel(self)
        self._completer = QCompleter(self._model, self)
        self._popup = QListView()
        wear(self._popup, "popup")
        self.least_width = 0
        """Device-independent pixels, where the field itself may be narrower."""
        self._completer.setPopup(self._popup)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setCompletionRole(Qt.ItemDataRole.EditRole)
        self._completer.setMaxVisibleItems(12)
        self._completer.setWidget(field)
        self._popup.setItemDelegate(_CandidateDelegate(theme, self))
        self._completer.activated.connect(self.chosen)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """What is offered; nothing while the list is closed."""
        return self._model.candidates if self._popup.isVisible() else ()

    @property
    def has_chosen(self) -> bool:
        """Whether one of them is marked, so that Enter means it."""
        return self._popup.isVisible() and self._popup.selectionModel().hasSelection()

    def offer(self, candidates: Sequence[Candidate]) -> None:
        """Show these, or close the list when there are none."""
        self._model.show(candidates)
        if candidates:
            place = self._completer.widget().rect()
            place.setWidth(max(place.width(), self.least_width))
            self._completer.complete(place)
        else:
            self.close()

    def close(self) -> None:
        """Offer nothing."""
        self._popup.hide()
