"""Servers that change under a synchronisation: numbered anew, renamed, emptied, deleted, full. Nothing is lost by it,
nothing is fetched twice, and in the end the profile and the mailbox are one. All against a real Dovecot."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pecdesk.errors import LoginError
from pecdesk.examiner import Examiner
from pecdesk.outbox.transport import Parcel, Taken
from pecdesk.pec.sending import SendState
from pecdesk.pec.standing import Standing
from pecdesk.profile.account_status import SyncState
from pecdesk.store import Filter
from tests.kit.crash_bench import letter
from tests.kit.dovecot import Dovecot
from tests.kit.fault_proxy import FaultProxy, Plan, Way
from tests.kit.kept_office import KeptOffice
from tests.kit.messages import draft, policy, provider, sending, world

WITHOUT_UIDPLUS = "IMAP4rev1 SASL-IR LITERAL+ IDLE CHILDREN NAMESPACE UNSELECT SPECIAL-USE"
WITHOUT_CONDSTORE = "IMAP4rev1 SASL-IR LITERAL+ IDLE NAMESPACE UIDPLUS MOVE SPECIAL-USE"
BODIES = b"BODY.PEEK[]"


@pytest.fixture
def seen(tmp_path: Path, mail_server: Dovecot, helper: Examiner) -> Iterator[tuple[KeptOffice, FaultProxy]]:
    """A profile that holds five messages of the inbox and three of another folder, and what is said to the server."""
    mail_server.create("Clienti")
    mail_server.append_all("INBOX", map(letter, range(5)))
    mail_server.append_all("Clienti", map(letter, range(5, 8)))
    with (
        FaultProxy(mail_server.plain_port) as proxy,
        KeptOffice(
            tmp_path, mail_server, examiner=helper, account=mail_server.account(plain=True, port=proxy.port)
        ) as office,
    ):
        office.synced()
        assert BODIES in proxy.passed(Way.UP)
        proxy.links.clear()
        yield office, proxy


# --- numbered anew ----------------------------------------------------------------------------------------------------


def test_a_folder_numbered_anew_is_recognised_and_nothing_of_it_is_fetched_again(
    seen: tuple[KeptOffice, FaultProxy], mail_server: Dovecot
) -> None:
    office, proxy = seen
    before = office.first_seen()
    mail_server.change_uidvalidity("INBOX", 4711)

    office.synced()

    assert BODIES not in proxy.passed(Way.UP)
    assert office.first_seen() == before
    assert office.complaints() == []


@pytest.mark.parametrize(
    "before", ["status", "select", "second select", "changed_since", "describe", "headers", "fetch"]
)
def test_a_folder_numbered_anew_between_two_commands_ends_as_one_that_was_not(
    office: KeptOffice, mail_server: Dovecot, before: str
) -> None:
    mail_server.append_all("INBOX", map(letter, range(5)))
    office.synced()
    known = office.first_seen()
    mail_server.append_all("INBOX", map(letter, range(5, 8)))
    if before == "headers":
        mail_server.change_uidvalidity("INBOX", 4711)

    def change() -> None:
        mail_server.change_uidvalidity("INBOX", 4712)

    if before == "second select":
        office.meddled["select"] = lambda: office.meddled.update(select=change)
    else:
        office.meddled[before] = change

    office.converge()

    assert not office.meddled
    assert known.items() <= office.first_seen().items()
    assert office.complaints() == []


def test_numbers_that_mean_something_else_now_are_not_believed(office: KeptOffice, mail_server: Dovecot) -> None:
    """The folder is deleted and made again with other messages under the same UIDs."""
    mail_server.create("Clienti")
    mail_server.append_all("Clienti", map(letter, range(3)))
    office.synced()
    mail_server.remove("Clienti")
    mail_server.create("Clienti")
    mail_server.append_all("Clienti", map(letter, range(10, 13)))

    office.synced()
    for one in office.app.store.emptied(office.account.key):
        office.app.syncing.answer(office.account.key, forget=True, folder=one.folder)

    assert len(office.hashes()) == 6
    assert office.complaints() == []


# --- renamed, deleted, emptied ----------------------------------------------------------------------------------------


def test_a_renamed_folder_is_recognised_and_nothing_of_it_is_fetched_again(
    seen: tuple[KeptOffice, FaultProxy], mail_server: Dovecot
) -> None:
    office, proxy = seen
    before = office.first_seen()
    mail_server.rename("Clienti", "Archivio")

    report = office.synced()

    assert report.status.question is None
    assert BODIES not in proxy.passed(Way.UP)
    assert office.first_seen() == before
    assert office.complaints() == []


def test_a_deleted_folder_is_a_question_and_its_messages_stay_whatever_is_answered(
    seen: tuple[KeptOffice, FaultProxy], mail_server: Dovecot
) -> None:
    office, _ = seen
    mail_server.remove("Clienti")

    report = office.synced()

    assert report.status.state is SyncState.QUESTION
    assert report.status.question is not None
    assert report.status.question.folder == "Clienti"
    assert len(office.hashes()) == 8
    office.app.syncing.answer(office.account.key, forget=True)
    assert office.synced().status.state is SyncState.CURRENT
    assert len(office.hashes()) == 8
    assert office.complaints() == []


def test_an_emptied_inbox_is_a_question_and_mail_that_comes_back_is_its_answer(
    seen: tuple[KeptOffice, FaultProxy], mail_server: Dovecot
) -> None:
    office, _ = seen
    mail_server.move("INBOX", range(1, 6), "Drafts")
    assert office.synced().status.state is SyncState.QUESTION
    mail_server.move("Drafts", range(1, 6), "INBOX")

    report = office.synced()

    assert report.status.state is SyncState.CURRENT
    assert office.complaints() == []


# --- what others do meanwhile -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "storage"),
    [("status", "sdbox"), ("select", "sdbox"), ("changed_since", "sdbox"), ("fetch", "sdbox"), ("fetch", "maildir")],
)
def test_messages_that_vanish_between_two_commands_are_no_failure(
    tmp_path: Path, helper: Examiner, before: str, storage: str
) -> None:
    with (
        Dovecot(storage=storage) as server,
        KeptOffice(tmp_path, server, examiner=helper) as office,
    ):
        server.append_all("INBOX", map(letter, range(3)))
        office.synced()
        server.append_all("INBOX", map(letter, range(3, 9)))
        office.meddled[before] = lambda: server.expunge("INBOX", [2, 5, 6])

        office.synced()
        report = office.synced()

        assert report.status.state is SyncState.CURRENT
        assert hashlib.sha256(letter(1)).hexdigest() in office.hashes(), "it was here: it stays"
        assert office.complaints() == []


def test_a_message_that_vanishes_while_it_comes_in_pieces_is_no_failure(
    office: KeptOffice, mail_server: Dovecot
) -> None:
    mail_server.append("INBOX", letter(1))
    mail_server.append("INBOX", letter(2, 3_000_000))
    office.meddled["fetch_into"] = lambda: mail_server.expunge("INBOX", [2])

    office.converge()
    office.synced()

    assert office.hashes() == {hashlib.sha256(letter(1)).hexdigest()}
    assert office.complaints() == []


def test_without_condstore_flags_and_removals_are_found_all_the_same(tmp_path: Path, helper: Examiner) -> None:
    with (
        Dovecot(capabilities=WITHOUT_CONDSTORE) as server,
        KeptOffice(tmp_path, server, examiner=helper) as office,
    ):
        server.append_all("INBOX", map(letter, range(5)))
        office.synced()
        server.flag("INBOX", [1, 4], ["\\Seen"])
        server.expunge("INBOX", [2])
        server.append("INBOX", letter(9))

        office.synced()

        assert office.complaints() == []


# --- the copy in the Sent folder --------------------------------------------------------------------------------------


class Provider:
    """Takes everything."""

    def hand_over(self, parcel: Parcel, before_the_dot: Callable[[], None]) -> Taken:
        with parcel.open() as file:
            file.read()
        before_the_dot()
        return Taken("250 2.0.0 Ok")


def send(office: KeptOffice, number: int, padding: int = 0) -> str:
    """Send a letter; its SHA-256."""
    app = office.app
    address = office.account.address
    raw = (
        f"From: <{address}>\r\nTo: <lucia@posta.example>\r\nSubject: Invio {number}\r\n"
        f"Date: Sun, 22 Nov 2026 10:30:00 +0000\r\nMessage-ID: <invio-{number}@pec.esempio.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n" + "Buongiorno.\r\n" * (1 + padding // 13)
    ).encode()
    path = office.profile.root.parent / f"{number}.eml"
    path.write_bytes(raw)
    app.outgoing.transport_of = lambda _: Provider()
    app.outgoing.send_file(path, address, None, datetime.now(UTC))
    assert app.outgoing.deliver_now()
    (sent,) = app.store.sendings(SendState.PENDING)
    return sent.sha256


def copies(server: Dovecot, number: int) -> int:
    return sum(f"<invio-{number}@".encode() in one.raw for one in server.messages("Sent"))


@pytest.mark.parametrize("capabilities", ["", WITHOUT_UIDPLUS], ids=["with UIDPLUS", "without UIDPLUS"])
def test_a_copy_whose_answer_was_lost_is_not_made_twice(tmp_path: Path, helper: Examiner, capabilities: str) -> None:
    with (
        Dovecot(capabilities=capabilities or None) as server,
        FaultProxy(server.plain_port) as proxy,
        KeptOffice(
            tmp_path,
            server,
            examiner=helper,
            account=server.account(plain=True, port=proxy.port),
            keeps_sent_copy=True,
        ) as office,
    ):
        office.synced()
        send(office, 1)
        # The last bytes of what is put in pass, and the server's answer does not.
        proxy.plan(Plan(Way.UP, cut_after_pattern=b"Buongiorno.\r\n\r\n"))

        first = office.sync()
        lost = copies(server, 1)
        office.converge()
        office.synced()

        assert first.error is not None
        assert (lost, copies(server, 1)) == (1, 1)
        assert office.app.store.copies_wanted(office.account.key) == []
        assert office.complaints() == []


def test_a_full_mailbox_takes_no_copy_and_the_sending_is_none_the_worse(tmp_path: Path, helper: Examiner) -> None:
    with (
        Dovecot(quota="100K") as server,
        KeptOffice(tmp_path, server, examiner=helper, keeps_sent_copy=True) as office,
    ):
        filler = [server.append("INBOX", letter(number, 30_000)) for number in range(3)]
        office.synced()
        sha256 = send(office, 1, padding=20_000)

        report = office.synced()

        assert report.status.state is SyncState.CURRENT
        assert report.status.quota is not None
        assert report.status.quota.used > 0.8 * report.status.quota.limit
        (row,) = [row for row in office.app.rows(Filter(limit=0), datetime.now(UTC)) if sha256 in row.message_ids]
        assert row.transmission.state == "pending"
        assert copies(server, 1) == 0
        server.expunge("INBOX", filler[:2])
        office.synced()
        office.synced()
        assert copies(server, 1) == 1
        assert office.complaints() == []


# --- clocks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("off", [timedelta(days=-731), timedelta(days=731), "1970"], ids=str)
def test_a_wrong_clock_changes_neither_order_nor_what_is_kept(
    office: KeptOffice, mail_server: Dovecot, off: timedelta | str
) -> None:
    now = datetime.now(UTC)
    wrong = datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC) if isinstance(off, str) else now + off
    mail_server.append_all("INBOX", map(letter, range(3)))
    office.synced()
    office.app.clock = lambda: wrong
    for number in range(3, 6):
        mail_server.append("INBOX", letter(number), at=now + timedelta(minutes=number))

    report = office.synced()
    shown = [row.transmission.subject for row in office.app.rows(Filter(limit=0), now)]

    assert report.status.checked_at == wrong
    assert sorted(shown) == [f"Lettera {number}" for number in range(6)]
    assert office.complaints() == []
    office.app.clock = lambda: datetime.now(UTC)
    assert office.synced().checked.actions == ()


def test_a_wrong_clock_changes_no_verdict(tmp_path: Path, mail_server: Dovecot) -> None:
    """What counts is when it was certified."""
    (tmp_path / "ca.pem").write_bytes(world().authority.certificate_pem)
    (tmp_path / "prova.toml").write_text(policy(), encoding="utf-8")
    right = datetime.now(UTC)
    clocks = (right, right - timedelta(days=731), right + timedelta(days=731), datetime(1970, 1, 2, tzinfo=UTC))
    with KeptOffice(tmp_path, mail_server) as office:
        office.app.add_trust(tmp_path / "prova.toml", right, by_hand=False)
        for number, clock in enumerate(clocks):
            office.app.clock = lambda clock=clock: clock  # type: ignore[misc]
            mail_server.append("INBOX", provider().acceptance(sending(draft(f"Diffida {number}"))).sealed())
            office.synced()

        found = office.app.store.messages_by_hash(office.hashes())

        assert [one.examination.standing for one in found] == [Standing.CERTIFIED] * len(clocks)
        assert office.complaints() == []


# --- the password -----------------------------------------------------------------------------------------------------


def test_a_password_that_expired_is_tried_once_and_everything_stays_readable(
    seen: tuple[KeptOffice, FaultProxy], mail_server: Dovecot
) -> None:
    office, proxy = seen
    mail_server.change_password("un'altra")

    report = office.sync()

    assert isinstance(report.error, LoginError)
    assert report.status.state is SyncState.LOGIN_REFUSED
    assert proxy.passed(Way.UP).count(b"AUTHENTICATE") == 1
    assert len(office.app.rows(Filter(limit=0), datetime.now(UTC))) == 8


def test_a_server_that_will_not_say_how_full_it_is_is_kept_up_with_all_the_same(
    tmp_path: Path, helper: Examiner
) -> None:
    """It announces QUOTA and refuses to be asked."""
    with (
        Dovecot(capabilities="+QUOTA") as server,
        KeptOffice(tmp_path, server, examiner=helper) as office,
    ):
        server.append("INBOX", letter(1))

        assert office.synced().status.state is SyncState.CURRENT
        assert office.complaints() == []
