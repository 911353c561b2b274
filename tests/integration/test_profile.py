"""A profile over its life: rebuilt, backed up, damaged, full, from the future."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.integration.conftest import NOW, MadeDemo, Pecdesk
from tests.integration.test_demo import comparable, rows


@pytest.fixture
def copy(demo: MadeDemo, tmp_path: Path) -> Path:
    """A profile of one's own to break."""
    target = tmp_path / "copy"
    shutil.copytree(demo.profile, target)
    return target


def test_the_folder_is_private(demo: MadeDemo) -> None:
    assert stat.S_IMODE(demo.profile.stat().st_mode) == 0o700
    for path in demo.profile.rglob("*"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_raw_bytes_in_are_raw_bytes_out(demo: MadeDemo, pecdesk: Pecdesk, tmp_path: Path) -> None:
    row = next(row for row in demo.document["transmissions"] if row["original"] == "own" and len(row["evidence"]) > 1)
    done = pecdesk("--profile", demo.profile, "export", row["id"], "--to", tmp_path / "out", "--json")
    sources = {path.read_bytes() for path in demo.mail.rglob("*.eml")}
    assert len(done.json["files"]) >= 3
    for file in done.json["files"]:
        assert Path(file["path"]).read_bytes() in sources


def test_a_lost_database_is_made_again_from_archive_and_journal(copy: Path, pecdesk: Pecdesk) -> None:
    before = comparable(rows(pecdesk, copy))
    for file in copy.glob("pecdesk.db*"):
        file.unlink()
    done = pecdesk("--profile", copy, "doctor", "--rebuild", "--json")
    assert done.code == 0, done.err
    assert done.json["healthy"]
    assert comparable(rows(pecdesk, copy)) == before


def test_a_damaged_database_is_said_and_made_again(copy: Path, pecdesk: Pecdesk) -> None:
    before = comparable(rows(pecdesk, copy))
    (copy / "pecdesk.db").write_bytes(b"not a database at all, but long enough" * 100)
    broken = pecdesk("--profile", copy, "--lang", "en", "list")
    assert broken.code == 3
    assert "doctor --rebuild" in broken.err
    assert pecdesk("--profile", copy, "doctor", "--rebuild", "--json").json["healthy"]
    assert comparable(rows(pecdesk, copy)) == before


def test_a_database_edited_to_say_certified_is_found_out_by_the_proof(
    copy: Path, pecdesk: Pecdesk, tmp_path: Path
) -> None:
    claim = next(row for row in rows(pecdesk, copy) if row["kind"] == "claim")
    connection = sqlite3.connect(copy / "pecdesk.db")
    connection.execute(
        "UPDATE transmission SET facts = replace(facts, 'not-certified', 'certified') WHERE id = ?", (claim["id"],)
    )
    connection.execute("UPDATE message SET standing = 'certified'")
    connection.commit()
    connection.close()
    done = pecdesk("--profile", copy, "proof", claim["id"], "--to", tmp_path, "--json")
    assert done.code == 1
    verdicts = json.loads((Path(done.json["bundles"][0]["path"]) / "verifica.json").read_text(encoding="utf-8"))
    assert [file["standing"] for file in verdicts["files"]] == ["not-certified"]


def test_doctor_finds_a_changed_and_a_missing_message(copy: Path, pecdesk: Pecdesk) -> None:
    first, second = sorted((copy / "archive").rglob("*.eml"))[:2]
    first.chmod(0o600)
    first.write_bytes(first.read_bytes() + b" ")
    second.unlink()
    done = pecdesk("--profile", copy, "doctor", "--json")
    assert done.code == 1
    assert set(done.json["damaged"]) == {first.stem, second.stem}


def test_a_backup_is_brought_back_whole(demo: MadeDemo, pecdesk: Pecdesk, tmp_path: Path) -> None:
    saved, restored = tmp_path / "saved", tmp_path / "restored"
    assert pecdesk("--profile", demo.profile, "backup", "--to", saved).code == 0
    assert subprocess.run(["sha256sum", "-c", "--quiet", "manifest.sha256"], cwd=saved, check=False).returncode == 0
    assert pecdesk("--profile", restored, "restore", "--from", saved).code == 0
    assert comparable(rows(pecdesk, restored)) == comparable(rows(pecdesk, demo.profile))
    again = pecdesk("--profile", restored, "restore", "--from", saved)
    assert again.code == 2


def test_a_damaged_backup_restores_nothing(demo: MadeDemo, pecdesk: Pecdesk, tmp_path: Path) -> None:
    saved, restored = tmp_path / "saved", tmp_path / "restored"
    pecdesk("--profile", demo.profile, "backup", "--to", saved)
    victim = next((saved / "archive").rglob("*.eml"))
    victim.chmod(0o600)
    victim.write_bytes(b"changed")
    done = pecdesk("--profile", restored, "restore", "--from", saved)
    assert done.code == 3
    assert not (restored / "archive").exists()


def test_a_database_from_the_future_is_refused_and_left_alone(copy: Path, pecdesk: Pecdesk) -> None:
    connection = sqlite3.connect(copy / "pecdesk.db")
    connection.execute("PRAGMA user_version = 999")
    connection.commit()
    connection.close()
    done = pecdesk("--profile", copy, "--lang", "en", "list")
    assert done.code == 3
    assert "newer pecdesk" in done.err
    connection = sqlite3.connect(copy / "pecdesk.db")
    assert connection.execute("PRAGMA user_version").fetchone()[0] == 999
    connection.close()


def test_a_profile_that_is_a_file_is_said(pecdesk: Pecdesk, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert pecdesk("--profile", tmp_path / "file", "list").code == 3


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of its own, which can be filled and made read-only."""
    folder.mkdir(mode=0o700)
    options = f"size={size},mode=0700"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("no small file system can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_read_only_profile_is_said(demo: MadeDemo, pecdesk: Pecdesk, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "100m") as disk:
        shutil.copytree(demo.profile, disk / "profile")
        (disk / "new.eml").write_bytes(b"X-New: 1\r\n" + next(demo.mail.rglob("*.eml")).read_bytes())
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        for words in (("import", disk / "new.eml"), ("list",), ("backup", "--to", tmp_path / "saved")):
            done = pecdesk("--profile", disk / "profile", *words)
            assert done.code in (0, 3), words
            assert done.code == 0 or done.err.startswith("pecdesk: ")


def test_a_full_disk_is_said_and_nothing_is_lost(demo: MadeDemo, pecdesk: Pecdesk, tmp_path: Path) -> None:
    account = demo.document["accounts"][0]
    with small_disk(tmp_path / "disk", "3m") as disk:
        profile = disk / "profile"
        done = pecdesk("--profile", profile, "--lang", "en", "import", demo.mail / account, "--account", account)
        assert done.code == 3
        assert "no room left on the disk" in done.err
        assert not list(profile.rglob("*.new"))
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        healed = pecdesk("--profile", profile, "import", demo.mail / account, "--account", account, "--json")
        assert healed.code == 0, healed.err
        assert pecdesk("--profile", profile, "doctor", "--json").json["healthy"]
        total = len(list((demo.mail / account).rglob("*.eml")))
        assert healed.json["new"] + healed.json["known"] == total


def test_rows_keep_their_numbers_when_trust_comes_and_goes(copy: Path, pecdesk: Pecdesk, demo: MadeDemo) -> None:
    before = rows(pecdesk, copy)
    removed = pecdesk("--profile", copy, "trust", "remove", "DEMO")
    assert removed.code == 0, removed.err
    without = rows(pecdesk, copy)
    assert not any(line["counts"] for row in without for line in row["evidence"])
    assert "certified" not in {row["sealed"] for row in without}
    pecdesk("--profile", copy, "trust", "add", demo.policy)
    assert comparable(rows(pecdesk, copy)) == comparable(before)


def test_search_finds_by_words_and_operators(demo: MadeDemo, pecdesk: Pecdesk) -> None:
    def found(*words: str) -> list[dict]:
        done = pecdesk("--profile", demo.profile, "search", "--json", "--limit", "0", "--now", NOW, *words)
        assert done.code == 0, done.err
        return done.json["transmissions"]

    assert {row["state"] for row in found("stato:mancata")} == {"failed"}
    assert {row["state"] for row in found("state:failed")} == {"failed"}
    assert all("notificazione" in row["subject"].lower() for row in found("oggetto:notificazione"))
    assert found("oggetto:notificazione")
    assert found("ricevuta:preavviso")
    assert found("ha:allegato", "stato:consegnato")
    assert found("zzz-nothing-like-this") == []
    assert found('") OR 1=1 --') == []
    assert pecdesk("--profile", demo.profile, "search", "stato:boh").code == 2


def test_a_proof_is_written_into_a_folder_named_from_here(demo: MadeDemo, pecdesk: Pecdesk, tmp_path: Path) -> None:
    row = demo.document["transmissions"][0]
    words = ("--profile", demo.profile, "proof", row["id"], "--to", "prove", "--made-at", NOW)
    for extra in ((), ("--zip",)):
        done = pecdesk(*words, *extra, "--json", cwd=tmp_path)
        assert done.code in (0, 1), done.err
        assert (tmp_path / done.json["bundles"][0]["path"]).exists()


def test_a_database_that_is_gone_comes_back_by_itself(copy: Path, pecdesk: Pecdesk) -> None:
    before = comparable(rows(pecdesk, copy))
    for file in copy.glob("pecdesk.db*"):
        file.unlink()
    assert comparable(rows(pecdesk, copy)) == before
