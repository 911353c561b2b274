"""What the user says of rows: read, labelled, hidden, erased for good."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from pecdesk.errors import N_, UsageError
from pecdesk.store import marks
from pecdesk.store.changes import Changes
from pecdesk.store.erasing import Losses, delete, doomed
from pecdesk.store.journal import (
    Erased,
    Hidden,
    Labelled,
    Mark,
    MarkedRead,
    MarkedUnread,
    Stretch,
    Unhidden,
    Unlabelled,
)
from pecdesk.store.looking import Looking
from pecdesk.store.messages import message_id
from pecdesk.store.notes import note_journal
from pecdesk.store.pending import SEEN, want_flag
from pecdesk.store.replay import gather
from pecdesk.store.sendings import is_in_outbox
from pecdesk.store.transmissions import relink


class Marking(Looking):
    """Marks of messages, told as marks of rows. Every one is journalled; one that changes nothing is not."""

    def mark_read(
        self, rows: Collection[int], *, read: bool, at: datetime, on_servers_of: Collection[str] = ()
    ) -> Changes:
        """Count received rows as read or unread; rows that were sent stay as they are.

        The servers of the accounts named are to be told.
        """
        kind = MarkedRead if read else MarkedUnread

        def want(connection: sqlite3.Connection, entry: Mark) -> None:
            messages = [id_ for sha256 in entry.sha256s if (id_ := message_id(connection, sha256)) is not None]
            want_flag(connection, on_servers_of, messages, SEEN, on=read, at=at.isoformat())

        return self._mark(lambda connection: kind(marks.received(connection, rows, unread=read), at), want)

    def add_label(self, rows: Collection[int], name: str, at: datetime) -> Changes:
        """Give rows a label; `UsageError` for what cannot be its name."""

        def choose(connection: sqlite3.Connection) -> Labelled:
            label = marks.label_name(connection, name)
            return Labelled(label, marks.unlabelled(connection, rows, label), at)

        return self._mark(choose)

    def remove_label(self, rows: Collection[int], name: str, at: datetime) -> Changes:
        """Take a label from rows."""

        def choose(connection: sqlite3.Connection) -> Unlabelled:
            label = marks.label_name(connection, name)
            return Unlabelled(label, marks.labelled(connection, rows, label), at)

        return self._mark(choose)

    def hide(self, rows: Collection[int], at: datetime) -> Changes:
        """Leave rows out of every list but that of hidden ones, until a new message joins them."""
        return self._mark(lambda connection: Hidden(marks.members(connection, rows, hidden=False), at))

    def unhide(self, rows: Collection[int], at: datetime) -> Changes:
        """Show rows again."""
        return self._mark(lambda connection: Unhidden(marks.members(connection, rows, hidden=True), at))

    def _mark(
        self,
        choose: Callable[[sqlite3.Connection], Mark],
        beside: Callable[[sqlite3.Connection, Mark], None] = lambda _connection, _entry: None,
    ) -> Changes:
        """Journal and write one mark of the messages for which it changes anything; nothing where there are none.

        What is written `beside` it stands in the same transaction.
        """
        with self._facts:
            with self.database.read() as connection:
                entry = choose(connection)
            if not entry.sha256s:
                return Changes()
            stretch = self.journal.write([entry])
            with self.database.write() as connection:
                rows = marks.write_marks(connection, gather([entry]))
                beside(connection, entry)
                note_journal(connection, stretch)
        changes = Changes(transmissions=rows)
        self.changes.publish(changes)
        return changes

    def erase(self, rows: Collection[int], at: datetime) -> Losses:
        """Erase for good the messages that only these rows use: journal first, then archive, then database.

        What a crash leaves of it is done at the next start. `UsageError` for what is still to be sent, or uncertain.
        """
        with self._facts:
            with self.database.read() as connection:
                found = doomed(connection, rows)
                waiting = any(is_in_outbox(connection, sha256) for sha256 in found.sha256s)
            if not found.sha256s:
                return found.losses
            if waiting:
                raise UsageError(
                    N_("A message that is still in the outbox cannot be erased."),
                    N_("Take it back first, or say whether it was sent."),
                )
            first, *others = found.sha256s
            stretch = self.journal.write([Erased(first, at, tuple(others))])
            changes = self.forget(found.sha256s, found.sha256s, stretch)
        self.changes.publish(changes)
        return found.losses

    def forget(self, bytes_of: Iterable[str], rows_of: Iterable[str], stretch: Stretch | None = None) -> Changes:
        """Delete these bytes from the archive, and the rows of these messages from the database.

        Their hashes stay, so that they are not brought back because a mail server still has them.
        """
        self.archive.remove(bytes_of)
        hashes = list(rows_of)
        with self.database.wipe() as connection:
            ids = frozenset(id_ for sha256 in hashes if (id_ := message_id(connection, sha256)) is not None)
            connection.executemany("INSERT OR IGNORE INTO erased VALUES (?)", [(sha256,) for sha256 in hashes])
            changed = relink(connection, dict.fromkeys(ids), without=ids)
            delete(connection, ids)
            if stretch is not None:
                note_journal(connection, stretch)
        return Changes(messages=ids, transmissions=changed)
