"""Making room on the server: what is deleted there was read back from the archive and is whole, byte for byte."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pecdesk.sync.ledger import Ledger
from pecdesk.sync.server import Server

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Freed:
    """What was deleted on the server, or would be."""

    messages: int = 0
    octets: int = 0
    """As the server counts them."""
    unproven: tuple[str, ...] = ()
    """SHA-256 of messages that stay there because the archived copy is missing or damaged."""


def free(
    ledger: Ledger,
    server: Server,
    before: datetime,
    *,
    dry_run: bool,
    progress: Callable[[int], None],
    stopped: Callable[[], bool],
) -> Freed:
    """Delete on the server what came into the mailbox before that moment and is whole in the archive.

    A folder that was numbered anew since it was last looked into is left alone, and so is a message whose size there is
    no longer what it was. Before it is deleted there, it is written down here that it is about to be.
    """
    freed = octets = 0
    unproven: list[str] = []
    for folder in ledger.folders().values():
        candidates = ledger.store.copies_before(folder.id, before)
        if not candidates or folder.uidvalidity is None:
            continue
        if server.select(folder.name, read_only=dry_run).uidvalidity != folder.uidvalidity:
            continue
        for start in range(0, len(candidates), AT_ONCE):
            if stopped():
                return Freed(freed, octets, tuple(unproven))
            some = candidates[start : start + AT_ONCE]
            there = server.describe([uid for uid, _, _ in some])
            whole = []
            for uid, size, sha256 in some:
                if uid not in there or there[uid].size != size:
                    continue
                if ledger.store.archive.verify(sha256):
                    whole.append((uid, size))
                else:
                    unproven.append(sha256)
            uids = [uid for uid, _ in whole]
            if uids and not dry_run:
                with ledger.turn() as store:
                    store.note_leaving(folder.id, folder.uidvalidity, uids)
                server.delete(uids)
                with ledger.turn() as store:
                    store.note_left(folder.id, folder.uidvalidity, uids, ledger.now())
            freed += len(whole)
            octets += sum(size for _, size in whole)
            progress(freed)
    return Freed(freed, octets, tuple(unproven))
