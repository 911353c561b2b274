"""Each PEC object against the master table of the rules (RFC 6109 §2 to §4)."""

from __future__ import annotations

import email
import email.policy
import hashlib
import shutil
import subprocess
from dataclasses import dataclass, replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from pecdesk.demo.builders import Statement, certifying, with_header
from pecdesk.demo.clock import italian
from pecdesk.demo.draft import Completeness, Recipient
from pecdesk.demo.inside import brief, sha1_without_line_ends, sha256_as_sent
from pecdesk.demo.ordinary import ordinary
from tests.kit.messages import (
    EXTERNAL,
    FILES,
    NOW,
    RECIPIENT,
    SECOND,
    SENDER,
    SERVICE,
    delivery,
    draft,
    provider,
    sending,
    world,
)

MINUTE = timedelta(minutes=1)
TAKEN = sending(draft(recipients=(RECIPIENT, Recipient(SECOND, copy=True), EXTERNAL), attachments=FILES))
SOON = TAKEN.accepted_at + MINUTE
MAIL = draft("Posta ordinaria", sender=EXTERNAL.address, recipients=(SENDER,))


@dataclass(frozen=True)
class Row:
    """One line of the master table."""

    statement: Statement
    prefix: str
    receipt: str | None
    transport: str | None
    type: str | None
    error: str = "nessuno"
    inside: bool = False
    to: str = SENDER
    virus: bool = False


UNO, TRE = provider("uno"), provider("tre")
MASTER_TABLE = {
    "acceptance": Row(UNO.acceptance(TAKEN), "ACCETTAZIONE: ", "accettazione", None, "accettazione"),
    "non-acceptance": Row(
        UNO.non_acceptance(TAKEN, "campo To"), "AVVISO DI NON ACCETTAZIONE: ", "non-accettazione", None,
        "non-accettazione", "altro",
    ),
    "virus at acceptance": Row(
        UNO.non_acceptance(TAKEN, "virus", virus=True), "AVVISO DI NON ACCETTAZIONE PER VIRUS: ", "non-accettazione",
        None, "non-accettazione", "virus", virus=True,
    ),
    "envelope": Row(
        UNO.envelope(TAKEN, RECIPIENT), "POSTA CERTIFICATA: ", None, "posta-certificata", "posta-certificata",
        inside=True, to=f"{RECIPIENT}, {EXTERNAL.address}",
    ),
    "12 h": Row(
        UNO.delay_notice(TAKEN, RECIPIENT, SOON), "AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO: ",
        "preavviso-errore-consegna", None, "preavviso-errore-consegna", "altro",
    ),
    "24 h": Row(
        UNO.delay_notice(TAKEN, RECIPIENT, SOON, final=True), "AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO: ",
        "preavviso-errore-consegna", None, "preavviso-errore-consegna", "altro",
    ),
    "taken in charge": Row(
        TRE.taken_in_charge(TAKEN, [RECIPIENT], SOON, SERVICE), "PRESA IN CARICO: ", "presa-in-carico", None,
        "presa-in-carico", to=SERVICE,
    ),
    "virus detected": Row(
        TRE.virus_detected(TAKEN, RECIPIENT, SOON, SERVICE), "PROBLEMA DI SICUREZZA: ", "rilevazione-virus", None,
        "rilevazione-virus", "virus", to=SERVICE,
    ),
    "virus non-delivery": Row(
        UNO.virus_non_delivery(TAKEN, RECIPIENT, SOON), "AVVISO DI MANCATA CONSEGNA PER VIRUS: ", "errore-consegna",
        None, "errore-consegna", "virus", virus=True,
    ),
    "delivery": Row(
        TRE.delivery(TAKEN, RECIPIENT, SOON), "CONSEGNA: ", "avvenuta-consegna", None, "avvenuta-consegna",
        inside=True,
    ),
    "delivery, brief": Row(
        TRE.delivery(TAKEN, RECIPIENT, SOON, Completeness.BRIEF), "CONSEGNA: ", "avvenuta-consegna", None,
        "avvenuta-consegna", inside=True,
    ),
    "delivery, short": Row(
        TRE.delivery(TAKEN, RECIPIENT, SOON, Completeness.SHORT), "CONSEGNA: ", "avvenuta-consegna", None,
        "avvenuta-consegna",
    ),
    "delivery to Cc": Row(
        TRE.delivery(TAKEN, SECOND, SOON), "CONSEGNA: ", "avvenuta-consegna", None, "avvenuta-consegna"
    ),
    "non-delivery": Row(
        TRE.non_delivery(TAKEN, RECIPIENT, SOON), "AVVISO DI MANCATA CONSEGNA: ", "errore-consegna", None,
        "errore-consegna", "no-dest",
    ),
    "anomaly": Row(
        UNO.anomaly(ordinary(MAIL), MAIL, SENDER, NOW), "ANOMALIA MESSAGGIO: ", None, "errore", None, inside=True
    ),
}  # fmt: skip
ROWS = pytest.mark.parametrize("row", MASTER_TABLE.values(), ids=MASTER_TABLE)


