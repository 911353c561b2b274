"""Writing what was found on mail servers: folders, and their messages by UID."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable

from pecdesk.store.folders import CopyState, Reached, ServerCopy
from pecdesk.store.messages import IMAP
from pecdesk.store.statements import chunks, placeholders


def flags_text(flags: Iterable[str]) -> str:
    """Flags as they are kept."""
    return " ".join(sorted(flags))


def write_folder(connection: sqlite3.Connection, account: str, name: str, delimiter: str, role: str | None) -> int:
    """Know a folder; its number."""
    row = connection.execute(
        "INSERT INTO folder (account, name, delimiter, role) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (account, name) DO UPDATE SET delimiter = excluded.delimiter, role = excluded.role RETURNING id",
        (account, name, delimiter, role),
    ).fetchone()
    return int(row[0])


def write_reached(connection: sqlite3.Connection, reached: Reached) -> None:
    """How far a folder is looked through. Under another UIDVALIDITY, nothing said of the earlier one counts.

    Should it have had that one before (it was renamed and is back, or another bears its name), no UID of then is
    trusted either: those copies become ones of an earlier identity, under a number that no server has.
    """
    connection.execute(
        "UPDATE OR REPLACE copy SET uidvalidity = -uidvalidity WHERE folder = :folder AND uidvalidity = :now"
        " AND NOT EXISTS (SELECT 1 FROM folder WHERE id = :folder AND uidvalidity = :now)",
        {"folder": reached.folder, "now": reached.uidvalidity},
    )
    connection.execute(
        "UPDATE folder SET uidvalidity = ?, uidnext = ?, messages = ?, highest_modseq = ?, is_complete = ?,"
        " checked_at = ? WHERE id = ?",
        (
            reached.uidvalidity,
            reached.uidnext,
            reached.messages,
            reached.highest_modseq,
            reached.is_complete,
            reached.at.isoformat(),
            reached.folder,
        ),
    )


def write_copy(
    connection: sqlite3.Connection, copy: ServerCopy, message: int | None, state: CopyState, first_seen: str
) -> None:
    """A message lies there under that UID, if its folder is still the one it was."""
    write_copies(connection, [(copy, message, state, first_seen)])


def write_copies(
    connection: sqlite3.Connection, copies: Iterable[tuple[ServerCopy, int | None, CopyState, str]]
) -> None:
    """The same of many."""
    connection.executemany(
        "INSERT INTO copy (folder, uidvalidity, uid, message, state, size, flags, internal_date, first_seen)"
        " SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? FROM folder WHERE id = ? AND uidvalidity = ?"
        " ON CONFLICT (folder, uidvalidity, uid) DO UPDATE SET message = excluded.message, state = excluded.state,"
        " size = excluded.size, flags = excluded.flags, internal_date = excluded.internal_date",
        [
            (
                copy.folder,
                copy.uidvalidity,
                copy.uid,
                message,
                state,
                copy.size,
                flags_text(copy.flags),
                copy.internal_date.isoformat() if copy.internal_date else None,
                first_seen,
                copy.folder,
                copy.uidvalidity,
            )
            for copy, message, state, first_seen in copies
        ],
    )


def write_state(
    connection: sqlite3.Connection, folder: int, uidvalidity: int, uids: Iterable[int], state: CopyState
) -> None:
    """These copies stand like that from now on."""
    for some in chunks(uids):
        connection.execute(
            f"UPDATE copy SET state = ? WHERE folder = ? AND uidvalidity = ? AND uid IN ({placeholders(some)})",  # noqa: S608
            (state, folder, uidvalidity, *some),
        )


def write_missing(connection: sqlite3.Connection, account: str, folder: str, hashes: Iterable[str], at: str) -> None:
    """These are said to lie in a folder, which is empty now; no UID of them is known. They stand under UIDVALIDITY 0,
    which no server has (RFC 3501 §9, `nz-number`)."""
    connection.execute(
        "INSERT OR IGNORE INTO folder (account, name, delimiter, checked_at) VALUES (?, ?, '', ?)",
        (account, folder, at),
    )
    for some in chunks(hashes):
        connection.execute(
            "INSERT INTO copy (folder, uidvalidity, uid, message, state, size, flags, first_seen)"  # noqa: S608
            " SELECT f.id, 0, g.id, g.id, 'missing', g.size, '', ? FROM folder AS f, message AS g"
            f" WHERE f.account = ? AND f.name = ? AND g.sha256 IN ({placeholders(some)})",
            (at, account, folder, *some),
        )


def keep_missing(connection: sqlite3.Connection, account: str, folder: str) -> None:
    """The user has said that nothing of what that folder lost at once is to be counted as removed."""
    connection.execute(
        "UPDATE copy SET state = 'kept' WHERE state = 'missing'"
        " AND folder IN (SELECT id FROM folder WHERE account = ? AND name = ?)",
        (account, folder),
    )


def found_again(connection: sqlite3.Connection, folder: int, uidvalidity: int, uids: Iterable[int]) -> None:
    """These are on the server after all; one whose message is not here is to be fetched again."""
    for some in chunks(uids):
        connection.execute(
            "UPDATE copy SET state = CASE WHEN message IS NULL THEN 'unfetched' ELSE 'here' END"  # noqa: S608
            f" WHERE folder = ? AND uidvalidity = ? AND uid IN ({placeholders(some)})",
            (folder, uidvalidity, *some),
        )


def delete_copies(connection: sqlite3.Connection, folder: int, uidvalidity: int, uids: Iterable[int]) -> None:
    """The folder forgets these; what was archived stays."""
    for some in chunks(uids):
        connection.execute(
            f"DELETE FROM copy WHERE folder = ? AND uidvalidity = ? AND uid IN ({placeholders(some)})",  # noqa: S608
            (folder, uidvalidity, *some),
        )


def flags_at(
    connection: sqlite3.Connection, folder: int, uidvalidity: int, uids: Iterable[int]
) -> list[tuple[int, str, int, str]]:
    """UID, flags, message and SHA-256 of the copies whose message is here."""
    return [
        row
        for some in chunks(uids)
        for row in connection.execute(
            "SELECT c.uid, c.flags, c.message, g.sha256 FROM copy AS c JOIN message AS g ON g.id = c.message"  # noqa: S608
            f" WHERE c.folder = ? AND c.uidvalidity = ? AND c.uid IN ({placeholders(some)})",
            (folder, uidvalidity, *some),
        )
    ]


def hashes_only_at(connection: sqlite3.Connection, folder: int, uidvalidity: int, uids: Collection[int]) -> list[str]:
    """The messages that the folder no longer holds once these copies are gone: SHA-256s, each once."""
    leaving = {message: sha256 for _, _, message, sha256 in flags_at(connection, folder, uidvalidity, uids)}
    for some in chunks(list(leaving)):
        for message, uid in connection.execute(
            "SELECT message, uid FROM copy WHERE folder = ? AND uidvalidity = ? AND state IN ('here', 'leaving')"  # noqa: S608
            f" AND message IN ({placeholders(some)})",
            (folder, uidvalidity, *some),
        ).fetchall():
            if uid not in uids:
                leaving.pop(message, None)
    return list(leaving.values())


def write_removed(
    connection: sqlite3.Connection, account: str, folder: str, hashes: Iterable[str], at: str
) -> frozenset[int]:
    """The server no longer has these in that folder. Returns the messages for which that is news."""
    changed: set[int] = set()
    for some in chunks(hashes):
        changed |= {
            row[0]
            for row in connection.execute(
                "UPDATE placement SET removed_at = ? WHERE account = ? AND folder = ? AND removed_at IS NULL"  # noqa: S608
                f" AND source = '{IMAP}' AND message IN (SELECT id FROM message WHERE sha256 IN ({placeholders(some)}))"
                " RETURNING message",
                (at, account, folder, *some),
            )
        }
    return frozenset(changed)


def write_flags(
    connection: sqlite3.Connection, folder: int, uidvalidity: int, flags: Iterable[tuple[int, frozenset[str]]]
) -> None:
    """What flags the server has on these."""
    connection.executemany(
        "UPDATE copy SET flags = ? WHERE folder = ? AND uidvalidity = ? AND uid = ?",
        [(flags_text(of), folder, uidvalidity, uid) for uid, of in flags],
    )


def forget_folder(connection: sqlite3.Connection, folder: int) -> None:
    """Forget a folder of which nothing is left to be told."""
    connection.execute("DELETE FROM folder WHERE id = ? AND id NOT IN (SELECT folder FROM copy)", (folder,))
