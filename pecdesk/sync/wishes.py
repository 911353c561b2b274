"""Telling the server what the user did here. A wish stands until the server has it, whatever happens in between."""

from __future__ import annotations

import logging

from pecdesk.store.pending import Pending, Place, Wish
from pecdesk.sync.ledger import Ledger
from pecdesk.sync.refusal import RefusalError
from pecdesk.sync.server import Server

GIVEN_UP_AFTER = 5
"""Refusals after which a wish is given up. What was marked here stays marked here."""

_log = logging.getLogger("sync")


def tell(ledger: Ledger, server: Server) -> int:
    """Tell the server all that it may still be told; how many wishes it has fulfilled.

    Asked twice for the same thing it does it once: a flag that is set stays set, and a UID that is gone is passed over.
    So a wish is dropped only after the server's answer, and a connection that is cut before that does no harm.
    """
    done = 0
    pending = ledger.store.pending(ledger.account)
    idle = [one.id for one in pending if not one.places]
    if idle:
        with ledger.turn() as store:
            store.drop_pending(idle)
    for group in _groups([one for one in pending if one.places]):
        try:
            _tell(ledger, server, group)
            done += len(group)
        except RefusalError as error:
            _log.info("the server refuses to %s: %s", group[0].wish, error.code or "without a code")
            # There is no such folder to move to (RFC 3501 §6.4.7): there will be none the next time either.
            is_final = error.code == "TRYCREATE"
            given_up = [one.id for one in group if is_final or one.tries + 1 >= GIVEN_UP_AFTER]
            if given_up:
                _log.warning("given up: %s for %d messages", group[0].wish, len(given_up))
            with ledger.turn() as store:
                store.count_try([one.id for one in group])
                store.drop_pending(given_up)
    return done


def _groups(pending: list[Pending]) -> list[list[Pending]]:
    """Wishes that one command for each folder fulfils, in the order in which they were made."""
    found: list[list[Pending]] = []
    for one in pending:
        if found and (found[-1][0].wish, found[-1][0].value) == (one.wish, one.value):
            found[-1].append(one)
        else:
            found.append([one])
    return found


def _tell(ledger: Ledger, server: Server, group: list[Pending]) -> None:
    wish, value = group[0].wish, group[0].value
    folders: dict[str, list[Place]] = {}
    for one in group:
        for place in one.places:
            if not (wish is Wish.MOVE and place.folder == value):
                folders.setdefault(place.folder, []).append(place)
    for name, places in folders.items():
        folder_id, uidvalidity = places[0].folder_id, places[0].uidvalidity
        if server.select(name, read_only=False).uidvalidity != uidvalidity:
            continue  # recognised under its new number first, told then
        uids = sorted(place.uid for place in places)
        if wish is Wish.MOVE:
            server.move(uids, value)
            with ledger.turn() as store:
                store.note_left(folder_id, uidvalidity, uids, ledger.now())
            continue
        adds = wish is Wish.ADD_FLAG
        server.change_flags(uids, add=(value,) if adds else (), remove=() if adds else (value,))
        with ledger.turn() as store:
            flags = [(place.uid, place.flags | {value} if adds else place.flags - {value}) for place in places]
            store.note_flags(folder_id, uidvalidity, flags)
    with ledger.turn() as store:
        store.drop_pending([one.id for one in group])
