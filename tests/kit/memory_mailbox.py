"""A mailbox in memory, as its provider has it, which a test changes as a second client would; with faults planned."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pecdesk.sync.refusal import RefusalError
from pecdesk.sync.server import FolderRole

CAPABILITIES = frozenset({"CONDSTORE", "QRESYNC", "ENABLE", "IDLE", "MOVE", "UIDPLUS", "QUOTA", "SPECIAL-USE"})
BEGINNING = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
"""When messages come in that were given no date."""


@dataclass(eq=False)
class MemoryMessage:
    """One message in one folder."""

    uid: int
    raw: bytes
    flags: set[str]
    internal_date: datetime
    modseq: int
    said_size: int | None = None
    """A lie about its size; None: the truth."""
    is_unreadable: bool = False
    """The server lists it and never gives its bytes (FETCH answers NIL)."""

    @property
    def size(self) -> int:
        return len(self.raw) if self.said_size is None else self.said_size


@dataclass(eq=False)
class MemoryFolder:
    """One folder. UIDs ascend and never come again while its `uidvalidity` stays."""

    name: str
    uidvalidity: int
    role: FolderRole | None = None
    is_selectable: bool = True
    uidnext: int = 1
    modseq: int = 1
    messages: dict[int, MemoryMessage] = field(default_factory=dict)

    def put(self, raw: bytes, flags: Collection[str], at: datetime) -> int:
        uid = self.uidnext
        self.uidnext += 1
        self.modseq += 1
        self.messages[uid] = MemoryMessage(uid, raw, set(flags), at, self.modseq)
        return uid

    def take(self, uids: Collection[int]) -> list[MemoryMessage]:
        taken = [self.messages.pop(uid) for uid in sorted(set(uids)) if uid in self.messages]
        self.modseq += len(taken)
        return taken

    def mark(self, uids: Collection[int], add: Collection[str], remove: Collection[str]) -> None:
        for uid in sorted(set(uids)):
            message = self.messages.get(uid)
            if message is None:
                continue
            flags = (message.flags | set(add)) - set(remove)
            if flags != message.flags:
                self.modseq += 1
                message.flags, message.modseq = flags, self.modseq


@dataclass(eq=False)
class Fault:
    """Something that goes wrong once, in the call it waits for."""

    error: Exception
    method: str = ""
    """In which method; empty: in whichever comes."""
    skip: int = 0
    """How many such calls go well before."""
    is_late: bool = False
    """The server did what it was asked; only its answer is lost."""
    after: int = 0
    """In `fetch`: so many messages came before; in `fetch_into`: so many bytes."""


@dataclass(frozen=True)
class Told:
    """One call of a connection, as it was made."""

    method: str
    arguments: tuple[object, ...]


class KeptMailbox:
    """What is on the server. Every method may be called from any thread, as if by a second client."""

    def __init__(self, capabilities: Collection[str] = CAPABILITIES) -> None:
        self.capabilities = frozenset(capabilities)
        self.quota_limit: int | None = None
        """Bytes; None: the server does not say."""
        self.delimiter = "/"
        self.faults: list[Fault] = []
        self.told: list[Told] = []
        """All calls of all connections, in order, beginning with `connect`."""
        self.before_call: Callable[[Told], None] = lambda told: None
        """Runs before each call is carried out: where a test changes the mailbox between two of them."""
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self._uidvalidity = 1_700_000_000
        self._folders: dict[str, MemoryFolder] = {}
        self.create("INBOX", FolderRole.INBOX)
        self.create("Sent", FolderRole.SENT)
        self.create("Trash", FolderRole.TRASH)
        self.create("Drafts", FolderRole.DRAFTS)
        self.create("Spam", FolderRole.SPAM)

    # --- a second client ----------------------------------------------------------------------------------------------

    def folder(self, name: str) -> MemoryFolder:
        with self.lock:
            found = self._folders.get(name)
        if found is None:
            raise RefusalError("No folder {name}", code="NONEXISTENT", name=name)
        return found

    def folders(self) -> list[MemoryFolder]:
        with self.lock:
            return list(self._folders.values())

    def append(
        self,
        folder: str,
        raw: bytes,
        flags: Collection[str] = (),
        at: datetime | None = None,
        *,
        size: int | None = None,
    ) -> int:
        """Deliver a message; its UID. `size`: what the server will say of it, where that is a lie."""
        with self.changed:
            found = self.folder(folder)
            uid = found.put(raw, flags, at or BEGINNING)
            found.messages[uid].said_size = size
            self.changed.notify_all()
        return uid

    def flag(self, folder: str, uids: Collection[int], flags: Collection[str], *, add: bool = True) -> None:
        with self.changed:
            self.folder(folder).mark(uids, flags if add else (), () if add else flags)
            self.changed.notify_all()

    def expunge(self, folder: str, uids: Collection[int]) -> None:
        with self.changed:
            self.folder(folder).take(uids)
            self.changed.notify_all()

    def move(self, folder: str, uids: Collection[int], target: str) -> dict[int, int]:
        """The new UID of each."""
        with self.changed:
            found, to = self.folder(folder), self.folder(target)
            moved = {
                message.uid: to.put(message.raw, message.flags, message.internal_date) for message in found.take(uids)
            }
            self.changed.notify_all()
        return moved

    def create(self, name: str, role: FolderRole | None = None, *, is_selectable: bool = True) -> None:
        with self.changed:
            self._uidvalidity += 1
            self._folders[name] = MemoryFolder(name, self._uidvalidity, role, is_selectable)
            self.changed.notify_all()

    def rename(self, name: str, new: str) -> None:
        """Its UIDs and UIDVALIDITY stay, as they do with Dovecot."""
        with self.changed:
            found = self.folder(name)
            self._folders = {new if each == name else each: folder for each, folder in self._folders.items()}
            found.name = new
            self.changed.notify_all()

    def remove(self, name: str) -> None:
        with self.changed:
            del self._folders[name]
            self.changed.notify_all()

    def change_uidvalidity(self, name: str, uidvalidity: int | None = None, *, renumber: bool = False) -> None:
        """From now on all UIDs known of this folder mean nothing; with `renumber` they are others, too."""
        with self.changed:
            self._uidvalidity += 1
            folder = self.folder(name)
            folder.uidvalidity = self._uidvalidity if uidvalidity is None else uidvalidity
            if renumber:
                messages, folder.messages, folder.uidnext = list(folder.messages.values()), {}, 1
                for message in messages:
                    folder.put(message.raw, message.flags, message.internal_date)
            self.changed.notify_all()

    @property
    def used(self) -> int:
        with self.lock:
            return sum(len(message.raw) for folder in self.folders() for message in folder.messages.values())

    # --- what goes wrong, and what was asked --------------------------------------------------------------------------

    def fail(self, error: Exception, method: str = "", *, skip: int = 0, is_late: bool = False, after: int = 0) -> None:
        """Plan a fault; several may wait at once."""
        self.faults.append(Fault(error, method, skip, is_late, after))

    def calls(self, method: str) -> list[tuple[object, ...]]:
        """With which arguments a method was called."""
        return [told.arguments for told in self.told if told.method == method]

    def meet(self, method: str, arguments: tuple[object, ...]) -> Fault | None:
        """Note a call; a fault that waits for it happens, or is given back where it comes in the middle of the call."""
        told = Told(method, arguments)
        self.told.append(told)
        self.before_call(told)
        fault = self._due(method, is_late=False)
        if fault is not None and not fault.after:
            raise fault.error
        return fault

    def part(self, method: str) -> None:
        """A call was carried out; what is planned for its answer happens."""
        fault = self._due(method, is_late=True)
        if fault is not None:
            raise fault.error

    def _due(self, method: str, *, is_late: bool) -> Fault | None:
        for fault in self.faults:
            if fault.method in {"", method} and fault.is_late is is_late:
                if fault.skip <= 0:
                    self.faults.remove(fault)
                    return fault
                fault.skip -= 1
        return None
