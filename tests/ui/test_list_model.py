"""What the list holds: ids, pages of rows, days; and the steps from what it shows to what it should show."""

from __future__ import annotations

import logging
import sys
from array import array
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pecdesk.pec.urgency import Urgency
from pecdesk.store import Filter, Group, Order
from pecdesk.ui.desk import Desk
from pecdesk.ui.mailbox.list_geometry import ListGeometry
from pecdesk.ui.mailbox.listing import listing_of, moment_at, with_guest
from pecdesk.ui.mailbox.read_ahead import AROUND, ReadAhead
from pecdesk.ui.mailbox.row_difference import MOST_STEPS, apply_step, difference
from pecdesk.ui.mailbox.transmission_list_model import (
    KEPT,
    LINE_ROLE,
    NEAR,
    ROW_ROLE,
    SPARE,
    TransmissionListModel,
)
from tests.ui.conftest import NOW as CLOCK
from tests.ui.list_kit import NOW, FakeApp, fake_desk, listing, moment_of

IDS = st.lists(st.integers(1, 400), unique=True, max_size=80)
DISPLAY, ACCESSIBLE = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole


def ids_of(values: Sequence[int]) -> array[int]:
    return array("q", values)


@given(IDS, IDS)
def test_the_steps_lead_from_the_old_list_to_the_new_one(old: list[int], new: list[int]) -> None:
    ids = ids_of(old)
    steps = difference(ids, ids_of(new))
    for step in steps:
        ids = apply_step(ids, step)

    assert list(ids) == new


