"""The servers of a new mailbox, by hand."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from pecdesk.errors import N_
from pecdesk.ui.accounts.server_fields import ServerFields
from pecdesk.ui.accounts.wizard_page import WizardPage
from pecdesk.ui.desk import Desk
from pecdesk.ui.outside import Outside


class ServersPage(WizardPage):
    """The fields, together at the top."""

    title = N_("Servers of {address}")

    def __init__(self, desk: Desk, outside: Outside) -> None:
        super().__init__()
        self.fields = ServerFields(desk, outside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.fields)
        column.addStretch(1)
        self.fields.changed.connect(self.changed)
        self.setFocusProxy(self.fields)

    @property
    def is_answered(self) -> bool:
        return bool(self.fields.imap_host.text().strip())

    def retranslate(self) -> None:
        self.fields.retranslate()
