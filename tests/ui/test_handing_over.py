"""Attachments handed to the system: opened as harmless copies, saved where the user wants them."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pecdesk.app import App
from pecdesk.errors import DiskFullError, PecdeskError, StoreError
from pecdesk.explain.dangers import SENTENCES
from pecdesk.mime import Danger
from pecdesk.ui.desk import Desk
from pecdesk.ui.reader import handing_over
from pecdesk.ui.reader.handing_over import (
    FROM_THE_INTERNET,
    HandingOver,
    NameTakenError,
    mark_as_foreign,
    saved,
    saved_beside,
)
from pecdesk.ui.style.theme import Theme

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PDF = b"%PDF-1.7\n..."
posix = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX matter")


class Opener:
    """The system, as far as opening goes."""

    def __init__(self) -> None:
        self.opened: list[Path] = []
        self.has_program = True

    def open(self, path: Path) -> bool:
        self.opened.append(path)
        return self.has_program

    def choose_folder(self, *_: object) -> None:
        raise AssertionError

    choose_files = choose_folder


class Heard:
    """What was answered."""

    def __init__(self) -> None:
        self.refusals: list[str] = []
        self.failures: list[Exception] = []
        self.saved: list[object] = []

    @property
    def anything(self) -> bool:
        return bool(self.refusals or self.failures or self.saved)


@pytest.fixture
def opener() -> Opener:
    return Opener()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def hand_over(empty_desk: Desk, opener: Opener) -> HandingOver:
    return HandingOver(empty_desk, empty_desk, opener)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def modes(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# --- opening ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "opened"),
    [
        ("lettera.pdf", PDF, "lettera.pdf"),
        ("../../../.config/autostart/lettera.pdf", PDF, "lettera.pdf"),
        ("fattura.xml", b"<a/>", "fattura.xml.txt"),
        ("atto.pdf.p7m", b"0\x80", "atto.pdf.p7m"),
    ],
)
def test_what_is_harmless_is_opened_as_a_copy_nobody_else_can_read(
    hand_over: HandingOver,
    empty_desk: Desk,
    opener: Opener,
    heard: Heard,
    qtbot: QtBot,
    name: str,
    content: bytes,
    opened: str,
) -> None:
    hand_over.open(name, lambda: content, heard.refusals.append, heard.failures.append)
    qtbot.waitUntil(lambda: bool(opener.opened))
    (path,) = opener.opened
    assert path.name == opened
    assert path.read_bytes() == content
    assert path.is_relative_to(empty_desk.private_folder)
    assert not heard.anything
    if sys.platform != "win32":
        assert modes(path) == 0o400
        assert modes(path.parent) == modes(empty_desk.private_folder) == 0o700


def test_the_same_name_twice_is_two_copies(hand_over: HandingOver, opener: Opener, heard: Heard, qtbot: QtBot) -> None:
    for content in (PDF, PDF + b"another"):
        hand_over.open("a.pdf", lambda content=content: content, heard.refusals.append, heard.failures.append)
    qtbot.waitUntil(lambda: len(opener.opened) == 2)
    assert [path.read_bytes() for path in opener.opened] == [PDF, PDF + b"another"]
    assert {path.name for path in opener.opened} == {"a.pdf"}


def test_the_copies_are_gone_when_the_desk_is_closed(
    theme: Theme, tmp_path: Path, opener: Opener, heard: Heard, qtbot: QtBot
) -> None:
    desk = Desk(App.open(tmp_path / "another"), theme, lambda: NOW, "it")
    HandingOver(desk, desk, opener).open("a.pdf", lambda: PDF, heard.refusals.append, heard.failures.append)
    qtbot.waitUntil(lambda: bool(opener.opened))
    desk.close()
    assert not opener.opened[0].exists()
    assert not opener.opened[0].parent.parent.exists()


@pytest.mark.parametrize(
    ("name", "content", "danger"),
    [
        ("x.exe", b"MZ", Danger.PROGRAM),
        ("fattura.pdf.exe", b"MZ", Danger.DISGUISED),
        ("fattura.pdf", b"MZ", Danger.PROGRAM),
        ("fattura.pdf", b"<html>", Danger.MISMATCH),
        ("x.html", b"<html>", Danger.WEB_PAGE),
        ("x.desktop", b"[Desktop Entry]", Danger.SHORTCUT),
        ("x", b"?", Danger.UNKNOWN),
    ],
)
def test_what_may_do_harm_is_not_even_written_and_the_reason_is_said(
    hand_over: HandingOver,
    empty_desk: Desk,
    opener: Opener,
    heard: Heard,
    qtbot: QtBot,
    name: str,
    content: bytes,
    danger: Danger,
) -> None:
    hand_over.open(name, lambda: content, heard.refusals.append, heard.failures.append)
    qtbot.waitUntil(lambda: heard.anything)
    assert heard.refusals == [empty_desk.say(SENTENCES[danger])]
    assert opener.opened == []
    assert list(empty_desk.private_folder.rglob("*")) == []


def test_every_danger_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Danger)
    assert len(set(SENTENCES.values())) == len(Danger)


def test_a_system_without_a_program_for_it_is_said(
    hand_over: HandingOver, opener: Opener, heard: Heard, qtbot: QtBot, empty_desk: Desk
) -> None:
    opener.has_program = False
    hand_over.open("a.pdf", lambda: PDF, heard.refusals.append, heard.failures.append)
    qtbot.waitUntil(lambda: heard.anything)
    assert heard.refusals == [empty_desk.say("The system has no program for this file. Save it instead.")]


def test_what_cannot_be_fetched_is_a_failure_and_opens_nothing(
    hand_over: HandingOver, opener: Opener, heard: Heard, qtbot: QtBot
) -> None:
    def fetch() -> bytes:
        raise StoreError("gone")

    hand_over.open("a.pdf", fetch, heard.refusals.append, heard.failures.append)
    qtbot.waitUntil(lambda: heard.anything)
    assert [str(error) for error in heard.failures] == ["gone"]
    assert opener.opened == []


# --- saving ----------------------------------------------------------------------------------------------------------


def test_an_attachment_is_saved_where_the_user_said(
    hand_over: HandingOver, heard: Heard, qtbot: QtBot, tmp_path: Path
) -> None:
    target = tmp_path / "qui.exe"
    hand_over.save(lambda: b"MZ", target, heard.saved.append, heard.failures.append, replace=False)
    qtbot.waitUntil(lambda: heard.anything)
    assert heard.saved == [target]
    assert target.read_bytes() == b"MZ"


@posix
def test_what_is_saved_has_the_rights_of_any_new_file_and_cannot_be_started(tmp_path: Path) -> None:
    ordinary = tmp_path / "ordinary"
    ordinary.write_bytes(b"")
    assert modes(saved(b"#!/bin/sh", tmp_path / "x.sh", replace=False)) == modes(ordinary)
    assert modes(tmp_path / "x.sh") & 0o111 == 0


def test_an_existing_file_is_not_replaced_unless_that_was_asked(
    hand_over: HandingOver, heard: Heard, qtbot: QtBot, tmp_path: Path
) -> None:
    target = tmp_path / "a.pdf"
    target.write_bytes(b"mine")
    hand_over.save(lambda: PDF, target, heard.saved.append, heard.failures.append, replace=False)
    qtbot.waitUntil(lambda: heard.anything)
    assert isinstance(heard.failures[0], NameTakenError)
    assert target.read_bytes() == b"mine"
    assert saved(PDF, target, replace=True).read_bytes() == PDF
    assert "a.pdf" in names_in(tmp_path)
    assert not [name for name in names_in(tmp_path) if name.endswith(".new")]


@posix
def test_a_link_in_the_way_is_never_followed(tmp_path: Path) -> None:
    elsewhere, link = tmp_path / "elsewhere", tmp_path / "a.pdf"
    link.symlink_to(elsewhere)
    with pytest.raises(NameTakenError):
        saved(PDF, link, replace=False)
    saved(PDF, link, replace=True)
    assert not elsewhere.exists()
    assert not link.is_symlink()


def refuse(number: int) -> Callable[..., None]:
    def refusing(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return refusing


def test_on_file_systems_without_links_nothing_is_replaced_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "hardlink_to", refuse(errno.EPERM))
    assert saved(PDF, tmp_path / "a.pdf", replace=False).read_bytes() == PDF
    with pytest.raises(NameTakenError):
        saved(b"x", tmp_path / "a.pdf", replace=False)
    assert names_in(tmp_path) == ["a.pdf"]
    assert (tmp_path / "a.pdf").read_bytes() == PDF


@pytest.mark.parametrize("replace", [False, True])
def test_a_full_disk_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replace: bool
) -> None:
    monkeypatch.setattr(handing_over, "write_all", refuse(errno.ENOSPC))
    with pytest.raises(DiskFullError):
        saved(PDF, tmp_path / "a.pdf", replace=replace)
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("target", ["missing/a.pdf", "."])
def test_what_the_disk_refuses_is_a_sentence(tmp_path: Path, target: str) -> None:
    with pytest.raises(PecdeskError):
        saved(PDF, tmp_path / target, replace=True)


def test_all_are_saved_under_safe_names_that_nothing_there_has(
    hand_over: HandingOver, heard: Heard, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "A.pdf").write_bytes(b"mine")
    names = ["a.pdf", "a.pdf", "../a.pdf", "CON.txt", ""]
    given = [(name, lambda number=number: b"%d" % number) for number, name in enumerate(names)]
    hand_over.save_all(given, folder, heard.saved.append, heard.failures.append)
    qtbot.waitUntil(lambda: heard.anything)
    wanted = ["a (2).pdf", "a (3).pdf", "a (4).pdf", "_CON.txt", "allegato"]
    assert heard.saved == [[folder / name for name in wanted]]
    assert [(folder / name).read_bytes() for name in wanted] == [b"0", b"1", b"2", b"3", b"4"]
    assert (folder / "A.pdf").read_bytes() == b"mine"
    assert len(names_in(folder)) == 6


def test_a_name_taken_at_the_last_moment_costs_nobody_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = handing_over._put

    def put(temporary: Path, path: Path, *, replace: bool) -> None:
        monkeypatch.setattr(handing_over, "_put", real)
        path.write_bytes(b"faster")
        real(temporary, path, replace=replace)

    monkeypatch.setattr(handing_over, "_put", put)
    assert saved_beside("a.pdf", PDF, tmp_path) == tmp_path / "a (2).pdf"
    assert (tmp_path / "a.pdf").read_bytes() == b"faster"


def test_saving_into_a_folder_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        saved_beside("a.pdf", PDF, tmp_path / "gone")


@posix
def test_under_windows_a_file_is_marked_as_coming_from_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere the stream is a file of that name, which is enough to look at."""
    monkeypatch.setattr(handing_over.sys, "platform", "win32")
    saved(PDF, tmp_path / "a.pdf", replace=False)
    assert (tmp_path / "a.pdf:Zone.Identifier").read_bytes() == FROM_THE_INTERNET
    mark_as_foreign(tmp_path / "gone" / "a.pdf")
