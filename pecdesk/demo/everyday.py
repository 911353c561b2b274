"""The office's ordinary life: letters sent and delivered, letters received, court filings and invoices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from pecdesk.demo import letters_received, letters_sent
from pecdesk.demo.clock import italian
from pecdesk.demo.correspondence import CLOSING, client_id, sender_name, written
from pecdesk.demo.desk import HOUR, MINUTE, Desk, Fate
from pecdesk.demo.documents import invoice, invoice_notice, pdf_file, protocol_mark, signed_pdf_file
from pecdesk.demo.draft import Attachment, Completeness, Draft, Recipient
from pecdesk.demo.letter import Letter
from pecdesk.demo.world import ACCOUNTS, ELENA, EXCHANGE, PARTIES, PARTY_AT, STUDIO, Party

SENT = 84
RECEIVED = 60
OLDEST = timedelta(days=880)

SATURDAY = 5
COURT = "tribunale.verdalia@civile.giustizia.example"

DEPOSITS = ("ricorso per decreto ingiuntivo", "comparsa di costituzione e risposta", "istanza di correzione di errore")
INVOICES = (
    ("Parere su appalto di servizi", "RC"),
    ("Assistenza stragiudiziale", "RC"),
    ("Redazione di contratto di locazione", "NS"),
    ("Patrocinio in primo grado", "RC"),
    ("Consulenza in materia condominiale", "MC"),
    ("Assistenza alla mediazione", "RC"),
)
NOTICES = {
    "RC": ("RicevutaConsegna", "Ricevuta di consegna {number}", "Il file è stato consegnato al destinatario."),
    "NS": ("RicevutaScarto", "Notifica di scarto {number}", "00404 - fattura duplicata"),
    "MC": (
        "RicevutaImpossibilitaRecapito",
        "Notifica di mancata consegna {number}",
        "La fattura è a disposizione del cliente nell'area riservata.",
    ),
}


def live(desk: Desk, random: Random) -> None:
    """Thirty months of it, nothing younger than two days."""
    account = _accounts(random)
    times = _working_times(desk.now - OLDEST, desk.now - timedelta(days=2), SENT, random)
    for number, (letter, at) in enumerate(zip(_dealt(letters_sent.LETTERS, SENT, random), times, strict=True)):
        _send(desk, letter, next(account), at, number, random)
    times = _working_times(desk.now - OLDEST, desk.now - HOUR, RECEIVED, random)
    for number, (letter, at) in enumerate(zip(_dealt(letters_received.LETTERS, RECEIVED, random), times, strict=True)):
        _receive(desk, letter, next(account), at, number, random)
    for number, what in enumerate(DEPOSITS):
        _deposit(desk, what, desk.days_ago(40 + 190 * number), 4100 + 37 * number)
    for number, (what, answer) in enumerate(INVOICES):
        _invoice(desk, what, answer, desk.days_ago(9 + 130 * number), 1 + number)


def _accounts(random: Random) -> Iterator[str]:
    while True:
        yield random.choice((STUDIO, STUDIO, STUDIO, ELENA))


def _dealt(letters: Sequence[Letter], count: int, random: Random) -> list[Letter]:
    """Every letter about as often, in no order."""
    dealt = [letters[number % len(letters)] for number in range(count)]
    random.shuffle(dealt)
    return dealt


def _working_times(first: datetime, last: datetime, count: int, random: Random) -> list[datetime]:
    """Moments in office hours of working days, spread evenly, oldest first."""
    step = (last - first) / count
    moments = []
    for number in range(count):
        moment = first + step * number + step * random.random() * 0.6
        day = italian(moment)
        if day.weekday() >= SATURDAY:
            day -= timedelta(days=2)
        day = day.replace(hour=random.randint(8, 18), minute=random.randint(0, 59), second=random.randint(0, 59))
        moments.append(min(day, last))
    return moments


def _parties(sorts: tuple[str, ...], random: Random, count: int = 1, without: str = "") -> list[Party]:
    fitting = [party for party in PARTIES if party.sort in sorts and party.provider and party.address != without]
    return random.sample(fitting, min(count, len(fitting)))


def _send(desk: Desk, letter: Letter, account: str, at: datetime, number: int, random: Random) -> None:
    to = [party.recipient() for party in _parties(letter.to, random, 2 if number % 9 == 4 else 1)]
    if number % 11 == 7:
        to.append(_parties(("lawyer",), random, without=to[0].address)[0].recipient(copy=True))
    recipients = tuple({each.address: each for each in to}.values())
    draft = written(letter, account, recipients, at, random)
    asked = {5: Completeness.BRIEF, 11: Completeness.SHORT, 2: Completeness.FULL}.get(number % 14)
    desk.transmit(replace(draft, asks_for=asked), *(Fate.DELIVERED for _ in recipients))


def _receive(desk: Desk, letter: Letter, account: str, at: datetime, number: int, random: Random) -> None:
    (sender,) = _parties(letter.to, random)
    to: tuple[Recipient, ...] = (Recipient(account, ACCOUNTS[account][0]),)
    if number % 8 == 3:
        to = (*to, _parties(("lawyer",), random, without=sender.address)[0].recipient(copy=number % 16 == 3))
    draft = written(letter, sender.address, to, at, random)
    if sender.sort in ("office", "tax"):
        mark = protocol_mark(sender.name, 10_000 + 7 * number, draft.subject)
        draft = replace(draft, attachments=(*draft.attachments, mark))
    desk.receive(draft, account)


def note(
    subject: str,
    text: str,
    recipients: Sequence[Recipient | str],
    at: datetime,
    *,
    sender: str = STUDIO,
    files: tuple[Attachment, ...] = (),
    asks_for: Completeness | None = None,
    in_reply_to: str = "",
) -> Draft:
    """A mail with its own words."""
    to = tuple(
        each if isinstance(each, Recipient) else PARTY_AT[each].recipient() if each in PARTY_AT else Recipient(each)
        for each in recipients
    )
    return Draft(
        sender=sender,
        recipients=to,
        subject=subject,
        text=text + CLOSING.format(name=sender_name(sender) or sender),
        date=italian(at),
        message_id=client_id(sender, subject, at),
        sender_name=sender_name(sender),
        attachments=files,
        asks_for=asks_for,
        in_reply_to=in_reply_to,
    )


def _deposit(desk: Desk, what: str, at: datetime, number: int) -> None:
    """A court filing and its four mails: two receipts, then two certified messages of the court (reference §1.6)."""
    subject = f"DEPOSITO {what} - R.G. {number}/{at.year}"
    files = (
        Attachment("Atto.enc", f"DEMO {number} busta telematica cifrata\n".encode() * 40),
        signed_pdf_file("indice_busta.pdf", "Indice della busta", [what]),
    )
    text = f"Deposito telematico nel procedimento n. {number}/{at.year}: {what}. La busta cifrata è allegata."
    sending = desk.transmit(note(subject, text, [COURT], at, files=files), Fate.DELIVERED)
    answers = (
        (4 * MINUTE, f"ESITO CONTROLLI AUTOMATICI {subject}", "Codice esito: 1. Descrizione esito: busta accettata."),
        (5 * HOUR, f"ACCETTAZIONE {subject}", "Il deposito è stato accettato dalla cancelleria."),
    )
    for delay, title, outcome in answers:
        answer = note(
            title, outcome, [STUDIO], sending.accepted_at + delay, sender=COURT, in_reply_to=f"<{sending.identifier}>"
        )
        desk.receive(answer, STUDIO)


def _invoice(desk: Desk, what: str, answer: str, at: datetime, number: int) -> None:
    """An electronic invoice and what the exchange system answers (reference §6.6)."""
    name = f"IT999990000{number:02}_0000{number}"
    numbered = f"{number}/{at.year}"
    file = invoice(f"{name}.xml.p7m", numbered, "Studio legale Verdi", "Vivaio Corbezzolo", what, "1220.00")
    text = f"Invio della fattura n. {numbered}: {what}."
    sending = desk.transmit(note(f"Invio File {name}.xml.p7m", text, [EXCHANGE], at, files=(file,)), Fate.DELIVERED)
    root, subject, words = NOTICES[answer]
    outcome = invoice_notice(
        root, f"{name}_{answer}_001.xml", file, 7_700_000 + 113 * number, sending.identifier, words
    )
    notice = note(
        subject.format(number=7_700_000 + 113 * number),
        f"Esito relativo al file {name}.xml.p7m. {words}",
        [STUDIO],
        sending.accepted_at + 40 * MINUTE,
        sender=EXCHANGE,
        files=(outcome, pdf_file(f"{name}_{answer}_001.pdf", words, [name])),
        asks_for=Completeness.BRIEF,
    )
    desk.receive(notice, STUDIO)
