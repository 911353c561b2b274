"""Telling the server what the user did here. A wish stands until the server has it, whatever happens in between."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from pecdesk.store.pending import Pending, Place, Wish
from pecdesk.sync.ledger import Ledger
from pecdesk.sync.refusal import RefusalError
from pecdesk.sync.server import Server

GIVEN_UP_AFTER = 5
"""Refusals after which a wish is given up. What was marked here stays marked here."""

_log = logging.getLogger("sync")


@dataclass(frozen=True, slots=True)
class Heard:
    """What the server has heard of the user's wishes."""

    fulfilled: int
    waiting: int
    """Those about a folder that was numbered anew: they can be told once it was looked through."""


def tell(ledger: Ledger, server: Server) -> Heard:
    """Tell the server all that it may still be told.

    Asked twice for the same thing it does it once: a flag that is set stays set, and a UID that is gone is passed over.
    So a wish is dropped only after the server's answer, and a connection that is cut before that does no harm.
    """
    fulfilled = waiting = 0
    pending = ledger.store.pending(ledger.account)
    idle = [one.id for one in pending if not one.places]
    if idle:
        with ledger.turn() as store:
            store.drop_pending(idle)
    for group in _groups([one for one in pending if one.places]):
        standing = _tell(ledger, server, group)
        with ledger.turn() as store:
            store.drop_pending([one.id for one in group if one.id not in standing])
        refused = {id_: error for id_, error in standing.items() if error is not None}
        if refused:
            _count(ledger, group, refused)
        fulfilled += len(group) - len(standing)
        waiting += len(standing) - len(refused)
    return Heard(fulfilled, waiting)


def _count(ledger: Ledger, group: list[Pending], refused: dict[int, RefusalError]) -> None:
    """Let stand what the server has refused, or give it up."""
    # There is no such folder to move to (RFC 3501 §6.4.7): there will be none the next time either.
    tries = {one.id: one.tries + 1 for one in group}
    given_up = [id_ for id_, error in refused.items() if error.code == "TRYCREATE" or tries[id_] >= GIVEN_UP_AFTER]
    if given_up:
        _log.warning("given up: %s for %d messages", group[0].wish, len(given_up))
    with ledger.turn() as store:
        store.count_try(refused)
        store.drop_pending(given_up)


def _groups(pending: list[Pending]) -> list[list[Pending]]:
    """Wishes that one command for each folder fulfils, in the order in which they were made."""
    found: list[list[Pending]] = []
    for one in pending:
        if found and (found[-1][0].wish, found[-1][0].value) == (one.wish, one.value):
            found[-1].append(one)
        else:
            found.append([one])
    return found


def _tell(ledger: Ledger, server: Server, group: list[Pending]) -> dict[int, RefusalError | None]:
    """Tell the server these, folder by folder: one that does not open holds up no other. Returns the wishes that still
    stand: what the server said, or None where a folder was numbered anew, and what lies there is recognised first."""
    wish, value = group[0].wish, group[0].value
    folders: dict[str, list[tuple[int, Place]]] = {}
    for one in group:
        for place in one.places:
            if not (wish is Wish.MOVE and place.folder == value):
                folders.setdefault(place.folder, []).append((one.id, place))
    standing: dict[int, RefusalError | None] = {}
    for found in folders.values():
        try:
            is_told = _tell_folder(ledger, server, wish, value, [place for _, place in found])
        except RefusalError as error:
            _log.info("the server refuses to %s: %s", wish, error.code or "without a code")
            standing |= {id_: error for id_, _ in found}
        else:
            if not is_told:
                standing |= {id_: None for id_, _ in found}
    return standing


def _tell_folder(ledger: Ledger, server: Server, wish: Wish, value: str, places: list[Place]) -> bool:
    """Tell the server one thing about messages of one folder; False where that is no longer what it was."""
    name, folder_id, uidvalidity = places[0].folder, places[0].folder_id, places[0].uidvalidity
    if server.select(name, read_only=False).uidvalidity != uidvalidity:
        return False
    uids = sorted(place.uid for place in places)
    if wish is Wish.MOVE:
        server.move(uids, value)
        with ledger.turn() as store:
            store.note_left(folder_id, uidvalidity, uids, ledger.now())
        return True
    adds = wish is Wish.ADD_FLAG
    server.change_flags(uids, add=(value,) if adds else (), remove=() if adds else (value,))
    with ledger.turn() as store:
        flags = [(place.uid, place.flags | {value} if adds else place.flags - {value}) for place in places]
        store.note_flags(folder_id, uidvalidity, flags)
    return True
