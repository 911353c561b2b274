"""What stands on the paper: plain strings in reading order, already in one language, with no domain types.

`report` fills a `Report` from a dossier, `pdf` sets it. Every string may be hostile text out of a mail: it is printed
as it is, never read as an instruction to the typesetter, and what cannot be seen in it is printed as its code point.
An empty string means "nothing to say here" and takes no room; an empty tuple leaves its part out, heading and all,
except where a class says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pecdesk.errors import N_

Language = Literal["it", "en"]


class Tone(StrEnum):
    """The colour of the headline box. `GOOD` is green and so only for what is certified."""

    GOOD = "good"
    CAUTION = "caution"
    BAD = "bad"
    NEUTRAL = "neutral"


class Mark(StrEnum):
    """A seal or sign: one shape and one colour, never a colour alone (cli.md section 4).

    Each member is drawn by `resources/report/marks/<value>.svg`. Only the four certified ones are green.
    """

    CERTIFIED = "certified"
    CERTIFIED_WITH_RESERVE = "certified-with-reserve"
    DELIVERED = "delivered"
    DELIVERED_WITH_RESERVE = "delivered-with-reserve"
    TRUST_ADDED_BY_HAND = "trust-added-by-hand"
    NOT_CERTIFIED = "not-certified"
    ALTERED = "altered"
    FORGED = "forged"
    UNDETERMINED = "undetermined"
    PARTLY_DELIVERED = "partly-delivered"
    WAITING = "waiting"
    TAKEN_IN_CHARGE = "taken-in-charge"
    DELAYED = "delayed"
    FAILED = "failed"
    REFUSED = "refused"
    CONTRADICTORY = "contradictory"
    UNCERTAIN = "uncertain"
    ORDINARY = "ordinary"
    CHECK_PASSED = "check-passed"
    CHECK_FAILED = "check-failed"
    CHECK_NOT_DONE = "check-not-done"
    NOTE = "note"

    @property
    def alternative(self) -> str:
        """What the drawing looks like, for those who cannot see it: English, marked for translation."""
        return _ALTERNATIVES[self]


_ALTERNATIVES = {
    Mark.CERTIFIED: N_("full seal with a tick: certified"),
    Mark.CERTIFIED_WITH_RESERVE: N_("hollow seal with a tick: certified, with reserve"),
    Mark.DELIVERED: N_("full disc with a tick: delivered"),
    Mark.DELIVERED_WITH_RESERVE: N_("hollow disc with a tick: delivered, with reserve"),
    Mark.TRUST_ADDED_BY_HAND: N_("square with a tick: checked against trust added by hand"),
    Mark.NOT_CERTIFIED: N_("grey circle with a dash: not certified"),
    Mark.ALTERED: N_("broken seal: altered"),
    Mark.FORGED: N_("struck-through seal: not authentic"),
    Mark.UNDETERMINED: N_("dotted seal: cannot be verified"),
    Mark.PARTLY_DELIVERED: N_("half-filled disc: delivered in part"),
    Mark.WAITING: N_("ring: waiting"),
    Mark.TAKEN_IN_CHARGE: N_("ring with a dot: taken in charge"),
    Mark.DELAYED: N_("clock: delayed"),
    Mark.FAILED: N_("disc with a cross: not delivered"),
    Mark.REFUSED: N_("octagon with a cross: not accepted"),
    Mark.CONTRADICTORY: N_("disc with a question mark: contradictory"),
    Mark.UNCERTAIN: N_("triangle with a question mark: uncertain"),
    Mark.ORDINARY: N_("grey envelope: ordinary mail"),
    Mark.CHECK_PASSED: N_("tick: check passed"),
    Mark.CHECK_FAILED: N_("cross: check failed"),
    Mark.CHECK_NOT_DONE: N_("dash: check not done"),
    Mark.NOTE: N_("letter i: note"),
}


class Setting(StrEnum):
    """How a value is set."""

    TEXT = "text"
    CODE = "code"
    """Fixed width: identifiers, file names, serial numbers."""
    HASH = "hash"
    """Fixed width, hexadecimal digits in groups of eight."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a list of facts: a short label and its value."""

    label: str
    value: str
    setting: Setting = Setting.TEXT


