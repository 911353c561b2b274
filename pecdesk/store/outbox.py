"""What waits to be sent and what became of it, step by step.

Every step is in the journal before it is in the database, and before anything that it tells of is done. A record never
says less than what happened: the worst a crash makes of it is `uncertain`. Before a step is taken the journal is asked
where the message stands: a database that something else has changed leads to no second sending.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Collection, Mapping
from datetime import datetime

from pecdesk.errors import N_, UsageError
from pecdesk.examine import Examination
from pecdesk.pec.sending import Failure, Sending, SendState
from pecdesk.store.changes import Changes
from pecdesk.store.draft_rows import DraftRows, drop_draft_row
from pecdesk.store.journal import Stretch
from pecdesk.store.messages import insert_examination, message_id, write_placement, write_words
from pecdesk.store.notes import note_journal
from pecdesk.store.pieces import OUTBOX
from pecdesk.store.replay import ToldOfMessage, gather, outbox_place
from pecdesk.store.sendings import (
    read_sending,
    sendings_in,
    sent_as,
    wanted_copies,
    write_sending,
)
from pecdesk.store.steps import (
    CopyKept,
    Freezing,
    Queued,
    SendingBegun,
    SendingResumed,
    Settled,
    Step,
    Withdrawn,
    after,
    may_follow,
)
from pecdesk.store.transmissions import read_rows, relink

_log = logging.getLogger("store")

_SENT_ROW = (
    "SELECT t.id FROM message AS g JOIN membership AS m ON m.message = g.id JOIN transmission AS t"
    " ON t.id = m.transmission WHERE g.sha256 = ? AND t.direction = 'sent' AND t.account = ?"
)


class Outbox(DraftRows):
    """The outbox. Whoever takes a step has made sure before that the journal holds nothing the database has not heard
    of: another process may have died in the middle of one (`Store.unapplied`)."""

    # what is known

    def sending(self, sha256: str) -> Sending | None:
        """What the outbox knows of a message."""
        with self.database.read() as connection:
            return read_sending(connection, sha256)

    def sendings(self, *states: SendState) -> list[Sending]:
        """The records in these states, the oldest first."""
        with self.database.read() as connection:
            return sendings_in(connection, states)

    def sendings_as(self, name: str) -> list[Sending]:
        """The records with that Message-ID, in comparable form."""
        with self.database.read() as connection:
            return sent_as(connection, name)

    def copies_wanted(self, account: str) -> list[Sending]:
        """What an account has sent and of which its Sent folder has no copy yet, the oldest first."""
        with self.database.read() as connection:
            return wanted_copies(connection, account)

    def row_of_sending(self, sending: Sending) -> int | None:
        """The row of a message of the outbox."""
        with self.database.read() as connection:
            return _row(connection, sending)

    # steps

    def queue(self, raw: bytes, examination: Examination, queued: Queued) -> int:
        """Freeze a message: its bytes into the archive, what is to become of it into the journal; the id of its row.

        A draft it was made from is a row no longer. What a crash leaves is either nothing or all of it.
        """
        sha256 = queued.sha256
        with self._facts:
            if self._as_told(sha256) is not None or (queued.draft in self.frozen_drafts()):
                raise UsageError(N_("This message is in the outbox already."))
            begun: Stretch | None = None
            if not self.known([sha256]):
                begun = self.journal.write([Freezing(sha256, queued.at)])
            try:
                with self.archive.batch() as archive:
                    archive.put(raw)
                stretch = self.journal.write([queued])
            except BaseException:
                self._note(begun)
                raise
            sending = after(None, queued)
            assert sending is not None
            with self.database.write() as connection:
                changed = drop_draft_row(connection, queued.draft) if queued.draft else frozenset()
                changed |= _index(connection, examination, queued, sending)
                for told in filter(None, (begun, stretch)):
                    note_journal(connection, told)
                row = _row(connection, sending)
        self.changes.publish(Changes(transmissions=changed))
        assert row is not None
        return row

    def take_step(self, step: Step) -> Sending:
        """Write one step down, durably; the record after it. `UsageError` where it may not follow what was before."""
        with self._facts:
            before = self._as_told(step.sha256)
            if before is None or not may_follow(before, step):
                raise moved_on()
            if isinstance(step, SendingResumed) and self._is_proven(before):
                raise moved_on()
            following = after(before, step)
            assert following is not None
            stretch = self.journal.write([step])
            with self.database.write() as connection:
                changed = _write(connection, following)
                note_journal(connection, stretch)
        self.changes.publish(Changes(transmissions=changed))
        return following

    def _as_told(self, sha256: str) -> Sending | None:
        """What the outbox knows of a message, as the journal tells it. Where the database says anything else, something
        else has written there: it is put right."""
        told = gather(self.journal.about(sha256)).get(sha256)
        sending = told.sending(None) if told is not None else None
        if sending is not None and sending.state is SendState.WITHDRAWN:
            sending = None
        if sending != self.sending(sha256):
            _log.error("the database says of a message in the outbox what the journal does not tell")
            with self.database.write() as connection:
                changed = _withdraw(connection, sha256) if sending is None else _write(connection, sending)
            self.changes.publish(Changes(transmissions=changed))
        return sending

    def begin_sending(self, sha256: str, at: datetime) -> Sending | None:
        """Begin to hand a message over, if it is still to be: neither taken back meanwhile nor shown by a receipt to be
        with the provider already."""
        with self._facts:
            sending = self._as_told(sha256)
            if sending is None or not sending.is_due(at):
                return None
            if self._is_proven(sending):
                self.take_step(Settled(sha256, at, was_sent=True))
                return None
            return self.take_step(SendingBegun(sha256, at, sending.attempts + 1))

    def settle_by_user(self, sha256: str, at: datetime, *, was_sent: bool, error: Failure | None = None) -> Sending:
        """Write down the user's word on what is uncertain. `UsageError` where it no longer is."""
        with self._facts:
            sending = self.sending(sha256)
            if sending is None or sending.state is not SendState.UNCERTAIN or self._is_proven(sending):
                raise moved_on()
            return self.take_step(Settled(sha256, at, was_sent, error=error))

    def has_proven_sendings(self) -> bool:
        """Whether `settle_by_receipts` would find anything."""
        return bool(self._proven())

    def settle_by_receipts(self, at: datetime) -> list[Sending]:
        """Write down that the provider has what is uncertain, or waits to be tried again, where a receipt shows it."""
        with self._facts:
            return [self.take_step(Settled(sending.sha256, at, was_sent=True)) for sending in self._proven()]

    def _proven(self) -> list[Sending]:
        return [one for one in self.sendings(SendState.UNCERTAIN, SendState.QUEUED) if self._is_proven(one)]

    def _is_proven(self, sending: Sending) -> bool:
        """Whether receipts that count say more of the message than the outbox does."""
        with self.database.read() as connection:
            row = _row(connection, sending)
            return row is not None and read_rows(connection, [row])[0].transmission.outbox is None

    def note_copy(self, sha256: str, at: datetime) -> None:
        """The copy of a message is in the Sent folder of its account."""
        self.take_step(CopyKept(sha256, at))

    def withdraw(self, sha256: str, at: datetime) -> None:
        """Take a message back that has not left. Its bytes go, unless they are here from somewhere else as well."""
        with self._facts:
            sending = self._as_told(sha256)
            if sending is None or not may_follow(sending, Withdrawn(sha256, at)) or self._is_proven(sending):
                raise moved_on()
            with self.database.read() as connection:
                elsewhere = connection.execute(
                    "SELECT 1 FROM placement AS p JOIN message AS g ON g.id = p.message"
                    " WHERE g.sha256 = ? AND p.source <> ?",
                    (sha256, OUTBOX),
                ).fetchone()
            step = Withdrawn(sha256, at, erased=elsewhere is None)
            stretch = self.journal.write([step])
            if step.erased:
                changes = self.forget([sha256], [sha256], stretch)
            else:
                with self.database.write() as connection:
                    changed = _withdraw(connection, sha256)
                    note_journal(connection, stretch)
                changes = Changes(transmissions=changed)
        self.changes.publish(changes)

    def _note(self, stretch: Stretch | None) -> None:
        if stretch is not None:
            with self.database.write() as connection:
                note_journal(connection, stretch)

    # what the journal tells

    def write_steps(self, told: Mapping[str, ToldOfMessage]) -> None:
        """Put what the journal tells of the outbox into the database, before the messages themselves are put there."""
        changed: frozenset[int] = frozenset()
        with self.database.write() as connection:
            for sha256, one in told.items():
                if not one.steps:
                    continue
                sending = one.sending(read_sending(connection, sha256))
                if sending is None:
                    continue
                if sending.state is SendState.WITHDRAWN:
                    changed |= _withdraw(connection, sha256)
                    continue
                changed |= _write(connection, sending)
                if sending.draft:
                    changed |= drop_draft_row(connection, sending.draft)
        self.changes.publish(Changes(transmissions=changed))


