"""Keeping many messages while more are being gathered: their bytes on one thread, what is known of them on another.

The order of the store stays: what is remembered of a parcel waits until its bytes are durable in the archive, and until
the parcel before it is remembered. After a parcel that could not be kept none that follows is: what says how far a
mailbox was looked through comes with the last of its messages, and is never on the disk without those before it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, Self, TypeVar

_UNDER_WAY = 2
"""Parcels that are being kept at a time: one reaches the archive while the one before reaches the database."""

P = TypeVar("P")


class Keeper(Generic[P]):
    """Keeps parcels in the order in which they are handed over. For one thread; use `with`, which waits at its end.

    Whatever kept a parcel from being kept is raised by the next call, and by every one after that.
    """

    def __init__(
        self,
        archive: Callable[[Sequence[bytes]], None],
        remember: Callable[[P], None],
        kept: Callable[[P], None] = lambda _: None,
    ) -> None:
        """`archive` makes bytes durable, `remember` does the rest of it; each is called on a thread of its own. `kept`
        is told on the caller's thread of each parcel that is safe."""
        self._archive = archive
        self._remember = remember
        self._kept = kept
        self._archiving = ThreadPoolExecutor(1, thread_name_prefix="keeper-archive")
        self._remembering = ThreadPoolExecutor(1, thread_name_prefix="keeper")
        self._under_way: deque[tuple[P, Future[None]]] = deque()
        self.is_begun = False
        """Whether anything was handed over yet."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archiving.shutdown()
        self._remembering.shutdown()

    def hand_over(self, raws: Sequence[bytes], parcel: P) -> None:
        """Have a parcel kept; waits while as many as may be are under way."""
        self.look(_UNDER_WAY - 1)
        before = self._under_way[-1][1] if self._under_way else None
        archived = self._archiving.submit(self._archive, raws)
        self._under_way.append((parcel, self._remembering.submit(self._remember_after, before, archived, parcel)))
        self.is_begun = True

    def look(self, most: int = _UNDER_WAY) -> None:
        """Tell of what is kept by now; wait until no more than so many are under way."""
        while self._under_way and (len(self._under_way) > most or self._under_way[0][1].done()):
            parcel, remembered = self._under_way[0]
            remembered.result()
            self._under_way.popleft()
            self._kept(parcel)

    def finish(self) -> None:
        """Wait for all of it."""
        self.look(0)

    def _remember_after(self, before: Future[None] | None, archived: Future[None], parcel: P) -> None:
        if before is not None:
            before.result()
        archived.result()
        self._remember(parcel)
