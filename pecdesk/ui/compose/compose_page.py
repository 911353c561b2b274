"""What is seen of a draft: its fields, its attachments, its size, a word on what happens to it, and the bar below."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pecdesk.app.drafting import Drafting
from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.explain.visible import visible
from pecdesk.pec.composing import encoded_size
from pecdesk.pec.draft import Draft
from pecdesk.ui.compose.attachment_list import DraftAttachments
from pecdesk.ui.compose.compose_bar import ComposeBar
from pecdesk.ui.compose.compose_form import ComposeForm
from pecdesk.ui.compose.leaving_page import LeavingPage
from pecdesk.ui.compose.size_meter import SizeMeter
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Action
from pecdesk.ui.outside import Outside
from pecdesk.ui.style.panels import Notice, rule
from pecdesk.ui.style.tokens import MARGIN, STEP

MEASURE_EVERY = 200
"""Milliseconds between a change and what is said of the size."""


class ComposePage(QWidget):
    """Shows a draft, and gives it back as it is by now."""

    measured = Signal()
    """What was typed has come to rest for a moment; the size was told anew."""

    def __init__(self, desk: Desk, draft: Draft, drafting: Drafting, leaving: LeavingPage, outside: Outside) -> None:
        super().__init__()
        self._desk = desk
        self._draft = draft
        self.form = ComposeForm(desk, drafting)
        self.attachments = DraftAttachments(desk, drafting, outside=outside)
        self.meter = SizeMeter(desk)
        self.notice = Notice(desk.theme)
        self.leaving = leaving
        self.bar = ComposeBar(desk)
        self._measure = QTimer(self)
        self._measure.setSingleShot(True)
        self._measure.setInterval(MEASURE_EVERY)
        self._measure.timeout.connect(self.measure)
        self._lay_out()

    def _lay_out(self) -> None:
        foot = QVBoxLayout()
        foot.setContentsMargins(MARGIN, 2 * STEP, MARGIN, 4 * STEP)
        foot.setSpacing(2 * STEP)
        for part in (self.attachments, self.meter, self.notice):
            foot.addWidget(part)
        foot.addWidget(self.bar)
        self.form.add_before_text(self.leaving)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.form, 1)
        column.addWidget(rule())
        column.addLayout(foot)

    # the draft

    @property
    def draft(self) -> Draft:
        """It as it was shown, with what is known of it since; not what was typed."""
        return self._draft

    def collect(self) -> Draft:
        """The draft with all that stands here."""
        return replace(self.form.filled(self._draft), attachments=self.attachments.attachments)

    def show_draft(self, draft: Draft) -> None:
        """Show it instead of what stood here."""
        self._draft = draft
        self.form.show_draft(draft)
        self.attachments.show_attachments(draft.attachments)
        self.measure()

    def note_saved(self, at: datetime | None) -> None:
        """It was saved then, as it stood."""
        self._draft = replace(self._draft, written_at=at)

    def set_writable(self, writable: bool) -> None:
        """Let the user write, or only read."""
        self.form.set_writable(writable)
        for part in (self.attachments, self.bar):
            part.setEnabled(writable)

    def focus_first(self) -> None:
        """Put the cursor where there is something to fill in."""
        form = self.form
        fields: tuple[tuple[QWidget, object], ...] = ((form.to, form.to.written), (form.subject, form.subject.text()))
        empty = next((field for field, content in fields if not content), form.editor)
        empty.setFocus(Qt.FocusReason.OtherFocusReason)

    # what is said of it

    def measure_soon(self) -> None:
        """Tell the size in a moment, with whatever else is typed until then."""
        if not self._measure.isActive():
            self._measure.start()

    def measure(self) -> None:
        """Tell how large the message becomes."""
        self._measure.stop()
        sender = self.form.identity.chosen
        self.meter.show_size(encoded_size(self.collect(), sender.name), len(self.form.addresses), sender.size_limit)
        self.measured.emit()

    def stop_measuring(self) -> None:
        """Tell nothing more."""
        self._measure.stop()

    def tell_state(self, words: str) -> None:
        """Say in the bar what happens to the draft."""
        self.bar.state.setText(words)
        self.bar.state.setToolTip(words)

    def complain(self, error: Exception, action: Action | None = None) -> None:
        """Say what went wrong, with what can be done about it."""
        action = action or (self._desk.say(N_("Close")), self.notice.hide)
        self.notice.say(Tone.RED, visible(self._desk.sentence(error)), action, icon="warning")
