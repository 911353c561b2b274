"""The status card as a widget: what it says, what opens, and how it is gone through by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from pecdesk.explain import Badge, Shape, Tone, badge
from pecdesk.explain.card import CardRow, Need, Seal, StatusCard, status_card
from pecdesk.pec.transmission import Direction, Status, Transmission
from pecdesk.store import Filter
from pecdesk.ui.desk import Desk
from pecdesk.ui.reader.evidence_table import FEW
from pecdesk.ui.reader.status_card import StatusCardView, Uncounted
from pecdesk.ui.style.panels import Notice
from pecdesk.ui.style.seal import SealButton
from tests.ui.conftest import NOW

Find = Callable[[Status], Transmission]


@pytest.fixture
def find(desk: Desk) -> Find:
    """A row of the demo in that status; of several the one with most recipients."""

    def find_(status: Status) -> Transmission:
        rows = [row.transmission for row in desk.app.rows(Filter(limit=0), NOW)]
        return max((row for row in rows if row.status is status), key=lambda row: len(row.recipients))

    return find_


@pytest.fixture
def view(qtbot: QtBot, desk: Desk) -> StatusCardView:
    made = StatusCardView(desk)
    made.resize(640, 600)
    qtbot.addWidget(made)
    made.show()
    return made


def show(view: StatusCardView, desk: Desk, row: Transmission) -> StatusCard:
    card = status_card(row, NOW, desk.language)
    view.show_card(card, badge(row, desk.language), row.original_sha256)
    return card


def seals(view: StatusCardView) -> list[SealButton]:
    """Those of the table."""
    return [seal for seal in view.table.findChildren(SealButton) if seal.isVisible()]


def stage(sha256: str | None, shape: Shape = Shape.SEAL, tone: Tone = Tone.GREEN) -> Seal:
    return Seal(tone, shape, "Consegna: certificata", sha256)


def made_up(recipients: int, failed: tuple[int, ...] = (), **more: object) -> StatusCard:
    good, bad = Badge("Consegnato", Tone.GREEN, Shape.SEAL), Badge("Mancata consegna", Tone.RED, Shape.CROSS)
    rows = tuple(
        CardRow(
            f"destinatario{number}@pec.example",
            "A",
            (stage("a" * 64), stage(None, Shape.OUTLINE, Tone.GREY), stage(f"{number:064x}")),
            "09:15:41",
            "13/11/2026 09:15:41 (+0100)",
            "completa",
            bad if number in failed else good,
            f"destinatario{number}, consegnato",
        )
        for number in range(recipients)
    )
    card = StatusCard(
        Tone.AMBER, "Titolo", "Verificate.", ("Accettazione", "Presa in carico", "Consegna"), rows, "", (), ""
    )
    return replace(card, **more)


SOME_MARK = Badge("Consegnato 1 di 2", Tone.AMBER, Shape.PARTIAL)


def test_a_double_click_on_a_seal_asks_for_its_receipt(
    qtbot: QtBot, desk: Desk, view: StatusCardView, find: Find
) -> None:
    row = find(Status.DELIVERED)
    card = show(view, desk, row)
    seal = seals(view)[0]

    with qtbot.waitSignal(view.evidence_asked) as asked:
        qtbot.mouseDClick(seal, Qt.MouseButton.LeftButton)

    assert asked.args == [card.rows[0].stages[0].sha256]


def test_arrows_go_from_seal_to_seal_and_enter_opens(qtbot: QtBot, view: StatusCardView) -> None:
    view.show_card(made_up(3), SOME_MARK)
    first, last, below, *_ = seals(view)
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert last.hasFocus()
    qtbot.keyClick(last, Qt.Key.Key_Right)
    assert last.hasFocus()
    qtbot.keyClick(last, Qt.Key.Key_Left)
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert below.hasFocus()
    qtbot.keyClick(below, Qt.Key.Key_Right)

    with qtbot.waitSignal(view.evidence_asked) as asked:
        qtbot.keyClick(seals(view)[3], Qt.Key.Key_Return)

    assert asked.args == [f"{1:064x}"]


def test_tab_stops_once_in_the_table_at_the_seal_looked_at_last(qtbot: QtBot, view: StatusCardView) -> None:
    view.show_card(made_up(4), SOME_MARK)

    def stops() -> list[SealButton]:
        return [seal for seal in seals(view) if seal.focusPolicy() & Qt.FocusPolicy.TabFocus]

    assert stops() == [seals(view)[0]]
    seals(view)[0].setFocus()
    qtbot.keyClick(seals(view)[0], Qt.Key.Key_Down)

    assert stops() == [seals(view)[2]]


def test_every_row_and_every_seal_speaks(view: StatusCardView, desk: Desk, find: Find) -> None:
    card = show(view, desk, find(Status.PARTLY_DELIVERED))

    spoken = {child.accessibleName() for child in view.table.findChildren(QWidget)}

    assert {row.spoken for row in card.rows} <= spoken
    for row, seal in zip(card.rows, (seal for seal in seals(view) if seal.accessibleName()), strict=False):
        assert row.stages[0].word
        assert "@" in seal.accessibleName()


def test_two_hundred_recipients_take_few_widgets_until_all_are_asked_for(qtbot: QtBot, view: StatusCardView) -> None:
    view.show_card(made_up(200, failed=(150, 199)), SOME_MARK)

    shown = [child.accessibleName() for child in view.table.findChildren(QWidget)]
    assert view.table.rows_shown == FEW
    assert len(shown) < 5 * FEW
    assert "destinatario150, consegnato" in shown
    assert "destinatario199, consegnato" in shown

    view.table.show_all_button.click()
    qtbot.waitUntil(lambda: view.table.rows_shown == 200)
    assert not view.table.show_all_button.isVisible()
    assert view.table.heightForWidth(600) > 200 * 20


def test_a_table_that_was_unfolded_stays_so_when_it_is_read_again(qtbot: QtBot, view: StatusCardView) -> None:
    view.show_card(made_up(30), SOME_MARK)
    view.table.show_all_button.click()
    qtbot.waitUntil(lambda: view.table.rows_shown == 30)

    view.show_card(made_up(30, failed=(2,)), SOME_MARK)
    assert view.table.rows_shown == 30
    view.show_card(made_up(31), SOME_MARK)
    assert view.table.rows_shown == FEW


@pytest.mark.parametrize("width", [300, 380, 480, 640, 900])
def test_nothing_in_the_table_is_cut_off_or_lies_on_something_else(view: StatusCardView, width: int) -> None:
    view.show_card(made_up(6), SOME_MARK)
    view.table.resize(width, view.table.heightForWidth(width))

    rows = [child for child in view.table.children() if isinstance(child, QWidget) and child.accessibleName()]
    places = sorted((row.geometry() for row in rows), key=lambda place: place.top())
    for above, below in pairwise(places):
        assert above.bottom() < below.top()
    assert places[-1].bottom() < view.table.height()
    for seal in seals(view):
        assert seal.parentWidget().rect().contains(seal.geometry())


def test_what_it_asks_for_is_said_with_what_to_do_and_never_in_green(view: StatusCardView, desk: Desk) -> None:
    view.show_card(
        made_up(1, tone=Tone.GREEN, needs=(Need("Manca una ricevuta.", "La chieda al gestore."),)), SOME_MARK
    )

    (notice,) = [notice for notice in view.findChildren(Notice) if notice.isVisible()]
    assert notice.text == "Manca una ricevuta.\nLa chieda al gestore."
    green = desk.theme.palette.tones[Tone.GREEN]
    assert green.tint not in notice.styleSheet()


def test_a_received_message_has_one_seal_which_opens_it(
    qtbot: QtBot, desk: Desk, view: StatusCardView, find: Find
) -> None:
    row = find(Status.CERTIFIED)
    assert row.direction is Direction.RECEIVED
    show(view, desk, row)

    assert not view.table.isVisible()
    with qtbot.waitSignal(view.evidence_asked) as asked:
        view.mark.setFocus()
        qtbot.keyClick(view.mark, Qt.Key.Key_Return)
    assert asked.args == [row.original_sha256]


def test_the_mark_of_a_sending_opens_nothing_and_takes_no_focus(view: StatusCardView) -> None:
    view.show_card(made_up(2), SOME_MARK)

    assert not view.mark.isEnabled()
    assert view.mark.focusPolicy() is Qt.FocusPolicy.NoFocus


def test_what_counts_for_nothing_is_named_and_can_be_opened(qtbot: QtBot, view: StatusCardView) -> None:
    forged = Uncounted("f" * 64, "Ricevuta di avvenuta consegna", Badge("Non autentico", Tone.RED, Shape.CROSSED_SEAL))
    view.show_card(made_up(1), SOME_MARK, None, (forged,))

    (seal,) = view.findChildren(SealButton, "uncounted")
    assert "Non autentico" in seal.accessibleName()
    with qtbot.waitSignal(view.evidence_asked) as asked:
        qtbot.keyClick(seal, Qt.Key.Key_Return)
    assert asked.args == ["f" * 64]


def test_letters_out_of_mail_stay_letters(view: StatusCardView) -> None:
    hostile = "<b>x</b>\u202eelpmaxe.cep@issor"
    card = made_up(1)
    row = replace(card.rows[0], address=hostile, spoken=hostile)
    view.show_card(replace(card, rows=(row,), headline=f"Consegnata a {hostile}"), SOME_MARK)

    assert "\u202e" not in view.headline.text()
    assert "<b>x</b>[U+202E]" in view.headline.text()
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in view.findChildren(QLabel) if label.text())
    assert "\u202e" not in "".join(child.accessibleName() for child in view.findChildren(QWidget))


def test_what_is_not_there_takes_no_room(view: StatusCardView, desk: Desk, find: Find) -> None:
    show(view, desk, find(Status.ORDINARY))

    assert not view.comparison.isVisible()
    assert not view.mark.isVisible()
    assert not view.table.isVisible()
