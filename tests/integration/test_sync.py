"""A profile kept up with a real IMAP server, whatever a second client and its administrator do there."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pecdesk.app import App
from pecdesk.cli import main as cli
from pecdesk.errors import UsageError
from pecdesk.profile.account_status import AccountStatus, SyncState
from pecdesk.profile.accounts import Account
from pecdesk.store import Filter
from pecdesk.sync.server import Server
from tests.integration.conftest import Outcome
from tests.kit import dovecot as kit
from tests.kit.dovecot import Dovecot
from tests.kit.oracle import OnServer, complaints
from tests.unit.sync.office import mail

Run = Callable[..., Outcome]

PATIENCE = 20.0
PASSWORD = "Sesamo"
NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    if reason := kit.missing():
        pytest.skip(reason)
    with Dovecot(password=PASSWORD, quota="50M") as running:
        yield running


@pytest.fixture
def office(server: Dovecot) -> Iterator[Dovecot]:
    """The same server with an empty mailbox."""
    yield server
    for folder in [name for name in server.folders() if name not in {"INBOX", *kit.FOLDERS}]:
        server.remove(folder)
    for folder in ("INBOX", *kit.FOLDERS):
        if messages := server.messages(folder):
            server.expunge(folder, [message.uid for message in messages])


def account_of(server: Dovecot, **changed: Any) -> Account:
    return replace(server.account(), password_command=f"echo {server.password}", **changed)


@pytest.fixture
def app(office: Dovecot, tmp_path: Path) -> Iterator[App]:
    with App.open(tmp_path / "profile") as app:
        app.servers.add(account_of(office), None, NOW)
        yield app


def on_server(server: Dovecot) -> dict[str, dict[int, OnServer]]:
    return {
        folder: {one.uid: OnServer(one.raw, one.flags) for one in server.messages(folder)}
        for folder in server.folders()
        if folder != "Drafts"
    }


def check(app: App, server: Dovecot) -> None:
    """One pass, and the oracle has nothing to say."""
    (report,) = app.syncing.sync()
    assert report.error is None
    assert faults(app, server) == []


def faults(app: App, server: Dovecot) -> list[str]:
    (account,) = app.servers.all()
    return complaints(app.profile, app.store, account.key, on_server(server))


class Counted:
    """A connection that counts what it is asked."""

    def __init__(self, app: App) -> None:
        from pecdesk.sync.imap import connect

        self.asked: list[str] = []

        def counting(account: Account, password: str) -> Server:
            server = connect(account, password)
            counted = self

            class Door:
                def __getattr__(self, name: str) -> Any:
                    found = getattr(server, name)
                    if callable(found) and name != "close":
                        counted.asked.append(name)
                    return found

            return Door()  # type: ignore[return-value]

        app.syncing.connect = counting


class Watching:
    """An app that keeps itself current, and what it told."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.told: list[AccountStatus] = []
        self._changed = threading.Condition()
        app.syncing.subscribe(self._hear)
        app.changes.subscribe(lambda _changes: self._ring())

    def _hear(self, status: AccountStatus) -> None:
        self.told.append(status)
        self._ring()

    def _ring(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def until(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE), self.told[-5:]

    def reaches(self, state: SyncState) -> None:
        self.until(lambda: bool(self.told) and self.told[-1].state is state)


def test_everything_comes_in_and_an_unchanged_mailbox_costs_a_handful_of_commands(app: App, office: Dovecot) -> None:
    office.append_all("INBOX", [mail(number) for number in range(60)])
    office.append_all("Sent", [mail(number) for number in range(100, 103)], ["\\Seen"])
    check(app, office)
    assert app.store.count()[0] == 63
    counted = Counted(app)
    (report,) = app.syncing.sync()
    assert report.checked.actions == ()
    assert sorted(set(counted.asked)) == ["folders", "quota", "status"]
    assert len(counted.asked) == 2 + len(on_server(office))
    assert report.status.quota is not None
    assert report.status.quota.limit == 50 << 20


def test_one_new_message_costs_few_commands_and_no_listing(app: App, office: Dovecot) -> None:
    office.append_all("INBOX", [mail(number) for number in range(30)])
    check(app, office)
    office.append("INBOX", mail(50))
    counted = Counted(app)
    check(app, office)
    assert "uids" not in counted.asked
    assert [name for name in counted.asked if name != "status"] == [
        "folders",
        "select",
        "changed_since",
        "select",
        "describe",
        "fetch",
        "quota",
    ]


def test_new_mail_is_here_as_soon_as_the_server_tells(app: App, office: Dovecot) -> None:
    watching = Watching(app)
    app.syncing.start()
    watching.reaches(SyncState.CURRENT)
    assert watching.told[-1].is_watching
    office.append("INBOX", mail(1))
    watching.until(lambda: app.store.count()[0] == 1)
    office.kick()
    watching.reaches(SyncState.OFFLINE)
    app.syncing.check_now()
    watching.reaches(SyncState.CURRENT)
    office.append("INBOX", mail(2))
    watching.until(lambda: app.store.count()[0] == 2)
    app.syncing.stop()
    assert faults(app, office) == []


def test_two_clients_change_everything_and_both_sides_end_the_same(app: App, office: Dovecot) -> None:
    office.create("Pratiche")
    uids = office.append_all("INBOX", [mail(number) for number in range(12)])
    check(app, office)
    office.flag("INBOX", uids[:3], ["\\Seen", "\\Flagged"])
    office.expunge("INBOX", uids[3:5])
    office.move("INBOX", uids[5:7], "Pratiche")
    check(app, office)
    office.rename("Pratiche", "Pratiche 2026")
    office.change_uidvalidity("INBOX", 77)
    counted = Counted(app)
    check(app, office)
    assert "fetch" not in counted.asked
    assert app.store.count()[0] == 12


def test_what_is_read_and_moved_here_is_so_on_the_server(office: Dovecot, tmp_path: Path) -> None:
    with App.open(tmp_path / "p") as app:
        app.servers.add(account_of(office, marks_read_on_server=True), None, NOW)
        office.create("Pratiche")
        office.append_all("INBOX", [mail(1), mail(2)])
        check(app, office)
        app.mark_read(app.ids(Filter(limit=0), NOW), read=True, at=NOW)
        app.syncing.move(office.user, [hashlib.sha256(mail(1)).hexdigest()], "INBOX", "Pratiche")
        check(app, office)
        assert [one.raw for one in office.messages("Pratiche")] == [mail(1)]
        assert all("\\Seen" in one.flags for folder in ("INBOX", "Pratiche") for one in office.messages(folder))


def test_room_is_made_on_the_server_only_by_what_is_whole_in_the_archive(app: App, office: Dovecot) -> None:
    old = datetime(2024, 5, 1, 10, tzinfo=UTC)
    office.append_all("INBOX", [mail(1), mail(2), mail(3)], at=old)
    office.append("INBOX", mail(4), at=NOW)
    check(app, office)
    damaged = app.store.archive.path(hashlib.sha256(mail(2)).hexdigest())
    damaged.chmod(0o600)
    damaged.write_bytes(mail(2)[:-1] + b"?")
    before = date(2026, 1, 1)
    assert app.syncing.free_space(office.user, before, dry_run=True).messages == 2
    freed = app.syncing.free_space(office.user, before)
    assert (freed.messages, freed.octets) == (2, len(mail(1)) + len(mail(3)))
    assert freed.unproven == (damaged.stem,)
    assert [one.raw for one in office.messages("INBOX")] == [mail(2), mail(4)]
    damaged.write_bytes(mail(2))
    damaged.chmod(0o400)
    check(app, office)
    assert app.store.count()[0] == 4
    assert app.store.emptied(app.servers.all()[0].key) == []


def test_a_read_only_account_makes_no_room_and_moves_nothing(office: Dovecot, tmp_path: Path) -> None:
    with App.open(tmp_path / "p") as app:
        app.servers.add(account_of(office, is_read_only=True), None, NOW)
        with pytest.raises(UsageError, match="nothing on its server is ever altered"):
            app.syncing.free_space(office.user, date(2026, 1, 1))
        with pytest.raises(UsageError):
            app.syncing.move(office.user, [], "INBOX", "Trash")


def test_room_can_be_made_while_the_account_is_kept_current(app: App, office: Dovecot) -> None:
    office.append_all("INBOX", [mail(1), mail(2), mail(3)], at=NOW - timedelta(days=900))
    watching = Watching(app)
    app.syncing.start()
    watching.until(lambda: app.store.count()[0] == 3)
    assert app.syncing.free_space(office.user, date(2026, 1, 1)).messages == 3
    watching.reaches(SyncState.CURRENT)
    assert watching.told[-1].question is None
    app.syncing.stop()
    assert faults(app, office) == []


# --- the command line -------------------------------------------------------------------------------------------------


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """One command in this process."""

    def command(*words: object) -> Outcome:
        code = cli.run([str(word) for word in words])
        out, err = capfd.readouterr()
        return Outcome(code, out, err)

    return command


@pytest.fixture
def profile(office: Dovecot, tmp_path: Path) -> Path:
    with App.open(tmp_path / "cli") as app:
        app.servers.add(account_of(office), None, NOW)
    return tmp_path / "cli"


def test_the_command_line_synchronises_and_says_what_it_did(run: Run, profile: Path, office: Dovecot) -> None:
    office.append_all("INBOX", [mail(1), mail(2)])
    planned = run("--profile", profile, "sync", "--dry-run", "--json")
    assert planned.json["accounts"][0]["actions"] == [{"action": "Fetch", "folder": "INBOX", "count": 2}]
    done = run("--profile", profile, "--lang", "en", "sync")
    assert done.code == 0, done.err
    assert "2 received" in done.out
    again = run("--profile", profile, "sync", office.user, "--json")
    assert again.code == 0
    (found,) = again.json["accounts"]
    assert (found["state"], found["fetched"], found["actions"], found["error"]) == ("current", 0, [], None)
    assert len(run("--profile", profile, "list", "--json").json["transmissions"]) == 2
    assert run("--profile", profile, "doctor", "--json").json["messages"] == 2


def test_an_emptied_folder_is_a_negative_answer_until_it_is_answered(run: Run, profile: Path, office: Dovecot) -> None:
    uids = office.append_all("INBOX", [mail(1), mail(2)])
    assert run("--profile", profile, "sync").code == 0
    office.expunge("INBOX", uids)
    asked = run("--profile", profile, "--lang", "en", "sync")
    assert asked.code == 1
    assert "--forget-emptied" in asked.out
    assert run("--profile", profile, "sync", "--forget-emptied").code == 0
    assert run("--profile", profile, "sync", "--json").json["accounts"][0]["question"] is None
    assert len(run("--profile", profile, "list", "--json").json["transmissions"]) == 2


def test_looking_only_answers_no_question_and_a_mailbox_named_twice_is_looked_at_once(
    run: Run, profile: Path, office: Dovecot
) -> None:
    uids = office.append_all("INBOX", [mail(1), mail(2)])
    assert run("--profile", profile, "sync").code == 0
    office.expunge("INBOX", uids)
    assert run("--profile", profile, "sync", "--dry-run", "--once", "--forget-emptied").code in (0, 1)
    asked = run("--profile", profile, "sync", "--json", office.user, office.user.upper())
    assert asked.code == 1
    assert [one["question"] for one in asked.json["accounts"]] == [{"folder": "INBOX", "messages": 2}]
    assert run("--profile", profile, "sync", "--dry-run", "--watch").code == 2


def test_two_command_lines_never_do_the_same_work(run: Run, profile: Path, office: Dovecot) -> None:
    office.append_all("INBOX", [mail(number) for number in range(3)])
    words = [sys.executable, "-m", "pecdesk", "--profile", str(profile), "--lang", "en", "sync", "--watch"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        line = ""
        while "Synchronised" not in line:
            line = watching.stdout.readline()
            assert line, watching.stderr.read() if watching.stderr else ""
        second = run("--profile", profile, "--lang", "en", "sync")
        assert second.code == 3
        assert "Another pecdesk is synchronising" in second.err
        watching.terminate()
        rest, complaints_of_first = watching.communicate(timeout=PATIENCE)
    assert watching.returncode == 0, complaints_of_first
    assert "received" not in rest, "nobody has counted"
    with App.open(profile) as app:
        assert faults(app, office) == []


def test_what_cannot_be_done_is_a_sentence(run: Run, profile: Path, office: Dovecot, tmp_path: Path) -> None:
    assert run("--profile", tmp_path / "empty", "sync").code == 2
    assert run("--profile", profile, "sync", "nobody@pec.example").code == 2
    with App.open(profile) as app:
        app.servers.change(replace(account_of(office), password_command="echo wrong"))
    refused = run("--profile", profile, "sync", "--json")
    assert refused.code == 3
    assert refused.json["accounts"][0]["state"] == "login-refused"
    assert office.user in refused.err
    assert office.password not in refused.err + refused.out
