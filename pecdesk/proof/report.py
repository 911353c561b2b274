"""Dossier -> report: the document in headings, tables and sentences, in one language."""

from __future__ import annotations

from datetime import date, datetime

from pecdesk.errors import N_
from pecdesk.explain import Language
from pecdesk.explain.facts import certified_facts
from pecdesk.explain.failures import failure
from pecdesk.explain.marks import decisive
from pecdesk.explain.sentences import event, headline, note_sentences, reason_sentences, remarks, weak_points
from pecdesk.explain.words import (
    CHECKS,
    COMPLETENESS,
    KINDS,
    RECIPIENTS,
    REQUESTED,
    ROLES,
    STANDINGS,
    STATUSES,
)
from pecdesk.pec.message import MessageKind
from pecdesk.pec.standing import Standing
from pecdesk.pec.transmission import (
    Direction,
    Evidence,
    OriginalSource,
    RecipientOutcome,
    RecipientState,
    Status,
    TimeSource,
    Transmission,
)
from pecdesk.proof import page
from pecdesk.proof.dossier import Dossier, Exhibit, left_out
from pecdesk.proof.page import Mark, Setting, Tone
from pecdesk.trust import Certificate, CheckStatus, Note


def make_report(dossier: Dossier, language: Language) -> page.Report:
    """The whole document."""
    return _Report(dossier, language).report()


def points(row: Transmission, made_at: datetime, language: Language) -> list[str]:
    """The weak points of a proof that are more than notes."""
    found = weak_points(row, made_at, language)
    if absent := left_out(row):
        found.append(
            language.counted(
                "One receipt that proves nothing is filed here and was left out.",
                "{n} receipts that prove nothing are filed here and were left out.",
                absent,
            )
        )
    return list(dict.fromkeys(found))


TONES = {
    Status.DELIVERED: Tone.GOOD,
    Status.CERTIFIED: Tone.GOOD,
    Status.PARTLY_DELIVERED: Tone.CAUTION,
    Status.DELAYED: Tone.CAUTION,
    Status.UNCERTAIN: Tone.CAUTION,
    Status.FAILED: Tone.BAD,
    Status.REFUSED: Tone.BAD,
    Status.CONTRADICTORY: Tone.BAD,
    Status.ALTERED: Tone.BAD,
    Status.FORGED: Tone.BAD,
}
"""Every other status is neutral."""

MARKS_OF_RECIPIENT = {
    RecipientState.PENDING: Mark.WAITING,
    RecipientState.ACCEPTED: Mark.WAITING,
    RecipientState.NOT_PEC: Mark.ORDINARY,
    RecipientState.TAKEN_IN_CHARGE: Mark.TAKEN_IN_CHARGE,
    RecipientState.DELAYED: Mark.DELAYED,
    RecipientState.DELIVERED: Mark.DELIVERED,
    RecipientState.FAILED: Mark.FAILED,
    RecipientState.REFUSED: Mark.REFUSED,
    RecipientState.CONTRADICTORY: Mark.CONTRADICTORY,
}

MARKS_OF_CHECK = {
    CheckStatus.PASSED: Mark.CHECK_PASSED,
    CheckStatus.FAILED: Mark.CHECK_FAILED,
    CheckStatus.NOT_DONE: Mark.CHECK_NOT_DONE,
}

SAD_EVENTS = {
    MessageKind.NON_ACCEPTANCE: Mark.REFUSED,
    MessageKind.NON_DELIVERY: Mark.FAILED,
    MessageKind.VIRUS_DETECTED: Mark.FAILED,
    MessageKind.DELAY_NOTICE: Mark.DELAYED,
}
"""Evidence that is certified and yet no good news: marked by what it says, in the timeline."""


