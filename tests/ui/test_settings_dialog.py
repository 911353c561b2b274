from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QComboBox, QLabel
from pytestqt.qtbot import QtBot

from pecdesk.app import App
from pecdesk.app.copying import MANIFEST
from pecdesk.ui.desk import Desk
from pecdesk.ui.settings.settings_dialog import SettingsDialog
from pecdesk.ui.settings.trust_words import confirms, in_fours
from pecdesk.ui.style.flow_text import FlowText
from tests.ui.conftest import NOW
from tests.ui.outside import RecordingOutside

LONG = 60_000
"""Milliseconds within which every message is judged again, on a machine that is busy."""

FINGERPRINT = "39e3c6c6f13c9620775172694d20f81edad55a8613934cdaa7c3793a6d26b8ab"
GENERAL, MAILBOXES, NOTIFICATIONS, TRUST, ARCHIVE = range(5)

POLICY = f"""
name = "Collaudo"
[[anchor]]
subject = "CN=Autorità di collaudo,O=Studio,C=IT"
spki_sha256 = "{FINGERPRINT}"
"""


@pytest.fixture
def outside(tmp_path: Path) -> RecordingOutside:
    made = RecordingOutside()
    policy = tmp_path / "collaudo.toml"
    policy.write_text(POLICY, encoding="utf-8")
    made.files = [policy]
    return made


@pytest.fixture
def spoken_desk(open_desk: Callable[..., Desk], made_demo: Path, tmp_path: Path) -> Desk:
    """An archive of a few messages, none of whose providers it knows."""
    with App.open(tmp_path / "profile") as app:
        some = sorted((made_demo / "demo" / "mail").rglob("*.eml"))[:5]
        app.import_paths(some, account=None, now=NOW)
    return open_desk(tmp_path / "profile", "en")


@pytest.fixture
def dialog(qtbot: QtBot, spoken_desk: Desk, outside: RecordingOutside) -> SettingsDialog:
    return opened(qtbot, spoken_desk, outside)


def opened(qtbot: QtBot, desk: Desk, outside: RecordingOutside) -> SettingsDialog:
    made = SettingsDialog(desk, outside=outside)
    qtbot.addWidget(made)
    made.open()
    return made


def choose(field: QComboBox, code: str) -> None:
    """As a user does: with the keyboard's or the mouse's choice, not by program."""
    row = field.findData(code)
    field.setCurrentIndex(row)
    field.activated.emit(row)


def kept(desk: Desk) -> object:
    """What another start of the program would read."""
    with App.open(desk.app.profile.root) as again:
        return again.settings


def turn_to(qtbot: QtBot, dialog: SettingsDialog, page: int) -> None:
    dialog.tabs.setCurrentIndex(page)
    qtbot.waitUntil(lambda: dialog.desk.background.is_idle)


def ended(qtbot: QtBot, dialog: SettingsDialog) -> None:
    qtbot.waitUntil(lambda: not dialog.work.is_busy and dialog.desk.background.is_idle, timeout=LONG)


# general


def test_another_language_is_spoken_at_once_and_the_next_time(
    qtbot: QtBot, dialog: SettingsDialog, spoken_desk: Desk
) -> None:
    choose(dialog.general.language, "it")
    qtbot.waitUntil(lambda: kept(spoken_desk).language == "it")  # type: ignore[attr-defined]

    assert dialog.windowTitle() == spoken_desk.say("Settings")
    assert spoken_desk.language.code == "it"


def test_another_look_is_worn_at_once_and_the_next_time(
    qtbot: QtBot, dialog: SettingsDialog, spoken_desk: Desk
) -> None:
    choose(dialog.general.theme, "dark")
    assert spoken_desk.theme.is_dark

    qtbot.waitUntil(lambda: kept(spoken_desk).theme == "dark")  # type: ignore[attr-defined]
    spoken_desk.theme.wish("light")


def test_how_messages_are_read_is_kept(qtbot: QtBot, dialog: SettingsDialog, spoken_desk: Desk) -> None:
    dialog.general.seconds.setValue(5.5)
    dialog.general.undo.setValue(0)
    dialog.general.html.setChecked(True)

    qtbot.waitUntil(lambda: kept(spoken_desk).prefer_html is True)  # type: ignore[attr-defined]
    assert spoken_desk.app.settings.read_after_seconds == 5.5
    assert spoken_desk.app.settings.undo_seconds == 0


