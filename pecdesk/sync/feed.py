"""What is still to be fetched of one folder, newest first, described by the server some at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import chain

from pecdesk.store import Folder, Reached
from pecdesk.sync.server import FolderRole, RemoteMessage, Server

DESCRIBED_AT_ONCE = 250
"""Messages; the first time few, so that the first rows are there at once."""
DESCRIBED_FIRST = 50

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Feed:
    """The UIDs of one folder that are wanted. A message is `open` from when it is handed out until it is kept."""

    def __init__(self, folder: Folder, uidvalidity: int, uids: Iterable[int], reached: Reached | None = None) -> None:
        self.folder = folder
        self.uidvalidity = uidvalidity
        self.reached = reached
        """How far the folder is looked through once all of these are kept; None where others are wanted, too."""
        self._undescribed = deque(uids)
        self._described: deque[RemoteMessage] = deque()
        self._put_off: deque[RemoteMessage] = deque()
        self._is_begun = False
        self.open = 0
        """Messages handed out and not kept yet."""

    @property
    def left(self) -> int:
        """How many were not handed out yet."""
        return len(self._undescribed) + len(self._described) + len(self._put_off)

    @property
    def is_done(self) -> bool:
        """Whether everything is kept."""
        return not self.left and not self.open

    @property
    def is_inbox(self) -> bool:
        """Whether it is that of incoming mail."""
        return self.folder.role == FolderRole.INBOX

    @property
    def is_put_off(self) -> bool:
        """Whether all that is left are big messages that were put off."""
        return bool(self._put_off) and not (self._described or self._undescribed)

    @property
    def newest(self) -> datetime:
        """When the next message came into the mailbox."""
        return next((one.internal_date or LONG_AGO for one in chain(self._put_off, self._described)), LONG_AGO)

    def is_described(self) -> bool:
        """Whether it is known what comes next."""
        return bool(self._described) or not self._undescribed

    def describe(self, server: Server) -> None:
        """Have the next messages described; one that is gone meanwhile is passed over. The folder must be open."""
        count = DESCRIBED_AT_ONCE if self._is_begun else DESCRIBED_FIRST
        self._is_begun = True
        while self._undescribed and not self._described:
            uids = [self._undescribed[place] for place in range(min(count, len(self._undescribed)))]
            found = server.describe(uids)
            # Only now: what could not be described is still wanted.
            for _ in uids:
                self._undescribed.popleft()
            self._described.extend(found[uid] for uid in uids if uid in found)

    def take(self, most: int, most_bytes: int, big: int, *, puts_off: bool = False) -> list[RemoteMessage]:
        """The next messages: few and small ones, or a single big one; with `puts_off` big ones come later, and there
        may be none."""
        taken: list[RemoteMessage] = []
        size = 0
        if not puts_off:
            self._described.extendleft(reversed(self._put_off))
            self._put_off.clear()
        while self._described and len(taken) < most:
            following = self._described[0]
            if puts_off and following.size > big:
                self._put_off.append(self._described.popleft())
                continue
            if taken and (following.size > big or size + following.size > most_bytes):
                break
            taken.append(self._described.popleft())
            size += following.size
            if following.size > big:
                break
        self.open += len(taken)
        return taken