class _Report:
    """One dossier in one language."""

    def __init__(self, dossier: Dossier, language: Language) -> None:
        self.dossier = dossier
        self.row = dossier.row
        self.language = language
        self.say = language.say

    def report(self) -> page.Report:
        say = self.say
        return page.Report(
            language="it" if self.language.code == "it" else "en",
            kicker=self._kicker(),
            title=self.row.subject or say(N_("(no subject)")),
            headline=self._headline(),
            facts=self._facts(),
            recipients=self._recipients(),
            reading_copy=self._reading_copy(),
            timeline=self._timeline(),
            weak_points=self._weak_points(),
            receipts=self._receipts(),
            message=self._message(),
            attachments=self._attachments(),
            annex=self._annex(),
            colophon=self._colophon(),
            footer=page.Footer(
                label=say(N_("Identifier")),
                identifier=self.row.identifier or self.row.message_id or "–",
                page_pattern=say(N_("page {{page}} of {{pages}}")).replace("{{", "{").replace("}}", "}"),
            ),
            alternatives={mark: say(mark.alternative) for mark in Mark},
            banner=say(N_("DEMO: made-up people, made-up providers. This proves nothing."))
            if self.dossier.demo
            else "",
        )

    def _kicker(self) -> str:
        if self.row.direction is Direction.SENT:
            return self.say(N_("Proof of transmission by certified electronic mail"))
        if self.row.sealed is not None and self.row.sealed.proves:
            return self.say(N_("Proof of receipt of a certified electronic mail"))
        return self.say(N_("Copy of a message whose carriage is not certified"))

    def _headline(self) -> page.Headline:
        tone, mark = TONES.get(self.row.status, Tone.NEUTRAL), None
        if tone is Tone.GOOD and self._judged_by_hand():
            tone, mark = Tone.NEUTRAL, Mark.TRUST_ADDED_BY_HAND
        return page.Headline(tone, mark, headline(self.row, self.language), self._verified())

    def _judged_by_hand(self) -> bool:
        return any(line.by_hand for line in self.row.evidence if line.counts)

    def _verified(self) -> str:
        """How many pieces of evidence were verified, and when the message was accepted."""
        lines = [exhibit.line for exhibit in self.dossier.exhibits if exhibit.line is not None]
        certified = sum(line.standing.proves for line in lines)
        said = []
        if self.row.accepted_at is not None:
            said.append(
                self.say(
                    N_("Accepted by the sender's provider on {instant}."),
                    instant=self.language.instant(self.row.accepted_at),
                )
            )
        if lines:
            said.append(
                self.say(
                    N_(
                        "Pieces of evidence with the provider's intact signature and a certificate valid when it"
                        " signed: {certified} of {n}."
                    ),
                    certified=certified,
                    n=len(lines),
                )
            )
        return " ".join(said)

    def _facts(self) -> tuple[page.Fact, ...]:
        row, say = self.row, self.say
        facts = [page.Fact(say(N_("Sender")), row.sender or "–"), page.Fact(say(N_("Subject")), row.subject or "–")]
        if row.sent_at is not None:
            certified = row.sent_at_source is TimeSource.ACCEPTANCE
            label = N_("Sent")
            if row.direction is Direction.RECEIVED:
                label = N_("Accepted by the sender's provider") if certified else N_("Date")
            how = say(N_("as certified")) if certified else say(N_("as the message itself states"))
            facts.append(page.Fact(say(label), f"{self.language.instant(row.sent_at)}, {how}"))
        requested = next(
            (
                e.examination.certification.receipt
                for e in self.dossier.exhibits
                if e.examination.certification and e.examination.certification.receipt
            ),
            None,
        )
        if requested and row.direction is Direction.SENT:
            facts.append(page.Fact(say(N_("Receipt asked for")), say(REQUESTED.get(requested, requested))))
        if row.identifier:
            facts.append(page.Fact(say(N_("Identifier")), row.identifier, Setting.CODE))
        if row.message_id:
            facts.append(page.Fact("Message-ID", f"<{row.message_id}>", Setting.CODE))
        return tuple(facts)

    def _recipients(self) -> page.RecipientTable:
        say, row = self.say, self.row
        heading = say(N_("Outcome per recipient") if row.direction is Direction.SENT else N_("Recipients"))
        columns = (say(N_("Recipient")), say(N_("State")), say(N_("Certified instant")), say(N_("Provider")))
        return page.RecipientTable(heading, columns, tuple(self._recipient(r) for r in row.recipients))

    def _recipient(self, recipient: RecipientOutcome) -> page.RecipientRow:
        say = self.say
        notes = [say(ROLES[recipient.role])] if recipient.role else []
        if recipient.type == "external":
            notes.append(say(N_("ordinary mailbox")))
        if self.row.direction is Direction.RECEIVED:
            return page.RecipientRow(
                recipient.address, Mark.NOTE, say(N_("named as recipient")), "–", "–", ", ".join(notes)
            )
        line = decisive(self.row, recipient)
        mark = MARKS_OF_RECIPIENT[recipient.state]
        if recipient.state is RecipientState.DELIVERED and line is not None:
            if line.by_hand:
                mark = Mark.TRUST_ADDED_BY_HAND
            elif line.standing is not Standing.CERTIFIED:
                mark = Mark.DELIVERED_WITH_RESERVE
            if line.completeness is not None:
                notes.append(say(N_("{kind} receipt"), kind=say(COMPLETENESS[line.completeness])))
        why = say(failure(line.error, line.error_detail)) if line else ""
        if why:
            notes.append(why.rstrip("."))
        if line is not None and line.error_detail:
            notes.append(line.error_detail)
        return page.RecipientRow(
            address=recipient.address,
            mark=mark,
            state=say(RECIPIENTS[recipient.state]),
            instant=self.language.instant(recipient.since) if recipient.since else "–",
            provider=(line.issuer or "–") if line else "–",
            note=" · ".join(notes),
        )

    def _reading_copy(self) -> page.ReadingCopy:
        say = self.say
        return page.ReadingCopy(
            heading=say(N_("Reading copy.")),
            text=say(
                N_(
                    "The proof is the original messages in .eml format, embedded in this document and handed over"
                    " together with it, recognisable by their fingerprint:"
                )
            ),
            columns=(say(N_("File")), say(N_("Size")), "SHA-256"),
            files=tuple(
                page.FileRow(e.file_name, f"{self.language.number(e.examination.size)} B", e.examination.sha256)
                for e in self.dossier.exhibits
            ),
        )

    def _timeline(self) -> page.Timeline:
        return page.Timeline(
            self.say(N_("Timeline")),
            tuple(self._event(e.line) for e in self.dossier.exhibits if e.line is not None),
        )

    def _event(self, line: Evidence) -> page.Event:
        lead, _, rest = event(line, self.language).partition(": ")
        sentence = [f"– {rest.rstrip('.')}" if rest else "", f"– {line.issuer}" if line.issuer else ""]
        sentence += remarks(line, self.row, self.language)
        return page.Event(
            instant=self.language.instant(line.time) if line.time else "–",
            mark=SAD_EVENTS.get(line.kind) or _mark_of(line.kind, line.standing, by_hand=line.by_hand),
            lead=lead,
            sentence=" ".join(part for part in sentence if part),
        )

    def _weak_points(self) -> page.WeakPoints:
        notes = sorted({note for e in self.dossier.exhibits for note in e.examination.notes})
        return page.WeakPoints(
            heading=self.say(N_("Weak points of this proof")),
            points=(
                *points(self.row, self.dossier.made_at, self.language),
                *note_sentences([str(n) for n in notes], self.language),
            ),
            none=self.say(N_("None known.")),
        )

    def _receipts(self) -> page.ReceiptSheets:
        return page.ReceiptSheets(
            heading=self.say(N_("Evidence")),
            sheets=tuple(self._sheet(e) for e in self.dossier.exhibits if e.line is not None),
            checks_heading=self.say(N_("Verification")),
        )

    def _sheet(self, exhibit: Exhibit) -> page.ReceiptSheet:
        say, examination = self.say, exhibit.examination
        by_hand = Note.TRUST_ADDED_BY_HAND in examination.notes
        return page.ReceiptSheet(
            heading=say(KINDS[examination.kind]),
            mark=_mark_of(examination.kind, examination.standing, by_hand=by_hand),
            standing=say(STANDINGS[examination.standing]),
            facts=self._certified_facts(exhibit),
            checks=tuple(
                page.Check(MARKS_OF_CHECK[c.status], say(CHECKS[c.name]), say(STATUSES[c.status]))
                for c in examination.checks
            ),
            note=" ".join(
                [
                    *reason_sentences(tuple(examination.reasons), self.language),
                    *note_sentences(list(examination.notes), self.language),
                ]
            ),
        )

    def _certified_facts(self, exhibit: Exhibit) -> tuple[page.Fact, ...]:
        say, examination, data = self.say, exhibit.examination, exhibit.examination.certification
        facts = [page.Fact(say(N_("File")), exhibit.file_name, Setting.CODE)]
        if data is not None:
            facts += [
                page.Fact(fact.label, fact.value, Setting.CODE if fact.is_code else Setting.TEXT)
                for fact in certified_facts(data, examination.kind, self.language)
            ]
        facts.append(page.Fact("SHA-256", examination.sha256, Setting.HASH))
        return tuple(facts)

    def _message(self) -> page.MessageText:
        say, row, main = self.say, self.row, self.dossier.main
        captions = {
            OriginalSource.OWN: N_("Text of the sent message.") if row.direction is Direction.SENT else "",
            OriginalSource.FROM_RECEIPT: N_(
                "The sent message is not in this archive; read out of the delivery receipt."
            ),
            OriginalSource.NONE: N_("The sent message is not in this archive."),
        }
        return page.MessageText(
            heading=say(N_("Text of the message")),
            caption=say(captions[row.original]),
            text=main.text if main else "",
            none=say(N_("No text.")),
        )

    def _attachments(self) -> page.AttachmentTable:
        say = self.say
        found = self.dossier.main.attachments if self.dossier.main else ()
        return page.AttachmentTable(
            heading=say(N_("Attachments")),
            columns=(say(N_("File")), say(N_("Type")), say(N_("Size")), say(N_("Digital signature"))),
            rows=tuple(
                page.AttachmentRow(
                    a.name,
                    a.media_type,
                    f"{self.language.number(a.size)} B",
                    a.sha256,
                    say(N_("contains one ({kind}), not verified"), kind=a.signed) if a.signed else say(N_("none")),
                )
                for a in found
            ),
            none=say(N_("No attachments.")),
        )

    def _annex(self) -> page.Annex:
        say = self.say
        rows: dict[str, page.CertificateRow] = {}
        for exhibit in self.dossier.exhibits:
            signature = exhibit.examination.signature
            for certificate in signature.chain or ((signature.signer,) if signature.signer else ()):
                rows.setdefault(certificate.sha256, self._certificate(certificate))
        digests = sorted(
            {e.examination.signature.digest for e in self.dossier.exhibits if e.examination.signature.digest}
        )
        circuits = sorted({e.examination.circuit for e in self.dossier.exhibits if e.examination.circuit})
        return page.Annex(
            heading=say(N_("Technical annex")),
            text=say(
                N_(
                    "Each signature was verified over the exact bytes received, offline, at the certified time"
                    " (RFC 6109, RFC 5652, RFC 5280)."
                )
            ),
            certificates=page.CertificateTable(
                heading=say(N_("Certificates")),
                columns=(say(N_("Subject and issuer")), say(N_("Validity")), say(N_("Serial number and SHA-256"))),
                rows=tuple(rows.values()),
            ),
            facts=(
                page.Fact(say(N_("Authority")), ", ".join(circuits) or "–"),
                page.Fact(say(N_("Digests")), ", ".join(digests) or "–"),
                page.Fact(say(N_("Trust data")), self.dossier.anchors_version, Setting.CODE),
                page.Fact(say(N_("Program")), f"pecdesk {self.dossier.program_version}"),
                page.Fact(say(N_("Made at")), self.language.instant(self.dossier.made_at)),
            ),
        )

    def _certificate(self, certificate: Certificate) -> page.CertificateRow:
        return page.CertificateRow(
            subject=certificate.subject,
            issuer=certificate.issuer,
            validity=f"{certificate.not_before:%d/%m/%Y} – {certificate.not_after:%d/%m/%Y}",
            serial=certificate.serial,
            sha256=certificate.sha256,
        )

    def _trust_day(self) -> str:
        """The date of the trust data, which its version begins with."""
        day = self.dossier.anchors_version.partition("+")[0]
        try:
            return f"{date.fromisoformat(day):%d/%m/%Y}"
        except ValueError:
            return day

    def _colophon(self) -> str:
        return self.say(
            N_(
                "Document made on {instant} by pecdesk {version} · trust data {trust} · {n} files embedded"
                " · PDF/A-3a, PDF/UA-1"
            ),
            instant=self.language.instant(self.dossier.made_at),
            version=self.dossier.program_version,
            trust=self._trust_day(),
            n=len(self.dossier.exhibits),
        )


