"""The list of the window on 100,000 transmissions: first paint, frames while scrolling, search, updates, memory.

Offscreen, so that a frame is what this program does for it; what a display adds is the same for every program.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from pecdesk.app import App
from pecdesk.store import Changes, Group
from pecdesk.ui.desk import Desk
from pecdesk.ui.mailbox.mailbox import Mailbox
from pecdesk.ui.mailbox.place import Place
from pecdesk.ui.style.theme import Theme
from tests.benchmarks.many import multiply

NOW = datetime.fromisoformat("2026-11-22T09:30:00+01:00")
SIZE = (470, 850)
PATIENCE = 60.0
"""Seconds after which something is not slow but broken."""


def resident() -> float:
    """Megabytes of this process that are in memory."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


class Measured:
    """A mailbox on a screen that is not there, and a stopwatch."""

    def __init__(self, profile: Path) -> None:
        self.application = QApplication.instance() or QApplication(sys.argv)
        assert isinstance(self.application, QApplication)
        self.theme = Theme(self.application, "light")
        self.desk = Desk(App.open(profile), self.theme, lambda: NOW, "it")
        self.mailbox = Mailbox(self.desk)
        self.mailbox.resize(*SIZE)
        self.mailbox.show()
        self.application.processEvents()
        self.listed = 0
        self.mailbox._source.loaded.connect(self._count)
        self.mailbox._source.brought_up_to_date.connect(self._count)

    def close(self) -> None:
        self.mailbox.close()
        self.desk.close()

    def _count(self) -> None:
        self.listed += 1

    def until_listed(self, act: Callable[[], object]) -> float:
        """Milliseconds from an act until the list that follows from it is painted."""
        before, start = self.listed, time.perf_counter()
        act()
        while self.listed == before:
            self.application.processEvents()
            if time.perf_counter() - start > PATIENCE:
                raise TimeoutError
            time.sleep(0.0005)
        self.application.processEvents()
        return (time.perf_counter() - start) * 1000

    def frames(self, values: list[int]) -> list[float]:
        """Milliseconds of each frame while the list is scrolled to these offsets."""
        bar, found = self.mailbox.view.verticalScrollBar(), []
        for value in values:
            start = time.perf_counter()
            bar.setValue(value)
            self.application.processEvents()
            found.append((time.perf_counter() - start) * 1000)
        return found


def places(measured: Measured) -> dict[str, float]:
    """First paint of each place."""
    groups = (Group.FOLLOW, Group.WAITING, Group.ANOMALIES, Group.RECEIVED, Group.SENT, Group.ALL)
    return {group: measured.until_listed(partial(measured.mailbox.show_place, Place(group))) for group in groups}


def scrolling(measured: Measured) -> dict[str, list[float]]:
    """Frames by pixels, by pages, and by jumps to places never seen."""
    most = measured.mailbox.view.verticalScrollBar().maximum()
    page = measured.mailbox.view.verticalScrollBar().pageStep()
    return {
        "by 8 pixels": measured.frames([8 * n for n in range(400)]),
        "by 60 pixels": measured.frames([60 * n for n in range(400)]),
        "by pages": measured.frames([page * n for n in range(200)]),
        "by jumps": measured.frames([most * ((n * 37) % 100) // 100 for n in range(100)]),
    }


def keystrokes(measured: Measured, words: str) -> dict[str, float]:
    """Search for every beginning of a word, each from the moment the pause after the keystroke is over."""
    search = measured.mailbox.search_bar.searched.emit
    beginnings = [words[:length] for length in range(1, len(words) + 1)]
    found = {text: measured.until_listed(partial(search, text)) for text in beginnings}
    measured.until_listed(partial(search, ""))
    return found


def updates(measured: Measured, rows: int = 200) -> float:
    """From a change of some rows until the list is in step again, the pause between two askings included."""
    ids = frozenset(measured.mailbox.model.listed.ids[:rows])
    return measured.until_listed(lambda: measured.desk.app.store.changes.publish(Changes(transmissions=ids)))


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rows", type=int, default=100_000)
    words.add_argument("--profile", type=Path, help="a profile made by an earlier run")
    chosen = words.parse_args()
    with tempfile.TemporaryDirectory() as name:
        profile = chosen.profile or Path(name) / "many"
        if not profile.exists():
            demo = Path(name) / "demo"
            made = [sys.executable, "-m", "pecdesk", "--profile", str(demo), "demo", "--no-window"]
            subprocess.run(made, check=True, capture_output=True)
            print(f"{multiply(demo, profile, chosen.rows)} transmissions")
        before = resident()
        measured = Measured(profile)
        for group, took in places(measured).items():
            print(f"first paint of {group:24} {took:8.0f} ms")
        for how, frames in scrolling(measured).items():
            worst = sorted(frames)[int(len(frames) * 0.99)]
            print(f"frame {how:30} {statistics.median(frames):8.1f} ms median {worst:8.1f} ms p99")
        for text, took in keystrokes(measured, "diffida").items():
            print(f"search {text:31} {took:8.0f} ms")
        print(f"{'200 changed rows':38} {updates(measured):8.0f} ms")
        gc.collect()
        print(f"{'memory':38} {resident():8.0f} MB, of it {before:.0f} before the window")
        measured.close()


if __name__ == "__main__":
    main()
