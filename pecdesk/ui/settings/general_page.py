"""Language, looks, and how messages are read: changed at once, kept at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QVBoxLayout

from pecdesk.errors import N_
from pecdesk.profile.settings import LONGEST_WAIT, LanguageChoice, ThemeChoice
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Content, Dialog
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.tokens import STEP

LANGUAGES = {"system": N_("As the system"), "it": N_("Italiano"), "en": N_("English")}
THEMES = {"system": N_("As the system"), "light": N_("Light"), "dark": N_("Dark")}
"""Words of the settings file, and what they are called; a language is called by its own name."""

WIDEST = 260
"""Device-independent pixels of a field."""


class GeneralPage(Content):
    """One field for each setting."""

    def __init__(self, desk: Desk, dialog: Dialog) -> None:
        super().__init__()
        self._desk = desk
        self._dialog = dialog
        settings = desk.app.settings
        self.language = _choice(LANGUAGES, settings.language)
        self.theme = _choice(THEMES, settings.theme)
        self.seconds = _seconds(settings.read_after_seconds, decimals=1)
        self.undo = _seconds(settings.undo_seconds)
        self.html = QCheckBox()
        self.html.setChecked(settings.prefer_html)
        self.revocation = QCheckBox()
        self.revocation.setChecked(settings.fetch_revocation_lists)
        self._revocation_why = label("", "muted", wraps=True)
        self._labels = {field: label("", "section") for field in (self.language, self.theme, self.seconds, self.undo)}
        self._seconds_why, self._html_why = label("", "muted", wraps=True), label("", "muted", wraps=True)
        self._undo_why = label("", "muted", wraps=True)
        self._lay_out()
        self.language.activated.connect(lambda _row: self._set_language(self.language.currentData()))
        self.theme.activated.connect(lambda _row: self._set_theme(self.theme.currentData()))
        self.seconds.valueChanged.connect(lambda value: self._keep(read_after_seconds=value))
        self.undo.valueChanged.connect(lambda value: self._keep(undo_seconds=value))
        self.html.toggled.connect(lambda wished: self._keep(prefer_html=wished))
        self.revocation.toggled.connect(lambda wished: self._keep(fetch_revocation_lists=wished))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4 * STEP, 2 * STEP, 0)
        column.setSpacing(STEP)
        for field, words in self._labels.items():
            words.setBuddy(field)
            column.addWidget(words)
            column.addWidget(field)
            if field in (self.seconds, self.undo):
                column.addWidget(self._seconds_why if field is self.seconds else self._undo_why)
            column.addSpacing(4 * STEP)
        column.addWidget(self.html, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._html_why)
        column.addSpacing(4 * STEP)
        column.addWidget(self.revocation, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._revocation_why)
        column.addStretch(1)

    def retranslate(self) -> None:
        """Say everything anew."""
        say = self._desk.say
        named: tuple[tuple[QComboBox | QDoubleSpinBox, str], ...] = (
            (self.language, N_("&Language")),
            (self.theme, N_("L&ook")),
            (self.seconds, N_("A message becomes &read after")),
            (self.undo, N_("Sending can be &undone for")),
        )
        for field, words in named:
            self._labels[field].setText(say(words))
        for field, choices in ((self.language, LANGUAGES), (self.theme, THEMES)):
            for row, name in enumerate(choices.values()):
                field.setItemText(row, say(name))
        unit = say(N_("seconds"))
        for spin in (self.seconds, self.undo):
            spin.setLocale(QLocale(self._desk.language.code))
            spin.setSuffix(f" {unit}")
        self.seconds.setSpecialValueText(say(N_("at once")))
        self.undo.setSpecialValueText(say(N_("not at all: it leaves at once")))
        self._undo_why.setText(
            say(N_("So long a message waits here after you send it. What has left cannot be called back."))
        )
        self._seconds_why.setText(
            say(N_("On screen for that long. The mail server is told only for mailboxes where you wished so."))
        )
        self.html.setText(say(N_("Show messages &formatted where they are")))
        self._html_why.setText(
            say(
                N_(
                    "Cleaned first: nothing in a message can load anything from the network. Otherwise its plain text"
                    " is shown."
                )
            )
        )

        self.revocation.setText(say(N_("Fetch the re&vocation lists of the authorities")))
        self._revocation_why.setText(
            say(
                N_(
                    "Only from addresses in certificates of trusted authorities, about once a day. Without them every"
                    " verdict notes that revocation was not checked."
                )
            )
        )

    def _set_language(self, code: str) -> None:
        self._desk.speak(code)
        self._keep(language=LanguageChoice(code))

    def _set_theme(self, wish: str) -> None:
        self._desk.theme.wish(wish)
        self._keep(theme=ThemeChoice(wish))

    def _keep(self, **changed: Any) -> None:
        app = self._desk.app
        self._dialog.notice.hide()
        self._desk.background.query(
            lambda: app.save_settings(replace(app.settings, **changed)),
            lambda _kept: None,
            self._dialog.complain,
            owner=self,
        )


def _seconds(value: float, *, decimals: int = 0) -> QDoubleSpinBox:
    field = QDoubleSpinBox()
    field.setRange(0.0, LONGEST_WAIT)
    field.setSingleStep(0.5 if decimals else 1.0)
    field.setDecimals(decimals)
    field.setKeyboardTracking(False)
    field.setMaximumWidth(WIDEST)
    field.lineEdit().setTextMargins(6, 0, 0, 0)  # where the sheet has no say
    field.setValue(value)
    return field


def _choice(words: dict[str, str], chosen: str) -> QComboBox:
    field = QComboBox()
    field.setMaximumWidth(WIDEST)
    for code in words:
        field.addItem("", code)
    field.setCurrentIndex(max(field.findData(chosen), 0))
    return field
