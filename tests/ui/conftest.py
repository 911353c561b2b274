"""The window offscreen: one QApplication, a demo profile to look at, and fixtures that find what was left behind."""

from __future__ import annotations

import gc
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_FONT_DPI"] = "96"

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from pecdesk.app import App
from pecdesk.demo.profile import open_demo
from pecdesk.resources import resources
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.theme import Theme

NOW = datetime.fromisoformat("2026-11-22T09:30:00+01:00")

EXPECTED_WORDS = ("This plugin does not support", "QFont::fromString")
"""What the offscreen platform complains of by itself."""


@pytest.fixture(scope="session", autouse=True)
def bundled_font(qapp: QApplication) -> None:
    """The same letters on every machine."""
    QFontDatabase.addApplicationFont(str(resources() / "fonts" / "DejaVuSans.ttf"))
    qapp.setFont(QFont("DejaVu Sans", 10))


@pytest.fixture(scope="session", autouse=True)
def swept_on_the_gui_thread() -> Iterator[None]:
    """As in the program: no garbage is collected in the middle of a thread's work."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def no_word_from_qt() -> Iterator[None]:
    """Whatever Qt warns of is a mistake of ours."""
    heard: list[str] = []

    def hear(kind: QtMsgType, _context: object, message: str) -> None:
        if kind != QtMsgType.QtDebugMsg and not message.startswith(EXPECTED_WORDS):
            heard.append(message)

    before = qInstallMessageHandler(hear)
    yield
    qInstallMessageHandler(before)
    assert heard == []


@pytest.fixture(autouse=True)
def nothing_left_behind(qapp: QApplication, no_word_from_qt: None) -> Iterator[None]:
    """No thread, no running timer and no window outlives its test."""
    threads = set(threading.enumerate())
    windows = set(map(id, qapp.topLevelWidgets()))
    yield
    qapp.processEvents()
    gc.collect(1)
    left = [thread.name for thread in threading.enumerate() if thread not in threads and thread.is_alive()]
    assert left == [], "threads were left running"
    shown = [w for w in qapp.topLevelWidgets() if id(w) not in windows and w.isVisible()]
    assert shown == [], "windows were left open"
    ticking = [timer for timer in qapp.findChildren(QTimer) if timer.isActive()]
    assert ticking == [], "timers were left running"


@pytest.fixture(scope="session")
def made_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The demo profile, made once; tests get copies."""
    folder = tmp_path_factory.mktemp("made") / "profile"
    with open_demo(folder, NOW, reset=False, progress=lambda _done, _of: None):
        pass
    written = _written(folder)
    yield folder
    assert _written(folder) == written, "a test changed a message in place, and so that of every other test"


def _written(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*.eml")}


@pytest.fixture
def demo_profile(made_demo: Path, tmp_path: Path) -> Path:
    """A demo profile of the test's own. Its thousand messages, which nothing ever writes to, are links: far quicker."""
    return Path(shutil.copytree(made_demo, tmp_path / "profile", copy_function=_copy_or_link))


def _copy_or_link(source: str, target: str) -> None:
    (os.link if source.endswith(".eml") else shutil.copy2)(source, target)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme(qapp, "light")
    yield made
    made.deleteLater()


@pytest.fixture
def open_desk(theme: Theme) -> Iterator[Callable[..., Desk]]:
    """Opens a profile in front of the test, at the demo's moment, and closes it afterwards."""
    desks: list[Desk] = []

    def open_(root: Path, spoken: str = "it", kind: type[App] = App) -> Desk:
        desk = Desk(kind.open(root), theme, lambda: NOW, spoken)
        desks.append(desk)
        return desk

    yield open_
    for desk in desks:
        desk.close()
        desk.deleteLater()


@pytest.fixture
def desk(open_desk: Callable[..., Desk], demo_profile: Path) -> Desk:
    """The demo profile, open, in Italian and light."""
    return open_desk(demo_profile)


@pytest.fixture
def empty_desk(open_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """A profile with nothing in it."""
    return open_desk(tmp_path / "empty")


def demo_facts(profile: Path) -> dict[str, object]:
    """What the demo wrote down about itself."""
    return dict(json.loads((profile / "demo" / "made.json").read_text(encoding="utf-8")))
