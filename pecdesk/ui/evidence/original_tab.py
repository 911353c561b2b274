"""Messaggio originale: the mail inside, as it presents itself; a certified message inside keeps its own verdict."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from pecdesk.app.attachments import attachment_bytes
from pecdesk.errors import N_
from pecdesk.examine import Examination, Original, original_bytes
from pecdesk.explain.evidence_page import evidence_page
from pecdesk.explain.facts import Fact
from pecdesk.explain.visible import visible
from pecdesk.pec.message import MessageKind, Summary
from pecdesk.reading import Reading
from pecdesk.trust import CheckName, CheckStatus, SignatureStatus
from pecdesk.ui.desk import Desk
from pecdesk.ui.evidence.carried import CarriedAttachments
from pecdesk.ui.evidence.facts import FactTable
from pecdesk.ui.evidence.inspection import Inspection
from pecdesk.ui.evidence.message_body import MessageBody
from pecdesk.ui.evidence.tab import EvidenceTab, Shown
from pecdesk.ui.evidence.verdict_head import VerdictHead
from pecdesk.ui.reader.message_text import MessageText
from pecdesk.ui.style.file_icon import is_message
from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP

SMALL_MARK = 24
LONGEST_NAME = 100
"""Letters shown of the name of an attached message."""
MOST_ATTACHED = 3
"""Attached messages that are examined unasked; the others when they are opened."""

OWN_WORD = N_("These lines are the message's own word.")
UNCERTIFIED = N_("These lines come from the message inside, as its sender wrote them; nothing certifies them.")
AGREES = N_("These lines come from the message inside, as its sender wrote them; the certified data agree with them.")
DISAGREES = N_(
    "These lines come from the message inside, as its sender wrote them. The certified data say otherwise: those count."
)

NESTED = N_("Attached message: its verdict holds for it alone.")
NESTED_NAMED = N_("Attached message “{name}”: its verdict holds for it alone.")


class AttachedVerdict(QFrame):
    """The verdict on a message that lies inside another: framed, captioned, and about that message alone."""

    open_asked = Signal()

    def __init__(self, desk: Desk, examination: Examination, name: str = "") -> None:
        super().__init__()
        wear(self, "framed")
        say = desk.say
        page = evidence_page(examination, None, desk.clock(), desk.language)
        shown = visible(name[:LONGEST_NAME])
        caption = say(NESTED_NAMED, name=shown) if name else say(NESTED)
        self.caption = FlowText(caption, "muted")
        self.head = VerdictHead(desk, mark_side=SMALL_MARK, headline_look="strong")
        self.head.show_page(page)
        button = self.button = QPushButton(say(N_("Open")))
        button.setAccessibleName(say(N_("Open the attached message")))
        button.clicked.connect(self.open_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * STEP, 3 * STEP, 3 * STEP, 3 * STEP)
        column.addWidget(self.caption)
        column.addWidget(self.head)
        row = QHBoxLayout()
        row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)


class OriginalTab(EvidenceTab):
    """The mail inside an envelope or a receipt; of any other message, the message itself."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.attached: list[AttachedVerdict] = []
        self.body: MessageBody | None = None
        self.attachments: CarriedAttachments | None = None

    def content_of(self, shown: Shown) -> object:
        return shown.known.examination.sha256, _origin(shown.known.examination)

    def draw(self, shown: Shown) -> None:
        say, examination = self.desk.say, shown.known.examination
        self.attached = []
        self.body = self.attachments = None
        if examination.original is None and examination.kind.is_receipt:
            self._show_receipt_alone(examination)
            return
        self.page.add(label(say(_origin(examination)), "muted", wraps=True))
        headers = examination.original.summary if examination.original else examination.summary
        table = FactTable(self.desk, say(N_("Original message")), self._facts(headers))
        table.copied.connect(self.copied)
        self.page.add(table)
        body = self.body = MessageBody(self.desk)
        self.page.add(body)
        body.show_text(examination.text)
        self.attachments = CarriedAttachments(self.desk, shown.inspection, examination)
        self.attachments.nested_asked.connect(self.nested_asked)
        self.page.add(self.attachments)
        self.page.end()
        self.show_content()
        shown.inspection.ask(shown.inspection.reading, lambda reading: self._show_reading(body, reading))
        if examination.original is not None:
            self._look_inside(body, shown.inspection, examination.original)
        attached = [number for number, one in enumerate(examination.attachments) if is_message(one)]
        for number in attached[:MOST_ATTACHED]:
            self._look_into(body, shown.inspection, examination, number)

    def _show_receipt_alone(self, examination: Examination) -> None:
        """A receipt that brings nothing back: what its provider wrote in it is all there is."""
        say = self.desk.say
        self.page.add(label(say(N_("This receipt does not hold the message it is about.")), "muted", wraps=True))
        if examination.notice:
            whose = N_("Written by the provider")
            if not examination.standing.proves:
                whose = N_("What the message says; no provider vouches for it")
            self.page.add_heading(say(whose))
            text = MessageText(self.desk)
            self.page.add(text)
            text.show_text(examination.notice)
        self.page.end()
        self.show_content()

    def _show_reading(self, body: MessageBody, reading: Reading) -> None:
        """The whole text and the HTML, unless another content has taken the place of the one that asked for it."""
        if body is self.body:
            body.show_reading(reading)

    def _look_inside(self, body: MessageBody, inspection: Inspection, original: Original) -> None:
        """The mail inside may be certified itself: an envelope in an envelope."""
        title = original.summary.subject or self.desk.say(N_("Attached message"))

        def open_it() -> None:
            inspection.ask(
                lambda: original_bytes(inspection.raw(), original), lambda raw: self.nested_asked.emit(raw, title)
            )

        inspection.ask(inspection.inside, lambda inside: self._frame(body, inside, "", open_it))

    def _look_into(self, body: MessageBody, inspection: Inspection, examination: Examination, number: int) -> None:
        """An attached message may be certified itself: somebody passed it on."""
        name, now = examination.attachments[number].name, self.desk.clock()

        def work() -> tuple[bytes, Examination]:
            raw = attachment_bytes(inspection.raw(), examination, number)
            return raw, self.desk.app.examine_bytes(raw, now)

        def then(found: tuple[bytes, Examination]) -> None:
            raw, attached = found
            self._frame(body, attached, name, lambda: self.nested_asked.emit(raw, name))

        inspection.ask(work, then)

    def _frame(self, body: MessageBody, inside: Examination | None, name: str, open_it: Callable[[], object]) -> None:
        """A message inside that is certified, or claims to be, gets a verdict of its own, under the first lines."""
        if body is not self.body or inside is None or not _is_pec(inside):
            return
        framed = AttachedVerdict(self.desk, inside, name)
        framed.open_asked.connect(open_it)
        self.attached.append(framed)
        self.page.column.insertWidget(len(self.attached), framed)

    def _facts(self, shown: Summary) -> list[Fact]:
        say = self.desk.say
        people = {
            N_("From"): shown.sender,
            N_("To"): shown.to,
            N_("Cc"): shown.cc,
        }
        facts = [Fact(say(N_("Subject")), shown.subject or say(N_("(no subject)")))]
        facts += [
            Fact(say(name), ", ".join(f"{who.name} <{who.address}>" if who.name else who.address for who in found))
            for name, found in people.items()
            if found
        ]
        if shown.date is not None:
            facts.append(Fact(say(N_("Date, as stated")), self.desk.language.instant(shown.date)))
        return facts


def _is_pec(inside: Examination) -> bool:
    """Whether the mail inside is, or presents itself as, an object of certified mail."""
    return inside.kind not in (MessageKind.ORDINARY, MessageKind.DELIVERY_STATUS) or (
        inside.signature.status is not SignatureStatus.NONE
    )


def _origin(examination: Examination) -> str:
    """Whose word these lines are, as an English template, and whether the provider's agrees."""
    if examination.original is None:
        return OWN_WORD
    if examination.certification is None:
        return UNCERTIFIED
    check = next((check for check in examination.checks if check.name is CheckName.INNER_MESSAGE), None)
    return DISAGREES if check is not None and check.status is CheckStatus.FAILED else AGREES
