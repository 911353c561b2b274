"""The fields of a message being written: from whom, to whom, about what, with which receipt, and its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pecdesk.app.drafting import Drafting
from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.explain.visible import visible
from pecdesk.pec.composing import LONGEST_SUBJECT
from pecdesk.pec.draft import Draft
from pecdesk.pec.message import Completeness, normal_address
from pecdesk.ui.compose.message_editor import MessageEditor
from pecdesk.ui.compose.recipient_field import RecipientField
from pecdesk.ui.compose.senders import Sender, sender_of
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.panels import Notice, label, rule
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import MARGIN, STEP

LOWEST_TEXT = 90
"""Device-independent pixels of the text that are always seen."""

RECEIPTS: tuple[tuple[Completeness | None, str, str], ...] = (
    (None, N_("Full"), N_("The receipt of delivery brings the whole message back: the strongest proof.")),
    (
        Completeness.BRIEF,
        N_("Brief"),
        N_("The receipt brings the text back, and of every attachment only its hash: keep the files as they are."),
    ),
    (
        Completeness.SHORT,
        N_("Short"),
        N_("The receipt says that it was delivered, and nothing of what: it does not prove the content."),
    ),
)
"""Kinds of the delivery receipt, their names, and what each proves. None is the usual one, which is full."""


class ComposeForm(QWidget):
    """All that a draft holds but its attachments."""

    changed = Signal()

    def __init__(self, desk: Desk, drafting: Drafting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._senders: tuple[Sender, ...] = ()
        self._named: list[QLabel] = []
        self.account = QComboBox()
        self.account.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.account.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.account.setMinimumContentsLength(12)
        wear(self.account, "identity")
        self.provider = label("", "small")
        self.to, self.cc = RecipientField(desk, drafting), RecipientField(desk, drafting)
        self.no_bcc = label("", "small", wraps=True)
        self.cc_notice = Notice(desk.theme)
        self.subject = QLineEdit()
        self.subject.setMaxLength(LONGEST_SUBJECT)
        font = QFont(self.subject.font())
        font.setWeight(QFont.Weight.DemiBold)
        self.subject.setFont(font)
        self.receipt = QComboBox()
        self.receipt_meaning = label("", "small", wraps=True)
        self.receipt.addItems([""] * len(RECEIPTS))
        self.editor = MessageEditor()
        self._lay_out()
        self.account.currentIndexChanged.connect(self._sender_chosen)
        self.subject.textEdited.connect(self.changed)
        self.receipt.currentIndexChanged.connect(self._receipt_chosen)
        self.editor.textChanged.connect(self.changed)
        for field in (self.to, self.cc):
            field.changed.connect(self._recipients_changed)
        desk.language_changed.connect(self.retranslate)
        self.retranslate()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * STEP)
        grid.setVerticalSpacing(2 * STEP)
        grid.setColumnStretch(1, 1)
        identity, receipt, copies = QHBoxLayout(), QHBoxLayout(), QVBoxLayout()
        identity.setSpacing(3 * STEP)
        identity.addWidget(self.account)
        identity.addWidget(self.provider, 1)
        self.receipt.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        receipt.setSpacing(3 * STEP)
        receipt.addWidget(self.receipt)
        receipt.addWidget(self.receipt_meaning, 1)
        copies.setSpacing(STEP)
        for part in (self.cc, self.no_bcc, self.cc_notice):
            copies.addWidget(part)
        rows: tuple[tuple[QWidget, QWidget | QHBoxLayout | QVBoxLayout], ...] = (
            (self.account, identity),
            (self.to.line, self.to),
            (self.cc.line, copies),
            (self.subject, self.subject),
            (self.receipt, receipt),
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
        self._head = QWidget()
        self._head.setLayout(grid)
        self._middle = QStackedWidget()
        self._middle.setMinimumHeight(LOWEST_TEXT)
        self._middle.addWidget(self.editor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(rule())
        column.addWidget(self._middle, 1)
        for before, after in (
            (self.account, self.to.line),
            (self.to.line, self.cc.line),
            (self.cc.line, self.subject),
            (self.subject, self.receipt),
            (self.receipt, self.editor),
        ):
            QWidget.setTabOrder(before, after)

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
        self.account.setAccessibleName(say(N_("Account it is sent from")))
        self.subject.setAccessibleName(say(N_("Subject")))
        self.receipt.setAccessibleName(say(N_("Kind of the delivery receipt")))
        self.editor.setAccessibleName(say(N_("Text of the message")))
        self.editor.setPlaceholderText(say(N_("Write here. Files can be dropped or pasted anywhere in this window.")))
        self.no_bcc.setText(
            say(N_("There is no Bcc in PEC: a provider refuses a message with recipients that are not named in it."))
        )
        for row, (_, name, _) in enumerate(RECEIPTS):
            self.receipt.setItemText(row, say(name))
        self._receipt_meaning()
        self._tell_cc()
        self._tell_provider()

    # what stands there

    def show_senders(self, known: Sequence[Sender], address: str) -> None:
        """Offer these accounts, that one chosen."""
        with QSignalBlocker(self.account):
            self._senders = tuple(known)
            if all(normal_address(one.address) != normal_address(address) for one in known):
                self._senders = (*known, sender_of(address, known))
            self.account.clear()
            for one in self._senders:
                name = visible(one.name)
                address_shown = visible(one.address)
                self.account.addItem(f"{address_shown}  –  {name}" if name else address_shown, one.address)
            keys = [normal_address(one.address) for one in self._senders]
            self.account.setCurrentIndex(keys.index(normal_address(address)))
            self.account.setEnabled(len(self._senders) > 1)
        self._tell_provider()

    @property
    def chosen_sender(self) -> Sender:
        """The account it is sent from."""
        return sender_of(self.account.currentData() or "", self._senders)

    def choose_sender(self, address: str) -> None:
        """Send from that account."""
        keys = [normal_address(one.address) for one in self._senders]
        if normal_address(address) in keys:
            self.account.setCurrentIndex(keys.index(normal_address(address)))

    def show_draft(self, draft: Draft) -> None:
        """Show what a draft holds; nothing counts as changed by it."""
        parts = (self.account, self.to, self.cc, self.subject, self.receipt, self.editor)
        blockers = [QSignalBlocker(part) for part in parts]
        self.show_senders(self._senders, draft.account)
        self.to.show_recipients(draft.to)
        self.cc.show_recipients(draft.cc)
        self.subject.setText(draft.subject)
        kinds = [kind for kind, _, _ in RECEIPTS]
        self.receipt.setCurrentIndex(kinds.index(draft.receipt) if draft.receipt in kinds else 0)
        self.editor.show_text(draft.text)
        del blockers
        self._receipt_meaning()
        self._tell_cc()

    def filled(self, draft: Draft) -> Draft:
        """The draft with what stands here."""
        kind = RECEIPTS[max(0, self.receipt.currentIndex())][0]
        if kind is None and draft.receipt is Completeness.FULL:
            kind = Completeness.FULL
        return replace(
            draft,
            account=self.chosen_sender.address or draft.account,
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

    def _sender_chosen(self) -> None:
        self._tell_provider()
        self.changed.emit()

    def _receipt_chosen(self) -> None:
        self._receipt_meaning()
        self.changed.emit()

    def _recipients_changed(self) -> None:
        self._tell_cc()
        self.changed.emit()

    def _tell_provider(self) -> None:
        one = self.chosen_sender
        if one.address and not one.can_send:
            words = self._desk.say(N_("Nothing can be sent from here: this account has no server for outgoing mail."))
        else:
            words = visible(one.provider)
        self.provider.setText(words)
        self.account.setToolTip(visible(one.address).replace("<", "‹"))

    def _receipt_meaning(self) -> None:
        _, _, meaning = RECEIPTS[max(0, self.receipt.currentIndex())]
        self.receipt_meaning.setText(self._desk.say(meaning))
        self.receipt.setAccessibleDescription(self.receipt_meaning.text())

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
