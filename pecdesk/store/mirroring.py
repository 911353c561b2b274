"""What is known of mail servers, and how it is kept: the store's side of synchronising.

A message that a server no longer has is forgotten by its folder, never by the archive.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from pecdesk.store import marks, pending
from pecdesk.store.changes import Changes
from pecdesk.store.copies import (
    delete_copies,
    flags_at,
    found_again,
    hashes_only_at,
    keep_missing,
    write_copy,
    write_flags,
    write_folder,
    write_reached,
    write_removed,
    write_state,
)
from pecdesk.store.folders import (
    Contents,
    CopyState,
    Emptied,
    Folder,
    Looked,
    ServerCopy,
    count_unfetched,
    folder_of,
    has_earlier,
    read_before,
    read_contents,
    read_detached,
    read_emptied,
    read_flags,
    read_folders,
    read_unsaid,
)
from pecdesk.store.journal import Entry, MarkedRead, MarkedUnread, RemovedFromServer
from pecdesk.store.marking import Marking
from pecdesk.store.notes import note_journal
from pecdesk.store.pending import SEEN, Pending
from pecdesk.store.replay import gather
from pecdesk.store.settling import Asks, Settlement, answered, settlements, write_settlement
from pecdesk.store.statements import chunks, placeholders


class Mirroring(Marking):
    """Folders of mail servers and what lies in them. Accounts are named in comparable form."""

    # what is known

    def folders(self, account: str) -> list[Folder]:
        """The folders of an account, by name."""
        with self.database.read() as connection:
            return read_folders(connection, account)

    def contents(self, folder: int) -> Contents:
        """What is known to lie in a folder."""
        with self.database.read() as connection:
            return read_contents(connection, folder)

    def flags(self, folder: int, uidvalidity: int, uids: Collection[int]) -> dict[int, frozenset[str]]:
        """The flags these had when they were last looked at."""
        with self.database.read() as connection:
            return read_flags(connection, folder, uidvalidity, uids)

    def has_earlier(self, folder: int) -> bool:
        """Whether messages known by UIDs of an earlier UIDVALIDITY are still to be recognised in a folder."""
        with self.database.read() as connection:
            return has_earlier(connection, folder)

    def detached(self, account: str) -> dict[int, list[str]]:
        """Messages that were on the server and lie in none of its folders, as far as is known: SHA-256s by size."""
        with self.database.read() as connection:
            return read_detached(connection, account)

    def emptied(self, account: str) -> list[Emptied]:
        """The folders about which only the user can decide."""
        with self.database.read() as connection:
            return read_emptied(connection, account)

    def unfetched(self, account: str) -> int:
        """How many messages the server of an account lists that could not be had."""
        with self.database.read() as connection:
            return count_unfetched(connection, account)

    def erased(self, hashes: Iterable[str]) -> frozenset[str]:
        """Of these messages the ones that the user has erased for good, and that nobody brought back since."""
        with self.database.read() as connection:
            return frozenset(
                row[0]
                for some in chunks(hashes)
                for row in connection.execute(
                    f"SELECT sha256 FROM erased WHERE sha256 IN ({placeholders(some)})",  # noqa: S608
                    some,
                )
            )

    def is_settled(self, account: str, asks: Asks) -> bool:
        """Whether nothing is left for `settle` to decide."""
        with self.database.read() as connection:
            return not settlements(connection, account, asks)

    def unsaid(self, account: str) -> dict[str, list[str]]:
        """Messages that lie in folders of an account, by the folder's name, and of which that is not said: SHA-256s."""
        with self.database.read() as connection:
            return read_unsaid(connection, account)

    def pending(self, account: str) -> list[Pending]:
        """What the server of an account is to be told, oldest first."""
        with self.database.read() as connection:
            return pending.read_pending(connection, account)

    def copies_before(self, folder: int, before: datetime) -> list[tuple[int, int, str]]:
        """What came into a folder before that moment and is here: UID, size as the server says, SHA-256."""
        with self.database.read() as connection:
            return read_before(connection, folder, before)

    def quota_readings(self, account: str) -> list[tuple[datetime, int]]:
        """How full the mailbox was, and when; oldest first."""
        with self.database.read() as connection:
            rows = connection.execute("SELECT at, used FROM quota_reading WHERE account = ? ORDER BY at", (account,))
            return [(datetime.fromisoformat(at), used) for at, used in rows]

    # what was found

    def note_quota(self, account: str, at: datetime, used: int, capacity: int) -> None:
        """Remember how full the mailbox is: one reading a day, for a year."""
        at = at.astimezone(UTC)  # compared as text
        day, year = ((at - span).isoformat() for span in (timedelta(days=1), timedelta(days=366)))
        with self.database.write() as connection:
            connection.execute("DELETE FROM quota_reading WHERE account = ? AND at < ?", (account, year))
            connection.execute(
                "INSERT INTO quota_reading (account, at, used, capacity) SELECT ?, ?, ?, ?"
                " WHERE NOT EXISTS (SELECT 1 FROM quota_reading WHERE account = ? AND at > ?)",
                (account, at.isoformat(), used, capacity, account, day),
            )

    def know_folder(self, account: str, name: str, delimiter: str, role: str | None) -> Folder:
        """Know a folder of an account's server, and what it is for."""
        with self.database.write() as connection:
            found = folder_of(connection, write_folder(connection, account, name, delimiter, role))
        assert found is not None
        self.changes.publish(Changes(folders=frozenset({account})))
        return found

    def note_looked(self, looked: Looked) -> Changes | None:
        """Keep what looking into a folder showed. Flags that others set there count here too, unless the user has
        decided otherwise and the server merely does not know yet.

        None, and nothing is kept, where the folder is no longer known: the user has just said what became of it.
        """
        reached = looked.reached
        with self._facts:
            with self.database.read() as connection:
                folder = folder_of(connection, reached.folder)
                if folder is None:
                    return None
                entries: list[Entry] = [*_marked(connection, folder, looked)]
                gone = hashes_only_at(connection, folder.id, reached.uidvalidity, looked.gone)
            if gone:
                entries.append(RemovedFromServer(folder.account, folder.name, tuple(gone), reached.at))
            stretch = self.journal.write(entries)
            with self.database.write() as connection:
                write_flags(connection, folder.id, reached.uidvalidity, looked.flags.items())
                delete_copies(connection, folder.id, reached.uidvalidity, looked.gone)
                write_state(connection, folder.id, reached.uidvalidity, looked.missing, CopyState.MISSING)
                found_again(connection, folder.id, reached.uidvalidity, looked.found_again)
                write_reached(connection, reached)
                messages = write_removed(connection, folder.account, folder.name, gone, reached.at.isoformat())
                rows = marks.write_marks(connection, gather(entries))
                note_journal(connection, stretch)
        changes = Changes(messages=messages, transmissions=rows)
        self.changes.publish(changes)
        return changes

    def note_unlisted(self, folder: int) -> None:
        """The server no longer lists a folder: what lay there is to be recognised elsewhere, or counts as missing."""
        with self.database.write() as connection:
            found = connection.execute(
                "UPDATE folder SET uidvalidity = NULL, uidnext = 0, highest_modseq = NULL, is_complete = 0"
                " WHERE id = ? RETURNING account",
                (folder,),
            ).fetchall()
        self.changes.publish(Changes(folders=frozenset(account for (account,) in found)))

    def note_without_message(self, copies: Collection[ServerCopy], state: CopyState, at: datetime) -> None:
        """Remember messages of the server whose bytes are not kept here: erased by the user, or not to be had."""
        with self.database.write() as connection:
            for copy in copies:
                write_copy(connection, copy, None, state, at.isoformat())

    def settle(self, account: str, at: datetime, asks: Asks) -> Changes:
        """Decide what became of messages that folders lost; call it when all folders have been looked through."""
        with self._facts:
            with self.database.read() as connection:
                found = settlements(connection, account, asks)
            changes = self._settle(found, at)
        self.changes.publish(changes)
        return changes

    def _settle(self, found: Sequence[Settlement], at: datetime) -> Changes:
        entries = [RemovedFromServer(one.account, one.name, tuple(one.removed), at) for one in found if one.removed]
        stretch = self.journal.write(entries)
        messages: frozenset[int] = frozenset()
        with self.database.write() as connection:
            for one in found:
                messages |= write_settlement(connection, one, at.isoformat())
            note_journal(connection, stretch)
        return Changes(messages=messages, folders=frozenset(one.account for one in found))

    def answer_emptied(self, account: str, name: str, *, forget: bool, at: datetime) -> Changes:
        """Carry out what the user said of an emptied folder: count its messages as removed, or leave all as it is."""
        with self._facts:
            changes = Changes()
            if forget:
                with self.database.read() as connection:
                    found = answered(connection, account, name)
                changes = self._settle(found, at)
            else:
                with self.database.write() as connection:
                    keep_missing(connection, account, name)
        self.changes.publish(changes)
        return changes

    # what the user wants there

    def want_move(self, account: str, hashes: Iterable[str], folder: str, target: str, at: datetime) -> None:
        """Have messages moved from one folder of the server to another."""
        with self.database.write() as connection:
            moved = _ids(connection, hashes)
            pending.want_move(connection, account, moved, folder, target, at.isoformat())
        self.changes.publish(Changes(messages=frozenset(moved)))

    def note_left(self, folder: int, uidvalidity: int, uids: Collection[int], at: datetime) -> Changes:
        """The server has moved or deleted these because we asked it to; what was moved is recognised where it is."""
        with self._facts:
            with self.database.read() as connection:
                of = folder_of(connection, folder)
                gone = hashes_only_at(connection, folder, uidvalidity, uids)
            if of is None:
                return Changes()
            entries = [RemovedFromServer(of.account, of.name, tuple(gone), at)] if gone else []
            stretch = self.journal.write(entries)
            with self.database.write() as connection:
                delete_copies(connection, folder, uidvalidity, uids)
                messages = write_removed(connection, of.account, of.name, gone, at.isoformat())
                note_journal(connection, stretch)
        changes = Changes(messages=messages)
        self.changes.publish(changes)
        return changes

    def drop_pending(self, ids: Iterable[int]) -> None:
        """These wishes are fulfilled, or never will be."""
        with self.database.write() as connection:
            moved = pending.drop_pending(connection, ids)
        self.changes.publish(Changes(messages=moved))

    def count_try(self, ids: Iterable[int]) -> None:
        """The server refused these wishes once more."""
        with self.database.write() as connection:
            pending.count_try(connection, ids)

    def note_flags(self, folder: int, uidvalidity: int, flags: Iterable[tuple[int, frozenset[str]]]) -> None:
        """The server has these flags because we set them."""
        with self.database.write() as connection:
            write_flags(connection, folder, uidvalidity, flags)

    def note_leaving(self, folder: int, uidvalidity: int, uids: Collection[int]) -> None:
        """These are about to be deleted on the server; whether they were is seen when the folder is looked at."""
        with self.database.write() as connection:
            write_state(connection, folder, uidvalidity, uids, CopyState.LEAVING)


def _ids(connection: sqlite3.Connection, hashes: Iterable[str]) -> list[int]:
    return [
        row[0]
        for some in chunks(hashes)
        for row in connection.execute(
            f"SELECT id FROM message WHERE sha256 IN ({placeholders(some)})",  # noqa: S608
            some,
        )
    ]


def _marked(connection: sqlite3.Connection, folder: Folder, looked: Looked) -> Iterable[MarkedRead | MarkedUnread]:
    """What others have marked as read or unread on the server since it was last looked at."""
    if not looked.flags:
        return
    unread = {row[0] for row in connection.execute("SELECT message FROM unread")}
    undecided = pending.wishes_about(connection, folder.account, SEEN)
    read: dict[str, None] = {}
    anew: dict[str, None] = {}
    for uid, flags, message, sha256 in flags_at(connection, folder.id, looked.reached.uidvalidity, looked.flags):
        before, now = SEEN in flags.split(), SEEN in looked.flags[uid]
        if before == now or message in undecided:
            continue
        if now and message in unread:
            read[sha256] = None
        elif not now and message not in unread:
            anew[sha256] = None
    if read:
        yield MarkedRead(tuple(read), looked.reached.at)
    if anew:
        yield MarkedUnread(tuple(anew), looked.reached.at)
