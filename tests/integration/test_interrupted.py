"""An import that is killed and started again ends as one that was not."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.integration.conftest import MadeDemo, Pecdesk
from tests.integration.test_demo import comparable, rows


def messages_in(profile: Path) -> int:
    try:
        connection = sqlite3.connect(f"file:{profile / 'pecdesk.db'}?mode=ro", uri=True)
        try:
            return int(connection.execute("SELECT count(*) FROM message").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.Error:
        return 0


def archived_in(profile: Path) -> int:
    return sum(1 for _ in (profile / "archive").rglob("*.eml")) if (profile / "archive").is_dir() else 0


def test_a_killed_import_is_simply_started_again(demo: MadeDemo, pecdesk: Pecdesk, profile: Path) -> None:
    pecdesk("--profile", profile, "trust", "add", demo.policy)
    accounts = demo.document["accounts"]
    for reached in (archived_in, messages_in):
        before = reached(profile)
        for account in accounts:
            words = [sys.executable, "-m", "pecdesk", "--profile", str(profile), "import", str(demo.mail / account)]
            process = subprocess.Popen([*words, "--account", account], stdout=subprocess.DEVNULL)
            while process.poll() is None and reached(profile) == before:
                pass
            process.send_signal(signal.SIGKILL)
            process.wait()
            before = reached(profile)
    for account in accounts:
        done = pecdesk("--profile", profile, "import", demo.mail / account, "--account", account)
        assert done.code == 0, done.err
    assert pecdesk("--profile", profile, "doctor", "--json").json["healthy"]
    assert comparable(rows(pecdesk, profile)) == comparable(rows(pecdesk, demo.profile))


def test_two_writers_do_not_meet(demo: MadeDemo, pecdesk: Pecdesk, profile: Path) -> None:
    pecdesk("--profile", profile, "trust", "add", demo.policy)
    words = [sys.executable, "-m", "pecdesk", "--profile", str(profile), "import", str(demo.mail)]
    first = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while first.poll() is None and archived_in(profile) == 0:
        pass
    second = pecdesk("--profile", profile, "import", demo.mail)
    assert first.wait() == 0
    assert second.code in (0, 3)
    assert pecdesk("--profile", profile, "doctor", "--json").json["healthy"]
