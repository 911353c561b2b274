"""Keeps a draft while it is written: a second after a change at the latest it is on the disk."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from pecdesk.app.drafting import Drafting
from pecdesk.pec.draft import Draft
from pecdesk.ui.desk import Desk

EVERY = 1_000
"""Milliseconds between a change and its saving; a text that is written without a pause is saved as often."""


class DraftKeeper(QObject):
    """Saves what `collect` gives, one saving after another, in the background."""

    changed = Signal()
    """It is saved, being saved, or not saved any more."""
    saved = Signal(Draft)
    failed = Signal(Exception)

    def __init__(self, desk: Desk, drafting: Drafting, collect: Callable[[], Draft], parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._drafting = drafting
        self._collect = collect
        self._changes = self._saving = self._kept = 0
        """Numbers of changes: the last one, the one that is being saved, the one that is saved."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.save_now)

    @property
    def is_saving(self) -> bool:
        """Whether it is on its way to the disk."""
        return self._saving > self._kept

    @property
    def has_changes(self) -> bool:
        """Whether something is not on the disk yet."""
        return self._changes > self._kept

    def note_change(self) -> None:
        """Something was changed: save it soon."""
        self._changes += 1
        if not self._timer.isActive():
            self._timer.start()
            self.changed.emit()

    def save_now(self) -> None:
        """Save what is not saved."""
        self._timer.stop()
        if self.is_saving or not self.has_changes:
            return
        draft, at, drafting = self._collect(), self._desk.clock(), self._drafting
        self._saving = self._changes
        self.changed.emit()
        self._desk.background.errand(lambda: drafting.save(draft, at), self._take, self._fail, owner=self)

    def stop(self) -> None:
        """Save nothing more: the draft is gone, or somebody else's."""
        self._timer.stop()
        self._changes = self._saving = self._kept

    def _take(self, draft: Draft) -> None:
        self._kept = self._saving = max(self._saving, self._kept)
        if self.has_changes:
            self._timer.start()
        self.saved.emit(draft)
        self.changed.emit()

    def _fail(self, error: Exception) -> None:
        """Not saved: the next change tries again, and whoever is told may."""
        self._saving = self._kept
        self.failed.emit(error)
        self.changed.emit()
