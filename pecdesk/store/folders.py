"""What was last found on mail servers: their folders, and in each the messages by UID.

A UID means something only together with the folder's UIDVALIDITY (RFC 3501 §2.3.1.1). When that changes, the copies of
the earlier identity stay until the folder was looked through again, so that their messages are recognised there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from pecdesk.store.messages import IMAP
from pecdesk.store.statements import chunks, placeholders

NONE: frozenset[int] = frozenset()


class CopyState(StrEnum):
    """How it stands with one message in a folder of a server. Closed."""

    HERE = "here"
    """On the server when the folder was last looked at."""
    MISSING = "missing"
    """Gone together with all the others of its folder: removed, if it is found elsewhere or the user says so."""
    KEPT = "kept"
    """The same, and the user has said that nothing is to be counted as removed."""
    LEAVING = "leaving"
    """About to be deleted there by us: its archived bytes were read back."""
    ERASED = "erased"
    """Erased here for good by the user: not fetched again."""
    UNFETCHED = "unfetched"
    """The server has it and would not hand it out, or it is over the limit."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of a server, as last seen."""

    id: int
    account: str
    name: str
    delimiter: str
    role: str | None
    uidvalidity: int | None
    """None: never opened yet."""
    uidnext: int
    messages: int
    highest_modseq: int | None
    is_complete: bool
    """Whether everything that was listed there was fetched."""
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Contents:
    """The UIDs of a folder under its present identity, by what is known of each."""

    here: frozenset[int] = NONE
    """On the server when it was last looked at, fetched or erased."""
    missing: frozenset[int] = NONE
    leaving: frozenset[int] = NONE
    unfetched: frozenset[int] = NONE


@dataclass(frozen=True, slots=True)
class ServerCopy:
    """One message in a folder of a server."""

    folder: int
    uidvalidity: int
    uid: int
    size: int
    """As the server says, which need not be true."""
    flags: frozenset[str]
    internal_date: datetime | None


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a folder is looked through."""

    folder: int
    uidvalidity: int
    uidnext: int
    messages: int
    highest_modseq: int | None
    is_complete: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Looked:
    """What looking into a folder showed of the messages known there."""

    reached: Reached
    flags: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """Flags that may have changed, by UID."""
    gone: frozenset[int] = NONE
    missing: frozenset[int] = NONE
    """Gone all at once."""
    found_again: frozenset[int] = NONE
    """Missing or leaving, and on the server after all."""


@dataclass(frozen=True, slots=True)
class Emptied:
    """A folder whose messages are all gone from the server at once, and nowhere else there."""

    folder: str
    role: str | None
    messages: int


_COLUMNS = "id, account, name, delimiter, role, uidvalidity, uidnext, messages, highest_modseq, is_complete, checked_at"

CURRENT = (
    "EXISTS (SELECT 1 FROM copy AS c JOIN folder AS f ON f.id = c.folder WHERE c.message = {message}"
    " AND f.account = {account} AND c.state IN ('here', 'leaving') AND c.uidvalidity = f.uidvalidity)"
)
"""Whether a message lies in some folder of that account, as far as is known."""


def read_folders(connection: sqlite3.Connection, account: str) -> list[Folder]:
    """The folders of an account, by name."""
    found = connection.execute(f"SELECT {_COLUMNS} FROM folder WHERE account = ? ORDER BY name", (account,))  # noqa: S608
    return [_folder(row) for row in found]


def folder_of(connection: sqlite3.Connection, id_: int) -> Folder | None:
    """One folder, if it is still known."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM folder WHERE id = ?", (id_,)).fetchone()  # noqa: S608
    return None if row is None else _folder(row)


def _folder(row: Sequence[Any]) -> Folder:
    checked_at = datetime.fromisoformat(row[10]) if row[10] else None
    id_, account, name, delimiter, role, uidvalidity, uidnext, messages, modseq, is_complete = row[:10]
    return Folder(
        id_, account, name, delimiter, role, uidvalidity, uidnext, messages, modseq, bool(is_complete), checked_at
    )


def read_contents(connection: sqlite3.Connection, folder: int) -> Contents:
    """What is known to lie in a folder."""
    found: dict[str, set[int]] = {state: set() for state in CopyState}
    for uid, state in connection.execute(
        "SELECT c.uid, c.state FROM copy AS c JOIN folder AS f ON f.id = c.folder"
        " WHERE c.folder = ? AND c.uidvalidity = f.uidvalidity",
        (folder,),
    ):
        found[state].add(uid)
    return Contents(
        here=frozenset(found[CopyState.HERE] | found[CopyState.ERASED]),
        missing=frozenset(found[CopyState.MISSING] | found[CopyState.KEPT]),
        leaving=frozenset(found[CopyState.LEAVING]),
        unfetched=frozenset(found[CopyState.UNFETCHED]),
    )


