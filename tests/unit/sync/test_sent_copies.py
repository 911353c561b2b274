"""The copy of what was sent: in the Sent folder once, whatever is lost on the way, and never a failed sending."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from pecdesk.demo.draft import original
from pecdesk.errors import NetworkError
from pecdesk.pec.acceptable import addressed
from pecdesk.pec.sending import SendState
from pecdesk.store import Filter
from pecdesk.store.steps import Queued, SendingBegun, SendingEnded
from pecdesk.sync.refusal import RefusalError
from tests.kit.memory_mailbox import Fault
from tests.kit.messages import NOW, SENDER, draft
from tests.unit.sync.office import ACCOUNT, Office, examined

MINE = replace(ACCOUNT, address=SENDER)
LETTER = original(draft("Diffida", message_id="<uno@pec.gestoreuno.example>"))


@pytest.fixture
def office(tmp_path: Path):  # type: ignore[no-untyped-def]
    made = Office(tmp_path / "profile", account=MINE)
    made.check()
    yield made
    made.close()


def sent(office: Office, raw: bytes = LETTER, *, keeps_copy: bool = True) -> None:
    """The provider has taken it."""
    to, found = addressed(raw), examined(raw)
    step = Queued(found.sha256, NOW, MINE.key, to.message_id, to.sender, to.recipients, keeps_copy=keeps_copy)
    office.store.queue(raw, found, step)
    office.store.take_step(SendingBegun(found.sha256, NOW, 1))
    office.store.take_step(SendingEnded(found.sha256, NOW, SendState.PENDING))


def in_sent(office: Office) -> list[bytes]:
    return [message.raw for message in office.mailbox.folder("Sent").messages.values()]


def test_what_was_sent_is_put_there_once_as_it_left_read_and_found_again_as_the_same_message(office: Office) -> None:
    sent(office)
    office.check()
    office.check()
    assert in_sent(office) == [LETTER]
    (message,) = office.mailbox.folder("Sent").messages.values()
    assert message.flags == {"\\Seen"}
    (row,) = office.store.rows(Filter(limit=0), NOW)
    assert (row.transmission.state, row.transmission.rivals) == ("pending", ())
    assert office.store.count() == (1, 1)


def test_one_that_the_provider_has_put_there_is_enough(office: Office) -> None:
    office.mailbox.append("Sent", LETTER + b"Aggiunto dal gestore\r\n")
    sent(office)
    office.check()
    assert len(in_sent(office)) == 1
    assert office.store.copies_wanted(MINE.key) == []


def test_an_answer_that_was_lost_makes_no_second_copy(office: Office) -> None:
    sent(office)
    office.mailbox.faults = [Fault(NetworkError("cut"), "append", is_late=True)]
    with pytest.raises(NetworkError):
        office.check()
    office.check()
    assert in_sent(office) == [LETTER]
    assert office.store.copies_wanted(MINE.key) == []


def test_a_full_mailbox_is_a_warning_and_the_message_stays_sent(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    sent(office)
    office.mailbox.faults = [Fault(RefusalError("full", code="OVERQUOTA"), "append")]
    office.check()
    (row,) = office.store.rows(Filter(limit=0), NOW)
    assert (row.transmission.state, row.transmission.attention, in_sent(office)) == ("pending", (), [])
    assert "OVERQUOTA" in caplog.text
    office.check()
    assert in_sent(office) == [LETTER]


def test_a_copy_that_is_damaged_in_the_archive_keeps_no_mail_from_coming_in(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    sent(office)
    office.store.archive.path(examined(LETTER).sha256).unlink()
    office.mailbox.append("INBOX", original(draft("Altra", message_id="<due@pec.gestoreuno.example>")))
    office.check()
    assert in_sent(office) == []
    assert office.store.count()[0] == 2
    assert "StoreError" in caplog.text


def test_nothing_is_put_there_that_was_not_asked_for_or_whose_id_cannot_be_looked_for(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    sent(office, keeps_copy=False)
    sent(office, original(draft("Strana", message_id='<"due"@pec.gestoreuno.example>')))
    office.check()
    assert in_sent(office) == []
    assert "ArgumentError" in caplog.text


def test_an_account_that_is_only_read_gets_no_copy(office: Office) -> None:
    office.account = replace(MINE, is_read_only=True)
    sent(office)
    office.check()
    assert in_sent(office) == []
