"""The list one looks at: where everything stands, keys and mouse, and a place that is kept while rows come and go."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QFont,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QRegion,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from pecdesk.explain import Badge, Shape, Tone
from pecdesk.explain.line import ListLine, Seal
from pecdesk.pec.transmission import Direction
from pecdesk.store import Order
from pecdesk.ui.mailbox.row_difference import difference
from pecdesk.ui.mailbox.row_layout import RowMetrics, plan_row
from pecdesk.ui.mailbox.selection_keeper import spans
from pecdesk.ui.mailbox.transmission_list_model import RowLine, TransmissionListModel
from pecdesk.ui.mailbox.transmission_list_view import TransmissionListView
from pecdesk.ui.style.theme import Theme
from tests.ui.list_kit import FakeApp, fake_desk, listing

KEY = Qt.Key


@pytest.fixture
def shown(theme: Theme, qtbot: QtBot) -> Iterator[tuple[TransmissionListView, FakeApp]]:
    """A list of 200 rows by day, newest first, on the screen."""
    desk, app = fake_desk()
    desk.theme = theme
    view = TransmissionListView(desk, TransmissionListModel(desk))
    qtbot.addWidget(view)
    view.resize(460, 600)
    view.show()
    view.activateWindow()
    view.setFocus()
    show(view, range(1000, 800, -1))
    yield view, app
    view.close()


@pytest.fixture
def view(shown: tuple[TransmissionListView, FakeApp]) -> TransmissionListView:
    return shown[0]


def show(view: TransmissionListView, ids: Iterable[int], order: Order = Order.NEWEST) -> None:
    view._model.show(listing(ids, order))
    QApplication.processEvents()


def update(view: TransmissionListView, ids: Iterable[int], order: Order = Order.NEWEST) -> None:
    wanted = listing(ids, order)
    view._model.update(difference(view.listed_ids, wanted.ids), wanted)
    QApplication.processEvents()


def choose(view: TransmissionListView, id_: int) -> None:
    row = view.row_of(id_)
    assert row is not None
    view.setCurrentIndex(view._model.index(row))


def place_of(view: TransmissionListView, id_: int) -> int:
    """Distance of a row from the upper edge."""
    row = view.row_of(id_)
    assert row is not None
    return view.visualRect(view._model.index(row)).top()


def current(view: TransmissionListView) -> int:
    return view.listed_ids[view.currentIndex().row()]


# where everything stands


def line_of(
    words: str = "Diffida",
    *,
    labels: tuple[str, ...] = (),
    seals: int = 2,
    word: str = "Consegnato 2 di 3",
    who: str = "anna@pec.rossi.example",
    attachment: bool = True,
) -> RowLine:
    seal = Seal(Tone.GREEN, Shape.SEAL, "Delivery: delivered", "ab" * 32)
    said = ListLine(Direction.SENT, who, words, None, (seal,) * seals, Badge(word, Tone.AMBER, Shape.PARTIAL), "")
    return RowLine(said, who, words, "10:42", "", True, attachment, labels)


WORDS = st.sampled_from(["", "Diffida", "x" * 300, "עברית שלום", "🙂📎 offerta", f"{'a' * 60}@pec.example"])


@given(
    width=st.integers(240, 900),
    words=WORDS,
    who=WORDS,
    points=st.sampled_from([7, 10, 13, 20]),
    seals=st.integers(0, 2),
    labels=st.lists(WORDS, max_size=5),
    attachment=st.booleans(),
    word=st.sampled_from(["", "In attesa", "Consegnato 2 di 3", "Cannot be verified"]),
)
@settings(max_examples=150, deadline=None)
def test_nothing_in_a_row_overlaps_whatever_it_says(
    qapp: QApplication,
    width: int,
    words: str,
    who: str,
    points: int,
    seals: int,
    labels: list[str],
    attachment: bool,
    word: str,
) -> None:
    metrics = RowMetrics(QFont("DejaVu Sans", points))
    line = line_of(words, labels=tuple(labels), seals=seals, word=word, who=who, attachment=attachment)
    place = QRect(0, 100, width, metrics.row_height)
    plan = plan_row(place, line, metrics)
    first = [
        plan.arrow,
        plan.counterpart,
        *(rect for rect, _ in plan.tags),
        *([plan.clip] if plan.clip else []),
        plan.time,
    ]
    second = [plan.subject, *(rect for rect, _ in plan.seals), plan.chip]

    for rects in (first, second):
        there = [rect for rect in rects if rect.width() > 0]
        assert all(a.right() < b.left() for a, b in pairwise(there))
        assert all(place.contains(rect) for rect in there if rect.left() >= place.left())
    assert plan.chip.right() <= place.right()
    assert plan.time.right() <= place.right()
    assert first[0].bottom() < second[-1].top()


def test_a_state_is_said_whole_where_the_subject_has_to_give_way(qapp: QApplication) -> None:
    metrics = RowMetrics(QFont("DejaVu Sans", 10))
    wide = plan_row(QRect(0, 0, 500, 60), line_of(), metrics)
    narrow = plan_row(QRect(0, 0, 260, 60), line_of(), metrics)

    assert narrow.chip.width() == wide.chip.width()
    assert narrow.subject.width() < wide.subject.width()


def test_labels_appear_only_where_they_leave_the_counterpart_whole(qapp: QApplication) -> None:
    metrics = RowMetrics(QFont("DejaVu Sans", 10))
    line = line_of(labels=("R.G. 1123", "Aurora", "Fatture", "Altro"))

    def tags(width: int) -> int:
        return len(plan_row(QRect(0, 0, width, 60), line, metrics).tags)

    assert (tags(260), tags(1200)) == (0, 3)
    for width in range(260, 700, 20):
        plan = plan_row(QRect(0, 0, width, 60), line, metrics)
        assert not plan.tags or plan.counterpart.width() >= metrics.of_bold.horizontalAdvance(line.counterpart)


def test_rows_lie_under_their_days_and_are_found_where_they_lie(view: TransmissionListView) -> None:
    geometry = view.geometry_of_rows()

    assert place_of(view, 1000) == geometry.heading_height
    for id_ in range(1000, 990, -1):
        assert view.indexAt(QPoint(20, place_of(view, id_) + 3)).row() == view.row_of(id_)
    assert view.indexAt(QPoint(20, 2)).row() == 0
    assert not view.indexAt(QPoint(20, geometry.height + 5)).isValid()
    assert view.verticalScrollBar().maximum() == geometry.height - view.viewport().height()


def test_larger_letters_make_higher_rows(view: TransmissionListView) -> None:
    before = view.geometry_of_rows().height
    font = view.font()
    font.setPointSize(20)
    view.setFont(font)

    assert view.geometry_of_rows().height > before * 1.4
    assert view.verticalScrollBar().maximum() == view.geometry_of_rows().height - view.viewport().height()


def screen_of(view: TransmissionListView) -> QImage:
    """What stands on the screen, as it was painted piece by piece."""
    return view.screen().grabWindow(view.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)


def test_what_scrolling_leaves_on_the_screen_is_what_a_fresh_painting_gives(view: TransmissionListView) -> None:
    choose(view, 995)
    bar, dice = view.verticalScrollBar(), random.Random(3)
    bar.setValue(1500)
    for _ in range(60):
        bar.setValue(bar.value() + dice.choice([-3, 1, 8, -30, 60, -61, 200, -400, 900]))
        QApplication.processEvents()
        before = screen_of(view)
        view.viewport().update()
        QApplication.processEvents()
        assert before == screen_of(view)


class PaintWatch(QObject):
    """Where a widget was painted since the last look."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self._region = QRegion()
        watched.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self._region += event.region()
        return False

    def painted(self) -> QRect:
        QApplication.processEvents()
        region, self._region = self._region, QRegion()
        return region.boundingRect()


