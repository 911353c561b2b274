"""The import: what was found becomes examined, archived, journalled and linked messages.

Resumable and idempotent: a message already here is passed over by its SHA-256, so an interrupted import is simply
started again. Batches share their syncs, and the examiner works on while a `Keeper` writes what it has examined.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pecdesk.examine import Examination
from pecdesk.examiner import Examiner
from pecdesk.intake.sources import Found
from pecdesk.pec.message import normal_address
from pecdesk.pec.standing import Standing
from pecdesk.store import Arrival, Keeper, Placement, Store

LOOK_UP = 256
"""Messages whose hashes are looked up at once."""
BATCH_MESSAGES = 256
BATCH_BYTES = 16 * 1024 * 1024

SOURCE = "import"


@dataclass(slots=True)
class ImportResult:
    """What an import did."""

    new: int = 0
    known: int = 0
    mismatched: int = 0
    """Messages that neither come from nor go to the mailbox they were said to be from."""
    unreadable: list[Found] = field(default_factory=list)
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A message that is not here yet, on its way through the examiner."""

    found: Found
    raw: bytes
    sha256: str


def _handfuls(items: Iterable[Found]) -> Iterator[list[Found]]:
    """Lists of what was found, bounded in number and in bytes held."""
    some: list[Found] = []
    size = 0
    for found in items:
        some.append(found)
        size += len(found.raw or b"")
        if len(some) >= LOOK_UP or size >= BATCH_BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some


class Import:
    """One import into a store; `account` is the mailbox it is said to be from, in comparable form."""

    def __init__(
        self,
        store: Store,
        examiner: Examiner,
        *,
        account: str | None,
        seen_at: datetime,
        progress: Callable[[int], None] = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._store = store
        self._examiner = examiner
        self._account = account
        self._seen_at = seen_at.isoformat()
        self._progress = progress
        self._cancelled = cancelled
        self._result = ImportResult()
        self._taken: set[str] = set()
        self._again: dict[str, Found] = {}
        self._looked_at = 0
        self._keeper = Keeper(self._archive, self._remember)

    def run(self, items: Iterable[Found]) -> ImportResult:
        """Take everything in. Raises `StoreError` when the disk refuses; what was stored before stays."""
        batch: list[tuple[_Fresh, Examination]] = []
        size = 0
        with self._keeper:
            for fresh, examination in self._examiner.examine_many((entry, entry.raw) for entry in self._fresh(items)):
                batch.append((fresh, examination))
                size += len(fresh.raw)
                if len(batch) >= BATCH_MESSAGES or size >= BATCH_BYTES:
                    self._keep(batch)
                    batch, size = [], 0
            self._keep(batch)
            self._keeper.finish()
        return self._result

    def _fresh(self, items: Iterable[Found]) -> Iterator[_Fresh]:
        """The messages that are not here yet; the rest is counted. Runs on the examiner's feeding thread."""
        for some in _handfuls(items):
            if self._cancelled():
                self._result.cancelled = True
                return
            entries = [_Fresh(f, f.raw, hashlib.sha256(f.raw).hexdigest()) for f in some if f.raw is not None]
            self._result.unreadable += [found for found in some if found.raw is None]
            placed = self._store.known(entry.sha256 for entry in entries)
            for entry in entries:
                if entry.sha256 in self._taken or entry.sha256 in placed:
                    self._result.known += 1
                    self._mend(entry)
                    if self._account is not None and self._account not in placed.get(entry.sha256, {self._account}):
                        self._again[entry.sha256] = entry.found
                else:
                    self._taken.add(entry.sha256)
                    yield entry
            self._looked_at += len(some)
            self._progress(self._looked_at)

    def _mend(self, entry: _Fresh) -> None:
        """Put a known message back that is missing from the archive, or no longer what its name says."""
        if entry.sha256 not in self._taken and not self._store.archive.verify(entry.sha256):
            self._store.mend(entry.raw)

    def _keep(self, batch: list[tuple[_Fresh, Examination]]) -> None:
        """Have them kept: archive, journal, database, in that order, each durable before the next."""
        arrivals, raws = [], []
        for fresh, examination in batch:
            arrival = self._arrival(fresh, examination)
            if arrival.unquoted_from is None or not self._is_here(arrival, fresh.found):
                arrivals.append(arrival)
                raws.append(fresh.raw if arrival.unquoted_from is None else fresh.found.unquoted or fresh.raw)
        self._result.new += len(arrivals)
        arrivals += self._seen_again()
        self._result.mismatched += sum(self._is_mismatched(arrival.examination) for arrival in arrivals)
        if arrivals:
            self._keeper.hand_over(raws, arrivals)

    def _is_here(self, arrival: Arrival, found: Found) -> bool:
        """Whether a message is known without its mbox quoting, which nobody could tell before it was examined."""
        sha256 = arrival.examination.sha256
        placed = self._store.known([sha256])
        if sha256 not in placed and sha256 not in self._taken:
            self._taken.add(sha256)
            return False
        self._result.known += 1
        if sha256 not in self._taken and found.unquoted is not None and not self._store.archive.verify(sha256):
            self._store.mend(found.unquoted)
        if self._account is not None and self._account not in placed.get(sha256, {self._account}):
            self._again[sha256] = found
        return True

    def _archive(self, raws: Sequence[bytes]) -> None:
        with self._store.archive.batch() as archive:
            for raw in raws:
                archive.put(raw)

    def _remember(self, arrivals: Sequence[Arrival]) -> None:
        self._store.add(arrivals)

    def _seen_again(self) -> list[Arrival]:
        """Messages that were here already and turn up in another mailbox."""
        again, self._again = self._again, {}
        return [
            Arrival(message.examination, self._placement(again[message.examination.sha256]))
            for message in self._store.messages_by_hash(again)
        ]

    def _arrival(self, fresh: _Fresh, examination: Examination) -> Arrival:
        """The message as found; with mbox quoting undone only where that turns `altered` into `certified`."""
        if fresh.found.unquoted is not None and examination.standing is Standing.ALTERED:
            unquoted = self._examiner.examine(fresh.found.unquoted)
            if unquoted.standing is Standing.CERTIFIED:
                return Arrival(unquoted, self._placement(fresh.found), unquoted_from=fresh.sha256)
        return Arrival(examination, self._placement(fresh.found), unseen=fresh.found.unseen)

    def _placement(self, found: Found) -> Placement:
        # A mailbox that was stated vouches for what it sent, but never by what lies among its incoming mail: anybody
        # can send a message that bears its address and a Message-ID of its own.
        sent = found.in_sent_folder or (self._account is not None and not found.in_inbox)
        return Placement(self._account, found.folder, sent, SOURCE, self._seen_at)

    def _is_mismatched(self, examination: Examination) -> bool:
        if self._account is None:
            return False
        certification, summary = examination.certification, examination.summary
        parties = {normal_address(address.address) for address in (*summary.sender, *summary.to, *summary.cc)}
        if certification is not None:
            recipients = {normal_address(recipient.address) for recipient in certification.recipients}
            sender = {normal_address(certification.sender)}
            parties = sender if examination.kind.is_receipt else recipients
        return self._account not in parties
