"""What can go otherwise: one transmission for every state and every reason to look twice.

Each story says in its own words what `list` must show (cli.md section 4).
"""

from __future__ import annotations

from dataclasses import replace

from pecdesk.demo.builders import with_header
from pecdesk.demo.desk import HOUR, MINUTE, Desk, Fate
from pecdesk.demo.documents import big_file, pdf_file, signed_pdf_file
from pecdesk.demo.draft import Completeness, Recipient, original
from pecdesk.demo.everyday import note
from pecdesk.demo.world import ELENA, STUDIO

EDILNOVA = "edilnova.verdalia@certimail.example"
LATERIZI = "amministrazione@pec.laterizimontefinto.example"
RONDINELLA = "trasporti.rondinella@pec.gestoreuno.example"
FIORDALISO = "tessitura@pec.fiordaliso.example"
BRACALEONE = "tullio.bracaleone@pec.avvocatidemo.example"
MONTELUPO = "ginevra.montelupo@pec.avvocatidemo.example"
TRESCORTE = "lapo.trescorte@pec.avvocatidemo.example"
BANK = "reclami@pec.bancaverdalia.example"
INSURER = "sinistri@pec.laprudente.example"
TOWN = "protocollo@pec.comune.montefinto.example"
ORDINARY = Recipient("lucia.fontanarossa@posta.example", "Lucia Fontanarossa", certified=False)
LABORATORY = Recipient("info@laboratorioincisa.example", "Laboratorio Incisa", certified=False)
UNKNOWN = "amministrazione.cessata@certimail.example"


def waiting(desk: Desk) -> None:
    """Messages on their way: nothing back yet, or not everything."""
    now = desk.now
    fresh = note(
        "Richiesta di rinvio dell'udienza",
        "Si chiede un breve rinvio per motivi di salute.",
        [TRESCORTE],
        now - 12 * MINUTE,
        asks_for=Completeness.FULL,
    )
    desk.keep_copy(fresh)
    desk.expect_sent(fresh, {TRESCORTE: "pending"}, "pending")
    silent = note(
        "Trasmissione procura notarile",
        "In allegato la procura richiesta.",
        [BANK],
        now - 3 * HOUR,
        asks_for=Completeness.FULL,
        files=(pdf_file("procura.pdf", "Procura", ["..."]),),
    )
    desk.keep_copy(silent)
    desk.expect_sent(silent, {BANK: "pending"}, "pending", ["no-acceptance"])
    desk.transmit(
        note("Integrazione documentale richiesta dal CTU", "Si trasmettono i computi.", [EDILNOVA], now - 40 * MINUTE),
        Fate.SILENT,
        state="accepted",
    )
    desk.transmit(
        note("Richiesta di nulla osta allo svincolo", "Si chiede il nulla osta entro domani.", [BANK], now - 14 * HOUR),
        Fate.SILENT,
        state="accepted",
        attention=["waiting"],
    )
    desk.transmit(
        note(
            "Impugnazione della delibera assembleare",
            "Il termine scade tra dieci giorni.",
            [FIORDALISO],
            now - 30 * HOUR,
        ),
        Fate.SILENT,
        state="accepted",
        attention=["overdue"],
    )
    desk.transmit(
        note("Richiesta bonaria di arretrati", "Vi chiedo di provvedere.", [RONDINELLA], now - 3 * HOUR, sender=ELENA),
        Fate.TAKEN_IN_CHARGE,
        state="accepted",
    )
    desk.transmit(
        note(
            "Convocazione per tentativo di conciliazione",
            "Vi attendo in studio martedì.",
            [LATERIZI, INSURER],
            now - 2 * HOUR,
        ),
        Fate.DELIVERED,
        Fate.SILENT,
        state="partly-delivered",
    )
    desk.transmit(
        note(
            "Intimazione di sfratto per morosità", "Si comunica l'avvio della procedura.", [EDILNOVA], now - 13 * HOUR
        ),
        Fate.DELAYED,
        state="delayed",
        attention=["delayed"],
    )
    desk.transmit(
        note(
            "Tre destinatari, tre esiti: avviso di deposito del bilancio",
            "Si avvisano i creditori del deposito del bilancio finale di liquidazione.",
            [LATERIZI, UNKNOWN, INSURER],
            now - 13 * HOUR - 20 * MINUTE,
        ),
        Fate.DELIVERED,
        Fate.UNKNOWN_MAILBOX,
        Fate.DELAYED,
        state="partly-delivered",
        attention=["failed", "delayed"],
    )