def test_settings_that_cannot_be_kept_are_told_of_in_place(
    qtbot: QtBot, dialog: SettingsDialog, spoken_desk: Desk
) -> None:
    temporary = spoken_desk.app.profile.settings.with_name(".settings.toml.new")
    temporary.mkdir()

    dialog.general.html.setChecked(True)

    qtbot.waitUntil(lambda: dialog.notice.text != "")


# trust


def test_every_authority_stands_there_with_its_origin_and_fingerprint(
    qtbot: QtBot, open_desk: Callable[..., Desk], demo_profile: Path, outside: RecordingOutside
) -> None:
    desk = open_desk(demo_profile, "en")
    dialog = opened(qtbot, desk, outside)
    turn_to(qtbot, dialog, TRUST)
    said = "\n".join(texts(dialog))

    for policy in desk.app.trust_policies():
        assert policy.name in said
        assert in_fours(policy.anchors[0].key_sha256) in said
    assert "shipped with pecdesk" in said
    assert "made up for the demo" in said
    assert dialog.trust.remove_buttons == {}, "only what was added by hand can be taken away"


def texts(dialog: SettingsDialog) -> list[str]:
    """What the cards of the page of trust say."""
    return [
        *(child.text() for child in dialog.trust.findChildren(QLabel)),
        *(child.text for child in dialog.trust.findChildren(FlowText)),
    ]


def test_an_authority_is_trusted_only_after_its_fingerprint_was_compared(
    qtbot: QtBot, dialog: SettingsDialog, spoken_desk: Desk
) -> None:
    turn_to(qtbot, dialog, TRUST)
    dialog.trust.add_button.click()
    qtbot.waitUntil(lambda: not dialog.trust.new.isHidden())
    ((_, field),) = dialog.trust.new.fields

    for wrong in ("", "6d26b8a", "00000000", FINGERPRINT[:8], FINGERPRINT[:-1]):
        field.setText(wrong)
        assert not dialog.trust.new.add_button.isEnabled(), wrong
        qtbot.keyClick(field, Qt.Key.Key_Return)
        QCoreApplication.processEvents()
        assert not dialog.trust.new.isHidden()
        assert dialog.isVisible(), "Enter closed the window"
    field.setText("6D26 B8AB")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.trust.new.isHidden)
    ended(qtbot, dialog)
    assert dialog.isVisible(), "Enter closed the window"

    (added,) = (policy for policy in spoken_desk.app.trust_policies() if policy.name == "Collaudo")
    assert added.by_hand
    assert "marked" in dialog.notice.text


def test_what_is_trusted_is_what_was_shown_though_the_file_has_changed_since(
    qtbot: QtBot, dialog: SettingsDialog, spoken_desk: Desk, outside: RecordingOutside
) -> None:
    turn_to(qtbot, dialog, TRUST)
    dialog.trust.add_button.click()
    qtbot.waitUntil(lambda: not dialog.trust.new.isHidden())
    outside.files[0].write_text(POLICY.replace(FINGERPRINT, "ab" * 32), encoding="utf-8")

    dialog.trust.new.fields[0][1].setText(FINGERPRINT)
    dialog.trust.new.add_button.click()
    ended(qtbot, dialog)

    (added,) = (policy for policy in spoken_desk.app.trust_policies() if policy.name == "Collaudo")
    assert added.anchors[0].key_sha256 == FINGERPRINT


def test_a_doubt_leaves_everything_as_it_is(qtbot: QtBot, dialog: SettingsDialog, spoken_desk: Desk) -> None:
    before = spoken_desk.app.trust_policies()
    turn_to(qtbot, dialog, TRUST)
    dialog.trust.add_button.click()
    qtbot.waitUntil(lambda: not dialog.trust.new.isHidden())

    dialog.trust.new.cancel_button.click()

    assert dialog.trust.new.isHidden()
    assert spoken_desk.app.trust_policies() == before


