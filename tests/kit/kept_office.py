"""A profile kept current with a real IMAP server: what a user has, for tests of all that can go wrong with it."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from pecdesk.app import App
from pecdesk.app.syncing import SyncReport
from pecdesk.errors import PecdeskError
from pecdesk.examiner import Examiner
from pecdesk.profile import Profile
from pecdesk.profile.account_status import AccountStatus
from pecdesk.profile.accounts import Account
from pecdesk.sync.folder_names import decode_name
from pecdesk.sync.imap import connect
from pecdesk.sync.server import Server
from tests.kit.dovecot import Dovecot
from tests.kit.oracle import OnServer, complaints

PATIENCE = 30.0
"""Seconds after which a test has failed."""
UNWATCHED = frozenset({"Drafts"})
_LISTED = re.compile(rb'\(([^)]*)\) "[^"]*" "?(.*?)"?')
_UNSELECTABLE = re.compile(rb"\\(noselect|nonexistent)")


class SharedHelper(App):
    """An app whose helper process was started before and outlives it."""

    lent: Examiner

    @property
    def helper(self) -> Examiner:
        return self.lent

    @contextmanager
    def examiner(self, *, now: datetime | None = None, processes: int = 1) -> Iterator[Examiner]:
        yield self.lent


class KeptOffice:
    """A profile with one account. Use with `with`."""

    def __init__(
        self,
        root: Path,
        server: Dovecot,
        *,
        examiner: Examiner | None = None,
        account: Account | None = None,
        timeout: float = 30.0,
        **more: Any,
    ) -> None:
        """`examiner` is used instead of a helper of its own; `more` are fields of the account."""
        self.server = server
        self.examiner = examiner
        self.timeout = timeout
        self.profile = Profile.open(root / "profile")
        secret = root / "password"
        secret.write_text(server.password)
        self.account = replace(account or server.account(), password_command=f"cat {secret}", **more)
        self.meddled: dict[str, Callable[[], None]] = {}
        """What others do just before a method of the connection is called, once."""
        self.statuses: list[AccountStatus] = []
        self._moved = threading.Condition()
        self.app = self._opened()
        if self.app.servers.get(self.account.address) is None:
            self.app.servers.add(self.account, None, datetime.now(UTC))

    def __enter__(self) -> KeptOffice:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.app.syncing.stop()
        self.app.outgoing.stop()
        self.app.close()

    def reopen(self) -> None:
        """As after the program was ended and started again."""
        self.close()
        self.app = self._opened()

    def _opened(self) -> App:
        app = App(self.profile)
        if self.examiner is not None:
            app = SharedHelper(self.profile)
            app.lent = self.examiner

        def reached(account: Account, stopped: Callable[[], bool]) -> Server:
            password = app.servers.password_of(account, stopped)
            found = connect(account, password, timeout=self.timeout, stopped=stopped)
            return cast("Server", Meddled(found, self.meddled))

        app.syncing._ground.open = reached  # type: ignore[method-assign]
        app.syncing.subscribe(self._heard)
        return app

    # once

    def sync(self) -> SyncReport:
        """One pass."""
        (report,) = self.app.syncing.sync()
        return report

    def synced(self) -> SyncReport:
        """One pass that the world lets pass."""
        report = self.sync()
        if report.error is not None:
            raise report.error
        return report

    def converge(self, tries: int = 4) -> list[PecdeskError]:
        """Pass after pass until one ends well; what ended the others."""
        errors: list[PecdeskError] = []
        while (error := self.sync().error) is not None:
            errors.append(error)
            assert len(errors) < tries, errors
        return errors

    # kept current

    def _heard(self, status: AccountStatus) -> None:
        with self._moved:
            self.statuses.append(status)
            self._moved.notify_all()

    def until(self, condition: Callable[[AccountStatus], bool], patience: float = PATIENCE) -> AccountStatus:
        """The next status, beginning with the one that stands, of which that is true."""
        seen = len(self.statuses)
        current = self.app.syncing.status(self.account.key)
        if condition(current):
            return current
        ends = time.monotonic() + patience
        with self._moved:
            while True:
                found = next((status for status in self.statuses[seen:] if condition(status)), None)
                if found is not None:
                    return found
                seen = len(self.statuses)
                assert self._moved.wait(ends - time.monotonic()), f"never came: {self.statuses[-3:]}"

    def until_here(self, sha256: str, patience: float = PATIENCE) -> None:
        """Wait until a message is here."""
        moved = threading.Event()
        stop = self.app.changes.subscribe(lambda _: moved.set())
        try:
            while sha256 not in self.hashes():
                assert moved.wait(patience), f"{sha256} never came: {self.statuses[-3:]}"
                moved.clear()
        finally:
            stop()

    # what must be true

    def hashes(self) -> set[str]:
        """SHA-256 of all messages here."""
        return {sha256 for sha256, _, _ in self.app.store.hashes()}

    def watched(self) -> list[str]:
        """Names of the folders that can be opened and are watched."""
        with self.server.client() as client:
            kind, lines = client.list()
        assert kind == "OK", lines
        names = []
        for line in lines:
            found = _LISTED.fullmatch(line) if isinstance(line, bytes) else None
            assert found, line
            if not _UNSELECTABLE.search(found[1].lower()):
                names.append(decode_name(re.sub(rb"\\(.)", rb"\1", found[2])))
        return [name for name in names if name not in UNWATCHED]

    def on_server(self) -> dict[str, dict[int, OnServer]]:
        """What a second client sees in the folders that are watched."""
        return {
            name: {one.uid: OnServer(one.raw, one.flags) for one in self.server.messages(name)}
            for name in self.watched()
        }

    def complaints(self, server: Mapping[str, Mapping[int, OnServer]] | None = None, **known: Any) -> list[str]:
        """What the oracle says."""
        there = self.on_server() if server is None else server
        return complaints(self.profile, self.app.store, self.account.key, there, **known)

    def left_over(self) -> list[str]:
        """Files that are not whole."""
        return [complaint for complaint in self.complaints({}) if complaint.startswith("I6")]

    def first_seen(self) -> dict[str, tuple[int, str]]:
        """Of every message by SHA-256: its number, and when it was first seen."""
        with self.app.store.database.read() as connection:
            asked = connection.execute("SELECT sha256, id, first_seen FROM message")
            return {sha256: (number, at) for sha256, number, at in asked}


class Meddled:
    """A connection whose other users act just before a method is called."""

    def __init__(self, server: Any, planned: dict[str, Callable[[], None]]) -> None:
        self._server = server
        self._planned = planned

    def __getattr__(self, name: str) -> Any:
        if name in self._planned:
            found = getattr(self._server, name)

            def called(*words: Any, **options: Any) -> Any:
                action = self._planned.pop(name, None)
                if action is not None:
                    action()
                return found(*words, **options)

            return called
        return getattr(self._server, name)
