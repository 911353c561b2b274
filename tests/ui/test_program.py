"""The program as a whole: opened, welcomed, working behind the window, asked by other starts, ended in good order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pecdesk.ui.accounts.account_wizard import AccountWizard
from pecdesk.ui.application import Program
from pecdesk.ui.compose.compose_window import ComposeWindow
from pecdesk.ui.evidence.inspector import Inspector
from pecdesk.ui.intake.import_dialog import ImportDialog
from pecdesk.ui.network_watch import NetworkWatch
from pecdesk.ui.one_window import Request
from pecdesk.ui.style.theme import Theme
from tests.ui.account_kit import ARUBA, AccountApp, ToldSyncing, keep
from tests.ui.conftest import NOW

Start = Callable[..., Program]


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system of this machine says of its network is no matter here."""
    monkeypatch.setattr(NetworkWatch, "start", lambda _watch: False)


@pytest.fixture
def begun() -> Iterator[list[Program]]:
    """Programs that are to be ended after the test."""
    programs: list[Program] = []
    yield programs
    for program in tuple(programs):
        end(programs, program)
    QApplication.setQuitOnLastWindowClosed(True)


def end(begun: list[Program], program: Program) -> None:
    for window in QApplication.topLevelWidgets():
        window.close()
    program.close()
    program.deleteLater()
    begun.remove(program)


@pytest.fixture
def start(qtbot: QtBot, theme: Theme, tmp_path: Path, begun: list[Program]) -> Start:
    def start(request: Request = Request()) -> Program:  # noqa: B008 - a value
        program = Program(AccountApp.open(tmp_path / "profile"), theme, request, "en", lambda: NOW)
        begun.append(program)
        program.start()
        qtbot.waitUntil(lambda: program.desk is not None and program.desk.background.is_idle)
        return program

    return start


def windows(kind: type) -> list[object]:
    return [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, kind) and widget.isVisible()]


def syncing(program: Program) -> ToldSyncing:
    return program.app.syncing  # type: ignore[return-value]


def test_who_begins_is_welcomed(qtbot: QtBot, start: Start) -> None:
    start()
    qtbot.waitUntil(lambda: windows(AccountWizard) != [])

    (wizard,) = windows(AccountWizard)
    assert wizard.address.import_button.isVisible()  # type: ignore[attr-defined]


def test_who_has_a_mailbox_is_not_welcomed_again(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    keep(tmp_path / "profile", ARUBA)
    start()
    assert windows(AccountWizard) == []


def test_workers_begin_with_the_main_window_and_end_with_the_program(
    qtbot: QtBot, start: Start, begun: list[Program], tmp_path: Path
) -> None:
    keep(tmp_path / "profile", ARUBA)
    program = start()
    assert syncing(program).asked == [("start", None)]
    assert program.app.clock() == NOW
    end(begun, program)

    assert syncing(program).asked == [("start", None), ("stop", None)]


def test_a_file_alone_opens_no_main_window_and_starts_nothing(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    file = tmp_path / "a.eml"
    file.write_bytes(b"From: a@x.example\r\nSubject: x\r\n\r\nciao\r\n")
    program = start(Request((str(file),)))

    assert len(windows(Inspector)) == 1
    assert program.main is None
    assert syncing(program).asked == []


def test_another_start_opens_its_files_here_and_brings_the_window_forward(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    keep(tmp_path / "profile", ARUBA)
    file = tmp_path / "a.eml"
    file.write_bytes(b"From: a@x.example\r\nSubject: x\r\n\r\nciao\r\n")
    program = start()
    assert program.main is not None
    program.main.showMinimized()
    program.take(Request((str(file),)))
    assert len(windows(Inspector)) == 1
    program.take(Request())

    assert not program.main.isMinimized()
    assert syncing(program).asked == [("start", None)], "what works already is not started twice"


def test_what_is_asked_after_the_window_was_closed_is_done_once(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    keep(tmp_path / "profile", ARUBA)
    program = start()
    QApplication.setQuitOnLastWindowClosed(False)
    first = program.main
    assert first is not None
    first.close()
    assert program.inspectors is not None
    program.inspectors.import_asked.emit(tmp_path / "a.eml")

    assert program.main is not first
    assert len(windows(ImportDialog)) == 1
    assert program.desk is not None
    background = program.desk.background
    qtbot.waitUntil(lambda: background.is_idle)


def test_a_mailto_link_begins_a_message(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    keep(tmp_path / "profile", ARUBA)
    start(Request(links=("mailto:anna@pec.example?subject=Diffida",)))
    qtbot.waitUntil(lambda: len(windows(ComposeWindow)) == 1)


def test_files_that_are_handed_over_begin_a_message_to_whom_the_link_names(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    keep(tmp_path / "profile", ARUBA)
    file = tmp_path / "atto.pdf"
    file.write_bytes(b"%PDF-1.7")
    start(Request(links=("mailto:anna@pec.example?subject=Diffida",), attached=(str(file),)))
    qtbot.waitUntil(lambda: len(windows(ComposeWindow)) == 1)

    (window,) = windows(ComposeWindow)
    assert isinstance(window, ComposeWindow)
    assert (window.form.to.written, window.form.subject.text()) == (("anna@pec.example",), "Diffida")
    assert [card.attachment.name for card in window.attachments.cards] == ["atto.pdf"]


def test_what_is_asked_before_the_profile_is_open_is_done_afterwards(
    qtbot: QtBot, theme: Theme, tmp_path: Path, begun: list[Program]
) -> None:
    file = tmp_path / "a.eml"
    file.write_bytes(b"From: a@x.example\r\nSubject: x\r\n\r\nciao\r\n")
    keep(tmp_path / "profile", ARUBA)
    program = Program(AccountApp.open(tmp_path / "profile"), theme, Request(), "en", lambda: NOW)
    begun.append(program)
    program.take(Request((str(file),)))
    program.start()
    qtbot.waitUntil(lambda: program.main is not None and len(windows(Inspector)) == 1)


def test_in_the_demo_what_is_sent_goes_to_the_made_up_providers_alone(
    qtbot: QtBot, start: Start, begun: list[Program], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live: list[str] = []

    class Live:
        def __init__(self, app: object) -> None:
            live.append("made")

        def transport_of(self, account: str) -> object:
            return ("demo", account)

        def start(self) -> None:
            live.append("started")

        def close(self) -> None:
            live.append("closed")

    monkeypatch.setattr("pecdesk.demo.live.LiveDemo", Live)
    keep(tmp_path / "profile")
    with AccountApp.open(tmp_path / "profile") as app:
        app.profile.stamp_demo()
    program = start()
    assert program.app.outgoing.transport_of("a@pec.example") == ("demo", "a@pec.example")
    assert windows(AccountWizard) == []
    end(begun, program)

    assert live == ["made", "started", "closed"]
