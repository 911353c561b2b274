"""The made-up world around the office: its authority, five providers, and everybody it writes to.

Every name is invented and every domain ends in `.example` (RFC 2606), every address is one of RFC 5737.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pecdesk.demo.authority import Authority, Signer
from pecdesk.demo.builders import Habits
from pecdesk.demo.draft import Recipient
from pecdesk.demo.inside import sha1_without_line_ends, sha256_as_sent
from pecdesk.demo.provider import Provider

MONTH = timedelta(days=30)
SHA1_ENDS = datetime(2026, 12, 31, tzinfo=UTC)
"""From the day after, a SHA-1 digest costs a reserve (cli.md section 3): the demo's stay before it."""

PROVIDERS = (
    ("uno", "Gestore Uno S.p.A. (DEMO)", "pec.gestoreuno.example", "192.0.2"),
    ("due", "Gestore Due S.r.l. (DEMO)", "pec.gestoredue.example", "198.51.100"),
    ("tre", "Certimail Tre S.p.A. (DEMO)", "certimail.example", "203.0.113"),
    ("giustizia", "Giustizia Telematica (DEMO)", "pec.giustizia.example", "192.0.2"),
    ("interscambio", "Interscambio S.p.A. (DEMO)", "pcert.interscambio.example", "198.51.100"),
)

STUDIO = "studio.verdi@pec.gestoreuno.example"
ELENA = "elena.verdi@pec.avvocatidemo.example"
ACCOUNTS = {STUDIO: ("Studio legale Verdi (DEMO)", "uno"), ELENA: ("avv. Elena Verdi (DEMO)", "due")}
"""The office's own mailboxes: address to name and provider."""

EXCHANGE = "sdi01@pec.interscambio.example"
REM_SERVICE = "rem-service@rem.recapito.example"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody the office writes to or hears from."""

    name: str
    address: str
    provider: str | None
    """None: ordinary mail."""
    sort: str

    def recipient(self, *, copy: bool = False) -> Recipient:
        """This party as an addressee."""
        return Recipient(self.address, self.name, certified=self.provider is not None, copy=copy)


PARTIES: tuple[Party, ...] = (
    Party("Laterizi Montefinto S.r.l.", "amministrazione@pec.laterizimontefinto.example", "uno", "company"),
    Party("Trasporti Rondinella S.n.c.", "trasporti.rondinella@pec.gestoreuno.example", "uno", "company"),
    Party("Edilnova Verdalia S.p.A.", "edilnova.verdalia@certimail.example", "tre", "company"),
    Party("Officine Brigantino S.r.l.", "officine.brigantino@certimail.example", "tre", "company"),
    Party("Cantina Poggio Sereno soc. agr.", "cantina@pec.poggiosereno.example", "due", "company"),
    Party("Tessitura Fiordaliso S.p.A.", "tessitura@pec.fiordaliso.example", "due", "company"),
    Party("Assicurazioni La Prudente S.p.A.", "sinistri@pec.laprudente.example", "due", "insurer"),
    Party("Mutua Rocca Serena", "sinistri@certimail-mutua.example", "tre", "insurer"),
    Party("Banca Popolare di Verdalia", "reclami@pec.bancaverdalia.example", "tre", "bank"),
    Party("Energia Chiara S.p.A.", "reclami@pec.energiachiara.example", "uno", "utility"),
    Party("Telefonia Arcobaleno S.p.A.", "disservizi@pec.arcobaleno.example", "due", "utility"),
    Party("avv. Tullio Bracaleone", "tullio.bracaleone@pec.avvocatidemo.example", "due", "lawyer"),
    Party("avv. Ginevra Montelupo", "ginevra.montelupo@pec.avvocatidemo.example", "due", "lawyer"),
    Party("avv. Lapo Trescorte", "lapo.trescorte@pec.avvocatidemo.example", "due", "lawyer"),
    Party("notaio Fiammetta Corvara", "fiammetta.corvara@pec.notaidemo.example", "tre", "notary"),
    Party("ing. Nora Valsecca", "nora.valsecca@pec.ingegneridemo.example", "uno", "expert"),
    Party("geom. Ottavio Serralunga", "ottavio.serralunga@pec.geometridemo.example", "due", "condominium"),
    Party("Comune di Montefinto", "protocollo@pec.comune.montefinto.example", "tre", "office"),
    Party("Comune di Borgofinto", "suap@pec.comune.borgofinto.example", "uno", "office"),
    Party("Ufficio tributi di Verdalia", "tributi@pec.comune.verdalia.example", "tre", "tax"),
    Party("Tribunale di Verdalia", "tribunale.verdalia@civile.giustizia.example", "giustizia", "court"),
    Party("Corte d'Appello di Roccafinta", "appello.roccafinta@civile.giustizia.example", "giustizia", "appeal"),
    Party("Sistema di interscambio DEMO", EXCHANGE, "interscambio", "exchange"),
    Party("Farmacia Sant'Agata di Quinto & C.", "santagata@pec.farmaciedemo.example", "uno", "client"),
    Party("Vivaio Corbezzolo", "vivaio.corbezzolo@certimail.example", "tre", "client"),
    Party("Northgate Shipping Ltd - Italian branch", "northgate@certimail.example", "tre", "foreign"),
    Party("Lucia Fontanarossa", "lucia.fontanarossa@posta.example", None, "person"),
    Party("Laboratorio Incisa", "info@laboratorioincisa.example", None, "person"),
    Party("Fairhaven Trading Ltd", "contracts@fairhaven.example", None, "person"),
)

PARTY_AT: Mapping[str, Party] = {
    **{party.address: party for party in PARTIES},
    **{address: Party(name, address, provider, "own") for address, (name, provider) in ACCOUNTS.items()},
}

PROVIDER_AT: Mapping[str, str] = {
    party.address.partition("@")[2]: party.provider for party in PARTIES if party.provider is not None
}
"""Which provider serves a domain."""


@dataclass(frozen=True, slots=True)
class World:
    """Authority, providers, and the strangers who only look like them."""

    authority: Authority
    providers: Mapping[str, Provider]
    foreign: Provider
    """The same name and address as Gestore Uno, under an authority nobody trusts."""
    rem: Signer
    """A provider of the European service, of a circuit that is not known here."""

    def provider_of(self, address: str) -> Provider:
        """The provider that serves an address: its party's, or that of its domain."""
        party = PARTY_AT.get(address)
        domain = address.partition("@")[2]
        served = PROVIDER_AT.get(domain, "uno") if party is None else party.provider
        return self.providers[served or "uno"]


