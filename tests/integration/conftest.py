"""The program as its user runs it: `python -m pecdesk` in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pecdesk.app.trust import anchors_of
from pecdesk.examiner import Examiner
from pecdesk.profile import Profile
from pecdesk.trust import anchors_to_json
from tests.kit import dovecot as kit
from tests.kit.kept_office import KeptOffice

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Pecdesk = Callable[..., Outcome]


SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def run_pecdesk(*words: object, timeout: float = 120, **options: Any) -> Outcome:
    """Run one command as on a machine without a screen, whatever this one has."""
    environment = options.pop("env", os.environ)
    options["env"] = {name: value for name, value in environment.items() if name not in SCREENS}
    done = subprocess.run(
        [sys.executable, "-m", "pecdesk", *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
        stdin=subprocess.DEVNULL,
        **options,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def pecdesk() -> Pecdesk:
    return run_pecdesk


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@dataclass(frozen=True)
class MadeDemo:
    """The demo profile, made once for all tests, which only read it."""

    profile: Path
    document: Any
    outcome: Outcome

    @property
    def mail(self) -> Path:
        return Path(self.document["mail"])

    @property
    def policy(self) -> Path:
        return Path(self.document["policy"])

    @property
    def now(self) -> str:
        return str(self.document["now"])


NOW = "2026-11-22T09:30:00+01:00"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> MadeDemo:
    folder = tmp_path_factory.mktemp("demo") / "profile"
    made = run_pecdesk("--profile", folder, "demo", "--json", "--now", NOW, "--no-window")
    assert made.code == 0, made.err
    return MadeDemo(folder, made.json, made)


@pytest.fixture(scope="session")
def samples() -> Path:
    if not SAMPLES.is_dir():
        pytest.skip("the genuine samples are not beside this checkout")
    return SAMPLES


@pytest.fixture(scope="module")
def dovecot() -> Iterator[kit.Dovecot]:
    """A real IMAP server for the tests of one module, which share its mailbox."""
    if reason := kit.missing():
        pytest.skip(reason)
    with kit.Dovecot() as running:
        yield running


@pytest.fixture(scope="session")
def helper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Examiner]:
    """A helper process with the shipped trust, for all tests that need one."""
    profile = Profile.open(tmp_path_factory.mktemp("helper") / "profile")
    with Examiner(anchors_to_json(anchors_of(profile))) as running:
        yield running


@pytest.fixture
def mail_server() -> Iterator[kit.Dovecot]:
    """A real IMAP server for one test, which has its mailbox for itself."""
    if reason := kit.missing():
        pytest.skip(reason)
    with kit.Dovecot() as running:
        yield running


@pytest.fixture
def office(tmp_path: Path, mail_server: kit.Dovecot, helper: Examiner) -> Iterator[KeptOffice]:
    """A profile with that mailbox, which it has not seen yet."""
    with KeptOffice(tmp_path, mail_server, examiner=helper) as opened:
        yield opened
