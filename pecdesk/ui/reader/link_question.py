"""Where a link leads, asked before it is followed: the real target, in letters that cannot pass for others."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.explain.visible import visible
from pecdesk.mime import link_target
from pecdesk.mime.mailto import is_mailto
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog
from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.panels import label

Follow = Callable[[str], bool]


def _by_the_system(url: str) -> bool:
    return QDesktopServices.openUrl(QUrl(url))


class LinkQuestion(Dialog):
    """Shows host and whole address of a link; only a click on the button follows it."""

    blocks = True

    def __init__(self, desk: Desk, url: str, parent: QWidget | None = None, *, follow: Follow = _by_the_system) -> None:
        super().__init__(desk, parent)
        self._url = url
        self._follow = follow
        target = link_target(url)
        self._is_mail = url.startswith("mailto:")
        self._intro = label("", "muted", wraps=True)
        self.place = FlowText(visible(target.place if target else ""), "title", selectable=True)
        self.address = FlowText(visible(url), "code", selectable=True)
        self._warning = label("", "muted", wraps=True)
        for part in (self._intro, self.place, self.address, self._warning):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.copy_button = self.add_button()
        self.follow_button = self.add_button()
        self.cancel_button = self.add_button("primary")
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._url))
        self.follow_button.clicked.connect(self._go)
        self.cancel_button.clicked.connect(self.reject)
        self.retranslate()
        self.fit(560, 320)
        self.cancel_button.setFocus()

    def retranslate(self) -> None:
        """Say it in the language in force."""
        say = self.desk.say
        title = say(N_("Write to this address?") if self._is_mail else N_("Open this address?"))
        self.setWindowTitle(title)
        self._intro.setText(say(N_("The link leads to:")))
        self._warning.setText(
            say(
                N_(
                    "Whoever wrote the message chose where it leads. Nobody certifies it, not even where the message"
                    " is certified: if you do not know the place, do not go there."
                )
            )
        )
        self.copy_button.setText(say(N_("&Copy the address")))
        self.follow_button.setText(say(N_("&Write a message") if self._is_mail else N_("&Open in the browser")))
        self.cancel_button.setText(say(N_("&Cancel")))

    def _go(self) -> None:
        if self._follow(self._url):
            self.accept()
        else:
            self.notice.say(Tone.AMBER, self.desk.say(N_("This system has no program for such addresses.")))


def ask_about_link(desk: Desk, parent: QWidget, url: str) -> LinkQuestion | None:
    """Ask before following a link; nothing to ask where it leads nowhere that may be followed.

    A link to a mail address begins a message here, not in the system's mail program.
    """
    if link_target(url) is None:
        return None

    def write(link: str) -> bool:
        desk.mail_asked.emit(link)
        return True

    question = LinkQuestion(desk, url, parent, follow=write if is_mailto(url) else _by_the_system)
    question.finished.connect(question.deleteLater)
    question.open()
    return question