def test_what_updates_leave_on_the_screen_is_what_a_fresh_painting_gives(
    shown: tuple[TransmissionListView, FakeApp],
) -> None:
    view, app = shown
    choose(view, 995)
    ids, dice = list(range(1000, 800, -1)), random.Random(5)
    for number in range(80):
        match dice.randrange(6):
            case 0:
                ids = [*range(ids[0] + dice.randint(1, 5), ids[0], -1), *ids]
            case 1:
                ids = [id_ for id_ in ids if dice.random() < 0.9] or ids
            case 2:
                ids = sorted({*ids, *(dice.randint(600, ids[0]) for _ in range(20))}, reverse=True)
            case 3:
                view.verticalScrollBar().setValue(dice.choice([0, 40, 900, 10_000]))
            case 4:
                choose(view, dice.choice(view.listed_ids))
            case _:
                changed = dice.sample(ids, len(ids) // 3)
                app.subjects |= dict.fromkeys(changed, f"changed {number}")
                view._model.forget(changed)
        if number in (40, 41):
            ids = ids[: 43 - number]  # the list ends in sight, without a scroll bar
        update(view, ids)
        before = screen_of(view)
        view.delegate.set_font(view.font())  # nothing is remembered
        view.viewport().update()
        QApplication.processEvents()
        assert before == screen_of(view)


def test_rows_that_come_in_out_of_sight_let_nothing_be_painted(view: TransmissionListView) -> None:
    view.verticalScrollBar().setValue(3000)
    watch = PaintWatch(view.viewport())
    watch.painted()

    update(view, range(1000, 700, -1))
    assert watch.painted().isNull()
    update(view, range(1100, 700, -1))
    assert watch.painted().isNull()


def test_a_row_that_changes_is_painted_and_no_other(shown: tuple[TransmissionListView, FakeApp]) -> None:
    view, app = shown
    watch = PaintWatch(view.viewport())
    watch.painted()

    app.subjects[998] = "now otherwise"
    view._model.forget([998, 900])

    row = view.row_of(998)
    assert row is not None
    assert watch.painted() == view.visualRect(view._model.index(row))


def test_a_row_that_only_moves_is_not_written_again(
    view: TransmissionListView, monkeypatch: pytest.MonkeyPatch
) -> None:
    update(view, range(1001, 800, -1))  # by now the scroll bar has its room
    written: list[str] = []
    paint = view.delegate._paint_words

    def note(painter: QPainter, row: RowLine, *rest: Any) -> None:
        written.append(row.subject)
        paint(painter, row, *rest)

    monkeypatch.setattr(view.delegate, "_paint_words", note)
    update(view, range(1003, 800, -1))
    assert written == ["subject 1003", "subject 1002"]

    view.delegate.set_font(view.font())
    view.viewport().update()
    QApplication.processEvents()
    assert len(written) > 8


def test_every_row_in_sight_is_painted(view: TransmissionListView) -> None:
    view.verticalScrollBar().setValue(777)
    QApplication.processEvents()
    screen = screen_of(view)
    rows = [view._model.index(row) for row in range(view._model.rowCount())]
    whole = [view.visualRect(row) for row in rows if view.viewport().rect().contains(view.visualRect(row))]

    assert len(whole) > 6
    for place in whole:
        inks = {screen.pixel(x, place.center().y() - 12) for x in range(place.left() + 30, place.right() - 20)}
        assert len(inks) > 5


# keys


def test_arrows_pages_and_ends_move_through_the_list(qtbot: QtBot, view: TransmissionListView) -> None:
    qtbot.keyClick(view, KEY.Key_Down)
    assert current(view) == 1000
    qtbot.keyClick(view, KEY.Key_Down)
    qtbot.keyClick(view, KEY.Key_Down)
    assert current(view) == 998
    qtbot.keyClick(view, KEY.Key_Up)
    assert current(view) == 999
    qtbot.keyClick(view, KEY.Key_End)
    assert current(view) == 801
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex()))
    qtbot.keyClick(view, KEY.Key_PageUp)
    assert 801 < current(view) < 812
    qtbot.keyClick(view, KEY.Key_Home)
    assert current(view) == 1000
    assert view.visualRect(view.currentIndex()).top() >= view.geometry_of_rows().heading_height
    qtbot.keyClick(view, KEY.Key_PageDown)
    assert 988 < current(view) < 999


