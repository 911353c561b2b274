"""The attachments of a draft, each a card; what there is to say of one is told from its content, in the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from pecdesk.app.drafting import Drafting
from pecdesk.app.files import facts_of
from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.explain.send_check import FileFacts
from pecdesk.explain.visible import visible
from pecdesk.pec.draft import DraftAttachment
from pecdesk.ui.compose.attachment_card import DraftAttachmentCard
from pecdesk.ui.desk import Desk
from pecdesk.ui.outside import Outside
from pecdesk.ui.reader.handing_over import HandingOver
from pecdesk.ui.style.panels import Notice, label
from pecdesk.ui.style.tokens import STEP

SEEN = 3
"""Cards seen at once; the others are scrolled to."""


class DraftAttachments(QWidget):
    """Cards one under the other; Tab reaches one of them, the arrow keys the others."""

    removed = Signal(object)
    """The `DraftAttachment`."""

    def __init__(
        self, desk: Desk, drafting: Drafting, parent: QWidget | None = None, *, outside: Outside | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._drafting = drafting
        self._handing_over = HandingOver(desk, self, outside)
        self._facts: dict[tuple[str, str], FileFacts] = {}
        """What was found, by name and SHA-256."""
        self.cards: list[DraftAttachmentCard] = []
        self.title = label("", "section")
        self.notice = Notice(desk.theme)
        ground = QWidget()
        self._cards = QVBoxLayout(ground)
        self._cards.setContentsMargins(0, 0, 0, 0)
        self._cards.setSpacing(STEP)
        self._cards.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._scroll.setWidget(ground)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP)
        for part in (self.title, self._scroll, self.notice):
            column.addWidget(part)
        desk.language_changed.connect(self.retranslate)
        self.hide()

    @property
    def attachments(self) -> tuple[DraftAttachment, ...]:
        """What stands there."""
        return tuple(card.attachment for card in self.cards)

    def show_attachments(self, attachments: Sequence[DraftAttachment]) -> None:
        """Show these; cards that stay are left as they are."""
        if tuple(attachments) == self.attachments:
            return
        before = self.cards
        self.cards = []
        for attachment in attachments:
            kept = next((card for card in before if card.attachment == attachment), None)
            if kept is not None:
                before.remove(kept)
            self.cards.append(kept or self._card(attachment))
        had_focus = any(card.hasFocus() for card in before)
        for card in before:
            card.hide()
            self._cards.removeWidget(card)
            card.deleteLater()
        for place, card in enumerate(self.cards):
            self._cards.insertWidget(place, card)
        self.setVisible(bool(self.cards))
        self._set_current(min(len(self.cards) - 1, 0))
        if had_focus and self.cards:
            self.cards[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self._fit()
        self.retranslate()

    def retranslate(self) -> None:
        """Say it in the language in force."""
        self.title.setText(self._desk.language.counted("One attachment", "{n} attachments", len(self.cards)).upper())
        for card in self.cards:
            card.retranslate()

    def _card(self, attachment: DraftAttachment) -> DraftAttachmentCard:
        card = DraftAttachmentCard(self._desk, attachment)
        card.removal_asked.connect(lambda: self.removed.emit(attachment))
        card.open_asked.connect(lambda: self._open(attachment))
        card.stepped.connect(lambda step: self._step(card, step))
        if (found := self._facts.get((attachment.name, attachment.sha256))) is not None:
            card.show_facts(found)
        else:
            self._look_into(attachment)
        return card

    def _fit(self) -> None:
        height = sum(card.sizeHint().height() + STEP for card in self.cards[:SEEN])
        self._scroll.setFixedHeight(max(height, 1))

    # what it holds

    def _fetching(self, attachment: DraftAttachment) -> Callable[[], bytes]:
        drafting = self._drafting
        return lambda: drafting.attachment(attachment)

    def _look_into(self, attachment: DraftAttachment) -> None:
        fetch, name = self._fetching(attachment), attachment.name
        self._desk.background.query(
            lambda: facts_of(name, fetch()), lambda found: self._tell_facts(attachment, found), self._fail, owner=self
        )

    def _tell_facts(self, attachment: DraftAttachment, facts: FileFacts) -> None:
        self._facts[attachment.name, attachment.sha256] = facts
        for card in self.cards:
            if card.attachment == attachment:
                card.show_facts(facts)

    def _open(self, attachment: DraftAttachment) -> None:
        self._handing_over.open(attachment.name, self._fetching(attachment), self._refuse, self._fail)

    def _refuse(self, why: str) -> None:
        self._say(Tone.AMBER, why)

    def _fail(self, error: Exception) -> None:
        self._say(Tone.RED, visible(self._desk.sentence(error)))

    def _say(self, tone: Tone, text: str) -> None:
        self.notice.say(tone, text, (self._desk.say(N_("Close")), self.notice.hide), icon="warning")

    # keys

    def _set_current(self, number: int) -> None:
        for place, card in enumerate(self.cards):
            card.setFocusPolicy(Qt.FocusPolicy.StrongFocus if place == number else Qt.FocusPolicy.ClickFocus)

    def _step(self, card: DraftAttachmentCard, step: int) -> None:
        place = self.cards.index(card) + step
        if 0 <= place < len(self.cards):
            self._set_current(place)
            self.cards[place].setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(self.cards[place])
