"""Whatever HTML a mail holds: no server hears of it, and no file it names is opened.

Proven in three ways, each of which catches Qt's own view: a server on the loopback that must not be called, canaries on
the disk in a colour that must not appear, and the system's record of every path and address a process asked for.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pecdesk.ui.desk import Desk
from tests.kit.hostile_html import CANARY, PICTURE, SHEET, documents, lay_out_canaries
from tests.ui.showing import VIEWS, painted

ROOT = Path(__file__).resolve().parents[2]
STRACE = shutil.which("strace")


class Listening:
    """A server that answers nobody and counts who calls."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.calls = 0
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            caller, _ = self._socket.accept()
            with caller:
                if caller.recv(1) == b"!":
                    return
            self.calls += 1

    def close(self) -> None:
        with socket.create_connection(self._socket.getsockname()) as last:
            last.sendall(b"!")
        self._thread.join(20)
        self._socket.close()


@pytest.fixture
def server() -> Iterator[Listening]:
    listening = Listening()
    yield listening
    listening.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the canaries are, and where the process is: names without a folder mean them too."""
    place = tmp_path / "here"
    place.mkdir()
    lay_out_canaries(place)
    monkeypatch.chdir(place)
    return place


@dataclass(frozen=True)
class Watched:
    """What a process did while it showed documents."""

    painted: int
    files: list[str]
    """System calls with a canary's name."""
    addresses: list[str]
    """System calls with an internet address."""


def watch(view: str, given: list[str], folder: Path, scale: int) -> Watched:
    """Show documents in a process of its own, under the system's record of what it asks for."""
    record = folder.parent / "record"
    done = subprocess.run(
        [
            *(STRACE or "", "-f", "-qq", "-s", "4096", "-o", record, "-e", "trace=%file,%network"),
            *(sys.executable, "-m", "tests.ui.showing", view, folder.parent / "profile"),
        ],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
            "QT_QPA_PLATFORM": "offscreen",
            "QT_SCALE_FACTOR": str(scale),
        },
        timeout=300,
        check=False,
    )
    assert done.stdout.splitlines()[-1:] == [f"shown {len(given)}"], done.stderr
    calls = record.read_text(errors="replace").splitlines()
    return Watched(
        painted=len(done.stdout.splitlines()) - 1,
        files=[call for call in calls if CANARY in call],
        addresses=[call for call in calls if "AF_INET" in call],
    )


def can_watch() -> bool:
    if STRACE is None:
        return False
    return subprocess.run([STRACE, "-o", os.devnull, "true"], capture_output=True, check=False).returncode == 0


watched = pytest.mark.skipif(not can_watch(), reason="strace is not here, or may not watch")


def some(given: list[str], view: str) -> list[str]:
    """All of them for the view as it is; for the slower way of the program one in seven, and with them every way to
    name a file and every place for a name."""
    return given if view == "raw" else given[::7]


@pytest.mark.parametrize("view", ["raw", "cleaned"])
def test_no_server_is_called_and_no_canary_is_seen(
    view: str, server: Listening, folder: Path, empty_desk: Desk
) -> None:
    given = some(documents(server.base, folder), view)
    assert len(given) > 600
    widget, show = VIEWS[view](empty_desk)
    seen = [given[number] for number in painted(widget, show, given)]
    widget.deleteLater()
    assert seen == []
    assert server.calls == 0


@watched
@pytest.mark.parametrize("view", ["raw", "cleaned"])
def test_no_named_file_is_asked_for_and_no_address(view: str, server: Listening, folder: Path) -> None:
    """On a screen of double sharpness, where Qt looks for more files than elsewhere."""
    given = some(documents(server.base, folder), view)
    assert watch(view, given, folder, scale=2) == Watched(0, [], [])
    assert server.calls == 0


def test_qt_s_own_view_shows_canaries(folder: Path, empty_desk: Desk) -> None:
    widget, show = VIEWS["plain"](empty_desk)
    given = [
        f'<img src="{folder / PICTURE}">',
        "<p>x",
        f'<img src="{PICTURE}">',
        f"<style>@import url({SHEET});</style><p>x",
    ]
    assert list(painted(widget, show, given)) == [0, 2, 3]
    widget.deleteLater()


@watched
def test_the_record_catches_a_view_that_asks_the_file_system(folder: Path) -> None:
    found = watch("plain", [f'<img src="file://{folder / "canary.png"}">'], folder, 1)
    assert found.painted == 1
    assert found.files


@watched
def test_the_record_catches_a_view_that_looks_for_sharper_pictures_beside(folder: Path) -> None:
    found = watch("plain", ['<img src="//127.0.0.1/canary/x.png">'], folder, 2)
    assert any("x@2x.png" in call for call in found.files)


@watched
def test_the_record_catches_a_call_to_a_server(server: Listening, tmp_path: Path) -> None:
    record, call = tmp_path / "record", f"import socket; socket.create_connection({server._socket.getsockname()!r})"
    command = [STRACE or "", "-f", "-qq", "-o", record, "-e", "trace=%network", sys.executable, "-c", call]
    subprocess.run(command, check=True)
    assert "AF_INET" in record.read_text()