def _mark_of(kind: MessageKind, standing: Standing, *, by_hand: bool) -> Mark:
    """The seal of one message."""
    if standing.proves and by_hand:
        return Mark.TRUST_ADDED_BY_HAND
    pretends = kind.is_receipt or kind is MessageKind.TRANSPORT_ENVELOPE
    return {
        Standing.CERTIFIED: Mark.CERTIFIED,
        Standing.CERTIFIED_WITH_RESERVE: Mark.CERTIFIED_WITH_RESERVE,
        Standing.ALTERED: Mark.ALTERED,
        Standing.NOT_CERTIFIED: Mark.FORGED if pretends else Mark.ORDINARY,
        Standing.UNDETERMINED: Mark.UNDETERMINED,
    }[standing]


def readme(dossier: Dossier, language: Language) -> str:
    """LEGGIMI.txt: six lines for a stranger."""
    say, report = language.say, make_report(dossier, language)
    lines = (
        f"{report.banner} {report.kicker}.".lstrip(),
        say(N_("Subject: {subject}"), subject=" ".join(dossier.row.subject.split())[:200]),
        say(N_("prova.pdf is a copy to read; the proof is the messages in originali/, byte for byte as received.")),
        say(N_("impronte.sha256 holds the fingerprint of every file; check it with: sha256sum -c impronte.sha256")),
        say(
            N_("verifica.json holds the result of every check; the signatures can be verified again with openssl cms.")
        ),
        say(
            N_("Made on {instant} by pecdesk {version}."),
            instant=language.instant(dossier.made_at),
            version=dossier.program_version,
        ),
    )
    return "\n".join(lines) + "\n"
