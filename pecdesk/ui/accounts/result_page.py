"""What trying out the servers has shown: folders, where sent mail is, how full it is; and how careful to be."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout

from pecdesk.app.servers import Attempt, Tested
from pecdesk.errors import N_
from pecdesk.explain import Tone
from pecdesk.explain.account_warnings import quota_words
from pecdesk.explain.accounts import account_trouble
from pecdesk.explain.folders import folder_words
from pecdesk.explain.visible import visible
from pecdesk.profile.accounts import Account
from pecdesk.ui.accounts.wizard_page import WizardPage
from pecdesk.ui.desk import Desk
from pecdesk.ui.style.listing import Entry, Listing
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.tokens import STEP

NAMED = 8
"""Folders that are named; the others are counted."""

HIGHEST = 300


class ResultPage(WizardPage):
    """A list of what was found, and two choices."""

    title = N_("{address} is there")
    following = N_("&Fetch the mail")

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._found: tuple[Account, Tested] | None = None
        self.findings = Listing(desk.theme, HIGHEST)
        self._sent_label = label("", "section")
        self.sent = QComboBox()
        self._sent_label.setBuddy(self.sent)
        self.read_only = QCheckBox()
        self._read_only_why = label("", "muted", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * STEP)
        column.addWidget(self.findings)
        column.addSpacing(STEP)
        column.addWidget(self._sent_label)
        column.addWidget(self.sent)
        column.addSpacing(STEP)
        column.addWidget(self.read_only)
        column.addWidget(self._read_only_why)
        column.addStretch(1)
        self.setFocusProxy(self.sent)

    def show_result(self, account: Account, tested: Tested) -> None:
        """Show what was found."""
        self._found = account, tested
        self.sent.clear()
        self.sent.addItem("", "")
        for folder in tested.folders:
            if folder.is_selectable:
                self.sent.addItem(visible(folder.name), folder.name)
        self.sent.setCurrentIndex(max(0, self.sent.findData(tested.sent_folder or "")))
        self.retranslate()

    @property
    def sent_folder(self) -> str:
        """The folder the user chose where another one was recognised; empty where the recognised one is right."""
        chosen = self.sent.currentData() or ""
        recognised = self._found[1].sent_folder if self._found is not None else None
        return "" if chosen == (recognised or "") else chosen

    def retranslate(self) -> None:
        say = self._desk.say
        self._sent_label.setText(say(N_("&Sent mail is in")))
        self.sent.setItemText(0, say(N_("no folder")))
        self.read_only.setText(say(N_("Chan&ge nothing on the server")))
        self._read_only_why.setText(
            say(
                N_(
                    "For a first try, or for a mailbox you share: nothing is marked, moved or put there, not even a"
                    " copy of what you send. It can be changed at any time in the settings."
                )
            )
        )
        if self._found is not None:
            self.findings.show_entries(self._entries(*self._found))
            self.findings.setAccessibleName(say(N_("What the test has shown")))

    def _entries(self, account: Account, tested: Tested) -> list[Entry]:
        say, language = self._desk.say, self._desk.language
        entries = [
            attempt_entry(say(N_("Receiving mail")), account.imap.host, account, tested.imap, self._desk),
        ]
        if account.smtp is not None and tested.smtp is not None:
            entries.append(attempt_entry(say(N_("Sending mail")), account.smtp.host, account, tested.smtp, self._desk))
        names = [
            folder_words(folder.name, folder.role, language)
            for folder in sorted(tested.folders, key=lambda folder: folder.role != "inbox")
            if folder.is_selectable
        ]
        if names:
            some = ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
            title = language.counted("One folder", "{n} folders", len(names))
            entries.append(Entry(title, lines=(some,), tone=Tone.GREY))
        if tested.quota is not None and tested.quota.limit:
            room = quota_words(tested.quota, None, self._desk.clock(), language)
            entries.append(Entry(say(N_("Room")), lines=(room,), tone=Tone.GREY))
        return entries


def attempt_entry(title: str, host: str, account: Account, attempt: Attempt, desk: Desk) -> Entry:
    """How trying out one server ended, with what to do where it failed."""
    if attempt.error is None:
        return Entry(title, lines=(desk.say(N_("It works: {host}"), host=visible(host)),), tone=Tone.BLUE)
    what, todo = account_trouble(attempt.error, account, desk.language)
    return Entry(title, visible(host), lines=(what,), tone=Tone.RED, remarks=(todo,) if todo else ())
