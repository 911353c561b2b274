"""A PEC being written, in a window of its own: kept while it is written, checked before it leaves.

It is written; checked; frozen and counted down; then it is a row of the list, and this window is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pecdesk.app.drafting import Drafting
from pecdesk.app.outgoing import Outgoing
from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.pec.draft import Draft
from pecdesk.ui.button_keys import ButtonKeys
from pecdesk.ui.compose.attaching import Attaching
from pecdesk.ui.compose.compose_page import ComposePage
from pecdesk.ui.compose.discarding import Discarding
from pecdesk.ui.compose.draft_keeper import DraftKeeper
from pecdesk.ui.compose.draft_words import is_blank, keeping_words, title_of
from pecdesk.ui.compose.keys import bind
from pecdesk.ui.compose.leaving_page import LeavingPage, Stage
from pecdesk.ui.compose.schedule_dialog import ScheduleDialog
from pecdesk.ui.compose.senders import Sender
from pecdesk.ui.compose.texts import Texts
from pecdesk.ui.desk import Desk
from pecdesk.ui.file_drop import FileDrop
from pecdesk.ui.outside import Desktop, Outside

WIDTH, HEIGHT = 900, 800
NARROWEST = 640


class ComposeWindow(QWidget):
    """One draft."""

    closing = Signal()

    def __init__(
        self,
        desk: Desk,
        draft: Draft,
        senders: Sequence[Sender],
        parent: QWidget | None = None,
        *,
        drafting: Drafting | None = None,
        outgoing: Outgoing | None = None,
        outside: Outside | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._desk = desk
        self._wants_to_close = False
        drafting, outside = drafting or desk.app.drafting, outside or Desktop()
        self.setObjectName("compose")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(NARROWEST)
        self.resize(WIDTH, HEIGHT)
        self.leaving = LeavingPage(desk, drafting, outgoing or desk.app.outgoing)
        self.page = page = ComposePage(desk, draft, drafting, self.leaving, outside)
        self.form, self.attachments, self.notice, self.bar = page.form, page.attachments, page.notice, page.bar
        self.keeper = DraftKeeper(desk, drafting, page.collect, self)
        self.attaching = Attaching(desk, drafting, self.attachments, page.collect, outside)
        self.discarding = Discarding(desk, drafting, self.leaving, self.notice)
        self.texts = Texts(desk, self.form)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(page)
        ButtonKeys(self)
        FileDrop(self, self.attach, lambda _event: self.stage is Stage.WRITING)
        self._connect()
        self.form.identity.show_senders(senders, draft.account)
        self._show_draft(draft)
        self.retranslate()
        page.focus_first()

    def _connect(self) -> None:
        form, bar = self.form, self.bar
        form.changed.connect(self._changed)
        self.page.measured.connect(self._tell_title)
        form.editor.files_given.connect(self.attach)
        form.editor.picture_given.connect(self.attaching.picture)
        self.attaching.changed.connect(self._attachments_changed)
        self.attaching.busy_changed.connect(self._attaching_changed)
        self.attaching.failed.connect(self._not_attached)
        self.texts.failed.connect(self.page.complain)
        self.keeper.changed.connect(self._tell_state)
        self.keeper.saved.connect(self._saved)
        self.keeper.failed.connect(self._not_saved)
        self.discarding.wanted.connect(self.discard)
        self.discarding.done.connect(self.close)
        self.discarding.failed.connect(self._not_discarded)
        leaving = self.leaving
        leaving.changed.connect(self._show_stage)
        leaving.departure.kept.connect(lambda draft: self.page.note_saved(draft.written_at))
        leaving.asked.connect(self._show_leaving)
        leaving.counting.connect(self._show_leaving)
        leaving.sender_wanted.connect(self._send_from)
        leaving.sending_wanted.connect(lambda: self._depart(leaving.planned))
        leaving.back_wanted.connect(self._back_to_writing)
        leaving.taken_back.connect(self._taken_back)
        leaving.gone.connect(self.close)
        leaving.failed.connect(self._not_sent)
        leaving.too_late.connect(self.page.complain)
        bar.template_menu.aboutToShow.connect(lambda: self.texts.fill_templates(bar.template_menu))
        bar.signature_menu.aboutToShow.connect(lambda: self.texts.fill_signatures(bar.signature_menu))
        bar.attach_asked.connect(self.attaching.ask)
        bar.discard_asked.connect(self.discarding.ask)
        bar.later_asked.connect(self.ask_when)
        bar.send_asked.connect(self.send)
        bind(
            self,
            {
                "send": self.send,
                "send-later": self.ask_when,
                "attach": self.attaching.ask,
                "save": self.keeper.save_now,
                "sign": self.texts.sign,
                "close": self._escape,
            },
        )
        self._desk.language_changed.connect(self.retranslate)

    def retranslate(self) -> None:
        """Say it in the language in force."""
        self._tell_title()
        self._tell_state()

    # what stands there

    @property
    def stage(self) -> Stage:
        """How far it is."""
        return self.leaving.stage

    @property
    def draft_id(self) -> str:
        """Which draft it is."""
        return self.page.draft.id

    def _show_draft(self, draft: Draft) -> None:
        self.page.show_draft(draft)
        self._tell_state()

    def _changed(self) -> None:
        """Something was typed: what follows from it is said a little later, and saved a little later still."""
        if self.stage is not Stage.WRITING:
            return
        self.keeper.note_change()
        self.page.measure_soon()

    def _tell_title(self) -> None:
        account = self.form.identity.chosen.address or self.page.draft.account
        self.setWindowTitle(title_of(self.form.subject.text(), account, self._desk.language))

    # kept

    def _tell_state(self) -> None:
        say, written, words = self._desk.say, self.page.draft.written_at, ""
        if self.stage is Stage.CHECKING:
            words = say(N_("Checking it before it leaves…"))
        elif self.stage is Stage.WRITING and self.attaching.is_busy:
            words = say(N_("Attaching…"))
        elif self.stage is Stage.WRITING:
            words = keeping_words(
                written.astimezone(self._desk.clock().tzinfo) if written is not None else None,
                self._desk.language,
                is_saving=self.keeper.is_saving,
                has_changes=self.keeper.has_changes,
            )
        self.page.tell_state(words)

    def _saved(self, draft: Draft) -> None:
        self.page.note_saved(draft.written_at)
        if self._wants_to_close:
            self.close()

    def _not_saved(self, error: Exception) -> None:
        self._wants_to_close = False
        self.page.complain(error, (self._desk.say(N_("Try again")), self.keeper.save_now))

    # attachments

    def attach(self, paths: Sequence[Path]) -> None:
        """Attach these files."""
        self.attaching.files(paths)

    def _attachments_changed(self) -> None:
        self._changed()
        self.page.measure()
        if not self.attachments.attachments:
            self.bar.attach.setFocus(Qt.FocusReason.OtherFocusReason)

    def _attaching_changed(self) -> None:
        self._tell_state()
        if self._wants_to_close and not self.attaching.is_busy:
            self.close()

    def _not_attached(self, error: Exception) -> None:
        self._wants_to_close = False
        self.page.complain(error)

    # leaving

    def _show_stage(self) -> None:
        self.page.set_writable(self.stage is Stage.WRITING)
        self._tell_state()

    def send(self) -> None:
        """Look through it, ask what is to be asked, then let it go, so that it can be taken back for a while."""
        self._depart(None)

    def ask_when(self) -> None:
        """Let the user choose when it leaves."""
        if self.stage is Stage.WRITING:
            dialog = ScheduleDialog(self._desk, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.chosen.connect(self._depart)
            dialog.open()

    def _depart(self, not_before: datetime | None) -> None:
        if self.stage is not Stage.WRITING or self.attaching.is_busy:
            return
        self.form.finish()
        self.notice.hide()
        draft = self.page.collect()
        self.keeper.stop()
        self.page.measure()
        self.leaving.begin(draft, not_before)

    def _send_from(self, account: str) -> None:
        self.form.identity.choose(account)
        self._depart(self.leaving.planned)

    def _show_leaving(self) -> None:
        self.form.show_before_text(self.leaving)
        if self._wants_to_close:
            self.close()

    def _back_to_writing(self) -> None:
        self._show_text()
        self.page.focus_first()

    def _show_text(self) -> None:
        self.leaving.clear()
        self.form.show_before_text(None)

    def _not_sent(self, error: Exception) -> None:
        self._stay_a_draft(error, lambda: self._depart(self.leaving.planned))

    def _not_discarded(self, error: Exception) -> None:
        self._stay_a_draft(error, self.discard)

    def _stay_a_draft(self, error: Exception, again: Callable[[], object]) -> None:
        self._show_text()
        self.keeper.note_change()
        self._wants_to_close = False
        self.page.complain(error, (self._desk.say(N_("Try again")), again))

    def _taken_back(self, draft: Draft) -> None:
        self._show_text()
        self._show_draft(draft)
        self.form.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.notice.say(Tone.BLUE, self._desk.say(N_("It did not leave: this is your draft again.")))

    # closing

    def _escape(self) -> None:
        if self.stage is Stage.LEAVING:
            self.leaving.take_back()
        elif self.leaving.checks.lines:
            self._back_to_writing()
        else:
            self.close()

    def discard(self) -> None:
        """The draft goes, and its window."""
        if self.stage is Stage.WRITING:
            self.keeper.stop()
            self.discarding.discard(self.page.draft.id)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nothing that was written is lost: it is saved first, and where it cannot be the window stays."""
        if self.stage is Stage.CHECKING:
            self._wants_to_close = True
            event.ignore()
            return
        if self.stage is Stage.WRITING:
            if self.form.to.line.text().strip() or self.form.cc.line.text().strip():
                self.form.finish()
            if self.attaching.is_busy or self.keeper.has_changes or self.keeper.is_saving:
                self._wants_to_close = True
                self.keeper.save_now()
                event.ignore()
                return
            self._leave_no_blank()
        self.leaving.countdown.stop()
        self.page.stop_measuring()
        self.keeper.stop()
        self.closing.emit()
        super().closeEvent(event)

    def _leave_no_blank(self) -> None:
        """What nobody wrote anything into is no draft."""
        draft = self.page.collect()
        is_kept = draft.written_at is not None or bool(draft.attachments)
        if is_kept and (draft.written_at is None or is_blank(draft, self.texts.signature)):
            self.discarding.discard_unseen(draft.id)
