"""The copy of what was sent, in the Sent folder of the server. That it fails never looks as if the sending had failed.

What is wanted is written down with the sending itself. A copy is looked for before it is made: an earlier answer may
have been lost, and some providers put one there by themselves.
"""

from __future__ import annotations

import logging
from datetime import datetime

from pecdesk.errors import PecdeskError, StoreError
from pecdesk.store import Folder
from pecdesk.sync.arguments import ArgumentError
from pecdesk.sync.ledger import Ledger
from pecdesk.sync.refusal import RefusalError
from pecdesk.sync.server import SEEN, FolderRole, Server

_log = logging.getLogger("sync")


def copy_to_sent(server: Server, folder: str, raw: bytes, message_id: str, at: datetime | None = None) -> bool:
    """Put a message into a folder unless one with its Message-ID lies there; whether it was put there.

    `message_id` with its angle brackets; `at` is when it was sent. Raises what the server refuses.
    """
    if server.find_message_id(folder, message_id):
        return False
    server.append(folder, raw, {SEEN}, at)
    return True


def keep_copies(ledger: Ledger, server: Server) -> int:
    """Put every copy that is wanted where it belongs; how many are there now. What the server refuses is wanted on, and
    so is what is damaged in the archive: the mail that comes in waits for neither."""
    wanted = ledger.store.copies_wanted(ledger.account)
    folder = _sent_folder(ledger) if wanted else None
    if folder is None:
        return 0
    done = 0
    for sending in wanted:
        try:
            raw = ledger.store.archive.get(sending.sha256)
            copy_to_sent(server, folder.name, raw, f"<{sending.message_id}>", sending.handed_over_at)
        except (RefusalError, ArgumentError, StoreError) as error:
            _log.warning("a copy of what was sent is not in the Sent folder: %s", _why(error))
            continue
        with ledger.turn() as store:
            store.note_copy(sending.sha256, ledger.now())
        done += 1
    return done


def _sent_folder(ledger: Ledger) -> Folder | None:
    """Where sent mail is, as it was last listed."""
    return next((folder for folder in ledger.folders().values() if folder.role == FolderRole.SENT), None)


def _why(error: PecdeskError) -> str:
    """A code, never a server's words."""
    return (error.code if isinstance(error, RefusalError) else "") or type(error).__name__
