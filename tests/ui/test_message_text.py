"""Long and hostile texts: all of it is there, in pieces that never hold up the window."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QTextCharFormat
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from pecdesk.ui.desk import Desk
from pecdesk.ui.reader.message_text import (
    LONGEST_LINE,
    LONGEST_WORD,
    MANY_LINES,
    SLICE,
    SLICE_LINES,
    MessageText,
    slices,
)
from pecdesk.ui.reader.source_view import PAGE, SourceView, page_text, pages


def joined(text: str) -> str:
    return "".join(
        ("\n" if number and piece.begins_line else "") + piece.text for number, piece in enumerate(slices(text))
    )


@given(st.text(alphabet="ab \n>", max_size=3000))
def test_the_pieces_of_a_text_are_the_text(text: str) -> None:
    assert joined(text) == text


@pytest.mark.parametrize(
    "text", ["a" * 262_144, "ab " * 90_000, "x\n" * 131_000, "\n" * 262_144, "> " * 131_072], ids=str.__len__
)
def test_no_piece_is_too_long_to_be_laid_out(text: str) -> None:
    found = list(slices(text))

    assert all(len(piece.text) <= SLICE + LONGEST_LINE + 1 and piece.lines <= SLICE_LINES for piece in found)
    assert all(len(word) <= LONGEST_WORD for piece in found for word in piece.text.split())
    assert joined(text).replace("\n", "") == text.replace("\n", "")


@pytest.fixture
def area(qtbot: QtBot) -> QScrollArea:
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.resize(500, 400)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def shown(desk: Desk, area: QScrollArea) -> MessageText:
    """In a scroll around it, as in the reader."""
    text = MessageText(desk)
    area.setWidget(text)
    area.show()
    return text


def formats(text: MessageText) -> dict[str, QTextCharFormat]:
    """The looks of each run of letters."""
    found, block = {}, text.body.document().begin()
    while block.isValid():
        at = block.begin()
        while not at.atEnd():
            found[at.fragment().text()] = at.fragment().charFormat()
            at += 1
        block = block.next()
    return found


def test_quotations_are_muted_and_links_lead_to_plain_ascii(desk: Desk, shown: MessageText) -> None:
    shown.show_text("Mio\n> suo\n>> di altri\nVedi https://esèmpio.example/a?b=1, grazie.")
    looks = formats(shown)

    muted = QColor(desk.theme.palette.muted)
    assert looks["> suo"].foreground().color() == muted
    assert looks[">> di altri"].foreground().color() == muted
    assert looks["Mio"].foreground().color() != muted
    link = looks["https://esèmpio.example/a?b=1"]
    assert link.isAnchor()
    assert link.anchorHref() == "https://xn--esmpio-4ua.example/a?b=1"


@pytest.mark.parametrize(
    "written", ["javascript:alert(1)", "file:///etc/passwd", "https://x@evil.example/", "ftp://x.example"]
)
def test_what_may_not_be_followed_is_no_link(shown: MessageText, written: str) -> None:
    shown.show_text(f"Vedi {written} subito")

    assert not any(look.isAnchor() and "x@" in look.anchorHref() for look in formats(shown).values())
    assert not any(look.anchorHref().startswith(("javascript", "file", "ftp")) for look in formats(shown).values())


def test_hidden_letters_are_shown(shown: MessageText) -> None:
    shown.show_text("conto \u202e0001\u0000")

    assert shown.body.toPlainText() == "conto [U+202E]0001[U+0000]"


def test_a_text_of_very_many_lines_waits_to_be_asked_for_its_rest(qtbot: QtBot, shown: MessageText) -> None:
    text = "\n".join(f"{number}" for number in range(MANY_LINES + 3000))
    shown.show_text(text)
    qtbot.waitUntil(shown.rest_button.isVisible)
    assert not shown.is_whole

    shown.rest_button.click()
    qtbot.waitUntil(lambda: shown.is_whole)
    assert shown.body.toPlainText() == text


def test_more_of_the_same_text_is_added_below_and_moves_nothing(
    qtbot: QtBot, area: QScrollArea, shown: MessageText
) -> None:
    beginning = "\n".join(f"Riga {number}" for number in range(900)) + "\nmezza ri"
    whole = beginning + "ga\n" + "\n".join(f"Altra {number}" for number in range(900))
    shown.show_text(beginning)
    qtbot.waitUntil(lambda: shown.is_whole)
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 5000)
    area.verticalScrollBar().setValue(4000)

    shown.show_text(whole)
    qtbot.waitUntil(lambda: shown.is_whole)

    assert shown.body.toPlainText() == whole
    assert area.verticalScrollBar().value() == 4000


def test_the_text_is_as_high_as_its_lines(qtbot: QtBot, shown: MessageText) -> None:
    shown.show_text("una\ndue\ntre")
    low = shown.body.height()
    shown.show_text("\n".join("riga" for _ in range(60)))

    assert shown.body.height() > 15 * low


def test_dragging_a_selection_to_the_edge_scrolls_the_page(qtbot: QtBot, area: QScrollArea, shown: MessageText) -> None:
    shown.show_text("\n".join(f"Riga {number}" for number in range(300)))
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 1000)
    view = shown.body.viewport()
    for kind, place in (
        (QEvent.Type.MouseButtonPress, QPoint(5, 5)),
        (QEvent.Type.MouseMove, QPoint(20, 900)),
        (QEvent.Type.MouseButtonRelease, QPoint(20, 900)),
    ):
        held = Qt.MouseButton.LeftButton if kind is not QEvent.Type.MouseButtonRelease else Qt.MouseButton.NoButton
        button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        where = QPointF(place), QPointF(view.mapToGlobal(place))
        QApplication.sendEvent(view, QMouseEvent(kind, *where, button, held, Qt.KeyboardModifier.NoModifier))

    assert shown.body.textCursor().hasSelection()
    assert area.verticalScrollBar().value() > 300


@given(st.binary(max_size=400), st.integers(0, 5))
def test_the_pages_of_a_source_are_all_of_its_bytes(piece: bytes, times: int) -> None:
    raw = (piece or b"x") * (PAGE // max(1, len(piece)) * times + 1)
    found = pages(raw)

    assert found[0][0] == 0
    assert found[-1][1] == len(raw)
    assert all(before[1] == after[0] for before, after in pairwise(found))
    assert all(end - start <= PAGE for start, end in found)


def test_a_source_shows_what_is_there_and_paints_nothing(qtbot: QtBot, desk: Desk) -> None:
    raw = b"Subject: \xe8 \xe2\x80\xaefdp\r\nX: <b>y</b>\rz\r\n\r\n" + b"testo\r\n" * 20_000 + b"fine"
    view = SourceView(desk)
    qtbot.addWidget(view)
    view.resize(600, 400)
    view.show()
    view.show_source(raw)

    first = view.text.toPlainText()
    assert first.startswith("Subject: \\xe8 [U+202E]fdp\nX: <b>y</b>[U+000D]z\n\ntesto")
    assert not view.before_button.isEnabled()
    while view.after_button.isEnabled():
        view.after_button.click()
    assert view.text.toPlainText().endswith("testo\nfine")
    view.before_button.click()
    assert view.text.toPlainText() != first
    assert page_text(b"a" * (LONGEST_LINE + 5)).count("\n") == 1


def test_a_small_source_has_no_pages_to_turn(qtbot: QtBot, desk: Desk) -> None:
    view = SourceView(desk)
    qtbot.addWidget(view)
    view.show()
    view.show_source(b"Subject: x\r\n\r\n")

    assert not view.after_button.isVisible()