@dataclass(frozen=True, slots=True)
class Headline:
    """The coloured box under the title."""

    tone: Tone
    mark: Mark | None
    heading: str
    sentence: str


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """What became of the message for one recipient."""

    address: str
    mark: Mark
    state: str
    instant: str
    provider: str
    note: str = ""
    """Small line under the address: role and type, receipt kind, error words, other evidence."""


@dataclass(frozen=True, slots=True)
class RecipientTable:
    """The outcome for each recipient. `columns` names recipient, state, certified instant, provider."""

    heading: str
    columns: tuple[str, str, str, str]
    rows: tuple[RecipientRow, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One original message that is embedded, named as the reader finds it."""

    name: str
    size: str
    sha256: str
    """64 hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class ReadingCopy:
    """The box that says what the proof really is: `heading` stands in bold before `text`."""

    heading: str
    text: str
    columns: tuple[str, str, str]
    """Names of file, size and SHA-256."""
    files: tuple[FileRow, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline; `lead` is set in bold before `sentence`."""

    instant: str
    mark: Mark
    lead: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happened, oldest first."""

    heading: str
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class WeakPoints:
    """What this proof does not show. With no `points`, `none` says so."""

    heading: str
    points: tuple[str, ...]
    none: str


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a verification; `name` is set in bold before `sentence`."""

    mark: Mark
    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ReceiptSheet:
    """One piece of evidence: what it says of itself and whether that may be believed."""

    heading: str
    mark: Mark
    standing: str
    facts: tuple[Fact, ...]
    checks: tuple[Check, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptSheets:
    """All pieces of evidence, in the order of the timeline."""

    heading: str
    sheets: tuple[ReceiptSheet, ...]
    checks_heading: str
    """Small heading over the checks of each sheet."""


@dataclass(frozen=True, slots=True)
class MessageText:
    """The readable text of the message. Lines of `text` end in LF; `preformatted` keeps spaces and fixed width."""

    heading: str
    caption: str
    """Where the text comes from, for example that it was read out of the delivery receipt."""
    text: str
    preformatted: bool = False
    none: str = ""
    """Said instead of an empty text."""


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """One file attached to the message."""

    name: str
    type: str
    size: str
    sha256: str
    signature: str


@dataclass(frozen=True, slots=True)
class AttachmentTable:
    """The files attached to the message. `columns` names file, type, size, signature; the hash stands under the name.

    With no `rows`, `none` says so.
    """

    heading: str
    columns: tuple[str, str, str, str]
    rows: tuple[AttachmentRow, ...]
    none: str


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """One certificate that signed, or that stands above one that signed."""

    subject: str
    issuer: str
    validity: str
    serial: str
    sha256: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class CertificateTable:
    """The certificates. `columns` names subject (issuer under it), validity, serial number (SHA-256 under it)."""

    heading: str
    columns: tuple[str, str, str]
    rows: tuple[CertificateRow, ...]


@dataclass(frozen=True, slots=True)
class Annex:
    """What an expert needs to repeat the verification."""

    heading: str
    text: str
    certificates: CertificateTable
    facts: tuple[Fact, ...]
    """Algorithms, trust data and its date, program version, time of making."""


@dataclass(frozen=True, slots=True)
class Footer:
    """The last line of every page."""

    label: str
    identifier: str
    page_pattern: str
    """With `{page}` and `{pages}`, for example "pagina {page} di {pages}"."""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole document in one language."""

    language: Language
    kicker: str
    title: str
    headline: Headline
    facts: tuple[Fact, ...]
    recipients: RecipientTable
    reading_copy: ReadingCopy
    timeline: Timeline
    weak_points: WeakPoints
    receipts: ReceiptSheets
    message: MessageText
    attachments: AttachmentTable
    annex: Annex
    colophon: str
    footer: Footer
    alternatives: Mapping[Mark, str]
    """`Mark.alternative` of every mark, in this language."""
    banner: str = ""
    """Printed on every page of what is not real, for example "DEMO: …"."""
