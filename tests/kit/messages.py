"""Messages for tests: the demo's builders with one world, and a collection of damaged and hostile ones.

Everything is made with the world of `world()`, whose keys are new in every run and the same within it. Each `Specimen`
says what `verify` must say of it under that world's trust (cli.md section 3); the letters A1, B3… are those of the
security page. For every hostile specimen there is a genuine twin: `genuine()`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pecdesk.demo.builders import Statement, certifying, signed_mail, with_header
from pecdesk.demo.certification import Certification, daticert
from pecdesk.demo.correspondence import client_id
from pecdesk.demo.draft import Attachment, Completeness, Draft, Recipient, original
from pecdesk.demo.forgery import mutated, unsigned, wrapped
from pecdesk.demo.inside import inside_envelope
from pecdesk.demo.mail import CRLF, header, split_headers, text_entity
from pecdesk.demo.ordinary import bounce, ordinary, rem_dispatch, rem_receipt
from pecdesk.demo.provider import Provider, Sending
from pecdesk.demo.world import REM_SERVICE, World, make_authority, make_world
from pecdesk.trust import AnchorSet, load_policy

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
SENT_AT = datetime(2026, 11, 20, 8, 15, 30, tzinfo=UTC)
SENDER = "studio.verdi@pec.gestoreuno.example"
RECIPIENT = "edilnova.verdalia@certimail.example"
SECOND = "ginevra.montelupo@pec.avvocatidemo.example"
EXTERNAL = Recipient("lucia.fontanarossa@posta.example", certified=False)
SERVICE = "servizio@pec.gestoreuno.example"


@cache
def world() -> World:
    """One authority with its five providers, and the strangers."""
    return make_world(make_authority(NOW), NOW)


def policy() -> str:
    """The trust policy of that world; its certificate is expected beside it as `ca.pem`."""
    return world().authority.policy_toml("prova", "ca.pem")


@cache
def anchors() -> AnchorSet:
    """That policy, read as the program reads one."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "ca.pem").write_bytes(world().authority.certificate_pem)
        file = Path(folder) / "prova.toml"
        file.write_text(policy(), encoding="utf-8")
        return AnchorSet((load_policy(file),))


def provider(key: str = "uno") -> Provider:
    """A provider: uno (the sender's), due, tre (the recipient's), giustizia, interscambio."""
    return world().providers[key]


def draft(
    subject: str = "Diffida ad adempiere",
    *,
    recipients: Sequence[str | Recipient] = (RECIPIENT,),
    at: datetime = SENT_AT,
    sender: str = SENDER,
    text: str = "Vi diffido ad adempiere entro quindici giorni.\n",
    attachments: tuple[Attachment, ...] = (),
    asks_for: Completeness | None = None,
    message_id: str | None = None,
) -> Draft:
    """A mail the sender wrote; its Message-ID follows from subject and time unless given."""
    return Draft(
        sender=sender,
        recipients=tuple(Recipient(each) if isinstance(each, str) else each for each in recipients),
        subject=subject,
        text=text,
        date=at,
        message_id=client_id(sender, subject, at) if message_id is None else message_id,
        attachments=attachments,
        asks_for=asks_for,
    )


def sending(written: Draft | None = None, by: str = "uno") -> Sending:
    """A message in the hands of the sender's provider, two seconds after it was written."""
    given = written or draft()
    return provider(by).take(given, given.date + timedelta(seconds=2))


def delivery(
    given: Sending | None = None, recipient: str = RECIPIENT, by: str = "uno", **more: Completeness
) -> Statement:
    """A delivery receipt a minute after acceptance."""
    taken = given or sending()
    return provider(by).delivery(taken, recipient, taken.accepted_at + timedelta(minutes=1), **more)


@dataclass(frozen=True, slots=True)
class Specimen:
    """A message and what must be said of it."""

    name: str
    raw: bytes
    kind: str
    standing: str
    counts: bool = False
    """Whether it may move a transmission."""


