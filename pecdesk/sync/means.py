"""What a synchronisation is given to work with: the profile's parts, as functions that are always up to date."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pecdesk.errors import N_, DiskFullError
from pecdesk.examiner import Examiner
from pecdesk.store import Store

RESERVE = 64 << 20
"""Bytes of disk that fetching leaves for drafts, the outbox and the database."""


class StaleError(Exception):
    """The database was replaced meanwhile (made again, or restored), or the trust was: begin again with what is there
    now."""


@dataclass(frozen=True, slots=True)
class Means:
    """The parts of a profile that synchronising needs."""

    store: Callable[[], Store]
    writing: Callable[[Callable[[], bool]], AbstractContextManager[None]]
    """The turn to write, waited for until the function says to stop. BusyError where it is not to be had."""
    examiner: Callable[[int], AbstractContextManager[Examiner]]
    """Helpers for about so many messages, with the trust of the moment."""
    anchors_version: Callable[[], str]
    """Of the trust of the moment."""
    clock: Callable[[], datetime]
    """Aware."""
    monotonic: Callable[[], float]
    """Seconds, whatever the clock on the wall does."""
    incoming: Path
    """Folder for what is just being fetched."""
    free_bytes: Callable[[], int]
    """On the disk of the profile."""

    def check_room(self, size: int) -> None:
        """Raise DiskFullError where so many bytes would not leave the reserve."""
        if self.free_bytes() < size + RESERVE:
            raise DiskFullError(
                N_("The disk of {path} is nearly full: no more mail is fetched."),
                N_("Make room: it goes on by itself. Everything here can still be read."),
                path=self.incoming.parent,
            )