@given(st.lists(st.integers(1, 3000), unique=True, min_size=400, max_size=900), st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_a_change_of_everything_takes_few_steps(old: list[int], random: object) -> None:
    new = [*old[::2], *range(5000, 5400)]
    random.shuffle(new)  # type: ignore[attr-defined]

    steps = difference(ids_of(old), ids_of(new))

    assert len(steps) <= 4
    ids = ids_of(old)
    for step in steps:
        ids = apply_step(ids, step)
    assert list(ids) == new


def test_one_new_row_is_one_step() -> None:
    old = ids_of(range(100_000, 0, -1))

    assert len(difference(old, array("q", [100_001]) + old)) == 1
    assert difference(old, ids_of(old)) == ()


def test_scattered_rows_come_in_one_by_one_only_while_they_are_few() -> None:
    old = ids_of(range(0, 1000, 2))

    assert len(difference(old, ids_of(sorted([*old, *range(1, 2 * MOST_STEPS, 2)])))) == MOST_STEPS
    assert len(difference(old, ids_of(sorted([*old, *range(1, 2 * MOST_STEPS + 2, 2)])))) < 5


# days


@pytest.mark.parametrize("order", [Order.NEWEST, Order.OLDEST])
@given(seconds=st.lists(st.floats(0, 3e6), max_size=60))
def test_every_row_lies_under_its_own_day(order: Order, seconds: list[float]) -> None:
    zone = timezone(timedelta(hours=1))
    moments = array("d", sorted(seconds, reverse=order is Order.NEWEST))
    found = listing_of(ids_of(range(len(moments))), moments, order, zone)
    days = [datetime.fromtimestamp(moment, zone).date() for moment in moments]

    firsts = [row for row, day in enumerate(days) if row == 0 or days[row - 1] != day]

    assert list(found.day_rows) == firsts
    assert [datetime.fromtimestamp(moment, zone).date() for moment in found.day_moments] == [days[r] for r in firsts]


def test_other_orders_have_no_days() -> None:
    assert len(listing(range(10), Order.STATE).day_rows) == 0


def test_by_need_each_urgency_has_a_heading_of_its_own() -> None:
    found = listing_of(ids_of([4, 9, 2, 7]), array("d", [0, 0, 4, 5]), Order.NEED, UTC)

    assert list(found.day_rows) == [0, 2, 3]
    assert found.urgencies == (Urgency.WRONG, Urgency.FADING, Urgency.OTHER)
    assert len(found.day_moments) == 0


def test_a_guest_among_the_urgent_stays_where_it_was() -> None:
    ids, urgent = with_guest(ids_of([4, 2]), array("d", [0, 3]), (9, None), ids_of([4, 9, 2]))

    assert (list(ids), list(urgent)) == ([4, 9, 2], [0, 0, 3])


def test_moments_beyond_the_calendar_have_a_day_too() -> None:
    zone = timezone(timedelta(hours=14))
    beyond = [datetime.max.replace(tzinfo=UTC).timestamp(), 0.0, datetime.min.replace(tzinfo=UTC).timestamp() - 1e6]
    found = listing_of(ids_of([1, 2, 3]), array("d", beyond), Order.NEWEST, zone)

    assert list(found.day_rows) == [0, 1, 2]
    assert [moment_at(moment, zone).year for moment in beyond] == [9999, 1970, 1]


def test_a_row_that_no_longer_fits_stays_below_the_row_it_was_below() -> None:
    listed, moments = ids_of([9, 7, 5, 3]), array("d", [70.0, 30.0])

    ids, after = with_guest(ids_of([7, 3]), moments, (5, 50.0), listed)
    first, _ = with_guest(ids_of([7, 3]), moments, (9, None), listed)

    assert (list(ids), list(after)) == ([7, 5, 3], [70.0, 50.0, 30.0])
    assert list(first) == [9, 7, 3]


@given(st.lists(st.floats(1, 99), max_size=8), st.one_of(st.none(), st.floats(-1e9, 1e9)), st.data())
def test_a_guest_never_breaks_the_order_of_time(
    seconds: list[float], moment: float | None, data: st.DataObject
) -> None:
    moments = array("d", sorted(seconds, reverse=True))
    ids = ids_of(range(len(moments)))
    place = data.draw(st.integers(0, len(ids)))
    listed = ids[:place] + ids_of([77]) + ids[place:]

    found, after = with_guest(ids, moments, (77, moment), listed)

    assert found == listed
    assert list(after) == sorted(after, reverse=True)


# heights


@given(st.integers(0, 300), st.sets(st.integers(0, 299), max_size=20), st.integers(20, 90), st.integers(10, 40))
def test_every_row_is_found_where_it_lies(count: int, days: set[int], row: int, heading: int) -> None:
    day_rows = sorted(day for day in days if day < count)
    geometry = ListGeometry(count, day_rows, row, heading)

    tops = [geometry.top_of(number) for number in range(count)]

    assert all(geometry.row_at(top) == geometry.row_at(top + row - 1) == n for n, top in enumerate(tops))
    assert all(geometry.row_at(geometry.heading_top(n)) == first for n, first in enumerate(day_rows))
    assert all(geometry.top_of(first) - geometry.heading_top(n) == heading for n, first in enumerate(day_rows))
    assert geometry.row_at(-1) == geometry.row_at(geometry.height) == -1
    assert geometry.height == (tops[-1] + row if tops else 0)


# the model


@pytest.fixture
def model(qapp: QApplication) -> TransmissionListModel:
    return TransmissionListModel(fake_desk()[0])


FEW_IDS = st.lists(st.integers(1, 30), unique=True, max_size=25)
"""So few that most of them are in the next list too."""
CHANGES = st.lists(
    st.tuples(st.booleans(), st.one_of(FEW_IDS, IDS), st.sampled_from(list(Order))), min_size=2, max_size=8
)


@given(CHANGES)
@settings(max_examples=60, deadline=None)
def test_whatever_changes_selected_rows_stay_the_rows_they_are(
    qapp: QApplication, changes: list[tuple[bool, list[int], Order]]
) -> None:
    """Qt's own tester watches; what it finds is a warning, which fails the test."""
    model = TransmissionListModel(fake_desk()[0])
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    tester.setUseFetchMore(False)
    resets: list[bool] = []
    model.modelReset.connect(lambda: resets.append(True))
    model.show(listing(changes[0][1], changes[0][2]))
    held = {id_: QPersistentModelIndex(model.index(row)) for row, id_ in enumerate(model.listed.ids)}
    for stale, ids, order in changes[1:]:
        wanted = listing(ids, order)
        model.update(difference(model.listed.ids, wanted.ids), wanted)
        assert list(model.listed.ids) == ids
        for id_, index in list(held.items()):
            assert index.isValid() == (id_ in ids)
            if not index.isValid():
                del held[id_]
            elif index.row() != ids.index(id_):
                pytest.fail(f"{id_} is not where it should be")
        if stale:
            model.forget(ids[::3])
    assert resets == [True]
    assert [model.row_of(id_) for id_ in model.listed.ids] == list(range(model.rowCount()))


def test_data_reads_one_page_around_the_row_that_is_asked_for(qapp: QApplication) -> None:
    desk, app = fake_desk()
    model = TransmissionListModel(desk)
    model.show(listing(range(1, 1000)))

    missed: list[int] = []
    model.missed.connect(missed.append)
    for row in range(500, 500 + NEAR):
        assert model.index(row).data(LINE_ROLE).subject == f"subject {row + 1}"

    assert [len(page) for page in app.asked] == [2 * NEAR + 1]
    assert app.asked[0][NEAR] == 501
    assert missed == [500]


def test_scrolling_through_everything_keeps_only_so_many_rows(qapp: QApplication) -> None:
    desk, app = fake_desk()
    model = TransmissionListModel(desk)
    model.show(listing(range(1, 20_000)))

    for row in range(0, 20_000, 20):
        model.index(row).data(LINE_ROLE)

    assert len(model._rows) <= KEPT
    assert len(model._lines) <= KEPT
    assert len(model._places) <= KEPT
    assert sum(map(len, app.asked)) < 21_000
    assert max(map(len, app.asked)) <= 2 * NEAR + 1


def test_data_never_raises(qapp: QApplication, caplog: pytest.LogCaptureFixture) -> None:
    desk, app = fake_desk()
    model = TransmissionListModel(desk)
    model.show(listing(range(1, 300)))
    app.fails = True
    caplog.set_level(logging.WARNING, "ui")
    logging.getLogger("ui").disabled = False

    assert model.index(5).data(LINE_ROLE) is None
    assert model.index(5).data(DISPLAY) == ""
    assert model.index(5).data(ROW_ROLE) is None
    assert len(app.asked) == 1
    assert "rows could not be read" in caplog.text
    assert model.data(QModelIndex(), DISPLAY) is None
    assert all(model.index(5).data(role) is None for role in (Qt.ItemDataRole.ToolTipRole, 999))


def test_a_row_that_is_gone_is_blank_and_not_looked_for_again(qapp: QApplication) -> None:
    desk, app = fake_desk()
    app.gone = {7}
    model = TransmissionListModel(desk)
    model.show(listing(range(1, 20)))

    assert [model.index(6).data(LINE_ROLE) for _ in range(3)] == [None] * 3
    assert len(app.asked) == 1


def test_a_changed_row_is_read_again_and_its_view_told(qapp: QApplication) -> None:
    desk, app = fake_desk()
    model = TransmissionListModel(desk)
    model.show(listing(range(1, 20)))
    assert model.index(3).data(LINE_ROLE).subject == "subject 4"
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))

    app.subjects[4] = "now otherwise"
    model.forget({4, 9999})

    assert told == [(3, 3)]
    assert model.index(3).data(LINE_ROLE).subject == "now otherwise"
    assert app.asked[1] == [4]


