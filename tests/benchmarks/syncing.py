"""A whole synchronisation (fetch, archive, examine, verify, thread, index) against `mbsync` followed by `notmuch new`
on the same mailbox; then the mailbox unchanged, and memory throughout.

Run by hand: `python -m tests.benchmarks.syncing`. Needs Dovecot, mbsync and notmuch. The server has read all
folders once before either begins.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pecdesk.demo.bulk import bulk
from pecdesk.demo.world import STUDIO, World, make_authority, make_world
from tests.benchmarks.importing import notmuch_seconds
from tests.benchmarks.mailbox import NOW, Mailbox
from tests.benchmarks.processes import megabytes
from tests.kit.dovecot import Dovecot, missing

FOLDERS = ("", ".Sent", ".Ricevute", ".Archivio.2024", ".Archivio.2025", ".Spam")
"""Maildir++ names: the inbox has none."""
PASSWORD = "sesamo"


def fill(server: Dovecot, folder: Path, count: int, more: Callable[[World], Iterable[bytes]] | None = None) -> Mailbox:
    """Put the messages straight into the server's Maildir, in turns into each folder; `more` certified ones into the
    inbox."""
    authority = make_authority(NOW)
    world = make_world(authority, NOW)
    root = server.folder / "mail" / server.user
    for name in FOLDERS:
        for part in ("cur", "new", "tmp"):
            (root / name / part).mkdir(parents=True, exist_ok=True)
    (folder / "ca.pem").write_bytes(authority.certificate_pem)
    (folder / "policy.toml").write_text(authority.policy_toml("BENCH", "ca.pem"), encoding="utf-8")
    octets = 0
    expected: Counter[str] = Counter()
    for number, message in enumerate(bulk(world, count, NOW)):
        place = root / FOLDERS[number % len(FOLDERS)] / "cur"
        (place / f"{1_700_000_000 + number}.M{number}P1.bench,S={len(message.raw)}:2,S").write_bytes(message.raw)
        expected[message.standing] += 1
        octets += len(message.raw)
    for number, raw in enumerate(more(world) if more is not None else ()):
        (root / "cur" / f"{1_700_000_000 + count + number}.M{number}P2.bench,S={len(raw)}:2,S").write_bytes(raw)
        expected["certified"] += 1
        octets += len(raw)
    owner = root.parent.stat()
    for path in (root, *root.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)
    return Mailbox(folder / "mirror", folder / "policy.toml", folder / "ca.pem", STUDIO, expected, octets)


class Watched:
    """A command, with its time and the most memory it and its children ever took."""

    def __init__(self, words: Sequence[str | Path], environment: dict[str, str] | None = None) -> None:
        self.highest = 0.0
        begun = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in words], stdout=subprocess.PIPE, env=os.environ | (environment or {})
        )
        over = threading.Event()

        def look() -> None:
            while not over.wait(0.2):
                self.highest = max(self.highest, megabytes(process.pid))

        looking = threading.Thread(target=look)
        looking.start()
        self.output = process.communicate()[0]
        over.set()
        looking.join()
        self.seconds = time.perf_counter() - begun
        assert process.returncode == 0, self.output


def mbsync(server: Dovecot, mailbox: Mailbox, folder: Path) -> float:
    """Seconds of mbsync into a fresh Maildir, then of notmuch over it."""
    configuration = folder / "mbsyncrc"
    configuration.write_text(
        f"IMAPAccount a\nHost localhost\nPort {server.port}\nUser {server.user}\n"
        f'PassCmd "echo {PASSWORD}"\nSSLType IMAPS\nCertificateFile {server.ca_file}\n\n'
        "IMAPStore remote\nAccount a\n\n"
        f"MaildirStore local\nPath {mailbox.maildir}/\nInbox {mailbox.maildir}/INBOX\nSubFolders Verbatim\n\n"
        "Channel all\nFar :remote:\nNear :local:\nPatterns *\nCreate Near\nSync Pull New\n"
        f"SyncState {folder}/state/\n",
        encoding="utf-8",
    )
    mailbox.maildir.mkdir()
    (folder / "state").mkdir()
    configuration.chmod(0o600)
    fetching = Watched(["mbsync", "-q", "-c", configuration, "all"])
    number = sum(1 for path in mailbox.maildir.rglob("*") if path.is_file() and path.parent.name in ("cur", "new"))
    assert number == mailbox.count, number
    indexing = notmuch_seconds(mailbox, folder)
    assert indexing is not None
    print(f"mbsync           {fetching.seconds:8.1f} s   {fetching.highest:5.0f} MB")
    print(f"notmuch new      {indexing:8.1f} s")
    return fetching.seconds + indexing


def pecdesk(server: Dovecot, mailbox: Mailbox, profile: Path) -> float:
    """Seconds of a first synchronisation into a fresh profile; then of one that finds nothing new."""
    command = [sys.executable, "-m", "pecdesk", "--profile", profile]
    place = ("--imap", f"{server.host}:{server.port}", "--ca-file", server.ca_file)
    word = ("--password-command", f"echo {PASSWORD}")
    for step in (("trust", "add", mailbox.policy), ("account", "add", "--address", server.user, *place, *word)):
        subprocess.run([*command, *step], check=True, capture_output=True)
    first = Watched([*command, "sync", "--once", "--json"])
    again = Watched([*command, "sync", "--once", "--json"])
    found = json.loads(subprocess.run([*command, "doctor", "--json"], check=False, capture_output=True).stdout)
    assert found["messages"] == mailbox.count, found["messages"]
    rate = mailbox.count / first.seconds
    print(f"pecdesk sync     {first.seconds:8.1f} s   {first.highest:5.0f} MB   {rate:6.0f} messages/s")
    print(f"  nothing new    {again.seconds:8.2f} s   {again.highest:5.0f} MB   process start included")
    return first.seconds


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--count", type=int, default=20_000)
    chosen = words.parse_args()
    reason = missing() or next((f"no {name}" for name in ("mbsync", "notmuch") if shutil.which(name) is None), "")
    if reason:
        sys.exit(reason)
    with (
        tempfile.TemporaryDirectory() as name,
        Dovecot(storage="maildir", separator=".", user=STUDIO, password=PASSWORD) as server,
    ):
        folder = Path(name)
        mailbox = fill(server, folder, chosen.count)
        print(f"{mailbox.count} messages in {len(FOLDERS)} folders, {mailbox.octets / 1e6:.0f} MB")
        for box in server.folders():
            server.doveadm("mailbox", "status", "-u", server.user, "messages", box, check=False)
        theirs = mbsync(server, mailbox, folder)
        ours = pecdesk(server, mailbox, folder / "profile")
        print(f"ratio of times   {ours / theirs:8.2f}  (goal: at most 0.8)")


if __name__ == "__main__":
    main()
