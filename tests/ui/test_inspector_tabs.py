"""What stands in the seven tabs of the evidence inspector, and how it is walked, heard and copied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from pecdesk.examine import Examination
from pecdesk.explain.visible import visible_lines
from pecdesk.explain.words import CHECKS as CHECK_NAMES
from pecdesk.explain.words import NOTES
from pecdesk.pec.message import Completeness, MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.trust import CheckName, Note
from pecdesk.ui.desk import Desk
from pecdesk.ui.evidence.facts import FactRow
from pecdesk.ui.evidence.inspector import Inspector
from pecdesk.ui.evidence.original_tab import AGREES
from pecdesk.ui.evidence.page import Line, Lines, Page
from pecdesk.ui.evidence.tabs import CERTIFICATION, CHECKS, COMPARISON, ORIGINAL, SIGNATURE, SOURCE, SUMMARY
from pecdesk.ui.reader.message_text import MessageText
from pecdesk.ui.style.flow_text import LONGEST, FlowText
from pecdesk.ui.style.panels import Notice
from tests.kit import messages as kit
from tests.ui.demo_messages import all_messages, first_of

Look = Callable[[str], Inspector]


@pytest.fixture
def everything(made_demo: Path, desk: Desk) -> list[Examination]:
    return all_messages(made_demo, desk)


@pytest.fixture
def window(qtbot: QtBot, desk: Desk) -> Inspector:
    made = Inspector(desk)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def look(qtbot: QtBot, window: Inspector) -> Look:
    """Look at a message of the archive, until its verdict is fresh."""

    def look_(sha256: str) -> Inspector:
        window.show_message(sha256)
        qtbot.waitUntil(lambda: window.known is not None and window.known.verified_at is not None)
        return window

    return look_


def of(
    everything: list[Examination],
    kind: MessageKind,
    standing: Standing = Standing.CERTIFIED,
    actual: Completeness | None = None,
) -> str:
    return first_of(everything, kind, standing, actual).sha256


def tab(qtbot: QtBot, window: Inspector, number: int) -> Any:
    window.tabs.setCurrentIndex(number)
    made = window.tabs.tab(number)
    qtbot.waitUntil(lambda: window._desk.background.is_idle and made.isVisible())
    QApplication.processEvents()
    return made


def words(widget: QWidget) -> list[str]:
    """Every text that is in sight in it."""
    flowing = [text.text for text in widget.findChildren(FlowText) if text.isVisible()]
    return flowing + [text.text() for text in widget.findChildren(QLabel) if text.isVisible()]


def focused_in(window: QWidget) -> QWidget:
    focused = window.focusWidget()
    assert focused is not None
    return focused


def walked(lines: Lines) -> Iterator[Line]:
    for number in range(len(lines.lines)):
        lines.go_to(number)
        focused = focused_in(lines.window())
        assert isinstance(focused, Line)
        yield focused


# the light text


def test_a_text_breaks_anywhere_and_is_as_high_as_its_lines(qtbot: QtBot, desk: Desk) -> None:
    text = FlowText("f" * 400)
    qtbot.addWidget(text)
    assert text.heightForWidth(200) > 5 * text.heightForWidth(4000)
    assert text.minimumSizeHint().width() < 200


def test_what_is_selected_is_copied_and_all_of_it_where_nothing_is(qtbot: QtBot, desk: Desk) -> None:
    text = FlowText("uno due tre", selectable=True)
    qtbot.addWidget(text)
    text.resize(300, 20)
    text.show()
    qtbot.keyClick(text, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "uno due tre"
    start, end = QPointF(1, 8), QPointF(text.fontMetrics().horizontalAdvance("uno") + 1, 8)
    left = Qt.MouseButton.LeftButton
    for kind, point in ((QEvent.Type.MouseButtonPress, start), (QEvent.Type.MouseMove, end)):
        QApplication.sendEvent(
            text, QMouseEvent(kind, point, text.mapToGlobal(point), left, left, Qt.KeyboardModifier.NoModifier)
        )
    assert text.selected == "uno"
    qtbot.keyClick(text, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "uno"


def test_a_text_of_a_million_letters_is_cut_in_sight_and_copied_whole(qtbot: QtBot, desk: Desk) -> None:
    text = FlowText("x" * 1_000_000, selectable=True)
    qtbot.addWidget(text)
    text.resize(300, 20)
    text.show()
    text.select_all()
    assert len(text.selected) == LONGEST
    text.set_text("x" * 1_000_000)
    text.copy()
    assert len(QGuiApplication.clipboard().text()) == 1_000_000


def test_a_text_that_cannot_be_selected_leaves_the_mouse_to_what_lies_under_it(qtbot: QtBot, desk: Desk) -> None:
    line = Line("riga")
    qtbot.addWidget(line)
    text = FlowText("riga")
    text.setParent(line)
    line.resize(200, 30)
    line.show()
    with qtbot.waitSignal(line.activated):
        qtbot.mouseDClick(text, Qt.MouseButton.LeftButton)


# lines


def test_lines_are_walked_with_the_arrow_keys_and_tab_comes_back_to_the_last_one(qtbot: QtBot, desk: Desk) -> None:
    page = Page()
    qtbot.addWidget(page)
    lines = Lines("righe", 30, lambda at: Line(f"riga {at}"))
    page.add(lines)
    page.resize(300, 200)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    lines.go_to(0)
    for key, reached in (
        (Qt.Key.Key_Down, "riga 1"),
        (Qt.Key.Key_PageDown, "riga 6"),
        (Qt.Key.Key_Up, "riga 5"),
        (Qt.Key.Key_End, "riga 29"),
        (Qt.Key.Key_Down, "riga 29"),
        (Qt.Key.Key_Home, "riga 0"),
        (Qt.Key.Key_Up, "riga 0"),
    ):
        qtbot.keyClick(focused_in(page), key)
        focused = focused_in(page)
        assert isinstance(focused, Line)
        assert focused.accessibleName() == reached
        place = focused.rect().translated(focused.mapTo(page.viewport(), QPoint(0, 0)))
        assert page.viewport().rect().intersects(place)
    stops = [line for line in lines.lines if line.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert [line.accessibleName() for line in stops] == ["riga 0"]
    qtbot.keyClick(focused_in(page), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "riga 0"


def test_a_long_list_is_made_a_few_lines_at_a_time(qtbot: QtBot, desk: Desk) -> None:
    lines = Lines("righe", 100, lambda at: Line(f"riga {at}"))
    qtbot.addWidget(lines)
    assert len(lines.lines) < 20
    qtbot.waitUntil(lambda: len(lines.lines) == 100)


# Riepilogo


def test_the_summary_shows_the_whole_transmission_with_this_message_marked(
    qtbot: QtBot, look: Look, desk: Desk, everything: list[Examination]
) -> None:
    sha256 = of(everything, MessageKind.DELIVERY, actual=Completeness.FULL)
    window = look(sha256)
    row = desk.app.rows_named(sha256)[0].transmission
    lists = tab(qtbot, window, SUMMARY).findChildren(Lines)
    timeline = lists[-1]
    assert [line.entry.sha256 for line in timeline.lines] == list(row.messages)
    assert [line.entry.is_this for line in timeline.lines] == [each == sha256 for each in row.messages]
    for line in walked(timeline):
        assert line.entry.sentence in line.accessibleName()
        if line.entry.is_this:
            qtbot.keyClick(line, Qt.Key.Key_Return)
        else:
            with qtbot.waitSignal(window.evidence_asked) as asked:
                qtbot.keyClick(line, Qt.Key.Key_Return)
            assert asked.args == [line.entry.sha256]


def test_what_weakens_a_proof_is_marked_apart_from_what_is_only_worth_knowing(
    qtbot: QtBot, look: Look, desk: Desk, everything: list[Examination]
) -> None:
    window = look(of(everything, MessageKind.DELIVERY, Standing.ALTERED))
    points = tab(qtbot, window, SUMMARY).findChildren(Lines)[0].lines
    note = desk.say(NOTES[Note.REVOCATION_NOT_CHECKED])
    assert {line.accessibleName(): line.is_note for line in points}[note]
    assert not all(line.is_note for line in points)


def test_a_copied_fact_is_on_the_clipboard_and_told(qtbot: QtBot, look: Look, everything: list[Examination]) -> None:
    sha256 = of(everything, MessageKind.DELIVERY)
    window = look(sha256)
    row = next(row for row in tab(qtbot, window, SUMMARY).findChildren(FactRow) if row.value.text == sha256)
    assert not row.button.isVisible()
    window.activateWindow()
    row.value.setFocus()
    assert row.button.isVisible()
    qtbot.keyClick(row.value, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is row.button
    qtbot.keyClick(row.button, Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == sha256
    assert "SHA-256" in window.bar.foot.text


# Verifiche


def test_every_check_is_a_line_with_mark_name_meaning_and_status(
    qtbot: QtBot, look: Look, desk: Desk, everything: list[Examination]
) -> None:
    window = look(of(everything, MessageKind.DELIVERY))
    assert window.known is not None
    checks = tab(qtbot, window, CHECKS)
    qtbot.waitUntil(lambda: len(checks.lines.lines) >= len(window.known.examination.checks))
    made = [check.name for check in window.known.examination.checks if check.name is not CheckName.REVOCATION]
    names = [desk.say(CHECK_NAMES[name]) for name in made]
    spoken = [line.accessibleName() for line in walked(checks.lines)]
    assert [name for name in names if not any(line.startswith(name) for line in spoken)] == []
    note = next(line for line in spoken if desk.say(NOTES[Note.REVOCATION_NOT_CHECKED]) in line)
    assert desk.say("note") in note
    assert all(len(line) > 20 for line in spoken)


def test_a_failed_check_stands_out_and_says_why(qtbot: QtBot, look: Look, everything: list[Examination]) -> None:
    window = look(of(everything, MessageKind.DELIVERY, Standing.ALTERED))
    checks = tab(qtbot, window, CHECKS)
    qtbot.waitUntil(lambda: window._desk.background.is_idle and len(checks.lines.lines) > 15)
    looks = {line.status.property("look") for line in checks.lines.lines}
    assert "tone-red" in looks
    assert "tone-green" not in looks
    assert checks.lines.lines[0].status.property("look") == "tone-red"


# Dati di certificazione


def test_certified_data_are_a_table_and_claimed_ones_stand_under_a_warning(
    qtbot: QtBot, look: Look, desk: Desk, everything: list[Examination]
) -> None:
    certified = tab(qtbot, look(of(everything, MessageKind.DELIVERY)), CERTIFICATION)
    assert certified.findChildren(Notice) == []
    assert certified.findChildren(FlowText)
    window = look(of(everything, MessageKind.DELIVERY, Standing.NOT_CERTIFIED))
    claimed = tab(qtbot, window, CERTIFICATION)
    warning = claimed.findChildren(Notice)
    assert len(warning) == 1
    assert warning[0].text


def test_a_message_without_data_says_that_there_are_none(
    qtbot: QtBot, look: Look, everything: list[Examination]
) -> None:
    window = look(of(everything, MessageKind.ORDINARY, Standing.NOT_CERTIFIED))
    shown = tab(qtbot, window, CERTIFICATION)
    assert shown.panel.isVisible()
    assert "daticert.xml" in shown.panel.accessibleName()


# Firma


def test_the_signature_shows_signer_chain_and_validity(qtbot: QtBot, look: Look, everything: list[Examination]) -> None:
    window = look(of(everything, MessageKind.DELIVERY))
    assert window.known is not None
    signature = window.known.examination.signature
    shown = tab(qtbot, window, SIGNATURE)
    said = words(shown)
    for certificate in signature.chain:
        assert certificate.sha256 in said
        assert certificate.subject in said
    assert shown.validity is not None
    assert shown.validity.holds_reference
    assert shown.validity.bar.sentence in said


def test_a_message_without_signature_says_so(qtbot: QtBot, look: Look, everything: list[Examination]) -> None:
    window = look(of(everything, MessageKind.DELIVERY_STATUS, Standing.NOT_CERTIFIED))
    shown = tab(qtbot, window, SIGNATURE)
    assert shown.validity is None


# Messaggio originale


def test_the_original_says_whose_word_its_lines_are(
    qtbot: QtBot, look: Look, desk: Desk, everything: list[Examination]
) -> None:
    window = look(of(everything, MessageKind.TRANSPORT_ENVELOPE))
    assert window.known is not None
    inner = window.known.examination.original
    assert inner is not None
    said = words(tab(qtbot, window, ORIGINAL))
    assert inner.summary.subject in said
    assert desk.say(AGREES) in said


def test_a_receipt_that_brings_nothing_back_shows_its_own_words(
    qtbot: QtBot, look: Look, everything: list[Examination]
) -> None:
    window = look(of(everything, MessageKind.ACCEPTANCE))
    assert window.known is not None
    shown = tab(qtbot, window, ORIGINAL)
    assert shown.body is None
    assert shown.attachments is None
    notice = shown.findChildren(MessageText)[0].body.toPlainText()
    assert notice == visible_lines(window.known.examination.notice)


def test_html_is_shown_when_asked_for_and_in_a_frame(qtbot: QtBot, window: Inspector, tmp_path: Path) -> None:
    path = tmp_path / "html.eml"
    path.write_bytes(
        b"From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        b"<p>Buongiorno <b>a tutti</b><img src='http://127.0.0.1:9/x.png'></p>\r\n"
    )
    window.show_file(path)
    qtbot.waitUntil(lambda: window.known is not None)
    shown = tab(qtbot, window, ORIGINAL)
    body = shown.body
    assert not body.shows_html
    qtbot.waitUntil(body.switch.isVisible)
    qtbot.mouseClick(body.switch, Qt.MouseButton.LeftButton)
    assert body.shows_html
    assert not body.text.isVisible()
    qtbot.mouseClick(body.switch, Qt.MouseButton.LeftButton)
    assert not body.shows_html


def test_a_message_in_a_message_has_its_own_verdict_in_its_own_frame(
    qtbot: QtBot, window: Inspector, desk: Desk, everything: list[Examination], tmp_path: Path
) -> None:
    """Whoever wraps a genuine message in a forged envelope borrows nothing from it."""
    genuine = desk.app.raw(of(everything, MessageKind.TRANSPORT_ENVELOPE))
    sending = kit.provider().take(kit.draft("Inoltro"), kit.SENT_AT, raw=genuine)
    path = tmp_path / "avvolta.eml"
    path.write_bytes(kit.provider().envelope(sending, kit.RECIPIENT).sealed())
    window.show_file(path)
    qtbot.waitUntil(lambda: window.known is not None)
    assert window.known is not None
    assert window.known.examination.standing is Standing.NOT_CERTIFIED
    outside = window.head.accessibleName()
    shown = tab(qtbot, window, ORIGINAL)
    qtbot.waitUntil(lambda: len(shown.attached) == 1)
    framed = shown.attached[0]
    assert "PEC certificata" in framed.head.accessibleName()
    assert framed.property("look") == "framed"
    assert window.head.accessibleName() == outside
    assert "PEC certificata" not in outside
    with qtbot.waitSignal(window.nested_asked) as asked:
        qtbot.mouseClick(framed.button, Qt.MouseButton.LeftButton)
    raw, _title = asked.args
    assert b"multipart/signed" in raw


def test_an_attached_message_has_its_own_verdict_and_opens_by_its_button(
    qtbot: QtBot, look: Look, everything: list[Examination]
) -> None:
    forwarded = next(
        found
        for found in everything
        if found.kind is MessageKind.ORDINARY and [one.media_type for one in found.attachments] == ["message/rfc822"]
    )
    window = look(forwarded.sha256)
    shown = tab(qtbot, window, ORIGINAL)
    qtbot.waitUntil(lambda: len(shown.attached) == 1)
    assert "PEC certificata" in shown.attached[0].head.accessibleName()
    assert "PEC certificata" not in window.head.accessibleName()
    with qtbot.waitSignal(window.nested_asked) as asked:
        qtbot.mouseClick(shown.attached[0].button, Qt.MouseButton.LeftButton)
    assert asked.args[1] == forwarded.attachments[0].name


def test_attachments_of_a_file_come_out_of_the_file(
    qtbot: QtBot, window: Inspector, desk: Desk, everything: list[Examination], tmp_path: Path
) -> None:
    carrying = next(found for found in everything if found.kind is MessageKind.TRANSPORT_ENVELOPE and found.attachments)
    path = tmp_path / "con-allegati.eml"
    path.write_bytes(b"X-Altra: si\r\n" + desk.app.raw(carrying.sha256))
    window.show_file(path)
    qtbot.waitUntil(lambda: window.known is not None)
    shown = tab(qtbot, window, ORIGINAL)
    assert len(shown.attachments.cards) == len(carrying.attachments)
    assert shown.attachments._fetching(0)() == desk.app.attachment(carrying.sha256, 0)


# Confronto


def test_what_was_sent_and_what_was_delivered_stand_side_by_side(
    qtbot: QtBot, look: Look, everything: list[Examination]
) -> None:
    window = look(of(everything, MessageKind.DELIVERY, actual=Completeness.FULL))
    shown = tab(qtbot, window, COMPARISON)
    lines = shown.findChildren(Lines)[0].lines
    assert lines
    digests = [text.text for text in lines[0].findChildren(FlowText) if len(text.text) == 64]
    assert len(digests) == 2
    assert digests[0] == digests[1]
    assert len(lines[0].accessibleName()) > 10


@pytest.mark.parametrize("kind", [MessageKind.ACCEPTANCE, MessageKind.NON_DELIVERY, MessageKind.TRANSPORT_ENVELOPE])
def test_where_nothing_is_compared_it_says_why(
    qtbot: QtBot, look: Look, everything: list[Examination], kind: MessageKind
) -> None:
    shown = tab(qtbot, look(of(everything, kind)), COMPARISON)
    assert shown.panel.isVisible()
    assert len(shown.panel.accessibleName()) > 20


# Sorgente


def test_the_source_begins_with_the_headers(
    qtbot: QtBot, look: Look, desk: Desk, everything: list[Examination]
) -> None:
    sha256 = of(everything, MessageKind.DELIVERY)
    shown = tab(qtbot, look(sha256), SOURCE)
    first = desk.app.raw(sha256).decode("ascii", "replace").split("\n", maxsplit=1)[0].rstrip("\r")
    assert shown.source.text.toPlainText().startswith(visible_lines(first))


def test_letters_are_found_in_the_source_forwards_backwards_and_round_the_end(
    qtbot: QtBot, window: Inspector, tmp_path: Path
) -> None:
    path = tmp_path / "righe.eml"
    path.write_bytes(b"Subject: uno\r\n\r\nago\r\npaglia\nago\r\n")
    window.show_file(path)
    qtbot.waitUntil(lambda: window.known is not None)
    shown = tab(qtbot, window, SOURCE)
    assert "CRLF × 4, LF × 1" in " ".join(words(shown))
    bar, text = shown.find_bar, shown.source.text
    qtbot.keyClicks(bar.field, "AGO")
    places = [text.textCursor().selectionStart()]
    for modifier in (Qt.KeyboardModifier.NoModifier,) * 2 + (Qt.KeyboardModifier.ShiftModifier,):
        qtbot.keyClick(bar.field, Qt.Key.Key_Return, modifier)
        places.append(text.textCursor().selectionStart())
    assert text.textCursor().selectedText() == "ago"
    assert places[0] < places[1]
    assert places == [places[0], places[1], places[0], places[1]]
    assert bar.told.text() == ""
    qtbot.keyClicks(bar.field, "x")
    assert bar.told.text()


def test_a_source_that_cannot_be_read_is_told_with_a_way_out(
    qtbot: QtBot, look: Look, desk: Desk, everything: list[Examination]
) -> None:
    sha256 = of(everything, MessageKind.DELIVERY)
    window = look(sha256)
    path = desk.app.store.archive.path(sha256)
    kept = path.read_bytes()
    path.chmod(0o600)
    path.unlink()
    shown = tab(qtbot, window, SOURCE)
    assert shown.panel.isVisible()
    assert shown.source is None
    path.write_bytes(kept)
    shown.panel._buttons.itemAt(1).widget().click()
    qtbot.waitUntil(lambda: shown.source is not None)


# what changes keeps what does not


def test_a_tab_that_shows_the_same_is_not_made_again(
    qtbot: QtBot, window: Inspector, everything: list[Examination]
) -> None:
    window.show_message(of(everything, MessageKind.DELIVERY, actual=Completeness.FULL))
    before = window.tabs.tab(SUMMARY).page.widget()
    qtbot.waitUntil(lambda: window.known is not None and window.known.verified_at is not None)
    assert window.tabs.tab(SUMMARY).page.widget() is before
