"""Which rows, and in which order: filters on what a row is, on the clock, and on the words of a search."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import compress, islice
from typing import Any

import msgspec

from pecdesk.errors import N_, UsageError
from pecdesk.pec.transmission import Attention, Direction, State, Status
from pecdesk.pec.urgency import CAUSES, FALSE, Urgency
from pecdesk.store.ordering import Order
from pecdesk.store.search import Query
from pecdesk.store.server_folders import rows_in_folder


class Group(StrEnum):
    """Rows that belong together at one moment. Closed. Hidden rows are in none but `HIDDEN`."""

    FOLLOW = "follow"
    """What needs a person: rows with any attention."""
    WAITING = "waiting"
    """Sent certified mail of which it is not known for every recipient what became of it."""
    ANOMALIES = "anomalies"
    """Failed, refused, contradictory, forged or altered rows, and envelopes of ordinary mail."""
    DEADLINES = "deadlines"
    """Rows whose missing evidence the providers will soon be unable to attest."""
    ALL = "all"
    RECEIVED = "received"
    SENT = "sent"
    """What was sent from here, or perhaps was; receipts whose sending is nobody's here are in `UNMATCHED` alone."""
    DRAFTS = "drafts"
    OUTBOX = "outbox"
    """What is to leave, could not, or perhaps has."""
    UNMATCHED = "unmatched"
    HIDDEN = "hidden"


CLOCK_CONDITIONS = {
    Attention.NO_ACCEPTANCE: "t.no_acceptance_at <= :now",
    Attention.WAITING: "(t.waiting_at <= :now AND t.overdue_at > :now)",
    Attention.OVERDUE: "t.overdue_at <= :now",
    Attention.LOG_DEADLINE: "(t.log_warning_at <= :now AND t.log_lost_at > :now)",
}
"""The clock's part of `pecdesk.pec.deadlines.clock_attention`, said to the database."""

GROUP_CONDITIONS = {
    Group.FOLLOW: "+t.needs_at <= :now",
    Group.WAITING: "t.is_unsettled = 1",
    Group.ANOMALIES: "t.is_anomalous = 1",
    Group.DEADLINES: CLOCK_CONDITIONS[Attention.LOG_DEADLINE],
    Group.RECEIVED: "t.direction = 'received'",
    Group.SENT: "(t.direction = 'sent' AND t.kind <> 'unmatched' AND t.is_unsent = 0)",
    Group.DRAFTS: f"t.status = '{Status.DRAFT}'",
    Group.OUTBOX: "t.is_outgoing = 1",
    Group.UNMATCHED: "t.kind = 'unmatched'",
}
"""`ALL` asks for nothing, and what is hidden is told apart for every list. The plus keeps the database from an index
that knows the needs and not the rest of what is listed by."""

COUNTED = (
    Group.FOLLOW,
    Group.WAITING,
    Group.ANOMALIES,
    Group.DEADLINES,
    Group.UNMATCHED,
    Group.DRAFTS,
    Group.OUTBOX,
)

LEAVING = (Group.DRAFTS, Group.OUTBOX)
"""Counted for each mailbox too."""

LABELLED = (
    "+t.id IN (SELECT m.transmission FROM label AS l JOIN membership AS m ON m.message = l.message"
    " WHERE l.name = :label)"
)

_DECODE = msgspec.json.Decoder(list[Any]).decode

_LASTING = "t.attention LIKE '% {need} %'"


def _any_of(needs: Collection[Attention]) -> str:
    """The condition for rows with one of these needs, at `:now`."""
    clock = [CLOCK_CONDITIONS[need] for need in sorted(needs) if need in CLOCK_CONDITIONS]
    return " OR ".join([*clock, *(_LASTING.format(need=need) for need in sorted(needs))])


_URGENCY = (
    f"CASE WHEN t.direction = '{Direction.RECEIVED}' AND ({_any_of(FALSE)}) THEN {Urgency.WRONG:d}"
    f" {' '.join(f'WHEN {_any_of(needs)} THEN {urgent:d}' for urgent, needs in CAUSES.items())} END"
)
"""`pecdesk.pec.urgency.urgency`, said to the database; NULL for the others."""

SORTED_BY = {Order.COUNTERPART: "counterpart", Order.SUBJECT: "subject", Order.STATE: "state_order"}
"""Columns of the orders that are neither by time nor by need."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What to list."""

    state: State | None = None
    attention: Attention | None = None
    direction: Direction | None = None
    account: str | None = None
    """Comparable form."""
    query: Query | None = None
    limit: int = 50
    """0 for all."""
    before: int | None = None
    """Only rows older than this one."""
    group: Group | None = None
    """None as `Group.ALL`."""
    label: str | None = None
    """Exact name."""
    folder: str | None = None
    """A folder on the server of `account`: rows with a message that lies there, in whosever mailbox they are."""
    order: Order = Order.NEWEST


