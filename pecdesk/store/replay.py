"""What a stretch of the journal tells of each message in the end.

A fact that is written now and one that is read back after a crash go through the same gathering, so that the database
cannot depend on which of the two it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from pecdesk.pec.sending import Sending
from pecdesk.store.journal import (
    Entry,
    Erased,
    Hidden,
    Labelled,
    MarkedRead,
    MarkedUnread,
    RemovedFromServer,
    Seen,
    Unhidden,
    Unlabelled,
)
from pecdesk.store.pieces import OUTBOX, Placement
from pecdesk.store.steps import Freezing, Queued, Step, Withdrawn, after


@dataclass(slots=True)
class ToldOfMessage:
    """What is told of one message; None, and a label that is not named, leave things as they are."""

    is_erased: bool = False
    """It was erased, and what is told here was told after that."""
    places: list[Placement] = field(default_factory=list)
    """Where it was seen."""
    removed: dict[tuple[str, str], str] = field(default_factory=dict)
    """Since when it is no longer in that folder of that account's server, where it was not seen again."""
    unread: bool | None = None
    hidden: bool | None = None
    labels: dict[str, bool] = field(default_factory=dict)
    """Whether it carries the label of that name."""
    steps: list[Step] = field(default_factory=list)
    """What became of it in the outbox."""

    def sending(self, before: Sending | None) -> Sending | None:
        """What the outbox knows of it after all this, `before` being what it knew until then."""
        sending = None if self.is_erased else before
        for step in self.steps:
            sending = after(sending, step)
        return sending

    @property
    def is_gone(self) -> bool:
        """Erased, and not seen again."""
        return self.is_erased and not self.places

    @property
    def is_marked(self) -> bool:
        """Whether anything is told but where it was seen."""
        return self.unread is not None or self.hidden is not None or bool(self.labels)


def gather(entries: Iterable[Entry]) -> dict[str, ToldOfMessage]:
    """What these entries, in their order, tell of each message by SHA-256."""
    told: dict[str, ToldOfMessage] = defaultdict(ToldOfMessage)
    for entry in entries:
        match entry:
            case Seen():
                told[entry.sha256].places.append(placement_of(entry))
                told[entry.sha256].removed.pop((entry.account or "", entry.folder or ""), None)
            case RemovedFromServer():
                for sha256 in entry.sha256s:
                    told[sha256].removed[entry.account, entry.folder] = entry.at.isoformat()
            case Erased():
                told |= {sha256: ToldOfMessage(is_erased=True) for sha256 in entry.sha256s}
            case Freezing():
                told[entry.sha256] = ToldOfMessage(is_erased=True)
            case Withdrawn() if entry.erased:
                told[entry.sha256] = ToldOfMessage(is_erased=True, steps=[entry])
            case MarkedRead() | MarkedUnread():
                for sha256 in entry.sha256s:
                    told[sha256].unread = isinstance(entry, MarkedUnread)
            case Hidden() | Unhidden():
                for sha256 in entry.sha256s:
                    told[sha256].hidden = isinstance(entry, Hidden)
            case Labelled() | Unlabelled():
                for sha256 in entry.sha256s:
                    told[sha256].labels[entry.name] = isinstance(entry, Labelled)
            case _ if isinstance(entry, Step):
                _gather_step(told[entry.sha256], entry)
    return dict(told)


def _gather_step(told: ToldOfMessage, step: Step) -> None:
    """A message lies in its mailbox from when it is queued until it is taken back."""
    told.steps.append(step)
    if isinstance(step, Queued):
        told.places.append(outbox_place(step))
    elif isinstance(step, Withdrawn):
        told.places = [place for place in told.places if place.source != OUTBOX]


def outbox_place(step: Queued) -> Placement:
    """Where a message lies that was frozen to be sent."""
    return Placement(step.account, "", True, OUTBOX, step.at.isoformat())


def placement_of(entry: Seen) -> Placement:
    """The place a journal entry tells of."""
    return Placement(entry.account, entry.folder or "", entry.in_sent_folder, entry.source, entry.at.isoformat())
