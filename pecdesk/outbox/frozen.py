"""The frozen bytes on their way out of the archive: read in pieces, held against their hash before the end leaves."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, BinaryIO

from pecdesk.errors import N_, StoreError
from pecdesk.store.archive import Archive
from pecdesk.store.disk import reason

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class FrozenBytes:
    """The bytes of one message. StoreError where they are missing or no longer what was frozen."""

    def __init__(self, archive: Archive, sha256: str) -> None:
        self._path = archive.path(sha256)
        self._sha256 = sha256
        self._reading: _Hashed | None = None

    def size(self) -> int:
        """How many they are."""
        try:
            return self._path.stat().st_size
        except OSError as error:
            raise self._unreadable(error) from error

    def open(self) -> BinaryIO:
        """From the beginning. `check` speaks of what was read since then."""
        try:
            self._reading = _Hashed(self._path.open("rb", buffering=0))
        except OSError as error:
            raise self._unreadable(error) from error
        return io.BufferedReader(self._reading)

    def check(self) -> None:
        """All of them were read, and they are what was frozen."""
        if self._reading is None or self._reading.digest.hexdigest() != self._sha256:
            raise StoreError(
                N_("The message {sha256} in the archive is damaged: its bytes are not those that were to be sent."),
                N_("Nothing was sent. Take the message back, and write it again."),
                sha256=self._sha256,
            )

    def _unreadable(self, error: OSError) -> StoreError:
        message = N_("The message {sha256} cannot be read from the archive: {reason}.")
        next_step = N_("Check the disk, then take the message back from a backup.")
        return StoreError(message, next_step, sha256=self._sha256, reason=reason(error))


class _Hashed(io.RawIOBase):
    """A file that remembers the hash of what was read from it."""

    def __init__(self, file: io.FileIO) -> None:
        super().__init__()
        self._file = file
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        count = self._file.readinto(buffer) or 0
        self.digest.update(memoryview(buffer)[:count])
        return count

    def close(self) -> None:
        self._file.close()
        super().close()
