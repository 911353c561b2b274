"""Which rows are in which group and in which order, and that no list opens rows it does not show."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pecdesk.outbox.transport import RefusedError, UncertainError
from pecdesk.pec.deadlines import UNSETTLED, attention
from pecdesk.pec.draft import Draft
from pecdesk.pec.message import normal_address
from pecdesk.pec.transmission import Attention, Direction, Status, TransmissionKind
from pecdesk.pec.urgency import Urgency, urgency
from pecdesk.profile import Profile
from pecdesk.store import Filter, Group, Order, Row, Store, parse_query
from pecdesk.store.listing import COUNTED, matching
from pecdesk.store.ordering import LONGEST_KEY, STATES, comparable, subject_key
from tests.kit.messages import NOW, SECOND, SENDER
from tests.unit.outbox.office import Office, Plan
from tests.unit.store.mailroom import examined, letters, open_store, receive, rows

ANOMALIES = {Attention.FAILED, Attention.REFUSED, Attention.CONTRADICTORY, Attention.FORGED, Attention.ALTERED}

MOMENTS = (
    NOW - timedelta(days=30),
    *(NOW + timedelta(hours=hours) for hours in range(-60, 60, 7)),
    *(NOW + timedelta(days=30 * months) for months in (26, 27, 28, 30, 31, 40)),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("listing") / "profile") as store:
        receive(store, *letters())
        yield store


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The same with a draft and an outbox in every state."""
    office = Office(tmp_path_factory.mktemp("busy") / "profile")
    receive(office.store, *letters())
    office.store.show_draft(Draft("0" * 32, SENDER, to=(SECOND,), subject="Bozza", written_at=NOW))
    office.bench.plans = [Plan(), Plan(RefusedError("no"), takes=False), Plan(UncertainError("cut"))]
    for subject in ("Inviata", "Rifiutata", "Incerta"):
        office.queue(subject)
    office.deliver()
    office.queue("In uscita")
    yield office.store
    office.close()


def is_in(group: Group, row: Row, now: datetime) -> bool:
    """The groups, said once more in the words of the domain."""
    found = row.transmission
    needs = attention(found, now)
    is_sent = found.direction is Direction.SENT
    match group:
        case Group.FOLLOW:
            return bool(needs)
        case Group.WAITING:
            unsettled = any(recipient.state in UNSETTLED for recipient in found.recipients)
            return is_sent and found.kind is TransmissionKind.PEC and unsettled and not found.is_unsent
        case Group.ANOMALIES:
            return found.kind is TransmissionKind.ANOMALY or not ANOMALIES.isdisjoint(needs)
        case Group.DEADLINES:
            return Attention.LOG_DEADLINE in needs
        case Group.RECEIVED:
            return not is_sent
        case Group.SENT:
            return is_sent and found.kind is not TransmissionKind.UNMATCHED and not found.is_unsent
        case Group.DRAFTS:
            return found.state == "draft"
        case Group.OUTBOX:
            return found.outbox in ("queued", "sending", "refused", "uncertain")
        case Group.UNMATCHED:
            return found.kind is TransmissionKind.UNMATCHED
        case Group.ALL:
            return True
        case Group.HIDDEN:
            return False


@pytest.mark.parametrize("now", MOMENTS, ids=str)
def test_a_group_holds_the_rows_that_belong_to_it_at_that_moment(busy: Store, now: datetime) -> None:
    every = rows(busy)
    counts = busy.groups(now).counts
    for group in Group:
        wanted = {row.id for row in every if is_in(group, row, now)}
        assert set(busy.ids(Filter(group=group, limit=0), now)) == wanted, group
        if group in COUNTED:
            assert counts.get((group, None), 0) == len(wanted), group


def test_every_group_but_that_of_the_hidden_is_tried_with_rows_and_without(busy: Store) -> None:
    found = {group: {bool(busy.ids(Filter(group=group), now)) for now in MOMENTS} for group in Group}
    assert found[Group.HIDDEN] == {False}
    assert all(True in some for group, some in found.items() if group is not Group.HIDDEN)
    assert found[Group.DEADLINES] == {True, False}


def test_the_newest_stands_first_and_the_oldest_last(store: Store) -> None:
    newest = [row.transmission.sent_at for row in rows(store)]
    assert newest == sorted(newest, key=lambda moment: moment or NOW, reverse=True)
    assert store.ids(Filter(order=Order.OLDEST, limit=0), NOW) == store.ids(Filter(limit=0), NOW)[::-1]


def test_subjects_are_sorted_without_accents_case_and_signs_of_a_reply(store: Store) -> None:
    found = [row.transmission.subject for row in rows(store, order=Order.SUBJECT, group=Group.SENT)]
    assert found == ["Altra", "Àncora: convocazione", "Diffida ad adempiere"]
    every = [row.transmission.subject for row in rows(store, order=Order.SUBJECT)]
    answers = [subject for subject in every if "Diffida" in subject]
    assert answers == ["Diffida ad adempiere", "R: Diffida ad adempiere"]
    assert every.index(answers[1]) == every.index(answers[0]) + 1


def test_counterparts_are_sorted_by_who_is_on_the_other_side(store: Store) -> None:
    def other(row: Row) -> str:
        found = row.transmission
        sent = found.direction is Direction.SENT
        return normal_address(found.recipients[0].address if sent else found.sender)

    found = [other(row) for row in rows(store, order=Order.COUNTERPART)]
    assert found == sorted(found)
    assert len(set(found)) >= 3


