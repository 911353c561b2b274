"""What is known of addresses: looked up while somebody types, so every look-up is a few steps in an index."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pecdesk.pec.message import normal_address
from pecdesk.pec.transmission import RecipientState
from pecdesk.store.database import Database
from pecdesk.store.ordering import comparable

MANY = 200
"""Contacts that fit before it is quicker to look at the likeliest ones first."""
CONSIDERED = 50
"""The last messages to an address that say from which account one usually writes there."""

_ANY = "SELECT c.written, c.name, c.type, c.known_at, c.outcome, c.sent + c.received FROM contact AS c"
_LIKELIEST = "ORDER BY c.weight DESC, c.last_at DESC, c.address LIMIT"
_BEGINS = "EXISTS (SELECT 1 FROM contact_word AS w WHERE w.address = c.address AND w.word >= ? AND w.word < ?)"


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody one wrote to, or had a PEC from. The name is what the contact calls itself: foreign text."""

    address: str
    name: str
    type: str | None
    """`certified`, `external`, or nothing known, by the last word of a provider."""
    known_at: datetime | None
    """When that was said, in UTC."""
    last_outcome: RecipientState | None
    """Of the last message sent there."""
    uses: int
    """Messages sent there and received from there."""


class Contacts:
    """The contacts of one profile. For any thread; quick."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def completions(self, prefix: str, limit: int = 8) -> list[Contact]:
        """Contacts with a word that begins so, the likeliest first: of the address or the name, accents aside."""
        tokens = [token.lstrip("@") for token in comparable(prefix).split() if token.strip("@")]
        with self._database.read() as connection:
            if not tokens:
                return _read(connection, f"{_ANY} {_LIKELIEST} ?", [limit])
            ranges = [_range(token) for token in sorted(tokens, key=len, reverse=True)]
            few = connection.execute(
                "SELECT DISTINCT address FROM contact_word WHERE word >= ? AND word < ? LIMIT ?", (*ranges[0], MANY)
            ).fetchall()
            bounds = [bound for one in ranges for bound in one]
            every = " AND ".join(_BEGINS for _ in ranges)
            if len(few) < MANY:
                among = ",".join("?" * len(few))
                wanted = f"{_ANY} WHERE c.address IN ({among}) AND {every} {_LIKELIEST} ?"
                return _read(connection, wanted, [*(row[0] for row in few), *bounds, limit])
            wanted = f"{_ANY} INDEXED BY contact_weight WHERE {every} {_LIKELIEST} ?"
            return _read(connection, wanted, [*bounds, limit])

    def contact(self, address: str) -> Contact | None:
        """What is known of one address."""
        return self.known([address]).get(normal_address(address))

    def known(self, addresses: Collection[str]) -> dict[str, Contact]:
        """What is known of these, by address in comparable form; those of which nothing is are left out."""
        found: dict[str, Contact] = {}
        with self._database.read() as connection:
            for address in map(normal_address, addresses):
                one = _read(connection, f"{_ANY} WHERE c.address = ?", [address])
                if one:
                    found[address] = one[0]
        return found

    def usual_account(self, addresses: Collection[str]) -> str | None:
        """The account, in comparable form, from which one usually writes to these: for all that are known the same one,
        in more than half of the last messages, and more than once; None where that is not clear."""
        accounts = set()
        with self._database.read() as connection:
            for address in dict.fromkeys(map(normal_address, addresses)):
                found = connection.execute(
                    "SELECT account FROM correspondence WHERE address = ? AND direction = 'sent' AND account <> ''"
                    " ORDER BY at DESC LIMIT ?",
                    (address, CONSIDERED),
                ).fetchall()
                if found:
                    account, times = Counter(row[0] for row in found).most_common(1)[0]
                    accounts.add(account if times > 1 and 2 * times > len(found) else None)
        return accounts.pop() if len(accounts) == 1 else None


def _range(token: str) -> tuple[str, str]:
    """The words that begin so lie between these."""
    return token, token + "\U0010ffff"


def _read(connection: sqlite3.Connection, statement: str, values: Sequence[Any]) -> list[Contact]:
    return [
        Contact(
            address=row[0],
            name=row[1],
            type=row[2],
            known_at=datetime.fromtimestamp(row[3], UTC) if row[3] else None,
            last_outcome=RecipientState(row[4]) if row[4] else None,
            uses=row[5],
        )
        for row in connection.execute(statement, values)
    ]
