"""A message on paper: what stands there, in which colours, and on how many pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QPageSize, QTextDocument
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from pecdesk.pec.transmission import Direction, Status
from pecdesk.store import Filter, Row
from pecdesk.ui.desk import Desk
from pecdesk.ui.reader import printing
from pecdesk.ui.reader.printed_message import Printout, printed_message
from pecdesk.ui.reader.printing import print_message, print_with_dialog, printer_for
from pecdesk.ui.reader.reader import Reader
from tests.ui.conftest import NOW
from tests.ui.letters import letter, taken_in

FAMILY = "DejaVu Sans"

Print = Callable[..., QTextDocument]


@pytest.fixture
def printed(desk: Desk) -> Print:
    def printed_(row: Row, text: str = "Testo del messaggio.", *, has_html: bool = False) -> QTextDocument:
        sha256 = row.transmission.original_sha256
        message = desk.app.message(sha256) if sha256 else None
        return printed_message(Printout(row, message, text, has_html), desk, FAMILY)

    return printed_


def row_of(desk: Desk, status: Status, *, attachments: bool = False) -> Row:
    rows = desk.app.rows(Filter(limit=0), NOW)
    return next(row for row in rows if row.transmission.status is status and (row.attachments or not attachments))


def pdf(path: Path) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setOutputFileName(str(path))
    return printer


def colours(document: QTextDocument) -> set[str]:
    """Of every letter."""
    found, block = set(), document.begin()
    while block.isValid():
        at = block.begin()
        while not at.atEnd():
            if at.fragment().text().strip():
                found.add(at.fragment().charFormat().foreground().color().name())
            at += 1
        block = block.next()
    return found


def test_a_sending_is_printed_with_its_status_per_recipient(desk: Desk, printed: Print) -> None:
    row = row_of(desk, Status.PARTLY_DELIVERED)
    text = printed(row).toPlainText()

    assert row.transmission.subject in text
    for recipient in row.transmission.recipients:
        assert recipient.address in text
    assert "Testo del messaggio." in text
    assert row.transmission.identifier is not None
    assert row.transmission.identifier in text


def test_on_paper_each_outcome_has_its_day_since_no_row_of_a_list_stands_beside_it(desk: Desk, printed: Print) -> None:
    row = row_of(desk, Status.FAILED)
    (recipient,) = row.transmission.recipients
    assert recipient.since is not None
    assert row.transmission.accepted_at is not None
    local = recipient.since.astimezone(row.transmission.accepted_at.tzinfo)

    assert f"{local:%d/%m/%Y %H:%M:%S} ({local:%z})" in printed(row).toPlainText()


def test_attachments_are_printed_with_their_hashes(desk: Desk, printed: Print) -> None:
    row = row_of(desk, Status.DELIVERED, attachments=True)
    assert row.transmission.original_sha256 is not None
    message = desk.app.message(row.transmission.original_sha256)
    assert message is not None
    text = printed(row).toPlainText()

    for attachment in message.examination.attachments:
        assert attachment.name in text
        assert attachment.sha256 in text


@pytest.mark.parametrize("status", [Status.FORGED, Status.ALTERED, Status.ORDINARY])
def test_what_nobody_certifies_is_said_not_to_be(desk: Desk, printed: Print, status: Status) -> None:
    row = row_of(desk, status)
    text = printed(row).toPlainText()

    assert desk.say("Nothing is certified here: sender, subject, date and text are the message's own word.") in text
    assert desk.say("Stated sender: {sender}, not certified", sender=row.transmission.sender) in text


def test_what_is_certified_is_said_and_what_not_too(desk: Desk, printed: Print) -> None:
    row = row_of(desk, Status.CERTIFIED)
    assert row.transmission.direction is Direction.RECEIVED
    text = printed(row).toPlainText()

    assert desk.say("Nothing is certified here: sender, subject, date and text are the message's own word.") not in text
    assert row.transmission.sender in text


@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_letter_is_dark_whatever_the_theme(desk: Desk, printed: Print, look: str) -> None:
    desk.theme.wish(look)
    for status in (Status.PARTLY_DELIVERED, Status.CERTIFIED, Status.FORGED):
        for colour in colours(printed(row_of(desk, status), "> citato\nhttps://x.example\n")):
            assert QColor(colour).lightnessF() < 0.3
            assert QColor(colour).saturationF() == 0


def test_markup_and_hidden_letters_out_of_mail_stay_letters(desk: Desk, printed: Print, tmp_path: Path) -> None:
    row = taken_in(desk, tmp_path, letter('<img src="file:///etc/passwd"> \u202efdp'))
    text = printed(row, '<b>x</b> <img src="/etc/passwd">\u202e').toPlainText()

    assert '<img src="file:///etc/passwd"> [U+202E]fdp' in text
    assert '<b>x</b> <img src="/etc/passwd">[U+202E]' in text


def test_the_document_gives_a_blank_for_whatever_it_is_asked(printed: Print, desk: Desk) -> None:
    document = printed(row_of(desk, Status.CERTIFIED))

    assert document.resource(QTextDocument.ResourceType.ImageResource.value, QUrl("file:///etc/passwd")) in (" ", None)
    assert document.resource(QTextDocument.ResourceType.StyleSheetResource.value, QUrl("file:///etc/passwd")) == " "


def test_an_html_form_that_is_not_printed_is_mentioned(printed: Print, desk: Desk) -> None:
    row = row_of(desk, Status.CERTIFIED)
    sentence = desk.say("The message also has an HTML form; printed is its text.")

    assert sentence in printed(row, has_html=True).toPlainText()
    assert sentence not in printed(row).toPlainText()


def test_pages_are_filled_and_numbered(desk: Desk, tmp_path: Path) -> None:
    row = row_of(desk, Status.CERTIFIED)
    assert row.transmission.original_sha256 is not None
    message = desk.app.message(row.transmission.original_sha256)
    text = "\n".join(f"Riga {number}" for number in range(200))

    made = print_message(Printout(row, message, text, False), desk, pdf(tmp_path / "m.pdf"), FAMILY)

    assert made > 2
    with pikepdf.open(tmp_path / "m.pdf") as document:
        assert len(document.pages) == made
        assert "/ToUnicode" in str(document.pages[-1].resources.Font) or document.pages[-1].resources.Font


def test_a_range_of_pages_is_printed_alone(desk: Desk, tmp_path: Path) -> None:
    row = row_of(desk, Status.CERTIFIED)
    printer = pdf(tmp_path / "m.pdf")
    printer.setFromTo(2, 3)
    text = "\n".join(f"Riga {number}" for number in range(300))

    assert print_message(Printout(row, None, text, False), desk, printer, FAMILY) > 3
    with pikepdf.open(tmp_path / "m.pdf") as document:
        assert len(document.pages) == 2


@pytest.fixture
def papers(monkeypatch: pytest.MonkeyPatch) -> list[Printout]:
    """What was printed."""
    found: list[Printout] = []
    monkeypatch.setattr(printing, "print_message", lambda printout, *_: found.append(printout))
    return found


def test_the_reader_prints_what_it_shows_and_nothing_when_it_shows_nothing(
    qtbot: QtBot, desk: Desk, papers: list[Printout]
) -> None:
    reader, before = Reader(desk), QWidget()
    for widget in (reader, before):
        qtbot.addWidget(widget)
    assert print_with_dialog(reader, desk, before) is None

    row = row_of(desk, Status.DELIVERED)
    reader.show_row(row)
    qtbot.waitUntil(lambda: reader.shown_id == row.id)
    dialog = print_with_dialog(reader, desk, before)
    assert dialog is not None
    qtbot.waitUntil(lambda: reader.page.content.is_settled)
    dialog.accepted.emit(dialog.printer())
    dialog.close()

    assert papers == [reader.printout]


def test_the_message_is_printed_for_which_it_was_asked_whatever_is_shown_by_then(
    qtbot: QtBot, desk: Desk, papers: list[Printout]
) -> None:
    reader, before = Reader(desk), QWidget()
    for widget in (reader, before):
        qtbot.addWidget(widget)
    asked, other = row_of(desk, Status.DELIVERED), row_of(desk, Status.CERTIFIED)
    reader.show_row(asked)
    qtbot.waitUntil(lambda: reader.shown_id == asked.id)
    dialog = print_with_dialog(reader, desk, before)
    assert dialog is not None
    reader.show_row(other)
    qtbot.waitUntil(lambda: reader.shown_id == other.id)
    dialog.accepted.emit(dialog.printer())
    dialog.close()

    assert [paper.row.id for paper in papers] == [asked.id]


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("Diffida: n. 12/2026 – città", "diffida-n-12-2026-citta"),
        ("../../etc/passwd", "etc-passwd"),
        ("", "pecdesk"),
        ("a" * 200, "a" * 80),
    ],
)
def test_the_print_job_is_named_after_the_subject(desk: Desk, subject: str, name: str) -> None:
    row = replace(row_of(desk, Status.DELIVERED).transmission, subject=subject)

    assert printer_for(row).docName() == name
