"""Making room on a server: counted first, and only then deleted there what is whole in the archive here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QWidget

from pecdesk.app.syncing import Freed
from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.explain.visible import visible
from pecdesk.profile.accounts import Account
from pecdesk.ui.background import Progress
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear


class RoomDialog(Dialog):
    """A day, what would go, and the word of the user."""

    blocks = True

    def __init__(self, desk: Desk, account: Account, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._account = account
        self._counted: Freed | None = None
        """What was found for the day that stands there now."""
        self._title = label("", "title", wraps=True)
        self._why, self._backup = label("", "", wraps=True), label("", "tone-amber", wraps=True)
        self._label = label("", "section")
        today = desk.clock().date()
        self.day = QDateEdit(QDate(today.year, today.month, today.day).addYears(-1))
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("dd/MM/yyyy")
        self.day.setMaximumDate(QDate(today.year, today.month, today.day))
        self.day.setKeyboardTracking(False)
        self._label.setBuddy(self.day)
        for widget in (self._title, self._why, self._backup, self._label, self.day):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.close_button = self.add_button()
        self.count_button = self.add_button("primary")
        self.delete_button = self.add_button()
        wear(self.delete_button, "danger")
        self.close_button.clicked.connect(self.reject)
        self.count_button.clicked.connect(lambda: self._run(dry_run=True))
        self.delete_button.clicked.connect(lambda: self._run(dry_run=False))
        self.day.dateChanged.connect(self._forget)
        self.retranslate()
        self._allow()
        self.fit(560, 420)
        self.day.setFocus()

    def retranslate(self) -> None:
        say = self.desk.say
        self.setWindowTitle(say(N_("Make room on the server")))
        self._title.setText(say(N_("Make room on the server")))
        self._why.setText(
            say(
                N_(
                    "Messages that came in before the day you choose are deleted on the server of {address}. Each one"
                    " is first read back from the archive here and compared byte for byte: what is not whole here stays"
                    " there. Whoever else uses the mailbox no longer finds them there."
                ),
                address=visible(self._account.address),
            )
        )
        self._backup.setText(
            say(N_("Make a backup first (settings, Archive): from then on this archive holds the only copy."))
        )
        self._label.setText(say(N_("What came in &before")))
        self.close_button.setText(say(N_("&Close")))
        self.count_button.setText(say(N_("C&ount")))
        self.delete_button.setText(say(N_("&Delete them there")))

    def _allow(self) -> None:
        busy = self.work.is_busy
        self.day.setEnabled(not busy)
        self.count_button.setEnabled(not busy)
        self.count_button.setVisible(self._counted is None)
        self.delete_button.setVisible(self._counted is not None)
        self.delete_button.setEnabled(not busy)

    def _forget(self) -> None:
        """Another day was chosen: what was counted is no word on it."""
        self._counted = None
        self.notice.hide()
        self._allow()

    def _run(self, *, dry_run: bool) -> None:
        self.notice.hide()
        app, address = self.desk.app, self._account.address
        before = date(self.day.date().year(), self.day.date().month(), self.day.date().day())

        def work(progress: Progress, cancelled: Callable[[], bool]) -> Freed:
            return app.syncing.free_space(address, before, dry_run=dry_run, progress=progress, cancelled=cancelled)

        self.work.run(
            self.desk.say(N_("The archive is compared with the server…")),
            work,
            lambda freed: self._tell(freed, dry_run=dry_run),
            self._fail,
        )
        self._allow()

    def _tell(self, freed: Freed, *, dry_run: bool) -> None:
        language = self.desk.language
        can_go = dry_run and freed.messages > 0 and not self.work.was_stopped
        self._counted = freed if can_go else None
        self._allow()
        if not freed.messages:
            said = language.say(N_("Nothing that came in before that day is both there and whole here."))
        elif dry_run:
            said = language.counted(
                "One message, {size}, can be deleted there.",
                "{n} messages, {size}, can be deleted there.",
                freed.messages,
                size=language.size(freed.octets),
            )
        else:
            said = language.counted(
                "One message, {size}, was deleted there.",
                "{n} messages, {size}, were deleted there.",
                freed.messages,
                size=language.size(freed.octets),
            )
        if freed.unproven:
            said += " " + language.counted(
                "One stays there because its copy here is damaged.",
                "{n} stay there because their copies here are damaged.",
                len(freed.unproven),
            )
        self.notice.say(Tone.AMBER if freed.unproven else Tone.BLUE, said)

    def _fail(self, error: Exception) -> None:
        self._counted = None
        self._allow()
        self.complain(error)
