"""A sent message whose copy is lost, out of a full delivery receipt: what the provider changed in it, and a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.explain.rebuilt import rebuilt_sentences
from pecdesk.explain.visible import visible
from pecdesk.mime.file_names import safe_file_name
from pecdesk.pec.rebuilding import Rebuilt
from pecdesk.store import Row
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog
from pecdesk.ui.outside import Desktop, Outside, documents
from pecdesk.ui.reader.handing_over import saved
from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.tokens import STEP

LONGEST_NAME = 60
"""Letters of the subject in the name that is suggested."""


class RebuildDialog(Dialog):
    """Says what it is, and saves it as a message file."""

    def __init__(self, desk: Desk, row: Row, parent: QWidget | None = None, *, outside: Outside | None = None) -> None:
        super().__init__(desk, parent)
        self._outside = outside or Desktop()
        self._row = row
        self.rebuilt: Rebuilt | None = None
        self._title = label("", "title", wraps=True)
        self._subject = label(visible(row.transmission.subject), "muted", wraps=True)
        self.sentences = QVBoxLayout()
        self.sentences.setSpacing(2 * STEP)
        self.body.addWidget(self._title)
        self.body.addWidget(self._subject)
        self.body.addLayout(self.sentences)
        self.body.addStretch(1)
        self.close_button = self.add_button()
        self.save_button = self.add_button("primary")
        self.close_button.clicked.connect(self.reject)
        self.save_button.clicked.connect(self._ask_where)
        self.save_button.setEnabled(False)
        self.retranslate()
        self.fit(560, 380)
        drafting = desk.app.drafting
        desk.background.query(lambda: drafting.rebuilt_original(row), self._take, self.complain, owner=self)

    def retranslate(self) -> None:
        say = self.desk.say
        self.setWindowTitle(say(N_("The sent message, made again")))
        self._title.setText(say(N_("The sent message, made again")))
        self.close_button.setText(say(N_("&Close")))
        self.save_button.setText(say(N_("&Save as a message (.eml)…")))
        while (item := self.sentences.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        if self.rebuilt is not None:
            for sentence in rebuilt_sentences(self.rebuilt, self.desk.language):
                self.sentences.addWidget(FlowText(sentence, selectable=True))

    def _take(self, rebuilt: Rebuilt) -> None:
        self.rebuilt = rebuilt
        self.retranslate()
        self.save_button.setEnabled(True)
        self.save_button.setFocus()

    def _ask_where(self) -> None:
        subject = " ".join(self._row.transmission.subject.split())[:LONGEST_NAME]
        unnamed = self.desk.say(N_("message"))
        name = safe_file_name(f"{subject or unnamed}.eml")
        title = self.desk.say(N_("Save the message"))
        self._outside.choose_new_file(self, title, (documents() or Path.home()) / name, self._save)

    def _save(self, path: Path) -> None:
        assert self.rebuilt is not None  # before that nothing can be saved
        raw = self.rebuilt.raw
        self.desk.background.query(lambda: saved(raw, path, replace=True), self._tell, self.complain, owner=self)

    def _tell(self, path: Path) -> None:
        self.notice.say(Tone.BLUE, self.desk.say(N_("Saved: {path}"), path=visible(str(path))))
