"""The one who hands messages over, one after the other. In a program of its own thread; on the command line, once.

Who does it holds the profile's lock of sending: a second program only puts into the outbox. Nothing is handed over that
is not written down before as being handed over; the end of the data leaves only once it is durable that it is about to;
and what became of it is written down before anything else is done.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, ExitStack, suppress
from datetime import datetime
from typing import Protocol

from pecdesk.errors import PecdeskError, ProfileError, StoreError, UsageError
from pecdesk.outbox.frozen import FrozenBytes
from pecdesk.outbox.recovery import recover
from pecdesk.outbox.states import INTERRUPTED, INTERRUPTED_AT_THE_END, UNKNOWN, end_of
from pecdesk.outbox.transport import Parcel, Taken, TransportOf
from pecdesk.pec.sending import Sending, SendState
from pecdesk.store import Store
from pecdesk.store.steps import SendingClosing, SendingEnded, SendingResumed

POLL = 5.0
"""Seconds after which the outbox is looked at again: another program may have put something into it."""
_AGAIN = 1.0
"""Seconds after which the lock, or a disk that refuses, is tried again."""

_log = logging.getLogger("outbox")


class Desk(Protocol):
    """What the worker needs of a profile."""

    @property
    def store(self) -> Store:
        """Its memory."""

    @property
    def name(self) -> str:
        """See `Sending.desk`."""

    def now(self) -> datetime:
        """The time, aware."""

    def turn(self) -> AbstractContextManager[None]:
        """The turn to write, waited for; inside, the database has heard of all that the journal tells."""

    def lease(self) -> AbstractContextManager[None]:
        """The lock of sending; `ProfileError` at once where another has it."""

    def transport_of(self) -> TransportOf:
        """The ways to the providers."""

    def told(self, sending: Sending) -> None:
        """Something became of a message."""


class OutboxWorker:
    """Hands over what is due. `run` is for a thread of its own, `run_once` for the command line."""

    def __init__(
        self, desk: Desk, *, jitter: Callable[[], float] = random.random, patience: float | None = None
    ) -> None:
        """`patience`: seconds for which a disk that refuses is tried again; None: until `stop`."""
        self._desk = desk
        self._patience = patience
        self._jitter = jitter
        self._stopped = threading.Event()
        self._woken = threading.Event()
        self._changed: set[str] = set()
        """Accounts that were changed: their login is tried again."""

    def wake(self) -> None:
        """Look again now: something was put into the outbox, or a receipt came. Quick."""
        self._woken.set()

    def release(self, accounts: Collection[str]) -> None:
        """Try again what waits because their login was refused, or because they were gone: they were changed. Quick."""
        self._changed |= set(accounts)
        self._woken.set()

    def stop(self) -> None:
        """End after the message that is being handed over."""
        self._stopped.set()
        self._woken.set()

    def run(self) -> None:
        """Hand over what is due, whenever it is, until `stop`. What is no failure of the world goes through."""
        while not self._stopped.is_set():
            try:
                with self._desk.lease():
                    self._serve()
            except PecdeskError as error:
                if not isinstance(error, ProfileError):
                    _log.warning("the outbox cannot be looked at: %s", type(error).__name__)
                self._stopped.wait(_AGAIN)

    def run_once(self, cancelled: Callable[[], bool]) -> bool:
        """Hand over what is due now, each message once. False, and nothing is done, where another program does it."""
        with ExitStack() as held:
            try:
                held.enter_context(self._desk.lease())
            except ProfileError:
                return False
            self._recover()
            while not cancelled() and (sending := self._next()) is not None:
                self.deliver(sending)
        return True

    def _serve(self) -> None:
        self._recover()
        while not self._stopped.is_set():
            self._woken.clear()
            self._settle()
            self._resume()
            sending = self._next()
            if sending is not None:
                self.deliver(sending)
            else:
                self._woken.wait(self._pause())

    def _recover(self) -> None:
        with self._desk.turn():
            for sending in recover(self._desk.store, self._desk.name, self._desk.now()):
                self._desk.told(sending)

    def _settle(self) -> None:
        """Write down what receipts show: the copy for the Sent folder waits for that."""
        if self._desk.store.has_proven_sendings():
            with self._desk.turn():
                settled = self._desk.store.settle_by_receipts(self._desk.now())
            for sending in settled:
                self._desk.told(sending)

    def _resume(self) -> None:
        """What waits for the user, of accounts that were changed since; unless it is a bug that holds it."""
        changed, self._changed = self._changed, set()
        waiting = self._desk.store.sendings(SendState.QUEUED) if changed else []
        held = [one for one in waiting if one.is_held and one.account in changed and one.last_error != UNKNOWN]
        if held:
            with self._desk.turn():
                for sending in held:
                    with suppress(UsageError):  # a receipt came meanwhile
                        self._desk.store.take_step(SendingResumed(sending.sha256, self._desk.now()))

    def _queued(self) -> list[Sending]:
        """What is to be handed over by itself, now or later: nothing of an account whose login was refused."""
        waiting = self._desk.store.sendings(SendState.QUEUED)
        held = {sending.account for sending in waiting if sending.holds_account}
        return [sending for sending in waiting if sending.due_at is not None and sending.account not in held]

    def _next(self) -> Sending | None:
        now = self._desk.now()
        due = [sending for sending in self._queued() if sending.is_due(now)]
        return min(due, key=lambda sending: (sending.due_at, sending.queued_at), default=None)

    def _pause(self) -> float:
        now = self._desk.now()
        moments = [sending.due_at for sending in self._queued() if sending.due_at is not None]
        return min([POLL, *(max(0.0, (moment - now).total_seconds()) for moment in moments)])

    # one message

    def deliver(self, sending: Sending) -> None:
        """Hand one message over, if it still is to be, and write down what became of it."""
        with self._desk.turn():
            begun = self._desk.store.begin_sending(sending.sha256, self._desk.now())
        if begun is None:
            return
        self._desk.told(begun)
        _log.info("handing over a message of %s, attempt %d", _shortened(begun.account), begun.attempts)
        is_closing = False

        def before_the_dot() -> None:
            nonlocal is_closing
            frozen.check()
            with self._desk.turn():
                self._desk.store.take_step(SendingClosing(begun.sha256, self._desk.now()))
            is_closing = True

        frozen = FrozenBytes(self._desk.store.archive, begun.sha256)
        outcome: Taken | Exception
        try:
            parcel = Parcel(begun.sender, begun.recipients, frozen.size(), frozen.open)
            outcome = self._desk.transport_of()(begun.account).hand_over(parcel, before_the_dot)
        except Exception as error:  # noqa: BLE001 - whatever it is, what became of the message is written down
            outcome = error
        except BaseException:
            interrupted = INTERRUPTED_AT_THE_END if is_closing else INTERRUPTED
            self._end(begun, interrupted.error, was_closing=is_closing)
            raise
        self._end(begun, outcome, was_closing=is_closing)
        if isinstance(outcome, Exception) and not isinstance(outcome, PecdeskError):
            raise outcome

    def _end(self, begun: Sending, outcome: Taken | Exception, *, was_closing: bool) -> None:
        now = self._desk.now()
        end = end_of(outcome, was_closing=was_closing, attempt=begun.attempts, now=now, jitter=self._jitter())
        step = SendingEnded(
            begun.sha256,
            now,
            end.state,
            reply=end.reply,
            error=end.error,
            next_try_at=end.next_try_at,
            is_held=end.is_held,
            holds_account=end.holds_account,
        )
        _log.info("a message of %s is %s", _shortened(begun.account), end.state)
        self._desk.told(self._written(step))

    def _written(self, step: SendingEnded) -> Sending:
        """Write it down, however long a disk refuses; what is never written down is found uncertain at the next start,
        or not sent, as it was."""
        until = None if self._patience is None else time.monotonic() + self._patience
        while True:
            try:
                with self._desk.turn():
                    return self._desk.store.take_step(step)
            except (StoreError, ProfileError) as error:
                if self._stopped.is_set() or (until is not None and time.monotonic() > until):
                    raise
                _log.error("what became of a message cannot be written down: %s", type(error).__name__)
            self._stopped.wait(_AGAIN)


def _shortened(address: str) -> str:
    """An address for the log."""
    return f"{address[:2]}…@{address.rpartition('@')[2]}"
