"""The view of a message's HTML: what it shows, what it lets the user do, and what content cannot do to it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QColor, QContextMenuEvent, QHelpEvent, QImage, QTextDocument, QWheelEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pecdesk.mime import BREAK, safe_html
from pecdesk.reading import Picture, Reading, read_message
from pecdesk.ui.desk import Desk
from pecdesk.ui.reader.html_view import LARGEST, SMALLEST, SafeHtmlView
from pecdesk.ui.reader.pictures import WIDEST, decoded_picture
from tests.kit.hostile_html import mail, png
from tests.ui.showing import has_colour

BLUE = QColor(0, 0, 255)
RED = QColor(255, 0, 0)


def reading(html: str, *pictures: Picture) -> Reading:
    return Reading("", html, None, pictures, 0)


def picture(width: int, height: int, name: str = "1") -> Picture:
    return Picture(name, "image/png", png(width, height, (0, 0, 255)))


@pytest.fixture
def view(empty_desk: Desk, qtbot: QtBot) -> SafeHtmlView:
    shown = SafeHtmlView(empty_desk)
    qtbot.addWidget(shown)
    shown.resize(400, 300)
    shown.show()
    return shown


def place_of(view: SafeHtmlView, word: str) -> QPoint:
    """The middle of a word on the screen."""
    cursor = view.document().find(word)
    cursor.setPosition(cursor.selectionStart() + 1)
    return view.cursorRect(cursor).center()


# --- showing ---------------------------------------------------------------------------------------------------------


def test_the_html_is_shown_and_the_next_takes_its_place(view: SafeHtmlView) -> None:
    view.show_reading(reading("<p>uno <b>due</b></p>"))
    assert view.toPlainText() == "uno due"
    view.show_reading(Reading("testo", None, None, (), 0))
    assert view.toPlainText() == ""


def test_the_view_is_as_high_as_its_content(view: SafeHtmlView) -> None:
    view.show_reading(reading("<p>a</p>"))
    low = view.height()
    view.show_reading(reading("<p>a</p>" * 30))
    assert view.height() > 20 * low


def test_what_is_too_wide_can_be_scrolled_and_hides_nothing(view: SafeHtmlView, qtbot: QtBot) -> None:
    view.show_reading(reading("<table><tr>" + "<td>cella</td>" * 100 + "</tr></table>"))
    qtbot.waitUntil(lambda: view.horizontalScrollBar().maximum() > 0)
    bar = view.horizontalScrollBar()
    assert view.height() >= view.document().size().height() + bar.height()


def test_letters_and_links_take_the_colours_of_the_theme(view: SafeHtmlView, empty_desk: Desk) -> None:
    view.show_reading(reading('<p>parola <a href="https://x.example/">legame</a></p>'))
    colours = []
    for scheme in ("light", "dark"):
        empty_desk.theme.wish(scheme)
        cursor = view.document().find("legame")
        assert cursor.charFormat().foreground().color() == QColor(empty_desk.theme.palette.accent)
        colours.append(view.palette().text().color())
    assert colours[0] != colours[1]


def test_the_size_of_the_letters_can_be_changed_within_bounds(view: SafeHtmlView) -> None:
    view.show_reading(reading("<p>a</p>"))
    size = view.document().defaultFont().pointSizeF()
    view.zoom_by(2)
    assert view.document().defaultFont().pointSizeF() == pytest.approx(size * 1.21)
    view.zoom_by(1000)
    assert view.document().defaultFont().pointSizeF() == pytest.approx(size * 1.1**LARGEST)
    view.zoom_by(-1000)
    assert view.document().defaultFont().pointSizeF() == pytest.approx(size * 1.1**SMALLEST)


def wheel(view: SafeHtmlView, modifiers: Qt.KeyboardModifier) -> QWheelEvent:
    event = QWheelEvent(
        QPointF(5, 5),
        view.mapToGlobal(QPointF(5, 5)),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)
    return event


def test_the_wheel_scrolls_the_page_around_and_with_control_changes_the_letters(view: SafeHtmlView) -> None:
    view.show_reading(reading("<p>a</p>"))
    size = view.document().defaultFont().pointSizeF()
    assert not wheel(view, Qt.KeyboardModifier.NoModifier).isAccepted()
    assert view.document().defaultFont().pointSizeF() == size
    wheel(view, Qt.KeyboardModifier.ControlModifier)
    assert view.document().defaultFont().pointSizeF() > size


# --- pictures --------------------------------------------------------------------------------------------------------


def test_a_picture_of_the_message_is_shown_where_it_stands(view: SafeHtmlView, qtbot: QtBot) -> None:
    view.show_reading(read_message(mail("a <img src=cid:x> b", ("x", "x.png", png(30, 20, (0, 0, 255))))))
    qtbot.waitUntil(lambda: has_colour(view.grab().toImage(), BLUE))


def test_pictures_of_the_message_before_are_gone(view: SafeHtmlView, qtbot: QtBot) -> None:
    view.show_reading(reading('<img src="cid:1">', picture(30, 20)))
    qtbot.waitUntil(lambda: has_colour(view.grab().toImage(), BLUE))
    view.show_reading(reading('<img src="cid:1">'))
    assert not has_colour(view.grab().toImage(), BLUE)


def test_the_place_of_a_picture_is_kept_before_it_is_decoded(view: SafeHtmlView, qtbot: QtBot) -> None:
    view.show_reading(reading('<img src="cid:1">', picture(30, 500)))
    height = view.document().size().height()
    assert height >= 500
    qtbot.waitUntil(lambda: has_colour(view.grab().toImage(), BLUE))
    assert view.document().size().height() == height


def sizes(view: SafeHtmlView, html: str, *pictures: Picture) -> QSize:
    view.show_reading(reading(html, *pictures))
    return view.document().size().toSize()


def test_a_picture_has_the_size_that_was_written_and_keeps_its_proportions(view: SafeHtmlView) -> None:
    whole = sizes(view, '<img src="cid:1">', picture(100, 50)).height()
    assert sizes(view, '<img src="cid:1" width="50">', picture(100, 50)).height() == whole - 25
    assert sizes(view, '<img src="cid:1" height="25">', picture(100, 50)).height() == whole - 25
    assert sizes(view, '<img src="cid:1" width="100" height="150">', picture(100, 50)).height() == whole + 100


def test_a_picture_is_never_wider_than_the_view(view: SafeHtmlView) -> None:
    size = sizes(view, '<img src="cid:1" width="2000">', picture(2000, 1000))
    assert size.width() <= view.width()
    assert 150 < size.height() <= view.width() / 2 + 30


def test_a_large_picture_is_reduced_while_it_is_decoded() -> None:
    assert decoded_picture(picture(3 * WIDEST, 30)).size() == QSize(WIDEST, 10)
    assert decoded_picture(picture(30, 3000)).size() == QSize(30, 3000)


@pytest.mark.parametrize("data", [png(9, 9)[:40], b"GIF89a", b"<svg/>", png(9, 9)])
def test_a_picture_that_lies_about_its_kind_is_not_decoded_as_another(data: bytes) -> None:
    assert decoded_picture(Picture("1", "image/gif", data)).isNull()


def test_a_broken_picture_leaves_its_place_empty(view: SafeHtmlView, qtbot: QtBot) -> None:
    view.show_reading(reading('<p>a <img src="cid:1"></p>', Picture("1", "image/png", png(30, 20)[:60])))
    qtbot.waitUntil(lambda: view._desk.background._queries.current is None)
    view.grab()
    assert view.toPlainText().startswith("a")


# --- links -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(view: SafeHtmlView) -> list[str]:
    heard: list[str] = []
    view.link_asked.connect(heard.append)
    return heard


def test_a_clicked_link_is_asked_about_and_nothing_is_opened(
    view: SafeHtmlView, asked: list[str], qtbot: QtBot
) -> None:
    view.show_reading(reading('<p><a href="https://x.example/a?b=1&amp;c=%C3%A8">legame</a></p>'))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(view, "legame"))
    assert asked == ["https://x.example/a?b=1&c=%C3%A8"]
    assert view.toPlainText() == "legame"
    assert view.source() == QUrl()


def test_a_link_can_be_reached_and_asked_for_by_keyboard(view: SafeHtmlView, asked: list[str], qtbot: QtBot) -> None:
    view.show_reading(reading('<p><a href="mailto:a@x.example">legame</a></p>'))
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert asked == ["mailto:a@x.example"]


@pytest.mark.parametrize(
    "href", ["file:///etc/passwd", "javascript:x", "#a", "/etc/passwd", "cid:1", "qrc:/x", "x.html"]
)
def test_other_links_do_nothing_even_if_they_got_here(
    view: SafeHtmlView, asked: list[str], qtbot: QtBot, href: str
) -> None:
    view.setHtml(f'<p><a href="{href}">legame</a></p>')
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(view, "legame"))
    assert asked == []
    assert view.toPlainText() == "legame"


def test_the_view_goes_nowhere_when_told_to(view: SafeHtmlView) -> None:
    view.show_reading(reading("<p>qui</p>"))
    for go in (view.reload, view.home, view.backward, lambda: view.setSource(QUrl("file:///etc/hostname"))):
        go()
    assert view.toPlainText() == "qui"


def help_at(view: SafeHtmlView, place: QPoint) -> str:
    QToolTip.hideText()
    QApplication.sendEvent(view.viewport(), QHelpEvent(QEvent.Type.ToolTip, place, view.mapToGlobal(place)))
    return QToolTip.text()


def test_where_a_link_leads_is_told_under_the_pointer(view: SafeHtmlView) -> None:
    view.show_reading(reading('<p><a href="https://x.example/">legame</a> parola</p>'))
    assert help_at(view, place_of(view, "legame")) == "https://x.example/"
    QToolTip.hideText()


def test_content_has_no_tooltips_of_its_own(view: SafeHtmlView) -> None:
    view.setHtml('<p><a href="x" title="&lt;img src=/etc/x.png&gt;">legame</a> parola</p>')
    assert help_at(view, place_of(view, "legame")) == ""
    assert help_at(view, place_of(view, "parola")) == ""


# --- in and out ------------------------------------------------------------------------------------------------------


def test_the_menu_copies_and_selects_and_offers_nothing_else(view: SafeHtmlView) -> None:
    view.show_reading(reading('<p>uno <a href="https://x.example/">due</a></p>'))
    QApplication.sendEvent(
        view.viewport(),
        QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(2, 2), view.mapToGlobal(QPoint(2, 2))),
    )
    menu = QApplication.activePopupWidget()
    assert menu is not None
    actions = menu.actions()
    assert [action.text() for action in actions] == [view._desk.say("Copy"), view._desk.say("Select all")]
    assert [action.isEnabled() for action in actions] == [False, True]
    actions[1].trigger()
    assert view.textCursor().selectedText() == "uno due"
    menu.close()


def test_what_is_copied_is_plain_text_without_what_we_put_in(view: SafeHtmlView) -> None:
    view.show_reading(reading(f'<p>uno<b>due</b>{BREAK}tre <img src="cid:1"></p><p>quattro</p>', picture(9, 9)))
    view.selectAll()
    data = view.createMimeDataFromSelection()
    assert data.formats() == ["text/plain"]
    assert data.text() == "unoduetre \nquattro"


def test_nothing_can_be_dropped_or_pasted_in(view: SafeHtmlView) -> None:
    data = QMimeData()
    data.setText("x")
    data.setUrls([QUrl("file:///etc/hostname")])
    assert not view.acceptDrops()
    assert not view.viewport().acceptDrops()
    assert not view.canInsertFromMimeData(data)
    assert view.isReadOnly()


# --- what content cannot do -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(QTextDocument.ResourceType))
def test_whatever_is_asked_for_something_empty_is_given(view: SafeHtmlView, kind: QTextDocument.ResourceType) -> None:
    """Nothing at all would let Qt open the name as a file."""
    given = view.loadResource(kind.value, QUrl("file:///etc/hostname"))
    if kind is QTextDocument.ResourceType.ImageResource:
        assert isinstance(given, QImage)
        assert given.size() == QSize(1, 1)
        assert given.pixelColor(0, 0).alpha() == 0
    else:
        assert given == " "
    assert view.searchPaths() == []


def test_content_cannot_paint_outside_the_view(empty_desk: Desk, qtbot: QtBot) -> None:
    page, beside = QWidget(), QWidget()
    beside.setFixedHeight(60)
    beside.setStyleSheet("background: #123456")
    view = SafeHtmlView(empty_desk)
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    for part in (beside, view):
        column.addWidget(part)
    column.addStretch(1)
    area = QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    qtbot.addWidget(area)
    area.resize(400, 300)
    area.show()
    before = beside.grab().toImage()
    over = "position:fixed;top:-60px;margin-top:-60px;margin-left:-90px;background:#ff0000"
    tall, crossed = "a\u0301" * 30, "\u0335\u20dd" * 40
    view.setHtml(
        f'<div style="{over}"><table style="{over}" bgcolor=red><tr><td>{tall} X</td></tr></table></div>'
        f'<p style="{over}; font-size: 200px">{crossed}X</p>'
    )
    qtbot.waitUntil(lambda: has_colour(view.grab().toImage(), RED))
    whole = page.grab().toImage()
    assert has_colour(whole, RED)
    assert whole.copy(beside.geometry()).convertToFormat(before.format()) == before


def test_no_colour_of_the_content_is_seen(view: SafeHtmlView) -> None:
    hostile = (
        '<div style="background:#00ff00;color:#00ff00" bgcolor=#00ff00><font color=#00ff00>CERTIFICATO</font></div>'
    )
    view.show_reading(read_message(mail(hostile)))
    assert view.toPlainText() == "CERTIFICATO"
    assert not has_colour(view.grab().toImage(), QColor(0, 255, 0))


def test_the_view_speaks_the_language_in_force(open_desk: Callable[..., Desk], tmp_path: object, qtbot: QtBot) -> None:
    desk = open_desk(tmp_path, "en")
    view = SafeHtmlView(desk)
    qtbot.addWidget(view)
    assert view.accessibleName() == "Text of the message"


SHAPES: dict[str, Callable[[int], str]] = {
    "paragraphs": lambda n: "<p>parole di una lettera di media lunghezza</p>" * n,
    "one paragraph": lambda n: "parole di una lettera " * n,
    "one word": lambda n: "a" * 10 * n,
    "bold and not": lambda n: "<b>a</b><i>b</i>" * n,
    "links": lambda n: "<a href=https://x.example/>a</a> " * n,
    "list": lambda n: "<ul>" + "<li>voce" * n,
    "lists in lists": lambda n: "<ul><li>voce" * n,
    "cells": lambda n: "<table><tr>" + "<td>a" * n,
    "rows": lambda n: "<table>" + "<tr><td>a<td>b" * n,
    "tables in tables": lambda n: "<table><tr><td>a<td>" * n + "parole " * n,
    "quotations in quotations": lambda n: "<blockquote>" * n + "parole " * n,
    "blocks in blocks": lambda n: "<div align=left>" * n + "parole " * n,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_whatever_is_let_through_is_laid_out_while_nobody_waits(view: SafeHtmlView, shape: str) -> None:
    """The most of each sort that comes through; the goal is 50 ms, and a slow machine has four times that."""
    made = (safe_html([(SHAPES[shape](2**power), True)], lambda _name: None).html for power in range(13, 4, -1))
    html = next(found for found in made if found is not None)
    begun = time.process_time()
    view.show_reading(reading(html))
    assert time.process_time() - begun < 0.2
