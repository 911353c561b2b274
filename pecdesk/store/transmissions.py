"""Rows of the list: linking what belongs together, reading it back."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import msgspec

from pecdesk.examine import Examination
from pecdesk.pec.linking import Piece, link
from pecdesk.pec.transmission import Direction, Transmission, disbelieved, unknown_row
from pecdesk.store.columns import IS_SEALED, decode_facts, write_rows
from pecdesk.store.correspondence import drop_correspondence
from pecdesk.store.messages import REMEMBERED, remembered
from pecdesk.store.pieces import Placement, pieces_of
from pecdesk.store.sendings import sendings_of
from pecdesk.store.statements import MAX_VARIABLES, chunks, placeholders


@dataclass(frozen=True, slots=True)
class Row:
    """A transmission with its row id and those of its messages."""

    id: int
    transmission: Transmission
    message_ids: dict[str, int]
    """Row id of each message by SHA-256."""
    linked: tuple[int, ...] = ()
    """The other side of a mail to oneself, what it was sent again for, and what was sent again for it."""
    unread: bool = False
    labels: tuple[str, ...] = ()
    """Sorted as words are."""
    hidden: bool = False
    attachments: int = 0
    """How many the original has; 0 where it is not here."""


def accounts(connection: sqlite3.Connection) -> frozenset[str]:
    """The profile's mailboxes, in comparable form."""
    return frozenset(row[0] for row in connection.execute("SELECT address FROM account"))


def relink(
    connection: sqlite3.Connection, messages: Mapping[int, Examination | None], *, without: Set[int] = frozenset()
) -> frozenset[int]:
    """Link these messages, and all that share a token with them, anew. Returns the rows that may have changed.

    An examination that is at hand need not be read again; None where it is not. Those of `without` are about to be
    deleted: no row holds them any more.
    """
    group = _closed_group(connection, messages)
    examinations = _examinations(connection, group - without, messages)
    pieces = _pieces(connection, examinations)
    return _replace(connection, group, link(pieces, accounts(connection)), examinations)


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
                    f" WHERE mine.message IN ({placeholders(some)})",
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


def _examinations(
    connection: sqlite3.Connection, messages: Set[int], at_hand: Mapping[int, Examination | None]
) -> dict[int, Examination]:
    examinations = {id_: found for id_ in messages if (found := at_hand.get(id_)) is not None}
    for some in chunks(sorted(messages - examinations.keys())):
        for row in connection.execute(
            f"SELECT id, {REMEMBERED} FROM message WHERE id IN ({placeholders(some)})",  # noqa: S608
            some,
        ):
            examinations[row[0]] = remembered(row[1:])
    return examinations


def _pieces(connection: sqlite3.Connection, examinations: Mapping[int, Examination]) -> list[Piece]:
    placements: dict[int, list[Placement]] = defaultdict(list)
    for some in chunks(sorted(examinations)):
        for row in connection.execute(
            f"SELECT message, account, folder, in_sent_folder, source, seen_at FROM placement"  # noqa: S608
            f" WHERE message IN ({placeholders(some)})",
            some,
        ):
            placements[row[0]].append(Placement(row[1] or None, row[2], bool(row[3]), row[4], row[5]))
    sendings = sendings_of(connection, examinations)
    return [
        piece
        for message, examination in examinations.items()
        for piece in pieces_of(
            examination, placements[message] or [Placement(None, "", False, "", "")], sendings.get(message)
        )
    ]


