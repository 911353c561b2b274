"""Keeping a profile right: verdicts made again, what a crash left half done, the doctor, the rebuilding."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from pecdesk import __version__
from pecdesk.errors import N_, CancelledError, ProfileError, StoreError
from pecdesk.examine import EXAMINE_VERSION, Examination
from pecdesk.examiner import Examiner
from pecdesk.profile import Profile
from pecdesk.store import Arrival, Store
from pecdesk.store.journal import AccountKnown, Entry, Seen
from pecdesk.store.replay import gather

if TYPE_CHECKING:
    from pecdesk.app.trying import Reached

Progress = Callable[[int, int | None], None]

BATCH = 256

ADOPTED = "archive"
"""Source of a message that lay in the archive and that the journal does not tell of."""


@dataclass(frozen=True, slots=True)
class Change:
    """What examining a message again changed."""

    sha256: str
    before: Examination
    after: Examination


@dataclass(slots=True)
class Findings:
    """What `doctor` looked at and found wrong."""

    program_version: str = __version__
    anchors_version: str = ""
    messages: int = 0
    transmissions: int = 0
    damaged: list[str] = field(default_factory=list)
    """SHA-256 of messages that are missing from the archive or whose bytes are not what their name says."""
    unindexed: list[str] = field(default_factory=list)
    """Archived messages that the database does not know."""
    journal: list[StoreError] = field(default_factory=list)
    """What is wrong with the journal."""
    database: str | None = None
    """What the database's own check complains of."""
    changed: list[str] = field(default_factory=list)
    """What in the database something else has changed: messages by SHA-256, rows by number."""
    outdated: int = 0
    """Verdicts made by another version of the program or with other trust data."""
    free_bytes: int = 0
    accounts: ProfileError | None = None
    """What is wrong with the file of the accounts."""
    servers: list[Reached] = field(default_factory=list)
    """How the accounts' servers answer, those that do as well."""

    def complaints(self) -> Iterator[tuple[str, object]]:
        """Each thing that is wrong: what kind of thing, as an English template, and which one."""
        wrong: tuple[tuple[str, Iterable[object]], ...] = (
            (N_("damaged or missing in the archive"), self.damaged),
            (N_("in the archive, not in the database"), self.unindexed),
            (N_("journal"), self.journal),
            (N_("database"), [self.database] if self.database else []),
            (N_("changed in the database by something other than pecdesk"), self.changed),
            (N_("verdicts of an older version"), [self.outdated] if self.outdated else []),
            (N_("accounts"), [self.accounts] if self.accounts else []),
            (N_("mail server"), [one.error for one in self.servers if one.error is not None]),
        )
        return ((what, which) for what, found in wrong for which in found)

    @property
    def is_healthy(self) -> bool:
        """Nothing wrong."""
        return next(self.complaints(), None) is None


def reexamine(
    store: Store, examiner: Examiner, anchors_version: str, progress: Progress, *, everything: bool
) -> list[Change]:
    """Make verdicts again from the raw bytes: all, or those of another version and those that something else has
    changed. Returns what changed."""
    current = (EXAMINE_VERSION, anchors_version)
    found = store.changed_records()
    odd = {*found.messages, *found.members}
    chosen = [sha256 for sha256, *version in store.hashes() if everything or sha256 in odd or tuple(version) != current]
    changes: list[Change] = []
    for done, fresh in _examined(store, examiner, chosen, skip_erased=True):
        before = {m.examination.sha256: m.examination for m in store.messages_by_hash(e.sha256 for e in fresh)}
        store.replace(fresh)
        changes += [
            Change(after.sha256, before[after.sha256], after)
            for after in fresh
            if after.sha256 in before and conclusions(before[after.sha256]) != conclusions(after)
        ]
        progress(done, len(chosen))
    return changes


def conclusions(examination: Examination) -> tuple[object, ...]:
    """What two examinations of the same bytes must agree on to say the same."""
    return examination.kind, examination.standing, examination.reasons, examination.notes, examination.counts


