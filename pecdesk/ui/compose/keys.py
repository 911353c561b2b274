"""The keys of the compose window, in one table; the list of shortcuts shows them too."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from pecdesk.errors import N_

COMPOSE_KEYS: dict[str, tuple[str, tuple[str, ...]]] = {
    "send": (N_("Send"), ("Ctrl+Return", "Ctrl+Enter")),
    "send-later": (N_("Send later…"), ("Ctrl+Shift+Return",)),
    "attach": (N_("Attach files…"), ("Ctrl+Shift+A",)),
    "save": (N_("Save the draft now"), ("Ctrl+S",)),
    "sign": (N_("Put the signature under the text"), ("Ctrl+Shift+S",)),
    "close": (N_("Close; the draft is kept"), ("Esc", "Ctrl+W")),
}
"""By the name of what is done: its words, and its keys."""


def bind(window: QWidget, verbs: Mapping[str, Callable[[], object]]) -> None:
    """Have the keys of the table do this in a window."""
    for name, (_, keys) in COMPOSE_KEYS.items():
        for written in keys:
            QShortcut(QKeySequence(written), window).activated.connect(verbs[name])
