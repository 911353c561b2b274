"""A message with its status as a document for paper: letters and tables, black on white, nothing to be loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QUrl
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextOption,
    QTextTableFormat,
)

from pecdesk.errors import N_
from pecdesk.explain import Shape, badge
from pecdesk.explain.byline import addressed, byline, is_certified
from pecdesk.explain.card import StatusCard, status_card
from pecdesk.explain.visible import visible, visible_lines
from pecdesk.mime import Attachment
from pecdesk.pec.transmission import Direction, Transmission
from pecdesk.store import Row, StoredMessage
from pecdesk.ui.desk import Desk
from pecdesk.ui.reader.message_text import slices
from pecdesk.ui.reader.status_card import uncounted

INK, GREY = "#000000", "#444444"
POINTS = 9.5
_SMALL, _LARGE = 8.0, 15.0


@dataclass(frozen=True, slots=True)
class Printout:
    """What is to be printed."""

    row: Row
    message: StoredMessage | None
    text: str
    """The text as it is shown."""
    has_html: bool
    """Whether there is an HTML form, which is not printed."""


class PaperDocument(QTextDocument):
    """A document that asks for nothing from outside."""

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:
        """A blank, whatever is asked for: what is missing Qt would look for as a file."""
        return " "


def printed_message(printout: Printout, desk: Desk, family: str) -> QTextDocument:
    """The document, in the letters of that family."""
    return _Writer(printout, desk, family).document


class _Writer:
    """Writes one document from the top down."""

    def __init__(self, printout: Printout, desk: Desk, family: str) -> None:
        self._desk = desk
        self._say = desk.say
        self._printout = printout
        self.document = PaperDocument()
        font = QFont(family)
        font.setPointSizeF(POINTS)
        self.document.setDefaultFont(font)
        self.document.setUndoRedoEnabled(False)
        self.document.setDocumentMargin(0)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document.setDefaultTextOption(option)
        self._cursor = QTextCursor(self.document)
        row, message = printout.row.transmission, printout.message
        received = row.direction is Direction.RECEIVED
        card = status_card(
            row,
            desk.clock(),
            desk.language,
            attachments=len(message.examination.attachments) if message is not None else None,
            seen_at=message.first_seen if message is not None and received else None,
        )
        self._head(row)
        self._status(row, card)
        self._text()
        if message is not None and message.examination.attachments:
            self._attachments(message.examination.attachments)

    def _head(self, row: Transmission) -> None:
        say, language = self._say, self._desk.language
        printed = language.instant(self._desk.clock())
        if self._desk.app.profile.is_demo:
            self._line(say(N_("DEMO: made-up people, made-up providers. This proves nothing.")), _SMALL, bold=True)
        caveat = say(N_("Reading copy, printed on {instant}: the proof is in the .eml files."), instant=printed)
        self._line(caveat, _SMALL)
        self._line(visible(row.subject) or say(N_("(no subject)")), _LARGE, bold=True, above=6)
        self._line(visible(byline(row, language)), colour=GREY)
        self._line(visible(addressed(row, language)), colour=GREY)
        if row.identifier:
            name = say(N_("Identifier"))
            self._line(f"{name}: {visible(row.identifier)}", colour=GREY)

    def _status(self, row: Transmission, card: StatusCard) -> None:
        mark = badge(row, self._desk.language)
        self._section(N_("Status"))
        self._line(f"[{mark.word}] {visible(card.headline)}", bold=True)
        self._line(visible(card.verified))
        self._line(self._say(CERTIFIED if is_certified(row) else NOT_CERTIFIED))
        if card.rows:
            self._recipients(card)
        self._line(visible(card.comparison), above=4)
        for one in uncounted(row, self._desk.language):
            said = f"{one.words} – {one.badge.word}"
            self._line(self._say(N_("Filed here, and counted for nothing: {what}"), what=visible(said)), above=4)
        for need in card.needs:
            self._line(visible(f"! {need.sentence} {need.what_to_do}"), above=4)

    def _recipients(self, card: StatusCard) -> None:
        say = self._say
        head = (say(N_("Recipient")), *card.columns, say(N_("When")), say(N_("Remark")))
        lines = []
        for row in card.rows:
            stages = [
                "–" if stage.shape is Shape.OUTLINE else stage.word.removeprefix(f"{column}:").strip()
                for stage, column in zip(row.stages, card.columns, strict=True)
            ]
            lines.append((row.address, *stages, row.instant, row.remark or row.outcome.word))
        self._table(head, lines, (26, 13, 14, 14, 16, 17))

    def _text(self) -> None:
        if not self._printout.text:
            return
        row = self._printout.row.transmission
        foreign = row.direction is Direction.RECEIVED and not is_certified(row)
        self._section(N_("Text, written by the sender; no provider vouches for it") if foreign else N_("Text"))
        if self._printout.has_html:
            self._line(self._say(N_("The message also has an HTML form; printed is its text.")), _SMALL, colour=GREY)
        for piece in slices(self._printout.text):
            for number, line in enumerate(visible_lines(piece.text).split("\n")):
                if number or piece.begins_line:
                    self._begin(above=0)
                self._write(line)

    def _attachments(self, attachments: Sequence[Attachment]) -> None:
        say = self._say
        self._section(N_("Attachments"))
        head = (say(N_("Name")), say(N_("Size")), say(N_("Kind")), "SHA-256")
        size = self._desk.language.size
        lines = [(one.name, size(one.size), one.signed or one.media_type, one.sha256) for one in attachments]
        self._table(head, lines, (32, 13, 17, 38))

    # letters

    def _section(self, title: str) -> None:
        self._line(self._say(title).upper(), _SMALL, bold=True, above=14)

    def _line(
        self, text: str, points: float = POINTS, *, bold: bool = False, colour: str = INK, above: float = 2
    ) -> None:
        """A paragraph; nothing for an empty text."""
        if text:
            self._begin(above)
            self._write(text, points, bold=bold, colour=colour)

    def _begin(self, above: float) -> None:
        form = QTextBlockFormat()
        form.setTopMargin(above)
        if self.document.isEmpty():
            self._cursor.setBlockFormat(form)
        else:
            self._cursor.insertBlock(form)

    def _write(self, text: str, points: float = POINTS, *, bold: bool = False, colour: str = INK) -> None:
        letters = QTextCharFormat()
        letters.setFontPointSize(points)
        letters.setForeground(QBrush(QColor(colour)))
        letters.setFontWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
        self._cursor.insertText(text, letters)

    def _table(self, head: Sequence[str], lines: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        form = QTextTableFormat()
        form.setBorder(1)
        form.setBorderCollapse(True)
        form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        form.setBorderBrush(QBrush(QColor(GREY)))
        form.setCellPadding(3)
        form.setTopMargin(6)
        form.setHeaderRowCount(1)
        form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        form.setColumnWidthConstraints([QTextLength(QTextLength.Type.PercentageLength, width) for width in widths])
        table = self._cursor.insertTable(len(lines) + 1, len(head), form)
        for y, line in enumerate((head, *lines)):
            for x, text in enumerate(line):
                self._cursor = table.cellAt(y, x).firstCursorPosition()
                self._write(visible(text), _SMALL, bold=y == 0)
        self._cursor = QTextCursor(self.document)
        self._cursor.movePosition(QTextCursor.MoveOperation.End)


CERTIFIED = N_(
    "Certified by a provider: sender, subject, recipients and the times said to be certified. That the text and the"
    " attachments are true or harmless is certified by nobody."
)
NOT_CERTIFIED = N_("Nothing is certified here: sender, subject, date and text are the message's own word.")
