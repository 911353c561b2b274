"""Drafts on the disk: whatever step a crash comes between, the draft is as it was or as it is to be."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pecdesk.errors import StoreError, UsageError
from pecdesk.pec.draft import Draft, DraftAttachment, Relation
from pecdesk.pec.message import Completeness
from pecdesk.store.drafts import FILE, DraftFolder, new_draft_id

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ID = "0123456789abcdef" * 2
ME = "studio@pec.gestore.example"


def draft(**fields: Any) -> Draft:
    return Draft(ID, ME, **{"subject": "Diffida", "written_at": NOON, **fields})


def with_file(folder: DraftFolder, raw: bytes, name: str = "atto.pdf", **fields: Any) -> Draft:
    return draft(attachments=(DraftAttachment(name, folder.put(ID, raw), len(raw)),), **fields)


@pytest.fixture
def folder(tmp_path: Path) -> DraftFolder:
    return DraftFolder(tmp_path / "drafts")


texts = st.text(max_size=30)


@given(
    st.builds(
        Draft,
        id=st.just(ID),
        account=texts,
        to=st.lists(texts, max_size=3).map(tuple),
        cc=st.lists(texts, max_size=3).map(tuple),
        subject=texts,
        text=texts,
        attachments=st.lists(st.builds(DraftAttachment, texts, texts, st.integers(0)), max_size=2).map(tuple),
        receipt=st.none() | st.sampled_from(Completeness),
        relation=st.sampled_from(Relation),
        related=st.none() | texts,
        references=st.lists(texts, max_size=2).map(tuple),
        blind=st.lists(texts, max_size=2).map(tuple),
        written_at=st.none() | st.just(NOON),
    )
)
def test_what_was_saved_is_read_back(tmp_path_factory: pytest.TempPathFactory, written: Draft) -> None:
    folder = DraftFolder(tmp_path_factory.getbasetemp() / "any")
    assert folder.save(written) == written
    assert folder.load(ID) == written


def test_halves_of_surrogate_pairs_are_written_with_marks(folder: DraftFolder) -> None:
    written = folder.save(draft(text="a\ud800b", to=("x\udfff@y.example",)))
    assert written.text == "a?b"
    assert folder.load(ID) == written


def test_ids_are_new_every_time_and_nothing_else_is_one(folder: DraftFolder) -> None:
    assert len({new_draft_id() for _ in range(100)}) == 100
    for evil in ("", "..", "../x", ID[:-1], ID.upper(), f"{ID}/x", ID + "\n"):
        with pytest.raises(UsageError):
            folder.load(evil)
        with pytest.raises(UsageError):
            folder.save(replace(draft(), id=evil))
    with pytest.raises(UsageError):
        folder.path_of(ID, "../../passwd")


def test_files_are_for_their_owner_alone(folder: DraftFolder) -> None:
    folder.save(with_file(folder, b"x"))
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder.root, folder.root / ID, folder.root / ID / FILE)]
    assert modes == [0o700, 0o700, 0o600]


def test_attachments_are_checked_against_their_hash(folder: DraftFolder) -> None:
    saved = folder.save(with_file(folder, b"contenuto"))
    assert folder.attachment(ID, saved.attachments[0]) == b"contenuto"
    path = folder.path_of(ID, saved.attachments[0].sha256)
    path.write_bytes(b"altro")
    with pytest.raises(StoreError):
        folder.attachment(ID, saved.attachments[0])
    assert folder.put(ID, b"contenuto") == saved.attachments[0].sha256
    assert folder.attachment(ID, saved.attachments[0]) == b"contenuto"
    path.unlink()
    with pytest.raises(StoreError):
        folder.attachment(ID, saved.attachments[0])


def test_a_draft_that_cannot_be_read_is_told_and_left_alone(folder: DraftFolder) -> None:
    folder.save(draft())
    other = new_draft_id()
    folder.save(replace(draft(), id=other))
    (folder.root / ID / FILE).write_bytes(b"{")
    found, wrong = folder.all()
    assert [one.id for one in found] == [other]
    assert len(wrong) == 1
    folder.sweep(datetime(2100, 1, 1, tzinfo=UTC).timestamp())
    assert (folder.root / ID / FILE).read_bytes() == b"{"


@pytest.mark.parametrize(
    "content",
    [
        b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"id":"%(id)s","account":"a@b.example","written_at":"2026-01-01T00:00:00"}',
        b'{"id":"%(id)s","account":"a@b.example","written_at":"0001-01-01T00:00:00+23:59"}',
        b'{"id":"%(id)s","account":"a@b.example","subject":"\\ud800"}',
    ],
    ids=["deep", "no offset", "no moment", "half a pair"],
)
def test_what_can_be_no_draft_does_not_keep_the_others_from_being_read(folder: DraftFolder, content: bytes) -> None:
    folder.save(draft())
    other = new_draft_id()
    folder.save(replace(draft(), id=other))
    (folder.root / ID / FILE).write_bytes(content.replace(b"%(id)s", ID.encode()))
    found, wrong = folder.all()
    assert ([one.id for one in found], len(wrong)) == ([other], 1)


def test_a_draft_of_a_size_nobody_writes_is_not_read(folder: DraftFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.save(draft())
    monkeypatch.setattr("pecdesk.store.drafts.LARGEST_DRAFT", 10)
    with pytest.raises(StoreError):
        folder.load(ID)


def test_a_folder_that_is_a_link_is_no_draft_and_what_it_leads_to_is_not_touched(
    folder: DraftFolder, tmp_path: Path
) -> None:
    mine = tmp_path / "documents"
    mine.mkdir()
    for name in ("thesis.odt", "0" * 64, FILE):
        (mine / name).write_text("{}")
        os.utime(mine / name, (1, 1))
    folder.root.mkdir()
    link = folder.root / ID
    link.symlink_to(mine, target_is_directory=True)
    folder.sweep(datetime(2100, 1, 1, tzinfo=UTC).timestamp())
    assert (folder.ids(), folder.load(ID)) == ((), None)
    folder.discard(ID)
    assert not link.is_symlink()
    assert len(list(mine.iterdir())) == 3


def test_only_files_of_a_draft_are_deleted_with_it(folder: DraftFolder) -> None:
    folder.save(with_file(folder, b"x"))
    note = folder.root / ID / "note.txt"
    note.write_text("mine")
    folder.discard(ID)
    assert [path.name for path in (folder.root / ID).iterdir()] == ["note.txt"]


def test_a_device_in_the_place_of_an_attachment_is_not_read(folder: DraftFolder) -> None:
    saved = folder.save(with_file(folder, b"contenuto"))
    path = folder.path_of(ID, saved.attachments[0].sha256)
    path.unlink()
    path.symlink_to("/dev/zero")
    with pytest.raises(StoreError):
        folder.attachment(ID, saved.attachments[0])


def test_the_last_saved_stands_first_and_foreign_folders_are_passed_over(folder: DraftFolder) -> None:
    ids = [f"{number:032x}" for number in range(3)]
    for number, id_ in enumerate(ids):
        folder.save(replace(draft(), id=id_, written_at=NOON.replace(minute=number)))
    (folder.root / "note").mkdir()
    (folder.root / new_draft_id()).mkdir()
    assert [one.id for one in folder.all()[0]] == ids[::-1]
    assert DraftFolder(folder.root / "nothing").all() == ((), ())


def test_a_discarded_draft_leaves_nothing(folder: DraftFolder) -> None:
    folder.save(with_file(folder, b"x"))
    folder.discard(ID)
    folder.discard(ID)
    assert folder.load(ID) is None
    assert list(folder.root.iterdir()) == []


def test_only_old_leftovers_are_swept_away(folder: DraftFolder) -> None:
    kept = folder.save(with_file(folder, b"named"))
    left = folder.path_of(ID, folder.put(ID, b"left by a crash"))
    folder.sweep(left.stat().st_mtime - 1)
    assert left.exists()
    folder.sweep(left.stat().st_mtime + 1)
    assert not left.exists()
    assert folder.attachment(ID, kept.attachments[0]) == b"named"


# crashes


class CrashError(BaseException):
    """The program ends here."""


@contextmanager
def crash_at(step: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """End at the step of that number: each is one thing the disk is asked to do."""
    steps: list[str] = []

    def counted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            steps.append(name)
            if len(steps) == step:
                raise CrashError
            return real(*args, **kwargs)

        return call

    with monkeypatch.context() as patch:
        for name in ("open", "write", "fsync", "mkdir", "replace", "unlink", "rmdir"):
            patch.setattr(os, name, counted(name, getattr(os, name)))
        yield steps


def every_crash(prepare: Callable[[], Any], act: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Do it, ended at each step in turn; once more when no step is left."""
    for step in range(1, 100):
        prepare()
        with crash_at(step, monkeypatch) as steps, suppress(CrashError):
            act()
        yield step
        if len(steps) < step:
            assert step > 5
            return
    raise AssertionError


