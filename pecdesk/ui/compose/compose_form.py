"""The fields of a message being written: from whom, to whom, about what, with which receipt, and its text."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from pecdesk.app.drafting import Drafting
from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.pec.composing import LONGEST_SUBJECT
from pecdesk.pec.draft import Draft
from pecdesk.pec.message import Completeness, normal_address
from pecdesk.ui.compose.message_editor import MessageEditor
from pecdesk.ui.compose.receipt_choice import ReceiptChoice
from pecdesk.ui.compose.recipient_field import RecipientField
from pecdesk.ui.compose.sender_choice import SenderChoice
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.panels import Notice, label, rule
from pecdesk.ui.style.tokens import MARGIN, STEP

LOWEST_TEXT = 90
"""Device-independent pixels of the text that are always seen."""


class ComposeForm(QWidget):
    """All that a draft holds but its attachments."""

    changed = Signal()

    def __init__(self, desk: Desk, drafting: Drafting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._named: list[QLabel] = []
        self.identity = SenderChoice(desk)
        self.to, self.cc = RecipientField(desk, drafting), RecipientField(desk, drafting)
        self.no_bcc = label("", "small", wraps=True)
        self.cc_notice = Notice(desk.theme)
        self.subject = QLineEdit()
        self.subject.setMaxLength(LONGEST_SUBJECT)
        font = QFont(self.subject.font())
        font.setWeight(QFont.Weight.DemiBold)
        self.subject.setFont(font)
        self.receipt = ReceiptChoice(desk)
        self.editor = MessageEditor()
        self._lay_out()
        self.identity.changed.connect(self.changed)
        self.subject.textEdited.connect(self.changed)
        self.receipt.changed.connect(self.changed)
        self.editor.textChanged.connect(self.changed)
        for field in (self.to, self.cc):
            field.changed.connect(self._recipients_changed)
        desk.language_changed.connect(self.retranslate)
        self.retranslate()

    def _lay_out(self) -> None:
        self._head = QWidget()
        self._head.setLayout(self._fields())
        self._middle = QStackedWidget()
        self._middle.setMinimumHeight(LOWEST_TEXT)
        self._middle.addWidget(self.editor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(rule())
        column.addWidget(self._middle, 1)
        reached = (self.identity.account, self.to.line, self.cc.line, self.subject, self.receipt.kinds, self.editor)
        for before, after in pairwise(reached):
            QWidget.setTabOrder(before, after)

    def _fields(self) -> QGridLayout:
        """Each field with its name before it."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * STEP)
        grid.setVerticalSpacing(2 * STEP)
        grid.setColumnStretch(1, 1)
        copies = QVBoxLayout()
        copies.setSpacing(STEP)
        for part in (self.cc, self.no_bcc, self.cc_notice):
            copies.addWidget(part)
        rows: tuple[tuple[QWidget, QWidget | QVBoxLayout], ...] = (
            (self.identity.account, self.identity),
            (self.to.line, self.to),
            (self.cc.line, copies),
            (self.subject, self.subject),
            (self.receipt.kinds, self.receipt),
        )
        for number, (field, content) in enumerate(rows):
            words = label("", "muted")
            words.setBuddy(field)
            words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            words.setContentsMargins(0, 2 * STEP, 0, 0)
            self._named.append(words)
            grid.addWidget(words, number, 0, Qt.AlignmentFlag.AlignTop)
            if isinstance(content, QWidget):
                grid.addWidget(content, number, 1)
            else:
                grid.addLayout(content, number, 1)
        grid.setContentsMargins(MARGIN, 4 * STEP, MARGIN, 3 * STEP)
        return grid

    def add_before_text(self, page: QWidget) -> None:
        """Have a page that can stand in the place of the text."""
        self._middle.addWidget(page)

    def show_before_text(self, page: QWidget | None) -> None:
        """Show a page in the place of the text, or the text again; recipients and subject stay in sight."""
        self._middle.setCurrentWidget(page or self.editor)

    def set_writable(self, writable: bool) -> None:
        """Let the user write, or only read."""
        self._head.setEnabled(writable)
        self.editor.setReadOnly(not writable)

    def retranslate(self) -> None:
        """Say it in the language in force."""
        say = self._desk.say
        names = (N_("F&rom"), N_("&To"), N_("&Cc"), N_("&Subject"), N_("Recei&pt"))
        for words, name in zip(self._named, names, strict=True):
            words.setText(say(name))
        self.to.name(say(N_("Recipients")))
        self.cc.name(say(N_("Recipients in copy")))
        self.subject.setAccessibleName(say(N_("Subject")))
        self.editor.setAccessibleName(say(N_("Text of the message")))
        self.editor.setPlaceholderText(
            say(N_("Write here. Files can be dropped anywhere in this window, or pasted here."))
        )
        self.no_bcc.setText(
            say(N_("There is no Bcc in PEC: a provider refuses a message with recipients that are not named in it."))
        )
        self.identity.retranslate()
        self.receipt.retranslate()
        self._tell_cc()

    # what stands there

    def show_draft(self, draft: Draft) -> None:
        """Show what a draft holds; nothing counts as changed by it."""
        blockers = [QSignalBlocker(part) for part in (self.to, self.cc, self.subject, self.editor)]
        self.identity.show_chosen(draft.account)
        self.to.show_recipients(draft.to)
        self.cc.show_recipients(draft.cc)
        self.subject.setText(draft.subject)
        self.receipt.show_kind(draft.receipt)
        self.editor.show_text(draft.text)
        del blockers
        self._tell_cc()

    def filled(self, draft: Draft) -> Draft:
        """The draft with what stands here."""
        kind = self.receipt.chosen
        if kind is None and draft.receipt is Completeness.FULL:
            kind = Completeness.FULL
        return replace(
            draft,
            account=self.identity.chosen.address or draft.account,
            to=self.to.written,
            cc=self.cc.written,
            subject=" ".join(self.subject.text().split()),
            text=self.editor.toPlainText(),
            receipt=kind,
        )

    def finish(self) -> None:
        """Make chips of what is still being typed."""
        for field in (self.to, self.cc):
            if field.line.text().strip():
                field.finish()

    @property
    def addresses(self) -> frozenset[str]:
        """Everybody it goes to, each once, in comparable form."""
        chips = (*self.to.recipients, *self.cc.recipients)
        return frozenset(normal_address(chip.address) for chip in chips if chip.address)

    # what follows from it

    def _recipients_changed(self) -> None:
        self._tell_cc()
        self.changed.emit()

    def _tell_cc(self) -> None:
        if not self.cc.recipients:
            self.cc_notice.hide()
            return
        self.cc_notice.say(
            Tone.BLUE,
            self._desk.say(
                N_(
                    "For those in copy the provider issues only a short receipt, whatever was asked for: it does not"
                    " prove the content. Anybody whose delivery you may have to prove belongs in the field above."
                )
            ),
        )
