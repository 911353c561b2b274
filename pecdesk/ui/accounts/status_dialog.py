"""How a mailbox stands, in full: what it means, what to do, and the answer a worker waits for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QProgressBar, QWidget

from pecdesk.errors import N_, PasswordError
from pecdesk.explain import Tone
from pecdesk.explain.account_status import STEPS, NextStep, StatusWords, status_words
from pecdesk.explain.account_warnings import FILLING
from pecdesk.explain.visible import visible
from pecdesk.profile.account_status import AccountStatus, SyncState
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear

IDLE = frozenset({SyncState.CURRENT, SyncState.NEVER})


class StatusDialog(Dialog):
    """Follows one mailbox while it is open."""

    password_asked = Signal(str)
    servers_asked = Signal(str)
    room_asked = Signal(str)

    def __init__(self, desk: Desk, address: str, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._address = address
        self._words: StatusWords | None = None
        self._title = label("", "headline", wraps=True)
        self._whose = label("", "muted", wraps=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self._details = label("", "", wraps=True, selectable=True)
        self._warning = label("", "tone-amber", wraps=True)
        for widget in (self._title, self._whose, self.bar, self._warning, self._details):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.room_button = self.add_button()
        self.keep_button = self.add_button()
        self.again_button = self.add_button()
        self.close_button = self.add_button()
        self.step_button = self.add_button("primary")
        self.room_button.clicked.connect(lambda: self._leave_for(self.room_asked))
        self.keep_button.clicked.connect(lambda: self._answer(forget=False))
        self.again_button.clicked.connect(self._try_again)
        self.close_button.clicked.connect(self.reject)
        self.step_button.clicked.connect(self._act)
        desk.accounts.changed.connect(self.retranslate)
        self.retranslate()
        self.fit(560, 460)
        (self.close_button if self.step_button.isHidden() else self.step_button).setFocus()

    def retranslate(self) -> None:
        say, watch = self.desk.say, self.desk.accounts
        self.setWindowTitle(say(N_("State of the mailbox")))
        account = watch.account(self._address)
        if account is None:
            self.reject()
            return
        status = watch.status(account)
        words = self._words = status_words(
            account, status, self.desk.clock(), self.desk.language, is_metered=watch.is_metered
        )
        self._title.setText(words.sentence)
        loud = words.tone in (Tone.AMBER, Tone.RED)
        wear(self._title, f"headline-{words.tone}" if loud else "headline")
        self._whose.setText(visible(account.address))
        self.bar.setVisible(words.share is not None)
        self.bar.setValue(round((words.share or 0) * 1000))
        self._warning.setText("\n".join(words.warnings))
        self._warning.setVisible(bool(words.warnings))
        wear(self._warning, f"tone-{words.warning_tone}")
        self._details.setText("\n\n".join(words.details))
        self._name_buttons(status, words)

    def _name_buttons(self, status: AccountStatus, words: StatusWords) -> None:
        say = self.desk.say
        is_question = status.state is SyncState.QUESTION
        self.close_button.setText(say(N_("&Close")))
        self.keep_button.setText(say(N_("&Nobody did: change nothing")))
        self.keep_button.setVisible(is_question)
        self.room_button.setText(say(N_("Make &room…")))
        self.room_button.setVisible(status.quota is not None and status.quota.share >= FILLING)
        self.again_button.setText(say(STEPS[NextStep.RETRY]))
        step = words.step
        # The key store was locked, perhaps: then the password is there, and need not be typed again.
        is_missing = status.state is SyncState.LOGIN_REFUSED and isinstance(status.trouble, PasswordError)
        self.again_button.setVisible(is_missing and step is NextStep.PASSWORD)
        if step is None and self.focusWidget() is self.step_button:
            self.close_button.setFocus()  # not whatever comes next: Enter may have been pressed twice
        self.step_button.setVisible(step is not None)
        if is_question:
            self.step_button.setText(say(N_("&It was emptied on purpose")))
        elif step is NextStep.RETRY and status.state in IDLE:
            self.step_button.setText(say(N_("Check &now")))
        elif step is not None:
            self.step_button.setText(say(STEPS[step]))

    def _act(self) -> None:
        syncing = self.desk.app.syncing
        address = self._address
        verbs: dict[NextStep, Callable[[], object]] = {
            NextStep.RETRY: self._try_again if self._is_refused else lambda: syncing.check_now(address),
            NextStep.RESUME: lambda: self.desk.accounts.pause(False),
            NextStep.ANSWER: lambda: self._answer(forget=True),
            NextStep.PASSWORD: lambda: self._leave_for(self.password_asked),
            NextStep.SERVERS: lambda: self._leave_for(self.servers_asked),
        }
        if self._words is not None and self._words.step is not None:
            verbs[self._words.step]()

    @property
    def _is_refused(self) -> bool:
        return self.desk.app.syncing.status(self._address).state is SyncState.LOGIN_REFUSED

    def _try_again(self) -> None:
        """Have a login tried once more as it is: only the user may say so."""
        app, address = self.desk.app, self._address

        def work() -> None:
            app.servers.let_try_again(address)
            app.syncing.restart(address)

        self.desk.background.query(work, lambda _done: None, self.complain, owner=self)

    def _answer(self, *, forget: bool) -> None:
        syncing, address = self.desk.app.syncing, self._address
        self.desk.background.query(
            lambda: syncing.answer(address, forget=forget), lambda _done: None, self.complain, owner=self
        )

    def _leave_for(self, asked: SignalInstance) -> None:
        self.accept()
        asked.emit(self._address)
