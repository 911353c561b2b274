"""What is said of a message and a folder agrees with what was last found there, whatever was stopped in between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pecdesk.errors import NetworkError, StoreError
from pecdesk.store import Arrival, CopyState, Filter, Placement, mirroring
from pecdesk.store.folders import Emptied
from pecdesk.store.journal import MarkedRead, RemovedFromServer, Seen
from pecdesk.sync.server import FolderRole
from tests.kit.memory_mailbox import Told
from tests.kit.messages import NOW
from tests.unit.store.mailroom import catch_up
from tests.unit.sync.office import ACCOUNT, Office, examined, mail
from tests.unit.sync.test_check import removed as removed_from
from tests.unit.sync.test_check import sha256

KEY = ACCOUNT.key


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "profile")
    office.mailbox.create("Clienti")
    yield office
    office.close()


def removed(office: Office) -> dict[str, set[str]]:
    """The messages that count as removed, with the folders from which."""
    return {sha256: folders for sha256, folders in removed_from(office).items() if folders}


def unlisted_in_a_pass_that_breaks(office: Office) -> None:
    """It is known that the folder is gone, and not yet decided what became of its messages."""
    office.mailbox.fail(NetworkError("gone"), "status")
    with pytest.raises(NetworkError):
        office.check()


def test_a_folder_that_is_back_under_its_old_number_holds_only_what_is_found_there(office: Office) -> None:
    office.fill(3, "Clienti")
    office.check()
    office.mailbox.rename("Clienti", "Vecchi")
    unlisted_in_a_pass_that_breaks(office)
    office.mailbox.rename("Vecchi", "Clienti")
    office.mailbox.expunge("Clienti", [2])
    office.mailbox.told.clear()
    office.check()
    assert office.mailbox.calls("fetch") == [], "they are recognised"
    assert removed(office)[sha256(mail(2))] == {"Clienti"}
    assert office.complaints() == []
    assert office.dry_run().actions == ()


def test_a_folder_with_the_number_of_an_earlier_one_of_its_name_does_not_make_that_be_forgotten(office: Office) -> None:
    office.fill(3, "Clienti")
    office.check()
    uidvalidity = office.mailbox.folder("Clienti").uidvalidity
    office.mailbox.remove("Clienti")
    unlisted_in_a_pass_that_breaks(office)
    office.mailbox.create("Clienti")
    office.mailbox.change_uidvalidity("Clienti", uidvalidity)
    office.fill(3, "Clienti", first=10)
    office.check()
    assert office.store.emptied(KEY) == [Emptied("Clienti", None, 3)], "all are gone at once"
    assert removed(office) == {}
    office.store.answer_emptied(KEY, "Clienti", forget=True, at=NOW)
    office.check()
    assert office.complaints() == []


def test_a_folder_that_is_back_while_the_user_says_that_it_was_meant_to_be_gone_is_begun_anew(office: Office) -> None:
    office.fill(3, "Clienti")
    office.check()
    office.mailbox.remove("Clienti")
    office.check()
    office.mailbox.create("Clienti")
    office.fill(1, "Clienti", first=20)
    answers = iter([True])

    def answer(told: Told) -> None:
        if (told.method, told.arguments[:1]) == ("select", ("Clienti",)) and next(answers, False):
            office.store.answer_emptied(KEY, "Clienti", forget=True, at=NOW)

    office.mailbox.before_call = answer
    office.check()
    told = [entry for entry in office.store.journal.read() if isinstance(entry, RemovedFromServer)]
    assert all(sha256(mail(20)) not in entry.sha256s for entry in told), "it is there"
    assert office.complaints() == []
    assert office.dry_run().actions == ()


def test_nothing_counts_as_removed_from_a_folder_that_withholds_messages(office: Office) -> None:
    for number in (1, 2):
        office.mailbox.append("Clienti", mail(number, message_id=False))
    office.check()
    office.mailbox.change_uidvalidity("Clienti")
    office.mailbox.folder("Clienti").messages[1].is_unreadable = True
    office.check()
    assert removed(office) == {}, "the one that is not handed out may be it"
    office.mailbox.folder("Clienti").messages[1].is_unreadable = False
    office.check()
    assert removed(office) == {}
    assert office.complaints() == []


def test_what_was_told_and_did_not_reach_the_database_does_not_count_against_what_is_found(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user says that an emptied folder was meant to be, the disk refuses, and the folder is whole again."""

    def refuse(*_: object) -> None:
        raise StoreError("full")

    office.fill(3, "Clienti")
    office.check()
    folder = office.mailbox.folder("Clienti")
    kept, folder.messages = folder.messages, {}
    folder.modseq += 1
    office.check()
    with monkeypatch.context() as full:
        full.setattr(mirroring, "write_settlement", refuse)
        with pytest.raises(StoreError):
            office.store.answer_emptied(KEY, "Clienti", forget=True, at=NOW)
    folder.messages = kept
    folder.modseq += 1
    office.check()
    catch_up(office.store)
    office.check()
    assert office.complaints() == []
    office.lose_the_database()
    assert removed(office) == {}


