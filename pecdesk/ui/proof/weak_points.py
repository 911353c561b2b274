"""The weak points of proofs about to be made, read from the archive by the handful and told before anything else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pecdesk.app.proofs import Weakness
from pecdesk.errors import N_
from pecdesk.explain.visible import visible
from pecdesk.pec.deadlines import attention
from pecdesk.pec.transmission import Transmission
from pecdesk.pec.urgency import Urgency, urgency
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.listing import Entry, Listing
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.tokens import STEP

AT_ONCE = 50
"""Transmissions read in one go: a search does not wait longer than that."""

HIGHEST = 190
"""Device-independent pixels of the list; a longer one scrolls."""


class WeakPoints(QWidget):
    """What each document will name as weak; `found` once all are read, `failed` when that cannot be."""

    found = Signal()
    failed = Signal(Exception)

    def __init__(self, desk: Desk, names: Sequence[str]) -> None:
        super().__init__()
        self._desk = desk
        self._names = list(names)
        self._read: list[Weakness] = []
        self._title = label("", "section")
        self._summary = label("", "strong", wraps=True)
        self.list = Listing(desk.theme, HIGHEST)
        self.list.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * STEP)
        for widget in (self._title, self._summary, self.list):
            column.addWidget(widget)
        self._go_on()

    @property
    def is_complete(self) -> bool:
        """Whether all were read."""
        return len(self._read) == len(self._names)

    @property
    def subject(self) -> str:
        """Of the one transmission there is; nothing when there are several, or it is not read yet."""
        return self._subject(self._read[0]) if len(self._names) == 1 and self._read else ""

    def points(self, row_id: int) -> tuple[str, ...]:
        """What was told of this row."""
        return next((one.points for one in self._read if one.row.id == row_id), ())

    def _go_on(self) -> None:
        """The next handful, in the background."""
        some = self._names[len(self._read) : len(self._read) + AT_ONCE]
        app, now, spoken = self._desk.app, self._desk.clock(), self._desk.language
        self._desk.background.query(
            lambda: app.weak_points(some, now, spoken), self._take, self.failed.emit, owner=self
        )

    def _take(self, read: list[Weakness]) -> None:
        self._read += read
        self.retranslate()
        if self.is_complete:
            self.found.emit()
        else:
            self._go_on()

    def retranslate(self) -> None:
        """Say everything anew; points that were read already stay in the language they were read in."""
        say, counted, number = self._desk.say, self._desk.language.counted, self._desk.language.number
        self._title.setText(say(N_("Weak points")))
        total = len(self._names)
        if not self.is_complete:
            words = say(N_("Looked at {done} of {of}…"), done=number(len(self._read)), of=number(total))
            self._summary.setText(words)
            return
        now = self._desk.clock()
        weak = sorted((one for one in self._read if one.points), key=lambda one: _urgency(one.row.transmission, now))
        if not weak:
            summary = say(N_("No weak point was found."))
        elif total == 1:
            summary = counted(
                "The document will name one weak point.",
                "The document will name {n} weak points.",
                len(weak[0].points),
            )
        else:
            summary = counted(
                "One transmission of {all} has weak points.",
                "{n} transmissions of {all} have weak points.",
                len(weak),
                all=number(total),
            )
        self._summary.setText(summary)
        entries = self._entries(weak)
        self.list.setAccessibleName(summary)
        self.list.show_entries(entries)
        self.list.setVisible(bool(entries))

    def _entries(self, weak: list[Weakness]) -> list[Entry]:
        say, counted, minute = self._desk.say, self._desk.language.counted, self._desk.language.minute
        if len(self._names) == 1:
            entries = [Entry(lines=tuple(map(visible, one.points))) for one in weak]
        else:
            entries = [
                Entry(
                    self._subject(one),
                    minute(sent) if (sent := one.row.transmission.sent_at) else "",
                    tuple(map(visible, one.points)),
                )
                for one in weak
            ]
        sound = len(self._read) - len(weak)
        if weak and sound:
            words = counted("No weak point in the other one.", "No weak point in the other {n}.", sound)
            entries.append(Entry(remarks=(words,)))
        if notes := tuple(dict.fromkeys(note for one in self._read for note in one.notes)):
            entries.append(Entry(say(N_("Noted as well; it takes nothing from the proof")), remarks=notes))
        return entries

    def _subject(self, one: Weakness) -> str:
        return visible(one.row.transmission.subject) or self._desk.say(N_("(no subject)"))


def _urgency(row: Transmission, now: datetime) -> Urgency:
    return urgency(attention(row, now), row.direction)
