"""The worker of the outbox: what leaves, what is tried again, what is never repeated."""

from __future__ import annotations

import json
import logging
import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pecdesk.errors import LoginError, ProfileError, StoreError, UsageError
from pecdesk.outbox.recovery import SEND_LOCK, desk_of
from pecdesk.outbox.states import INTERRUPTED
from pecdesk.outbox.states import INTERRUPTED_AT_THE_END as AT_END
from pecdesk.outbox.transport import PostponedError, RefusedError, UncertainError
from pecdesk.outbox.worker import OutboxWorker
from pecdesk.pec.acceptable import addressed
from pecdesk.pec.sending import Failure, SendState
from pecdesk.profile import Profile
from pecdesk.store import Group, Store
from pecdesk.store.steps import SendingBegun, SendingResumed
from tests.kit.messages import NOW, provider, sending
from tests.unit.outbox.office import Killed, Office, Plan, acceptance, killed, letter, written
from tests.unit.store.mailroom import examined, listing, rebuilt_listing, rows

LATER = PostponedError("not now", "again")
NO = RefusedError("550 no")
PERHAPS = UncertainError("cut")


@pytest.fixture
def office(folder: Path) -> Iterator[Office]:
    made = Office(folder / "profile")
    yield made
    made.close()


def test_what_is_queued_leaves_once_byte_for_byte_and_is_pending(office: Office) -> None:
    office.queue()
    assert office.state() == "queued"
    office.deliver()
    office.deliver()
    assert office.bench.raws == [letter("Diffida")]
    row = office.row().transmission
    assert (row.state, row.original, row.handed_over_at, row.attention) == ("pending", "own", NOW, ())
    record = office.record()
    assert record is not None
    assert record.reply == "250 2.0.0 Ok: queued"
    assert [sending.state for sending in office.heard] == ["sending", "pending"]


def test_the_row_keeps_its_number_from_the_queue_to_the_acceptance(office: Office) -> None:
    id_ = office.queue()
    office.deliver()
    office.receive(acceptance("Diffida"))
    row = office.row()
    assert (row.id, row.transmission.state, row.transmission.outbox) == (id_, "accepted", None)
    assert row.transmission.original_sha256 == examined(letter("Diffida")).sha256


def test_nothing_leaves_before_its_time(office: Office) -> None:
    office.queue(not_before=NOW + timedelta(hours=1))
    office.deliver()
    assert (office.state(), office.bench.taken) == ("queued", [])
    assert office.row().transmission.not_before == NOW + timedelta(hours=1)
    office.later(hours=1)
    office.deliver()
    assert office.state() == "pending"


def test_what_may_be_tried_again_is_with_growing_pauses(office: Office) -> None:
    office.bench.plans = [Plan(LATER, says_end=False) for _ in range(8)]
    office.queue()
    pauses = []
    for _ in range(8):
        office.deliver()
        row = office.row().transmission
        assert (row.state, str(row.last_error), row.attention) == ("queued", "not now", ())
        assert row.next_try_at is not None
        pauses.append((row.next_try_at - office.time).total_seconds() / 60)
        office.deliver()
        office.time = row.next_try_at
    assert pauses == [1, 2, 5, 10, 30, 60, 60, 60]
    office.deliver()
    assert (office.state(), len(office.bench.taken), office.row().transmission.last_error) == ("pending", 1, None)


def test_what_is_refused_was_not_sent_and_is_never_tried_again_by_itself(office: Office) -> None:
    office.bench.plans = [Plan(NO, says_end=False)]
    office.queue()
    office.deliver()
    office.later(days=9)
    office.deliver()
    row = office.row().transmission
    assert (row.state, str(row.last_error), row.attention) == ("refused", "550 no", ("refused",))
    assert office.bench.taken == []