def test_a_crash_between_any_two_steps_of_saving_leaves_the_old_draft_or_the_new_one(
    folder: DraftFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prepare() -> None:
        folder.discard(ID)
        folder.save(with_file(folder, b"vecchio", text="vecchio"))

    def act() -> None:
        folder.save(with_file(folder, b"nuovo", text="nuovo"))

    found = set()
    for _ in every_crash(prepare, act, monkeypatch):
        saved = DraftFolder(folder.root).load(ID)
        assert saved is not None
        assert folder.attachment(ID, saved.attachments[0]).decode() == saved.text
        found.add(saved.text)
    assert found == {"vecchio", "nuovo"}


def test_a_crash_while_a_draft_is_saved_first_leaves_it_whole_or_not_at_all(
    folder: DraftFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def act() -> None:
        folder.save(with_file(folder, b"nuovo", text="nuovo"))

    found = set()
    for _ in every_crash(lambda: folder.discard(ID), act, monkeypatch):
        saved = DraftFolder(folder.root).load(ID)
        assert saved is None or folder.attachment(ID, saved.attachments[0]) == b"nuovo"
        assert folder.all()[1] == ()
        found.add(saved is None)
    assert found == {True, False}


def test_a_crash_while_a_draft_is_discarded_leaves_it_whole_or_gone(
    folder: DraftFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prepare() -> None:
        folder.save(with_file(folder, b"vecchio", text="vecchio"))

    found = set()
    for _ in every_crash(prepare, lambda: folder.discard(ID), monkeypatch):
        saved = DraftFolder(folder.root).load(ID)
        assert saved is None or folder.attachment(ID, saved.attachments[0]) == b"vecchio"
        found.add(saved is None)
    assert found == {True, False}


def test_a_full_disk_leaves_the_old_draft_and_says_so(folder: DraftFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.save(draft(text="vecchio"))

    def full(*_: Any) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(StoreError):
            folder.save(draft(text="nuovo"))
    assert (folder.load(ID) or draft()).text == "vecchio"
