"""Rows of single messages: written and read."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from pecdesk.examine import Examination, to_json
from pecdesk.store.pieces import Placement, as_kept, indexed
from pecdesk.store.transmissions import write_tokens


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


def write_examination(connection: sqlite3.Connection, examination: Examination, first_seen: str) -> int:
    """Write a message's row, its tokens and its words, in the place of older ones."""
    id_ = connection.execute(
        "INSERT INTO message"
        " (sha256, size, kind, standing, examine_version, anchors_version, first_seen, attachments, examination)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET kind = excluded.kind,"
        " standing = excluded.standing, examine_version = excluded.examine_version,"
        " anchors_version = excluded.anchors_version, attachments = excluded.attachments,"
        " examination = excluded.examination RETURNING id",
        (
            examination.sha256,
            examination.size,
            examination.kind,
            examination.standing,
            examination.version,
            examination.anchors_version,
            first_seen,
            len(examination.attachments),
            to_json(as_kept(examination)).decode(),
        ),
    ).fetchone()[0]
    write_tokens(connection, id_, examination)
    words = indexed(examination)
    connection.execute("DELETE FROM search WHERE rowid = ?", (id_,))
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
    return int(id_)
