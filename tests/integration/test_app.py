"""The app as a window uses it: many threads, one helper, others who write too."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pecdesk.app import App
from pecdesk.errors import PecdeskError, ProfileError, UsageError
from pecdesk.pec.message import MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.profile import LanguageChoice, Profile, SavedSearch, Settings, ThemeChoice
from pecdesk.store import Changes, Filter, Group, Row
from pecdesk.trust import Note, shipped_anchors
from tests.integration.conftest import MadeDemo, Pecdesk, run_pecdesk
from tests.unit.store.mailroom import letters, open_store, receive

PATIENCE = 60.0


@pytest.fixture
def root(demo: MadeDemo, tmp_path: Path) -> Path:
    """A copy of the demo profile to write to."""
    target = tmp_path / "copy"
    shutil.copytree(demo.profile, target)
    return target


@pytest.fixture
def now(demo: MadeDemo) -> datetime:
    return datetime.fromisoformat(demo.now)


@pytest.fixture
def app(root: Path) -> Iterator[App]:
    with App.open(root) as app:
        yield app


@pytest.fixture
def small_root(tmp_path: Path) -> Path:
    """A profile of a few messages, where it does not matter whose."""
    with open_store(tmp_path / "small") as store:
        receive(store, *letters())
    return tmp_path / "small"


@pytest.fixture
def small(small_root: Path) -> Iterator[App]:
    with App.open(small_root) as app:
        yield app


def newest(app: App, now: datetime, group: Group = Group.RECEIVED) -> Row:
    return app.rows(Filter(group=group, limit=1), now)[0]


def delivered(app: App, now: datetime) -> Row:
    """A sent row with a certified delivery receipt."""
    rows = app.rows(Filter(group=Group.SENT, limit=0), now)
    return next(row for row in rows if any(line.kind is MessageKind.DELIVERY for line in row.transmission.evidence))


def shown(app: App, now: datetime) -> dict[str, object]:
    """What is listed, without numbers: those of another database are others."""
    rows = app.rows(Filter(limit=0), now)
    return {row.transmission.key: (row.transmission, row.unread, row.labels, row.attachments) for row in rows}


def in_another_thread(work: object) -> threading.Thread:
    thread = threading.Thread(target=work)  # type: ignore[arg-type]
    thread.start()
    return thread


# --- the demo ---------------------------------------------------------------------------------------------------------


def test_the_newest_received_messages_of_the_demo_are_unread(app: App, now: datetime) -> None:
    received = app.rows(Filter(group=Group.RECEIVED, limit=0), now)
    assert [row.unread for row in received] == [True] * 4 + [False] * (len(received) - 4)
    assert not any(row.unread for row in app.rows(Filter(group=Group.SENT, limit=0), now))


# --- marks through the app --------------------------------------------------------------------------------------------


def test_marks_survive_a_rebuild_a_backup_and_a_lost_database(small_root: Path, now: datetime, tmp_path: Path) -> None:
    def marks(folder: Path) -> list[tuple[object, ...]]:
        with App.open(folder) as app:
            rows = app.rows(Filter(limit=0), now) + app.rows(Filter(limit=0, group=Group.HIDDEN), now)
            return sorted((row.transmission.key, row.unread, row.labels, row.hidden) for row in rows)

    with App.open(small_root) as app:
        ids = app.ids(Filter(group=Group.RECEIVED, limit=0), now)
        app.mark_read(ids[:3], read=False, at=now)
        app.mark_read(ids[:1], read=True, at=now)
        app.add_label(app.ids(Filter(limit=3), now), "Cliente Rossi", now)
        app.hide(ids[1:4], now)
        app.unhide(ids[1:2], now)
        assert app.erase(ids[4:5], now).rows == 1
    before = marks(small_root)
    assert sum(hidden for *_, hidden in before) == 2
    assert run_pecdesk("--profile", small_root, "backup", "--to", tmp_path / "saved").code == 0
    assert run_pecdesk("--profile", tmp_path / "back", "restore", "--from", tmp_path / "saved").code == 0
    assert marks(tmp_path / "back") == before
    assert run_pecdesk("--profile", small_root, "doctor", "--rebuild", "--json").json["healthy"]
    assert marks(small_root) == before
    for file in small_root.glob("pecdesk.db*"):
        file.unlink()
    assert marks(small_root) == before


def test_labels_are_found_by_the_command_line(small: App, small_root: Path, now: datetime, pecdesk: Pecdesk) -> None:
    row = newest(small, now)
    small.add_label([row.id], "Cliente Rossi", now)
    found = pecdesk("--profile", small_root, "search", "--json", 'etichetta:"cliente rossi"').json["transmissions"]
    assert [each["id"] for each in found] == [row.id]


# --- writing in turns -------------------------------------------------------------------------------------------------


def test_a_message_is_marked_while_an_import_of_the_same_program_runs(
    demo: MadeDemo, tmp_path: Path, now: datetime
) -> None:
    with App.open(tmp_path / "profile") as app:
        app.add_trust(demo.policy, now)
        account = demo.document["accounts"][0]
        marked = threading.Event()
        names: list[str] = []

        def mark(done: int, _of: int | None) -> None:
            """Between two looks of the import, whose batches go on being written on its thread."""
            ids = app.ids(Filter(limit=0), now)
            if ids and not marked.is_set():
                helper = in_another_thread(lambda: label(ids[:1]))
                helper.join(PATIENCE)
                assert not helper.is_alive()

        def label(ids: list[int]) -> None:
            app.add_label(ids, "während", now)
            names.extend(app.rows_by_id(ids)[0].labels)
            marked.set()

        mail = demo.mail / account
        half = sorted(mail.rglob("*.eml"))[:20]
        app.import_paths(half, account=account, now=now)
        app.import_paths([mail], account=account, now=now, progress=mark)
        assert names == ["während"]
        assert app.groups(now).labels == {"während": 1}
        assert app.store.unapplied().entries == []
        with app.writing():
            pass


def test_many_threads_write_and_read_at_once_and_the_journal_tells_it_all(
    small: App, small_root: Path, now: datetime
) -> None:
    ids = small.ids(Filter(group=Group.RECEIVED, limit=0), now)
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for step in range(6):
                mine = ids[(number * 6 + step) % len(ids)]
                small.add_label([mine], f"etichetta {number}", now)
                small.mark_read([mine], read=bool(step % 2), at=now)
                small.rows_by_id(small.ids(Filter(label=f"etichetta {number}", limit=0), now))
                small.groups(now)
        except BaseException as error:  # noqa: BLE001 - told to the test
            failed.append(error)

    threads = [in_another_thread(lambda number=number: work(number)) for number in range(5)]
    for thread in threads:
        thread.join(PATIENCE)
    assert failed == []
    assert small.groups(now).labels == {f"etichetta {number}": 6 for number in range(5)}
    assert small.store.unapplied().entries == []
    before = {row.transmission.key: (row.labels, row.unread) for row in small.rows(Filter(limit=0), now)}
    small.rebuild(now=now)
    assert {row.transmission.key: (row.labels, row.unread) for row in small.rows(Filter(limit=0), now)} == before


def test_while_another_process_writes_nobody_else_does_and_everybody_reads(small: App, now: datetime) -> None:
    row = newest(small, now)
    with Profile(small.profile.root).lock("write"):
        for write in (
            lambda: small.mark_read([row.id], read=True, at=now),
            lambda: small.add_label([row.id], "Rossi", now),
            lambda: small.hide([row.id], now),
            lambda: small.erase([row.id], now),
        ):
            with pytest.raises(ProfileError):
                write()
        assert small.rows_by_id([row.id]) == [row]
        with App.open(small.profile.root) as another:
            assert another.rows_by_id([row.id]) == [row]
    small.hide([row.id], now)


def test_a_backup_is_made_alone(small: App, now: datetime, tmp_path: Path) -> None:
    row = newest(small, now)
    refused: list[bool] = []

    def write(_done: int, _of: int | None) -> None:
        if not refused:
            thread = in_another_thread(lambda: refused.append(is_refused()))
            thread.join(PATIENCE)

    def is_refused() -> bool:
        try:
            small.hide([row.id], now)
        except ProfileError:
            return True
        return False

    small.backup(tmp_path / "saved", progress=write)
    assert refused == [True]


# --- others -----------------------------------------------------------------------------------------------------------


def test_what_another_process_writes_is_noticed_once(small: App, small_root: Path, now: datetime) -> None:
    told: list[Changes] = []
    assert not small.notice_others()
    ids = small.ids(Filter(limit=1), now)
    small.changes.subscribe(told.append)
    assert not small.notice_others()
    with App.open(small_root) as other:
        other.add_label(ids, "Da un altro", now)
    assert told == []
    assert small.notice_others()
    assert told == [Changes(everything=True)]
    assert not small.notice_others()
    assert small.rows_by_id(ids)[0].labels == ("Da un altro",)


def test_own_writing_is_nobody_else_s(small: App, now: datetime) -> None:
    small.add_label(small.ids(Filter(limit=1), now), "Mia", now)
    assert not small.notice_others()


def test_a_database_made_again_by_another_process_is_opened_instead(
    small: App, small_root: Path, now: datetime
) -> None:
    before = shown(small, now)
    assert run_pecdesk("--profile", small_root, "doctor", "--rebuild").code == 0
    assert shown(small, now) == before
    assert small.notice_others()
    assert not small.notice_others()
    assert shown(small, now) == before
    small.add_label(small.ids(Filter(limit=1), now), "Nuova", now)
    with App.open(small_root) as other:
        assert other.groups(now).labels == {"Nuova": 1}


def test_a_rebuild_in_the_same_program_tells_everybody_and_changes_nothing(small: App, now: datetime) -> None:
    told: list[Changes] = []
    before = shown(small, now)
    small.changes.subscribe(told.append)
    small.rebuild(now=now)
    assert told[-1] == Changes(everything=True)
    assert shown(small, now) == before
    assert not small.notice_others()


# --- the helper -------------------------------------------------------------------------------------------------------


def added(app: App) -> str:
    """The name of the one circuit that is not shipped."""
    (name,) = {policy.name for policy in app.trust_policies()} - {policy.name for policy in shipped_anchors().policies}
    return name


def test_one_helper_answers_until_the_app_is_closed(app: App, now: datetime) -> None:
    row = delivered(app, now)
    receipt = next(line.sha256 for line in row.transmission.evidence if line.kind is MessageKind.DELIVERY)
    helper = app.helper
    raw = app.raw(receipt)
    assert hashlib.sha256(raw).hexdigest() == receipt
    examination = app.examine_bytes(raw, now)
    assert (examination.sha256, examination.standing) == (receipt, Standing.CERTIFIED)
    inside = app.inside(raw, now)
    assert inside is not None
    assert inside.summary.subject == row.transmission.subject
    assert app.inside(b"From: a@x.example\r\n\r\nTesto.", now) is None
    stored = app.message(receipt)
    assert stored is not None
    assert app.reading(receipt).text.strip() == stored.examination.text.strip()
    assert app.helper is helper
    app.close()
    assert helper.is_closed
    with pytest.raises(PecdeskError):
        app.examine_bytes(raw, now)
    with pytest.raises(PecdeskError):
        app.ids(Filter(), now)


def test_the_moment_of_looking_decides_what_has_expired_since(app: App, now: datetime) -> None:
    receipt = app.raw(delivered(app, now).transmission.evidence[0].sha256)
    assert Note.CERTIFICATE_EXPIRED_SINCE not in app.examine_bytes(receipt, now).notes
    assert Note.CERTIFICATE_EXPIRED_SINCE in app.examine_bytes(receipt, now + timedelta(days=9000)).notes


def test_a_helper_with_the_old_trust_is_used_no_more(app: App, now: datetime) -> None:
    receipt = app.raw(delivered(app, now).transmission.evidence[0].sha256)
    helper = app.helper
    assert app.examine_bytes(receipt, now).standing is Standing.CERTIFIED
    app.remove_trust(added(app), now)
    assert helper.is_closed
    assert app.examine_bytes(receipt, now).standing is Standing.NOT_CERTIFIED
    assert not any(row.transmission.sealed is Standing.CERTIFIED for row in app.rows(Filter(limit=0), now))


def test_trust_that_another_process_takes_away_counts_as_soon_as_it_is_noticed(
    app: App, root: Path, now: datetime
) -> None:
    receipt = app.raw(delivered(app, now).transmission.evidence[0].sha256)
    assert app.examine_bytes(receipt, now).standing is Standing.CERTIFIED
    assert run_pecdesk("--profile", root, "trust", "remove", added(app)).code == 0
    assert app.notice_others()
    assert app.examine_bytes(receipt, now).standing is Standing.NOT_CERTIFIED


def test_a_verdict_that_differs_takes_the_place_of_the_stored_one(app: App, now: datetime) -> None:
    row = delivered(app, now)
    receipt = row.transmission.evidence[0].sha256
    same = app.examine_again(receipt, now)
    assert (same.changed, same.fresh.sha256) == (False, receipt)
    told: list[Changes] = []
    app.changes.subscribe(told.append)
    later = now + timedelta(days=9000)
    other = app.examine_again(receipt, later)
    assert other.changed
    assert other.stored is not None
    assert Note.CERTIFICATE_EXPIRED_SINCE not in other.stored.notes
    assert Note.CERTIFICATE_EXPIRED_SINCE in other.fresh.notes
    assert [row.id in changes.transmissions for changes in told] == [True]
    message = app.message(receipt)
    assert message is not None
    assert Note.CERTIFICATE_EXPIRED_SINCE in message.examination.notes
    assert not app.examine_again(receipt, later).changed


def test_a_verdict_is_shown_even_while_another_process_writes(app: App, now: datetime) -> None:
    receipt = delivered(app, now).transmission.evidence[0].sha256
    later = now + timedelta(days=9000)
    with Profile(app.profile.root).lock("write"):
        assert app.examine_again(receipt, later).changed
    assert app.examine_again(receipt, later).changed


def test_attachments_come_as_they_were_sent(app: App, now: datetime) -> None:
    tried = 0
    for row in app.rows(Filter(limit=0), now):
        message = app.message(row.transmission.original_sha256) if row.attachments else None  # type: ignore[arg-type]
        if message is None:
            continue
        assert len(message.examination.attachments) == row.attachments
        for number, attachment in enumerate(message.examination.attachments):
            content = app.attachment(message.examination.sha256, number)
            assert (len(content), hashlib.sha256(content).hexdigest()) == (attachment.size, attachment.sha256)
            tried += 1
    assert tried > 50
    with pytest.raises(UsageError):
        app.attachment("0" * 64, 0)


def test_the_messages_of_a_row_come_with_the_original_first(app: App, now: datetime) -> None:
    for row in app.rows(Filter(limit=30), now):
        messages = app.messages(row)
        assert [message.examination.sha256 for message in messages] == list(row.transmission.messages)
        assert {message.examination.sha256: message.id for message in messages} == row.message_ids


# --- stopped in the middle --------------------------------------------------------------------------------------------


STOPPED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from pecdesk.app import App
from pecdesk.store.archive import Archive
from pecdesk.store.database import Database

def die(*_, **__):
    os._exit(9)

root, where, row = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with App.open(root) as app:
    app.store
    setattr(*{"archive": (Archive, "remove"), "database": (Database, "wipe"), "mark": (Database, "write")}[where], die)
    if where == "mark":
        app.add_label([row], "Rossi", datetime.now(UTC))
    else:
        app.erase([row], datetime.now(UTC))
"""


