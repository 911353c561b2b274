"""What there is to say of the content of a PEC before it leaves: size, subject, text, receipt, files."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pecdesk.errors import N_
from pecdesk.explain.promised import promises_attachment
from pecdesk.explain.send_check import CheckKind, FileFacts, Level, SendCheck, SendingFacts
from pecdesk.mime import Danger, SignedFormat
from pecdesk.pec.composing import LONGEST_SUBJECT, recipients_of
from pecdesk.pec.draft import Draft
from pecdesk.pec.message import Completeness

GUARANTEED_SIZE = 30_000_000
"""Bytes of message times recipients that every provider takes (RFC 6109 §3.1.1; d.m. 2 November 2005, art. 12)."""
GUARANTEED_RECIPIENTS = 50


def content_checks(draft: Draft, facts: SendingFacts) -> Iterator[SendCheck]:
    """The checks of the content, in no order."""
    yield from _amount(draft, facts)
    if not draft.subject.strip():
        yield SendCheck(
            CheckKind.EMPTY_SUBJECT,
            Level.QUESTION,
            N_("The subject is empty."),
            N_("It stands in every receipt and is how sender and recipient find the message again."),
        )
    elif len(draft.subject) > LONGEST_SUBJECT:
        yield SendCheck(
            CheckKind.SUBJECT_TOO_LONG,
            Level.STOP,
            N_("The subject is longer than {limit} characters."),
            N_("Shorten it, and put the rest in the text."),
            fields={"limit": str(LONGEST_SUBJECT)},
        )
    if not draft.text.strip() and not draft.attachments:
        yield SendCheck(
            CheckKind.EMPTY_MESSAGE, Level.QUESTION, N_("The message has neither a text nor an attachment.")
        )
    elif not draft.attachments and promises_attachment(draft.subject, draft.text):
        yield SendCheck(
            CheckKind.FORGOTTEN_ATTACHMENT,
            Level.QUESTION,
            N_("The text speaks of an attachment, and there is none."),
            N_("Attach it now: it cannot be added to a PEC that was sent."),
        )
    if draft.receipt is Completeness.SHORT:
        yield SendCheck(
            CheckKind.SHORT_RECEIPT,
            Level.QUESTION,
            N_("You asked for a short receipt: it proves that something was delivered, and not what."),
            N_("Ask for the full one, unless you are sure that you will not need it."),
        )
    elif draft.receipt is Completeness.BRIEF:
        yield SendCheck(
            CheckKind.BRIEF_RECEIPT,
            Level.HINT,
            N_("You asked for a brief receipt: in the place of the files it will hold their hashes."),
            N_("To prove what was delivered, keep the message as it was sent; here it is kept."),
        )
    yield from _files(draft, facts)


_DANGEROUS = frozenset(
    {
        Danger.PROGRAM,
        Danger.SCRIPT,
        Danger.SHORTCUT,
        Danger.INSTALLER,
        Danger.DISK_IMAGE,
        Danger.DISGUISED,
        Danger.ARCHIVE_WITH_PROGRAM,
    }
)
_SUSPICIOUS = frozenset({Danger.MACROS, Danger.WEB_PAGE})

_FILES: tuple[tuple[CheckKind, Level, Callable[[FileFacts, int], bool], str, str], ...] = (
    (
        CheckKind.FILE_MISSING,
        Level.STOP,
        lambda facts, _: facts.is_missing,
        N_("The copy of this file kept with the draft is missing or damaged: {names}."),
        N_("Take it out and attach it again."),
    ),
    (
        CheckKind.DANGEROUS_ATTACHMENT,
        Level.QUESTION,
        lambda facts, _: facts.danger in _DANGEROUS,
        N_("Providers and recipients may refuse this sort of file as dangerous: {names}."),
        N_("Send it as a PDF where you can. A message stopped for a virus is not delivered."),
    ),
    (
        CheckKind.BROKEN_ATTACHMENT,
        Level.QUESTION,
        lambda facts, size: not facts.is_missing and (size == 0 or facts.danger is Danger.MISMATCH),
        N_("The file is empty, or its content is not what its name says: {names}."),
        N_("Open it once and look whether it is the right file, and whole."),
    ),
    (
        CheckKind.SUSPICIOUS_ATTACHMENT,
        Level.HINT,
        lambda facts, _: facts.danger in _SUSPICIOUS,
        N_("It may hold macros or scripts, and some offices refuse it: {names}."),
        N_("Send it as a PDF where you can."),
    ),
    (
        CheckKind.SIGNED_ATTACHMENT,
        Level.HINT,
        lambda facts, _: facts.signed not in (None, SignedFormat.TIMESTAMP),
        N_("It contains a digital signature, which is not verified here: {names}."),
        "",
    ),
)


REMARKS: dict[CheckKind, str] = {
    CheckKind.FILE_MISSING: N_("Missing or damaged"),
    CheckKind.DANGEROUS_ATTACHMENT: N_("May be refused as dangerous"),
    CheckKind.BROKEN_ATTACHMENT: N_("Empty, or not what its name says"),
    CheckKind.SUSPICIOUS_ATTACHMENT: N_("May hold macros or scripts"),
    CheckKind.SIGNED_ATTACHMENT: N_("Contains a digital signature, not verified"),
}
"""The same in a few words, for the file itself."""


def file_remark(facts: FileFacts, size: int) -> tuple[Level, str] | None:
    """What there is to say beside a file of that size, as an English template; None where there is nothing."""
    return next(((level, REMARKS[kind]) for kind, level, fits, *_ in _FILES if fits(facts, size)), None)


def _files(draft: Draft, facts: SendingFacts) -> Iterator[SendCheck]:
    """What the contents of the files say; one message sent on whole is none of the dangers."""
    for kind, level, fits, sentence, what_to_do in _FILES:
        about = tuple(
            file.name
            for file in draft.attachments
            if (found := facts.files.get(file.sha256)) is not None and fits(found, file.size)
        )
        if about:
            yield SendCheck(kind, level, sentence, what_to_do, about=about)


def _amount(draft: Draft, facts: SendingFacts) -> Iterator[SendCheck]:
    number, limit = len(recipients_of(draft)), facts.recipients_limit
    fields = {"number": str(number), "limit": str(limit or GUARANTEED_RECIPIENTS)}
    if limit and number > limit:
        yield SendCheck(
            CheckKind.TOO_MANY_RECIPIENTS,
            Level.STOP,
            N_("{number} recipients: the provider takes at most {limit} in one message."),
            N_("Send it in several messages."),
            fields=fields,
        )
    elif not limit and number > GUARANTEED_RECIPIENTS:
        yield SendCheck(
            CheckKind.PERHAPS_TOO_MANY,
            Level.QUESTION,
            N_("{number} recipients: every provider takes {limit}, whether yours takes more is not known here."),
            N_("If it does not, it refuses the message and nothing is sent: better send it in several."),
            fields=fields,
        )
    size, times = facts.size * max(1, number), str(max(1, number))
    size_limit = facts.size_limit or GUARANTEED_SIZE
    sizes = {"size": facts.size, "times": times, "product": size, "limit": size_limit}
    if size <= size_limit:
        return
    if facts.size_limit:
        yield SendCheck(
            CheckKind.TOO_LARGE,
            Level.STOP,
            N_("Too large: {size} × {times} = {product}, and the provider takes {limit}."),
            N_("What counts is the encoded size times the recipients: leave out files, or send to fewer at a time."),
            fields=sizes,
        )
    else:
        yield SendCheck(
            CheckKind.PERHAPS_TOO_LARGE,
            Level.QUESTION,
            N_(
                "Large: {size} × {times} = {product}. Every provider takes {limit}; whether yours takes more is not"
                " known here."
            ),
            N_("If it takes less, it refuses the message and nothing is sent."),
            fields=sizes,
        )
