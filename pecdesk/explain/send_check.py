"""One thing to be said of a PEC before it leaves, as a value, and the facts beside the draft that decide.

STOP: it cannot be sent like this, the access point would refuse it (RFC 6109 §3.1.1). QUESTION: it can, and somebody
with a deadline would want to be asked once. HINT: good to know, nothing is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pecdesk.explain.language import Language
from pecdesk.explain.needs import named
from pecdesk.explain.visible import visible
from pecdesk.mime import Danger, SignedFormat
from pecdesk.pec.transmission import RecipientState


class Level(StrEnum):
    """How much a check weighs. Closed."""

    STOP = "stop"
    QUESTION = "question"
    HINT = "hint"


class CheckKind(StrEnum):
    """What is checked, in the order in which it is told. Closed."""

    NO_ACCOUNT = "no-account"
    NO_SERVER = "no-server"
    NO_PASSWORD = "no-password"  # noqa: S105 - no password
    NO_RECIPIENT = "no-recipient"
    INVALID_RECIPIENT = "invalid-recipient"
    ONLY_CC = "only-cc"
    TOO_MANY_RECIPIENTS = "too-many-recipients"
    TOO_LARGE = "too-large"
    SUBJECT_TOO_LONG = "subject-too-long"
    FILE_MISSING = "file-missing"
    OTHER_ACCOUNT = "other-account"
    CASE_OF_ANOTHER_ACCOUNT = "case-of-another-account"
    BLIND_COPY = "blind-copy"
    NOT_PEC = "not-pec"
    FAILED_BEFORE = "failed-before"
    EMPTY_SUBJECT = "empty-subject"
    EMPTY_MESSAGE = "empty-message"
    FORGOTTEN_ATTACHMENT = "forgotten-attachment"
    DANGEROUS_ATTACHMENT = "dangerous-attachment"
    BROKEN_ATTACHMENT = "broken-attachment"
    SHORT_RECEIPT = "short-receipt"
    PERHAPS_TOO_LARGE = "perhaps-too-large"
    PERHAPS_TOO_MANY = "perhaps-too-many"
    UNKNOWN_RECIPIENT = "unknown-recipient"
    COPY_RECEIPT = "copy-receipt"
    BRIEF_RECEIPT = "brief-receipt"
    OWN_ADDRESS = "own-address"
    TWICE = "twice"
    REPLY_ELSEWHERE = "reply-elsewhere"
    SUSPICIOUS_ATTACHMENT = "suspicious-attachment"
    SIGNED_ATTACHMENT = "signed-attachment"


@dataclass(frozen=True, slots=True)
class SendCheck:
    """One thing to be said. Its texts are English templates; `sentence_of` and `advice_of` say them."""

    kind: CheckKind
    level: Level
    sentence: str
    what_to_do: str = ""
    about: tuple[str, ...] = ()
    """Recipients as they were typed, or names of files: what the check speaks of, for a mark beside them."""
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownRecipient:
    """What is known of an address one has written to, or had a PEC from."""

    type: str | None
    """`certified`, `external`, or nothing."""
    known_at: datetime | None
    last_outcome: RecipientState | None


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the content of a file says."""

    danger: Danger | None
    signed: SignedFormat | None
    is_missing: bool = False
    """Its bytes are no longer beside the draft."""


@dataclass(frozen=True, slots=True)
class SendingFacts:
    """Everything beside the draft that decides."""

    size: int
    """Bytes of the encoded message."""
    has_account: bool = True
    has_server: bool = True
    has_password: bool = True
    size_limit: int = 0
    """Bytes times recipients; 0: not known."""
    recipients_limit: int = 0
    accounts: frozenset[str] = frozenset()
    """The profile's own addresses, in comparable form."""
    known: Mapping[str, KnownRecipient] = field(default_factory=dict)
    """By address in comparable form."""
    usual_account: str | None = None
    """From which these recipients are usually written to, where that is clear."""
    case_account: str | None = None
    """In whose mailbox the message lies that this one answers, forwards or repeats."""
    certified_sender: str | None = None
    """Who wrote the message this one answers."""
    files: Mapping[str, FileFacts] = field(default_factory=dict)
    """By SHA-256."""


def sentence_of(check: SendCheck, language: Language) -> str:
    """What is the matter."""
    return _said(check.sentence, check, language)


def advice_of(check: SendCheck, language: Language) -> str:
    """What to do about it, or what it means; empty where the sentence says all."""
    return _said(check.what_to_do, check, language)


def _said(template: str, check: SendCheck, language: Language) -> str:
    if not template:
        return ""
    fields = {name: language.size(value) if isinstance(value, int) else value for name, value in check.fields.items()}
    return language.say(template, names=named((visible(name) for name in check.about), language), **fields)
