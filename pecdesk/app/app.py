"""The verbs of one profile."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pecdesk.app.trust import (
    anchors_of,
    drop_policy,
    is_kept,
    keep_policy,
    read_policy,
    text_of,
    trust_stamp,
)
from pecdesk.app.upkeep import Change, Findings, adopted, examine_profile, index_entries, reexamine
from pecdesk.errors import N_, UsageError
from pecdesk.examine import EXAMINE_VERSION
from pecdesk.examiner import Examiner
from pecdesk.pec.message import normal_address
from pecdesk.profile import Profile
from pecdesk.store import Filter, Row, Store, StoredMessage, parse_query
from pecdesk.store.journal import Seen, TrustAdded, TrustRemoved
from pecdesk.trust import AnchorSet, TrustPolicy, anchors_to_json

if TYPE_CHECKING:
    from pecdesk.app.copying import Copied
    from pecdesk.app.proofs import MadeProof
    from pecdesk.explain import Language
    from pecdesk.intake import ImportResult

Progress = Callable[[int, int | None], None]
"""Called with how many are done, and of how many where that is known."""

WRITE_LOCK = "write"


def _quiet(_done: int, _of: int | None) -> None:
    """Tell nobody."""


class App:
    """One profile, opened. Import, proof and backup are loaded when they are first used: listing starts fast."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    @classmethod
    def open(cls, root: Path | None) -> Self:
        """Open a profile folder, or the user's usual one."""
        return cls(Profile.open(root))

    def close(self) -> None:
        """Close the store, if it was opened."""
        if "store" in self.__dict__:
            self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def store(self) -> Store:
        """The profile's memory, brought up to date with its journal and with the trust data."""
        store = Store.open(self.profile)
        try:
            self._bring_up_to_date(store)
        except BaseException:
            store.close()
            raise
        return store

    def _bring_up_to_date(self, store: Store, progress: Progress = _quiet) -> None:
        """Finish what a stopped program left; and no verdict shown is older than program and trust data."""
        entries, stamp = store.unapplied(), f"{EXAMINE_VERSION}/{trust_stamp(self.profile)}"
        if entries:
            with self.examiner() as examiner:
                index_entries(store, examiner, entries, progress)
            store.note_journal_applied()
        if store.verdicts_made_by() != stamp:
            if store.count()[0]:
                with self.examiner() as examiner:
                    reexamine(store, examiner, self.anchors.version, progress, everything=False)
            store.note_verdicts_made_by(stamp)

    @contextmanager
    def examiner(self, *, now: datetime | None = None, processes: int = 1) -> Iterator[Examiner]:
        """The helper process, with this profile's trust."""
        with Examiner(anchors_to_json(self.anchors), processes=processes, now=now) as examiner:
            yield examiner

    # trust

    @cached_property
    def anchors(self) -> AnchorSet:
        """The shipped anchors and those added to this profile."""
        return anchors_of(self.profile)

    def trust_policies(self) -> tuple[TrustPolicy, ...]:
        """Every circuit this profile knows."""
        return self.anchors.policies

    def add_trust(self, file: Path, at: datetime, *, by_hand: bool = True) -> TrustPolicy:
        """Trust a policy in this profile, marked for ever as added by hand; every verdict is made again."""
        policy = read_policy(file, self.anchors, by_hand=by_hand)
        text = text_of(policy)
        with self.profile.lock(WRITE_LOCK):
            self.store.journal.append([TrustAdded(policy.name, at, text)])
            keep_policy(self.profile, text)
            self._trust_changed()
        return policy

    def remove_trust(self, name: str, at: datetime) -> None:
        """Trust a policy no longer; every verdict is made again."""
        if not is_kept(self.profile, name):
            raise UsageError(N_("No circuit named {name} was added by hand."), name=name)
        with self.profile.lock(WRITE_LOCK):
            self.store.journal.append([TrustRemoved(name, at)])
            drop_policy(self.profile, name)
            self._trust_changed()

    def _trust_changed(self) -> None:
        self.__dict__.pop("anchors", None)
        self._bring_up_to_date(self.store)

    # bringing in

    def import_paths(
        self,
        paths: Sequence[Path],
        *,
        account: str | None,
        now: datetime,
        progress: Progress = _quiet,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> ImportResult:
        """Take in `.eml`, mbox, Maildir and folders of them; see `pecdesk.intake`."""
        from pecdesk.intake import Import, count, find_messages  # noqa: PLC0415

        with self.profile.lock(WRITE_LOCK):
            if account is not None:
                self.store.add_account(account, now)
            total = count(paths)
            with self.examiner(now=now, processes=min(2, os.cpu_count() or 1)) as examiner:
                return Import(
                    self.store,
                    examiner,
                    account=normal_address(account) if account else None,
                    seen_at=now,
                    progress=lambda done: progress(done, total),
                    cancelled=cancelled,
                ).run(find_messages(paths))

    # looking

    def rows(self, wanted: Filter, now: datetime) -> list[Row]:
        """Rows that fit, newest first."""
        return self.store.rows(wanted, now)

    def search(self, text: str, now: datetime, limit: int = 50) -> list[Row]:
        """Rows that a search finds, newest first."""
        return self.store.rows(Filter(query=parse_query(text), limit=limit), now)

    def rows_named(self, name: str) -> list[Row]:
        """The rows an ID means. Raises `UsageError` when there is none."""
        found = self.store.rows_named(name)
        if not found:
            raise UsageError(
                N_("Nothing here has the ID {id}."),
                N_("An ID is a row number, an identificativo, a Message-ID, or 8 digits of a SHA-256."),
                id=name,
            )
        return found

    def messages(self, row: Row) -> list[StoredMessage]:
        """The messages of a row, the original first."""
        return self.store.messages([row.message_ids[sha256] for sha256 in row.transmission.messages])

    # what leaves the profile

    def export_proofs(
        self,
        names: Sequence[str],
        target: Path,
        *,
        zipped: bool,
        made_at: datetime,
        language: Language,
        progress: Progress = _quiet,
        cancelled: Callable[[], bool] | None = None,
    ) -> list[MadeProof]:
        """Write the proof bundle of each transmission into `target`, from verdicts made afresh. Whole seconds count."""
        from pecdesk.app.proofs import make_proof  # noqa: PLC0415

        made_at = made_at.replace(microsecond=0)
        rows = self._rows_of(names)
        made = []
        with self.examiner(now=made_at) as examiner:
            for row in rows:
                made.append(
                    make_proof(
                        self.store,
                        examiner,
                        row,
                        target,
                        zipped=zipped,
                        made_at=made_at,
                        language=language,
                        anchors_version=self.anchors.version,
                        demo=self.profile.is_demo,
                        cancelled=cancelled,
                    )
                )
                progress(len(made), len(rows))
        return made

    def export_originals(self, names: Sequence[str], target: Path) -> list[tuple[Path, str]]:
        """Write the messages of each transmission byte for byte; path and SHA-256 of every file."""
        from pecdesk.app.proofs import export_originals  # noqa: PLC0415

        return export_originals(self.store, self._rows_of(names), target)

    def _rows_of(self, names: Sequence[str]) -> list[Row]:
        """The rows that IDs mean, each once; all IDs are looked up before anything is written."""
        found = {row.id: row for name in names for row in self.rows_named(name)}
        return list(found.values())

    # keeping right

    def reexamine(self, *, everything: bool, now: datetime, progress: Progress = _quiet) -> list[Change]:
        """Make verdicts again from the raw bytes: all, or those of another version. Returns what changed."""
        with self.profile.lock(WRITE_LOCK), self.examiner(now=now) as examiner:
            return reexamine(self.store, examiner, self.anchors.version, progress, everything=everything)

    def doctor(self, progress: Progress = _quiet) -> Findings:
        """Archive against database and journal, hashes, versions, disk."""
        return examine_profile(self.profile, self.store, self.anchors.version, progress)

    def rebuild(self, *, now: datetime, progress: Progress = _quiet) -> None:
        """Make the database again from archive and journal; the old one is kept aside until that is done."""
        with self.profile.lock(WRITE_LOCK):
            self.close()
            self.__dict__.pop("store", None)
            fresh = Store.open(self.profile, database=self.profile.root / "pecdesk.db.rebuilding", anew=True)
            try:
                with self.examiner(now=now, processes=1) as examiner:
                    index_entries(fresh, examiner, fresh.journal.read(), progress)
                    orphans = dict(adopted(fresh, now.isoformat()))
                    entries = [Seen(sha256, now, place.source) for sha256, place in orphans.items()]
                    fresh.journal.append(entries)
                    index_entries(fresh, examiner, entries, progress)
                fresh.note_journal_applied()
                fresh.note_verdicts_made_by(f"{EXAMINE_VERSION}/{trust_stamp(self.profile)}")
            finally:
                fresh.close()
            fresh.database.move_to(self.profile.database)

    def backup(self, target: Path, progress: Progress = _quiet) -> Copied:
        """Copy the whole profile into a folder, verified by hash."""
        from pecdesk.app.copying import back_up  # noqa: PLC0415

        with self.profile.lock(WRITE_LOCK):
            return back_up(self.profile, self.store, target, progress)

    def restore(self, source: Path, progress: Progress = _quiet) -> Copied:
        """Bring a backup back into this profile, which must be empty."""
        from pecdesk.app.copying import bring_back  # noqa: PLC0415

        with self.profile.lock(WRITE_LOCK):
            return bring_back(source, self.profile, progress)
