"""What a law office writes: invented matters in the language of real ones.

`{…}` are filled in by `correspondence`; paragraphs are parted by an empty line.
"""

from __future__ import annotations

from pecdesk.demo.letter import File, Letter

LETTERS: tuple[Letter, ...] = (
    Letter(
        to=("company",),
        subject="Diffida ad adempiere ex art. 1454 c.c. - {cliente} / {controparte}",
        text="""Spett.le {controparte},

scrivo in nome e per conto di {cliente}, che mi ha conferito mandato, in relazione al contratto sottoscritto il {data} \
e avente ad oggetto {oggetto}.

Ad oggi la prestazione non risulta eseguita, benché il termine pattuito sia scaduto da oltre quaranta giorni e \
nonostante i solleciti già inviati.

Con la presente Vi diffido ad adempiere entro quindici giorni dal ricevimento, con espresso avvertimento che, decorso \
inutilmente il termine, il contratto si intenderà risolto di diritto, salvo il risarcimento del danno.""",
        files=(File("diffida_{numero}.pdf", "Diffida ad adempiere"), File("procura_{numero}.pdf", "Procura", True)),
    ),
    Letter(
        to=("company",),
        subject="Sollecito di pagamento fattura n. {numero}/{anno} - {cliente}",
        text="""Spett.le {controparte},

dalle scritture contabili della mia assistita {cliente} la fattura n. {numero} del {data}, di euro {importo}, risulta \
ancora insoluta.

Vi invito a provvedere al saldo entro dieci giorni, oltre agli interessi di mora ai sensi del d.lgs. 231/2002. In \
difetto agirò in via monitoria senza ulteriore avviso.

Resto a disposizione per concordare un piano di rientro, purché assistito da idonea garanzia.""",
        files=(File("fattura_{numero}_{anno}.pdf", "Copia della fattura n. {numero}"),),
    ),
    Letter(
        to=("insurer",),
        subject="Sinistro del {data} in {citta} - richiesta di risarcimento e costituzione in mora",
        text="""Spett.le Compagnia,

il giorno {data}, alle ore 17.40 circa, in {via} a {citta}, il veicolo del mio assistito è stato urtato da un mezzo \
assicurato presso di Voi che non concedeva la precedenza.

Il veicolo, riparabile, è ispezionabile presso l'officina indicata in allegato dalle ore 9 alle 12 di ogni giorno \
feriale. Il danno materiale è stimato in euro {importo}; per le lesioni mi riservo di trasmettere la relazione \
medico-legale.

La presente vale quale costituzione in mora anche ai fini interruttivi della prescrizione.""",
        files=(File("constatazione_amichevole.pdf", "Modulo di constatazione"), File("preventivo.pdf", "Preventivo")),
    ),
    Letter(
        to=("company", "lawyer"),
        subject="notificazione ai sensi della legge n. 53 del 1994",
        text="""Attenzione: trattasi di notificazione eseguita ai sensi dell'art. 3-bis della legge 21 gennaio \
1994, n. 53.

Si notificano, quali documenti informatici allegati al presente messaggio, l'atto di citazione nell'interesse di \
{cliente} contro {controparte}, avanti al {tribunale}, e la relata di notificazione, sottoscritti digitalmente.

Per aprire i file con estensione .p7m occorre un programma di verifica della firma digitale.""",
        files=(
            File("atto_di_citazione.pdf", "Atto di citazione - {cliente}", True),
            File("procura_alle_liti.pdf", "Procura alle liti", True),
            File("relata_di_notifica.pdf", "Relata di notificazione ex art. 3-bis L. 53/1994", True),
        ),
    ),
    Letter(
        to=("office",),
        subject="Istanza di accesso agli atti ex artt. 22 e ss. L. 241/1990 - pratica edilizia {numero}/{anno}",
        text="""Al Responsabile del procedimento,

la sottoscritta, per conto di {cliente}, proprietaria dell'immobile sito in {via} a {citta}, chiede di prendere \
visione ed estrarre copia dei seguenti atti: titolo edilizio n. {numero}/{anno}, relazione tecnica, pareri resi in \
conferenza di servizi.

L'interesse all'accesso è diretto, concreto e attuale, perché le opere autorizzate incidono sulle distanze dal \
confine e sono oggetto di giudizio pendente.

Si chiede l'invio in formato digitale a questo stesso indirizzo, con esonero dai costi di riproduzione.""",
        files=(File("istanza_accesso.pdf", "Istanza di accesso agli atti", True), File("delega.pdf", "Delega")),
    ),
    Letter(
        to=("lawyer",),
        subject="{cliente} c. {controparte} - proposta transattiva riservata",
        text="""Egregio Collega,

facendo seguito al colloquio telefonico dei giorni scorsi, il mio cliente sarebbe disponibile a definire la lite con \
il versamento della somma onnicomprensiva di euro {importo}, a spese compensate e con reciproca rinuncia agli atti.

La proposta è riservata, non producibile in giudizio e resta ferma per venti giorni.

Con i migliori saluti.""",
        files=(File("bozza_transazione.pdf", "Bozza di scrittura transattiva"),),
    ),
    Letter(
        to=("lawyer",),
        subject="R.G. {rg}/{anno} {tribunale} - scambio di memorie",
        text="""Egregio Collega,

Ti trasmetto in copia di cortesia la memoria depositata oggi nel procedimento in oggetto, con i documenti dal n. 12 al \
n. 17.

Segnalo che il giudice ha rinviato all'udienza del {futuro} per l'ammissione dei mezzi istruttori: la prova per testi \
sui capitoli 3, 5 e 8 è, a mio avviso, inammissibile perché valutativa.

Cordialmente.""",
        files=(File("memoria_171ter_n2.pdf", "Memoria ex art. 171-ter n. 2 c.p.c."),),
    ),
    Letter(
        to=("condominium",),
        subject="Condominio {via} - richiesta di convocazione di assemblea straordinaria",
        text="""Gentile Amministratore,

ai sensi dell'art. 66 disp. att. c.c., i condomini che rappresento, titolari di oltre un sesto del valore \
dell'edificio, chiedono la convocazione di un'assemblea straordinaria con il seguente ordine del giorno: 1) \
infiltrazioni dal lastrico solare; 2) affidamento dell'incarico a un tecnico; 3) ripartizione delle spese.

Decorsi dieci giorni senza convocazione, i condomini vi provvederanno direttamente.""",
    ),
    Letter(
        to=("company", "person"),
        subject="Disdetta del contratto di locazione - immobile in {via}, {citta}",
        text="""Con la presente, per conto della proprietà {cliente}, comunico formale disdetta alla prima \
scadenza del contratto di locazione registrato il {data}, relativo all'immobile in oggetto.

L'unità dovrà essere riconsegnata libera da persone e cose, previo verbale di constatazione. Il deposito cauzionale \
sarà restituito all'esito, detratti eventuali danni.""",
    ),
    Letter(
        to=("utility",),
        subject="Reclamo per fatturazione anomala - utenza n. 99{numero}{rg}",
        text="""Spett.le Servizio clienti,

la bolletta del {data}, di euro {importo}, espone consumi stimati cinque volte superiori alla media degli ultimi \
ventiquattro mesi, a contatore sostituito.

Chiedo la rettifica sulla base delle letture allegate e la sospensione di ogni azione di recupero e di distacco fino \
alla definizione del reclamo. In mancanza di risposta motivata entro trenta giorni attiverò la conciliazione.""",
        files=(File("letture_contatore.pdf", "Letture del contatore"), File("bolletta.pdf", "Bolletta contestata")),
    ),
    Letter(
        to=("bank",),
        subject="Richiesta di documentazione ex art. 119 TUB - conto corrente {numero}{rg}",
        text="""Spett.le Banca,

nell'interesse di {cliente} chiedo copia integrale degli estratti conto, del contratto di apertura di credito e delle \
comunicazioni periodiche degli ultimi dieci anni.

Il termine di legge è di novanta giorni. I costi di produzione non potranno eccedere quelli documentati.""",
    ),
    Letter(
        to=("company", "insurer"),
        subject="Invito alla stipula di convenzione di negoziazione assistita - {cliente}",
        text="""Ai sensi dell'art. 4 del d.l. 132/2014 invito codesta società a stipulare una convenzione di \
negoziazione assistita per la controversia concernente {oggetto}, del valore di euro {importo}.

La mancata risposta entro trenta giorni o il rifiuto potranno essere valutati dal giudice ai fini delle spese.

La firma della parte è certificata dal difensore in calce al documento allegato.""",
        files=(File("invito_negoziazione.pdf", "Invito alla negoziazione assistita", True),),
    ),
    Letter(
        to=("expert",),
        subject="R.G. {rg}/{anno} - osservazioni alla bozza di consulenza tecnica",
        text="""Gentile Ingegnere,

il consulente di parte osserva che la bozza di relazione non considera il degrado del giunto strutturale tra i corpi A \
e B, documentato dalle fotografie 14-22, e quantifica i ripristini con un prezzario superato.

Si chiede di rispondere puntualmente al quesito n. 3 e di allegare il computo metrico estimativo.""",
        files=(File("osservazioni_ctp.pdf", "Osservazioni del consulente di parte"),),
    ),
    Letter(
        to=("tax",),
        subject="Istanza di annullamento in autotutela - avviso n. {numero}{rg}/{anno}",
        text="""All'Ufficio competente,

{cliente} chiede l'annullamento dell'avviso in oggetto, notificato il {data}, per errore sul presupposto: l'immobile è \
stato ceduto nell'anno precedente, come da atto di compravendita allegato.

In subordine si chiede la rateizzazione dell'importo di euro {importo} in otto rate trimestrali.""",
        files=(File("atto_compravendita.pdf", "Atto di compravendita"),),
    ),
    Letter(
        to=("notary",),
        subject="Compravendita {cliente} - trasmissione documenti per il rogito",
        text="""Gentile Notaio,

trasmetto la documentazione richiesta: contratto preliminare, planimetrie catastali aggiornate, attestato di \
prestazione energetica e dichiarazione di conformità urbanistica.

Le parti sarebbero disponibili alla stipula nella settimana successiva al {futuro}. Segnalo che sull'immobile grava \
un'ipoteca in corso di cancellazione.""",
        files=(File("preliminare.pdf", "Contratto preliminare"), File("planimetria.pdf", "Planimetria catastale")),
    ),
    Letter(
        to=("company",),
        subject="Contestazione di vizi e difformità dell'opera ex art. 1667 c.c. - cantiere di {via}",
        text="""Spett.le {controparte},

la committente {cliente} ha riscontrato, dopo la consegna dei lavori, distacchi dell'intonaco, pendenze errate del \
terrazzo e infiltrazioni nel vano scala.

Con la presente denuncio i vizi e Vi invito a un sopralluogo congiunto il {futuro} alle ore 10, avvertendo che in \
mancanza sarà promosso accertamento tecnico preventivo.""",
        files=(File("fotografie_cantiere.pdf", "Fotografie del cantiere"),),
    ),
    Letter(
        to=("company", "bank"),
        subject="Comunicazione di cessione del credito ex art. 1264 c.c. - {cliente}",
        text="""Vi comunico che {cliente} ha ceduto il credito di euro {importo}, portato dalla fattura n. \
{numero}/{anno}. Da oggi i pagamenti saranno liberatori solo se eseguiti in favore del cessionario, alle \
coordinate indicate nell'atto.""",
        files=(File("atto_di_cessione.pdf", "Atto di cessione del credito", True),),
    ),
    Letter(
        to=("office",),
        subject="Osservazioni ex art. 10-bis L. 241/1990 - SCIA n. {numero}/{anno}",
        text="""In riscontro al preavviso di rigetto comunicato il {data}, si osserva che l'intervento rientra nella \
manutenzione straordinaria e non altera la sagoma dell'edificio, come da asseverazione del tecnico.

Si confida nell'accoglimento e si chiede di essere sentiti prima del provvedimento finale.""",
    ),
    Letter(
        to=("client",),
        subject="Incarico professionale e preventivo - {oggetto}",
        text="""Gentile Cliente,

come d'intesa Le invio il preventivo per l'attività di assistenza concernente {oggetto}. Il compenso è determinato \
secondo i parametri forensi medi, ridotti del venti per cento, oltre accessori di legge: euro {importo}.

La prego di restituirmi copia firmata del conferimento d'incarico e dell'informativa.""",
        files=(File("preventivo_{numero}.pdf", "Preventivo"), File("informativa.pdf", "Informativa")),
    ),
    Letter(
        to=("client",),
        subject="Esito dell'udienza del {data} - R.G. {rg}/{anno}",
        text="""Gentile Cliente,

all'udienza del {data} il giudice ha ammesso la consulenza tecnica e rinviato per il giuramento. La controparte ha \
ribadito le proprie difese; la proposta conciliativa non è stata accettata.

Le raccomando di conservare i documenti originali e di avvisarmi di ogni comunicazione ricevuta.""",
    ),
    Letter(
        to=("foreign",),
        subject="Notice of default - supply agreement no. {numero}/{anno}",
        text="""Dear Sirs,

we act for {cliente}. Under clause 7 of the supply agreement the consignment of {data} should have been delivered \
within thirty days; it has not been, and no force majeure has been notified.

Please remedy the default within fifteen days, failing which our client will terminate the agreement and claim \
damages, presently estimated at EUR {importo}.""",
        files=(File("notice_of_default.pdf", "Notice of default"),),
    ),
)
