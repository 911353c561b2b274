"""Rows of single messages: written and read."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from pecdesk.examine import Examination, to_json
from pecdesk.pec.linking import tokens
from pecdesk.store.pieces import Placement, as_kept, indexed, piece_of


def write_account(connection: sqlite3.Connection, address: str, at: datetime) -> None:
    """Know a mailbox, in comparable form, as the profile's own."""
    connection.execute("INSERT OR IGNORE INTO account (address, known_at) VALUES (?, ?)", (address, at.isoformat()))


def write_placement(connection: sqlite3.Connection, message: int, place: Placement) -> None:
    """Remember where a message was seen; the first time counts."""
    connection.execute(
        "INSERT OR IGNORE INTO placement (message, account, folder, in_sent_folder, source, seen_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (message, place.account or "", place.folder, place.in_sent_folder, place.source, place.seen_at),
    )


def message_id(connection: sqlite3.Connection, sha256: str) -> int | None:
    """The row of a message, if it is here."""
    row = connection.execute("SELECT id FROM message WHERE sha256 = ?", (sha256,)).fetchone()
    return None if row is None else int(row[0])


def insert_examination(connection: sqlite3.Connection, examination: Examination, first_seen: str) -> int:
    """Write the rows of a message that is not here yet."""
    id_ = connection.execute(
        "INSERT INTO message (kind, standing, examine_version, anchors_version, attachments, examination, sha256, size,"
        " first_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (*_columns(examination), examination.sha256, examination.size, first_seen),
    ).fetchone()[0]
    _write_words(connection, id_, examination)
    return int(id_)


def replace_examination(connection: sqlite3.Connection, id_: int, examination: Examination) -> None:
    """Write the rows of a message that is here in the place of the old ones."""
    connection.execute(
        "UPDATE message SET kind = ?, standing = ?, examine_version = ?, anchors_version = ?, attachments = ?,"
        " examination = ? WHERE id = ?",
        (*_columns(examination), id_),
    )
    connection.execute("DELETE FROM token WHERE message = ?", (id_,))
    connection.execute("DELETE FROM search WHERE rowid = ?", (id_,))
    _write_words(connection, id_, examination)


def _columns(examination: Examination) -> tuple[object, ...]:
    return (
        examination.kind,
        examination.standing,
        examination.version,
        examination.anchors_version,
        len(examination.attachments),
        to_json(as_kept(examination)).decode(),
    )


def _write_words(connection: sqlite3.Connection, id_: int, examination: Examination) -> None:
    """What a message is about, and the words by which it is found."""
    connection.executemany(
        "INSERT INTO token (token, message) VALUES (?, ?)",
        [(token, id_) for token in sorted(tokens(piece_of(examination, None, in_sent_folder=False)))],
    )
    words = indexed(examination)
    connection.execute(
        "INSERT INTO search (rowid, subject, sender, recipients, provider, attachments, text, notice)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            id_,
            words.subject,
            words.sender,
            words.recipients,
            words.provider,
            words.attachments,
            words.text,
            words.notice,
        ),
    )
