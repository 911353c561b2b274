"""A draft to the bytes of a PEC: its recipients read strictly, its id made up, its size known before it is written.

What an access point demands (RFC 6109 §3.1.1): one sender, somebody in To, everybody who gets it in To or Cc, no Bcc.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial

from pecdesk.errors import N_, UsageError
from pecdesk.mime.addresses import Address
from pecdesk.mime.compose import CRLF, MESSAGE_TYPE, Letter, OutgoingFile, base64_size, compose
from pecdesk.mime.header_fields import ComposeError, is_mail_address, is_message_id, one_line
from pecdesk.pec.draft import Draft, DraftAttachment
from pecdesk.pec.message import COMPLETENESS_OF, normal_address
from pecdesk.pec.transmission import Role

LONGEST_SUBJECT = 1000
"""Characters."""
LONGEST_NAME = 200
"""Characters of a display name; the rest is left out."""
MOST_REFERENCES = 30

TYPE_OF_COMPLETENESS = {completeness: word for word, completeness in COMPLETENESS_OF.items()}
"""Values of X-TipoRicevuta (RFC 6109 §3.3.2)."""

PROVIDER_MAILBOX = "posta-certificata"
"""Local part of the address with which every provider signs (RFC 6109 §2.1); nobody reads what arrives there."""

_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")
_NOT_ATOM = re.compile(r"[\s,;:<>()\[\]\"\\]")
_SEPARATOR = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>]*>|([,;\r\n\t]+)')
_LONGEST_LIST = 200_000
_ATTACHED_MESSAGE_MARGIN = 100
"""Bytes by which the fields of a message sent on whole may grow where it has to go as a file."""
_ID_DIGITS = 32
_SOMEBODY = Address("qualcuno@pec.esempio.example")
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


class RecipientProblem(StrEnum):
    """Why a text is no recipient. Closed."""

    MALFORMED = "malformed"
    SEVERAL = "several"
    NO_DOMAIN = "no-domain"
    NOT_ASCII = "not-ascii"
    PROVIDER = "provider"
    """The address with which a provider signs."""


@dataclass(frozen=True, slots=True)
class DraftRecipient:
    """Somebody a draft goes to."""

    address: Address
    role: Role


def parse_recipient(text: str) -> Address | RecipientProblem:
    """One mailbox as somebody typed or pasted it, with or without a name before it; or what is wrong with it."""
    written = text.strip().strip(",;").strip()
    match = _NAMED.fullmatch(written)
    name, address = (match["name"], match["address"].strip()) if match else ("", written)
    if not match and address.count("@") > 1 and _NOT_ATOM.search(address):
        return RecipientProblem.SEVERAL
    local, at, domain = address.rpartition("@")
    if not local or not at or _NOT_ATOM.search(local):
        return RecipientProblem.NO_DOMAIN if address and not at and not match else RecipientProblem.MALFORMED
    if not address.isascii():
        return RecipientProblem.NOT_ASCII
    if "." not in domain.strip("."):
        return RecipientProblem.NO_DOMAIN
    if not is_mail_address(address):
        return RecipientProblem.MALFORMED
    if local.lower() == PROVIDER_MAILBOX:
        return RecipientProblem.PROVIDER
    shown = _display_name(name)
    if "@" in shown:  # a name that is another address hides to whom it goes
        return Address(address) if normal_address(shown) == normal_address(address) else RecipientProblem.SEVERAL
    return Address(address, shown)


def _display_name(text: str) -> str:
    name = one_line(text)
    if len(name) > 1 and name[0] == name[-1] and name[0] in "\"'":
        name = re.sub(r"\\(.)", r"\1", name[1:-1]).strip()
    return name[:LONGEST_NAME].strip()


def split_recipients(text: str) -> tuple[str, ...]:
    """The pieces of a pasted or typed list: between commas, semicolons, tabs and line ends outside names."""
    found, start = [], 0
    looked_at = text[:_LONGEST_LIST]
    for match in _SEPARATOR.finditer(looked_at):
        if match[1]:
            found.append(looked_at[start : match.start()])
            start = match.end()
    found.append(looked_at[start:])
    return tuple(piece.strip() for piece in found if piece.strip())


def recipients_of(draft: Draft) -> tuple[DraftRecipient, ...]:
    """Everybody it goes to, each once, in To rather than in Cc; what is no recipient is left out."""
    found: dict[str, DraftRecipient] = {}
    for role, written in ((Role.TO, draft.to), (Role.CC, draft.cc)):
        for each in written:
            if isinstance(parsed := parse_recipient(each), Address):
                found.setdefault(normal_address(parsed.address), DraftRecipient(parsed, role))
    return tuple(found.values())


def new_message_id(account: str) -> str:
    """An id nobody can guess, with its angle brackets: receipts are paired by it (`msgid`, RFC 6109 §4.4)."""
    domain = account.rpartition("@")[2].lower()
    return f"<{secrets.token_hex(_ID_DIGITS // 2)}@{domain}>"


def message_of(
    draft: Draft,
    account_name: str,
    attachments: Callable[[DraftAttachment], bytes],
    message_id: str,
    date: datetime,
) -> bytes:
    """The bytes to be sent, CRLF only. `UsageError` for a draft that makes no message; checks tell of it before.

    `attachments` gives the bytes of a file of the draft; what it raises goes through.
    """
    written = filter(str.strip, (*draft.to, *draft.cc))
    problem = next((each for each in written if isinstance(parse_recipient(each), RecipientProblem)), None)
    if problem is not None:
        raise UsageError(
            N_("“{address}” is not a mail address."), N_("Correct it, or take it away."), address=problem[:200]
        )
    try:
        return compose(_letter(draft, account_name, recipients_of(draft), attachments, message_id, date))
    except ComposeError as error:
        raise UsageError(
            N_("This message cannot be written: {reason}."), N_("Correct it and try again."), reason=str(error)
        ) from error


def encoded_size(draft: Draft, account_name: str = "") -> int:
    """How many bytes the message will have, without reading its files: what providers count (RFC 6109 §3.1.1).

    Exact, but for a message sent on whole, which is counted as if it had to be encoded: never too little. A draft
    without recipients is measured with one; what is no recipient yet counts for nothing.
    """
    everybody = recipients_of(draft)
    if not any(each.role is Role.TO for each in everybody):
        everybody = (DraftRecipient(_SOMEBODY, Role.TO), *everybody)
    files = sum(base64_size(file.size) - len(CRLF) * bool(file.size) for file in draft.attachments)
    margin = _ATTACHED_MESSAGE_MARGIN * sum(file.media_type == MESSAGE_TYPE for file in draft.attachments)
    message_id = f"<{'0' * _ID_DIGITS}@{draft.account.rpartition('@')[2].lower()}>"
    try:
        letter = _letter(draft, account_name, everybody, lambda _: b"", message_id, _SOME_DAY)
        return len(compose(letter)) + files + margin
    except ComposeError:  # the checks say why it cannot be sent
        return len(draft.text.encode("utf-8", "replace")) + files


def _letter(
    draft: Draft,
    account_name: str,
    everybody: Sequence[DraftRecipient],
    attachments: Callable[[DraftAttachment], bytes],
    message_id: str,
    date: datetime,
) -> Letter:
    return Letter(
        sender=Address(draft.account, _display_name(account_name)),
        to=tuple(each.address for each in everybody if each.role is Role.TO),
        cc=tuple(each.address for each in everybody if each.role is Role.CC),
        subject=one_line(draft.subject),
        text=draft.text,
        date=date.replace(microsecond=0),
        message_id=message_id,
        files=tuple(OutgoingFile(file.name, partial(attachments, file), file.media_type) for file in draft.attachments),
        in_reply_to=draft.in_reply_to if draft.in_reply_to and is_message_id(draft.in_reply_to) else None,
        references=tuple(filter(is_message_id, draft.references))[-MOST_REFERENCES:],
        receipt=TYPE_OF_COMPLETENESS[draft.receipt] if draft.receipt is not None else None,
    )
