"""All that the inspector says of one message, whatever it is: receipts, envelopes, ordinary mail, forgeries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from pecdesk.errors import N_
from pecdesk.examine import Examination
from pecdesk.explain.badge import Badge, Shape, Tone, evidence_badge, pretends
from pecdesk.explain.checks import CheckLine, check_lines
from pecdesk.explain.comparisons import ComparisonLine, comparison, line_of
from pecdesk.explain.facts import Fact, summary_facts, whole_certification
from pecdesk.explain.headlines import explanation, headline
from pecdesk.explain.language import Language
from pecdesk.explain.law import SENT_MEANING, meaning_in_law
from pecdesk.explain.lookalikes import imitations
from pecdesk.explain.marks import line_badge
from pecdesk.explain.sentences import event, note_sentences, reason_sentences, remarks
from pecdesk.explain.signature import SignaturePage, ValidityBar, signature_page
from pecdesk.explain.words import ATTENTION, COMPLETENESS, KINDS
from pecdesk.pec.comparison import Agreement
from pecdesk.pec.message import Completeness, MessageKind
from pecdesk.pec.outcome import is_final_notice
from pecdesk.pec.transmission import Attention, Direction, Evidence, OriginalSource, RecipientState, Transmission
from pecdesk.trust import Note

__all__ = [
    "CheckLine",
    "ComparisonLine",
    "EvidencePage",
    "Fact",
    "SignaturePage",
    "TimelineEntry",
    "ValidityBar",
    "evidence_page",
    "inside_caption",
]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One message of a transmission."""

    moment: str
    """Certified, with its offset; a dash where nothing certifies one."""
    sentence: str
    badge: Badge
    sha256: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """The inspector's content. Texts out of mail are plain and may be hostile."""

    kind: str
    headline: str
    explanation: str
    law: str
    badge: Badge
    summary: tuple[Fact, ...]
    timeline: tuple[TimelineEntry, ...]
    weak: tuple[str, ...]
    """What weakens this message as a proof, notes included."""
    checks: tuple[CheckLine, ...]
    certification: tuple[Fact, ...]
    certification_caption: str
    signature: SignaturePage
    comparison: tuple[ComparisonLine, ...]
    comparison_caption: str


def evidence_page(
    examination: Examination,
    row: Transmission | None,
    now: datetime,
    language: Language,
    *,
    sent: Examination | None = None,
) -> EvidencePage:
    """The page of one message, in the transmission it belongs to if there is one.

    `examination` should be fresh: a stored one lacks the checks that passed. `sent` is the examination of the sent
    message (`row.original_sha256` where `row.original` is OWN), for its hashes in the comparison.
    """
    by_hand = Note.TRUST_ADDED_BY_HAND in examination.notes
    lines, caption = comparison(examination, row, sent, language)
    certification, certification_caption = _certification(examination, language)
    page = EvidencePage(
        kind=_kind(examination, language),
        headline=headline(examination, row.accepted_at if row else None, language),
        explanation=explanation(examination, now, language),
        law=meaning_in_law(
            examination.kind, examination.standing, language, by_hand=by_hand, counts=examination.counts
        ),
        badge=_badge(examination, row, language),
        summary=summary_facts(examination, language),
        timeline=tuple(_timeline(examination, row, language)),
        weak=tuple(_weak(examination, row, language)),
        checks=check_lines(examination, language),
        certification=certification,
        certification_caption=certification_caption,
        signature=signature_page(examination, now, language),
        comparison=lines,
        comparison_caption=caption,
    )
    return _of_sent_copy(page, language) if row is not None and _is_sent_copy(examination.sha256, row) else page


def _of_sent_copy(page: EvidencePage, language: Language) -> EvidencePage:
    """The page of the message we sent: no ordinary mail from a stranger, and nothing certified either."""
    return replace(
        page,
        kind=language.say(SENT_MESSAGE),
        headline=language.say(SENT_HEADLINE),
        explanation=language.say(SENT_EXPLANATION),
        law=language.say(SENT_MEANING),
        badge=_sent_badge(language),
        weak=(),
    )


SENT_MESSAGE = N_("Sent message")
SENT_HEADLINE = N_("The message as it was sent.")
SENT_EXPLANATION = N_("It is the copy of whoever sent it: no provider signed it.")


def _badge(examination: Examination, row: Transmission | None, language: Language) -> Badge:
    data, accepted_at = examination.certification, row.accepted_at if row else None
    return evidence_badge(
        examination.kind,
        examination.standing,
        language,
        by_hand=Note.TRUST_ADDED_BY_HAND in examination.notes,
        final=data is not None and data.kind is MessageKind.DELAY_NOTICE and is_final_notice(data, accepted_at),
    )


def _sent_badge(language: Language) -> Badge:
    return Badge(language.say(SENT_MESSAGE), Tone.GREY, Shape.NONE)


def _kind(examination: Examination, language: Language) -> str:
    name, actual = language.say(KINDS[examination.kind]), examination.receipt_actual
    return f"{name} ({language.say(COMPLETENESS[actual])})" if examination.standing.proves and actual else name


