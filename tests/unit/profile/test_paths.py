"""The profile folder: private, refused with a sentence where it cannot be, one writer at a time."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from pecdesk.errors import ProfileError
from pecdesk.profile import Profile
from pecdesk.profile.paths import keep_private

posix = pytest.mark.skipif(sys.platform == "win32", reason="permission bits are a POSIX matter")


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix
def test_a_new_profile_folder_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    profile = Profile.open(tmp_path / "far" / "away" / "profile")
    assert mode_of(profile.root) == 0o700


@posix
def test_an_open_profile_folder_is_narrowed_when_it_is_ours(tmp_path: Path) -> None:
    root = tmp_path / "profile"
    root.mkdir(mode=0o755)
    root.chmod(0o755)
    Profile.open(root)
    assert mode_of(root) == 0o700


def test_opening_a_profile_twice_changes_nothing(tmp_path: Path) -> None:
    first = Profile.open(tmp_path / "profile")
    first.journal.write_text("{}\n")
    assert Profile.open(tmp_path / "profile") == first
    assert first.journal.read_text() == "{}\n"


def test_without_a_folder_the_usual_place_of_the_system_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platformdirs, "user_data_path", lambda name, appauthor: tmp_path / "data" / name)
    assert Profile.open(None).root == tmp_path / "data" / "pecdesk"


def test_everything_of_a_profile_lies_inside_its_folder(tmp_path: Path) -> None:
    profile = Profile.open(tmp_path / "profile")
    places = [profile.archive, profile.journal, profile.database, profile.trust, profile.settings, profile.exports]
    assert {place.parent for place in places} == {profile.root}
    assert len(set(places)) == len(places)


def test_a_relative_folder_stays_the_same_when_the_program_changes_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Profile.open(Path("profile")).root == tmp_path / "profile"


def test_a_file_in_the_way_is_refused_and_kept(tmp_path: Path) -> None:
    in_the_way = tmp_path / "profile"
    in_the_way.write_text("mine")
    with pytest.raises(ProfileError, match="a file stands in its place"):
        Profile.open(in_the_way)
    with pytest.raises(ProfileError, match="a file stands in its place"):
        Profile.open(in_the_way / "below")
    assert in_the_way.read_text() == "mine"


@posix
@pytest.mark.parametrize("mode", [0o500, 0o555])
def test_a_read_only_folder_is_refused_and_stays_read_only(tmp_path: Path, mode: int) -> None:
    root = tmp_path / "profile"
    root.mkdir()
    root.chmod(mode)
    with pytest.raises(ProfileError, match="cannot be opened for writing"):
        Profile.open(root)
    assert mode_of(root) == mode


@posix
def test_a_folder_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "profile"
    root.mkdir()
    somebody_else = root.stat().st_uid + 1
    monkeypatch.setattr(os, "geteuid", lambda: somebody_else)
    with pytest.raises(ProfileError, match="belongs to another user"):
        Profile.open(root)


@posix
def test_a_folder_of_other_things_is_refused_with_its_permissions_untouched(tmp_path: Path) -> None:
    root = tmp_path / "documents"
    root.mkdir()
    root.chmod(0o755)
    (root / "contract.odt").write_text("x")
    with pytest.raises(ProfileError, match="cannot become a profile"):
        Profile.open(root)
    assert mode_of(root) == 0o755
    assert [path.name for path in root.iterdir()] == ["contract.odt"]


def test_a_private_folder_of_other_things_may_become_a_profile(tmp_path: Path) -> None:
    (tmp_path / "contract.odt").write_text("x")
    tmp_path.chmod(0o700)
    assert Profile.open(tmp_path).root == tmp_path


def test_a_profile_that_holds_foreign_files_beside_its_own_is_still_a_profile(tmp_path: Path) -> None:
    profile = Profile.open(tmp_path / "profile")
    profile.archive.mkdir()
    (profile.root / "note.txt").write_text("x")
    assert Profile.open(profile.root) == profile


def test_a_profile_that_only_holds_a_lock_and_hidden_files_can_be_opened_again(tmp_path: Path) -> None:
    profile = Profile.open(tmp_path / "profile")
    (profile.root / ".directory").write_text("x")
    with profile.lock("writer"):
        assert Profile.open(profile.root) == profile


def test_the_second_holder_of_a_lock_is_told_that_pecdesk_is_already_working(tmp_path: Path) -> None:
    profile = Profile.open(tmp_path / "profile")
    with (
        profile.lock("writer"),
        pytest.raises(ProfileError, match="already working"),
        profile.lock("writer"),
    ):
        raise AssertionError
    with profile.lock("writer"):
        pass


def test_locks_of_different_names_do_not_meet(tmp_path: Path) -> None:
    profile = Profile.open(tmp_path / "profile")
    with profile.lock("writer"), profile.lock("sending"):
        pass


def test_a_lock_is_given_up_when_the_work_fails(tmp_path: Path) -> None:
    profile = Profile.open(tmp_path / "profile")
    with pytest.raises(ZeroDivisionError), profile.lock("writer"):
        raise ZeroDivisionError
    with profile.lock("writer"):
        pass


HOLD = """
import sys
from pathlib import Path
from pecdesk.profile import Profile
with Profile(Path(sys.argv[1])).lock("writer"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_lock_holds_between_processes_and_dies_with_its_holder(tmp_path: Path) -> None:
    profile = Profile.open(tmp_path / "profile")
    command = [sys.executable, "-c", HOLD, str(profile.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        with pytest.raises(ProfileError, match="already working"), profile.lock("writer"):
            raise AssertionError
        other.kill()
        other.wait()
    with profile.lock("writer"):
        pass


@posix
def test_the_lock_file_is_private(tmp_path: Path) -> None:
    profile = Profile.open(tmp_path / "profile")
    with profile.lock("writer"):
        assert mode_of(profile.root / "writer.lock") == 0o600


def test_only_a_stamped_profile_is_the_demos(tmp_path: Path) -> None:
    profile = Profile.open(tmp_path / "profile")
    assert not profile.is_demo
    profile.stamp_demo()
    assert profile.is_demo
    assert Profile.open(profile.root).is_demo


@posix
def test_a_file_kept_private_keeps_its_content_and_loses_its_readers(tmp_path: Path) -> None:
    path = tmp_path / "pecdesk.db"
    keep_private(path)
    assert mode_of(path) == 0o600
    path.write_text("content")
    path.chmod(0o644)
    keep_private(path)
    assert mode_of(path) == 0o600
    assert path.read_text() == "content"
