"""One window for each profile: the first takes what every other start was asked for."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from pecdesk.errors import ProfileError
from pecdesk.profile import Profile
from pecdesk.ui.one_window import LARGEST, OneWindow, Request, _address, hand_over

ASKED = Request(("/posta/a.eml",), ("mailto:a@pec.example?subject=x//y",), "token", ("/atti/b.p7m",))

SECOND = """
import sys
from pathlib import Path
from pecdesk.profile import Profile
from pecdesk.ui.one_window import Request, hand_over
links = ("mailto:a@pec.example?subject=x//y",)
hand_over(Profile.open(Path(sys.argv[1])), Request(("/posta/a.eml",), links, "token", ("/atti/b.p7m",)))
"""

HOLDER = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from pecdesk.profile import Profile
from pecdesk.ui.one_window import OneWindow
application = QCoreApplication([])
print(OneWindow(Profile.open(Path(sys.argv[1]))).be_first(), flush=True)
application.exec()
"""


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile.open(tmp_path / "profile")


@pytest.fixture
def first(qtbot: QtBot, profile: Profile) -> Iterator[OneWindow]:
    made = OneWindow(profile)
    assert made.be_first()
    yield made
    made.close()


def talk(qtbot: QtBot, profile: Profile, words: bytes) -> QLocalSocket:
    socket = QLocalSocket()
    socket.connectToServer(_address(profile).read_text(encoding="utf-8"))
    assert socket.waitForConnected(2000)
    socket.write(words)
    socket.flush()
    qtbot.wait(20)
    return socket


def test_a_second_start_hands_over_and_ends(qtbot: QtBot, profile: Profile, first: OneWindow) -> None:
    with qtbot.waitSignal(first.asked, timeout=20_000) as asked:
        second = subprocess.Popen([sys.executable, "-P", "-c", SECOND, str(profile.root)], env=_environment())

    assert asked.args == [ASKED]
    assert second.wait(10) == 0


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}


def test_only_one_is_the_first_and_after_it_another(profile: Profile, first: OneWindow) -> None:
    other = OneWindow(profile)
    assert not other.be_first()
    first.close()
    assert other.be_first()
    other.close()


def test_after_a_first_that_was_killed_the_next_is_the_first(qtbot: QtBot, profile: Profile) -> None:
    with subprocess.Popen(
        [sys.executable, "-P", "-c", HOLDER, str(profile.root)], stdout=subprocess.PIPE, env=_environment()
    ) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"True\n"
        killed.kill()
    assert _address(profile).exists(), "it had no time to clean up"

    again = OneWindow(profile)
    assert again.be_first()
    again.close()


def test_profiles_do_not_hear_each_other(qtbot: QtBot, first: OneWindow, tmp_path: Path) -> None:
    other = OneWindow(Profile.open(tmp_path / "other"))
    assert other.be_first()
    heard: list[object] = []
    first.asked.connect(heard.append)
    with qtbot.waitSignal(other.asked):
        talk(qtbot, Profile.open(tmp_path / "other"), _words(Request()))
    other.close()

    assert heard == []


def _words(request: Request) -> bytes:
    return json.dumps(asdict(request)).encode() + b"\n"


def test_who_does_not_answer_is_told_of_with_what_to_do(profile: Profile) -> None:
    with profile.lock("window"), pytest.raises(ProfileError) as raised:
        hand_over(profile, Request(), patience=0.0)

    assert raised.value.next_step


def test_only_this_user_reaches_it(profile: Profile, first: OneWindow) -> None:
    name = Path(_address(profile).read_text(encoding="utf-8"))

    assert stat.S_IMODE(name.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(_address(profile).stat().st_mode) == 0o600


def test_in_a_folder_whose_path_is_too_long_for_a_socket_it_works_as_well(qtbot: QtBot, tmp_path: Path) -> None:
    profile = Profile.open(tmp_path / ("x" * 120))
    first = OneWindow(profile)
    assert first.be_first()
    place = Path(_address(profile).read_text(encoding="utf-8"))
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    with qtbot.waitSignal(first.asked) as asked:
        talk(qtbot, profile, _words(ASKED))
    first.close()

    assert asked.args == [ASKED]
    assert not place.parent.exists()


@pytest.mark.parametrize(
    "words",
    [
        b"\n",
        b"nonsense\n",
        b"[]\n",
        b'{"files": "a", "links": [], "token": "", "attached": []}\n',
        b'{"files": [1], "links": [], "token": "", "attached": []}\n',
        b'{"files": [], "links": [], "token": "", "attached": [2]}\n',
        b'{"files": [], "links": []}\n',
        b"[" * 100_000 + b"\n",
        b"\xff\xfe\n",
        b"a" * (LARGEST + 10),
    ],
)
def test_what_makes_no_sense_is_passed_over_and_the_next_is_heard(
    qtbot: QtBot, profile: Profile, first: OneWindow, words: bytes
) -> None:
    heard: list[object] = []
    first.asked.connect(heard.append)
    talk(qtbot, profile, words)
    with qtbot.waitSignal(first.asked):
        talk(qtbot, profile, _words(ASKED))

    assert heard == [ASKED]


def test_who_talks_without_end_is_cut_off(qtbot: QtBot, profile: Profile, first: OneWindow) -> None:
    socket = talk(qtbot, profile, b"a" * (LARGEST + 10))

    qtbot.waitUntil(lambda: socket.state() is QLocalSocket.LocalSocketState.UnconnectedState)


def test_a_word_that_comes_in_pieces_is_heard_as_one(qtbot: QtBot, profile: Profile, first: OneWindow) -> None:
    heard: list[object] = []
    first.asked.connect(heard.append)
    words = _words(ASKED)
    socket = talk(qtbot, profile, words[:10])
    with qtbot.waitSignal(first.asked):
        socket.write(words[10:])
        socket.flush()

    assert heard == [ASKED]


def test_what_it_keeps_in_the_profile_is_in_no_backup(profile: Profile, first: OneWindow) -> None:
    visible = {path.name for path in profile.root.iterdir() if not path.name.startswith(".")}

    assert visible == {"window.lock"}
