"""What lies in a mailbox without being what it seems, or without being certified at all.

Forged and altered mail must move nothing and be visible as what it is (cli.md section 4).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pecdesk.demo.builders import with_header
from pecdesk.demo.desk import HOUR, MINUTE, Desk, ExpectedRecipient, ExpectedTransmission, Fate
from pecdesk.demo.draft import Attachment, Draft, Recipient
from pecdesk.demo.everyday import note
from pecdesk.demo.forgery import mutated, unsigned, wrapped
from pecdesk.demo.ordinary import bounce, ordinary, painted, rem_dispatch, rem_receipt
from pecdesk.demo.world import ELENA, REM_SERVICE, STUDIO

LATERIZI = "amministrazione@pec.laterizimontefinto.example"
FIORDALISO = "tessitura@pec.fiordaliso.example"
EDILNOVA = "edilnova.verdalia@certimail.example"
BRACALEONE = "tullio.bracaleone@pec.avvocatidemo.example"
TRESCORTE = "lapo.trescorte@pec.avvocatidemo.example"
COURT = "tribunale.verdalia@civile.giustizia.example"
PHISHER = "assistenza@verifica-casella.example"
BANK = "reclami@pec.bancaverdalia.example"


def forged(desk: Desk) -> None:
    """Receipts nobody signed, or the wrong one did: the transmissions they name stay as they are."""
    uno, now = desk.world.providers["uno"], desk.now
    pending = note("Diffida al rilascio dell'immobile", "Vi diffido al rilascio.", [LATERIZI], now - 4 * HOUR)
    desk.keep_copy(pending)
    imagined = uno.take(pending, pending.date + MINUTE)
    for statement, kind in (
        (uno.acceptance(imagined), "acceptance"),
        (uno.delivery(imagined, LATERIZI, imagined.accepted_at + MINUTE), "delivery"),
    ):
        desk.receipt(imagined, statement, kind, standing="not-certified", raw=unsigned(statement))
    desk.expect_sent(pending, {LATERIZI: "pending"}, "pending", ["forged", "no-acceptance"])

    foreign = note("Revoca del mandato", "Si comunica la revoca del mandato.", [FIORDALISO], now - 5 * HOUR)
    desk.keep_copy(foreign)
    sending = desk.accept(foreign)
    imitation = desk.world.foreign.delivery(sending, FIORDALISO, sending.accepted_at + MINUTE)
    desk.receipt(sending, imitation, "delivery", standing="not-certified")
    desk.expect_sent(foreign, {FIORDALISO: "accepted"}, "accepted", ["forged"], sending=sending)

    altered = note("Offerta reale di pagamento", "Si offre il pagamento del residuo.", [LATERIZI], now - 6 * HOUR)
    desk.keep_copy(altered)
    sending = desk.accept(altered)
    delivery = uno.delivery(sending, LATERIZI, sending.accepted_at + MINUTE)
    raw = mutated(delivery.sealed(), b"consegnato nella casella", b"consegnata nella casella")
    desk.receipt(sending, delivery, "delivery", standing="altered", raw=raw)
    desk.expect_sent(altered, {LATERIZI: "accepted"}, "accepted", ["altered"], sending=sending)


def claims(desk: Desk) -> None:
    """Mail that claims something about nothing that is here."""
    world = desk.world
    foreign = note("Ricorso cautelare", "Testo.", [STUDIO], desk.days_ago(23), sender=TRESCORTE)
    provider = world.provider_of(TRESCORTE)
    sending = provider.take(foreign, foreign.date + MINUTE)
    receipt = provider.delivery(sending, STUDIO, foreign.date + 2 * MINUTE)
    desk.put("inbox", STUDIO, receipt.at, "consegna_altrui", receipt.sealed(), kind="delivery", standing="certified")
    desk.expected.append(
        ExpectedTransmission(
            kind="unmatched",
            direction="sent",
            account=STUDIO,
            subject=foreign.subject,
            state="delivered",
            sender=TRESCORTE,
            original="from-receipt",
            identifier=sending.identifier,
            recipients=(ExpectedRecipient(STUDIO, "delivered"),),
        )
    )

    nothing = note("Fattura n. 4471 da regolarizzare", "Aprire l'allegato.", [BANK], desk.days_ago(10))
    fake = world.providers["uno"].acceptance(world.providers["uno"].take(nothing, nothing.date + MINUTE))
    desk.put(
        "inbox", STUDIO, fake.at, "falsa_accettazione", unsigned(fake), kind="acceptance", standing="not-certified"
    )
    posing = replace(nothing, sender=world.providers["uno"].address)
    desk.expect_received("claim", posing, STUDIO, "not-certified", ["forged"], subject=fake.header("Subject"))

    changed = note(
        "Coordinate bancarie per il saldo",
        "Il saldo di euro 8.400,00 va versato sul conto IT00 DEMO 0001.",
        [STUDIO],
        desk.days_ago(12),
        sender=EDILNOVA,
    )
    sending = world.provider_of(EDILNOVA).take(changed, changed.date + MINUTE)
    envelope = world.provider_of(EDILNOVA).envelope(sending, STUDIO)
    raw = mutated(envelope.sealed(), b"DEMO 0001", b"DEMO 9999")
    desk.arrive(changed, STUDIO, raw, "transport-envelope", "altered")
    posing = replace(changed, sender=world.provider_of(EDILNOVA).address)
    desk.expect_received("claim", posing, STUDIO, "altered", ["altered"], subject=envelope.header("Subject"))

    named = note(
        "Notifica di atto giudiziario", "Si notifica l'atto allegato.", [STUDIO], desk.days_ago(16), sender=FIORDALISO
    )
    provider = world.provider_of(FIORDALISO)
    sending = provider.take(named, named.date + MINUTE)
    envelope = provider.envelope(sending, STUDIO)
    disguised = with_header(envelope, "From", f'"Per conto di: {COURT}" <{provider.address}>')
    desk.arrive(named, STUDIO, disguised.sealed(), "transport-envelope", "certified-with-reserve")
    desk.expect_received("pec", named, STUDIO, "certified-with-reserve", identifier=sending.identifier)


def traps(desk: Desk) -> None:
    """Genuine mail whose content looks like something else."""
    provider = desk.world.provider_of(BRACALEONE)
    desk.receive(
        note(
            "CONSEGNA: documenti del cliente",
            "Consegna a mani avvenuta ieri.",
            [STUDIO],
            desk.days_ago(19),
            sender=BRACALEONE,
        ),
        STUDIO,
    )
    earlier = note(
        "Messaggio più vecchio", "Testo del messaggio inoltrato.", [BRACALEONE], desk.days_ago(25), sender=EDILNOVA
    )
    tre = desk.world.provider_of(EDILNOVA)
    old = tre.envelope(tre.take(earlier, earlier.date + MINUTE), BRACALEONE).sealed()
    forwarded = note(
        "I: POSTA CERTIFICATA: Messaggio più vecchio",
        "Inoltro la PEC ricevuta dalla controparte, con i suoi allegati di servizio.",
        [STUDIO],
        desk.days_ago(24),
        sender=BRACALEONE,
        files=(
            Attachment("daticert.xml", b'<?xml version="1.0"?>\n<postacert tipo="accettazione"/>\n', "application/xml"),
            Attachment("MessaggioOriginale.eml", old, "application/octet-stream"),
            Attachment("smime.p7s", b"DEMO", "application/octet-stream"),
        ),
    )
    desk.receive(forwarded, STUDIO)
    inner = provider.envelope(provider.take(earlier, earlier.date + MINUTE), STUDIO).sealed()
    cover = _outside("Vi inoltro la PEC", "La PEC certificata è allegata a questa mail.", desk.days_ago(22))
    raw = wrapped(inner, cover)
    desk.arrive(cover, STUDIO, raw, "ordinary", "not-certified")
    desk.expect_received("ordinary", cover, STUDIO, "not-certified")


def uncertified(desk: Desk) -> None:
    """Ordinary mail, anomaly envelopes, a bounce, and mail of the European successor."""
    world = desk.world
    for subject, text, days in (
        ("Newsletter di ottobre", "Le novità normative del mese in materia di locazioni.", 35),
        ("Richiesta di appuntamento", "Buongiorno, vorrei fissare un appuntamento per un consulto.", 5),
    ):
        draft = _outside(subject, text, desk.days_ago(days))
        desk.arrive(draft, STUDIO, ordinary(draft), "ordinary", "not-certified")
        desk.expect_received("ordinary", draft, STUDIO, "not-certified")
    phishing = "La Sua casella PEC scade oggi: confermi i dati di accesso per non perdere i messaggi."
    green = painted(
        note("Verifica immediata della casella PEC", phishing, [STUDIO], desk.days_ago(7), sender=PHISHER),
    )
    desk.arrive(green, STUDIO, ordinary(green), "ordinary", "not-certified")
    desk.expect_received("ordinary", green, STUDIO, "not-certified")
    for subject, text, to, days in (
        ("Listino prezzi aggiornato", "In allegato il listino. Cordiali saluti.", STUDIO, 13),
        ("Invoice query", "Could you please confirm the invoice details? Best regards.", STUDIO, 41),
        ("Candidatura spontanea", "Allego il mio curriculum per la pratica forense.", ELENA, 120),
    ):
        draft = _outside(subject, text, desk.days_ago(days), to)
        raw = world.provider_of(to).anomaly(ordinary(draft), draft, to, draft.date + MINUTE).sealed()
        desk.arrive(draft, to, raw, "anomaly-envelope", "not-certified")
        desk.expect_received("anomaly", draft, to, "not-certified")
    failed = Recipient("ufficio.soppresso@posta.example", certified=False)
    sent = note("Invio modulistica", "In allegato i moduli.", [failed], desk.days_ago(34))
    desk.transmit(sent, Fate.NOT_PEC, state="accepted", attention=["not-pec"])
    raw = bounce(sent, failed.address, sent.date + 5 * MINUTE)
    notice = replace(sent, subject="Undelivered Mail Returned to Sender", sender="mailer-daemon@mx.posta.example")
    desk.arrive(notice, STUDIO, raw, "delivery-status", "not-certified")
    desk.expect_received("ordinary", notice, STUDIO, "not-certified")
    contract = _outside("Contratto quadro - trasmissione", "Si trasmette il contratto quadro.", desk.days_ago(17))
    raw = rem_dispatch(contract, REM_SERVICE, world.rem, contract.date)
    service = replace(contract, sender=REM_SERVICE)
    desk.arrive(service, STUDIO, raw, "rem-dispatch", "undetermined")
    desk.expect_received("rem", service, STUDIO, "undetermined", subject=f"REM Dispatch: {contract.subject}")
    at = desk.days_ago(16) - 37 * MINUTE  # no other row has this moment: the list's order never hangs on chance
    own = note("Contratto quadro - accettazione", "Si accetta.", ["legale@rem.recapito.example"], at)
    raw = rem_receipt(own, REM_SERVICE, world.rem, own.date + MINUTE)
    notice = replace(own, sender=REM_SERVICE)
    desk.arrive(notice, STUDIO, raw, "rem-receipt", "undetermined")
    desk.expect_received("rem", notice, STUDIO, "undetermined", subject=f"REM ContentConsignment: {own.subject}")


def _outside(subject: str, text: str, at: datetime, to: str = STUDIO) -> Draft:
    """A mail from somebody without PEC."""
    return note(subject, text, [to], at, sender="lucia.fontanarossa@posta.example")
