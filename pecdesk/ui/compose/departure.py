"""The way out of the compose window: saved, checked, asked about, frozen; and back, as long as that is possible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from pecdesk.app.drafting import Drafting
from pecdesk.app.outgoing import Outgoing
from pecdesk.explain.before_sending import CheckKind, Level, SendCheck
from pecdesk.pec.draft import Draft
from pecdesk.ui.desk import Desk

T = TypeVar("T")

Answer = tuple[CheckKind, tuple[str, ...]]
"""A question by what it asks and of whom."""


@dataclass(frozen=True, slots=True)
class _Found:
    """How far it came."""

    draft: Draft
    checks: tuple[SendCheck, ...]
    row_id: int | None = None
    due: datetime | None = None


class Departure(QObject):
    """One message at a time. Every answer comes by signal, on the GUI thread."""

    kept = Signal(Draft)
    """It is on the disk as it stood; what comes of it is told next."""
    asked = Signal(tuple)
    """`SendCheck`s, of which at least one stops it or is a question that was not answered yet."""
    frozen = Signal(tuple)
    """It stands in the outbox; these hints there are."""
    taken_back = Signal(Draft)
    failed = Signal(Exception)

    def __init__(self, desk: Desk, drafting: Drafting, outgoing: Outgoing, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._drafting = drafting
        self._outgoing = outgoing
        self._answered: frozenset[Answer] = frozenset()
        self._asked: tuple[SendCheck, ...] = ()
        self.row_id: int | None = None
        self.due: datetime | None = None
        """When what stands in the outbox leaves; None: at once."""

    def go(self, draft: Draft, at: datetime, undo: timedelta, not_before: datetime | None = None) -> None:
        """Save and check; freeze if nothing stands against it. `not_before`: a moment chosen by the user."""
        drafting, outgoing, answered, clock = self._drafting, self._outgoing, self._answered, self._desk.clock

        def work() -> _Found:
            saved = drafting.save(draft, at)
            checks = tuple(drafting.checks(saved, at))
            if any(holds_back(check, answered) for check in checks):
                return _Found(saved, checks)
            due = not_before or (clock() + undo if undo else None)
            return _Found(saved, checks, outgoing.send(saved, at, not_before=due), due)

        def then(found: _Found) -> None:
            self.kept.emit(found.draft)
            if found.row_id is None:
                self._asked = found.checks
                self.asked.emit(found.checks)
            else:
                self.row_id, self.due = found.row_id, found.due
                self.frozen.emit(tuple(check for check in found.checks if check.level is Level.HINT))

        self._run(work, then)

    def answer(self) -> None:
        """The user means it: what was asked is not asked again."""
        self._answered |= {(check.kind, check.about) for check in self._asked if check.level is Level.QUESTION}

    def take_back(self) -> None:
        """Out of the outbox, a draft again."""
        if self.row_id is not None:
            row_id, at, outgoing = self.row_id, self._desk.clock(), self._outgoing
            self._run(lambda: outgoing.withdraw(row_id, at), self._taken_back)

    def _taken_back(self, draft: Draft) -> None:
        self.row_id = None
        self.taken_back.emit(draft)

    def _run(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        self._desk.background.errand(work, then, self.failed.emit, owner=self)


def holds_back(check: SendCheck, answered: frozenset[Answer]) -> bool:
    """Whether a message cannot leave for this: stopped, or a question nobody has answered."""
    is_open = check.level is Level.QUESTION and (check.kind, check.about) not in answered
    return check.level is Level.STOP or is_open
