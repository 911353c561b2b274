"""What a user writes: recipients, attachments, a draft; and the bytes a mail program makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pecdesk.demo.clock import mail_date
from pecdesk.demo.mail import Encoding, encoded, entity, file_entity, headers, multipart, named, token


class Completeness(StrEnum):
    """The kind of delivery receipt a sender asks for (RFC 6109 §3.3.2)."""

    FULL = "completa"
    BRIEF = "breve"
    SHORT = "sintetica"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One addressee; `certified` is what the sender's provider knows of the domain."""

    address: str
    name: str = ""
    certified: bool = True
    copy: bool = False
    """In Cc instead of To."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file."""

    name: str
    content: bytes
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail as its author wrote it."""

    sender: str
    recipients: tuple[Recipient, ...]
    subject: str
    text: str
    date: datetime
    message_id: str
    """The client's id, with its angle brackets; empty for a program that sets none."""
    sender_name: str = ""
    html: str | None = None
    """With an empty `text`, the mail has this part alone."""
    attachments: tuple[Attachment, ...] = ()
    asks_for: Completeness | None = None
    in_reply_to: str = ""
    more: tuple[tuple[str, str], ...] = ()
    """Further headers."""


def original(draft: Draft) -> bytes:
    """The bytes that are handed to the provider."""
    to = ", ".join(named(each.address, each.name) for each in draft.recipients if not each.copy)
    copies = ", ".join(named(each.address, each.name) for each in draft.recipients if each.copy)
    asked = draft.asks_for
    fields = [
        ("Date", mail_date(draft.date)),
        ("From", named(draft.sender, draft.sender_name)),
        ("To", to),
        *([("Cc", copies)] if copies else []),
        ("Subject", draft.subject),
        *([("Message-ID", draft.message_id)] if draft.message_id else []),
        *([("In-Reply-To", draft.in_reply_to), ("References", draft.in_reply_to)] if draft.in_reply_to else []),
        *([("X-TipoRicevuta", asked.value)] if asked is not None else []),
        *draft.more,
        ("MIME-Version", "1.0"),
    ]
    return headers(fields) + _content(draft)


def _content(draft: Draft) -> bytes:
    """The content as one entity: text, text and HTML, or either with files."""
    words = _words(draft)
    if not draft.attachments:
        return words
    files = [file_entity(file.name, file.content, file.media_type) for file in draft.attachments]
    return multipart("mixed", f"=_{token(draft.message_id, draft.subject, 'mixed')}", [words, *files])


def _words(draft: Draft) -> bytes:
    if draft.html is None:
        return _text(draft.text, "plain")
    if not draft.text:
        return _text(draft.html, "html")
    both = [_text(draft.text, "plain"), _text(draft.html, "html")]
    return multipart("alternative", f"=_{token(draft.message_id, draft.subject, 'alternative')}", both)


def _text(text: str, subtype: str) -> bytes:
    encoding: Encoding = (
        "7bit" if text.isascii() and max(map(len, text.splitlines()), default=0) < 200 else "quoted-printable"
    )
    fields = [("Content-Type", f"text/{subtype}; charset=utf-8"), ("Content-Transfer-Encoding", encoding)]
    return entity(fields, encoded(text.encode(), encoding))