@pytest.mark.parametrize("forget", [False, True])
def test_a_folder_that_is_found_empty_without_the_database_is_asked_about(office: Office, forget: bool) -> None:
    office.fill(3)
    office.fill(2, "Clienti", first=10)
    office.fill(1, "Spam", first=20)
    office.check()
    office.lose_the_database()
    office.mailbox.expunge("INBOX", [1, 2, 3])
    office.mailbox.expunge("Spam", [1])
    office.mailbox.remove("Clienti")
    office.check()
    asked = [Emptied("Clienti", None, 2), Emptied("INBOX", FolderRole.INBOX, 3)]
    assert office.store.emptied(KEY) == asked
    assert removed(office) == {sha256(mail(20)): {"Spam"}}
    office.check()
    assert office.store.emptied(KEY) == asked
    assert office.dry_run().actions == ()
    assert [one.name for one in office.store.server_folders() if one.is_gone] == ["Clienti"]
    for one in asked:
        office.store.answer_emptied(KEY, one.folder, forget=forget, at=NOW)
    office.check()
    assert office.store.emptied(KEY) == []
    assert len(removed(office)) == (6 if forget else 1)
    assert office.complaints(kept=() if forget else ("Clienti", "INBOX")) == []


def test_a_folder_that_was_asked_about_without_the_database_and_is_whole_again_is_not_asked_about(
    office: Office,
) -> None:
    office.fill(3, "Clienti")
    office.check()
    office.lose_the_database()
    office.mailbox.rename("Clienti", "Altrove")
    folder = office.mailbox.folder("Altrove")
    kept, folder.messages = folder.messages, {}
    office.check()
    assert office.store.emptied(KEY) == [Emptied("Clienti", None, 3)]
    folder.messages = kept
    office.mailbox.rename("Altrove", "Clienti")
    office.check()
    assert office.store.emptied(KEY) == []
    assert removed(office) == {}
    assert office.complaints() == []


def test_a_folder_that_was_renamed_is_not_asked_about_without_the_database_either(office: Office) -> None:
    office.fill(3, "Clienti")
    office.check()
    office.lose_the_database()
    office.mailbox.rename("Clienti", "Vecchi")
    office.check()
    assert office.store.emptied(KEY) == []
    assert removed(office) == {sha256(mail(number)): {"Clienti"} for number in (1, 2, 3)}, "moved, all of them"
    assert office.complaints() == []


def test_what_was_erased_and_has_come_back_keeps_its_place_when_the_journal_is_heard_once_more(office: Office) -> None:
    """Something before it did not reach the database: all that follows is heard again."""
    office.fill(2)
    office.check()
    store = office.store
    store.journal.append([MarkedRead((sha256(mail(2)),), NOW)])
    (row,) = [row for row in store.rows(Filter(limit=0), NOW) if sha256(mail(1)) in row.message_ids]
    store.erase([row.id], NOW)
    with store.archive.batch() as archive:
        archive.put(mail(1))
    store.add([Arrival(examined(mail(1)), Placement(KEY, "", False, "import", NOW.isoformat()))])
    office.mailbox.move("INBOX", [1], "Clienti")
    office.check()
    catch_up(store)
    assert store.unapplied().entries == []
    office.check()
    assert removed(office) == {}
    assert office.complaints() == []
    with store.database.read() as connection:
        states = connection.execute("SELECT state FROM copy").fetchall()
    assert states == [(CopyState.HERE,)] * 2
    assert any(isinstance(entry, Seen) and entry.folder == "Clienti" for entry in store.journal.read())