def _is_sent_copy(sha256: str, row: Transmission) -> bool:
    is_own = row.direction is Direction.SENT and row.original is OriginalSource.OWN
    return is_own and sha256 == row.original_sha256


def _timeline(examination: Examination, row: Transmission | None, language: Language) -> Iterator[TimelineEntry]:
    """The sent message where it is here, what is certified by its time, what proves nothing last."""
    if row is None:
        return
    if row.original_sha256 is not None and _is_sent_copy(row.original_sha256, row):
        is_this = row.original_sha256 == examination.sha256
        said = language.say(N_("Sent message (its own date is certified by nobody)"))
        yield TimelineEntry("–", said, _sent_badge(language), row.original_sha256, is_this)
    this = line_of(examination, row)
    for line in row.evidence:
        yield TimelineEntry(
            moment=language.instant(line.time) if line.time else "–",
            sentence=_told(line, row, language),
            badge=line_badge(line, row, language),
            sha256=line.sha256,
            is_this=line is this,
        )


def _told(line: Evidence, row: Transmission, language: Language) -> str:
    said = event(line, language).rstrip(".")
    told = [f"{said} – {line.issuer}" if line.issuer else said, *remarks(line, row, language)]
    if not line.standing.proves and row.direction is Direction.SENT:
        told.append(language.say(N_("– counts for nothing")))
    return " ".join(told)


def _weak(examination: Examination, row: Transmission | None, language: Language) -> Iterator[str]:
    """Why it proves less than it could, by itself or in its transmission."""
    say, line = language.say, line_of(examination, row)
    yield from imitations(_named_in(examination), language)
    yield from reason_sentences(tuple(examination.reasons), language)
    if row is not None and line is not None and _is_contradicted(line, row):
        yield say(ATTENTION[Attention.CONTRADICTORY])
    if line is not None and line.comparison is not None and line.comparison.agreement is Agreement.DIFFERENT:
        yield say(ATTENTION[Attention.CONTENT_DIFFERS])
    if examination.standing.proves and not examination.counts:
        yield say(N_("It contradicts itself and counts for nothing."))
    if examination.standing.proves and examination.receipt_actual is Completeness.SHORT:
        yield say(N_("It is short: it attests the delivery and holds no copy of the message."))
    if examination.standing.proves and examination.receipt_actual is Completeness.BRIEF:
        yield say(N_("It is brief: it holds hashes in the place of the files, so the files sent must be kept."))
    yield from note_sentences(list(examination.notes), language)


def _named_in(examination: Examination) -> tuple[str, ...]:
    """Every address that is shown of a message, certified or stated."""
    data, stated = examination.certification or examination.claimed_certification, examination.summary
    certified = (data.sender, *(recipient.address for recipient in data.recipients)) if data is not None else ()
    return (*certified, *(address.address for address in (*stated.sender, *stated.to, *stated.cc)))


def _is_contradicted(line: Evidence, row: Transmission) -> bool:
    """Whether other evidence says the opposite of this to the same recipient."""
    contradictory = [recipient for recipient in row.recipients if recipient.state is RecipientState.CONTRADICTORY]
    return any(line.sha256 in recipient.evidence for recipient in contradictory)


def _certification(examination: Examination, language: Language) -> tuple[tuple[Fact, ...], str]:
    say, actual = language.say, examination.receipt_actual
    if examination.standing.proves and examination.certification is not None:
        facts = whole_certification(examination.certification, examination.kind, actual, language)
        return facts, say(N_("Signed by the provider: this is what it certifies (daticert.xml)."))
    claimed = examination.claimed_certification or examination.certification
    if claimed is not None:
        # What the message really brings back is no claim: it is left out, lest it look like one that was checked.
        facts = whole_certification(claimed, examination.kind, None, language, claimed=True)
        return facts, say(N_("Only claimed: no signature that holds covers this daticert.xml, so it proves nothing."))
    if examination.kind.is_rem:
        return (), say(N_("A REM message has no daticert.xml: its evidence has another form."))
    return (), say(N_("There is no certification data (daticert.xml) in this message."))


def inside_caption(outer: Examination, inner: Examination, language: Language) -> str:
    """What stands over the mail inside: whether the signature of what is around it covers it."""
    if not outer.standing.proves:
        said = N_("The message inside one that proves nothing: nobody vouches for it either.")
        if outer.kind is MessageKind.ANOMALY_ENVELOPE:
            said = N_("The message that was wrapped: nobody vouches for its sender.")
    elif outer.receipt_actual is Completeness.BRIEF:
        said = N_(
            "The copy of the message in the receipt, with hashes in the place of its files; the provider signed it."
        )
    elif outer.kind is MessageKind.DELIVERY:
        said = N_("The copy of the message in the receipt; the provider signed it with the receipt.")
    else:
        said = N_("The message that was carried; the provider signed it with its envelope. The words are the sender's.")
    if not pretends(inner.kind):
        return language.say(said)
    own = N_("It presents itself as certified mail too and has a verdict of its own.")
    return f"{language.say(said)} {language.say(own)}"
