"""In which order rows can stand, and the form in which words are compared and sorted."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from pecdesk.pec.transmission import Direction, Status, Transmission

LONGEST_KEY = 80
"""Characters that decide an order; what begins alike for so long stands by time."""

_REPLY = re.compile(r"(?:(?:re|r|fwd?|i|rif|inoltro)\s*:\s*)+")
_NOT_A_WORD = re.compile(r"\W+")


class Order(StrEnum):
    """How a list is sorted. Closed. Where two rows are equal, the newer one stands first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    COUNTERPART = "counterpart"
    SUBJECT = "subject"
    STATE = "state"
    NEED = "need"
    """By `pecdesk.pec.urgency.Urgency`."""


STATES = (
    Status.REFUSED,
    Status.FAILED,
    Status.CONTRADICTORY,
    Status.UNCERTAIN,
    Status.FORGED,
    Status.ALTERED,
    Status.DELAYED,
    Status.PARTLY_DELIVERED,
    Status.WAITING,
    Status.SENDING,
    Status.QUEUED,
    Status.DRAFT,
    Status.UNDETERMINED,
    Status.ORDINARY,
    Status.CERTIFIED,
    Status.DELIVERED,
)
"""What went wrong stands first, what is settled last."""


def comparable(text: str) -> str:
    """A text as it is compared: no accents, no case, no doubled white space."""
    if not text.isascii():  # of plain letters there is nothing to take away
        text = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(text.casefold().split())[:LONGEST_KEY].rstrip()


def subject_key(subject: str) -> str:
    """A subject as it is sorted: an answer stands beside what it answers, and quotation marks do not count."""
    key = comparable(subject[: 2 * LONGEST_KEY])
    stripped = _REPLY.sub("", key, count=1) if _REPLY.match(key) else key
    return stripped[match.end() :] if (match := _NOT_A_WORD.match(stripped)) else stripped


def counterpart_key(row: Transmission) -> str:
    """The other side of a row as it is sorted: who wrote it or, of several recipients, the first by address."""
    if row.direction is Direction.RECEIVED:
        return comparable(row.sender)
    return comparable(row.recipients[0].address) if row.recipients else ""
