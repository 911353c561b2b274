"""The window on 100,000 transmissions: start, first paint, scrolling, reading, searching, memory; and its longest stall
while 20,000 messages come in.

Run by hand: `python -m tests.benchmarks.window`. The window runs offscreen, in a process of its own for each part.
Where Thunderbird is installed, its start and memory on the same messages are measured in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from tests.benchmarks.processes import megabytes

NOW = datetime.fromisoformat("2026-11-22T09:30:00+01:00")
QUERIES = ("d", "di", "dif", "diff", "diffi", "diffid", "diffida", "da:comune", "stato:consegnato")


def looking(profile: Path) -> dict[str, object]:
    """Open, scroll, read and search, as one process; figures in milliseconds and MB."""
    begun = time.perf_counter()
    from PySide6.QtCore import QEventLoop, QTimer

    from pecdesk.app import App
    from pecdesk.store.listing import Group
    from pecdesk.ui.application import make_application
    from pecdesk.ui.desk import Desk
    from pecdesk.ui.main_window import MainWindow
    from pecdesk.ui.style.theme import Theme

    application = make_application()
    desk = Desk(App.open(profile), Theme(application, "light"), lambda: NOW, "it")
    window = MainWindow(desk)
    window.show()

    def until(happened: Callable[[], object], seconds: float = 60) -> float:
        start = time.perf_counter()
        while not happened():
            application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
            if time.perf_counter() - start > seconds:
                raise TimeoutError(str(happened))
        return (time.perf_counter() - start) * 1000

    def chosen(group: Group) -> float:
        view = window.mailbox
        before = view.listing_number
        start = time.perf_counter()
        window.side_bar.choose_group(group)
        until(lambda: view.listing_number != before)
        view.view.viewport().repaint()
        return (time.perf_counter() - start) * 1000

    until(lambda: window.mailbox.listing_number > 0)
    window.mailbox.view.viewport().repaint()
    figures: dict[str, object] = {"start to usable window": (time.perf_counter() - begun) * 1000}
    figures["first paint of All"] = chosen(Group.ALL)
    figures["first paint of What matters"] = chosen(Group.FOLLOW)
    chosen(Group.ALL)
    rows = window.mailbox.model.rowCount()
    bar = window.mailbox.view.verticalScrollBar()
    frames = []
    for step in range(400):
        start = time.perf_counter()
        bar.setValue((bar.value() + (bar.pageStep() if step % 2 else bar.maximum() // 97)) % max(1, bar.maximum()))
        window.mailbox.view.viewport().repaint()
        frames.append((time.perf_counter() - start) * 1000)
    figures |= {"rows": rows, "scroll frame, median": statistics.median(frames)}
    figures |= {"scroll frame, 99 of 100": sorted(frames)[-4], "scroll frame, longest": max(frames)}
    bar.setValue(0)
    read = []
    for _ in range(40):
        start = time.perf_counter()
        window.mailbox.step(1)
        row = window.mailbox.current_row
        until(lambda row=row: window.reader.shown_id == (row.id if row else None))
        window.reader.repaint()
        read.append((time.perf_counter() - start) * 1000)
    figures |= {"selection to reader, median": statistics.median(read), "selection to reader, longest": max(read)}
    typed = []
    for query in QUERIES:
        before = window.mailbox.listing_number
        start = time.perf_counter()
        window.mailbox.search_now(query)
        until(lambda before=before: window.mailbox.listing_number != before)
        window.mailbox.view.viewport().repaint()
        typed.append((time.perf_counter() - start) * 1000)
    figures |= {"search, median": statistics.median(typed), "search, longest": max(typed)}
    loop = QEventLoop()
    QTimer.singleShot(500, loop.quit)
    loop.exec()
    figures["memory, MB"] = megabytes()
    window.close()
    desk.close()
    return figures


def importing(profile: Path, mail: Path, policy: Path) -> dict[str, object]:
    """Bring mail in with the window open; the longest time it did not answer."""
    from PySide6.QtCore import QEventLoop

    from pecdesk.app import App
    from pecdesk.ui.application import make_application
    from pecdesk.ui.desk import Desk
    from pecdesk.ui.intake.import_dialog import ImportDialog
    from pecdesk.ui.main_window import MainWindow
    from pecdesk.ui.style.theme import Theme
    from tests.kit.watchdog import Watchdog

    application = make_application()
    desk = Desk(App.open(profile), Theme(application, "light"), lambda: NOW, "it")
    desk.app.add_trust(policy, NOW)
    window = MainWindow(desk)
    window.show()
    dialog = ImportDialog(desk, [mail], window)
    dialog.open()
    all_events = QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
    begun = time.perf_counter()
    highest = 0.0
    with Watchdog() as watchdog:
        dialog.import_button.click()
        checked = begun
        while not dialog.is_done:
            application.processEvents(all_events)
            if time.perf_counter() - checked > 1:
                checked = time.perf_counter()
                highest = max(highest, megabytes())
                watchdog.forgive()
    pauses = sorted(watchdog.pauses)
    figures: dict[str, object] = {
        "messages": desk.app.store.count()[0],
        "seconds": time.perf_counter() - begun,
        "longest stall, ms": watchdog.longest * 1000,
        "999 of 1000 pauses below, ms": pauses[int(len(pauses) * 0.999)] * 1000,
        "stalls over 250 ms in our code": len(watchdog.faults),
        "memory at most, MB": highest,
    }
    dialog.close()
    window.close()
    desk.close()
    return figures


def show(title: str, figures: dict[str, object]) -> None:
    print(title)
    for name, value in figures.items():
        print(f"  {name:34} {value:10.1f}" if isinstance(value, float) else f"  {name:34} {value:>10}")


def part(name: str, *words: object) -> dict[str, object]:
    """One part in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.window", "--part", name, *map(str, words)]
    done = subprocess.run(
        command, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"}, stdout=subprocess.PIPE, text=True, check=True
    )
    return dict(json.loads(done.stdout))


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rows", type=int, default=100_000)
    words.add_argument("--messages", type=int, default=20_000)
    words.add_argument("--profile", type=Path, help="a profile with many rows, made by an earlier run")
    words.add_argument("--part", choices=("looking", "importing"), help=argparse.SUPPRESS)
    words.add_argument("paths", nargs="*", type=Path, help=argparse.SUPPRESS)
    chosen = words.parse_args()
    if chosen.part:
        run = {"looking": looking, "importing": importing}[chosen.part]
        print(json.dumps(run(*chosen.paths)))
        return
    from tests.benchmarks.mailbox import make_mailbox
    from tests.benchmarks.many import multiply

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        profile = chosen.profile or folder / "many"
        if not profile.exists():
            demo = folder / "demo"
            command = [sys.executable, "-m", "pecdesk", "--profile", str(demo), "demo", "--no-window"]
            subprocess.run(command, check=True, capture_output=True)
            multiply(demo, profile, chosen.rows)
        show("Looking (milliseconds)", part("looking", profile))
        if chosen.messages:
            mailbox = make_mailbox(folder / "mailbox", chosen.messages)
            show("Importing", part("importing", folder / "fresh", mailbox.maildir, mailbox.policy))
            if shutil.which("thunderbird"):
                from tests.benchmarks.thunderbird import beside

                show("Beside Thunderbird", beside(folder, mailbox.maildir, folder / "fresh"))


if __name__ == "__main__":
    main()