def test_what_was_added_by_hand_can_be_taken_away_after_a_question(
    qtbot: QtBot, dialog: SettingsDialog, spoken_desk: Desk, outside: RecordingOutside
) -> None:
    spoken_desk.app.add_trust(outside.files[0], spoken_desk.clock())
    turn_to(qtbot, dialog, TRUST)

    dialog.trust.remove_buttons["Collaudo"].click()
    assert "Collaudo" in {policy.name for policy in spoken_desk.app.trust_policies()}
    dialog.notice._button.click()
    ended(qtbot, dialog)

    assert "Collaudo" not in {policy.name for policy in spoken_desk.app.trust_policies()}
    assert dialog.trust.remove_buttons == {}


def test_a_file_that_is_no_policy_is_refused_in_place(
    qtbot: QtBot, dialog: SettingsDialog, outside: RecordingOutside
) -> None:
    outside.files[0].write_text("address = 1", encoding="utf-8")
    turn_to(qtbot, dialog, TRUST)

    dialog.trust.add_button.click()

    qtbot.waitUntil(lambda: dialog.notice.text != "")
    assert dialog.trust.new.isHidden()


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("6d26b8ab", True),
        (" 6D:26:B8:AB ", True),
        (FINGERPRINT, True),
        (in_fours(FINGERPRINT), True),
        ("", False),
        ("26b8ab", False),
        ("x" + FINGERPRINT, False),
        (FINGERPRINT * 2, False),
    ],
)
def test_the_end_of_a_fingerprint_or_all_of_it_confirms(typed: str, right: bool) -> None:
    assert confirms(typed, FINGERPRINT) is right


# archive


def test_the_archive_tells_where_it_is_and_how_much_it_holds(
    qtbot: QtBot, dialog: SettingsDialog, spoken_desk: Desk, outside: RecordingOutside
) -> None:
    turn_to(qtbot, dialog, ARCHIVE)
    messages, rows = spoken_desk.app.store.count()

    assert f"{messages} messages in {rows} transmissions." in dialog.archive._why[0].text()
    dialog.archive.show_button.click()
    assert outside.opened == [spoken_desk.app.profile.root]


def test_a_backup_is_whole_and_goes_beside_what_lies_there(
    qtbot: QtBot, dialog: SettingsDialog, outside: RecordingOutside, tmp_path: Path
) -> None:
    outside.folder = tmp_path / "stick"
    outside.folder.mkdir()
    (outside.folder / "letters.odt").touch()
    turn_to(qtbot, dialog, ARCHIVE)

    dialog.archive.backup_button.click()
    ended(qtbot, dialog)

    assert (outside.folder / "pecdesk-backup" / MANIFEST).is_file()
    assert "verified by hash" in dialog.notice.text


def test_a_stopped_backup_says_that_it_is_not_finished(
    qtbot: QtBot, dialog: SettingsDialog, outside: RecordingOutside, tmp_path: Path
) -> None:
    outside.folder = tmp_path / "stick"
    turn_to(qtbot, dialog, ARCHIVE)

    dialog.archive.backup_button.click()
    dialog.work.stop()
    ended(qtbot, dialog)

    assert "not finished" in dialog.notice.text
    assert not (outside.folder / MANIFEST).exists()
    assert dialog.archive.backup_button.isEnabled()


def test_a_check_that_finds_nothing_says_so(qtbot: QtBot, dialog: SettingsDialog) -> None:
    turn_to(qtbot, dialog, ARCHIVE)

    dialog.archive.check_button.click()
    ended(qtbot, dialog)

    assert "Everything is in order." in dialog.archive.findings.toPlainText()


def test_a_check_names_the_message_that_is_damaged(qtbot: QtBot, dialog: SettingsDialog, spoken_desk: Desk) -> None:
    victim = next(spoken_desk.app.profile.archive.rglob("*.eml"))
    victim.chmod(0o600)
    victim.write_bytes(b"changed")
    turn_to(qtbot, dialog, ARCHIVE)

    dialog.archive.check_button.click()
    ended(qtbot, dialog)

    found = dialog.archive.findings.toPlainText()
    assert victim.stem in found
    assert "Take it back from a backup" in found


def test_settings_that_could_not_be_read_are_told_of(
    qtbot: QtBot, open_desk: Callable[..., Desk], outside: RecordingOutside, tmp_path: Path
) -> None:
    (tmp_path / "new").mkdir(mode=0o700)
    (tmp_path / "new" / "settings.toml").write_text("theme = 'striped'", encoding="utf-8")

    dialog = opened(qtbot, open_desk(tmp_path / "new", "en"), outside)

    assert "theme" in dialog.notice.text
