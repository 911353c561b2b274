"""What a message begins with that answers, sends on or repeats another one.

A message is sent on as the user reads it: the mail inside the envelope, byte for byte, since that is what is meant;
with the whole envelope where the certification is to be shown. What is sent again is a new message with an id of its
own, tied to the first by `related`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pecdesk.app.attachments import attachment_bytes
from pecdesk.errors import N_, UsageError
from pecdesk.examine import Examination, original_bytes
from pecdesk.explain.log_request import log_request
from pecdesk.explain.quoting import quoted, sent_on
from pecdesk.mime import Span
from pecdesk.mime.compose import MESSAGE_TYPE, RECEIPT_FIELD
from pecdesk.mime.file_names import safe_file_name
from pecdesk.mime.header_fields import one_line
from pecdesk.mime.parse import read_headers
from pecdesk.mime.text import MAX_TEXT
from pecdesk.pec.answering import Answered, answer_subject, forward_subject, ids_of_answer, recipients_of_answer
from pecdesk.pec.composing import LONGEST_SUBJECT
from pecdesk.pec.draft import Draft, Relation
from pecdesk.pec.message import COMPLETENESS_OF, Completeness, MessageKind, normal_address
from pecdesk.pec.rebuilding import Rebuilt, provider_changes
from pecdesk.pec.transmission import (
    Direction,
    OriginalSource,
    RecipientOutcome,
    RecipientState,
    Role,
    State,
    TransmissionKind,
)

if TYPE_CHECKING:
    from pecdesk.app.app import App
    from pecdesk.app.drafting import Drafting
    from pecdesk.explain import Language
    from pecdesk.profile import Settings
    from pecdesk.store import Row, StoredMessage

UNREACHED = frozenset({RecipientState.FAILED, RecipientState.REFUSED})


def signature_of(settings: Settings, account: str) -> str:
    """What stands under the messages of an account: its own signature, else that of every account."""
    texts = {normal_address(one.account): one.text for one in settings.signatures}
    return texts.get(normal_address(account), texts.get("", ""))


def signed(text: str, signature: str) -> str:
    """A text with the signature under it."""
    return f"{text.rstrip()}\n\n{signature}" if signature.strip() else text


def reply(app: App, drafting: Drafting, row: Row, language: Language, *, everybody: bool) -> Draft:
    """An answer; above the quotation there is room, and the signature."""
    message = _original(app, row)
    found = row.transmission
    if found.kind in (TransmissionKind.CLAIM, TransmissionKind.UNMATCHED):
        raise UsageError(
            N_("Nobody certifies who sent this message: an answer could go to anybody."),
            N_("Write a new message, to an address you know."),
        )
    answered = _answered(row, message.examination)
    account = _account(app, row)
    to = recipients_of_answer(answered, app.store.accounts() | {normal_address(account)}, everybody=everybody)
    parent, chain = ids_of_answer(answered)
    draft = drafting.new(
        account,
        to=to.to,
        cc=to.cc,
        subject=_subject(answer_subject(found.subject)),
        relation=Relation.REPLY,
        related=message.examination.sha256,
        in_reply_to=parent,
        references=chain,
    )
    quotation = quoted(message.examination.text, found.sender, found.sent_at, language)
    return replace(draft, text=f"\n\n{draft.text.strip()}\n\n{quotation}" if draft.text.strip() else f"\n\n{quotation}")


def forward(app: App, drafting: Drafting, row: Row, language: Language, *, whole: bool) -> Draft:
    """A message as an attachment of a new one."""
    message, found = _original(app, row), row.transmission
    raw = app.raw(message.examination.sha256)
    inside = message.examination.original
    content = raw if whole or inside is None else original_bytes(raw, inside)
    is_whole = whole and inside is not None
    draft = drafting.new(
        _account(app, row),
        subject=_subject(forward_subject(found.subject)),
        text=f"\n\n{sent_on(found.sender, found.subject, language, whole=is_whole)}\n",
        relation=Relation.FORWARD,
        related=message.examination.sha256,
    )
    name = safe_file_name(f"{one_line(found.subject)[:60] or 'messaggio'}.eml")
    return drafting.attach_bytes(draft, name, content, MESSAGE_TYPE)


def resend(app: App, drafting: Drafting, row: Row) -> Draft:
    """The same text and files to those it did not reach, who come to stand in To if nobody else does."""
    found = row.transmission
    unreached = [each for each in found.recipients if each.state in UNREACHED]
    if not unreached and found.is_unsent and found.state is State.REFUSED:
        unreached = list(found.recipients)
    if found.direction is not Direction.SENT or not unreached:
        raise UsageError(
            N_("There is nobody this message failed to reach."),
            N_("While an outcome is missing, sending again would make it arrive twice."),
        )
    message = _original(app, row)
    to, cc = _roles(unreached)
    examination, raw = message.examination, app.raw(message.examination.sha256)
    text = app.reading(examination.sha256).text
    if len(text) >= MAX_TEXT:
        raise UsageError(
            N_("The text is too long to be written again here."), N_("Send the message on as an attachment instead.")
        )
    draft = replace(
        drafting.new(_account(app, row)),
        to=to,
        cc=cc,
        subject=_subject(found.subject),
        text=text,
        receipt=_receipt_asked(examination, raw),
        relation=Relation.RESEND,
        related=examination.sha256,
    )
    for number, attachment in enumerate(examination.attachments):
        content = attachment_bytes(raw, examination, number)
        draft = drafting.attach_bytes(draft, attachment.name, content, attachment.media_type)
    return draft


def log_letter(app: App, drafting: Drafting, row: Row) -> Draft:
    """The letter; whom it goes to only the user knows, since every provider has its own address for that."""
    from pecdesk.explain import language  # noqa: PLC0415

    found = row.transmission
    if found.direction is not Direction.SENT or found.kind is not TransmissionKind.PEC or found.is_unsent:
        raise UsageError(N_("Only about a PEC that was sent from here can the log be asked for."))
    subject, text = log_request(found, app.clock(), language("it"))
    return drafting.new(
        _account(app, row),
        subject=_subject(subject),
        text=text,
        relation=Relation.LOG_REQUEST,
        related=found.original_sha256 or next(iter(found.messages), None),
    )


def rebuilt(app: App, row: Row) -> Rebuilt:
    """The sent message as a full delivery receipt brings it back; of several receipts the first by time."""
    found = row.transmission
    holders = [
        line.sha256
        for line in found.evidence
        if line.counts and line.kind is MessageKind.DELIVERY and line.completeness is Completeness.FULL
    ]
    for sha256 in dict.fromkeys([*([found.original_sha256] if _is_from_receipt(row) else []), *holders]):
        message = app.message(sha256 or "")
        if message is not None and message.examination.original is not None:
            raw = original_bytes(app.raw(message.examination.sha256), message.examination.original)
            changes = provider_changes(raw, found.identifier or "")
            return Rebuilt(raw, changes)
    raise UsageError(
        N_("No full delivery receipt is here: the message cannot be made again."),
        N_("Brief and short receipts hold no copy of it. Look for a full one in the mailbox, and import it."),
    )


def case_of(app: App, draft: Draft) -> tuple[str | None, str | None]:
    """The mailbox in which the message lies that a draft is about, where that is not the draft's own; and who wrote it,
    as certified."""
    message = app.message(draft.related) if draft.related else None
    if message is None:
        return None, None
    mailboxes = {place.account for place in message.placements if place.account}
    mine = normal_address(draft.account)
    other = next(iter(sorted(mailboxes)), None) if mailboxes and mine not in mailboxes else None
    certification = message.examination.certification
    is_envelope = message.examination.kind is MessageKind.TRANSPORT_ENVELOPE and message.examination.standing.proves
    account = app.servers.get(other) if other is not None else None
    return (account.address if account else other), (certification.sender if certification and is_envelope else None)


def _is_from_receipt(row: Row) -> bool:
    return row.transmission.original is OriginalSource.FROM_RECEIPT


def _original(app: App, row: Row) -> StoredMessage:
    """The message a row is about, whole or inside of what holds it."""
    sha256 = row.transmission.original_sha256
    message = app.message(sha256) if sha256 else None
    if message is None:
        raise UsageError(
            N_("The message itself is not in this archive, only its receipts are."),
            N_("Look for it in the Sent folder of the mailbox, and import it."),
        )
    return message


def _answered(row: Row, examination: Examination) -> Answered:
    is_sent = row.transmission.direction is Direction.SENT
    inner = examination.original.summary if examination.original is not None else examination.summary
    proven = examination.kind is MessageKind.TRANSPORT_ENVELOPE and examination.standing.proves and not is_sent
    return Answered(inner, examination.certification if proven else None, is_own=is_sent)


def _account(app: App, row: Row) -> str:
    """The account a row belongs to, as it is written."""
    address = row.transmission.account
    if address is None:
        able = [account.address for account in app.servers.all() if account.smtp is not None]
        if not able:
            raise UsageError(N_("There is no account to write from."), N_("Set one up first."))
        return able[0]
    account = app.servers.get(address)
    return account.address if account is not None else address


def _subject(subject: str) -> str:
    return one_line(subject)[:LONGEST_SUBJECT]


def _roles(recipients: list[RecipientOutcome]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    copies = tuple(each.address for each in recipients if each.role is Role.CC)
    to = tuple(each.address for each in recipients if each.role is not Role.CC)
    return (to, copies) if to else (copies, ())


def _receipt_asked(examination: Examination, raw: bytes) -> Completeness | None:
    """The kind of receipt the message asked for in its own headers."""
    content = original_bytes(raw, examination.original) if examination.original is not None else raw
    fields = read_headers(content, Span(0, len(content))).headers
    words = [field.value.decode("latin-1").strip().lower() for field in fields if field.name == RECEIPT_FIELD.lower()]
    return COMPLETENESS_OF.get(words[0]) if words else None
