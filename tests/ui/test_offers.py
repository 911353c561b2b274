"""What a row offers, and when: an answer only where it is known to whom, the log only while the provider keeps it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import OriginalSource, Transmission, TransmissionKind
from pecdesk.store import Filter
from pecdesk.ui.actions import MENUS, SEPARATOR
from pecdesk.ui.compose.composers import Composers
from pecdesk.ui.desk import Desk
from pecdesk.ui.outbox.offers import offers
from pecdesk.ui.outbox.rebuild_dialog import RebuildDialog
from pecdesk.ui.outbox.row_verbs import RowVerbs
from pecdesk.ui.reader.row_actions import WORDS
from tests.ui.conftest import NOW
from tests.ui.outside import RecordingOutside
from tests.unit.pec.pieces import ANNA, BRUNO, copy, delivery, envelope, only, receipt

SENT = only(receipt(), copy())
DELIVERED = only(receipt(), delivery(ANNA), delivery(BRUNO), copy())
RECEIVED = only(envelope())


def accepted(row: Transmission) -> datetime:
    assert row.accepted_at is not None
    return row.accepted_at.astimezone(UTC)


def test_a_received_message_is_answered_and_sent_on_with_its_envelope_or_without() -> None:
    assert RECEIVED.sealed is Standing.CERTIFIED
    assert offers(RECEIVED, accepted(DELIVERED)) == ("reply", "reply-all", "forward", "forward-whole")


@pytest.mark.parametrize("kind", [TransmissionKind.CLAIM, TransmissionKind.UNMATCHED])
def test_nobody_answers_what_only_pretends_to_come_from_somebody(kind: TransmissionKind) -> None:
    row = replace(RECEIVED, kind=kind, sealed=Standing.NOT_CERTIFIED)
    assert offers(row, accepted(DELIVERED)) == ("forward",)


def test_ordinary_mail_is_answered_and_has_no_envelope() -> None:
    row = replace(RECEIVED, kind=TransmissionKind.ORDINARY, sealed=None)
    assert offers(row, accepted(DELIVERED)) == ("reply", "reply-all", "forward")


@pytest.mark.parametrize(
    ("after", "asks"),
    [
        (timedelta(hours=1), False),
        (timedelta(hours=25), True),
        (timedelta(days=850), True),
        (timedelta(days=930), False),
    ],
)
def test_the_log_is_asked_for_once_a_receipt_is_overdue_and_as_long_as_it_is_kept(after: timedelta, asks: bool) -> None:
    assert ("request-log" in offers(SENT, accepted(SENT) + after)) is asks
    assert "request-log" not in offers(DELIVERED, accepted(DELIVERED) + after)


def test_only_a_message_whose_copy_is_lost_is_made_again() -> None:
    lost = replace(DELIVERED, original=OriginalSource.FROM_RECEIPT)
    assert "rebuild" in offers(lost, accepted(lost))
    assert "rebuild" not in offers(DELIVERED, accepted(lost))


def test_every_verb_has_a_button_and_a_place_in_a_menu(empty_desk: Desk) -> None:
    before = QWidget()
    verbs = RowVerbs(empty_desk, Composers(empty_desk), before)
    assert set(verbs.names) <= set(WORDS)
    assert set(verbs.names) == {w.name for _, entries in MENUS for w in entries if w is not SEPARATOR and w.is_offer}
    before.deleteLater()


def test_a_lost_message_is_told_of_and_saved_byte_for_byte(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    rows = desk.app.rows(Filter(limit=0), NOW)
    row = next(one for one in rows if "rebuild" in offers(one.transmission, NOW))
    outside = RecordingOutside()
    outside.new_file = tmp_path / "inviato.eml"
    dialog = RebuildDialog(desk, row, outside=outside)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(dialog.save_button.isEnabled)
    assert dialog.rebuilt is not None
    assert dialog.sentences.count() == 1 + len(dialog.rebuilt.changes)
    dialog.save_button.click()
    qtbot.waitUntil(lambda: bool(dialog.notice.text))
    assert outside.new_file.read_bytes() == dialog.rebuilt.raw
    assert outside.suggested.suffix == ".eml"


def test_where_there_is_no_receipt_to_make_it_from_the_dialog_says_so(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    row = next(one for one in desk.app.rows(Filter(limit=0), NOW) if one.transmission.kind is TransmissionKind.ORDINARY)
    dialog = RebuildDialog(desk, row)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: bool(dialog.notice.text))
    assert not dialog.save_button.isEnabled()
