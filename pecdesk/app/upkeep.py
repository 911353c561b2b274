"""Keeping a profile right: verdicts made again, what a crash left half done, the doctor, the rebuilding."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from pecdesk import __version__
from pecdesk.errors import N_, StoreError
from pecdesk.examine import EXAMINE_VERSION, Examination
from pecdesk.examiner import Examiner
from pecdesk.profile import Profile
from pecdesk.store import Arrival, Placement, Store
from pecdesk.store.journal import AccountKnown, Entry, Erased, Seen

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
    outdated: int = 0
    """Verdicts made by another version of the program or with other trust data."""
    free_bytes: int = 0

    @property
    def is_healthy(self) -> bool:
        """Nothing wrong."""
        return not (self.damaged or self.unindexed or self.journal or self.database or self.outdated)


def reexamine(
    store: Store, examiner: Examiner, anchors_version: str, progress: Progress, *, everything: bool
) -> list[Change]:
    """Make verdicts again from the raw bytes: all, or those of another version. Returns what changed."""
    current = (EXAMINE_VERSION, anchors_version)
    chosen = [sha256 for sha256, *version in store.hashes() if everything or tuple(version) != current]
    changes: list[Change] = []
    for done, fresh in _examined(store, examiner, chosen):
        before = {m.examination.sha256: m.examination for m in store.messages_by_hash(e.sha256 for e in fresh)}
        store.replace(fresh)
        changes += [
            Change(after.sha256, before[after.sha256], after)
            for after in fresh
            if _conclusions(before[after.sha256]) != _conclusions(after)
        ]
        progress(done, len(chosen))
    return changes


def _conclusions(examination: Examination) -> tuple[object, ...]:
    return examination.kind, examination.standing, examination.reasons, examination.notes, examination.counts


def _examined(store: Store, examiner: Examiner, hashes: list[str]) -> Iterator[tuple[int, list[Examination]]]:
    """Examinations of archived messages in batches, with how many are done."""
    batch: list[Examination] = []
    raws = ((sha256, store.archive.get(sha256)) for sha256 in hashes)
    for done, (_, examination) in enumerate(examiner.examine_many(raws), start=1):
        batch.append(examination)
        if len(batch) == BATCH or done == len(hashes):
            yield done, batch
            batch = []


def index_entries(store: Store, examiner: Examiner, entries: Iterable[Entry], progress: Progress) -> None:
    """Put what journal entries tell into the database: accounts, then messages whose bytes are in the archive."""
    entries = list(entries)
    store.write_accounts(entry for entry in entries if isinstance(entry, AccountKnown))
    places: dict[str, list[Placement]] = defaultdict(list)
    erased = {entry.sha256 for entry in entries if isinstance(entry, Erased)}
    for entry in entries:
        if isinstance(entry, Seen) and entry.sha256 not in erased and entry.sha256 in store.archive:
            places[entry.sha256].append(placement_of(entry))
    for done, fresh in _examined(store, examiner, list(places)):
        store.index([Arrival(one, place) for one in fresh for place in places[one.sha256]])
        progress(done, len(places))


def placement_of(entry: Seen) -> Placement:
    """The place a journal entry tells of."""
    return Placement(entry.account, entry.folder or "", entry.in_sent_folder, entry.source, entry.at.isoformat())


def adopted(store: Store, at: str) -> Iterator[tuple[str, Placement]]:
    """Messages that lie in the archive and nowhere else: a program was stopped before it could write them down."""
    told = {entry.sha256 for entry in store.journal.read() if isinstance(entry, Seen | Erased)}
    for sha256 in store.archive.all():
        if sha256 not in told:
            yield sha256, Placement(None, "", False, ADOPTED, at)


def examine_profile(profile: Profile, store: Store, anchors_version: str, progress: Progress) -> Findings:
    """Archive against database and journal, hashes, versions, disk."""
    findings = Findings(anchors_version=anchors_version)
    findings.messages, findings.transmissions = store.count()
    known = {sha256: (version, anchors) for sha256, version, anchors in store.hashes()}
    archived = list(store.archive.all())
    for done, sha256 in enumerate(archived, start=1):
        if not store.archive.verify(sha256):
            findings.damaged.append(sha256)
        if sha256 not in known:
            findings.unindexed.append(sha256)
        progress(done, len(archived))
    findings.damaged += sorted(known.keys() - set(archived))
    findings.outdated = sum(made != (EXAMINE_VERSION, anchors_version) for made in known.values())
    findings.database = store.database.check()
    condition = store.journal.check()
    if condition.damaged:
        lines = ", ".join(map(str, condition.damaged[:20]))
        findings.journal.append(StoreError(N_("lines that cannot be read: {lines}"), lines=lines))
    if condition.torn:
        findings.journal.append(StoreError(N_("the last line was never finished")))
    findings.free_bytes = shutil.disk_usage(profile.root).free
    return findings
