"""What a program that was stopped in the middle of a sending left, made true again."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import datetime

from pecdesk.errors import UsageError
from pecdesk.outbox.states import FROM_A_BACKUP, INTERRUPTED, INTERRUPTED_AT_THE_END
from pecdesk.pec.sending import Sending, SendState
from pecdesk.profile import Profile
from pecdesk.store import Store
from pecdesk.store.disk import write_file
from pecdesk.store.steps import SendingEnded

SEND_LOCK = "send"
"""Held by the one program that hands messages over, as long as it does."""

_NAME = ".desk"
"""Its name begins with a dot, so that no backup takes it along (`pecdesk.app.copying`)."""


def desk_of(profile: Profile, *, make: bool = False) -> str:
    """What tells this profile folder from every copy of it; empty while nothing was ever queued here, unless it is to
    be made.

    A copy of the whole folder holds the same file, but not under the same number of the file system.
    """
    file = profile.root / _NAME
    for _ in range(2):
        with suppress(FileNotFoundError, UnicodeDecodeError):
            desk = file.read_text("ascii").strip()
            if desk:
                return f"{desk}-{file.stat().st_ino:x}"
        if not make:
            break
        write_file(file, f"{secrets.token_hex(8)}\n".encode())
    return ""


def to_recover(store: Store, desk: str) -> list[Sending]:
    """What cannot be as it is: being handed over though nobody does it, or waiting in a restored backup."""
    return [
        sending
        for sending in store.sendings(SendState.SENDING, SendState.QUEUED)
        if sending.state is SendState.SENDING or sending.desk != desk
    ]


def recover(store: Store, desk: str, at: datetime) -> list[Sending]:
    """Bring these into the state that is true: what may have been sent is uncertain, the rest waits again.

    For whoever holds the lock of sending and has the turn to write.
    """
    recovered = []
    for sending in to_recover(store, desk):
        with suppress(UsageError):  # the journal knows better, and so does the database now
            recovered.append(store.take_step(_end(sending, desk, at)))
    return recovered


def _end(sending: Sending, desk: str, at: datetime) -> SendingEnded:
    if sending.desk != desk:
        return SendingEnded(sending.sha256, at, SendState.UNCERTAIN, error=FROM_A_BACKUP)
    if sending.is_closing:
        return SendingEnded(sending.sha256, at, SendState.UNCERTAIN, error=INTERRUPTED_AT_THE_END)
    return SendingEnded(sending.sha256, at, SendState.QUEUED, error=INTERRUPTED)
