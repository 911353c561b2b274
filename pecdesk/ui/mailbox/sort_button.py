"""The button that says in which order the list stands: what needs somebody has an order of its own."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from pecdesk.errors import N_
from pecdesk.store import Group, Order
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.drawing import icon

WORDS = {
    Order.NEWEST: N_("Newest first"),
    Order.OLDEST: N_("Oldest first"),
    Order.COUNTERPART: N_("By sender or recipient"),
    Order.SUBJECT: N_("By subject"),
    Order.STATE: N_("By state, what went wrong first"),
    Order.NEED: N_("By need, the most urgent first"),
}


class SortButton(QToolButton):
    """Opens a menu of orders, one of which holds."""

    ordered = Signal(Order)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.order = Order.NEWEST
        self._orders = {False: Order.NEWEST, True: Order.NEED}
        """Of everything else, and of what needs somebody."""
        self._follows = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        self._group = QActionGroup(menu)
        self._actions: dict[Order, QAction] = {}
        for order in Order:
            action = menu.addAction("")
            action.setCheckable(True)
            action.setChecked(order is self.order)
            action.triggered.connect(lambda _checked=False, order=order: self.choose(order))
            self._group.addAction(action)
            self._actions[order] = action
        self.setMenu(menu)
        desk.theme.changed.connect(self._draw)
        desk.language_changed.connect(self.retranslate)
        self._draw()
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        for order, action in self._actions.items():
            action.setText(self._desk.say(WORDS[order]))
        words = self._desk.say(N_("Order: {order}"), order=self._desk.say(WORDS[self.order]))
        self.setToolTip(words)
        self.setAccessibleName(words)

    def turn_to(self, group: Group | None) -> None:
        """Another place is about to be listed, None for a search: say in which order it stands."""
        self._follows = group is Group.FOLLOW
        self._show(self._orders[self._follows])

    def _show(self, order: Order) -> None:
        self._actions[order].setChecked(True)
        self.order = self._orders[self._follows] = order
        self.retranslate()

    def choose(self, order: Order) -> None:
        """Put the list in this order."""
        is_other = order is not self.order
        self._show(order)
        if is_other:
            self.ordered.emit(order)

    def _draw(self) -> None:
        colours = self._desk.theme.palette
        self.setIcon(icon("sort", colours.muted, colours.outline))
