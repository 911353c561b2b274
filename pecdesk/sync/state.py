"""What a side knows of a folder: the store as it was last seen, or the server as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pecdesk.sync.server import FolderRole, FolderStatus

NOTHING: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class FolderState:
    """A folder, seen from one side. What only the store can know stays empty for the server."""

    name: str
    role: FolderRole | None = None
    uidvalidity: int | None = None
    """None: not known here, or not listed there."""
    uidnext: int = 0
    messages: int = 0
    """How many the server says it holds, or said when it was last looked at."""
    highest_modseq: int | None = None
    """None: the server keeps none (RFC 7162)."""
    uids: frozenset[int] | None = None
    """What lies there. Of the server None: it was not asked yet."""
    flags: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """Of those UIDs that were looked at for their flags."""
    is_complete: bool = False
    """Store: everything that was listed there was fetched."""
    has_earlier: bool = False
    """Store: messages are still to be recognised that are known by UIDs of an earlier UIDVALIDITY."""
    missing: frozenset[int] = NOTHING
    """Store: gone all at once, and not yet, or never to be, counted as removed."""
    leaving: frozenset[int] = NOTHING
    """Store: about to be deleted by us."""
    unfetched: frozenset[int] = NOTHING
    """Store: the server has them and would not hand them out."""

    @property
    def known(self) -> frozenset[int]:
        """UIDs that mean something here."""
        return self.uids or NOTHING


def described(name: str, role: FolderRole | None, status: FolderStatus) -> FolderState:
    """The server's side, as far as one command tells it."""
    return FolderState(name, role, status.uidvalidity, status.uidnext, status.messages, status.highest_modseq)


def surely_there(local: FolderState, changed: frozenset[int], messages: int) -> frozenset[int] | None:
    """What lies in a folder, told by what changed since it was last looked at and by how many there are; None where
    that does not tell.

    Whatever is there was known already or is among what changed (RFC 7162 §3.1.5): when these are as many as there are,
    they are all that there is.
    """
    every = local.known | changed | local.unfetched
    return every if len(every) == messages else None
