"""Sending through the program: the draft, the outbox, a provider over SMTP that fails on order, the command line.

The oracle is what the SMTP side durably stored, counted by Message-ID: never two, whatever is cut, killed or refused.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pecdesk.app import App
from pecdesk.app.servers import Doors
from pecdesk.cli.main import run
from pecdesk.errors import PecdeskError, UsageError
from pecdesk.examine import examine
from pecdesk.pec.acceptable import UnacceptableError
from pecdesk.pec.draft import Draft, Relation
from pecdesk.pec.message import Completeness
from pecdesk.pec.sending import Sending
from pecdesk.profile import Profile
from pecdesk.profile.accounts import Account, Endpoint, Security
from pecdesk.store import Filter, Group, Row
from pecdesk.store.journal import Journal, MarkedRead
from tests.kit.certificates import ServerAuthority
from tests.kit.memory_server import MemoryMailbox
from tests.kit.smtp_server import OK, PATIENCE, Behaviour, SmtpServer

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
ME = "studio@pec.gestore.example"
ANNA, BRUNO = "anna@pec.uno.example", "bruno@pec.due.example"
FILE = (
    f"From: Studio <{ME}>\r\nTo: {ANNA}, {BRUNO}\r\nSubject: Diffida\r\nMessage-ID: <uno@pec.gestore.example>\r\n"
    "Date: Sun, 22 Nov 2026 10:30:00 +0000\r\n\r\nTesto.\r\n.\r\n"
).encode()
PDF = b"%PDF-1.4\r\n\x00\xff\n"

Serve = Callable[..., SmtpServer]


@pytest.fixture
def serve(tmp_path: Path, request: pytest.FixtureRequest) -> Serve:
    def start(*behaviours: Behaviour, **options: Any) -> SmtpServer:
        server = SmtpServer(tmp_path / "provider", options.pop("certificate", None), *behaviours, **options)
        server.__enter__()
        request.addfinalizer(server.__exit__)
        return server

    return start


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


def opened(profile: Path) -> App:
    """The program, examining in this process: what the helper does is tested elsewhere."""
    app = App(Profile.open(profile))
    app.clock = lambda: NOW
    app.examine_bytes = lambda raw, now: examine(raw, app.anchors, now=now)  # type: ignore[method-assign]
    return app


@pytest.fixture
def app(profile: Path) -> Iterator[App]:
    with opened(profile) as made:
        yield made


def set_up(app: App, server: SmtpServer, **changes: object) -> Account:
    made = Account(
        ME,
        Endpoint("127.0.0.1", 993, Security.PLAIN),
        smtp=server.endpoint,
        name="Studio",
        password_command="echo Sesamo",
    )
    return app.servers.add(replace(made, **changes), None, NOW)  # type: ignore[arg-type]


def later(app: App, **span: float) -> None:
    at = app.clock() + timedelta(**span)
    app.clock = lambda: at


def draft(app: App, subject: str = "Diffida") -> Draft:
    new = app.drafting.new(ME, to=(ANNA,), cc=(BRUNO,), subject=subject, text="Vi diffido.\n.\n")
    return app.drafting.save(app.drafting.attach_bytes(new, "atto.pdf", PDF, "application/pdf"), NOW)


def row(app: App, id_: int) -> Row:
    return app.rows_by_id([id_])[0]


def state(app: App, id_: int) -> str:
    return str(row(app, id_).transmission.state)


def rows_of(app: App, group: Group) -> list[str]:
    return [found.transmission.subject for found in app.rows(Filter(group=group, limit=0), NOW)]


def put(tmp_path: Path, raw: bytes = FILE) -> Path:
    path = tmp_path / "messaggio.eml"
    path.write_bytes(raw)
    return path


def test_a_draft_leaves_byte_for_byte_as_it_was_frozen_and_is_a_draft_no_longer(
    app: App, serve: Serve, tmp_path: Path
) -> None:
    authority = ServerAuthority(tmp_path / "authority")
    server = serve(certificate=authority.good())
    set_up(app, server, ca_file=str(authority.ca_file))
    written = draft(app)

    id_ = app.outgoing.send(written, NOW)

    assert (rows_of(app, Group.DRAFTS), rows_of(app, Group.OUTBOX), state(app, id_)) == ([], ["Diffida"], "queued")
    frozen = app.raw(str(row(app, id_).transmission.original_sha256))
    assert app.outgoing.deliver_now()
    (mail,) = server.stored
    assert (mail.raw, mail.recipients) == (frozen, (ANNA, BRUNO))
    found = row(app, id_).transmission
    assert (found.state, found.original, mail.message_id) == ("pending", "own", f"<{found.message_id}>")
    assert (rows_of(app, Group.OUTBOX), rows_of(app, Group.SENT)) == ([], ["Diffida"])
    with pytest.raises(UsageError):
        app.drafting.get(written.id)


def test_once_the_provider_has_it_the_mailbox_is_looked_into_and_not_before(
    app: App, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    monkeypatch.setattr(app.syncing, "check_now", looked.append)
    set_up(app, serve(Behaviour(answer="451 later"), Behaviour()))
    id_ = app.outgoing.send(draft(app), NOW)
    app.outgoing.deliver_now()
    assert looked == []
    app.outgoing.retry(id_, NOW)
    app.outgoing.deliver_now()
    assert looked == [ME]


def test_a_draft_is_frozen_once(app: App, serve: Serve) -> None:
    set_up(app, serve())
    written = draft(app)
    app.outgoing.send(written, NOW)
    with pytest.raises(UsageError):
        app.outgoing.send(written, NOW)


def test_until_it_leaves_it_can_be_taken_back_and_is_the_draft_it_was(app: App, serve: Serve) -> None:
    server = serve()
    set_up(app, server)
    written = draft(app)
    id_ = app.outgoing.send(written, NOW, not_before=NOW + timedelta(seconds=10))
    app.outgoing.deliver_now()
    assert row(app, id_).transmission.not_before == NOW + timedelta(seconds=10)

    back = app.outgoing.withdraw(id_, NOW)

    assert back == written
    assert app.drafting.attachment(back.attachments[0]) == PDF
    assert rows_of(app, Group.DRAFTS) == ["Diffida"]
    later(app, minutes=1)
    app.outgoing.deliver_now()
    assert server.stored == []
    with pytest.raises(UsageError):
        app.outgoing.withdraw(id_, NOW)


def test_what_waits_for_its_time_leaves_at_once_when_the_user_wants_it(app: App, serve: Serve) -> None:
    server = serve()
    set_up(app, server)
    id_ = app.outgoing.send(draft(app), NOW, not_before=NOW + timedelta(days=1))
    app.outgoing.retry(id_, NOW)
    app.outgoing.deliver_now()
    assert (state(app, id_), len(server.stored)) == ("pending", 1)


def test_a_refused_recipient_is_corrected_in_the_draft_and_sent_then(app: App, serve: Serve) -> None:
    server = serve(Behaviour({f"RCPT {BRUNO}": "550 5.1.1 unknown"}), Behaviour())
    set_up(app, server)
    id_ = app.outgoing.send(draft(app), NOW)
    app.outgoing.deliver_now()
    found = row(app, id_).transmission
    assert (found.state, found.attention, server.stored) == ("refused", ("refused",), [])
    assert BRUNO in str(found.last_error)
    back = app.outgoing.withdraw(id_, NOW)
    app.outgoing.send(app.drafting.save(replace(back, cc=()), NOW), NOW)
    app.outgoing.deliver_now()
    assert [mail.recipients for mail in server.stored] == [(ANNA,)]


def test_what_is_uncertain_is_the_users_to_settle_and_goes_out_again_only_as_a_new_message(
    app: App, serve: Serve
) -> None:
    server = serve(Behaviour(answer=None), Behaviour())
    set_up(app, server)
    id_ = app.outgoing.send(draft(app), NOW)
    app.outgoing.deliver_now()
    assert state(app, id_) == "uncertain"
    for verb in (app.outgoing.withdraw, app.outgoing.retry):
        with pytest.raises(UsageError):
            verb(id_, NOW)

    app.outgoing.settle(id_, was_sent=False, at=NOW)
    again = app.outgoing.withdraw(id_, NOW)

    assert (state(app, id_), again.relation) == ("refused", Relation.RESEND)
    second = app.outgoing.send(again, NOW)
    app.outgoing.deliver_now()
    assert sorted(server.times(mail.message_id) for mail in server.stored) == [1, 1]
    assert (row(app, second).linked, row(app, id_).linked) == ((id_,), (second,))
    assert again.text.strip() == "Vi diffido.\n."


def test_a_file_leaves_as_it_is_and_can_be_taken_back_as_a_draft(app: App, serve: Serve, tmp_path: Path) -> None:
    server = serve()
    set_up(app, server)
    first = app.outgoing.send_file(put(tmp_path), ME, None, NOW)
    assert (first.added, first.line_ends_changed, first.message_id) == ((), False, "<uno@pec.gestore.example>")
    back = app.outgoing.withdraw(first.row_id, NOW)
    assert (back.to, back.subject, back.text.strip()) == ((ANNA, BRUNO), "Diffida", "Testo.\n.")
    assert rows_of(app, Group.DRAFTS) == ["Diffida"]

    app.outgoing.send_file(put(tmp_path), ME, None, NOW)
    app.outgoing.deliver_now()

    assert [mail.raw for mail in server.stored] == [FILE]


def test_a_message_id_is_used_once_unless_nothing_was_sent(app: App, serve: Serve, tmp_path: Path) -> None:
    server = serve(Behaviour({f"RCPT {BRUNO}": "550 5.1.1 unknown"}), Behaviour())
    set_up(app, server)
    path = put(tmp_path)
    app.outgoing.send_file(path, ME, None, NOW)
    with pytest.raises(UnacceptableError, match="uno@pec"):
        app.outgoing.send_file(path, ME, None, NOW)
    app.outgoing.deliver_now()
    path.write_bytes(FILE.replace(f", {BRUNO}".encode(), b""))
    app.outgoing.send_file(path, ME, None, NOW)
    app.outgoing.deliver_now()
    for raw in (FILE, FILE.replace(b"Testo", b"Altro")):
        path.write_bytes(raw)
        with pytest.raises(UnacceptableError):
            app.outgoing.send_file(path, ME, None, NOW)
    assert (server.times("<uno@pec.gestore.example>"), rows_of(app, Group.SENT)) == (1, ["Diffida"])


def test_a_wrong_password_is_tried_once_and_the_new_one_sends_all_that_waits(app: App, serve: Serve) -> None:
    server = serve(password="Nuova")
    account = set_up(app, server)
    ids = [app.outgoing.send(draft(app, subject), NOW) for subject in ("Una", "Due")]
    for _ in range(3):
        app.outgoing.deliver_now()
        later(app, hours=2)
    assert (server.logins, [state(app, id_) for id_ in ids]) == (1, ["queued", "queued"])
    app.servers.change(replace(account, password_command="echo Nuova"))
    app.outgoing.release(ME, app.clock())
    app.outgoing.deliver_now()
    assert [state(app, id_) for id_ in ids] == ["pending", "pending"]


def test_the_worker_tries_a_refused_login_again_when_the_account_was_changed(app: App, serve: Serve) -> None:
    account = set_up(app, serve(password="Nuova"))
    settled = threading.Semaphore(0)
    app.outgoing.subscribe(lambda sending: settled.release() if sending.state != "sending" else None)
    app.outgoing.start()
    id_ = app.outgoing.send(draft(app), NOW)
    assert settled.acquire(timeout=PATIENCE)
    assert state(app, id_) == "queued"
    app.servers.change(replace(account, password_command="echo Nuova"))
    assert settled.acquire(timeout=PATIENCE)
    assert state(app, id_) == "pending"


def test_a_restored_backup_sends_nothing_of_what_was_waiting(app: App, serve: Serve, tmp_path: Path) -> None:
    server = serve()
    set_up(app, server)
    app.outgoing.send(draft(app), NOW)
    app.backup(tmp_path / "backup")
    app.outgoing.deliver_now()
    with opened(tmp_path / "elsewhere") as other:
        other.restore(tmp_path / "backup")
        (found,) = other.rows(Filter(group=Group.OUTBOX), NOW)
        assert found.transmission.state == "uncertain"
        other.outgoing.deliver_now()
    assert len(server.stored) == 1


def test_the_worker_sends_what_is_queued_and_what_another_program_has_queued(
    app: App, profile: Path, serve: Serve, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A window and the command line at once: the one that is open first hands everything over."""
    server = serve()
    set_up(app, server)
    steps: list[Sending] = []
    sent = threading.Semaphore(0)

    def heard(sending: Sending) -> None:
        steps.append(sending)
        if sending.state == "pending":
            sent.release()

    stop = app.outgoing.subscribe(heard)
    app.outgoing.start()
    app.outgoing.send(draft(app), NOW)
    assert sent.acquire(timeout=PATIENCE)
    assert run(["--profile", str(profile), "send", str(put(tmp_path)), "--account", ME, "--json", "--now", AT]) == 0
    said = json.loads(capfd.readouterr().out)
    app.notice_others()
    assert sent.acquire(timeout=PATIENCE)
    app.outgoing.stop()
    stop()
    assert not said["handed_over_here"]
    assert [step.state for step in steps] == ["sending", "pending"] * 2
    assert sorted(server.times(mail.message_id) for mail in server.stored) == [1, 1]
    assert app.outgoing.failure is None


