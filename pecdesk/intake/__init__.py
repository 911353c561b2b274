"""From files to messages: what an import finds in `.eml` files, mboxes, Maildirs and folders of them, byte for byte."""

from pecdesk.intake.run import Import, ImportResult
from pecdesk.intake.sources import Found, Unreadable, count, find_messages

__all__ = ["Found", "Import", "ImportResult", "Unreadable", "count", "find_messages"]