def genuine() -> tuple[Specimen, ...]:
    """Every kind there is, as it should be."""
    uno, tre = provider("uno"), provider("tre")
    taken = sending(draft(recipients=(RECIPIENT, Recipient(SECOND, copy=True), EXTERNAL), attachments=FILES))
    soon = taken.accepted_at + timedelta(minutes=1)
    first = draft("Prima comunicazione")
    statements: tuple[tuple[str, Statement, str], ...] = (
        ("acceptance", uno.acceptance(taken), "acceptance"),
        ("non-acceptance, formal", uno.non_acceptance(sending(first), "campo To errato"), "non-acceptance"),
        ("non-acceptance, virus", uno.non_acceptance(sending(first), "virus", virus=True), "non-acceptance"),
        ("taken in charge", tre.taken_in_charge(taken, [RECIPIENT], soon, SERVICE), "taken-in-charge"),
        ("delivery, full", tre.delivery(taken, RECIPIENT, soon), "delivery"),
        ("delivery, brief", tre.delivery(taken, RECIPIENT, soon, Completeness.BRIEF), "delivery"),
        ("delivery, short", tre.delivery(taken, RECIPIENT, soon, Completeness.SHORT), "delivery"),
        ("delivery to a copy recipient", provider("due").delivery(taken, SECOND, soon), "delivery"),
        ("non-delivery", tre.non_delivery(taken, RECIPIENT, soon), "non-delivery"),
        ("virus non-delivery", uno.virus_non_delivery(taken, RECIPIENT, soon), "non-delivery"),
        ("12 h notice", uno.delay_notice(taken, RECIPIENT, taken.accepted_at + timedelta(hours=12)), "delay-notice"),
        (
            "24 h notice",
            uno.delay_notice(taken, RECIPIENT, taken.accepted_at + timedelta(hours=23), final=True),
            "delay-notice",
        ),
        ("virus detected", tre.virus_detected(taken, RECIPIENT, soon, SERVICE), "virus-detected"),
        ("envelope", uno.envelope(taken, RECIPIENT), "transport-envelope"),
    )
    mail = draft("Posta ordinaria", sender=EXTERNAL.address, recipients=(SENDER,))
    anomaly = uno.anomaly(ordinary(mail), mail, SENDER, NOW)
    written = [Specimen(name, each.sealed(), kind, "certified", counts=True) for name, each, kind in statements]
    return (
        *written,
        *(
            Specimen(
                f"envelope of {key}",
                each.envelope(sending(first, key), RECIPIENT).sealed(),
                "transport-envelope",
                "certified",
                counts=True,
            )
            for key, each in world().providers.items()
        ),
        Specimen("anomaly", anomaly.sealed(), "anomaly-envelope", "not-certified"),
        Specimen("ordinary", ordinary(mail), "ordinary", "not-certified"),
        Specimen("bounce", bounce(first, RECIPIENT, NOW), "delivery-status", "not-certified"),
        Specimen("REM dispatch", rem_dispatch(mail, REM_SERVICE, world().rem, NOW), "rem-dispatch", "undetermined"),
        Specimen("REM receipt", rem_receipt(first, REM_SERVICE, world().rem, NOW), "rem-receipt", "undetermined"),
    )


FILES = (
    Attachment("atto.pdf", b"%PDF-1.4 DEMO\n" * 40, "application/pdf"),
    Attachment("perché è così.txt", b"DEMO\n" * 20, "text/plain"),
)


def taken_apart(statement: Statement) -> tuple[bytes, bytes, str]:
    """A statement's signed content, its signature and its boundary, to be put together otherwise."""
    content = statement.content()
    return content, statement.signer.sign(content, statement.at), f"----{statement.boundary}"


def with_third_part(statement: Statement) -> bytes:
    """A5: a third part inside multipart/signed."""
    content, signature, boundary = taken_apart(statement)
    return signed_mail(statement.fields, content, signature, boundary, third=[text_entity("terza parte")])


def with_epilogue(statement: Statement, epilogue: bytes = b"Testo dopo la fine.\r\n") -> bytes:
    """A5: text after the closing boundary; never rendered, no harm to what is signed."""
    content, signature, boundary = taken_apart(statement)
    return signed_mail(statement.fields, content, signature, boundary, epilogue=epilogue)