def failures(desk: Desk) -> None:
    """Messages that did not arrive, and some that did after all."""
    desk.transmit(
        note("Opposizione a precetto - avviso", "Si avvisa dell'opposizione proposta.", [BANK], desk.days_ago(6)),
        Fate.LATE,
    )
    desk.transmit(
        note("Messa in mora per canoni insoluti", "Vi invito al pagamento dei canoni.", [UNKNOWN], desk.days_ago(21)),
        Fate.UNKNOWN_MAILBOX,
        state="failed",
        attention=["failed"],
    )
    desk.transmit(
        note("Richiesta di chiarimenti sul preventivo", "Si chiedono chiarimenti.", [FIORDALISO], desk.days_ago(33)),
        Fate.MAILBOX_FULL,
        state="failed",
        attention=["failed"],
    )
    desk.transmit(
        note("Comunicazione di recesso dal contratto", "Si comunica il recesso.", [EDILNOVA], desk.days_ago(75)),
        Fate.TIMED_OUT,
        state="failed",
        attention=["failed"],
    )
    desk.transmit(
        note(
            "Invio planimetrie aggiornate",
            "In allegato le planimetrie.",
            [INSURER],
            desk.days_ago(50),
            files=(big_file("planimetrie.zip", 3000, 7),),
        ),
        Fate.VIRUS,
        state="failed",
        attention=["failed"],
    )
    _refused(desk)
    desk.transmit(
        note("Contestazione addebiti su carta", "Si contestano gli addebiti.", [BANK], desk.days_ago(62)),
        Fate.CONTRADICTORY,
        state="contradictory",
        attention=["contradictory"],
    )
    both = note("Rinuncia agli atti del giudizio", "Si rinuncia agli atti.", [BRACALEONE], desk.days_ago(90))
    desk.keep_copy(both)
    sending = desk.accept(both)
    refusal = desk.world.providers["uno"].non_acceptance(sending, "errore interno durante l'inoltro")
    desk.receipt(sending, refusal, "non-acceptance")
    desk.expect_sent(both, {BRACALEONE: "contradictory"}, "contradictory", ["contradictory"], sending=sending)
    desk.transmit(
        note("Preventivo per la successione", "Le invio il preventivo richiesto.", [ORDINARY], desk.days_ago(18)),
        Fate.NOT_PEC,
        state="accepted",
        attention=["not-pec"],
    )
    desk.transmit(
        note("Relazione peritale di parte", "Si trasmette la relazione.", [MONTELUPO, LABORATORY], desk.days_ago(28)),
        Fate.DELIVERED,
        Fate.NOT_PEC,
        attention=["not-pec"],
    )
    desk.transmit(
        note("Sollecito di riscontro", "Non ho ricevuto risposta alla precedente.", [TOWN], desk.days_ago(850)),
        Fate.SILENT,
        state="accepted",
        attention=["overdue", "log-deadline"],
    )


def _refused(desk: Desk) -> None:
    """Refused by the office's own provider: a formal error, a virus."""
    for subject, why, virus, days in (
        ("Convocazione dei condomini morosi", "il campo To non contiene indirizzi validi", False, 44),
        ("Fascicolo di parte - invio", "virus rilevato: DEMO.Prova.A", True, 57),
    ):
        draft = note(subject, "In allegato quanto in oggetto.", [MONTELUPO], desk.days_ago(days))
        desk.keep_copy(draft)
        provider = desk.world.provider_of(STUDIO)
        sending = provider.take(draft, draft.date + 3 * MINUTE)
        desk.receipt(sending, provider.non_acceptance(sending, why, virus=virus), "non-acceptance")
        desk.expect_sent(draft, {MONTELUPO: "refused"}, "refused", ["refused"], sending=sending)


