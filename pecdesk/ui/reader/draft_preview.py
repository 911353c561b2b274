"""A draft in the reader: its text as far as it was written, and the names of its attachments."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain.visible import visible
from pecdesk.pec.draft import Draft
from pecdesk.ui.desk import Desk
from pecdesk.ui.reader.message_text import MessageText
from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.tokens import STEP

FEW = 20
"""Attachments that are named."""
LONGEST_NAME = 200


class DraftPreview(QWidget):
    """Only to be looked at; hidden while there is no draft."""

    link_asked = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.text = MessageText(desk)
        self.text.link_asked.connect(self.link_asked)
        self.title = label("", "section")
        self._shown: list[FlowText] = []
        self._names = QVBoxLayout()
        self._names.setSpacing(STEP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * STEP)
        column.addWidget(self.text)
        column.addWidget(self.title)
        column.addLayout(self._names)
        self.hide()

    @property
    def names(self) -> tuple[str, ...]:
        """What is said of its attachments."""
        return tuple(shown.text for shown in self._shown)

    def show_draft(self, draft: Draft | None) -> None:
        """Show this one, or none."""
        for old in self._shown:
            old.hide()
            self._names.removeWidget(old)
            old.deleteLater()
        self._shown = []
        self.setVisible(draft is not None)
        if draft is None:
            self.text.show_text("")
            return
        language, files = self._desk.language, draft.attachments
        self.text.show_text(draft.text if draft.text.strip() else language.say(N_("(no text)")))
        self.title.setText(language.counted("One attachment", "{n} attachments", len(files)).upper())
        self.title.setVisible(bool(files))
        told = [f"{visible(file.name[:LONGEST_NAME])} · {language.size(file.size)}" for file in files[:FEW]]
        if len(files) > FEW:
            told.append(language.counted("and one more", "and {n} more", len(files) - FEW))
        self._shown = [FlowText(words) for words in told]
        for shown in self._shown:
            self._names.addWidget(shown)