@pytest.mark.parametrize("takes", [True, False])
def test_what_is_uncertain_is_never_sent_again_by_itself(office: Office, takes: bool) -> None:
    office.bench.plans = [Plan(PERHAPS, takes=takes)]
    office.queue()
    office.deliver()
    office.later(days=9)
    office.deliver()
    office.reopen()
    office.deliver()
    row = office.row().transmission
    assert (row.state, row.attention, str(row.last_error)) == ("uncertain", ("uncertain",), "cut")
    assert len(office.bench.taken) == takes


def test_the_acceptance_settles_what_is_uncertain_and_its_copy_is_wanted_then(office: Office) -> None:
    office.bench.plans = [Plan(PERHAPS)]
    office.queue(keeps_copy=True)
    office.deliver()
    assert office.store.copies_wanted(examined_account(office)) == []
    office.receive(acceptance("Diffida"))
    assert office.row().transmission.state == "accepted"
    assert office.row().transmission.attention == ()
    office.store.settle_by_receipts(office.time)
    assert [one.sha256 for one in office.store.copies_wanted(examined_account(office))] == [
        examined(letter("Diffida")).sha256
    ]


def examined_account(office: Office) -> str:
    record = office.record()
    assert record is not None
    return record.account


def test_the_notice_of_non_acceptance_settles_it_the_other_way(office: Office) -> None:
    office.bench.plans = [Plan(PERHAPS)]
    office.queue()
    office.deliver()
    office.receive(provider().non_acceptance(sending(written("Diffida")), "campo To errato").sealed())
    assert office.state() == "refused"


def test_what_was_put_off_and_accepted_all_the_same_is_not_sent_again(office: Office) -> None:
    office.bench.plans = [Plan(LATER)]
    office.queue()
    office.deliver()
    office.receive(acceptance("Diffida"))
    office.later(hours=1)
    office.deliver()
    assert (office.state(), len(office.bench.taken)) == ("accepted", 1)
    record = office.record()
    assert record is not None
    assert record.state is SendState.PENDING


def test_receipts_before_the_reply_count_at_once(office: Office) -> None:
    def accept(point: str) -> None:
        if point == "taken":
            office.receive(acceptance("Diffida"))
            assert office.state() == "accepted"

    office.bench.plans = [Plan(at=accept)]
    office.queue()
    office.deliver()
    assert office.state() == "accepted"


def test_a_refused_login_holds_everything_of_that_account_until_the_user_says_so(office: Office) -> None:
    office.bench.plans = [Plan(LoginError("no"), says_end=False)]
    office.queue("Uno")
    office.later(seconds=1)
    office.queue("Due")
    office.deliver()
    office.later(days=1)
    office.deliver()
    office.reopen()
    office.deliver()
    assert (office.state("Uno"), office.state("Due"), office.bench.taken) == ("queued", "queued", [])
    assert office.row("Uno").transmission.next_try_at is None
    assert office.row("Uno").transmission.waits_for_user
    office.store.take_step(SendingResumed(examined(letter("Uno")).sha256, office.time))
    assert not office.row("Uno").transmission.waits_for_user
    office.deliver()
    assert (office.state("Uno"), office.state("Due")) == ("pending", "pending")


def test_a_bug_before_the_end_holds_that_message_alone_and_is_not_hidden(office: Office) -> None:
    office.bench.plans = [Plan(ZeroDivisionError(), says_end=False)]
    office.queue("Uno")
    office.queue("Due")
    with pytest.raises(ZeroDivisionError):
        office.deliver()
    office.deliver()
    states = sorted((office.state("Uno"), office.state("Due")))
    assert states == ["pending", "queued"]


def test_a_bug_after_the_end_leaves_it_uncertain(office: Office) -> None:
    office.bench.plans = [Plan(ZeroDivisionError())]
    office.queue()
    with pytest.raises(ZeroDivisionError):
        office.deliver()
    assert office.state() == "uncertain"


def test_an_account_that_is_gone_holds_its_message(office: Office) -> None:
    office.bench.plans = [Plan(UsageError("no account"), says_end=False)]
    office.queue()
    office.deliver()
    office.later(days=1)
    office.deliver()
    assert (office.state(), office.bench.taken) == ("queued", [])


