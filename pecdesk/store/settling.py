"""What became of messages that a folder no longer holds, decided once all folders of the account were looked through.

One that lies in another folder was moved. One that lies nowhere is removed from the server, and stays here; but where
all of a folder are gone at once, only the user can say whether that is meant.

Of some, only the journal tells that they lay there: whoever wrote that was stopped before the database had it, or the
database was made anew. No copy stands for these, and one that is not found again where it is said to lie is treated
like any other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field

from pecdesk.store.copies import delete_copies, forget_folder, write_missing, write_removed, write_state
from pecdesk.store.folders import CURRENT, CopyState, Folder, read_folders
from pecdesk.store.messages import IMAP

Asks = Callable[[str | None, int], bool]
"""Whether the user is to be asked about a folder with that role that lost so many messages at once."""

Copy = tuple[int, int]
"""UIDVALIDITY and UID."""


_IS_HERE = (
    "EXISTS (SELECT 1 FROM copy AS n WHERE n.folder = o.folder AND n.message = o.message"
    " AND n.uidvalidity = :now AND n.state IN ('here', 'leaving'))"
)
"""Whether a message lies in the folder under another UID."""


_IS_WITHHELD = (
    "EXISTS (SELECT 1 FROM copy AS u WHERE u.folder = o.folder AND u.uidvalidity = :now AND u.state = 'unfetched'"
    " AND u.size = o.size AND o.uidvalidity IS NOT :now)"
)
"""Whether the folder was numbered anew and the server does not hand out a message as long as this one: it may be it."""


_IS_CURRENT = CURRENT.format(message="p.message", account="p.account")

_CLAIMED = f"""
    SELECT p.folder, g.sha256, {_IS_CURRENT} FROM placement AS p JOIN message AS g ON g.id = p.message
    WHERE p.account = :account AND p.source = :imap AND p.removed_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM copy AS c JOIN folder AS f ON f.id = c.folder
        WHERE c.message = p.message AND f.account = p.account AND f.name = p.folder
    ) AND NOT EXISTS (
        SELECT 1 FROM folder AS f JOIN copy AS c ON c.folder = f.id
        WHERE f.account = p.account AND f.name = p.folder AND c.state = 'unfetched'
    )
    ORDER BY p.folder, p.message
