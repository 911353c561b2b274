"""The evidence inspector as a window: what it says of a message, when, and what can be done in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from pecdesk.demo.forgery import mutated
from pecdesk.examine import Examination, over_limit
from pecdesk.explain import Tone
from pecdesk.explain.words import STANDINGS
from pecdesk.pec.message import Completeness, MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.store import Row
from pecdesk.trust import Note, Reason
from pecdesk.ui.desk import Desk
from pecdesk.ui.evidence.inspector import LOWEST, NARROWEST, Inspector
from pecdesk.ui.evidence.inspectors import Inspectors
from pecdesk.ui.evidence.saving import ask_where, suggested_name
from pecdesk.ui.evidence.tabs import CHECKS, SUMMARY, TABS
from tests.kit import messages as kit
from tests.ui.colours import colours
from tests.ui.conftest import NOW
from tests.ui.demo_messages import all_messages, first_of

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"

Find = Callable[..., Examination]


@pytest.fixture
def find(made_demo: Path, desk: Desk) -> Find:
    """A message of the demo, by what it is."""
    everything = all_messages(made_demo, desk)

    def find_(
        kind: MessageKind, standing: Standing = Standing.CERTIFIED, actual: Completeness | None = None
    ) -> Examination:
        return first_of(everything, kind, standing, actual)

    return find_


@pytest.fixture
def window(qtbot: QtBot, desk: Desk) -> Inspector:
    made = Inspector(desk)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(made)
    made.show()
    return made


def verified(qtbot: QtBot, window: Inspector) -> None:
    qtbot.waitUntil(lambda: window.known is not None and window.known.verified_at is not None)


def row_of(desk: Desk, examination: Examination) -> Row:
    return desk.app.rows_named(examination.sha256)[0]


# what it says, and when


def test_the_stored_verdict_stands_there_at_once_and_the_checks_when_they_were_made_again(
    qtbot: QtBot, window: Inspector, find: Find
) -> None:
    delivery = find(MessageKind.DELIVERY, actual=Completeness.FULL)
    window.show_message(delivery.sha256)
    assert delivery.certification is not None
    assert delivery.certification.delivered_to in window.head.headline.text
    assert window.known is not None
    assert window.known.verified_at is None
    window.tabs.setCurrentIndex(CHECKS)
    assert window.tabs.tab(CHECKS).lines is None
    verified(qtbot, window)
    assert window.tabs.tab(CHECKS).lines is not None
    assert "09:30" in window.bar.foot.text
    assert window.notice.text == ""


@pytest.mark.parametrize(
    ("kind", "standing", "theme_name"),
    [
        (MessageKind.DELIVERY, Standing.NOT_CERTIFIED, "light"),
        (MessageKind.DELIVERY, Standing.NOT_CERTIFIED, "dark"),
        (MessageKind.DELIVERY, Standing.ALTERED, "light"),
        (MessageKind.TRANSPORT_ENVELOPE, Standing.ALTERED, "dark"),
        (MessageKind.ANOMALY_ENVELOPE, Standing.NOT_CERTIFIED, "light"),
        (MessageKind.ORDINARY, Standing.NOT_CERTIFIED, "dark"),
        (MessageKind.DELIVERY_STATUS, Standing.NOT_CERTIFIED, "light"),
        (MessageKind.REM_RECEIPT, Standing.UNDETERMINED, "dark"),
    ],
)
def test_of_what_is_not_certified_nothing_but_other_receipts_is_green(
    qtbot: QtBot,
    window: Inspector,
    desk: Desk,
    find: Find,
    kind: MessageKind,
    standing: Standing,
    theme_name: str,
) -> None:
    desk.theme.wish(theme_name)
    window.show_message(find(kind, standing).sha256)
    verified(qtbot, window)
    green = desk.theme.palette.tones[Tone.GREEN]
    forbidden = {QColor(green.ink).name(), QColor(green.tint).name()}
    seen = colours(window.head.grab().toImage())
    for number in range(1, len(TABS)):
        window.tabs.setCurrentIndex(number)
        qtbot.waitUntil(lambda: desk.background.is_idle)
        seen |= colours(window.tabs.grab().toImage())
    desk.theme.wish("light")
    assert seen.isdisjoint(forbidden)


def test_what_is_certified_is_green(qtbot: QtBot, window: Inspector, desk: Desk, find: Find) -> None:
    window.show_message(find(MessageKind.DELIVERY).sha256)
    verified(qtbot, window)
    assert QColor(desk.theme.palette.tones[Tone.GREEN].ink).name() in colours(window.head.grab().toImage())


def test_a_verdict_that_is_not_what_it_was_is_told_in_words(
    qtbot: QtBot, window: Inspector, desk: Desk, find: Find
) -> None:
    delivery = find(MessageKind.DELIVERY, actual=Completeness.FULL)
    with desk.app.writing():
        desk.app.store.replace([replace(delivery, standing=Standing.UNDETERMINED, notes=(Note.REVOKED_SINCE,))])
    window.show_message(delivery.sha256)
    assert "Non verificabile" in window.head.accessibleName()
    verified(qtbot, window)
    assert "Non verificabile" in window.notice.text
    assert desk.say(STANDINGS[Standing.CERTIFIED]) in window.notice.text
    assert "Non verificabile" not in window.head.accessibleName()
    assert desk.app.message(delivery.sha256).examination.standing is Standing.CERTIFIED


def test_that_a_certificate_expired_meanwhile_raises_no_alarm(
    qtbot: QtBot, window: Inspector, desk: Desk, find: Find
) -> None:
    delivery = find(MessageKind.DELIVERY)
    with desk.app.writing():
        desk.app.store.replace([replace(delivery, notes=(*delivery.notes, Note.CERTIFICATE_EXPIRED_SINCE))])
    window.show_message(delivery.sha256)
    verified(qtbot, window)
    assert window.notice.text == ""


def test_bytes_that_are_gone_leave_the_stored_verdict_and_are_told_with_a_way_out(
    qtbot: QtBot, window: Inspector, desk: Desk, find: Find
) -> None:
    delivery = find(MessageKind.DELIVERY)
    path = desk.app.store.archive.path(delivery.sha256)
    kept = path.read_bytes()
    path.chmod(0o600)
    path.unlink()
    window.tabs.setCurrentIndex(CHECKS)
    window.show_message(delivery.sha256)
    qtbot.waitUntil(lambda: window.notice.text != "")
    headline = window.head.headline.text
    assert headline
    assert not window.tabs.tab(CHECKS).panel.isHidden()
    path.write_bytes(kept)
    buttons = [button for button in window.notice.findChildren(QAbstractButton) if button.isVisible()]
    qtbot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    verified(qtbot, window)
    assert window.notice.text == ""
    assert window.head.headline.text == headline
    assert window.tabs.tab(CHECKS).lines is not None


def test_a_busy_computer_makes_no_certified_message_an_unverifiable_one(
    qtbot: QtBot, window: Inspector, desk: Desk, find: Find
) -> None:
    delivery = find(MessageKind.DELIVERY)
    desk.app.examine_bytes = lambda raw, _now: over_limit(raw, Reason.TIME_LIMIT)  # type: ignore[method-assign]
    window.show_message(delivery.sha256)
    qtbot.waitUntil(lambda: window.notice.text != "")
    assert "PEC certificata" in window.head.accessibleName()
    stored = desk.app.message(delivery.sha256)
    assert stored is not None
    assert stored.examination.standing is Standing.CERTIFIED


def test_a_message_that_is_not_here_is_no_crash(qtbot: QtBot, window: Inspector) -> None:
    window.show_message("0" * 64)
    assert not window.view.panel.isHidden()


def test_it_follows_the_language(qtbot: QtBot, window: Inspector, desk: Desk, find: Find) -> None:
    window.show_message(find(MessageKind.DELIVERY, actual=Completeness.FULL).sha256)
    verified(qtbot, window)
    desk.speak("en")
    assert window.head.headline.text.startswith("Delivered to ")
    assert window.tabs.tabText(SUMMARY) == "Summary"
    assert window.bar.saving.text() == "Save the receipt (.eml)"
    desk.speak("it")
    assert window.head.kind.text().startswith("Ricevuta di avvenuta consegna")


def test_a_transmission_that_grows_is_seen_in_the_open_window(
    qtbot: QtBot, window: Inspector, desk: Desk, find: Find
) -> None:
    delivery = find(MessageKind.DELIVERY, actual=Completeness.FULL)
    window.show_message(delivery.sha256)
    verified(qtbot, window)
    others = window.bar.menu.actions()
    row = row_of(desk, delivery)
    last = row.transmission.evidence[-1].sha256
    desk.app.erase([row.id], NOW)
    assert last
    qtbot.waitUntil(lambda: window.known is not None and window.known.row is None)
    assert len(window.bar.menu.actions()) < len(others)
    assert window.bar.proof.isHidden()


# files from outside, and messages inside others


def test_a_file_is_told_to_be_one_and_can_be_brought_in(
    qtbot: QtBot, window: Inspector, tmp_path: Path, desk: Desk
) -> None:
    path = tmp_path / "ricevuta.eml"
    path.write_bytes(kit.provider().acceptance(kit.provider().take(kit.draft(), kit.SENT_AT)).sealed())
    before = desk.app.store.count()
    window.show_file(path)
    verified(qtbot, window)
    assert "File locale" in window.notice.text
    assert window.bar.proof.isHidden()
    with qtbot.waitSignal(window.import_asked) as told:
        qtbot.mouseClick(window.bar.importing, Qt.MouseButton.LeftButton)
    assert told.args == [path]
    assert desk.app.store.count() == before


def test_a_file_that_is_in_the_archive_says_so_and_leads_there(
    qtbot: QtBot, window: Inspector, tmp_path: Path, desk: Desk, find: Find
) -> None:
    delivery = find(MessageKind.DELIVERY)
    path = tmp_path / "copia.eml"
    path.write_bytes(desk.app.raw(delivery.sha256))
    window.show_file(path)
    verified(qtbot, window)
    assert window.bar.importing.isHidden()
    assert not window.bar.proof.isHidden()
    button = next(button for button in window.notice.findChildren(QAbstractButton) if button.isVisible())
    with qtbot.waitSignal(window.row_asked) as told:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told.args == [row_of(desk, delivery).id]


def test_a_receipt_whose_transmission_is_here_leads_to_it(
    qtbot: QtBot, window: Inspector, tmp_path: Path, desk: Desk, find: Find
) -> None:
    """The same receipt with a header more is another file about the same sending."""
    delivery = find(MessageKind.DELIVERY)
    path = tmp_path / "altra.eml"
    path.write_bytes(b"X-Scaricata: si\r\n" + desk.app.raw(delivery.sha256))
    window.show_file(path)
    verified(qtbot, window)
    assert not window.bar.importing.isHidden()
    button = next(button for button in window.notice.findChildren(QAbstractButton) if button.isVisible())
    with qtbot.waitSignal(window.row_asked) as told:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told.args == [row_of(desk, delivery).id]


def test_a_forged_receipt_leads_nowhere_though_it_names_a_transmission_that_is_here(
    qtbot: QtBot, window: Inspector, tmp_path: Path, desk: Desk, find: Find
) -> None:
    genuine = find(MessageKind.DELIVERY)
    assert genuine.certification is not None
    path = tmp_path / "falsa.eml"
    path.write_bytes(mutated(desk.app.raw(genuine.sha256), b"nella casella", b"nella cosella"))
    window.show_file(path)
    verified(qtbot, window)
    assert window.known is not None
    claimed = window.known.examination.claimed_certification
    assert claimed is not None
    assert desk.app.rows_named(claimed.identifier)
    assert not [button for button in window.notice.findChildren(QAbstractButton) if button.isVisible()]
    assert window.bar.listing.isHidden()
    assert window.bar.others.isHidden()
    assert not window.bar.copying.isEnabled()


def test_a_file_that_cannot_be_read_is_told_and_can_be_tried_again(
    qtbot: QtBot, window: Inspector, tmp_path: Path, desk: Desk, find: Find
) -> None:
    path = tmp_path / "manca.eml"
    window.show_file(path)
    qtbot.waitUntil(lambda: not window.view.panel.isHidden())
    assert "manca.eml" in window.view.panel.accessibleName()
    path.write_bytes(desk.app.raw(find(MessageKind.DELIVERY).sha256))
    again = next(button for button in window.view.panel.findChildren(QAbstractButton) if button.isVisible())
    qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    verified(qtbot, window)
    assert not window.view.content.isHidden()


def test_a_message_inside_another_is_told_to_speak_for_itself_alone(
    qtbot: QtBot, window: Inspector, desk: Desk, find: Find
) -> None:
    window.show_nested(
        desk.app.raw(find(MessageKind.ORDINARY, Standing.NOT_CERTIFIED).sha256) + b"\r\n", "inoltrato.eml"
    )
    verified(qtbot, window)
    assert window.notice.text
    assert window.bar.proof.isHidden()
    assert window.bar.importing.isHidden()


# what can be done


def test_a_receipt_is_saved_byte_for_byte_under_a_name_that_says_what_it_is(
    qtbot: QtBot, window: Inspector, desk: Desk, find: Find, tmp_path: Path
) -> None:
    delivery = find(MessageKind.DELIVERY)
    asked: list[str] = []

    def choose(_desk: Desk, _parent: QWidget, name: str, chosen: Callable[[Path], None]) -> None:
        asked.append(name)
        chosen(tmp_path / name)

    window.where_to_save = choose
    window.show_message(delivery.sha256)
    verified(qtbot, window)
    qtbot.mouseClick(window.bar.saving, Qt.MouseButton.LeftButton)
    qtbot.waitUntil((tmp_path / asked[0]).exists)
    assert (tmp_path / asked[0]).read_bytes() == desk.app.raw(delivery.sha256)
    assert delivery.certification is not None
    assert asked == [f"{delivery.certification.time:%Y-%m-%d}_consegna_{delivery.certification.delivered_to}.eml"]
    qtbot.waitUntil(lambda: asked[0] in window.bar.foot.text)


def test_a_name_never_calls_a_forgery_a_receipt(find: Find) -> None:
    assert "non-certificato" in suggested_name(find(MessageKind.DELIVERY, Standing.NOT_CERTIFIED))
    assert "consegna" not in suggested_name(find(MessageKind.DELIVERY, Standing.ALTERED)).split("_")[1]


def test_saving_asks_before_a_file_is_replaced(qtbot: QtBot, window: Inspector, desk: Desk) -> None:
    ask_where(desk, window, "prova.eml", lambda _path: None)
    dialog = next(child for child in window.findChildren(QFileDialog))
    assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    assert not dialog.testOption(QFileDialog.Option.DontConfirmOverwrite)
    assert dialog.defaultSuffix() == "eml"
    dialog.reject()
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))


def test_a_file_that_appeared_after_the_choice_is_left_alone(
    qtbot: QtBot, window: Inspector, desk: Desk, find: Find, tmp_path: Path
) -> None:
    path = tmp_path / "intanto.eml"
    raw = window.show_message(find(MessageKind.DELIVERY).sha256)
    assert raw is None
    verified(qtbot, window)
    inspection = window._inspection
    assert inspection is not None
    fetch = inspection.raw

    def slow() -> bytes:
        path.write_bytes(b"di un altro")
        return fetch()

    inspection.raw = slow  # type: ignore[method-assign]
    window.where_to_save = lambda _desk, _parent, _name, chosen: chosen(path)
    qtbot.mouseClick(window.bar.saving, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.notice.text != "")
    assert path.read_bytes() == b"di un altro"


def test_proof_identifier_list_and_the_other_receipts_can_be_asked_for(
    qtbot: QtBot, window: Inspector, desk: Desk, find: Find
) -> None:
    delivery = find(MessageKind.DELIVERY, actual=Completeness.FULL)
    row = row_of(desk, delivery)
    window.show_message(delivery.sha256)
    verified(qtbot, window)
    with qtbot.waitSignal(window.proof_asked) as proof:
        qtbot.mouseClick(window.bar.proof, Qt.MouseButton.LeftButton)
    assert proof.args == [[row.id]]
    qtbot.mouseClick(window.bar.copying, Qt.MouseButton.LeftButton)
    assert delivery.certification is not None
    assert QGuiApplication.clipboard().text() == delivery.certification.identifier
    *receipts, _separator, listing = window.bar.menu.actions()
    with qtbot.waitSignal(window.row_asked) as shown:
        listing.trigger()
    assert shown.args == [row.id]
    asked = []
    for action in receipts:
        with qtbot.waitSignal(window.evidence_asked) as told:
            action.trigger()
        asked += told.args
    assert set(asked) == set(row.transmission.messages) - {delivery.sha256}


# the windows


def test_one_message_has_one_window_and_two_stand_side_by_side(qtbot: QtBot, desk: Desk, find: Find) -> None:
    windows = Inspectors(desk)
    first = windows.open_message(find(MessageKind.DELIVERY).sha256)
    second = windows.open_message(find(MessageKind.ACCEPTANCE).sha256)
    assert windows.open_message(find(MessageKind.DELIVERY).sha256) is first
    assert windows.windows == (first, second)
    assert first.isVisible()
    assert second.isVisible()
    assert not first.isModal()
    assert first.pos() != second.pos()
    windows.close_all()


def test_a_closed_window_is_gone_for_good_and_the_next_stands_where_it_stood(
    qtbot: QtBot, desk: Desk, find: Find
) -> None:
    windows = Inspectors(desk)
    window = windows.open_message(find(MessageKind.DELIVERY).sha256)
    window.setGeometry(20, 30, 700, 600)
    verified(qtbot, window)
    window.close()
    qtbot.waitUntil(lambda: not shiboken6.isValid(window))
    assert windows.windows == ()
    assert not windows.place.isEmpty()
    other = Inspectors(desk)
    other.remember_place(windows.place)
    again = other.open_message(find(MessageKind.ACCEPTANCE).sha256)
    assert again.size().toTuple() == (700, 600)
    other.close_all()


def test_a_window_closed_while_it_verifies_leaves_nothing_behind(qtbot: QtBot, desk: Desk, find: Find) -> None:
    windows = Inspectors(desk)
    for kind in (MessageKind.DELIVERY, MessageKind.ACCEPTANCE):
        windows.open_message(find(kind).sha256)
    windows.close_all()
    qtbot.waitUntil(lambda: desk.background.is_idle)
    desk.theme.wish("dark")
    desk.speak("en")
    desk.theme.wish("light")
    assert windows.windows == ()


def test_what_is_asked_in_one_window_opens_the_next(qtbot: QtBot, desk: Desk, find: Find) -> None:
    windows = Inspectors(desk)
    first = windows.open_message(find(MessageKind.DELIVERY, actual=Completeness.FULL).sha256)
    first.bar.menu.actions()[0].trigger()
    assert len(windows.windows) == 2
    with qtbot.waitSignal(windows.proof_asked):
        first.bar.proof_asked.emit()
    with qtbot.waitSignal(windows.row_asked):
        first.bar.row_asked.emit()
    windows.close_all()


# by keyboard, and for those who do not see


def test_every_tab_has_its_key_and_two_keys_close(qtbot: QtBot, desk: Desk, find: Find) -> None:
    for key, modifier in (
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier),
    ):
        windows = Inspectors(desk)
        window = windows.open_message(find(MessageKind.DELIVERY).sha256)
        qtbot.waitExposed(window)
        window.activateWindow()
        verified(qtbot, window)
        for number in range(len(TABS)):
            qtbot.keyClick(window, Qt.Key(Qt.Key.Key_1 + number), Qt.KeyboardModifier.ControlModifier)
            assert window.tabs.currentIndex() == number
        qtbot.waitUntil(lambda: desk.background.is_idle)
        qtbot.keyClick(window, key, modifier)
        assert windows.windows == ()


def test_the_tab_key_goes_from_the_verdict_over_the_titles_and_the_content_to_the_buttons(
    qtbot: QtBot, window: Inspector, find: Find
) -> None:
    window.show_message(find(MessageKind.DELIVERY).sha256)
    verified(qtbot, window)
    window.activateWindow()
    window.head.setFocus()
    places = [window.head, window.tabs.tabBar(), window.tabs.tab(SUMMARY), window.bar]
    reached: list[int] = []
    for _ in range(60):
        focused = QApplication.focusWidget()
        assert focused is not None
        at = next(place for place, part in enumerate(places) if part is focused or part.isAncestorOf(focused))
        if not reached or reached[-1] != at:
            reached.append(at)
        if len(reached) > len(places):
            break
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert reached[: len(places)] == [0, 1, 2, 3]


def test_every_control_and_every_mark_has_a_name(qtbot: QtBot, window: Inspector, desk: Desk, find: Find) -> None:
    window.show_message(find(MessageKind.DELIVERY, actual=Completeness.FULL).sha256)
    verified(qtbot, window)
    for number in range(len(TABS)):
        window.tabs.setCurrentIndex(number)
        qtbot.waitUntil(lambda: desk.background.is_idle)
    nameless = [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.objectName().startswith("qt_")
        and widget.isVisibleTo(window)
        and not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))
        and widget is not window.tabs.tabBar()
    ]
    assert nameless == []
    spoken = window.head.accessibleName()
    for words in (window.head.kind.text(), "PEC certificata", window.head.headline.text.rstrip(".")):
        assert words in spoken


# what a hostile message can do to it


def test_nothing_in_a_message_pushes_the_window_apart_or_turns_its_title_about(
    qtbot: QtBot, window: Inspector, tmp_path: Path
) -> None:
    path = tmp_path / "ostile.eml"
    path.write_bytes(
        b"From: " + b"a" * 300 + b"@" + b"b" * 200 + b".example\r\nTo: x@y.example\r\n"
        b"Subject: =?utf-8?b?4oCuZGV0YWNpZmlj?= <b>"
        + b"W" * 900
        + b"</b>\r\nMessage-ID: <"
        + b"1" * 900
        + b"@z>\r\n\r\nx\r\n"
    )
    window.resize(NARROWEST, LOWEST)
    window.show_file(path)
    verified(qtbot, window)
    for number in range(len(TABS)):
        window.tabs.setCurrentIndex(number)
        qtbot.waitUntil(lambda: window._desk.background.is_idle)
        QApplication.processEvents()
        page = window.tabs.tab(number).page
        assert page.widget().width() <= page.viewport().width()
    assert window.width() == NARROWEST
    assert "\u202e" not in window.windowTitle()
    assert "[U+202E]" in window.windowTitle()
    assert len(window.windowTitle()) < 250


def test_the_smallest_window_still_shows_verdict_titles_content_and_buttons(
    qtbot: QtBot, window: Inspector, desk: Desk, find: Find
) -> None:
    for kind, standing in ((MessageKind.DELIVERY, Standing.CERTIFIED), (MessageKind.DELIVERY, Standing.ALTERED)):
        window.resize(NARROWEST, LOWEST)
        window.show_message(find(kind, standing).sha256)
        verified(qtbot, window)
        QApplication.processEvents()
        assert window.tabs.tab(SUMMARY).height() > 150
        buttons = [button for button in window.bar.findChildren(QAbstractButton) if button.isVisible()]
        assert all(window.rect().contains(button.mapTo(window, QPoint(0, 0))) for button in buttons)
        assert all(
            window.rect().contains(button.mapTo(window, QPoint(button.width() - 1, button.height() - 1)))
            for button in buttons
        )


# genuine messages


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the genuine messages are not beside this checkout")
def test_a_genuine_delivery_of_2018_is_explained(qtbot: QtBot, window: Inspector) -> None:
    window.show_file(SAMPLES / "aruba-2018-delivery-full.eml")
    verified(qtbot, window)
    known = window.known
    assert known is not None
    assert known.examination.standing is Standing.CERTIFIED
    certification, signer = known.examination.certification, known.examination.signature.signer
    assert certification is not None
    assert signer is not None
    said = window.head.accessibleName()
    assert certification.delivered_to in said
    assert f"{certification.time:%H:%M:%S}" in said
    assert certification.issuer in said
    assert f"{signer.not_after:%d/%m/%Y}" in said
    bar = window.tabs.tab(3)
    window.tabs.setCurrentIndex(3)
    assert bar.validity is not None
    assert bar.validity.holds_reference
    assert not bar.validity.holds_today


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the genuine messages are not beside this checkout")
@pytest.mark.parametrize(
    ("name", "standing"),
    [
        ("aruba-2018-acceptance.eml", Standing.CERTIFIED),
        ("sogei-2018-envelope-sdi-rc.eml", Standing.CERTIFIED),
        ("sogei-2018-envelope-sdi-rc-damaged.eml", Standing.ALTERED),
        ("unsigned-anonymised-acceptance.eml", Standing.NOT_CERTIFIED),
        ("ordinary-dsn.eml", Standing.NOT_CERTIFIED),
    ],
)
def test_every_genuine_message_can_be_looked_at_in_every_tab(
    qtbot: QtBot, window: Inspector, desk: Desk, name: str, standing: Standing
) -> None:
    window.show_file(SAMPLES / name)
    verified(qtbot, window)
    assert window.known is not None
    assert window.known.examination.standing is standing
    for number in range(len(TABS)):
        window.tabs.setCurrentIndex(number)
        qtbot.waitUntil(lambda: desk.background.is_idle)
    assert window.notice.text.startswith("File locale")
