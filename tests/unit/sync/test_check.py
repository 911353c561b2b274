"""One pass over an account: what comes in, what goes out, and what happens when anything goes wrong on the way."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pecdesk.errors import DiskFullError, NetworkError, ServerError
from pecdesk.pec.transmission import Direction
from pecdesk.store import Arrival, Filter, Folder, Row, ServerCopy
from pecdesk.sync import fetching
from pecdesk.sync.big import BigMessages
from pecdesk.sync.means import RESERVE
from pecdesk.sync.refusal import RefusalError
from pecdesk.sync.server import FLAGGED, SEEN, FolderRole
from tests.kit.memory_mailbox import Told
from tests.kit.memory_server import MemoryMailbox
from tests.kit.messages import NOW, SENDER, anchors
from tests.unit.store.mailroom import letters
from tests.unit.sync.office import ACCOUNT, PASSWORD, Office, examined, mail

KEY = ACCOUNT.key


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def rows(office: Office) -> list[Row]:
    return office.store.rows(Filter(limit=0), NOW)


def unread(office: Office) -> int:
    return sum(row.unread for row in rows(office))


def methods(office: Office) -> list[str]:
    return [told.method for told in office.mailbox.told]


def removed(office: Office) -> dict[str, set[str]]:
    """Folders in which each message is said to be no longer on the server."""
    found: dict[str, set[str]] = {}
    for digest, _, _ in office.store.hashes():
        (message,) = office.store.messages_by_hash([digest])
        found[digest] = {place.folder for place in message.placements if place.removed_at is not None}
    return found


# --- what comes in ----------------------------------------------------------------------------------------------------


def test_everything_comes_in_byte_for_byte_and_a_second_pass_has_nothing_to_do(office: Office) -> None:
    office.fill(60)
    office.fill(3, "Spam", first=100)
    office.fill(3, "Sent", first=200)
    assert office.check().fetched == 66
    assert office.complaints() == []
    office.mailbox.told.clear()
    assert office.check().actions == ()
    assert methods(office) == ["connect", "folders", *["status"] * 4]


def test_the_newest_come_first_and_the_inbox_before_everything_else(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "INBOX_FIRST", 50)
    office.fill(150)
    office.fill(5, "Sent", first=1000)
    office.check()
    fetched = [arguments[0] for arguments in office.mailbox.calls("fetch")]
    # The inbox was begun with, then the newest of all folders come in turn.
    newest, *rest = fetched
    assert newest == tuple(range(150, 100, -1))
    assert rest == [(5, 4, 3, 2, 1), tuple(range(100, 50, -1)), tuple(range(50, 0, -1))]


def test_drafts_on_the_server_are_no_mail(office: Office) -> None:
    office.fill(2, "Drafts")
    office.check()
    assert office.store.count() == (0, 0)


def test_a_message_in_two_folders_is_here_once(office: Office) -> None:
    office.mailbox.append("INBOX", mail(1))
    office.mailbox.append("INBOX", mail(1))
    office.mailbox.append("Spam", mail(1))
    office.check()
    assert office.store.count()[0] == 1
    assert office.complaints() == []


def test_a_message_is_unread_here_when_it_is_unread_there(office: Office) -> None:
    office.mailbox.append("INBOX", mail(1))
    office.mailbox.append("INBOX", mail(2), [SEEN])
    office.mailbox.append("Sent", mail(3))
    office.check()
    assert unread(office) == 1


def test_only_the_folder_of_sent_mail_stands_for_what_was_sent(tmp_path: Path) -> None:
    office = Office(tmp_path / "p", account=replace(ACCOUNT, address=SENDER))
    raw = letters()["copy"]  # bears the mailbox's own address
    office.mailbox.append("INBOX", raw)
    office.mailbox.append("INBOX", letters()["acceptance"])
    office.check()
    assert "own" not in {row.transmission.original for row in rows(office)}
    office.mailbox.append("Sent", raw)
    office.check()
    (sent,) = [row.transmission for row in rows(office) if row.transmission.original == "own"]
    assert sent.direction is Direction.SENT
    office.close()


def test_a_folder_that_becomes_the_one_of_sent_mail_is_so_from_its_first_message_on(tmp_path: Path) -> None:
    account = replace(ACCOUNT, address=SENDER)
    office = Office(tmp_path / "p", account=account)
    office.mailbox.create("Spedite")
    office.mailbox.append("Spedite", letters()["copy"])
    office.mailbox.append("INBOX", letters()["acceptance"])
    office.check()
    assert {row.transmission.original for row in rows(office)} != {"own"}
    office.account = replace(account, sent_folder="Spedite")
    office.check()
    assert "own" in {row.transmission.original for row in rows(office)}
    office.account = account
    office.check()
    assert "own" not in {row.transmission.original for row in rows(office)}
    office.close()


def test_new_mail_is_seen_in_the_middle_of_a_long_run(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "GLANCE_SECONDS", 0.0)
    office.fill(120)
    arrived: list[int] = []

    def someone_writes(told: object) -> None:
        if office.mailbox.calls("fetch") and not arrived:
            arrived.append(office.mailbox.append("INBOX", mail(999)))

    office.mailbox.before_call = someone_writes
    office.check()
    assert [arguments[0] for arguments in office.mailbox.calls("fetch")].index((121,)) == 1
    assert office.complaints() == []


def test_the_user_can_stop_and_go_on_later(office: Office) -> None:
    office.fill(200)
    office.check(stopped=lambda: len(office.mailbox.calls("fetch")) >= 2)
    assert 50 <= office.store.count()[0] < 200
    fetched = office.store.count()[0]
    office.mailbox.told.clear()
    office.check()
    assert sum(len(arguments[0]) for arguments in office.mailbox.calls("fetch")) == 200 - fetched
    assert office.complaints() == []


# --- what others do there ---------------------------------------------------------------------------------------------


def test_flags_that_others_set_count_here(office: Office) -> None:
    office.fill(3)
    office.check()
    office.mailbox.flag("INBOX", [1, 2], [SEEN, FLAGGED])
    office.check()
    assert unread(office) == 1
    office.mailbox.flag("INBOX", [1], [SEEN], add=False)
    office.check()
    assert unread(office) == 2
    assert office.complaints() == []


def test_what_the_user_marked_here_is_not_undone_by_an_old_state_of_the_server(office: Office) -> None:
    office.fill(1)
    office.check()
    office.store.mark_read([row.id for row in rows(office)], read=True, at=NOW)
    office.mailbox.flag("INBOX", [1], [FLAGGED])
    office.check()
    assert unread(office) == 0


def test_a_message_that_vanished_stays_here_and_is_said_to_be_gone(office: Office) -> None:
    office.fill(3)
    office.check()
    office.mailbox.expunge("INBOX", [2])
    office.check()
    assert office.store.count()[0] == 3
    assert {digest for digest, folders in removed(office).items() if folders} == {sha256(mail(2))}
    assert office.complaints() == []


def test_one_that_comes_back_is_back(office: Office) -> None:
    office.fill(3)
    office.check()
    office.mailbox.expunge("INBOX", [2])
    office.check()
    office.mailbox.append("INBOX", mail(2))
    office.check()
    assert not any(removed(office).values())
    assert office.complaints() == []


def test_a_message_moved_by_others_is_recognised_and_not_fetched_again(office: Office) -> None:
    office.mailbox.create("Pratiche")
    office.fill(3)
    office.check()
    office.mailbox.move("INBOX", [2], "Pratiche")
    office.mailbox.told.clear()
    office.check()
    assert office.mailbox.calls("fetch") == []
    assert removed(office)[sha256(mail(2))] == {"INBOX"}
    assert office.complaints() == []


def test_a_folder_numbered_anew_is_recognised_without_fetching_and_first_seen_stays(office: Office) -> None:
    office.fill(30)
    office.check()
    before = [office.store.messages_by_hash([digest])[0].first_seen for digest, _, _ in office.store.hashes()]
    office.mailbox.change_uidvalidity("INBOX", renumber=True)
    office.mailbox.flag("INBOX", [1], [SEEN])
    office.tick(hours=5)
    office.mailbox.told.clear()
    assert office.check().fetched == 30
    assert office.mailbox.calls("fetch") == []
    after = [office.store.messages_by_hash([digest])[0].first_seen for digest, _, _ in office.store.hashes()]
    assert after == before
    assert office.complaints() == []
    assert office.dry_run().actions == ()


def test_a_uidvalidity_that_comes_again_means_what_it_meant_only_once(office: Office) -> None:
    office.fill(3)
    office.check()
    first = office.mailbox.folder("INBOX").uidvalidity
    office.mailbox.change_uidvalidity("INBOX", renumber=True)
    office.mailbox.expunge("INBOX", [1])
    office.check()
    office.mailbox.change_uidvalidity("INBOX", first, renumber=True)
    office.mailbox.append("INBOX", mail(50))
    office.check()
    assert office.complaints() == []


def test_numbered_anew_between_looking_and_fetching_nothing_is_mixed_up(office: Office) -> None:
    office.fill(5)
    done: list[bool] = []

    def renumber(told: object) -> None:
        if office.mailbox.calls("uids") and not done and methods(office)[-1] == "select":
            done.append(True)
            office.mailbox.expunge("INBOX", [5])
            office.mailbox.change_uidvalidity("INBOX", renumber=True)

    office.mailbox.before_call = renumber
    office.check()
    assert done
    assert office.complaints() == []


def test_messages_that_could_be_taken_for_each_other_are_fetched(office: Office) -> None:
    twins = [mail(1).replace(b"Lettera 1\r\nx", b"") + letter for letter in (b"uno\r\n", b"due\r\n")]
    nameless = mail(7, message_id=False)
    for raw in (*twins, nameless):
        office.mailbox.append("INBOX", raw)
    office.check()
    assert office.store.count()[0] == 3
    office.mailbox.change_uidvalidity("INBOX", renumber=True)
    office.mailbox.told.clear()
    office.check()
    assert sum(len(arguments[0]) for arguments in office.mailbox.calls("fetch")) == 3
    assert office.complaints() == []


def test_a_renamed_folder_is_recognised_and_nothing_is_asked(office: Office) -> None:
    office.mailbox.create("Vecchie")
    office.fill(5, "Vecchie")
    office.check()
    office.mailbox.rename("Vecchie", "Archivio 2026")
    office.mailbox.told.clear()
    office.check()
    assert office.mailbox.calls("fetch") == []
    assert office.store.emptied(KEY) == []
    assert "Vecchie" not in {folder.name for folder in office.store.folders(KEY)}
    assert office.complaints() == []


def test_a_folder_deleted_with_its_mail_is_a_question_and_its_mail_stays(office: Office) -> None:
    office.mailbox.create("Pratiche")
    office.fill(4, "Pratiche")
    office.check()
    office.mailbox.remove("Pratiche")
    office.check()
    (asked,) = office.store.emptied(KEY)
    assert (asked.folder, asked.messages) == ("Pratiche", 4)
    assert not any(removed(office).values())
    office.store.answer_emptied(KEY, "Pratiche", forget=True, at=NOW)
    assert office.store.emptied(KEY) == []
    assert office.store.count()[0] == 4
    assert office.complaints() == []


def test_a_folder_recreated_under_its_name_takes_its_messages_up_again(office: Office) -> None:
    office.mailbox.create("Pratiche")
    office.fill(4, "Pratiche")
    office.check()
    office.mailbox.remove("Pratiche")
    office.mailbox.create("Pratiche")
    office.fill(2, "Pratiche")
    office.check()
    assert office.store.emptied(KEY) == []
    assert {digest for digest, folders in removed(office).items() if folders} == {sha256(mail(3)), sha256(mail(4))}
    assert office.complaints() == []


# --- a folder that is suddenly empty ----------------------------------------------------------------------------------


def emptied(office: Office) -> None:
    office.fill(6)
    office.check()
    office.mailbox.expunge("INBOX", range(1, 7))
    office.check()


def test_a_folder_that_is_suddenly_empty_is_a_question_and_new_mail_still_comes_in(office: Office) -> None:
    emptied(office)
    assert [(one.folder, one.messages) for one in office.store.emptied(KEY)] == [("INBOX", 6)]
    assert not any(removed(office).values())
    office.mailbox.append("INBOX", mail(70))
    office.check()
    assert office.store.count()[0] == 7
    assert [one.messages for one in office.store.emptied(KEY)] == [6]


def test_the_answer_may_be_that_they_are_removed(office: Office) -> None:
    emptied(office)
    office.store.answer_emptied(KEY, "INBOX", forget=True, at=NOW)
    assert all(removed(office).values())
    assert office.complaints() == []
    assert office.dry_run().actions == ()


def test_the_answer_may_be_that_nothing_is_removed_and_it_is_not_asked_again(office: Office) -> None:
    emptied(office)
    office.store.answer_emptied(KEY, "INBOX", forget=False, at=NOW)
    office.mailbox.append("INBOX", mail(70))
    office.check()
    assert office.store.emptied(KEY) == []
    assert not any(removed(office).values())
    assert office.complaints(kept={"INBOX"}) == []


def test_messages_that_come_back_answer_the_question(office: Office) -> None:
    emptied(office)
    for number in range(1, 7):
        office.mailbox.append("INBOX", mail(number))
    office.mailbox.told.clear()
    office.check()
    assert office.mailbox.calls("fetch") == []
    assert office.store.emptied(KEY) == []
    assert office.complaints() == []


def test_what_was_moved_elsewhere_is_no_question_and_neither_is_an_emptied_bin(office: Office) -> None:
    office.mailbox.create("Anno 2025")
    office.fill(6)
    office.fill(6, "Trash", first=100)
    office.check()
    office.mailbox.move("INBOX", range(1, 7), "Anno 2025")
    office.mailbox.expunge("Trash", range(1, 7))
    office.check()
    assert office.store.emptied(KEY) == []
    assert office.complaints() == []


def test_a_server_that_lists_no_inbox_makes_no_sense_and_changes_nothing(office: Office) -> None:
    office.fill(3)
    office.check()
    inbox = office.mailbox.folder("INBOX")
    inbox.is_selectable = False
    with pytest.raises(ServerError, match="no inbox"):
        office.check()
    inbox.is_selectable = True
    assert office.check().actions == ()


# --- what the user does here ------------------------------------------------------------------------------------------


def mark_read(office: Office, *, read: bool = True) -> None:
    office.store.mark_read([row.id for row in rows(office)], read=read, at=NOW, on_servers_of={KEY})


def test_what_is_read_here_becomes_read_there_when_the_server_can_be_reached(office: Office) -> None:
    office.fill(2)
    office.check()
    mark_read(office)
    office.mailbox.fail(NetworkError("cut"), "change_flags")
    with pytest.raises(NetworkError):
        office.check()
    office.reopen()
    assert office.check().told == 2
    assert all(SEEN in one.flags for one in office.mailbox.folder("INBOX").messages.values())
    assert office.store.pending(KEY) == []
    assert office.complaints() == []
    assert office.dry_run().actions == ()


def test_a_wish_the_server_fulfilled_without_saying_so_is_fulfilled_once(office: Office) -> None:
    office.mailbox.create("Pratiche")
    office.fill(3)
    office.check()
    office.store.want_move(KEY, [sha256(mail(1))], "INBOX", "Pratiche", NOW)
    office.mailbox.fail(NetworkError("cut"), "move", is_late=True)
    with pytest.raises(NetworkError):
        office.check()
    office.check()
    assert len(office.mailbox.folder("Pratiche").messages) == 1
    assert office.store.pending(KEY) == []
    assert office.complaints() == []


def test_marked_and_marked_back_before_the_server_heard_of_it_only_the_last_word_counts(office: Office) -> None:
    office.fill(1)
    office.check()
    mark_read(office)
    mark_read(office, read=False)
    office.check()
    assert office.mailbox.folder("INBOX").messages[1].flags == set()
    assert unread(office) == 1


def test_a_move_to_a_folder_that_is_not_there_is_given_up(office: Office) -> None:
    office.fill(1)
    office.check()
    office.store.want_move(KEY, [sha256(mail(1))], "INBOX", "Nessuna", NOW)
    office.check()
    assert office.store.pending(KEY) == []
    assert office.complaints() == []


def test_a_wish_the_server_keeps_refusing_is_given_up_in_the_end(office: Office) -> None:
    office.fill(1)
    office.check()
    mark_read(office)
    for left in (1, 1, 1, 1, 0):
        office.mailbox.fail(RefusalError("no", code="NOPERM"), "change_flags")
        office.check()
        assert len(office.store.pending(KEY)) == left
    assert unread(office) == 0


def test_a_folder_that_does_not_open_holds_up_no_wish_about_another(office: Office) -> None:
    office.mailbox.create("Pratiche")
    office.fill(1)
    office.fill(1, "Pratiche", first=2)
    office.check()
    mark_read(office)
    office.mailbox.remove("Pratiche")
    assert office.check().told == 1
    assert office.mailbox.folder("INBOX").messages[1].flags == {SEEN}
    assert office.dry_run().actions == ()
    office.check()
    assert office.store.pending(KEY) == []


def test_a_wish_about_a_folder_that_was_numbered_anew_is_told_once_it_was_looked_through(office: Office) -> None:
    office.mailbox.create("Pratiche")
    office.fill(2)
    office.check()
    mark_read(office)
    office.store.want_move(KEY, [sha256(mail(1))], "INBOX", "Pratiche", NOW)
    office.mailbox.change_uidvalidity("INBOX", renumber=True)
    assert office.check().told == 3
    assert [one.flags for one in office.mailbox.folder("INBOX").messages.values()] == [{SEEN}]
    assert [one.raw for one in office.mailbox.folder("Pratiche").messages.values()] == [mail(1)]
    assert office.store.pending(KEY) == []
    assert office.complaints() == []
    assert office.dry_run().actions == ()


def test_looking_into_the_inbox_alone_waits_for_no_other_folder(office: Office) -> None:
    office.mailbox.create("Pratiche")
    office.fill(1, "Pratiche")
    office.check()
    mark_read(office)
    office.mailbox.change_uidvalidity("Pratiche", renumber=True)
    office.mailbox.told.clear()
    office.check(only_inbox=True)
    assert len(office.mailbox.calls("folders")) == 1
    assert office.check().told == 1


def test_a_read_only_account_never_alters_the_server(office: Office) -> None:
    office.account = replace(ACCOUNT, is_read_only=True)
    office.mailbox.create("Pratiche")
    office.fill(3)
    office.check()
    mark_read(office)
    office.store.want_move(KEY, [sha256(mail(1))], "INBOX", "Pratiche", NOW)
    office.mailbox.told.clear()
    office.check()
    assert all(arguments[1] for arguments in office.mailbox.calls("select"))
    assert not {"change_flags", "move", "delete", "append"} & set(methods(office))


def test_what_was_erased_here_is_not_brought_back_by_the_server(office: Office) -> None:
    office.fill(2)
    office.check()
    office.store.erase([row.id for row in rows(office) if sha256(mail(1)) in row.message_ids], NOW)
    office.check()
    office.mailbox.change_uidvalidity("INBOX", renumber=True)
    office.check()
    assert office.store.count()[0] == 1
    assert list(office.store.archive.all()) == [sha256(mail(2))]
    assert office.complaints(erased={sha256(mail(1))}) == []
    office.lose_the_database()
    office.check()
    assert list(office.store.archive.all()) == [sha256(mail(2))]
    assert office.complaints(erased={sha256(mail(1))}) == []


# --- what goes wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["folders", "status", "select", "uids", "describe", "fetch"])
def test_a_connection_that_breaks_anywhere_loses_nothing(office: Office, method: str) -> None:
    office.fill(130)
    calls = 0
    while True:
        office.mailbox.fail(NetworkError("cut"), method, skip=calls, after=7 if method == "fetch" else 0)
        try:
            office.check()
            break
        except NetworkError:
            calls += 1
    assert office.complaints() == []
    assert calls


def test_what_came_before_the_connection_broke_is_kept(office: Office) -> None:
    office.fill(100)
    office.mailbox.fail(NetworkError("cut"), "fetch", skip=1)
    with pytest.raises(NetworkError):
        office.check()
    assert office.store.count()[0] == 50


def test_a_message_that_is_not_as_long_as_the_server_says_is_asked_for_twice_and_kept(office: Office) -> None:
    raw = mail(1)
    office.mailbox.append("INBOX", raw, size=len(raw) + 11)
    office.fill(1, first=2)
    office.check()
    assert [arguments[0] for arguments in office.mailbox.calls("fetch")] == [(2, 1), (1,)]
    assert office.complaints() == []
    assert office.dry_run().actions == ()


def test_a_message_the_server_never_hands_out_costs_no_other_and_is_tried_again_on_the_next_connection(
    office: Office,
) -> None:
    office.fill(5)
    hidden = office.mailbox.folder("INBOX").messages[3]
    hidden.is_unreadable = True
    office.check()
    assert office.store.count()[0] == 4
    assert office.check(tries_again=False).actions == ()
    hidden.is_unreadable = False
    office.check()
    assert office.complaints() == []


def test_a_message_that_is_gone_before_it_is_fetched_is_no_error(office: Office) -> None:
    office.fill(5)

    def expunge(told: object) -> None:
        if methods(office)[-1] == "fetch":
            office.mailbox.expunge("INBOX", [2, 4])

    office.mailbox.before_call = expunge
    office.check()
    assert office.store.count()[0] == 3
    assert office.check().actions == ()
    assert office.complaints() == []


def big(number: int) -> bytes:
    return mail(number, padding=fetching.BIG + 1000)


def test_a_big_message_goes_through_a_file_that_is_gone_afterwards(office: Office) -> None:
    office.mailbox.append("INBOX", big(1))
    office.fill(2, first=2)
    office.check()
    assert len(office.mailbox.calls("fetch_into")) == 1
    assert all(3 not in arguments[0] or len(arguments[0]) == 2 for arguments in office.mailbox.calls("fetch"))
    assert office.complaints() == []


def test_the_first_rows_do_not_wait_for_a_big_message_though_it_is_the_newest(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_before: list[int] = []
    take = BigMessages.take

    def watched(self: BigMessages, folder: Folder, copy: ServerCopy) -> Arrival | None:
        kept_before.append(office.store.count()[0])
        return take(self, folder, copy)

    monkeypatch.setattr(BigMessages, "take", watched)
    office.fill(4)
    office.mailbox.append("INBOX", big(5), at=NOW + timedelta(days=1))
    office.fill(2, first=6)
    office.check()
    assert kept_before == [6]
    assert office.store.count()[0] == 7
    assert office.check().fetched == 0


def test_a_big_message_cut_in_the_middle_is_fetched_anew_and_never_shown_in_part(office: Office) -> None:
    office.mailbox.append("INBOX", big(1))
    office.mailbox.fail(NetworkError("cut"), "fetch_into", after=700_000)
    with pytest.raises(NetworkError):
        office.check()
    assert office.store.count()[0] == 0
    assert list(office.profile.incoming.iterdir()) == []
    office.check()
    assert office.complaints() == []


def test_a_big_message_that_is_not_as_long_as_the_server_says_is_fetched_twice_and_kept(office: Office) -> None:
    office.mailbox.append("INBOX", big(1), size=len(big(1)) + 1)
    office.check()
    assert len(office.mailbox.calls("fetch_into")) == 2
    assert office.complaints() == []


def test_a_message_over_the_limit_is_not_fetched_at_all(office: Office) -> None:
    office.mailbox.append("INBOX", mail(1), size=fetching.LARGEST + 1)
    office.check()
    assert not office.mailbox.calls("fetch_into")
    assert not office.mailbox.calls("fetch")
    assert office.check(tries_again=False).actions == ()


def test_a_full_disk_stops_fetching_keeps_what_is_here_and_goes_on_when_there_is_room(office: Office) -> None:
    office.fill(60)
    office.check()
    office.fill(60, first=100)
    office.free = RESERVE
    with pytest.raises(DiskFullError, match="nearly full"):
        office.check()
    assert len(rows(office)) == 60
    office.free = 1 << 40
    office.check()
    assert office.complaints() == []


def test_trust_that_is_changed_in_the_middle_costs_nothing_but_beginning_again(office: Office) -> None:
    office.fill(30)
    office.examiner.closes_after = 12
    office.check()
    assert office.complaints() == []


@pytest.mark.parametrize("change_at", [1, 2])
def test_a_verdict_by_trust_of_yesterday_is_made_again(office: Office, change_at: int) -> None:
    """Whether it changed before the messages were remembered or at the very moment."""
    office.fill(2)
    asked: list[str] = []

    def version() -> str:
        asked.append("")
        return "another" if len(asked) == change_at else anchors().version

    means = replace(office.means(), anchors_version=version)
    office.means = lambda: means  # type: ignore[method-assign]
    office.check()
    assert len(office.examiner.examined) == 4
    assert office.complaints() == []


def test_folders_that_go_away_between_listing_and_looking_are_met_again_under_their_names(office: Office) -> None:
    office.mailbox.create("Vecchie")
    office.fill(3, "Vecchie")
    office.check()
    done: list[bool] = []

    def rename(told: object) -> None:
        if methods(office)[-1] == "status" and not done:
            done.append(True)
            office.mailbox.rename("Vecchie", "Nuove")

    office.mailbox.before_call = rename
    office.check()
    assert office.complaints() == []


def test_a_folder_that_is_listed_and_never_opens_keeps_nothing_else_from_coming_in(office: Office) -> None:
    office.mailbox.create("Condivisa")
    office.fill(2)

    def refuse(told: Told) -> None:
        if (told.method, told.arguments) == ("status", ("Condivisa",)):
            raise RefusalError("no", code="NOPERM")

    office.mailbox.before_call = refuse
    for _ in range(2):
        office.check()
    assert ("Condivisa",) in office.mailbox.calls("status")
    assert office.store.count()[0] == 2


@pytest.mark.parametrize("code", ["", "NOPERM", "NONEXISTENT", "SERVERBUG"])
def test_an_account_whose_inbox_does_not_open_is_not_current(office: Office, code: str) -> None:
    office.fill(2)
    office.mailbox.fail(RefusalError("no", code=code), "status")
    with pytest.raises(RefusalError):
        office.check()


def test_an_empty_message_that_is_not_handed_out_keeps_no_folder_from_being_complete(office: Office) -> None:
    office.fill(2)
    office.mailbox.append("INBOX", b"")
    office.mailbox.folder("INBOX").messages[3].is_unreadable = True
    office.check()
    assert office.store.unfetched(KEY) == 1
    (inbox,) = [folder for folder in office.store.folders(KEY) if folder.name == "INBOX"]
    assert inbox.is_complete


# --- what is known without the database -------------------------------------------------------------------------------


def test_the_journal_alone_knows_what_the_server_no_longer_has(office: Office) -> None:
    office.fill(4)
    office.check()
    office.mailbox.expunge("INBOX", [1, 2])
    office.check()
    office.mailbox.append("INBOX", mail(2))
    office.check()
    before = removed(office)
    office.lose_the_database()
    assert removed(office) == before
    office.mailbox.told.clear()
    office.check()
    assert office.mailbox.calls("fetch") == []
    assert office.complaints() == []


def test_what_only_the_journal_tells_of_a_folder_and_the_server_no_longer_has_counts_as_removed(office: Office) -> None:
    """Whoever was stopped between journal and database, or lost the database, knows a place and no UID there."""
    office.fill(3)
    office.mailbox.create("Pratiche")
    office.mailbox.move("INBOX", [2], "Pratiche")
    office.fill(2, "Pratiche", first=10)
    office.check()
    office.lose_the_database()
    office.mailbox.expunge("INBOX", [1])
    office.mailbox.remove("Pratiche")
    office.check()
    assert removed(office)[sha256(mail(1))] == {"INBOX"}
    assert [one.folder for one in office.store.emptied(KEY)] == ["Pratiche"], "all it had is gone"
    office.store.answer_emptied(KEY, "Pratiche", forget=True, at=NOW)
    assert office.complaints() == []
    assert office.dry_run().actions == ()


def test_a_server_without_any_extension_is_kept_up_with(tmp_path: Path) -> None:
    office = Office(tmp_path / "p", MemoryMailbox(PASSWORD, ()))
    office.mailbox.create("Ricevute", FolderRole.RECEIPTS)
    office.fill(5)
    office.check()
    office.mailbox.flag("INBOX", [1], [SEEN])
    office.mailbox.expunge("INBOX", [2])
    office.mailbox.move("INBOX", [3], "Ricevute")
    office.check()
    assert office.complaints() == []
    assert office.dry_run().actions == ()
    office.close()


def test_a_dry_run_says_what_would_be_done_and_does_nothing(office: Office) -> None:
    office.fill(3)
    actions = office.dry_run().actions
    assert [type(action).__name__ for action in actions] == ["Fetch"]
    assert office.store.count() == (0, 0)
    assert office.store.folders(KEY) == []
    assert {"fetch", "describe"}.isdisjoint(methods(office))


def test_the_examination_is_the_one_that_any_other_way_in_would_have_made(office: Office) -> None:
    raw = letters()["envelope"]
    office.mailbox.append("INBOX", raw)
    office.check()
    (message,) = office.store.messages_by_hash([sha256(raw)])
    assert message.examination.standing == examined(raw).standing