@pytest.mark.parametrize("where", ["archive", "database", "mark"])
def test_what_a_killed_program_left_half_done_is_done_by_the_next(root: Path, now: datetime, where: str) -> None:
    with App.open(root) as app:
        row = delivered(app, now)
    died = subprocess.run([sys.executable, "-c", STOPPED, str(root), where, str(row.id)], check=False)
    assert died.returncode == 9
    with App.open(root) as app:
        if where == "mark":
            assert app.rows_by_id([row.id])[0].labels == ("Rossi",)
        else:
            assert app.rows_by_id([row.id]) == []
            assert not set(row.message_ids) & set(app.store.archive.all())
        assert app.store.unapplied().entries == []
    done = run_pecdesk("--profile", root, "doctor", "--json")
    assert done.json["healthy"], done.json
    assert done.json["messages"] == sum(1 for _ in (root / "archive").rglob("*.eml"))


# --- read state of what is imported -----------------------------------------------------------------------------------


def test_a_maildir_tells_what_nobody_has_read_and_is_left_as_it_was(
    demo: MadeDemo, tmp_path: Path, now: datetime
) -> None:
    account = demo.document["accounts"][0]
    mails = [path.read_bytes() for path in sorted((demo.mail / account / "inbox").glob("*.eml"))]
    envelopes = [raw for raw in mails if b"X-Trasporto: posta-certificata" in raw][:4]
    maildir = tmp_path / "Maildir"
    for folder in ("cur", "new", "tmp"):
        (maildir / folder).mkdir(parents=True)
    names = ("cur/1.host:2,S", "cur/2.host:2,FR", "cur/3.host", "new/4.host")
    for name, raw in zip(names, envelopes, strict=True):
        (maildir / name).write_bytes(raw)
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in maildir.rglob("*") if path.is_file()}
    with App.open(tmp_path / "profile") as app:
        app.add_trust(demo.policy, now)
        app.import_paths([maildir], account=account, now=now)
        unread = {sha256 for row in app.rows(Filter(limit=0), now) if row.unread for sha256 in row.message_ids}
        assert unread == {hashlib.sha256(raw).hexdigest() for raw in envelopes[1:]}
        app.mark_read(app.ids(Filter(limit=0), now), read=True, at=now)
        app.import_paths([maildir], account=account, now=now)
        assert not any(row.unread for row in app.rows(Filter(limit=0), now))
    assert {
        path: (path.read_bytes(), path.stat().st_mtime_ns) for path in maildir.rglob("*") if path.is_file()
    } == before


