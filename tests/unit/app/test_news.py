"""Keeping an eye on a profile: what was there is known, what comes is told once, and only what is young."""

from __future__ import annotations

from array import array
from collections.abc import Collection
from datetime import datetime, time, timedelta

import pytest

from pecdesk.app.news import GRACE, LONGEST, Watch, is_quiet, worth_telling_since
from pecdesk.explain.news import NewsKind
from pecdesk.pec.piece import Piece
from pecdesk.pec.transmission import Direction, State, Transmission
from pecdesk.store import Changes, Filter, Group, Row
from tests.unit.pec.pieces import ANNA, BRUNO, START, after, copy, delivery, envelope, only, receipt

NOW = after(48)
SINCE = after(-1)
OLD = 400 * 24
ACCEPTED = (receipt(), copy())


class Shelf:
    """Rows by id, as a profile would list them."""

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.read: list[int] = []
        """Ids that were read, in order."""

    def put(self, id_: int, *pieces: Piece, unread: bool = False) -> Changes:
        self.rows[id_] = Row(id_, only(*pieces), {}, unread=unread)
        return Changes(transmissions=frozenset({id_}))

    def rows_by_id(self, ids: Collection[int]) -> list[Row]:
        self.read += ids
        return [self.rows[id_] for id_ in ids if id_ in self.rows]

    def ids_with_moments(self, wanted: Filter, now: datetime) -> tuple[array[int], array[float]]:
        newest = sorted(self.rows.values(), key=lambda row: -_moment(row.transmission))
        return array("q", [row.id for row in newest]), array("d", [_moment(row.transmission) for row in newest])

    def ids(self, wanted: Filter, now: datetime) -> list[int]:
        assert wanted.group is Group.WAITING
        waiting = (State.PENDING, State.ACCEPTED, State.PARTLY_DELIVERED, State.DELAYED)
        return [
            row.id
            for row in self.rows.values()
            if row.transmission.direction is Direction.SENT and row.transmission.state in waiting
        ]


def _moment(row: Transmission) -> float:
    return row.sent_at.timestamp() if row.sent_at is not None else 0.0


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def begun(shelf: Shelf, since: datetime = SINCE) -> Watch:
    watch = Watch(shelf, since)  # type: ignore[arg-type]
    watch.begin(NOW)
    return watch


def told(watch: Watch, changes: Changes) -> list[tuple[NewsKind, int, str]]:
    return [(each.kind, each.row_id, each.who) for each in watch.look(changes, NOW)]


def test_what_was_there_at_the_start_is_never_told(shelf: Shelf) -> None:
    changes = shelf.put(1, *ACCEPTED, delivery(ANNA)) | shelf.put(2, envelope(), unread=True)
    watch = begun(shelf)

    assert told(watch, changes) == []


def test_an_outcome_is_told_when_it_comes_and_not_again(shelf: Shelf) -> None:
    shelf.put(1, *ACCEPTED)
    watch = begun(shelf)
    changes = shelf.put(1, *ACCEPTED, delivery(ANNA))

    assert told(watch, changes) == [(NewsKind.DELIVERED, 1, ANNA)]
    assert told(watch, changes) == [], "a label on the row is no second delivery"


def test_a_row_that_was_linked_anew_under_another_id_is_still_known(shelf: Shelf) -> None:
    shelf.put(1, *ACCEPTED, delivery(ANNA))
    watch = begun(shelf)
    row = shelf.rows.pop(1)
    shelf.rows[9] = Row(9, row.transmission, {})

    assert told(watch, Changes(transmissions=frozenset({9}))) == []


def test_a_new_message_is_told_once(shelf: Shelf) -> None:
    watch = begun(shelf)
    changes = shelf.put(5, envelope(), unread=True)

    assert [kind for kind, _, _ in told(watch, changes)] == [NewsKind.CERTIFIED]
    assert told(watch, changes) == []


def test_a_first_synchronisation_of_old_mail_tells_nothing_and_remembers_little(shelf: Shelf) -> None:
    watch = begun(shelf, since=after(OLD))
    changes = Changes()
    for id_ in range(1, 40):
        identifier = f"opec{id_}@pec.example"
        pieces = (
            receipt(identifier=identifier),
            delivery(ANNA, identifier=identifier),
            delivery(BRUNO, identifier=identifier),
        )
        changes |= shelf.put(id_, *pieces)

    assert told(watch, changes) == []
    assert len(watch._fates) == 0


def test_an_old_sending_that_is_settled_only_now_is_told(shelf: Shelf) -> None:
    shelf.put(1, *ACCEPTED, delivery(ANNA))
    watch = begun(shelf, since=after(OLD))

    changes = shelf.put(1, *ACCEPTED, delivery(ANNA), delivery(BRUNO, OLD - 1))

    assert told(watch, changes) == [(NewsKind.DELIVERED, 1, BRUNO)]


def test_what_another_process_wrote_is_found_without_being_named(shelf: Shelf) -> None:
    shelf.put(1, *ACCEPTED)
    watch = begun(shelf)
    shelf.put(1, *ACCEPTED, delivery(ANNA), delivery(BRUNO))
    shelf.put(2, envelope(), unread=True)

    kinds = [(kind, id_) for kind, id_, _ in told(watch, Changes(everything=True))]

    assert sorted(kinds) == [(NewsKind.CERTIFIED, 2), (NewsKind.DELIVERED, 1), (NewsKind.DELIVERED, 1)]


def test_only_what_is_young_or_unsettled_is_read_at_the_start(shelf: Shelf) -> None:
    shelf.put(1, receipt(), delivery(ANNA), delivery(BRUNO))
    shelf.put(2, *ACCEPTED)
    begun(shelf, since=after(OLD))

    assert shelf.read == [2]


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (None, NOW - GRACE),
        (NOW - timedelta(hours=1), NOW - GRACE),
        (NOW - timedelta(days=10), NOW - timedelta(days=10)),
        (NOW - timedelta(days=400), NOW - LONGEST),
        (NOW + timedelta(days=1), NOW - GRACE),
    ],
)
def test_news_reach_back_to_the_last_look_within_limits(last: datetime | None, expected: datetime) -> None:
    assert worth_telling_since(last, NOW) == expected


@pytest.mark.parametrize(
    ("clock", "begin", "end", "quiet"),
    [
        ("12:00", None, None, False),
        ("12:00", time(8), None, False),
        ("12:00", time(12), time(13), True),
        ("13:00", time(12), time(13), False),
        ("23:30", time(20), time(8), True),
        ("07:59", time(20), time(8), True),
        ("08:00", time(20), time(8), False),
        ("12:00", time(9), time(9), False),
    ],
)
def test_quiet_hours_may_go_past_midnight(clock: str, begin: time | None, end: time | None, quiet: bool) -> None:
    assert is_quiet(START.replace(hour=int(clock[:2]), minute=int(clock[3:])), begin, end) is quiet
