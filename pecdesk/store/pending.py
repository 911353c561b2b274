"""What the user did here and the mail server does not know of yet: kept until it does, whatever happens in between."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from pecdesk.store.folders import CURRENT
from pecdesk.store.statements import chunks, placeholders

SEEN = "\\Seen"


class Wish(StrEnum):
    """What the server is to be told. Closed."""

    ADD_FLAG = "add-flag"
    REMOVE_FLAG = "remove-flag"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message lies on the server."""

    folder_id: int
    folder: str
    uidvalidity: int
    uid: int
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pending:
    """One wish, with the places it concerns: none where the message is no longer on the server."""

    id: int
    wish: Wish
    value: str
    """A flag, or the folder to move to."""
    sha256: str
    message: int
    places: tuple[Place, ...]
    tries: int


def want_flag(
    connection: sqlite3.Connection, accounts: Iterable[str], messages: Collection[int], flag: str, *, on: bool, at: str
) -> None:
    """From now on these messages are to have that flag on the servers of these accounts, or not to have it."""
    wish = Wish.ADD_FLAG if on else Wish.REMOVE_FLAG
    for account in accounts:
        for some in chunks(messages):
            connection.execute(
                "DELETE FROM pending WHERE account = ? AND value = ? AND action <> 'move'"  # noqa: S608
                f" AND message IN ({placeholders(some)})",
                (account, flag, *some),
            )
            connection.execute(
                "INSERT INTO pending (account, message, folder, action, value, made_at)"  # noqa: S608
                f" SELECT ?, id, '', ?, ?, ? FROM message WHERE id IN ({placeholders(some)})"
                f" AND {CURRENT.format(message='message.id', account='?')}",
                (account, wish, flag, at, *some, account),
            )


def want_move(
    connection: sqlite3.Connection, account: str, messages: Collection[int], folder: str, target: str, at: str
) -> None:
    """From now on these messages are to lie in another folder than the one named."""
    for some in chunks(messages):
        connection.execute(
            f"DELETE FROM pending WHERE account = ? AND folder = ? AND message IN ({placeholders(some)})",  # noqa: S608
            (account, folder, *some),
        )
    connection.executemany(
        "INSERT INTO pending (account, message, folder, action, value, made_at) VALUES (?, ?, ?, 'move', ?, ?)",
        [(account, message, folder, target, at) for message in messages],
    )


def read_pending(connection: sqlite3.Connection, account: str) -> list[Pending]:
    """The wishes for the server of an account, oldest first."""
    found = []
    for id_, wish, value, folder, message, sha256, tries in connection.execute(
        "SELECT p.id, p.action, p.value, p.folder, p.message, g.sha256, p.tries FROM pending AS p"
        " JOIN message AS g ON g.id = p.message WHERE p.account = ? ORDER BY p.id",
        (account,),
    ).fetchall():
        places = tuple(
            Place(folder_id, name, uidvalidity, uid, frozenset(flags.split()))
            for folder_id, name, uidvalidity, uid, flags in connection.execute(
                "SELECT f.id, f.name, c.uidvalidity, c.uid, c.flags FROM copy AS c JOIN folder AS f ON f.id = c.folder"
                " WHERE c.message = ? AND f.account = ? AND c.uidvalidity = f.uidvalidity AND c.state = 'here'"
                " AND (? = '' OR f.name = ?) ORDER BY f.id, c.uid",
                (message, account, folder, folder),
            )
        )
        found.append(Pending(id_, Wish(wish), value, sha256, message, places, tries))
    return found


def wishes_about(connection: sqlite3.Connection, account: str, value: str) -> frozenset[int]:
    """The messages about which a wish with that value stands for that account."""
    found = connection.execute("SELECT message FROM pending WHERE account = ? AND value = ?", (account, value))
    return frozenset(row[0] for row in found)


def drop_pending(connection: sqlite3.Connection, ids: Iterable[int]) -> frozenset[int]:
    """These wishes are fulfilled, or cannot be. Returns the messages that were to be moved."""
    dropped = [
        row
        for some in chunks(ids)
        for row in connection.execute(
            f"DELETE FROM pending WHERE id IN ({placeholders(some)}) RETURNING message, action",  # noqa: S608
            some,
        ).fetchall()
    ]
    return frozenset(message for message, action in dropped if action == Wish.MOVE)


def count_try(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """The server refused these once more."""
    connection.executemany("UPDATE pending SET tries = tries + 1 WHERE id = ?", [(id_,) for id_ in ids])
