"""Rows of single messages: written and read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pecdesk.examine import Examination, from_json, to_json, unexamined
from pecdesk.pec.linking import tokens
from pecdesk.store.pieces import Placement, as_kept, indexed, indexed_texts, piece_of
from pecdesk.store.seals import SEALED, WORDS_SEAL
from pecdesk.store.statements import chunks, placeholders
from pecdesk.trust import Reason


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """One message as the database remembers it."""

    id: int
    examination: Examination
    """Texts included."""
    first_seen: datetime
    placements: tuple[Placement, ...]


REMEMBERED = f"sha256, size, kind, standing, examine_version, anchors_version, examination, {SEALED}"
"""What `remembered` reads."""

_KEPT_WORDS = WORDS_SEAL.format(sha256="g.sha256", text="s.text", notice="s.notice")
_WRITTEN_WORDS = WORDS_SEAL.format(sha256="?", text="?", notice="?")


def remembered(row: Sequence[Any]) -> Examination:
    """The examination in the columns `REMEMBERED`; of one that was changed by something else nothing is believed."""
    sha256, size, kind, standing, version, anchors_version, document, is_sealed = row
    if is_sealed:
        found = from_json(document)
        if (found.sha256, found.size, found.kind, found.standing, found.version, found.anchors_version) == (
            sha256,
            size,
            kind,
            standing,
            version,
            anchors_version,
        ):
            return found
    return _disbelieved(sha256, size)


def _disbelieved(sha256: str, size: int) -> Examination:
    return replace(unexamined(sha256, size, Reason.RECORD_CHANGED), checks=())


def read_messages(connection: sqlite3.Connection, ids: Sequence[int]) -> list[StoredMessage]:
    """These messages, in the order given; what is not here is left out."""
    found: dict[int, StoredMessage] = {}
    for some in chunks(ids):
        for row in connection.execute(
            f"SELECT g.id, g.first_seen, s.text, s.notice, g.words_seal = {_KEPT_WORDS}, {REMEMBERED}"  # noqa: S608
            f" FROM message AS g LEFT JOIN search AS s ON s.rowid = g.id WHERE g.id IN ({placeholders(some)})",
            some,
        ):
            examination = remembered(row[5:])
            if not row[4]:
                examination = _disbelieved(examination.sha256, examination.size)
            elif Reason.RECORD_CHANGED not in examination.reasons:
                examination = replace(examination, text=row[2], notice=row[3].partition("\n")[2])
            found[row[0]] = StoredMessage(row[0], examination, datetime.fromisoformat(row[1]), ())
        for row in connection.execute(
            f"SELECT message, account, folder, in_sent_folder, source, seen_at, removed_at FROM placement"  # noqa: S608
            f" WHERE message IN ({placeholders(some)})",
            some,
        ):
            place = Placement(row[1] or None, row[2], bool(row[3]), *row[4:])
            message = found[row[0]]
            found[row[0]] = replace(message, placements=(*message.placements, place))
    return [found[id_] for id_ in ids if id_ in found]


def mailboxes_of(connection: sqlite3.Connection, hashes: Iterable[str]) -> dict[str, frozenset[str | None]]:
    """Of these messages the ones that are here, with the mailboxes they were seen in."""
    found: dict[str, set[str | None]] = {}
    for some in chunks(hashes):
        for sha256, account in connection.execute(
            f"SELECT g.sha256, p.account FROM message AS g LEFT JOIN placement AS p ON p.message = g.id"  # noqa: S608
            f" WHERE g.sha256 IN ({placeholders(some)})",
            some,
        ):
            found.setdefault(sha256, set()).add(account or None)
    return {sha256: frozenset(accounts) for sha256, accounts in found.items()}


def write_account(connection: sqlite3.Connection, address: str, at: datetime) -> None:
    """Know a mailbox, in comparable form, as the profile's own."""
    connection.execute("INSERT OR IGNORE INTO account (address, known_at) VALUES (?, ?)", (address, at.isoformat()))


IMAP = "imap"
"""Source of what was seen on a mail server."""


_PLACE = "INSERT INTO placement (message, account, folder, in_sent_folder, source, seen_at) VALUES (?, ?, ?, ?, ?, ?)"


def write_placement(connection: sqlite3.Connection, message: int, place: Placement) -> bool:
    """Remember where a message was seen; the first time counts, but what a folder of the server is for may change, and
    what was removed there may come back. Returns whether anything is new."""
    changed = connection.execute(
        f"{_PLACE} ON CONFLICT (message, account, folder) DO UPDATE SET in_sent_folder = excluded.in_sent_folder,"
        " source = excluded.source, removed_at = NULL"
        f" WHERE excluded.source = '{IMAP}' AND (removed_at IS NOT NULL OR source <> excluded.source"
        " OR in_sent_folder <> excluded.in_sent_folder)",
        _place_values(message, place),
    )
    return changed.rowcount > 0


