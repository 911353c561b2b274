"""The mailboxes: how each stands, what it wants; one set up, changed, taken away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from pecdesk.errors import N_, ProfileError
from pecdesk.explain import Tone
from pecdesk.explain.account_status import status_words
from pecdesk.explain.accounts import password_expires
from pecdesk.explain.visible import visible
from pecdesk.profile.accounts import Account
from pecdesk.profile.providers import password_ends, provider_named
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Content, Dialog
from pecdesk.ui.style.flow_text import FlowText
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP


class AccountsPage(Content):
    """A card for each mailbox."""

    add_asked = Signal()
    change_asked = Signal(str)
    """The address of the mailbox to be changed; so are those below."""
    password_asked = Signal(str)

    def __init__(self, desk: Desk, dialog: Dialog) -> None:
        super().__init__()
        self._desk = desk
        self._dialog = dialog
        self._intro = label("", "muted", wraps=True)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(3 * STEP)
        self.buttons: dict[tuple[str, str], QPushButton] = {}
        """By address and verb: change, password, remove."""
        self._states: dict[str, FlowText] = {}
        self.add_button, self.pause_button = QPushButton(), QPushButton()
        row = QHBoxLayout()
        row.setSpacing(2 * STEP)
        for button in (self.add_button, self.pause_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4 * STEP, 2 * STEP, 0)
        column.setSpacing(3 * STEP)
        column.addWidget(self._intro)
        column.addLayout(self._cards)
        column.addLayout(row)
        column.addStretch(1)
        self.add_button.clicked.connect(self.add_asked)
        self.pause_button.clicked.connect(self._pause)
        desk.accounts.changed.connect(self._follow)

    def retranslate(self) -> None:
        """Say everything anew."""
        say = self._desk.say
        self._intro.setText(
            say(
                N_(
                    "Mail is fetched from these mailboxes by itself. A mailbox that is taken away leaves its mail here,"
                    " with all evidence; on the server nothing changes."
                )
            )
        )
        self.add_button.setText(say(N_("Set &up a mailbox…")))
        self._draw()

    def refresh(self) -> None:
        """Show what is there now, and what is wrong with the file it stands in."""
        self._draw()
        problem: ProfileError | None = self._desk.app.servers.problem
        if problem is not None:
            self._dialog.complain(problem)

    def _follow(self) -> None:
        """How one stands has changed: said in place; anew only where others are there."""
        if list(self._states) != [account.address for account in self._desk.accounts.accounts]:
            self._draw()
            return
        for account in self._desk.accounts.accounts:
            self._states[account.address].set_text(self._state_words(account))
        self._name_pause()

    def _draw(self) -> None:
        while (item := self._cards.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.buttons.clear()
        self._states.clear()
        for account in self._desk.accounts.accounts:
            self._cards.addWidget(self._card(account))
        self._name_pause()

    def _card(self, account: Account) -> QFrame:
        say = self._desk.say
        card = QFrame()
        wear(card, "card")
        head = QHBoxLayout()
        head.addWidget(label(visible(account.address), "strong", wraps=True), 1)
        provider = provider_named(account.provider)
        head.addWidget(label(provider.name if provider is not None else visible(account.imap.host), "muted"))
        state = self._states[account.address] = FlowText(self._state_words(account))
        below = QHBoxLayout()
        below.setSpacing(3 * STEP)
        for verb, words, act in (
            ("change", N_("Change…"), lambda: self.change_asked.emit(account.address)),
            ("password", N_("Password…"), lambda: self.password_asked.emit(account.address)),
            ("remove", N_("Take away"), lambda: self._ask_removal(account)),
        ):
            below.addWidget(self._button(account, verb, words, act))
        below.addStretch(1)
        column = QVBoxLayout(card)
        column.setContentsMargins(4 * STEP, 3 * STEP, 4 * STEP, 3 * STEP)
        column.setSpacing(STEP)
        column.addLayout(head)
        column.addWidget(state)
        for remark in self._remarks(account):
            column.addWidget(FlowText(remark, "muted"))
        column.addLayout(below)
        if account.password_command:
            self.buttons[account.address, "password"].hide()
        self.buttons[account.address, "change"].setAccessibleName(
            say(N_("Change {address}"), address=visible(account.address))
        )
        return card

    def _button(self, account: Account, verb: str, words: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(self._desk.say(words))
        button.setAutoDefault(False)
        button.setAccessibleName(f"{self._desk.say(words)} {visible(account.address)}")
        wear(button, "link")
        button.clicked.connect(lambda _checked=False: act())
        self.buttons[account.address, verb] = button
        return button

    def _state_words(self, account: Account) -> str:
        watch = self._desk.accounts
        words = status_words(
            account, watch.status(account), self._desk.clock(), self._desk.language, is_metered=watch.is_metered
        )
        return " · ".join((words.sentence, *words.warnings))

    def _remarks(self, account: Account) -> list[str]:
        """What else is particular about it."""
        say, said = self._desk.say, []
        if account.is_read_only:
            said.append(say(N_("Nothing is changed on the server.")))
        if (ends := password_ends(account)) is not None:
            said.append(password_expires(account, ends, self._desk.clock().date(), self._desk.language))
        return said

    # pause

    def _name_pause(self) -> None:
        self.pause_button.setVisible(bool(self._desk.accounts.accounts))
        self.pause_button.setText(self._desk.say(N_("Go &on") if self._desk.accounts.is_paused else N_("&Pause all")))

    def _pause(self) -> None:
        self._desk.accounts.pause(not self._desk.accounts.is_paused)
        self._name_pause()

    # taking away

    def _ask_removal(self, account: Account) -> None:
        say = self._desk.say
        self._dialog.notice.say(
            Tone.AMBER,
            say(
                N_(
                    "Take {address} away? Its mail and evidence stay here; nothing more is fetched or sent, and its"
                    " password is deleted from this computer."
                ),
                address=visible(account.address),
            ),
            (say(N_("Take it away")), lambda: self._remove(account)),
            icon="warning",
        )
        self._dialog.notice.take_keys()

    def _remove(self, account: Account) -> None:
        app = self._desk.app
        self._dialog.notice.hide()
        self._desk.background.query(
            lambda: app.servers.remove(account.address), lambda _gone: None, self._dialog.complain, owner=self
        )
