"""The full circle over real SMTP and IMAP: written in the window by keyboard, sent, accepted, delivered to two of
three, failed for the third; each state seen in the list as its receipt arrives; proof exported."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pecdesk.explain import language
from pecdesk.pec.transmission import State
from pecdesk.profile.account_status import SyncState
from pecdesk.profile.accounts import Account
from pecdesk.ui.compose.compose_window import Stage
from pecdesk.ui.desk import Desk
from pecdesk.ui.main_window import MainWindow
from tests.kit import dovecot as kit
from tests.kit.dovecot import Dovecot
from tests.kit.messages import NOW, RECIPIENT, SECOND, SENDER, policy, world
from tests.kit.provider import PecProvider

PASSWORD = "Sesamo aperto"
UNKNOWN = "nessuno@certimail.example"
SEEN_WITHIN = 2_000
"""Milliseconds from a receipt's delivery to the row that shows it: a bound of the bench, generous to a busy machine."""
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def server() -> Iterator[Dovecot]:
    if reason := kit.missing():
        pytest.skip(reason)
    with Dovecot(user=SENDER, password=PASSWORD) as running:
        yield running


@pytest.fixture
def provider(tmp_path: Path, server: Dovecot, empty_desk: Desk) -> Iterator[PecProvider]:
    with PecProvider(
        tmp_path / "taken",
        server.authority.good(),
        user=SENDER,
        password=PASSWORD,
        clock=lambda: NOW,
        deliver=lambda mailbox, raw: server.append("INBOX", raw) if mailbox == SENDER else None,
    ) as running:
        yield running


@pytest.fixture
def window(
    qtbot: QtBot, tmp_path: Path, server: Dovecot, provider: PecProvider, empty_desk: Desk
) -> Iterator[MainWindow]:
    app = empty_desk.app
    app.clock = lambda: NOW + timedelta(minutes=1)
    (tmp_path / "ca.pem").write_bytes(world().authority.certificate_pem)
    (tmp_path / "prova.toml").write_text(policy(), encoding="utf-8")
    app.add_trust(tmp_path / "prova.toml", NOW, by_hand=False)
    secret = tmp_path / "password"
    secret.write_text(PASSWORD)
    account = Account(
        SENDER,
        server.account().imap,
        provider.endpoint,
        name="Studio Verdi",
        password_command=f"cat {secret}",
        ca_file=str(server.ca_file),
    )
    app.servers.add(account, None, NOW)
    made = MainWindow(empty_desk)
    made.resize(1300, 860)
    made.show()
    made.activateWindow()
    app.syncing.start()
    app.outgoing.start()
    qtbot.waitUntil(lambda: app.syncing.status(SENDER).state is SyncState.CURRENT, timeout=20_000)
    qtbot.waitUntil(lambda: made.isActiveWindow() and empty_desk.background.is_idle)
    qtbot.keyClick(made, Qt.Key.Key_7, CONTROL)  # all messages
    yield made
    app.outgoing.stop()
    stopping = threading.Thread(target=app.syncing.stop)
    stopping.start()
    qtbot.waitUntil(lambda: not stopping.is_alive(), timeout=20_000)
    qtbot.waitUntil(lambda: empty_desk.background.is_idle)
    made._may_close = True
    made.close()
    made.deleteLater()


def write(qtbot: QtBot, window: MainWindow) -> None:
    """Everything by keyboard, from Ctrl+N to Ctrl+Return and the end of the countdown."""
    qtbot.keyClick(window, Qt.Key.Key_N, CONTROL)
    qtbot.waitUntil(lambda: bool(window.composers.windows))
    (composer,) = window.composers.windows
    qtbot.waitUntil(composer.isActiveWindow)
    qtbot.keyClicks(composer.focusWidget(), f"{RECIPIENT},{SECOND},{UNKNOWN},")
    composer.form.subject.setFocus()
    qtbot.keyClicks(composer.form.subject, "Diffida ad adempiere")
    composer.form.editor.setFocus()
    qtbot.keyClicks(composer.form.editor, "Vi diffido ad adempiere entro quindici giorni.")
    qtbot.keyClick(composer.form.editor, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: composer.stage is not Stage.CHECKING)
    if composer.stage is not Stage.LEAVING:  # it asks once: nobody knows these recipients yet
        qtbot.keyClick(composer.focusWidget() or composer, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: composer.stage is Stage.LEAVING)


def shown(window: MainWindow) -> list[tuple[State, list[str]]]:
    """What the list shows: state of each row, and of its recipients."""
    rows = [window.mailbox.model.row_at(number) for number in range(window.mailbox.model.rowCount())]
    return [(r.transmission.state, sorted(p.state for p in r.transmission.recipients)) for r in rows if r is not None]


def test_a_message_goes_out_and_its_fate_comes_back_into_the_list(
    qtbot: QtBot, tmp_path: Path, window: MainWindow, provider: PecProvider
) -> None:
    write(qtbot, window)
    qtbot.waitUntil(lambda: len(provider.stored) == 1, timeout=20_000)
    (taken,) = provider.stored
    assert taken.recipients == (RECIPIENT, SECOND, UNKNOWN)
    steps = [
        (State.ACCEPTED, ["accepted", "accepted", "accepted"]),
        (State.PARTLY_DELIVERED, ["accepted", "accepted", "delivered"]),
        (State.PARTLY_DELIVERED, ["accepted", "delivered", "delivered"]),
        (State.PARTLY_DELIVERED, ["delivered", "delivered", "failed"]),
    ]
    qtbot.waitUntil(lambda: shown(window) == [(State.PENDING, ["pending"] * 3)], timeout=10_000)

    for step in steps:
        provider.deliver_next()
        qtbot.waitUntil(lambda step=step: shown(window) == [step], timeout=SEEN_WITHIN)

    row = window.mailbox.model.row_at(0)
    assert row is not None
    assert all(line.standing == "certified" and line.counts for line in row.transmission.evidence)
    (proof,) = window.desk.app.export_proofs(
        [str(row.id)], tmp_path / "prove", zipped=False, made_at=NOW, language=language("it")
    )
    sent = next(proof.path.glob("originali/00_*.eml"))
    assert sent.read_bytes() == taken.raw
    assert len(list(proof.path.glob("originali/*.eml"))) == 1 + len(steps)
    assert provider.times(taken.message_id) == 1
