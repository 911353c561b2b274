"""Attachments in the reader: what they are said to be, and what leaves the program, when, and under which name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QScrollArea
from pytestqt.qtbot import QtBot

from pecdesk.mime import Attachment, Danger, Span
from pecdesk.pec.transmission import Direction
from pecdesk.store import Filter
from pecdesk.ui.desk import Desk
from pecdesk.ui.reader.attachment_list import FEW, AttachmentList
from pecdesk.ui.style.file_icon import icon_of
from tests.ui.conftest import NOW
from tests.ui.letters import letter, taken_in
from tests.ui.outside import RecordingOutside

PDF = b"%PDF-1.4\n" + b"prova " * 50
PROGRAM = b"MZ" + bytes(200)

Carry = Callable[..., AttachmentList]


@pytest.fixture
def outside() -> RecordingOutside:
    return RecordingOutside()


@pytest.fixture
def listed(qtbot: QtBot, desk: Desk, outside: RecordingOutside) -> AttachmentList:
    made = AttachmentList(desk, outside=outside)
    made.resize(620, 400)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def carry(desk: Desk, listed: AttachmentList, tmp_path: Path) -> Carry:
    """The list of a message with these files."""

    def carry_(*files: tuple[str, bytes], attached: bytes = b"") -> AttachmentList:
        row = taken_in(desk, tmp_path, letter("Con allegati", files=files, attached=attached))
        assert row.transmission.original_sha256 is not None
        listed.show_message(desk.app.message(row.transmission.original_sha256))
        return listed

    return carry_


def say(desk: Desk, sentence: str) -> str:
    return desk.say(sentence)


def test_each_is_shown_with_name_size_and_kind(desk: Desk, carry: Carry) -> None:
    listed = carry(("diffida.pdf", PDF), ("foto.png", b"\x89PNG\r\n\x1a\n" + bytes(1500)))

    assert listed.isVisible()
    assert [card.name.text for card in listed.cards] == ["diffida.pdf", "foto.png"]
    assert [card.kind.text() for card in listed.cards] == ["309 B · PDF", "1,5 kB · PNG"]
    assert all(card.accessibleName().startswith(card.name.text) for card in listed.cards)


def test_a_signature_is_named_and_said_not_to_be_verified(desk: Desk, listed: AttachmentList) -> None:
    message = next(
        message
        for row in desk.app.rows(Filter(limit=0, direction=Direction.SENT), NOW)
        if row.attachments
        for message in desk.app.messages(row)
        if any(one.signed for one in message.examination.attachments)
    )
    listed.show_message(message)

    signed = next(card for card in listed.cards if card.attachment.signed)
    assert signed.remark.text() == say(desk, "Contains a digital signature, not verified")
    assert signed.attachment.signed in signed.kind.text()


def test_a_message_without_attachments_takes_no_room(carry: Carry) -> None:
    assert not carry().isVisible()


def test_enter_opens_a_copy_with_a_safe_name_in_a_private_place(
    qtbot: QtBot, desk: Desk, carry: Carry, outside: RecordingOutside
) -> None:
    listed = carry(("../../atto: finale.pdf", PDF))
    qtbot.keyClick(listed.cards[0], Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: bool(outside.opened))
    (path,) = outside.opened
    assert path.is_relative_to(desk.private_folder)
    assert path.name == "atto_ finale.pdf"
    assert path.read_bytes() == PDF


@pytest.mark.parametrize("name", ["fattura.pdf.exe", "comandi.bat", "pagina.html"])
def test_what_is_dangerous_is_only_saved_and_the_reason_said(
    qtbot: QtBot, desk: Desk, carry: Carry, outside: RecordingOutside, tmp_path: Path, name: str
) -> None:
    listed = carry((name, PROGRAM))
    card = listed.cards[0]
    assert card.remark.text() == say(desk, "Is only saved, not opened")
    assert say(desk, "Open") not in [action.text() for action in card.menu().actions()]

    qtbot.mouseDClick(card, Qt.MouseButton.LeftButton)
    assert listed.notice.isVisible()
    assert name in listed.notice.text
    outside.new_file = tmp_path / "salvato.bin"
    save = next(button for button in listed.notice.findChildren(QAbstractButton) if button.isVisible())
    save.click()

    qtbot.waitUntil(outside.new_file.exists)
    assert outside.new_file.read_bytes() == PROGRAM
    assert outside.opened == []


def test_what_is_told_of_one_of_many_stands_below_it_and_in_view(qtbot: QtBot, desk: Desk, carry: Carry) -> None:
    listed = carry(*((f"comandi {number}.bat", PROGRAM) for number in range(15)))
    area = QScrollArea()
    area.setWidgetResizable(True)
    qtbot.addWidget(area)
    area.setWidget(listed)
    area.resize(620, 300)
    area.show()

    def is_told_below(number: int) -> bool:
        below = listed.cards[number].mapTo(area, listed.cards[number].rect().bottomLeft()).y()
        told = listed.notice.mapTo(area, listed.notice.rect().topLeft()).y()
        return listed.notice.isVisible() and 0 < told - below < 20 and told + listed.notice.height() <= 300

    for number in (4, 12, 0):
        qtbot.mouseDClick(listed.cards[number], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda number=number: is_told_below(number))  # type: ignore[misc]
    listed.show_message(listed._message)  # anew: something else of it has changed
    qtbot.waitUntil(lambda: is_told_below(0))
    area.takeWidget()


def test_a_program_under_the_name_of_a_document_is_not_opened(
    qtbot: QtBot, carry: Carry, outside: RecordingOutside
) -> None:
    listed = carry(("fattura.pdf", PROGRAM))
    qtbot.mouseDClick(listed.cards[0], Qt.MouseButton.LeftButton)

    qtbot.waitUntil(listed.notice.isVisible)
    assert outside.opened == []


def test_one_is_saved_under_its_safe_name_where_the_user_says(
    qtbot: QtBot, carry: Carry, outside: RecordingOutside, tmp_path: Path
) -> None:
    listed = carry(("con\u202efdp.pdf", PDF))
    outside.new_file = tmp_path / "mio.pdf"
    listed.cards[0].button.click()

    qtbot.waitUntil(outside.new_file.exists)
    assert outside.suggested.name == "confdp.pdf"
    assert outside.new_file.read_bytes() == PDF
    assert "[U+202E]" in listed.cards[0].name.text
    qtbot.waitUntil(listed.notice.isVisible)


def test_all_are_saved_beside_one_another(
    qtbot: QtBot, carry: Carry, outside: RecordingOutside, tmp_path: Path
) -> None:
    listed = carry(("atto.pdf", PDF), ("atto.pdf", PDF + b"2"), ("CON.txt", b"x"))
    outside.folder = tmp_path / "dove"
    outside.folder.mkdir()
    listed.save_all_button.click()

    qtbot.waitUntil(listed.notice.isVisible)
    assert sorted(path.name for path in outside.folder.iterdir()) == ["_CON.txt", "atto (2).pdf", "atto.pdf"]


def test_nothing_is_written_before_it_is_asked_for(desk: Desk, carry: Carry, qtbot: QtBot) -> None:
    listed = carry(("atto.pdf", PDF))
    qtbot.mouseClick(listed.cards[0], Qt.MouseButton.LeftButton)

    assert list(desk.private_folder.rglob("*.pdf")) == []


def test_dragging_writes_a_copy_in_the_private_place_and_no_drag_begins_after_the_button_is_let_go(
    qtbot: QtBot, desk: Desk, carry: Carry
) -> None:
    listed = carry(("atto.pdf", PDF))
    card = listed.cards[0]
    qtbot.mousePress(card, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    with qtbot.waitSignal(card.drag_asked):
        qtbot.mouseMove(card, QPoint(120, 30))
    qtbot.mouseRelease(card, Qt.MouseButton.LeftButton, pos=QPoint(120, 30))

    qtbot.waitUntil(lambda: [path.read_bytes() for path in desk.private_folder.rglob("atto.pdf")] == [PDF])


def test_an_attached_message_is_inspected_not_opened(qtbot: QtBot, carry: Carry, outside: RecordingOutside) -> None:
    inside = letter("Dentro")
    listed = carry(attached=inside)

    with qtbot.waitSignal(listed.nested_asked) as asked:
        qtbot.keyClick(listed.cards[0], Qt.Key.Key_Return)

    assert asked.args == [inside, "allegata.eml"]
    assert outside.opened == []


def test_arrows_go_from_one_to_the_next_and_tab_stops_once(qtbot: QtBot, carry: Carry) -> None:
    listed = carry(("uno.pdf", PDF), ("due.pdf", PDF))
    first, second = listed.cards
    listed.activateWindow()
    qtbot.waitUntil(listed.isActiveWindow)
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)

    assert second.hasFocus()
    assert not first.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert second.focusPolicy() & Qt.FocusPolicy.TabFocus
    qtbot.keyClick(second, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "due.pdf"


def test_the_menu_copies_the_hash(desk: Desk, carry: Carry) -> None:
    listed = carry(("uno.pdf", PDF))
    menu = listed.cards[0].menu()
    next(action for action in menu.actions() if "SHA-256" in action.text()).trigger()

    assert QGuiApplication.clipboard().text() == listed.cards[0].attachment.sha256
    menu.deleteLater()


def test_of_a_hundred_only_the_first_are_shown_until_all_are_asked_for(carry: Carry) -> None:
    listed = carry(*((f"atto{number}.txt", b"x") for number in range(100)))

    assert len(listed.cards) == FEW
    listed.show_all_button.click()
    assert len(listed.cards) == 100
    assert not listed.show_all_button.isVisible()


def test_bytes_that_are_not_those_that_were_examined_are_told(
    qtbot: QtBot, desk: Desk, carry: Carry, monkeypatch: pytest.MonkeyPatch, outside: RecordingOutside
) -> None:
    listed = carry(("atto.pdf", PDF))
    monkeypatch.setattr(desk.app, "raw", lambda _sha256: b"Subject: altro\r\n\r\naltro\r\n")
    qtbot.keyClick(listed.cards[0], Qt.Key.Key_Return)

    qtbot.waitUntil(listed.notice.isVisible)
    assert "atto.pdf" in listed.notice.text
    assert outside.opened == []


@pytest.mark.parametrize(
    ("name", "media_type", "signed", "danger", "drawing"),
    [
        ("a.pdf", "application/pdf", None, None, "document"),
        ("a.pdf.p7m", "application/pkcs7-mime", "CAdES", None, "signature"),
        ("a.png", "image/png", None, None, "picture"),
        ("a.zip", "application/zip", None, None, "archive"),
        ("a.7z", "application/x-7z", None, Danger.ARCHIVE, "archive"),
        ("a.exe", "application/pdf", None, Danger.PROGRAM, "warning"),
        ("a.eml", "message/rfc822", None, None, "message"),
        ("a.qqq", "application/x", None, Danger.UNKNOWN, "attachment"),
    ],
)
def test_the_drawing_says_the_kind(
    name: str, media_type: str, signed: str | None, danger: Danger | None, drawing: str
) -> None:
    assert icon_of(Attachment(name, media_type, 1, "", Span(0, 1), signed), danger) == drawing


def test_another_message_takes_the_place_of_the_one_before(desk: Desk, carry: Carry, listed: AttachmentList) -> None:
    carry(("uno.pdf", PDF))
    listed.show_message(None)

    assert listed.cards == []
    assert not listed.isVisible()
