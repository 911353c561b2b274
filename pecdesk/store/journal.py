"""The journal: what the bytes of messages cannot tell, one JSON line for each fact, only ever appended to.

With the archive it is enough to make the database again. A line is one entry, told by its `kind`; a kind that this
version does not know is stepped over and stays in the file for the version that does.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pecdesk.errors import N_, StoreError
from pecdesk.profile.paths import PRIVATE_FILE, hold
from pecdesk.store.disk import reason, refused, sync_file, sync_folder, write_all
from pecdesk.store.entries import (
    AccountKnown,
    Entry,
    Erased,
    Hidden,
    Labelled,
    Mark,
    MarkedRead,
    MarkedUnread,
    RemovedFromServer,
    Seen,
    TrustAdded,
    TrustRemoved,
    Unhidden,
    Unlabelled,
    entry_in,
    is_whole,
    line_of,
)

__all__ = [
    "AccountKnown",
    "Condition",
    "Entry",
    "Erased",
    "Hidden",
    "Journal",
    "Labelled",
    "Mark",
    "MarkedRead",
    "MarkedUnread",
    "RemovedFromServer",
    "Seen",
    "Stretch",
    "Told",
    "TrustAdded",
    "TrustRemoved",
    "Unhidden",
    "Unlabelled",
]

_BLOCK = 1 << 20
"""Bytes that are read at once."""

_log = logging.getLogger("store")


class Stretch(NamedTuple):
    """Where entries lie in the journal, in bytes."""

    start: int
    end: int


class Told(NamedTuple):
    """Entries, and where the journal goes on after them."""

    entries: list[Entry]
    end: int


@dataclass(frozen=True, slots=True)
class Condition:
    """What `Journal.check` found."""

    entries: int
    unknown: int
    """Entries of a kind this version does not know: written by a newer one, kept, not read."""
    damaged: tuple[int, ...]
    """Numbers, from 1, of lines that hold no entry."""
    torn: bool
    """Whether the last line was not finished: a write was cut off, and what it was to tell was never confirmed."""


class Journal:
    """The journal file of one profile; made by the first `append`. Texts in entries must be encodable as UTF-8."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def size(self) -> int:
        """Bytes in the journal; 0 while there is none."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise self._unreadable(error) from error

    def append(self, entries: Iterable[Entry]) -> int:
        """Add entries, in one write and one sync; when it returns they have reached the disk, all of them.

        Returns where they end. DiskFullError or StoreError: none of them is in the journal.
        """
        return self.write(entries).end

    def write(self, entries: Iterable[Entry]) -> Stretch:
        """The same, telling where they begin as well."""
        lines = b"".join(line_of(entry) for entry in entries)
        if not lines:
            size = self.size()
            return Stretch(size, size)
        try:
            is_new = not self.path.exists()
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
            descriptor = os.open(self.path, flags, PRIVATE_FILE)
            try:
                hold(descriptor, wait=True)
                start = self._write(descriptor, lines)
            finally:
                os.close(descriptor)
            if is_new:
                sync_folder(self.path.parent)
        except OSError as error:
            raise refused(error, self.path) from error
        return Stretch(start, start + len(lines))

    def _write(self, descriptor: int, lines: bytes) -> int:
        end = self._mend(descriptor)
        try:
            write_all(descriptor, lines)
            sync_file(descriptor)
        except OSError:
            os.ftruncate(descriptor, end)
            raise
        return end

    def _mend(self, descriptor: int) -> int:
        """Finish or cut off a last line that a crash left unfinished; where the file ends then."""
        size = os.lseek(descriptor, 0, os.SEEK_END)
        tail = b""
        while len(tail) < size and b"\n" not in tail:
            start = max(0, size - len(tail) - 4096)
            os.lseek(descriptor, start, os.SEEK_SET)
            tail = os.read(descriptor, size - len(tail) - start) + tail
        torn = tail[tail.rfind(b"\n") + 1 :]
        if not torn:
            return size
        if is_whole(torn):
            write_all(descriptor, b"\n")
            return size + 1
        os.ftruncate(descriptor, size - len(torn))
        _log.warning("journal: an unfinished last line of %d bytes was cut off", len(torn))
        return size - len(torn)

    def read(self, start: int = 0) -> Iterator[Entry]:
        """The entries in the order in which they were written; StoreError when the file cannot be read.

        `start` is where an earlier `append` ended; all entries come when no line begins there, since then the file is
        not the one that was. Lines of unknown kinds and damaged ones are stepped over: `check` counts them.
        """
        for line, _ in self._lines(start):
            entry = entry_in(line)
            if entry is not None:
                yield entry

    def about(self, sha256: str) -> list[Entry]:
        """The entries that name a message, in their order. Reads all of the file: some hundredths of a second for a
        hundred thousand entries."""
        name = sha256.encode()
        lines: list[bytes] = []
        try:
            with self.path.open("rb") as file:
                while block := file.read(_BLOCK):
                    block += file.readline()
                    if name in block:
                        lines += [line for line in block.split(b"\n") if name in line]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._unreadable(error) from error
        return [entry for line in lines if (entry := entry_in(line)) is not None]

    def told_since(self, start: int) -> Told:
        """The same entries with where they end: a last line that was never finished lies behind it."""
        entries, end = [], 0
        for line, end_of_line in self._lines(start):
            entry = entry_in(line)
            if entry is not None:
                entries.append(entry)
            if line.endswith(b"\n"):
                end = end_of_line
        return Told(entries, end or start)

    def check(self) -> Condition:
        """Read all of it and say what is wrong with it."""
        entries = unknown = 0
        damaged: list[int] = []
        torn = False
        for number, (line, _) in enumerate(self._lines(), 1):
            if entry_in(line) is not None:
                entries += 1
            elif is_whole(line):
                unknown += 1
            elif line.endswith(b"\n"):
                damaged.append(number)
            else:
                torn = True
        return Condition(entries, unknown, tuple(damaged), torn)

    def _lines(self, start: int = 0) -> Iterator[tuple[bytes, int]]:
        """Each line with where it ends."""
        try:
            with self.path.open("rb") as file:
                end = 0
                if start > 0:
                    file.seek(start - 1)
                    end = start if file.read(1) == b"\n" else 0
                    file.seek(end)
                for line in file:
                    end += len(line)
                    yield line, end
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: OSError) -> StoreError:
        message = N_("The journal {path} cannot be read: {reason}.")
        return StoreError(message, path=self.path, reason=reason(error))