# --- settings ---------------------------------------------------------------------------------------------------------


def test_settings_are_kept(tmp_path: Path) -> None:
    searches = (SavedSearch("Da Rossi", 'da:"rossi"'),)
    wanted = Settings(LanguageChoice.ITALIAN, ThemeChoice.DARK, 0.5, prefer_html=True, searches=searches)
    with App.open(tmp_path / "profile") as app:
        assert app.settings == Settings()
        app.save_settings(wanted)
        assert app.settings == wanted
        assert app.profile.settings.stat().st_mode & 0o077 == 0
    with App.open(tmp_path / "profile") as app:
        assert (app.settings, app.settings_problem) == (wanted, None)


def test_settings_that_cannot_be_read_are_said_and_not_thrown_away(tmp_path: Path) -> None:
    with App.open(tmp_path / "profile") as app:
        app.profile.settings.write_text("theme = dark", encoding="utf-8")
        assert app.settings == Settings()
        assert app.settings_problem is not None
        app.save_settings(Settings(theme=ThemeChoice.LIGHT))
        assert app.settings_problem is None
        aside = app.profile.root / "settings.unreadable.toml"
        assert aside.read_text(encoding="utf-8") == "theme = dark"
    with App.open(tmp_path / "profile") as app:
        assert app.settings == Settings(theme=ThemeChoice.LIGHT)