def aged(app: FakeApp, model: TransmissionListModel) -> list[tuple[int, int]]:
    """Let rows 3 to 5, of which the first two are in sight, change; what is told of them from then on."""
    model.in_sight = (0, 3)
    model.show(listing(range(1, 20)))
    assert model.index(3).data(LINE_ROLE).subject == "subject 4"
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    app.subjects |= dict.fromkeys((3, 4, 5), "now otherwise")
    model.let_age({3, 4, 5, 9999})
    return told


def test_rows_in_sight_that_change_with_many_others_stay_until_they_were_read(qapp: QApplication) -> None:
    desk, app = fake_desk()
    model = TransmissionListModel(desk)
    told = aged(app, model)
    assert told == [(4, 4)]
    assert [model.index(row).data(LINE_ROLE).subject for row in (2, 3)] == ["subject 3", "subject 4"]
    assert len(app.asked) == 1

    wanted = model.missing_in_sight(model.listed)
    assert wanted == {3: 2, 4: 3}
    model.renew(wanted, [app.row(id_) for id_ in wanted])

    assert told == [(4, 4), (2, 3)]
    assert [model.index(row).data(LINE_ROLE).subject for row in (2, 3)] == ["now otherwise"] * 2
    assert model.missing_in_sight(model.listed) == {}


def test_a_row_that_aged_and_was_not_read_is_read_when_it_is_shown(qapp: QApplication) -> None:
    desk, app = fake_desk()
    model = TransmissionListModel(desk)
    told = aged(app, model)

    model.renew({3: 2}, [app.row(3)])

    assert told == [(4, 4), (2, 2), (3, 3)]
    assert [model.index(row).data(LINE_ROLE).subject for row in (2, 3)] == ["now otherwise"] * 2


def test_who_asks_for_a_row_that_aged_is_not_given_the_old_one(qapp: QApplication) -> None:
    desk, app = fake_desk()
    model = TransmissionListModel(desk)
    aged(app, model)

    row = model.row_at(3)

    assert row is not None
    assert row.transmission.subject == "now otherwise"
    assert model.index(3).data(LINE_ROLE).subject == "now otherwise"


def test_what_nobody_looked_at_is_not_read_because_it_changed(qapp: QApplication) -> None:
    desk, app = fake_desk()
    model = TransmissionListModel(desk)
    model.show(listing(range(1, 20)))
    told: list[int] = []
    model.dataChanged.connect(lambda first, _last: told.append(first.row()))

    model.forget(range(1, 20))

    assert (app.asked, told) == ([], [])