def test_two_threads_that_find_what_a_dead_program_left_do_not_put_it_right_at_once(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slower one would put what is old by then over what the faster one has written since."""
    store = app.store
    Journal(app.profile.journal).append([MarkedRead(("0" * 64,), NOW)])
    calls, second = [], threading.Event()

    def slowly(*_: object) -> None:
        calls.append(1)
        if len(calls) == 1:
            thread.start()
            second.wait(0.3)
        else:
            second.set()

    monkeypatch.setattr("pecdesk.app.opened.index_entries", slowly)
    thread = threading.Thread(target=app.catch_up, args=(store,))
    app.catch_up(store)
    thread.join(10)
    assert len(calls) == 1


def test_a_window_that_closes_gives_a_sending_a_moment_and_then_says_that_nobody_knows(
    app: App, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pecdesk.app.outgoing.GRACE", 0.1)
    hold, holding = threading.Event(), threading.Event()
    server = serve(Behaviour(hold=hold, holding=holding))
    set_up(app, server)
    app.outgoing.start()
    id_ = app.outgoing.send(draft(app), NOW)
    assert holding.wait(PATIENCE)
    thread = app.outgoing._thread
    assert thread is not None
    app.outgoing.stop()
    thread.join(PATIENCE)
    hold.set()
    assert state(app, id_) == "uncertain"


AROUND = (-7, -6, -5, -4, -3, -2, -1, 0)
"""From before the dot to after it."""
ELSEWHERE = (-30, -200, -500)


@pytest.mark.parametrize("from_end", [*AROUND, *ELSEWHERE])
def test_wherever_the_connection_is_cut_it_is_sent_at_most_once_and_said_truly(
    app: App, serve: Serve, tmp_path: Path, from_end: int
) -> None:
    """`from_end`: bytes of the data, its end included, that get through; 0: everything, and the answer is lost."""
    raw = FILE.replace(b"Testo.", b"Testo. " * 100)
    whole = len(raw) + len(b".") + len(b".\r\n")  # one dot is doubled
    cut = Behaviour(cut_at=whole + from_end) if from_end < 0 else Behaviour(answer=None)
    server = serve(cut, Behaviour())
    set_up(app, server)
    id_ = app.outgoing.send_file(put(tmp_path, raw), ME, None, NOW).row_id
    app.outgoing.deliver_now()

    was_taken = server.times("<uno@pec.gestore.example>")
    assert was_taken == (from_end >= 0)
    assert state(app, id_) in (("uncertain",) if was_taken else ("uncertain", "queued"))

    later(app, hours=1)
    app.outgoing.deliver_now()
    count = server.times("<uno@pec.gestore.example>")
    assert count == (was_taken if state(app, id_) == "uncertain" else 1)
    assert all(mail.raw == raw for mail in server.stored)


CHILD = """
import os, signal, sys
from pathlib import Path
from pecdesk.app import App
from pecdesk.examine import examine
from pecdesk.outbox import smtp, smtp_transport
from pecdesk.store.journal import Journal

point, profile = sys.argv[1:]

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def before(owner, name):
    setattr(owner, name, die)

def after(owner, name):
    real = getattr(owner, name)
    def then(*args, **named):
        real(*args, **named)
        die()
    setattr(owner, name, then)

def write(journal, entries, real=Journal.write):
    entries = list(entries)
    written = real(journal, entries)
    if entries and type(entries[0]).__name__ == point:
        die()
    return written

Journal.write = write
if point == "data":
    before(smtp_transport.SmtpTransport, "_send")
elif point == "dot":
    after(smtp_transport.SmtpTransport, "_end")

with App.open(Path(profile)) as app:
    app.examine_bytes = lambda raw, now: examine(raw, app.anchors, now=now)
    app.outgoing.deliver_now()
"""

POINTS = {"data": ("queued", 0), "SendingClosing": ("uncertain", 0), "dot": ("uncertain", 1)}
"""All others, and each write in between, are tried in `tests/unit/outbox/test_machine.py`."""


@pytest.mark.parametrize("point", POINTS)
def test_killed_for_real_in_each_state_it_is_sent_at_most_once_and_said_truly(
    profile: Path, serve: Serve, tmp_path: Path, point: str
) -> None:
    server = serve()
    with opened(profile) as app:
        set_up(app, server)
        id_ = app.outgoing.send(draft(app), NOW)
    child = subprocess.run([sys.executable, "-c", CHILD, point, str(profile)], timeout=PATIENCE, check=False)
    assert child.returncode == -signal.SIGKILL
    expected, count = POINTS[point]
    with opened(profile) as app:
        app.clock = lambda: datetime.now(UTC) + timedelta(hours=2)
        assert (state(app, id_), len(server.stored)) == (expected, count)
        app.outgoing.deliver_now()
        assert len(server.stored) == (1 if expected == "queued" else count)
        assert state(app, id_) == ("pending" if expected == "queued" else expected)


AT = "2026-11-22T11:30:00+01:00"


def command(profile: Path, path: Path, *words: str) -> int:
    return run(["--profile", str(profile), "--lang", "it", "send", str(path), "--account", ME, "--now", AT, *words])


def test_the_command_prints_what_it_added_and_returns_the_row(
    app: App, profile: Path, serve: Serve, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    server = serve()
    set_up(app, server)
    raw = FILE.replace(b"Message-ID: <uno@pec.gestore.example>\r\n", b"").replace(b"\r\n", b"\n")
    path = put(tmp_path, raw)
    assert command(profile, path, "--receipt", "breve", "--json") == 0
    said = json.loads(capfd.readouterr().out)
    (mail,) = server.stored
    assert [each["name"] for each in said["added"]] == ["Message-ID", "X-TipoRicevuta"]
    assert (said["state"], said["message_id"], said["line_ends_changed"]) == ("pending", mail.message_id, True)
    assert said["transmission"]["id"] == said["id"]
    assert mail.raw.endswith(raw.replace(b"\n", b"\r\n"))
    assert command(profile, path) == 0
    assert "Message-ID" in capfd.readouterr().out


def test_the_command_says_everything_that_stands_against_a_file(
    app: App, profile: Path, serve: Serve, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    server = serve()
    set_up(app, server)
    path = put(tmp_path, FILE.replace(b"Subject:", b"Bcc: x@pec.example\r\nX-TipoRicevuta: completa\r\nSubject:"))
    assert command(profile, path, "--receipt", "breve", "--json") == 1
    assert [each["kind"] for each in json.loads(capfd.readouterr().out)["objections"]] == [
        "blind-copy",
        "receipt-conflict",
    ]
    assert command(profile, path) == 1
    assert "Bcc" in capfd.readouterr().out
    assert (server.visits, rows_of(app, Group.ALL)) == ([], [])


CODES: list[tuple[Behaviour, int, str]] = [
    (Behaviour(answer=OK), 0, "pending"),
    (Behaviour(answer="554 5.7.1 no"), 1, "refused"),
    (Behaviour(answer=None), 1, "uncertain"),
    (Behaviour({"MAIL": "451 4.3.0 later"}), 3, "queued"),
]


@pytest.mark.parametrize(("behaviour", "code", "expected"), CODES, ids=[expected for *_, expected in CODES])
def test_the_exit_code_tells_what_became_of_it(
    app: App,
    profile: Path,
    serve: Serve,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    behaviour: Behaviour,
    code: int,
    expected: str,
) -> None:
    set_up(app, serve(behaviour))
    assert command(profile, put(tmp_path), "--json") == code
    said = capfd.readouterr()
    assert json.loads(said.out)["state"] == expected
    assert bool(said.err) is (code != 0)


def test_what_may_be_tried_again_says_when_that_will_be(
    app: App, profile: Path, serve: Serve, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    set_up(app, serve(Behaviour({"MAIL": "451 4.3.0 later"})))
    assert command(profile, put(tmp_path)) == 3
    assert "Resta in uscita e parte con il prossimo invio" in " ".join(capfd.readouterr().out.split())


def test_what_waits_behind_a_refused_login_is_said_by_the_command_and_leaves_once_that_login_was_tried_out(
    app: App,
    profile: Path,
    serve: Serve,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    password, mailbox = tmp_path / "password", MemoryMailbox(password="Nuova")
    password.write_text("Vecchia")
    monkeypatch.setattr("pecdesk.app.servers.Doors", lambda: Doors(mailbox.connect))
    server = serve(password="Nuova")
    set_up(app, server, password_command=f"cat {password}")
    others = [
        put(tmp_path, FILE.replace(b"<uno@", b"<%d@" % number)).rename(tmp_path / f"{number}") for number in (1, 2)
    ]
    assert command(profile, put(tmp_path), "--json") == 3
    capfd.readouterr()
    assert command(profile, others[0], "--json") == 3
    said = capfd.readouterr()
    assert json.loads(said.out)["state"] == "queued"
    assert "535" in json.loads(said.out)["last_error"]
    assert f"pecdesk account test {ME}" in said.err
    password.write_text("Nuova")
    assert run(["--profile", str(profile), "account", "test", "--now", AT]) == 0
    assert server.logins == 2, "one refused, one let in"
    assert command(profile, others[1]) == 0
    assert len(server.stored) == 3


def test_an_account_or_a_file_that_is_not_there_is_said(profile: Path, tmp_path: Path, app: App, serve: Serve) -> None:
    assert command(profile, put(tmp_path)) == 2
    set_up(app, serve())
    assert command(profile, tmp_path / "manca.eml") == 3


def test_a_kind_of_receipt_is_asked_for_in_a_header(app: App, serve: Serve, tmp_path: Path) -> None:
    set_up(app, serve())
    sent = app.outgoing.send_file(put(tmp_path), ME, Completeness.SHORT, NOW)
    assert sent.added == (("X-TipoRicevuta", "sintetica"),)


def test_a_receipt_cannot_be_sent_as_a_message_of_ours(app: App, serve: Serve, tmp_path: Path) -> None:
    set_up(app, serve())
    with pytest.raises(PecdeskError):
        app.outgoing.send_file(put(tmp_path, b"X-Ricevuta: accettazione\r\n" + FILE), ME, None, NOW)
