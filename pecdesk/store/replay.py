"""What a stretch of the journal tells of each message in the end.

A fact that is written now and one that is read back after a crash go through the same gathering, so that the database
cannot depend on which of the two it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from pecdesk.store.journal import (
    Entry,
    Erased,
    Hidden,
    Labelled,
    MarkedRead,
    MarkedUnread,
    Seen,
    Unhidden,
    Unlabelled,
)
from pecdesk.store.pieces import Placement


@dataclass(slots=True)
class ToldOfMessage:
    """What is told of one message; None, and a label that is not named, leave things as they are."""

    is_erased: bool = False
    """It was erased, and what is told here was told after that."""
    places: list[Placement] = field(default_factory=list)
    """Where it was seen."""
    unread: bool | None = None
    hidden: bool | None = None
    labels: dict[str, bool] = field(default_factory=dict)
    """Whether it carries the label of that name."""

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
            case Erased():
                told |= {sha256: ToldOfMessage(is_erased=True) for sha256 in entry.sha256s}
            case MarkedRead() | MarkedUnread():
                for sha256 in entry.sha256s:
                    told[sha256].unread = isinstance(entry, MarkedUnread)
            case Hidden() | Unhidden():
                for sha256 in entry.sha256s:
                    told[sha256].hidden = isinstance(entry, Hidden)
            case Labelled() | Unlabelled():
                for sha256 in entry.sha256s:
                    told[sha256].labels[entry.name] = isinstance(entry, Labelled)
    return dict(told)


def placement_of(entry: Seen) -> Placement:
    """The place a journal entry tells of."""
    return Placement(entry.account, entry.folder or "", entry.in_sent_folder, entry.source, entry.at.isoformat())
