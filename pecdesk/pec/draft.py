"""A PEC being written: what the user has put together so far, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pecdesk.pec.message import Completeness


class Relation(StrEnum):
    """What a draft is to an earlier message. Closed."""

    NEW = "new"
    REPLY = "reply"
    FORWARD = "forward"
    RESEND = "resend"
    """To the recipients it failed for, as a new message linked to the first."""
    LOG_REQUEST = "log-request"
    """To a provider, for the log of a lost receipt (30 months, RFC 6109 §2.3)."""


@dataclass(frozen=True, slots=True)
class DraftAttachment:
    """A file of a draft. Its bytes lie beside the draft, by hash: what becomes of the user's file is no matter."""

    name: str
    sha256: str
    size: int
    """Bytes of the file, not of its base64."""
    media_type: str = "application/octet-stream"
    """`message/rfc822` for a message that is forwarded whole, bytes untouched."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything the compose window holds. There is no Bcc: PEC forbids it (RFC 6109 §3.1.1)."""

    id: str
    """32 hexadecimal digits, for good."""
    account: str
    """Address it is sent from, as its account is written."""
    to: tuple[str, ...] = ()
    """Each as typed, one mailbox or what is to become one."""
    cc: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    attachments: tuple[DraftAttachment, ...] = ()
    receipt: Completeness | None = None
    """The kind of delivery receipt asked for (X-TipoRicevuta); None: the provider's usual one, which is full."""
    relation: Relation = Relation.NEW
    related: str | None = None
    """SHA-256 of the message it answers, forwards or repeats."""
    in_reply_to: str | None = None
    """Message-ID with its angle brackets."""
    references: tuple[str, ...] = ()
    blind: tuple[str, ...] = ()
    """Whom another program wanted in Bcc (a `mailto:` link): nothing is ever sent there, the user is told."""
    written_at: datetime | None = None
    """When it was last saved."""
