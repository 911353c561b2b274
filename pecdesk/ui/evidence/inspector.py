"""The evidence inspector: what one message is worth, what shows it, and every byte of it, in a window of its own.

The verdict stands above the tabs, drawn by our widgets; whatever the message itself can show stays below them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.explain.changed_verdict import changed_verdict, weight_of_change
from pecdesk.explain.evidence_page import EvidencePage, evidence_page
from pecdesk.explain.visible import visible
from pecdesk.explain.words import NOTES
from pecdesk.trust import Note
from pecdesk.ui.button_keys import ButtonKeys
from pecdesk.ui.desk import Desk
from pecdesk.ui.evidence.action_bar import ActionBar
from pecdesk.ui.evidence.inspection import (
    BytesInspection,
    FileInspection,
    Inspection,
    Known,
    NestedInspection,
    StoredInspection,
)
from pecdesk.ui.evidence.original_tab import NESTED
from pecdesk.ui.evidence.saving import ask_where, save, suggested_name
from pecdesk.ui.evidence.tab import Shown
from pecdesk.ui.evidence.tabs import EvidenceTabs
from pecdesk.ui.evidence.verdict_head import VerdictHead
from pecdesk.ui.style.panels import Notice, View
from pecdesk.ui.style.tokens import MARGIN, STEP

WIDTH, HEIGHT = 880, 760
NARROWEST, LOWEST = 640, 520
LOW = 640
"""Below this height the explanation moves from above the tabs into the summary."""

LONGEST_TITLE = 120
"""Letters of a subject in the title of the window."""


class Inspector(QWidget):
    """One window about one message."""

    evidence_asked = Signal(str)
    proof_asked = Signal(list)
    row_asked = Signal(int)
    import_asked = Signal(object)
    """A path."""
    nested_asked = Signal(object, str)
    """The bytes of a message that lies inside this one, and what to call it."""
    closing = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._desk = desk
        self._inspection: Inspection | None = None
        self._foot_words: tuple[str, dict[str, object]] = ("", {})
        self.where_to_save = ask_where
        self.setObjectName("inspector")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(NARROWEST, LOWEST)
        self.resize(WIDTH, HEIGHT)
        self.head = VerdictHead(desk)
        self.notice = Notice(desk.theme)
        self.tabs = EvidenceTabs(desk)
        self.bar = ActionBar(desk)
        self._compose()
        ButtonKeys(self)
        self._connect()
        self.retranslate()

    def _compose(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(MARGIN, MARGIN - STEP, MARGIN, 3 * STEP)
        column.setSpacing(2 * STEP)
        column.addWidget(self.head)
        column.addWidget(self.notice)
        column.addWidget(self.tabs, 1)
        column.addSpacing(STEP)
        column.addWidget(self.bar)
        self.view = View(self._desk.theme, content, self._desk.say(N_("Reading and verifying the message…")))
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.view)

    def _connect(self) -> None:
        self.tabs.evidence_asked.connect(self.evidence_asked)
        self.tabs.nested_asked.connect(self.nested_asked)
        self.tabs.copied.connect(self._say_copied)
        self.bar.proof_asked.connect(self._ask_proof)
        self.bar.import_asked.connect(self._ask_import)
        self.bar.save_asked.connect(self._save)
        self.bar.copy_asked.connect(self._copy_identifier)
        self.bar.evidence_asked.connect(self.evidence_asked)
        self.bar.row_asked.connect(self._ask_row)
        for words in ("Esc", "Ctrl+W"):
            QShortcut(QKeySequence(words), self).activated.connect(self.close)
        self._desk.language_changed.connect(self.retranslate)

    # what is looked at

    def show_message(self, sha256: str) -> None:
        """Look at a message of the archive: the stored verdict at once, the fresh one when it is made."""
        self._begin(StoredInspection(self._desk, sha256, self))

    def show_file(self, path: Path) -> None:
        """Look at a file: read and examined, not stored."""
        self.setWindowTitle(visible(path.name))
        self._begin(FileInspection(self._desk, path, self))

    def show_nested(self, raw: bytes, title: str) -> None:
        """Look at a message that lies inside another."""
        self.setWindowTitle(visible(title))
        self._begin(NestedInspection(self._desk, raw, title, self))

    @property
    def known(self) -> Known | None:
        """What is known at this moment."""
        return self._inspection.known if self._inspection is not None else None

    def _begin(self, inspection: Inspection) -> None:
        self._inspection = inspection
        inspection.changed.connect(self._show_known)
        inspection.failed.connect(self._show_failure)
        self.view.show_loading()
        inspection.begin()

    def _again(self) -> None:
        if self._inspection is not None:
            self.notice.hide()
            if self.known is None:
                self.view.show_loading()
            self._inspection.begin()

    def _show_known(self) -> None:
        known = self.known
        if known is None or self._inspection is None:
            return
        examination = known.examination
        transmission = known.row.transmission if known.row else None
        language = self._desk.language
        page = evidence_page(examination, transmission, self._desk.clock(), language, sent=known.sent)
        self.head.show_page(page)
        subject = examination.certification.subject if examination.certification else examination.summary.subject
        title = f"{page.kind}: {subject[:LONGEST_TITLE]}" if subject else page.kind
        self.setWindowTitle(visible(title))
        self._offer(known, page)
        self._notify(known)
        if known.verified_at is not None:
            again = isinstance(self._inspection, StoredInspection)
            words = N_("Verified again at {time}") if again else N_("Verified at {time}")
            self._say_in_foot(words, time=f"{known.verified_at:%H:%M}")
        self.tabs.tell(Shown(self._inspection, known, page, language.code))
        self.view.show_content()

    def _offer(self, known: Known, page: EvidencePage) -> None:
        inspection = self._inspection
        relative = inspection.relative if isinstance(inspection, BytesInspection) else None
        others = [entry for entry in page.timeline if not entry.is_this]
        self.bar.retranslate(is_receipt=known.examination.kind.is_receipt)
        self.bar.offer(
            others,
            proof=known.row is not None,
            importing=isinstance(inspection, FileInspection) and known.row is None,
            identifier=bool(self._identifier(known)),
            row=known.row is not None or relative is not None,
        )

    def _notify(self, known: Known) -> None:
        """What is to be said above the tabs: a verdict that changed; where a file or a message inside comes from."""
        say, inspection = self._desk.say, self._inspection
        weight = weight_of_change(known.before, known.examination) if known.before is not None else None
        if known.before is not None and weight is not None:
            changed = changed_verdict(known.before, known.examination, self._desk.language)
            self.notice.say(weight, changed, icon="information" if weight is Tone.BLUE else "warning")
        elif isinstance(inspection, BytesInspection):
            first = NOTES[Note.LOCAL_FILE] if isinstance(inspection, FileInspection) else NESTED
            said, to_row = [say(first)], (say(N_("Show in the list")), self._ask_row)
            if known.row is not None:
                said.append(say(N_("The same message is in the archive.")))
            elif inspection.relative is not None:
                said.append(say(N_("It is not in the archive, the transmission it speaks of is.")))
            here = known.row is not None or inspection.relative is not None
            self.notice.say(Tone.BLUE, " ".join(said), to_row if here else None)
        else:
            self.notice.hide()

    def _show_failure(self, error: Exception) -> None:
        say, sentence = self._desk.say, self._desk.sentence(error)
        again: tuple[str, Callable[[], object]] = (say(N_("Try again")), self._again)
        if self.known is None:
            self.view.show_message("warning", say(N_("The message cannot be shown")), visible(sentence), (again,))
            return
        self.notice.say(Tone.RED, visible(sentence), again, icon="warning")
        if self.known.verified_at is None:
            self.tabs.tell_failure(say(N_("The message could not be verified again")))

    # actions

    def _identifier(self, known: Known) -> str:
        """The identificativo, as certified; of a message that certifies nothing, that of its transmission."""
        if known.examination.certification is not None:
            return known.examination.certification.identifier
        return (known.row.transmission.identifier if known.row else None) or ""

    def _copy_identifier(self) -> None:
        if self.known is not None:
            QGuiApplication.clipboard().setText(self._identifier(self.known))
            self._say_copied(self._desk.say(N_("Identifier")))

    def _ask_proof(self) -> None:
        if self.known is not None and self.known.row is not None:
            self.proof_asked.emit([self.known.row.id])

    def _ask_import(self) -> None:
        if isinstance(self._inspection, FileInspection):
            self.import_asked.emit(self._inspection.path)

    def _ask_row(self) -> None:
        relative = self._inspection.relative if isinstance(self._inspection, BytesInspection) else None
        row = (self.known.row if self.known else None) or relative
        if row is not None:
            self.row_asked.emit(row.id)

    def _save(self) -> None:
        known, inspection = self.known, self._inspection
        if known is None or inspection is None:
            return

        def chosen(path: Path) -> None:
            save(self._desk, self, inspection.raw, path, self._say_saved, self._show_failure)

        self.where_to_save(self._desk, self, suggested_name(known.examination), chosen)

    def _say_saved(self, path: Path) -> None:
        self._say_in_foot(N_("Saved byte for byte: {path}"), path=path)

    def _say_copied(self, what: str) -> None:
        self._say_in_foot(N_("Copied: {what}"), what=what)

    def _say_in_foot(self, words: str, **fields: object) -> None:
        self._foot_words = (words, fields)
        self.bar.say(visible(self._desk.say(words, **fields)))

    def retranslate(self) -> None:
        """Say it in the language in force."""
        self.tabs.retranslate()
        self.bar.say(visible(self._desk.say(self._foot_words[0], **self._foot_words[1])))
        if self.known is not None:
            self._show_known()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_low = self.height() < LOW
        self.head.set_brief(is_low)
        self.tabs.set_low(is_low)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002
        """Tab reaches the buttons last, though what stands in the tabs was made after them."""
        last = self.previousInFocusChain()
        while last is not None and last is not self and last.focusPolicy() == Qt.FocusPolicy.NoFocus:
            last = last.previousInFocusChain()
        if last is not None and last not in self.bar.buttons:
            for button in self.bar.buttons:
                QWidget.setTabOrder(last, button)
                last = button
        return super().focusNextPrevChild(next)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)
