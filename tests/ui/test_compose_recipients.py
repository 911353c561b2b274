"""The field of recipients: typed, pasted, completed, corrected, all by keyboard; and what is known told in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pecdesk.app.drafting import Drafting
from pecdesk.explain import Tone, language
from pecdesk.explain.recipients import contact_words, recipient_badge, recipient_sentence
from pecdesk.pec.composing import RecipientProblem
from pecdesk.pec.transmission import RecipientState
from pecdesk.ui.compose.recipient_chip import RecipientChip
from pecdesk.ui.compose.recipient_field import RecipientField
from pecdesk.ui.compose.recipient_text import is_finished, mailbox_text, pieces_of
from pecdesk.ui.desk import Desk
from tests.ui.compose_kit import LEARNED, FakeContact, FakeDrafting


@pytest.fixture
def drafting() -> FakeDrafting:
    return FakeDrafting()


@pytest.fixture
def field(qtbot: QtBot, empty_desk: Desk, drafting: FakeDrafting) -> Iterator[RecipientField]:
    window = QWidget()
    made = RecipientField(empty_desk, cast(Drafting, drafting))
    column = QVBoxLayout(window)
    column.addWidget(made)
    column.addWidget(QLineEdit())
    qtbot.addWidget(window)
    window.resize(700, 300)
    window.show()
    window.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.line.hasFocus)
    yield made
    qtbot.waitUntil(lambda: empty_desk.background.is_idle)


def addresses(field: RecipientField) -> list[str]:
    return [chip.recipient.address or f"?{chip.recipient.written}" for chip in field.chips]


def type_word(chip: RecipientChip) -> str:
    """PEC, not PEC, unknown, or why it is no recipient: as those are told who do not see it."""
    return chip.accessibleName().rpartition(": ")[2]


def typed(qtbot: QtBot, field: RecipientField, text: str) -> None:
    qtbot.keyClicks(field.line, text)


# texts


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (
            "a@x.example, b@x.example; c@x.example\nd@x.example",
            ["a@x.example", "b@x.example", "c@x.example", "d@x.example"],
        ),
        ("a@x.example b@x.example", ["a@x.example", "b@x.example"]),
        ('"Rossi, Mario" <m@x.example>, b@x.example', ['"Rossi, Mario" <m@x.example>', "b@x.example"]),
        ("Mario  Rossi <m@x.example>", ["Mario Rossi <m@x.example>"]),
        (" , ;\n", []),
    ],
)
def test_a_text_is_cut_into_mailboxes(text: str, pieces: list[str]) -> None:
    assert pieces_of(text) == pieces


def test_a_comma_in_a_name_finishes_nothing() -> None:
    assert not is_finished('"Rossi, Mario')
    assert not is_finished("Rossi <m@x,y")
    assert is_finished('"Rossi, Mario" <m@x.example>,')


@pytest.mark.parametrize("name", ["Mario Rossi", "Rossi, Mario", 'Il "Capo"', "Studio (Siena) <x>", "D’Angelo & C."])
def test_a_name_that_is_offered_is_read_back_as_one_mailbox(name: str) -> None:
    assert pieces_of(mailbox_text("m@x.example", name) + ",") == [mailbox_text("m@x.example", name)]


# typing


@pytest.mark.parametrize(
    "key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Comma, Qt.Key.Key_Semicolon]
)
def test_enter_comma_semicolon_and_tab_make_a_chip_and_the_focus_stays(
    qtbot: QtBot, field: RecipientField, key: Qt.Key
) -> None:
    typed(qtbot, field, "anna@pec.example")
    if key in (Qt.Key.Key_Comma, Qt.Key.Key_Semicolon):
        typed(qtbot, field, "," if key == Qt.Key.Key_Comma else ";")
    else:
        qtbot.keyClick(field.line, key)

    assert addresses(field) == ["anna@pec.example"]
    assert field.line.text() == ""
    assert field.line.hasFocus()


def test_tab_in_the_empty_line_goes_on(qtbot: QtBot, field: RecipientField) -> None:
    qtbot.keyClick(field.line, Qt.Key.Key_Tab)

    assert not field.line.hasFocus()
    assert isinstance(QApplication.focusWidget(), QLineEdit)


def test_backspace_in_the_empty_line_takes_the_last_chip_up_again(qtbot: QtBot, field: RecipientField) -> None:
    field.take_in("anna@pec.example, bruno@pec.example")
    qtbot.keyClick(field.line, Qt.Key.Key_Backspace)

    assert addresses(field) == ["anna@pec.example"]
    assert field.line.text() == "bruno@pec.example"
    qtbot.keyClick(field.line, Qt.Key.Key_Backspace)
    assert field.line.text() == "bruno@pec.exampl"


def test_chips_are_walked_through_taken_away_and_corrected_by_keyboard(qtbot: QtBot, field: RecipientField) -> None:
    field.take_in("anna@pec.example, bruno@pec.example, carla@pec.example")
    qtbot.keyClick(field.line, Qt.Key.Key_Left)
    assert field.chips[2].hasFocus()
    qtbot.keyClick(field.chips[2], Qt.Key.Key_Left)
    qtbot.keyClick(field.chips[1], Qt.Key.Key_Delete)
    assert addresses(field) == ["anna@pec.example", "carla@pec.example"]
    assert field.chips[1].hasFocus()
    qtbot.keyClick(field.chips[1], Qt.Key.Key_Return)
    assert field.line.text() == "carla@pec.example"
    assert field.line.hasFocus()
    assert addresses(field) == ["anna@pec.example"]


def test_leaving_the_field_finishes_what_was_typed(qtbot: QtBot, field: RecipientField) -> None:
    typed(qtbot, field, "anna@pec.example")
    field.window().findChildren(QLineEdit)[-1].setFocus()

    assert addresses(field) == ["anna@pec.example"]


def test_a_half_typed_address_is_not_finished_by_looking_at_another_window(qtbot: QtBot, field: RecipientField) -> None:
    typed(qtbot, field, "lucia.f")
    QApplication.sendEvent(field.line, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason))
    QApplication.sendEvent(field.line, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.ActiveWindowFocusReason))
    typed(qtbot, field, "ontana@posta.example,")

    assert addresses(field) == ["lucia.fontana@posta.example"]


def test_what_is_no_address_is_a_chip_that_says_so(qtbot: QtBot, field: RecipientField) -> None:
    typed(qtbot, field, "anna@")
    qtbot.keyClick(field.line, Qt.Key.Key_Return)

    assert addresses(field) == ["?anna@"]
    assert type_word(field.chips[0]) == recipient_badge(None, language("it"), problem=RecipientProblem.NO_DOMAIN).word
    assert field.written == ("anna@",)


def test_many_are_pasted_at_once_each_mailbox_once(qtbot: QtBot, field: RecipientField) -> None:
    QGuiApplication.clipboard().setText(
        "Anna <anna@pec.example>; bruno@pec.example\nANNA@pec.example,\tcarla@pec.example"
    )
    qtbot.keyClick(field.line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert addresses(field) == ["anna@pec.example", "bruno@pec.example", "carla@pec.example"]
    assert field.chips[0].words == "Anna  anna@pec.example"


def test_a_part_of_an_address_that_is_pasted_goes_on_being_typed(qtbot: QtBot, field: RecipientField) -> None:
    QGuiApplication.clipboard().setText("anna")
    qtbot.keyClick(field.line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    typed(qtbot, field, "@pec.example")
    qtbot.keyClick(field.line, Qt.Key.Key_Return)

    assert addresses(field) == ["anna@pec.example"]


def test_what_is_being_typed_is_part_of_the_draft(qtbot: QtBot, field: RecipientField) -> None:
    field.take_in("anna@pec.example")
    typed(qtbot, field, "brun")

    assert field.written == ("anna@pec.example", "brun")


# completion


def test_contacts_are_offered_with_what_is_known_and_chosen_by_keyboard(qtbot: QtBot, field: RecipientField) -> None:
    typed(qtbot, field, "ross")
    qtbot.waitUntil(lambda: len(field.popup.candidates) == 2)
    assert field.popup.candidates[0].text == "Mario Rossi <m.rossi@pec.avvocati.example>"
    assert field.popup.candidates[0].meaning == "PEC"

    popup = QApplication.activePopupWidget()
    assert popup is not None
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)

    assert addresses(field) == ["m.rossi@pec.avvocati.example"]
    qtbot.waitUntil(lambda: type_word(field.chips[0]) == "PEC")


def test_enter_means_what_was_typed_as_long_as_no_offer_was_chosen(qtbot: QtBot, field: RecipientField) -> None:
    typed(qtbot, field, "ross@altro.example")
    field.line.setText("rossi")
    field._edited("rossi")
    qtbot.waitUntil(lambda: bool(field.popup.candidates))
    qtbot.keyClick(QApplication.activePopupWidget() or field.line, Qt.Key.Key_Return)

    assert addresses(field) == ["?rossi"]


def test_an_answer_that_comes_too_late_is_not_offered(qtbot: QtBot, field: RecipientField) -> None:
    typed(qtbot, field, "ross")
    field.line.clear()
    field._edited("")
    qtbot.waitUntil(lambda: field._desk.background.is_idle)

    assert field.popup.candidates == ()


def test_escape_closes_the_offers_first(qtbot: QtBot, field: RecipientField) -> None:
    typed(qtbot, field, "ross")
    qtbot.waitUntil(lambda: bool(field.popup.candidates))
    popup = QApplication.activePopupWidget()
    assert popup is not None
    qtbot.keyClick(popup, Qt.Key.Key_Escape)

    assert field.popup.candidates == ()
    assert field.line.text() == "ross"


# what is known


def test_a_chip_says_whether_it_is_pec_in_a_word_and_since_when(qtbot: QtBot, field: RecipientField) -> None:
    field.take_in("m.rossi@pec.avvocati.example, info@rosticceria.example, ignota@pec.example")
    qtbot.waitUntil(lambda: field.chips[1].recipient.kind == "external")
    speaking = language("it")

    assert [type_word(chip) for chip in field.chips] == [
        recipient_badge(kind, speaking).word for kind in ("certified", "external", None)
    ]
    for chip, kind in zip(field.chips, ("certified", "external", None), strict=True):
        sentence = recipient_sentence(kind, LEARNED if kind else None, speaking)
        assert sentence in chip.accessibleDescription()
        assert sentence in chip.toolTip()


def test_no_recipient_is_green(qtbot: QtBot) -> None:
    for kind in ("certified", "external", None):
        for problem in (None, *RecipientProblem):
            assert recipient_badge(kind, language("en"), problem=problem).tone is not Tone.GREEN


def test_the_address_of_a_provider_is_told_from_what_is_no_address(qtbot: QtBot, field: RecipientField) -> None:
    field.take_in("posta-certificata@pec.gestore.example, anna@")
    first, second = field.chips

    assert type_word(first) != type_word(second)
    assert first.accessibleDescription() != second.accessibleDescription()


def test_a_last_message_that_did_not_arrive_is_told_beside_the_contact_and_on_its_chip(
    qtbot: QtBot, field: RecipientField, drafting: FakeDrafting
) -> None:
    failed = FakeContact("ufficio@pec.example", "", "certified", LEARNED, RecipientState.FAILED)
    drafting.known = (failed, FakeContact("uffici@pec.example", "", "certified", LEARNED, RecipientState.DELIVERED))
    typed(qtbot, field, "uffic")
    qtbot.waitUntil(lambda: len(field.popup.candidates) == 2)
    speaking = language("it")
    assert [one.meaning for one in field.popup.candidates] == [
        contact_words("certified", RecipientState.FAILED, speaking),
        recipient_badge("certified", speaking).word,
    ]
    assert field.popup.candidates[0].meaning != field.popup.candidates[1].meaning
    field.line.clear()
    field.take_in("ufficio@pec.example")
    said = recipient_sentence("certified", LEARNED, speaking, outcome=RecipientState.FAILED)
    qtbot.waitUntil(lambda: said in field.chips[0].toolTip())


def test_a_hostile_name_cannot_paint_on_a_chip(qtbot: QtBot, field: RecipientField) -> None:
    field.take_in('"gpj\u202e✅<b>" <anna@pec.example>')

    assert "\u202e" not in field.chips[0].words
    assert "✅" not in field.chips[0].words
    assert "<" not in field.chips[0].toolTip()


def test_chips_take_rows_and_are_scrolled_when_there_are_many(qtbot: QtBot, field: RecipientField) -> None:
    one = field.height()
    field.take_in(", ".join(f"persona{number}@pec.example" for number in range(60)))
    qtbot.waitUntil(lambda: field.height() > one)

    assert len(field.chips) == 60
    assert field.height() < 6 * one
    assert field.verticalScrollBar().maximum() > 0
    widest = max(chip.geometry().right() for chip in field.chips)
    assert widest < field.viewport().width()
    assert field.line.width() >= 140


def test_a_very_long_address_is_cut_in_its_middle_and_whole_in_the_tooltip(qtbot: QtBot, field: RecipientField) -> None:
    long = f"{'a' * 60}@{'.'.join(['lungo' * 8] * 4)}.example"
    field.take_in(long)

    assert field.chips[0].width() < field.viewport().width()
    assert field.chips[0].sizeHint() != QSize()
    assert long in field.chips[0].toolTip()


def test_two_thousand_contacts_are_never_looked_at_on_the_gui_thread(
    qtbot: QtBot, field: RecipientField, drafting: FakeDrafting
) -> None:
    import threading

    seen: list[str] = []

    def contacts(prefix: str, limit: int = 8) -> list[FakeContact]:
        seen.append(threading.current_thread().name)
        return []

    drafting.contacts = contacts  # type: ignore[method-assign]
    typed(qtbot, field, "ross")
    qtbot.waitUntil(lambda: field._desk.background.is_idle)

    assert set(seen) == {"queries"}
