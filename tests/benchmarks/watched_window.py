"""The window as `pecdesk` opens it, with a watch beside it that says what happens: lines of JSON, each with its moment.

For `syncing_window`, in a process of its own; it ends when its standard input does.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal

from pecdesk.profile.account_status import AccountStatus, SyncState
from pecdesk.store import Group
from pecdesk.ui import application
from pecdesk.ui.desk import Desk
from pecdesk.ui.main_window import MainWindow
from tests.benchmarks.stalls import StallWatch

READ_EVERY = 700
"""Milliseconds that somebody stays with one message."""


def tell(event: str, **more: object) -> None:
    """Say it to whoever measures; for any thread."""
    print(json.dumps({"event": event, "at": monotonic()} | more), flush=True)


class Watch(QObject):
    """Sees what the user would see."""

    ended = Signal()
    _current = Signal()

    def __init__(self, desk: Desk, main: MainWindow, *, reads: bool, stacks: bool) -> None:
        super().__init__(main)
        self._view, self._model = main.mailbox.view, main.mailbox.model
        self._rows: int | None = None
        """Rows that are on the screen; None until there are any."""
        self._is_current = False
        self._told: set[SyncState] = set()
        self.stalls = StallWatch(stacks=stacks)
        self._view.viewport().installEventFilter(self)
        # A row that comes in below what is looked at is there without anything being painted.
        self._model.updated.connect(lambda: QTimer.singleShot(0, self._painted))
        desk.app.syncing.subscribe(self._hear)
        self._current.connect(self._take_current, Qt.ConnectionType.QueuedConnection)
        self.ended.connect(main.close, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self._await_end, daemon=True).start()
        self._reader = QTimer(self)
        self._reader.setInterval(READ_EVERY)
        self._reader.timeout.connect(lambda: main.mailbox.step(1))
        if reads:
            self._reader.start()
        self._chooser = QTimer(self)
        self._chooser.setInterval(20)
        self._chooser.timeout.connect(self._choose_all)
        self._chooser.start()
        self._side_bar = main.side_bar
        QTimer.singleShot(0, self.stalls.start)
        tell("window")

    def _choose_all(self) -> None:
        """Go where every message comes in, as soon as the side bar offers it."""
        self._side_bar.choose_group(Group.ALL)
        if self._side_bar.place is not None and self._side_bar.place.group is Group.ALL:
            self._chooser.stop()

    def _await_end(self) -> None:
        sys.stdin.read()
        self.ended.emit()

    def _hear(self, status: AccountStatus) -> None:
        """On the worker's thread."""
        if status.state in self._told:
            return
        self._told.add(status.state)
        if status.state is SyncState.SYNCING:
            tell("login")
        elif status.state is SyncState.CURRENT:
            self._current.emit()

    def _take_current(self) -> None:
        self._is_current = True
        tell("current")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            QTimer.singleShot(0, self._painted)  # once it is done
        return super().eventFilter(watched, event)

    def _painted(self) -> None:
        rows = self._model.rowCount()
        if rows and self._rows is None:
            tell("rows")
        elif self._is_current and self._rows is not None and rows > self._rows:
            tell("row")
        self._rows = rows or self._rows


def run(profile: Path, *, reads: bool, stacks: bool) -> None:
    """Open the window and watch it until the input ends; the figures come last."""
    watches: list[Watch] = []

    class Program(application.Program):
        """The program, seen into."""

        def _accompany(self, desk: Desk, main: MainWindow) -> None:
            watches.append(Watch(desk, main, reads=reads, stacks=stacks))
            main.closed.connect(watches[0].stalls.stop)
            super()._accompany(desk, main)

    application.Program = Program  # type: ignore[misc]
    application.open_window(profile=profile, files=[], language="it", now=None)
    stalls = watches[0].stalls
    pauses, times = sorted(stalls.pauses), os.times()
    tell(
        "figures",
        **{
            "longest stall": pauses[-1],
            "longest, less no processor": stalls.longest_with_processor,
            "999 of 1000 pauses below": pauses[int(len(pauses) * 0.999)],
            "processor seconds, window": times.user + times.system,
            "processor seconds, helpers": times.children_user + times.children_system,
            "stalls": [asdict(stall) for stall in stalls.stalls],
        },
    )
