"""The demo, alive: what is handed over comes back as signed receipts, also after the program was closed in between."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pecdesk.app import App
from pecdesk.demo.draft import original
from pecdesk.demo.live import LiveDemo
from pecdesk.demo.profile import open_demo
from pecdesk.demo.world import STUDIO
from pecdesk.outbox.transport import Parcel, RefusedError
from pecdesk.profile import Profile
from pecdesk.store import Changes, Filter, Row
from tests.kit.messages import RECIPIENT, draft

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
UNKNOWN = "nessuno@certimail.example"
PATIENCE = 20.0
"""Seconds after which a test has failed."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("live") / "demo"
    with open_demo(root, NOW, reset=False, progress=lambda _done, _of: None):
        return root


@pytest.fixture
def app(made: Path) -> Iterator[App]:
    with App(Profile.open(made)) as opened:
        opened.clock = lambda: NOW
        yield opened


def parcel(subject: str, *recipients: str) -> Parcel:
    raw = original(draft(subject, recipients=recipients, at=NOW))
    return Parcel(STUDIO, recipients, len(raw), lambda: io.BytesIO(raw))


def row_of(app: App, subject: str) -> Row | None:
    return next((row for row in app.rows(Filter(limit=0), NOW) if row.transmission.subject == subject), None)


def until(app: App, subject: str, *states: str) -> Row:
    """The row, once its recipients are in these states."""
    moved = threading.Event()

    def tell(_: Changes) -> None:
        moved.set()

    stop = app.changes.subscribe(tell)
    try:
        while True:
            row = row_of(app, subject)
            if row is not None and sorted(one.state for one in row.transmission.recipients) == sorted(states):
                return row
            assert moved.wait(PATIENCE), f"{subject}: {row and row.transmission.recipients}"
            moved.clear()
    finally:
        stop()


def hand_over(live: LiveDemo, given: Parcel) -> list[str]:
    marks: list[str] = []
    live.transport_of(STUDIO).hand_over(given, lambda: marks.append("before the dot"))
    return marks


def test_what_is_sent_is_accepted_then_delivered_to_one_and_failed_for_the_other(app: App) -> None:
    live = LiveDemo(app)
    live.start()
    try:
        assert hand_over(live, parcel("Prova dal vivo", RECIPIENT, UNKNOWN)) == ["before the dot"]
        row = until(app, "Prova dal vivo", "delivered", "failed")
    finally:
        live.close()

    assert {one.address: str(one.state) for one in row.transmission.recipients} == {
        RECIPIENT: "delivered",
        UNKNOWN: "failed",
    }
    assert all(line.standing == "certified" for line in row.transmission.evidence)


def test_receipts_on_their_way_arrive_when_the_program_is_opened_again(app: App) -> None:
    closed = LiveDemo(app)
    hand_over(closed, parcel("Chiuso subito", RECIPIENT))
    closed.close()
    assert row_of(app, "Chiuso subito") is None

    live = LiveDemo(app)
    live.start()
    try:
        assert until(app, "Chiuso subito", "delivered")
    finally:
        live.close()


def test_an_envelope_against_the_rules_is_refused_at_the_door(app: App) -> None:
    live = LiveDemo(app)
    given = parcel("Mittente altrui", RECIPIENT)

    with pytest.raises(RefusedError, match="553"):
        hand_over(live, Parcel("altro@pec.gestoreuno.example", given.recipients, given.size, given.open))
    assert row_of(app, "Mittente altrui") is None


def test_a_demo_without_keys_says_what_to_do(app: App, made: Path) -> None:
    keys = made / "demo" / "keys"
    keys.rename(keys.with_name("elsewhere"))
    try:
        with pytest.raises(RefusedError, match="older version"):
            hand_over(LiveDemo(app), parcel("Senza chiavi", RECIPIENT))
    finally:
        keys.with_name("elsewhere").rename(keys)


def test_the_keys_are_for_the_owner_alone(made: Path) -> None:
    files = list((made / "demo" / "keys").glob("*.pem"))

    assert len(files) == 5
    assert {file.stat().st_mode & 0o077 for file in files} == {0}