def test_bytes_that_are_no_longer_what_was_frozen_do_not_leave(office: Office) -> None:
    office.queue()
    path = office.store.archive.path(examined(letter("Diffida")).sha256)
    path.chmod(0o600)
    path.write_bytes(letter("Diffida").replace(b"Vi diffido", b"Vi ammazzo"))
    office.deliver()
    assert (office.state(), office.bench.taken) == ("queued", [])
    path.unlink()
    office.later(hours=1)
    office.deliver()
    assert (office.state(), office.bench.taken) == ("queued", [])


KILLED_AT = {"opened": ("queued", 0), "read": ("queued", 0), "marked": ("uncertain", 0), "taken": ("uncertain", 1)}


@pytest.mark.parametrize("point", KILLED_AT)
def test_a_program_killed_in_the_middle_leaves_a_true_state(office: Office, point: str) -> None:
    """Killed for real: what a caught exception would still write down is not written."""
    state, count = KILLED_AT[point]
    office.bench.plans = [Plan(at=killed(point))]
    office.queue()
    office.store.take_step = lambda step, taken=office.store.take_step: _unless_dead(taken, step)  # type: ignore[method-assign]
    with pytest.raises(Killed):
        office.deliver()
    office.reopen()
    assert (office.state(), len(office.bench.taken)) == (state, count)
    office.deliver()
    assert office.state() == ("pending" if state == "queued" else "uncertain")
    assert len(office.bench.taken) == (1 if state == "queued" else count)


def _unless_dead(take_step, step):  # type: ignore[no-untyped-def]
    if type(step).__name__ == "SendingEnded":
        raise Killed
    return take_step(step)


@pytest.mark.parametrize(("point", "state", "said"), [("read", "queued", INTERRUPTED), ("taken", "uncertain", AT_END)])
def test_what_a_user_interrupts_is_written_down(office: Office, point: str, state: str, said: Failure) -> None:
    office.bench.plans = [Plan(at=killed(point))]
    office.queue()
    with pytest.raises(Killed):
        office.deliver()
    assert (office.state(), office.row().transmission.last_error) == (state, said)


def test_what_waits_in_a_restored_backup_is_uncertain(office: Office) -> None:
    office.queue(desk="another")
    office.deliver()
    assert (office.state(), office.bench.taken) == ("uncertain", [])


def test_the_user_settles_it_and_nothing_is_sent_by_that(office: Office) -> None:
    office.bench.plans = [Plan(PERHAPS), Plan(PERHAPS)]
    office.queue("Uno")
    office.queue("Due")
    office.deliver()
    uno, due = (examined(letter(subject)).sha256 for subject in ("Uno", "Due"))
    office.store.settle_by_user(uno, office.time, was_sent=True)
    office.store.settle_by_user(due, office.time, was_sent=False)
    assert (office.state("Uno"), office.state("Due")) == ("pending", "refused")
    for step in (SendingResumed(due, office.time), SendingResumed(uno, office.time)):
        with pytest.raises(UsageError):
            office.store.take_step(step)
    with pytest.raises(UsageError):
        office.store.withdraw(due, office.time)
    office.later(days=1)
    office.deliver()
    assert len(office.bench.taken) == 2


@pytest.mark.parametrize("point", ["opened", "marked", "taken"])
def test_while_it_is_handed_over_the_user_comes_too_late(office: Office, point: str) -> None:
    """A window that still showed it waiting: nothing that is clicked there makes it leave twice, or look unsent."""
    sha256 = examined(letter("Diffida")).sha256
    refused = []

    def click(reached: str) -> None:
        if reached == point:
            for act in (
                lambda: office.store.take_step(SendingResumed(sha256, office.time)),
                lambda: office.store.take_step(SendingBegun(sha256, office.time, 2)),
                lambda: office.store.settle_by_user(sha256, office.time, was_sent=False),
                lambda: office.store.settle_by_user(sha256, office.time, was_sent=True),
                lambda: office.store.withdraw(sha256, office.time),
            ):
                with pytest.raises(UsageError):
                    act()
                refused.append(act)

    office.bench.plans = [Plan(at=click)]
    office.queue()
    office.deliver()
    office.deliver()
    assert (len(refused), office.state(), len(office.bench.taken)) == (5, "pending", 1)


