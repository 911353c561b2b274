"""The outbox in the store: frozen with its bytes, followed by the journal, and drafts as rows without messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pecdesk.errors import StoreError, UsageError
from pecdesk.outbox.transport import UncertainError
from pecdesk.pec.draft import Draft, DraftAttachment
from pecdesk.store import Changes, Group
from pecdesk.store.journal import Erased
from tests.kit.messages import NOW, SECOND, SENDER
from tests.unit.outbox.office import Office, Plan, letter
from tests.unit.store.mailroom import catch_up, examined, listing, rebuilt_listing, receive, rows

ID = "0123456789abcdef" * 2
DRAFT = Draft(ID, SENDER, to=(SECOND,), subject="Bozza", written_at=NOW)
LETTER = examined(letter("Diffida")).sha256


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "profile")
    yield made
    made.close()


def drafts(office: Office) -> list[str]:
    return [row.transmission.subject for row in rows(office.store, group=Group.DRAFTS)]


def test_a_draft_is_listed_as_it_was_last_saved_and_keeps_its_number(office: Office) -> None:
    heard: list[Changes] = []
    office.store.changes.subscribe(heard.append)
    first = office.store.show_draft(DRAFT)
    again = office.store.show_draft(replace(DRAFT, subject="Altra", written_at=NOW + timedelta(seconds=1)))
    assert first == again
    assert [change.transmissions for change in heard] == [{first}, {first}]
    (row,) = rows(office.store)
    assert (row.id, row.transmission.subject, row.hidden, row.unread) == (first, "Altra", False, False)
    assert row.transmission.is_believed
    assert drafts(office) == ["Altra"]
    office.store.drop_draft(ID)
    assert rows(office.store) == []


def test_a_draft_shows_that_files_are_attached(office: Office) -> None:
    attached = DraftAttachment("diffida.pdf", "ab" * 32, 10)
    id_ = office.store.show_draft(replace(DRAFT, attachments=(attached,)))
    assert office.store.changed_records().rows == (), "nobody else has changed it"
    assert id_ is not None

    assert [row.attachments for row in office.store.rows_by_id([id_])] == [1]
    office.store.show_draft(DRAFT)
    assert [row.attachments for row in office.store.rows_by_id([id_])] == [0]


def test_drafts_stay_when_everything_is_linked_anew(office: Office) -> None:
    office.store.show_draft(DRAFT)
    receive(office.store, "copy", "acceptance")
    office.store.add_account("altro@pec.gestoreuno.example", NOW)
    assert drafts(office) == ["Bozza"]
    assert office.store.changed_records().rows == ()


def test_the_list_is_made_to_show_the_drafts_there_are(office: Office) -> None:
    office.store.show_draft(DRAFT)
    office.store.show_drafts([replace(DRAFT, id=ID[::-1], subject="Nuova")])
    assert drafts(office) == ["Nuova"]


def test_what_is_frozen_is_a_draft_no_longer_until_it_is_taken_back(office: Office) -> None:
    office.store.show_draft(DRAFT)
    office.queue(draft=ID)
    assert drafts(office) == []
    assert office.store.show_draft(DRAFT) is None
    office.store.show_drafts([DRAFT])
    assert drafts(office) == []
    assert office.store.frozen_drafts() == {ID: "queued"}
    with pytest.raises(UsageError):
        office.queue("Altra", draft=ID)
    office.store.withdraw(LETTER, NOW)
    assert office.store.frozen_drafts() == {}
    office.store.show_draft(DRAFT)
    assert drafts(office) == ["Bozza"]


def test_a_draft_whose_freezing_only_the_journal_knows_is_no_row_any_more(office: Office) -> None:
    office.store.show_draft(DRAFT)
    stretch = office.store.journal.size()
    office.queue(draft=ID)
    office.store.note_journal_applied(stretch)
    office.store.show_drafts([])
    catch_up(office.store)
    assert (drafts(office), office.state()) == ([], "queued")


def test_what_is_still_in_the_outbox_is_not_erased(office: Office) -> None:
    office.bench.plans = [Plan(UncertainError("cut"))]
    id_ = office.queue()
    with pytest.raises(UsageError):
        office.store.erase([id_], NOW)
    office.deliver()
    with pytest.raises(UsageError):
        office.store.erase([id_], NOW)
    office.queue("Altra")
    office.deliver()
    sent = office.row("Altra")
    office.store.erase([sent.id], NOW)
    assert office.record("Altra") is None
    assert listing(office.store) == rebuilt_listing(office.profile)


def test_what_is_here_from_elsewhere_stays_when_it_is_taken_back(office: Office) -> None:
    receive(office.store, "copy")
    raw = office.store.archive.get(next(iter(row.transmission.messages[0] for row in rows(office.store))))
    before = listing(office.store)
    id_ = office.queue(raw=raw)
    assert office.store.rows_by_id([id_])[0].transmission.state == "queued"
    office.store.withdraw(examined(raw).sha256, NOW)
    assert listing(office.store) == before == rebuilt_listing(office.profile)


def test_where_the_disk_takes_no_bytes_nothing_is_queued_and_nothing_is_left(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise StoreError("full")

    with monkeypatch.context() as patch:
        patch.setattr(office.store.archive, "batch", refuse)
        with pytest.raises(StoreError):
            office.queue()
    assert office.store.unapplied().entries == []
    office.queue()
    assert office.state() == "queued"


def test_bytes_of_a_freezing_that_was_never_finished_are_swept_away(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = office.store.journal.write

    def stop_at_queued(entries):  # type: ignore[no-untyped-def]
        if entries[0].__struct_config__.tag == "queued":
            raise StoreError("stopped")
        return write(entries)

    with monkeypatch.context() as patch:
        patch.setattr(office.store.journal, "write", stop_at_queued)
        patch.setattr(office.store, "_note", lambda _stretch: None)
        with pytest.raises(StoreError):
            office.queue()
    assert LETTER in office.store.archive
    office.reopen()
    assert LETTER not in office.store.archive
    assert rows(office.store) == []
    assert not any(isinstance(entry, Erased) for entry in office.store.journal.read())


def test_a_copy_is_wanted_once_it_was_taken_and_until_it_is_there(office: Office) -> None:
    office.queue(keeps_copy=True)
    office.queue("Senza copia")
    record = office.record()
    assert record is not None
    assert office.store.copies_wanted(record.account) == []
    office.deliver()
    assert [each.sha256 for each in office.store.copies_wanted(record.account)] == [LETTER]
    office.store.note_copy(LETTER, NOW)
    assert office.store.copies_wanted(record.account) == []
    assert office.state() == "pending"
    office.rebuild()
    assert office.store.copies_wanted(record.account) == []
