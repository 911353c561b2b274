"""The attachments of the message that is inspected, wherever its bytes are."""

from __future__ import annotations

from collections.abc import Callable

from pecdesk.app.attachments import attachment_bytes
from pecdesk.examine import Examination
from pecdesk.store import StoredMessage
from pecdesk.ui.desk import Desk
from pecdesk.ui.evidence.inspection import Inspection
from pecdesk.ui.reader.attachment_list import AttachmentList


class CarriedAttachments(AttachmentList):
    """Those of a file or of a message inside another are taken from its own bytes, not from the archive."""

    def __init__(self, desk: Desk, inspection: Inspection, examination: Examination) -> None:
        super().__init__(desk)
        self._inspection = inspection
        self._examination = examination
        self.show_message(StoredMessage(0, examination, desk.clock(), ()))

    def _fetching(self, number: int) -> Callable[[], bytes]:
        return lambda: attachment_bytes(self._inspection.raw(), self._examination, number)
