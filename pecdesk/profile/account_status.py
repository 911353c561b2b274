"""How the synchronisation of an account stands, as a value for window and command line.

It stands this far down because whoever puts it into words (`explain`) knows nothing of synchronising.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pecdesk.errors import PecdeskError


class SyncState(StrEnum):
    """What an account's worker is doing. Closed."""

    NEVER = "never"
    """Not begun yet."""
    CONNECTING = "connecting"
    SYNCING = "syncing"
    CURRENT = "current"
    """Everything was looked at, at `checked_at`."""
    OFFLINE = "offline"
    """The network or the server failed; tried again by itself at `next_try_at`."""
    PAUSED = "paused"
    """By the user, or on a metered connection."""
    LOGIN_REFUSED = "login-refused"
    """Stopped after one attempt, until the user did something about it."""
    QUESTION = "question"
    """Something happened on the server that only the user can decide; see `question`."""
    BUSY_ELSEWHERE = "busy-elsewhere"
    """Another process synchronises this account."""
    FAILED = "failed"
    """A bug, or a disk that refuses: the worker stopped."""


@dataclass(frozen=True, slots=True)
class Quota:
    """How full a mailbox is, in bytes."""

    used: int
    limit: int

    @property
    def share(self) -> float:
        """0 to 1; more where the server lets it overflow."""
        return self.used / self.limit if self.limit else 0.0


@dataclass(frozen=True, slots=True)
class EmptiedFolder:
    """A folder that held messages is empty on the server, all at once: forgotten only when the user says so."""

    folder: str
    known: int
    """Messages it held when it was last looked at."""


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """One account at one moment."""

    account: str
    """Comparable form of its address."""
    state: SyncState = SyncState.NEVER
    done: int = 0
    """Messages fetched in this run."""
    of: int | None = None
    """Of how many, where that is known."""
    folder: str = ""
    """The one being worked on."""
    checked_at: datetime | None = None
    """When everything was last found current."""
    trouble: PecdeskError | None = None
    """Why it does not go on, or what went wrong last."""
    next_try_at: datetime | None = None
    quota: Quota | None = None
    quota_full_at: datetime | None = None
    """Forecast: when the mailbox will be full if it fills on as it did."""
    question: EmptiedFolder | None = None
    is_watching: bool = False
    """The server tells of new mail by itself."""
    unfetched: int = 0
    """Messages that the server lists and could not be had: it hands nothing out, or they are too big."""