def test_a_row_that_is_reached_lies_below_the_heading_that_stays(qtbot: QtBot, view: TransmissionListView) -> None:
    qtbot.keyClick(view, KEY.Key_End)
    for _ in range(60):
        qtbot.keyClick(view, KEY.Key_Up)
        place = view.visualRect(view.currentIndex())
        assert view.geometry_of_rows().heading_height <= place.top()
        assert place.bottom() < view.viewport().height()


def test_shift_chooses_several_and_control_a_all(qtbot: QtBot, view: TransmissionListView) -> None:
    qtbot.keyClick(view, KEY.Key_Home)
    qtbot.keyClick(view, KEY.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert sorted(index.row() for index in view.selectionModel().selectedIndexes()) == [0, 1]
    qtbot.keyClick(view, KEY.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert view.selectionModel().selection().count() == 1
    assert view.selectionModel().isSelected(view._model.index(199))


def test_shift_click_chooses_everything_between(qtbot: QtBot, view: TransmissionListView) -> None:
    def click(id_: int, modifier: Qt.KeyboardModifier) -> None:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, QPoint(60, place_of(view, id_) + 5))

    click(999, Qt.KeyboardModifier.NoModifier)
    view.verticalScrollBar().setValue(400)
    click(992, Qt.KeyboardModifier.ShiftModifier)

    assert sorted(index.row() for index in view.selectionModel().selectedIndexes()) == list(range(1, 9))
    click(995, Qt.KeyboardModifier.ControlModifier)
    assert not view.selectionModel().isSelected(view._model.index(5))


def test_enter_opens_the_row_and_space_is_left_to_the_reader(qtbot: QtBot, view: TransmissionListView) -> None:
    opened: list[int] = []
    view.row_opened.connect(opened.append)
    qtbot.keyClick(view, KEY.Key_Return)
    choose(view, 998)
    qtbot.keyClick(view, KEY.Key_Return)
    qtbot.keyClick(view, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
    space = QKeyEvent(QEvent.Type.KeyPress, KEY.Key_Space, Qt.KeyboardModifier.NoModifier, " ")
    view.keyPressEvent(space)

    assert opened == [2]
    assert not space.isAccepted()


def test_letters_are_not_looked_for_among_a_hundred_thousand_rows(
    qtbot: QtBot, shown: tuple[TransmissionListView, FakeApp]
) -> None:
    view, app = shown
    read = len(app.asked)
    qtbot.keyClicks(view, "zz")

    assert len(app.asked) == read


# mouse


def seal_point(view: TransmissionListView, id_: int) -> QPoint:
    row = view.row_of(id_)
    assert row is not None
    index = view._model.index(row)
    line = view._model._line(row)
    assert line is not None
    plan = plan_row(view.visualRect(index), line, view.delegate.metrics)
    return plan.seals[-1][0].center()


def test_a_double_click_on_a_seal_asks_for_its_evidence_elsewhere_for_the_row(
    qtbot: QtBot, view: TransmissionListView
) -> None:
    asked: list[str] = []
    opened: list[int] = []
    view.evidence_asked.connect(asked.append)
    view.row_opened.connect(opened.append)
    seal = view._model._line(1)
    assert seal is not None
    assert len(seal.line.seals) == 2

    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=seal_point(view, 999))
    assert (asked, opened) == ([seal.line.seals[1].sha256], [])

    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(80, place_of(view, 999) + 12))
    assert (len(asked), opened) == (1, [1])


