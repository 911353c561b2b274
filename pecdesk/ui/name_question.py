"""A question for one short name: of a search that is kept, of a label, of a template."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QInputDialog, QWidget

from pecdesk.errors import N_
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.sheet import wear

LETTERS = 44
"""How many of them the field shows: names of labels and most searches as a whole."""


def ask_name(
    desk: Desk, parent: QWidget, title: str, question: str, take: Callable[[str], object], *, offered: str = ""
) -> None:
    """Ask for a name; `take` gets it as it was typed, and nothing that is only blanks."""
    dialog = QInputDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    dialog.setLabelText(question)
    dialog.setTextValue(offered)
    dialog.setOkButtonText(desk.say(N_("Save")))
    dialog.setCancelButtonText(desk.say(N_("Cancel")))
    for buttons in dialog.findChildren(QDialogButtonBox):
        wear(buttons.button(QDialogButtonBox.StandardButton.Ok), "primary")
    dialog.textValueSelected.connect(lambda name: take(name) if name.strip() else None)
    dialog.resize(dialog.fontMetrics().averageCharWidth() * LETTERS, dialog.sizeHint().height())
    dialog.open()
