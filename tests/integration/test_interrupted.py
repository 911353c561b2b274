"""An import that is killed and started again ends as one that was not."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pecdesk.__main__ import main
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


def test_stopped_while_it_loads_it_ends_without_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(**_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("pecdesk.cli.main.run", stopped)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 3


@pytest.mark.skipif(os.name == "nt", reason="there is no shell that closes them")
def test_no_file_of_the_profile_takes_the_number_of_a_closed_standard_stream(demo: MadeDemo, profile: Path) -> None:
    words = [sys.executable, "-m", "pecdesk", "--profile", str(profile)]
    mail = next(iter(sorted(demo.mail.rglob("*.eml"))))
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *words, "import", str(mail), "--json"], check=False, timeout=60
    )
    assert done.returncode == 0
    assert messages_in(profile) == 1
    asked = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *words, "list", "--json"], check=False, timeout=60, stderr=subprocess.PIPE
    )
    assert (asked.returncode, asked.stderr) == (0, b"")


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
