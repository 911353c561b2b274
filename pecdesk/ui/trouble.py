"""When pecdesk itself made a mistake: what to tell the user, and details that hold nothing of anybody's mail."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain import Language, Tone
from pecdesk.ui.settings.program_facts import versions
from pecdesk.ui.style.drawing import icon_pixmap
from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.theme import Theme
from pecdesk.ui.style.tokens import MARGIN, STEP

LOG = "pecdesk.log"
"""In the profile."""

ICON = 28
"""Side of the picture, in device-independent pixels."""

DEEPEST = 40
"""Frames of one error that are told, the last ones."""

_INSIDE = re.compile(r".*[\\/](?:site-packages|lib[\\/]python[\d.]+)[\\/]|.*[\\/](?=pecdesk[\\/])")


def details_of(error: BaseException) -> str:
    """Versions, the kind of the error, and where it came up: never its message, which may quote a mail."""
    return "\n".join((*versions(), "", *_told(error))) + "\n"


def _told(error: BaseException) -> Iterator[str]:
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield f"{type(found).__module__}.{type(found).__qualname__}"
        for frame in traceback.extract_tb(found.__traceback__, limit=-DEEPEST):
            yield f"  {_INSIDE.sub('', frame.filename).replace(chr(92), '/')}:{frame.lineno} {frame.name}"
        found = found.__cause__ or found.__context__


class TroubleDialog(QDialog):
    """What happened, in a sentence; that nothing was lost; details to copy; where the log is."""

    def __init__(
        self, language: Language, theme: Theme, error: BaseException, profile: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        say = language.say
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("pecdesk")
        self._theme = theme
        self._picture = QLabel()
        title = label(say(N_("Something went wrong inside pecdesk")), "headline", wraps=True)
        safe = label(
            say(
                N_(
                    "Nothing was lost: messages and receipts are safe in the archive. You can go on working; if it"
                    " happens again, close pecdesk and open it anew."
                )
            ),
            wraps=True,
        )
        why = label(
            say(N_("These details help whoever mends it. They hold no text, no address and no name from your mail.")),
            "muted",
            wraps=True,
        )
        self.details = QPlainTextEdit(details_of(error))
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.details.setAccessibleName(say(N_("Details of the error")))
        wear(self.details, "source")
        log = FlowText(say(N_("The log is {path}"), path=profile / LOG), "small", selectable=True)
        self.copy_button = QPushButton(say(N_("Copy the &details")))
        self.close_button = QPushButton(say(N_("&Go on")))
        wear(self.close_button, "primary")
        self.copy_button.setAutoDefault(False)
        self.close_button.setDefault(True)
        self._lay_out(title, safe, why, log)
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.details.toPlainText()))
        self.close_button.clicked.connect(self.accept)
        theme.changed.connect(self._draw)
        self._draw()
        self.resize(580, 440)
        self.close_button.setFocus()

    def _lay_out(self, title: QWidget, safe: QWidget, why: QWidget, log: QWidget) -> None:
        words = QVBoxLayout()
        words.setSpacing(2 * STEP)
        for widget in (title, safe):
            words.addWidget(widget)
        head = QHBoxLayout()
        head.setSpacing(3 * STEP)
        head.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * STEP)
        buttons.addWidget(self.copy_button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, 4 * STEP)
        column.setSpacing(3 * STEP)
        column.addLayout(head)
        column.addWidget(why)
        column.addWidget(self.details, 1)
        column.addWidget(log)
        column.addLayout(buttons)

    def _draw(self) -> None:
        ink = self._theme.palette.tones[Tone.AMBER].ink
        self._picture.setPixmap(icon_pixmap("warning", ink, ICON, self.devicePixelRatioF()))
