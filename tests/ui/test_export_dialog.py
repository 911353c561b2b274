from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pecdesk.pec.transmission import Direction, RecipientState, State
from pecdesk.store import Filter, Row
from pecdesk.ui.desk import Desk
from pecdesk.ui.proof.export_dialog import ExportDialog
from tests.ui.conftest import NOW
from tests.ui.outside import RecordingOutside

LONG = 60_000
"""Milliseconds within which a proof is made, on a machine that is busy."""

Opened = Callable[..., ExportDialog]


@pytest.fixture
def spoken_desk(open_desk: Callable[..., Desk], demo_profile: Path) -> Desk:
    return open_desk(demo_profile, "en")


@pytest.fixture
def outside() -> RecordingOutside:
    return RecordingOutside()


@pytest.fixture
def open_dialog(qtbot: QtBot, spoken_desk: Desk, outside: RecordingOutside, tmp_path: Path) -> Opened:
    def open_(rows: list[Row], *, originals_only: bool = False) -> ExportDialog:
        dialog = ExportDialog(spoken_desk, [row.id for row in rows], originals_only=originals_only, outside=outside)
        qtbot.addWidget(dialog)
        dialog.form.folder.setText(str(tmp_path / "out"))
        dialog.open()
        qtbot.waitUntil(lambda: dialog.weak.is_complete)
        return dialog

    return open_


def rows(desk: Desk) -> list[Row]:
    return desk.app.rows(Filter(limit=0), NOW)


def weak_row(desk: Desk) -> Row:
    """Somebody has been reached, somebody else is still awaited."""
    return next(
        row
        for row in rows(desk)
        if row.transmission.state is State.PARTLY_DELIVERED
        and any(recipient.state is RecipientState.ACCEPTED for recipient in row.transmission.recipients)
    )


def sound_rows(desk: Desk) -> list[Row]:
    """Nothing to say against their proof."""
    wanted = [row for row in rows(desk) if row.transmission.state is State.DELIVERED]
    told = desk.app.weak_points([str(row.id) for row in wanted], NOW, desk.language)
    return [one.row for one in told if not one.points]


def save(qtbot: QtBot, dialog: ExportDialog) -> None:
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not dialog.work.is_busy, timeout=LONG)


def test_nothing_can_be_saved_before_the_weak_points_were_told(
    qtbot: QtBot, spoken_desk: Desk, outside: RecordingOutside
) -> None:
    dialog = ExportDialog(spoken_desk, [weak_row(spoken_desk).id], outside=outside)
    qtbot.addWidget(dialog)

    assert not dialog.save_button.isEnabled()
    qtbot.waitUntil(dialog.save_button.isEnabled)
    assert "the final outcome is still missing" in dialog.weak.list.toPlainText()


def test_that_nothing_weak_was_found_is_said(spoken_desk: Desk, open_dialog: Opened) -> None:
    dialog = open_dialog(sound_rows(spoken_desk)[:1])

    assert "No weak point was found." in dialog.weak.list.accessibleName()


def test_of_several_weak_ones_the_worst_stands_first(spoken_desk: Desk, open_dialog: Opened) -> None:
    late = next(row for row in rows(spoken_desk) if row.transmission.state is State.DELAYED)
    failed = next(row for row in rows(spoken_desk) if row.transmission.state is State.FAILED)
    dialog = open_dialog([late, failed])
    told = dialog.weak.list.toPlainText()

    assert told.index(failed.transmission.subject) < told.index(late.transmission.subject)


def test_of_several_the_weak_ones_are_told_and_the_others_counted(spoken_desk: Desk, open_dialog: Opened) -> None:
    weak, sound = weak_row(spoken_desk), sound_rows(spoken_desk)[:3]
    dialog = open_dialog([*sound, weak])
    told = dialog.weak.list.toPlainText()

    assert "One transmission of 4 has weak points." in dialog.weak.list.accessibleName()
    assert told.startswith(weak.transmission.subject)
    assert "No weak point in the other 3." in told
    assert not any(row.transmission.subject in told for row in sound)