def test_a_seal_says_what_it_means_when_pointed_at(qtbot: QtBot, view: TransmissionListView) -> None:
    def point_at(where: QPoint) -> str:
        QApplication.sendEvent(
            view.viewport(), QHelpEvent(QEvent.Type.ToolTip, where, view.viewport().mapToGlobal(where))
        )
        return QToolTip.text()

    line = view._model._line(1)
    assert line is not None
    assert point_at(seal_point(view, 999)).startswith(line.line.seals[1].word)
    assert "double click" in QToolTip.text()
    qtbot.waitUntil(lambda: point_at(QPoint(80, place_of(view, 999) + 12)) == "" or not QToolTip.isVisible())


def test_the_menu_is_asked_for_where_the_mouse_or_the_current_row_is(view: TransmissionListView) -> None:
    asked: list[QPoint] = []
    view.menu_asked.connect(asked.append)
    choose(view, 998)
    for reason in (QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard):
        where = QPoint(30, 40)
        QApplication.sendEvent(view.viewport(), QContextMenuEvent(reason, where, view.viewport().mapToGlobal(where)))

    assert view.viewport().mapFromGlobal(asked[0]) == QPoint(30, 40)
    assert view.visualRect(view.currentIndex()).contains(view.viewport().mapFromGlobal(asked[1]))