def _examined(
    store: Store, examiner: Examiner, hashes: Sequence[str], *, skip_erased: bool
) -> Iterator[tuple[int, list[Examination]]]:
    """Examinations of archived messages in batches, with how many are done.

    With `skip_erased`, one that was erased since it was chosen is passed over.
    """
    batch: list[Examination] = []
    raws = _raws(store, hashes, skip_erased=skip_erased)
    for done, (_, examination) in enumerate(examiner.examine_many(raws), start=1):
        batch.append(examination)
        if len(batch) == BATCH:
            yield done, batch
            batch = []
    if batch:
        yield len(hashes), batch


def _raws(store: Store, hashes: Iterable[str], *, skip_erased: bool) -> Iterator[tuple[str, bytes]]:
    for sha256 in hashes:
        try:
            raw = store.archive.get(sha256)
        except StoreError:
            if skip_erased and not store.known([sha256]):
                continue
            raise
        yield sha256, raw


def index_entries(store: Store, examiner: Examiner, entries: Iterable[Entry], progress: Progress) -> None:
    """Put what journal entries tell into the database: accounts, what was erased, messages whose bytes are in the
    archive, what the user says of them."""
    entries = list(entries)
    store.write_accounts(entry for entry in entries if isinstance(entry, AccountKnown))
    told = gather(entries)
    store.finish_erasing(told)
    store.write_steps(told)
    places = {sha256: one.places for sha256, one in told.items() if one.places and sha256 in store.archive}
    known = list(store.known(places))
    for start in range(0, len(known), BATCH):
        some = store.messages_by_hash(known[start : start + BATCH])
        store.index([Arrival(one.examination, place) for one in some for place in places[one.examination.sha256]])
    fresh = sorted(places.keys() - set(known))
    for done, examined in _examined(store, examiner, fresh, skip_erased=False):
        store.index([Arrival(one, place) for one in examined for place in places[one.sha256]])
        progress(done, len(fresh))
    store.write_removals(told)
    store.write_marks(told)


def adopted(store: Store, at: datetime) -> list[Seen]:
    """What to journal of messages that lie in the archive and nowhere else: a program was stopped before it could
    write them down. What was erased is not among them."""
    told = {sha256 for sha256, one in gather(store.journal.read()).items() if one.places or one.is_erased}
    return [Seen(sha256, at, ADOPTED) for sha256 in store.archive.all() if sha256 not in told]


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a profile holds."""

    messages: int
    transmissions: int
    octets: int
    """Of all its files."""


def extent(profile: Profile, store: Store) -> Extent:
    """Count and measure; takes a moment for each ten thousand files."""
    octets = 0
    for folder, _, names in os.walk(profile.root):
        for name in names:
            with suppress(OSError):  # gone meanwhile
                octets += os.lstat(os.path.join(folder, name)).st_size  # noqa: PTH118 - a hundred thousand of them
    return Extent(*store.count(), octets)


def examine_profile(
    profile: Profile, store: Store, anchors_version: str, progress: Progress, cancelled: Callable[[], bool]
) -> Findings:
    """Archive against database and journal, hashes, versions, disk. Raises `CancelledError` when it is stopped."""
    findings = Findings(anchors_version=anchors_version)
    findings.messages, findings.transmissions = store.count()
    known = {sha256: (version, anchors) for sha256, version, anchors in store.hashes()}
    archived = list(store.archive.all())
    for done, sha256 in enumerate(archived, start=1):
        if cancelled():
            raise CancelledError(N_("Cancelled: not everything was checked."))
        if not store.archive.verify(sha256):
            findings.damaged.append(sha256)
        if sha256 not in known:
            findings.unindexed.append(sha256)
        progress(done, len(archived))
    findings.damaged += sorted(known.keys() - set(archived))
    findings.outdated = sum(made != (EXAMINE_VERSION, anchors_version) for made in known.values())
    findings.database = store.database.check()
    changed = store.changed_records()
    findings.changed = [*changed.messages, *(f"#{row}" for row in changed.rows)]
    condition = store.journal.check()
    if condition.damaged:
        lines = ", ".join(map(str, condition.damaged[:20]))
        findings.journal.append(StoreError(N_("lines that cannot be read: {lines}"), lines=lines))
    if condition.torn:
        findings.journal.append(StoreError(N_("the last line was never finished")))
    findings.free_bytes = shutil.disk_usage(profile.root).free
    return findings
