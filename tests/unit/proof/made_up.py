"""Made-up reports, in Italian and English, with everything a page can hold."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from pecdesk.proof.page import (
    Annex,
    AttachmentRow,
    AttachmentTable,
    CertificateRow,
    CertificateTable,
    Check,
    Event,
    Fact,
    FileRow,
    Footer,
    Headline,
    Mark,
    MessageText,
    ReadingCopy,
    ReceiptSheet,
    ReceiptSheets,
    RecipientRow,
    RecipientTable,
    Report,
    Setting,
    Timeline,
    Tone,
    WeakPoints,
)
from pecdesk.proof.pdf import Embedded

MADE_AT = datetime(2026, 11, 22, 21, 40, tzinfo=timezone(timedelta(hours=1)))

ORIGINALS = (
    "00_messaggio-inviato.eml",
    "01_accettazione.eml",
    "02_consegna_m.rossi@pec.avvocati.example.eml",
    "03_consegna_bianchi.srl@legal.example.eml",
    "04_preavviso-mancata-consegna_protocollo@pec.comune.example.eml",
)


def original(name: str) -> bytes:
    """The bytes of a made-up message; not text everywhere, as real ones are not."""
    return f"Subject: {name}\r\n\r\n".encode() + bytes(range(256)) + b"\r\n" * 40


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def embedded(folder: Path, names: tuple[str, ...] = ORIGINALS) -> tuple[Embedded, ...]:
    """The made-up messages written to `folder`, ready to be embedded."""
    files = []
    for name in names:
        path = folder / name
        path.write_bytes(original(name))
        files.append(Embedded(name, path, sha256(original(name)), f"Messaggio originale: {name}"))
    return tuple(files)


def italian() -> Report:
    """Delivered to two of three recipients: what most pages will look like."""
    subject = "Diffida ad adempiere – contratto n. 88/2025"
    return Report(
        language="it",
        kicker="Prova di trasmissione mediante posta elettronica certificata",
        title=subject,
        headline=Headline(
            Tone.CAUTION,
            Mark.PARTLY_DELIVERED,
            "Consegnata a 2 destinatari su 3; per uno un preavviso di mancata consegna",
            "Accettata dal gestore del mittente il 22 novembre 2026 alle 09:15:02 (+0100). Quattro ricevute su quattro "
            "hanno firma integra del gestore e certificato valido al momento della firma.",
        ),
        facts=(
            Fact("Mittente", "studio.verdi@pec.gestoreuno.example"),
            Fact("Oggetto", subject),
            Fact("Inviato", "22/11/2026 09:15:02 (+0100), come certificato dal gestore"),
            Fact("Ricevuta chiesta", "completa"),
            Fact("Identificativo", "opec2941.20261122091502.20417.188.1.62@pec.gestoreuno.example", Setting.CODE),
        ),
        recipients=RecipientTable(
            "Esito per destinatario",
            ("Destinatario", "Stato", "Istante certificato", "Gestore"),
            (
                RecipientRow(
                    "m.rossi@pec.avvocati.example",
                    Mark.DELIVERED,
                    "Consegnato",
                    "22/11/2026 09:15:41 (+0100)",
                    "Gestore Due S.r.l.",
                    "A · indirizzo PEC · ricevuta completa",
                ),
                RecipientRow(
                    "bianchi.srl@legal.example",
                    Mark.DELIVERED_WITH_RESERVE,
                    "Consegnato",
                    "22/11/2026 09:16:03 (+0100)",
                    "Gestore Due S.r.l.",
                    "A · indirizzo PEC · ricevuta completa, con riserva",
                ),
                RecipientRow(
                    "protocollo@pec.comune.example",
                    Mark.DELAYED,
                    "In ritardo",
                    "22/11/2026 21:15:10 (+0100)",
                    "Gestore Uno S.p.A.",
                    "Cc · indirizzo PEC · preavviso dopo 12 ore",
                ),
            ),
        ),
        reading_copy=ReadingCopy(
            "Copia di lettura.",
            "La prova è costituita dai messaggi originali in formato .eml, incorporati in questo documento e "
            "consegnati insieme ad esso, riconoscibili dalla loro impronta:",
            ("File", "Byte", "Impronta SHA-256"),
            tuple(FileRow(name, f"{len(original(name))}", sha256(original(name))) for name in ORIGINALS),
        ),
        timeline=Timeline(
            "Cronologia",
            (
                Event("22/11/2026 09:15:02 (+0100)", Mark.CERTIFIED, "Accettazione", "– Gestore Uno S.p.A."),
                Event(
                    "22/11/2026 09:15:41 (+0100)",
                    Mark.CERTIFIED,
                    "Avvenuta consegna (completa)",
                    "a m.rossi@pec.avvocati.example – la copia consegnata coincide con il messaggio inviato "
                    "(corpo e 2 allegati)",
                ),
                Event(
                    "22/11/2026 09:16:03 (+0100)",
                    Mark.CERTIFIED_WITH_RESERVE,
                    "Avvenuta consegna (completa)",
                    "a bianchi.srl@legal.example – la copia consegnata coincide con il messaggio inviato",
                ),
                Event(
                    "22/11/2026 21:15:10 (+0100)",
                    Mark.DELAYED,
                    "Preavviso di mancata consegna (12 ore)",
                    "per protocollo@pec.comune.example",
                ),
                Event(
                    "22/11/2026 21:20:00 (+0100)",
                    Mark.FORGED,
                    "Avviso non autentico",
                    "dice di essere una ricevuta di consegna per protocollo@pec.comune.example: non conta",
                ),
            ),
        ),
        weak_points=WeakPoints(
            "Punti deboli di questa prova",
            (
                "Per protocollo@pec.comune.example manca ancora l’esito definitivo (termine: 23/11/2026 09:15).",
                "Lo stato di revoca dei certificati non è stato controllato: nessuna lista di revoca disponibile.",
            ),
            "Nessuno.",
        ),
        receipts=ReceiptSheets(
            "Ricevute e loro verifica",
            (
                _sheet("Ricevuta di accettazione", Mark.CERTIFIED, "Certificata", "accettazione", "Gestore Uno S.p.A."),
                _sheet(
                    "Ricevuta di avvenuta consegna – m.rossi@pec.avvocati.example",
                    Mark.CERTIFIED,
                    "Certificata",
                    "avvenuta-consegna",
                    "Gestore Due S.r.l.",
                ),
                _sheet(
                    "Ricevuta di avvenuta consegna – bianchi.srl@legal.example",
                    Mark.CERTIFIED_WITH_RESERVE,
                    "Certificata, con riserva: l’ora della firma dista 7 minuti da quella certificata",
                    "avvenuta-consegna",
                    "Gestore Due S.r.l.",
                ),
                replace(
                    _sheet(
                        "Preteso avviso di consegna – protocollo@pec.comune.example",
                        Mark.FORGED,
                        "Non autentico: firmato da chi non è un gestore",
                        "avvenuta-consegna",
                        "Gestore Uno S.p.A.",
                    ),
                    checks=(
                        Check(Mark.CHECK_PASSED, "Impronta", "il contenuto firmato è integro"),
                        Check(Mark.CHECK_FAILED, "Catena", "nessun percorso verso un’autorità conosciuta"),
                        Check(Mark.CHECK_NOT_DONE, "Revoca", "non controllata: manca la catena"),
                    ),
                    note="Questo messaggio non sposta lo stato di alcun destinatario; è qui perché è stato ricevuto.",
                ),
            ),
            "Verifiche",
        ),
        message=MessageText(
            "Testo del messaggio",
            "Letto dal messaggio inviato; le parole qui sotto sono del mittente.",
            "Spett.le Bianchi S.r.l.,\n\nin nome e per conto della mia assistita Vi invito e diffido ad adempiere, "
            "entro quindici giorni dal ricevimento della presente, alle obbligazioni assunte con il "
            "contratto n. 88/2025.\n"
            "In difetto, il contratto si intenderà senz’altro risolto.\n\n"
            "Distinti saluti\nAvv. Laura Verdi\n\n-- \nStudio legale Verdi · Πειραιώς 4 · улица Мира · שלום · مرحبا",
        ),
        attachments=AttachmentTable(
            "Allegati",
            ("File e impronta SHA-256", "Tipo", "Byte", "Firma digitale"),
            (
                AttachmentRow(
                    "diffida_contratto_88-2025.pdf.p7m",
                    "application/pkcs7-mime",
                    "184 220",
                    sha256(b"1"),
                    "contiene una firma digitale, non verificata",
                ),
                AttachmentRow("procura alle liti.pdf", "application/pdf", "52 114", sha256(b"2"), "nessuna"),
            ),
            "Il messaggio non ha allegati.",
        ),
        annex=_annex(),
        colophon="Documento formato il 22/11/2026 alle 21:40:00 (+0100) da pecdesk 0.1.0 · dati di fiducia del "
        "20/02/2025 · 5 originali incorporati · PDF/A-3a e PDF/UA-1",
        footer=Footer(
            "Identificativo",
            "opec2941.20261122091502.20417.188.1.62@pec.gestoreuno.example",
            "pagina {page} di {pages}",
        ),
        alternatives={mark: f"segno: {mark.value}" for mark in Mark},
    )


def _sheet(heading: str, mark: Mark, standing: str, kind: str, provider: str) -> ReceiptSheet:
    return ReceiptSheet(
        heading,
        mark,
        standing,
        (
            Fact("Tipo", kind),
            Fact("Gestore emittente", provider),
            Fact("Istante", "22/11/2026 09:15:02 (+0100)"),
            Fact(
                "Destinatari", "m.rossi@pec.avvocati.example, bianchi.srl@legal.example, protocollo@pec.comune.example"
            ),
            Fact("Identificativo", "opec2941.20261122091502.20417.188.1.62@pec.gestoreuno.example", Setting.CODE),
            Fact("Message-ID", "<5F2A8C10.7090306@pec.gestoreuno.example>", Setting.CODE),
            Fact("Errore", "nessuno"),
            Fact("Impronta del file", sha256(heading.encode()), Setting.HASH),
        ),
        (
            Check(Mark.CHECK_PASSED, "Impronta", "il contenuto firmato è quello ricevuto, byte per byte"),
            Check(Mark.CHECK_PASSED, "Firma", "il valore della firma corrisponde al certificato del gestore"),
            Check(Mark.CHECK_PASSED, "Catena", "il certificato risale ad AgID CA1 ed era valido in quel momento"),
            Check(Mark.CHECK_PASSED, "Indirizzo", "l’indirizzo nel certificato è quello del mittente della ricevuta"),
            Check(Mark.CHECK_NOT_DONE, "Revoca", "nessuna lista di revoca disponibile"),
            Check(Mark.NOTE, "Certificato scaduto in seguito", "era valido al momento della firma"),
        ),
    )


def _annex() -> Annex:
    return Annex(
        "Allegato tecnico",
        "Con questi dati un consulente può ripetere la verifica partendo dai soli file .eml.",
        CertificateTable(
            "Certificati",
            ("Intestatario ed emittente", "Validità", "Numero di serie e impronta SHA-256"),
            (
                CertificateRow(
                    "posta-certificata@pec.gestoreuno.example, Gestore Uno S.p.A.",
                    "AgID CA1, Agenzia per l’Italia Digitale, IT",
                    "dal 14/03/2025 al 14/03/2028",
                    "4f:8a:11:90:7c:de:02:3b",
                    sha256(b"uno"),
                ),
                CertificateRow(
                    "posta-certificata@legal.example, Gestore Due S.r.l.",
                    "AgID CA1, Agenzia per l’Italia Digitale, IT",
                    "dal 02/09/2024 al 02/09/2027",
                    "70:01:5e:c3:99:ab:44:1d",
                    sha256(b"due"),
                ),
            ),
        ),
        (
            Fact("Algoritmi", "SHA-256 con RSA a 2048 bit"),
            Fact("Dati di fiducia", "AgID CA1, nome e chiave, aggiornati al 20/02/2025"),
            Fact("Programma", "pecdesk 0.1.0"),
            Fact("Formato il", "22/11/2026 21:40:00 (+0100)"),
        ),
    )


def english() -> Report:
    """Delivered to everybody, in English, from the demo: a short one, its text in fixed width."""
    base = italian()
    subject = "Notice to perform – contract no. 88/2025"
    return replace(
        base,
        language="en",
        kicker="Proof of transmission by certified electronic mail",
        title=subject,
        headline=Headline(
            Tone.GOOD,
            Mark.DELIVERED,
            "Delivered to both recipients",
            "Accepted by the sender's provider on 22 November 2026 at 09:15:02 (+0100). Three receipts of three carry "
            "an intact signature of a provider, with a certificate valid at that time.",
        ),
        facts=(
            Fact("Sender", "studio.verdi@pec.gestoreuno.example"),
            Fact("Subject", subject),
            Fact("Sent", "22/11/2026 09:15:02 (+0100), as certified"),
            Fact("Receipt asked for", "full"),
        ),
        recipients=replace(
            base.recipients,
            heading="Outcome for each recipient",
            columns=("Recipient", "State", "Certified instant", "Provider"),
            rows=tuple(
                replace(row, state="Delivered", note="To · PEC address · full receipt")
                for row in base.recipients.rows[:2]
            ),
        ),
        reading_copy=replace(
            base.reading_copy,
            heading="Reading copy.",
            text="The proof is the original messages in .eml format, embedded in this document and handed over beside "
            "it, to be known by their hashes:",
            columns=("File", "Bytes", "SHA-256"),
            files=base.reading_copy.files[:4],
        ),
        timeline=Timeline(
            "Timeline",
            (
                Event("22/11/2026 09:15:02 (+0100)", Mark.CERTIFIED, "Acceptance", "– Gestore Uno S.p.A."),
                Event(
                    "22/11/2026 09:15:41 (+0100)",
                    Mark.CERTIFIED,
                    "Delivery (full receipt)",
                    "to m.rossi@pec.avvocati.example – the copy delivered is the message sent (body and 2 attachments)",
                ),
                Event(
                    "22/11/2026 09:16:03 (+0100)",
                    Mark.CERTIFIED_WITH_RESERVE,
                    "Delivery (full receipt)",
                    "to bianchi.srl@legal.example – the copy delivered is the message sent",
                ),
            ),
        ),
        weak_points=WeakPoints("Weak points of this proof", (), "None."),
        receipts=ReceiptSheets(
            "Receipts and their verification",
            (
                ReceiptSheet(
                    "Acceptance receipt",
                    Mark.CERTIFIED,
                    "Certified",
                    (
                        Fact("Kind", "accettazione"),
                        Fact("Provider", "Gestore Uno S.p.A."),
                        Fact("File hash", sha256(b"acceptance"), Setting.HASH),
                    ),
                    (
                        Check(Mark.CHECK_PASSED, "Digest", "the signed content is what was received, byte for byte"),
                        Check(Mark.CHECK_NOT_DONE, "Revocation", "no revocation list at hand"),
                    ),
                ),
            ),
            "Checks",
        ),
        message=MessageText(
            "Text of the message",
            "Read out of the delivery receipt; the words below are the sender's.",
            "Dear Sirs,\n\n  item       amount\n  --------------------\n  deposit    1 200,00\n  balance    3 800,00"
            "\n\nYours faithfully\nLaura Verdi",
            preformatted=True,
        ),
        attachments=AttachmentTable("Attachments", ("File", "Type", "Bytes", "Signature"), (), "No attachments."),
        annex=replace(
            base.annex,
            heading="Technical annex",
            text="With this data an expert can repeat the verification from the .eml files alone.",
            certificates=replace(
                base.annex.certificates,
                heading="Certificates",
                columns=("Subject and issuer", "Validity", "Serial number and SHA-256"),
            ),
            facts=(Fact("Algorithms", "SHA-256 with RSA of 2048 bit"), Fact("Program", "pecdesk 0.1.0")),
        ),
        colophon="Made on 22/11/2026 at 21:40:00 (+0100) by pecdesk 0.1.0 · PDF/A-3a and PDF/UA-1",
        footer=replace(base.footer, label="Identifier", page_pattern="page {page} of {pages}"),
        banner="DEMO: made-up messages, made-up providers, a test authority. Worth nothing in any proceeding.",
    )
