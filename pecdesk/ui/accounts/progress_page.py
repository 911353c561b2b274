"""The last page: the first synchronisation under way, which needs nobody to wait for it."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QVBoxLayout

from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.explain.account_status import StatusWords, status_words
from pecdesk.profile.account_status import SyncState
from pecdesk.profile.accounts import Account
from pecdesk.ui.accounts.wizard_page import WizardPage
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear
from pecdesk.ui.style.tokens import STEP


class ProgressPage(WizardPage):
    """How far it is, live."""

    title = N_("Fetching {address}")
    following = N_("&Begin")

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._account: Account | None = None
        self.sentence = label("", "headline", wraps=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self._details = label("", "", wraps=True)
        self._usable = label("", "muted", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3 * STEP)
        for widget in (self.sentence, self.bar, self._details, self._usable):
            column.addWidget(widget)
        column.addStretch(1)
        desk.accounts.changed.connect(self.refresh)

    def show_account(self, account: Account) -> None:
        """Follow this one."""
        self._account = account
        self.refresh()

    def retranslate(self) -> None:
        self._usable.setText(
            self._desk.say(
                N_(
                    "You can close this window and begin: the newest messages appear in the list first, each verified"
                    " with its receipts; the older ones come by themselves. How far it is stands at the foot of the"
                    " side bar."
                )
            )
        )
        self.refresh()

    def refresh(self) -> None:
        """Say how it stands."""
        if self._account is None:
            return
        status = self._desk.accounts.status(self._account)
        words = status_words(self._account, status, self._desk.clock(), self._desk.language)
        self._say(words)
        is_running = status.state in (SyncState.NEVER, SyncState.CONNECTING, SyncState.SYNCING)
        self.bar.setRange(0, 0 if is_running and words.share is None else 1000)
        self.bar.setValue(round((words.share if words.share is not None else 1) * 1000))
        self.bar.setVisible(is_running or status.state is SyncState.CURRENT)

    def _say(self, words: StatusWords) -> None:
        self.sentence.setText(words.sentence)
        wear(self.sentence, f"headline-{words.tone}" if words.tone in (Tone.RED, Tone.AMBER) else "headline")
        self.bar.setAccessibleName(words.sentence)
        self._details.setText("\n\n".join(words.details))
