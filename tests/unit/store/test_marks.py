"""Read, labelled, hidden: kept for each message, told of rows, journalled once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pecdesk.errors import UsageError
from pecdesk.profile import Profile
from pecdesk.store import Changes, Filter, Group, Store, parse_query
from tests.kit.messages import NOW, SENDER
from tests.unit.store.mailroom import letters, listing, open_store, rebuilt_listing, receive, row_of, rows, sha256_of

SENT = ("copy", "acceptance", "delivery")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "profile") as store:
        receive(store, *SENT, "envelope", "ordinary")
        yield store


def subjects(store: Store, **wanted: object) -> list[str]:
    return [row.transmission.subject for row in rows(store, **wanted)]


# --- read -------------------------------------------------------------------------------------------------------------


def test_what_is_imported_is_read_unless_its_source_says_that_nobody_saw_it(store: Store) -> None:
    receive(store, "answer", unseen=True)
    assert [row.transmission.subject for row in rows(store) if row.unread] == ["R: Diffida ad adempiere"]
    assert store.groups(NOW).counts[Group.RECEIVED, SENDER] == 1
    assert store.groups(NOW).counts[Group.RECEIVED, None] == 1


def test_a_message_that_is_here_stays_read_when_an_unseen_copy_of_it_comes(store: Store) -> None:
    receive(store, "envelope", unseen=True)
    assert not row_of(store, "envelope").unread


def test_a_received_row_is_marked_unread_and_read_again(store: Store) -> None:
    row = row_of(store, "envelope")
    assert store.mark_read([row.id], read=False, at=NOW) == Changes(transmissions=frozenset({row.id}))
    assert row_of(store, "envelope").unread
    store.mark_read([row.id], read=True, at=NOW)
    assert not row_of(store, "envelope").unread


def test_a_sent_row_is_never_unread(store: Store) -> None:
    row = row_of(store, "delivery")
    assert store.mark_read([row.id], read=False, at=NOW) == Changes()
    assert not row_of(store, "delivery").unread
    receive(store, "second", unseen=True)
    assert not row_of(store, "second").unread
    assert (Group.RECEIVED, None) not in store.groups(NOW).counts


# --- labelled ---------------------------------------------------------------------------------------------------------


def test_a_label_lies_on_the_original_and_is_that_of_its_row(store: Store) -> None:
    row = row_of(store, "acceptance")
    store.add_label([row.id], "Cliente Rossi", NOW)
    assert row_of(store, "acceptance").labels == ("Cliente Rossi",)
    assert sha256_of("copy").encode() in store.journal.path.read_bytes().splitlines()[-1]
    assert store.groups(NOW).labels == {"Cliente Rossi": 1}


def test_labels_are_sorted_as_words_are(store: Store) -> None:
    row = row_of(store, "envelope")
    for name in ("zeta", "Èrica", "alfa", "Beta"):
        store.add_label([row.id], name, NOW)
    assert row_of(store, "envelope").labels == ("alfa", "Beta", "Èrica", "zeta")
    assert list(store.groups(NOW).labels) == ["alfa", "Beta", "Èrica", "zeta"]


def test_a_name_that_differs_in_case_or_accents_alone_is_the_label_that_is_known(store: Store) -> None:
    first, second = row_of(store, "envelope"), row_of(store, "ordinary")
    store.add_label([first.id], "Più urgente", NOW)
    store.add_label([second.id], "  piu   URGENTE ", NOW)
    assert store.groups(NOW).labels == {"Più urgente": 2}
    store.remove_label([first.id], "PIU URGENTE", NOW)
    assert store.groups(NOW).labels == {"Più urgente": 1}


def test_a_label_is_taken_from_every_message_of_a_row(store: Store) -> None:
    receive(store, "second")
    early = row_of(store, "second")
    store.add_label([early.id, row_of(store, "delivery").id], "Rossi", NOW)
    store.remove_label([early.id], "Rossi", NOW)
    assert not row_of(store, "second").labels
    assert row_of(store, "delivery").labels == ("Rossi",)


def test_a_label_outlives_linking_anew(tmp_path: Path) -> None:
    with open_store(tmp_path / "profile") as store:
        receive(store, "acceptance")
        store.add_label([row_of(store, "acceptance").id], "Rossi", NOW)
        receive(store, "copy", "delivery")
        assert row_of(store, "copy").labels == ("Rossi",)
        store.add_label([row_of(store, "copy").id], "Rossi", NOW)
        assert store.journal.path.read_bytes().count(b'"labelled"') == 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, 'con "virgolette"', "a\x00b", "\u202etfos"])
def test_what_cannot_be_a_name_is_refused(store: Store, name: str) -> None:
    with pytest.raises(UsageError):
        store.add_label([row_of(store, "envelope").id], name, NOW)
    assert store.groups(NOW).labels == {}


def test_labels_are_found_by_filter_and_by_search(store: Store) -> None:
    store.add_label([row_of(store, "envelope").id], "Cliente Rossi", NOW)
    store.add_label([row_of(store, "ordinary").id], "Urgènte", NOW)
    assert subjects(store, label="Cliente Rossi") == ["Notificazione"]
    assert subjects(store, label="cliente") == []
    for text in ("etichetta:urgente", "label:URG", 'etichetta:"urgènte"', "etichetta:urg posta"):
        assert subjects(store, query=parse_query(text)) == ["Posta ordinaria"], text
    assert subjects(store, query=parse_query('etichetta:"cliente rossi"')) == ["Notificazione"]
    assert subjects(store, query=parse_query("etichetta:rossi")) == []
    assert subjects(store, query=parse_query("etichetta:%")) == []


# --- hidden -----------------------------------------------------------------------------------------------------------


def test_a_hidden_row_is_in_no_list_but_that_of_the_hidden(store: Store) -> None:
    row = row_of(store, "envelope")
    before = {group: len(rows(store, group=group)) for group in Group}
    store.add_label([row.id], "Rossi", NOW)
    store.hide([row.id], NOW)
    assert [found.id for found in rows(store, group=Group.HIDDEN)] == [row.id]
    for group in Group:
        if group is not Group.HIDDEN:
            assert row.id not in store.ids(Filter(group=group, limit=0), NOW)
    assert subjects(store, query=parse_query("notificazione")) == []
    assert subjects(store, label="Rossi") == []
    assert subjects(store, group=Group.HIDDEN, label="Rossi") == ["Notificazione"]
    assert store.groups(NOW).labels == {}
    store.unhide([row.id], NOW)
    assert {group: len(rows(store, group=group)) for group in Group} == before


def test_an_unread_row_that_is_hidden_is_not_counted(store: Store) -> None:
    row = row_of(store, "envelope")
    store.mark_read([row.id], read=False, at=NOW)
    store.hide([row.id], NOW)
    assert (Group.RECEIVED, SENDER) not in store.groups(NOW).counts
    assert row_of(store, "envelope").unread


def test_a_new_receipt_brings_a_hidden_row_back(tmp_path: Path) -> None:
    with open_store(tmp_path / "profile") as store:
        receive(store, "copy", "acceptance")
        store.hide([row_of(store, "acceptance").id], NOW)
        assert rows(store) == []
        receive(store, "delivery")
        assert not row_of(store, "acceptance").hidden
        assert len(rows(store)) == 1


# --- told, and remembered ---------------------------------------------------------------------------------------------


def test_every_mark_is_told_of_and_one_that_changes_nothing_is_not_even_journalled(store: Store) -> None:
    row = row_of(store, "envelope")
    told: list[Changes] = []
    store.changes.subscribe(told.append)
    marks = (
        lambda: store.mark_read([row.id], read=False, at=NOW),
        lambda: store.add_label([row.id], "Rossi", NOW),
        lambda: store.remove_label([row.id], "Rossi", NOW),
        lambda: store.hide([row.id], NOW),
        lambda: store.unhide([row.id], NOW),
    )
    for mark in marks:
        told.clear()
        mark()
        assert told == [Changes(transmissions=frozenset({row.id}))]
        size = store.journal.size()
        assert mark() == Changes()
        assert store.journal.size() == size
        assert len(told) == 1


def test_rows_that_are_not_here_are_passed_over(store: Store) -> None:
    for mark in (store.hide, store.unhide):
        assert mark([4711], NOW) == Changes()
    assert store.mark_read([4711], read=False, at=NOW) == Changes()
    assert store.add_label([4711], "Rossi", NOW) == Changes()


def test_marks_are_remembered_by_whoever_opens_the_profile_next(store: Store, tmp_path: Path) -> None:
    store.mark_read([row_of(store, "envelope").id], read=False, at=NOW)
    store.add_label([row_of(store, "delivery").id], "Rossi", NOW)
    store.hide([row_of(store, "ordinary").id], NOW)
    before = listing(store)
    store.close()
    profile = Profile.open(tmp_path / "profile")
    with Store.open(profile) as again:
        assert listing(again) == before
        assert again.unapplied().entries == []
    assert rebuilt_listing(profile) == before


def test_a_thousand_rows_are_marked_at_once(store: Store) -> None:
    row = row_of(store, "envelope")
    assert store.hide([*range(5000, 7000), row.id], NOW) == Changes(transmissions=frozenset({row.id}))


def test_the_number_of_attachments_is_that_of_the_original(store: Store) -> None:
    assert row_of(store, "copy").attachments == 2
    assert row_of(store, "envelope").attachments == 1
    assert row_of(store, "ordinary").attachments == 0
    receive(store, "unmatched")
    assert row_of(store, "unmatched").attachments == 0


def test_every_letter_of_these_tests_is_another(store: Store) -> None:
    assert len({sha256_of(name) for name in letters()}) == len(letters())
