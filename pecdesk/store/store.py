"""The memory of a profile: raw messages in the archive, facts in the journal, everything else in the database.

Order of every arrival: archive, journal, database. What is in the database can be made again from the other two.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Self

from pecdesk.examine import Examination, from_json
from pecdesk.pec.message import normal_address
from pecdesk.profile import Profile
from pecdesk.store.archive import Archive
from pecdesk.store.changes import ChangeFeed, Changes
from pecdesk.store.database import Database
from pecdesk.store.journal import AccountKnown, Entry, Journal, Seen
from pecdesk.store.listing import Filter, matching, rows_named
from pecdesk.store.messages import (
    insert_examination,
    message_id,
    replace_examination,
    write_account,
    write_placement,
)
from pecdesk.store.pieces import Placement
from pecdesk.store.transmissions import Row, chunks, marks, read_rows, relink, relink_all
from pecdesk.store.transmissions import accounts as read_accounts


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that was examined and is about to be remembered."""

    examination: Examination
    placement: Placement
    unquoted_from: str | None = None
    """SHA-256 of the bytes as they stood in an mbox with `>From ` quoting."""


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """One message as the database remembers it."""

    id: int
    examination: Examination
    """Texts included."""
    first_seen: datetime
    placements: tuple[Placement, ...]