def hashes_in(connection: sqlite3.Connection, folder: int) -> list[str]:
    """The messages that lie in a folder: SHA-256s, each once."""
    return [
        row[0]
        for row in connection.execute(
            "SELECT DISTINCT g.sha256 FROM copy AS c JOIN message AS g ON g.id = c.message WHERE c.folder = ?",
            (folder,),
        )
    ]


def read_before(connection: sqlite3.Connection, folder: int, before: datetime) -> list[tuple[int, int, str]]:
    """What came into a folder before that moment and is here, as long as the server says: UID, size, SHA-256."""
    return [
        (uid, size, sha256)
        for uid, size, sha256, date in connection.execute(
            "SELECT c.uid, c.size, g.sha256, c.internal_date FROM copy AS c JOIN folder AS f ON f.id = c.folder"
            " JOIN message AS g ON g.id = c.message"
            " WHERE c.folder = ? AND c.uidvalidity = f.uidvalidity AND c.state = 'here' AND c.internal_date IS NOT NULL"
            " AND c.size = g.size"
            " ORDER BY c.uid",
            (folder,),
        )
        if datetime.fromisoformat(date) < before
    ]


def read_flags(
    connection: sqlite3.Connection, folder: int, uidvalidity: int, uids: Collection[int]
) -> dict[int, frozenset[str]]:
    """The flags these had when they were last looked at."""
    return {
        uid: frozenset(flags.split())
        for some in chunks(sorted(uids))
        for uid, flags in connection.execute(
            f"SELECT uid, flags FROM copy WHERE folder = ? AND uidvalidity = ? AND uid IN ({placeholders(some)})",  # noqa: S608
            (folder, uidvalidity, *some),
        )
    }


def has_earlier(connection: sqlite3.Connection, folder: int) -> bool:
    """Whether copies of an earlier identity of a folder are still to be recognised."""
    return (
        connection.execute(
            "SELECT 1 FROM copy AS c JOIN folder AS f ON f.id = c.folder"
            " WHERE c.folder = ? AND c.uidvalidity IS NOT f.uidvalidity AND c.state <> 'kept' LIMIT 1",
            (folder,),
        ).fetchone()
        is not None
    )


def read_detached(connection: sqlite3.Connection, account: str) -> dict[int, list[str]]:
    """Messages that were seen on an account's server and lie in none of its folders any more: SHA-256s by size.

    After a folder was renamed, or all UIDs changed, they are found again among these.
    """
    found: dict[int, list[str]] = {}
    for size, sha256 in connection.execute(
        "SELECT DISTINCT g.size, g.sha256 FROM placement AS p JOIN message AS g ON g.id = p.message"  # noqa: S608
        f" WHERE p.account = ? AND p.source = '{IMAP}' AND NOT {CURRENT.format(message='g.id', account='p.account')}",
        (account,),
    ):
        found.setdefault(size, []).append(sha256)
    return found


def read_unsaid(connection: sqlite3.Connection, account: str) -> dict[str, list[str]]:
    """Messages that lie in folders of an account, by the folder's name, and of which that is not said: SHA-256s.

    What the journal told and the database was not able to take was heard only after they were found there again.
    """
    found: dict[str, list[str]] = {}
    for folder, sha256 in connection.execute(
        "SELECT DISTINCT f.name, g.sha256 FROM folder AS f JOIN copy AS c ON c.folder = f.id"  # noqa: S608
        " AND c.uidvalidity = f.uidvalidity AND c.state = 'here' JOIN message AS g ON g.id = c.message"
        " WHERE f.account = ? AND NOT EXISTS (SELECT 1 FROM placement AS p WHERE p.message = c.message"
        f" AND p.account = f.account AND p.folder = f.name AND p.source = '{IMAP}' AND p.removed_at IS NULL)",
        (account,),
    ):
        found.setdefault(folder, []).append(sha256)
    return found


def read_emptied(connection: sqlite3.Connection, account: str) -> list[Emptied]:
    """The folders of which only the user can say whether what they held counts as removed."""
    return [
        Emptied(*row)
        for row in connection.execute(
            "SELECT f.name, f.role, count(*) FROM copy AS c JOIN folder AS f ON f.id = c.folder"
            " WHERE f.account = ? AND c.state = 'missing' GROUP BY f.id ORDER BY f.name",
            (account,),
        )
    ]


def count_unfetched(connection: sqlite3.Connection, account: str) -> int:
    """How many messages the server of an account lists that could not be had."""
    found = connection.execute(
        "SELECT count(*) FROM folder AS f JOIN copy AS c ON c.folder = f.id"
        " WHERE f.account = ? AND c.state = 'unfetched' AND c.uidvalidity = f.uidvalidity",
        (account,),
    )
    return int(found.fetchone()[0])
