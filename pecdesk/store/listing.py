"""Which rows, newest first: filters on what a row is, on the clock, and on the words of a search."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pecdesk.errors import N_, UsageError
from pecdesk.pec.transmission import Attention, Direction, State
from pecdesk.store.search import Query

CLOCK_CONDITIONS = {
    Attention.NO_ACCEPTANCE: "t.no_acceptance_at <= :now",
    Attention.WAITING: "(t.waiting_at <= :now AND t.overdue_at > :now)",
    Attention.OVERDUE: "t.overdue_at <= :now",
    Attention.LOG_DEADLINE: "(t.log_warning_at <= :now AND t.log_lost_at > :now)",
}
"""The clock's part of `pecdesk.pec.deadlines.clock_attention`, said to the database."""


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


def matching(connection: sqlite3.Connection, wanted: Filter, now: datetime) -> list[int]:
    """Ids of the rows that fit, newest first."""
    conditions: list[str] = []
    values: dict[str, object] = {"now": now.timestamp()}
    if wanted.state is not None:
        conditions.append("t.state = :state")
        values["state"] = wanted.state
    if wanted.direction is not None:
        conditions.append("t.direction = :direction")
        values["direction"] = wanted.direction
    if wanted.account is not None:
        conditions.append("t.account = :account")
        values["account"] = wanted.account
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
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    limit = f"LIMIT {int(wanted.limit)}" if wanted.limit else ""
    statement = f"SELECT t.id FROM transmission AS t {where} ORDER BY t.sent_at DESC, t.id DESC {limit}"  # noqa: S608
    return [row[0] for row in connection.execute(statement, values)]


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
