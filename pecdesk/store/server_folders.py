"""The folders of mail servers as places to look into: which there are, and which messages lie in each.

Where a message lies is read off `placement`, which the journal knows too: it outlives a folder that is numbered anew,
and a database that is made again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from pecdesk.store.messages import IMAP
from pecdesk.store.pending import Wish
from pecdesk.store.statements import chunks, placeholders


@dataclass(frozen=True, slots=True)
class ServerFolder:
    """A folder of a mail server, or one that is no longer there and whose messages are kept here."""

    account: str
    """Comparable form."""
    name: str
    """As the server calls it, with the names of the folders it lies in."""
    delimiter: str = ""
    """What stands between these names; empty where there is none, or it is not known any more."""
    role: str | None = None
    """What it is for, as `pecdesk.sync.server.FolderRole`."""
    is_gone: bool = False


_LISTED = "(uidvalidity IS NOT NULL OR checked_at IS NULL)"
"""Of a row of `folder`: whether the server listed it when it was last asked. What was never opened was just found."""

_LAY_LAST = (
    "NOT EXISTS (SELECT 1 FROM placement AS other WHERE other.message = p.message AND other.account = p.account"  # noqa: S608
    f" AND other.folder <> p.folder AND other.source = '{IMAP}'"
    " AND (other.removed_at IS NULL OR julianday(other.removed_at) > julianday(p.removed_at)))"
)
"""Whether a message was nowhere else on that server since: what was moved before its folder vanished is not its own."""

_PLACED = f"FROM placement AS p WHERE p.account = :account AND p.folder = :folder AND p.source = '{IMAP}'"

_WISHED = f"FROM pending WHERE account = :account AND action = '{Wish.MOVE}'"

_LYING = (
    f"SELECT p.message {_PLACED} AND p.removed_at IS NULL"
    f" AND p.message NOT IN (SELECT message {_WISHED} AND folder = :folder)"
    f" UNION ALL SELECT message {_WISHED} AND value = :folder"
)
"""What lies in a folder the server has. What the user has moved counts at once, whenever the server hears of it."""

_KEPT = f"SELECT p.message {_PLACED} AND {_LAY_LAST}"

_NAMES = (
    "WITH RECURSIVE known(name) AS (SELECT min(folder) FROM placement WHERE account = :account UNION ALL"
    " SELECT (SELECT min(folder) FROM placement WHERE account = :account AND folder > name) FROM known"
    " WHERE name IS NOT NULL) SELECT name FROM known WHERE name IS NOT NULL"
)
"""Every folder of an account in which a message was ever seen: one step in the index for each."""


def read_server_folders(connection: sqlite3.Connection) -> list[ServerFolder]:
    """The folders of all accounts, by account and name; those that are gone only where they have left something."""
    found = {
        (account, name): ServerFolder(account, name, delimiter, role)
        for account, name, delimiter, role in connection.execute(
            f"SELECT account, name, delimiter, role FROM folder WHERE {_LISTED}"  # noqa: S608
        )
    }
    for (account,) in connection.execute("SELECT DISTINCT account FROM folder").fetchall():
        for (name,) in connection.execute(_NAMES, {"account": account}).fetchall():
            if (account, name) not in found and _has_kept(connection, account, name):
                found[account, name] = ServerFolder(account, name, is_gone=True)
    return [found[key] for key in sorted(found)]


def _has_kept(connection: sqlite3.Connection, account: str, name: str) -> bool:
    return connection.execute(f"{_KEPT} LIMIT 1", {"account": account, "folder": name}).fetchone() is not None


def _contents(connection: sqlite3.Connection, account: str, name: str) -> str:
    """The statement for the messages of a folder. Until a server was asked, each is taken to be there."""
    is_missed = connection.execute(
        f"SELECT 1 FROM folder WHERE account = :account"  # noqa: S608
        f" AND NOT EXISTS (SELECT 1 FROM folder WHERE account = :account AND name = :folder AND {_LISTED}) LIMIT 1",
        {"account": account, "folder": name},
    ).fetchone()
    return _KEPT if is_missed else _LYING


def rows_in_folder(connection: sqlite3.Connection, account: str, name: str) -> str:
    """The condition for rows `t` with a message in a folder; it names the values `:account` and `:folder`."""
    lying = _contents(connection, account, name)
    return f"+t.id IN (SELECT m.transmission FROM ({lying}) AS p JOIN membership AS m ON m.message = p.message)"  # noqa: S608


def hashes_in_folder(connection: sqlite3.Connection, rows: Collection[int], account: str, name: str) -> list[str]:
    """The messages of these rows that lie in a folder of the server: SHA-256s, each once."""
    found: dict[str, None] = {}
    for some in chunks(rows):
        found |= dict.fromkeys(
            sha256
            for (sha256,) in connection.execute(
                "SELECT g.sha256 FROM membership AS m JOIN message AS g ON g.id = m.message"  # noqa: S608
                f" JOIN placement AS p ON p.message = m.message AND p.source = '{IMAP}' AND p.removed_at IS NULL"
                f" WHERE m.transmission IN ({placeholders(some)}) AND p.account = ? AND p.folder = ?",
                (*some, account, name),
            )
        )
    return list(found)
