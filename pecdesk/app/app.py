"""The verbs of one profile."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pecdesk.app.mailbox import MARK_SECONDS, Mailbox
from pecdesk.app.opened import Progress, quiet
from pecdesk.app.trust import drop_policy, is_kept, keep_policy, read_policy, text_of
from pecdesk.app.upkeep import (
    Change,
    Extent,
    Findings,
    adopted,
    examine_profile,
    extent,
    index_entries,
    reexamine,
)
from pecdesk.errors import N_, CancelledError, ProfileError, UsageError
from pecdesk.pec.message import normal_address
from pecdesk.profile import Profile
from pecdesk.profile.settings import Settings, load_settings, settings_text
from pecdesk.store import Row, Store
from pecdesk.store.database import refusals
from pecdesk.store.disk import write_file
from pecdesk.store.journal import TrustAdded, TrustRemoved
from pecdesk.trust import TrustPolicy

if TYPE_CHECKING:
    from pecdesk.app.copying import Copied
    from pecdesk.app.drafting import Drafting
    from pecdesk.app.outgoing import Outgoing
    from pecdesk.app.proofs import MadeProof, Weakness
    from pecdesk.app.revocation import Renewed
    from pecdesk.app.servers import Servers
    from pecdesk.app.syncing import Syncing
    from pecdesk.explain import Language
    from pecdesk.intake import ImportResult


def _never() -> bool:
    """Nobody stops it."""
    return False


class App(Mailbox):
    """One profile, opened. Import, proof and backup are loaded when they are first used: listing starts fast."""

    def __init__(self, profile: Profile) -> None:
        super().__init__(profile)
        self._settings: Settings | None = None
        self.settings_problem: ProfileError | None = None
        """What is wrong with the settings on the disk, once they were read."""
        self._setting = threading.Lock()
        self._servers: Servers | None = None
        self._syncing: Syncing | None = None
        self._drafting: Drafting | None = None
        self._outgoing: Outgoing | None = None

    def close(self) -> None:
        """Let go of the mail servers, end the helper and close the store."""
        if self._syncing is not None:
            self._syncing.stop()
        super().close()

    # settings

    @property
    def settings(self) -> Settings:
        """The user's settings; those that cannot be read are as they are shipped, see `settings_problem`."""
        with self._setting:
            if self._settings is None:
                self._settings, self.settings_problem = load_settings(self.profile.settings)
            return self._settings

    def save_settings(self, settings: Settings) -> None:
        """Keep the user's settings; a file that could not be read is kept aside."""
        with self._setting:
            file = self.profile.settings
            if load_settings(file)[1] is not None:
                with refusals(file):
                    file.replace(file.with_suffix(".unreadable.toml"))
            write_file(file, settings_text(settings).encode())
            self._settings, self.settings_problem = settings, None

    # accounts

    @property
    def servers(self) -> Servers:
        """The accounts of this profile, their servers and passwords. Quick."""
        from pecdesk.app.servers import Servers  # noqa: PLC0415

        with self._setting:
            if self._servers is None:
                self._servers = Servers(self)
            return self._servers

    # writing

    @property
    def drafting(self) -> Drafting:
        """What is being written. Quick."""
        from pecdesk.app.drafting import Drafting  # noqa: PLC0415

        with self._setting:
            if self._drafting is None:
                self._drafting = Drafting(self)
            return self._drafting

    @property
    def outgoing(self) -> Outgoing:
        """What is being sent. Quick."""
        from pecdesk.app.outgoing import Outgoing  # noqa: PLC0415

        with self._setting:
            if self._outgoing is None:
                self._outgoing = Outgoing(self)
            return self._outgoing

    @property
    def syncing(self) -> Syncing:
        """How the mail servers are kept up with. Quick."""
        from pecdesk.app.syncing import Syncing  # noqa: PLC0415

        with self._setting:
            if self._syncing is None:
                self._syncing = Syncing(self)
            return self._syncing

    def mark_read(self, ids: Collection[int], *, read: bool, at: datetime) -> None:
        """Count received rows as read or unread; the servers of accounts that are to know it are told in time."""
        servers = frozenset(
            account.key for account in self.servers.all() if account.marks_read_on_server and not account.is_read_only
        )
        with self.writing(patience=MARK_SECONDS):
            self.store.mark_read(ids, read=read, at=at, on_servers_of=servers)
        if servers:
            self.syncing.check_now(*servers)

    # trust

    def fetch_revocation(
        self, now: datetime, progress: Progress = quiet, cancelled: Callable[[], bool] = _never
    ) -> Renewed:
        """Fetch the revocation lists that are due, if the user allows it; see `pecdesk.app.revocation`."""
        from pecdesk.app.revocation import Renewed, renew  # noqa: PLC0415

        if not self.settings.fetch_revocation_lists:
            return Renewed()
        return renew(self, now, progress=progress, cancelled=cancelled)

    def trust_policies(self) -> tuple[TrustPolicy, ...]:
        """Every circuit this profile knows."""
        return self.anchors.policies

    def add_trust(self, file: Path, at: datetime, *, by_hand: bool = True) -> TrustPolicy:
        """Trust a policy in this profile, marked for ever as added by hand; every verdict is made again."""
        policy = self.read_trust(file, by_hand=by_hand)
        self.keep_trust(policy, at)
        return policy

    def read_trust(self, file: Path, *, by_hand: bool = True) -> TrustPolicy:
        """A policy that `keep_trust` would take, to be looked at before. Raises `TrustError` or `UsageError`."""
        return read_policy(file, self.anchors, by_hand=by_hand)

    def keep_trust(self, policy: TrustPolicy, at: datetime, progress: Progress = quiet) -> None:
        """Trust a policy that was read by `read_trust`; every verdict is made again."""
        text = text_of(policy)
        with self.writing():
            self.store.tell([TrustAdded(policy.name, at, text)])
            keep_policy(self.profile, text)
            self._trust_changed(progress)

    def remove_trust(self, name: str, at: datetime, progress: Progress = quiet) -> None:
        """Trust a policy no longer; every verdict is made again."""
        if not is_kept(self.profile, name):
            raise UsageError(N_("No circuit named {name} was added by hand."), name=name)
        with self.writing():
            self.store.tell([TrustRemoved(name, at)])
            drop_policy(self.profile, name)
            self._trust_changed(progress)

    def _trust_changed(self, progress: Progress) -> None:
        self.forget_trust()
        self.bring_up_to_date(self.store, progress)

    # bringing in

    def import_paths(
        self,
        paths: Sequence[Path],
        *,
        account: str | None,
        now: datetime,
        progress: Progress = quiet,
        cancelled: Callable[[], bool] = _never,
    ) -> ImportResult:
        """Take in `.eml`, mbox, Maildir and folders of them; see `pecdesk.intake`."""
        from pecdesk.intake import Import, count, find_messages  # noqa: PLC0415

        with self.writing():
            if account is not None:
                self.store.add_account(account, now)
            total = count(paths, cancelled)
            with self.examiner(now=now, processes=min(2, os.cpu_count() or 1)) as examiner:
                return Import(
                    self.store,
                    examiner,
                    account=normal_address(account) if account else None,
                    seen_at=now,
                    progress=lambda done: progress(done, total),
                    cancelled=cancelled,
                ).run(find_messages(paths))

    # what leaves the profile

    def export_proofs(
        self,
        names: Sequence[str],
        target: Path,
        *,
        zipped: bool,
        made_at: datetime,
        language: Language,
        progress: Progress = quiet,
        cancelled: Callable[[], bool] = _never,
    ) -> list[MadeProof]:
        """Write the proof bundle of each transmission into `target`, from verdicts made afresh. Whole seconds count.

        When it is stopped, the bundles that were finished stay, and are the answer; of the others nothing is left.
        """
        from pecdesk.app.proofs import make_proof  # noqa: PLC0415

        made_at = made_at.replace(microsecond=0)
        rows = self._rows_of(names)
        made: list[MadeProof] = []
        with suppress(CancelledError), self.examiner(now=made_at) as examiner:
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

    def export_originals(
        self,
        names: Sequence[str],
        target: Path,
        *,
        progress: Progress = quiet,
        cancelled: Callable[[], bool] = _never,
    ) -> list[tuple[Path, str]]:
        """Write the messages of each transmission byte for byte; path and SHA-256 of every file."""
        from pecdesk.app.proofs import export_originals  # noqa: PLC0415

        return export_originals(self.store, self._rows_of(names), target, progress, cancelled)

    def weak_points(self, names: Sequence[str], now: datetime, language: Language) -> list[Weakness]:
        """What the proof of each transmission would name as weak, told before it is made."""
        from pecdesk.app.proofs import weaknesses  # noqa: PLC0415

        return weaknesses(self.store, self._rows_of(names), now, language)

    def _rows_of(self, names: Sequence[str]) -> list[Row]:
        """The rows that IDs mean, each once; all IDs are looked up before anything is written."""
        found = {row.id: row for name in names for row in self.rows_named(name)}
        return list(found.values())

    # keeping right

    def reexamine(self, *, everything: bool, now: datetime, progress: Progress = quiet) -> list[Change]:
        """Make verdicts again from the raw bytes: all, or those of another version. Returns what changed."""
        with self.writing(), self.examiner(now=now) as examiner:
            return reexamine(self.store, examiner, self.anchors.version, progress, everything=everything)

    def doctor(self, progress: Progress = quiet, cancelled: Callable[[], bool] = _never) -> Findings:
        """Archive against database and journal, hashes, versions, disk, TLS of each server."""
        findings = examine_profile(self.profile, self.store, self.anchors.version, progress, cancelled)
        findings.accounts = self.servers.problem
        findings.servers = self.servers.reach_all(cancelled)
        return findings

    def extent(self) -> Extent:
        """How much the profile holds."""
        return extent(self.profile, self.store)

    def rebuild(self, *, now: datetime, progress: Progress = quiet) -> None:
        """Make the database again from archive and journal; the old one is read until then, and kept aside."""
        with self.writing(alone=True):
            fresh = Store.open(self.profile, database=self.profile.root / "pecdesk.db.rebuilding", anew=True)
            try:
                fresh.journal.append(adopted(fresh, now))
                with self.examiner(now=now, processes=1) as examiner:
                    index_entries(fresh, examiner, fresh.journal.read(), progress)
                fresh.note_journal_applied(fresh.journal.size())
                fresh.note_verdicts_made_by(self.stamp())
            finally:
                fresh.close()
            self.replace_store(lambda: fresh.database.move_to(self.profile.database))

    def backup(self, target: Path, progress: Progress = quiet, cancelled: Callable[[], bool] = _never) -> Copied:
        """Copy the whole profile into a folder, verified by hash."""
        from pecdesk.app.copying import back_up  # noqa: PLC0415

        with self.writing(alone=True):
            return back_up(self.profile, self.store, target, progress, cancelled)

    def restore(self, source: Path, progress: Progress = quiet) -> Copied:
        """Bring a backup back into this profile, which must be empty."""
        from pecdesk.app.copying import bring_back  # noqa: PLC0415

        with self.writing(alone=True):
            return bring_back(source, self.profile, progress)
