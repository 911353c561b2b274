"""Contacts: derived from what was proven, in the transaction that links it, found by what one begins to type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pecdesk.examine import Examination
from pecdesk.pec.transmission import RecipientState
from pecdesk.profile import Profile
from pecdesk.store import Arrival, Placement, Store
from pecdesk.store.columns import rewrite_rows
from pecdesk.store.contacts import MANY, Contact, Contacts
from pecdesk.store.correspondence import words_of
from tests.kit.messages import EXTERNAL, NOW, RECIPIENT, SECOND, SENDER, draft, provider, sending
from tests.unit.store.mailroom import examined, letters, open_store, receive, row_of

TABLES = ("correspondence", "contact", "contact_word")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "profile") as found:
        yield found


def take(store: Store, *raws: bytes) -> None:
    with store.archive.batch() as archive:
        for raw in raws:
            archive.put(raw)
    place = Placement(SENDER, "", True, "import", NOW.isoformat())
    store.add([Arrival(examined(raw), place) for raw in raws])


def contact(store: Store, address: str) -> Contact | None:
    return Contacts(store.database).contact(address)


def found(store: Store, prefix: str, limit: int = 8) -> list[str]:
    return [one.address for one in Contacts(store.database).completions(prefix, limit)]


def tables(store: Store) -> dict[str, list[Any]]:
    with store.database.read() as connection:
        return {table: sorted(connection.execute(f"SELECT * FROM {table}").fetchall()) for table in TABLES}


# what is learned


def test_what_an_acceptance_says_is_known_with_its_date(store: Store) -> None:
    taken = sending(draft("Diffida", recipients=(RECIPIENT, EXTERNAL)))
    take(store, provider().acceptance(taken).sealed())

    one, other = contact(store, RECIPIENT.upper()), contact(store, EXTERNAL.address)
    assert one == Contact(RECIPIENT, "", "certified", taken.accepted_at, RecipientState.ACCEPTED, 1)
    assert other == Contact(EXTERNAL.address, "", "external", taken.accepted_at, RecipientState.NOT_PEC, 1)


def test_the_last_word_counts(store: Store) -> None:
    first = draft("Prima", recipients=(RECIPIENT,))
    later = draft("Seconda", recipients=(replace(EXTERNAL, address=RECIPIENT),), at=first.date + timedelta(days=9))
    for order in ((later, first), (first, later)):
        take(store, *(provider().acceptance(sending(one)).sealed() for one in order))
        known = contact(store, RECIPIENT)
        assert known is not None
        assert (known.type, known.last_outcome, known.uses) == ("external", RecipientState.NOT_PEC, 2)


def test_outcomes_follow_the_receipts(store: Store) -> None:
    receive(store, "copy", "acceptance")
    assert (contact(store, RECIPIENT) or Contact("", "", None, None, None, 0)).last_outcome is RecipientState.ACCEPTED
    receive(store, "delivery")
    known = contact(store, RECIPIENT)
    assert known is not None
    assert (known.last_outcome, known.uses) == (RecipientState.DELIVERED, 1)


def test_whoever_sent_a_certified_message_has_a_pec_mailbox(store: Store) -> None:
    receive(store, "envelope", unseen=True)
    known = contact(store, SECOND)
    assert known is not None
    assert (known.type, known.last_outcome) == ("certified", None)


@pytest.mark.parametrize("name", ["forged", "ordinary", "anomaly", "unmatched", "refused"])
def test_what_nobody_proved_or_nobody_sent_teaches_nothing(store: Store, name: str) -> None:
    receive(store, name, unseen=True)
    assert tables(store) == {table: [] for table in TABLES}


def test_names_come_from_the_messages(store: Store) -> None:
    taken = sending(draft("Con nome", recipients=(RECIPIENT,)))
    raw = letters()["copy"].replace(f"To: {RECIPIENT}".encode(), f'To: "Edil Nova" <{RECIPIENT}>'.encode())
    assert raw != letters()["copy"]
    take(store, provider().acceptance(taken).sealed())
    receive(store, "acceptance")
    take(store, raw)
    assert (contact(store, RECIPIENT) or Contact("", "", None, None, None, 0)).name == "Edil Nova"
    assert found(store, "nov") == [RECIPIENT]


def test_contacts_go_with_the_messages_that_taught_them(store: Store) -> None:
    receive(store, "copy", "acceptance", "delivery")
    store.erase([row_of(store, "acceptance").id], NOW)
    assert tables(store) == {table: [] for table in TABLES}


ORDERS = [
    ("copy", "acceptance", "delivery", "second", "envelope", "answer", "forged", "refused"),
    ("answer", "envelope", "delivery", "acceptance", "refused", "forged", "second", "copy"),
    ("delivery", "second", "copy", "envelope", "answer", "acceptance"),
]


def test_what_is_known_does_not_depend_on_the_order_of_arrival(tmp_path: Path) -> None:
    seen = []
    for number, order in enumerate(ORDERS):
        with open_store(tmp_path / str(number)) as store:
            for name in order:
                receive(store, name)
            seen.append({one.address: one for one in Contacts(store.database).completions("", 50)})
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0]) > 1


def test_contacts_made_anew_from_the_rows_are_the_same(store: Store) -> None:
    receive(store, *ORDERS[0])
    before = tables(store)
    with store.database.write() as connection:
        for table in TABLES:
            connection.execute(f"DELETE FROM {table}")
        rewrite_rows(connection)
    assert tables(store) == before
    assert all(before.values())


def test_a_database_from_before_learns_its_contacts_when_it_is_opened(tmp_path: Path) -> None:
    with open_store(tmp_path / "profile") as store:
        receive(store, "acceptance")
        before = tables(store)
        with store.database.write() as connection:
            for table in TABLES:
                connection.execute(f"DELETE FROM {table}")
            connection.execute("UPDATE meta SET value = '1' WHERE name = 'rows_made_by'")
    with Store.open(Profile.open(tmp_path / "profile")) as store:
        assert tables(store) == before


# what is found


def test_words_are_those_of_name_and_address() -> None:
    assert words_of("m.rossi@pec.comune.example", "Mario Rossì S.r.l.") == {
        "m.rossi@pec.comune.example", "pec.comune.example", "m", "rossi", "mario", "s", "r", "l", "mario rossi s.r.l.",
    }  # fmt: skip


def fill(store: Store, number: int) -> None:
    """So many contacts, of which the first were written to most."""
    names = ("Rossi", "Bianchi", "Verdi", "Esposito", "Ferrari", "Romano", "Gallo", "Costa", "Fontana", "Conti")
    with store.database.write() as connection:
        for position in range(number):
            name = names[position % 10]
            address = f"{name.lower()}.{position}@pec.studio{position % 97}.example"
            connection.execute(
                "INSERT INTO contact VALUES (?, ?, ?, 0, 'certified', 0, NULL, ?, 0, 0, ?)",
                (address, address, f"Studio {name} {position}", number - position, 4 * (number - position)),
            )
            connection.executemany(
                "INSERT INTO contact_word VALUES (?, ?)",
                [(address, word) for word in words_of(address, f"Studio {name}")],
            )


def test_completion_is_by_the_beginning_of_words_whatever_the_case_and_the_accents(store: Store) -> None:
    taken = sending(draft("x", recipients=(RECIPIENT, SECOND)))
    take(store, provider().acceptance(taken).sealed())
    assert found(store, RECIPIENT[:6].upper()) == [RECIPIENT]
    assert found(store, "montelúpo") == [SECOND]
    assert found(store, "@pec.avvocati") == [SECOND]
    assert found(store, "gin mont") == [SECOND]
    assert found(store, "gin edil") == []
    assert found(store, "ontelupo") == []
    assert found(store, "") == sorted([RECIPIENT, SECOND])
    assert found(store, "", 1) == [min(RECIPIENT, SECOND)]
    assert found(store, "%") == found(store, "_") == found(store, "'") == []


@pytest.mark.parametrize("number", [50, 10 * MANY])
def test_the_likeliest_stand_first_among_few_and_among_many(store: Store, number: int) -> None:
    fill(store, number)
    assert found(store, "stu ros", 3) == [f"rossi.{n}@pec.studio{n % 97}.example" for n in (0, 10, 20)]
    assert found(store, "studio", 2) == ["rossi.0@pec.studio0.example", "bianchi.1@pec.studio1.example"]
    assert found(store, "rossi.30@") == ["rossi.30@pec.studio30.example"]


def test_the_usual_account_is_told_where_it_is_clear(store: Store) -> None:
    drafts = [draft(f"Numero {number}", at=NOW - timedelta(days=number)) for number in range(3)]
    take(store, *(provider().acceptance(sending(one)).sealed() for one in drafts[:1]))
    contacts = Contacts(store.database)
    assert contacts.usual_account([RECIPIENT]) is None
    take(store, *(provider().acceptance(sending(one)).sealed() for one in drafts[1:]))
    assert contacts.usual_account([RECIPIENT]) == SENDER
    assert contacts.usual_account([RECIPIENT, "mai.visto@pec.uno.example"]) == SENDER
    assert contacts.usual_account(["mai.visto@pec.uno.example"]) is None


def test_examinations_are_what_names_are_read_from() -> None:
    """`_names` reads them by their place in the JSON."""
    assert {"summary", "original"} <= set(Examination.__slots__)
