"""What providers write in the body of their mails (RFC 6109 §3: the facts; the sentences are ours).

Only for people: programs read daticert.xml. A text is a title and the lines under it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pecdesk.demo.certification import Certification
from pecdesk.demo.clock import spoken_date
from pecdesk.demo.draft import Completeness, Recipient

Text = tuple[str, tuple[str, ...]]

FINAL_CODE = "5.4.1"
"""Not delivered in the first 24 hours (protocol reference §2.7)."""

SERVICE_DATA = "L'allegato daticert.xml contiene informazioni di servizio sulla trasmissione."

WITHIN = {
    Completeness.FULL: 'Il messaggio originale è incluso in allegato: per aprirlo fare clic sul file "postacert.eml".',
    Completeness.BRIEF: "Il messaggio originale è incluso in allegato; al posto dei file vi sono le loro impronte.",
    Completeness.SHORT: "La ricevuta è sintetica: il messaggio originale non è allegato.",
}

ENGLISH = {
    "accettazione": "Acceptance receipt: the message was accepted and forwarded.",
    "avvenuta-consegna": "Delivery receipt: the message was delivered to the recipient's mailbox.",
    "posta-certificata": "Certified mail: the original message is attached.",
    "errore-consegna": "Non-delivery notice: the message was not delivered.",
}
"""What a provider that writes in two languages adds under its Italian text."""


def text_of(said: Certification, holds: Completeness | None = None) -> Text:
    """The text of a receipt or envelope with these facts; `holds` is what a delivery receipt brings back."""
    title, middle = _WRITERS[said.type](said)
    if holds is not None:
        middle = (*middle, WITHIN[holds])
    about = (f"{spoken_date(said.time)} il messaggio", f'"{said.subject or ""}" proveniente da "{said.sender}"')
    return title, (*about, *middle, f"Identificativo messaggio: {said.identifier}", "", footer(said.issuer))


def anomaly(at: datetime, sender: str, recipients: Sequence[Recipient], subject: str, provider: str, why: str) -> Text:
    """The text of a *busta di anomalia*: fields of RFC 6109 §3.2.2."""
    lines = (
        f'{spoken_date(at)} è pervenuto il messaggio "{subject}"',
        f'proveniente da "{sender}"',
        "ed indirizzato a:",
        *(each.address for each in recipients),
        "I dati non sono stati certificati per il seguente errore:",
        why,
        "Il messaggio originale è incluso in allegato.",
    )
    return "Anomalia nel messaggio", (*lines, "", footer(provider))


def footer(provider: str) -> str:
    """The line that says what this is."""
    return f"{provider} - messaggio dimostrativo (DEMO), privo di valore legale"


def _acceptance(said: Certification) -> Text:
    """§3.1.4: each recipient with its kind of mail."""
    kinds = {True: "posta certificata", False: "posta ordinaria"}
    listed = (f'{each.address} ("{kinds[each.certified]}")' for each in said.recipients)
    outcome = ("è stato accettato dal sistema ed inoltrato.", SERVICE_DATA)
    return "Ricevuta di accettazione", ("ed indirizzato a:", *listed, *outcome)


def _non_acceptance(said: Certification) -> Text:
    """§3.1.2 and §3.1.3."""
    listed = (each.address for each in said.recipients)
    outcome = "non è stato accettato e non è stato inoltrato ad alcun destinatario."
    why = f"Motivo: {said.extended_error}"
    return "Errore nell'accettazione del messaggio", ("ed indirizzato a:", *listed, outcome, why)


def _envelope(said: Certification) -> Text:
    """§3.1.5."""
    listed = (each.address for each in said.recipients)
    within = "Il messaggio originale è incluso in allegato."
    return "Messaggio di posta certificata", ("è stato inviato ed è indirizzato a:", *listed, within, SERVICE_DATA)


def _taken_in_charge(said: Certification) -> Text:
    """§3.2.1: the recipients of this provider."""
    return "Ricevuta di presa in carico", ("ed indirizzato a:", *said.taken_for, "è stato accettato dal sistema.")


def _delivery(said: Certification) -> Text:
    """§3.3.2."""
    outcome = "è stato consegnato nella casella di destinazione."
    return "Ricevuta di avvenuta consegna", (f'ed indirizzato a "{said.delivered_to}"', outcome, SERVICE_DATA)


def _non_delivery(said: Certification) -> Text:
    """§3.3.3 and §3.2.4."""
    outcome = "non è stato consegnato perché è stato rilevato un errore."
    lines = (f'destinato all\'utente "{said.delivered_to}"', outcome, f"Errore: {said.extended_error}")
    return "Avviso di mancata consegna", lines


def _delay_notice(said: Certification) -> Text:
    """The two sentences of §3.1.6."""
    twelve = (
        "non è stato ancora consegnato nelle prime dodici ore dal suo invio.",
        "Non è escluso che possa essere consegnato in seguito: se non avverrà, seguirà un altro avviso.",
    )
    day = (
        "non è stato consegnato nelle prime ventiquattro ore dal suo invio.",
        "La trasmissione è da considerarsi non riuscita.",
    )
    final = (said.extended_error or "").startswith(FINAL_CODE)
    title = "Avviso di mancata consegna per superamento dei tempi massimi previsti"
    return title, (f'destinato all\'utente "{said.delivered_to}"', *(day if final else twelve))


def _virus_detected(said: Certification) -> Text:
    """§3.2.3."""
    lines = (f'ed indirizzato a "{said.delivered_to}"', f"contiene un virus: {said.extended_error}.")
    return "Avviso di rilevazione di virus informatico", lines


_WRITERS = {
    "accettazione": _acceptance,
    "non-accettazione": _non_acceptance,
    "posta-certificata": _envelope,
    "presa-in-carico": _taken_in_charge,
    "avvenuta-consegna": _delivery,
    "errore-consegna": _non_delivery,
    "preavviso-errore-consegna": _delay_notice,
    "rilevazione-virus": _virus_detected,
}
