"""Folders of the server as places to look into: what lies in each, as the server has it and as the user wants it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pecdesk.store import Changes, Filter, Group, Order, ServerFolder
from pecdesk.sync.server import FolderRole
from tests.kit.messages import NOW
from tests.unit.sync.office import ACCOUNT, Office, mail
from tests.unit.sync.test_check import sha256

KEY = ACCOUNT.key


def inside(office: Office, name: str, **fields: object) -> set[str]:
    """The messages of the rows that a folder shows."""
    wanted = Filter(group=Group.ALL, account=KEY, folder=name, limit=0, **fields)  # type: ignore[arg-type]
    return {sha256 for row in office.store.rows(wanted, NOW) for sha256 in row.transmission.messages}


def hashes(*numbers: int) -> set[str]:
    return {sha256(mail(number)) for number in numbers}


def known(office: Office) -> dict[str, bool]:
    """The folders there are, and whether each is gone from the server."""
    return {folder.name: folder.is_gone for folder in office.store.server_folders()}


@pytest.fixture
def filed(office: Office) -> Office:
    """1 and 2 in the inbox, 2 to 4 in a folder of their own."""
    office.mailbox.create("Pratiche/Rossi")
    for number in (1, 2):
        office.mailbox.append("INBOX", mail(number))
    for number in (2, 3, 4):
        office.mailbox.append("Pratiche/Rossi", mail(number))
    office.check()
    return office


def test_a_folder_shows_what_lies_in_it_in_whatever_other_folder_that_lies(filed: Office) -> None:
    assert inside(filed, "INBOX") == hashes(1, 2)
    assert inside(filed, "Pratiche/Rossi") == hashes(2, 3, 4)
    assert inside(filed, "Sent") == set()
    assert inside(filed, "Pratiche/Rossi", order=Order.SUBJECT) == hashes(2, 3, 4)


def test_the_folders_of_the_server_are_known_with_what_they_are_for(filed: Office) -> None:
    found = {folder.name: folder for folder in filed.store.server_folders()}

    assert found["INBOX"] == ServerFolder(KEY, "INBOX", "/", FolderRole.INBOX)
    assert found["Pratiche/Rossi"].role is None
    assert "Drafts" not in found, "it is not synchronised"


def test_what_is_hidden_is_hidden_here_too(filed: Office) -> None:
    filed.store.hide(filed.store.ids(Filter(limit=0), NOW), NOW)

    assert inside(filed, "INBOX") == set()


def test_what_another_client_moves_is_found_where_it_is_by_then(filed: Office) -> None:
    filed.mailbox.move("Pratiche/Rossi", [2, 3], "Trash")
    filed.check()

    assert inside(filed, "Pratiche/Rossi") == hashes(2)
    assert inside(filed, "Trash") == hashes(3, 4)


def test_a_folder_that_is_renamed_leaves_nothing_behind(filed: Office) -> None:
    told: list[Changes] = []
    filed.store.changes.subscribe(told.append)
    filed.mailbox.rename("Pratiche/Rossi", "Chiuse/Rossi")
    filed.check()

    assert known(filed)["Chiuse/Rossi"] is False
    assert "Pratiche/Rossi" not in known(filed)
    assert inside(filed, "Chiuse/Rossi") == hashes(2, 3, 4)
    assert any(changes.folders == {KEY} for changes in told)


def test_a_folder_that_is_deleted_keeps_what_lay_nowhere_else(filed: Office) -> None:
    filed.mailbox.remove("Pratiche/Rossi")
    filed.check()

    assert known(filed)["Pratiche/Rossi"] is True, "while the user is asked"
    assert inside(filed, "Pratiche/Rossi") == hashes(3, 4)

    filed.store.answer_emptied(KEY, "Pratiche/Rossi", forget=True, at=NOW)
    assert known(filed)["Pratiche/Rossi"] is True, "and afterwards"
    assert inside(filed, "Pratiche/Rossi") == hashes(3, 4)


def test_what_was_moved_away_before_its_folder_was_deleted_is_not_told_of_it(filed: Office) -> None:
    filed.mailbox.move("Pratiche/Rossi", [1, 2, 3], "Trash")
    filed.check()
    filed.tick(hours=1)
    filed.mailbox.expunge("Trash", [1, 2, 3])
    filed.check()
    filed.mailbox.remove("Pratiche/Rossi")
    filed.check()

    assert "Pratiche/Rossi" not in known(filed), "what it held lay in the trash last"
    assert inside(filed, "Trash") == set()


def test_a_database_that_is_made_again_knows_what_lay_where(filed: Office) -> None:
    filed.lose_the_database()
    assert filed.store.server_folders() == [], "until the server was asked"
    assert inside(filed, "Pratiche/Rossi") == hashes(2, 3, 4)

    filed.check()
    assert known(filed)["Pratiche/Rossi"] is False
    assert inside(filed, "Pratiche/Rossi") == hashes(2, 3, 4)


def test_a_folder_that_is_numbered_anew_never_seems_empty(filed: Office) -> None:
    filed.mailbox.change_uidvalidity("Pratiche/Rossi", renumber=True)
    seen: list[set[str]] = []
    filed.store.changes.subscribe(lambda _changes: seen.append(inside(filed, "Pratiche/Rossi")))
    filed.check()

    assert seen
    assert all(each == hashes(2, 3, 4) for each in seen)
    assert inside(filed, "Pratiche/Rossi") == hashes(2, 3, 4)


# what the user moves


def test_what_the_user_moves_counts_at_once_and_is_moved_on_the_server_then(filed: Office) -> None:
    told: list[Changes] = []
    filed.store.changes.subscribe(told.append)
    filed.store.want_move(KEY, hashes(3), "Pratiche/Rossi", "INBOX", NOW)
    assert told
    assert told[0].messages

    assert inside(filed, "Pratiche/Rossi") == hashes(2, 4)
    assert inside(filed, "INBOX") == hashes(1, 2, 3)
    filed.check()
    assert inside(filed, "Pratiche/Rossi") == hashes(2, 4)
    assert inside(filed, "INBOX") == hashes(1, 2, 3)
    assert {sha256(one.raw) for one in filed.mailbox.folder("INBOX").messages.values()} == hashes(1, 2, 3)


def test_a_move_the_server_refuses_for_good_is_undone_here(filed: Office) -> None:
    filed.store.want_move(KEY, hashes(3), "Pratiche/Rossi", "Mai esistita", NOW)
    assert inside(filed, "Pratiche/Rossi") == hashes(2, 4)
    told: list[Changes] = []
    filed.store.changes.subscribe(told.append)
    filed.check()

    assert inside(filed, "Pratiche/Rossi") == hashes(2, 3, 4)
    assert any(changes.messages for changes in told), "the list is read again"


def test_of_chosen_rows_only_what_lies_in_the_folder_is_moved(filed: Office) -> None:
    every = filed.store.ids(Filter(limit=0), NOW)

    assert set(filed.store.hashes_in_folder(every, KEY, "INBOX")) == hashes(1, 2)
    assert set(filed.store.hashes_in_folder(every[:0], KEY, "INBOX")) == set()


# how it is found


def test_what_a_folder_holds_is_read_off_indexes(filed: Office) -> None:
    statements: list[str] = []
    wanted = Filter(group=Group.ALL, account=KEY, folder="INBOX", limit=0)
    with filed.store.database.read() as connection:
        connection.set_trace_callback(statements.append)
        filed.store.ids(wanted, NOW)
        connection.set_trace_callback(None)
        (statement,) = [each for each in statements if "membership" in each]
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]

    assert any("placement_account (account=? AND folder=?)" in step for step in plan), plan
    assert any("membership_message (message=?)" in step for step in plan), plan
    assert all("SCAN p" not in step and "SCAN m" not in step for step in plan), plan


def test_two_accounts_keep_their_folders_apart(filed: Office) -> None:
    other = replace(ACCOUNT, address="altro@pec.example")
    filed.store.know_folder(other.key, "INBOX", "/", FolderRole.INBOX)

    assert [folder.account for folder in filed.store.server_folders() if folder.name == "INBOX"] == sorted(
        [KEY, other.key]
    )
    assert filed.store.ids(Filter(account=other.key, folder="INBOX", limit=0), NOW) == []
