"""Messages too big to hold: from the server into a file, from there to the examiner and into the archive."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO, cast

from pecdesk.errors import CancelledError
from pecdesk.examiner import Examiner
from pecdesk.store import Arrival, CopyState, Folder, ServerCopy
from pecdesk.store.database import refusals
from pecdesk.sync.ledger import Ledger
from pecdesk.sync.means import Means
from pecdesk.sync.refusal import SizeError
from pecdesk.sync.server import Server

_NUMBERS = count()
_log = logging.getLogger("sync")


class BigMessages:
    """Fetches them one by one, in constant memory. For one thread."""

    def __init__(
        self, ledger: Ledger, server: Server, means: Means, examiner: Examiner, stopped: Callable[[], bool]
    ) -> None:
        self._ledger = ledger
        self._server = server
        self._means = means
        self._examiner = examiner
        self._stopped = stopped

    def take(self, folder: Folder, copy: ServerCopy) -> Arrival | None:
        """Fetch, examine and archive one. None where it was erased here by the user.

        One that is not as long as the server said is fetched once more and kept as it comes then. Raises
        `CancelledError` when it was stopped meanwhile, and what the server or the network refuse.
        """
        self._means.check_room(2 * copy.size)  # in its file, and in the archive
        with self._file() as path:
            with suppress(SizeError):
                self._fetch(copy, path)
                return self._kept(folder, copy, path)
            try:
                self._fetch(copy, path)
            except SizeError as error:
                _log.warning("a message is %d bytes long and not %d as its server says", error.came, error.said)
                if not error.came:
                    raise
            return self._kept(folder, copy, path)

    @contextmanager
    def _file(self) -> Iterator[Path]:
        """A file that is gone again when the block is left."""
        folder = self._means.incoming
        path = folder / f".{hashlib.sha256(self._ledger.account.encode()).hexdigest()[:16]}-{next(_NUMBERS)}.part"
        with refusals(folder):
            folder.mkdir(mode=0o700, exist_ok=True)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def _fetch(self, copy: ServerCopy, path: Path) -> None:
        with refusals(path), path.open("wb") as file:
            self._server.fetch_into(copy.uid, copy.size, cast("BinaryIO", file), lambda _bytes: None, self._stopped)
        if self._stopped():
            raise CancelledError

    def _kept(self, folder: Folder, copy: ServerCopy, path: Path) -> Arrival | None:
        store = self._ledger.store
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        if store.erased([sha256]):
            self._ledger.without_message([copy], CopyState.ERASED)
            return None
        known = store.messages_by_hash([sha256])
        examination = known[0].examination if known else self._examiner.examine_file(path, now=self._means.clock())
        with self._ledger.turn(), store.archive.batch() as archive:
            archive.put_file(path)
        return self._ledger.arrival(folder, copy, examination)
