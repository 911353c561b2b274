"""Opening a profile without making anybody wait in front of a dead window.

Usually it takes a moment. After an update, or after a program that was stopped, verdicts are made again first: then a
small window says so, with its progress; and when the profile cannot be opened it says why, and what can be done.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from pecdesk.app import App
from pecdesk.errors import N_, PecdeskError, StoreError
from pecdesk.explain import Language
from pecdesk.ui.style.panels import MessagePanel, label
from pecdesk.ui.style.theme import Theme
from pecdesk.ui.style.tokens import MARGIN

SHOWN_AFTER = 400
"""Milliseconds of opening after which a window says that it goes on."""


class Opening(QWidget):
    """Opens the store of an app in a thread of its own; tells `opened`, or stays to say what is wrong."""

    opened = Signal()
    given_up = Signal()
    _progressed = Signal(int, int)
    _ended = Signal(object)

    def __init__(self, app: App, theme: Theme, language: Language, rebuild: Callable[[], None]) -> None:
        super().__init__()
        self._app = app
        self._language = language
        self._rebuild = rebuild
        self._is_over = False
        self.setWindowTitle("pecdesk")
        self.resize(560, 320)
        self._words = label(language.say(N_("Opening the archive…")), "headline", wraps=True)
        self._detail = label("", "muted", wraps=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._panel = MessagePanel(theme)
        self._panel.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.addStretch(1)
        for widget in (self._words, self._detail, self._bar):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(self._panel, 10)
        self._progressed.connect(self._show_progress, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._end, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_AFTER)
        self._timer.timeout.connect(self.show)
        self._thread: threading.Thread | None = None

    def start(self, first: Callable[[], None] | None = None) -> None:
        """Open; `first` is done before, on the same thread."""
        self._panel.hide()
        for widget in (self._words, self._detail, self._bar):
            widget.show()
        self._timer.start()
        self._thread = threading.Thread(target=self._work, args=(first,), name="opening", daemon=True)
        self._thread.start()

    def _work(self, first: Callable[[], None] | None) -> None:
        error: Exception | None = None
        try:
            if first is not None:
                first()
            self._app.open_store(self._progress)
        except Exception as raised:  # noqa: BLE001 - shown to the user
            error = raised
        with suppress(RuntimeError):  # the window was closed meanwhile
            self._ended.emit(error)

    def _progress(self, done: int, of: int | None) -> None:
        with suppress(RuntimeError):
            self._progressed.emit(done, of or 0)

    def _show_progress(self, done: int, of: int) -> None:
        self._words.setText(self._language.say(N_("Verdicts are being made again with the present rules…")))
        self._detail.setText(
            self._language.say(
                N_("{done} of {of} messages. This happens after an update; nothing is changed in the messages."),
                done=self._language.number(done),
                of=self._language.number(of),
            )
        )
        self._bar.setRange(0, of)
        self._bar.setValue(done)

    def _end(self, error: Exception | None) -> None:
        self._timer.stop()
        if self._thread is not None:
            self._thread.join()
        if error is None:
            self._is_over = True
            self.opened.emit()
            self.close()
            return
        if not isinstance(error, PecdeskError):
            raise error
        for widget in (self._words, self._detail, self._bar):
            widget.hide()
        say = self._language.say
        actions: list[tuple[str, Callable[[], object]]] = [(say(N_("Try again")), self.start)]
        if isinstance(error, StoreError):
            actions.append((say(N_("Make the database again")), lambda: self.start(self._rebuild)))
        actions.append((say(N_("Quit")), self.close))
        self._panel.tell(
            "warning", say(N_("The archive cannot be opened")), self._language.error(error), tuple(actions)
        )
        self._panel.show()
        self.show()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._is_over:
            self.given_up.emit()
        super().closeEvent(event)
