"""The window as its user meets it: a process of its own, on a real X server, by keyboard only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.conftest import MadeDemo

pytestmark = pytest.mark.skipif(
    shutil.which("Xvfb") is None or shutil.which("xdotool") is None, reason="Xvfb or xdotool is missing"
)

PATIENCE = 180
"""Seconds until something that must happen is given up."""


@dataclass
class Screen:
    """An X server, and somebody at its keyboard."""

    display: str

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "WAYLAND"))}
        return kept | {"DISPLAY": self.display, "LC_ALL": "C.UTF-8"}

    def run(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words], env=self.environment, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
        return done.stdout.strip()

    def window(self, title: str) -> str:
        """The window of that title, once it is there; made the one that hears the keyboard."""
        found = wait_for(lambda: self.run("search", "--onlyvisible", "--name", title), f"a window {title!r}")
        number = found.splitlines()[-1]
        self.run("windowfocus", "--sync", number)
        return number

    def titles(self) -> list[str]:
        numbers = self.run("search", "--onlyvisible", "--name", ".").split()
        return [self.run("getwindowname", number) for number in numbers]

    def press(self, *keys: str) -> None:
        self.run("key", "--clearmodifiers", "--delay", "60", *keys)


def wait_for(look: Callable[[], str], what: str) -> str:
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, f"{what} did not come"
        time.sleep(0.2)
    return found


@pytest.fixture
def screen() -> Iterator[Screen]:
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as pipe:
        number = pipe.readline().strip()
    assert number, "Xvfb did not start"
    yield Screen(f":{number}")
    server.terminate()
    server.wait(PATIENCE)


@pytest.fixture
def own_demo(demo: MadeDemo, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo.profile, tmp_path / "profile"))


def start(screen: Screen, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pecdesk", *words],
        env=screen.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> int:
    _out, err = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in err, err
    return process.returncode


def complaints(profile: Path) -> list[str]:
    lines = (profile / "pecdesk.log").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if " INFO " not in line]


def test_a_second_start_ends_at_once_and_the_first_window_takes_its_file(
    screen: Screen, demo: MadeDemo, own_demo: Path
) -> None:
    mail = next((own_demo / "demo" / "mail").rglob("*.eml"))
    first = start(screen, "--profile", str(own_demo), "--lang", "it", "--now", demo.now)
    try:
        screen.window("pecdesk – DEMO")
        assert ended(start(screen, "--profile", str(own_demo), "--lang", "en", "open", str(mail))) == 0
        screen.window("^(Ricevuta|Avviso|Preavviso|Posta|Busta|Messaggio)")
        assert ended(start(screen, "--profile", str(own_demo))) == 0
        screen.window("pecdesk – DEMO")
        screen.press("ctrl+q")
        assert ended(first) == 0
    finally:
        first.kill()
    assert complaints(own_demo) == []


def test_a_failure_is_found_inspected_and_the_program_ended_by_keyboard_alone(
    screen: Screen, demo: MadeDemo, own_demo: Path
) -> None:
    program = start(screen, "--profile", str(own_demo), "--lang", "it", "--now", demo.now)
    try:
        screen.window("pecdesk – DEMO")
        screen.press("ctrl+3", "F6", "Home", "ctrl+Return")
        inspector = screen.window("^(Ricevuta|Avviso|Preavviso|Posta|Busta|Messaggio)")
        screen.press("ctrl+2", "ctrl+7", "Escape")
        wait_for(lambda: "gone" if inspector not in screen.run("search", "--onlyvisible", "--name", ".") else "", "end")
        screen.window("pecdesk – DEMO")
        screen.press("ctrl+q")
        assert ended(program) == 0
    finally:
        program.kill()
    assert complaints(own_demo) == []


def test_a_receipt_is_opened_from_the_file_manager_without_the_main_window(
    screen: Screen, demo: MadeDemo, own_demo: Path
) -> None:
    receipt = next((own_demo / "demo" / "mail").glob("*/inbox/*.eml"))
    program = start(screen, "--profile", str(own_demo), "--lang", "it", "--now", demo.now, "open", str(receipt))
    try:
        screen.window(".")
        assert not any("DEMO:" in title for title in screen.titles())
        screen.press("Escape")
        assert ended(program) == 0
    finally:
        program.kill()


def test_the_demo_prints_its_table_and_opens_its_window(screen: Screen, tmp_path: Path) -> None:
    program = start(screen, "--profile", str(tmp_path / "demo"), "--lang", "it", "demo")
    try:
        screen.window("pecdesk – DEMO")
        screen.press("ctrl+q")
        assert ended(program) == 0
    finally:
        program.kill()


def test_without_a_screen_the_sentence_says_what_can_be_done(tmp_path: Path) -> None:
    kept = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    done = subprocess.run(
        [sys.executable, "-m", "pecdesk", "--profile", str(tmp_path / "p"), "--lang", "en"],
        env=kept,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 3
    assert done.stderr.startswith("pecdesk: There is no screen here")