def moved_on() -> UsageError:
    """What is said where a message is no longer where the user saw it."""
    return UsageError(N_("The message has moved on meanwhile."), N_("Look at its state before you go on."))


def _index(
    connection: sqlite3.Connection, examination: Examination, queued: Queued, sending: Sending
) -> frozenset[int]:
    id_ = message_id(connection, queued.sha256)
    fresh: dict[int, Examination] = {}
    if id_ is None:
        id_ = insert_examination(connection, examination, queued.at.isoformat())
        fresh[id_] = examination
        connection.execute("DELETE FROM erased WHERE sha256 = ?", (queued.sha256,))
    write_placement(connection, id_, outbox_place(queued))
    write_sending(connection, sending)
    changed = relink(connection, {id_: examination})
    write_words(connection, fresh)
    return changed


def _write(connection: sqlite3.Connection, sending: Sending) -> frozenset[int]:
    """Write a record; the rows that may have changed by it."""
    write_sending(connection, sending)
    return _relinked(connection, [sending.sha256])


def _withdraw(connection: sqlite3.Connection, sha256: str) -> frozenset[int]:
    connection.execute("DELETE FROM outbox WHERE sha256 = ?", (sha256,))
    connection.execute(
        "DELETE FROM placement WHERE source = ? AND message IN (SELECT id FROM message WHERE sha256 = ?)",
        (OUTBOX, sha256),
    )
    return _relinked(connection, [sha256])


def _relinked(connection: sqlite3.Connection, hashes: Collection[str]) -> frozenset[int]:
    ids = [id_ for sha256 in hashes if (id_ := message_id(connection, sha256)) is not None]
    return relink(connection, dict.fromkeys(ids))


def _row(connection: sqlite3.Connection, sending: Sending) -> int | None:
    row = connection.execute(_SENT_ROW, (sending.sha256, sending.account)).fetchone()
    return None if row is None else int(row[0])
