"""What became of messages that a folder no longer holds, decided once all folders of the account were looked through.

One that lies in another folder was moved. One that lies nowhere is removed from the server, and stays here; but where
all of a folder are gone at once, only the user can say whether that is meant.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field

from pecdesk.store.copies import delete_copies, write_state
from pecdesk.store.folders import CURRENT, CopyState, Folder, read_folders

Asks = Callable[[str | None, int], bool]
"""Whether the user is to be asked about a folder with that role that lost so many messages at once."""

Copy = tuple[int, int]
"""UIDVALIDITY and UID."""


_IS_HERE = (
    "EXISTS (SELECT 1 FROM copy AS n WHERE n.folder = o.folder AND n.message = o.message"
    " AND n.uidvalidity = :now AND n.state IN ('here', 'leaving'))"
)
"""Whether a message lies in the folder under another UID."""


@dataclass(slots=True)
class Settlement:
    """What is to be written of one folder."""

    folder: Folder
    removed: dict[str, None] = field(default_factory=dict)
    """SHA-256 of the messages that it lost."""
    over: list[Copy] = field(default_factory=list)
    asked: list[Copy] = field(default_factory=list)


def settlements(connection: sqlite3.Connection, account: str, asks: Asks) -> list[Settlement]:
    """What is to be written of each folder of an account of which anything is to be written."""
    found = [_settlement(connection, folder, asks) for folder in read_folders(connection, account)]
    return [one for one in found if one.over or one.asked]


def _settlement(connection: sqlite3.Connection, folder: Folder, asks: Asks) -> Settlement:
    settled = Settlement(folder)
    lost: dict[str, list[tuple[Copy, str]]] = {}
    found_here = False
    for uidvalidity, uid, state, sha256, is_here, is_elsewhere in connection.execute(
        f"SELECT o.uidvalidity, o.uid, o.state, g.sha256, {_IS_HERE},"  # noqa: S608
        f" {CURRENT.format(message='o.message', account=':account')}"
        " FROM copy AS o LEFT JOIN message AS g ON g.id = o.message"
        " WHERE o.folder = :folder AND o.state <> 'kept' AND (o.state = 'missing' OR o.uidvalidity IS NOT :now)",
        {"now": folder.uidvalidity, "account": folder.account, "folder": folder.id},
    ).fetchall():
        copy = (uidvalidity, uid)
        found_here = found_here or bool(is_here)
        if sha256 is None or is_here:
            settled.over.append(copy)
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
    found = [Settlement(folder) for folder in read_folders(connection, account) if folder.name == name]
    for one in found:
        for uidvalidity, uid, sha256, is_here in connection.execute(
            f"SELECT o.uidvalidity, o.uid, g.sha256, {_IS_HERE} FROM copy AS o"  # noqa: S608
            " LEFT JOIN message AS g ON g.id = o.message WHERE o.folder = :folder AND o.state = 'missing'",
            {"folder": one.folder.id, "now": one.folder.uidvalidity},
        ):
            one.over.append((uidvalidity, uid))
            if sha256 is not None and not is_here:
                one.removed[sha256] = None
    return found


def write_settlement(connection: sqlite3.Connection, settled: Settlement) -> None:
    """Write what was decided of a folder's copies."""
    folder = settled.folder.id
    for uidvalidity in sorted({uidvalidity for uidvalidity, _ in settled.over}):
        delete_copies(connection, folder, uidvalidity, [uid for of, uid in settled.over if of == uidvalidity])
    for uidvalidity in sorted({uidvalidity for uidvalidity, _ in settled.asked}):
        uids = [uid for of, uid in settled.asked if of == uidvalidity]
        write_state(connection, folder, uidvalidity, uids, CopyState.MISSING)