def test_a_saved_proof_is_whole_and_can_be_opened_from_here(
    qtbot: QtBot, spoken_desk: Desk, open_dialog: Opened, outside: RecordingOutside, tmp_path: Path
) -> None:
    dialog = open_dialog([weak_row(spoken_desk)])

    save(qtbot, dialog)
    (bundle,) = (tmp_path / "out").iterdir()
    assert (bundle / "prova.pdf").read_bytes().startswith(b"%PDF")
    assert {path.name for path in bundle.iterdir()} == {
        "prova.pdf",
        "originali",
        "impronte.sha256",
        "verifica.json",
        "LEGGIMI.txt",
    }
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.mouseClick(dialog.show_button, Qt.MouseButton.LeftButton)
    assert outside.opened == [bundle / "prova.pdf", bundle]


def test_when_the_system_opens_nothing_it_is_said_where_the_file_is(
    qtbot: QtBot, spoken_desk: Desk, open_dialog: Opened, outside: RecordingOutside
) -> None:
    outside.opens = False
    dialog = open_dialog(sound_rows(spoken_desk)[:1])
    save(qtbot, dialog)

    dialog.open_button.click()

    assert "prova.pdf" in dialog.notice.text


def test_a_zip_is_one_file_and_no_pdf_is_offered_to_be_opened(
    qtbot: QtBot, spoken_desk: Desk, open_dialog: Opened, tmp_path: Path
) -> None:
    dialog = open_dialog(sound_rows(spoken_desk)[:1])
    dialog.form.as_zip.setChecked(True)

    save(qtbot, dialog)

    (packed,) = (tmp_path / "out").iterdir()
    assert any(name.endswith("/prova.pdf") for name in zipfile.ZipFile(packed).namelist())
    assert dialog.open_button.isHidden()
    assert not dialog.show_button.isHidden()


def test_the_document_speaks_the_language_that_was_chosen(
    qtbot: QtBot, spoken_desk: Desk, open_dialog: Opened, tmp_path: Path
) -> None:
    dialog = open_dialog(sound_rows(spoken_desk)[:1])
    assert dialog.form.spoken.currentData() == "it", "a document for a court, unless asked otherwise"
    dialog.form.spoken.setCurrentIndex(dialog.form.spoken.findData("en"))

    save(qtbot, dialog)

    (bundle,) = (tmp_path / "out").iterdir()
    assert "prova.pdf is a copy to read" in (bundle / "LEGGIMI.txt").read_text(encoding="utf-8")


def test_originals_alone_are_the_bytes_that_were_received(
    qtbot: QtBot, spoken_desk: Desk, open_dialog: Opened, tmp_path: Path
) -> None:
    row = weak_row(spoken_desk)
    dialog = open_dialog([row], originals_only=True)
    assert dialog.weak.isHidden()

    save(qtbot, dialog)

    written = {hashlib.sha256(file.read_bytes()).hexdigest() for file in (tmp_path / "out").rglob("*.eml")}
    assert written == set(row.transmission.messages)


def test_stopped_work_leaves_nothing_half_written(
    qtbot: QtBot, spoken_desk: Desk, open_dialog: Opened, tmp_path: Path
) -> None:
    dialog = open_dialog(sound_rows(spoken_desk)[:8])
    dialog.save_button.click()
    dialog.work.stop()
    qtbot.waitUntil(lambda: not dialog.work.is_busy, timeout=LONG)

    left = list((tmp_path / "out").iterdir()) if (tmp_path / "out").exists() else []
    assert all((bundle / "impronte.sha256").is_file() for bundle in left)
    assert not any(path.name.startswith(".") for path in left)
    assert len(left) < 8
    assert dialog.page is dialog.outcome