def read(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.SMTP)
    assert isinstance(found, EmailMessage)
    return found


def parts(message: EmailMessage) -> dict[str, EmailMessage]:
    """The direct children of the signed multipart/mixed, by name or type."""
    signed = next(iter(message.iter_parts()))
    return {part.get_filename() or part.get_content_type(): part for part in signed.iter_parts()}  # type: ignore[misc]


def facts(message: EmailMessage) -> ET.Element:
    return ET.fromstring(parts(message)["daticert.xml"].get_payload(decode=True))  # type: ignore[arg-type]


@ROWS
def test_the_headers_are_those_of_the_master_table(row: Row) -> None:
    message = read(row.statement.sealed())
    assert message["X-Ricevuta"] == row.receipt
    assert message["X-Trasporto"] == row.transport
    assert message["X-VerificaSicurezza"] == ("errore" if row.virus else None)
    assert message["Subject"].startswith(row.prefix)
    assert message["To"] == row.to
    assert len(message.get_all("From", [])) == 1
    assert message["From"].addresses[0].addr_spec.startswith("posta-certificata@")


@ROWS
def test_the_parts_are_those_of_the_master_table(row: Row) -> None:
    message = read(row.statement.sealed())
    first, second = message.iter_parts()
    assert message.get_content_type() == "multipart/signed"
    assert first.get_content_type() == "multipart/mixed"
    assert second.get_content_type().endswith("pkcs7-signature")
    found = parts(message)
    assert ("postacert.eml" in found) == row.inside
    assert ("daticert.xml" in found) == (row.type is not None)
    if row.type is not None:
        root = facts(message)
        assert (root.get("tipo"), root.get("errore")) == (row.type, row.error)


@ROWS
def test_every_line_ends_in_crlf_and_the_message_is_ascii(row: Row) -> None:
    raw = row.statement.sealed()
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")


