"""What lies around the mail: the provider's own words, its data and its signature, hidden until asked for."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.examine import Examination
from pecdesk.explain.visible import visible
from pecdesk.store import StoredMessage
from pecdesk.trust import SignatureStatus
from pecdesk.ui.desk import Desk
from pecdesk.ui.reader.message_text import MessageText
from pecdesk.ui.reader.source_view import SourceView
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP

SOURCE_HEIGHT = 320


def has_envelope(examination: Examination) -> bool:
    """Whether anything lies around the mail, or pretends to."""
    return bool(examination.notice) or examination.signature.status is not SignatureStatus.NONE


class EnvelopeView(QFrame):
    """The envelope or receipt that holds the mail shown."""

    evidence_asked = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._message: StoredMessage | None = None
        wear(self, "framed")
        self.pieces = label("", "muted", wraps=True, selectable=True)
        self.caption = label("", "section", wraps=True)
        self.text = MessageText(desk)
        self.inspect_button, self.source_button = QPushButton(), QPushButton()
        self.inspect_button.clicked.connect(self._ask)
        self.source_button.clicked.connect(self._switch_source)
        wear(self.source_button, "flat")
        self.source = SourceView(desk)
        self.source.setFixedHeight(SOURCE_HEIGHT)
        self.source.hide()
        row = QHBoxLayout()
        row.setSpacing(2 * STEP)
        row.addWidget(self.inspect_button)
        row.addWidget(self.source_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * STEP, 3 * STEP, 3 * STEP, 3 * STEP)
        column.setSpacing(2 * STEP)
        for part in (self.pieces, self.caption, self.text):
            column.addWidget(part)
        column.addLayout(row)
        column.addWidget(self.source)
        self.hide()

    def show_message(self, message: StoredMessage) -> None:
        """Get ready to show what lies around this message; only when it is looked at is anything read."""
        if self._message is not None and self._message.examination.sha256 != message.examination.sha256:
            self.source.hide()
        self._message = message
        self._tell()

    def retranslate(self) -> None:
        """Say it in the language in force."""
        self._tell()

    def _tell(self) -> None:
        if self._message is None:
            return
        say, examination = self._desk.say, self._message.examination
        self.inspect_button.setText(say(N_("Inspect this message")))
        self.source_button.setText(
            say(N_("Hide the source") if self.source.isVisibleTo(self) else N_("Show the source"))
        )
        found = pieces(examination)
        self.pieces.setText(say(N_("In it: {pieces}."), pieces=", ".join(map(say, found))) if found else "")
        self.pieces.setVisible(bool(found))
        self.caption.setText(_caption(examination, self._desk).upper())
        # Where there is no mail inside, the provider's words stand as the text of the message already.
        has_words = bool(examination.notice and examination.text)
        self.caption.setVisible(has_words)
        self.text.setVisible(has_words)
        if has_words:
            self.text.show_text(examination.notice)

    def _ask(self) -> None:
        if self._message is not None:
            self.evidence_asked.emit(self._message.examination.sha256)

    def _switch_source(self) -> None:
        if self.source.isVisibleTo(self):
            self.source.hide()
        elif self._message is not None:
            sha256 = self._message.examination.sha256
            self._desk.background.query(
                lambda: self._desk.app.raw(sha256), self._show_raw, self._tell_failure, owner=self
            )
        self._tell()

    def _show_raw(self, raw: bytes) -> None:
        self.source.show_source(raw)
        self.source.show()
        self._tell()

    def _tell_failure(self, error: Exception) -> None:
        self.pieces.setText(visible(self._desk.sentence(error)))
        self.pieces.show()


def pieces(examination: Examination) -> list[str]:
    """The pieces that are there, as English names to be translated."""
    found = []
    if examination.certification or examination.claimed_certification:
        found.append(N_("certification data (daticert.xml)"))
    if examination.original is not None:
        found.append(N_("the message itself (postacert.eml)"))
    if examination.signature.status is not SignatureStatus.NONE:
        found.append(N_("signature (smime.p7s)"))
    return found


def _caption(examination: Examination, desk: Desk) -> str:
    """Whose words they are: the provider's where it signed them, else only what somebody says."""
    certification = examination.certification
    if examination.standing.proves and certification is not None:
        return desk.say(N_("Written by the provider {provider}"), provider=visible(certification.issuer))
    return desk.say(N_("Text of the envelope, vouched for by no provider"))
