"""Start and memory beside Thunderbird, on the same messages, on one X server, one after the other.

Thunderbird gets them as one mbox in its Local Folders, indexed by a first start that does not count; pecdesk has them
imported. What is timed is the way from the command to a window that is on the screen.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.processes import megabytes

PREFERENCES = """
user_pref("mail.accountmanager.accounts", "account1");
user_pref("mail.accountmanager.localfoldersserver", "server1");
user_pref("mail.account.account1.server", "server1");
user_pref("mail.server.server1.type", "none");
user_pref("mail.server.server1.hostname", "Local Folders");
user_pref("mail.server.server1.name", "Local Folders");
user_pref("mail.server.server1.userName", "nobody");
user_pref("mail.server.server1.directory-rel", "[ProfD]Mail/Local Folders");
user_pref("mail.provider.enabled", false);
user_pref("mail.spotlight.firstRunDone", true);
user_pref("mail.winsearch.firstRunDone", true);
user_pref("mail.shell.checkDefaultClient", false);
user_pref("mailnews.start_page.enabled", false);
user_pref("mailnews.start_page_override.mstone", "ignore");
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.telemetry.enabled", false);
user_pref("app.update.enabled", false);
user_pref("network.manage-offline-status", false);
user_pref("offline.startup_state", 3);
user_pref("mail.rights.version", 1);
user_pref("app.donation.eoy.version.viewed", 99);
"""
SETTLED_AFTER = 20
"""Seconds after which memory is looked at."""
PATIENCE = 120


def beside(folder: Path, maildir: Path, profile: Path) -> dict[str, object]:
    """Figures of both programs, with Thunderbird's divided by ours."""
    home = folder / "thunderbird"
    _make_home(home, maildir)
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1440x900x24"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as pipe:
        display = f":{pipe.readline().strip()}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
    environment = kept | {"DISPLAY": display, "HOME": str(folder), "MOZ_DISABLE_CONTENT_SANDBOX": "1"}
    theirs = ["thunderbird", "--profile", str(home), "--no-remote"]
    ours = [sys.executable, "-m", "pecdesk", "--profile", str(profile)]
    try:
        _started(theirs, "Thunderbird", environment)  # the first start indexes
        their_seconds, their_memory = _started(theirs, "Thunderbird", environment)
        our_seconds, our_memory = _started(ours, "pecdesk", environment)
    finally:
        server.terminate()
        server.wait()
    return {
        "start of Thunderbird, s": their_seconds,
        "start of pecdesk, s": our_seconds,
        "start, Thunderbird / pecdesk": their_seconds / our_seconds,
        "memory of Thunderbird, MB": their_memory,
        "memory of pecdesk, MB": our_memory,
        "memory, Thunderbird / pecdesk": their_memory / our_memory,
    }


def _make_home(home: Path, maildir: Path) -> None:
    local = home / "Mail" / "Local Folders"
    local.mkdir(parents=True)
    (home / "prefs.js").write_text(PREFERENCES, encoding="utf-8")
    with (local / "Archivio").open("wb") as mbox:
        for path in sorted((maildir / "cur").iterdir()):
            mbox.write(b"From - Sun Nov 22 08:30:00 2026\r\n")
            with path.open("rb") as message:
                shutil.copyfileobj(message, mbox)
            mbox.write(b"\r\n")


def _started(command: list[str], title: str, environment: dict[str, str]) -> tuple[float, float]:
    """Seconds until its window is there, and megabytes once it is quiet."""
    begun = time.perf_counter()
    program = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not _window(title, environment):
            if time.perf_counter() - begun > PATIENCE:
                raise TimeoutError(title)
            time.sleep(0.02)
        seconds = time.perf_counter() - begun
        time.sleep(SETTLED_AFTER)
        return seconds, megabytes(program.pid)
    finally:
        program.terminate()
        program.wait()


def _window(title: str, environment: dict[str, str]) -> bool:
    words = ["xdotool", "search", "--onlyvisible", "--name", title]
    return bool(subprocess.run(words, env=environment, capture_output=True, check=False).stdout.strip())
