"""The side of the store that is read: from any thread, without waiting for whoever writes."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Self

from pecdesk.store.archive import Archive
from pecdesk.store.changes import ChangeFeed
from pecdesk.store.database import Database
from pecdesk.store.erasing import Losses, doomed
from pecdesk.store.journal import Journal
from pecdesk.store.listing import (
    Filter,
    Groups,
    count_groups,
    matching,
    matching_with_moments,
    matching_with_urgencies,
    rows_named,
)
from pecdesk.store.messages import StoredMessage, mailboxes_of, message_id, read_messages
from pecdesk.store.notes import noted
from pecdesk.store.records import Changed, changed_records
from pecdesk.store.server_folders import ServerFolder, hashes_in_folder, read_server_folders
from pecdesk.store.transmissions import Row, accounts, read_rows


class Looking:
    """What is known."""

    def __init__(
        self, archive: Archive, journal: Journal, database: Database, changes: ChangeFeed | None = None
    ) -> None:
        self.archive = archive
        self.journal = journal
        self.database = database
        self.changes = changes or ChangeFeed()
        self._facts = threading.RLock()

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def accounts(self) -> frozenset[str]:
        """The profile's mailboxes, in comparable form."""
        with self.database.read() as connection:
            return accounts(connection)

    def known(self, hashes: Iterable[str]) -> dict[str, frozenset[str | None]]:
        """Of these messages the ones already here, with the mailboxes they were seen in."""
        with self.database.read() as connection:
            return mailboxes_of(connection, hashes)

    def count(self) -> tuple[int, int]:
        """How many messages and how many rows there are."""
        with self.database.read() as connection:
            messages = connection.execute("SELECT count(*) FROM message").fetchone()[0]
            return int(messages), int(connection.execute("SELECT count(*) FROM transmission").fetchone()[0])

    def ids(self, wanted: Filter, now: datetime) -> list[int]:
        """Ids of the rows that fit, in the order wanted."""
        with self.database.read() as connection:
            return matching(connection, wanted, now)

    def ids_with_moments(self, wanted: Filter, now: datetime) -> tuple[array[int], array[float]]:
        """The same with the moment each row is sorted by, in seconds since 1970."""
        with self.database.read() as connection:
            return matching_with_moments(connection, wanted, now)

    def ids_with_urgencies(self, wanted: Filter, now: datetime) -> tuple[array[int], array[float]]:
        """Ids of the rows that fit, in the order of need, and of each its `pecdesk.pec.urgency.Urgency`."""
        with self.database.read() as connection:
            return matching_with_urgencies(connection, wanted, now)

    def groups(self, now: datetime) -> Groups:
        """How many rows there are of each sort that means work."""
        with self.database.read() as connection:
            return count_groups(connection, now)

    def server_folders(self) -> list[ServerFolder]:
        """The folders of all accounts as places to look into, by account and name."""
        with self.database.read() as connection:
            return read_server_folders(connection)

    def hashes_in_folder(self, rows: Collection[int], account: str, name: str) -> list[str]:
        """The messages of these rows that lie in a folder of the server: SHA-256s, each once."""
        with self.database.read() as connection:
            return hashes_in_folder(connection, rows, account, name)

    def labels(self) -> tuple[str, ...]:
        """The names of all labels, sorted as words are."""
        with self.database.read() as connection:
            return tuple(row[0] for row in connection.execute("SELECT name FROM label GROUP BY key, name ORDER BY key"))

    def rows(self, wanted: Filter, now: datetime) -> list[Row]:
        """The rows that fit, in the order wanted."""
        with self.database.read() as connection:
            return read_rows(connection, matching(connection, wanted, now))

    def rows_by_id(self, ids: Collection[int]) -> list[Row]:
        """These rows, in the order given; what is not here is left out."""
        with self.database.read() as connection:
            return read_rows(connection, ids)

    def rows_named(self, name: str) -> list[Row]:
        """The rows an ID of the command line means."""
        with self.database.read() as connection:
            return read_rows(connection, rows_named(connection, name))

    def messages(self, ids: Sequence[int]) -> list[StoredMessage]:
        """These messages, in the order given."""
        with self.database.read() as connection:
            return read_messages(connection, ids)

    def messages_by_hash(self, hashes: Iterable[str]) -> list[StoredMessage]:
        """These messages, by SHA-256; what is not here is left out."""
        with self.database.read() as connection:
            ids = [id_ for sha256 in hashes if (id_ := message_id(connection, sha256)) is not None]
            return read_messages(connection, ids)

    def hashes(self) -> list[tuple[str, int, str]]:
        """Every message: SHA-256, version of the examination, version of the anchors."""
        with self.database.read() as connection:
            rows = connection.execute("SELECT sha256, examine_version, anchors_version FROM message ORDER BY id")
            return rows.fetchall()

    def changed_records(self) -> Changed:
        """What something other than the program has changed; reads everything."""
        with self.database.read() as connection:
            return changed_records(connection)

    def losses(self, rows: Collection[int]) -> Losses:
        """What erasing these rows would take away."""
        with self.database.read() as connection:
            return doomed(connection, rows).losses

    def _noted(self, name: str) -> str | None:
        with self.database.read() as connection:
            return noted(connection, name)