def with_preamble(statement: Statement, preamble: bytes = b"Testo prima.\r\n\r\n") -> bytes:
    """A5: text before the first boundary."""
    content, signature, boundary = taken_apart(statement)
    return signed_mail(statement.fields, content, signature, boundary, preamble=preamble)


def with_signature_of_other_bytes(statement: Statement) -> bytes:
    """The provider's genuine signature over something else."""
    content = statement.content()
    signature = statement.signer.sign(b"Content-Type: text/plain\r\n\r\naltro\r\n", statement.at)
    return signed_mail(statement.fields, content, signature, f"----{statement.boundary}")


def signed_by_another(statement: Statement, signer: str) -> bytes:
    """A8: the words of one provider under the certificate of another."""
    return replace(statement, signer=provider(signer).signer(statement.at)).sealed()


def signed_by_foreign(statement: Statement) -> bytes:
    """A3: the same name and address under an authority that only bears the right name."""
    return replace(statement, signer=world().foreign.signer(statement.at)).sealed()


def flipped(raw: bytes, position: int) -> bytes:
    """The message with one bit of one byte changed."""
    return raw[:position] + bytes((raw[position] ^ 1,)) + raw[position + 1 :]


def signed_span(raw: bytes, statement: Statement) -> range:
    """Where the signed content lies in the sealed message."""
    content = statement.content()
    start = raw.index(content)
    return range(start, start + len(content))


def truncated(raw: bytes, share: float = 0.7) -> bytes:
    """The first part of a message, as an interrupted download leaves it."""
    return raw[: int(len(raw) * share)]


def hostile() -> tuple[Specimen, ...]:
    """Forgeries, alterations and lies; with them a transmission must not move, or with a reserve at most."""
    receipt = delivery()
    taken = sending()
    facts = receipt.certification
    assert isinstance(facts, Certification)
    hidden = draft("In allegato la PEC", sender=EXTERNAL.address, recipients=(SENDER,))
    sealed = receipt.sealed()
    other_id = provider().identifier("altro", at=SENT_AT)
    cases: tuple[tuple[str, bytes, str], ...] = (
        ("A1 unsigned", unsigned(receipt), "not-certified"),
        ("A3 sibling authority", signed_by_foreign(receipt), "not-certified"),
        ("A5 third part", with_third_part(receipt), "not-certified"),
        ("A8 another provider's certificate", signed_by_another(receipt, "due"), "not-certified"),
        ("A8 two From headers", twice(sealed, b"From"), "not-certified"),
        ("A6 two Content-Type headers", twice(sealed, b"Content-Type"), "not-certified"),
        ("altered text", mutated(sealed, b"consegnato nella casella", b"consegnata nella casella"), "altered"),
        ("signature of other bytes", with_signature_of_other_bytes(receipt), "altered"),
        ("truncated", truncated(sealed), "undetermined"),
        ("no daticert", replace(receipt, certification=None).sealed(), "not-certified"),
        ("daticert with entities", replace(receipt, certification=with_entities(facts)).sealed(), "not-certified"),
        ("daticert not XML", replace(receipt, certification=b"<postacert>").sealed(), "not-certified"),
        ("B1 another subject in the header", with_header(receipt, "Subject", "CONSEGNA: Altro").sealed(), RESERVE),
        ("B1 another kind in the header", with_header(receipt, "X-Ricevuta", "accettazione").sealed(), RESERVE),
        ("B1 another reference", with_header(receipt, "X-Riferimento-Message-ID", "<x@y.example>").sealed(), RESERVE),
        ("signed an hour later", signed_later(receipt, timedelta(hours=1)), RESERVE),
    )
    found = [Specimen(name, raw, "delivery", standing, counts=standing == RESERVE) for name, raw, standing in cases]
    envelope = provider().envelope(taken, RECIPIENT)
    posing = with_header(envelope, "From", f'"Per conto di: procura@pec.giustizia.example" <{provider().address}>')
    found += [
        Specimen("A4 wrapped in ordinary mail", wrapped(sealed, hidden), "ordinary", "not-certified"),
        Specimen("A4 wrapped, related", wrapped(sealed, hidden, subtype="related"), "ordinary", "not-certified"),
        Specimen("A9 From speaks for another", posing.sealed(), "transport-envelope", RESERVE, counts=True),
        Specimen(
            "envelope with another Message-ID",
            with_header(envelope, "Message-ID", f"<{other_id}>").sealed(),
            "transport-envelope",
            RESERVE,
            counts=True,
        ),
        Specimen("another identificativo than the mail inside", other_inside(receipt), "delivery", RESERVE),
        Specimen(
            "another msgid than the mail inside",
            certifying(receipt, message_id="<altro@x.example>").sealed(),
            "delivery",
            RESERVE,
        ),
        Specimen("anomaly that looks like an envelope", lying_anomaly(), "transport-envelope", "not-certified"),
        Specimen("nested multiparts", nested(200), "ordinary", "undetermined"),
        Specimen("header bomb", header_bomb(), "ordinary", "undetermined"),
    ]
    return tuple(found)


