"""The program ends, or the disk is full, at every single durable step of a pass: starting again converges."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from pecdesk.errors import StoreError
from pecdesk.store import archive as archiving
from pecdesk.store import journal as journalling
from pecdesk.store.database import Database
from pecdesk.sync import fetching
from pecdesk.sync.server import SEEN
from tests.kit.memory_server import MemoryMailbox
from tests.unit.store.mailroom import catch_up
from tests.unit.sync.office import PASSWORD, Office, mail


class Killed(BaseException):
    """The process is gone: nothing after it runs, but what tidies up on the way out."""


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def killed(*_: object) -> None:
    raise Killed


@contextmanager
def at_step(monkeypatch: pytest.MonkeyPatch, number: int, event: Callable[..., None]) -> Iterator[list[str]]:
    """Let that happen at the n-th durable step; the steps that were taken."""
    steps: list[str] = []

    def due(name: str) -> bool:
        steps.append(name)
        return len(steps) == number

    real = {
        "fsync": archiving.sync_file,
        "journal": journalling.sync_file,
        "whole": archiving.sync_whole,
        "rename": os.replace,
    }
    real_write = Database.write

    def before(name: str) -> Callable[..., object]:
        def step(*arguments: object) -> object:
            if due(name):
                event()
            return real[name](*arguments)  # type: ignore[operator]

        return step

    @contextmanager
    def write(self: Database) -> Iterator[object]:
        with real_write(self) as connection:
            yield connection
            if due("commit"):
                event()
        if due("committed") and event is killed:
            event()

    with monkeypatch.context() as patch:
        patch.setattr(archiving, "sync_file", before("fsync"))
        patch.setattr(archiving, "sync_whole", before("whole"))
        patch.setattr(journalling, "sync_file", before("journal"))
        patch.setattr(os, "replace", before("rename"))
        patch.setattr(Database, "write", write)
        yield steps


def prepared(root: Path) -> Office:
    """A mailbox with everything in it that a pass can meet."""
    office = Office(root, MemoryMailbox(PASSWORD))
    mailbox = office.mailbox
    mailbox.create("Vecchie")
    office.fill(4)
    office.fill(3, "Vecchie", first=20)
    office.check()
    office.fill(3, first=40)
    mailbox.append("INBOX", mail(60, padding=fetching.BIG))
    mailbox.expunge("INBOX", [1])
    mailbox.flag("INBOX", [2], [SEEN])
    mailbox.rename("Vecchie", "Nuove")
    mailbox.change_uidvalidity("INBOX", renumber=True)
    return office


@pytest.mark.parametrize("event", [killed, full])
def test_a_pass_that_ends_at_any_durable_step_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, event: Callable[..., None]
) -> None:
    monkeypatch.setattr(fetching, "KEPT_FIRST", 4)  # two parcels, so that one fails with the other behind it
    monkeypatch.setattr(fetching, "KEPT_AT_ONCE", 4)
    number = 0
    root = tmp_path / "prepared"
    office = prepared(root)
    office.store.close()
    while True:
        number += 1
        copy = tmp_path / str(number)
        shutil.copytree(root, copy)
        again = Office(copy, office.mailbox)
        with at_step(monkeypatch, number, event) as steps, suppress(Killed, StoreError):
            again.check()
        again.reopen()
        catch_up(again.store)
        again.check()
        assert again.complaints() == [], f"after step {number}: {steps[number - 1 : number]}"
        assert again.dry_run().actions == ()
        again.close()
        shutil.rmtree(copy)
        if len(steps) < number:
            break
    assert number > 15
    assert set(steps) == {"fsync", "journal", "rename", "commit", "committed"} or "whole" in steps