class Store:
    """One profile's memory. Writers of other processes are kept out by `Profile.lock`, held by `app`."""

    def __init__(self, archive: Archive, journal: Journal, database: Database) -> None:
        self.archive = archive
        self.journal = journal
        self.database = database
        self.changes = ChangeFeed()

    @classmethod
    def open(cls, profile: Profile, *, database: Path | None = None, anew: bool = False) -> Self:
        """Open what is there, creating what is not; `database` names another file, `anew` empties it first."""
        path = database or profile.database
        if anew:
            Database.remove(path)
        return cls(Archive(profile.archive), Journal(profile.journal), Database.open(path))

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # what is known

    def accounts(self) -> frozenset[str]:
        """The profile's mailboxes, in comparable form."""
        with self.database.read() as connection:
            return read_accounts(connection)

    def known(self, hashes: Iterable[str]) -> dict[str, frozenset[str | None]]:
        """Of these messages the ones already here, with the mailboxes they were seen in."""
        found: dict[str, set[str | None]] = {}
        with self.database.read() as connection:
            for some in chunks(hashes):
                for sha256, account in connection.execute(
                    f"SELECT g.sha256, p.account FROM message AS g LEFT JOIN placement AS p ON p.message = g.id"  # noqa: S608
                    f" WHERE g.sha256 IN ({marks(some)})",
                    some,
                ):
                    found.setdefault(sha256, set()).add(account or None)
        return {sha256: frozenset(accounts) for sha256, accounts in found.items()}

    def count(self) -> tuple[int, int]:
        """How many messages and how many rows there are."""
        with self.database.read() as connection:
            messages = connection.execute("SELECT count(*) FROM message").fetchone()[0]
            return int(messages), int(connection.execute("SELECT count(*) FROM transmission").fetchone()[0])

    def rows(self, wanted: Filter, now: datetime) -> list[Row]:
        """The rows that fit, newest first."""
        with self.database.read() as connection:
            return read_rows(connection, matching(connection, wanted, now))

    def rows_named(self, name: str) -> list[Row]:
        """The rows an ID of the command line means."""
        with self.database.read() as connection:
            return read_rows(connection, rows_named(connection, name))

    def messages(self, ids: Sequence[int]) -> list[StoredMessage]:
        """These messages, in the order given."""
        found: dict[int, StoredMessage] = {}
        with self.database.read() as connection:
            for some in chunks(ids):
                for row in connection.execute(
                    f"SELECT g.id, g.examination, g.first_seen, s.text, s.notice FROM message AS g"  # noqa: S608
                    f" JOIN search AS s ON s.rowid = g.id WHERE g.id IN ({marks(some)})",
                    some,
                ):
                    examination = replace(from_json(row[1]), text=row[3], notice=row[4].partition("\n")[2])
                    found[row[0]] = StoredMessage(row[0], examination, datetime.fromisoformat(row[2]), ())
                for row in connection.execute(
                    f"SELECT message, account, folder, in_sent_folder, source, seen_at FROM placement"  # noqa: S608
                    f" WHERE message IN ({marks(some)})",
                    some,
                ):
                    place = Placement(row[1] or None, row[2], bool(row[3]), row[4], row[5])
                    message = found[row[0]]
                    found[row[0]] = replace(message, placements=(*message.placements, place))
        return [found[id_] for id_ in ids if id_ in found]

    def messages_by_hash(self, hashes: Iterable[str]) -> list[StoredMessage]:
        """These messages, by SHA-256; what is not here is left out."""
        with self.database.read() as connection:
            ids = [id_ for sha256 in hashes if (id_ := message_id(connection, sha256)) is not None]
        return self.messages(ids)

    def hashes(self) -> Iterator[tuple[str, int, str]]:
        """Every message: SHA-256, version of the examination, version of the anchors."""
        with self.database.read() as connection:
            rows = connection.execute("SELECT sha256, examine_version, anchors_version FROM message ORDER BY id")
            yield from (tuple(row) for row in rows.fetchall())

    # what is remembered from now on

    def add_account(self, address: str, at: datetime) -> bool:
        """Know a mailbox as the profile's own; False when it was known. Everything is linked anew."""
        address = normal_address(address)
        if address in self.accounts():
            return False
        end = self.journal.append([AccountKnown(address, at)])
        with self.database.write() as connection:
            write_account(connection, address, at)
            changed = relink_all(connection)
            _note_journal(connection, end)
        self.changes.publish(Changes(transmissions=changed, accounts=frozenset({address})))
        return True

    def add(self, arrivals: Sequence[Arrival]) -> Changes:
        """Remember messages whose bytes are already durable in the archive: journal first, then the database."""
        return self.index(arrivals, journal_end=self.journal.append([_seen(arrival) for arrival in arrivals]))

    def index(self, arrivals: Sequence[Arrival], *, journal_end: int | None = None) -> Changes:
        """Put arrivals that the journal already tells of into the database, in one transaction.

        `journal_end` is how far the journal is in the database with them.
        """
        with self.database.write() as connection:
            written = dict(_write_arrival(connection, arrival) for arrival in arrivals)
            changed = relink(connection, written)
            if journal_end is not None:
                _note_journal(connection, journal_end)
        changes = Changes(messages=frozenset(written), transmissions=changed)
        self.changes.publish(changes)
        return changes

    def replace(self, examinations: Sequence[Examination]) -> Changes:
        """Put new examinations of known messages in the place of the old ones."""
        with self.database.write() as connection:
            known = {id_: one for one in examinations if (id_ := message_id(connection, one.sha256)) is not None}
            for id_, examination in known.items():
                replace_examination(connection, id_, examination)
            changed = relink(connection, known)
        changes = Changes(messages=frozenset(known), transmissions=changed)
        self.changes.publish(changes)
        return changes

    def unapplied(self) -> list[Entry]:
        """What the journal tells and the database has not heard of: a program that was stopped in between."""
        with self.database.read() as connection:
            row = connection.execute("SELECT value FROM meta WHERE name = 'journal_bytes'").fetchone()
        return list(self.journal.read(start=int(row[0]) if row else 0))

    def write_accounts(self, entries: Iterable[AccountKnown]) -> None:
        """Put accounts that the journal tells of into the database, and link everything anew."""
        known = list(entries)
        if known:
            with self.database.write() as connection:
                for entry in known:
                    write_account(connection, normal_address(entry.address), entry.at)
                relink_all(connection)

    def note_journal_applied(self) -> None:
        """All that the journal tells is in the database."""
        with self.database.write() as connection:
            _note_journal(connection, self.journal.size())

    def verdicts_made_by(self) -> str | None:
        """What `note_verdicts_made_by` was last told."""
        with self.database.read() as connection:
            row = connection.execute("SELECT value FROM meta WHERE name = 'verdicts_made_by'").fetchone()
        return str(row[0]) if row else None

    def note_verdicts_made_by(self, stamp: str) -> None:
        """All verdicts here are by this version of program and trust data."""
        with self.database.write() as connection:
            _note(connection, "verdicts_made_by", stamp)


def _note_journal(connection: sqlite3.Connection, end: int) -> None:
    _note(connection, "journal_bytes", str(end))


def _note(connection: sqlite3.Connection, name: str, value: str) -> None:
    connection.execute(
        "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def _write_arrival(connection: sqlite3.Connection, arrival: Arrival) -> tuple[int, Examination | None]:
    """A message seen again, in another mailbox, keeps its row and its examination."""
    id_ = message_id(connection, arrival.examination.sha256)
    fresh = arrival.examination if id_ is None else None
    if id_ is None:
        id_ = insert_examination(connection, arrival.examination, arrival.placement.seen_at)
    write_placement(connection, id_, arrival.placement)
    return id_, fresh


def _seen(arrival: Arrival) -> Seen:
    place = arrival.placement
    return Seen(
        sha256=arrival.examination.sha256,
        at=datetime.fromisoformat(place.seen_at),
        source=place.source,
        account=place.account,
        folder=place.folder,
        in_sent_folder=place.in_sent_folder,
        unquoted_from=arrival.unquoted_from,
    )
