"""Messages on their way into the database: many of them with few statements."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from pecdesk.examine import Examination
from pecdesk.store.copies import write_copies
from pecdesk.store.folders import CopyState, ServerCopy
from pecdesk.store.messages import insert_examinations, is_placed, message_ids, write_placement, write_placements
from pecdesk.store.pieces import Placement
from pecdesk.store.statements import chunks, placeholders


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that was examined and is about to be remembered."""

    examination: Examination
    placement: Placement
    unquoted_from: str | None = None
    """SHA-256 of the bytes as they stood in an mbox with `>From ` quoting."""
    unseen: bool = False
    """Its source says that nobody has read it: it counts as unread, should it be new here."""
    copy: ServerCopy | None = None
    """Where it lies on a mail server."""


def write_arrivals(connection: sqlite3.Connection, arrivals: Sequence[Arrival]) -> dict[int, Examination | None]:
    """Remember messages; one that is seen again, in another mailbox, keeps its row and its examination.

    Returns the messages to link anew, with their examination where they are new here.
    """
    ids = message_ids(connection, [arrival.examination.sha256 for arrival in arrivals])
    first: dict[str, Arrival] = {}
    for arrival in arrivals:
        if arrival.examination.sha256 not in ids:
            first.setdefault(arrival.examination.sha256, arrival)
    ids |= insert_examinations(connection, [(one.examination, one.placement.seen_at) for one in first.values()])
    for some in chunks(first):
        connection.execute(f"DELETE FROM erased WHERE sha256 IN ({placeholders(some)})", some)  # noqa: S608
    write_placements(connection, [(ids[sha256], one.placement) for sha256, one in first.items()])
    written: dict[int, Examination | None] = {}
    for arrival in arrivals:
        id_ = ids[arrival.examination.sha256]
        if first.get(arrival.examination.sha256) is arrival:
            written[id_] = arrival.examination
        elif write_placement(connection, id_, arrival.placement) or arrival.copy is None:
            written.setdefault(id_, None)
    write_copies(
        connection,
        [
            (one.copy, ids[one.examination.sha256], CopyState.HERE, one.placement.seen_at)
            for one in arrivals
            if one.copy is not None
        ],
    )
    return written


def untold(connection: sqlite3.Connection, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Those of which it is not known already that they lie where they were found on a server, for that purpose."""
    known = message_ids(connection, [one.examination.sha256 for one in arrivals if one.copy is not None])
    return [
        one
        for one in arrivals
        if one.copy is None
        or one.examination.sha256 not in known
        or not is_placed(connection, one.examination.sha256, one.placement)
    ]
