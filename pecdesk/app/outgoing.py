"""Sending: a message is frozen and put into the outbox; what becomes of it there, and what the user may say about it.

Every verb waits for the turn to write, and first lets the database hear of all that the journal tells: another program
may have died in the middle of a step.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pecdesk.app.freezing import freeze, read_file
from pecdesk.app.frozen_drafts import draft_from_message
from pecdesk.errors import N_, PecdeskError, UsageError
from pecdesk.outbox.recovery import SEND_LOCK, desk_of
from pecdesk.outbox.transport import Transport, TransportOf
from pecdesk.outbox.worker import OutboxWorker
from pecdesk.pec.acceptable import (
    Objected,
    Objection,
    UnacceptableError,
    addressed,
    completed,
    objections,
)
from pecdesk.pec.composing import TYPE_OF_COMPLETENESS, new_message_id, recipients_of
from pecdesk.pec.draft import Draft, Relation
from pecdesk.pec.message import Completeness, normal_address
from pecdesk.pec.sending import Failure, Sending, SendState
from pecdesk.profile.providers import provider_named
from pecdesk.store import Changes, Store
from pecdesk.store.steps import SendingResumed

if TYPE_CHECKING:
    from pecdesk.app.app import App
    from pecdesk.profile.accounts import Account

PATIENCE = 60.0
"""Seconds to wait for another process that writes."""
GRACE = 5.0
"""Seconds that a sending is given to end when the program closes; then it is cut."""
NOT_SENT = Failure(N_("You have said that it was not sent."))

_log = logging.getLogger("outbox")


@dataclass(frozen=True, slots=True)
class FileSent:
    """A file that was put into the outbox, and what was done to it for that."""

    row_id: int
    message_id: str
    """With its angle brackets."""
    added: tuple[tuple[str, str], ...]
    """Fields that it did not have."""
    line_ends_changed: bool


def _never() -> bool:
    return False


class Outgoing:
    """The outbox of one profile. For any thread; all of it may wait, but for `subscribe`."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.transport_of: TransportOf = self._smtp
        """The way from an account to its provider; another one in the demo and in tests."""
        self.failure: BaseException | None = None
        """The bug for which nothing is sent any more until the program is started again."""
        self._listeners: list[Callable[[Sending], None]] = []
        self._guard = threading.Lock()
        self._worker: OutboxWorker | None = None
        self._thread: threading.Thread | None = None
        self._unsubscribe: Callable[[], None] = lambda: None
        self._abandoned = threading.Event()

    # putting in

    def send(self, draft: Draft, at: datetime, *, not_before: datetime | None = None) -> int:
        """Freeze a draft and put it into the outbox; the id of its row. It is a draft no longer.

        Raises `UsageError` where it is there already, `UnacceptableError` where no provider would take it. What the
        user should be asked before is told by `Drafting.checks`.
        """
        raw = self._app.drafting.compose(draft, max(at, not_before or at))
        self._check(objections(raw, draft.account))
        written = {normal_address(each.address.address) for each in recipients_of(draft)}
        if {normal_address(address) for address in addressed(raw).recipients} != written:
            raise UnacceptableError(objections=(Objected(Objection.RECIPIENTS_UNCLEAR, {"name": "to"}),))
        repeats = draft.related if draft.relation is Relation.RESEND else None
        row_id = freeze(
            self._app,
            self._turn(),
            raw,
            draft.account,
            at,
            not_before=not_before,
            draft=draft.id,
            repeats=repeats,
        )
        self._wake()
        return row_id

    def send_file(self, path: Path, account: str, receipt: Completeness | None, at: datetime) -> FileSent:
        """Put the bytes of a file into the outbox as they are, but for LF to CRLF and fields that are missing.

        Raises `UnacceptableError` with all that stands against it; nothing is sent then.
        """
        known = self._account(account)
        provider = provider_named(known.provider) if known else None
        word = TYPE_OF_COMPLETENESS[receipt] if receipt is not None else None
        made = completed(read_file(path), message_id=new_message_id(account), date=at, receipt=word)
        found = objections(
            made.raw,
            account,
            receipt=word,
            size_limit=(known.size_limit if known else 0) or (provider.size_limit if provider else 0),
            recipients_limit=(known.recipients_limit if known else 0) or (provider.recipients_limit if provider else 0),
        )
        self._check(found)
        row_id = freeze(self._app, self._turn(), made.raw, account, at)
        self._wake()
        return FileSent(row_id, f"<{addressed(made.raw).message_id}>", made.added, made.line_ends_changed)

    @staticmethod
    def _check(found: tuple[Objected, ...]) -> None:
        if found:
            raise UnacceptableError(objections=found)

    # the user's word

    def withdraw(self, row_id: int, at: datetime) -> Draft:
        """Take a message back that has not left; the draft that it is again. `UsageError` where it is too late.

        One that was uncertain and is said not to have been sent stays as it is, since nobody knows: the draft is a new
        one, with its content, for the same recipients.
        """
        sending = self._sending_of(row_id)
        if sending.was_uncertain:
            return draft_from_message(self._app, sending, at, relation=Relation.RESEND)
        made = None
        try:
            draft = self._app.drafting.get(sending.draft or "")
        except PecdeskError:
            draft = made = draft_from_message(self._app, sending, at, draft_id=sending.draft)
        try:
            with self._turn():
                self._app.store.withdraw(sending.sha256, at)
                self._app.store.show_draft(draft)
        except PecdeskError:
            if made is not None:
                self._app.drafting.discard(made.id, at)
            raise
        return draft

    def settle(self, row_id: int, *, was_sent: bool, at: datetime) -> None:
        """The user's word on what is uncertain. Nothing is sent by it."""
        sending = self._sending_of(row_id)
        with self._turn():
            error = None if was_sent else NOT_SENT
            settled = self._app.store.settle_by_user(sending.sha256, at, was_sent=was_sent, error=error)
        self._told(settled)

    def retry(self, row_id: int, at: datetime) -> None:
        """Send it now: what waits for its time or for another attempt, and what the provider refused."""
        sending = self._sending_of(row_id)
        with self._turn():
            resumed = self._app.store.take_step(SendingResumed(sending.sha256, at))
        self._told(resumed)
        if sending.holds_account:
            self.release(sending.account, at)
        self._wake()

    def release(self, account: str, at: datetime) -> None:
        """Try what waits because the login of an account was refused: its password, or the account, was changed. Where
        the worker runs, it does so by itself."""
        if not any(sending.is_held for sending in self._queued(account)):
            return
        with self._turn():
            for sending in self._queued(account):
                if sending.is_held:
                    with suppress(UsageError):  # a receipt came meanwhile
                        self._app.store.take_step(SendingResumed(sending.sha256, at))
        self._wake()

    def held_back(self, account: str) -> Failure | None:
        """Why nothing leaves from an account before its user does something: its login was refused. Quick."""
        return next((sending.last_error for sending in self._queued(account) if sending.holds_account), None)

    def _queued(self, account: str) -> list[Sending]:
        own = normal_address(account)
        return [sending for sending in self._app.store.sendings(SendState.QUEUED) if sending.account == own]

    def _sending_of(self, row_id: int) -> Sending:
        row = next(iter(self._app.rows_by_id([row_id])), None)
        sha256 = row.transmission.original_sha256 if row is not None else None
        sending = self._app.store.sending(sha256) if sha256 is not None else None
        if sending is None:
            raise UsageError(N_("This message is not in the outbox."))
        return sending

    # the worker

    def start(self) -> None:
        """Hand over what is due, from now on, in a thread of its own."""
        with self._guard:
            if self._thread is not None:
                return
            self._abandoned.clear()
            self._worker = OutboxWorker(_Desk(self))
            self._unsubscribe = self._app.changes.subscribe(self._look_at)
            self._thread = threading.Thread(target=self._run, args=(self._worker,), name="outbox", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End: what is being handed over is given some seconds, and is cut then."""
        with self._guard:
            worker, thread = self._worker, self._thread
            self._worker = self._thread = None
            self._unsubscribe()
            self._unsubscribe = lambda: None
        if worker is not None and thread is not None:
            worker.stop()
            thread.join(GRACE)
            self._abandoned.set()
            thread.join(GRACE)  # what still waits then, for a server's name, has begun nothing

    def deliver_now(self, cancelled: Callable[[], bool] = _never) -> bool:
        """Hand over what is due, each message once. False, and nothing is done, where another program is at it: that
        one sends it."""
        return OutboxWorker(_Desk(self), patience=PATIENCE).run_once(cancelled)

    @property
    def has_own_way(self) -> bool:
        """Whether messages leave otherwise than by the servers of accounts: in the demo, and in tests. Quick."""
        return self.transport_of != self._smtp

    def subscribe(self, callback: Callable[[Sending], None]) -> Callable[[], None]:
        """Be told of every step of a message, on the thread that took it; call what is returned to stop. Quick."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def _run(self, worker: OutboxWorker) -> None:
        try:
            self._clear_sent_drafts()
            worker.run()
        except Exception as error:  # noqa: BLE001 - shown as what it is; nothing is sent before somebody looked
            self.failure = error
            _log.exception("the outbox has stopped")

    def _look_at(self, changes: Changes) -> None:
        worker = self._worker
        if worker is not None and changes.accounts:
            worker.release(changes.accounts)
        if changes.transmissions or changes.everything:
            self._wake()

    def _wake(self) -> None:
        worker = self._worker
        if worker is not None:
            worker.wake()

    def _told(self, sending: Sending) -> None:
        if sending.draft is not None and (sending.state is SendState.PENDING or sending.was_uncertain):
            self._forget_draft(sending.draft)
        if sending.state is SendState.PENDING:
            self._app.syncing.check_now(sending.account)  # for the acceptance, and to put the copy where it belongs
        for listener in tuple(self._listeners):
            listener(sending)

    def _clear_sent_drafts(self) -> None:
        """Drafts of messages that were taken just before a program ended."""
        for draft, state in self._app.store.frozen_drafts().items():
            if state is SendState.PENDING:
                self._forget_draft(draft)

    def _forget_draft(self, draft: str) -> None:
        with suppress(PecdeskError):  # its files take room and nothing else; the next start tries again
            self._app.drafting.discard(draft, self._app.clock())

    # what all need

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self._app.writing(patience=PATIENCE, stopped=self._abandoned.is_set):
            self._app.catch_up(self._app.store)
            yield

    def _account(self, address: str) -> Account | None:
        """The account; None where none is needed to send from there."""
        if self.has_own_way:
            return self._app.servers.get(address)
        return self._app.servers.named(address)

    def _smtp(self, address: str) -> Transport:
        from pecdesk.outbox.smtp_transport import SmtpTransport  # noqa: PLC0415 - no other command needs it

        account = self._app.servers.named(address)
        stopped = self._abandoned.is_set
        return SmtpTransport(account, lambda: self._app.servers.password_to_try(account, stopped), stopped=stopped)


class _Desk:
    """A profile as the worker of the outbox sees it."""

    def __init__(self, outgoing: Outgoing) -> None:
        self._outgoing = outgoing
        self._app = outgoing._app

    @property
    def store(self) -> Store:
        return self._app.store

    @property
    def name(self) -> str:
        return desk_of(self._app.profile)

    def now(self) -> datetime:
        return self._app.clock()

    def turn(self) -> AbstractContextManager[None]:
        return self._outgoing._turn()

    def lease(self) -> AbstractContextManager[None]:
        return self._app.profile.lock(SEND_LOCK)

    def transport_of(self) -> TransportOf:
        return self._outgoing.transport_of

    def told(self, sending: Sending) -> None:
        self._outgoing._told(sending)
