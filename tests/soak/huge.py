"""A message of 100 MB, 137 MB as it travels, fetched over TLS by a program of its own: memory stays flat, its helper
process included; a cut in the middle leaves nothing; what is archived is what the server has, byte for byte. Ends with
1 where something was not so.

Run by hand: `python -m tests.soak.huge`. Needs Dovecot and half a gigabyte of disk.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.syncing import Watched
from tests.kit import dovecot
from tests.kit.fault_proxy import FaultProxy, Plan
from tests.kit.kept_office import KeptOffice

LIMIT = 300.0
"""Megabytes of memory."""


def huge(megabytes: int) -> bytes:
    """A message with an attachment of that size."""
    text = base64.encodebytes(random.Random(megabytes).randbytes(megabytes * 1_000_000)).replace(b"\n", b"\r\n")
    return (
        b"From: Lucia <lucia@posta.example>\r\nTo: <studio@pec.example>\r\nSubject: Perizia\r\n"
        b"Message-ID: <huge@posta.example>\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nIn allegato la perizia.\r\n"
        b"--b\r\nContent-Type: application/octet-stream; name=perizia.bin\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + text + b"--b--\r\n"
    )


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--megabytes", type=int, default=100, help="of the attachment")
    chosen = words.parse_args()
    if reason := dovecot.missing():
        sys.exit(reason)
    raw = huge(chosen.megabytes)
    sha256 = hashlib.sha256(raw).hexdigest()
    with (
        tempfile.TemporaryDirectory() as name,
        dovecot.Dovecot() as server,
        FaultProxy(server.port, records=False) as proxy,
        KeptOffice(Path(name), server, account=server.account(port=proxy.port)) as office,
    ):
        server.append("INBOX", raw)
        command = [sys.executable, "-m", "pecdesk", "--profile", office.profile.root, "sync", "--once"]
        proxy.plan(Plan(cut_after=len(raw) // 2))
        cut = subprocess.run(command, check=False, capture_output=True, text=True)
        left = [*office.left_over(), *office.profile.archive.rglob("*.eml")]
        print(f"cut in the middle: ended with {cut.returncode}, left behind: {left}")
        run = Watched(command)
        complaints = office.complaints()
        is_here = office.hashes() == {sha256}
        print(
            f"{len(raw) / 1e6:.0f} MB fetched, archived and examined in {run.seconds:.1f} s,"
            f" at most {run.highest:.0f} MB of memory (limit {LIMIT:.0f}); here: {is_here}; complaints: {complaints}"
        )
    sys.exit(1 if left or complaints or not is_here or run.highest > LIMIT or cut.returncode != 3 else 0)


if __name__ == "__main__":
    main()
