"""An office with an outbox: a real store, the real worker, a provider in memory that remembers what it took."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zlib import crc32

from pecdesk.demo.draft import Draft, original
from pecdesk.outbox.recovery import SEND_LOCK, recover
from pecdesk.outbox.transport import Parcel, Taken, Transport, TransportOf
from pecdesk.outbox.worker import OutboxWorker
from pecdesk.pec.acceptable import addressed
from pecdesk.pec.sending import Sending
from pecdesk.profile import Profile
from pecdesk.store import Arrival, Placement, Row, Store
from pecdesk.store.steps import Queued
from tests.kit.messages import NOW, RECIPIENT, SECOND, SENDER, SENT_AT, draft, provider, sending
from tests.unit.store.mailroom import catch_up, examined, open_store, rows

DESK = "d"


class Killed(BaseException):
    """The program was killed: nothing of it runs any more."""


def written(subject: str) -> Draft:
    """No two of the same moment, so that every list has one order."""
    return draft(
        subject, recipients=(RECIPIENT, SECOND), at=SENT_AT + timedelta(seconds=crc32(subject.encode()) % 9973)
    )


@cache
def letter(subject: str) -> bytes:
    return original(written(subject))


@cache
def acceptance(subject: str) -> bytes:
    """The receipt that shows that the provider has it."""
    return provider().acceptance(sending(written(subject))).sealed()


@dataclass
class Plan:
    """How the provider treats the next message."""

    error: Exception | None = None
    """Raised in the end."""
    takes: bool = True
    """Whether it has the message then: with an error, it was taken and nobody was told."""
    says_end: bool = True
    """Whether it comes to the end of the data."""
    at: Callable[[str], None] = lambda _: None
    """Called with each point that is reached: opened, read, marked, taken."""


@dataclass
class Bench:
    """The provider."""

    plans: list[Plan] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    """Message-IDs in comparable form, in the order in which it took them."""
    raws: list[bytes] = field(default_factory=list)
    recipients: list[tuple[str, ...]] = field(default_factory=list)
    """Whom each of them was for."""

    def hand_over(self, parcel: Parcel, before_the_dot: Callable[[], None]) -> Taken:
        plan = self.plans.pop(0) if self.plans else Plan()
        plan.at("opened")
        with parcel.open() as file:
            raw = file.read()
        plan.at("read")
        if plan.says_end:
            before_the_dot()
            plan.at("marked")
            if plan.takes:
                self.raws.append(raw)
                self.taken.append(addressed(raw).message_id)
                self.recipients.append(parcel.recipients)
            plan.at("taken")
        if plan.error is not None:
            raise plan.error
        return Taken("250 2.0.0 Ok: queued")

    @property
    def counts(self) -> Counter[str]:
        return Counter(self.taken)


class Office:
    """A profile as the worker sees it. `crash` leaves it as a killed program does."""

    def __init__(self, root: Path) -> None:
        self.profile = Profile.open(root)
        self.bench = Bench()
        self.time = NOW
        self.heard: list[Sending] = []
        self.leased = threading.Event()
        """Set while somebody hands over from here."""
        self._store = open_store(root)

    # what the worker needs

    @property
    def store(self) -> Store:
        return self._store

    @property
    def name(self) -> str:
        return DESK

    def now(self) -> datetime:
        return self.time

    @contextmanager
    def turn(self) -> Iterator[None]:
        if self._store.unapplied().entries:
            catch_up(self._store)
        yield

    @contextmanager
    def lease(self) -> Iterator[None]:
        with self.profile.lock(SEND_LOCK):
            self.leased.set()
            try:
                yield
            finally:
                self.leased.clear()

    def transport_of(self) -> TransportOf:
        return self._transport

    def _transport(self, _account: str) -> Transport:
        return self.bench

    def told(self, sending: Sending) -> None:
        self.heard.append(sending)

    # what tests do

    def later(self, **span: float) -> None:
        self.time += timedelta(**span)

    def queue(self, subject: str = "Diffida", raw: bytes | None = None, **fields: object) -> int:
        raw = letter(subject) if raw is None else raw
        to = addressed(raw)
        found = examined(raw)
        step = Queued(
            sha256=found.sha256,
            at=self.time,
            account=SENDER,
            message_id=to.message_id,
            sender=to.sender,
            recipients=to.recipients,
            **{"desk": DESK, **fields},  # type: ignore[arg-type]
        )
        with self.turn():
            return self.store.queue(raw, found, step)

    def deliver(self) -> None:
        """What the command line does."""
        assert OutboxWorker(self, jitter=lambda: 0.0).run_once(lambda: False)

    def receive(self, raw: bytes) -> None:
        """A message comes into the mailbox."""
        with self.store.archive.batch() as archive:
            archive.put(raw)
        place = Placement(SENDER, "INBOX", False, "import", self.time.isoformat())
        self.store.add([Arrival(examined(raw), place)])

    def reopen(self) -> None:
        """A new program, as `App` opens a profile."""
        self._store.close()
        self._store = Store.open(self.profile)
        catch_up(self._store)
        recover(self._store, DESK, self.time)

    def rebuild(self) -> None:
        """The database made again from archive and journal."""
        self._store.close()
        self._store = Store.open(self.profile, anew=True)
        catch_up(self._store)

    def row(self, subject: str = "Diffida") -> Row:
        (found,) = [row for row in rows(self.store) if row.transmission.subject == subject]
        return found

    def record(self, subject: str = "Diffida") -> Sending | None:
        return self.store.sending(examined(letter(subject)).sha256)

    def state(self, subject: str = "Diffida") -> str:
        return str(self.row(subject).transmission.state)

    def close(self) -> None:
        self._store.close()


def killed(point: str) -> Callable[[str], None]:
    """Kills the program when that point is reached."""

    def at(reached: str) -> None:
        if reached == point:
            raise Killed

    return at
