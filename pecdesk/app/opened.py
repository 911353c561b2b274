"""A profile, opened: its parts, made when they are first asked for, by whichever thread asks first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, TypeVar

from pecdesk.app.draft_rows import agree_with_files
from pecdesk.app.trust import anchors_of, trust_stamp
from pecdesk.app.turn import Turn
from pecdesk.app.upkeep import index_entries, reexamine
from pecdesk.errors import N_, PecdeskError, ProfileError
from pecdesk.examine import EXAMINE_VERSION
from pecdesk.examiner import Examiner
from pecdesk.outbox.recovery import SEND_LOCK, desk_of, recover, to_recover
from pecdesk.profile import Profile
from pecdesk.store import ChangeFeed, Changes, Store
from pecdesk.store.seals import Seals
from pecdesk.trust import AnchorSet, anchors_to_json

T = TypeVar("T")

Progress = Callable[[int, int | None], None]
"""Called with how many are done, and of how many where that is known."""


def quiet(_done: int, _of: int | None) -> None:
    """Tell nobody."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Opened:
    """One profile with its store, its trust and its helper process. For any thread; close it, or use `with`."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.changes = ChangeFeed()
        """Told of every commit of this program, and by `notice_others` of those of others."""
        self.clock: Callable[[], datetime] = _utc_now
        """The time, aware, for what happens by itself; a window sets its own."""
        self._turn = Turn(profile)
        self._opening = threading.RLock()
        self._store: Store | None = None
        self._left_behind: list[Store] = []
        """Stores whose database another process has replaced: somebody may still be reading there."""
        self._trusting = threading.RLock()
        self._anchors: AnchorSet | None = None
        self._anchors_stamp = ""
        self._helper: Examiner | None = None
        self._is_closed = False

    @classmethod
    def open(cls, root: Path | None) -> Self:
        """Open a profile folder, or the user's usual one."""
        return cls(Profile.open(root))

    def close(self) -> None:
        """End the helper and close the store, if there are any; whoever asks for them later gets a PecdeskError."""
        self._is_closed = True
        self._end_helper()
        with self._opening:
            for store in (*self._left_behind, *([self._store] if self._store else [])):
                store.close()
            self._left_behind.clear()
            self._store = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check_open(self) -> None:
        if self._is_closed:
            raise ProfileError(N_("The program is closing: the profile is no longer open."), N_("Do it again."))

    def writing(
        self, *, alone: bool = False, patience: float = 0.0, stopped: Callable[[], bool] = lambda: False
    ) -> AbstractContextManager[None]:
        """Write to the profile inside the block, together with other threads of this program or alone.

        BusyError when another process is at it: at once, or after so many seconds of waiting.
        """
        return self._turn.take(alone=alone, patience=patience, stopped=stopped)

    # the store

    @property
    def store(self) -> Store:
        """The profile's memory, brought up to date with its journal and with the trust data."""
        return self.open_store()

    def open_store(self, progress: Progress = quiet) -> Store:
        """The same, telling how far it is where verdicts have to be made again first."""
        with self._opening:
            self._check_open()
            if self._store is None:
                store = Store.open(self.profile, changes=self.changes)
                try:
                    self.bring_up_to_date(store, progress)
                except BaseException:
                    store.close()
                    raise
                self._store = store
            return self._store

    def bring_up_to_date(self, store: Store, progress: Progress = quiet) -> None:
        """Finish what a stopped program left; and no verdict shown is older than program and trust data."""
        # A process that is writing just now tells the database itself what it has journalled.
        with suppress(ProfileError), self.writing():
            self.catch_up(store, progress)
            agree_with_files(store, self.profile)
        self._recover_sendings(store)
        stamp = self.stamp()
        if store.verdicts_made_by() != stamp:
            if store.count()[0]:
                with self.examiner(now=datetime.now(UTC)) as examiner:
                    reexamine(store, examiner, self.anchors.version, progress, everything=False)
            store.note_verdicts_made_by(stamp)

    def catch_up(self, store: Store, progress: Progress = quiet) -> None:
        """Put into the database what the journal tells and a stopped program did not get there. Within `writing`."""
        if store.unapplied().entries:
            with self.examiner(now=datetime.now(UTC)) as examiner, store.catching_up() as told:
                index_entries(store, examiner, told.entries, progress)

    def _recover_sendings(self, store: Store) -> None:
        """Let the outbox say what is true, where a program that was handing a message over is no more."""
        desk = desk_of(self.profile)
        if to_recover(store, desk):
            with suppress(ProfileError), self.profile.lock(SEND_LOCK), self.writing():
                recover(store, desk, self.clock())

    def stamp(self) -> str:
        """What verdicts are made by at the moment: the program's version, the key they are sealed with, and all trust
        data on the disk."""
        return f"{EXAMINE_VERSION}/{Seals(self.profile.root).name}/{trust_stamp(self.profile)}"

    def replace_store(self, replace: Callable[[], None]) -> None:
        """Put another database in the place of this one, which is closed and opened anew when next asked for."""
        with self._opening:
            if self._store is not None:
                self._store.close()
                self._store = None
            replace()
        self.changes.publish(Changes(everything=True))

    def notice_others(self) -> bool:
        """Look whether another process has written since the last time, and tell everybody if so. May wait: for a
        thread in the background, about once a second."""
        store = self._store
        if store is None:
            return False
        is_replaced = store.database.is_replaced()
        if not (is_replaced or store.database.changed_elsewhere()):
            return False
        with self._opening:
            if is_replaced and self._store is store:
                self._left_behind.append(store)
                self._store = None
        with self._trusting:
            if self._anchors is not None and self._anchors_stamp != trust_stamp(self.profile):
                self.forget_trust()
        self.changes.publish(Changes(everything=True))
        return True

    # trust and the helper

    @property
    def anchors(self) -> AnchorSet:
        """The shipped anchors and those added to this profile."""
        with self._trusting:
            if self._anchors is None:
                self._anchors_stamp = trust_stamp(self.profile)
                self._anchors = anchors_of(self.profile)
            return self._anchors

    def forget_trust(self) -> None:
        """The trust data on the disk have changed: nothing that was made with the old ones is used again."""
        with self._trusting:
            self._anchors = None
            self._end_helper()

    @contextmanager
    def examiner(self, *, now: datetime | None = None, processes: int = 1) -> Iterator[Examiner]:
        """A helper process of one's own, with this profile's trust, for one long errand."""
        with Examiner(anchors_to_json(self.anchors), processes=processes, now=now) as examiner:
            yield examiner

    @property
    def helper(self) -> Examiner:
        """The helper process that answers single questions, with this profile's trust; it lives until `close`."""
        with self._trusting:
            self._check_open()
            if self._helper is None or self._helper.is_closed:
                self._end_helper()
                self._helper = Examiner(anchors_to_json(self.anchors))
            return self._helper

    def ask(self, question: Callable[[Examiner], T]) -> T:
        """Ask the helper; once more where it was ended meanwhile, because the trust changed."""
        helper = self.helper
        try:
            return question(helper)
        except PecdeskError:
            if not helper.is_closed:
                raise
        return question(self.helper)

    def _end_helper(self) -> None:
        with self._trusting:
            helper, self._helper = self._helper, None
        if helper is not None:
            helper.close()