def test_dragging_a_row_asks_for_its_files(qtbot: QtBot, view: TransmissionListView) -> None:
    asked: list[bool] = []
    view.drag_asked.connect(lambda: asked.append(True))
    start = QPoint(80, place_of(view, 999) + 12)
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 4):
        qtbot.mouseMove(view.viewport(), start + QPoint(0, 15 * step))
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=start + QPoint(0, 45))

    assert asked == [True]


# keeping the place


def test_new_rows_above_leave_what_is_in_sight_where_it_is(view: TransmissionListView) -> None:
    view.verticalScrollBar().setValue(3000)
    QApplication.processEvents()
    seen = view.listed_ids[view.indexAt(QPoint(20, 100)).row()]
    before = place_of(view, seen)

    update(view, range(1040, 800, -1))

    assert place_of(view, seen) == before


def test_the_current_row_stays_where_it_is_when_all_around_it_changes(view: TransmissionListView) -> None:
    choose(view, 960)
    view.verticalScrollBar().setValue(view.verticalScrollBar().value() + 90)
    before = place_of(view, 960)
    ids = [id_ for id_ in range(1100, 800, -1) if id_ % 3 == 0 or id_ > 1000]
    assert 960 in ids

    update(view, ids)

    assert current(view) == 960
    assert view.selectionModel().isSelected(view.currentIndex())
    assert place_of(view, 960) == before


def test_thousands_of_chosen_rows_stay_chosen_when_everything_is_mixed_up(view: TransmissionListView) -> None:
    show(view, range(1, 9000), Order.SUBJECT)
    view.selectAll()
    update(view, [*range(8999, 2000, -2), *range(9500, 9600)], Order.SUBJECT)

    chosen = {view.listed_ids[row] for first, last in spans(view.selectionModel().selection()) for row in (first, last)}
    assert chosen == {8999, 2001}
    assert not view.selectionModel().isSelected(view._model.index(view._model.rowCount() - 1))


def test_at_the_top_new_rows_come_into_sight(view: TransmissionListView) -> None:
    choose(view, 999)
    update(view, range(1002, 800, -1))

    assert view.verticalScrollBar().value() == 0
    assert current(view) == 999


def test_at_the_top_the_current_row_is_not_pushed_out_of_sight(view: TransmissionListView) -> None:
    choose(view, 999)
    before = place_of(view, 999)
    update(view, range(1100, 800, -1))

    assert place_of(view, 999) == before


def test_a_list_that_empties_and_fills_again_is_at_its_top(view: TransmissionListView) -> None:
    view.verticalScrollBar().setValue(2000)
    update(view, [])
    assert view.verticalScrollBar().maximum() == 0
    update(view, range(1000, 800, -1))

    assert view.verticalScrollBar().value() == 0


@given(st.lists(st.integers(1, 120), unique=True, max_size=100), st.integers(0, 4000))
@settings(max_examples=40, deadline=None)
def test_every_change_leaves_a_list_that_can_be_painted(
    theme_view: TransmissionListView, ids: list[int], offset: int
) -> None:
    theme_view.verticalScrollBar().setValue(offset)
    update(theme_view, ids)
    screen_of(theme_view)
    bar, geometry = theme_view.verticalScrollBar(), theme_view.geometry_of_rows()

    assert bar.maximum() == max(0, geometry.height - theme_view.viewport().height())
    assert 0 <= bar.value() <= bar.maximum()


@pytest.fixture(scope="module")
def theme_view(qapp: QApplication) -> Iterator[TransmissionListView]:
    """One list for a whole property."""
    desk, _ = fake_desk()
    desk.theme = Theme(qapp, "dark")
    view = TransmissionListView(desk, TransmissionListModel(desk))
    view.resize(400, 500)
    view.show()
    yield view
    view.close()
    view.deleteLater()
    desk.theme.deleteLater()


# screen readers


def test_screen_readers_find_the_rows_and_what_they_say(view: TransmissionListView) -> None:
    choose(view, 996)
    accessible = QAccessible.queryAccessibleInterface(view)
    assert accessible.role() == QAccessible.Role.List
    cell = accessible.child(4)

    assert "subject 996" in cell.text(QAccessible.Text.Name)
    assert "unread" in cell.text(QAccessible.Text.Name)
    assert cell.state().selected  # type: ignore[attr-defined]
    assert cell.rect().height() == view.geometry_of_rows().row_height
