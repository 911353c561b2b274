"""A profile and a mail server in memory for the tests of synchronising: real bytes, examined in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pecdesk.app.turn import Turn
from pecdesk.examine import Examination, examine, unexamined
from pecdesk.examiner.jobs import closed
from pecdesk.profile import Profile
from pecdesk.profile.accounts import Account, Endpoint
from pecdesk.store import Store
from pecdesk.store.database import Database
from pecdesk.sync.check import Check, Checked
from pecdesk.sync.means import Means
from pecdesk.sync.server import FolderRole
from pecdesk.trust import Reason
from tests.kit.memory_server import MemoryMailbox
from tests.kit.messages import NOW, anchors
from tests.kit.oracle import OnServer, complaints
from tests.unit.store.mailroom import catch_up

K = TypeVar("K")

ADDRESS = "studio@pec.gestoreuno.example"
PASSWORD = "Sesamo"
ACCOUNT = Account(ADDRESS, Endpoint("imap.gestoreuno.example", 993))


def mail(number: int, *, padding: int = 0, message_id: bool = True) -> bytes:
    """A small ordinary mail, another one for each number."""
    head = f"Message-ID: <{number}@posta.example>\r\n" if message_id else ""
    text = f"Lettera {number}\r\n" + "x" * padding
    return (
        f"From: Lucia <lucia@posta.example>\r\nTo: <{ADDRESS}>\r\nSubject: Lettera {number}\r\n{head}\r\n{text}\r\n"
    ).encode()


@cache
def examined(raw: bytes) -> Examination:
    return examine(raw, anchors(), now=NOW)


class DirectExaminer:
    """Examines without a helper process, reading ahead as the real one does."""

    def __init__(self) -> None:
        self.examined: list[int] = []
        """Sizes of what was examined."""
        self.closes_after: int | None = None
        """The trust is changed after so many messages: this examiner is closed."""
        self.is_closed = False

    def examine(self, raw: bytes, now: datetime | None = None) -> Examination:
        self.examined.append(len(raw))
        if self.closes_after is not None and len(self.examined) > self.closes_after:
            self.is_closed = True
            raise closed()
        return examined(raw)

    def examine_file(self, path: Path, now: datetime | None = None) -> Examination:
        raw = path.read_bytes()
        self.examined.append(len(raw))
        return examined(raw) if len(raw) < 1 << 24 else _unexamined(raw)

    def examine_many(
        self, messages: Iterable[tuple[K, bytes]], now: datetime | None = None
    ) -> Iterator[tuple[K, Examination]]:
        ahead: list[tuple[K, Examination]] = []
        for key, raw in messages:
            ahead.append((key, self.examine(raw)))
            if len(ahead) > 3:
                yield ahead.pop(0)
        yield from ahead


def _unexamined(raw: bytes) -> Examination:
    import hashlib

    return unexamined(hashlib.sha256(raw).hexdigest(), len(raw), Reason.SIZE_LIMIT, anchors().version)


class Office:
    """One profile with one account, and the parts that synchronising works with."""

    def __init__(self, root: Path, mailbox: MemoryMailbox | None = None, account: Account = ACCOUNT) -> None:
        self.profile = Profile.open(root)
        self.account = account
        self.mailbox = mailbox or MemoryMailbox(PASSWORD)
        self.store = Store.open(self.profile)
        self.store.add_account(account.address, NOW)
        self.examiner = DirectExaminer()
        self.turn = Turn(self.profile)
        self.now = NOW
        self.seconds = 0.0
        self.free = 1 << 40

    def close(self) -> None:
        self.store.close()

    def reopen(self) -> None:
        """As after the program was ended."""
        self.store.close()
        self.store = Store.open(self.profile)

    def lose_the_database(self) -> None:
        """It is made again from archive and journal."""
        self.store.close()
        Database.remove(self.profile.database)
        self.store = Store.open(self.profile)
        catch_up(self.store)

    def tick(self, **passed: float) -> None:
        """Time goes by, on the wall and otherwise."""
        step = timedelta(**passed)
        self.now += step
        self.seconds += step.total_seconds()

    @contextmanager
    def _examiner(self, _count: int) -> Iterator[Any]:
        if self.examiner.is_closed:
            self.examiner = DirectExaminer()
        yield self.examiner

    def means(self) -> Means:
        return Means(
            store=lambda: self.store,
            writing=lambda stopped: self.turn.take(patience=5, stopped=stopped),
            examiner=self._examiner,
            anchors_version=lambda: anchors().version,
            clock=self._clock,
            monotonic=lambda: self.seconds,
            incoming=self.profile.incoming,
            free_bytes=lambda: self.free,
        )

    def _clock(self) -> datetime:
        return self.now

    def check(
        self, *, stopped: Callable[[], bool] = lambda: False, only_inbox: bool = False, **options: Any
    ) -> Checked:
        """One pass over a connection of its own."""
        server = self.mailbox.connect(self.account, self.mailbox.password)
        try:
            check = Check(self.account, server, self.means(), stopped=stopped, **{"tries_again": True, **options})
            return check.run(only_inbox=only_inbox)
        finally:
            server.close()

    def dry_run(self) -> Checked:
        server = self.mailbox.connect(self.account, self.mailbox.password)
        try:
            return Check(self.account, server, self.means(), tries_again=True).dry_run()
        finally:
            server.close()

    def fill(self, count: int, folder: str = "INBOX", first: int = 1, **options: Any) -> list[int]:
        return [
            self.mailbox.append(folder, mail(number), at=NOW + timedelta(minutes=number), **options)
            for number in range(first, first + count)
        ]

    # what must be true

    def on_server(self) -> dict[str, dict[int, OnServer]]:
        """What a second client sees in the folders that are watched."""
        return {
            folder.name: {uid: OnServer(one.raw, frozenset(one.flags)) for uid, one in folder.messages.items()}
            for folder in self.mailbox.folders()
            if folder.is_selectable and folder.role is not FolderRole.DRAFTS
        }

    def complaints(self, **known: Any) -> list[str]:
        return complaints(self.profile, self.store, self.account.key, self.on_server(), **known)
