"""The memory of a profile: raw messages in the archive, facts in the journal, everything else in the database.

Order of every arrival: archive, journal, database. What is in the database can be made again from the other two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Self

from pecdesk.examine import Examination
from pecdesk.pec.message import normal_address
from pecdesk.profile import Profile
from pecdesk.store import marks
from pecdesk.store.archive import Archive
from pecdesk.store.arrivals import Arrival, untold, write_arrivals
from pecdesk.store.changes import ChangeFeed, Changes
from pecdesk.store.columns import ROWS_VERSION, rewrite_rows
from pecdesk.store.copies import write_reached, write_removed
from pecdesk.store.database import Database
from pecdesk.store.erasing import unsay
from pecdesk.store.folders import Reached, hashes_in
from pecdesk.store.journal import AccountKnown, Journal, MarkedUnread, Seen, Stretch, Told, TrustAdded, TrustRemoved
from pecdesk.store.messages import (
    message_ids,
    replace_examination,
    write_account,
    write_words,
)
from pecdesk.store.mirroring import Mirroring
from pecdesk.store.notes import JOURNAL, note, note_journal
from pecdesk.store.outbox import Outbox
from pecdesk.store.pieces import Placement
from pecdesk.store.replay import ToldOfMessage
from pecdesk.store.statements import chunks
from pecdesk.store.transmissions import relink, relink_all


class Store(Mirroring, Outbox):
    """One profile's memory, for any thread. Writers of other processes are kept out by `Profile.lock`, held by `app`.

    A fact that the journal keeps is written there and in the database under one lock, so that what is noted of the
    journal never runs ahead of what the database has heard.
    """

    @classmethod
    def open(
        cls,
        profile: Profile,
        *,
        database: Path | None = None,
        anew: bool = False,
        changes: ChangeFeed | None = None,
    ) -> Self:
        """Open what is there, creating what is not; `database` names another file, `anew` empties it first.

        `changes` is told of every commit; one of its own where none is given.
        """
        path = database or profile.database
        if anew:
            Database.remove(path)
        store = cls(Archive(profile.archive), Journal(profile.journal), Database.open(path), changes)
        try:
            store._bring_rows_up_to_date()
        except BaseException:
            store.close()
            raise
        return store

    def _bring_rows_up_to_date(self) -> None:
        """Rows that were written by other rules, or by a version without them, are written again."""
        if self._noted("rows_made_by") != ROWS_VERSION:
            with self.database.write() as connection:
                rewrite_rows(connection)
                note(connection, "rows_made_by", ROWS_VERSION)

    # what is remembered from now on

    def add_account(self, address: str, at: datetime) -> bool:
        """Know a mailbox as the profile's own; False when it was known. Everything is linked anew."""
        address = normal_address(address)
        with self._facts:
            if address in self.accounts():
                return False
            stretch = self.journal.write([AccountKnown(address, at)])
            with self.database.write() as connection:
                write_account(connection, address, at)
                changed = relink_all(connection)
                note_journal(connection, stretch)
        self.changes.publish(Changes(transmissions=changed, accounts=frozenset({address})))
        return True

    def add(self, arrivals: Sequence[Arrival], reached: Sequence[Reached] = ()) -> Changes:
        """Remember messages whose bytes are already durable in the archive: journal first, then the database.

        One that was erased since its bytes were put there is left out. `reached` says how far folders of a server are
        looked through with them, and is written in the same transaction.
        """
        with self._facts:
            present = [arrival for arrival in arrivals if arrival.examination.sha256 in self.archive]
            if not present and not reached:
                return Changes()
            unseen = {arrival.examination.sha256 for arrival in present if arrival.unseen}
            fresh = tuple(sorted(unseen - self.known(unseen).keys()))
            told = [MarkedUnread(fresh, _moment(present[0]))] if fresh else []
            with self.database.read() as connection:
                unheard = untold(connection, present)
            stretch = self.journal.write([*map(_seen, unheard), *told])
            changes = self._index(present, fresh, stretch, reached)
        self.changes.publish(changes)
        return changes

    def place_anew(self, folder: int, place: Placement, hashes: Collection[str] | None = None) -> Changes:
        """Say anew of what lies in a folder of a server that it does, all of it or these messages; where the folder is
        for something else now, they count as sent, or no longer do."""
        changes = Changes()
        with self._facts:
            if hashes is None:
                with self.database.read() as connection:
                    hashes = hashes_in(connection, folder)
            for some in chunks(hashes):
                arrivals = [Arrival(one.examination, place) for one in self.messages_by_hash(some)]
                changes |= self._index(arrivals, (), self.journal.write(map(_seen, arrivals)))
        self.changes.publish(changes)
        return changes

    def index(self, arrivals: Sequence[Arrival]) -> Changes:
        """Put arrivals that the journal already tells of into the database, in one transaction."""
        changes = self._index(arrivals)
        self.changes.publish(changes)
        return changes

    def _index(
        self,
        arrivals: Sequence[Arrival],
        unseen: Iterable[str] = (),
        stretch: Stretch | None = None,
        reached: Iterable[Reached] = (),
    ) -> Changes:
        with self.database.write() as connection:
            written = write_arrivals(connection, arrivals)
            for one in reached:
                write_reached(connection, one)
            marks.mark_unread(connection, unseen)
            changed = relink(connection, written)
            if stretch is not None:
                note_journal(connection, stretch)
            write_words(connection, {id_: new for id_, new in written.items() if new is not None})
        return Changes(messages=frozenset(written), transmissions=changed)

    def mend(self, raw: bytes) -> None:
        """Put the bytes of a known message back that are missing from the archive, or no longer what their name says.

        Nothing comes back that was erased meanwhile.
        """
        sha256 = hashlib.sha256(raw).hexdigest()
        with self._facts:
            if self.known([sha256]) and not self.archive.verify(sha256):
                with self.archive.batch() as archive:
                    archive.put(raw)

    def replace(self, examinations: Sequence[Examination]) -> Changes:
        """Put new examinations of known messages in the place of the old ones."""
        with self.database.write() as connection:
            ids = message_ids(connection, [one.sha256 for one in examinations])
            known = {ids[one.sha256]: one for one in examinations if one.sha256 in ids}
            for id_, examination in known.items():
                replace_examination(connection, id_, examination)
            changed = relink(connection, known)
            write_words(connection, known, anew=True)
        changes = Changes(messages=frozenset(known), transmissions=changed)
        self.changes.publish(changes)
        return changes

    # what the journal tells

    def tell(self, entries: Sequence[TrustAdded | TrustRemoved]) -> None:
        """Write down what concerns nothing in the database."""
        with self._facts:
            stretch = self.journal.write(entries)
            with self.database.write() as connection:
                note_journal(connection, stretch)

    def unapplied(self) -> Told:
        """What the journal tells and the database has not heard of: a program that was stopped in between."""
        with self._facts:  # whoever else in this program has journalled something has told the database as well
            return self.journal.told_since(int(self._noted(JOURNAL) or 0))

    @contextmanager
    def catching_up(self) -> Iterator[Told]:
        """What is `unapplied`, for whoever puts it into the database inside the block; nobody writes newer facts
        meanwhile, over which old ones would be put. Left without an error, all of it counts as applied."""
        with self._facts:
            told = self.unapplied()
            yield told
            if told.entries:
                self.note_journal_applied(told.end)

    def write_accounts(self, entries: Iterable[AccountKnown]) -> None:
        """Put accounts that the journal tells of into the database, and link everything anew."""
        known = list(entries)
        if known:
            with self.database.write() as connection:
                for entry in known:
                    write_account(connection, normal_address(entry.address), entry.at)
                relink_all(connection)

    def write_marks(self, told: Mapping[str, ToldOfMessage]) -> None:
        """Put marks that the journal tells of into the database."""
        with self.database.write() as connection:
            marks.write_marks(connection, told)

    def write_removals(self, told: Mapping[str, ToldOfMessage]) -> None:
        """Put into the database what the journal tells of messages that servers no longer have."""
        with self.database.write() as connection:
            for sha256, one in told.items():
                for (account, folder), at in one.removed.items():
                    write_removed(connection, account, folder, [sha256], at)

    def finish_erasing(self, told: Mapping[str, ToldOfMessage]) -> None:
        """Do again what the journal tells of erasing: nothing from before it stays, what arrived after it does."""
        erased = {sha256 for sha256, one in told.items() if one.is_erased}
        back = {sha256 for sha256 in erased if not told[sha256].is_gone and sha256 in self.archive}
        if erased - back:
            self.forget([sha256 for sha256 in erased if told[sha256].is_gone], erased - back)
        if back:
            with self.database.write() as connection:
                unsay(connection, message_ids(connection, back).values())

    def note_journal_applied(self, end: int) -> None:
        """All that the journal tells before `end` is in the database."""
        with self.database.write() as connection:
            note(connection, JOURNAL, str(end))

    def verdicts_made_by(self) -> str | None:
        """What `note_verdicts_made_by` was last told."""
        return self._noted("verdicts_made_by")

    def note_verdicts_made_by(self, stamp: str) -> None:
        """All verdicts here are by this version of program and trust data."""
        with self.database.write() as connection:
            note(connection, "verdicts_made_by", stamp)


def _seen(arrival: Arrival) -> Seen:
    place = arrival.placement
    return Seen(
        sha256=arrival.examination.sha256,
        at=_moment(arrival),
        source=place.source,
        account=place.account,
        folder=place.folder,
        in_sent_folder=place.in_sent_folder,
        unquoted_from=arrival.unquoted_from,
    )


def _moment(arrival: Arrival) -> datetime:
    return datetime.fromisoformat(arrival.placement.seen_at)
