"""Rows of the list: linking what belongs together, reading it back."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from pecdesk.examine import Examination, from_json
from pecdesk.pec.deadlines import Deadlines, deadlines
from pecdesk.pec.linking import Piece, link
from pecdesk.pec.transmission import Transmission
from pecdesk.store.pieces import Placement, pieces_of

_ENCODE = msgspec.json.Encoder().encode
_DECODE = msgspec.json.Decoder(Transmission).decode

MAX_VARIABLES = 900
"""SQLite's old limit on variables in one statement is 999."""


@dataclass(frozen=True, slots=True)
class Row:
    """A transmission with its row id and those of its messages."""

    id: int
    transmission: Transmission
    message_ids: dict[str, int]
    """Row id of each message by SHA-256."""
    linked: tuple[int, ...] = ()
    """The other side of a mail to oneself."""


def chunks(values: Iterable[int | str]) -> Iterator[list[int | str]]:
    """Lists short enough for one statement."""
    found: list[int | str] = []
    for value in values:
        found.append(value)
        if len(found) == MAX_VARIABLES:
            yield found
            found = []
    if found:
        yield found


def marks(values: Collection[object]) -> str:
    """Placeholders for a list of values."""
    return ",".join("?" * len(values))


def accounts(connection: sqlite3.Connection) -> frozenset[str]:
    """The profile's mailboxes, in comparable form."""
    return frozenset(row[0] for row in connection.execute("SELECT address FROM account"))


def relink(connection: sqlite3.Connection, messages: Mapping[int, Examination | None]) -> frozenset[int]:
    """Link these messages, and all that share a token with them, anew. Returns the rows that may have changed.

    An examination that is at hand need not be read again; None where it is not.
    """
    group = _closed_group(connection, messages)
    pieces = _pieces(connection, group, messages)
    return _replace(connection, group, link(pieces, accounts(connection)), {p.sha256 for p in pieces})


def relink_all(connection: sqlite3.Connection) -> frozenset[int]:
    """Link everything anew, group by group: after the accounts changed, or a rebuild."""
    changed: frozenset[int] = frozenset()
    for group in _all_groups(connection):
        changed |= relink(connection, dict.fromkeys(group))
    return changed


def _closed_group(connection: sqlite3.Connection, messages: Iterable[int]) -> set[int]:
    """All messages reachable over shared tokens."""
    group: set[int] = set()
    fresh = set(messages)
    while fresh:
        group |= fresh
        found: set[int] = set()
        for some in chunks(sorted(fresh)):
            found |= {
                row[0]
                for row in connection.execute(
                    f"SELECT other.message FROM token AS mine JOIN token AS other USING (token)"  # noqa: S608
                    f" WHERE mine.message IN ({marks(some)})",
                    some,
                )
            }
        fresh = found - group
    return group


def _all_groups(connection: sqlite3.Connection) -> Iterator[set[int]]:
    parent: dict[int, int] = {row[0]: row[0] for row in connection.execute("SELECT id FROM message")}

    def root(message: int) -> int:
        while parent[message] != message:
            parent[message] = parent[parent[message]]
            message = parent[message]
        return message

    first: dict[str, int] = {}
    for token, message in connection.execute("SELECT token, message FROM token"):
        parent[root(message)] = root(first.setdefault(token, message))
    groups: dict[int, set[int]] = defaultdict(set)
    for message in parent:
        groups[root(message)].add(message)
    gathered: set[int] = set()
    for group in groups.values():
        gathered |= group
        if len(gathered) >= MAX_VARIABLES // 2:
            yield gathered
            gathered = set()
    if gathered:
        yield gathered


def _pieces(
    connection: sqlite3.Connection, messages: Set[int], at_hand: Mapping[int, Examination | None]
) -> list[Piece]:
    placements: dict[int, list[Placement]] = defaultdict(list)
    examinations = {id_: found for id_ in messages if (found := at_hand.get(id_)) is not None}
    for some in chunks(sorted(messages)):
        for row in connection.execute(
            f"SELECT message, account, folder, in_sent_folder, source, seen_at FROM placement"  # noqa: S608
            f" WHERE message IN ({marks(some)})",
            some,
        ):
            placements[row[0]].append(Placement(row[1] or None, row[2], bool(row[3]), row[4], row[5]))
    for some in chunks(sorted(messages - examinations.keys())):
        for row in connection.execute(
            f"SELECT id, examination FROM message WHERE id IN ({marks(some)})",  # noqa: S608
            some,
        ):
            examinations[row[0]] = from_json(row[1])
    return [
        piece
        for message, examination in examinations.items()
        for piece in pieces_of(examination, placements[message] or [Placement(None, "", False, "", "")])
    ]


