"""What the sender wrote: as text, or as HTML in a frame of its own; if asked for, the provider's envelope around it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.examine import Examination
from pecdesk.explain import Tone
from pecdesk.explain.visible import visible
from pecdesk.mime import Refusal
from pecdesk.reading import Reading
from pecdesk.store import StoredMessage
from pecdesk.ui.background import Task
from pecdesk.ui.desk import Desk
from pecdesk.ui.reader.envelope import EnvelopeView, has_envelope
from pecdesk.ui.reader.html_view import SafeHtmlView
from pecdesk.ui.reader.message_text import MessageText
from pecdesk.ui.style.panels import Notice, label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP

REFUSALS = {
    Refusal.SIZE: N_("The HTML form of this message is too large to be shown safely: here is its text."),
    Refusal.CELLS: N_("The HTML form of this message has tables too large to be shown safely: here is its text."),
    Refusal.LIMIT: N_("Reading this message took more time or memory than a message may: what is known of it is here."),
}
"""Why HTML is not shown."""


class MessageContent(QWidget):
    """The content of one message. Nothing that is painted in it can leave its frame."""

    evidence_asked = Signal(str)
    link_asked = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._message: StoredMessage | None = None
        self._reading: Reading | None = None
        self._task: Task | None = None
        self._shown_text: str | None = None
        self._failure: Exception | None = None
        self._unvouched = False
        self.shows_html = False
        """Whether the HTML form stands there."""
        self.form_switch, self.envelope_switch = QPushButton(), QPushButton()
        for button, act in ((self.form_switch, self._switch_form), (self.envelope_switch, self._switch_envelope)):
            wear(button, "link")
            button.clicked.connect(act)
        self.notice = Notice(desk.theme)
        self.caption = label("", "section", wraps=True)
        self.text = MessageText(desk)
        self.html = SafeHtmlView(desk)
        for form in (self.text, self.html):
            form.link_asked.connect(self.link_asked)
        self._frame_caption = label("", "section", wraps=True)
        self.remote = label("", "small", wraps=True)
        self.frame = self._framed()
        self.envelope = EnvelopeView(desk)
        self.envelope.evidence_asked.connect(self.evidence_asked)
        self._build()
        desk.language_changed.connect(self.retranslate)
        self.retranslate()

    def _framed(self) -> QFrame:
        frame = QFrame()
        wear(frame, "framed")
        column = QVBoxLayout(frame)
        column.setContentsMargins(3 * STEP, 2 * STEP, 3 * STEP, 3 * STEP)
        column.setSpacing(2 * STEP)
        for part in (self._frame_caption, self.html, self.remote):
            column.addWidget(part)
        return frame

    def _build(self) -> None:
        switches = QHBoxLayout()
        switches.setContentsMargins(-STEP, 0, 0, 0)  # the words of a link stand a little inside it
        switches.setSpacing(2 * STEP)
        switches.addWidget(self.form_switch)
        switches.addWidget(self.envelope_switch)
        switches.addStretch(1)
        # The row keeps its height while it is empty: a switch that comes later moves nothing.
        switches.addStrut(self.form_switch.sizeHint().height())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * STEP)
        column.addLayout(switches)
        for part in (self.envelope, self.notice, self.caption, self.text, self.frame):
            column.addWidget(part)

    def retranslate(self) -> None:
        """Say it in the language in force."""
        self._frame_caption.setText(self._desk.say(N_("Content of the message, written by its sender")).upper())
        self.envelope.retranslate()
        self._tell()

    @property
    def is_settled(self) -> bool:
        """Whether all that can be known of the message is known."""
        return self._task is None

    @property
    def plain_text(self) -> str:
        """The text of the message, whichever form is shown."""
        return self._body()[1]

    @property
    def has_html(self) -> bool:
        """Whether there is an HTML form that can be shown."""
        return self._reading is not None and self._reading.html is not None

    def show_message(self, message: StoredMessage | None, *, unvouched: bool = False) -> None:
        """Show the stored text of a message at once; whether there is more to it is found out in the background.

        `unvouched`: it came from outside and no provider certifies its carriage.
        """
        self._unvouched = unvouched
        before = self._message.examination.sha256 if self._message else None
        self._message = message
        if message is None or before != message.examination.sha256:
            self._forget()
        if message is not None:
            self.envelope.show_message(message)
            if self._reading is None and self._task is None:
                self._read(message.examination.sha256)
        self._tell()

    def _forget(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task, self._reading, self._failure = None, None, None
        self.shows_html = False
        self.envelope.hide()

    def _read(self, sha256: str) -> None:
        self._task = self._desk.background.query(
            lambda: self._desk.app.reading(sha256), self._take_reading, self._take_failure, owner=self
        )

    def _take_reading(self, reading: Reading) -> None:
        self._task, self._reading = None, reading
        self.html.show_reading(reading)
        self.shows_html = reading.html is not None and self._desk.app.settings.prefer_html
        self._tell()

    def _take_failure(self, error: Exception) -> None:
        self._task, self._failure = None, error
        self._tell()

    def _switch_form(self) -> None:
        self.shows_html = not self.shows_html
        self._tell()
        wish = replace(self._desk.app.settings, prefer_html=self.shows_html)
        self._desk.background.query(
            lambda: self._desk.app.save_settings(wish), lambda _done: None, self._take_failure, owner=self
        )

    def _switch_envelope(self) -> None:
        self.envelope.setVisible(not self.envelope.isVisibleTo(self))
        self._tell()

    def _tell(self) -> None:
        """Show what is known by now."""
        self._tell_switches()
        self._tell_notice()
        say = self._desk.say
        caption, text = self._body()
        self.caption.setText(caption.upper())
        self.caption.setVisible(bool(caption) and not self.shows_html)
        self.text.setVisible(not self.shows_html and self._message is not None)
        self.frame.setVisible(self.shows_html)
        if text != self._shown_text:
            self._shown_text = text
            self.text.show_text(text)
        remote = self._reading.remote if self._reading else 0
        self.remote.setVisible(remote > 0)
        self.remote.setText(
            self._desk.language.counted(
                "One remote content was not loaded and will not be: it would tell the sender that you are reading.",
                "{n} remote contents were not loaded and will not be: they would tell the sender that you are reading.",
                remote,
            )
        )
        self.text.setAccessibleDescription(say(N_("Content of the message, written by its sender")))

    def _tell_switches(self) -> None:
        say, examination = self._desk.say, self._message.examination if self._message else None
        self.form_switch.setVisible(self.has_html)
        self.form_switch.setText(say(N_("Show as text") if self.shows_html else N_("Show as written (HTML)")))
        self.envelope_switch.setVisible(examination is not None)
        is_open = self.envelope.isVisibleTo(self)
        if examination is not None and has_envelope(examination):
            words = N_("Hide the envelope") if is_open else N_("Show the envelope and the provider's text")
        else:
            words = N_("Hide details") if is_open else N_("Show details")
        self.envelope_switch.setText(say(words))

    def _tell_notice(self) -> None:
        refused = self._reading.html_refused if self._reading else None
        if self._failure is not None:
            self.notice.say(Tone.RED, visible(self._desk.sentence(self._failure)), icon="warning")
        elif refused is not None:
            self.notice.say(Tone.GREY, self._desk.say(REFUSALS[refused]))
        else:
            self.notice.hide()

    def _body(self) -> tuple[str, str]:
        """The text to show, with whose it is where it is not the sender's."""
        if self._message is None:
            return "", ""
        examination, say = self._message.examination, self._desk.say
        # The store keeps the beginning of a long text for searching; the reading has all of it.
        read = self._reading.text if self._reading else ""
        if not examination.text and examination.notice:
            return _caption_of_notice(examination, self._desk), read or examination.notice
        caption = say(N_("Written by the sender; no provider vouches for it")) if self._unvouched else ""
        return caption, read or examination.text or say(N_("(no text)"))


def _caption_of_notice(examination: Examination, desk: Desk) -> str:
    if examination.standing.proves:
        return desk.say(N_("Written by the provider"))
    return desk.say(N_("What the message says; no provider vouches for it"))