def test_a_row_says_itself_to_screen_readers_unread_and_attachments_included(model: TransmissionListModel) -> None:
    model.show(listing([8]))

    spoken = model.index(0).data(ACCESSIBLE)

    assert spoken.startswith("unread")
    assert "subject 8" in spoken
    assert "2 attachments" in spoken
    assert spoken == model.index(0).data(DISPLAY)


def test_nothing_from_mail_reaches_the_painter_as_it_is(qapp: QApplication) -> None:
    desk, app = fake_desk()
    app.subjects[3] = "fattura\u202efdp.exe\u2028\x07"
    model = TransmissionListModel(desk)
    model.show(listing([3]))
    line = model.index(0).data(LINE_ROLE)

    assert line.subject == "fattura[U+202E]fdp.exe[U+2028][U+0007]"
    assert all(char.isprintable() for char in line.subject + line.counterpart + line.spoken)


def test_a_day_is_named_over_its_first_row_alone(model: TransmissionListModel) -> None:
    ids = list(range(1000, 960, -1))
    model.show(listing(ids, Order.NEWEST))

    named = {row: model.heading(row) for row in range(len(ids)) if model.heading(row) is not None}

    assert list(named.values())[:3] == ["Today", "Yesterday", "Friday 20 November"]
    days = [moment_of(id_).date() for id_ in ids]
    assert list(named) == [row for row in range(len(ids)) if row == 0 or days[row] != days[row - 1]]
    assert model.index(0).data(LINE_ROLE).time == f"{NOW:%H:%M}"


def test_without_days_the_time_tells_the_day(model: TransmissionListModel) -> None:
    model.show(listing([990]))

    assert model.heading(0) is None
    assert model.index(0).data(LINE_ROLE).time == "yesterday"


def test_the_arrays_of_a_listing_are_never_changed_in_place(model: TransmissionListModel) -> None:
    first = listing(range(1, 50))
    before = list(first.ids)
    model.show(first)
    wanted = listing([3, 2, 99, 1])
    model.update(difference(first.ids, wanted.ids), wanted)

    assert list(first.ids) == before
    assert sys.getsizeof(model.listed.ids) < 1000


# reading ahead


def test_the_page_around_is_read_before_it_is_asked_for(qtbot: QtBot, desk: Desk) -> None:
    model = TransmissionListModel(desk)
    ahead = ReadAhead(desk, model)
    ids = desk.app.ids(Filter(limit=0), CLOCK)
    model.show(listing(ids))
    model.index(100).data(LINE_ROLE)
    qtbot.waitUntil(lambda: len(model._rows) == 2 * AROUND + 1)
    missed: list[int] = []
    model.missed.connect(missed.append)
    for row in range(100 - AROUND, 100 + AROUND + 1):
        assert model.index(row).data(ROW_ROLE).id == ids[row]

    assert missed == []
    ahead.deleteLater()


def test_a_row_that_changed_while_it_was_read_ahead_is_read_again(qtbot: QtBot, desk: Desk) -> None:
    model = TransmissionListModel(desk)
    ahead = ReadAhead(desk, model)
    ids = desk.app.ids(Filter(group=Group.RECEIVED, limit=0), CLOCK)
    desk.app.mark_read(ids, read=True, at=CLOCK)
    model.show(listing(ids))
    model.index(0).data(LINE_ROLE)
    ahead._timer.stop()
    ahead._read()
    desk.app.mark_read(ids[40:41], read=False, at=CLOCK)
    model.forget(ids[40:41])
    qtbot.waitUntil(lambda: desk.background.is_idle)

    assert model.index(40).data(ROW_ROLE).unread
    ahead.deleteLater()


def test_rows_that_come_into_sight_are_known_beforehand() -> None:
    desk, _ = fake_desk()
    model = TransmissionListModel(desk)
    model.show(listing(range(1, 101)))
    for row in range(100):
        model.row_at(row)
    model.in_sight = (10, 14)
    assert model.missing_in_sight(listing(range(1, 101))) == {}
    assert model.missing_in_sight(listing([*range(1, 13), 500, *range(13, 101)])) == {500: 12}
    # What comes in above moves what is in sight down, and stays out of it.
    assert model.missing_in_sight(listing([500, *range(1, 101)])) == {}
    assert model.missing_in_sight(listing([500, *range(1, 13), 501, *range(13, 101)])) == {501: 13}
    model.in_sight = (0, 4)
    assert model.missing_in_sight(listing([500, *range(1, 101)])) == {500: 0}
    assert model.first_page(listing(range(900, 920))) == {id_: id_ - 900 for id_ in range(900, 905 + SPARE)}
    assert model.missing_in_sight(listing([])) == model.first_page(listing([])) == {}
