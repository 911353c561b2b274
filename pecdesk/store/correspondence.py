"""With whom one corresponds, derived from the rows of the list in the transaction that writes them.

A certified acceptance says of every recipient whether it is a PEC mailbox (`destinatari@tipo`, RFC 6109 §3.1.4);
whoever sent a certified envelope has one. What nobody proved teaches nothing: no claim, no ordinary mail, nothing
unsent.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import msgspec

from pecdesk.examine import Examination
from pecdesk.pec.daticert import RecipientType
from pecdesk.pec.message import Summary, normal_address
from pecdesk.pec.transmission import Direction, State, Transmission, TransmissionKind
from pecdesk.store.ordering import comparable

SENT_WEIGHT = 4
"""To whom one writes is likelier to be written to than from whom one only hears."""
LONGEST_NAME = 200

_WORD = re.compile(r"[^\W_]+")
_SUMMARY = msgspec.json.Decoder(Summary).decode

_UNSENT = frozenset({State.DRAFT, State.QUEUED, State.SENDING, State.UNCERTAIN, State.REFUSED})


@dataclass(frozen=True, slots=True)
class Correspondent:
    """One address in one row."""

    address: str
    """Comparable form."""
    written: str
    direction: Direction
    account: str
    type: str | None
    outcome: str | None
    at: float


@dataclass(frozen=True, slots=True)
class Written:
    """A row that was just written."""

    id: int
    row: Transmission
    is_new: bool


def write_correspondence(
    connection: sqlite3.Connection, rows: Iterable[Written], at_hand: Mapping[str, Examination]
) -> None:
    """Remember whom rows are about, in the place of what was remembered of them before.

    `at_hand` has examinations by SHA-256 that need not be read again.
    """
    touched: dict[str, None] = {}
    for one in rows:
        touched |= dict.fromkeys(_write_one(connection, one, at_hand))
    _refresh(connection, touched)


def _write_one(connection: sqlite3.Connection, one: Written, at_hand: Mapping[str, Examination]) -> Collection[str]:
    """The addresses of which something else is known now: to be refreshed."""
    id_, row = one.id, one.row
    before = {} if one.is_new else _remembered(connection, id_)
    now = {each.address: each for each in _correspondents(row)}
    if not before and not now:
        return ()
    named_by = row.original_sha256 or ""
    same_names = all(old[2] == named_by for old in before.values()) and before.keys() == now.keys()
    names = {address: old[1] for address, old in before.items()} if same_names else _names(connection, row, at_hand)
    touched = []
    for address in before.keys() | now.keys():
        new, name = now.get(address), names.get(address, "")
        if address in before and new is not None and before[address] == (new, name, named_by):
            continue
        if address in before:
            connection.execute("DELETE FROM correspondence WHERE transmission = ? AND address = ?", (id_, address))
            _uncount(connection, address, before[address][0].direction)
        if new is not None:
            connection.execute(
                "INSERT INTO correspondence (transmission, address, written, name, direction, account, type, outcome,"
                " at, named_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (id_, address, new.written, name, new.direction, new.account, new.type, new.outcome, new.at, named_by),
            )
            _count(connection, address, new, name)
        else:
            _drop_unknown(connection, address)
        touched.append(address)
    return touched


def drop_correspondence(connection: sqlite3.Connection, ids: Collection[int]) -> None:
    """Forget whom these rows are about, since they are about to be deleted."""
    for id_ in ids:
        before = _remembered(connection, id_)
        connection.execute("DELETE FROM correspondence WHERE transmission = ?", (id_,))
        for address, (old, _, _) in before.items():
            _uncount(connection, address, old.direction)
            _drop_unknown(connection, address)
        _refresh(connection, before)


def words_of(address: str, name: str) -> frozenset[str]:
    """What somebody may begin to type: the address, its domain, each word of its local part and of the name."""
    local, _, domain = address.rpartition("@")
    plain = comparable(name)
    return frozenset(filter(None, (address, domain, *_WORD.findall(comparable(local)), *_WORD.findall(plain), plain)))


def _remembered(connection: sqlite3.Connection, id_: int) -> dict[str, tuple[Correspondent, str, str]]:
    """By address, with the name and the message it is from."""
    return {
        row[0]: (Correspondent(row[0], row[1], Direction(row[3]), *row[4:8]), row[2], row[8])
        for row in connection.execute(
            "SELECT address, written, name, direction, account, type, outcome, at, named_by FROM correspondence"
            " WHERE transmission = ?",
            (id_,),
        )
    }


def _correspondents(row: Transmission) -> Iterator[Correspondent]:
    if not row.is_believed or row.kind is not TransmissionKind.PEC:
        return
    account, at = row.account or "", row.sent_at.timestamp() if row.sent_at else 0.0
    if row.direction is Direction.SENT:
        if row.state in _UNSENT:
            return
        for recipient in row.recipients:
            yield Correspondent(
                normal_address(recipient.address),
                recipient.address,
                row.direction,
                account,
                str(recipient.type) if recipient.type else None,
                str(recipient.state),
                at,
            )
    elif row.sealed is not None and row.sealed.proves:
        address = normal_address(row.sender)
        yield Correspondent(address, row.sender, row.direction, account, str(RecipientType.CERTIFIED), None, at)


def _names(connection: sqlite3.Connection, row: Transmission, at_hand: Mapping[str, Examination]) -> dict[str, str]:
    """Display names by address, from the message the row is about: people are known by them, and by nothing else."""
    examination = at_hand.get(row.original_sha256 or "")
    if examination is not None:
        written = examination.original.summary if examination.original is not None else examination.summary
    else:
        kept = _summary(connection, row)
        if kept is None:
            return {}
        written = kept
    people = written.sender if row.direction is Direction.RECEIVED else (*written.to, *written.cc)
    return {normal_address(each.address): each.name[:LONGEST_NAME] for each in people if each.name.strip()}


def _summary(connection: sqlite3.Connection, row: Transmission) -> Summary | None:
    """What is kept of the head of the message the row is about."""
    found = connection.execute(
        "SELECT json_extract(examination, '$.summary'), json_extract(examination, '$.original.summary') FROM message"
        " WHERE sha256 = ?",
        (row.original_sha256,),
    ).fetchone()
    told = next((summary for summary in reversed(found or ()) if summary), None)
    if told is None:
        return None
    try:
        return _SUMMARY(told)
    except msgspec.DecodeError:  # changed by something else
        return None


def _count(connection: sqlite3.Connection, address: str, new: Correspondent, name: str) -> None:
    is_sent = new.direction is Direction.SENT
    connection.execute(
        "INSERT INTO contact (address, written, name, named_at, sent, received, last_at, weight)"
        " VALUES (?, ?, '', -1, ?, ?, 0, 0)"
        " ON CONFLICT (address) DO UPDATE SET sent = sent + excluded.sent, received = received + excluded.received",
        (address, new.written, is_sent, not is_sent),
    )
    _write_words(connection, address, new, name)


def _uncount(connection: sqlite3.Connection, address: str, direction: Direction) -> None:
    column = "sent" if direction is Direction.SENT else "received"
    connection.execute(
        f"UPDATE contact SET {column} = {column} - 1 WHERE address = ?",  # noqa: S608 - one of two words
        (address,),
    )


def _drop_unknown(connection: sqlite3.Connection, address: str) -> None:
    """Forget an address that no row is about any more."""
    connection.execute("DELETE FROM contact WHERE address = ? AND sent + received <= 0", (address,))


def _write_words(connection: sqlite3.Connection, address: str, new: Correspondent, name: str) -> None:
    """Take the newest name, and find the contact by it and by no older one."""
    changed = connection.execute(
        "UPDATE contact SET name = ?1, named_at = ?2, written = ?3 WHERE address = ?4 AND (?1 <> '' OR named_at < 0)"
        " AND ?2 >= named_at AND (name <> ?1 OR named_at < 0) RETURNING name",
        (name, new.at, new.written, address),
    ).fetchone()
    if changed is not None:
        connection.execute("DELETE FROM contact_word WHERE address = ?", (address,))
        connection.executemany(
            "INSERT INTO contact_word (address, word) VALUES (?, ?)",
            [(address, word) for word in sorted(words_of(address, changed[0]))],
        )


_LATEST = "FROM correspondence WHERE address = ?1 AND direction = '{}' {} ORDER BY at DESC LIMIT 1"
_REFRESH = (
    "WITH told (type, at) AS (SELECT * FROM (SELECT type, at "  # noqa: S608 - nothing but the words below
    + _LATEST.format("sent", "AND type IS NOT NULL")
    + ") UNION ALL SELECT * FROM (SELECT type, at "
    + _LATEST.format("received", "")
    + ")), newest (type, at) AS (SELECT type, at FROM told ORDER BY at DESC LIMIT 1)"
    " UPDATE contact SET type = (SELECT type FROM newest), known_at = (SELECT at FROM newest),"
    " outcome = (SELECT outcome " + _LATEST.format("sent", "") + "),"
    " last_at = max(coalesce((SELECT at " + _LATEST.format("sent", "") + "), 0),"
    " coalesce((SELECT at " + _LATEST.format("received", "") + "), 0)),"
    f" weight = {SENT_WEIGHT} * sent + received WHERE address = ?1"
)


def _refresh(connection: sqlite3.Connection, addresses: Iterable[str]) -> None:
    """What is known of these addresses now, from a few look-ups for each however often one wrote there."""
    connection.executemany(_REFRESH, [(address,) for address in addresses])