@pytest.mark.parametrize("plan", [Plan(LATER), Plan(PERHAPS), Plan(NO)], ids=["put off", "uncertain", "refused"])
def test_once_a_receipt_shows_it_the_user_can_neither_take_it_back_nor_send_it_again(
    office: Office, plan: Plan
) -> None:
    office.bench.plans = [plan]
    office.queue()
    office.deliver()
    office.receive(acceptance("Diffida"))
    sha256 = examined(letter("Diffida")).sha256
    for act in (
        lambda: office.store.withdraw(sha256, office.time),
        lambda: office.store.take_step(SendingResumed(sha256, office.time)),
        lambda: office.store.settle_by_user(sha256, office.time, was_sent=False),
    ):
        with pytest.raises(UsageError):
            act()
    office.deliver()
    assert (office.state(), len(office.bench.taken)) == ("accepted", 1)


def test_only_what_is_uncertain_is_settled_by_the_user(office: Office) -> None:
    office.queue()
    with pytest.raises(UsageError):
        office.store.settle_by_user(examined(letter("Diffida")).sha256, office.time, was_sent=True)
    assert office.state() == "queued"


def edit(office: Office, **changes: object) -> None:
    """Somebody writes into the database by hand."""
    with office.store.database.write() as connection:
        ((sha256, document),) = connection.execute("SELECT sha256, record FROM outbox").fetchall()
        record = json.loads(document) | changes
        connection.execute(
            "UPDATE outbox SET state = ?, record = ? WHERE sha256 = ?", (record["state"], json.dumps(record), sha256)
        )


AGAIN: dict[str, object] = {"state": "queued", "is_closing": False, "is_held": False, "not_before": None}


