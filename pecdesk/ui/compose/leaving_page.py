"""What stands in the place of the text while a message leaves: the questions before, the countdown after.

The stages of a message in its window: it is written; checked; frozen and counted down; over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum, auto

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pecdesk.app.drafting import Drafting
from pecdesk.app.outgoing import Outgoing
from pecdesk.errors import N_
from pecdesk.explain.before_sending import CheckKind, SendCheck, advice_of, sentence_of
from pecdesk.explain.visible import visible
from pecdesk.pec.draft import Draft
from pecdesk.ui.compose.check_panel import CheckLine, CheckPanel
from pecdesk.ui.compose.countdown_bar import CountdownBar
from pecdesk.ui.compose.departure import Departure
from pecdesk.ui.desk import Desk

OTHER_SENDERS = (CheckKind.OTHER_ACCOUNT, CheckKind.CASE_OF_ANOTHER_ACCOUNT)
"""What can be put right by sending from another account."""


class Stage(Enum):
    """How far it is."""

    WRITING = auto()
    CHECKING = auto()
    LEAVING = auto()
    """Frozen; it can still be taken back."""
    OVER = auto()
    """Sent or thrown away: nothing is left to be kept."""


class LeavingPage(QWidget):
    """Leads one message through its stages; the window shows it while there is something to see."""

    changed = Signal()
    """The stage is another."""
    asked = Signal()
    """There is something to see to before."""
    counting = Signal()
    """It leaves in a moment."""
    sender_wanted = Signal(str)
    """It is to be sent from that account."""
    sending_wanted = Signal()
    """The questions were answered: as it is."""
    back_wanted = Signal()
    taken_back = Signal(Draft)
    gone = Signal()
    """Nothing more is to be done here."""
    failed = Signal(Exception)
    """It is still a draft."""
    too_late = Signal(Exception)
    """It could not be taken back: it is on its way, and the list says how it goes."""

    def __init__(self, desk: Desk, drafting: Drafting, outgoing: Outgoing) -> None:
        super().__init__()
        self._desk = desk
        self.stage = Stage.WRITING
        self.planned: datetime | None = None
        """The moment the user chose, where one was chosen."""
        self.checks, self.countdown = CheckPanel(desk), CountdownBar(desk)
        self.departure = Departure(desk, drafting, outgoing, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.countdown)
        column.addWidget(self.checks, 1)
        self.departure.asked.connect(self._ask)
        self.departure.frozen.connect(self._frozen)
        self.departure.taken_back.connect(self._taken_back)
        self.departure.failed.connect(self._failed)
        self.checks.went_on.connect(self._answered)
        self.checks.went_back.connect(self.back_wanted)
        self.countdown.undo_asked.connect(self.take_back)
        self.countdown.ended.connect(self.gone)

    def go_to(self, stage: Stage) -> None:
        """Be that far."""
        self.stage = stage
        self.changed.emit()

    def begin(self, draft: Draft, not_before: datetime | None = None) -> None:
        """Check it and, where nothing stands against it, let it go: at once, or at the moment the user chose."""
        self.planned = not_before
        self.go_to(Stage.CHECKING)
        undo = timedelta(seconds=self._desk.app.settings.undo_seconds)
        self.departure.go(draft, self._desk.clock(), undo, not_before)

    def take_back(self) -> None:
        """Out of the outbox again, as long as it is counted down."""
        if self.stage is Stage.LEAVING and self.countdown.is_counting:
            self.countdown.stop()
            self.departure.take_back()

    def clear(self) -> None:
        """There is nothing to see any more."""
        self.checks.show_lines(())

    def _ask(self, checks: Sequence[SendCheck]) -> None:
        self.go_to(Stage.WRITING)
        self.asked.emit()
        self.checks.show_lines([self._line(check) for check in checks])

    def _line(self, check: SendCheck) -> CheckLine:
        language, action = self._desk.language, None
        if check.kind in OTHER_SENDERS:
            other = str(check.fields.get("other", ""))
            words = self._desk.say(N_("Send it from {account}"), account=visible(other))
            action = (words, lambda: self.sender_wanted.emit(other))
        return CheckLine(check.level, sentence_of(check, language), advice_of(check, language), action)

    def _answered(self) -> None:
        self.departure.answer()
        self.sending_wanted.emit()

    def _frozen(self, hints: Sequence[SendCheck]) -> None:
        self.go_to(Stage.LEAVING)
        due = self.departure.due
        if self.planned is not None or due is None:
            self.gone.emit()
            return
        self.counting.emit()
        if self.stage is Stage.LEAVING:
            self.checks.show_lines([self._line(check) for check in hints])
            # Not the full time: to freeze it may have taken a while, and it leaves when it is due.
            self.countdown.start(max(0.0, (due - self._desk.clock()).total_seconds()))

    def _taken_back(self, draft: Draft) -> None:
        self.clear()
        self.go_to(Stage.WRITING)
        self.taken_back.emit(draft)

    def _failed(self, error: Exception) -> None:
        self.countdown.stop()
        was_leaving = self.stage is Stage.LEAVING
        self.go_to(Stage.OVER if was_leaving else Stage.WRITING)
        (self.too_late if was_leaving else self.failed).emit(error)
