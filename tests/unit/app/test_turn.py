"""Whose turn it is to write."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from pecdesk.app.turn import WRITE_LOCK, Turn
from pecdesk.errors import BusyError, ProfileError
from pecdesk.profile import Profile

PATIENCE = 20.0


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile.open(tmp_path / "profile")


@pytest.fixture
def turn(profile: Profile) -> Turn:
    return Turn(profile)


def is_locked(profile: Profile) -> bool:
    """Whether somebody else would be refused."""
    try:
        with profile.lock(WRITE_LOCK):
            return False
    except ProfileError:
        return True


def elsewhere(work: Callable[[], None]) -> BaseException | None:
    """Do this on another thread; what it raised."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except ProfileError as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    return raised[0] if raised else None


def take(turn: Turn, *, alone: bool = False) -> Callable[[], None]:
    def work() -> None:
        with turn.take(alone=alone):
            pass

    return work


def test_others_are_kept_out_as_long_as_one_thread_writes(profile: Profile, turn: Turn) -> None:
    first_is_done, second_is_in, second_may_go = threading.Event(), threading.Event(), threading.Event()

    def second() -> None:
        with turn.take():
            second_is_in.set()
            assert second_may_go.wait(PATIENCE)

    with turn.take():
        thread = threading.Thread(target=second)
        thread.start()
        assert second_is_in.wait(PATIENCE)
        assert is_locked(profile)
    first_is_done.set()
    assert is_locked(profile)
    second_may_go.set()
    thread.join(PATIENCE)
    assert not is_locked(profile)


def test_a_thread_takes_its_own_turn_again(profile: Profile, turn: Turn) -> None:
    with turn.take(), turn.take():
        assert is_locked(profile)
    assert not is_locked(profile)
    with turn.take(alone=True), turn.take(), turn.take(alone=True):
        assert elsewhere(take(turn)) is not None
    assert not is_locked(profile)
    assert elsewhere(take(turn)) is None


def test_who_writes_alone_meets_nobody(turn: Turn) -> None:
    with turn.take(alone=True):
        assert isinstance(elsewhere(take(turn)), ProfileError)
        assert isinstance(elsewhere(take(turn, alone=True)), ProfileError)
    with turn.take():
        assert isinstance(elsewhere(take(turn, alone=True)), ProfileError)
        assert elsewhere(take(turn)) is None


def test_a_turn_ends_with_the_error_that_ended_it(profile: Profile, turn: Turn) -> None:
    def fail() -> None:
        with turn.take(alone=True):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not is_locked(profile)
    with turn.take():
        pass


ANOTHER = """
import sys
from pathlib import Path
from pecdesk.profile import Profile
with Profile(Path(sys.argv[1])).lock("write"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_another_process_is_told_of_and_not_waited_for(profile: Profile, turn: Turn) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ANOTHER, str(profile.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(ProfileError, match="already working"), turn.take():
            pass
        other.communicate("")
    with turn.take():
        assert is_locked(profile)


def test_who_is_patient_gets_the_turn_when_the_other_process_is_done(profile: Profile, turn: Turn) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ANOTHER, str(profile.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "held\n"
        asked: list[bool] = []

        def stopped() -> bool:
            if not asked:
                asked.append(True)
                assert other.stdin is not None
                other.stdin.close()
            return False

        with turn.take(patience=PATIENCE, stopped=stopped):
            assert asked
            assert is_locked(profile)


def test_patience_ends_when_its_time_is_over_or_somebody_says_so(profile: Profile, turn: Turn) -> None:
    with profile.lock(WRITE_LOCK):
        with pytest.raises(BusyError), turn.take(patience=0.1):
            pass
        with pytest.raises(BusyError), turn.take(patience=1e9, stopped=lambda: True):
            pass