def _replace(
    connection: sqlite3.Connection, messages: Collection[int], rows: Collection[Transmission], known: set[str]
) -> frozenset[int]:
    """Put these rows in the place of those that hold any of the messages, keeping ids where the row is the same."""
    ids = _ids_of(connection, known)
    old_keys: dict[str, int] = {}
    members: dict[int, set[int]] = defaultdict(set)
    for some in chunks(sorted(messages)):
        for row in connection.execute(
            f"SELECT t.id, t.key, m.message FROM membership AS m JOIN transmission AS t ON t.id = m.transmission"  # noqa: S608
            f" WHERE m.message IN ({marks(some)})",
            some,
        ):
            old_keys[row[1]] = row[0]
            members[row[0]].add(row[2])
    remaining = dict(members)
    kept: dict[str, int] = {}
    for row in rows:
        if row.key in old_keys:
            kept[row.key] = old_keys[row.key]
            remaining.pop(old_keys[row.key], None)
    for row in rows:
        if row.key not in kept:
            mine = {ids[sha256] for sha256 in row.messages}
            heir = max(
                (old for old, theirs in remaining.items() if theirs & mine),
                key=lambda old: (len(remaining[old] & mine), -old),
                default=None,
            )
            if heir is not None:
                kept[row.key] = heir
                remaining.pop(heir)
    connection.executemany("DELETE FROM transmission WHERE id = ?", [(old,) for old in remaining])
    changed = set(remaining)
    for row in rows:
        changed.add(_write(connection, kept.get(row.key), row, ids))
    return frozenset(changed)


def _ids_of(connection: sqlite3.Connection, hashes: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in chunks(sorted(hashes)):
        for row in connection.execute(
            f"SELECT sha256, id FROM message WHERE sha256 IN ({marks(some)})",  # noqa: S608
            some,
        ):
            found[row[0]] = row[1]
    return found


def _write(connection: sqlite3.Connection, old: int | None, row: Transmission, ids: dict[str, int]) -> int:
    due = deadlines(row)
    values = (
        old,
        row.key,
        row.kind,
        row.direction,
        row.account,
        row.state,
        row.status,
        row.identifier,
        row.message_id,
        row.sent_at.timestamp() if row.sent_at else _first_seen(connection, ids, row),
        f" {' '.join(row.attention)} ",
        *(_seconds(moment) for moment in _moments(due)),
        _ENCODE(row).decode(),
    )
    if old is not None:
        connection.execute("DELETE FROM membership WHERE transmission = ?", (old,))
    found = connection.execute(
        f"INSERT INTO transmission (id, key, kind, direction, account, state, status, identifier, message_id, sent_at,"  # noqa: S608
        f" attention, no_acceptance_at, waiting_at, overdue_at, log_warning_at, log_lost_at, facts)"
        f" VALUES ({marks(values)}) ON CONFLICT (id) DO UPDATE SET key = excluded.key, kind = excluded.kind,"
        f" direction = excluded.direction, account = excluded.account, state = excluded.state,"
        f" status = excluded.status, identifier = excluded.identifier, message_id = excluded.message_id,"
        f" sent_at = excluded.sent_at, attention = excluded.attention, no_acceptance_at = excluded.no_acceptance_at,"
        f" waiting_at = excluded.waiting_at, overdue_at = excluded.overdue_at,"
        f" log_warning_at = excluded.log_warning_at, log_lost_at = excluded.log_lost_at, facts = excluded.facts"
        f" RETURNING id",
        values,
    ).fetchone()[0]
    connection.executemany(
        "INSERT INTO membership (transmission, message) VALUES (?, ?)",
        sorted({(found, ids[sha256]) for sha256 in row.messages}),
    )
    return int(found)


def _moments(due: Deadlines) -> tuple[datetime | None, ...]:
    return due.no_acceptance_at, due.waiting_at, due.overdue_at, due.log_warning_at, due.log_lost_at


def _seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment is not None else None


def _first_seen(connection: sqlite3.Connection, ids: dict[str, int], row: Transmission) -> float:
    seen = connection.execute(
        f"SELECT min(first_seen) FROM message WHERE id IN ({marks(row.messages)})",  # noqa: S608
        [ids[sha256] for sha256 in row.messages],
    ).fetchone()[0]
    return datetime.fromisoformat(seen).astimezone(UTC).timestamp()


def read_rows(connection: sqlite3.Connection, ids: Collection[int]) -> list[Row]:
    """The rows of these ids, in the order given."""
    found: dict[int, Transmission] = {}
    hashes: dict[int, dict[str, int]] = defaultdict(dict)
    for some in chunks(ids):
        for row in connection.execute(
            f"SELECT id, facts FROM transmission WHERE id IN ({marks(some)})",  # noqa: S608
            some,
        ):
            found[row[0]] = _DECODE(row[1])
        for row in connection.execute(
            f"SELECT m.transmission, g.sha256, g.id FROM membership AS m JOIN message AS g ON g.id = m.message"  # noqa: S608
            f" WHERE m.transmission IN ({marks(some)})",
            some,
        ):
            hashes[row[0]][row[1]] = row[2]
    return [Row(id_, found[id_], hashes[id_], _linked(connection, found[id_])) for id_ in ids if id_ in found]


def _linked(connection: sqlite3.Connection, row: Transmission) -> tuple[int, ...]:
    if row.identifier is None:
        return ()
    return tuple(
        other[0]
        for other in connection.execute(
            "SELECT id FROM transmission WHERE identifier = ? COLLATE NOCASE AND direction <> ? ORDER BY id",
            (row.identifier, row.direction),
        )
    )
