"""A small synchronisation ended at any step it takes on the disk, and what must be true when it is run again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pecdesk.examiner import Examiner
from pecdesk.store import Filter
from tests.kit.dovecot import Dovecot
from tests.kit.failing_disk import FailingDisk, How, Step, read_steps
from tests.kit.kept_office import KeptOffice
from tests.kit.messages import draft, provider, sending

PATIENCE = 60.0
FOLDERS = ("INBOX", "Clienti")
BIG = 1_200_000
"""Bytes of a message that goes through a file."""
STOPPED, FULL = -signal.SIGKILL, 3
"""How a program ends that was killed, and one for which there is no room."""


def letter(number: int, padding: int = 0) -> bytes:
    """A small ordinary mail, another one for each number."""
    lines = "".join(f"{at:076}\r\n" for at in range(padding // 78))
    return (
        f"From: Lucia <lucia@posta.example>\r\nTo: <studio@pec.example>\r\nSubject: Lettera {number}\r\n"
        f"Message-ID: <{number}@posta.example>\r\n\r\nLettera {number}\r\n{lines}"
    ).encode()


@dataclass(frozen=True)
class Ended:
    """How a run ended, and what was found after the next one. Nothing in `complaints`: all is well."""

    code: int
    said: str
    complaints: tuple[str, ...]
    archived: int
    """Messages in the archive when it ended."""


class CrashBench:
    """A mailbox, and a profile that is about to be synchronised with it; copied for every run."""

    def __init__(self, folder: Path, server: Dovecot, examiner: Examiner, *, is_first: bool) -> None:
        """`is_first`: the profile has seen nothing of the mailbox yet, and has no database."""
        self._folder = folder
        self._server = server
        self._examiner = examiner
        self._disk = FailingDisk(folder)
        self._template = folder / "template"
        self._template.mkdir()
        self._runs = 0
        server.create(FOLDERS[1])
        for number in range(3):
            server.append(FOLDERS[0], letter(number))
        known = server.append(FOLDERS[1], letter(3))
        with KeptOffice(self._template, server, examiner=examiner, marks_read_on_server=True) as office:
            if not is_first:
                office.synced()
                wished = office.app.store.ids(Filter(limit=1), datetime.now(UTC))
                office.app.mark_read(wished, read=True, at=datetime.now(UTC))
                assert office.app.store.pending(office.account.key)
        if is_first:
            for path in office.profile.root.glob("pecdesk.db*"):
                path.unlink()
        server.flag(FOLDERS[0], [1], ["\\Flagged"])
        server.expunge(FOLDERS[1], [known])
        receipt = provider().acceptance(sending(draft("Diffida"))).sealed()
        for raw in (letter(10), receipt, letter(11, BIG)):
            server.append(FOLDERS[0], raw)
        for number in range(12, 15):
            server.append(FOLDERS[1], letter(number))

    def steps(self) -> list[Step]:
        """What one run that nothing happens to does on the disk."""
        root = self._copied()
        log = self._folder / "steps"
        code, said = self._run(root, self._disk.environment(root / "profile", 0, log=log))
        assert code == 0, said
        shutil.rmtree(root)
        return read_steps(log)

    def ended(self, at: int, how: How) -> Ended:
        """Run it to that step; run it again without harm; look."""
        root = self._copied()
        code, said = self._run(root, self._disk.environment(root / "profile", at, how))
        complaints = [] if how is How.FULL or code in (STOPPED, 0) else [f"ended with {code}: {said}"]
        if how is How.FULL and (code not in (FULL, 0) or "Traceback" in said):
            complaints.append(f"without room it ended with {code}: {said}")
        archived = {path.stem for path in (root / "profile" / "archive").rglob("*.eml")}
        with KeptOffice(root, self._server, examiner=self._examiner) as office:
            report = office.sync()
            complaints += [f"the next run failed: {report.error!r}"] if report.error else office.complaints()
            complaints += [f"lost: {sha256}" for sha256 in archived - office.hashes()]
            again = office.app.syncing.sync(dry_run=True)[0].checked.actions
            complaints += [f"there is still to do: {action}" for action in again]
        shutil.rmtree(root)
        return Ended(code, said, tuple(complaints), len(archived))

    def _copied(self) -> Path:
        self._runs += 1
        root = self._folder / f"run-{self._runs}"
        shutil.copytree(self._template, root)
        return root

    def _run(self, root: Path, environment: dict[str, str]) -> tuple[int, str]:
        """Run one command; all it started must be gone with it."""
        process = subprocess.Popen(
            [sys.executable, "-m", "pecdesk", "--profile", root / "profile", "sync", "--once"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        said, _ = process.communicate(timeout=PATIENCE)
        ends, pause = time.monotonic() + PATIENCE, threading.Event()
        while left := _in_session(process.pid):
            assert time.monotonic() < ends, f"left behind: {left}"
            pause.wait(0.01)
        return process.returncode, said


def _in_session(number: int) -> list[str]:
    """Processes of a session that are still there."""
    found = []
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            fields = Path(entry.path, "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == number and fields[0] != "Z":
            found.append(entry.name)
    return found
