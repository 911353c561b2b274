"""The whole document: what stands at its head and foot, and the sections between."""

from __future__ import annotations

from datetime import date

from pecdesk.errors import N_
from pecdesk.explain import Language
from pecdesk.explain.sentences import headline
from pecdesk.explain.words import REQUESTED
from pecdesk.pec.transmission import Direction, TimeSource, Transmission
from pecdesk.proof import page
from pecdesk.proof.dossier import Dossier
from pecdesk.proof.page import Mark, Setting, Tone
from pecdesk.proof.report.content import attachments, message
from pecdesk.proof.report.evidence import annex, reading_copy, receipts
from pecdesk.proof.report.outcome import recipients, timeline
from pecdesk.proof.report.tones import TONES
from pecdesk.proof.report.weak_points import weak_points


def make_report(dossier: Dossier, language: Language) -> page.Report:
    """The document of one proof."""
    say, row = language.say, dossier.row
    return page.Report(
        language="it" if language.code == "it" else "en",
        kicker=_kicker(row, language),
        title=row.subject or say(N_("(no subject)")),
        headline=_headline(dossier, language),
        facts=_facts(dossier, language),
        recipients=recipients(row, language),
        reading_copy=reading_copy(dossier, language),
        timeline=timeline(dossier, language),
        weak_points=weak_points(dossier, language),
        receipts=receipts(dossier, language),
        message=message(dossier, language),
        attachments=attachments(dossier, language),
        annex=annex(dossier, language),
        colophon=_colophon(dossier, language),
        footer=_footer(row, language),
        alternatives={mark: say(mark.alternative) for mark in Mark},
        banner=say(N_("DEMO: made-up people, made-up providers. This proves nothing.")) if dossier.demo else "",
    )


def _kicker(row: Transmission, language: Language) -> str:
    """What the document is, above its title."""
    if row.direction is Direction.SENT:
        return language.say(N_("Proof of transmission by certified electronic mail"))
    if row.sealed is not None and row.sealed.proves:
        return language.say(N_("Proof of receipt of a certified electronic mail"))
    return language.say(N_("Copy of a message whose carriage is not certified"))


def _headline(dossier: Dossier, language: Language) -> page.Headline:
    row = dossier.row
    tone, mark = TONES.get(row.status, Tone.NEUTRAL), None
    judged_by_hand = any(line.by_hand for line in row.evidence if line.counts)
    if tone is Tone.GOOD and judged_by_hand:
        tone, mark = Tone.NEUTRAL, Mark.TRUST_ADDED_BY_HAND
    return page.Headline(tone, mark, headline(row, language), _verified(dossier, language))


def _verified(dossier: Dossier, language: Language) -> str:
    """How many pieces of evidence were verified, and when the message was accepted."""
    lines = [exhibit.line for exhibit in dossier.exhibits if exhibit.line is not None]
    said = []
    if dossier.row.accepted_at is not None:
        said.append(
            language.say(
                N_("Accepted by the sender's provider on {instant}."),
                instant=language.instant(dossier.row.accepted_at),
            )
        )
    if lines:
        said.append(
            language.say(
                N_(
                    "Pieces of evidence with the provider's intact signature and a certificate valid when it"
                    " signed: {certified} of {n}."
                ),
                certified=sum(line.standing.proves for line in lines),
                n=len(lines),
            )
        )
    return " ".join(said)


def _facts(dossier: Dossier, language: Language) -> tuple[page.Fact, ...]:
    row, say = dossier.row, language.say
    facts = [page.Fact(say(N_("Sender")), row.sender or "–"), page.Fact(say(N_("Subject")), row.subject or "–")]
    if row.sent_at is not None:
        certified = row.sent_at_source is TimeSource.ACCEPTANCE
        label = N_("Sent")
        if row.direction is Direction.RECEIVED:
            label = N_("Accepted by the sender's provider") if certified else N_("Date")
        how = say(N_("as certified")) if certified else say(N_("as the message itself states"))
        facts.append(page.Fact(say(label), f"{language.instant(row.sent_at)}, {how}"))
    requested = _receipt_asked_for(dossier)
    if requested and row.direction is Direction.SENT:
        facts.append(page.Fact(say(N_("Receipt asked for")), say(REQUESTED.get(requested, requested))))
    if row.identifier:
        facts.append(page.Fact(say(N_("Identifier")), row.identifier, Setting.CODE))
    if row.message_id:
        facts.append(page.Fact("Message-ID", f"<{row.message_id}>", Setting.CODE))
    return tuple(facts)


def _receipt_asked_for(dossier: Dossier) -> str | None:
    """As the first piece of evidence that states it has it."""
    certified = (exhibit.examination.certification for exhibit in dossier.exhibits)
    return next((data.receipt for data in certified if data is not None and data.receipt), None)


def _footer(row: Transmission, language: Language) -> page.Footer:
    say = language.say
    return page.Footer(
        label=say(N_("Identifier")),
        identifier=row.identifier or row.message_id or "–",
        page_pattern=say(N_("page {{page}} of {{pages}}")).replace("{{", "{").replace("}}", "}"),
    )


def _colophon(dossier: Dossier, language: Language) -> str:
    return language.say(
        N_(
            "Document made on {instant} by pecdesk {version} · trust data {trust} · {n} files embedded"
            " · PDF/A-3a, PDF/UA-1"
        ),
        instant=language.instant(dossier.made_at),
        version=dossier.program_version,
        trust=_trust_day(dossier),
        n=len(dossier.exhibits),
    )


def _trust_day(dossier: Dossier) -> str:
    """The date of the trust data, which its version begins with."""
    day = dossier.anchors_version.partition("+")[0]
    try:
        return f"{date.fromisoformat(day):%d/%m/%Y}"
    except ValueError:
        return day