def habits(now: datetime) -> dict[str, Habits]:
    """What differs between the five and means nothing."""
    sha1_until = min(now - 15 * MONTH, SHA1_ENDS)
    return {
        "uno": Habits(),
        "due": Habits(
            original_first=True,
            certification_encoding="quoted-printable",
            certification_disposition="attachment",
            binary_container=False,
            signature_type="application/pkcs7-signature",
            micalg="sha-256",
            display_name="Posta Certificata Gestore Due DEMO",
            always_completeness=False,
            hexadecimal_ids=True,
            indent=1,
            empty_pair=True,
            english=True,
            hash_of=sha1_without_line_ends,
        ),
        "tre": Habits(
            certification_encoding="7bit",
            certification_disposition="attachment",
            html=False,
            micalg="sha1",
            digest_until=((sha1_until, "sha1"),),
            hash_of=sha256_as_sent,
        ),
        "giustizia": Habits(signature_type="application/pkcs7-signature", always_completeness=False),
        "interscambio": Habits(completeness_header="X-Tiporicevuta", micalg='"sha1"'),
    }


def make_authority(now: datetime) -> Authority:
    """An authority for these providers, valid long enough for every message of the demo."""
    return Authority.make(
        "DEMO CA1",
        domains=[domain for _, _, domain, _ in PROVIDERS],
        organisations=[name for _, name, _, _ in PROVIDERS],
        valid_from=now - 60 * MONTH,
        valid_to=now + 60 * MONTH,
    )


def make_world(authority: Authority, now: datetime) -> World:
    """The providers with certificates of that authority; the first changed its certificate five months ago."""
    begin, end = now - 36 * MONTH, now + 24 * MONTH
    renewal = now - 5 * MONTH
    differing = habits(now)
    providers = {}
    for key, name, domain, numbers in PROVIDERS:
        address = f"posta-certificata@{domain}"
        terms = [(begin, end)] if key != "uno" else [(begin, renewal + MONTH), (renewal, end)]
        signers = tuple(
            (since, authority.provider(name, address, valid_from=since, valid_to=until)) for since, until in terms
        )
        providers[key] = Provider(name, domain, signers, differing[key], numbers)
    stranger = Authority.make(
        "DEMO CA1",
        domains=[PROVIDERS[0][2], REM_SERVICE.partition("@")[2]],
        organisations=[PROVIDERS[0][1], "Recapito Qualificato S.p.A. (DEMO)"],
        valid_from=begin,
        valid_to=end,
    )
    _, name, domain, numbers = PROVIDERS[0]
    imitation = stranger.provider(name, f"posta-certificata@{domain}", valid_from=begin, valid_to=end)
    foreign = Provider(name, domain, ((begin, imitation),), differing["uno"], numbers)
    rem = stranger.provider("Recapito Qualificato S.p.A. (DEMO)", REM_SERVICE, valid_from=begin, valid_to=end)
    return World(authority, providers, foreign, rem)