@pytest.mark.parametrize("plan", [Plan(), Plan(PERHAPS)], ids=["taken", "uncertain"])
@pytest.mark.parametrize("changes", [AGAIN, {**AGAIN, "is_held": True}, {"state": "sending"}, {"state": "refused"}])
def test_an_edited_database_sends_nothing_twice(
    office: Office, plan: Plan, changes: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    office.bench.plans = [plan]
    office.queue()
    office.deliver()
    sha256 = examined(letter("Diffida")).sha256
    edit(office, **changes)
    office.deliver()
    edit(office, **changes)
    with pytest.raises(UsageError):
        office.store.take_step(SendingResumed(sha256, office.time))
    edit(office, **changes)
    with pytest.raises(UsageError):
        office.store.withdraw(sha256, office.time)
    edit(office, **changes)
    office.reopen()
    office.deliver()
    with office.store.database.write() as connection:
        connection.execute("DELETE FROM outbox")
    with pytest.raises(UsageError):
        office.queue()
    office.deliver()
    assert len(office.bench.taken) == 1
    assert office.state() == ("pending" if plan.error is None else "uncertain")
    assert "journal" in caplog.text


def test_an_edited_database_sends_to_nobody_else_and_not_before_its_time(office: Office) -> None:
    office.queue(not_before=NOW + timedelta(hours=1))
    edit(office, not_before=None, sender="altri@pec.altrove.example", recipients=["altri@pec.altrove.example"])
    office.deliver()
    assert office.bench.taken == []
    office.later(hours=1)
    office.deliver()
    assert office.bench.recipients == [addressed(letter("Diffida")).recipients]


def test_a_clock_that_is_set_back_keeps_nothing_waiting(office: Office) -> None:
    office.time = NOW + timedelta(days=365)
    office.bench.plans = [Plan(), Plan(LATER, says_end=False)]
    office.queue("Uno")
    office.queue("Due")
    office.time = NOW
    office.deliver()
    assert sorted((office.state("Uno"), office.state("Due"))) == ["pending", "queued"]
    office.time = NOW - timedelta(days=365)
    office.deliver()
    assert (office.state("Uno"), office.state("Due"), len(office.bench.taken)) == ("pending", "pending", 2)


def test_a_clock_that_is_set_back_does_not_send_before_the_time_the_user_chose(office: Office) -> None:
    office.queue(not_before=NOW + timedelta(hours=1))
    office.time = NOW - timedelta(days=1)
    office.deliver()
    assert office.bench.taken == []


def test_what_an_account_that_was_gone_held_leaves_when_it_is_back_and_what_a_bug_held_does_not(
    office: Office,
) -> None:
    office.bench.plans = [Plan(UsageError("no account"), says_end=False), Plan(ZeroDivisionError(), says_end=False)]
    office.queue("Uno")
    office.later(seconds=1)
    office.queue("Due")
    with pytest.raises(ZeroDivisionError):
        office.deliver()
    worker = OutboxWorker(office)
    sent = threading.Event()
    office.told = lambda sending: sent.set() if sending.state is SendState.PENDING else None  # type: ignore[method-assign]
    thread = threading.Thread(target=worker.run)
    thread.start()
    record = office.record("Uno")
    assert record is not None
    worker.release({record.account})
    assert sent.wait(10)
    worker.stop()
    thread.join(10)
    assert (office.state("Uno"), office.state("Due"), len(office.bench.taken)) == ("pending", "queued", 1)


def test_a_copy_of_the_whole_folder_is_another_desk(folder: Path) -> None:
    profile = Profile.open(folder / "profile")
    assert desk_of(profile) == ""
    desk = desk_of(profile, make=True)
    assert desk == desk_of(profile) == desk_of(profile, make=True) != ""
    shutil.copytree(folder / "profile", folder / "copy")
    assert desk_of(Profile.open(folder / "copy")) not in ("", desk)
    (folder / "copy" / ".desk").write_bytes(b"")
    assert desk_of(Profile.open(folder / "copy")) == ""
    assert desk_of(Profile.open(folder / "copy"), make=True) not in ("", desk)


def test_what_is_taken_back_before_it_left_is_gone(office: Office) -> None:
    office.queue()
    sha256 = examined(letter("Diffida")).sha256
    office.store.withdraw(sha256, office.time)
    office.deliver()
    assert (rows(office.store), office.bench.taken, sha256 in office.store.archive) == ([], [], False)
    assert listing(office.store) == rebuilt_listing(office.profile)
    office.queue()
    office.deliver()
    assert office.state() == "pending"


def test_what_left_cannot_be_taken_back(office: Office) -> None:
    office.bench.plans = [Plan(), Plan(PERHAPS)]
    for subject in ("Uno", "Due"):
        office.queue(subject)
        office.deliver()
        with pytest.raises(UsageError):
            office.store.withdraw(examined(letter(subject)).sha256, office.time)
        with pytest.raises(UsageError):
            office.queue(subject)


def test_a_second_program_only_puts_into_the_outbox(office: Office) -> None:
    office.queue()
    with office.profile.lock(SEND_LOCK):
        assert not OutboxWorker(office).run_once(lambda: False)
    assert office.bench.taken == []


def test_the_thread_sends_what_comes_and_ends_when_it_is_told_to(office: Office) -> None:
    worker = OutboxWorker(office, jitter=lambda: 0.0)
    sent = threading.Event()
    office.told = lambda sending: sent.set() if sending.state is SendState.PENDING else None  # type: ignore[method-assign]
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert office.leased.wait(10)
    office.queue()
    worker.wake()
    assert sent.wait(10)
    worker.stop()
    thread.join(10)
    assert not thread.is_alive()
    assert not office.leased.is_set()


def test_a_disk_that_refuses_to_remember_the_end_is_tried_again(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    monkeypatch.setattr("pecdesk.outbox.worker._AGAIN", 0.0)
    office.queue()
    refusals = iter([True, True, False])
    take_step = office.store.take_step

    def refusing(step):  # type: ignore[no-untyped-def]
        if type(step).__name__ == "SendingEnded" and next(refusals):
            raise StoreError("full")
        return take_step(step)

    monkeypatch.setattr(office.store, "take_step", refusing)
    office.deliver()
    assert (office.state(), len(office.bench.taken)) == ("pending", 1)
    assert "written down" in caplog.text


def test_a_profile_in_use_is_waited_for(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pecdesk.outbox.worker._AGAIN", 0.01)
    worker = OutboxWorker(office)
    refused = threading.Event()
    lease = office.lease

    def busy():  # type: ignore[no-untyped-def]
        if not refused.is_set():
            refused.set()
            raise ProfileError("in use")
        return lease()

    monkeypatch.setattr(office, "lease", busy)
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert office.leased.wait(10)
    worker.stop()
    thread.join(10)


def test_the_groups_of_the_list_tell_what_is_where(office: Office) -> None:
    office.bench.plans = [Plan(), Plan(NO, says_end=False), Plan(PERHAPS), Plan(LATER, says_end=False)]
    for number, subject in enumerate(("Inviata", "Rifiutata", "Incerta", "Rinviata")):
        office.time = NOW + timedelta(seconds=number)
        office.queue(subject)
    office.deliver()

    def subjects(group: Group) -> list[str]:
        return sorted(row.transmission.subject for row in rows(office.store, group=group))

    assert subjects(Group.SENT) == ["Incerta", "Inviata"]
    assert subjects(Group.OUTBOX) == ["Incerta", "Rifiutata", "Rinviata"]
    assert subjects(Group.FOLLOW) == ["Incerta", "Rifiutata"]
    assert subjects(Group.WAITING) == ["Incerta", "Inviata"]
    assert office.store.groups(NOW).counts[Group.OUTBOX, None] == 3
    office.later(minutes=31)
    assert sorted(row.transmission.subject for row in office.store.rows(filter_follow(), office.time)) == [
        "Incerta",
        "Inviata",
        "Rifiutata",
    ]


def filter_follow():  # type: ignore[no-untyped-def]
    from pecdesk.store import Filter

    return Filter(group=Group.FOLLOW, limit=0)


def test_a_rebuilt_database_says_the_same_of_every_state(office: Office) -> None:
    office.bench.plans = [Plan(), Plan(NO, says_end=False), Plan(PERHAPS), Plan(LATER, says_end=False)]
    for number, subject in enumerate(("Inviata", "Rifiutata", "Incerta", "Rinviata", "Ripetuta")):
        office.time = NOW + timedelta(seconds=number)
        office.queue(subject, repeats=examined(letter("Rifiutata")).sha256 if subject == "Ripetuta" else None)
    office.deliver()
    before = listing(office.store)
    assert office.row("Rifiutata").linked == (office.row("Ripetuta").id,)
    assert office.row("Ripetuta").linked == (office.row("Rifiutata").id,)
    office.rebuild()
    assert listing(office.store) == before
    office.deliver()
    assert office.bench.counts.most_common(1)[0][1] == 1


def test_a_dead_program_that_only_journalled_is_heard_before_anything_is_sent(office: Office) -> None:
    """Another process began to send, wrote so in the journal, and died before the database knew."""
    office.queue()
    with Store.open(office.profile) as other:
        dead = other.database.write

        def die():  # type: ignore[no-untyped-def]
            raise Killed

        other.database.write = die  # type: ignore[method-assign,assignment]
        with pytest.raises(Killed):
            other.begin_sending(examined(letter("Diffida")).sha256, office.time)
        other.database.write = dead  # type: ignore[method-assign]
    office.deliver()
    record = office.record()
    assert record is not None
    assert record.attempts == 2
    assert len(office.bench.taken) == 1