RESERVE = "certified-with-reserve"


def twice(raw: bytes, name: bytes) -> bytes:
    """A message whose header of that name stands twice, the second time with another value."""
    fields, body = split_headers(raw)
    other = {b"From": b"From: altro@x.example\r\n"}.get(name, name + b": text/plain\r\n")
    return b"".join((*fields, other)) + CRLF + body


def with_entities(facts: Certification) -> bytes:
    """A daticert.xml with a document type that declares an entity."""
    head, _, rest = daticert(facts).partition(b"?>\n")
    bomb = b'<!DOCTYPE postacert [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>\n'
    return head + b"?>\n" + bomb + rest


def signed_later(statement: Statement, delay: timedelta) -> bytes:
    """The signing time is not the certified one."""
    return replace(statement, at=statement.at + delay).sealed()


def other_inside(statement: Statement) -> bytes:
    """A signed receipt whose postacert.eml carries another PEC id than its daticert."""
    other = inside_envelope(original(draft()), provider().identifier("altro", at=SENT_AT))
    return replace(statement, inside=other).sealed()


def lying_anomaly() -> bytes:
    """A14: a genuine anomaly envelope whose unsigned header says posta-certificata."""
    mail = draft("Finta", sender=EXTERNAL.address, recipients=(SENDER,))
    statement = provider().anomaly(ordinary(mail), mail, SENDER, NOW)
    return with_header(statement, "X-Trasporto", "posta-certificata").sealed()


def nested(depth: int) -> bytes:
    """An ordinary mail of `depth` multiparts, each inside the other."""
    fields, _ = split_headers(original(draft("Annidata", sender=EXTERNAL.address)))
    head = b"".join(field for field in fields if not field.lower().startswith(b"content-"))
    opening = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level) for level in range(depth)
    )
    closing = b"".join(b"\r\n--b%d--\r\n" % level for level in reversed(range(depth)))
    return head + opening + b"Content-Type: text/plain\r\n\r\nfondo" + closing


def header_bomb(size: int = 400_000) -> bytes:
    """An ordinary mail with one enormous header."""
    return header("To", ", ".join(f"a{number}@x.example" for number in range(size // 16))) + original(draft("Bomba"))


def contradictory() -> tuple[bytes, bytes]:
    """B6: delivered and not delivered, both certified, for one recipient."""
    taken = sending()
    failed = provider("tre").non_delivery(taken, RECIPIENT, taken.accepted_at + timedelta(minutes=2))
    return delivery(taken, by="tre").sealed(), failed.sealed()


def replayed() -> bytes:
    """B3: a certified receipt of somebody else's message."""
    return delivery(sending(draft("Di un altro", sender=SECOND), "due")).sealed()


def quoting_unknown_id() -> bytes:
    """B2: a certified receipt of our own for a message that nobody here has sent."""
    return delivery(sending(draft("Mai inviata", message_id="<mai.inviata@pec.gestoreuno.example>"))).sealed()


def forged_for(taken: Sending, kind: Callable[[Sending], Statement] | None = None) -> bytes:
    """A1: an unsigned receipt that names a real message."""
    return unsigned((kind or delivery)(taken))
