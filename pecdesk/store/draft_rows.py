"""The rows of drafts: they hold no message, and their files are what counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from pecdesk.pec.draft import Draft
from pecdesk.pec.drafted import draft_row
from pecdesk.pec.sending import SendState
from pecdesk.store.changes import Changes
from pecdesk.store.columns import write_rows
from pecdesk.store.marking import Marking
from pecdesk.store.sendings import frozen_drafts, is_frozen


class DraftRows(Marking):
    """Drafts in the list."""

    def frozen_drafts(self) -> dict[str, SendState]:
        """The drafts, by id, that were frozen and not taken back, with where each message stands. Their files may still
        be there, and they are no drafts."""
        with self.database.read() as connection:
            return frozen_drafts(connection)

    def show_draft(self, draft: Draft) -> int | None:
        """Put a draft, which was just saved, into the list or bring its row up to date; the id of the row.

        None, and no row, while it is frozen in the outbox.
        """
        with self.database.write() as connection:
            row = write_draft_row(connection, draft)
        if row is not None:
            self.changes.publish(Changes(transmissions=frozenset({row})))
        return row

    def drop_draft(self, id_: str) -> None:
        """Take a draft, which was discarded, out of the list."""
        with self.database.write() as connection:
            changed = drop_draft_row(connection, id_)
        self.changes.publish(Changes(transmissions=changed))

    def show_drafts(self, drafts: Iterable[Draft]) -> None:
        """Let the list show exactly these drafts, all there are: after a rebuild, or when the program starts."""
        with self.database.write() as connection:
            kept = {row for draft in drafts if (row := write_draft_row(connection, draft)) is not None}
            shown = {row[0] for row in connection.execute("SELECT id FROM transmission WHERE state = 'draft'")}
            connection.executemany("DELETE FROM transmission WHERE id = ?", [(row,) for row in shown - kept])
        self.changes.publish(Changes(transmissions=frozenset(kept | shown)))


def write_draft_row(connection: sqlite3.Connection, draft: Draft) -> int | None:
    """Write the row of a draft, in the place of what was there; its id. None, and nothing is written, while the draft
    is frozen in the outbox. For whoever saves drafts: afterwards, since the files are what counts."""
    if is_frozen(connection, draft.id):
        return None
    row = draft_row(draft)
    known = connection.execute("SELECT id FROM transmission WHERE key = ?", (row.key,)).fetchone()
    (id_,) = write_rows(connection, [(known[0] if known else None, row)], {}, {})
    # A draft has no message whose attachments could be counted: the mark in the list is of its files.
    connection.execute("UPDATE transmission SET attachments = ? WHERE id = ?", (len(draft.attachments), id_))
    return id_


def drop_draft_row(connection: sqlite3.Connection, id_: str) -> frozenset[int]:
    """Delete the row of a draft, if there is one; which row that was. For whoever discards drafts."""
    gone = connection.execute("DELETE FROM transmission WHERE key = ? RETURNING id", (f"draft {id_}",))
    return frozenset(row[0] for row in gone.fetchall())
