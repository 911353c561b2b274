"""One transmission in one scroll: heading, status card, actions, content, attachments."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain import Tone, badge
from pecdesk.explain.byline import is_certified
from pecdesk.explain.card import status_card
from pecdesk.pec.draft import Draft
from pecdesk.pec.transmission import Direction, OriginalSource, State, Transmission
from pecdesk.store import Row, StoredMessage
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Content
from pecdesk.ui.reader.attachment_list import AttachmentList
from pecdesk.ui.reader.content import MessageContent
from pecdesk.ui.reader.draft_preview import DraftPreview
from pecdesk.ui.reader.heading import Heading
from pecdesk.ui.reader.link_question import ask_about_link
from pecdesk.ui.reader.row_actions import ORIGINALS, PROOF, RowActions
from pecdesk.ui.reader.status_card import StatusCardView, uncounted
from pecdesk.ui.style.focus_ring import FocusRing
from pecdesk.ui.style.panels import Notice
from pecdesk.ui.style.tokens import MARGIN, STEP

WIDEST = 900
"""Device-independent pixels; longer lines are hard to read."""


class ReaderPage(QScrollArea):
    """Draws a row and its main message."""

    evidence_asked = Signal(str)
    row_asked = Signal(int)
    nested_asked = Signal(object, str)
    action_wanted = Signal(str)
    """The name of an action."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.heading = Heading(desk)
        self.card = StatusCardView(desk)
        self.source = Notice(desk.theme)
        self.actions_ = RowActions(desk)
        self.proof, self.originals = self.actions_.buttons[PROOF], self.actions_.buttons[ORIGINALS]
        self.content = MessageContent(desk)
        self.draft = DraftPreview(desk)
        self.attachments = AttachmentList(desk)
        self._build()
        FocusRing(self, desk.theme)
        self.heading.row_asked.connect(self.row_asked)
        self.card.evidence_asked.connect(self.evidence_asked)
        self.content.evidence_asked.connect(self.evidence_asked)
        self.attachments.nested_asked.connect(self.nested_asked)
        for text in (self.content, self.draft):
            text.link_asked.connect(lambda url: ask_about_link(desk, self, url))
        self.actions_.asked.connect(self.action_wanted)

    def _build(self) -> None:
        middle = QWidget()
        middle.setMaximumWidth(WIDEST)
        column = QVBoxLayout(middle)
        column.setContentsMargins(MARGIN, 4 * STEP, MARGIN, MARGIN)
        column.setSpacing(3 * STEP)
        parts = (self.heading, self.card, self.source, self.actions_, self.content, self.draft, self.attachments)
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        ground = Content()
        row = QHBoxLayout(ground)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(middle, 1)
        row.addStretch(0)
        self.setWidget(ground)

    def show_row(self, row: Row, message: StoredMessage | None, draft: Draft | None = None) -> None:
        """Show a row with its main message, where that is here, or with the draft it is."""
        desk, found = self._desk, row.transmission
        language = desk.language
        self.actions_.show_row(found)
        self.heading.show_row(row)
        received = found.direction is Direction.RECEIVED
        card = status_card(
            found,
            desk.clock(),
            language,
            attachments=len(message.examination.attachments) if message is not None else None,
            seen_at=message.first_seen if message is not None and received else None,
        )
        whole = found.original_sha256 if received and found.evidence else None
        self.card.show_card(card, badge(found, language), whole, uncounted(found, language))
        self._show_source(found)
        self.content.show_message(message, unvouched=received and not is_certified(found))
        self.content.setVisible(draft is None)
        self.draft.show_draft(draft)
        self.attachments.show_message(message)

    def _show_source(self, row: Transmission) -> None:
        """Say where the message shown is from, where it is not simply here."""
        if row.original is OriginalSource.NONE and row.state is not State.DRAFT:
            self.source.say(Tone.AMBER, self._desk.say(MISSING), icon="warning")
        elif row.original is OriginalSource.FROM_RECEIPT:
            self.source.say(
                Tone.BLUE,
                self._desk.say(N_("The sent message is not in this archive; it is read out of the delivery receipt.")),
            )
        else:
            self.source.hide()

    def clear(self) -> None:
        """Let go of what was shown."""
        self.content.show_message(None)
        self.draft.show_draft(None)
        self.attachments.show_message(None)

    def scroll_to_top(self) -> None:
        """Begin at the beginning."""
        self.verticalScrollBar().setValue(0)

    def scroll_page(self, pages: int) -> None:
        """A page on, or back."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + pages * (bar.pageStep() - 2 * MARGIN))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_Home:
            bar.setValue(bar.minimum())
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        elif event.key() == Qt.Key.Key_Space:
            self.scroll_page(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)


MISSING = N_(
    "The sent message is not in this archive: here is what its receipts tell. Import it, for instance from the folder"
    " of sent mail, and its text and attachments appear."
)