def _replace(
    connection: sqlite3.Connection,
    messages: Collection[int],
    rows: Collection[Transmission],
    examinations: Mapping[int, Examination],
) -> frozenset[int]:
    """Put these rows in the place of those that hold any of the messages, keeping ids where the row is the same."""
    ids = {examination.sha256: id_ for id_, examination in examinations.items()}
    old_keys: dict[str, int] = {}
    members: dict[int, set[int]] = defaultdict(set)
    for some in chunks(sorted(messages)):
        for row in connection.execute(
            f"SELECT t.id, t.key, m.message FROM membership AS m JOIN transmission AS t ON t.id = m.transmission"  # noqa: S608
            f" WHERE m.message IN ({placeholders(some)})",
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
    drop_correspondence(connection, remaining)
    connection.executemany("DELETE FROM transmission WHERE id = ?", [(old,) for old in remaining])
    at_hand = {examination.sha256: examination for examination in examinations.values()}
    written = write_rows(connection, [(kept.get(row.key), row) for row in rows], ids, at_hand)
    return frozenset({*remaining, *written})


def read_rows(connection: sqlite3.Connection, ids: Collection[int]) -> list[Row]:
    """The rows of these ids, in the order given."""
    found: dict[int, tuple[Sequence[Any], bool, bool, int]] = {}
    hashes: dict[int, dict[str, int]] = defaultdict(dict)
    labels: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for some in chunks(ids):
        for row in connection.execute(
            f"SELECT id, is_unread, is_hidden, attachments, {_FACTS} FROM transmission"  # noqa: S608
            f" WHERE id IN ({placeholders(some)})",
            some,
        ):
            found[row[0]] = row[4:], bool(row[1]), bool(row[2]), row[3]
        for row in connection.execute(
            f"SELECT m.transmission, g.sha256, g.id FROM membership AS m JOIN message AS g ON g.id = m.message"  # noqa: S608
            f" WHERE m.transmission IN ({placeholders(some)})",
            some,
        ):
            hashes[row[0]][row[1]] = row[2]
        for row in connection.execute(
            f"SELECT m.transmission, l.key, l.name FROM membership AS m JOIN label AS l ON l.message = m.message"  # noqa: S608
            f" WHERE m.transmission IN ({placeholders(some)})",
            some,
        ):
            labels[row[0]].add((row[1], row[2]))
    rows = []
    for id_ in ids:
        if id_ in found:
            facts, unread, hidden, attachments = found[id_]
            transmission = _transmission(facts, hashes[id_])
            names = tuple(name for _, name in sorted(labels[id_]))
            linked = _linked(connection, transmission)
            rows.append(Row(id_, transmission, hashes[id_], linked, unread, names, hidden, attachments))
    return rows


_FACTS = f"facts, {IS_SEALED}, kind, direction, account, state, status, attention"


def _transmission(row: Sequence[Any], messages: Collection[str]) -> Transmission:
    """The facts in the columns `_FACTS`; of those that were changed by something else nothing is believed."""
    facts, is_sealed, *columns = row
    try:
        found = decode_facts(facts)
    except msgspec.DecodeError:
        return unknown_row(Direction(columns[1]), messages)
    needs = f" {' '.join(found.attention)} "
    agree = columns == [found.kind, found.direction, found.account, found.state, found.status, needs]
    if is_sealed and agree and set(found.messages) <= set(messages):
        return found
    return disbelieved(found, messages)


def _linked(connection: sqlite3.Connection, row: Transmission) -> tuple[int, ...]:
    found: set[int] = set()
    if row.identifier is not None:
        found |= _ids(
            connection,
            "SELECT id FROM transmission WHERE identifier = ? COLLATE NOCASE AND direction <> ?",
            row.identifier,
            row.direction,
        )
    if row.direction is Direction.SENT and row.original_sha256 is not None:
        found |= _ids(connection, _REPEATING, row.original_sha256)
    if row.repeats is not None:
        found |= _ids(connection, _REPEATED, row.repeats)
    return tuple(sorted(found))


_REPEATED = (
    "SELECT t.id FROM message AS g JOIN membership AS m ON m.message = g.id JOIN transmission AS t"
    " ON t.id = m.transmission AND t.direction = 'sent' WHERE g.sha256 = ?"
)
_REPEATING = _REPEATED.replace("= ?", "IN (SELECT sha256 FROM outbox WHERE repeats = ?)")


def _ids(connection: sqlite3.Connection, statement: str, *values: str) -> set[int]:
    return {row[0] for row in connection.execute(statement, values)}
