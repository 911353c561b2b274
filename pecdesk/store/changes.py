"""What a commit changed, as one value, and who is told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of what changed; `a | b` merges two."""

    messages: frozenset[int] = frozenset()
    transmissions: frozenset[int] = frozenset()
    accounts: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    """Accounts on whose servers folders appeared or vanished, or are for something else now; in comparable form."""
    everything: bool = False
    """Another process wrote, or the database was made again: whatever is shown must be read anew."""

    def __or__(self, other: Changes) -> Changes:
        return Changes(
            self.messages | other.messages,
            self.transmissions | other.transmissions,
            self.accounts | other.accounts,
            self.folders | other.folders,
            self.everything or other.everything,
        )

    def __bool__(self) -> bool:
        return bool(self.messages or self.transmissions or self.accounts or self.folders or self.everything)


class ChangeFeed:
    """Tells every subscriber of each commit, on the thread that committed. Subscribers must be quick."""

    def __init__(self) -> None:
        self._subscribers: list[Callable[[Changes], None]] = []

    def subscribe(self, subscriber: Callable[[Changes], None]) -> Callable[[], None]:
        """Be told from now on; call what is returned to stop."""
        self._subscribers.append(subscriber)
        return lambda: self._subscribers.remove(subscriber)

    def publish(self, changes: Changes) -> None:
        """Tell everybody, if there is anything to tell."""
        if changes:
            for subscriber in tuple(self._subscribers):
                subscriber(changes)