@ROWS
def test_the_reference_is_the_client_id(row: Row) -> None:
    message = read(row.statement.sealed())
    expected = None if row.type is None else TAKEN.message_id
    assert message["X-Riferimento-Message-ID"] == expected


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
@pytest.mark.parametrize("key", world().providers)
def test_openssl_accepts_the_signature_of_every_provider(key: str, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(world().authority.certificate_pem)
    (tmp_path / "m.eml").write_bytes(provider(key).acceptance(sending(by=key)).sealed())
    command = ["openssl", "cms", "-verify", "-in", "m.eml", "-CAfile", "ca.pem", "-purpose", "smimesign", "-out", "out"]
    done = subprocess.run(
        [*command, "-attime", str(int(TAKEN.accepted_at.timestamp()))], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    signed = (tmp_path / "out").read_bytes()
    assert b"daticert.xml" in signed


@pytest.mark.parametrize("key", world().providers)
def test_daticert_tells_every_field_whatever_the_provider_is_used_to(key: str) -> None:
    written = draft("Perché così: «clausola» n. 5 & <altro>", recipients=(RECIPIENT, EXTERNAL))
    taken = sending(written, key)
    at = taken.accepted_at + MINUTE
    root = facts(read(provider(key).delivery(taken, RECIPIENT, at).sealed()))
    said = {element.tag: element.text for element in root.iter() if element.text and element.text.strip()}
    types = {element.text: element.get("tipo") for element in root.iter("destinatari")}
    local = italian(at)
    assert said["mittente"] == SENDER
    assert types == {RECIPIENT: "certificato", EXTERNAL.address: "esterno"}
    assert said["oggetto"] == written.subject
    assert said["gestore-emittente"] == provider(key).name
    assert said["identificativo"] == taken.identifier
    assert said["msgid"] == written.message_id
    assert said["consegna"] == RECIPIENT
    assert (said["giorno"], said["ora"]) == (f"{local:%d/%m/%Y}", f"{local:%H:%M:%S}")
    assert root.find("dati/data").get("zona") == "+0100"  # type: ignore[union-attr]
    assert root.find("dati/ricevuta").get("tipo") == "completa"  # type: ignore[union-attr]


def test_the_envelope_bears_the_pec_id_and_receipts_bear_ids_of_their_own() -> None:
    envelope = read(UNO.envelope(TAKEN, RECIPIENT).sealed())
    assert envelope["Message-ID"] == f"<{TAKEN.identifier}>"
    receipts = [row.statement.header("Message-ID") for row in MASTER_TABLE.values() if row.receipt]
    assert len(set(receipts)) >= len(receipts) - 4
    assert f"<{TAKEN.identifier}>" not in receipts


def test_the_mail_inside_has_the_pec_id_and_the_client_id_beside_it() -> None:
    inside = parts(read(delivery(TAKEN).sealed()))["postacert.eml"].get_payload(0)
    assert isinstance(inside, EmailMessage)
    assert inside["Message-ID"] == f"<{TAKEN.identifier}>"
    assert inside["X-Riferimento-Message-ID"] == TAKEN.message_id
    assert [part.get_filename() for part in inside.iter_attachments()] == [file.name for file in FILES]


def test_a_mail_without_message_id_gets_only_the_pec_id() -> None:
    taken = sending(draft(message_id=""))
    message = read(delivery(taken).sealed())
    inside = parts(message)["postacert.eml"].get_payload(0)
    assert isinstance(inside, EmailMessage)
    assert inside["Message-ID"] == f"<{taken.identifier}>"
    assert "X-Riferimento-Message-ID" not in inside
    assert "X-Riferimento-Message-ID" not in message
    assert facts(message).find("dati/msgid") is None


def test_a_brief_receipt_keeps_the_text_and_replaces_each_file_by_the_hash_of_its_encoded_body() -> None:
    message = read(delivery(TAKEN, completeness=Completeness.BRIEF).sealed())
    inside = parts(message)["postacert.eml"].get_payload(0)
    assert isinstance(inside, EmailMessage)
    text, *files = inside.iter_parts()
    assert text.get_content().strip() == draft().text.strip()
    assert [part.get_filename() for part in files] == [f"{file.name}.hash" for file in FILES]
    bodies = [part.split(b"\r\n\r\n", 1)[1] for part in TAKEN.inside.split(b"\r\n--=_") if b"filename" in part]
    for body, part in zip(bodies, files, strict=True):
        expected = hashlib.sha1(body, usedforsecurity=False).hexdigest()
        assert part.get_payload(decode=True).strip() == expected.encode()  # type: ignore[union-attr]


def test_brief_hashes_may_be_of_another_length_and_leave_a_mail_without_files_alone() -> None:
    assert len(sha256_as_sent(b"x")) == 64
    assert sha1_without_line_ends(b"a\r\nb") == hashlib.sha1(b"ab", usedforsecurity=False).hexdigest()
    plain = sending(draft(text="Solo testo.\n")).inside
    assert brief(plain) == plain


def test_the_final_notice_alone_has_the_code_of_the_rules() -> None:
    texts = {
        name: facts(read(MASTER_TABLE[name].statement.sealed())).findtext("dati/errore-esteso")
        for name in ("12 h", "24 h")
    }
    assert texts["24 h"].startswith("5.4.1 - Gestore Uno")  # type: ignore[union-attr]
    assert not texts["12 h"].startswith("5.")  # type: ignore[union-attr]


def test_providers_write_in_their_own_ways() -> None:
    raws = {key: each.envelope(sending(by=key), RECIPIENT).sealed() for key, each in world().providers.items()}
    order = {key: list(parts(read(raw))) for key, raw in raws.items()}
    assert order["uno"][1:] == ["daticert.xml", "postacert.eml"]
    assert order["due"][1:] == ["postacert.eml", "daticert.xml"]
    assert order["tre"][0] == "text/plain"
    encodings = {key: parts(read(raw))["daticert.xml"]["Content-Transfer-Encoding"] for key, raw in raws.items()}
    assert {encodings["uno"], encodings["due"], encodings["tre"]} == {"base64", "quoted-printable", "7bit"}
    assert b"X-Tiporicevuta: completa" in raws["interscambio"]
    assert read(raws["due"])["X-TipoRicevuta"] is None
    protocols = {read(raw).get_param("protocol") for raw in raws.values()}
    assert protocols == {"application/pkcs7-signature", "application/x-pkcs7-signature"}


def test_the_same_statement_gives_the_same_bytes() -> None:
    assert delivery(TAKEN).sealed() == delivery(TAKEN).sealed()


def test_a_lie_stands_where_it_was_planted_and_nowhere_else() -> None:
    honest = delivery(TAKEN)
    lying = certifying(honest, message_id="<altro@x.example>")
    assert facts(read(lying.sealed())).findtext("dati/msgid") == "<altro@x.example>"
    assert lying.fields == honest.fields
    renamed = with_header(honest, "subject", "Altro")
    assert (renamed.header("Subject"), renamed.content().count(b"Altro")) == ("Altro", 0)
    assert "X-Ricevuta" not in read(with_header(honest, "X-Ricevuta", None).sealed())
    assert read(with_header(honest, "X-Nuovo", "1").sealed())["X-Nuovo"] == "1"
    without = replace(honest, certification=None, inside=None)
    assert list(parts(read(without.sealed()))) == ["multipart/alternative"]
