"""A program that keeps a mailbox current is stopped for some minutes, as by a laptop that is closed, while its
connection dies without a word and mail arrives: woken, it has the mail within seconds, over one new connection. Ends
with 1 where it has not.

Run by hand: `python -m tests.soak.asleep`. Needs Dovecot.
"""

from __future__ import annotations

import argparse
import hashlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.kit import dovecot
from tests.kit.crash_bench import letter
from tests.kit.fault_proxy import FaultProxy, Way
from tests.kit.kept_office import KeptOffice

PATIENCE = 60.0
SOON = 10.0
"""Seconds."""


def _until(condition: Callable[[], bool]) -> float:
    """Seconds it took."""
    begun, pause = time.monotonic(), threading.Event()
    while not condition():
        assert time.monotonic() - begun < PATIENCE, "it never came"
        pause.wait(0.05)
    return time.monotonic() - begun


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--seconds", type=float, default=180, help="of sleep; from 70 on it is noticed")
    chosen = words.parse_args()
    if reason := dovecot.missing():
        sys.exit(reason)
    with (
        tempfile.TemporaryDirectory() as name,
        dovecot.Dovecot() as server,
        FaultProxy(server.plain_port) as proxy,
        KeptOffice(Path(name), server, account=server.account(plain=True, port=proxy.port)) as office,
    ):
        server.append("INBOX", letter(1))
        program = subprocess.Popen(
            [sys.executable, "-m", "pecdesk", "--profile", office.profile.root, "sync", "--watch"],
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # a stopped process would have the whole group ended when its shell goes
        )
        try:
            _until(lambda: bool(proxy.links) and b"+ idling" in proxy.links[-1].passed[Way.DOWN])
            program.send_signal(signal.SIGSTOP)
            proxy.stall()
            server.append("INBOX", letter(2))
            threading.Event().wait(chosen.seconds)
            program.send_signal(signal.SIGCONT)
            wanted = hashlib.sha256(letter(2)).hexdigest()
            seconds = _until(lambda: wanted in office.hashes())
        finally:
            program.send_signal(signal.SIGCONT)
            program.terminate()
            program.wait(PATIENCE)
        complaints = office.complaints()
        print(
            f"asleep for {chosen.seconds:.0f} s; the mail was here {seconds:.1f} s after it,"
            f" connections: {len(proxy.links)}; complaints: {complaints}"
        )
    sys.exit(1 if complaints or seconds > SOON or len(proxy.links) != 2 else 0)


if __name__ == "__main__":
    main()
