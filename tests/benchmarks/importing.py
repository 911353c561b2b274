"""Import with verification, threading and full-text index, against `notmuch new` on the same Maildir."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.benchmarks.mailbox import Mailbox, make_mailbox


def pecdesk_seconds(mailbox: Mailbox, profile: Path) -> tuple[float, Counter[str]]:
    """A fresh profile, durability as shipped; the seconds of the import and the verdicts it gave."""
    pecdesk = [sys.executable, "-m", "pecdesk", "--profile", str(profile)]
    subprocess.run([*pecdesk, "trust", "add", mailbox.policy], check=True, capture_output=True)
    os.sync()  # what making the mailbox left to be written is nobody's to pay for
    start = time.perf_counter()
    done = subprocess.run(
        [*pecdesk, "import", mailbox.maildir, "--account", mailbox.account, "--json"], check=True, capture_output=True
    )
    seconds = time.perf_counter() - start
    assert json.loads(done.stdout)["new"] == mailbox.count
    with sqlite3.connect(profile / "pecdesk.db") as connection:
        verdicts = Counter(dict(connection.execute("SELECT standing, count(*) FROM message GROUP BY standing")))
    connection.close()
    return seconds, verdicts


def notmuch_seconds(mailbox: Mailbox, folder: Path) -> float | None:
    """The seconds of `notmuch new`, which verifies nothing; None where it is not installed."""
    if shutil.which("notmuch") is None:
        return None
    config = folder / "notmuch-config"
    config.write_text(
        f"[database]\npath={mailbox.maildir}\n[user]\nname=x\nprimary_email=x@studio.example\n[new]\ntags=\n",
        encoding="utf-8",
    )
    start = time.perf_counter()
    subprocess.run(["notmuch", "new", "--quiet"], env={**os.environ, "NOTMUCH_CONFIG": str(config)}, check=True)
    seconds = time.perf_counter() - start
    shutil.rmtree(mailbox.maildir / ".notmuch")
    return seconds


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--count", type=int, default=20_000)
    words.add_argument("--rounds", type=int, default=1)
    chosen = words.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mailbox = make_mailbox(folder / "mailbox", chosen.count)
        print(f"{mailbox.count} messages, {mailbox.octets / 1e6:.0f} MB")
        for number in range(chosen.rounds):
            ours, verdicts = pecdesk_seconds(mailbox, folder / f"profile{number}")
            theirs = notmuch_seconds(mailbox, folder)
            print(f"pecdesk import   {ours:8.1f} s  {mailbox.count / ours:7.0f} messages/s")
            print(f"  verdicts {dict(verdicts)}; as expected: {verdicts == mailbox.expected}")
            if theirs is not None:
                print(f"notmuch new      {theirs:8.1f} s  {mailbox.count / theirs:7.0f} messages/s")
                print(f"ratio of rates   {theirs / ours:8.2f}  (goal: at least 1.5)")
            shutil.rmtree(folder / f"profile{number}")


if __name__ == "__main__":
    main()
