"""A draft is thrown away out of its own window, after one question in place."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from pecdesk.app.drafting import Drafting
from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.ui.compose.leaving_page import LeavingPage, Stage
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.panels import Notice


class Discarding(QObject):
    """The question, and what follows from it. `wanted` is told when the user means it."""

    wanted = Signal()
    done = Signal()
    failed = Signal(Exception)

    def __init__(self, desk: Desk, drafting: Drafting, leaving: LeavingPage, notice: Notice) -> None:
        super().__init__(leaving)
        self._desk = desk
        self._drafting = drafting
        self._leaving = leaving
        self._notice = notice

    def ask(self) -> None:
        """Ask in place whether the draft is to go."""
        say = self._desk.say
        self._notice.say(
            Tone.AMBER,
            say(N_("Throw this draft away, with its attachments? Your own files stay where they are.")),
            (say(N_("Throw away")), self.wanted.emit),
            icon="warning",
        )
        self._notice.take_keys()

    def discard(self, draft_id: str) -> None:
        """It goes."""
        drafting, at = self._drafting, self._desk.clock()
        self._leaving.go_to(Stage.CHECKING)
        self._desk.background.errand(
            lambda: drafting.discard(draft_id, at), lambda _gone: self._gone(), self._stays, owner=self
        )

    def discard_unseen(self, draft_id: str) -> None:
        """It goes behind its window, which is closing: nobody wrote anything into it."""
        drafting, at, desk = self._drafting, self._desk.clock(), self._desk
        desk.background.errand(
            lambda: drafting.discard(draft_id, at), lambda _gone: None, lambda _error: None, owner=desk
        )

    def _gone(self) -> None:
        self._leaving.go_to(Stage.OVER)
        self.done.emit()

    def _stays(self, error: Exception) -> None:
        self._leaving.go_to(Stage.WRITING)
        self.failed.emit(error)
