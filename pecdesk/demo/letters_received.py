"""What a law office receives: invented matters in the language of real ones.

`to` names the sort of party that writes.
"""

from __future__ import annotations

from pecdesk.demo.letter import File, Letter

LETTERS: tuple[Letter, ...] = (
    Letter(
        to=("court", "appeal"),
        subject="COMUNICAZIONE {rg}/{anno}/CC",
        text="""{tribunale}. Comunicazione di cancelleria.

Tipo proc.: Contenzioso Civile. Numero di Ruolo generale: {rg}/{anno}. Attore principale: {cliente} - Convenuto \
principale: {controparte}

Oggetto: FISSAZIONE UDIENZA DI COMPARIZIONE. Descrizione: si comunica che l'udienza è fissata per il giorno {futuro}, \
ore 10:30.

Si vedano gli eventuali allegati.""",
        files=(File("decreto_{rg}.pdf", "Decreto di fissazione d'udienza"),),
    ),
    Letter(
        to=("court",),
        subject="NOTIFICAZIONE {rg}/{anno}/ING - decreto ingiuntivo",
        text="""{tribunale}. Notificazione di cancelleria ai sensi di legge.

Si notifica il decreto ingiuntivo n. {numero}/{anno} emesso nel procedimento in oggetto per la somma di euro \
{importo}, oltre interessi e spese.

Il testo integrale del provvedimento è allegato.""",
        files=(File("decreto_ingiuntivo_{numero}.pdf", "Decreto ingiuntivo n. {numero}/{anno}"),),
    ),
    Letter(
        to=("office",),
        subject="Prot. n. {numero}{rg} del {data} - Riscontro istanza di accesso agli atti",
        text="""Si riscontra l'istanza pervenuta e si comunica che la documentazione richiesta è disponibile presso lo \
Sportello unico per l'edilizia, in {via}, previo appuntamento.

Il responsabile del procedimento è il funzionario indicato nella segnatura. Avverso il presente atto è ammesso ricorso \
al TAR nel termine di trenta giorni.""",
        files=(File("riscontro_prot_{numero}.pdf", "Riscontro"),),
    ),
    Letter(
        to=("office",),
        subject="Comunicazione di avvio del procedimento ex art. 7 L. 241/1990 - pratica {numero}/{anno}",
        text="""Si comunica l'avvio del procedimento relativo all'immobile sito in {via}. Entro dieci giorni gli \
interessati possono presentare memorie e documenti, che l'amministrazione ha l'obbligo di valutare.

Termine di conclusione: sessanta giorni.""",
        files=(File("avvio_procedimento.pdf", "Avvio del procedimento"),),
    ),
    Letter(
        to=("lawyer",),
        subject="Riscontro diffida - {controparte} / {cliente}",
        text="""Gentile Collega,

riscontro la Tua per contestarne integralmente il contenuto. La prestazione è stata regolarmente eseguita, come da \
verbale di consegna sottoscritto senza riserve il {data}.

La mia assistita non intende pertanto aderire alla richiesta e si riserva di agire per il pagamento del residuo, pari \
a euro {importo}.""",
        files=(File("verbale_consegna.pdf", "Verbale di consegna"),),
    ),
    Letter(
        to=("lawyer",),
        subject="R.G. {rg}/{anno} - disponibilità a conciliare",
        text="""Gentile Collega,

il mio assistito valuterebbe una definizione bonaria con rinuncia agli interessi e pagamento dilazionato in sei rate. \
Fammi sapere se ritieni utile un incontro nel Tuo studio prima dell'udienza del {futuro}.

Un cordiale saluto.""",
    ),
    Letter(
        to=("lawyer",),
        subject="notificazione ai sensi della legge n. 53 del 1994",
        text="""Si notifica ai sensi dell'art. 3-bis della legge n. 53 del 1994 la comparsa di riassunzione nel \
procedimento pendente avanti al {tribunale}, R.G. {rg}/{anno}, unitamente alla relata di notificazione.

Gli allegati sono sottoscritti con firma digitale.""",
        files=(
            File("comparsa_in_riassunzione.pdf", "Comparsa in riassunzione", True),
            File("relata.pdf", "Relata di notificazione", True),
        ),
    ),
    Letter(
        to=("condominium",),
        subject="Condominio {via} - convocazione di assemblea ordinaria del {futuro}",
        text="""La S.V. è invitata a partecipare all'assemblea, in prima convocazione il {futuro} alle ore 6.00 e in \
seconda convocazione il giorno seguente alle ore 20.45 nella sala parrocchiale.

Ordine del giorno: approvazione del consuntivo; preventivo e riparto; manutenzione dell'ascensore; varie ed eventuali.

In caso di impossibilità è allegato il modulo di delega.""",
        files=(
            File("convocazione.pdf", "Convocazione"),
            File("bilancio.pdf", "Consuntivo"),
            File("delega.pdf", "Delega"),
        ),
    ),
    Letter(
        to=("insurer",),
        subject="Sinistro n. {numero}{rg} - offerta di risarcimento",
        text="""Con riferimento al sinistro in oggetto, esperiti gli accertamenti, offriamo la somma di euro \
{importo} a titolo di risarcimento del danno materiale, comprensiva di fermo tecnico.

La somma sarà corrisposta entro quindici giorni dall'accettazione; in difetto, sarà trattenuta in acconto.""",
        files=(File("atto_di_quietanza.pdf", "Atto di quietanza"),),
    ),
    Letter(
        to=("bank",),
        subject="Riscontro reclamo n. {numero}/{anno}",
        text="""Gentile Cliente,

abbiamo esaminato il reclamo e, all'esito delle verifiche, abbiamo disposto lo storno delle commissioni addebitate nel \
terzo trimestre per euro {importo}. Restano confermate le condizioni contrattuali vigenti.

In caso di insoddisfazione è possibile rivolgersi all'arbitro entro dodici mesi.""",
    ),
    Letter(
        to=("company",),
        subject="Contestazione fattura n. {numero}/{anno}",
        text="""Spett.le Studio,

contestiamo la fattura in oggetto, inviata per conto di {cliente}: la merce consegnata il {data} presentava difformità \
già segnalate con nota del giorno seguente, e il prezzo applicato non corrisponde all'ordine.

Restiamo in attesa di nota di credito.""",
        files=(File("nota_di_contestazione.pdf", "Nota di contestazione"),),
    ),
    Letter(
        to=("company",),
        subject="Ordine di bonifico eseguito - saldo posizione {numero}/{anno}",
        text="""Si comunica di aver disposto in data odierna il bonifico di euro {importo} a saldo di ogni pretesa. Si \
chiede conferma dell'incasso e l'invio della liberatoria.""",
        files=(File("contabile_bonifico.pdf", "Contabile di bonifico"),),
    ),
    Letter(
        to=("expert",),
        subject="R.G. {rg}/{anno} - inizio delle operazioni peritali",
        text="""Il sottoscritto consulente tecnico d'ufficio comunica che le operazioni peritali avranno inizio \
il giorno {futuro} alle ore 15.00 presso l'immobile in {via}, {citta}.

Le parti potranno intervenire con i propri consulenti. Si prega di mettere a disposizione i locali e la documentazione \
di progetto.""",
    ),
    Letter(
        to=("notary",),
        subject="Fissazione stipula - compravendita {cliente}",
        text="""Confermo la stipula per il giorno {futuro} alle ore 11.30 presso lo studio. Occorrono documento di \
identità, codice fiscale e assegni circolari per il saldo, pari a euro {importo}.

Allego la bozza dell'atto per le osservazioni delle parti.""",
        files=(File("bozza_atto.pdf", "Bozza di compravendita"),),
    ),
    Letter(
        to=("tax",),
        subject="Comunicazione di irregolarità n. {numero}{rg}{anno}",
        text="""Dal controllo automatizzato della dichiarazione risultano versamenti inferiori al dovuto per euro \
{importo}. Il contribuente può regolarizzare entro sessanta giorni con sanzione ridotta o segnalare dati non \
considerati.

Il prospetto è allegato alla presente.""",
        files=(File("prospetto_irregolarita.pdf", "Prospetto"),),
    ),
    Letter(
        to=("utility",),
        subject="Risposta al reclamo - pratica {numero}{rg}",
        text="""Gentile Cliente,

La informiamo che, a seguito di verifica metrologica, la fattura contestata sarà annullata e sostituita da una nuova \
con consumi effettivi. L'eventuale credito sarà compensato nella prossima bolletta.""",
    ),
    Letter(
        to=("client",),
        subject="Invio documenti richiesti - {oggetto}",
        text="""Buongiorno Avvocato,

Le invio in allegato quanto richiesto: visura camerale, corrispondenza con il fornitore e prospetto dei pagamenti.

Mi faccia sapere se occorre altro. Cordiali saluti.""",
        files=(File("visura.pdf", "Visura camerale"), File("pagamenti.pdf", "Prospetto dei pagamenti")),
    ),
    Letter(
        to=("foreign",),
        subject="Re: supply agreement no. {numero}/{anno} - without prejudice",
        text="""Dear Counsel,

we refer to your notice. The delay was caused by the closure of the terminal, of which your client was informed by \
e-mail on {data}. We are prepared to deliver the consignment within twenty days and to grant a rebate of EUR {importo}.

This letter is written without prejudice.""",
    ),
)