def test_by_state_what_went_wrong_stands_first(store: Store) -> None:
    found = [row.transmission.status for row in rows(store, order=Order.STATE)]
    assert found == sorted(found, key=STATES.index)
    assert found[0] is Status.REFUSED
    assert len(set(found)) > 3


def urgency_of(row: Row, now: datetime) -> Urgency:
    return urgency(attention(row.transmission, now), row.transmission.direction)


@pytest.mark.parametrize("now", MOMENTS, ids=str)
def test_by_need_the_most_urgent_stands_first_and_the_newest_of_each(busy: Store, now: datetime) -> None:
    for group in (Group.FOLLOW, Group.ALL):
        ids, urgent = busy.ids_with_urgencies(Filter(group=group, limit=0), now)
        found = busy.rows_by_id(list(ids))
        assert list(urgent) == [urgency_of(row, now) for row in found]
        newest = busy.rows_by_id(busy.ids(Filter(group=group, limit=0), now))
        by_need = sorted(newest, key=lambda row: urgency_of(row, now))
        assert list(ids) == [row.id for row in by_need]


def test_what_went_wrong_and_what_waits_are_both_tried(busy: Store) -> None:
    found = {urgent for now in MOMENTS for urgent in busy.ids_with_urgencies(Filter(limit=0), now)[1]}
    assert found == set(Urgency)


def test_every_state_has_its_place() -> None:
    assert sorted(STATES) == sorted(Status)


@pytest.mark.parametrize("order", Order)
def test_a_limit_takes_the_first_ones(store: Store, order: Order) -> None:
    every = store.ids(Filter(order=order, limit=0), NOW)
    for limit in (1, 3, len(every), len(every) + 5):
        assert store.ids(Filter(order=order, limit=limit), NOW) == every[:limit]


@pytest.mark.parametrize("order", Order)
def test_the_moments_are_those_of_the_ids(store: Store, order: Order) -> None:
    ids, moments = store.ids_with_moments(Filter(order=order, limit=0, group=Group.RECEIVED), NOW)
    assert list(ids) == store.ids(Filter(order=order, limit=0, group=Group.RECEIVED), NOW)
    sent = [row.transmission.sent_at for row in store.rows_by_id(list(ids))]
    assert list(moments) == [moment and moment.timestamp() for moment in sent]


def test_filters_are_joined(store: Store) -> None:
    for wanted in (
        Filter(group=Group.RECEIVED, account=SENDER, limit=0),
        Filter(group=Group.FOLLOW, query=parse_query("diffida"), limit=0),
        Filter(group=Group.WAITING, direction=Direction.SENT, limit=0),
        Filter(group=Group.SENT, account=SECOND, limit=0),
    ):
        ids = set(store.ids(replace(wanted, group=None), NOW)) & set(
            store.ids(Filter(group=wanted.group, limit=0), NOW)
        )
        for order in Order:
            assert set(store.ids(replace(wanted, order=order), NOW)) == ids


def test_rows_come_in_the_order_asked_for_without_those_that_are_gone(store: Store) -> None:
    ids = store.ids(Filter(limit=0), NOW)
    assert [row.id for row in store.rows_by_id([ids[2], 4711, ids[0]])] == [ids[2], ids[0]]
    assert store.rows_by_id([]) == []


def test_mailboxes_are_those_that_are_known_and_never_a_stranger_s(store: Store, tmp_path: Path) -> None:
    assert store.groups(NOW).accounts == (SENDER,)
    with Store.open(Profile.open(tmp_path / "nobody")) as other:
        assert other.groups(NOW).accounts == ()
        receive(other, "acceptance", account=None)
        assert other.groups(NOW).accounts == (SENDER,)


def plan(connection: sqlite3.Connection, statement: str, values: object) -> list[str]:
    return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)]


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("group", [group for group in Group if group is not Group.HIDDEN])
def test_no_list_of_ids_opens_the_rows(
    store: Store, group: Group, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The facts of a row are some kilobytes: to read those of a hundred thousand rows takes seconds."""
    asked: list[tuple[str, object]] = []

    class Asked:
        def __init__(self, connection: sqlite3.Connection) -> None:
            self.connection = connection

        def execute(self, statement: str, values: object = ()) -> object:
            asked.append((statement, values))
            return self.connection.execute(statement, values)

    with store.database.read() as connection:
        matching(Asked(connection), Filter(group=group, order=order, account=SENDER, limit=0), NOW)  # type: ignore[arg-type]
        for statement, values in asked:
            steps = [step for step in plan(connection, statement, values) if " t" in step or "transmission" in step]
            assert steps
            assert all("USING COVERING INDEX" in step for step in steps), steps
            assert not any("TEMP B-TREE" in step for step in plan(connection, statement, values))


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "key"),
    [
        ("Diffida", "diffida"),
        ("  R: RE: Fwd: I: Perché   NO ", "perche no"),
        ("«Àncora»", "ancora»"),
        ("Re", "re"),
        ("Rendiconto", "rendiconto"),
        ("RIF: pratica 12", "pratica 12"),
        ("Straße", "strasse"),
        ("???", ""),
        ("", ""),
    ],
)
def test_a_subject_is_sorted_by_its_first_word(subject: str, key: str) -> None:
    assert subject_key(subject) == key


@given(st.text())
def test_any_text_can_be_compared_and_sorted(text: str) -> None:
    assert len(comparable(text)) <= LONGEST_KEY
    assert comparable(comparable(text)) == comparable(text)
    assert len(subject_key(text)) <= LONGEST_KEY


def test_the_letters_are_of_many_kinds() -> None:
    assert len({examined(raw).kind for raw in letters().values()}) >= 6
