"""Taking transmissions out of sight, or out of the archive for good: what is lost is said before, in words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QVBoxLayout, QWidget

from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.explain.visible import visible
from pecdesk.store import Losses
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog
from pecdesk.ui.style.listing import Entry, Listing
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.tokens import STEP

INDENT = 6 * STEP
"""Of what explains a choice, under its words."""

HIGHEST = 220


class EraseDialog(Dialog):
    """Hide these rows, which can be undone, or erase them for good, which cannot."""

    blocks = True

    def __init__(self, desk: Desk, ids: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._ids = list(ids)
        self._losses: Losses | None = None
        self._title = label("", "title", wraps=True)
        self._subject = label("", "muted", wraps=True)
        self.hide_choice, self.erase_choice = QRadioButton(), QRadioButton()
        self.hide_choice.setChecked(True)
        choices = QButtonGroup(self)
        self._hide_why, self._erase_why = label("", "muted", wraps=True), label("", "muted", wraps=True)
        self.warning = Listing(desk.theme, HIGHEST)
        self.understood = QCheckBox()
        question = QWidget()
        column = QVBoxLayout(question)
        column.setContentsMargins(0, 2 * STEP, 0, 0)
        column.setSpacing(STEP)
        for choice, why in ((self.hide_choice, self._hide_why), (self.erase_choice, self._erase_why)):
            choices.addButton(choice)
            why.setContentsMargins(INDENT, 0, 0, 3 * STEP)
            column.addWidget(choice, 0, Qt.AlignmentFlag.AlignLeft)
            column.addWidget(why)
        column.addWidget(self.warning)
        column.addSpacing(2 * STEP)
        column.addWidget(self.understood, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._done = label("", "headline", wraps=True)
        self._done.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self._title)
        self.body.addWidget(self._subject)
        self.add_pages(question, self._done)
        self.cancel_button = self.add_button()
        self.hide_button = self.add_button("primary")
        self.erase_button = self.add_button("danger")
        self.cancel_button.clicked.connect(self.reject)
        self.hide_button.clicked.connect(self._hide)
        self.erase_button.clicked.connect(self._erase)
        self.erase_choice.toggled.connect(self._allow)
        self.understood.toggled.connect(self._allow)
        app, wanted = desk.app, list(ids)
        if len(wanted) == 1:
            for row in app.rows_by_id(wanted):
                self._subject.setText(visible(row.transmission.subject))
        self.retranslate()
        self._allow()
        self.fit(560, 540)
        self.hide_choice.setFocus()
        desk.background.query(lambda: app.losses(wanted), self._take, self.complain, owner=self)

    def retranslate(self) -> None:
        say, counted, count = self.desk.say, self.desk.language.counted, len(self._ids)
        self.setWindowTitle(say(N_("Remove from the list")))
        self._title.setText(counted("Remove a transmission", "Remove {n} transmissions", count))
        self._subject.setVisible(bool(self._subject.text()))
        self.hide_choice.setText(say(N_("&Hide here")))
        self._hide_why.setText(
            say(
                N_(
                    "Leaves the lists and comes back with one click, from “Hidden”. Nothing is deleted: messages and"
                    " receipts stay in the archive, in backups, and ready as proof."
                )
            )
        )
        self.erase_choice.setText(say(N_("&Erase for good")))
        self._erase_why.setText(say(N_("Deletes the messages and their receipts from the archive of this computer.")))
        self.understood.setText(say(N_("I &understand that this cannot be undone")))
        self.hide_button.setText(say(N_("Hi&de")))
        self.erase_button.setText(say(N_("Erase &for good")))
        self.cancel_button.setText(say(N_("&Close")) if self.page is self._done else say(N_("&Cancel")))
        self._warn()

    def _take(self, losses: Losses) -> None:
        self._losses = losses
        self._warn()
        self._allow()

    def _warn(self) -> None:
        """What is lost, and who could give it back."""
        if self._losses is None:
            return
        lines = self._lines(self._losses)
        self.warning.setAccessibleName(" ".join(lines))
        self.warning.show_entries([Entry(lines=lines, tone=Tone.RED if self._losses.messages else Tone.BLUE)])

    def _lines(self, losses: Losses) -> tuple[str, ...]:
        say, counted = self.desk.say, self.desk.language.counted
        if not losses.messages:
            return (say(N_("Every message of it belongs to other transmissions too, and stays.")),)
        size = self.desk.language.size(losses.octets)
        lines = [
            counted(
                "One message is deleted ({size}).", "{n} messages are deleted ({size}).", losses.messages, size=size
            )
        ]
        if losses.certified:
            lines += [
                counted(
                    "One of them is certified: evidence that nobody can make again.",
                    "{n} of them are certified: evidence that nobody can make again.",
                    losses.certified,
                ),
                counted(
                    "One transmission can be proven no longer.",
                    "{n} transmissions can be proven no longer.",
                    losses.rows,
                ),
            ]
        else:
            lines.append(say(N_("Nothing of it is certified: no proof is lost.")))
        lines.append(
            say(
                N_(
                    "Only the mail server, if it still has them, or a backup can give them back. Of the deletion the"
                    " archive keeps one line, with date and SHA-256."
                )
            )
        )
        return tuple(lines)

    def _allow(self) -> None:
        """Show the button of what is chosen; the red one works only after what is lost was read and confirmed."""
        erases, asks = self.erase_choice.isChecked(), self.page is not self._done
        can_erase = self._losses is not None and self._losses.messages > 0
        self.warning.setVisible(erases and self._losses is not None)
        self.understood.setVisible(erases and can_erase)
        self.hide_button.setVisible(asks and not erases)
        self.erase_button.setVisible(asks and erases)
        self.hide_button.setDefault(not erases)
        self.cancel_button.setDefault(erases)
        self.erase_button.setEnabled(can_erase and self.understood.isChecked() and not self.work.is_busy)

    def _hide(self) -> None:
        app, ids, now = self.desk.app, self._ids, self.desk.clock()
        self.hide_button.setEnabled(False)
        self.desk.background.query(lambda: app.hide(ids, now), lambda _none: self.accept(), self._fail, owner=self)

    def _erase(self) -> None:
        if self.work.is_busy:
            return
        app, ids, now = self.desk.app, self._ids, self.desk.clock()
        self.notice.hide()
        self.work.run(
            self.desk.say(N_("The messages are being deleted…")),
            lambda _progress, _cancelled: app.erase(ids, now),
            self._tell,
            self._fail,
            can_stop=False,
        )
        self._allow()

    def _fail(self, error: Exception) -> None:
        self.hide_button.setEnabled(True)
        self._allow()
        self.complain(error)

    def _tell(self, losses: Losses) -> None:
        self._done.setText(
            self.desk.language.counted(
                "One message was erased. The journal keeps when, and its SHA-256.",
                "{n} messages were erased. The journal keeps when, and their SHA-256.",
                losses.messages,
            )
        )
        self.turn_to(self._done)
        self.retranslate()
        self._allow()
        self.cancel_button.setFocus()