def shapes(desk: Desk) -> None:
    """Delivered messages of every shape: receipts brief and short, copies gone, long and foreign subjects, many."""
    files = (pdf_file("atto.pdf", "Atto", ["testo"]), signed_pdf_file("relata.pdf", "Relata", ["testo"]))
    for subject, asks, keeps, origin, days in (
        ("Invio con ricevuta breve: documenti di causa", Completeness.BRIEF, True, "own", 25),
        ("Invio con ricevuta sintetica: nota spese", Completeness.SHORT, True, "own", 26),
        ("Inviata dalla webmail: istanza di differimento", None, False, "from-receipt", 36),
        ("Inviata dal telefono: riscontro urgente", Completeness.BRIEF, False, "none", 38),
    ):
        draft = note(
            subject, f"{subject}, come da accordi.", [EDILNOVA], desk.days_ago(days), files=files, asks_for=asks
        )
        desk.transmit(draft, Fate.DELIVERED, keeps_copy=keeps, original=origin)
    nameless = replace(
        note("Senza identificativo del programma", "Inviata senza Message-ID.", [INSURER], desk.days_ago(39)),
        message_id="",
    )
    desk.transmit(nameless, Fate.DELIVERED, keeps_copy=False, original="from-receipt")
    many = [Recipient(f"condomino{number:02}@pec.leginestre.example") for number in range(1, 51)]
    desk.transmit(
        note(
            "Convocazione di assemblea straordinaria - Condominio Le Ginestre (50 destinatari)",
            "I signori condomini sono convocati in assemblea straordinaria.",
            many,
            desk.days_ago(15),
        ),
        *(Fate.DELIVERED for _ in many),
    )
    long = "Trasmissione di: " + "; ".join(
        f"documento n. {number} - verbale, allegati e relative attestazioni di conformità" for number in range(1, 13)
    )
    desk.transmit(note(long, "Si veda l'oggetto.", [TRESCORTE], desk.days_ago(55)), Fate.DELIVERED)
    for subject, days in (
        ("Parere sul contratto \u2067مذكرة قانونية\u2069 - cliente estero", 64),
        ("Scadenze di novembre \u2705 \U0001f4ce \U0001f5d3\ufe0f promemoria", 66),
        ("Clausola n. 5: prezzo € 1.250 – «revisione» e naïveté à la carte", 68),
    ):
        desk.transmit(note(subject, "Con i migliori saluti.", [BRACALEONE], desk.days_ago(days)), Fate.DELIVERED)
    desk.transmit(
        note(
            "Fascicolo completo (archivio di grandi dimensioni)",
            "In allegato l'archivio.",
            [FIORDALISO],
            desk.days_ago(71),
            files=(big_file("fascicolo.zip", 740_000, 1), *files),
        ),
        Fate.DELIVERED,
    )
    myself = note("Promemoria: scadenze della settimana", "Messaggio a me stessa.", [STUDIO], desk.days_ago(8))
    sending = desk.transmit(myself, Fate.DELIVERED)
    envelope = desk.world.providers["uno"].envelope(sending, STUDIO).sealed()
    desk.arrive(myself, STUDIO, envelope, "transport-envelope", "certified")
    desk.expect_received("pec", myself, STUDIO, "certified", identifier=sending.identifier)
    twice = note("Ricevute doppie: invio memoria", "La casella conserva due copie.", [INSURER], desk.days_ago(47))
    sending = desk.transmit(twice, Fate.DELIVERED)
    delivery = desk.world.provider_of(INSURER).delivery(sending, INSURER, sending.accepted_at + MINUTE)
    desk.receipt(sending, delivery, "delivery")
    desk.receipt(sending, delivery, "delivery", raw=with_header(delivery, "X-Copia", "regola-ricevute").sealed())


def differing(desk: Desk) -> None:
    """Delivered, and yet: another content than the copy here, another subject in the header."""
    draft = note("Proposta di accordo", "La somma offerta è di euro 12.000,00.", [MONTELUPO], desk.days_ago(29))
    desk.keep_copy(draft)
    other = replace(draft, text=draft.text.replace("12.000", "21.000"))
    sending = desk.accept(draft, original(other))
    desk.follow(sending, MONTELUPO, Fate.DELIVERED)
    desk.expect_sent(draft, {MONTELUPO: "delivered"}, "delivered", ["content-differs"], sending=sending)
    renamed = note("Nota di deposito documenti", "Si depositano i documenti.", [BANK], desk.days_ago(31))
    desk.keep_copy(renamed)
    sending = desk.accept(renamed)
    delivery = desk.world.provider_of(BANK).delivery(sending, BANK, sending.accepted_at + MINUTE)
    changed = with_header(delivery, "Subject", "CONSEGNA: Nota di deposito documenti e rinuncia")
    desk.receipt(sending, changed, "delivery", standing="certified-with-reserve")
    desk.expect_sent(renamed, {BANK: "delivered"}, "delivered", sending=sending)
