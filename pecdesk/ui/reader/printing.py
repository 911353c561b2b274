"""Pages out of a printed message, and the dialog that asks which printer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QGuiApplication,
    QPageLayout,
    QPainter,
    QPalette,
    QTextDocument,
)
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from pecdesk.errors import N_
from pecdesk.explain.visible import visible
from pecdesk.pec.transmission import Transmission
from pecdesk.proof.naming import slug
from pecdesk.ui.desk import Desk
from pecdesk.ui.reader.printed_message import INK, Printout, printed_message

if TYPE_CHECKING:
    from pecdesk.ui.reader.reader import Reader

UNITS_PER_INCH = 96.0
"""In which the document is laid out, whatever the printer's own dots are."""
FOOTER = 26.0
"""Height of the line below every page, in those units."""
LONGEST_NAME = 80
"""Letters of the name of a job."""
MARGINS = QMarginsF(18, 16, 18, 14)
"""Millimetres."""


def print_message(printout: Printout, desk: Desk, printer: QPrinter, family: str = "") -> int:
    """Print it on a printer, or into a PDF; returns how many pages it made."""
    printer.setPageMargins(MARGINS, QPageLayout.Unit.Millimeter)
    document = printed_message(printout, desk, family or QGuiApplication.font().family())
    row = printout.row.transmission
    name = visible(row.identifier or row.message_id or "")

    def footer(page: int, of: int) -> str:
        said = desk.say(N_("page {page} of {pages}"), page=page, pages=of)
        return f"{name}  ·  {said}" if name else said

    return _print_pages(document, printer, footer)


def _print_pages(document: QTextDocument, printer: QPrinter, footer: Callable[[int, int], str]) -> int:
    scale = printer.resolution() / UNITS_PER_INCH
    area = printer.pageLayout().paintRectPixels(printer.resolution())
    width, height = area.width() / scale, area.height() / scale - FOOTER
    document.setPageSize(QSizeF(width, height))
    pages = document.pageCount()
    first, last = printer.fromPage() or 1, min(printer.toPage() or pages, pages)
    painter = QPainter(printer)
    painter.scale(scale, scale)
    for page in range(first, last + 1):
        if page > first:
            printer.newPage()
        _paint_page(painter, document, QRectF(0, (page - 1) * height, width, height))
        _paint_footer(painter, QRectF(0, height, width, FOOTER), footer(page, pages))
    painter.end()
    return pages


def _paint_page(painter: QPainter, document: QTextDocument, part: QRectF) -> None:
    context = QAbstractTextDocumentLayout.PaintContext()
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Text, QColor(INK))
    context.palette = palette
    context.clip = part
    painter.save()
    painter.translate(0, -part.top())
    painter.setClipRect(part)
    document.documentLayout().draw(painter, context)
    painter.restore()


def _paint_footer(painter: QPainter, place: QRectF, words: str) -> None:
    font = QFont(painter.font())
    font.setPixelSize(10)
    painter.setFont(font)
    painter.setPen(QColor(INK))
    words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, int(place.width()))
    painter.drawText(place, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight, words)


def printer_for(row: Transmission) -> QPrinter:
    """The usual printer, the job named after the subject: so is the file of those who print into one."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(slug(row.subject)[:LONGEST_NAME].strip("-") or "pecdesk")
    return printer


def print_with_dialog(reader: Reader, desk: Desk, parent: QWidget) -> QPrintDialog | None:
    """Ask which printer, then print what the reader shows; nothing where it shows nothing."""
    asked = reader.printout
    if asked is None:
        return None
    printer = printer_for(asked.row.transmission)
    dialog = QPrintDialog(printer, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.accepted.connect(lambda: print_message(_as_it_is_now(asked, reader), desk, printer))
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.show()
    return dialog


def _as_it_is_now(asked: Printout, reader: Reader) -> Printout:
    """The same message with what became known of it meanwhile; never another one that is shown by now."""
    now = reader.printout
    return now if now is not None and now.row.id == asked.row.id else asked
