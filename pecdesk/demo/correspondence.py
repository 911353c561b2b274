"""Letters with their places filled in: who writes what to whom, drawn from a seeded generator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from pecdesk.demo import letters_received, letters_sent
from pecdesk.demo.clock import italian
from pecdesk.demo.documents import pdf_file, signed_pdf_file
from pecdesk.demo.draft import Attachment, Draft, Recipient
from pecdesk.demo.letter import File, Letter
from pecdesk.demo.mail import token
from pecdesk.demo.world import ACCOUNTS, PARTY_AT

CLIENTS = (
    "Farmacia Sant'Agata di Quinto & C.",
    "Vivaio Corbezzolo",
    "Falegnameria Ontano S.r.l.",
    "Cooperativa Il Glicine",
    "Immobiliare Quercia Rossa S.r.l.",
    "Pasticceria Biancospino",
    "Ersilia Montaperti",
    "Adelmo Cortenuova",
)
COUNTERPARTS = (
    "Laterizi Montefinto S.r.l.",
    "Edilnova Verdalia S.p.A.",
    "Officine Brigantino S.r.l.",
    "Tessitura Fiordaliso S.p.A.",
    "Trasporti Rondinella S.n.c.",
    "Cantina Poggio Sereno soc. agr.",
)
TOWNS = ("Montefinto", "Verdalia", "Borgofinto", "Roccafinta", "Castel Ginepro")
STREETS = (
    "via delle Ginestre 12",
    "piazza del Mulino 3",
    "via Pozzo Vecchio 41",
    "viale dei Lecci 7",
    "largo Fontanella 1",
    "via Salita ai Noci 18",
)
COURTS = ("Tribunale di Verdalia", "Tribunale di Castel Ginepro", "Giudice di pace di Montefinto")
MATTERS = (
    "la fornitura di serramenti per il cantiere",
    "il contratto di appalto per il rifacimento della copertura",
    "la somministrazione di materiale vivaistico",
    "il trasporto di merci deperibili",
    "la manutenzione dell'impianto di refrigerazione",
    "la locazione commerciale del magazzino",
    "il recupero di un credito professionale",
)

CLOSING = "\n\n--\n{name}\nMessaggio dimostrativo (DEMO): persone, società e fatti sono inventati."


def facts(random: Random, at: datetime) -> Mapping[str, str]:
    """Everything a letter may speak of."""
    past = italian(at) - timedelta(days=random.choice((20, 35, 48, 60, 110)))
    future = italian(at) + timedelta(days=random.choice((20, 30, 60, 95, 140)))
    return {
        "cliente": random.choice(CLIENTS),
        "controparte": random.choice(COUNTERPARTS),
        "oggetto": random.choice(MATTERS),
        "importo": f"{random.randint(8, 940) * 100 + random.choice((0, 50, 37)):,}".replace(",", ".") + ",00",
        "numero": str(random.randint(11, 988)),
        "rg": str(random.randint(1001, 9899)),
        "anno": str(at.year - random.choice((0, 0, 1, 2))),
        "data": f"{past:%d/%m/%Y}",
        "futuro": f"{future:%d/%m/%Y}",
        "citta": random.choice(TOWNS),
        "via": random.choice(STREETS),
        "tribunale": random.choice(COURTS),
    }


def sent_letter(random: Random) -> Letter:
    """One of the letters the office writes."""
    return random.choice(letters_sent.LETTERS)


def received_letter(random: Random) -> Letter:
    """One of the letters the office receives."""
    return random.choice(letters_received.LETTERS)


def written(letter: Letter, sender: str, recipients: tuple[Recipient, ...], at: datetime, random: Random) -> Draft:
    """The letter as a draft. A recipient that is a company is the one the letter speaks of."""
    said = dict(facts(random, at))
    other = PARTY_AT.get(recipients[0].address if sender in ACCOUNTS else sender)
    if other is not None and other.sort == "company":
        said["controparte"] = other.name
    if other is not None and other.sort == "client":
        said["cliente"] = other.name
    if other is not None and other.sort in ("court", "appeal"):
        said["tribunale"] = other.name
    name = sender_name(sender)
    return Draft(
        sender=sender,
        recipients=recipients,
        subject=letter.subject.format_map(said),
        text=letter.text.format_map(said) + CLOSING.format(name=name),
        date=italian(at),
        message_id=client_id(sender, letter.subject, at),
        sender_name=name,
        attachments=tuple(_file(file, said, letter.text) for file in letter.files),
    )


def sender_name(address: str) -> str:
    """The display name of an address of this world."""
    party = PARTY_AT.get(address)
    return party.name if party else ""


def client_id(sender: str, *pieces: object) -> str:
    """A Message-ID as the sender's program makes it."""
    return f"<{token(sender, *pieces, length=20)}@{sender.partition('@')[2]}>"


def _file(file: File, said: Mapping[str, str], text: str) -> Attachment:
    name, title = file.name.format_map(said), file.title.format_map(said)
    first = text.format_map(said).partition("\n\n")[2].partition("\n\n")[0]
    words = first.split()
    lines = [" ".join(words[start : start + 12]) for start in range(0, min(len(words), 60), 12)]
    return (signed_pdf_file if file.signed else pdf_file)(name, title, lines)