@dataclass(frozen=True, slots=True)
class Groups:
    """What a side bar tells of a profile."""

    counts: dict[tuple[Group, str | None], int]
    """Rows of each group that counts work; and as `(RECEIVED, account)` the unread ones of a mailbox, of all for None;
    so too its drafts and what is to leave from it. Nothing that is 0."""
    accounts: tuple[str, ...]
    """Mailboxes, in comparable form, sorted."""
    labels: dict[str, int]
    """Rows that carry each label, sorted as words are."""


def matching(connection: sqlite3.Connection, wanted: Filter, now: datetime) -> list[int]:
    """Ids of the rows that fit, in the order wanted."""
    return _listed(connection, wanted, now, "id")[0]


def matching_with_moments(
    connection: sqlite3.Connection, wanted: Filter, now: datetime
) -> tuple[array[int], array[float]]:
    """The same with the moment each row is sorted by, in seconds since 1970: what a list is divided into days by."""
    ids, moments = _listed(connection, wanted, now, "id", "sent_at")
    return array("q", ids), array("d", moments)


def matching_with_urgencies(
    connection: sqlite3.Connection, wanted: Filter, now: datetime
) -> tuple[array[int], array[float]]:
    """The ids in the order of need, and of each its `Urgency`."""
    ids, urgent = matching(connection, replace(wanted, order=Order.NEED), now), _urgencies(connection, now)
    return array("q", ids), array("d", [urgent.get(id_, Urgency.OTHER) for id_ in ids])


def _urgencies(connection: sqlite3.Connection, now: datetime) -> dict[int, int]:
    """How urgent each row is that has a need with an urgency of its own."""
    chosen = f"FROM (SELECT t.id, {_URGENCY} AS urgency FROM transmission AS t WHERE t.needs_at <= :now)"  # noqa: S608
    ids, urgencies = _columns(connection, chosen, {"now": now.timestamp()}, ("id", "urgency"))
    return {id_: urgent for id_, urgent in zip(ids, urgencies, strict=True) if urgent is not None}


def _listed(connection: sqlite3.Connection, wanted: Filter, now: datetime, *columns: str) -> list[list[Any]]:
    """These columns of the rows that fit, each as a list in the order wanted; the first is the id."""
    conditions, values = _conditions(connection, wanted, now)
    chosen = f"FROM transmission AS t WHERE {' AND '.join(conditions)}"
    sorted_by = SORTED_BY.get(wanted.order)
    if sorted_by is None:
        way = "ASC" if wanted.order is Order.OLDEST else "DESC"
        limit = f"LIMIT {int(wanted.limit)}" if wanted.limit and wanted.order is not Order.NEED else ""
        found = _columns(connection, f"{chosen} ORDER BY t.sent_at {way}, t.id {way} {limit}", values, columns)
        return _by_need(connection, found, wanted.limit, now) if wanted.order is Order.NEED else found
    # Two indexes, each read once: to let the database sort a hundred thousand rows takes more than twice as long.
    fitting = set(_columns(connection, chosen, values, ("id",))[0])
    whole = _columns(connection, f"FROM transmission ORDER BY {sorted_by}, sent_at DESC, id DESC", {}, columns)
    fits = list(map(fitting.__contains__, whole[0]))
    return [list(islice(compress(column, fits), wanted.limit or None)) for column in whole]


def _by_need(connection: sqlite3.Connection, newest: list[list[Any]], limit: int, now: datetime) -> list[list[Any]]:
    """Columns that stand by time, the id first, put in the order of need."""
    urgencies = _urgencies(connection, now)
    mine = [urgencies.get(id_, Urgency.OTHER) for id_ in newest[0]]
    kept = [[urgent == each for each in mine] for urgent in Urgency]
    return [[value for some in kept for value in compress(column, some)][: limit or None] for column in newest]


def _columns(
    connection: sqlite3.Connection, chosen: str, values: dict[str, object], columns: Sequence[str]
) -> list[list[Any]]:
    """Columns of the rows a statement chooses, each as a list in its order.

    As JSON arrays: made in half the time of row by row, and no other thread waits meanwhile for Python's lock.
    """
    arrays = ", ".join(f"json_group_array({column})" for column in columns)
    statement = f"SELECT {arrays} FROM (SELECT {', '.join(columns)} {chosen})"  # noqa: S608
    return [_DECODE(column) for column in connection.execute(statement, values).fetchone()]


