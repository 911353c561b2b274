"""Connections to a mailbox in memory that behave like a good IMAP server: the fake of `sync.server.Server`.

The contract suite runs against this and against Dovecot, so that it does not lie. A test holds the `MemoryMailbox`,
changes it as a second client would, plans faults, and hands `mailbox.connect` to what it tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import BinaryIO

from pecdesk.errors import LoginError, NetworkError, ServerError
from pecdesk.profile.account_status import Quota
from pecdesk.profile.accounts import Account
from pecdesk.sync.arguments import checked, our_message_id
from pecdesk.sync.refusal import RefusalError, SizeError
from pecdesk.sync.server import FolderStatus, RemoteFolder, RemoteMessage
from tests.kit import memory_mailbox as kept
from tests.kit.memory_mailbox import Fault, MemoryFolder

__all__ = ["MemoryMailbox", "MemoryServer"]

PIECE = 1 << 20


class MemoryMailbox(kept.KeptMailbox):
    """What is on the server, with the door to it. Every method may be called from any thread."""

    def __init__(self, password: str = "Sesamo", capabilities: Collection[str] = kept.CAPABILITIES) -> None:
        super().__init__(capabilities)
        self.password = password
        self.logins = 0
        self.connections: list[MemoryServer] = []
        """Those that are open."""

    def connect(self, account: Account, password: str, *, timeout: float = 30.0) -> MemoryServer:
        """In place of `sync.imap.connect`."""
        with self.lock:
            self.meet("connect", (account.address,))
            self.logins += 1
            if password != self.password:
                raise LoginError("The server {host} refuses user or password.", host=account.imap.host)
            server = MemoryServer(self)
            self.connections.append(server)
        return server

    def kick(self) -> None:
        """Drop all connections."""
        with self.changed:
            for connection in tuple(self.connections):
                connection.die()
            self.changed.notify_all()


class MemoryServer:
    """One connection to a mailbox in memory."""

    def __init__(self, mailbox: MemoryMailbox) -> None:
        self._mailbox = mailbox
        self._open: MemoryFolder | None = None
        self._uidvalidity = 0
        self._seen = 0
        """State of the open folder of which this client was told."""
        self._is_read_only = True
        self._is_dead = False
        self.is_closed = False

    # --- the protocol -------------------------------------------------------------------------------------------------

    @property
    def capabilities(self) -> frozenset[str]:
        return self._mailbox.capabilities

    def folders(self) -> list[RemoteFolder]:
        with self._mailbox.lock:
            self._begin("folders")
            delimiter = self._mailbox.delimiter
            listed = [
                RemoteFolder(folder.name, delimiter, folder.role, folder.is_selectable)
                for folder in self._mailbox.folders()
            ]
            self._end("folders")
        return listed

    def status(self, folder: str) -> FolderStatus:
        with self._mailbox.lock:
            self._begin("status", folder)
            status = self._status(self._selectable(folder))
            self._end("status")
        return status

    def select(self, folder: str, *, read_only: bool = True) -> FolderStatus:
        with self._mailbox.lock:
            self._begin("select", folder, read_only)
            self._open = None
            self._open = self._selectable(folder)
            self._uidvalidity = self._open.uidvalidity
            self._is_read_only, self._seen = read_only, self._open.modseq
            status = self._status(self._open, is_read_only=read_only)
            self._end("select")
        return status

    def uids(self) -> list[int]:
        with self._mailbox.lock:
            folder = self._begin_in_folder("uids")
            uids = sorted(folder.messages)
            self._end("uids")
        return uids

    def changed_since(self, modseq: int) -> list[int]:
        with self._mailbox.lock:
            folder = self._begin_in_folder("changed_since", modseq)
            if "CONDSTORE" not in self.capabilities:
                raise RefusalError("The server does not tell what changed (CONDSTORE).", code="CANNOT")
            changed = sorted(uid for uid, message in folder.messages.items() if message.modseq > modseq)
            self._end("changed_since")
        return changed

    def describe(self, uids: Collection[int]) -> dict[int, RemoteMessage]:
        with self._mailbox.lock:
            folder = self._begin_in_folder("describe", tuple(sorted(uids)))
            described = {
                uid: RemoteMessage(uid, message.size, frozenset(message.flags), message.internal_date)
                for uid in sorted(set(uids))
                if (message := folder.messages.get(uid))
            }
            self._end("describe")
        return described

    def headers(self, uids: Collection[int]) -> dict[int, bytes]:
        with self._mailbox.lock:
            folder = self._begin_in_folder("headers", tuple(sorted(uids)))
            headers = {
                uid: _header(message.raw)
                for uid in sorted(set(uids))
                if (message := folder.messages.get(uid)) and not message.is_unreadable
            }
            self._end("headers")
        return headers

    def fetch(self, uids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        with self._mailbox.lock:
            fault = self._begin("fetch", tuple(uids))
            self._folder()
        for count, uid in enumerate(dict.fromkeys(uids)):
            with self._mailbox.lock:
                if fault is not None and fault.after <= count:
                    self._raise(fault.error)
                message = self._folder().messages.get(uid)
                if message is None or message.is_unreadable:
                    continue
                raw = message.raw
            yield uid, raw
        with self._mailbox.lock:
            self._end("fetch")

    def fetch_into(
        self, uid: int, size: int, file: BinaryIO, progress: Callable[[int], None], cancelled: Callable[[], bool]
    ) -> int:
        with self._mailbox.lock:
            fault = self._begin("fetch_into", uid, size)
            message = self._folder().messages.get(uid)
            if message is None or message.is_unreadable:
                raise RefusalError("Message {uid} is no longer there.", code="NONEXISTENT", uid=uid)
            raw = message.raw
        for begin in range(0, len(raw), PIECE):
            if cancelled():
                return begin
            piece = raw[begin : begin + PIECE]
            if fault is not None and fault.after < begin + len(piece):
                file.write(piece[: fault.after - begin])
                with self._mailbox.lock:
                    self._raise(fault.error)
            file.write(piece)
            progress(begin + len(piece))
        if len(raw) != size:
            raise SizeError(uid=uid, said=size, came=len(raw))
        with self._mailbox.lock:
            self._end("fetch_into")
        return len(raw)

    def change_flags(self, uids: Collection[int], *, add: Collection[str] = (), remove: Collection[str] = ()) -> None:
        with self._mailbox.changed:
            arguments = (tuple(sorted(uids)), frozenset(add), frozenset(remove))
            folder = self._begin_in_folder("change_flags", *arguments, alters=True)
            with self._own_doing(folder):
                folder.mark(uids, add, remove)
            self._mailbox.changed.notify_all()
            self._end("change_flags")

    def move(self, uids: Collection[int], target: str) -> dict[int, int]:
        with self._mailbox.changed:
            folder = self._begin_in_folder("move", tuple(sorted(uids)), target, alters=True)
            if not self._mailbox.capabilities & {"MOVE", "UIDPLUS"}:
                raise RefusalError("The server cannot move messages one by one (MOVE, UIDPLUS).", code="CANNOT")
            with self._own_doing(folder):
                moved = self._mailbox.move(folder.name, uids, self._selectable(target, code="TRYCREATE").name)
            self._end("move")
        return moved if "UIDPLUS" in self.capabilities else {}

    def delete(self, uids: Collection[int]) -> None:
        with self._mailbox.changed:
            folder = self._begin_in_folder("delete", tuple(sorted(uids)), alters=True)
            if "UIDPLUS" not in self.capabilities:
                raise RefusalError("The server cannot delete messages one by one (UIDPLUS).", code="CANNOT")
            with self._own_doing(folder):
                self._mailbox.expunge(folder.name, uids)
            self._end("delete")

    def append(self, folder: str, raw: bytes, flags: Collection[str], at: datetime | None) -> int | None:
        with self._mailbox.changed:
            self._begin("append", folder, raw, frozenset(flags), at)
            target = self._selectable(folder, code="TRYCREATE")
            limit = self._mailbox.quota_limit
            if limit is not None and self._mailbox.used + len(raw) > limit:
                raise RefusalError("The mailbox is full.", code="OVERQUOTA")
            uid = self._mailbox.append(target.name, raw, flags, at)
            self._end("append")
        return uid if "UIDPLUS" in self.capabilities else None

    def find_message_id(self, folder: str, message_id: str) -> list[int]:
        with self._mailbox.lock:
            our_message_id(message_id)
            self._begin("find_message_id", folder, message_id)
            if self._open is None or self._open.name != folder:
                self._open = None
                self._open = self._selectable(folder)
                self._uidvalidity, self._seen, self._is_read_only = self._open.uidvalidity, self._open.modseq, True
            wanted = re.compile(rb"^Message-ID:\s*" + re.escape(message_id.encode()), re.IGNORECASE | re.MULTILINE)
            found = sorted(uid for uid, message in self._open.messages.items() if wanted.search(_header(message.raw)))
            self._end("find_message_id")
        return found

    def quota(self) -> Quota | None:
        with self._mailbox.lock:
            self._begin("quota")
            limit = self._mailbox.quota_limit
            quota = None if limit is None or "QUOTA" not in self.capabilities else Quota(self._mailbox.used, limit)
            self._end("quota")
        return quota

    def wait(self, seconds: float, stopped: Callable[[], bool]) -> bool:
        with self._mailbox.changed:
            folder = self._begin_in_folder("wait", seconds)
            if "IDLE" not in self.capabilities:
                raise RefusalError("The server does not tell of new mail by itself (IDLE).", code="CANNOT")
            left = seconds
            while self._seen == folder.modseq and left > 0 and not stopped():
                step = min(left, 0.05)
                self._mailbox.changed.wait(step)
                left -= step
                self._folder()
            has_news = self._seen != folder.modseq
            self._seen = folder.modseq
            self._end("wait")
        return has_news

    def still_there(self) -> None:
        with self._mailbox.lock:
            self._begin("still_there")
            self._end("still_there")

    def close(self) -> None:
        with self._mailbox.lock:
            self.is_closed = True
            self.die()

    # --- how it is done -----------------------------------------------------------------------------------------------

    def die(self) -> None:
        """The connection is gone, whoever held it."""
        self._is_dead = True
        if self in self._mailbox.connections:
            self._mailbox.connections.remove(self)

    def _begin(self, method: str, *arguments: object, alters: bool = False) -> Fault | None:
        if self._is_dead:
            raise _gone()
        try:
            fault = self._mailbox.meet(method, arguments)
        except Exception as error:  # noqa: BLE001  planned by a test
            self._raise(error)
        if self._is_dead:
            raise _gone()
        if alters and self._is_read_only:
            raise RefusalError("The folder was opened for reading only.", code="READ-ONLY")
        return fault

    def _begin_in_folder(self, method: str, *arguments: object, alters: bool = False) -> MemoryFolder:
        self._begin(method, *arguments, alters=alters)
        return self._folder()

    def _folder(self) -> MemoryFolder:
        """The open one; a server that finds it deleted or renumbered under a client drops that client."""
        if self._is_dead:
            raise _gone()
        if self._open is None:
            raise ServerError("No folder is open.")
        is_gone = not any(folder is self._open for folder in self._mailbox.folders())
        if is_gone or self._open.uidvalidity != self._uidvalidity:
            self.die()
            raise _gone()
        return self._open

    @contextmanager
    def _own_doing(self, folder: MemoryFolder) -> Iterator[None]:
        """Around a change that is no news to this client, because it made it."""
        before = folder.modseq
        yield
        self._seen += folder.modseq - before

    def _end(self, method: str) -> None:
        try:
            self._mailbox.part(method)
        except Exception as error:  # noqa: BLE001  planned by a test
            self._raise(error)

    def _raise(self, error: Exception) -> None:
        if isinstance(error, NetworkError):
            self.die()
        raise error

    def _selectable(self, name: str, code: str = "") -> MemoryFolder:
        checked(name.encode())
        found = next((folder for folder in self._mailbox.folders() if folder.name == name), None)
        if found is None or not found.is_selectable:
            raise RefusalError("There is no folder {name}.", code=code, name=name)
        return found

    def _status(self, folder: MemoryFolder, *, is_read_only: bool = False) -> FolderStatus:
        modseq = folder.modseq if "CONDSTORE" in self.capabilities else None
        return FolderStatus(folder.uidvalidity, folder.uidnext, len(folder.messages), modseq, is_read_only)


def _header(raw: bytes) -> bytes:
    head, separator, _ = raw.partition(b"\r\n\r\n")
    return head + separator


def _gone() -> NetworkError:
    return NetworkError("The connection to the server was cut.")
