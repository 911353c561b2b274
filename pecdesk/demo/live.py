"""The demo, alive: what is written there is handed to the made-up provider, whose receipts arrive seconds later.

What is on its way lies in `demo/post/` and survives the program; what has arrived lies with the rest of the office's
mail in `demo/mail/` and comes in through the ordinary import.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pecdesk.app import App
from pecdesk.demo.access_point import RefusedAtTheDoor, at_the_door, provider_key, take
from pecdesk.demo.courier import post
from pecdesk.demo.keys import KeyRing
from pecdesk.errors import N_, PecdeskError
from pecdesk.outbox.transport import Parcel, PostponedError, RefusedError, Taken
from pecdesk.pec.message import normal_address
from pecdesk.store.disk import write_file

INBOX, SENT = "inbox", "sent"

_log = logging.getLogger("outbox")


@dataclass(frozen=True, slots=True)
class _Due:
    at: float
    """Monotonic seconds."""
    file: Path
    mailbox: str


class LiveDemo:
    """The providers of one open demo profile, and the thread that brings their mail. Close it before the app."""

    def __init__(self, app: App, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._monotonic = clock
        self._folder = app.profile.root / "demo"
        self._keys = KeyRing(self._folder / "keys")
        self._changed = threading.Condition()
        self._due: list[_Due] = []
        self._is_closed = False
        self._numbers = itertools.count(1)
        self._thread = threading.Thread(target=self._run, name="demo-courier", daemon=True)

    def start(self) -> None:
        """Bring what was left on its way, and from now on what is sent."""
        left = sorted((self._folder / "post").glob("*/*.eml"))
        self._due = [_Due(0.0, file, file.parent.name) for file in left]
        self._thread.start()

    def close(self) -> None:
        """Stop; what is on its way waits for the next time."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join()

    def transport_of(self, account: str) -> DemoTransport:
        """The way from one of the office's mailboxes to its provider."""
        return DemoTransport(self, account)

    def submit(self, account: str, parcel: Parcel, raw: bytes) -> Taken:
        """Take a message in and put everything it brings about on its way."""
        if not self._keys.is_there:
            raise RefusedError(
                N_("This demo was made by an older version, whose providers can answer nothing."),
                N_("Make it anew with `pecdesk demo --reset`."),
            )
        now = self._app.clock()
        providers = self._keys.providers(now)
        key = provider_key(account)
        refused = at_the_door(account, parcel.sender, parcel.recipients)
        taken = refused or take(providers[key or "uno"], raw, parcel.sender, parcel.recipients, now)
        if isinstance(taken, RefusedAtTheDoor):
            kind = RefusedError if taken.code >= 500 else PostponedError
            raise kind(N_("The provider refuses the message: {reply}."), reply=f"{taken.code} {taken.text}")
        begun = self._monotonic()
        name = f"{now:%Y%m%d-%H%M%S}"
        write_file(self._private(SENT, normal_address(account)) / f"{name}-{next(self._numbers):04}.eml", raw)
        for posted in post(providers, taken, key or "uno"):
            mailbox = normal_address(posted.mailbox)
            file = self._private("post", mailbox) / f"{name}-{next(self._numbers):04}.eml"
            write_file(file, posted.raw)
            with self._changed:
                self._due.append(_Due(begun + posted.after.total_seconds(), file, mailbox))
                self._changed.notify_all()
        return Taken("250 2.0.0 Ok: queued (DEMO)")

    def _private(self, what: str, account: str) -> Path:
        folder = self._folder / "post" / account if what == "post" else self._folder / "mail" / account / what
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def _run(self) -> None:
        while (due := self._next()) is not None:
            try:
                self._bring(due)
            except PecdeskError as error:
                # Another process is writing, or the disk is full: it stays on its way.
                _log.warning("demo: a mail could not be brought: %s", error)
                with self._changed:
                    self._due.append(_Due(self._monotonic() + 1.0, due.file, due.mailbox))

    def _next(self) -> _Due | None:
        """The next mail that is due; waits for it. None when it is closed."""
        with self._changed:
            while not self._is_closed:
                first = min(self._due, key=lambda due: due.at, default=None)
                pause = first.at - self._monotonic() if first else None
                if first is not None and pause is not None and pause <= 0:
                    self._due.remove(first)
                    return first
                self._changed.wait(pause)
        return None

    def _bring(self, due: _Due) -> None:
        arrived = self._private(INBOX, due.mailbox) / due.file.name
        if due.file.exists():
            due.file.replace(arrived)
        self._app.import_paths([arrived], account=due.mailbox, now=self._app.clock())


@dataclass(frozen=True, slots=True)
class DemoTransport:
    """Handing over to a provider that is not there: in the demo alone."""

    live: LiveDemo
    account: str

    def hand_over(self, parcel: Parcel, before_the_dot: Callable[[], None]) -> Taken:
        """As `pecdesk.outbox.transport` says."""
        with parcel.open() as file:
            raw = file.read()
        before_the_dot()
        return self.live.submit(self.account, parcel, raw)
