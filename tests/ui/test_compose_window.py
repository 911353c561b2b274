"""Writing a PEC in its window: kept by itself, checked once, sent with a way back, all by keyboard, nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QComboBox, QInputDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from pecdesk.app.drafting import Drafting
from pecdesk.app.outgoing import Outgoing
from pecdesk.errors import StoreError
from pecdesk.explain.before_sending import Level
from pecdesk.pec.draft import Draft
from pecdesk.pec.message import Completeness
from pecdesk.profile.settings import Settings, Signature, Template
from pecdesk.ui.compose.compose_window import ComposeWindow
from pecdesk.ui.compose.countdown_bar import CountdownBar
from pecdesk.ui.compose.keys import COMPOSE_KEYS
from pecdesk.ui.compose.leaving_page import Stage
from pecdesk.ui.compose.schedule_dialog import ScheduleDialog, usual_moments
from pecdesk.ui.compose.size_meter import SizeMeter
from pecdesk.ui.compose.texts import with_signature
from pecdesk.ui.desk import Desk
from tests.ui.compose_kit import OTHER, SENDERS, STUDIO, FakeContact, FakeDrafting, FakeOutgoing
from tests.ui.conftest import NOW
from tests.ui.dropping import drop
from tests.ui.outside import RecordingOutside

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ANNA = "anna@pec.example"

Open = Callable[..., ComposeWindow]


@pytest.fixture
def drafting() -> FakeDrafting:
    return FakeDrafting()


@pytest.fixture
def outgoing(drafting: FakeDrafting) -> FakeOutgoing:
    return FakeOutgoing(drafting)


@pytest.fixture
def outside() -> RecordingOutside:
    return RecordingOutside()


@pytest.fixture
def open_window(
    qtbot: QtBot, empty_desk: Desk, drafting: FakeDrafting, outgoing: FakeOutgoing, outside: RecordingOutside
) -> Iterator[Open]:
    opened: list[ComposeWindow] = []

    def open_(draft: Draft | None = None) -> ComposeWindow:
        window = ComposeWindow(
            empty_desk,
            draft or drafting.new(STUDIO),
            SENDERS,
            drafting=cast(Drafting, drafting),
            outgoing=cast(Outgoing, outgoing),
            outside=outside,
        )
        opened.append(window)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield open_
    drafting.fails = None
    for window in opened:
        if is_there(window):
            window.leaving.countdown.stop()
            window.close()
    qtbot.waitUntil(lambda: not any(map(is_there, opened)) and empty_desk.background.is_idle)


def is_there(window: ComposeWindow) -> bool:
    return any(widget is window and widget.isVisible() for widget in QApplication.topLevelWidgets())


def quiet(qtbot: QtBot, window: ComposeWindow) -> None:
    qtbot.waitUntil(lambda: window._desk.background.is_idle)


def press(
    qtbot: QtBot, window: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    qtbot.keyClick(window.focusWidget() or window, key, modifier)


def write(qtbot: QtBot, window: QWidget, text: str) -> None:
    qtbot.keyClicks(window.focusWidget(), text)


def written(window: ComposeWindow, *, to: str = ANNA, subject: str = "Istanza", text: str = "Buongiorno.") -> None:
    window.form.to.take_in(to)
    window.form.subject.setText(subject)
    window.form.editor.setPlainText(text)


# all by keyboard


def test_a_message_is_written_attached_and_sent_without_a_mouse(
    qtbot: QtBot, open_window: Open, outgoing: FakeOutgoing, outside: RecordingOutside, tmp_path: Path
) -> None:
    file = tmp_path / "istanza.pdf"
    file.write_bytes(b"%PDF-1.7 prova")
    outside.files = [file]
    window = open_window()
    assert window.form.to.line.hasFocus()

    write(qtbot, window, "m.rossi@pec.avvocati.example,")
    press(qtbot, window, Qt.Key.Key_Tab)
    assert window.form.cc.line.hasFocus()
    press(qtbot, window, Qt.Key.Key_Tab)
    write(qtbot, window, "Istanza di accesso")
    press(qtbot, window, Qt.Key.Key_Tab)
    press(qtbot, window, Qt.Key.Key_Tab)
    assert window.form.editor.hasFocus()
    write(qtbot, window, "Buongiorno.")
    press(qtbot, window, Qt.Key.Key_A, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: len(window.attachments.cards) == 1)
    press(qtbot, window, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: window.stage is Stage.LEAVING)

    (draft, not_before) = next(iter(outgoing.queue.values()))
    assert draft.to == ("m.rossi@pec.avvocati.example",)
    assert (draft.subject, draft.text) == ("Istanza di accesso", "Buongiorno.")
    assert [each.name for each in draft.attachments] == ["istanza.pdf"]
    assert not_before == NOW + timedelta(seconds=10)
    assert window.leaving.countdown.undo_button.hasFocus()


def test_tab_walks_through_all_that_can_be_done_and_comes_back(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    first, seen = window.focusWidget(), []
    for _ in range(40):
        seen.append(window.focusWidget())
        press(qtbot, window, Qt.Key.Key_Tab)
        if window.focusWidget() is first:
            break
    bar = window.bar
    reached = {*map(id, seen)}

    form = window.form
    for part in (form.identity.account, form.subject, form.receipt.kinds, form.editor, bar.attach,
                 bar.templates, bar.signature, bar.discard, bar.later, bar.send):  # fmt: skip
        assert id(part) in reached, part.accessibleName()
    assert window.focusWidget() is first


def test_every_control_has_a_name_for_screen_readers(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    nameless = [
        widget.objectName() or type(widget).__name__
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (widget.accessibleName() or (getattr(widget, "text", str)() and not isinstance(widget, QLineEdit)))
    ]

    assert nameless == []


def test_no_two_keys_of_the_window_are_the_same() -> None:
    keys = [key for _, several in COMPOSE_KEYS.values() for key in several]

    assert len(keys) == len(set(keys))


# from whom


def test_the_account_is_always_in_sight_and_in_the_title(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()

    assert STUDIO in window.form.identity.account.currentText()
    assert STUDIO in window.windowTitle()
    assert window.form.identity.provider.text() == "Gestore Uno S.p.A."
    window.form.identity.choose(OTHER)
    written(window)
    window.page.measure()
    assert OTHER in window.windowTitle()
    assert "Istanza" in window.windowTitle()
    assert window.page.collect().account == OTHER


def test_an_account_that_is_gone_is_named_and_said_to_send_nothing(
    qtbot: QtBot, open_window: Open, drafting: FakeDrafting
) -> None:
    window = open_window(drafting.new("vecchio@pec.example"))

    assert window.form.identity.account.currentText() == "vecchio@pec.example"
    assert window.form.identity.provider.text()
    assert not window.form.identity.chosen.can_send


def test_copies_are_warned_of_and_there_is_a_reason_in_the_place_of_bcc(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    assert window.form.cc_notice.isHidden()
    assert window.form.no_bcc.isVisible()
    window.form.cc.take_in(ANNA)

    assert window.form.cc_notice.isVisible()


def test_the_kind_of_receipt_is_chosen_and_what_it_proves_is_said(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    meanings = []
    for row, kind in enumerate((None, Completeness.BRIEF, Completeness.SHORT)):
        window.form.receipt.kinds.setCurrentIndex(row)
        meanings.append(window.form.receipt.meaning.text())
        assert window.page.collect().receipt is kind

    assert len(set(meanings)) == 3


# kept


def test_what_is_written_is_kept_by_itself_and_it_says_when(
    qtbot: QtBot, open_window: Open, drafting: FakeDrafting
) -> None:
    window = open_window()
    window.form.subject.setFocus()
    write(qtbot, window, "Bozza")
    qtbot.waitUntil(lambda: bool(drafting.savings), timeout=3_000)
    quiet(qtbot, window)

    assert drafting.saved[window.draft_id].subject == "Bozza"
    assert "09:30" in window.bar.state.text()


def test_writing_without_a_pause_is_kept_all_the_same(qtbot: QtBot, open_window: Open, drafting: FakeDrafting) -> None:
    window = open_window()
    window.keeper._timer.setInterval(60)
    window.form.editor.setFocus()
    for _ in range(200):
        write(qtbot, window, "a")
        qtbot.wait(1)
        if drafting.savings:
            break

    assert drafting.savings
    assert len(drafting.savings[0].text) < 150


def test_escape_keeps_the_draft(qtbot: QtBot, open_window: Open, drafting: FakeDrafting) -> None:
    window = open_window()
    write(qtbot, window, "anna@pec.example")
    press(qtbot, window, Qt.Key.Key_Escape)
    press(qtbot, window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not is_there(window))

    (kept,) = drafting.saved.values()
    assert kept.to == (ANNA,)


def test_closing_waits_for_the_disk(qtbot: QtBot, open_window: Open, drafting: FakeDrafting) -> None:
    drafting.gate = threading.Event()
    window = open_window()
    written(window)
    window.keeper.note_change()
    window.close()
    assert is_there(window)
    drafting.gate.set()
    qtbot.waitUntil(lambda: not is_there(window))

    assert drafting.saved[window.draft_id].subject == "Istanza"


def test_a_disk_that_refuses_keeps_the_window_open_and_says_so(
    qtbot: QtBot, open_window: Open, drafting: FakeDrafting
) -> None:
    drafting.fails = StoreError("The disk is full.")
    window = open_window()
    written(window)
    window.keeper.note_change()
    window.close()
    qtbot.waitUntil(lambda: bool(window.notice.text))

    assert is_there(window)
    assert window.keeper.has_changes
    drafting.fails = None
    window.notice._act()
    quiet(qtbot, window)
    assert not window.keeper.has_changes


def test_what_changes_while_it_is_being_saved_is_saved_too(
    qtbot: QtBot, open_window: Open, drafting: FakeDrafting
) -> None:
    drafting.gate = threading.Event()
    window = open_window()
    written(window, subject="Prima")
    window.keeper.save_now()
    window.form.subject.setText("Dopo")
    window.keeper.note_change()
    drafting.gate.set()
    qtbot.waitUntil(lambda: not window.keeper.has_changes, timeout=4_000)

    assert drafting.saved[window.draft_id].subject == "Dopo"


def test_what_nobody_wrote_into_leaves_no_draft(qtbot: QtBot, open_window: Open, drafting: FakeDrafting) -> None:
    window = open_window()
    window.close()
    assert not is_there(window)
    assert drafting.savings == []

    emptied = open_window(drafting.save(drafting.new(STUDIO, subject="Prima"), NOW))
    emptied.form.subject.clear()
    emptied.keeper.note_change()
    emptied.close()
    qtbot.waitUntil(lambda: not is_there(emptied))
    quiet(qtbot, emptied)
    assert drafting.saved == {}


def test_a_draft_is_thrown_away_after_one_question(qtbot: QtBot, open_window: Open, drafting: FakeDrafting) -> None:
    window = open_window(drafting.save(drafting.new(STUDIO, subject="Via"), NOW))
    window.bar.discard.click()
    assert drafting.saved
    assert window.notice.text
    window.notice._act()
    qtbot.waitUntil(lambda: not is_there(window))

    assert drafting.saved == {}


def test_a_draft_that_could_not_be_thrown_away_is_offered_to_be_thrown_away_again_and_never_sent(
    qtbot: QtBot, open_window: Open, drafting: FakeDrafting, outgoing: FakeOutgoing
) -> None:
    window = open_window()
    written(window)
    drafting.fails = StoreError("The disk is full.")
    window.discard()
    qtbot.waitUntil(lambda: "full" in window.notice.text)
    assert window.stage is Stage.WRITING
    drafting.fails = None
    window.notice._act()
    qtbot.waitUntil(lambda: not is_there(window))

    assert not outgoing.queue
    assert len(drafting.discarded) == 1


# attachments


@pytest.mark.parametrize("field", ["subject", "to", "editor", "window"])
def test_files_dropped_on_any_field_are_attached_as_copies_and_never_taken_for_text(
    qtbot: QtBot, open_window: Open, tmp_path: Path, field: str
) -> None:
    file = tmp_path / "uno.pdf"
    file.write_bytes(b"%PDF-1.7")
    window = open_window()
    form = window.form
    places = {"subject": form.subject, "to": form.to.line, "editor": form.editor.viewport(), "window": window}

    assert drop([file], places[field]) is Qt.DropAction.CopyAction, "a file manager may delete what was moved"
    qtbot.waitUntil(lambda: len(window.attachments.cards) == 1)
    quiet(qtbot, window)
    assert (form.subject.text(), form.to.line.text(), form.editor.toPlainText()) == ("", "", "")


def test_files_are_dropped_pasted_and_taken_away_by_keyboard(
    qtbot: QtBot, open_window: Open, tmp_path: Path, drafting: FakeDrafting
) -> None:
    first, second = tmp_path / "uno.pdf", tmp_path / "due.txt"
    first.write_bytes(b"%PDF-1.7 /ByteRange [0 1] /SubFilter /ETSI.CAdES.detached")
    second.write_bytes(b"due")
    window = open_window()
    drop([first], window)
    qtbot.waitUntil(lambda: len(window.attachments.cards) == 1)
    pasted = QMimeData()
    pasted.setUrls([QUrl.fromLocalFile(str(second))])
    QGuiApplication.clipboard().setMimeData(pasted)
    window.form.editor.setFocus()
    window.form.editor.paste()
    qtbot.waitUntil(lambda: len(window.attachments.cards) == 2)
    quiet(qtbot, window)

    signed, plain = window.attachments.cards
    assert signed.remark.text() == "Contiene una firma digitale, non verificata"
    assert "PAdES" in signed.kind.text()
    assert plain.remark.text() == ""
    assert "3 B" in plain.kind.text()
    signed.setFocus()
    press(qtbot, window, Qt.Key.Key_Down)
    assert plain.hasFocus()
    press(qtbot, window, Qt.Key.Key_Delete)
    assert [card.attachment.name for card in window.attachments.cards] == ["uno.pdf"]
    assert window.keeper.has_changes


def test_a_picture_out_of_the_clipboard_is_attached(qtbot: QtBot, open_window: Open, drafting: FakeDrafting) -> None:
    picture = QImage(4, 4, QImage.Format.Format_RGB32)
    picture.fill(0)
    QGuiApplication.clipboard().setImage(picture)
    window = open_window()
    window.form.editor.paste()
    qtbot.waitUntil(lambda: len(window.attachments.cards) == 1)

    attachment = window.attachments.attachments[0]
    assert attachment.media_type == "image/png"
    assert drafting.attachment(attachment).startswith(b"\x89PNG")


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_taken(
    qtbot: QtBot, open_window: Open, tmp_path: Path
) -> None:
    there = tmp_path / "c-e.txt"
    there.write_bytes(b"x")
    window = open_window()
    window.attach([tmp_path / "non-c-e.txt", there])
    qtbot.waitUntil(lambda: len(window.attachments.cards) == 1)

    assert "non-c-e.txt" in window.notice.text


def test_what_is_typed_while_files_come_in_stays(qtbot: QtBot, open_window: Open, tmp_path: Path) -> None:
    file = tmp_path / "c.txt"
    file.write_bytes(b"x")
    window = open_window()
    window.attach([file])
    window.form.subject.setText("Scritto intanto")
    qtbot.waitUntil(lambda: len(window.attachments.cards) == 1)

    assert window.page.collect().subject == "Scritto intanto"


@pytest.mark.parametrize(
    ("size", "recipients", "limit", "look", "over"),
    [
        (1_000_000, 3, 100_000_000, "small", False),
        (1_000_000, 95, 100_000_000, "tone-amber", False),
        (60_000_000, 2, 100_000_000, "tone-red", True),
        (1_000_000, 3, 0, "small", False),
        (20_000_000, 2, 0, "tone-amber", False),
    ],
)
def test_the_meter_counts_encoded_size_times_recipients(
    qtbot: QtBot, empty_desk: Desk, size: int, recipients: int, limit: int, look: str, over: bool
) -> None:
    meter = SizeMeter(empty_desk)
    qtbot.addWidget(meter)
    meter.show_size(size, recipients, limit)

    assert meter.words.property("look") == look
    assert meter.is_over is over
    assert bool(meter.remark.text()) is (over or (look == "tone-amber" and not limit))
    assert empty_desk.language.size(size * recipients) in meter.words.text()


# sending


def test_what_must_be_put_right_stops_it_and_escape_leads_back(
    qtbot: QtBot, open_window: Open, outgoing: FakeOutgoing
) -> None:
    window = open_window()
    written(window, to="sbagliato@")
    window.send()
    qtbot.waitUntil(lambda: bool(window.leaving.checks.lines))

    assert window.leaving.checks.lines[0].level is Level.STOP
    assert window.leaving.checks.go_button.isHidden()
    assert window.leaving.checks.back_button.hasFocus()
    press(qtbot, window, Qt.Key.Key_Escape)
    assert window.form.editor.isVisible()
    assert window.stage is Stage.WRITING
    assert outgoing.queue == {}


def test_a_question_is_asked_once(qtbot: QtBot, open_window: Open, outgoing: FakeOutgoing) -> None:
    window = open_window()
    written(window, subject="", to="info@rosticceria.example")
    window.send()
    qtbot.waitUntil(lambda: bool(window.leaving.checks.lines))
    assert [line.level for line in window.leaving.checks.lines] == [Level.QUESTION, Level.QUESTION]
    window.leaving.checks.go_button.click()
    qtbot.waitUntil(lambda: window.stage is Stage.LEAVING)
    window.leaving.take_back()
    qtbot.waitUntil(lambda: window.stage is Stage.WRITING)
    window.send()
    qtbot.waitUntil(lambda: window.stage is Stage.LEAVING)

    assert len(outgoing.queue) == 1


def test_a_question_about_somebody_new_is_asked_again(qtbot: QtBot, open_window: Open, drafting: FakeDrafting) -> None:
    window = open_window()
    written(window, to="info@rosticceria.example")
    window.send()
    qtbot.waitUntil(lambda: bool(window.leaving.checks.lines))
    window.leaving.checks.back_button.click()
    window.leaving.departure.answer()
    window.form.to.take_in("altro@rosticceria.example")
    drafting.known = (*drafting.known, FakeContact("altro@rosticceria.example", "", "external"))
    window.send()
    qtbot.waitUntil(lambda: bool(window.leaving.checks.lines))

    assert "altro@rosticceria.example" in window.leaving.checks.lines[0].sentence


def test_a_draft_that_was_kept_on_its_way_out_stays_when_it_is_held_back_and_closed(
    qtbot: QtBot, open_window: Open, drafting: FakeDrafting
) -> None:
    drafting.usual = OTHER
    begun = drafting.new(STUDIO, to=(ANNA,), subject="I: Istanza", text="In allegato.")
    window = open_window(drafting.attach_bytes(begun, "atto.eml", b"Subject: x", "message/rfc822"))
    window.send()
    qtbot.waitUntil(lambda: bool(window.leaving.checks.lines))
    assert "09:30" in window.bar.state.text()
    window.close()
    qtbot.waitUntil(lambda: not is_there(window) and window._desk.background.is_idle)

    assert list(drafting.saved) == [begun.id]


def test_hints_are_told_and_hold_nothing_up(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    written(window, to="ignota@pec.example")
    window.send()
    qtbot.waitUntil(lambda: window.stage is Stage.LEAVING)

    assert {line.level for line in window.leaving.checks.lines} == {Level.HINT}
    assert window.leaving.checks.go_button.isHidden()
    assert window.leaving.checks.back_button.isHidden()


def test_the_account_that_usually_writes_there_is_one_key_away(
    qtbot: QtBot, open_window: Open, drafting: FakeDrafting, outgoing: FakeOutgoing
) -> None:
    drafting.usual = OTHER
    window = open_window()
    written(window)
    window.send()
    qtbot.waitUntil(lambda: bool(window.leaving.checks.lines))
    (line,) = (line for line in window.leaving.checks.lines if line.action is not None)
    assert OTHER in line.sentence
    assert line.action is not None
    line.action[1]()
    qtbot.waitUntil(lambda: window.stage is Stage.LEAVING)

    assert [draft.account for draft, _ in outgoing.queue.values()] == [OTHER]


def test_it_is_taken_back_with_escape_and_is_the_same_draft_again(
    qtbot: QtBot, open_window: Open, drafting: FakeDrafting, outgoing: FakeOutgoing
) -> None:
    window = open_window()
    written(window)
    draft_id = window.draft_id
    window.send()
    qtbot.waitUntil(lambda: window.leaving.countdown.is_counting)
    press(qtbot, window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.stage is Stage.WRITING)

    assert outgoing.queue == {}
    assert window.draft_id == draft_id
    assert window.page.collect().subject == "Istanza"
    assert window.form.editor.hasFocus()
    assert not window.leaving.countdown.is_counting


def test_when_the_time_is_over_the_window_goes_and_the_message_leaves(
    qtbot: QtBot, open_window: Open, outgoing: FakeOutgoing, drafting: FakeDrafting
) -> None:
    window = open_window()
    written(window)
    window.send()
    qtbot.waitUntil(lambda: window.leaving.countdown.is_counting)
    window.leaving.countdown._end = 0
    qtbot.waitUntil(lambda: not is_there(window))

    assert len(outgoing.queue) == 1
    assert drafting.saved == {}


def test_the_countdown_ends_when_the_message_leaves_however_long_it_took_to_get_there(
    qtbot: QtBot, open_window: Open, empty_desk: Desk, drafting: FakeDrafting, outgoing: FakeOutgoing
) -> None:
    clock, checks, send = [NOW], drafting.checks, outgoing.send

    def after(seconds: float, act: Callable[..., Any]) -> Callable[..., Any]:
        def slow(*given: Any, **named: Any) -> Any:
            clock[0] += timedelta(seconds=seconds)
            return act(*given, **named)

        return slow

    empty_desk.clock = lambda: clock[0]
    drafting.checks = after(7, checks)  # type: ignore[method-assign]
    outgoing.send = after(4, send)  # type: ignore[method-assign]
    window = open_window()
    written(window)
    window.send()
    qtbot.waitUntil(lambda: window.leaving.countdown.is_counting)
    ((_, not_before),) = outgoing.queue.values()

    assert not_before == NOW + timedelta(seconds=7) + timedelta(seconds=empty_desk.app.settings.undo_seconds)
    assert window.leaving.countdown._length == empty_desk.app.settings.undo_seconds - 4


def test_closing_during_the_countdown_lets_it_leave(
    qtbot: QtBot, open_window: Open, outgoing: FakeOutgoing, drafting: FakeDrafting
) -> None:
    window = open_window()
    written(window)
    window.send()
    qtbot.waitUntil(lambda: window.leaving.countdown.is_counting)
    window.close()

    assert not is_there(window)
    assert len(outgoing.queue) == 1
    assert drafting.saved == {}


def test_too_late_to_take_back_is_told(qtbot: QtBot, open_window: Open, outgoing: FakeOutgoing) -> None:
    window = open_window()
    written(window)
    window.send()
    qtbot.waitUntil(lambda: window.leaving.countdown.is_counting)
    outgoing.too_late = True
    window.leaving.take_back()
    qtbot.waitUntil(lambda: bool(window.notice.text))

    assert window.stage is Stage.OVER
    assert not window.leaving.countdown.is_counting
    window.close()
    assert not is_there(window)


def test_a_failure_on_the_way_out_leaves_the_draft_to_be_written_on(
    qtbot: QtBot, open_window: Open, drafting: FakeDrafting
) -> None:
    window = open_window()
    written(window)
    drafting.fails = StoreError("The disk is full.")
    window.send()
    qtbot.waitUntil(lambda: bool(window.notice.text))

    assert window.stage is Stage.WRITING
    assert not window.form.editor.isReadOnly()
    assert window.keeper.has_changes


def test_without_a_countdown_it_is_gone_at_once(
    qtbot: QtBot, open_window: Open, empty_desk: Desk, outgoing: FakeOutgoing
) -> None:
    empty_desk.app.save_settings(Settings(undo_seconds=0.0))
    window = open_window()
    written(window)
    window.send()
    qtbot.waitUntil(lambda: not is_there(window))

    assert [not_before for _, not_before in outgoing.queue.values()] == [None]


def test_nothing_can_be_written_while_it_leaves(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    written(window)
    window.send()
    qtbot.waitUntil(lambda: window.stage is Stage.LEAVING)

    assert window.form.editor.isReadOnly()
    assert not window.form.subject.isEnabled()
    assert not window.bar.send.isEnabled()
    window.send()
    assert len(window.leaving.departure._outgoing.queue) == 1  # type: ignore[attr-defined]


# later


def test_it_is_planned_for_a_moment_and_not_for_one_that_is_over(
    qtbot: QtBot, open_window: Open, outgoing: FakeOutgoing
) -> None:
    window = open_window()
    written(window)
    window.ask_when()
    dialog = next(iter(window.findChildren(ScheduleDialog)))
    dialog._show(NOW - timedelta(hours=1))
    dialog.send_button.click()
    assert dialog.notice.text
    dialog._show(NOW + timedelta(days=1))
    dialog.send_button.click()
    qtbot.waitUntil(lambda: not is_there(window))

    ((_, not_before),) = outgoing.queue.values()
    assert not_before == NOW + timedelta(days=1)


def test_what_was_planned_and_could_not_be_kept_is_planned_again_for_the_same_moment(
    qtbot: QtBot, open_window: Open, drafting: FakeDrafting, outgoing: FakeOutgoing
) -> None:
    window = open_window()
    written(window)
    drafting.fails = StoreError("The disk is full.")
    window._depart(NOW + timedelta(days=1))
    qtbot.waitUntil(lambda: bool(window.notice.text))
    drafting.fails = None
    window.notice._act()
    qtbot.waitUntil(lambda: not is_there(window))

    ((_, not_before),) = outgoing.queue.values()
    assert not_before == NOW + timedelta(days=1)


def test_usual_moments_lie_ahead_and_are_different() -> None:
    for days in range(7):
        now = NOW + timedelta(days=days)
        moments = [moment for _, moment in usual_moments(now)]
        assert all(moment > now for moment in moments)
        assert len(set(moments)) == len(moments)


def test_the_countdown_counts_seconds_of_its_own_clock(qtbot: QtBot, empty_desk: Desk) -> None:
    now = [100.0]
    bar = CountdownBar(empty_desk, seconds_now=lambda: now[0])
    qtbot.addWidget(bar)
    over: list[bool] = []
    bar.ended.connect(lambda: over.append(True))
    bar.start(10)
    assert "10" in bar.words.text()
    now[0] = 107.5
    bar._look()
    assert "3" in bar.words.text()
    assert over == []
    now[0] = 110.0
    bar._look()
    assert over == [True]
    assert not bar.is_counting


# templates and signatures


def test_a_template_is_kept_used_and_removed(qtbot: QtBot, open_window: Open, empty_desk: Desk) -> None:
    window = open_window()
    written(window, subject="Convocazione", text="Siete convocati.")
    window.texts.ask_name()
    question = window.findChild(QInputDialog)
    assert isinstance(question, QInputDialog)
    assert question.textValue() == "Convocazione"
    question.setTextValue("Assemblea")
    question.accept()
    qtbot.waitUntil(lambda: bool(empty_desk.app.settings.templates))
    assert empty_desk.app.settings.templates == (Template("Assemblea", "Convocazione", "Siete convocati."),)
    other = open_window()
    other.texts.fill_templates(other.bar.template_menu)
    other.bar.template_menu.actions()[0].trigger()
    assert other.form.subject.text() == "Convocazione"
    assert other.form.editor.toPlainText() == "Siete convocati."
    other.texts.remove("Assemblea")
    qtbot.waitUntil(lambda: not empty_desk.app.settings.templates)


def test_the_signature_of_the_account_is_put_under_the_text_once(
    qtbot: QtBot, open_window: Open, empty_desk: Desk
) -> None:
    empty_desk.app.save_settings(Settings(signatures=(Signature("", "Saluti"), Signature(STUDIO, "Avv. Laura Verdi"))))
    window = open_window()
    window.form.editor.setPlainText("Buongiorno.")
    window.texts.sign()
    window.texts.sign()

    assert window.form.editor.toPlainText() == "Buongiorno.\n\nAvv. Laura Verdi"
    window.form.identity.choose(OTHER)
    assert window.texts.signature == "Saluti"


@pytest.mark.parametrize(
    ("text", "old", "new", "signed"),
    [
        ("Ciao", "", "Anna", "Ciao\n\nAnna"),
        ("Ciao\n\nAnna\n", "Anna", "Bruna", "Ciao\n\nBruna"),
        ("Ciao\n\nAnna", "Anna", "", "Ciao\n"),
        ("", "", "Anna", "\n\nAnna"),
    ],
)
def test_one_signature_gives_way_to_another(text: str, old: str, new: str, signed: str) -> None:
    assert with_signature(text, old, new) == signed


# what it looks like


@pytest.mark.parametrize("spoken", ["it", "en"])
def test_everything_is_said_in_the_language_in_force(qtbot: QtBot, open_window: Open, spoken: str) -> None:
    window = open_window()
    window._desk.speak(spoken)
    before = window.bar.send.text()
    window._desk.speak("en" if spoken == "it" else "it")

    assert "&" in before
    assert window.form.findChildren(QComboBox)


def test_a_narrow_window_shows_all_of_it(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    written(window, to=", ".join(f"persona{n}@pec.example" for n in range(12)))
    window.form.cc.take_in(ANNA)
    window.resize(640, 500)
    quiet(qtbot, window)
    qtbot.waitUntil(lambda: window.form.editor.height() >= 80)

    parts = (window.form.to, window.form.cc, window.form.subject, window.form.editor, window.bar)
    tops = [part.mapTo(window, part.rect().topLeft()).y() for part in parts]
    bottoms = [part.mapTo(window, part.rect().bottomLeft()).y() for part in parts]
    assert all(bottom < top for bottom, top in zip(bottoms, tops[1:], strict=False))
