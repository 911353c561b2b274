"""The originals the proof consists of: which files they are, what was found of each, and whose certificates signed."""

from __future__ import annotations

from pecdesk.errors import N_
from pecdesk.explain import Language
from pecdesk.explain.facts import certified_facts
from pecdesk.explain.sentences import note_sentences, reason_sentences
from pecdesk.explain.words import CHECKS, KINDS, STANDINGS, STATUSES
from pecdesk.proof import page
from pecdesk.proof.dossier import Dossier, Exhibit
from pecdesk.proof.page import Setting
from pecdesk.proof.report.tones import MARKS_OF_CHECK, seal
from pecdesk.trust import Certificate, Note


def reading_copy(dossier: Dossier, language: Language) -> page.ReadingCopy:
    """That the paper is a copy to read, and the files that are the proof."""
    say = language.say
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
            page.FileRow(
                exhibit.file_name, f"{language.number(exhibit.examination.size)} B", exhibit.examination.sha256
            )
            for exhibit in dossier.exhibits
        ),
    )


def receipts(dossier: Dossier, language: Language) -> page.ReceiptSheets:
    """A sheet for each piece of evidence: what it certifies, and every check with its outcome."""
    return page.ReceiptSheets(
        heading=language.say(N_("Evidence")),
        sheets=tuple(_sheet(exhibit, language) for exhibit in dossier.exhibits if exhibit.line is not None),
        checks_heading=language.say(N_("Verification")),
    )


def _sheet(exhibit: Exhibit, language: Language) -> page.ReceiptSheet:
    say, examination = language.say, exhibit.examination
    by_hand = Note.TRUST_ADDED_BY_HAND in examination.notes
    return page.ReceiptSheet(
        heading=say(KINDS[examination.kind]),
        mark=seal(examination.kind, examination.standing, by_hand=by_hand),
        standing=say(STANDINGS[examination.standing]),
        facts=_certified_facts(exhibit, language),
        checks=tuple(
            page.Check(MARKS_OF_CHECK[check.status], say(CHECKS[check.name]), say(STATUSES[check.status]))
            for check in examination.checks
        ),
        note=" ".join(
            [*reason_sentences(examination.reasons, language), *note_sentences(list(examination.notes), language)]
        ),
    )


def _certified_facts(exhibit: Exhibit, language: Language) -> tuple[page.Fact, ...]:
    examination, data = exhibit.examination, exhibit.examination.certification
    facts = [page.Fact(language.say(N_("File")), exhibit.file_name, Setting.CODE)]
    if data is not None:
        facts += [
            page.Fact(fact.label, fact.value, Setting.CODE if fact.is_code else Setting.TEXT)
            for fact in certified_facts(data, examination.kind, language)
        ]
    facts.append(page.Fact("SHA-256", examination.sha256, Setting.HASH))
    return tuple(facts)


def annex(dossier: Dossier, language: Language) -> page.Annex:
    """What a technician needs to verify it all again."""
    say, examinations = language.say, [exhibit.examination for exhibit in dossier.exhibits]
    digests = sorted({one.signature.digest for one in examinations if one.signature.digest})
    circuits = sorted({one.circuit for one in examinations if one.circuit})
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
            rows=tuple(_certificate(one) for one in _certificates(dossier)),
        ),
        facts=(
            page.Fact(say(N_("Authority")), ", ".join(circuits) or "–"),
            page.Fact(say(N_("Digests")), ", ".join(digests) or "–"),
            page.Fact(say(N_("Trust data")), dossier.anchors_version, Setting.CODE),
            page.Fact(say(N_("Program")), f"pecdesk {dossier.program_version}"),
            page.Fact(say(N_("Made at")), language.instant(dossier.made_at)),
        ),
    )


def _certificates(dossier: Dossier) -> list[Certificate]:
    """Every certificate of every path, each once; of a signature without a path its signer."""
    found: dict[str, Certificate] = {}
    for exhibit in dossier.exhibits:
        signature = exhibit.examination.signature
        for certificate in signature.chain or ((signature.signer,) if signature.signer else ()):
            found.setdefault(certificate.sha256, certificate)
    return list(found.values())


def _certificate(certificate: Certificate) -> page.CertificateRow:
    return page.CertificateRow(
        subject=certificate.subject,
        issuer=certificate.issuer,
        validity=f"{certificate.not_before:%d/%m/%Y} – {certificate.not_after:%d/%m/%Y}",
        serial=certificate.serial,
        sha256=certificate.sha256,
    )
