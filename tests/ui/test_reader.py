"""The reader: what it says of a message and on whose word, what it never lets a message say, and how it keeps up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from pecdesk.errors import ProfileError
from pecdesk.explain import Tone
from pecdesk.pec.transmission import Direction, OriginalSource, Status, TransmissionKind
from pecdesk.store import Filter, Row
from pecdesk.store.pieces import MAX_INDEXED
from pecdesk.ui.desk import Desk
from pecdesk.ui.reader.link_question import LinkQuestion
from pecdesk.ui.reader.reader import Reader
from pecdesk.ui.reader.reader_page import MISSING
from tests.ui.conftest import NOW
from tests.ui.letters import letter, taken_in
from tests.ui.showing import has_colour

Find = Callable[[Callable[[Row], bool]], Row]

GREEN_BAR = (
    '<div style="background:#17703f;color:#ffffff;padding:14px;font-size:18px">&#9989; PEC certificata</div>'
    '<table width="100%" bgcolor="#e3f4ea" border="1" bordercolor="#17703f"><tr><td bgcolor="#17703f">'
    '<font color="#5ccb8e">&#10004;&#65039; &#128994; Consegnata a tutti i destinatari</font></td></tr></table>'
    '<p style="color:#17703f">&#x1F512; Certificazione valida: la firma del gestore &egrave; integra.</p>'
)
"""What a message paints to be taken for certified: our words, in our greens, with a tick, a lock and a green dot."""


@pytest.fixture
def find(desk: Desk) -> Find:
    rows = desk.app.rows(Filter(limit=0), NOW)
    return lambda fits: next(row for row in rows if fits(row))


@pytest.fixture
def reader(qtbot: QtBot, desk: Desk) -> Reader:
    made = Reader(desk)
    made.resize(700, 800)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def show(qtbot: QtBot, reader: Reader) -> Callable[[Row], None]:
    """Show a row, and wait until all that belongs to it is there."""

    def show_(row: Row) -> None:
        reader.show_row(row)
        qtbot.waitUntil(lambda: reader.shown_id == row.id and reader.page.content.is_settled)

    return show_


def is_status(status: Status) -> Callable[[Row], bool]:
    return lambda row: row.transmission.status is status


def words(page: QWidget) -> str:
    """Every word a page shows or speaks."""
    found = []
    for child in page.findChildren(QWidget):
        if child.isVisible():
            found.append(child.accessibleName())
            if isinstance(child, QLabel | QAbstractButton):
                found.append(child.text())
    return "\n".join(filter(None, found))


def paints(widget: QWidget, colours: list[str]) -> bool:
    """Whether any dot has exactly one of these colours."""
    image = widget.grab().toImage()
    return any(has_colour(image, QColor(colour)) for colour in colours)


# --- what it says -----------------------------------------------------------------------------------------------------


def test_before_anything_is_chosen_it_says_what_will_be_here(reader: Reader) -> None:
    assert "Choose a message" in words(reader) or "Scegli" in words(reader)
    assert reader.shown_id is None


def test_a_sending_shows_subject_sender_and_certified_time(
    reader: Reader, find: Find, show: Callable[[Row], None]
) -> None:
    row = find(is_status(Status.DELIVERED))
    show(row)

    assert reader.page.heading.title.text == row.transmission.subject
    line = reader.page.heading.byline.text
    assert row.transmission.sender in line
    assert row.transmission.sent_at is not None
    assert f"{row.transmission.sent_at:%H:%M:%S (%z)}" in line
    assert reader.page.content.text.body.toPlainText().strip()


def test_a_time_that_is_only_the_message_s_own_word_is_said_to_be_so(
    desk: Desk, reader: Reader, find: Find, show: Callable[[Row], None]
) -> None:
    show(find(is_status(Status.ORDINARY)))
    assert desk.say("{moment}, as the message itself states", moment="") in reader.page.heading.byline.text

    show(find(is_status(Status.CERTIFIED)))
    assert desk.say("{moment}, as the message itself states", moment="") not in reader.page.heading.byline.text


@pytest.mark.parametrize("status", [Status.FORGED, Status.ALTERED, Status.ORDINARY])
def test_the_sender_of_what_nobody_certifies_is_only_stated(
    desk: Desk, reader: Reader, find: Find, show: Callable[[Row], None], status: Status
) -> None:
    row = find(is_status(status))
    show(row)

    stated = desk.say("Stated sender: {sender}, not certified", sender=row.transmission.sender)
    assert reader.page.heading.byline.text.startswith(stated)
    assert reader.page.content.caption.isVisible()


def test_a_sending_whose_own_copy_is_not_here_says_so_and_shows_its_receipts(
    desk: Desk, reader: Reader, find: Find, show: Callable[[Row], None]
) -> None:
    row = find(
        lambda row: row.transmission.original is OriginalSource.NONE and row.transmission.kind is TransmissionKind.PEC
    )
    show(row)

    assert reader.page.source.text == desk.say(MISSING)
    assert reader.page.card.table.isVisible()
    assert not reader.page.content.text.isVisible()


def test_what_is_forged_and_filed_under_a_sending_is_named_and_opens(
    qtbot: QtBot, reader: Reader, find: Find, show: Callable[[Row], None]
) -> None:
    row = find(
        lambda row: (
            row.transmission.direction is Direction.SENT and any(not line.counts for line in row.transmission.evidence)
        )
    )
    show(row)
    (seal, *_) = reader.page.card.findChildren(QWidget, "uncounted")

    with qtbot.waitSignal(reader.evidence_asked) as asked:
        qtbot.keyClick(seal, Qt.Key.Key_Return)

    assert asked.args[0] in {line.sha256 for line in row.transmission.evidence if not line.counts}


def test_the_other_side_of_a_mail_to_oneself_is_one_step_away(
    qtbot: QtBot, reader: Reader, find: Find, show: Callable[[Row], None]
) -> None:
    row = find(lambda row: bool(row.linked))
    show(row)

    with qtbot.waitSignal(reader.row_asked) as asked:
        reader.page.heading.other_button.click()
    assert asked.args == [row.linked[0]]


def test_the_actions_ask_for_this_row(qtbot: QtBot, reader: Reader, find: Find, show: Callable[[Row], None]) -> None:
    row = find(is_status(Status.DELIVERED))
    show(row)

    with qtbot.waitSignal(reader.proof_asked) as asked:
        reader.page.proof.click()
    assert asked.args == [[row.id]]
    with qtbot.waitSignal(reader.originals_asked) as asked:
        reader.page.originals.click()
    assert asked.args == [[row.id]]


def test_a_message_is_shown_by_its_hash(qtbot: QtBot, reader: Reader, find: Find) -> None:
    row = find(is_status(Status.DELIVERED))

    reader.show_message(row.transmission.evidence[-1].sha256)

    qtbot.waitUntil(lambda: reader.shown_id == row.id and reader.page.content.is_settled)


def test_the_envelope_is_hidden_until_it_is_asked_for(
    qtbot: QtBot, reader: Reader, find: Find, show: Callable[[Row], None]
) -> None:
    row = find(is_status(Status.CERTIFIED))
    show(row)
    envelope = reader.page.content.envelope
    assert not envelope.isVisible()
    assert "daticert.xml" not in words(reader)

    reader.page.content.envelope_switch.click()
    assert envelope.isVisible()
    assert "daticert.xml" in words(reader)
    assert "smime.p7s" in words(reader)
    envelope.source_button.click()
    qtbot.waitUntil(envelope.source.isVisible)
    assert "X-Trasporto" in envelope.source.text.toPlainText()
    with qtbot.waitSignal(reader.evidence_asked):
        envelope.inspect_button.click()


def test_every_button_of_it_has_a_name(reader: Reader, find: Find, show: Callable[[Row], None]) -> None:
    for status in (Status.PARTLY_DELIVERED, Status.CERTIFIED, Status.FORGED):
        show(find(is_status(status)))
        buttons = [button for button in reader.findChildren(QAbstractButton) if button.isVisible()]
        assert buttons
        assert all(button.text() or button.accessibleName() for button in buttons)


def test_tab_goes_from_subject_to_card_to_actions_to_text_to_attachments(
    qtbot: QtBot, desk: Desk, reader: Reader, show: Callable[[Row], None], find: Find
) -> None:
    row = find(
        lambda row: (
            row.transmission.direction is Direction.SENT
            and row.attachments > 0
            and row.transmission.status is Status.DELIVERED
        )
    )
    show(row)
    page = reader.page
    reader.activateWindow()
    qtbot.waitUntil(reader.isActiveWindow)
    page.setFocus()
    met: list[QWidget] = []
    for _ in range(30):
        qtbot.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Tab)
        met.append(QApplication.focusWidget())
    parts = (page.heading, page.card, page.proof, page.originals, page.content.text, page.attachments)

    def first(part: QWidget) -> int:
        return next(at for at, focused in enumerate(met) if focused is part or part.isAncestorOf(focused))

    assert [first(part) for part in parts] == sorted(first(part) for part in parts)


# --- what a message can never say -------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("case", ["forged", "altered", "anomaly", "green bar"])
def test_no_green_of_ours_stands_over_what_nobody_certifies(
    desk: Desk, reader: Reader, find: Find, show: Callable[[Row], None], tmp_path: Path, look: str, case: str
) -> None:
    desk.theme.wish(look)
    if case == "green bar":
        row = taken_in(desk, tmp_path, letter("PEC certificata \u2705", "\u2705 PEC certificata", html=GREEN_BAR))
    else:
        row = find(
            {
                "forged": is_status(Status.FORGED),
                "altered": is_status(Status.ALTERED),
                "anomaly": lambda row: row.transmission.kind is TransmissionKind.ANOMALY,
            }[case]
        )
    show(row)
    if case == "green bar":
        reader.page.content.form_switch.click()
        assert reader.page.content.frame.isVisible()
    reader.page.content.hide()
    green = desk.theme.palette.tones[Tone.GREEN]

    assert not paints(reader, [green.ink, green.tint])


@pytest.mark.parametrize("look", ["light", "dark"])
def test_what_is_certified_is_green(
    desk: Desk, reader: Reader, find: Find, show: Callable[[Row], None], look: str
) -> None:
    desk.theme.wish(look)
    show(find(is_status(Status.CERTIFIED)))

    assert paints(reader, [desk.theme.palette.tones[Tone.GREEN].ink])


def test_html_stays_in_its_frame_under_a_caption(
    qtbot: QtBot, desk: Desk, reader: Reader, show: Callable[[Row], None], tmp_path: Path
) -> None:
    tall = GREEN_BAR + '<div style="position:absolute;top:-400px;left:0;z-index:9;margin-top:-300px">PEC</div>' * 3
    show(taken_in(desk, tmp_path, letter("Sopra", html=tall)))
    content = reader.page.content
    content.form_switch.click()

    qtbot.waitUntil(lambda: content.html.height() > 50 and content.frame.rect().contains(content.html.geometry()))
    assert content.frame.geometry().top() > content.form_switch.geometry().bottom()
    caption = desk.say("Content of the message, written by its sender").upper()
    assert caption in words(content)


def test_a_subject_out_of_mail_stays_letters(
    desk: Desk, reader: Reader, show: Callable[[Row], None], tmp_path: Path
) -> None:
    show(taken_in(desk, tmp_path, letter('<img src="x"> \u202ePEC <b>certificata</b>')))

    assert reader.page.heading.title.text == '<img src="x"> [U+202E]PEC <b>certificata</b>'


def test_a_subject_without_end_neither_widens_nor_fills_the_page(
    desk: Desk, reader: Reader, show: Callable[[Row], None], tmp_path: Path
) -> None:
    show(taken_in(desk, tmp_path, letter("a" * 5000)))

    assert reader.page.heading.height() < 1200
    ground = reader.page.widget()
    assert ground is not None
    assert ground.width() <= reader.page.viewport().width()


# --- text and HTML ----------------------------------------------------------------------------------------------------


def test_html_is_shown_when_asked_for_and_that_is_remembered(
    qtbot: QtBot, desk: Desk, reader: Reader, show: Callable[[Row], None], tmp_path: Path
) -> None:
    row = taken_in(desk, tmp_path, letter("Due forme", "Solo testo.", html="<p>Con <b>forma</b>.</p>"))
    other = taken_in(desk, tmp_path, letter("Ancora due", "Solo testo anche qui.", html="<p>Altra <i>forma</i>.</p>"))
    show(row)
    content = reader.page.content
    assert not content.frame.isVisible()
    assert content.text.body.toPlainText() == "Solo testo."

    content.form_switch.click()
    assert content.frame.isVisible()
    assert not content.text.isVisible()
    qtbot.waitUntil(lambda: desk.app.settings.prefer_html)
    show(other)
    assert content.frame.isVisible()
    content.form_switch.click()
    qtbot.waitUntil(lambda: not desk.app.settings.prefer_html)
    assert content.text.isVisible()


def test_a_message_without_html_offers_none(
    reader: Reader, show: Callable[[Row], None], desk: Desk, tmp_path: Path
) -> None:
    show(taken_in(desk, tmp_path, letter("Una forma")))

    assert not reader.page.content.form_switch.isVisible()


def test_what_was_not_loaded_is_counted(
    desk: Desk, reader: Reader, show: Callable[[Row], None], tmp_path: Path
) -> None:
    html = '<p>Ciao</p><img src="https://spia.example/1.png"><img src="https://spia.example/2.png">'
    show(taken_in(desk, tmp_path, letter("Spia", html=html)))
    reader.page.content.form_switch.click()

    assert reader.page.content.remote.isVisible()
    assert reader.page.content.remote.text().startswith("2 ")


def test_html_too_large_to_be_shown_is_refused_with_the_reason(
    desk: Desk, reader: Reader, show: Callable[[Row], None], tmp_path: Path
) -> None:
    cells = (
        "<table>" + "<tr>" + "<td>x</td>" * 40 + "</tr>" * 1 + ("<tr>" + "<td>x</td>" * 40 + "</tr>") * 400 + "</table>"
    )
    show(taken_in(desk, tmp_path, letter("Troppe celle", "Testo.", html=cells)))

    assert not reader.page.content.form_switch.isVisible()
    assert reader.page.content.notice.isVisible()
    assert reader.page.content.text.isVisible()


def test_a_long_text_is_there_to_its_end(
    qtbot: QtBot, desk: Desk, reader: Reader, show: Callable[[Row], None], tmp_path: Path
) -> None:
    lines = [f"Riga {number}: perché la presente vale a ogni effetto di legge." for number in range(3500)]
    text = "\n".join(lines)
    assert len(text) > 2 * MAX_INDEXED
    show(taken_in(desk, tmp_path, letter("Lungo", text)))
    body = reader.page.content.text

    qtbot.waitUntil(lambda: body.is_whole and body.body.document().blockCount() == 3500)
    assert body.body.toPlainText() == text


def test_a_link_is_followed_only_after_its_real_target_was_shown(
    qtbot: QtBot, desk: Desk, reader: Reader, show: Callable[[Row], None], tmp_path: Path
) -> None:
    show(taken_in(desk, tmp_path, letter("Vai", "Vedi https://www.p\u0430ypal.example/conto?x=1. Grazie")))
    with qtbot.waitSignal(reader.page.content.link_asked) as asked:
        document = reader.page.content.text.body.document()
        anchor = next(
            fragment.charFormat().anchorHref()
            for fragment in fragments(document.firstBlock())
            if fragment.charFormat().isAnchor()
        )
        reader.page.content.text.link_asked.emit(anchor)
    question = next(iter(reader.findChildren(LinkQuestion)))

    assert asked.args[0].isascii()
    assert "xn--" in question.place.text
    assert asked.args[0] == question.address.text
    assert question.cancel_button.hasFocus() or question.cancel_button.isDefault()
    question.close()


def fragments(block: object) -> list[object]:
    """The pieces of one line that share their looks."""
    found, at = [], block.begin()  # type: ignore[attr-defined]
    while not at.atEnd():
        found.append(at.fragment())
        at += 1
    return found


def test_the_question_follows_a_link_only_when_told_to(qtbot: QtBot, desk: Desk) -> None:
    followed: list[str] = []

    def follow(url: str) -> bool:
        followed.append(url)
        return len(followed) > 1

    question = LinkQuestion(desk, "https://posta.example/x", follow=follow)
    qtbot.addWidget(question)
    question.open()
    question.cancel_button.click()
    assert followed == []

    question.open()
    question.follow_button.click()
    assert followed == ["https://posta.example/x"]
    assert question.isVisible()  # the system had no program: that is said
    assert question.notice.text
    question.follow_button.click()
    assert not question.isVisible()


# --- keeping up -------------------------------------------------------------------------------------------------------


@pytest.fixture
def unread(desk: Desk, tmp_path: Path) -> Row:
    row = taken_in(desk, tmp_path, letter("Da leggere"))
    desk.app.mark_read([row.id], read=False, at=NOW)
    return desk.app.rows_by_id([row.id])[0]


def read_after(desk: Desk, seconds: float) -> None:
    desk.app.save_settings(replace(desk.app.settings, read_after_seconds=seconds))


def is_unread(desk: Desk, row: Row) -> bool:
    return desk.app.rows_by_id([row.id])[0].unread


def test_a_message_counts_as_read_after_its_time_on_screen(
    qtbot: QtBot, desk: Desk, reader: Reader, unread: Row, show: Callable[[Row], None]
) -> None:
    read_after(desk, 0.05)
    show(unread)

    qtbot.waitUntil(lambda: not is_unread(desk, unread))


@pytest.mark.parametrize("leaves", ["another row", "hidden", "nothing"])
def test_a_message_that_leaves_the_screen_before_is_not_read(
    qtbot: QtBot, desk: Desk, reader: Reader, unread: Row, find: Find, show: Callable[[Row], None], leaves: str
) -> None:
    read_after(desk, 3000)
    show(unread)
    assert reader.is_waiting_to_mark_read
    if leaves == "another row":
        reader.show_row(find(is_status(Status.DELIVERED)))
    elif leaves == "hidden":
        reader.hide()
    else:
        reader.show_row(None)

    assert not reader.is_waiting_to_mark_read
    if leaves == "hidden":
        reader.show()
        assert reader.is_waiting_to_mark_read
    reader.show_row(None)
    assert is_unread(desk, unread)


def test_a_message_that_is_marked_as_unread_on_screen_stays_so_until_it_is_looked_at_again(
    qtbot: QtBot, desk: Desk, reader: Reader, unread: Row, find: Find, show: Callable[[Row], None]
) -> None:
    read_after(desk, 0.01)
    show(unread)
    qtbot.waitUntil(lambda: reader.shown is not None and not reader.shown.row.unread)
    desk.app.mark_read([unread.id], read=False, at=NOW)
    qtbot.waitUntil(lambda: reader.shown is not None and reader.shown.row.unread)

    assert not reader.is_waiting_to_mark_read
    reader.hide()
    reader.show()
    assert not reader.is_waiting_to_mark_read
    show(find(is_status(Status.DELIVERED)))
    read_after(desk, 3000)
    show(unread)
    assert reader.is_waiting_to_mark_read
    reader.show_row(None)


def test_a_row_that_changes_is_read_again_and_the_place_in_it_kept(
    qtbot: QtBot, desk: Desk, reader: Reader, show: Callable[[Row], None], tmp_path: Path
) -> None:
    text = "\n".join(f"Riga {number}" for number in range(300))
    row = taken_in(desk, tmp_path, letter("Cambia", text))
    show(row)
    reader.page.verticalScrollBar().setValue(700)
    before = reader.shown

    desk.app.add_label([row.id], "Da fare", NOW)

    qtbot.waitUntil(lambda: reader.shown is not before)
    assert reader.shown is not None
    assert reader.shown.row.labels == ("Da fare",)
    assert reader.page.verticalScrollBar().value() == 700


def test_new_evidence_appears_while_the_row_is_shown(
    qtbot: QtBot, desk: Desk, reader: Reader, find: Find, show: Callable[[Row], None]
) -> None:
    row = find(is_status(Status.DELIVERED))
    show(row)
    headline = reader.page.card.headline.text()
    reader.page.verticalScrollBar().setValue(10)
    with desk.app.writing():
        message = desk.app.message(row.transmission.evidence[-1].sha256)
        assert message is not None
        desk.app.store.replace([message.examination])

    qtbot.waitUntil(lambda: not reader.is_loading)
    assert reader.shown_id == row.id
    assert reader.page.card.headline.text() == headline


def test_a_row_that_is_gone_is_not_shown_any_more(
    qtbot: QtBot, desk: Desk, reader: Reader, unread: Row, show: Callable[[Row], None]
) -> None:
    show(unread)

    desk.app.erase([unread.id], NOW)

    qtbot.waitUntil(lambda: reader.shown_id is None)
    assert "Da leggere" not in words(reader)


def test_a_failure_is_told_and_can_be_tried_again(
    qtbot: QtBot, desk: Desk, reader: Reader, find: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = find(is_status(Status.DELIVERED))
    whole = desk.app.message
    tries: list[str] = []

    def failing(sha256: str) -> object:
        tries.append(sha256)
        if len(tries) == 1:
            raise ProfileError("The disk is gone.", "Plug it in.")
        return whole(sha256)

    monkeypatch.setattr(desk.app, "message", failing)
    reader.show_row(row)
    qtbot.waitUntil(lambda: "The disk is gone. Plug it in." in words(reader))
    retry = next(button for button in reader.view.panel.findChildren(QAbstractButton) if button.isVisible())
    retry.click()

    qtbot.waitUntil(lambda: reader.shown_id == row.id and reader.page.content.is_settled)


def test_bytes_that_are_gone_are_told_beside_the_text_that_is_known(
    qtbot: QtBot, desk: Desk, reader: Reader, find: Find, show: Callable[[Row], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_sha256: str) -> object:
        raise ProfileError("The bytes are gone.")

    monkeypatch.setattr(desk.app, "reading", failing)
    show(find(is_status(Status.CERTIFIED)))

    assert reader.page.content.notice.text == "The bytes are gone."
    assert reader.page.content.text.body.toPlainText().strip()


def test_only_the_last_of_many_quick_choices_is_shown(qtbot: QtBot, desk: Desk, reader: Reader) -> None:
    rows = desk.app.rows(Filter(limit=20), NOW)
    for row in rows:
        reader.show_row(row)

    qtbot.waitUntil(lambda: reader.shown_id == rows[-1].id and reader.page.content.is_settled)
    assert reader.page.heading.title.text == rows[-1].transmission.subject


def test_it_speaks_another_language_while_it_is_open(
    desk: Desk, reader: Reader, find: Find, show: Callable[[Row], None]
) -> None:
    show(find(is_status(Status.CERTIFIED)))
    desk.speak("en")

    assert reader.page.proof.text() == "Export proof as PDF"
    assert "Certified" in reader.page.card.headline.text()


def test_the_focus_sent_to_it_goes_to_what_is_shown_or_stays_while_nothing_is(
    qtbot: QtBot, reader: Reader, find: Find, show: Callable[[Row], None]
) -> None:
    reader.activateWindow()
    qtbot.waitUntil(reader.isActiveWindow)
    reader.setFocus()
    assert reader.hasFocus()

    show(find(is_status(Status.CERTIFIED)))
    reader.clearFocus()
    reader.setFocus()
    assert reader.page.hasFocus()
    assert not reader.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_it_scrolls_by_keyboard(
    qtbot: QtBot, desk: Desk, reader: Reader, show: Callable[[Row], None], tmp_path: Path
) -> None:
    show(taken_in(desk, tmp_path, letter("Lungo", "\n".join(map(str, range(400))))))
    bar = reader.page.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 3000)
    reader.scroll_page(1)
    down = bar.value()
    assert 0 < down <= bar.pageStep()
    qtbot.keyClick(reader.page.content.text.body, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    qtbot.keyClick(reader.page.content.text.body, Qt.Key.Key_PageUp)
    assert bar.value() < bar.maximum()
    qtbot.keyClick(reader.page, Qt.Key.Key_Home)
    assert bar.value() == 0


def test_a_page_that_fits_does_not_scroll(
    qtbot: QtBot, reader: Reader, find: Find, show: Callable[[Row], None]
) -> None:
    show(find(lambda row: row.transmission.status is Status.FORGED))
    page = reader.page
    needed = page.widget().heightForWidth(page.viewport().width())
    reader.resize(reader.width(), needed + 4)

    qtbot.waitUntil(lambda: page.verticalScrollBar().maximum() == 0)
