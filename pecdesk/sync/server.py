"""What an IMAP server can be asked, as a protocol: a real one is in `imap`, one in memory in the test kit.

Every method may raise `NetworkError` (the connection is gone: throw the server away) or `ServerError` (it refused, or
made no sense); logging in raises `LoginError`. Messages are named by UID only, never by sequence number. Names of
folders and flags come from the server and are data: nothing here makes a path or a command of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO, Protocol

from pecdesk.profile.account_status import Quota

SEEN, ANSWERED, FLAGGED, DRAFT, DELETED = "\\Seen", "\\Answered", "\\Flagged", "\\Draft", "\\Deleted"


class FolderRole(StrEnum):
    """What a folder is for: by RFC 6154 special use, else by the names providers are known to use. Closed."""

    INBOX = "inbox"
    SENT = "sent"
    SPAM = "spam"
    RECEIPTS = "receipts"
    """Where some webmails put receipts by themselves ("Ricevute")."""
    ARCHIVE = "archive"
    DRAFTS = "drafts"
    TRASH = "trash"


@dataclass(frozen=True, slots=True)
class RemoteFolder:
    """A folder of the server's list."""

    name: str
    """Decoded from modified UTF-7; where that fails, the raw letters."""
    delimiter: str = "/"
    role: FolderRole | None = None
    is_selectable: bool = True


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """A folder as the server describes it when it is opened."""

    uidvalidity: int
    uidnext: int
    messages: int
    highest_modseq: int | None = None
    """None: the server keeps none for this folder (RFC 7162)."""
    is_read_only: bool = False


@dataclass(frozen=True, slots=True)
class RemoteMessage:
    """One message as the server describes it."""

    uid: int
    size: int
    """RFC822.SIZE: what the server says, which need not be true."""
    flags: frozenset[str]
    internal_date: datetime | None
    """Aware. When it came into the mailbox."""


class Server(Protocol):
    """One connection, logged in. For one thread."""

    @property
    def capabilities(self) -> frozenset[str]:
        """Upper case: CONDSTORE, QRESYNC, IDLE, MOVE, UIDPLUS, QUOTA, SPECIAL-USE…"""

    def folders(self) -> list[RemoteFolder]:
        """All folders of the user, in the server's order."""

    def status(self, folder: str) -> FolderStatus:
        """Describe a folder without opening it."""

    def select(self, folder: str, *, read_only: bool = True) -> FolderStatus:
        """Open a folder. The methods below speak of the one that is open."""

    def uids(self) -> list[int]:
        """All UIDs, ascending."""

    def changed_since(self, modseq: int) -> list[int]:
        """UIDs whose flags changed, or that are new, since then; only with CONDSTORE."""

    def describe(self, uids: Collection[int]) -> dict[int, RemoteMessage]:
        """Size, flags and date; a UID that is gone is left out."""

    def headers(self, uids: Collection[int]) -> dict[int, bytes]:
        """The whole header of each, with the empty line that ends it, byte for byte."""

    def fetch(self, uids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """The exact bytes of small messages, as they come; a UID that is gone is left out. Marks nothing as read."""

    def fetch_into(
        self, uid: int, size: int, file: BinaryIO, progress: Callable[[int], None], cancelled: Callable[[], bool]
    ) -> int:
        """Write a big message to a file in pieces, memory constant; how many bytes came. `progress`: bytes so far.

        `refusal.SizeError` where the server gave all it has and that is not `size` bytes: the file holds what came.
        """

    def change_flags(self, uids: Collection[int], *, add: Collection[str] = (), remove: Collection[str] = ()) -> None:
        """Set and take flags."""

    def move(self, uids: Collection[int], target: str) -> dict[int, int]:
        """Move to another folder; the new UID of each where the server tells (COPYUID)."""

    def delete(self, uids: Collection[int]) -> None:
        """Delete exactly these (UID EXPUNGE, RFC 4315); `ServerError` without UIDPLUS."""

    def append(self, folder: str, raw: bytes, flags: Collection[str], at: datetime | None) -> int | None:
        """Put a message into a folder; its UID where the server tells (APPENDUID)."""

    def find_message_id(self, folder: str, message_id: str) -> list[int]:
        """UIDs in that folder with that Message-ID; only ever asked for ids of our own making.

        Another folder that was open is open no longer.
        """

    def quota(self) -> Quota | None:
        """How full the mailbox is; None where the server does not say."""

    def wait(self, seconds: float, stopped: Callable[[], bool]) -> bool:
        """IDLE (RFC 2177) in the open folder until something happens: True. Or `seconds` are over, or `stopped` is.

        True at once where something happened since the folder was opened and was not waited for yet.
        """

    def still_there(self) -> None:
        """Ask for nothing (NOOP); NetworkError where the connection is gone."""

    def close(self) -> None:
        """Say goodbye if there is still somebody there, and let go. Never raises."""
