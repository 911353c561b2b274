"""What to write, and where: the fields of the export dialog."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from pecdesk.errors import N_
from pecdesk.ui.desk import Desk
from pecdesk.ui.layout_memory import LayoutMemory
from pecdesk.ui.outside import Outside, documents
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.tokens import STEP

FOLDER, SHAPE, SPOKEN = "export/folder", "export/shape", "export/language"
"""Names under which the last choices are kept."""

ZIP = "zip"

CONTENTS = (
    ("prova.pdf", N_("the document to read, with the originals inside")),
    ("originali/", N_("the messages as they were received, byte for byte (.eml)")),
    ("impronte.sha256", N_("the SHA-256 of every file")),
    ("verifica.json", N_("the result of every check, as data")),
    ("LEGGIMI.txt", N_("six lines for whoever receives it")),
)

SPOKEN_WORDS = {"it": N_("Italian"), "en": N_("English")}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user wants."""

    folder: Path
    zipped: bool
    language: str
    """Code, of the document."""


class ExportForm(QWidget):
    """Destination, folder or zip, language of the document; each as it was chosen the last time."""

    changed = Signal()

    def __init__(self, desk: Desk, outside: Outside, *, originals_only: bool) -> None:
        super().__init__()
        self._desk = desk
        self._outside = outside
        self._is_proof = not originals_only
        self._memory = LayoutMemory(desk.app.profile)
        self._contents_title = label("", "section")
        self._contents_words = [label("", "muted", wraps=True) for _ in CONTENTS]
        self._folder_label = label("", "section")
        self.folder = QLineEdit(str(self._usual_folder()))
        self._folder_label.setBuddy(self.folder)
        self._browse = QPushButton()
        self._browse.setAutoDefault(False)
        self._shape_label = label("", "section")
        self.as_folder, self.as_zip = QRadioButton(), QRadioButton()
        shapes = QButtonGroup(self)
        for shape in (self.as_folder, self.as_zip):
            shapes.addButton(shape)
        (self.as_zip if self._memory.word(SHAPE) == ZIP else self.as_folder).setChecked(True)
        self._spoken_label = label("", "section")
        self.spoken = QComboBox()
        for code in SPOKEN_WORDS:
            self.spoken.addItem("", code)
        self.spoken.setCurrentIndex(max(self.spoken.findData(self._memory.word(SPOKEN)), 0))
        self._spoken_label.setBuddy(self.spoken)
        self._lay_out()
        self.folder.textChanged.connect(self.changed)
        self._browse.clicked.connect(self._choose)

    def _usual_folder(self) -> Path:
        """The one of the last time; else among the user's documents, and for made-up mail in the profile."""
        if kept := self._memory.word(FOLDER):
            return Path(kept)
        found = None if self._desk.app.profile.is_demo else documents()
        return found / "pecdesk" if found else self._desk.app.profile.exports

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * STEP)
        if self._is_proof:
            column.addWidget(self._contents_title)
            grid = QGridLayout()
            grid.setHorizontalSpacing(4 * STEP)
            grid.setVerticalSpacing(STEP)
            grid.setColumnStretch(1, 1)
            for number, ((name, _), words) in enumerate(zip(CONTENTS, self._contents_words, strict=True)):
                grid.addWidget(label(name, "code"), number, 0)
                grid.addWidget(words, number, 1)
            column.addLayout(grid)
            column.addSpacing(2 * STEP)
        column.addWidget(self._folder_label)
        row = QHBoxLayout()
        row.setSpacing(2 * STEP)
        row.addWidget(self.folder, 1)
        row.addWidget(self._browse)
        column.addLayout(row)
        if self._is_proof:
            below = QHBoxLayout()
            below.setSpacing(8 * STEP)
            shapes, spoken = QVBoxLayout(), QVBoxLayout()
            for part, widgets in (
                (shapes, (self._shape_label, self.as_folder, self.as_zip)),
                (spoken, (self._spoken_label, self.spoken)),
            ):
                part.setSpacing(STEP)
                for widget in widgets:
                    part.addWidget(widget)
                part.addStretch(1)
                below.addLayout(part)
            below.addStretch(1)
            column.addSpacing(2 * STEP)
            column.addLayout(below)

    def retranslate(self, transmissions: int) -> None:
        """Say everything anew."""
        say, counted = self._desk.say, self._desk.language.counted
        self._contents_title.setText(
            counted("What is written", "What is written for each of the {n} transmissions", transmissions)
        )
        for words, (_, text) in zip(self._contents_words, CONTENTS, strict=True):
            words.setText(say(text))
        self._folder_label.setText(say(N_("&Where")))
        self.folder.setPlaceholderText(say(N_("A folder; it is made if it is not there")))
        self._browse.setText(say(N_("&Browse…")))
        self._shape_label.setText(say(N_("As")))
        self.as_folder.setText(counted("a &folder", "a &folder each", transmissions))
        self.as_zip.setText(counted("a &zip file", "a &zip file each", transmissions))
        self._spoken_label.setText(say(N_("&Language of the document")))
        for number, name in enumerate(SPOKEN_WORDS.values()):
            self.spoken.setItemText(number, say(name))

    @property
    def choice(self) -> Choice | None:
        """What is wanted; None while no folder is named."""
        named = self.folder.text().strip()
        if not named:
            return None
        folder = Path(named).expanduser().absolute()
        return Choice(folder, self._is_proof and self.as_zip.isChecked(), self.spoken.currentData())

    def keep(self, choice: Choice) -> None:
        """Remember this for the next time."""
        self._memory.keep_word(FOLDER, str(choice.folder))
        if self._is_proof:
            self._memory.keep_word(SHAPE, ZIP if choice.zipped else "folder")
            self._memory.keep_word(SPOKEN, choice.language)

    def _choose(self) -> None:
        start = Path(self.folder.text().strip() or ".").expanduser()
        self._outside.choose_folder(
            self, self._desk.say(N_("Where to write")), start, lambda folder: self.folder.setText(str(folder))
        )
