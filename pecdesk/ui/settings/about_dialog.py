"""About pecdesk: version, licence, what it runs on, and the trust data it judges with."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from pecdesk import __version__
from pecdesk.errors import N_
from pecdesk.resources import resources
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog
from pecdesk.ui.settings.program_facts import (
    FONTS,
    LICENCE,
    LICENCE_ADDRESS,
    Library,
    libraries,
    licence_text,
    versions,
)
from pecdesk.ui.settings.trust_words import trust_data
from pecdesk.ui.style.listing import Entry, Listing
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP

ICON = 56
"""Side of the program's icon, in device-independent pixels."""


class AboutDialog(Dialog):
    """Facts to read and to copy into a report."""

    scrolls = False

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._icon = QLabel()
        self._icon.setFixedSize(ICON, ICON)
        self._name = label(f"pecdesk {__version__}", "title")
        self._purpose = label("", "muted", wraps=True)
        self._licence = label("", wraps=True)
        self.facts = Listing(desk.theme)
        self.text = QPlainTextEdit(licence_text() or LICENCE_ADDRESS)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        wear(self.text, "source")
        self._lay_out()
        self.copy_button = self.add_button()
        self.licence_button = self.add_button()
        self.close_button = self.add_button("primary")
        self.copy_button.clicked.connect(self._copy)
        self.licence_button.clicked.connect(self._turn)
        self.close_button.clicked.connect(self.reject)
        self._libraries: list[Library] = []
        self._trust_version = ""
        self.retranslate()
        self.fit(700, 600)
        self.close_button.setFocus()
        self._draw()
        app = desk.app
        desk.background.query(lambda: (libraries(), app.anchors.version), self._take, self.complain, owner=self)

    def _take(self, found: tuple[list[Library], str]) -> None:
        """The packages and the trust data, which take a moment to be read."""
        self._libraries, self._trust_version = found
        self.retranslate()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(STEP)
        for widget in (self._name, self._purpose, self._licence):
            words.addWidget(widget)
        head = QHBoxLayout()
        head.setSpacing(4 * STEP)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        self.body.addLayout(head)
        self.add_pages(self.facts, self.text)

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(round(ICON * ratio), round(ICON * ratio))
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        QSvgRenderer(str(resources() / "icons" / "pecdesk.svg")).render(painter)
        painter.end()
        picture.setDevicePixelRatio(ratio)
        self._icon.setPixmap(picture)

    def retranslate(self) -> None:
        say = self.desk.say
        self.setWindowTitle(say(N_("About pecdesk")))
        self._purpose.setText(
            say(N_("Certified mail (PEC): every message with its receipts, verified, ready as proof."))
        )
        self._licence.setText(say(N_("Free software under the European Union Public Licence ({code})."), code=LICENCE))
        self.facts.setAccessibleName(say(N_("Versions and licences")))
        self.text.setAccessibleName(say(N_("Text of the licence")))
        self.facts.show_entries(self._entries())
        self.copy_button.setText(say(N_("Co&py all")))
        self.close_button.setText(say(N_("&Close")))
        self._name_turn()

    def _entries(self) -> list[Entry]:
        say = self.desk.say
        entries = [Entry(say(N_("Versions")), remarks=versions())]
        if not self._trust_version:
            return entries
        unstated = say(N_("no licence stated"))
        return [
            *entries,
            Entry(say(N_("Trust data")), remarks=trust_data(self._trust_version, self.desk)),
            Entry(
                say(N_("Libraries")),
                remarks=tuple(
                    f"{library.name} {library.version} – {library.licence or unstated}" for library in self._libraries
                ),
            ),
            Entry(say(N_("Fonts of the proof document")), remarks=(FONTS,)),
        ]

    def _turn(self) -> None:
        """The text of the licence, and back."""
        self.turn_to(self.facts if self.page is self.text else self.text)
        self._name_turn()

    def _name_turn(self) -> None:
        shown = self.page is self.text
        self.licence_button.setText(self.desk.say(N_("&Back") if shown else N_("&Licence text")))

    def _copy(self) -> None:
        lines = [entry.title + "\n" + "\n".join(f"  {line}" for line in entry.remarks) for entry in self._entries()]
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")