def write_placements(connection: sqlite3.Connection, places: Iterable[tuple[int, Placement]]) -> None:
    """Remember where messages were seen that were seen nowhere before, each once."""
    connection.executemany(_PLACE, [_place_values(message, place) for message, place in places])


def _place_values(message: int, place: Placement) -> tuple[object, ...]:
    return message, place.account or "", place.folder, place.in_sent_folder, place.source, place.seen_at


def is_placed(connection: sqlite3.Connection, sha256: str, place: Placement) -> bool:
    """Whether it is known already that a message lies there, on the server, for that purpose."""
    row = connection.execute(
        "SELECT p.removed_at, p.in_sent_folder, p.source FROM placement AS p JOIN message AS g ON g.id = p.message"
        " WHERE g.sha256 = ? AND p.account = ? AND p.folder = ?",
        (sha256, place.account or "", place.folder),
    ).fetchone()
    return row is not None and row == (None, int(place.in_sent_folder), place.source)


def message_id(connection: sqlite3.Connection, sha256: str) -> int | None:
    """The row of a message, if it is here."""
    row = connection.execute("SELECT id FROM message WHERE sha256 = ?", (sha256,)).fetchone()
    return None if row is None else int(row[0])


def message_ids(connection: sqlite3.Connection, hashes: Iterable[str]) -> dict[str, int]:
    """The rows of those of these messages that are here."""
    return {
        row[0]: row[1]
        for some in chunks(hashes)
        for row in connection.execute(
            f"SELECT sha256, id FROM message WHERE sha256 IN ({placeholders(some)})",  # noqa: S608
            some,
        )
    }


def insert_examination(connection: sqlite3.Connection, examination: Examination, first_seen: str) -> int:
    """Write the row of a message that is not here yet, and what it is about; the words come last, by `write_words`."""
    return insert_examinations(connection, [(examination, first_seen)])[examination.sha256]


def insert_examinations(
    connection: sqlite3.Connection, examinations: Iterable[tuple[Examination, str]]
) -> dict[str, int]:
    """The same of many, each with when it was first seen. Returns their rows by SHA-256."""
    ids: dict[str, int] = {}
    fresh: dict[int, Examination] = {}
    for examination, first_seen in examinations:
        id_ = connection.execute(_INSERT, (*_columns(examination), examination.sha256, examination.size, first_seen))
        assert id_.lastrowid is not None
        ids[examination.sha256] = id_.lastrowid
        fresh[id_.lastrowid] = examination
    _write_tokens(connection, fresh)
    return ids


_INSERT = (
    "INSERT INTO message (kind, standing, examine_version, anchors_version, attachments, examination, seal,"  # noqa: S608
    f" words_seal, sha256, size, first_seen) VALUES (?, ?, ?, ?, ?, ?, seal_of('message', ?), {_WRITTEN_WORDS},"
    " ?, ?, ?)"
)


def replace_examination(connection: sqlite3.Connection, id_: int, examination: Examination) -> None:
    """Write the same of a message that is here in the place of the old."""
    connection.execute(
        "UPDATE message SET kind = ?, standing = ?, examine_version = ?, anchors_version = ?, attachments = ?,"  # noqa: S608
        f" examination = ?, seal = seal_of('message', ?), words_seal = {_WRITTEN_WORDS}, size = ? WHERE id = ?",
        (*_columns(examination), examination.size, id_),
    )
    connection.execute("DELETE FROM token WHERE message = ?", (id_,))
    _write_tokens(connection, {id_: examination})


def _columns(examination: Examination) -> tuple[object, ...]:
    document = to_json(as_kept(examination)).decode()
    return (
        examination.kind,
        examination.standing,
        examination.version,
        examination.anchors_version,
        len(examination.attachments),
        document,
        document,
        examination.sha256,
        *indexed_texts(examination),
    )


def _write_tokens(connection: sqlite3.Connection, examinations: Mapping[int, Examination]) -> None:
    connection.executemany(
        "INSERT INTO token (token, message) VALUES (?, ?)",
        [
            (token, id_)
            for id_, examination in examinations.items()
            for token in sorted(tokens(piece_of(examination, None, in_sent_folder=False)))
        ],
    )


def write_words(connection: sqlite3.Connection, examinations: Mapping[int, Examination], *, anew: bool = False) -> None:
    """The words by which messages are found, in the place of older ones where they are written `anew`.

    To be called last in a transaction: before any statement on another table that might fail halfway, SQLite has the
    index write out what it holds (measured: one such statement for each message takes half as long again).
    """
    if anew:
        connection.executemany("DELETE FROM search WHERE rowid = ?", [(id_,) for id_ in examinations])
    connection.executemany(
        "INSERT INTO search (rowid, subject, sender, recipients, provider, attachments, text, notice)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(id_, *_words(examinations[id_])) for id_ in sorted(examinations)],
    )


def _words(examination: Examination) -> tuple[str, ...]:
    words = indexed(examination)
    return (
        words.subject,
        words.sender,
        words.recipients,
        words.provider,
        words.attachments,
        words.text,
        words.notice,
    )