"""  # noqa: S608
"""What is said to lie in a folder, and no copy stands for it. Where the server withholds messages, one of those may be
it."""

_HOLDS_ANY = (
    "SELECT 1 FROM copy AS c JOIN folder AS f ON f.id = c.folder WHERE f.account = ? AND f.name = ?"
    " AND c.uidvalidity = f.uidvalidity AND c.state IN ('here', 'leaving') LIMIT 1"
)
"""Whether anything that is kept lies in a folder."""


@dataclass(slots=True)
class Settlement:
    """What is to be written of one folder."""

    account: str
    name: str
    folder: Folder | None
    """None: only the journal knows of it."""
    removed: dict[str, None] = field(default_factory=dict)
    """SHA-256 of the messages that it lost."""
    over: list[Copy] = field(default_factory=list)
    asked: list[Copy] = field(default_factory=list)
    asked_without_copy: list[str] = field(default_factory=list)
    """SHA-256 of messages of which the user is to be asked and for which no copy stands."""


def settlements(connection: sqlite3.Connection, account: str, asks: Asks) -> list[Settlement]:
    """What is to be written of each folder of an account of which anything is to be written."""
    found = {folder.name: _settlement(connection, folder, asks) for folder in read_folders(connection, account)}
    lost: dict[str, list[str]] = {}
    for name, sha256, is_elsewhere in connection.execute(_CLAIMED, {"account": account, "imap": IMAP}):
        one = found.setdefault(name, Settlement(account, name, None))
        if is_elsewhere:
            one.removed[sha256] = None
        else:
            lost.setdefault(name, []).append(sha256)
    for name, hashes in lost.items():
        one = found[name]
        role = one.folder.role if one.folder is not None else None
        if asks(role, len(hashes)) and connection.execute(_HOLDS_ANY, (account, name)).fetchone() is None:
            one.asked_without_copy = hashes
        else:
            one.removed |= dict.fromkeys(hashes)
    return [one for one in found.values() if one.over or one.asked or one.asked_without_copy or one.removed]


def _settlement(connection: sqlite3.Connection, folder: Folder, asks: Asks) -> Settlement:
    settled = Settlement(folder.account, folder.name, folder)
    lost: dict[str, list[tuple[Copy, str]]] = {}
    found_here = False
    for uidvalidity, uid, state, sha256, is_here, is_elsewhere, is_withheld in connection.execute(
        f"SELECT o.uidvalidity, o.uid, o.state, g.sha256, {_IS_HERE},"  # noqa: S608
        f" {CURRENT.format(message='o.message', account=':account')}, {_IS_WITHHELD}"
        " FROM copy AS o LEFT JOIN message AS g ON g.id = o.message"
        " WHERE o.folder = :folder AND o.state <> 'kept' AND (o.state = 'missing' OR o.uidvalidity IS NOT :now)",
        {"now": folder.uidvalidity, "account": folder.account, "folder": folder.id},
    ).fetchall():
        copy = (uidvalidity, uid)
        found_here = found_here or bool(is_here)
        if sha256 is None or is_here:
            settled.over.append(copy)
        elif is_withheld:
            continue
        elif is_elsewhere:
            settled.over.append(copy)
            settled.removed[sha256] = None
        else:
            lost.setdefault(sha256, []).append((copy, state))
    if lost and not found_here and asks(folder.role, len(lost)):
        settled.asked = [copy for group in lost.values() for copy, state in group if state != CopyState.MISSING]
    else:
        settled.over += [copy for group in lost.values() for copy, _ in group]
        settled.removed |= dict.fromkeys(lost)
    return settled


def answered(connection: sqlite3.Connection, account: str, name: str) -> list[Settlement]:
    """What is to be written where the user says that what an emptied folder held is removed; nothing or one."""
    found = [folder for folder in read_folders(connection, account) if folder.name == name]
    return [_answered(connection, folder) for folder in found]


def _answered(connection: sqlite3.Connection, folder: Folder) -> Settlement:
    settled = Settlement(folder.account, folder.name, folder)
    for uidvalidity, uid, sha256, is_here in connection.execute(
        f"SELECT o.uidvalidity, o.uid, g.sha256, {_IS_HERE} FROM copy AS o"  # noqa: S608
        " LEFT JOIN message AS g ON g.id = o.message WHERE o.folder = :folder AND o.state = 'missing'",
        {"folder": folder.id, "now": folder.uidvalidity},
    ):
        settled.over.append((uidvalidity, uid))
        if sha256 is not None and not is_here:
            settled.removed[sha256] = None
    return settled


def write_settlement(connection: sqlite3.Connection, settled: Settlement, at: str) -> frozenset[int]:
    """Write what was decided of a folder; returns the messages for which it is news that they are removed from it."""
    if settled.asked_without_copy:
        write_missing(connection, settled.account, settled.name, settled.asked_without_copy, at)
    if settled.folder is not None:
        _write_copies(connection, settled.folder, settled)
    return write_removed(connection, settled.account, settled.name, settled.removed, at)


def _write_copies(connection: sqlite3.Connection, folder: Folder, settled: Settlement) -> None:
    for uidvalidity in sorted({uidvalidity for uidvalidity, _ in settled.over}):
        delete_copies(connection, folder.id, uidvalidity, [uid for of, uid in settled.over if of == uidvalidity])
    for uidvalidity in sorted({uidvalidity for uidvalidity, _ in settled.asked}):
        uids = [uid for of, uid in settled.asked if of == uidvalidity]
        write_state(connection, folder.id, uidvalidity, uids, CopyState.MISSING)
    if folder.uidvalidity is None:
        forget_folder(connection, folder.id)
