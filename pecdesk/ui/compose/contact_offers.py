"""The contacts that are offered below a line of recipients while somebody types in it.

The store is asked in the background: a keystroke costs the same with ten contacts and thousands.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from pecdesk.app.drafting import Drafting
from pecdesk.explain.recipients import contact_words
from pecdesk.store.contacts import Contact
from pecdesk.ui.background import Task
from pecdesk.ui.compose.recipient_line import RecipientLine
from pecdesk.ui.compose.recipient_text import mailbox_text
from pecdesk.ui.desk import Desk
from pecdesk.ui.mailbox.search_completion import Candidate

OFFERED = 8
"""Contacts offered at once."""
OFFERS_WIDTH = 520
"""Device-independent pixels of the list of offers."""


class ContactOffers(QObject):
    """Asks for what begins with what was typed; an answer that comes too late is not shown."""

    def __init__(self, desk: Desk, drafting: Drafting, line: RecipientLine) -> None:
        super().__init__(line)
        self._desk = desk
        self._drafting = drafting
        self._line = line
        self._asking: Task | None = None
        self._asked = ""
        line.popup.least_width = OFFERS_WIDTH

    def ask(self, prefix: str) -> None:
        """Offer what begins with it; nothing for nothing."""
        self.stop()
        self._asked = prefix
        if not prefix:
            return
        drafting = self._drafting
        self._asking = self._desk.background.query(
            lambda: drafting.contacts(prefix, OFFERED),
            lambda contacts: self._offer(prefix, contacts),
            lambda _error: self._line.popup.close(),
            owner=self,
        )

    def stop(self) -> None:
        """Offer nothing any more."""
        self._asked = ""
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        self._line.popup.close()

    def _offer(self, prefix: str, contacts: Sequence[Contact]) -> None:
        if prefix != self._asked or not self._line.hasFocus():
            return
        language = self._desk.language
        self._line.popup.offer(
            [
                Candidate(mailbox_text(one.address, one.name), contact_words(one.type, one.last_outcome, language))
                for one in contacts
            ]
        )
