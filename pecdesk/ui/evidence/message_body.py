"""What the sender wrote, in the inspector: as text, or as HTML in a frame of its own when asked for."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.reading import Reading
from pecdesk.ui.desk import Desk
from pecdesk.ui.reader.content import REFUSALS
from pecdesk.ui.reader.html_view import SafeHtmlView
from pecdesk.ui.reader.link_question import ask_about_link
from pecdesk.ui.reader.message_text import MessageText
from pecdesk.ui.style.panels import Notice, label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP


class MessageBody(QWidget):
    """The text at once, the HTML when its reading is there. Nothing that is painted in it can leave its frame."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._reading: Reading | None = None
        self.text = MessageText(desk)
        self.text.link_asked.connect(self._ask_about)
        self.switch = QPushButton()
        wear(self.switch, "link")
        self.switch.clicked.connect(self._switch)
        self.notice = Notice(desk.theme)
        self.frame: QFrame | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2 * STEP)
        for part in (self.switch, self.notice, self.text):
            self._column.addWidget(part)
        self.switch.hide()

    def show_text(self, text: str) -> None:
        """Show the text that is at hand."""
        self.text.show_text(text or self._desk.say(N_("(no text)")))

    def show_reading(self, reading: Reading) -> None:
        """Offer the HTML, where there is one and it may be shown; say why where it may not."""
        self._reading = reading
        if reading.text:
            self.text.show_text(reading.text)
        if reading.html_refused is not None:
            self.notice.say(Tone.GREY, self._desk.say(REFUSALS[reading.html_refused]))
        self.switch.setVisible(reading.html is not None)
        self.switch.setText(self._desk.say(N_("Show as written (HTML)")))

    @property
    def shows_html(self) -> bool:
        """Whether the HTML is in sight."""
        return self.frame is not None and not self.frame.isHidden()

    def _switch(self) -> None:
        if self.frame is None and self._reading is not None:
            self.frame = self._framed(self._reading)
            self._column.addWidget(self.frame)
            self.frame.hide()
        if self.frame is not None:
            self.frame.setVisible(not self.shows_html)
            self.text.setVisible(not self.shows_html)
            words = N_("Show as text") if self.shows_html else N_("Show as written (HTML)")
            self.switch.setText(self._desk.say(words))

    def _framed(self, reading: Reading) -> QFrame:
        frame = QFrame()
        wear(frame, "framed")
        column = QVBoxLayout(frame)
        column.setContentsMargins(3 * STEP, 2 * STEP, 3 * STEP, 3 * STEP)
        column.setSpacing(2 * STEP)
        column.addWidget(label(self._desk.say(N_("Content of the message, written by its sender")).upper(), "section"))
        view = SafeHtmlView(self._desk)
        view.link_asked.connect(self._ask_about)
        view.show_reading(reading)
        column.addWidget(view)
        if reading.remote:
            said = self._desk.language.counted(
                "One remote content was not loaded and will not be: it would tell the sender that you are reading.",
                "{n} remote contents were not loaded and will not be: they would tell the sender that you are reading.",
                reading.remote,
            )
            column.addWidget(label(said, "small", wraps=True))
        return frame

    def _ask_about(self, url: str) -> None:
        ask_about_link(self._desk, self, url)