def test_a_folder_that_cannot_be_written_is_told_in_place_and_another_one_tried(
    qtbot: QtBot, spoken_desk: Desk, open_dialog: Opened, outside: RecordingOutside, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    dialog = open_dialog(sound_rows(spoken_desk)[:1])
    dialog.form.folder.setText(str(tmp_path / "file"))

    save(qtbot, dialog)
    assert "Choose another folder" in dialog.notice.text
    assert dialog.page is not dialog.outcome

    outside.folder = tmp_path / "better"
    dialog.form._browse.click()
    save(qtbot, dialog)
    assert dialog.page is dialog.outcome
    assert dialog.notice.text == ""
    assert list((tmp_path / "better").iterdir())


def test_enter_in_the_field_saves_once_the_weak_points_are_found(
    qtbot: QtBot, spoken_desk: Desk, open_dialog: Opened, tmp_path: Path
) -> None:
    dialog = open_dialog(sound_rows(spoken_desk)[:1])
    qtbot.waitUntil(dialog.save_button.isEnabled, timeout=LONG)
    assert dialog.focusWidget() is dialog.form.folder
    qtbot.keyClick(dialog.form.folder, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.is_done, timeout=LONG)

    assert list((tmp_path / "out").iterdir())


def test_escape_asks_while_work_goes_on_and_then_closes_cleanly(
    qtbot: QtBot, spoken_desk: Desk, open_dialog: Opened, tmp_path: Path
) -> None:
    dialog = open_dialog(sound_rows(spoken_desk)[:8])
    dialog.save_button.click()

    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert "not ended" in dialog.notice.text
    asked = dialog.focusWidget()
    assert asked is dialog.notice._button, "where the keys go is seen"
    qtbot.keyClick(asked, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=LONG)

    out = tmp_path / "out"
    assert not out.exists() or not any(path.name.startswith(".") for path in out.iterdir())


def test_without_a_folder_there_is_nothing_to_save(spoken_desk: Desk, open_dialog: Opened) -> None:
    dialog = open_dialog(sound_rows(spoken_desk)[:1])
    dialog.form.folder.setText("  ")
    assert not dialog.save_button.isEnabled()


def test_the_last_choices_are_offered_again(
    qtbot: QtBot, spoken_desk: Desk, open_dialog: Opened, outside: RecordingOutside, tmp_path: Path
) -> None:
    first = open_dialog(sound_rows(spoken_desk)[:1])
    first.form.as_zip.setChecked(True)
    save(qtbot, first)

    second = ExportDialog(spoken_desk, [sound_rows(spoken_desk)[1].id], outside=outside)
    qtbot.addWidget(second)

    assert second.form.folder.text() == str(tmp_path / "out")
    assert second.form.as_zip.isChecked()


def test_rows_that_are_gone_are_told_of(qtbot: QtBot, spoken_desk: Desk, outside: RecordingOutside) -> None:
    dialog = ExportDialog(spoken_desk, [999_999_999], outside=outside)
    qtbot.addWidget(dialog)
    dialog.open()

    qtbot.waitUntil(lambda: dialog.notice.text != "")

    assert not dialog.save_button.isEnabled()


def test_what_was_told_before_is_what_the_document_says(spoken_desk: Desk, tmp_path: Path) -> None:
    chosen = [weak_row(spoken_desk), *sound_rows(spoken_desk)[:2]]
    chosen += [row for row in rows(spoken_desk) if row.transmission.direction is Direction.RECEIVED][:3]
    names = [str(row.id) for row in chosen]
    told = {one.row.id: one for one in spoken_desk.app.weak_points(names, NOW, spoken_desk.language)}

    for made in spoken_desk.app.export_proofs(
        names, tmp_path / "out", zipped=False, made_at=NOW, language=spoken_desk.language
    ):
        assert list(told[made.row_id].points) == made.weak_points
        assert told[made.row_id].originals == made.files


def test_proofs_that_were_finished_before_the_stop_stay(spoken_desk: Desk, tmp_path: Path) -> None:
    done: list[int] = []
    made = spoken_desk.app.export_proofs(
        [str(row.id) for row in sound_rows(spoken_desk)[:3]],
        tmp_path / "out",
        zipped=False,
        made_at=NOW,
        language=spoken_desk.language,
        progress=lambda number, _of: done.append(number),
        cancelled=lambda: bool(done),
    )

    assert [one.path for one in made] == list((tmp_path / "out").iterdir())
    assert len(made) == 1


def test_originals_of_a_row_are_there_whole_or_not_at_all(spoken_desk: Desk, tmp_path: Path) -> None:
    asked: list[None] = []

    def cancelled() -> bool:
        asked.append(None)
        return len(asked) > 1

    written = spoken_desk.app.export_originals([str(weak_row(spoken_desk).id)], tmp_path / "out", cancelled=cancelled)

    assert written == []
    assert list((tmp_path / "out").iterdir()) == []