def _conditions(connection: sqlite3.Connection, wanted: Filter, now: datetime) -> tuple[list[str], dict[str, object]]:
    conditions = [f"t.is_hidden = {int(wanted.group is Group.HIDDEN)}"]
    values: dict[str, object] = {"now": now.timestamp()}
    if wanted.group in GROUP_CONDITIONS:
        conditions.append(GROUP_CONDITIONS[wanted.group])
    if wanted.label is not None:
        conditions.append(LABELLED)
        values["label"] = wanted.label
    if wanted.state is not None:
        conditions.append("t.state = :state")
        values["state"] = wanted.state
    if wanted.direction is not None:
        conditions.append("t.direction = :direction")
        values["direction"] = wanted.direction
    if wanted.account is not None:
        values["account"] = wanted.account
        if wanted.folder is None:
            conditions.append("t.account = :account")
        else:
            conditions.append(rows_in_folder(connection, wanted.account, wanted.folder))
            values["folder"] = wanted.folder
    if wanted.attention is not None:
        lasting = "t.attention LIKE :attention"
        values["attention"] = f"% {wanted.attention} %"
        clock = CLOCK_CONDITIONS.get(wanted.attention)
        conditions.append(f"({lasting} OR {clock})" if clock else lasting)
    if wanted.before is not None:
        row = connection.execute("SELECT sent_at FROM transmission WHERE id = ?", (wanted.before,)).fetchone()
        if row is None:
            raise UsageError(N_("There is no row {id}."), id=wanted.before)
        conditions.append("(t.sent_at, t.id) < (:before_at, :before)")
        values |= {"before_at": row[0], "before": wanted.before}
    if wanted.query is not None:
        conditions += wanted.query.conditions
        values |= wanted.query.values
    return conditions, values


def count_groups(connection: sqlite3.Connection, now: datetime) -> Groups:
    """Count what a side bar shows."""
    sums = ", ".join(f"sum({GROUP_CONDITIONS[group]})" for group in COUNTED)
    found = connection.execute(
        f"SELECT {sums} FROM transmission AS t WHERE t.is_hidden = 0",  # noqa: S608
        {"now": now.timestamp()},
    ).fetchone()
    counts: dict[tuple[Group, str | None], int] = {
        (group, None): number or 0 for group, number in zip(COUNTED, found, strict=True)
    }
    unread = connection.execute(
        "SELECT account, count(*) FROM transmission WHERE is_unread = 1 AND +is_hidden = 0 GROUP BY account"
    ).fetchall()
    counts[Group.RECEIVED, None] = sum(number for _, number in unread)
    counts |= {(Group.RECEIVED, account): number for account, number in unread if account is not None}
    leaving = connection.execute(
        f"SELECT account, {', '.join(f'sum({GROUP_CONDITIONS[group]})' for group in LEAVING)} FROM transmission AS t"  # noqa: S608
        " WHERE t.is_hidden = 0 AND (t.is_unsent = 1 OR t.is_outgoing = 1) AND account IS NOT NULL GROUP BY account"
    )
    counts |= {(group, account): n for account, *numbers in leaving for group, n in zip(LEAVING, numbers, strict=True)}
    accounts = connection.execute(
        "SELECT address FROM account UNION SELECT DISTINCT account FROM transmission"
        " WHERE account IS NOT NULL AND kind <> 'unmatched' ORDER BY 1"
    )
    labels = connection.execute(
        "SELECT l.name, count(DISTINCT m.transmission) FROM label AS l JOIN membership AS m ON m.message = l.message"
        " WHERE m.transmission NOT IN (SELECT id FROM transmission WHERE is_hidden = 1) GROUP BY l.name ORDER BY l.key"
    )
    return Groups(
        counts={key: number for key, number in counts.items() if number},
        accounts=tuple(row[0] for row in accounts),
        labels=dict(labels.fetchall()),
    )


def rows_named(connection: sqlite3.Connection, name: str) -> Sequence[int]:
    """Rows that an ID means: a row id, an identificativo, a Message-ID, or a SHA-256 prefix of at least 8 digits."""
    name = name.strip()
    if name.isascii() and name.isdigit() and len(name) <= 18:
        row = connection.execute("SELECT id FROM transmission WHERE id = ?", (int(name),)).fetchone()
        if row is not None:
            return [row[0]]
    # Ids are opaque: no lower() here, which would make one letter out of several (É and é, k and the Kelvin sign).
    bare = name.removeprefix("<").removesuffix(">")
    found = connection.execute(
        "SELECT id FROM transmission WHERE identifier = ?1 COLLATE NOCASE OR message_id = ?1 COLLATE NOCASE"
        " OR identifier = ?2 COLLATE NOCASE OR message_id = ?2 COLLATE NOCASE ORDER BY direction DESC, id",
        (bare, name),
    ).fetchall()
    bare = bare.lower()
    if not found and len(bare) >= 8 and all(digit in "0123456789abcdef" for digit in bare):
        found = connection.execute(
            "SELECT DISTINCT m.transmission FROM message AS g JOIN membership AS m ON m.message = g.id"
            " WHERE g.sha256 >= ?1 AND g.sha256 < ?2 ORDER BY m.transmission",
            (bare, bare + "g"),
        ).fetchall()
    return [row[0] for row in found]
