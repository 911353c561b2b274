"""The foot of the compose window: what can be done, how the draft stands, and the button that sends."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from pecdesk.errors import N_
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.drawing import icon
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP


class ComposeBar(QWidget):
    """Buttons; each has a key or a letter of its own."""

    attach_asked = Signal()
    discard_asked = Signal()
    later_asked = Signal()
    send_asked = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.attach, self.discard = QPushButton(), QPushButton()
        self.templates, self.signature = QPushButton(), QPushButton()
        self.later, self.send = QPushButton(), QPushButton()
        self.template_menu, self.signature_menu = QMenu(self), QMenu(self)
        self.templates.setMenu(self.template_menu)
        self.signature.setMenu(self.signature_menu)
        self.state: QLabel = label("", "small")
        self.state.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        for button, signal in (
            (self.attach, self.attach_asked),
            (self.discard, self.discard_asked),
            (self.later, self.later_asked),
            (self.send, self.send_asked),
        ):
            button.clicked.connect(signal)
        for button in (self.templates, self.signature, self.discard):
            wear(button, "flat")
        wear(self.send, "primary")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * STEP)
        for part in (self.attach, self.templates, self.signature, self.discard):
            row.addWidget(part)
        row.addWidget(self.state, 1)
        row.addWidget(self.later)
        row.addWidget(self.send)
        desk.theme.changed.connect(self._draw)
        desk.language_changed.connect(self.retranslate)
        self._draw()
        self.retranslate()

    def retranslate(self) -> None:
        """Say it in the language in force."""
        say = self._desk.say
        self.attach.setText(say(N_("&Attach…")))
        self.templates.setText(say(N_("Te&mplates")))
        self.signature.setText(say(N_("Si&gnature")))
        self.discard.setToolTip(say(N_("Throw the draft away")))
        self.discard.setAccessibleName(say(N_("Throw the draft away")))
        self.later.setText(say(N_("Send &later…")))
        self.send.setText(say(N_("Se&nd")))

    def _draw(self) -> None:
        palette = self._desk.theme.palette
        self.attach.setIcon(icon("attachment", palette.ink, palette.outline))
        self.discard.setIcon(icon("delete", palette.muted, palette.outline))
        self.later.setIcon(icon("waiting", palette.ink, palette.outline))
