"""The window during a first synchronisation: first rows, stalls, memory; then a new message until it is on the screen.

Run by hand: `python -m tests.benchmarks.syncing_window --messages 20000 [--big]`. Needs Dovecot. The window is the one
that `pecdesk` opens, in a process of its own, offscreen unless QT_QPA_PLATFORM says otherwise; its memory, with that of
its helpers, is looked at from outside.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from pecdesk.demo.bulk import PARTY_OF_STUDIO
from pecdesk.demo.draft import Attachment, Draft
from pecdesk.demo.world import PARTIES, STUDIO, World
from tests.benchmarks.mailbox import NOW, Mailbox
from tests.benchmarks.processes import family, megabytes, resident
from tests.benchmarks.syncing import FOLDERS, PASSWORD, fill
from tests.kit.dovecot import Dovecot, missing

NEW_MESSAGES = 5
LOOK_SECONDS = 0.5
PATIENCE = 1800.0
"""Seconds after which the window is given up."""
LISTED = 8
"""Stalls that are told of one by one."""
REST_SECONDS = 3.0
"""Between two new messages, and before the first: what follows a synchronisation goes on until then."""


class Memory:
    """The most memory a process and its children ever took, in megabytes."""

    def __init__(self, process: int) -> None:
        self.shared = self.whole = 0.0
        """Each shared page in shares (PSS); as a whole with each of them (RSS)."""
        self.at_most: list[float] = []
        """The shares of each process, the window first, when all of them took the most."""
        self._process = process
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            own = _command(self._process)
            # One that is just being started has its parent's memory until it has a program of its own.
            helpers = [number for number in family(self._process)[1:] if _command(number) not in (own, b"")]
            everybody = [self._process, *helpers]
            shares = [megabytes(number, alone=True) for number in everybody]
            if sum(shares) > self.shared:
                self.shared, self.at_most = sum(shares), shares
            self.whole = max(self.whole, sum(map(resident, everybody)))


def _command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def big_message(world: World) -> Iterator[bytes]:
    """A received message of 100 MB, really signed."""
    sender = next(party.address for party in PARTIES if party.provider)
    file = Attachment("video.bin", Random(3).randbytes(73_000_000))
    own = PARTY_OF_STUDIO.recipient()
    message_id = "<big@bench.example>"
    draft = Draft(sender, (own,), "Video della perizia", "In allegato.", NOW, message_id, attachments=(file,))
    provider = world.provider_of(sender)
    yield provider.envelope(provider.take(draft, NOW), STUDIO).sealed()


def held_back(server: Dovecot, number: int) -> list[bytes]:
    """The newest received messages, taken out of the server again: they come later."""
    inbox = server.folder / "mail" / server.user / "cur"
    found: list[bytes] = []
    for path in sorted(inbox.iterdir(), reverse=True):
        if path.stat().st_size < 1 << 20 and b"\nX-Trasporto: posta-certificata" in (raw := path.read_bytes())[:20_000]:
            path.unlink()
            found.append(raw)
        if len(found) == number:
            break
    return found


def prepare(server: Dovecot, mailbox: Mailbox, profile: Path) -> None:
    """A profile with the account, that has never seen the server."""
    command = [sys.executable, "-m", "pecdesk", "--profile", profile]
    place = ("--imap", f"{server.host}:{server.port}", "--ca-file", server.ca_file)
    word = ("--password-command", f"echo {PASSWORD}")
    for step in (("trust", "add", mailbox.policy), ("account", "add", "--address", server.user, *place, *word)):
        subprocess.run([*command, *step], check=True, capture_output=True)


def measure(server: Dovecot, profile: Path, news: list[bytes], options: Sequence[str] = ()) -> dict[str, Any]:
    """Have the window synchronise; its figures in seconds and MB."""
    command = [sys.executable, "-m", "tests.benchmarks.syncing_window", "--window", str(profile), *options]
    environment = os.environ | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    begun = time.monotonic()
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    memory = Memory(process.pid)
    giving_up = threading.Timer(PATIENCE, process.kill)
    giving_up.start()
    moments: dict[str, float] = {}
    figures: dict[str, Any] = {}
    arrivals: list[float] = []
    delivered_at = 0.0

    def deliver() -> float:
        time.sleep(REST_SECONDS)
        at = time.monotonic()
        server.append("INBOX", news[len(arrivals)])
        return at

    try:
        for line in process.stdout:
            told = json.loads(line)
            match told.pop("event"):
                case "figures":
                    told.pop("at")
                    figures |= told
                    continue
                case "row":
                    if told["at"] < delivered_at:
                        continue  # of the synchronisation still
                    arrivals.append(told["at"] - delivered_at)
                case what:
                    moments.setdefault(what, told["at"])
                    if what != "current":
                        continue
            if "current" in moments and len(arrivals) < len(news):
                delivered_at = deliver()
            elif "current" in moments and not process.stdin.closed:
                process.stdin.close()  # it ends, with its figures
    finally:
        giving_up.cancel()
        process.kill()
        process.wait()
        memory.close()
    if "current" not in moments:
        sys.exit(f"the window ended early, with status {process.returncode}; it told of {', '.join(moments)}")
    login = moments["login"]
    return figures | {
        "start to window": moments["window"] - begun,
        "login to first rows": moments["rows"] - login,
        "login to everything": moments["current"] - login,
        "delivery to its row, longest": max(arrivals, default=0.0),
        "deliveries": arrivals,
        "memory PSS": memory.shared,
        "memory RSS": memory.whole,
        "memory PSS, each": memory.at_most,
    }


def show(figures: dict[str, Any], stacks: Path | None) -> None:
    """Print the figures; the stacks of the stalls go into a file."""
    stalls = figures.pop("stalls")
    for name, value in figures.items():
        if isinstance(value, float):
            print(f"  {name:34} {value:10.3f}")
        elif isinstance(value, list):
            print(f"  {name:34} {' '.join(f'{one:10.3f}' for one in value)}")
    print(f"  {'stalls over 50 ms':34} {len(stalls):>10}")
    for stall in sorted(stalls, key=lambda stall: stall["seconds"], reverse=True)[:LISTED]:
        whole, own, queued = (stall[name] * 1000 for name in ("seconds", "own_seconds", "queued_seconds"))
        print(f"  stall at {stall['at']:6.1f} s: {whole:5.0f} ms; computing {own:5.0f}, no processor {queued:5.0f}")
    if stacks is not None:
        text = [f"=== {s['at']:.1f} s: {s['seconds'] * 1000:.0f} ms\n" + "\n--\n".join(s["stacks"]) for s in stalls]
        stacks.write_text("\n\n".join(text), encoding="utf-8")


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--messages", type=int, default=20_000)
    words.add_argument("--runs", type=int, default=1, help="on the same mailbox, each with a fresh profile")
    words.add_argument("--big", action="store_true", help="with a message of 100 MB among them")
    words.add_argument("--reads", action="store_true", help="with somebody who goes to the next row all the time")
    words.add_argument("--stacks", type=Path, help="file for what every thread did in each stall")
    words.add_argument("--window", type=Path, help=argparse.SUPPRESS)
    chosen = words.parse_args()
    if chosen.window:
        from tests.benchmarks.watched_window import run  # Qt is loaded in the window's process alone

        run(chosen.window, reads=chosen.reads, stacks=chosen.stacks is not None)
        return
    if reason := missing():
        sys.exit(reason)
    options = [*(["--reads"] if chosen.reads else []), *(["--stacks", str(chosen.stacks)] if chosen.stacks else [])]
    with (
        tempfile.TemporaryDirectory() as name,
        Dovecot(storage="maildir", separator=".", user=STUDIO, password=PASSWORD) as server,
    ):
        folder = Path(name)
        mailbox = fill(server, folder, chosen.messages, big_message if chosen.big else None)
        news = held_back(server, chosen.runs * NEW_MESSAGES)
        print(f"{mailbox.count - len(news)} messages in {len(FOLDERS)} folders, {mailbox.octets / 1e6:.0f} MB")
        for box in server.folders():
            server.doveadm("mailbox", "status", "-u", server.user, "messages", box, check=False)
        for number in range(chosen.runs):
            profile = folder / f"profile-{number}"
            prepare(server, mailbox, profile)
            now = news[number * NEW_MESSAGES :][:NEW_MESSAGES]
            show(measure(server, profile, now, options), chosen.stacks)


if __name__ == "__main__":
    main()
